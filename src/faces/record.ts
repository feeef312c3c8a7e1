import { randomBytes } from 'node:crypto';
import {
  closeSync,
  constants,
  existsSync,
  fstatSync,
  fsyncSync,
  openSync,
  readFileSync,
  readSync,
  writeSync,
} from 'node:fs';
import { userInfo } from 'node:os';
import { resolve } from 'node:path';
import type { Writing } from '../carry-out.ts';
import { type AuditEvent, auditLine, type LogEntry, type LogStep, withEntry } from '../core/config-log.ts';
import { bytesOf } from '../core/content.ts';
import { utf8 } from '../core/decode.ts';
import { type Known, type Phrase, phrase, vouch } from '../core/phrase.ts';
import type { Content } from '../core/ports.ts';
import type { StepOutcome } from '../core/proposal.ts';
import { weigherOf } from './digest.ts';
import { readOccasion } from './occasion.ts';
import { type Settings, UsageError } from './settings.ts';
import { refuseUnwritable, writeOver } from './whole-file.ts';
import { notWritten, writing } from './writing.ts';

type Env = Readonly<Record<string, string | undefined>>;

export interface RecordRequest extends Pick<LogEntry, 'plan' | 'from' | 'reason'> {
  readonly workspace: string;
  readonly env: Env;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  readonly settings: Pick<Settings, 'record' | 'audit' | 'digestKey'>;
  /** Path of the backup, which the audit is beside when nothing else is said. */
  readonly backup: string;
  readonly target: Known;
}

/** Writes down one run. */
export interface Recorder {
  /** Before anything is written. Throws a `UsageError` when it can't be noted. */
  begin(event: 'applying' | 'undoing', writings: readonly Writing[]): void;
  /** What became of it. What was done stays done, so what can't be noted is said. */
  end(event: 'applied' | 'undone', steps: readonly StepOutcome[]): readonly Phrase[];
}

/** Throws a `UsageError` when the audit or the Markdown log can't be written. */
export function openRecord(request: RecordRequest): Recorder {
  const { workspace, settings, backup } = request;
  const audit = vouch(settings.audit ?? `${backup}.audit.jsonl`);
  const log = settings.record === undefined ? undefined : vouch(settings.record);
  refuseUnwritable(audit, workspace);
  appendLines('', audit, workspace);
  if (log !== undefined) {
    refuseUnwritable(log, workspace);
    logText(log, workspace);
  }
  const run = runOf(request.env);
  const who = whoRuns(request.env, userInfo);
  const changeOf = comparer(settings.digestKey);
  const changes = new Map<string, NonNullable<LogStep['change']>>();
  const { plan, target, from, reason } = request;
  const always = { plan, target, from, reason, who };
  const noted = (step: Noted, event: AuditEvent['event']): AuditEvent => ({
    at: request.now(),
    event,
    ...always,
    ...step,
    ...found('change', changes.get(placeOf(step))),
    ...found('run', run?.link),
  });
  return {
    begin(event, writings) {
      for (const one of writings) changes.set(placeOf(asNoted(one)), changeOf(one));
      const lines = writings.map((one) => auditLine(noted(asNoted(one), event)));
      appendLines(lines.join(''), audit, workspace);
    },
    end(event, outcomes) {
      const lines = outcomes.map((outcome) =>
        auditLine(noted(asNoted(outcome), outcome.how === 'written' ? event : outcome.how)),
      );
      const steps = outcomes.flatMap((outcome) => stepOf(outcome, changes) ?? []);
      const entry = { at: request.now(), what: event, ...always, steps, ...found('run', run) };
      return [
        ...attempted(() => appendLines(lines.join(''), audit, workspace)),
        ...(log === undefined || steps.length === 0
          ? []
          : attempted(() => writeOver(withEntry(logText(log, workspace), entry), log, workspace))),
      ];
    },
  };
}

type Noted = Pick<LogStep, 'config' | 'to' | 'where'>;

function asNoted(one: Writing | StepOutcome): Noted {
  const { config, to } = one;
  if ('at' in one) return { config, to, where: one.at };
  return { config, to, where: one.to === 'redis' ? one.key : one.path };
}

