import { appendTo } from './markdown-section.ts';
import { clean, cut } from './plain.ts';
import type { Direction } from './plan.ts';
import { linkRun, type Run } from './sticky.ts';

/** What was done to configs, and why: for people in Markdown, for machines as lines of JSON. Values are in neither. */

/** One run that applied or undid something. */
export interface LogEntry {
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly what: 'applied' | 'undone';
  /** The hash of the plan. */
  readonly plan: string;
  /** Without credentials. */
  readonly target: string;
  /** Which side was right. */
  readonly from: Direction | 'backup';
  readonly reason: string;
  readonly who: string;
  readonly run?: Run & { readonly link: string };
  readonly steps: readonly LogStep[];
}

export interface LogStep {
  readonly config: string;
  readonly to: 'redis' | 'file';
  /** The key or the path. */
  readonly where: string;
  /** `unknown` nobody can tell whether it was written. */
  readonly how: 'written' | 'already-done' | 'unknown';
  /** Digests of what was there and of what is to be there, null for nothing; absent where nothing was to be written. */
  readonly change?: { readonly before: string | null; readonly after: string | null };
}

/** What a line of the audit tells of one key or file. */
export interface AuditEvent extends Pick<LogEntry, 'at' | 'plan' | 'target' | 'from' | 'reason' | 'who'> {
  /** `applying` and `undoing` are told before anything is written; `unknown`: nobody can tell whether it was. */
  readonly event: 'applying' | 'applied' | 'undoing' | 'undone' | 'already-done' | 'not-done' | 'unknown';
  readonly config: string;
  readonly to: LogStep['to'];
  readonly where: string;
  readonly change?: LogStep['change'];
  /** A link. */
  readonly run?: string;
}

/** One line of JSON, with its end, in which nothing is left that a terminal or the workflow runner obeys. */
export function auditLine(event: AuditEvent): string {
  const { at, event: what, plan, target, from, config, to, where, change, reason, who, run } = event;
  const line = JSON.stringify({
    at: new Date(at).toISOString(),
    event: what,
    plan,
    target,
    from,
    config,
    to,
    [to === 'redis' ? 'key' : 'path']: where,
    before: change?.before,
    after: change?.after,
    reason,
    who,
    run,
  });
  return `${clean(line.replaceAll('##[', '#\\u0023['))}\n`;
}

const PROGRESS = 'Progress';
const DECISIONS = 'Decisions';

const EMPTY = `# Configuration log

What was corrected in the configuration, and why.

## ${PROGRESS}

## ${DECISIONS}
`;

/**
 * The log with one more entry: what was done at the end of the section `## Progress`, and why at that of
 * `## Decisions`. All the rest stays byte for byte, and so do the line ends. `undefined`: there is no log yet.
 */
export function withEntry(text: string | undefined, entry: LogEntry): string {
  const log = text === undefined || text.trim() === '' ? EMPTY : text;
  const done = entry.steps.map((step) => progressItem(step, entry));
  return appendTo(appendTo(log, PROGRESS, done), DECISIONS, [decisionItem(entry)]);
}

const sides: Readonly<Record<LogEntry['from'], string>> = {
  fallback: 'from the fallback',
  redis: 'from Redis',
  'base-merge': 'merged of both sides',
  backup: 'from the backup',
};

const outcomes: Readonly<Record<LogStep['how'], string>> = {
  written: '',
  'already-done': ', which was there already',
  unknown: ', and nobody can tell whether it was written',
};

function progressItem(
  { config, to, where, how, change }: LogStep,
  { at, what, who, from, target, run }: LogEntry,
) {
  const place = to === 'redis' ? `Redis key ${quoted(where)} of ${quoted(target)}` : `file ${quoted(where)}`;
  const digests = change === undefined ? '' : `, ${shortened(change.before)} → ${shortened(change.after)}`;
  const link = run === undefined ? '' : `, ${linkRun(run, run.link)}`;
  return `- ${minuteOf(at)}, ${quoted(who)}: ${quoted(config)} ${what}, ${place} ${sides[from]}${outcomes[how]}${digests}${link}`;
}

function decisionItem({ at, what, who, reason, plan }: LogEntry): string {
  return `- ${minuteOf(at)}, ${quoted(who)}: ${quoted(reason)} (plan ${shortened(plan)}, ${what})`;
}

/** In UTC. */
function minuteOf(at: number): string {
  return new Date(at)
    .toISOString()
    .replace('T', ' ')
    .replace(/:\d\d\.\d+Z$/, ' UTC');
}

/** Hexadecimal digits of a digest: enough to tell one from another. */
const DIGITS = 12;

function shortened(digest: string | null): string {
  return digest === null ? 'nothing' : quoted(digest.slice(digest.indexOf(':') + 1).slice(0, DIGITS));
}

/** Characters of foreign text. */
const LONGEST = 500;

/**
 * Foreign text as a code span on one line. In that nothing has a meaning: no heading, link, HTML or mention; and a run
 * of backticks that is longer than any in it can't be closed by it.
 */
function quoted(text: string): string {
  const line = clean(cut(text.replace(/[\s\p{Zl}\p{Zp}]+/gu, ' ').trim(), LONGEST));
  const longest = (line.match(/`+/g) ?? []).reduce((length, { length: own }) => Math.max(length, own), 0);
  const fence = '`'.repeat(longest + 1);
  const pad = line === '' || line.startsWith('`') || line.endsWith('`') ? ' ' : '';
  return `${fence}${pad}${line}${pad}${fence}`;
}
