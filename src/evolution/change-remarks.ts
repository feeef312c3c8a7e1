import type { Json, JsonObject } from '../core/json.ts';
import { draftOf } from '../core/vocabulary.ts';
import type { Effect, ReplacedStem } from './change-kind.ts';
import { byName, type Pair } from './change-pair.ts';
import type { Reading } from './change-reading.ts';
import { type Place, step } from './change-source.ts';

/** What no value can break, names, and what isn't counted. */
export function compareRemarks(pair: Pair): void {
  const { before, after } = pair;
  compareDrafts(pair);
  compareMembers(pair, before.notes, after.notes, (keyword) =>
    keyword === 'default' ? 'default' : identifiers.has(keyword) ? 'identifier' : 'annotation',
  );
  compareMembers(pair, before.rest, after.rest, () => 'keyword-unknown');
}

const identifiers: ReadonlySet<string> = new Set([
  '$id',
  'id',
  '$anchor',
  '$dynamicAnchor',
  '$recursiveAnchor',
]);

/** These have a say in what dynamic references lead to. */
const dynamic: ReadonlySet<string> = new Set(['$dynamicAnchor', '$recursiveAnchor']);

function compareDrafts(pair: Pair): void {
  const [was, is] = [pair.before, pair.after].map(({ notes: { $schema } }) => draftOf($schema) ?? $schema);
  if (was === is) return;
  pair.report('draft-changed', draftPlace(pair.before), draftPlace(pair.after), 'either');
}

function draftPlace({ place, notes: { $schema } }: Reading): Place {
  return $schema === undefined ? place : step(place, '$schema', $schema);
}

function compareMembers(
  pair: Pair,
  was: JsonObject,
  is: JsonObject,
  stemOf: (keyword: string) => ReplacedStem,
): void {
  const effectOf = (keyword: string): Effect => (dynamic.has(keyword) ? 'either' : 'none');
  const [before, after] = [placesOf(pair.before.place, was), placesOf(pair.after.place, is)];
  byName(before, after, {
    removed: (place, keyword) =>
      pair.report(`${stemOf(keyword)}-removed`, place, pair.after.place, effectOf(keyword)),
    added: (place, keyword) =>
      pair.report(`${stemOf(keyword)}-added`, pair.before.place, place, effectOf(keyword)),
    kept: (here, there) => {
      if (spelled(pair, here) === spelled(pair, there)) return;
      pair.report(`${stemOf(here.token)}-changed`, here, there, effectOf(here.token));
    },
  });
}

function placesOf(place: Place, members: JsonObject): ReadonlyMap<string, Place> {
  return new Map(
    Object.entries(members)
      .filter(([keyword]) => keyword !== '$schema')
      .map(([keyword, value]: [string, Json]) => [keyword, step(place, keyword, value)]),
  );
}

function spelled({ texts }: Pair, { token, json }: Place): string {
  return texts.of({ [token]: json });
}
