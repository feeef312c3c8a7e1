import type { SchemaNote } from '../../core/evidence.ts';
import { isObject, type Json, type JsonObject } from '../../core/json.ts';
import { vouch } from '../../core/phrase.ts';
import { formatPointer, type Pointer, parsePointer } from '../../core/pointer.ts';
import {
  alternatives,
  asksForSomething,
  type Draft,
  isKnownKeyword,
  listOfSchemas,
  mapOfSchemas,
  oneSchema,
  passedOver,
} from '../../core/vocabulary.ts';

/**
 * Ajv answers one flat list of errors, with schema paths that start anew at every `$ref`. So before a schema is
 * compiled it is rewritten into an equivalent one whose errors can be put back in order:
 *
 * - every subschema carries its own place ({@link PLACE}), which verbose errors quote; for `false`, which can carry
 *   nothing, stands an object that allows nothing either ({@link NEVER});
 * - `anyOf: [A, B]` becomes `anyOf: [false, {anyOf: [A]}, {anyOf: [B]}]`. When all fail, the errors read
 *   begin-marker, errors of A, end of A, errors of B, end of B, end: brackets that nest. Same for `oneOf`;
 * - `contains: A` becomes `contains: {not: {not: A}}`: what the items that don't fit lack is nobody's mistake, and
 *   inside of `not` no errors are made.
 */
export interface Prepared {
  readonly schema: Json;
  /** Keywords and formats that the validator passes over. */
  readonly notes: readonly SchemaNote[];
}

/** An annotation that no vocabulary knows. */
export const PLACE = 'x-guardian-place';

/** Another one: this object is a `false` of the original. */
export const NEVER = 'x-guardian-never';

/** Where `false` makes Ajv object to the whole, by the name of this keyword. */
const closing: ReadonlySet<string> = new Set([
  'additionalItems',
  'additionalProperties',
  'unevaluatedItems',
  'unevaluatedProperties',
]);

interface Context {
  readonly formats: ReadonlySet<string>;
  readonly draft: Draft;
  readonly notes: SchemaNote[];
}

export function prepare(schema: Json, formats: ReadonlySet<string>, draft: Draft = '2020-12'): Prepared {
  const notes: SchemaNote[] = [];
  return { schema: rewrite(schema, [], { formats, draft, notes }), notes };
}

function rewrite(schema: Json, place: Pointer, context: Context): Json {
  if (schema === false) return { not: {}, [NEVER]: true, [PLACE]: formatPointer(place) };
  if (!isObject(schema)) return schema;
  const members = Object.entries(schema).map(([keyword, value]): [string, Json] => {
    note(keyword, value, [...place, keyword], context);
    return [keyword, rewriteArgument(keyword, value, [...place, keyword], context)];
  });
  return Object.fromEntries([...members, [PLACE, formatPointer(place)]]);
}

function rewriteArgument(keyword: string, value: Json, place: Pointer, context: Context): Json {
  const inside = (child: Json, ...tokens: readonly string[]) =>
    rewrite(child, [...place, ...tokens], context);
  if (Array.isArray(value) && (listOfSchemas.has(keyword) || keyword === 'items')) {
    const branches = value.map((branch, index) => inside(branch, String(index)));
    if (!alternatives.has(keyword)) return branches;
    // Ajv doesn't ask the others when one alternative holds for every value. In brackets it can't see that.
    const isOpen = keyword === 'anyOf' && !value.every(asksForSomething);
    return isOpen ? [...bracketed(branches), true] : bracketed(branches);
  }
  if (isObject(value) && mapOfSchemas.has(keyword)) return mapMembers(value, inside);
  if (closing.has(keyword) && value === false) return value;
  if (keyword === 'contains' && value !== true) return { not: { not: inside(value) } };
  if (oneSchema.has(keyword)) return inside(value);
  return keyword === '$ref' && typeof value === 'string' ? rewriteReference(value) : value;
}

function note(keyword: string, value: Json, pointer: Pointer, { formats, draft, notes }: Context): void {
  if (keyword === 'format' && typeof value === 'string' && !formats.has(value)) {
    notes.push({ what: vouch(`the format ${value}`), pointer });
  } else if (!isKnownKeyword(keyword) || passedOver[draft].has(keyword) || isUnfollowed(keyword, value)) {
    notes.push({ what: vouch(`the keyword ${keyword}`), pointer });
  }
}

/** Ajv looks for dynamic anchors only. What a pointer names it takes for the schema that it is in. */
function isUnfollowed(keyword: string, value: Json): boolean {
  return keyword === '$dynamicRef' && typeof value === 'string' && value.startsWith('#/');
}

function bracketed(branches: readonly Json[]): readonly Json[] {
  return [false, ...branches.map((branch): Json => ({ anyOf: [branch] }))];
}

function mapMembers(value: JsonObject, change: (child: Json, name: string) => Json): JsonObject {
  return Object.fromEntries(Object.entries(value).map(([name, child]) => [name, change(child, name)]));
}

/** A reference into a branch or into `contains` has to follow it to where it was put. */
function rewriteReference(reference: string): string {
  const hash = reference.indexOf('#');
  const pointer = hash === -1 ? undefined : parsePointer(reference.slice(hash + 1));
  if (pointer === undefined) return reference;
  return `${reference.slice(0, hash + 1)}${formatPointer(rewriteSteps(pointer))}`;
}

/** Steps from schema to schema: a keyword, and behind those that hold several schemas a name or an index. */
function rewriteSteps([keyword, ...rest]: Pointer): Pointer {
  if (keyword === undefined) return [];
  if (keyword === 'contains') return [keyword, 'not', 'not', ...rewriteSteps(rest)];
  const [child, ...further] = rest;
  const isIndex = /^\d+$/.test(child ?? '');
  const holdsSeveral =
    mapOfSchemas.has(keyword) || (isIndex && (listOfSchemas.has(keyword) || keyword === 'items'));
  if (!holdsSeveral || child === undefined) return [keyword, ...rewriteSteps(rest)];
  const where = alternatives.has(keyword) ? [String(Number(child) + 1), 'anyOf', '0'] : [child];
  return [keyword, ...where, ...rewriteSteps(further)];
}
