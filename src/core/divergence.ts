import type { Difference } from './difference.ts';
import { name, type Phrase, phrase } from './phrase.ts';
import type { Pointer } from './pointer.ts';
import type { Redactor } from './redaction.ts';

/** What the two sides of a comparison are called. */
export interface Sides {
  readonly before: Phrase;
  readonly after: Phrase;
}

/** Says in which way two sides differ at one place, as far as the values may be told. */
export function wordDifference(item: Difference, { before, after }: Sides, redactor: Redactor): Phrase {
  switch (item.kind) {
    case 'added':
      return phrase`only in ${after}: ${redactor.value(item.after, item.value)}`;
    case 'removed':
      return phrase`only in ${before}: ${redactor.value(item.before, item.value)}`;
    case 'changed':
      return phrase`${before} has ${redactor.value(item.before, item.from)}, ${after} has ${redactor.value(item.after, item.to)}`;
    case 'moved':
      return phrase`moved: it stands at ${name(redactor.place(item.before))} in ${before}`;
  }
}

/** The place a difference is named by: where the value is, on the side that has it. */
export function placeOfDifference(item: Difference): Pointer {
  return item.kind === 'removed' ? item.before : item.after;
}
