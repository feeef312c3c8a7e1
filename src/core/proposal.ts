import type { Known, Phrase } from './phrase.ts';
import type { LeaveReason, Step } from './plan.ts';
import type { Place } from './redaction.ts';
import type { Status } from './verdict.ts';

/** What a plan means for one config, in words that may be printed. With neither steps nor `left` both sides agree. */
export interface Outlook {
  readonly config: Known;
  /** As it may be printed. */
  readonly key: Known;
  readonly steps: readonly PlannedStep[];
  readonly left: readonly Left[];
}

export interface PlannedStep {
  readonly step: Step;
  readonly changes: readonly PlannedChange[];
  /** Worth knowing before it is approved: of a merge, say, what both sides began with. */
  readonly remarks: readonly Phrase[];
}

export interface PlannedChange {
  readonly place: Place;
  readonly phrase: Phrase;
}

export interface Left {
  readonly why: LeaveReason;
  readonly place: Place;
  readonly phrase: Phrase;
  readonly advice?: Phrase;
}

/** What applying or undoing came to. */
export interface Account {
  readonly steps: readonly StepOutcome[];
  /** What verification says of every config afterwards. */
  readonly statuses: readonly { readonly config: Known; readonly status: Status }[];
}

export interface StepOutcome {
  readonly config: Known;
  readonly to: Step['to'];
  /** The key or the path. */
  readonly at: Known;
  /** `unknown` nobody can tell whether it was written. */
  readonly how: 'written' | 'already-done' | 'not-done' | 'unknown';
  readonly phrase?: Phrase;
  readonly advice?: Phrase;
}
