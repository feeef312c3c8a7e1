import { freshDerivation, sealingOf } from '../../../src/adapters/snapshot/seal.ts';
import { snapshotStore } from '../../../src/adapters/snapshot/store.ts';
import { type Keeping, snapshotText, type Written, writeKey } from '../../../src/adapters/snapshot/write.ts';
import type { ConfigSpec, Encoding, Fault, Observation } from '../../../src/core/evidence.ts';
import { keyPattern, type PatternSpec } from '../../../src/core/key-pattern.ts';
import { phrase, vouch } from '../../../src/core/phrase.ts';
import { plain } from '../../../src/core/plain.ts';
import {
  type FileContent,
  type FoundKey,
  type ScanRequest,
  type Store,
  StoreFault,
} from '../../../src/core/ports.ts';
import { takeSnapshot } from '../../../src/snapshot.ts';
import { freePort, type TestRedis } from '../../support/redis.ts';
import { startDashboard } from './dashboard.ts';
import { endpointAt } from './endpoint.ts';
import { storeAt } from './reading.ts';

/**
 * Every implementation of the port `Store`, for the one suite that holds all of them to it. A new one is a row in
 * `makers`: how to open it on what a Redis holds, and what it can't tell.
 */
export interface StoreMaker {
  readonly name: string;
  readonly lacks: readonly Lack[];
  /** A store that tells what the server holds now. What it starts for that ends with the test. */
  open(redis: TestRedis, ending: Ending): Promise<Store>;
  /** Stores that can't answer. */
  readonly broken: readonly { readonly why: string; readonly open: () => Promise<Store> }[];
}

/** Has something done when the test is over. */
export type Ending = (end: () => Promise<void>) => void;

/**
 * `ttl` how long a key still lives; `types` which other type a key has; `bytes` bytes that are no UTF-8; `hashes` hashes
 * and their fields; `keys` which keys there are; `absence` that a key isn't there; `text` a value that is no JSON, or how
 * it was spelled.
 */
export type Lack = 'ttl' | 'types' | 'bytes' | 'hashes' | 'keys' | 'absence' | 'text';

export const PASSPHRASE = 'correct horse battery staple';

export const makers: readonly StoreMaker[] = [
  {
    name: 'redis',
    lacks: [],
    open: async ({ reader }) => storeAt(reader),
    broken: [
      { why: 'a server that is gone', open: async () => storeAt(`redis://127.0.0.1:${await freePort()}`) },
    ],
  },
  {
    name: 'a snapshot',
    lacks: [],
    open: async ({ reader }) => storeOf(await snapshotOf(storeAt(reader), everything)),
    broken: [
      { why: 'a file that is gone', open: async () => storeOf({ kind: 'missing' }) },
      {
        why: 'a file that cannot be read',
        open: async () => storeOf({ kind: 'unreadable', why: vouch('EACCES') }),
      },
      { why: 'a file that is no snapshot', open: async () => storeOf('{}') },
    ],
  },
  {
    name: 'the application',
    // It shows JSON of the names that it is asked for, and an empty config for one that it hasn't got.
    lacks: ['ttl', 'types', 'bytes', 'hashes', 'keys', 'absence', 'text'],
    async open({ admin }, ending) {
      const names = await admin.keys('*');
      const values = await Promise.all(names.map((name) => admin.get(name)));
      const configs = Object.fromEntries(names.map((name, index) => [name, values[index] ?? '']));
      const dashboard = await startDashboard({ configs });
      ending(async () => dashboard[Symbol.asyncDispose]());
      return endpointAt(dashboard.origin);
    },
    broken: [
      {
        why: 'an application that is gone',
        open: async () => endpointAt(`http://127.0.0.1:${await freePort()}`),
      },
    ],
  },
  {
    name: 'an encrypted snapshot',
    lacks: [],
    open: async ({ reader }) =>
      storeOf(await snapshotOf(storeAt(reader), everything, await freshSealing()), PASSPHRASE),
    broken: [
      {
        why: 'one without its passphrase',
        open: async () => storeOf(await snapshotOf(memoryStore({}), everything, await freshSealing())),
      },
      {
        why: 'one with another passphrase',
        open: async () =>
          storeOf(await snapshotOf(memoryStore({}), everything, await freshSealing()), 'another'),
      },
    ],
  },
];

/** As little work as may be: the tests make and open very many. */
export function freshSealing() {
  return sealingOf(PASSPHRASE, { ...freshDerivation(), N: 2 ** 15 });
}

/** The store on a file that holds this text. */
export function storeOf(content: FileContent | string, passphrase?: string): Promise<Store> {
  const read: FileContent =
    typeof content === 'string' ? { kind: 'read', bytes: new TextEncoder().encode(content) } : content;
  return snapshotStore(vouch('my.snapshot.json'), { read: async () => read }, passphrase);
}

