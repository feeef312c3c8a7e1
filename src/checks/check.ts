import type { Evidence } from '../core/evidence.ts';
import type { Draft } from '../core/finding.ts';
import type { Redactor } from '../core/redaction.ts';

/** One question asked of every config. Its page is `docs/checks/<id>.md`. */
export interface Check {
  readonly id: string;
  /** What the check asks, as a heading. */
  readonly title: string;
  run(evidence: Evidence, redactor: Redactor): readonly Draft[];
}
