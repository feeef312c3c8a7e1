import { setTimeout as sleep } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { capture, keyPattern } from '../../src/core/key-pattern.ts';
import { type FoundKey, StoreFault } from '../../src/core/ports.ts';
import { readerLogin, startRedis, type TestRedis } from '../support/redis.ts';
import { relay } from './support/listeners.ts';
import { expectNoSecret, inShort, SECRET, storeAt, told, urlOf } from './support/reading.ts';
import { scanned } from './support/stores.ts';

/** What each key holds, in a few words; that a key is told twice is a failure of the test. */
function byKey(found: readonly FoundKey[]): ReadonlyMap<string, string> {
  const seen = new Map(found.map(({ key, observation }) => [key, inShort(observation)]));
  expect(seen.size).toBe(found.length);
  return seen;
}

/** Sets keys `app:0` and so on, a thousand at a time. */
async function populate({ admin }: TestRedis, keys: number, holding: (index: number) => string | Buffer) {
  for (let start = 0; start < keys; start += 1000) {
    const indices = Array.from({ length: Math.min(1000, keys - start) }, (_, index) => start + index);
    await admin.mset(indices.flatMap((index) => [`app:${index}`, holding(index)]));
  }
}

/** Makes a user who may do what the rules say, and tells the URL by which it connects. */
async function grant(redis: TestRedis, ...rules: readonly string[]): Promise<string> {
  await redis.admin.call('ACL', 'SETUSER', 'guardian', 'reset', 'on', `>${SECRET}`, ...rules);
  return urlOf(redis, { username: 'guardian', password: SECRET });
}

function batchesOf(store: ReturnType<typeof storeAt>, glob = 'app:*') {
  const pattern = keyPattern('', glob);
  return store.scan({ pattern, encoding: 'json', isOurs: () => true, most: 1_000_000 });
}

