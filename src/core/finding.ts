import type { Known, Phrase } from './phrase.ts';
import type { Pointer } from './pointer.ts';
import type { Place } from './redaction.ts';

export type Severity = 'error' | 'warning' | 'notice';

/**
 * What a finding says about its config:
 * `invalid` the live value breaks its contract; `fallback` the file in git does; `drift` both are sound but
 * differ; `breaking` a change would break live data; `unchecked` nothing could be said; `advice` anything else.
 */
export type Claim = 'invalid' | 'fallback' | 'drift' | 'breaking' | 'unchecked' | 'advice';

/** Why something is UNCHECKED; it becomes the run's failure reason. */
export type Reason =
  | 'unreachable'
  | 'unauthorized'
  | 'unreadable'
  | 'too-large'
  | 'disabled'
  | 'no-target'
  | 'schema'
  | 'no-fallback'
  | 'no-base'
  | 'internal';

/** A line (1-based) and column (1-based, UTF-16 units) of a file in the workspace. */
export interface Location {
  readonly file: Known;
  readonly line: number;
  readonly column: number;
}

/** Paths that begin so are files that ship with the guardian. */
export const BUILT_IN = 'builtin:';

/** Whether a file is one of the repository, so that a mark in it points somewhere. */
export function isOfWorkspace(path: string): boolean {
  return !path.startsWith(BUILT_IN);
}

/** Which of a config's two files a draft is about, and where in it. */
export interface Site {
  readonly file: 'fallback' | 'schema';
  readonly pointer: Pointer;
  /** UTF-16 units into the text, for files that have no pointers because they are not JSON. */
  readonly offset?: number;
}

/** What a check answers. The pointer is raw: it is redacted, and the site located, before anyone may print it. */
export interface Draft {
  readonly claim: Claim;
  readonly severity: Severity;
  readonly pointer: Pointer;
  readonly phrase: Phrase;
  /** What to do about it. */
  readonly advice?: Phrase;
  readonly site?: Site;
  readonly reason?: Reason;
}

/** A draft with its config and check, ready for any report. */
export interface Finding {
  readonly check: string;
  readonly config: Known;
  readonly claim: Claim;
  readonly severity: Severity;
  readonly place: Place;
  readonly phrase: Phrase;
  readonly advice?: Phrase;
  readonly location?: Location;
  readonly reason?: Reason;
  /** It was so before the change under review. */
  readonly isDebt?: true;
  /** Of a config that is many keys: those of which it is true. */
  readonly keys?: KeysOfFinding;
}

export interface KeysOfFinding {
  readonly count: number;
  /** The first few, as they may be printed. */
  readonly first: readonly Known[];
}
