import { snapshotTrove } from '../adapters/snapshot/trove.ts';
import { typeOf } from '../core/content.ts';
import type { Encoding } from '../core/evidence.ts';
import { code, count, phrase, vouch } from '../core/phrase.ts';
import { type Files, type Holding, type SandboxEntry, type Store, StoreFault } from '../core/ports.ts';
import { type TakenKey, takeSnapshot } from '../snapshot.ts';
import type { Configs } from './configs.ts';
import { type Settings, UsageError } from './settings.ts';

/** What a rehearsal begins with. */

/** As large as a snapshot may be. */
const MOST_BYTES = 64 * 1024 ** 2;

interface Circumstances extends Pick<Configs, 'specs' | 'patterns'> {
  readonly files: Files;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

/**
 * The keys of all configs, and of a snapshot whatever else it holds. Throws a `UsageError` when something of it can't
 * be read: what a migration does to it would be seen by no proof.
 */
export async function entriesOf(
  store: Store,
  settings: Settings,
  circumstances: Circumstances,
): Promise<readonly SandboxEntry[]> {
  const [, kind, place = ''] = /^(snapshot|endpoint):(.*)$/s.exec(settings.store ?? '') ?? [];
  if (kind === 'endpoint') {
    throw new UsageError(
      phrase`an application doesn't tell what its keys hold to the byte`,
      phrase`begin with a snapshot, or with a Redis`,
    );
  }
  const entries = await takenFrom(store, circumstances);
  if (kind !== 'snapshot') return [...entries.values()];
  const others = await othersIn(place.trim(), settings, circumstances.files, entries);
  return [...entries.values(), ...others];
}

async function takenFrom(
  store: Store,
  { specs, patterns, now }: Circumstances,
): Promise<ReadonlyMap<string, SandboxEntry>> {
  const foreign = new Set<string>();
  const write = (taken: TakenKey) => {
    const entry = entryOf(taken);
    if (taken.observation.kind === 'wrong-type') foreign.add(taken.key);
    return entry === undefined ? undefined : { entry, bytes: sizeOf(entry) };
  };
  const taking = await takeSnapshot(specs, patterns, { store, write }, now, { mostBytes: MOST_BYTES });
  if (taking.kind === 'refused') {
    const [first, ...others] = taking.refusals;
    throw new UsageError(
      phrase`the rehearsal can't begin, because something in it would be missing: ${first?.fault.phrase ?? phrase``}`,
      first?.fault.advice ?? phrase``,
      others.map(({ key, fault }) => phrase`${key}: ${fault.phrase}`),
    );
  }
  const entries = new Map(Array.from(taking.keys, ([key, { entry }]) => [key, entry]));
  const unknown = [...foreign].filter((key) => !entries.has(key)).length;
  if (unknown === 0) return entries;
  throw new UsageError(
    phrase`${count(unknown, 'key')} of configs can't be put into a sandbox, being of another type than the config`,
    phrase`mend them first: ${code('guardian verify')} names them`,
  );
}

function entryOf({ key, encoding, observation }: TakenKey): SandboxEntry | undefined {
  if (observation.kind !== 'present' && observation.kind !== 'fields') return undefined;
  const { ttl, ...content } = observation;
  return { key, encoding, content, ...(ttl === undefined ? {} : { ttl }) };
}

function sizeOf({ content }: SandboxEntry): number {
  return content.kind === 'present'
    ? content.bytes.length
    : content.fields.reduce((sum, { name, value }) => sum + name.length + value.length, 0);
}

async function othersIn(
  path: string,
  { snapshotPassphrase }: Settings,
  files: Files,
  known: ReadonlyMap<string, SandboxEntry>,
): Promise<readonly SandboxEntry[]> {
  const trove = await snapshotTrove(vouch(path), files, snapshotPassphrase);
  const entries: SandboxEntry[] = [];
  try {
    for await (const { names } of trove.names('*')) {
      const others = names.filter((name) => !known.has(textOf(name)));
      const held = await trove.read(others);
      others.forEach((name, index) => {
        const entry = entryHeld(textOf(name), held[index]);
        if (entry !== undefined) entries.push(entry);
      });
    }
  } catch (error) {
    if (error instanceof StoreFault) throw new UsageError(error.fault.phrase, error.fault.advice);
    throw error;
  }
  return entries;
}

function entryHeld(key: string, held: Holding | undefined): SandboxEntry | undefined {
  if (held === undefined || held.kind === 'absent') return undefined;
  if (held.kind === 'unreadable') throw new StoreFault(held.fault);
  const { bytes, fields, ttl } = held;
  const life = ttl === undefined ? {} : { ttl };
  const encoding: Encoding = held.type === typeOf.redisjson ? 'redisjson' : 'json';
  if (bytes !== undefined) return { key, encoding, content: { kind: 'present', bytes }, ...life };
  return fields && { key, encoding: 'hash', content: { kind: 'fields', fields }, ...life };
}

function textOf(name: Uint8Array): string {
  return new TextDecoder().decode(name);
}
