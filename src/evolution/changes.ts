import type { SchemaChange as Told } from '../core/evolution.ts';
import type { Json } from '../core/json.ts';
import { vouch } from '../core/phrase.ts';
import type { SchemaChange } from './change-kind.ts';
import { Walk } from './change-walk.ts';
import { wordChange } from './change-words.ts';

export type { ChangeKind, Effect, SchemaChange } from './change-kind.ts';
export { wordChange } from './change-words.ts';

/**
 * What has changed from one JSON Schema document (draft-07, 2019-09 or 2020-12) to another, and what each change does
 * by itself to what is accepted. That is no proof: two changes together may do what neither does alone.
 *
 * Spellings that say the same are the same: orders of members, of names, of enumerated values and of branches, `const`
 * and an `enum` of one, words that another draft has for it. A definition is looked at once, however often it is
 * referred to. Where there are more than 500 changes, those are followed by `more-changes`.
 */
export function changes(before: Json, after: Json): readonly SchemaChange[] {
  const { changes: found, isCut } = new Walk(before, after).run();
  return isCut ? [...found, { kind: 'more-changes', before: [], after: [], effect: 'either' }] : found;
}

/** The same, worded. */
export function changesOf(
  before: Json,
  after: Json,
): { readonly changes: readonly Told[]; readonly isCut: boolean } {
  const { changes: found, isCut } = new Walk(before, after).run();
  const told = found.map(
    (change): Told => ({
      kind: vouch(change.kind),
      said: wordChange(change, before, after),
      before: change.before,
      after: change.after,
    }),
  );
  return { changes: told, isCut };
}