describe('all keys that match', () => {
  test('are told once each with their values, 20,000 of them', async () => {
    await using redis = await startRedis();
    await populate(redis, 20_000, (index) => `value ${index}`);
    await redis.admin.mset('other:1', 'x', 'app', 'x', 'APP:1', 'x');
    const { found, fault } = await scanned(storeAt(redis.reader), { glob: 'app:*' });
    expect(fault).toBeUndefined();
    const seen = byKey(found);
    expect(seen.size).toBe(20_000);
    for (let index = 0; index < 20_000; index += 1) expect(seen.get(`app:${index}`)).toBe(`"value ${index}"`);
  });

  test('are none in a database that has none', async () => {
    await using redis = await startRedis();
    await redis.admin.set('app:a', 'x');
    expect(await scanned(storeAt(urlOf(redis, { ...readerLogin, database: 3 })))).toEqual({ found: [] });
  });

  test('are those of the database of the URL', async () => {
    await using redis = await startRedis();
    await redis.admin.set('app:a', 'x');
    await redis.connect({ db: 3 }).set('app:b', 'y');
    const { found } = await scanned(storeAt(urlOf(redis, { ...readerLogin, database: 3 })));
    expect([...byKey(found)]).toEqual([['app:b', '"y"']]);
  });

  test('are told whatever they hold, with their time to live', async () => {
    await using redis = await startRedis();
    await redis.admin.mset('app:a', '1', 'app:empty', '', 'app:large', 'x'.repeat(1001));
    await redis.admin.set('app:b', '2', 'PX', 90_000);
    await redis.admin.rpush('app:list', 'x');
    await redis.admin.hset('app:hash', 'field', 'x');
    const { found } = await scanned(storeAt(redis.reader, { maxBytes: 1000 }));
    expect(Object.fromEntries(byKey(found))).toEqual({
      'app:a': '"1"',
      'app:b': '"2"',
      'app:empty': '""',
      'app:large': 'too-large',
      'app:list': 'a list',
      'app:hash': 'a hash',
    });
    const ttls = found.filter(({ observation }) => 'ttl' in observation);
    expect(ttls.map(({ key }) => key)).toEqual(['app:b']);
  });

  test('may be hashes', async () => {
    await using redis = await startRedis();
    const hashes = redis.admin.pipeline();
    for (let index = 0; index < 3000; index += 1) hashes.hset(`app:${index}`, 'field', index);
    await hashes.exec();
    await redis.admin.set('app:string', 'x');
    await redis.admin.hset('app:large', 'field', 'x'.repeat(1001));
    const store = storeAt(redis.reader, { maxBytes: 1000, timeout: 20_000 });
    const { found } = await scanned(store, { encoding: 'hash' });
    const seen = byKey(found);
    expect(seen.size).toBe(3002);
    expect(seen.get('app:string')).toBe('a string');
    expect(seen.get('app:large')).toBe('too-large');
    expect(found.find(({ key }) => key === 'app:7')?.observation).toEqual({
      kind: 'fields',
      fields: [{ name: Buffer.from('field'), value: Buffer.from('7') }],
    });
  });

  test('whose names are not UTF-8 are counted after the rest, each once', async () => {
    await using redis = await startRedis();
    await populate(redis, 2000, () => 'x');
    for (const byte of [0xfe, 0xff]) await redis.admin.set(Buffer.from([...Buffer.from('app:'), byte]), 'x');
    await redis.admin.set(Buffer.from([...Buffer.from('other:'), 0xff]), 'x');
    const { found, fault } = await scanned(storeAt(redis.reader), { glob: 'app:*' });
    expect(byKey(found).size).toBe(2000);
    expect(fault?.reason).toBe('unreadable');
    expect(told(fault && { kind: 'unknown', fault }).said).toBe(
      '2 keys that match app:* have names that are not UTF-8',
    );
  });

  test('agree with what the pattern is to the guardian', async () => {
    await using redis = await startRedis();
    const letters = ['a', 'b', '*', '?', '\\', '[', ']', '-', '^', 'é', '💣', ':'];
    const word = (maxLength: number) => fc.string({ unit: fc.constantFrom(...letters), maxLength });
    const names = [...new Set(fc.sample(word(4), 400))];
    await redis.admin.mset(names.flatMap((name) => [name, 'x']));
    const store = storeAt(redis.reader, { timeout: 20_000 });
    let matches = 0;
    await fc.assert(
      fc.asyncProperty(word(1), word(4), async (prefix, glob) => {
        const pattern = keyPattern(prefix, glob);
        const found: string[] = [];
        const request = { pattern, encoding: 'json', isOurs: () => true, most: 1000 } as const;
        for await (const batch of store.scan(request)) found.push(...batch.map(({ key }) => key));
        expect(found.sort()).toEqual(names.filter((name) => capture(pattern, name) !== undefined).sort());
        matches += found.length;
      }),
      { numRuns: 200 },
    );
    expect(matches).toBeGreaterThan(200);
  });
});

describe('keys of somebody else', () => {
  test('are asked about once each, and passed over', async () => {
    await using redis = await startRedis();
    await populate(redis, 3000, () => 'x');
    const asked: string[] = [];
    const isOurs = (key: string) => asked.push(key) > 0 && key.endsWith('7');
    const { found } = await scanned(storeAt(redis.reader), { glob: 'app:*', isOurs });
    expect(asked.length).toBe(3000);
    expect(new Set(asked).size).toBe(3000);
    expect(byKey(found).size).toBe(300);
  });

  test('are not read', async () => {
    await using redis = await startRedis();
    await populate(redis, 100, () => 'x'.repeat(10_000));
    const before = await sentBytes(redis);
    await scanned(storeAt(redis.reader), { isOurs: (key) => key === 'app:7' });
    expect((await sentBytes(redis)) - before).toBeLessThan(50_000);
  });
});

async function sentBytes({ admin }: TestRedis): Promise<number> {
  return Number(/total_net_output_bytes:(\d+)/.exec(await admin.info('stats'))?.[1]);
}