export interface Chosen {
  readonly specs?: readonly ConfigSpec[];
  readonly patterns?: readonly PatternSpec[];
}

const everything: Chosen = { patterns: [patternOf('*', 'json'), patternOf('*', 'hash')] };

export const TAKEN_AT = Date.parse('2026-11-03T08:30:00.000Z');

/** The text of a snapshot; that none can be taken is a failure of the test. */
export async function snapshotOf(store: Store, chosen: Chosen, keeping: Keeping = 'keep'): Promise<string> {
  const taking = await take(store, chosen, keeping);
  if (taking.kind === 'refused') {
    throw new Error(taking.refusals.map(({ fault }) => plain(fault.phrase)).join('\n'));
  }
  return snapshotText(taking, typeof keeping === 'string' ? undefined : keeping);
}

export function take(
  store: Store,
  { specs = [], patterns = [] }: Chosen,
  keeping: Keeping = 'keep',
  mostBytes = 64 * 1024 ** 2,
) {
  return takeSnapshot<Written>(
    specs,
    patterns,
    { store, write: (taken) => writeKey(taken, keeping) },
    TAKEN_AT,
    { mostBytes },
  );
}

export function specOf(key: string, encoding: Encoding = 'json'): ConfigSpec {
  return {
    name: vouch(`config of ${key}`),
    key: vouch(key),
    storedKey: key,
    encoding,
    schema: [],
    fallback: [],
    required: true,
    empty: 'refuse',
    drift: { watch: false, ignore: [] },
    identity: [],
    visibility: { show: [], showWords: [], showText: [], secret: [], hiddenNames: [], secretNames: [] },
    compatibility: 'backward',
    cases: { isNamed: false, folder: vouch('cases') },
    severities: new Map(),
    exceptions: [],
  };
}

export function patternOf(
  glob: string,
  encoding: Encoding = 'json',
  { limit = 1_000_000, hidesNames = false }: Partial<Pick<PatternSpec, 'limit' | 'hidesNames'>> = {},
): PatternSpec {
  return { pattern: keyPattern('', glob), template: specOf(glob, encoding), limit, hidesNames };
}

/** A store whose every answer the test says. */
export function memoryStore(
  keys: Readonly<Record<string, Observation>>,
  { scanFault }: { readonly scanFault?: Fault } = {},
): Store {
  return {
    target: vouch('memory'),
    read: async (asked) =>
      asked.map(({ key }) => ({ observation: Object.hasOwn(keys, key) ? present(keys[key]) : absent })),
    async *scan({ isOurs }) {
      yield Object.entries(keys)
        .filter(([key]) => isOurs(key))
        .map(([key, observation]) => ({ key, observation }));
      if (scanFault !== undefined) throw new StoreFault(scanFault);
    },
    find: async () => ({ kind: 'found', names: [], databases: new Map() }),
    audit: async () => ({ kind: 'unknown', fault: faultOf('unreachable') }),
  };
}

const absent: Observation = { kind: 'absent' };

function present(observation: Observation | undefined): Observation {
  return observation ?? absent;
}

export function faultOf(reason: Fault['reason']): Fault {
  return { reason, phrase: phrase`it went wrong`, advice: phrase`mend it` };
}

export function holding(text: string | Uint8Array, ttl?: number): Observation {
  const bytes = typeof text === 'string' ? new TextEncoder().encode(text) : text;
  return { kind: 'present', bytes, ...(ttl === undefined ? {} : { ttl }) };
}

/** All that a scan tells, and the fault that ended it. */
export async function scanned(
  store: Store,
  request: Partial<Omit<ScanRequest, 'pattern'>> & { readonly glob?: string } = {},
): Promise<{ readonly found: readonly FoundKey[]; readonly fault?: Fault }> {
  const { glob = '*', encoding = 'json', isOurs = () => true, most = 1_000_000 } = request;
  const found: FoundKey[] = [];
  try {
    for await (const batch of store.scan({ pattern: keyPattern('', glob), encoding, isOurs, most })) {
      found.push(...batch);
    }
  } catch (error) {
    if (!(error instanceof StoreFault)) throw error;
    return { found, fault: error.fault };
  }
  return { found };
}

/** An observation as text that tells every byte. */
export function spelled(observation: Observation | undefined): string {
  switch (observation?.kind) {
    case 'present':
      return JSON.stringify(latin1(observation.bytes));
    case 'fields':
      return observation.fields
        .map(({ name, value }) => `${JSON.stringify(latin1(name))}: ${JSON.stringify(latin1(value))}`)
        .sort()
        .join(', ');
    case 'wrong-type':
      return `a ${observation.type}`;
    case 'unreadable':
      return `${observation.fault.reason}: ${plain(observation.fault.phrase)}`;
    default:
      return observation?.kind ?? 'nothing';
  }
}

function latin1(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('latin1');
}
