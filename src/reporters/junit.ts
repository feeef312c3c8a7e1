import type { Finding } from '../core/finding.ts';
import { clean, sentence, todo } from '../core/plain.ts';
import { type ConfigReport, fails, type Report } from '../core/verdict.ts';
import type { Rule } from './sarif.ts';

/** JUnit's XML, as the xUnit plugin of Jenkins describes it: a suite per config, a case per check. */
export function junit(report: Report, rules: readonly Rule[]): string {
  const suites = report.configs.map((config) => suite(report, config, rules));
  const total = (name: keyof Tally) => suites.reduce((sum, { tally }) => sum + tally[name], 0);
  const counts = attributes({
    name: 'redis-config-guardian',
    time: '0',
    tests: `${total('tests')}`,
    failures: `${total('failures')}`,
    errors: `${total('errors')}`,
  });
  const lines = suites.flatMap(({ lines: own }) => own);
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites${counts}>`,
    ...lines,
    '</testsuites>',
    '',
  ].join('\n');
}

interface Tally {
  readonly tests: number;
  readonly failures: number;
  readonly errors: number;
  readonly skipped: number;
}

interface Suite {
  readonly tally: Tally;
  readonly lines: readonly string[];
}

function suite(report: Report, config: ConfigReport, rules: readonly Rule[]): Suite {
  const told = new Set(report.configs.flatMap(({ findings }) => findings.map(({ check }) => check)));
  // What nobody asked has not passed.
  const asked = rules.filter(({ id, isOfPast }) => isOfPast !== true || told.has(id));
  const known = asked.map(({ id }) => id);
  // A report of another version may tell of checks that this one doesn't know.
  const ids = [...new Set([...known, ...config.findings.map(({ check }) => check)])];
  const cases = ids.map((id) => testCase(report, config, id));
  const ending = (kind: Ending) => cases.filter(({ endings }) => endings.has(kind)).length;
  const tally: Tally = {
    tests: cases.length,
    failures: ending('failure'),
    errors: ending('error'),
    skipped: ending('skipped'),
  };
  const counts = attributes({
    name: config.name,
    timestamp: new Date(report.checkedAt).toISOString().slice(0, 'yyyy-mm-ddThh:mm:ss'.length),
    time: '0',
    tests: `${tally.tests}`,
    failures: `${tally.failures}`,
    errors: `${tally.errors}`,
    skipped: `${tally.skipped}`,
  });
  return {
    tally,
    lines: [`  <testsuite${counts}>`, ...cases.flatMap(({ lines }) => lines), '  </testsuite>'],
  };
}

type Ending = 'failure' | 'error' | 'skipped';

interface Case {
  readonly endings: ReadonlySet<Ending>;
  readonly lines: readonly string[];
}

/** Said of what nobody could look at: it would pass otherwise. */
const NOT_CHECKED = '      <skipped>not checked: there was no value to look at</skipped>';

function testCase(report: Report, { name, findings, status, summary }: ConfigReport, id: string): Case {
  const own = findings.filter(({ check }) => check === id);
  const endings = new Set<Ending>();
  const parts = (['skipped', 'error', 'failure', 'output'] as const).flatMap((ending) => {
    const [first, ...rest] = own.filter((finding) => endingOf(finding, report) === ending);
    if (first === undefined) return [];
    if (ending !== 'output') endings.add(ending);
    return [element(ending, first, rest)];
  });
  if (own.length === 0 && status === 'UNCHECKED' && summary === undefined) {
    endings.add('skipped');
    parts.push(NOT_CHECKED);
  }
  const head = `    <testcase${attributes({ name: id, classname: `redis-config-guardian.${name}`, time: '0' })}`;
  return { endings, lines: parts.length === 0 ? [`${head}/>`] : [`${head}>`, ...parts, '    </testcase>'] };
}

function endingOf(finding: Finding, report: Report): Ending | 'output' {
  if (finding.claim === 'unchecked') {
    return report.exitCode === 0 || finding.severity === 'notice' ? 'skipped' : 'error';
  }
  return fails(finding, report) ? 'failure' : 'output';
}

function element(ending: Ending | 'output', first: Finding, rest: readonly Finding[]): string {
  const text = escaped([first, ...rest].map(worded).join('\n'));
  if (ending === 'output') return `      <system-out>${text}</system-out>`;
  if (ending === 'skipped') return `      <skipped>${text}</skipped>`;
  const more = rest.length === 0 ? '' : ` (and ${rest.length} more)`;
  const message = attributes({ message: `${worded(first).split('\n')[0]}${more}` });
  return `      <${ending}${message}>${text}</${ending}>`;
}

function worded(finding: Finding): string {
  const { location, severity } = finding;
  const where = location === undefined ? '' : ` (${clean(location.file)}:${location.line})`;
  return `${severity}: ${sentence(finding)}${where}${todo(finding)}`;
}

function attributes(values: Readonly<Record<string, string>>): string {
  return Object.entries(values)
    .map(([name, value]) => ` ${name}="${escaped(clean(value))}"`)
    .join('');
}

/** What XML 1.0 gives a meaning is spelled out; what it has no spelling for becomes the sign for that. */
function escaped(text: string): string {
  return text
    .replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`)
    .replace(/[^\t\n\r\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]/gu, '\ufffd');
}
