import { isArray, isObject, type Json, type JsonObject } from '../../../src/core/json.ts';
import { type Pointer, parsePointer } from '../../../src/core/pointer.ts';
import { type Draft, draftOf, listOfSchemas, mapOfSchemas, oneSchema } from '../../../src/core/vocabulary.ts';

/** A schema directly inside another one. */
export interface Subschema {
  readonly keyword: string;
  /** From the outer schema. */
  readonly pointer: Pointer;
  readonly schema: Json;
}

/** Keywords whose schemas judge the value itself, not a part of it. */
const inPlace: ReadonlySet<string> = new Set([
  'allOf',
  'anyOf',
  'oneOf',
  'not',
  'if',
  'then',
  'else',
  'dependentSchemas',
  'dependencies',
]);

export function isInPlace(keyword: string): boolean {
  return inPlace.has(keyword);
}

/** The draft that a document names. */
export function draftOfDocument(document: Json): Draft {
  const draft = draftOf(isObject(document) ? document['$schema'] : undefined);
  if (draft === undefined) throw new Error('it names a draft that nobody knows');
  return draft;
}

/** What holds the definitions in schemas of this draft. */
export function definitionsKeyword(draft: Draft): string {
  return draft === 'draft-07' ? 'definitions' : '$defs';
}

/** The schemas one level deeper, definitions not among them. */
export function subschemas(schema: Json): readonly Subschema[] {
  if (!isObject(schema)) return [];
  return Object.entries(schema).flatMap(([keyword, value]) => {
    if (keyword === '$defs' || keyword === 'definitions') return [];
    if (isArray(value) && (listOfSchemas.has(keyword) || keyword === 'items')) {
      return value.map((one, index) => ({ keyword, pointer: [keyword, String(index)], schema: one }));
    }
    if (isObject(value) && mapOfSchemas.has(keyword)) {
      return Object.entries(value)
        .filter(([, one]) => !isArray(one))
        .map(([name, one]) => ({ keyword, pointer: [keyword, name], schema: one }));
    }
    return oneSchema.has(keyword) ? [{ keyword, pointer: [keyword], schema: value }] : [];
  });
}

/** The document with another value at a pointer that leads somewhere. */
export function replaced(document: Json, pointer: Pointer, value: Json): Json {
  const [token, ...rest] = pointer;
  if (token === undefined) return value;
  if (isArray(document)) {
    return document.map((item, index) => (String(index) === token ? replaced(item, rest, value) : item));
  }
  if (!isObject(document)) throw new Error(`nothing at ${token}`);
  const members = Object.entries(document).map(([name, member]): [string, Json] => [
    name,
    name === token ? replaced(member, rest, value) : member,
  ]);
  return Object.fromEntries(members);
}

/** Where a reference leads that is a pointer into its own document; undefined for every other reference. */
export function targetOf(reference: Json | undefined): Pointer | undefined {
  if (typeof reference !== 'string' || !reference.startsWith('#')) return undefined;
  return parsePointer(decodeURIComponent(reference.slice(1)));
}

export function without(schema: JsonObject, ...keywords: readonly string[]): JsonObject {
  return Object.fromEntries(Object.entries(schema).filter(([keyword]) => !keywords.includes(keyword)));
}
