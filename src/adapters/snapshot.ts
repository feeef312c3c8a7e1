import { createHash } from 'node:crypto';
import * as z from 'zod/mini';
import { decodeBytes } from '../core/decode.ts';
import type { Fault, Observation } from '../core/evidence.ts';
import { code, type Known, name, type Phrase, phrase, vouch } from '../core/phrase.ts';
import { formatPointer } from '../core/pointer.ts';
import type { Files, Store } from '../core/ports.ts';

/** What of `schemas/snapshot.schema.json` reading needs; the rest of the format is for other readers. */
const Snapshot = z.object({
  format: z.literal('redis-config-guardian/snapshot'),
  version: z.literal(1),
  takenAt: z.string(),
  keys: z.record(
    z.string(),
    z.object({
      type: z.string(),
      ttl: z.nullable(z.number()),
      digest: z.string(),
      value: z.optional(z.union([z.object({ utf8: z.string() }), z.object({ base64: z.string() })])),
    }),
  ),
});
type Snapshot = z.infer<typeof Snapshot>;

/** A store frozen in a file: verified without any Redis. A file that is no snapshot makes every key unreadable. */
export function snapshotStore(path: Known, files: Files): Store {
  return {
    target: vouch(`snapshot:${path}`),
    async read(asked) {
      const loaded = await load(path, files);
      return asked.map(({ key }) =>
        loaded.ok ? observe(loaded.snapshot, key) : { kind: 'unreadable', fault: loaded.fault },
      );
    },
    async find(_keys, similar) {
      const loaded = await load(path, files);
      if (!loaded.ok) return { kind: 'unknown', fault: loaded.fault };
      const names = Object.keys(loaded.snapshot.keys).filter(similar).sort();
      return { kind: 'found', names, databases: new Map() };
    },
  };
}

function observe({ keys }: Snapshot, key: string): Observation {
  const entry = Object.hasOwn(keys, key) ? keys[key] : undefined;
  if (entry === undefined) return { kind: 'absent' };
  const { type, ttl, digest, value } = entry;
  if (type !== 'string') return { kind: 'wrong-type', type };
  if (value === undefined) {
    return {
      kind: 'unreadable',
      fault: {
        reason: 'unreadable',
        phrase: phrase`the snapshot was taken without values`,
        advice: phrase`take one that holds them`,
      },
    };
  }
  const bytes = 'utf8' in value ? Buffer.from(value.utf8, 'utf8') : Buffer.from(value.base64, 'base64');
  if (`sha256:${createHash('sha256').update(bytes).digest('hex')}` !== digest) {
    return {
      kind: 'unreadable',
      fault: {
        reason: 'unreadable',
        phrase: phrase`the value in the snapshot is not the one whose digest stands beside it`,
        advice: phrase`somebody edited the file: take a new snapshot`,
      },
    };
  }
  return { kind: 'present', bytes, ...(ttl === null ? {} : { ttl }) };
}

type Loaded =
  | { readonly ok: true; readonly snapshot: Snapshot }
  | { readonly ok: false; readonly fault: Fault };

async function load(path: Known, files: Files): Promise<Loaded> {
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
  const isSound = decoded.ok && decoded.flaws.length === 0;
  const parsed = isSound ? Snapshot.safeParse(decoded.value) : undefined;
  if (parsed?.success !== true) {
    const place = formatPointer(parsed?.error.issues[0]?.path.map(String) ?? []);
    const where = place === '' ? phrase`` : phrase` (at ${name(place.slice(0, 200))})`;
    return refuse(
      phrase`the file ${code(path)} is no snapshot of version 1${where}`,
      phrase`its format is in ${code('schemas/snapshot.schema.json')}`,
    );
  }
  return { ok: true, snapshot: parsed.data };
}

function refuse(said: Phrase, advice: Phrase): Loaded {
  return { ok: false, fault: { reason: 'unreadable', phrase: said, advice } };
}
