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
 * What is true of every config alike (no connection, a server that keeps nothing): to be told once. The rest of the
 * configs' findings is what `remains` says.
 */
export function common({ configs }: Report): readonly Finding[] {
  const [first, ...others] = configs;
  if (first === undefined || others.length === 0) return [];
  return first.findings.filter(
    (finding) => isOfServer(finding) && others.every(({ findings }) => findings.some(sameWords(finding))),
  );
}

/** The findings of a config that aren't told as common ones already. */
export function remains({ findings }: ConfigReport, told: readonly Finding[]): readonly Finding[] {
  return told.length === 0 ? findings : findings.filter((finding) => !told.some(sameWords(finding)));
}

/** What a row says of a config: what is its own, unless nothing else explains its status. */
export function explaining(config: ConfigReport, told: readonly Finding[]): readonly Finding[] {
  const own = remains(config, told);
  return own.length > 0 || config.status === 'OK' ? own : config.findings;
}

function isOfServer({ check, claim, place }: Finding): boolean {
  return place === '' && (claim === 'unchecked' || check === 'server');
}

function sameWords(a: Finding): (b: Finding) => boolean {
  const words = JSON.stringify(a.phrase);
  return (b) => b.check === a.check && JSON.stringify(b.phrase) === words;
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
