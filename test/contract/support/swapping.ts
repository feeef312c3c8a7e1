import { connect } from 'node:net';
import type { Redis } from 'ioredis';
import { parseRedisUrl } from '../../../src/adapters/redis/url.ts';
import { writableRedis } from '../../../src/adapters/redis/writable.ts';
import type { Encoding, Field } from '../../../src/core/evidence.ts';
import { vouch } from '../../../src/core/phrase.ts';
import { plain } from '../../../src/core/plain.ts';
import type { Content, Held, Swap, Swapped, WritableStore } from '../../../src/core/ports.ts';
import { type Listener, listen } from './listeners.ts';
import { inShort } from './reading.ts';

export function writableAt(url: string, timeout = 5000): WritableStore {
  const parsed = parseRedisUrl(url);
  if (!parsed.ok) throw new Error(plain(parsed.why));
  return writableRedis(parsed.endpoint, { timeout, maxBytes: 8 * 1024 ** 2 });
}

/** Text for a string, members for a hash, nothing for no key. */
export type Text = string | Readonly<Record<string, string>> | null;

/** From one content to another. `ttl` is whether the key is expected to have a time to live. */
export function swapOf(
  key: string,
  from: Text,
  to: Text,
  { encoding = 'json', ttl = false }: { readonly encoding?: Encoding; readonly ttl?: boolean } = {},
): Swap {
  const content = contentOf(from);
  const expected: Held = ttl && content.kind !== 'absent' ? { ...content, ttl: 1 } : content;
  return { name: vouch(key), key, encoding, expected, next: contentOf(to) };
}

function contentOf(text: Text): Content {
  if (text === null) return { kind: 'absent' };
  if (typeof text === 'string') return { kind: 'present', bytes: bytesOf(text) };
  const fields = Object.entries(text).map(
    ([name, value]): Field => ({ name: bytesOf(name), value: bytesOf(value) }),
  );
  return { kind: 'fields', fields };
}

function bytesOf(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

/** Does swaps, and tells the answers in short: see {@link answerOf}. */
export async function swap(
  url: string,
  swaps: readonly Swap[],
  timeout?: number,
): Promise<readonly string[]> {
  return (await writableAt(url, timeout).swap(swaps)).map(answerOf);
}

/** What keys hold, as text. */
export async function held(admin: Redis, ...keys: readonly string[]): Promise<readonly Text[]> {
  return Promise.all(
    keys.map(async (key) => ((await admin.type(key)) === 'hash' ? admin.hgetall(key) : admin.get(key))),
  );
}

/** An answer in a few words: `swapped "b"`, `moved absent`, `held`, `refused unauthorized`. */
export function answerOf(swapped: Swapped): string {
  switch (swapped.kind) {
    case 'swapped':
    case 'moved':
      return `${swapped.kind} ${inShort(swapped.found)}`;
    case 'held':
      return 'held';
    default:
      return `${swapped.kind} ${swapped.fault.reason}`;
  }
}

/** What a refusal, or a doubt, says and advises. */
export function faultIn(swapped: Swapped | undefined): { readonly said: string; readonly advice: string } {
  if (swapped === undefined || !('fault' in swapped)) throw new Error(`no fault: ${swapped?.kind}`);
  return { said: plain(swapped.fault.phrase), advice: plain(swapped.fault.advice) };
}

/** What becomes of a connection: cut before the server gets the end of a transaction, or after it has done it. */
export type Cut = 'before' | 'after' | 'not at all';

/**
 * Stands before a server, and meddles when the writes and the EXEC of a transaction are sent, the first so many times:
 * then `meddle` is done, and the connection may be cut.
 */
export function meddling(
  to: { readonly host: string; readonly port: number },
  cut: Cut,
  {
    times = 1,
    meddle = async () => {},
  }: { readonly times?: number; readonly meddle?: () => Promise<unknown> } = {},
): Promise<Listener> {
  let left = times;
  return listen((client) => {
    const server = connect(to.port, to.host);
    let isCut = false;
    server.on('error', () => client.destroy());
    client.once('close', () => server.destroy());
    client.on('data', async (chunk) => {
      const isMeant = left > 0 && /\r\n(SET|HSET|DEL)\r\n/.test(chunk.toString('latin1'));
      if (isMeant) left -= 1;
      if (isMeant && cut === 'after') isCut = true;
      else if (isMeant) await meddle();
      if (isMeant && cut === 'before') client.destroy();
      else server.write(chunk);
    });
    server.on('data', async (chunk) => {
      if (!isCut) return client.write(chunk);
      await meddle();
      return client.destroy();
    });
  });
}
