import type fc from 'fast-check';
import type { JsonObject } from '../../../src/core/json.ts';
import { type Edit, type Edited, oneOf } from './edits.ts';
import { canBeMoved, places } from './places.ts';
import { respellings } from './respellings.ts';
import { restructurings } from './restructurings.ts';
import { wrappings } from './wrappings.ts';

/** Edits after which a schema judges every value as before. */
export const rewritings: readonly Edit[] = [...respellings, ...wrappings, ...restructurings];

/** The document after one of the rewritings at one of its schemas, written otherwise and meaning the same. */
export function rewritten(document: JsonObject): fc.Arbitrary<Edited> {
  const some = canBeMoved(document) ? rewritings : respellings;
  const choices = places(document).flatMap((place) => some.map((edit) => ({ edit, place })));
  return oneOf(document, choices);
}
