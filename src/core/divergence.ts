import { type Difference, difference, type Identity } from './difference.ts';
import type { Evidence } from './evidence.ts';
import { at, type Json } from './json.ts';
import { count, joined, name, type Part, type Phrase, phrase } from './phrase.ts';
import { matches, type Pointer } from './pointer.ts';
import type { Redactor } from './redaction.ts';

/** What the two sides of a comparison are called. */
export interface Sides {
  readonly before: Phrase;
  readonly after: Phrase;
}

/** Says in which way two sides differ at one place, as far as the values may be told. */
export function wordDifference(
  item: Difference,
  { before, after }: Sides,
  identity: readonly Identity[],
  redactor: Redactor,
): Phrase {
  switch (item.kind) {
    case 'added':
      return phrase`only in ${after}: ${told(item.after, item.value, identity, redactor)}`;
    case 'removed':
      return phrase`only in ${before}: ${told(item.before, item.value, identity, redactor)}`;
    case 'changed':
      return phrase`${before} has ${redactor.value(item.before, item.from)}, ${after} has ${redactor.value(item.after, item.to)}`;
    case 'moved':
      return phrase`moved: it stands at ${name(redactor.place(item.before))} in ${before}`;
  }
}

/** An item that has an identity is known by that; anything else by what may be told of it. */
function told(pointer: Pointer, value: Json, identity: readonly Identity[], redactor: Redactor): Part {
  const rule = identity.find(({ at }) => matches(at, pointer.slice(0, -1)));
  const id = rule && at(value, [rule.property]);
  return rule === undefined || id === undefined
    ? redactor.value(pointer, value)
    : redactor.value([...pointer, rule.property], id);
}

/** The place a difference is named by: where the value is, on the side that has it. */
export function placeOfDifference(item: Difference): Pointer {
  return item.kind === 'removed' ? item.before : item.after;
}

/** Whether Redis and the fallback differ, as far as both can be read and anybody wants to know. */
export function isOutOfStep({ spec, live, fallback }: Evidence): boolean {
  if (!spec.drift.watch || live?.ok !== true || fallback.kind !== 'read' || !fallback.decoded.ok)
    return false;
  const options = { ignore: spec.drift.ignore, identity: spec.identity };
  return difference(fallback.decoded.value, live.value, options).length > 0;
}

/** Places that are named one by one. */
const NAMED = 10;

/** Names places, each once, as far as they may be named, and counts what is left of many. */
export function namePlaces(pointers: readonly Pointer[], redactor: Redactor): Phrase {
  const places = [...new Set(pointers.map((pointer) => redactor.place(pointer)))];
  const named = joined(
    places.slice(0, NAMED).map((place) => name(place === '' ? '/' : place)),
    ', ',
  );
  const rest = places.length - NAMED;
  return rest > 0 ? phrase`${named} and ${count(rest)} more` : named;
}
