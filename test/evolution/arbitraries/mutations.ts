import type fc from 'fast-check';
import type { Json, JsonObject } from '../../../src/core/json.ts';
import { type Edit, type Edited, oneOf } from './edits.ts';
import { loosenings, widenings } from './loosenings.ts';
import { places } from './places.ts';
import { narrowings, tightenings } from './tightenings.ts';

/** The document after an edit that can only make it refuse more. */
export function tightened(document: JsonObject, extra: Json): fc.Arbitrary<Edited> {
  return directed(document, tightenings(extra), loosenings(extra));
}

/** The document after an edit that can only make it accept more. */
export function loosened(document: JsonObject, extra: Json): fc.Arbitrary<Edited> {
  return directed(document, loosenings(extra), tightenings(extra));
}

/** The document after an edit of either kind anywhere, also where nobody can tell what becomes of the whole. */
export function altered(document: JsonObject, extra: Json): fc.Arbitrary<Edited> {
  const all = [...narrowings(extra), ...widenings(extra)];
  return oneOf(
    document,
    places(document).flatMap((place) => all.map((edit) => ({ edit, place }))),
  );
}

/** Below `not` the one is the other. */
function directed(
  document: JsonObject,
  straight: readonly Edit[],
  inverse: readonly Edit[],
): fc.Arbitrary<Edited> {
  const choices = places(document).flatMap((place) => {
    if (place.effect === 'both') return [];
    return (place.effect === 'narrows' ? straight : inverse).map((edit) => ({ edit, place }));
  });
  return oneOf(document, choices);
}
