import { isArray, isObject, type Json, type JsonObject } from '../core/json.ts';
import type { Pair } from './change-pair.ts';
import { type Place, pointerTo, type Source } from './change-source.ts';

/** Branches of which one became the other, and those that have no counterpart. */
export interface Matching {
  readonly kept: readonly (readonly [Place, Place])[];
  readonly removed: readonly Place[];
  readonly added: readonly Place[];
}

/** More pairs than these are not compared for likeness. */
const MOST_LIKENESSES = 40_000;

/** Finds for each branch its counterpart: those that say the same first, then those that are most alike. */
export function matched(pair: Pair, before: readonly Place[], after: readonly Place[]): Matching {
  const kept: [Place, Place][] = [];
  let [removed, added] = [before, after];
  for (const form of [
    ({ json }: Place) => pair.texts.of(json),
    ({ json }: Place) => pair.meanings.of(json),
  ]) {
    const waiting = new Map<string, Place[]>();
    for (const place of removed) {
      const key = form(place);
      waiting.set(key, [...(waiting.get(key) ?? []), place]);
    }
    added = added.filter((place) => {
      const was = waiting.get(form(place))?.shift();
      if (was !== undefined) kept.push([was, place]);
      return was === undefined;
    });
    const found = new Set(kept.map(([was]) => was));
    removed = removed.filter((place) => !found.has(place));
  }
  for (const [was, is] of alike(pair, removed, added)) kept.push([was, is]);
  const [old, fresh] = [new Set(kept.map(([was]) => was)), new Set(kept.map(([, is]) => is))];
  return {
    kept,
    removed: removed.filter((place) => !old.has(place)),
    added: added.filter((place) => !fresh.has(place)),
  };
}

function alike(
  pair: Pair,
  removed: readonly Place[],
  added: readonly Place[],
): readonly (readonly [Place, Place])[] {
  if (removed.length * added.length > MOST_LIKENESSES) return [];
  const [old, fresh] = [
    removed.map((place) => traitsOf(place, pair.before.source, pair)),
    added.map((place) => traitsOf(place, pair.after.source, pair)),
  ];
  const ranked = old
    .flatMap((was, i) => fresh.map((is, j) => ({ i, j, likeness: likeness(was, is) })))
    .filter((each) => each.likeness > 0)
    // Of equal ones those that kept their order, told so that the sides may be swapped.
    .sort(
      (a, b) => b.likeness - a.likeness || Math.abs(a.i - a.j) - Math.abs(b.i - b.j) || a.i + a.j - b.i - b.j,
    );
  const [taken, given] = [new Set<number>(), new Set<number>()];
  return ranked.flatMap(({ i, j }): readonly (readonly [Place, Place])[] => {
    const [was, is] = [removed[i], added[j]];
    if (taken.has(i) || given.has(j) || was === undefined || is === undefined) return [];
    taken.add(i);
    given.add(j);
    return [[was, is]];
  });
}

/** What a branch is known by. */
interface Traits {
  readonly reference: string | undefined;
  readonly title: Json | undefined;
  readonly types: ReadonlySet<string>;
  /** Members with one value only, which tell branches apart. */
  readonly discriminators: ReadonlyMap<string, string>;
  readonly names: ReadonlySet<string>;
  readonly keywords: ReadonlySet<string>;
  /** Each keyword with what it says. */
  readonly words: ReadonlySet<string>;
}

function traitsOf(place: Place, source: Source, { meanings }: Pair): Traits {
  const target = source.target(place, '$ref');
  const schema = asObject((target ?? place).json);
  const properties = Object.entries(asObject(schema['properties']));
  return {
    reference: target === undefined ? undefined : pointerTo(target).at(-1),
    title: asObject(place.json)['title'] ?? schema['title'],
    types: new Set(typesOf(schema)),
    discriminators: new Map(
      properties.flatMap(([name, property]) => {
        const only = onlyValue(asObject(property));
        return only === undefined ? [] : [[name, JSON.stringify(only)]];
      }),
    ),
    names: new Set(properties.map(([name]) => name)),
    keywords: new Set(Object.keys(schema)),
    words: new Set(
      Object.entries(schema).map(([keyword, value]) => `${keyword} ${meanings.of({ [keyword]: value })}`),
    ),
  };
}

function asObject(json: Json | undefined): JsonObject {
  return json !== undefined && isObject(json) ? json : {};
}

function typesOf({ type, ...schema }: JsonObject): readonly string[] {
  if (type !== undefined) return isArray(type) ? type.map(String) : [String(type)];
  const only = onlyValue(schema);
  return only === undefined ? [] : [only === null ? 'null' : isArray(only) ? 'array' : typeof only];
}

function onlyValue({ const: constant, enum: list }: JsonObject): Json | undefined {
  if (constant !== undefined) return constant;
  return list !== undefined && isArray(list) && list.length === 1 ? list[0] : undefined;
}

/** How much speaks for two branches being the same; nothing does at zero and below. */
function likeness(a: Traits, b: Traits): number {
  let points = 0;
  if (a.reference !== undefined && b.reference !== undefined) points += a.reference === b.reference ? 8 : -2;
  if (a.title !== undefined && b.title !== undefined) points += a.title === b.title ? 6 : -1;
  if (a.types.size > 0 && b.types.size > 0) points += shared(a.types, b.types) > 0 ? 2 : -6;
  for (const [name, value] of a.discriminators) {
    const other = b.discriminators.get(name);
    if (other !== undefined) points += other === value ? 8 : -8;
  }
  const names = a.names.size + b.names.size;
  if (names > 0) points += (6 * shared(a.names, b.names)) / names;
  return points + shared(a.words, b.words) / 2 + shared(a.keywords, b.keywords) / 4;
}

function shared(a: ReadonlySet<string>, b: ReadonlySet<string>): number {
  return [...a].filter((item) => b.has(item)).length;
}
