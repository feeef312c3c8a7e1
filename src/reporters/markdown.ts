import type { Finding, Severity } from '../core/finding.ts';
import {
  abridge,
  byGravity,
  common,
  countsInWords,
  explaining,
  isClean,
  remains,
  verdictInWords,
} from '../core/headline.ts';
import type { Json } from '../core/json.ts';
import { type Medium, spell } from '../core/phrase.ts';
import { clean, cut } from '../core/plain.ts';
import { remedies } from '../core/remedy.ts';
import type { Whereabouts } from '../core/shell.ts';
import { type Identity, linkRun, type Run } from '../core/sticky.ts';
import { keysInWords, wordingOf } from '../core/tally.ts';
import type { ConfigReport, Report, Status, Verdict } from '../core/verdict.ts';

export interface MarkdownOptions {
  /** Where the pages of the checks are, without a slash at the end; names of checks are links when it is given. */
  readonly docs?: string;
  readonly raw?: ReadonlyMap<string, Json>;
  /** Bytes of UTF-8 that the whole may take; details are shed before verdicts. */
  readonly limit: number;
  /** What tells this report from others on the same page. */
  readonly identity?: Identity;
  /** Where the configs are, for commands that mend them; none are told without it. */
  readonly whereabouts?: Whereabouts;
  /** The run to point to. */
  readonly run?: Run & { readonly link: string };
  /** Somebody else made the report: it is told as that, and no command is taken from it. */
  readonly isHearsay?: boolean;
}

/**
 * The job summary and the comment on a pull request: verdict and counts, a row per config, what was found, the
 * commands that mend it, and which run says so.
 */
export function markdown(report: Report, options: MarkdownOptions): string {
  const configs = byGravity(report);
  const told = common(report);
  const head = [
    headline(report, options),
    '',
    facts(report, options),
    '',
    '| | Config | Status | What |',
    '|---|---|---|---|',
    // Names have no bounds. Whatever they are, the verdict is told.
    ...rowsWithin(
      options.limit / 2,
      configs.map((config) => ({
        whole: row(config, firstOf(config, told, options)),
        brief: row(config, ''),
      })),
    ),
    '',
  ].join('\n');
  const ofAll =
    told.length === 0
      ? []
      : [[['All configs:', '', ...told.map((finding) => item(finding, options)), ''].join('\n')]];
  const details = configs.flatMap((config) => section(config, remains(config, told), options));
  const values = configs.flatMap(({ name }) => rawSection(name, options.raw?.get(name)));
  const sections: readonly Section[] = [...ofAll, ...details, ...mending(configs, options), ...values];
  const { limit, run } = options;
  const rest = run === undefined ? 'the JSON report' : `the summary of ${linkRun(run, run.link)}`;
  return shedTo(head, sections, { limit, rest, end: footer(options) });
}

const verbs: Readonly<Record<Verdict, string>> = {
  pass: 'passed',
  fail: 'failed',
  inconclusive: 'is inconclusive',
};

function headline(report: Report, { isHearsay = false }: MarkdownOptions): string {
  const { verdict } = report;
  // Green would be all that a glance takes in.
  const passed = isHearsay ? icons.notice : isClean(report) ? icons.pass : icons.warning;
  const icon = verdict === 'pass' ? passed : icons[verdict];
  return `## ${icon} Redis Config Guardian ${verbs[verdict]}: ${countsInWords(report)}`;
}

function facts(report: Report, { identity, isHearsay = false }: MarkdownOptions): string {
  const said = `The run ${verdictInWords(report)}.`;
  const source = isHearsay
    ? ' This is told by the run of the pull request itself; nothing here proves it.'
    : '';
  return `${subject(report.target, identity)}<br>${said}${source}`;
}

/** What a text is about: the names by which it is told from others, and the server without credentials. */
export function subject(target: string, identity: Identity | undefined): string {
  const { environment = '', label = '' } = identity ?? {};
  return [
    ...[environment, label].filter((name) => name !== '').map((name) => `**${inCode(name)}**`),
    inCode(cut(target, LONGEST_NAME)),
  ].join(' · ');
}

