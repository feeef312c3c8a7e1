import { expect } from 'vitest';
import { type Limits, redisStore } from '../../../src/adapters/redis/store.ts';
import { parseRedisUrl } from '../../../src/adapters/redis/url.ts';
import type { Fault, Neighbours, Observation } from '../../../src/core/evidence.ts';
import { vouch } from '../../../src/core/phrase.ts';
import { plain } from '../../../src/core/plain.ts';
import type { Store } from '../../../src/core/ports.ts';

/** A password with every character that a URL would take for something else. */
export const SECRET = 'Tr0ub4dor:&3/?#[]@%41';

export interface Credentials {
  readonly username?: string;
  readonly password?: string;
  readonly database?: number | string;
}

export function urlOf(
  { host, port }: { readonly host: string; readonly port: number },
  { username = '', password, database = '' }: Credentials = {},
  scheme = 'redis',
): string {
  const login = password === undefined ? '' : `${username}:${encodeURIComponent(password)}@`;
  return `${scheme}://${login}${host}:${port}/${database}`;
}

export function storeAt(
  url: string,
  { timeout = 5000, maxBytes = 8 * 1024 ** 2 }: Partial<Limits> = {},
): Store {
  const parsed = parseRedisUrl(url);
  if (!parsed.ok) throw new Error(plain(parsed.why));
  return redisStore(parsed.endpoint, { timeout, maxBytes });
}

export function read(
  url: string,
  keys: readonly string[],
  limits: Partial<Limits> = {},
): Promise<readonly Observation[]> {
  return readFrom(storeAt(url, limits), keys);
}

/** The observations of keys that should hold JSON. */
export async function readFrom(store: Store, keys: readonly string[]): Promise<readonly Observation[]> {
  const asked = keys.map((key) => ({ name: vouch(key), key, encoding: 'json' as const }));
  return (await store.read(asked)).map(({ observation }) => observation);
}

/** An observation in a few words: the text of a value, or what there is in its place. */
export function inShort(observation: Observation | undefined): string {
  switch (observation?.kind) {
    case 'present':
      return `"${Buffer.from(observation.bytes).toString('utf8')}"`;
    case 'wrong-type':
      return `a ${observation.type}`;
    case 'unreadable':
      return observation.fault.reason;
    default:
      return observation?.kind ?? 'nothing';
  }
}

export interface Told {
  readonly reason: Fault['reason'];
  readonly said: string;
  readonly advice: string;
}

/** A fault as a person reads it. Anything else that was answered is a failure of the test. */
export function told(answer: Observation | Neighbours | undefined): Told {
  if (answer?.kind !== 'unreadable' && answer?.kind !== 'unknown') {
    throw new Error(`expected a fault, and got: ${answer?.kind ?? 'nothing'}`);
  }
  const { reason, phrase, advice } = answer.fault;
  return { reason, said: plain(phrase), advice: plain(advice) };
}

/** Nothing of the password, however it may be spelled, is in what was returned. */
export function expectNoSecret(returned: unknown): void {
  const text = JSON.stringify(returned, (_key, value) =>
    value instanceof Error ? { ...value, message: value.message, stack: value.stack } : value,
  );
  expect(text).not.toContain('Tr0ub4dor');
}

/** Later than this after the timeout is late. */
export const GRACE = 300;

/**
 * Reads two keys where reading must fail: both are answered with the same fault, in time, and without the password.
 */
export async function faultAt(
  url: string,
  timeout = 2000,
): Promise<Told & { readonly milliseconds: number }> {
  const store = storeAt(url, { timeout });
  const start = performance.now();
  const observations = await readFrom(store, ['app:a', 'app:b']);
  const milliseconds = performance.now() - start;
  expect(milliseconds).toBeLessThan(timeout + GRACE);
  expectNoSecret({ target: store.target, observations });
  expect(observations).toHaveLength(2);
  const [first, second] = observations.map(told);
  expect(second).toEqual(first);
  if (first === undefined) throw new Error('no answer');
  report(first.said, milliseconds);
  return { ...first, milliseconds };
}

/** With `TELL_TIMES=1`, how long each fault took and how it reads. */
function report(said: string, milliseconds: number): void {
  if (process.env['TELL_TIMES'] === '1') console.log(`${milliseconds.toFixed(0).padStart(6)} ms  ${said}`);
}
