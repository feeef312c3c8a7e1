import { typeOf } from '../../core/content.ts';
import type { Encoding, Fault, Observation } from '../../core/evidence.ts';
import { capture, keyPattern } from '../../core/key-pattern.ts';
import { code, count, type Known, type Phrase, phrase, vouch } from '../../core/phrase.ts';
import { type Files, type FoundKey, type ScanRequest, type Store, StoreFault } from '../../core/ports.ts';
import { NO_TYPE, unpackFields } from './content.ts';
import { type Entry, type Loaded, loadSnapshot, type Snapshot } from './document.ts';
import { isSame, plainDigest, type Sealing } from './seal.ts';
import { plainContent, type Value } from './values.ts';

/** Keys that a scan tells at a time. */
const BATCH = 1000;
const MOST_SIMILAR = 20;

/**
 * A store frozen in a file: verified without any Redis. The file is read at once, so that the target tells when it was
 * taken. One that is no snapshot, or that the passphrase doesn't open, makes every key unreadable.
 */
export async function snapshotStore(
  path: Known,
  files: Pick<Files, 'read'>,
  passphrase?: string,
): Promise<Store> {
  const loaded = await loadSnapshot(path, files, passphrase);
  const when = loaded.ok ? ` (taken ${minuteOf(loaded.snapshot.takenAt)})` : '';
  return storeOver(vouch(`snapshot:${path}${when}`), loaded);
}

/** In UTC. */
function minuteOf(time: string): string {
  return new Date(time).toISOString().replace(/:\d\d\.\d+Z$/, 'Z');
}

function storeOver(target: Known, loaded: Loaded): Store {
  return {
    target,
    async read(asked) {
      return asked.map(({ key, encoding }) => ({
        observation: loaded.ok
          ? observe(loaded.snapshot, key, encoding)
          : { kind: 'unreadable', fault: loaded.fault },
      }));
    },
    async *scan(request) {
      if (!loaded.ok) throw new StoreFault(loaded.fault);
      yield* scan(loaded.snapshot, request);
    },
    async find(_keys, similar) {
      if (!loaded.ok) return { kind: 'unknown', fault: loaded.fault };
      const names = presentKeys(loaded.snapshot).filter(similar).sort().slice(0, MOST_SIMILAR);
      return { kind: 'found', names, databases: new Map() };
    },
    async audit() {
      return { kind: 'unknown', fault: loaded.ok ? noAudit : loaded.fault };
    },
  };
}

const noAudit: Fault = {
  reason: 'unreadable',
  phrase: phrase`a snapshot doesn't tell how its server is set up`,
  advice: phrase`ask the server itself`,
};

function* scan(
  snapshot: Snapshot,
  { pattern, encoding, isOurs, most }: ScanRequest,
): Generator<readonly FoundKey[]> {
  const keys = presentKeys(snapshot).filter((key) => capture(pattern, key) !== undefined && isOurs(key));
  for (let start = 0; start < Math.min(most, keys.length); start += BATCH) {
    yield keys
      .slice(start, Math.min(most, start + BATCH))
      .map((key) => ({ key, observation: observe(snapshot, key, encoding) }));
  }
  if (keys.length > most) {
    throw new StoreFault({
      reason: 'too-large',
      phrase: phrase`more than ${count(most, 'key')} of the snapshot match ${code(pattern.text)}`,
      advice: phrase`raise the ${code('limit')} of the pattern, or name a narrower one`,
    });
  }
  if (!hasAll(snapshot, pattern.text)) {
    throw new StoreFault({
      reason: 'unreadable',
      phrase: phrase`the snapshot doesn't tell which keys match ${code(pattern.text)}`,
      advice: phrase`take one of this pattern too`,
    });
  }
}

function presentKeys({ entries }: Snapshot): readonly string[] {
  return Array.from(entries).flatMap(([key, { type }]) => (type === NO_TYPE ? [] : [key]));
}

/** Whether every key of a pattern is listed. */
function hasAll({ patterns }: Snapshot, pattern: string): boolean {
  return patterns === undefined || patterns.includes(pattern) || patterns.includes('*');
}

/** Whether a key would be listed if it were there. */
function isTold({ patterns }: Snapshot, key: string): boolean {
  return (
    patterns === undefined || patterns.some((pattern) => capture(keyPattern('', pattern), key) !== undefined)
  );
}

function observe(snapshot: Snapshot, key: string, encoding: Encoding): Observation {
  const { entries, sealing } = snapshot;
  const entry = entries.get(key);
  if (entry === undefined) return isTold(snapshot, key) ? { kind: 'absent' } : untold;
  const { type, ttl, value } = entry;
  if (type === NO_TYPE) return { kind: 'absent' };
  if (type !== typeOf[encoding]) return { kind: 'wrong-type', type };
  if (value === undefined) {
    return unreadable(phrase`the snapshot doesn't hold the value`, phrase`take one that does`);
  }
  const content = contentOf(key, entry, value, sealing);
  const fields = content !== undefined && type === 'hash' ? unpackFields(content) : [];
  if (content === undefined || fields === undefined) {
    return unreadable(
      phrase`the value in the snapshot is not the one whose digest stands beside it`,
      phrase`somebody edited the file: take a new snapshot`,
    );
  }
  const lifetime = ttl === undefined || ttl === null ? {} : { ttl };
  return type === 'hash'
    ? { kind: 'fields', fields, ...lifetime }
    : { kind: 'present', bytes: content, ...lifetime };
}

const untold = unreadable(
  phrase`the snapshot tells nothing of this key`,
  phrase`take one of this config too`,
);

function unreadable(said: Phrase, advice: Phrase): Observation {
  return { kind: 'unreadable', fault: { reason: 'unreadable', phrase: said, advice } };
}

/** The bytes that were digested, or `undefined` when these aren't. */
function contentOf(
  key: string,
  entry: Entry,
  value: Value,
  sealing: Sealing | undefined,
): Uint8Array | undefined {
  // What is encrypted is so throughout, and nothing else is.
  if ('encrypted' in value !== (sealing !== undefined)) return undefined;
  const content =
    'encrypted' in value
      ? sealing?.decrypt(value.encrypted, { ...entry, key })
      : plainContent(entry.type, value);
  if (content === undefined || entry.digest === undefined) return undefined;
  return isSame((sealing?.digest ?? plainDigest)(content), entry.digest) ? content : undefined;
}
