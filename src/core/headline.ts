import type { Finding, Severity } from './finding.ts';
import { type ConfigReport, type Report, statuses } from './verdict.ts';

/** `1 INVALID, 1 DRIFT, 2 OK`: the counts that aren't zero, the gravest first. */
export function countsInWords({ counts }: Report): string {
  const told = statuses.filter((status) => counts[status] > 0).map((status) => `${counts[status]} ${status}`);
  return told.length === 0 ? 'no configs' : told.join(', ');
}

/** The verdict as one sentence without its subject. */
export function verdictInWords(report: Report): string {
  switch (report.verdict) {
    case 'pass':
      return report.counts.INVALID === 0 ? 'passed' : 'passed because nothing was told to fail it';
    case 'fail':
      return `failed (${report.reason ?? 'invalid'})`;
    case 'inconclusive':
      return report.exitCode === 0
        ? `is inconclusive (${report.reason ?? 'internal'}), which it was told to allow`
        : `is inconclusive (${report.reason ?? 'internal'})`;
  }
}

/** Whether there is nothing to tell anyone: every config was checked, and all are sound and in step. */
export function isClean({ verdict, counts }: Report): boolean {
  return verdict === 'pass' && counts.INVALID + counts.UNCHECKED + counts.DRIFT === 0;
}

/** How loud a finding is told: a run that is green all the same shall not be strewn with errors. */
export function loudness({ claim, severity, isDebt }: Finding, report: Report): Severity {
  const isTolerated = claim === 'unchecked' ? report.exitCode === 0 : report.onlyNew && isDebt === true;
  return isTolerated && severity === 'error' ? 'warning' : severity;
}

/** Configs with something to tell, the gravest first; the order of the report otherwise. */
export function byGravity({ configs }: Report): readonly ConfigReport[] {
  return [...configs].sort((a, b) => statuses.indexOf(a.status) - statuses.indexOf(b.status));
}

/**
 * What stopped every config alike (no connection, say): to be told once. The rest of the configs' findings is
 * what `remains` says.
 */
export function commonTrouble({ configs }: Report): Finding | undefined {
  const [first, ...others] = configs.map(({ findings }) => findings.find(isTrouble));
  const alike = others.every((finding) => sameWords(finding, first));
  return others.length > 0 && alike ? first : undefined;
}

/** The findings of a config that the common trouble doesn't tell already. */
export function remains({ findings }: ConfigReport, trouble: Finding | undefined): readonly Finding[] {
  return trouble === undefined ? findings : findings.filter((finding) => !sameWords(finding, trouble));
}

function isTrouble({ claim, place }: Finding): boolean {
  return claim === 'unchecked' && place === '';
}

function sameWords(a: Finding | undefined, b: Finding | undefined): boolean {
  return a !== undefined && b !== undefined && JSON.stringify(a.phrase) === JSON.stringify(b.phrase);
}

/** The first findings of each check, and how many more there are of it. */
export function abridge(findings: readonly Finding[], perCheck: number): readonly Abridged[] {
  const byCheck = new Map<string, Finding[]>();
  for (const finding of findings) {
    const sameCheck = byCheck.get(finding.check) ?? [];
    sameCheck.push(finding);
    byCheck.set(finding.check, sameCheck);
  }
  return [...byCheck].map(([check, all]) => ({
    check,
    shown: all.slice(0, perCheck),
    more: Math.max(0, all.length - perCheck),
  }));
}

export interface Abridged {
  readonly check: string;
  readonly shown: readonly Finding[];
  readonly more: number;
}
