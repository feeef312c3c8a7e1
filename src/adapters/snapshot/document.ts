import * as z from 'zod/mini';
import { decodeBytes } from '../../core/decode.ts';
import type { Fault } from '../../core/evidence.ts';
import { isObject, type Json, type JsonObject } from '../../core/json.ts';
import { code, type Known, name, type Phrase, phrase } from '../../core/phrase.ts';
import { formatPointer } from '../../core/pointer.ts';
import type { Files } from '../../core/ports.ts';
import { isTimestamp } from '../../core/summary.ts';
import { Encryption, isGiven, unlock, unsealed } from './encryption.ts';
import { isSame, type Sealing } from './seal.ts';
import { Value } from './values.ts';

const Entry = z.object({
  type: z.string(),
  ttl: z.optional(z.nullable(z.number())),
  length: z.optional(z.number()),
  digest: z.optional(z.string()),
  value: z.optional(Value),
});
/** What the document says of a key. */
export type Entry = z.infer<typeof Entry>;

/** What of `schemas/snapshot.schema.json` reading needs; the rest of the format is for other readers. */
const Head = z.object({
  format: z.literal('redis-config-guardian/snapshot'),
  version: z.literal(1),
  takenAt: z.string().check(z.refine((text) => isTimestamp(text) && /(?:Z|[+-]\d\d:?\d\d)$/.test(text))),
  server: z._default(z.object({ kind: z.string(), version: z.nullable(z.string()) }), {
    kind: 'unknown',
    version: null,
  }),
  encryption: z.optional(Encryption),
  patterns: z.optional(z.array(z.string())),
  keys: z.custom<JsonObject>((keys) => isObject(keys as Json)),
});
type Head = z.infer<typeof Head>;

export interface Snapshot {
  /** ISO 8601, with an offset. */
  readonly takenAt: string;
  readonly entries: ReadonlyMap<string, Entry>;
  /** Of these all keys are listed, and of others those that were asked for. Absent where every key is listed. */
  readonly patterns?: readonly string[];
  /** Absent when values aren't encrypted. */
  readonly sealing?: Sealing;
}

export type Loaded =
  | { readonly ok: true; readonly snapshot: Snapshot }
  | { readonly ok: false; readonly fault: Fault };

/** Reads a snapshot. One that is encrypted tells nothing at all before it is known to be as it was made. */
export async function loadSnapshot(
  path: Known,
  files: Pick<Files, 'read'>,
  passphrase: string | undefined,
): Promise<Loaded> {
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
  const { encryption } = head.data;
  if (encryption !== undefined) return opened(path, head.data, encryption, entries, passphrase);
  if (isGiven(passphrase)) {
    return refuse(
      unsealed(path),
      phrase`if the file is meant to be plain, take ${code('GUARDIAN_SNAPSHOT_PASSPHRASE')} (of the action: ${code('snapshot-passphrase')}) away; else take a new snapshot`,
      'unauthorized',
    );
  }
  return { ok: true, snapshot: { ...labelsOf(head.data), entries } };
}

function labelsOf({ takenAt, patterns }: Head): Pick<Snapshot, 'takenAt' | 'patterns'> {
  return patterns === undefined ? { takenAt } : { takenAt, patterns };
}

async function opened(
  path: Known,
  head: Head,
  encryption: NonNullable<Head['encryption']>,
  entries: Snapshot['entries'],
  passphrase: string | undefined,
): Promise<Loaded> {
  const unlocked = await unlock(path, encryption, passphrase);
  if (!unlocked.ok) return refuse(unlocked.said, unlocked.advice, 'unauthorized');
  const { sealing } = unlocked;
  const keys = Array.from(entries, ([key, entry]) => ({ ...entry, key }));
  if (!isSame(sealing.sealOf({ ...labelsOf(head), server: head.server, keys }), encryption.seal)) {
    return refuse(
      phrase`the file ${code(path)} was changed after it had been encrypted`,
      phrase`take a new snapshot`,
    );
  }
  return { ok: true, snapshot: { ...labelsOf(head), entries, sealing } };
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
