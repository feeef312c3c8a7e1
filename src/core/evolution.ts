import type { Violation } from './evidence.ts';
import type { Json } from './json.ts';
import { type Known, type Phrase, vouch } from './phrase.ts';
import { cut } from './plain.ts';
import type { Pointer } from './pointer.ts';

/**
 * Backward compatible: the head schema accepts all that the base schema accepts, so stored values stay valid. Forward
 * compatible: the base schema accepts all that the head schema accepts, so instances that still run on it can read
 * what new ones write.
 */
export const directions = ['backward', 'forward'] as const;
export type Direction = (typeof directions)[number];

/** Which directions a config has to stay compatible in. */
export const compatibilities = ['backward', 'forward', 'full', 'none'] as const;
export type Compatibility = (typeof compatibilities)[number];

export const asked: Readonly<Record<Compatibility, readonly Direction[]>> = {
  backward: ['backward'],
  forward: ['forward'],
  full: directions,
  none: [],
};

/**
 * Whether every value that one schema accepts is accepted by another: `compatible` is proved, `breaking` has a witness
 * that the validator accepts under the one and refuses under the other, `unknown` is neither.
 */
export type Answer =
  | { readonly kind: 'compatible' }
  | {
      readonly kind: 'breaking';
      /** Made up from what the schemas say, so it may be shown. */
      readonly witness: Json;
      /** What the refusing schema objects to in it. */
      readonly violations: readonly Violation[];
    }
  | { readonly kind: 'unknown'; readonly why: 'too-much-work' | 'not-decided' };

/** One change of a schema. */
export interface SchemaChange {
  /** One of the kinds that docs/schema-changes.md lists. */
  readonly kind: Known;
  readonly said: Phrase;
  /** In the base document; of an addition the place that it was added to. */
  readonly before: Pointer;
  /** In the head document. */
  readonly after: Pointer;
}

/** What became of a schema. */
export interface Evolution {
  readonly changes: readonly SchemaChange[];
  /** There are more changes than were listed. */
  readonly isCut: boolean;
  readonly answers: Readonly<Record<Direction, Answer>>;
}

/** How a value fares under a schema. */
export type Fit =
  | { readonly kind: 'valid' }
  | { readonly kind: 'invalid'; readonly violations: readonly Violation[] }
  /** There is no value. */
  | { readonly kind: 'absent' }
  /** It could not be read, or judging it took too long. */
  | { readonly kind: 'unknown' };

/** What is live, and what would take its place, under both schemas. */
export interface Matrix {
  readonly live: Readonly<Record<'base' | 'head', Fit>>;
  readonly fallback: Readonly<Record<'base' | 'head', Fit>>;
}

/** Characters of a witness. */
const LONGEST_WITNESS = 300;

/** Characters of a string in it; what matters of a longer one is how long it is. */
const LONGEST_TEXT = 40;

/** A witness on one line, with blanks where it may be broken. */
export function spellWitness(witness: Json): Known {
  const spelled = JSON.stringify(
    witness,
    (_name, value: Json) => (typeof value === 'string' ? shortened(value) : value),
    1,
  );
  return vouch(cut(spelled.replace(/\n */g, ' '), LONGEST_WITNESS));
}

function shortened(text: string): string {
  const { length } = Array.from(text);
  return length > 2 * LONGEST_TEXT ? `${cut(text, LONGEST_TEXT)} (${length} characters)` : text;
}
