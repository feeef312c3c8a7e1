import { typeOf } from '../../core/content.ts';
import type { Encoding, Observation } from '../../core/evidence.ts';
import type { FoundKey } from '../../core/ports.ts';
import type { ServerEvidence } from '../../core/server.ts';
import { NO_TYPE, packFields } from './content.ts';
import type { Entry } from './document.ts';
import { encryptionOf } from './encryption.ts';
import { type Labels, plainDigest, type Sealing } from './seal.ts';
import { lifetime, spelled } from './values.ts';

/** What becomes of values: they are kept as they are, left out, or encrypted. */
export type Keeping = 'keep' | 'omit' | Sealing;

/** One key of the document, and how it is written there. */
export interface Written {
  readonly entry: Entry;
  readonly text: string;
  /** Of the text and of what parts it from the next. */
  readonly bytes: number;
}

const BETWEEN = ',\n';

/** What the document says of a key, or `undefined` when there is nothing that it could say. */
export function writeKey(
  { key, encoding, observation }: FoundKey & { readonly encoding: Encoding },
  keeping: Keeping,
): Written | undefined {
  const entry = entryOf(key, encoding, observation, keeping);
  if (entry === undefined) return undefined;
  const body = JSON.stringify(entry, null, 2).replaceAll('\n', '\n    ');
  const text = `    ${JSON.stringify(key)}: ${body}`;
  return { entry, text, bytes: Buffer.byteLength(text) + BETWEEN.length };
}

function entryOf(
  key: string,
  encoding: Encoding,
  observation: Observation,
  keeping: Keeping,
): Entry | undefined {
  if (observation.kind === 'absent') return { type: NO_TYPE };
  if (observation.kind === 'wrong-type') return { type: observation.type };
  if (observation.kind !== 'present' && observation.kind !== 'fields') return undefined;
  const content = observation.kind === 'present' ? observation.bytes : packFields(observation.fields);
  const held = { type: typeOf[encoding], ttl: lifetime(observation.ttl), length: lengthOf(observation) };
  if (keeping === 'omit') return { ...held, digest: plainDigest(content) };
  if (keeping === 'keep') return { ...held, digest: plainDigest(content), value: spelled(observation) };
  const value = { encrypted: keeping.encrypt(content, { key, ...held }) };
  return { ...held, digest: keeping.digest(content), value };
}

type Held = Extract<Observation, { readonly kind: 'present' | 'fields' }>;

/** Bytes; of a hash, those of its names and values. */
function lengthOf(held: Held): number {
  if (held.kind === 'present') return held.bytes.length;
  return held.fields.reduce((sum, { name, value }) => sum + name.length + value.length, 0);
}

export interface Taken {
  /** Milliseconds since the epoch. */
  readonly takenAt: number;
  readonly server: ServerEvidence;
  /** Of these all keys are listed. */
  readonly patterns: readonly string[];
  readonly keys: ReadonlyMap<string, Written>;
}

/** The keys that are there. */
export function presentIn(keys: Taken['keys']): number {
  return Array.from(keys.values()).filter(({ entry }) => entry.type !== NO_TYPE).length;
}

/** The whole document; with a sealing when its values were encrypted by that. */
export function snapshotText({ takenAt, server, patterns, keys }: Taken, sealing?: Sealing): string {
  const labels: Labels = {
    takenAt: new Date(takenAt).toISOString(),
    server: serverOf(server),
    patterns,
    keys: Array.from(keys, ([key, { entry }]) => ({ ...entry, key })),
  };
  const head = {
    format: 'redis-config-guardian/snapshot',
    version: 1,
    takenAt: labels.takenAt,
    server: labels.server,
    ...(sealing === undefined
      ? {}
      : { encryption: { ...encryptionOf(sealing), seal: sealing.sealOf(labels) } }),
    patterns,
  };
  const opened = JSON.stringify(head, null, 2).replace(/\n\}$/, '');
  if (keys.size === 0) return `${opened},\n  "keys": {}\n}\n`;
  return `${opened},\n  "keys": {\n${Array.from(keys.values(), ({ text }) => text).join(BETWEEN)}\n  }\n}\n`;
}

function serverOf(server: ServerEvidence): Labels['server'] {
  if (server.kind === 'unknown') return { kind: 'unknown', version: null };
  return { kind: server.server.product, version: server.server.version ?? null };
}
