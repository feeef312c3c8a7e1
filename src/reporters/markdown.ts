import type { Finding, Severity } from '../core/finding.ts';
import {
  abridge,
  byGravity,
  commonTrouble,
  countsInWords,
  remains,
  verdictInWords,
} from '../core/headline.ts';
import type { Json } from '../core/json.ts';
import { type Medium, spell } from '../core/phrase.ts';
import { clean } from '../core/plain.ts';
import type { ConfigReport, Report, Status, Verdict } from '../core/verdict.ts';

export interface MarkdownOptions {
  /** Where the pages of the checks are, without a slash at the end; names of checks are links when it is given. */
  readonly docs?: string;
  readonly raw?: ReadonlyMap<string, Json>;
  /** Bytes of UTF-8 that the whole may take; details are shed before verdicts. */
  readonly limit: number;
}

/** The job summary: verdict and counts, a row per config, then what was found. */
export function markdown(report: Report, options: MarkdownOptions): string {
  const configs = byGravity(report);
  const trouble = commonTrouble(report);
  const common = trouble === undefined ? [] : ['All configs:', '', item(trouble, options), ''];
  const head = (isBrief: boolean) => [
    `## ${icons[report.verdict]} Redis Config Guardian: ${countsInWords(report)}`,
    '',
    `The run ${verdictInWords(report)}. Target: ${inCode(report.target)}`,
    '',
    '| | Config | Status | What |',
    '|---|---|---|---|',
    ...configs.map((config) => row(config, isBrief)),
    '',
    ...(isBrief ? [] : common),
  ];
  const details = configs.flatMap((config) => section(config, remains(config, trouble), options));
  const values = configs.flatMap(({ name }) => rawSection(name, options.raw?.get(name)));
  const told = head(false).join('\n');
  // Names from Redis have no bounds. Whatever they are, the verdict is told.
  const fitting = size(told) <= options.limit / 2 ? told : head(true).join('\n');
  return shedTo(fitting, [...details, ...values], options.limit);
}

const icons: Readonly<Record<Status | Verdict | Severity, string>> = {
  OK: '✅',
  DRIFT: '⚠️',
  INVALID: '❌',
  UNCHECKED: '❓',
  pass: '✅',
  fail: '❌',
  inconclusive: '❓',
  error: '❌',
  warning: '⚠️',
  notice: 'ℹ️',
};

function row(config: ConfigReport, isBrief: boolean): string {
  const [first, ...rest] = config.findings;
  const more = rest.length === 0 ? '' : ` <i>and ${rest.length} more</i>`;
  const what = first === undefined || isBrief ? '' : `${placed(first)}${spell(first.phrase, medium)}${more}`;
  return `| ${icons[config.status]} | ${inCode(config.name)} | ${config.status} | ${what} |`;
}

/** What a reader takes in; the JSON report has more. */
const PER_CHECK = 20;

function section(
  { name, status }: ConfigReport,
  findings: readonly Finding[],
  options: MarkdownOptions,
): readonly string[] {
  if (findings.length === 0) return [];
  const open = status === 'OK' ? '' : ' open';
  const items = abridge(findings, PER_CHECK).flatMap(({ check, shown, more }) => [
    ...shown.map((finding) => item(finding, options)),
    ...(more === 0 ? [] : [`- and ${more} more <sub>${check}</sub>: the JSON report lists them`]),
  ]);
  const summary = `<summary>${icons[status]} ${inCode(name)}: ${status}</summary>`;
  return [[`<details${open}>${summary}`, '', ...items, '', '</details>', ''].join('\n')];
}

function item(finding: Finding, { docs }: MarkdownOptions): string {
  const { location, advice, check, claim, severity } = finding;
  const icon = claim === 'unchecked' ? icons.UNCHECKED : icons[severity];
  const link = docs === undefined ? check : `[${check}](${docs}/${check}.md)`;
  const where = location === undefined ? '' : ` at ${inCode(`${location.file}:${location.line}`)}`;
  const todo = advice === undefined ? '' : `<br>→ ${spell(advice, medium)}`;
  return `- ${icon} ${placed(finding)}${spell(finding.phrase, medium)} <sub>${link}${where}</sub>${todo}`;
}

function placed({ place }: Finding): string {
  return place === '' ? '' : `${inCode(place)}: `;
}

function rawSection(name: string, value: Json | undefined): readonly string[] {
  if (value === undefined) return [];
  const text = JSON.stringify(value, null, 2).split('\n').map(clean).join('\n');
  // A fence longer than any run of backticks in the value can't be closed by it.
  const longest = Math.max(2, ...(text.match(/`+/g) ?? []).map((run) => run.length));
  const fence = '`'.repeat(longest + 1);
  const summary = `<summary>${inCode(name)}: value in Redis</summary>`;
  return [[`<details>${summary}`, '', `${fence}json`, text, fence, '', '</details>', ''].join('\n')];
}

/** Sheds whole sections from the end until the rest fits, and says so. */
function shedTo(head: string, sections: readonly string[], limit: number): string {
  const farewell = (left: number) =>
    `_${left} more section${left === 1 ? '' : 's'} didn't fit: see the JSON report._\n`;
  const kept: string[] = [head];
  let used = size(head) + size(farewell(sections.length));
  for (const [index, text] of sections.entries()) {
    used += size(text) + 1;
    if (used > limit) return [...kept, farewell(sections.length - index)].join('\n');
    kept.push(text);
  }
  return kept.join('\n');
}

function size(text: string): number {
  return new TextEncoder().encode(text).length;
}

/** GitHub looks for mentions and issue numbers everywhere but in code, so all that isn't ours is code. */
const medium: Medium = {
  text: (text) => (text.includes('‹') ? inCode(text) : entities(text)),
  code: inCode,
  name: inCode,
  value: inCode,
};

function inCode(text: string): string {
  return `<code>${entities(text)}</code>`;
}

/** What Markdown or HTML may give a meaning in the middle of a line becomes an entity, which neither looks into. */
export function entities(text: string): string {
  return text
    .replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ')
    .replace(/\p{Cf}/gu, '')
    .replace(/[&<>"'`*_[\]\\|~@$]|:(?=\/\/)|(?<=www)\./gi, (character) => `&#${character.charCodeAt(0)};`);
}
