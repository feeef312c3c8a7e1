import { isArray, isObject, type Json, type JsonObject } from './json.ts';

/** The words of JSON Schema, as our validator understands them. */

export type Draft = 'draft-07' | '2019-09' | '2020-12';

/** By so many decimal digits a quotient may miss an integer and still make a multiple: floats divide so badly. */
export const MULTIPLE_OF_PRECISION = 10;

/** What each draft's schemas must satisfy, by its identifier. */
export const metaschemas: Readonly<Record<Draft, string>> = {
  'draft-07': 'http://json-schema.org/draft-07/schema',
  '2019-09': 'https://json-schema.org/draft/2019-09/schema',
  '2020-12': 'https://json-schema.org/draft/2020-12/schema',
};

const drafts: ReadonlyMap<string, Draft> = new Map([
  [metaschemas['draft-07'], 'draft-07'],
  ['https://json-schema.org/draft-07/schema', 'draft-07'],
  [metaschemas['2019-09'], '2019-09'],
  [metaschemas['2020-12'], '2020-12'],
]);

/** The draft that `$schema` names, 2020-12 when it names none; undefined when it names one we don't know. */
export function draftOf($schema: unknown): Draft | undefined {
  if ($schema === undefined) return '2020-12';
  return typeof $schema === 'string' ? drafts.get($schema.replace(/#$/, '')) : undefined;
}

/**
 * The draft of a document. One that names none and lists schemas in `items` can't be of 2020-12, which has
 * `prefixItems` for that, so it is taken for one of 2019-09.
 */
export function draftOfDocument(document: Json): Draft | undefined {
  const $schema = isObject(document) ? document['$schema'] : undefined;
  return $schema === undefined && listsItems(document) ? '2019-09' : draftOf($schema);
}

function listsItems(schema: Json): boolean {
  return isObject(schema) && (isArray(schema['items'] ?? null) || subschemas(schema).some(listsItems));
}

/** The schemas directly inside of one, whatever they are for. */
export function subschemas(schema: JsonObject): readonly Json[] {
  return Object.entries(schema).flatMap(([keyword, value]): readonly Json[] => {
    if (isArray(value) && (listOfSchemas.has(keyword) || keyword === 'items')) return value;
    if (isObject(value) && mapOfSchemas.has(keyword)) return Object.values(value);
    return oneSchema.has(keyword) ? [value] : [];
  });
}

export const alternatives: ReadonlySet<string> = new Set(['anyOf', 'oneOf']);
export const listOfSchemas: ReadonlySet<string> = new Set(['allOf', 'anyOf', 'oneOf', 'prefixItems']);
export const mapOfSchemas: ReadonlySet<string> = new Set([
  'properties',
  'patternProperties',
  '$defs',
  'definitions',
  'dependentSchemas',
  'dependencies',
]);
export const oneSchema: ReadonlySet<string> = new Set([
  'additionalItems',
  'additionalProperties',
  'contains',
  'contentSchema',
  'else',
  'if',
  'items',
  'not',
  'propertyNames',
  'then',
  'unevaluatedItems',
  'unevaluatedProperties',
]);

/** Keywords that hold no schemas and that a value can break, of all three drafts. */
export const assertions: ReadonlySet<string> = new Set(
  (
    '$ref $dynamicRef $recursiveRef type enum const multipleOf maximum exclusiveMaximum minimum exclusiveMinimum maxLength minLength pattern ' +
    'format maxItems minItems uniqueItems maxContains minContains maxProperties minProperties required ' +
    'dependentRequired'
  ).split(' '),
);

/** What a draft doesn't know yet or no more, though another does. */
export const passedOver: Readonly<Record<Draft, ReadonlySet<string>>> = {
  'draft-07': new Set([
    'dependentRequired',
    'dependentSchemas',
    'maxContains',
    'minContains',
    'prefixItems',
    'unevaluatedItems',
    'unevaluatedProperties',
    '$dynamicRef',
    '$recursiveRef',
  ]),
  '2019-09': new Set(['prefixItems']),
  '2020-12': new Set(['additionalItems']),
};

/** Keywords that no value can break: of all three drafts, and in wide use. */
export const annotations: ReadonlySet<string> = new Set(
  (
    '$id $schema $anchor $dynamicAnchor $recursiveAnchor $vocabulary $comment $defs definitions title description ' +
    'default deprecated readOnly writeOnly examples contentMediaType contentEncoding contentSchema nullable example ' +
    'id markdownDescription defaultSnippets errorMessage patternErrorMessage deprecationMessage enumDescriptions ' +
    'markdownEnumDescriptions tsType'
  ).split(' '),
);

export function isKnownKeyword(keyword: string): boolean {
  return (
    keyword.startsWith('x-') ||
    assertions.has(keyword) ||
    annotations.has(keyword) ||
    oneSchema.has(keyword) ||
    listOfSchemas.has(keyword) ||
    mapOfSchemas.has(keyword)
  );
}

/** Whether a schema asks for anything at all. One that doesn't is another file, or was lost: it must vouch for nothing. */
export function asksForSomething(schema: Json): boolean {
  if (!isObject(schema)) return schema === false;
  return Object.keys(schema).some(
    (keyword) => isKnownKeyword(keyword) && !keyword.startsWith('x-') && !annotations.has(keyword),
  );
}
