import { type Phrase, phrase } from '../../core/phrase.ts';
import { plain } from '../../core/plain.ts';

/** Something in a manifest that can't be, and where. */
export interface Mistake {
  /** From 1. */
  readonly line: number;
  /** From 1, in UTF-16 units. */
  readonly column: number;
  readonly said: Phrase;
  readonly advice?: Phrase;
}

/** A mistake, by its offset into the text (UTF-16 units). */
export interface Misplaced {
  readonly at: number;
  readonly said: Phrase;
  /** Asked for only when it is told: looking for what was meant takes its time. */
  readonly advise?: (() => Phrase | undefined) | undefined;
}

/** More than anyone mends at once. */
const MOST = 100;

/** In order of place, each once; of too many the first ones. */
export function listed(
  found: readonly Misplaced[],
  positionOf: (offset: number) => { readonly line: number; readonly col: number },
): readonly Mistake[] {
  const sorted = [...found].sort((a, b) => a.at - b.at);
  const distinct = new Map<string, Misplaced>();
  for (const mistake of sorted) {
    if (distinct.size > MOST) break;
    distinct.set(`${mistake.at} ${plain(mistake.said)}`, mistake);
  }
  return [...distinct.values()].map(({ at, said, advise }, index) => {
    const { line, col } = positionOf(at);
    if (index === MOST) return { line, column: col, said: phrase`from here on there are more mistakes` };
    const advice = advise?.();
    return { line, column: col, said, ...(advice === undefined ? {} : { advice }) };
  });
}
