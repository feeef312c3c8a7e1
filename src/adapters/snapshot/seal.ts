import {
  createCipheriv,
  createDecipheriv,
  createHash,
  createHmac,
  randomBytes,
  scrypt,
  timingSafeEqual,
} from 'node:crypto';

/** What is told of a key beside its value. */
export interface Label {
  readonly key: string;
  readonly type: string;
  /** Milliseconds; null for ever, and absent when it is not known. */
  readonly ttl?: number | null | undefined;
  /** Bytes. */
  readonly length?: number | undefined;
  readonly digest?: string | undefined;
}

/** What is told of the whole, and of each key. */
export interface Labels {
  readonly takenAt: string;
  readonly server: { readonly kind: string; readonly version: string | null };
  /** Absent where every key is listed, as in files that are older than the member. */
  readonly patterns?: readonly string[];
  readonly keys: readonly Label[];
}

/** What scrypt is told. It takes 1024 times N bytes of memory. */
export interface Derivation {
  /** A power of two. */
  readonly N: number;
  /** In base64. */
  readonly salt: string;
}

/** What can be done with a passphrase. */
export interface Sealing {
  readonly derivation: Derivation;
  /** Of this passphrase, so that another one is told from a file that was changed. */
  readonly check: string;
  digest(content: Uint8Array): string;
  /** Nonce, ciphertext and tag, in base64. */
  encrypt(content: Uint8Array, label: Label): string;
  /** `undefined` when it was not encrypted with this passphrase and for this label. */
  decrypt(text: string, label: Label): Uint8Array | undefined;
  /** Of all of a snapshot that is not encrypted. */
  sealOf(labels: Labels): string;
  /** Of any other text: no snapshot's labels are spelled like it. */
  sealText(text: string): string;
}

const COST = 2 ** 17;
/** What may be asked of us: less is guessed, and more would exhaust whoever opens the file. */
export const costs = [15, 16, 17, 18].map((exponent) => 2 ** exponent);
const BLOCK = 8;

/** Bytes each. */
const SALT = 16;
const KEY = 32;
const NONCE = 12;
const TAG = 16;

/** For a new file: a salt that no other has. */
export function freshDerivation(): Derivation {
  return { N: COST, salt: randomBytes(SALT).toString('base64') };
}

export async function sealingOf(passphrase: string, derivation: Derivation): Promise<Sealing> {
  const keys = await derive(passphrase, derivation, 3 * KEY);
  const forValues = keys.subarray(0, KEY);
  const forDigests = keys.subarray(KEY, 2 * KEY);
  const forSeals = keys.subarray(2 * KEY);
  return {
    derivation,
    check: keyed(forSeals, 'passphrase'),
    digest: (content) => keyed(forDigests, content),
    encrypt: (content, label) => encrypt(content, forValues, bound(label)).toString('base64'),
    decrypt: (text, label) => decrypt(Buffer.from(text, 'base64'), forValues, bound(label)),
    sealOf: (labels) => keyed(forSeals, listing(labels)),
    sealText: (text) => keyed(forSeals, `text ${text}`),
  };
}

/** Normalised, because the same letters are typed differently on different systems. */
function derive(passphrase: string, { N, salt }: Derivation, length: number): Promise<Buffer> {
  // Twice what it takes: the default is less than that.
  const options = { N, r: BLOCK, p: 1, maxmem: 2 * 128 * N * BLOCK };
  return new Promise((resolve, reject) => {
    scrypt(passphrase.normalize('NFC'), Buffer.from(salt, 'base64'), length, options, (error, keys) =>
      error === null ? resolve(keys) : reject(error),
    );
  });
}

function encrypt(content: Uint8Array, key: Buffer, label: Buffer): Buffer {
  const nonce = randomBytes(NONCE);
  const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(label);
  return Buffer.concat([nonce, cipher.update(content), cipher.final(), cipher.getAuthTag()]);
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

/** Sorted, so that a file may be formatted anew. */
function listing({ takenAt, server, patterns, keys }: Labels): string {
  const rows = keys
    .toSorted((a, b) => (a.key < b.key ? -1 : 1))
    .map(({ key, type, ttl = null, length = null, digest = null }) => [key, type, ttl, length, digest]);
  const told = [takenAt, server.kind, server.version, rows];
  return JSON.stringify(patterns === undefined ? told : [...told, patterns]);
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
