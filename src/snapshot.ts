import type { ConfigSpec, Encoding, Fault, Observation } from './core/evidence.ts';
import type { PatternSpec } from './core/key-pattern.ts';
import { code, count, type Known, name, type Part, phrase } from './core/phrase.ts';
import { type FoundKey, type Store, StoreFault } from './core/ports.ts';
import type { ServerEvidence } from './core/server.ts';

/** The verb that writes down what the chosen keys hold, so that they can be verified without the server. */

export interface SnapshotPorts<Entry> {
  readonly store: Store;
  /** What the document says of a key; `undefined` when there is nothing that it could say. */
  readonly write: (taken: TakenKey) => Entry | undefined;
}

export interface TakenKey extends FoundKey {
  readonly encoding: Encoding;
}

export interface Bounds {
  /** Of all entries together. */
  readonly mostBytes: number;
}

export type Taking<Entry> =
  | {
      readonly kind: 'taken';
      /** Milliseconds since the epoch. */
      readonly takenAt: number;
      readonly server: ServerEvidence;
      /** Of these all keys are listed. */
      readonly patterns: readonly Known[];
      /** By key; of a pattern, one that is absent is not listed. */
      readonly keys: ReadonlyMap<string, Entry>;
      /** Keys of configs that are absent. */
      readonly absent: readonly Known[];
      /** Keys of a type whose value is not read. */
      readonly foreign: number;
    }
  /** Nothing is to be written then: a snapshot that leaves something out says that it isn't there. */
  | { readonly kind: 'refused'; readonly refusals: readonly Refusal[] };

/** What can't be read, so that there is no snapshot. */
export interface Refusal {
  /** The key, or the pattern when its names are hidden. */
  readonly key: Part;
  readonly fault: Fault;
}

/** So many refusals say enough. */
const MOST_REFUSALS = 20;

/** Reads the keys of the specs in one instant, then those of the patterns. `now`: milliseconds since the epoch. */
export async function takeSnapshot<Entry extends { readonly bytes: number }>(
  specs: readonly ConfigSpec[],
  patterns: readonly PatternSpec[],
  { store, write }: SnapshotPorts<Entry>,
  now: number,
  bounds: Bounds,
): Promise<Taking<Entry>> {
  const ledger = openLedger(write, bounds);
  const absent = await readSpecs(specs, store, ledger);
  // A server that can't be reached would be waited for once more per pattern.
  for (const rule of patterns) if (ledger.refusals.length === 0) await scanPattern(rule, store, ledger);
  const { refusals, keys, foreign } = ledger;
  if (refusals.length > 0) return { kind: 'refused', refusals };
  return {
    kind: 'taken',
    takenAt: now,
    server: await store.audit(),
    patterns: patterns.map(({ pattern }) => pattern.text),
    keys,
    absent,
    foreign: foreign.size,
  };
}

/** What has been read so far. */
interface Ledger<Entry> {
  readonly keys: Map<string, Entry>;
  readonly foreign: Set<string>;
  readonly refusals: Refusal[];
  add(taken: TakenKey, shown: Part): void;
  /** There will be no snapshot, and enough was said of why. */
  isFull(): boolean;
}

function openLedger<Entry extends { readonly bytes: number }>(
  write: SnapshotPorts<Entry>['write'],
  { mostBytes }: Bounds,
): Ledger<Entry> {
  const keys = new Map<string, Entry>();
  const foreign = new Set<string>();
  const refusals: Refusal[] = [];
  let bytes = 0;
  const enter = (taken: TakenKey, shown: Part) => {
    const { key, observation } = taken;
    const isForeign = observation.kind === 'wrong-type';
    // Two configs may share a key, and read it differently: a value says more than a type.
    if (keys.has(key) && (isForeign || !foreign.has(key))) return;
    const entry = write(taken);
    if (entry === undefined) return;
    keys.set(key, entry);
    if (isForeign) foreign.add(key);
    else foreign.delete(key);
    bytes += entry.bytes;
    if (bytes > mostBytes) refusals.push({ key: shown, fault: tooLarge(mostBytes) });
  };
  const isFull = () => bytes > mostBytes || refusals.length >= MOST_REFUSALS;
  const add = (taken: TakenKey, shown: Part) => {
    if (isFull()) return;
    const fault = faultOf(taken.observation);
    if (fault === undefined) enter(taken, shown);
    else refusals.push({ key: shown, fault });
  };
  return { keys, foreign, refusals, add, isFull };
}

function faultOf(observation: Observation): Fault | undefined {
  if (observation.kind === 'unreadable') return observation.fault;
  if (observation.kind !== 'unasked') return undefined;
  return {
    reason: 'no-target',
    phrase: phrase`there is nothing that it could be read from`,
    advice: phrase`name a Redis`,
  };
}

function tooLarge(mostBytes: number): Fault {
  return {
    reason: 'too-large',
    phrase: phrase`with it the snapshot has more than the ${count(mostBytes, 'byte')} that it may have`,
    advice: phrase`take a part of the keys`,
  };
}

/** The keys that are absent. */
async function readSpecs<Entry>(
  specs: readonly ConfigSpec[],
  store: Store,
  ledger: Ledger<Entry>,
): Promise<readonly Known[]> {
  if (specs.length === 0) return [];
  const sightings = await store.read(
    specs.map(({ name: config, storedKey, encoding }) => ({ name: config, key: storedKey, encoding })),
  );
  const absent: Known[] = [];
  for (const [index, { key: shown, storedKey: key, encoding }] of specs.entries()) {
    const observation: Observation = sightings[index]?.observation ?? { kind: 'unasked' };
    if (observation.kind === 'absent') absent.push(shown);
    ledger.add({ key, encoding, observation }, code(shown));
  }
  return absent;
}

async function scanPattern<Entry>(
  { pattern, template: { encoding }, limit, hidesNames }: PatternSpec,
  store: Store,
  ledger: Ledger<Entry>,
): Promise<void> {
  const { keys, foreign } = ledger;
  const isOurs = (key: string) => !keys.has(key) || foreign.has(key);
  try {
    for await (const batch of store.scan({ pattern, encoding, isOurs, most: limit })) {
      for (const { key, observation } of batch) {
        ledger.add({ key, observation, encoding }, hidesNames ? code(pattern.text) : name(key));
      }
      if (ledger.isFull()) return;
    }
  } catch (error) {
    if (!(error instanceof StoreFault)) throw error;
    ledger.refusals.push({ key: code(pattern.text), fault: error.fault });
  }
}
