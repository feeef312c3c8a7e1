import { isHeld, isSameContent } from './core/content.ts';
import type { Encoding } from './core/evidence.ts';
import { code, type Known, name, type Phrase, phrase, vouch } from './core/phrase.ts';
import type { PlanTarget } from './core/plan.ts';
import type {
  Content,
  FileBytes,
  FileContent,
  Files,
  Held,
  StoreIdentity,
  Swapped,
  WritableStore,
} from './core/ports.ts';
import type { StepOutcome } from './core/proposal.ts';
import { noAnswer } from './gather.ts';

/** Writes what has been decided, to Redis and then to files, and tells what became of each. */

export type Writing = KeyWriting | FileWriting;

export interface KeyWriting {
  readonly to: 'redis';
  readonly config: Known;
  readonly key: string;
  readonly encoding: Encoding;
  /** What is there. */
  readonly before: Held;
  readonly after: Content;
}

export interface FileWriting {
  readonly to: 'file';
  readonly config: Known;
  readonly path: Known;
  readonly before: FileBytes;
  readonly after: FileBytes;
}

export interface WritingPorts {
  readonly store: WritableStore;
  readonly files: Files;
  /** Called once before the first write, with all that is going to be overwritten. When it throws, nothing is written. */
  readonly keep: (writings: readonly Writing[]) => Promise<void>;
  /** All of it or nothing; says why it can't be done. */
  readonly write: (writing: FileWriting) => Promise<Phrase | undefined>;
}

/** How one stands before anything is written. */
export type Readiness =
  | { readonly kind: 'ready'; readonly writing: Writing }
  | { readonly kind: 'done' }
  | { readonly kind: 'refused'; readonly phrase: Phrase; readonly advice: Phrase };

export interface Prepared {
  readonly config: Known;
  readonly to: 'redis' | 'file';
  readonly at: Known;
  readonly readiness: Readiness;
}

/** What became of a plan or a backup. */
export type CarriedOut =
  | { readonly kind: 'done'; readonly steps: readonly StepOutcome[] }
  /** It is of another server: nothing was looked at. */
  | { readonly kind: 'elsewhere'; readonly phrase: Phrase; readonly advice: Phrase };

/** When one is refused, nothing is written at all. The outcomes are in the order of what was prepared. */
export async function carryOut(
  prepared: readonly Prepared[],
  ports: WritingPorts,
): Promise<readonly StepOutcome[]> {
  if (prepared.some(({ readiness }) => readiness.kind === 'refused')) return prepared.map(asRefused);
  const writings = prepared.flatMap(({ readiness }) =>
    readiness.kind === 'ready' ? [readiness.writing] : [],
  );
  if (writings.length > 0) await ports.keep(writings);
  const results = new Map<Writing, Result>();
  const ofKeys = writings.filter((writing) => writing.to === 'redis');
  const swapped = ofKeys.length === 0 ? [] : await ports.store.swap(ofKeys.map(asSwap));
  for (const [index, writing] of ofKeys.entries()) {
    results.set(writing, resultOf(swapped[index] ?? unanswered, writing));
  }
  // What a file is to say follows from what Redis says.
  const isWritten = [...results.values()].every(({ how }) => how === 'written');
  for (const writing of writings.filter((writing) => writing.to === 'file')) {
    results.set(writing, isWritten ? await writeFile(writing, ports) : withheld);
  }
  return prepared.map(({ readiness, ...what }) => ({
    ...what,
    ...(readiness.kind === 'ready' ? (results.get(readiness.writing) ?? lost) : alreadyDone),
  }));
}

type Result = Pick<StepOutcome, 'how' | 'phrase' | 'advice'>;

const alreadyDone: Result = { how: 'already-done' };

const withheld: Result = {
  how: 'not-done',
  phrase: phrase`held back, because not all keys were written`,
};

const lost: Result = { how: 'unknown', phrase: phrase`nobody noted what became of it` };

const unanswered: Swapped = { kind: 'uncertain', fault: noAnswer };

function asRefused({ readiness, ...what }: Prepared): StepOutcome {
  switch (readiness.kind) {
    case 'done':
      return { ...what, ...alreadyDone };
    case 'refused':
      return { ...what, how: 'not-done', phrase: readiness.phrase, advice: readiness.advice };
    case 'ready':
      return { ...what, how: 'not-done', phrase: phrase`held back for the sake of what was refused` };
  }
}

