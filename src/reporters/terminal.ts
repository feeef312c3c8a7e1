import type { Finding, Severity } from '../core/finding.ts';
import {
  abridge,
  byGravity,
  common,
  countsInWords,
  explaining,
  remains,
  verdictInWords,
} from '../core/headline.ts';
import type { Json } from '../core/json.ts';
import { type Medium, spell } from '../core/phrase.ts';
import { clean } from '../core/plain.ts';
import { keysInWords, wordingOf } from '../core/tally.ts';
import type { ConfigReport, Report, Status, Verdict } from '../core/verdict.ts';

export type Paint = (text: string) => string;

/** How to emphasise; the identity throughout where there is no terminal. */
export interface Palette {
  readonly bold: Paint;
  readonly dim: Paint;
  readonly red: Paint;
  readonly yellow: Paint;
  readonly green: Paint;
  readonly cyan: Paint;
}

export interface TerminalOptions {
  readonly palette: Palette;
  /** Live values to print below each config, by its name. */
  readonly raw?: ReadonlyMap<string, Json>;
}

/** A report for people at a terminal or reading a job's log: the verdict comes last, where the eye is. */
export function terminal(report: Report, { palette, raw }: TerminalOptions): string {
  const configs = byGravity(report);
  const width = Math.max(0, ...configs.map(({ name }) => name.length));
  const told = common(report);
  const ofAll =
    told.length === 0
      ? []
      : [palette.bold('All configs'), ...told.flatMap((finding) => findingLines(finding, palette)), ''];
  const blocks = configs.flatMap((config) => block(config, remains(config, told), palette));
  const values =
    raw === undefined ? [] : configs.flatMap(({ name }) => rawBlock(name, raw.get(name), palette));
  return [
    `${palette.bold('Redis Config Guardian')}  ${palette.dim(clean(report.target))}`,
    '',
    ...configs.map((config) => row(config, explaining(config, told), width, palette)),
    '',
    ...ofAll,
    ...blocks,
    ...values,
    `${verdictPaint(report.verdict, palette)(`${icons[report.verdict]} The run ${verdictInWords(report)}: ${countsInWords(report)}.`)}`,
    '',
  ].join('\n');
}

export const icons: Readonly<Record<Status | Verdict | Severity, string>> = {
  OK: '✓',
  DRIFT: '!',
  INVALID: '✗',
  UNCHECKED: '?',
  pass: '✓',
  fail: '✗',
  inconclusive: '?',
  error: '✗',
  warning: '!',
  notice: '·',
};

/** What a screen holds; the JSON report has more. */
const PER_CHECK = 10;

function row(config: ConfigReport, { length }: readonly Finding[], width: number, palette: Palette): string {
  const paint = statusPaint(config.status, palette);
  const { keys } = config;
  const facts = [
    ...(keys === undefined ? [] : [keysInWords(keys)]),
    ...(length === 0 ? [] : [`${length} finding${length === 1 ? '' : 's'}`]),
  ];
  const said = facts.length === 0 ? '' : palette.dim(facts.join('; '));
  const line = `  ${paint(`${icons[config.status]} ${config.status.padEnd(9)}`)}  ${clean(config.name).padEnd(width)}  ${said}`;
  return line.trimEnd();
}

function block(
  { name, key }: ConfigReport,
  findings: readonly Finding[],
  palette: Palette,
): readonly string[] {
  if (findings.length === 0) return [];
  const title = `${palette.bold(clean(name))}  ${palette.dim(clean(key))}`;
  const lines = abridge(findings, PER_CHECK).flatMap(({ check, shown, more }) => [
    ...shown.flatMap((finding) => findingLines(finding, palette)),
    ...(more === 0 ? [] : [palette.dim(`    and ${more} more [${check}]: --format json lists them`)]),
  ]);
  return [title, ...lines, ''];
}

function findingLines(finding: Finding, palette: Palette): readonly string[] {
  const { location, advice } = finding;
  const medium = mediumOf(palette);
  const place = finding.place === '' ? '' : `${palette.cyan(clean(finding.place))}: `;
  const unchecked = finding.claim === 'unchecked';
  const icon = unchecked
    ? palette.yellow('?')
    : severityPaint(finding.severity, palette)(icons[finding.severity]);
  const lines = [
    `  ${icon} ${place}${spell(wordingOf(finding), medium)} ${palette.dim(`[${finding.check}]`)}`,
  ];
  if (location !== undefined) {
    lines.push(palette.dim(`      at ${clean(location.file)}:${location.line}:${location.column}`));
  }
  if (advice !== undefined) lines.push(`      → ${spell(advice, medium)}`);
  return lines;
}

function rawBlock(name: string, value: Json | undefined, palette: Palette): readonly string[] {
  if (value === undefined) return [];
  const lines = JSON.stringify(value, null, 2).split('\n').map(clean);
  return [
    `${palette.bold(clean(name))}  ${palette.dim('value in Redis')}`,
    ...lines.map((line) => `  | ${line}`),
    '',
  ];
}

export function mediumOf(palette: Palette): Medium {
  return {
    text: clean,
    code: (text) => palette.bold(clean(text)),
    name: (text) => palette.cyan(clean(text)),
    value: (text) => palette.bold(clean(text)),
  };
}

export function statusPaint(status: Status, palette: Palette): Paint {
  return { OK: palette.green, DRIFT: palette.yellow, INVALID: palette.red, UNCHECKED: palette.yellow }[
    status
  ];
}

function verdictPaint(verdict: Verdict, palette: Palette): Paint {
  return { pass: palette.green, fail: palette.red, inconclusive: palette.yellow }[verdict];
}

function severityPaint(severity: Severity, palette: Palette): Paint {
  return { error: palette.red, warning: palette.yellow, notice: palette.dim }[severity];
}
