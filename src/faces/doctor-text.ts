import { type AuditItem, wordingOfItem } from '../core/audit.ts';
import { span } from '../core/audit-item.ts';
import type { Fault } from '../core/evidence.ts';
import type { Finding } from '../core/finding.ts';
import { code, count, joined, type Phrase, phrase, spell } from '../core/phrase.ts';
import { clean } from '../core/plain.ts';
import type { NodeFacts, ServerEvidence, ServerFacts } from '../core/server.ts';
import { wordingOf } from '../core/tally.ts';
import type { ConfigReport, Report } from '../core/verdict.ts';
import { mediumOf, type Paint, type Palette } from '../reporters/terminal.ts';

/** What a server and the guarded keys in it suffer from. */
export interface Diagnosis {
  readonly audit: ServerEvidence;
  /** Empty when the server could not be asked. */
  readonly items: readonly AuditItem[];
  readonly report: Report;
  readonly result: DoctorResult;
}

/** `unclear`: nothing bad was found, but it is unknown what becomes of keys, or a key could not be read. */
export type DoctorResult = 'sound' | 'bad' | 'unclear';

/** For people at a terminal: the server, what it was asked, the guarded keys, and in the last line the result. */
export function doctor({ audit, items, report, result }: Diagnosis, palette: Palette): string {
  const known = audit.kind === 'known' ? audit.server : undefined;
  const width = Math.max(0, ...items.map(({ id }) => id.length));
  return [
    `${palette.bold(clean(known === undefined ? 'Redis' : product(known)))}  ${palette.dim(clean(report.target))}`,
    ...(known?.nodes ?? []).map((node) => `  ${spell(nodeInWords(node), mediumOf(palette))}`),
    '',
    ...items.flatMap((item) => itemLines(item, width, palette)),
    ...faultsOf(audit).flatMap(({ phrase: why, advice }) => lines('unknown', why, { palette, advice })),
    '',
    ...report.configs.flatMap((config) => keyLines(config, faultsOf(audit), palette)),
    ...(report.configs.length === 0 ? [] : ['']),
    paintOf(result, palette)(`${icons[result]} ${resultInWords(result, items)}`),
    '',
  ].join('\n');
}

/** What became of a key: whether it is there, stands somewhere else, or expires. */
export function findingsOfKey({ findings }: ConfigReport): readonly Finding[] {
  return findings.filter(({ check }) => check === 'presence' || check === 'near-miss' || check === 'expiry');
}

/** Why something is unknown of a server. */
export function faultsOf(audit: ServerEvidence): readonly Fault[] {
  return audit.kind === 'unknown' ? [audit.fault] : audit.server.hidden.map(({ fault }) => fault);
}

type Sign = 'error' | 'warning' | 'notice' | 'good' | 'unknown';

const icons: Readonly<Record<Sign | DoctorResult, string>> = {
  error: '✗',
  warning: '!',
  notice: '·',
  good: '✓',
  unknown: '?',
  sound: '✓',
  bad: '!',
  unclear: '?',
};

function product({ product: name, version, mode }: ServerFacts): string {
  const names = { redis: 'Redis', valkey: 'Valkey', unknown: 'A server that speaks Redis' };
  const kind = mode === 'unknown' ? [] : [mode];
  return [version === undefined ? names[name] : `${names[name]} ${version}`, ...kind].join(', ');
}

/** `127.0.0.1:6379: primary; up 3 days; 12 keys in database 0`. */
function nodeInWords({ address, role, uptime, databases }: NodeFacts): Phrase {
  const facts = [
    ...(role === undefined ? [] : [role === 'primary' ? phrase`primary` : phrase`replica`]),
    ...(uptime === undefined ? [] : [phrase`up ${span(uptime * 1000)}`]),
    ...[...(databases ?? [])].map(
      ([number, keys]) => phrase`${count(keys, 'key')} in database ${count(number)}`,
    ),
    ...(databases?.size === 0 ? [phrase`no keys`] : []),
  ];
  return facts.length === 0 ? phrase`${code(address)}` : phrase`${code(address)}: ${joined(facts, '; ')}`;
}

function itemLines(item: AuditItem, width: number, palette: Palette): readonly string[] {
  const head = `${palette.dim(item.id.padEnd(width))}  `;
  switch (item.state) {
    case 'good':
      return lines('good', wordingOfItem(item), { palette, head });
    case 'unknown':
      return lines('unknown', wordingOfItem({ ...item, said: phrase`nobody knows ${item.said}` }), {
        palette,
        head,
      });
    case 'bad':
      return lines(item.severity, wordingOfItem(item), { palette, head, advice: item.advice });
  }
}

/** What is told of the server already is not told again of every key. */
function keyLines(config: ConfigReport, told: readonly Fault[], palette: Palette): readonly string[] {
  const findings = findingsOfKey(config);
  const words = new Set(told.map(({ phrase: why }) => JSON.stringify(why)));
  const [first] = findings;
  const isNothing = isWithoutValue(config);
  const sign = first === undefined ? (isNothing ? 'notice' : 'good') : signOf(first);
  const head = `${palette.bold(clean(config.name))}  ${palette.dim(clean(config.key))}`;
  return [
    `  ${signed(sign, palette)} ${head}`,
    ...(isNothing ? lines('notice', withoutValue, { palette, indent: '      ' }) : []),
    ...findings
      .filter(({ phrase: said }) => !words.has(JSON.stringify(said)))
      .flatMap((finding) =>
        lines(signOf(finding), wordingOf(finding), { palette, indent: '      ', advice: finding.advice }),
      ),
  ];
}

/** Only a key that need not be there has no value and nothing found, unless the findings are off. */
function isWithoutValue({ summary, findings, keys }: ConfigReport): boolean {
  return summary === undefined && findings.length === 0 && keys === undefined;
}

const withoutValue = phrase`no value was found to read, and none has to be there`;

function signOf({ claim, severity }: Finding): Sign {
  return claim === 'unchecked' ? 'unknown' : severity;
}

interface Line {
  readonly palette: Palette;
  readonly indent?: string;
  /** What stands before the words. */
  readonly head?: string;
  readonly advice?: Phrase | undefined;
}

function lines(
  sign: Sign,
  said: Phrase,
  { palette, indent = '  ', head = '', advice }: Line,
): readonly string[] {
  const medium = mediumOf(palette);
  const line = `${indent}${signed(sign, palette)} ${head}${spell(said, medium)}`;
  return advice === undefined ? [line] : [line, `${indent}    → ${spell(advice, medium)}`];
}

function signed(sign: Sign, palette: Palette): string {
  return paintOf(sign, palette)(icons[sign]);
}

function resultInWords(result: DoctorResult, items: readonly AuditItem[]): string {
  const open = items.filter(({ state }) => state === 'unknown').length;
  const rest = open === 0 ? '' : `; unknown: ${open} of ${items.length} answers`;
  switch (result) {
    case 'sound':
      return `Nothing was found that makes a config vanish${rest}.`;
    case 'bad':
      return `Something was found that makes a config vanish or lie${rest}.`;
    case 'unclear':
      return `Nobody knows whether configs are safe${rest}.`;
  }
}

function paintOf(sign: Sign | DoctorResult, palette: Palette): Paint {
  return {
    error: palette.red,
    warning: palette.yellow,
    notice: palette.dim,
    good: palette.green,
    unknown: palette.yellow,
    sound: palette.green,
    bad: palette.red,
    unclear: palette.yellow,
  }[sign];
}