describe('a limit', () => {
  test('that is not exceeded says nothing', async () => {
    await using redis = await startRedis();
    await populate(redis, 1500, () => 'x');
    const { found, fault } = await scanned(storeAt(redis.reader), { most: 1500 });
    expect(byKey(found).size).toBe(1500);
    expect(fault).toBeUndefined();
  });

  test('that is exceeded ends it after so many keys', async () => {
    await using redis = await startRedis();
    await populate(redis, 1500, () => 'x');
    const { found, fault } = await scanned(storeAt(redis.reader), { glob: 'app:*', most: 1499 });
    expect(byKey(found).size).toBe(1499);
    expect(told(fault && { kind: 'unknown', fault })).toEqual({
      reason: 'too-large',
      said: 'more than 1499 keys match app:*',
      advice: 'raise the limit of the pattern, or name a narrower one',
    });
  });

  test('counts only our own keys', async () => {
    await using redis = await startRedis();
    await populate(redis, 1500, () => 'x');
    const isOurs = (key: string) => key.endsWith('7');
    const { found, fault } = await scanned(storeAt(redis.reader), { most: 150, isOurs });
    expect(byKey(found).size).toBe(150);
    expect(fault).toBeUndefined();
  });
});

describe('while others write', () => {
  test('every value is one that a key has had, with the time to live that it had then', async () => {
    await using redis = await startRedis();
    await populate(redis, 5000, () => 'at first');
    await using _writing = writing(async (round) => {
      const index = (round * 7) % 5000;
      if (round % 2 === 0) await redis.admin.set(`app:${index}`, 'for a while', 'PX', 60_000);
      else await redis.admin.set(`app:${index}`, 'for good');
    });
    const { found, fault } = await scanned(storeAt(redis.reader, { timeout: 20_000 }));
    expect(fault).toBeUndefined();
    expect(byKey(found).size).toBe(5000);
    const kinds = found.map(
      ({ observation }) => `${inShort(observation)} ${'ttl' in observation ? 'expires' : 'stays'}`,
    );
    expect(['"at first" stays', '"for a while" expires', '"for good" stays']).toEqual(
      expect.arrayContaining([...new Set(kinds)]),
    );
  });

  test('keys that stay are all told though others come and go', async () => {
    await using redis = await startRedis();
    await populate(redis, 5000, () => 'stays');
    await using _writing = writing(async (round) => {
      const names = Array.from({ length: 3000 }, (_, index) => `app:passing:${index}`);
      if (round % 2 === 0) await redis.admin.mset(names.flatMap((name) => [name, 'passes']));
      else await redis.admin.del(...names);
    });
    const { found, fault } = await scanned(storeAt(redis.reader, { timeout: 20_000 }));
    expect(fault).toBeUndefined();
    const seen = byKey(found);
    expect([...seen.values()].filter((value) => value === '"stays"')).toHaveLength(5000);
    expect(new Set([...seen.values(), '"passes"'])).toEqual(new Set(['"stays"', '"passes"']));
  });

  test('keys that are deleted in the meantime are left out', async () => {
    await using redis = await startRedis();
    await populate(redis, 5000, (index) => `${index}`);
    const seen: FoundKey[] = [];
    for await (const batch of batchesOf(storeAt(redis.reader))) {
      if (seen.length === 0) await redis.admin.flushall();
      seen.push(...batch);
    }
    expect(byKey(seen).size).toBeLessThan(3500);
    expect(seen.every(({ key, observation }) => inShort(observation) === `"${key.slice(4)}"`)).toBe(true);
  });

  test('a key that becomes something else is told as what it has become', async () => {
    await using redis = await startRedis();
    await populate(redis, 5000, () => 'x');
    const seen: FoundKey[] = [];
    for await (const batch of batchesOf(storeAt(redis.reader))) {
      if (seen.length === 0) await redis.admin.multi().del('app:4999', 'app:1').rpush('app:1', 'x').exec();
      seen.push(...batch);
    }
    const kinds = new Set(byKey(seen).values());
    expect(['"x"', 'a list']).toEqual(expect.arrayContaining([...kinds]));
  });
});

