import * as z from 'zod/mini';
import { decodeBytes } from '../../core/decode.ts';
import type { Encoding, Fault, Field, Observation } from '../../core/evidence.ts';
import { isObject, type Json } from '../../core/json.ts';
import { capture } from '../../core/key-pattern.ts';
import { code, count, type Known, name, type Phrase, phrase, vouch } from '../../core/phrase.ts';
import { formatPointer } from '../../core/pointer.ts';
import { type Files, type FoundKey, type ScanRequest, type Store, StoreFault } from '../../core/ports.ts';
import {
  isSame,
  type Label,
  packFields,
  plainDigest,
  type Sealing,
  sealingOf,
  typeOf,
  unpackFields,
} from './seal.ts';

const Text = z.union([z.object({ utf8: z.string() }), z.object({ base64: z.string() })]);
type Text = z.infer<typeof Text>;

/** What of `schemas/snapshot.schema.json` reading needs; the rest of the format is for other readers. */
const Head = z.object({
  format: z.literal('redis-config-guardian/snapshot'),
  version: z.literal(1),
  takenAt: z.string(),
  server: z.optional(z.object({ kind: z.string(), version: z.nullable(z.string()) })),
  encryption: z.optional(
    z.object({
      cipher: z.literal('aes-256-gcm'),
      kdf: z.object({
        name: z.literal('scrypt'),
        // Less is guessed, and more is no snapshot of ours but an attempt to exhaust us.
        N: z.literal([15, 16, 17, 18].map((exponent) => 2 ** exponent)),
        r: z.literal(8),
        p: z.literal(1),
        salt: z.string(),
      }),
      check: z.string(),
      seal: z.string(),
    }),
  ),
  keys: z.custom<{ readonly [key: string]: Json }>((keys) => isObject(keys as Json)),
});
type Head = z.infer<typeof Head>;

const Entry = z.object({
  type: z.string(),
  ttl: z.optional(z.nullable(z.number())),
  length: z.optional(z.number()),
  digest: z.optional(z.string()),
  value: z.optional(
    z.union([
      Text,
      z.object({ fields: z.array(z.tuple([Text, Text])) }),
      z.object({ encrypted: z.string() }),
    ]),
  ),
});
type Entry = z.infer<typeof Entry>;

interface Snapshot {
  readonly entries: ReadonlyMap<string, Entry>;
  /** Absent when values aren't encrypted. */
  readonly sealing?: Sealing;
}

/** Keys that a scan tells at a time. */
const BATCH = 1000;
const MOST_SIMILAR = 20;

/**
 * A store frozen in a file: verified without any Redis. The file is read once. One that is no snapshot, or that the
 * passphrase doesn't open, makes every key unreadable.
 */
export function snapshotStore(path: Known, files: Files, passphrase?: string): Store {
  let loading: Promise<Loaded> | undefined;
  const loaded = () => {
    loading ??= load(path, files, passphrase);
    return loading;
  };
  return {
    target: vouch(`snapshot:${path}`),
    async read(asked) {
      const ended = await loaded();
      return asked.map(({ key, encoding }) => ({
        observation: ended.ok
          ? observe(ended.snapshot, key, encoding)
          : { kind: 'unreadable', fault: ended.fault },
      }));
    },
    async *scan(request) {
      const ended = await loaded();
      if (!ended.ok) throw new StoreFault(ended.fault);
      yield* scan(ended.snapshot, request);
    },
    async audit() {
      return {
        kind: 'unknown',
        fault: {
          reason: 'unreadable',
          phrase: phrase`a snapshot doesn't tell how its server is set up`,
          advice: phrase`ask the server itself: ${code('guardian doctor')}`,
        },
      };
    },
    async find(_keys, similar) {
      const ended = await loaded();
      if (!ended.ok) return { kind: 'unknown', fault: ended.fault };
      const names = [...ended.snapshot.entries.keys()].filter(similar).sort().slice(0, MOST_SIMILAR);
      return { kind: 'found', names, databases: new Map() };
    },
  };
}

function* scan(
  snapshot: Snapshot,
  { pattern, encoding, isOurs, most }: ScanRequest,
): Generator<readonly FoundKey[]> {
  const keys = [...snapshot.entries.keys()].filter(
    (key) => capture(pattern, key) !== undefined && isOurs(key),
  );
  const told = keys.slice(0, most);
  for (let start = 0; start < told.length; start += BATCH) {
    yield told
      .slice(start, start + BATCH)
      .map((key) => ({ key, observation: observe(snapshot, key, encoding) }));
  }
  if (keys.length > most) {
    throw new StoreFault({
      reason: 'too-large',
      phrase: phrase`more than ${count(most, 'key')} of the snapshot match ${code(pattern.text)}`,
      advice: phrase`raise the limit of the pattern, or name a narrower one`,
    });
  }
}

