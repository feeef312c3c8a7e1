import { Redis } from 'ioredis';
import { code, phrase } from '../../core/phrase.ts';
import { StoreFault } from '../../core/ports.ts';

export interface Limits {
  /** Milliseconds for connecting, and for each command. */
  readonly timeout: number;
}

/** Where a sandbox is. */
export interface Address {
  readonly host: string;
  readonly port: number;
  readonly username?: string;
  readonly password?: string;
  readonly db: number;
}

/** Reads `redis://[[user]:password@]host[:port][/database]`; nothing when it is something else, TLS among it. */
export function addressOf(text: string): Address | undefined {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const database = /^\/?(\d{0,5})$/.exec(url?.pathname ?? '')?.[1];
  if (url?.protocol !== 'redis:' || url.hostname === '' || database === undefined) return undefined;
  const [username, password] = [decode(url.username), decode(url.password)];
  if (username === undefined || password === undefined) return undefined;
  return {
    host: url.hostname.replace(/^\[(.*)\]$/, '$1'),
    port: url.port === '' ? 6379 : Number(url.port),
    ...(username === '' ? {} : { username }),
    ...(password === '' ? {} : { password }),
    db: Number(database),
  };
}

function decode(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}

/** Works with a connection of its own, which is closed afterwards. Whatever fails, fails with a `StoreFault`. */
export async function visit<T>(url: string, limits: Limits, work: (redis: Redis) => Promise<T>): Promise<T> {
  const address = addressOf(url);
  if (address === undefined) throw noAddress();
  const redis = new Redis({
    ...address,
    // RESP3 hides the -DENIED of protected mode.
    protocol: 2,
    lazyConnect: true,
    connectTimeout: limits.timeout,
    commandTimeout: limits.timeout,
    maxRetriesPerRequest: 0,
    retryStrategy: () => null,
    enableReadyCheck: false,
    disableClientInfo: true,
  });
  redis.on('error', () => undefined);
  try {
    await redis.connect();
    // Left to the client, a refused SELECT is an event that nobody has to hear.
    if (address.db !== 0) await redis.select(address.db);
    return await work(redis);
  } catch (error) {
    throw error instanceof StoreFault ? error : faultOf(error);
  } finally {
    redis.disconnect();
  }
}

function noAddress(): StoreFault {
  return new StoreFault({
    reason: 'no-target',
    phrase: phrase`the URL of the Redis to rehearse with can't be read`,
    advice: phrase`it should read ${code('redis://[user:password@]host[:port][/database]')}, without TLS`,
  });
}

/** Errors of the client quote commands with their arguments: nothing of them is told. */
function faultOf(error: unknown): StoreFault {
  const message = error instanceof Error ? error.message : '';
  if (/^(NOAUTH|WRONGPASS|NOPERM)\b/.test(message)) {
    return new StoreFault({
      reason: 'unauthorized',
      phrase: phrase`the Redis to rehearse with refuses us`,
      advice: phrase`its URL has to be one of a user who may do everything`,
    });
  }
  if (/^ERR unknown command/.test(message)) {
    return new StoreFault({
      reason: 'disabled',
      phrase: phrase`the Redis to rehearse with lacks a command that is needed`,
      advice: phrase`documents of RedisJSON need a server that has it: Redis 8, or an image with the module`,
    });
  }
  return new StoreFault({
    reason: 'unreachable',
    phrase: phrase`the Redis to rehearse with doesn't answer, or not as it should`,
    advice: phrase`look whether it is still running, and whether it has memory for the whole snapshot`,
  });
}
