import type { Encoding, Observation } from '../../core/evidence.ts';
import type { FoundKey } from '../../core/ports.ts';
import type { ServerEvidence } from '../../core/server.ts';
import { type Label, packFields, plainDigest, type Sealing, typeOf } from './seal.ts';

/** Bytes as text when they are UTF-8, else in base64. */
type Text = { readonly utf8: string } | { readonly base64: string };

type Value = Text | { readonly fields: readonly (readonly [Text, Text])[] } | { readonly encrypted: string };

/** One key of the document. */
export interface Entry extends Omit<Label, 'key'> {
  readonly value?: Value;
}

/** What becomes of values: they are kept as they are, left out, or encrypted. */
export type Keeping = 'keep' | 'omit' | Sealing;

/** What the document says of a key, or `undefined` when there is nothing that it could say. */
export function entryOf(
  { key, encoding, observation }: FoundKey & { readonly encoding: Encoding },
  keeping: Keeping,
): Entry | undefined {
  if (observation.kind === 'wrong-type') return { type: observation.type };
  if (observation.kind !== 'present' && observation.kind !== 'fields') return undefined;
  const content = observation.kind === 'present' ? observation.bytes : packFields(observation.fields);
  const type = typeOf[encoding];
  const label = { type, ttl: lifetime(observation.ttl), length: lengthOf(observation) };
  if (keeping === 'omit') return { ...label, digest: plainDigest(content) };
  if (keeping === 'keep') return { ...label, digest: plainDigest(content), value: spelled(observation) };
  const value = { encrypted: keeping.encrypt(content, { key, ...label }) };
  return { ...label, digest: keeping.digest(content), value };
}

/** A time to live may be longer than JSON can count. */
function lifetime(ttl: number | undefined): number | null {
  return ttl === undefined ? null : Math.min(ttl, Number.MAX_SAFE_INTEGER);
}

type Held = Extract<Observation, { readonly kind: 'present' | 'fields' }>;

/** Bytes; of a hash, those of its names and values. */
function lengthOf(held: Held): number {
  if (held.kind === 'present') return held.bytes.length;
  return held.fields.reduce((sum, { name, value }) => sum + name.length + value.length, 0);
}

function spelled(held: Held): Value {
  if (held.kind === 'present') return textOf(held.bytes);
  const sorted = held.fields.toSorted((a, b) => Buffer.compare(a.name, b.name));
  return { fields: sorted.map(({ name, value }) => [textOf(name), textOf(value)]) };
}

function textOf(bytes: Uint8Array): Text {
  try {
    return { utf8: new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes) };
  } catch {
    return { base64: Buffer.from(bytes).toString('base64') };
  }
}

export interface Taken {
  /** Milliseconds since the epoch. */
  readonly takenAt: number;
  readonly server: ServerEvidence;
  readonly keys: ReadonlyMap<string, Entry>;
}

/** The document, piece by piece: it may be longer than a string can be. */
export function* snapshotText({ takenAt, server, keys }: Taken, sealing?: Sealing): Generator<string> {
  const head = {
    format: 'redis-config-guardian/snapshot',
    version: 1,
    takenAt: new Date(takenAt).toISOString(),
    server: publicServer(server),
  };
  const sealed = sealing === undefined ? head : { ...head, encryption: encryption(head, keys, sealing) };
  const shell = JSON.stringify({ ...sealed, keys: {} }, null, 2);
  yield shell.slice(0, shell.lastIndexOf('}\n}'));
  let separator = '';
  for (const [key, entry] of keys) {
    yield `${separator}\n    ${JSON.stringify(key)}: ${JSON.stringify(entry, null, 2).replaceAll('\n', '\n    ')}`;
    separator = ',';
  }
  yield keys.size === 0 ? '}\n}\n' : '\n  }\n}\n';
}

function publicServer(server: ServerEvidence): { readonly kind: string; readonly version: string | null } {
  if (server.kind === 'unknown') return { kind: 'unknown', version: null };
  return { kind: server.server.product, version: server.server.version ?? null };
}

function encryption(
  { takenAt, server }: { readonly takenAt: string; readonly server: ReturnType<typeof publicServer> },
  keys: ReadonlyMap<string, Entry>,
  { derivation, check, sealOf }: Sealing,
) {
  const labels = Array.from(keys, ([key, entry]) => ({ ...entry, key }));
  return {
    cipher: 'aes-256-gcm',
    kdf: { name: 'scrypt', N: derivation.N, r: 8, p: 1, salt: derivation.salt },
    check,
    seal: sealOf({ takenAt, server, keys: labels }),
  };
}
