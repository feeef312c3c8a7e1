import { resolve } from 'node:path';
import { freshDerivation, type Sealing, sealingOf } from '../adapters/snapshot/seal.ts';
import { presentIn, snapshotText, type Written, writeKey } from '../adapters/snapshot/write.ts';
import type { ConfigSpec } from '../core/evidence.ts';
import type { PatternSpec } from '../core/key-pattern.ts';
import { code, count, joined, type Known, type Part, type Phrase, phrase, vouch } from '../core/phrase.ts';
import { clean, plain } from '../core/plain.ts';
import type { Store } from '../core/ports.ts';
import { type Refusal, type Taking, takeSnapshot } from '../snapshot.ts';
import type { Outcome } from './ending.ts';
import { UsageError } from './settings.ts';
import { refuseWhatIsThere, type Target, writeWhole } from './whole-file.ts';

/** What becomes of values: they are kept as they are, encrypted or left out. */
export const valueModes = ['keep', 'encrypt', 'omit'] as const;
export type ValueMode = (typeof valueModes)[number];

export interface SnapshotRequest {
  readonly store: Store;
  /** What was named in place of a Redis. */
  readonly source?: string | undefined;
  readonly specs: readonly ConfigSpec[];
  readonly patterns: readonly PatternSpec[];
  /** Path of the file, relative to the workspace. */
  readonly out: string;
  readonly workspace: string;
  /** Kept as they are when nothing is said, unless there is a passphrase. */
  readonly values?: ValueMode | undefined;
  /** Whether a file that is there may be replaced. */
  readonly force: boolean;
  readonly passphrase?: string | undefined;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

/** As large as a file may be that is read back, but for the head of the document. */
const MOST_BYTES = 64 * 1024 ** 2 - 4096;

/** `snapshot`: writes down what is in Redis. What can't be read keeps the file from being written at all. */
export async function snapshot(request: SnapshotRequest): Promise<Outcome> {
  const { store, specs, patterns, out, workspace, force, now } = request;
  refuseCopies(request.source);
  const values = modeOf(request);
  const target = targetOf(out, workspace, force);
  refuseWhatIsThere(target);
  const sealing = values === 'encrypt' ? await freshSealing(request.passphrase) : undefined;
  const keeping = sealing ?? (values === 'omit' ? 'omit' : 'keep');
  const ports = { store, write: (taken: Parameters<typeof writeKey>[0]) => writeKey(taken, keeping) };
  const taking = await takeSnapshot(specs, patterns, ports, now, { mostBytes: MOST_BYTES });
  if (taking.kind === 'refused') throw refused(taking.refusals);
  writeWhole(snapshotText(taking, sealing), target);
  const told = [wordTaken(taking, store.target, values), ...warnings(taking, patterns, values)];
  return { text: `${clean(out)}: ${told.map(plain).join('\n')}\n`, exitCode: 0 };
}

/** It would say of itself that it was taken now. */
function refuseCopies(source: string | undefined): void {
  if (source === undefined || source === '') return;
  throw new UsageError(
    phrase`a snapshot is taken of a Redis, and ${code('--store')} names something else`,
    phrase`name a Redis with ${code('--redis')}; a snapshot that there is already can be copied as a file`,
  );
}

/** Whoever has a passphrase set may take the file for an encrypted one. */
function modeOf({ values, passphrase }: SnapshotRequest): ValueMode {
  if (values !== undefined) return values;
  if (passphrase === undefined || passphrase === '') return 'keep';
  throw new UsageError(
    phrase`there is a passphrase, and nothing says that the values are to be encrypted`,
    phrase`say what becomes of them: ${code('--values encrypt')}, or ${code('keep')} or ${code('omit')}`,
  );
}

function targetOf(out: string, workspace: string, force: boolean): Target {
  if (out.trim() !== '') return { path: vouch(out), file: resolve(workspace, out), force };
  throw new UsageError(
    phrase`${code('--out')} names no file`,
    phrase`say where the snapshot is to be written`,
  );
}

export async function freshSealing(passphrase: string | undefined): Promise<Sealing> {
  if (passphrase === undefined || passphrase === '') {
    throw new UsageError(
      phrase`there is no passphrase to encrypt the values with`,
      phrase`set ${code('GUARDIAN_SNAPSHOT_PASSPHRASE')}, to what ${code('openssl rand -base64 32')} prints, say`,
    );
  }
  return sealingOf(passphrase, freshDerivation());
}

/** So many keys with the same fault are named. */
const MOST_NAMED = 10;

/** One line per fault: a server that is gone is one trouble, however many keys it has. */
function refused(refusals: readonly Refusal[]): UsageError {
  const byFault = new Map<Refusal['fault'], Part[]>();
  for (const { key, fault } of refusals) byFault.set(fault, [...(byFault.get(fault) ?? []), key]);
  const [first, ...others] = [...byFault].map(([fault, keys]) => ({
    ...fault,
    said: wordRefused(keys, fault),
  }));
  return new UsageError(
    phrase`no snapshot was written, because something in it would be missing: ${first?.said ?? phrase``}`,
    first?.advice ?? phrase``,
    others.map(({ said, advice }) => phrase`${said} (${advice})`),
  );
}

function wordRefused(keys: readonly Part[], fault: Refusal['fault']): Phrase {
  const distinct = keys.filter((key, index) => keys.findIndex((other) => isSamePart(key, other)) === index);
  const named = joined(distinct.slice(0, MOST_NAMED), ', ');
  const more = distinct.length - MOST_NAMED;
  return more > 0
    ? phrase`${named} and ${count(more, 'other key')}: ${fault.phrase}`
    : phrase`${named}: ${fault.phrase}`;
}

/** The keys of a pattern with hidden names are all told as the pattern. */
function isSamePart(a: Part, b: Part): boolean {
  return a.kind !== 'hidden' && b.kind !== 'hidden' && a.text === b.text;
}

type Taken = Extract<Taking<Written>, { readonly kind: 'taken' }>;

const howValues: Readonly<Record<ValueMode, Phrase>> = {
  keep: phrase`with their values`,
  encrypt: phrase`with their values encrypted`,
  omit: phrase`without their values`,
};

function wordTaken({ keys }: Taken, target: Known, values: ValueMode): Phrase {
  return phrase`${count(presentIn(keys), 'key')} of ${code(target)}, ${howValues[values]}`;
}

/** What whoever keeps the file should know of it. */
function warnings(
  { absent, foreign }: Taken,
  patterns: readonly PatternSpec[],
  values: ValueMode,
): readonly Phrase[] {
  const secretNames = patterns.filter(({ hidesNames }) => hidesNames);
  const told = (is: boolean, said: Phrase) => (is ? [said] : []);
  return [
    ...told(absent.length > 0, phrase`not there, and listed so: ${listed(absent)}`),
    ...told(foreign > 0, phrase`${count(foreign, 'key')} of another type: the type is listed, and no value`),
    ...told(
      secretNames.length > 0,
      phrase`warning: the names of keys are not encrypted, and those of ${listed(secretNames.map(({ template }) => template.name))} are secret`,
    ),
    ...told(
      values === 'keep',
      phrase`warning: whoever can read the file can read the values: don't commit it`,
    ),
    ...told(values === 'omit', phrase`warning: a value of few possibilities can be guessed from its digest`),
  ];
}

function listed(names: readonly Known[]): Phrase {
  return joined(
    names.map((name) => code(name)),
    ', ',
  );
}