/** Does something again and again, until it is disposed of. */
function writing(write: (round: number) => Promise<unknown>): AsyncDisposable {
  let isOver = false;
  const ended = (async () => {
    for (let round = 0; !isOver; round += 1) await write(round);
  })();
  return {
    async [Symbol.asyncDispose]() {
      isOver = true;
      await ended;
    },
  };
}

describe('a connection', () => {
  test('is one for all of it, and closed when nobody listens any more', async () => {
    await using redis = await startRedis();
    await populate(redis, 5000, () => 'x');
    await using between = await relay(redis);
    let batches = 0;
    for await (const _batch of batchesOf(storeAt(urlOf(between, readerLogin)))) {
      batches += 1;
      if (batches === 2) break;
    }
    expect(between.taken).toBe(1);
    await expect.poll(() => redis.admin.client('LIST')).not.toContain('resp=2');
  });

  test('that is lost in the middle is a fault after what was told, and nothing is told twice', async () => {
    await using redis = await startRedis();
    await populate(redis, 20_000, () => 'x'.repeat(1000));
    let bytes = 0;
    await using between = await relay(redis, {
      tamper: (chunk, client) => {
        bytes += chunk.length;
        if (bytes < 8_000_000) client.write(chunk);
        else client.destroy();
      },
    });
    const { found, fault } = await scanned(storeAt(urlOf(between, readerLogin)));
    expect(fault?.reason).toBe('unreachable');
    const { size } = byKey(found);
    expect(size).toBeGreaterThan(3000);
    expect(size).toBeLessThan(8000);
  });

  test('that goes silent in the middle is late after the timeout', async () => {
    await using redis = await startRedis();
    await populate(redis, 20_000, () => 'x'.repeat(1000));
    let bytes = 0;
    await using between = await relay(redis, {
      tamper: (chunk, client) => {
        bytes += chunk.length;
        if (bytes < 8_000_000) client.write(chunk);
      },
    });
    const { fault } = await scanned(storeAt(urlOf(between, readerLogin), { timeout: 1500 }));
    expect(told(fault && { kind: 'unknown', fault }).said).toContain('within 1500 ms');
  });

  test('is not late because the consumer is slow', async () => {
    await using redis = await startRedis();
    await populate(redis, 2500, () => 'x');
    let keys = 0;
    for await (const batch of batchesOf(storeAt(redis.reader, { timeout: 1000 }))) {
      keys += batch.length;
      await sleep(500);
    }
    expect(keys).toBe(2500);
  });

  test('that never comes about is a fault', async () => {
    const scan = batchesOf(storeAt('redis://127.0.0.1:1'));
    await expect(scan[Symbol.asyncIterator]().next()).rejects.toThrow(StoreFault);
  });
});

describe('a user', () => {
  test('without SCAN learns that it is this one', async () => {
    await using redis = await startRedis();
    const { found, fault } = await scanned(storeAt(await grant(redis, '~*', '+@all', '-scan')));
    expect(found).toEqual([]);
    expect(told(fault && { kind: 'unknown', fault })).toMatchObject({
      reason: 'unauthorized',
      said: expect.stringContaining('run SCAN'),
    });
    expectNoSecret(fault);
  });

  test.each(['mget', 'multi', 'exec'])('without %s reads all the same', async (command) => {
    await using redis = await startRedis();
    await populate(redis, 600, (index) => `${index}`);
    await redis.admin.rpush('app:list', 'x');
    const rules = ['~*', '+@all', `-${command}`];
    const { found, fault } = await scanned(storeAt(await grant(redis, ...rules)));
    expect(fault).toBeUndefined();
    const seen = byKey(found);
    expect(seen.size).toBe(601);
    expect(seen.get('app:599')).toBe('"599"');
    expect(seen.get('app:list')).toBe('a list');
  });

  test('who may not read some of the keys is told of these, and reads the others', async () => {
    await using redis = await startRedis();
    await redis.admin.mset('app:a', '1', 'app:b', '2', 'app:secret', '3');
    const { found } = await scanned(storeAt(await grant(redis, '~app:?', '+@all')));
    expect(Object.fromEntries(byKey(found))).toEqual({
      'app:a': '"1"',
      'app:b': '"2"',
      'app:secret': 'unauthorized',
    });
    expectNoSecret(found);
  });
});