function asSwap({ config, key, encoding, before, after }: KeyWriting) {
  return { name: config, key, encoding, expected: before, next: after };
}

function resultOf(swapped: Swapped, { after }: KeyWriting): Result {
  switch (swapped.kind) {
    case 'swapped':
      if (isHeld(swapped.found) && isSameContent(swapped.found, after)) return { how: 'written' };
      return {
        how: 'unknown',
        phrase: phrase`it was written, and what was read back is something else`,
        advice: phrase`look at the key; what it held is in the backup`,
      };
    case 'moved':
      return {
        how: 'not-done',
        phrase: phrase`somebody has changed it in the last moment, so it was left alone`,
        advice: phrase`plan again`,
      };
    case 'refused':
      return { how: 'not-done', phrase: swapped.fault.phrase, advice: swapped.fault.advice };
    case 'held':
      return {
        how: 'not-done',
        phrase: phrase`held back: it would have had to be written together with another`,
      };
    case 'uncertain':
      return { how: 'unknown', phrase: swapped.fault.phrase, advice: swapped.fault.advice };
  }
}

async function writeFile(writing: FileWriting, { files, write }: WritingPorts): Promise<Result> {
  const moved = fileMoved(await files.read(writing.path), writing.before);
  const why = moved ?? (await write(writing));
  return why === undefined
    ? { how: 'written' }
    : {
        how: 'not-done',
        phrase: why,
        advice: phrase`what is done stays done: mend that, then do the same again`,
      };
}

/** How a file differs from what it was when somebody looked. */
function fileMoved(content: FileContent, before: FileBytes): Phrase | undefined {
  if (content.kind === 'unreadable') return phrase`the file cannot be read: ${code(content.why)}`;
  const now = asBytes(content);
  return isSameContent(now, before)
    ? undefined
    : wordFileChange(now.kind === 'present', before.kind === 'present');
}

export function wordFileChange(isThere: boolean, wasThere: boolean): Phrase {
  if (!isThere) return phrase`the file is gone`;
  return wasThere ? phrase`somebody has changed the file` : phrase`there is a file now, and there was none`;
}

export function asBytes(content: Exclude<FileContent, { readonly kind: 'unreadable' }>): FileBytes {
  return content.kind === 'read' ? { kind: 'present', bytes: content.bytes } : { kind: 'absent' };
}

export const toPrimary = phrase`write with the URL of the primary`;

/** Why nothing may be written to a store, whatever it holds. */
export function unwritable({ isReplica, address }: StoreIdentity): Phrase | undefined {
  return isReplica === true
    ? phrase`${code(address)} is a replica: what is written there is lost when it next takes over from its primary`
    : undefined;
}

/** Why a store isn't the one that was planned for; `undefined` when it is, as far as anyone can tell. */
export function strangeness(planned: PlanTarget, found: PlanTarget): Phrase | undefined {
  if (planned.database !== found.database) {
    return phrase`it was made for database ${code(vouch(String(planned.database)))}, and this is ${code(vouch(String(found.database)))}`;
  }
  const answers = [agree(planned.run, found.run), agree(planned.replication, found.replication)];
  if (answers.includes(true)) return undefined;
  if (answers.includes(false)) {
    return phrase`it was made for the server that ran at ${name(planned.address)} then; this is another, or the same started anew`;
  }
  return planned.address === found.address
    ? undefined
    : phrase`it was made for ${name(planned.address)}, and this is ${name(found.address)}; neither tells who it is`;
}

/** `undefined` when one of them doesn't tell. */
function agree(a: string | null, b: string | null): boolean | undefined {
  return a === null || b === null ? undefined : a === b;
}

/** What is told of a store in a plan. */
export function targetOf(
  { address, database, runs, replications }: StoreIdentity,
  url: Known,
  digest: (text: string) => string,
): PlanTarget {
  const digestOf = (ids: readonly string[] | undefined) => (ids === undefined ? null : digest(ids.join()));
  return { url, address, database, run: digestOf(runs), replication: digestOf(replications) };
}
