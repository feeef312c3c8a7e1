import { type Finding, isOfWorkspace, type Severity } from '../core/finding.ts';
import { byGravity, common, loudness, remains } from '../core/headline.ts';
import { clean, cut, sentence, todo } from '../core/plain.ts';
import type { Report } from '../core/verdict.ts';

/** GitHub keeps ten of each level per step and drops the rest without a word. */
const PER_LEVEL = 10;

/** Characters of one message; GitHub cuts at 4,096 bytes. */
const LONGEST = 2000;

/** Workflow commands that mark the lines concerned, the gravest configs first; the last of a level counts the rest. */
export function annotations(report: Report): string {
  const told = common(report);
  const findings = [...told, ...byGravity(report).flatMap((config) => remains(config, told))];
  return (['error', 'warning', 'notice'] as const)
    .flatMap((severity) =>
      level(
        severity,
        findings.filter((finding) => loudness(finding, report) === severity),
      ),
    )
    .map((line) => `${line}\n`)
    .join('');
}

function level(severity: Severity, findings: readonly Finding[]): readonly string[] {
  if (findings.length <= PER_LEVEL) return findings.map((finding) => command(severity, finding));
  const rest = findings.length - (PER_LEVEL - 1);
  return [
    ...findings.slice(0, PER_LEVEL - 1).map((finding) => command(severity, finding)),
    `::${severity} title=Redis Config Guardian::${rest} more findings of this level are in the job summary`,
  ];
}

function command(severity: Severity, finding: Finding): string {
  const { config, check, location } = finding;
  const site = location !== undefined && isOfWorkspace(location.file) ? location : undefined;
  const properties = {
    ...(site === undefined ? {} : { file: clean(site.file), line: `${site.line}`, col: `${site.column}` }),
    title: clean(`${config}: ${check}`),
  };
  const spelled = Object.entries(properties).map(([name, value]) => `${name}=${escapeProperty(value)}`);
  const said = cut(`${sentence(finding)}${todo(finding)}`, LONGEST);
  return `::${severity} ${spelled.join(',')}::${escapeData(said)}`;
}

function escapeData(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function escapeProperty(text: string): string {
  return escapeData(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
