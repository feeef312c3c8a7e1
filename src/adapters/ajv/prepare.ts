import type { SchemaNote } from '../../core/evidence.ts';
import { isObject, type Json, type JsonObject } from '../../core/json.ts';
import { vouch } from '../../core/phrase.ts';
import { formatPointer, type Pointer } from '../../core/pointer.ts';
import {
  alternatives,
  asksForSomething,
  type Draft,
  listOfSchemas,
  mapOfSchemas,
  oneSchema,
} from '../../core/vocabulary.ts';
import { containersAt } from './containing.ts';
import { needsBegin, setApart } from './mending.ts';
import { notesOn, type Understanding } from './notes.ts';
import { type Moves, movedReference, referenceTo } from './references.ts';
import { BEGIN, CONTAINS, COUNT, COUNTS, NEVER, PLACE, WHEN } from './words.ts';

/**
 * Ajv answers one flat list of errors, with schema paths that start anew at every `$ref`. So before a schema is
 * compiled it is rewritten into an equivalent one whose errors can be put back in order:
 *
 * - every subschema carries its own place ({@link PLACE}), which verbose errors quote; for `false`, which can carry
 *   nothing, stands an object that allows nothing either ({@link NEVER});
 * - `anyOf: [A, B]` becomes `anyOf: [false, {anyOf: [A]}, {anyOf: [B]}]`. When all fail, the errors read
 *   begin-marker, errors of A, end of A, errors of B, end of B, end: brackets that nest. Same for `oneOf`;
 * - `contains: A` becomes a schema of its own inside of two `not`: what the items that don't fit lack is nobody's
 *   mistake, and inside of `not` no errors are made.
 *
 * Where Ajv judges otherwise than the specification, the schema is written so that it doesn't (ADR 0018).
 */
export interface Prepared {
  readonly schema: Json;
  /** Keywords and formats that the validator passes over. */
  readonly notes: readonly SchemaNote[];
}

/** Where `false` makes Ajv object to the whole, by the name of this keyword. */
const closing: ReadonlySet<string> = new Set([
  'additionalItems',
  'additionalProperties',
  'unevaluatedItems',
  'unevaluatedProperties',
]);

interface Context extends Understanding {
  readonly document: Json;
  /** A part with an `$id` of its own, where pointers start anew. */
  readonly hasParts: boolean;
  readonly notes: SchemaNote[];
  readonly moves: Moves;
}

export function prepare(schema: Json, formats: ReadonlySet<string>, draft: Draft = '2020-12'): Prepared {
  const notes: SchemaNote[] = [];
  const text = JSON.stringify(isObject(schema) ? { ...schema, $id: '' } : schema);
  const mentions = (word: string) => text.includes(`"${word}`);
  const moves: Moves = {
    conditions: draft !== 'draft-07' && mentions('unevaluated'),
    restOfItems: draft === '2020-12' && mentions('unevaluatedItems') && mentions('contains'),
  };
  const hasParts = text.indexOf('"$id":') !== text.lastIndexOf('"$id":');
  const context = { document: schema, hasParts, formats, draft, notes, moves };
  return { schema: rewrite(schema, [], context), notes };
}

function rewrite(schema: Json, place: Pointer, context: Context): Json {
  if (schema === false) return { not: {}, [NEVER]: true, [PLACE]: formatPointer(place) };
  if (!isObject(schema)) return schema;
  const isReference = context.draft === 'draft-07' && schema['$ref'] !== undefined;
  const { notes } = context;
  const members = Object.entries(schema).flatMap(([keyword, value]) => {
    const pointer = [...place, keyword];
    notes.push(...notesOn(keyword, value, pointer, context));
    // The only ones that Ajv asks for beside a reference. Others stay: something may refer to them.
    if (isReference && (keyword === 'type' || keyword === 'nullable')) return [];
    return Object.entries(rewriteKeyword(keyword, value, schema, pointer, context));
  });
  return {
    ...setApart(Object.fromEntries([...members, [PLACE, formatPointer(place)]])),
    ...(needsBegin(schema, context.draft, context.moves.conditions) ? { [BEGIN]: true } : {}),
  };
}

/** What stands for a keyword. */
function rewriteKeyword(
  keyword: string,
  value: Json,
  schema: JsonObject,
  place: Pointer,
  context: Context,
): JsonObject {
  const { draft, moves } = context;
  if (keyword === 'contains') return { [CONTAINS]: containing(value, schema, place, context) };
  if (keyword === 'if' && moves.conditions) return { [WHEN]: rewrite(value, place, context) };
  if (keyword === 'unevaluatedItems' && draft !== 'draft-07' && value !== true) {
    return { [COUNT]: true, [keyword]: restOfItems(value, place, context) };
  }
  return { [keyword]: rewriteArgument(keyword, value, place, context) };
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
  if (oneSchema.has(keyword)) return inside(value);
  return keyword === '$ref' && typeof value === 'string' ? movedReference(value, context.moves) : value;
}

/**
 * Inside of a loop Ajv takes an empty array for what the array before it was, so it is told that there are too few
 * items. It notes all items as evaluated, so it must not note any: {@link restOfItems} knows which ones are.
 */
function containing(value: Json, schema: JsonObject, place: Pointer, context: Context): Json {
  const { minContains = 1, maxContains } = context.draft === 'draft-07' ? {} : schema;
  const counts = { minContains, ...(maxContains === undefined ? {} : { maxContains }) };
  const contains = rewrite(value, place, context);
  return {
    not: { not: { minItems: minContains, contains, ...counts } },
    [COUNTS]: counts,
    [PLACE]: formatPointer(place.slice(0, -1)),
  };
}

/** What is asked of the items that nothing else evaluates. What fits a `contains` of 2020-12 is evaluated. */
function restOfItems(value: Json, place: Pointer, context: Context): Json {
  const { document, hasParts, notes, moves } = context;
  if (!moves.restOfItems) {
    return value === false ? value : rewrite(value, place, context);
  }
  const containers = hasParts ? undefined : containersAt(document, place.slice(0, -1));
  if (containers === undefined) {
    notes.push({ what: vouch('the keyword unevaluatedItems'), pointer: place });
    return true;
  }
  if (value === false && containers.length === 0) return value;
  const fits = containers.map((container): Json => ({ $ref: referenceTo(container, moves) }));
  const condition = fits.length === 0 ? false : { anyOf: fits };
  return Object.fromEntries([
    ['if', condition],
    ['else', rewrite(value, place, context)],
  ]);
}

function bracketed(branches: readonly Json[]): readonly Json[] {
  return [false, ...branches.map((branch): Json => ({ anyOf: [branch] }))];
}

function mapMembers(value: JsonObject, change: (child: Json, name: string) => Json): JsonObject {
  return Object.fromEntries(Object.entries(value).map(([name, child]) => [name, change(child, name)]));
}
