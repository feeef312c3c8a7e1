import { code, count, joined, type Phrase, phrase, spell } from '../core/phrase.ts';
import { clean, cut } from '../core/plain.ts';
import {
  type Proof,
  type ProofStatus,
  proofTitles,
  type Rehearsal,
  type RehearsedRun,
  type RunKind,
} from '../core/rehearsal.ts';
import { failureOf } from '../core/rehearsal-words.ts';
import { fenced, icons as marks, medium, type Section, shedTo } from '../reporters/markdown.ts';
import { icons, mediumOf, type Palette } from '../reporters/terminal.ts';

/** A rehearsal for people: at a terminal, and in a comment or a job's summary. */

/** Lines of what a run printed that are told: the last ones, where it says what went wrong. */
const MOST_LINES = 40;
const FEW_LINES = 8;
/** Characters of one of them. */
const LONGEST_LINE = 500;

/** What each run printed, every proof with what it goes by, and the result in the last line, where the eye is. */
export function rehearsalInWords({ proofs, runs }: Rehearsal, palette: Palette): string {
  const result = resultOf(proofs);
  const paint = { proved: palette.green, refuted: palette.red, unchecked: palette.yellow }[result];
  return [
    palette.bold('Rehearsal of the migration'),
    '',
    ...runs.flatMap((run) => runLines(run, palette)),
    ...proofs.flatMap((proof) => proofLines(proof, palette)),
    '',
    paint(`${signs[result]} ${sentences[result]}: ${countsOf(proofs)}.`),
    '',
  ].join('\n');
}

/** The same within so many bytes of UTF-8. What runs printed is shed first, then evidence; proofs are told always. */
export function rehearsalInMarkdown({ proofs, runs }: Rehearsal, limitBytes: number): string {
  const result = resultOf(proofs);
  const head = [
    `## ${emoji[result]} Redis Config Guardian rehearsal: ${countsOf(proofs)}`,
    '',
    `${sentences[result]}.`,
    '',
    '| | Proof | What was seen |',
    '|---|---|---|',
    ...proofs.map(
      ({ id, status, phrase: said }) =>
        `| ${emoji[status]} | (${id}) ${proofTitles[id]} | ${spell(said, medium)} |`,
    ),
    '',
  ].join('\n');
  const sections = [
    ...warningsOf(runs).map((warning): Section => [`${marks.warning} ${spell(warning, medium)}\n`]),
    ...proofs.flatMap(evidenceSections),
    ...runs.flatMap(outputSections),
  ];
  return shedTo(head, sections, { limit: limitBytes, rest: 'the log of the run' });
}

type Result = Exclude<ProofStatus, 'not-asked'>;

function resultOf(proofs: readonly Proof[]): Result {
  const has = (status: ProofStatus) => proofs.some((proof) => proof.status === status);
  if (has('refuted')) return 'refuted';
  return has('unchecked') ? 'unchecked' : 'proved';
}

const sentences: Readonly<Record<Result, string>> = {
  proved: 'The migration does what was asked of it',
  refuted: 'The migration must not run as it is',
  unchecked: 'Nobody can tell yet whether the migration may run',
};

const signs: Readonly<Record<ProofStatus, string>> = {
  proved: icons.pass,
  refuted: icons.fail,
  unchecked: icons.UNCHECKED,
  'not-asked': icons.notice,
};

const emoji: Readonly<Record<ProofStatus, string>> = {
  proved: marks.pass,
  refuted: marks.fail,
  unchecked: marks.UNCHECKED,
  'not-asked': marks.notice,
};

const statusWords: Readonly<Record<ProofStatus, string>> = {
  refuted: 'refuted',
  unchecked: 'unchecked',
  proved: 'proved',
  'not-asked': 'not asked',
};

