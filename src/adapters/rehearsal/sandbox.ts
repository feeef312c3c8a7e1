import type { Redis } from 'ioredis';
import { utf8 } from '../../core/decode.ts';
import { code, count, phrase } from '../../core/phrase.ts';
import { type Sandbox, type SandboxEntry, type SandboxKey, StoreFault } from '../../core/ports.ts';
import { type Limits, visit } from './connection.ts';
import { describeKey } from './contents.ts';

export interface Keeping {
  /** How it is emptied: of a server that isn't ours only the database that was given. */
  readonly empty: 'FLUSHALL' | 'FLUSHDB';
  close(): Promise<void>;
}

/** Keys or fields that are sent or asked for at once. */
const BATCH = 500;

/** A server that is there for rehearsing only. */
export function sandboxAt(url: string, limits: Limits, { empty, close }: Keeping): Sandbox {
  return {
    url,
    fill: (entries) =>
      visit(url, limits, async (redis) => {
        await redis.call(empty);
        for (const batch of batches(entries)) await pipelined(redis, batch.flatMap(commandsFor));
      }),
    contents: () => visit(url, limits, contentsOf),
    [Symbol.asyncDispose]: close,
  };
}

/** One of somebody's, which has to be empty, and is left so. */
export async function emptySandbox(url: string, limits: Limits): Promise<Sandbox> {
  await visit(url, limits, async (redis) => {
    if (/^cluster_enabled:1\r?$/m.test(await redis.info('cluster'))) throw isCluster();
    if (/^role:slave\r?$/m.test(await redis.info('replication'))) throw isReplica();
    const keys = [...(await databasesOf(redis)).values()].reduce((sum, held) => sum + held, 0);
    if (keys > 0) throw isFull(keys);
  });
  return sandboxAt(url, limits, {
    empty: 'FLUSHDB',
    close: () => visit(url, limits, async (redis) => void (await redis.flushdb())),
  });
}

function isCluster(): StoreFault {
  return new StoreFault({
    reason: 'no-target',
    phrase: phrase`the Redis to rehearse with is part of a cluster`,
    advice: phrase`give a server of its own`,
  });
}

function isReplica(): StoreFault {
  return new StoreFault({
    reason: 'no-target',
    phrase: phrase`the Redis to rehearse with is a replica`,
    advice: phrase`give a server of its own`,
  });
}

function isFull(keys: number): StoreFault {
  return new StoreFault({
    reason: 'no-target',
    phrase: phrase`the Redis to rehearse with isn't empty: it holds ${count(keys, 'key')}`,
    advice: phrase`whatever it holds would be lost, so give one that holds nothing in any of its databases`,
  });
}

function* batches<T>(items: readonly T[]): Iterable<readonly T[]> {
  for (let start = 0; start < items.length; start += BATCH) yield items.slice(start, start + BATCH);
}

type Command = readonly [name: string, ...args: readonly (string | number | Buffer)[]];

function commandsFor({ key, encoding, content, ttl }: SandboxEntry): readonly Command[] {
  const life = ttl === undefined ? [] : [['PEXPIRE', key, Math.max(1, Math.round(ttl))] as const];
  if (content.kind === 'fields') {
    const fields = Array.from(
      batches(content.fields),
      (some): Command => [
        ...(['HSET', key] as const),
        ...some.flatMap(({ name, value }) => [Buffer.from(name), Buffer.from(value)]),
      ],
    );
    return [...fields, ...life];
  }
  const bytes = Buffer.from(content.bytes);
  return [encoding === 'redisjson' ? ['JSON.SET', key, '$', bytes] : ['SET', key, bytes], ...life];
}

/** One reply per command; the first that is an error is thrown. */
async function pipelined(redis: Redis, commands: readonly Command[]): Promise<readonly unknown[]> {
  const pipeline = redis.pipeline();
  for (const [name, ...args] of commands) pipeline.callBuffer(name, ...args);
  const results = (await pipeline.exec()) ?? [];
  return results.map(([error, reply]) => {
    if (error !== null) throw error;
    return reply;
  });
}

/** Keys by database. */
async function databasesOf(redis: Redis): Promise<ReadonlyMap<number, number>> {
  const lines = (await redis.info('keyspace')).matchAll(/^db(\d+):keys=(\d+)/gm);
  return new Map(Array.from(lines, ([, database, keys]) => [Number(database), Number(keys)]));
}

async function contentsOf(redis: Redis): Promise<ReadonlyMap<string, SandboxKey>> {
  for (const database of (await databasesOf(redis)).keys()) {
    if (database !== redis.options.db) throw isElsewhere(database);
  }
  const contents = new Map<string, SandboxKey>();
  let cursor = '0';
  do {
    const [next, names] = await redis.scanBuffer(cursor, 'COUNT', BATCH);
    cursor = next.toString();
    await Promise.all(
      names.map(async (key) => {
        const described = await describeKey(redis, key);
        if (described !== undefined) contents.set(nameOf(key), described);
      }),
    );
  } while (cursor !== '0');
  return contents;
}

/** What is there isn't seen by any proof: nothing could be said of the command. */
function isElsewhere(database: number): StoreFault {
  return new StoreFault({
    reason: 'unreadable',
    phrase: phrase`there are keys in database ${count(database)} of the Redis to rehearse with, which nothing was put into`,
    advice: phrase`let the command keep to the database of ${code('REDIS_URL')}`,
  });
}

/** As redis-cli spells bytes that are no text. */
function nameOf(key: Buffer): string {
  return (
    utf8(key) ??
    key
      .toString('latin1')
      .replace(/[^ -~]/g, (byte) => `\\x${byte.charCodeAt(0).toString(16).padStart(2, '0')}`)
  );
}
