import { isObject, type Json, type JsonObject } from '../../core/json.ts';
import { formatPointer, type Pointer, parsePointer } from '../../core/pointer.ts';

/**
 * Ajv answers one flat list of errors, with schema paths that start anew at every `$ref`. So before a schema is
 * compiled it is rewritten into an equivalent one whose errors can be put back in order:
 *
 * - every subschema carries its own place ({@link PLACE}), which verbose errors quote;
 * - `anyOf: [A, B]` becomes `anyOf: [false, {anyOf: [A]}, {anyOf: [B]}]`. When all fail, the errors read
 *   begin-marker, errors of A, end of A, errors of B, end of B, end: brackets that nest. Same for `oneOf`.
 */
export interface Prepared {
  readonly schema: Json;
  /** Keywords and formats that the validator passes over, as `keyword "x" at /pointer`. */
  readonly notes: readonly string[];
}

/** An annotation that no vocabulary knows. */
export const PLACE = 'x-guardian-place';

const alternatives: ReadonlySet<string> = new Set(['anyOf', 'oneOf']);
const listOfSchemas: ReadonlySet<string> = new Set(['allOf', 'anyOf', 'oneOf', 'prefixItems']);
const mapOfSchemas: ReadonlySet<string> = new Set([
  'properties',
  'patternProperties',
  '$defs',
  'definitions',
  'dependentSchemas',
  'dependencies',
]);
const oneSchema: ReadonlySet<string> = new Set([
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

/** Everything else that a validator of the three drafts knows, and annotations in wide use. */
const otherKeywords: ReadonlySet<string> = new Set(
  (
    '$id $schema $ref $anchor $dynamicRef $dynamicAnchor $recursiveRef $recursiveAnchor $vocabulary $comment ' +
    'title description default deprecated readOnly writeOnly examples contentMediaType contentEncoding ' +
    'type enum const multipleOf maximum exclusiveMaximum minimum exclusiveMinimum maxLength minLength pattern ' +
    'format maxItems minItems uniqueItems maxContains minContains maxProperties minProperties required ' +
    'dependentRequired nullable example id ' +
    'markdownDescription defaultSnippets errorMessage patternErrorMessage deprecationMessage enumDescriptions ' +
    'markdownEnumDescriptions tsType'
  ).split(' '),
);

export function prepare(schema: Json, formats: ReadonlySet<string>): Prepared {
  const notes: string[] = [];
  return { schema: rewrite(schema, [], formats, notes), notes };
}

function rewrite(schema: Json, place: Pointer, formats: ReadonlySet<string>, notes: string[]): Json {
  if (!isObject(schema)) return schema;
  const inside = (child: Json, ...tokens: readonly string[]) =>
    rewrite(child, [...place, ...tokens], formats, notes);
  const members = Object.entries(schema).map(([keyword, value]): [string, Json] => {
    if (Array.isArray(value) && (listOfSchemas.has(keyword) || keyword === 'items')) {
      const branches = value.map((branch, index) => inside(branch, keyword, String(index)));
      return [keyword, alternatives.has(keyword) ? bracketed(branches) : branches];
    }
    if (isObject(value) && mapOfSchemas.has(keyword)) {
      return [keyword, mapMembers(value, (child, name) => inside(child, keyword, name))];
    }
    if (oneSchema.has(keyword)) return [keyword, inside(value, keyword)];
    if (keyword === '$ref' && typeof value === 'string') return [keyword, rewriteReference(value)];
    const here = formatPointer(place) || '/';
    if (keyword === 'format' && typeof value === 'string' && !formats.has(value)) {
      notes.push(`format "${value}" at ${here}`);
    } else if (!isKnownKeyword(keyword)) notes.push(`keyword "${keyword}" at ${here}`);
    return [keyword, value];
  });
  return Object.fromEntries([...members, [PLACE, formatPointer(place)]]);
}

function bracketed(branches: readonly Json[]): Json {
  return [false, ...branches.map((branch): Json => ({ anyOf: [branch] }))];
}

function mapMembers(value: JsonObject, change: (child: Json, name: string) => Json): JsonObject {
  return Object.fromEntries(Object.entries(value).map(([name, child]) => [name, change(child, name)]));
}

function isKnownKeyword(keyword: string): boolean {
  return (
    keyword.startsWith('x-') ||
    otherKeywords.has(keyword) ||
    oneSchema.has(keyword) ||
    listOfSchemas.has(keyword) ||
    mapOfSchemas.has(keyword)
  );
}

/** A reference into a branch has to follow it to where the brackets put it. */
function rewriteReference(reference: string): string {
  const hash = reference.indexOf('#');
  const pointer = hash === -1 ? undefined : parsePointer(reference.slice(hash + 1));
  if (pointer === undefined || !pointer.some((token) => alternatives.has(token))) return reference;
  const tokens = pointer.flatMap((token, index) => {
    const branch = alternatives.has(pointer[index - 1] ?? '') && /^\d+$/.test(token);
    return branch ? [String(Number(token) + 1), 'anyOf', '0'] : [token];
  });
  return `${reference.slice(0, hash + 1)}${formatPointer(tokens)}`;
}