/** `1 refuted, 4 proved, 1 not asked` */
function countsOf(proofs: readonly Proof[]): string {
  const statuses: readonly ProofStatus[] = ['refuted', 'unchecked', 'proved', 'not-asked'];
  const counted = statuses.flatMap((status) => {
    const number = proofs.filter((proof) => proof.status === status).length;
    return number === 0 ? [] : [`${number} ${statusWords[status]}`];
  });
  return counted.join(', ');
}

function proofLines(
  { id, status, phrase: said, evidence, more }: Proof,
  palette: Palette,
): readonly string[] {
  const paint = {
    proved: palette.green,
    refuted: palette.red,
    unchecked: palette.yellow,
    'not-asked': palette.dim,
  }[status];
  const spelled = (told: Phrase) => spell(told, mediumOf(palette));
  return [
    `  ${paint(`${signs[status]} ${statusWords[status].padEnd('not asked'.length)}`)}  (${id}) ${proofTitles[id]}: ${spelled(said)}`,
    ...evidence.map((line) => `      ${spelled(line)}`),
    ...(more > 0 ? [palette.dim(`      … and ${more} more`)] : []),
  ];
}

function evidenceSections({ id, status, evidence, more }: Proof): readonly Section[] {
  if (evidence.length === 0) return [];
  const open = status === 'proved' ? '' : ' open';
  const summary = `${emoji[status]} (${id}) ${proofTitles[id]}`;
  const lines = evidence.map((line) => `- ${spell(line, medium)}`);
  const rest = more > 0 ? [`- … and ${more} more`] : [];
  return [[details(`<details${open}>`, summary, [...lines, ...rest])]];
}

const runTitles: Readonly<Record<RunKind, Phrase>> = {
  first: phrase`the run`,
  second: phrase`the second run`,
  'before-rollback': phrase`the run before the rollback`,
  rollback: phrase`the rollback`,
  interrupted: phrase`the run that was interrupted`,
  resumed: phrase`the run after the interruption`,
};

/** `the second run: it ended with exit code 3, 2 writes` */
function titleOf(run: RehearsedRun): Phrase {
  const how = failureOf(run) ?? phrase`it ended with exit code ${code('0')}`;
  return phrase`${runTitles[run.what]}: ${joined([how, count(run.writes, 'write')], ', ')}`;
}

function warningsOf(runs: readonly RehearsedRun[]): readonly Phrase[] {
  // Each run of a command has the same.
  return runs.flatMap(({ warning }) => (warning === undefined ? [] : [warning])).slice(0, 1);
}

function runLines(run: RehearsedRun, palette: Palette): readonly string[] {
  const isFirst = run.what === 'first';
  const warnings = isFirst ? warningsOf([run]) : [];
  return [
    `${palette.bold('›')} ${spell(titleOf(run), mediumOf(palette))}`,
    ...warnings.map((told) => `  ${palette.yellow(icons.warning)} ${spell(told, mediumOf(palette))}`),
    ...lastLines(run, MOST_LINES).map((line) => palette.dim(`  | ${line}`)),
    '',
  ];
}

function outputSections(run: RehearsedRun): readonly Section[] {
  if (run.output.trim() === '') return [];
  const summary = `Output of ${spell(titleOf(run), medium)}`;
  const section = (most: number) =>
    details('<details>', summary, fenced('text', lastLines(run, most).join('\n')));
  return [[section(MOST_LINES), section(FEW_LINES)]];
}

/** Cleaned: what a program prints is obeyed by terminals and by the workflow runner. */
function lastLines({ output }: RehearsedRun, most: number): readonly string[] {
  const lines = output.trimEnd().split(/\r\n|[\r\n]/);
  if (lines.length === 1 && lines[0] === '') return [];
  const left = lines.length - most;
  const told = lines.slice(-most).map((line) => clean(cut(line, LONGEST_LINE)));
  return left > 0 ? [`… ${left} earlier lines`, ...told] : told;
}

function details(opening: string, summary: string, lines: readonly string[]): string {
  return [`${opening}<summary>${summary}</summary>`, '', ...lines, '', '</details>', ''].join('\n');
}