/** A member, where there is something for it. */
function found<Name extends string, Value>(name: Name, value: Value | undefined) {
  return (value === undefined ? {} : { [name]: value }) as { readonly [name in Name]?: Value };
}

function placeOf({ to, where }: Noted): string {
  return `${to} ${where}`;
}

/** Nothing, where nothing was or will be done. */
function stepOf(
  outcome: StepOutcome,
  changes: ReadonlyMap<string, NonNullable<LogStep['change']>>,
): LogStep | undefined {
  const { how } = outcome;
  if (how === 'not-done') return undefined;
  const noted = asNoted(outcome);
  return { ...noted, how, ...found('change', changes.get(placeOf(noted))) };
}

/** Without a key of one's own the digests of a run compare with each other only, and nobody can try out values. */
function comparer(digestKey: string | undefined): (writing: Writing) => NonNullable<LogStep['change']> {
  const rule = { isKeyed: true, salt: 'record', check: '' };
  const { weigh } = weigherOf(rule, digestKey ?? randomBytes(32).toString('base64'));
  const digestOf = (content: Content) => (content.kind === 'absent' ? null : weigh(bytesOf(content)).digest);
  return ({ before, after }) => ({ before: digestOf(before), after: digestOf(after) });
}

/** What could not be done, in a sentence. */
function attempted(work: () => void): readonly Phrase[] {
  try {
    work();
    return [];
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    return [phrase`${error.said}: what was done is not noted there`];
  }
}

/** `undefined` where there is none yet. */
function logText(path: Known, workspace: string): string | undefined {
  const file = resolve(workspace, path);
  if (!writing(path, () => existsSync(file))) return undefined;
  const text = utf8(writing(path, () => readFileSync(file)));
  if (text === undefined) throw notWritten(path, vouch('what is there is not UTF-8'));
  return text;
}

const LINE_FEED = 0x0a;

/**
 * All lines at once: at the end of a file the system writes them in one piece, whoever else appends to it. A line that
 * was cut off, because the disk was full, is not gone on with. They are on the disk when it returns.
 */
function appendLines(lines: string, path: Known, workspace: string): void {
  const { O_APPEND, O_CREAT, O_RDWR, O_NOFOLLOW = 0 } = constants;
  writing(path, () => {
    const open = openSync(resolve(workspace, path), O_APPEND | O_CREAT | O_RDWR | O_NOFOLLOW, 0o600);
    try {
      if (lines === '') return;
      const bytes = Buffer.from(isCutOff(open) ? `\n${lines}` : lines);
      if (writeSync(open, bytes) < bytes.length) throw new Error('cut off');
      fsyncSync(open);
    } finally {
      closeSync(open);
    }
  });
}

function isCutOff(open: number): boolean {
  const { size } = fstatSync(open);
  const last = Buffer.alloc(1);
  return size > 0 && readSync(open, last, 0, 1, size - 1) === 1 && last[0] !== LINE_FEED;
}

/** Who is to be named: on GitHub whoever made the workflow run, else the user of the system. */
export function whoRuns(env: Env, user: () => { readonly username: string }): string {
  // Who runs a workflow again is the triggering actor: the actor stays the first one.
  const { GITHUB_TRIGGERING_ACTOR, GITHUB_ACTOR, USER, LOGNAME } = env;
  const named = [GITHUB_TRIGGERING_ACTOR, GITHUB_ACTOR, USER, LOGNAME].find(
    (name) => name !== undefined && name.trim() !== '',
  );
  if (named !== undefined) return named;
  try {
    return user().username;
  } catch {
    // In a container the user may have no name.
    return 'unknown';
  }
}

/** The run of a workflow and its link; undefined outside of one, or where the link would be none. */
export function runOf(env: Env): LogEntry['run'] {
  const log = readOccasion(env, false)?.log;
  return log !== undefined && /^https?:\/\/[\w.:-]+(?:\/[\w.-]+)+$/.test(log.link) ? log : undefined;
}