function observe({ entries, sealing }: Snapshot, key: string, encoding: Encoding): Observation {
  const entry = entries.get(key);
  if (entry === undefined) return { kind: 'absent' };
  const { type, ttl } = entry;
  if (type !== typeOf[encoding]) return { kind: 'wrong-type', type };
  if (entry.value === undefined) {
    return unreadable(phrase`the snapshot was taken without values`, phrase`take one that holds them`);
  }
  const lifetime = ttl === undefined || ttl === null ? {} : { ttl };
  const content = contentOf({ ...entry, key }, sealing);
  const fields = content !== undefined && type === 'hash' ? unpackFields(content) : [];
  if (content === undefined || fields === undefined) {
    return unreadable(
      phrase`the value in the snapshot is not the one whose digest stands beside it`,
      phrase`somebody edited the file: take a new snapshot`,
    );
  }
  return type === 'hash'
    ? { kind: 'fields', fields, ...lifetime }
    : { kind: 'present', bytes: content, ...lifetime };
}

function unreadable(said: Phrase, advice: Phrase): Observation {
  return { kind: 'unreadable', fault: { reason: 'unreadable', phrase: said, advice } };
}

/** The bytes that were digested, or `undefined` when these aren't. */
function contentOf(entry: Entry & Label, sealing: Sealing | undefined): Uint8Array | undefined {
  const { type, value, digest } = entry;
  if (value === undefined || digest === undefined) return undefined;
  // What is encrypted is so throughout, and nothing else is.
  if ('encrypted' in value !== (sealing !== undefined)) return undefined;
  const content = 'encrypted' in value ? sealing?.decrypt(value.encrypted, entry) : plainContent(type, value);
  if (content === undefined) return undefined;
  return isSame((sealing?.digest ?? plainDigest)(content), digest) ? content : undefined;
}

function plainContent(
  type: string,
  value: Text | { readonly fields: readonly (readonly [Text, Text])[] },
): Uint8Array | undefined {
  if ('fields' in value !== (type === 'hash')) return undefined;
  if (!('fields' in value)) return bytesOf(value);
  return packFields(
    value.fields.map(([name, text]): Field => ({ name: bytesOf(name), value: bytesOf(text) })),
  );
}

function bytesOf(text: Text): Uint8Array {
  return 'utf8' in text ? Buffer.from(text.utf8, 'utf8') : Buffer.from(text.base64, 'base64');
}

type Loaded =
  | { readonly ok: true; readonly snapshot: Snapshot }
  | { readonly ok: false; readonly fault: Fault };

async function load(path: Known, files: Files, passphrase: string | undefined): Promise<Loaded> {
  const content = await files.read(path);
  if (content.kind === 'missing') {
    return refuse(phrase`there is no file ${code(path)}`, phrase`check the path after ${code('snapshot:')}`);
  }
  if (content.kind === 'unreadable') {
    return refuse(
      phrase`the file ${code(path)} cannot be read: ${code(content.why)}`,
      phrase`check its permissions`,
    );
  }
  const decoded = decodeBytes(content.bytes);
  if (!decoded.ok || decoded.flaws.length > 0) return noSnapshot(path, []);
  const head = Head.safeParse(decoded.value);
  if (!head.success) return noSnapshot(path, head.error.issues[0]?.path ?? []);
  const entries = new Map<string, Entry>();
  // One by one: as a whole, a key named __proto__ would be passed over.
  for (const [key, value] of Object.entries(head.data.keys)) {
    const entry = Entry.safeParse(value);
    if (!entry.success) return noSnapshot(path, ['keys', key, ...(entry.error.issues[0]?.path ?? [])]);
    entries.set(key, entry.data);
  }
  return open(path, head.data, entries, passphrase);
}

/** An encrypted snapshot tells nothing at all before it is known to be as it was made. */
async function open(
  path: Known,
  { takenAt, server = { kind: 'unknown', version: null }, encryption }: Head,
  entries: Snapshot['entries'],
  passphrase: string | undefined,
): Promise<Loaded> {
  if (encryption === undefined) return { ok: true, snapshot: { entries } };
  if (passphrase === undefined || passphrase === '') {
    return refuse(
      phrase`the values in ${code(path)} are encrypted, and no passphrase was given`,
      phrase`set ${code('GUARDIAN_SNAPSHOT_PASSPHRASE')} to the one that it was taken with`,
      'unauthorized',
    );
  }
  const sealing = await sealingOf(passphrase, encryption.kdf);
  if (!isSame(sealing.check, encryption.check)) {
    return refuse(
      phrase`the values in ${code(path)} were encrypted with another passphrase`,
      phrase`set ${code('GUARDIAN_SNAPSHOT_PASSPHRASE')} to the one that it was taken with`,
      'unauthorized',
    );
  }
  const keys = Array.from(entries, ([key, entry]) => ({ ...entry, key }));
  if (!isSame(sealing.sealOf({ takenAt, server, keys }), encryption.seal)) {
    return refuse(
      phrase`the file ${code(path)} was changed after it had been encrypted`,
      phrase`take a new snapshot`,
    );
  }
  return { ok: true, snapshot: { entries, sealing } };
}

function noSnapshot(path: Known, at: readonly PropertyKey[]): Loaded {
  const place = formatPointer(at.map(String));
  const where = place === '' ? phrase`` : phrase` (at ${name(place.slice(0, 200))})`;
  return refuse(
    phrase`the file ${code(path)} is no snapshot of version 1${where}`,
    phrase`its format is in ${code('schemas/snapshot.schema.json')}`,
  );
}

function refuse(said: Phrase, advice: Phrase, reason: Fault['reason'] = 'unreadable'): Loaded {
  return { ok: false, fault: { reason, phrase: said, advice } };
}