describe('a cluster', () => {
  /** One node that serves all slots: keys lie apart as among several. */
  async function startCluster(): Promise<TestRedis> {
    const redis = await startRedis(['--cluster-enabled', 'yes']);
    await redis.admin.call('CLUSTER', 'ADDSLOTSRANGE', 0, 16_383);
    await expect
      .poll(() => redis.admin.call('CLUSTER', 'INFO'), { timeout: 15_000 })
      .toContain('cluster_state:ok');
    return redis;
  }

  test('tells all keys once each with their values, whatever slots they lie in', async () => {
    await using redis = await startCluster();
    const keys = redis.admin.pipeline();
    for (let index = 0; index < 3000; index += 1) keys.set(`app:${index}`, index);
    for (let index = 0; index < 300; index += 1) keys.set(`app:{one}:${index}`, 'x');
    keys.rpush('app:list', 'x').set('other', 'x');
    await keys.exec();
    const { found, fault } = await scanned(storeAt(redis.reader, { timeout: 20_000 }), { glob: 'app:*' });
    expect(fault).toBeUndefined();
    const seen = byKey(found);
    expect(seen.size).toBe(3301);
    expect(seen.get('app:2999')).toBe('"2999"');
    expect(seen.get('app:list')).toBe('a list');
  });

  test('tells hashes too', async () => {
    await using redis = await startCluster();
    const hashes = redis.admin.pipeline();
    for (let index = 0; index < 600; index += 1) hashes.hset(`app:${index}`, 'field', index);
    await hashes.exec();
    const { found, fault } = await scanned(storeAt(redis.reader, { timeout: 20_000 }), { encoding: 'hash' });
    expect(fault).toBeUndefined();
    expect(new Set(found.map(({ observation }) => observation.kind))).toEqual(new Set(['fields']));
    expect(found).toHaveLength(600);
  });

  test('that serves no slot is a fault', async () => {
    await using redis = await startRedis(['--cluster-enabled', 'yes']);
    const { found, fault } = await scanned(storeAt(redis.reader, { timeout: 1000 }));
    expect(found).toEqual([]);
    expect(fault?.reason).toBe('unreadable');
  });
});

describe('memory', () => {
  test('is bounded by the names: 100 MB of values pass through a fraction of it', async () => {
    await using redis = await startRedis();
    const value = Buffer.alloc(2048, 'x');
    await populate(redis, 50_000, () => value);
    setFlagsFromString('--expose-gc');
    const collect: () => void = runInNewContext('gc');
    const held = () => {
      collect();
      const { heapUsed, external } = process.memoryUsage();
      return heapUsed + external;
    };
    const before = held();
    let [keys, batches, most] = [0, 0, 0];
    for await (const batch of batchesOf(storeAt(redis.reader, { timeout: 20_000 }))) {
      keys += batch.length;
      batches += 1;
      if (batches % 10 === 0) most = Math.max(most, held() - before);
    }
    expect(keys).toBe(50_000);
    expect(most / 1024 ** 2).toBeLessThan(30);
  });

  test('is bounded by bytes where values are large', async () => {
    await using redis = await startRedis();
    await populate(redis, 60, () => Buffer.alloc(1_000_000, 'x'));
    const sizes: number[] = [];
    for await (const batch of batchesOf(storeAt(redis.reader))) sizes.push(batch.length);
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(60);
    expect(Math.max(...sizes)).toBe(8);
  });
});
