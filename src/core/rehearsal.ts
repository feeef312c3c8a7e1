import type { KeyPattern } from './key-pattern.ts';
import type { Phrase } from './phrase.ts';
import type { Pattern } from './pointer.ts';
import type { CommandRun } from './ports.ts';

/** What a migration may change. Nothing else may, but times of saves. */
export interface Migration {
  readonly allow: readonly Allowance[];
}

export type Allowance =
  /** Places of a config's value, with all that is below them; the root allows that its key comes and goes. */
  | { readonly kind: 'config'; readonly config: string; readonly at: readonly Pattern[] }
  /** Keys, whatever becomes of them. */
  | { readonly kind: 'key'; readonly pattern: KeyPattern };

/** What a rehearsal is to prove, in the order in which it is told. */
export const proofIds = ['a', 'b', 'c', 'd', 'e', 'f'] as const;
export type ProofId = (typeof proofIds)[number];

export const proofTitles: Readonly<Record<ProofId, string>> = {
  a: 'every config verifies',
  b: 'only what is allowed changed',
  c: 'a second run changes nothing',
  d: 'interrupted half-way and run again, it ends the same',
  e: 'rolling back restores the first state',
  f: 'the old schemas accept the result',
};

/** `unchecked` nobody can tell, and somebody wants to know; `not-asked` nobody wants to. */
export type ProofStatus = 'refuted' | 'unchecked' | 'proved' | 'not-asked';

export interface Proof {
  readonly id: ProofId;
  readonly status: ProofStatus;
  /** Why, as the end of a sentence. */
  readonly phrase: Phrase;
  /** The first of what it goes by, and how many more there are. */
  readonly evidence: readonly Phrase[];
  readonly more: number;
}

/** One run of a command. */
export interface RehearsedRun extends CommandRun {
  readonly what: RunKind;
}

/** What a run was for. */
export type RunKind = 'first' | 'second' | 'before-rollback' | 'rollback' | 'interrupted' | 'resumed';

export interface Rehearsal {
  /** One for each id, in their order. */
  readonly proofs: readonly Proof[];
  /** In the order in which they ran. Secrets of the configs are hidden in their output. */
  readonly runs: readonly RehearsedRun[];
}

/** How many lines of evidence are told. */
const TOLD = 10;

export function proof(
  id: ProofId,
  status: ProofStatus,
  phrase: Phrase,
  evidence: readonly Phrase[] = [],
): Proof {
  const more = Math.max(0, evidence.length - TOLD);
  return { id, status, phrase, evidence: evidence.slice(0, TOLD), more };
}

/** 0 all that is asked is proved, 1 something is refuted, 2 something is unchecked, and nothing refuted. */
export function exitCodeOf({ proofs }: Pick<Rehearsal, 'proofs'>): 0 | 1 | 2 {
  const has = (status: ProofStatus) => proofs.some((proof) => proof.status === status);
  if (has('refuted')) return 1;
  return has('unchecked') ? 2 : 0;
}
