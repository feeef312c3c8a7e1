import {
  createCipheriv,
  createDecipheriv,
  createHash,
  createHmac,
  randomBytes,
  scrypt,
  timingSafeEqual,
} from 'node:crypto';
import type { Encoding, Field } from '../../core/evidence.ts';

/** As TYPE answers for a key of each encoding. */
export const typeOf: Readonly<Record<Encoding, string>> = {
  json: 'string',
  hash: 'hash',
  'hash-json': 'hash',
  redisjson: 'ReJSON-RL',
};

/** What is told of a key beside its value. */
export interface Label {
  readonly key: string;
  readonly type: string;
  /** Milliseconds; null for ever, and absent when it is not known. */
  readonly ttl?: number | null | undefined;
  readonly length?: number | undefined;
  readonly digest?: string | undefined;
}

/** What is told of the whole, and of each key. */
export interface Labels {
  readonly takenAt: string;
  readonly server: { readonly kind: string; readonly version: string | null };
  readonly keys: Iterable<Label>;
}

/** What scrypt is told. N is a power of two; memory in bytes is 1024 times N. */
export interface Derivation {
  readonly N: number;
  /** 16 bytes, in base64. */
  readonly salt: string;
}

/** What the keys that come of a passphrase can do. */
export interface Sealing {
  readonly derivation: Derivation;
  /** Of this passphrase, so that another one is told from a file that was changed. */
  readonly check: string;
  digest(content: Uint8Array): string;
  /** Nonce, ciphertext and tag, in base64. */
  encrypt(content: Uint8Array, label: Label): string;
  /** `undefined` when it was not encrypted with this passphrase and for this label. */
  decrypt(text: string, label: Label): Uint8Array | undefined;
  /** Of all that is not encrypted. */
  sealOf(labels: Labels): string;
}

const COST = 2 ** 17;
const BLOCK = 8;
const SALT = 16;
const KEY = 32;
const NONCE = 12;
const TAG = 16;

/** For a new snapshot: a salt that no other has. */
export function freshDerivation(): Derivation {
  return { N: COST, salt: randomBytes(SALT).toString('base64') };
}

export async function sealingOf(passphrase: string, derivation: Derivation): Promise<Sealing> {
  const keys = await derive(passphrase, derivation);
  const [forValues, forDigests, forSeals] = [0, 1, 2].map((index) =>
    keys.subarray(index * KEY, (index + 1) * KEY),
  ) as [Buffer, Buffer, Buffer];
  return {
    derivation,
    check: keyed(forSeals, 'passphrase'),
    digest: (content) => keyed(forDigests, content),
    encrypt(content, label) {
      const nonce = randomBytes(NONCE);
      const cipher = createCipheriv('aes-256-gcm', forValues, nonce).setAAD(bound(label));
      return Buffer.concat([nonce, cipher.update(content), cipher.final(), cipher.getAuthTag()]).toString(
        'base64',
      );
    },
    decrypt: (text, label) => decrypt(Buffer.from(text, 'base64'), forValues, bound(label)),
    sealOf: (labels) => keyed(forSeals, listing(labels)),
  };
}

function derive(passphrase: string, { N, salt }: Derivation): Promise<Buffer> {
  // Twice what it takes: the default is less.
  const options = { N, r: BLOCK, p: 1, maxmem: 2 * 128 * N * BLOCK };
  return new Promise((resolve, reject) => {
    scrypt(passphrase.normalize('NFC'), Buffer.from(salt, 'base64'), 3 * KEY, options, (error, keys) =>
      error === null ? resolve(keys) : reject(error),
    );
  });
}

function decrypt(sealed: Buffer, key: Buffer, label: Buffer): Uint8Array | undefined {
  if (sealed.length < NONCE + TAG) return undefined;
  const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(0, NONCE), { authTagLength: TAG })
    .setAAD(label)
    .setAuthTag(sealed.subarray(-TAG));
  try {
    return Buffer.concat([decipher.update(sealed.subarray(NONCE, -TAG)), decipher.final()]);
  } catch {
    return undefined;
  }
}

/** A value that was moved to another key, or lives longer than it did, is another value. */
function bound({ key, type, ttl = null }: Label): Buffer {
  return Buffer.from(JSON.stringify([key, type, ttl]));
}

function listing({ takenAt, server, keys }: Labels): string {
  const rows = [...keys]
    .sort((a, b) => (a.key < b.key ? -1 : 1))
    .map(({ key, type, ttl = null, length = null, digest = null }) => [key, type, ttl, length, digest]);
  return JSON.stringify([takenAt, server.kind, server.version, rows]);
}

function keyed(key: Uint8Array, content: string | Uint8Array): string {
  return `hmac-sha256:${createHmac('sha256', key).update(content).digest('hex')}`;
}

/** The digest of a value that isn't encrypted. */
export function plainDigest(content: Uint8Array): string {
  return `sha256:${createHash('sha256').update(content).digest('hex')}`;
}

export function isSame(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)];
  return left.length === right.length && timingSafeEqual(left, right);
}

const COUNT = 8;

/**
 * A hash as bytes, the same for the same hash: by name, each field's name and value, before each of the two its
 * number of bytes in 8 bytes, the highest first.
 */
export function packFields(fields: readonly Field[]): Uint8Array {
  const sorted = fields.toSorted((a, b) => Buffer.compare(a.name, b.name));
  return Buffer.concat(sorted.flatMap(({ name, value }) => [sized(name), name, sized(value), value]));
}

function sized({ length }: Uint8Array): Buffer {
  const bytes = Buffer.alloc(COUNT);
  bytes.writeBigUInt64BE(BigInt(length));
  return bytes;
}

/** `undefined` for bytes that no hash has: cut off, or with a name twice. */
export function unpackFields(packed: Uint8Array): readonly Field[] | undefined {
  const bytes = Buffer.from(packed);
  const parts: Buffer[] = [];
  for (let offset = 0; offset < bytes.length; ) {
    if (bytes.length - offset < COUNT) return undefined;
    const start = offset + COUNT;
    const length = Number(bytes.readBigUInt64BE(offset));
    if (length > bytes.length - start) return undefined;
    parts.push(bytes.subarray(start, start + length));
    offset = start + length;
  }
  if (parts.length % 2 !== 0) return undefined;
  const fields: Field[] = [];
  for (let index = 0; index < parts.length; index += 2) {
    const [name, value] = parts.slice(index, index + 2);
    if (name === undefined || value === undefined) return undefined;
    const before = fields.at(-1);
    if (before !== undefined && Buffer.compare(before.name, name) >= 0) return undefined;
    fields.push({ name, value });
  }
  return fields;
}
