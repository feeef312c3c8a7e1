import type { KeyChange } from './contents.ts';
import { placeOfDifference } from './divergence.ts';
import { code, count, name, type Part, type Phrase, phrase, vouch } from './phrase.ts';
import type { CommandRun } from './ports.ts';
import type { Redactor } from './redaction.ts';

/** What is said of a rehearsal's evidence. No value is told. */

/** What became of a key: a line, or one for each place of its value. */
export function wordChange(change: KeyChange, key: Part, veil: Redactor | undefined): readonly Phrase[] {
  const { kind, places } = change;
  if (veil === undefined || places.length === 0) return [phrase`${key}: ${changeInWords[kind]}`];
  return places.map((item) => {
    const place = veil.place(placeOfDifference(item));
    const what = differenceInWords[item.kind];
    return place === '' ? phrase`${key}: ${what}` : phrase`${key} ${name(place)}: ${what}`;
  });
}

const changeInWords: Readonly<Record<KeyChange['kind'], Phrase>> = {
  added: phrase`there is such a key now, and there was none`,
  removed: phrase`the key is gone`,
  type: phrase`it is of another type`,
  content: phrase`it holds something else`,
  spelling: phrase`the value is the same, but its bytes are not`,
  lifetime: phrase`its time to live is another`,
};

const differenceInWords = {
  added: phrase`added`,
  removed: phrase`removed`,
  moved: phrase`moved`,
  changed: phrase`changed`,
} as const;

/** How a run ended that didn't end well; `undefined` when it did. */
export function failureOf({ exitCode, signal, isTimedOut, isInterrupted }: CommandRun): Phrase | undefined {
  if (isTimedOut) return phrase`it took too long, and was ended`;
  if (isInterrupted) return phrase`it was interrupted`;
  if (signal !== null) return phrase`it was ended by ${code(vouch(signal))}`;
  if (exitCode === null) return phrase`nobody knows how it ended`;
  return exitCode === 0 ? undefined : phrase`it ended with exit code ${count(exitCode)}`;
}
