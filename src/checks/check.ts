import type { Evidence } from '../core/evidence.ts';
import type { Draft } from '../core/finding.ts';
import type { Redactor } from '../core/redaction.ts';

/** One question asked of every config. Its page is `docs/checks/<id>.md`. */
export interface Check {
  readonly id: string;
  /** What the check asks, as a heading. */
  readonly title: string;
  /** It can only be asked where the past is known: of a change under review, or of a history. */
  readonly isOfPast?: true;
  run(evidence: Evidence, redactor: Redactor): readonly Draft[];
}