/** Fenced: in a block of code nothing has a meaning. */
function mending(
  configs: readonly ConfigReport[],
  { isHearsay = false, whereabouts }: MarkdownOptions,
): readonly Section[] {
  const commands = isHearsay || whereabouts === undefined ? [] : remedies(configs, whereabouts).map(clean);
  if (commands.length === 0) return [];
  const intro =
    'Choose per config which side is right: take the others out of the keys. Read the plan, then run the command that it ends with: that applies it. ' +
    `Redis is written to with the URL in ${inCode('GUARDIAN_REDIS_WRITE_URL')}; ${inCode('guardian reconcile undo')} with the backup takes it back.`;
  const summary = '<summary>🔧 How to fix it</summary>';
  const lines = ['', intro, '', ...fenced('sh', commands.join('\n')), '', '</details>', ''];
  return [[[`<details>${summary}`, ...lines].join('\n')]];
}

/** Which run says so. */
export function footer({ run }: Pick<MarkdownOptions, 'run'>): string {
  return run === undefined ? '' : `<sub>Told by ${linkRun(run, run.link)}</sub>\n`;
}

export const icons: Readonly<Record<Status | Verdict | Severity, string>> = {
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

/** A row of a table of four columns, and what is left of it when there is no room. */
export interface Row {
  readonly whole: string;
  readonly brief: string;
}

/** All rows when they fit, else the brief ones, as many as fit. */
export function rowsWithin(limit: number, rows: readonly Row[]): readonly string[] {
  const whole = rows.map((row) => row.whole);
  if (size(whole.join('\n')) <= limit) return whole;
  const kept: string[] = [];
  let used = 0;
  for (const { brief } of rows) {
    used += size(brief) + 1;
    if (used > limit) return [...kept, `| | … and ${rows.length - kept.length} more | | |`];
    kept.push(brief);
  }
  return kept;
}

function row({ name, status }: ConfigReport, what: string): string {
  return `| ${icons[status]} | ${inCode(cut(name, LONGEST_NAME))} | ${status} | ${what} |`;
}

/** What stands first, whose page explains it, and how much more there is. */
function firstOf(config: ConfigReport, told: readonly Finding[], options: MarkdownOptions): string {
  const [first, ...rest] = explaining(config, told);
  const counted = config.keys === undefined ? '' : keysInWords(config.keys);
  if (first === undefined) return counted;
  const page = options.docs === undefined ? '' : ` <sub>${linked(first.check, options)}</sub>`;
  const more = rest.length === 0 ? '' : ` <i>and ${rest.length} more</i>`;
  return `${counted}${counted === '' ? '' : '<br>'}${placed(first)}${spell(wordingOf(first), medium)}${page}${more}`;
}

function linked(check: string, { docs }: MarkdownOptions): string {
  return docs === undefined ? check : `[${check}](${docs}/${check}.md)`;
}

/** Characters of a name. */
export const LONGEST_NAME = 200;

/** One part of a report in several lengths, the longest first. */
export type Section = readonly string[];

/** Findings of a check that a reader takes in, and what is left of them when there is no room. The JSON has all. */
const PER_CHECK = [20, 3] as const;

/** Checks of one config that are told when there is no room. */
const FEW_CHECKS = 10;

function section(
  { name, status }: ConfigReport,
  findings: readonly Finding[],
  options: MarkdownOptions,
): readonly Section[] {
  if (findings.length === 0) return [];
  const open = status === 'OK' ? '' : ' open';
  const summary = `<summary>${icons[status]} ${inCode(cut(name, LONGEST_NAME))}: ${status}</summary>`;
  const told = (perCheck: number) =>
    abridge(findings, perCheck).map(({ check, shown, more }) => [
      ...shown.map((finding) => item(finding, options)),
      ...(more === 0 ? [] : [`- and ${more} more <sub>${check}</sub>: the JSON report lists them`]),
    ]);
  const spelled = (items: readonly string[]) =>
    [`<details${open}>${summary}`, '', ...items, '', '</details>', ''].join('\n');
  const [many, few] = PER_CHECK;
  const first = told(few).slice(0, FEW_CHECKS).flat();
  return [[spelled(told(many).flat()), spelled([...first, '- and more: the JSON report lists it'])]];
}

function item(finding: Finding, options: MarkdownOptions): string {
  const { location, advice, check, claim, severity } = finding;
  const icon = claim === 'unchecked' ? icons.UNCHECKED : icons[severity];
  const where = location === undefined ? '' : ` at ${inCode(`${location.file}:${location.line}`)}`;
  const todo = advice === undefined ? '' : `<br>→ ${spell(advice, medium)}`;
  return `- ${icon} ${placed(finding)}${spell(wordingOf(finding), medium)} <sub>${linked(check, options)}${where}</sub>${todo}`;
}

function placed({ place }: Finding): string {
  return place === '' ? '' : `${inCode(place)}: `;
}

function rawSection(name: string, value: Json | undefined): readonly Section[] {
  if (value === undefined) return [];
  const text = JSON.stringify(value, null, 2).split('\n').map(clean).join('\n');
  const summary = `<summary>${inCode(name)}: value in Redis</summary>`;
  return [[[`<details>${summary}`, '', ...fenced('json', text), '', '</details>', ''].join('\n')]];
}

/** A fence longer than any run of backticks in a text can't be closed by it. */
export function fenced(language: string, text: string): readonly string[] {
  const longest = (text.match(/`+/g) ?? []).reduce((length, run) => Math.max(length, run.length), 2);
  const fence = '`'.repeat(longest + 1);
  return [`${fence}${language}`, text, fence];
}

interface Shedding {
  /** Bytes of UTF-8. */
  readonly limit: number;
  /** Where all of it is told, in Markdown. */
  readonly rest: string;
  /** What stands below the sections, and is told always. */
  readonly end?: string;
}

/** Sheds sections from the end, the first that doesn't fit down to its shortest, and says so. */
export function shedTo(
  head: string,
  sections: readonly Section[],
  { limit, rest, end = '' }: Shedding,
): string {
  const farewell = (left: number) =>
    `_${left} more section${left === 1 ? '' : 's'} didn't fit: see ${rest}._\n`;
  const kept: string[] = [head];
  let used = size(head) + size(farewell(sections.length)) + size(end) + 2;
  for (const [index, lengths] of sections.entries()) {
    const text = lengths.find((each) => used + size(each) + 1 <= limit);
    if (text === undefined) return closed([...kept, farewell(sections.length - index)], end);
    used += size(text) + 1;
    kept.push(text);
  }
  return closed(kept, end);
}

function closed(sections: readonly string[], end: string): string {
  return (end === '' ? sections : [...sections, end]).join('\n');
}

function size(text: string): number {
  return new TextEncoder().encode(text).length;
}

/** GitHub looks for mentions and issue numbers everywhere but in code, so all that isn't ours is code. */
export const medium: Medium = {
  text: (text) => (text.includes('‹') ? inCode(text) : entities(text)),
  code: inCode,
  name: inCode,
  value: inCode,
};

export function inCode(text: string): string {
  return `<code>${entities(text)}</code>`;
}

/**
 * What Markdown or HTML may give a meaning in the middle of a line becomes an entity, which neither looks into. (GitHub
 * itself does, for mentions and issue numbers, which is why foreign text is code besides.)
 */
export function entities(text: string): string {
  return text
    .replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ')
    .replace(/\p{Cf}/gu, '')
    .replace(/\p{Cs}/gu, '\ufffd')
    .replace(/[&<>"'`*_[\]\\|~@$]|:(?=\/\/)|(?<=www)\./gi, (character) => `&#${character.charCodeAt(0)};`);
}
