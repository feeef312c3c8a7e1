import { isArray, isObject, type Json, type JsonObject } from '../core/json.ts';
import { type Draft, isKnownKeyword, passedOver } from '../core/vocabulary.ts';
import { isNote } from './change-form.ts';
import { type Place, type Source, step } from './change-source.ts';

/** A schema at its place, its keywords sorted by what they are there for. */
export interface Reading {
  readonly place: Place;
  readonly source: Source;
  /** What a value can break, as far as the draft counts it. */
  readonly words: JsonObject;
  /** What is said to people and programs, and names. */
  readonly notes: JsonObject;
  /** What nobody counts: keywords that the draft doesn't know, or not there. */
  readonly rest: JsonObject;
  /** By name, whatever the draft calls the keyword that holds them. */
  readonly definitions: ReadonlyMap<string, Place>;
}

export const definitionKeywords: ReadonlySet<string> = new Set(['$defs', 'definitions']);

export function read(place: Place, source: Source): Reading {
  const schema = isObject(place.json) ? place.json : {};
  const words: [string, Json][] = [];
  const notes: [string, Json][] = [];
  const rest: [string, Json][] = [];
  for (const member of Object.entries(schema)) {
    const [keyword] = member;
    if (definitionKeywords.has(keyword)) continue;
    if (isNote(keyword)) notes.push(member);
    else (counts(keyword, schema, source.draft) ? words : rest).push(member);
  }
  const definitions = [...definitionKeywords].flatMap((keyword) => membersAt(place, schema, keyword));
  return {
    place,
    source,
    words: Object.fromEntries(words),
    notes: Object.fromEntries(notes),
    rest: Object.fromEntries(rest),
    definitions: new Map(definitions),
  };
}

function counts(keyword: string, schema: JsonObject, draft: Draft): boolean {
  if (draft === 'draft-07' && typeof schema['$ref'] === 'string' && keyword !== '$ref') return false;
  if (!isKnownKeyword(keyword) || passedOver[draft].has(keyword)) return false;
  if (keyword === 'then' || keyword === 'else') return schema['if'] !== undefined;
  return keyword !== 'additionalItems' || isArray(schema['items'] ?? null);
}

/** Where a keyword stands that counts; where it would, the schema. */
export function keywordPlace({ place, words }: Reading, keyword: string): Place {
  return Object.hasOwn(words, keyword) ? step(place, keyword, words[keyword] as Json) : place;
}

/** The schema that a keyword holds, if any. */
export function schemaAt(reading: Reading, keyword: string): Place | undefined {
  const json = reading.words[keyword];
  return json !== undefined && (typeof json === 'boolean' || isObject(json))
    ? step(reading.place, keyword, json)
    : undefined;
}

/** The items of a list that a keyword holds; none when it holds no list. */
export function listAt(reading: Reading, keyword: string): readonly Place[] {
  const list = reading.words[keyword];
  if (list === undefined || !isArray(list)) return [];
  const place = step(reading.place, keyword, list);
  return list.map((item, index) => step(place, index, item));
}

/** The members of a map that a keyword holds; none when it holds no map. */
export function mapAt({ place, words }: Reading, keyword: string): ReadonlyMap<string, Place> {
  return new Map(membersAt(place, words, keyword));
}

function membersAt(place: Place, schema: JsonObject, keyword: string): readonly [string, Place][] {
  const map = Object.hasOwn(schema, keyword) ? schema[keyword] : undefined;
  if (map === undefined || !isObject(map)) return [];
  const at = step(place, keyword, map);
  return Object.entries(map).map(([name, member]) => [name, step(at, name, member)]);
}

/** Schemas of the first items, and of those behind them, whatever the draft calls the keywords. */
export function tupleOf(reading: Reading): {
  readonly first: readonly Place[];
  readonly firstPlace: Place;
  readonly rest: Place | undefined;
} {
  const isOld = isArray(reading.words['items'] ?? null);
  const [keyword, behind] = isOld ? ['items', 'additionalItems'] : ['prefixItems', 'items'];
  return {
    first: listAt(reading, keyword),
    firstPlace: keywordPlace(reading, keyword),
    rest: schemaAt(reading, behind),
  };
}
