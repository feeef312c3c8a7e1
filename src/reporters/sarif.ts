import type { Log, ReportingDescriptor, Result } from 'sarif';
import { type Finding, isOfWorkspace, type Severity } from '../core/finding.ts';
import { byGravity, loudness } from '../core/headline.ts';
import { clean, plain, printable, todo } from '../core/plain.ts';
import type { Tool } from '../core/published.ts';
import { withoutDigests } from '../core/redaction.ts';
import type { Identity } from '../core/sticky.ts';
import { wordingOf } from '../core/tally.ts';
import type { ConfigReport, Report } from '../core/verdict.ts';

/** A check as far as reports tell of it. */
export interface Rule {
  readonly id: string;
  readonly title: string;
  /** It is asked only where the past is known. */
  readonly isOfPast?: true;
}

export interface SarifOptions {
  readonly tool: Tool;
  readonly rules: readonly Rule[];
  /** Where the pages of the checks are. */
  readonly docs?: string;
  readonly identity?: Identity;
}

/** GitHub keeps so many results of an upload. */
const MOST_RESULTS = 5000;

/** SARIF 2.1.0, as code scanning reads it: a rule per check, a result per finding, the gravest configs first. */
export function sarif(report: Report, options: SarifOptions): string {
  const { tool, rules, docs, identity } = options;
  const told = byGravity(report).flatMap((config) => config.findings.map((finding) => ({ config, finding })));
  const { environment = '', label = '' } = identity ?? {};
  // An absent name keeps its place: an environment is no label.
  const category = [tool.name, environment || '-', label || '-'].map(segment).join('/');
  const count = counter();
  const results = told
    .slice(0, MOST_RESULTS)
    .map(({ config, finding }) => result(report, config, finding, { rules, category, count }));
  const log: Log = {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: tool.name,
            version: tool.version,
            rules: rules.map((rule) => descriptor(rule, docs)),
          },
        },
        automationDetails: { id: `${category}/` },
        columnKind: 'utf16CodeUnits',
        invocations: [
          {
            executionSuccessful: report.verdict !== 'inconclusive',
            exitCode: report.exitCode,
            endTimeUtc: new Date(report.checkedAt).toISOString(),
          },
        ],
        properties: { verdict: report.verdict, leftOut: told.length - results.length },
        results,
      },
    ],
  };
  return printable(log);
}

function descriptor({ id, title }: Rule, docs: string | undefined): ReportingDescriptor {
  const page = docs === undefined ? undefined : `${docs}/${id}.md`;
  return {
    id,
    name: id,
    shortDescription: { text: title },
    help: { text: `What it asks, each of its messages and what to do: ${page ?? `docs/checks/${id}.md`}` },
    ...(page === undefined ? {} : { helpUri: page }),
  };
}

const levels: Readonly<Record<Severity, 'error' | 'warning' | 'note'>> = {
  error: 'error',
  warning: 'warning',
  notice: 'note',
};

interface Counting {
  readonly rules: readonly Rule[];
  readonly category: string;
  readonly count: (name: string) => number;
}

function result(
  report: Report,
  config: ConfigReport,
  finding: Finding,
  { rules, category, count }: Counting,
): Result {
  const { check, place } = finding;
  const said = `${clean(config.name)}${place === '' ? '' : ` ${clean(place)}`}: ${plain(wordingOf(finding))}${todo(finding)}`;
  // Neither the value's digest nor the line of a file may make it another alert in the next run, and what another
  // environment has is another alert.
  const same = clean(withoutDigests(`${category} ${config.name} ${check} ${place}`));
  const fingerprint = `${same} ${count(same)}`;
  const index = rules.findIndex(({ id }) => id === check);
  return {
    ruleId: check,
    ...(index === -1 ? {} : { ruleIndex: index }),
    level: levels[loudness(finding, report)],
    message: { text: unlinked(said) },
    locations: [location(config, finding)],
    partialFingerprints: { primaryLocationLineHash: fingerprint, 'guardian/v1': fingerprint },
  };
}

/** How often a name was counted before. */
function counter(): (name: string) => number {
  const counts = new Map<string, number>();
  return (name) => {
    const before = counts.get(name) ?? 0;
    counts.set(name, before + 1);
    return before;
  };
}

/** In a message of SARIF brackets make links, and braces are filled in. */
function unlinked(text: string): string {
  return text
    .replace(/[\\[\]]/g, '\\$&')
    .replaceAll('{', '{{')
    .replaceAll('}', '}}');
}

/** GitHub refuses a result without a file, so one that is about Redis alone points to the file that stands for it. */
function location({ name, fallback, schema }: ConfigReport, { place, location: at }: Finding) {
  const own = at !== undefined && isOfWorkspace(at.file) ? at : undefined;
  const file = own?.file ?? [fallback, schema].find((path) => path !== undefined && isOfWorkspace(path));
  const region = own === undefined ? { startLine: 1 } : { startLine: own.line, startColumn: own.column };
  return {
    ...(file === undefined ? {} : { physicalLocation: { artifactLocation: artifact(file), region } }),
    logicalLocations: [{ fullyQualifiedName: clean(`${name}${place}`) }],
  };
}

/** Code scanning compares addresses letter by letter, and knows files by their shortest. */
function artifact(path: string) {
  const uri = shortest(path).map(segment).join('/');
  return path.startsWith('/') ? { uri: `file:///${uri}` } : { uri, uriBaseId: '%SRCROOT%' };
}

function shortest(path: string): readonly string[] {
  const kept: string[] = [];
  for (const part of path.split('/')) {
    if (part === '' || part === '.') continue;
    if (part === '..' && kept.length > 0 && kept.at(-1) !== '..') kept.pop();
    else kept.push(part);
  }
  return kept;
}

/** A lone surrogate has no spelling in a URI. */
function segment(text: string): string {
  return encodeURIComponent(text.replace(/\p{Cs}/gu, '\ufffd'));
}
