import type { ConfigSpec, Encoding, Fault } from './core/evidence.ts';
import type { PatternSpec } from './core/key-pattern.ts';
import { code, count, type Known, name, type Part, phrase } from './core/phrase.ts';
import { type FoundKey, type Store, StoreFault } from './core/ports.ts';
import type { ServerEvidence } from './core/server.ts';

/** The verb that writes down what the chosen keys hold, so that they can be verified without the server. */

export interface SnapshotPorts<Entry> {
  readonly store: Store;
  /** What the document says of a key; `undefined` when there is nothing that it could say. */
  readonly entry: (taken: TakenKey) => Entry | undefined;
}

export interface TakenKey extends FoundKey {
  readonly encoding: Encoding;
}

export type Taking<Entry> =
  | {
      readonly kind: 'taken';
      readonly takenAt: number;
      readonly server: ServerEvidence;
      /** By key; one that is absent is not listed. */
      readonly keys: ReadonlyMap<string, Entry>;
      /** Configs whose key is absent. */
      readonly absent: readonly ConfigSpec[];
      /** Keys of a type whose value is not read. */
      readonly foreign: number;
    }
  /** Nothing is written then: a snapshot that leaves something out says that it isn't there. */
  | { readonly kind: 'refused'; readonly refusals: readonly Refusal[] };

/** What can't be read, so that there is no snapshot. */
export interface Refusal {
  readonly config: Known;
  /** The key, or the pattern when its names are hidden. */
  readonly key: Part;
  readonly fault: Fault;
}

/** So many refusals say enough. */
const MOST_REFUSALS = 20;

/**
 * Reads the keys of the specs in one instant, then those of the patterns. `now`: milliseconds since the epoch. Values
 * have `mostBytes` together at the most.
 */
export async function takeSnapshot<Entry>(
  specs: readonly ConfigSpec[],
  patterns: readonly PatternSpec[],
  { store, entry }: SnapshotPorts<Entry>,
  now: number,
  mostBytes: number,
): Promise<Taking<Entry>> {
  const ledger = newLedger(entry, mostBytes);
  const absent = await readSpecs(specs, store, ledger);
  // A server that can't be reached would be waited for once more per pattern.
  for (const rule of patterns) if (ledger.refusals.length === 0) await scanPattern(rule, store, ledger);
  const { refusals, keys, foreign } = ledger;
  if (refusals.length > 0) return { kind: 'refused', refusals };
  const server = await store.audit();
  return { kind: 'taken', takenAt: now, server, keys, absent, foreign: foreign.size };
}

/** What has been read so far. */
interface Ledger<Entry> {
  readonly keys: Map<string, Entry>;
  readonly foreign: Set<string>;
  readonly refusals: Refusal[];
  add(taken: TakenKey, config: Known, shown: Part): void;
}

function newLedger<Entry>(entryOf: SnapshotPorts<Entry>['entry'], mostBytes: number): Ledger<Entry> {
  let bytes = 0;
  const full = tooLarge(mostBytes);
  const ledger: Ledger<Entry> = {
    keys: new Map(),
    foreign: new Set(),
    refusals: [],
    add(taken, config, key) {
      bytes += sizeOf(taken.observation);
      const fault = faultOf(taken.observation) ?? (bytes > mostBytes ? full : undefined);
      if (fault === undefined) record(ledger, taken, entryOf(taken));
      // Every key that comes after is too much as well.
      else if (fault !== full || ledger.refusals.at(-1)?.fault !== full)
        ledger.refusals.push({ config, key, fault });
    },
  };
  return ledger;
}

function record<Entry>({ keys, foreign }: Ledger<Entry>, taken: TakenKey, entry: Entry | undefined): void {
  const { key, observation } = taken;
  // Two configs may share a key, and read it differently: a value says more than a type.
  const isKnown = keys.has(key) && (observation.kind === 'wrong-type' || !foreign.has(key));
  if (entry === undefined || isKnown) return;
  keys.set(key, entry);
  if (observation.kind === 'wrong-type') foreign.add(key);
  else foreign.delete(key);
}

function faultOf(observation: TakenKey['observation']): Fault | undefined {
  if (observation.kind === 'unreadable') return observation.fault;
  if (observation.kind !== 'unasked') return undefined;
  return {
    reason: 'no-target',
    phrase: phrase`there is nothing that it could be read from`,
    advice: phrase`name a Redis`,
  };
}

function sizeOf(observation: TakenKey['observation']): number {
  if (observation.kind === 'present') return observation.bytes.length;
  if (observation.kind !== 'fields') return 0;
  return observation.fields.reduce((sum, field) => sum + field.name.length + field.value.length, 0);
}

function tooLarge(mostBytes: number): Fault {
  return {
    reason: 'too-large',
    phrase: phrase`the values have more than the ${count(mostBytes, 'byte')} that a snapshot may have`,
    advice: phrase`take a part of the keys, or leave the values out`,
  };
}

/** The specs whose key is absent. */
async function readSpecs<Entry>(
  specs: readonly ConfigSpec[],
  store: Store,
  ledger: Ledger<Entry>,
): Promise<readonly ConfigSpec[]> {
  if (specs.length === 0) return [];
  const asked = specs.map(({ name: config, storedKey, encoding }) => ({
    name: config,
    key: storedKey,
    encoding,
  }));
  const sightings = await store.read(asked);
  return specs.filter((spec, index) => {
    const { storedKey: key, encoding } = spec;
    const observation = sightings[index]?.observation ?? { kind: 'unasked' };
    ledger.add({ key, encoding, observation }, spec.name, code(spec.key));
    return observation.kind === 'absent';
  });
}

async function scanPattern<Entry>(
  { pattern, template, limit, hidesNames }: PatternSpec,
  store: Store,
  ledger: Ledger<Entry>,
): Promise<void> {
  const { encoding, name: config } = template;
  const isOurs = (key: string) => !ledger.keys.has(key) || ledger.foreign.has(key);
  try {
    for await (const batch of store.scan({ pattern, encoding, isOurs, most: limit })) {
      for (const { key, observation } of batch) {
        ledger.add({ key, observation, encoding }, config, hidesNames ? code(pattern.text) : name(key));
        if (ledger.refusals.length >= MOST_REFUSALS) return;
      }
    }
  } catch (error) {
    if (!(error instanceof StoreFault)) throw error;
    ledger.refusals.push({ config, key: code(pattern.text), fault: error.fault });
  }
}
