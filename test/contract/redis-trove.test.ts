import { createHash } from 'node:crypto';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { kindOf, startGathering } from '../../src/adapters/redis/contents.ts';
import { startDeadline } from '../../src/adapters/redis/deadline.ts';
import { openSession, type Session } from '../../src/adapters/redis/session.ts';
import { parseRedisUrl } from '../../src/adapters/redis/url.ts';
import { StoreFault } from '../../src/core/ports.ts';
import { startRedis, type TestRedis } from '../support/redis.ts';
import { noBinary } from './support/binary.ts';
import { startCluster, type TestCluster } from './support/cluster.ts';
import { SECRET, urlOf } from './support/reading.ts';
import { batches, heldAt, holdings, namesIn, said, troveAt } from './support/troves.ts';

let redis: TestRedis;
beforeAll(async () => {
  redis = await startRedis();
});
afterAll(() => redis[Symbol.asyncDispose]());

/** Fields, members and values of so many items. */
function numbered(most: number, prefix = 'm'): readonly string[] {
  return Array.from({ length: most }, (_, index) => `${prefix}${index}`);
}

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

describe('what a key holds', () => {
  test('is told of every type, with its length, encoding and time to live', async () => {
    await using trove = troveAt(redis.url);
    const { admin } = redis;
    await admin.set('t:string', 'hello', 'PX', 60_000);
    await admin.hset('t:hash', { a: '1', b: '2' });
    await admin.rpush('t:list', 'x', 'y', 'x');
    await admin.sadd('t:set', 'one', 'two');
    await admin.zadd('t:zset', 1, 'low', 2.5, 'high');
    await admin.xadd('t:stream', '1-1', 'name', 'value');
    const keys = ['string', 'hash', 'list', 'set', 'zset', 'stream', 'nothing'].map((type) => `t:${type}`);
    const found = await holdings(trove, keys);
    expect(
      found.map((holding) => (holding.kind === 'held' ? [holding.type, holding.length] : holding.kind)),
    ).toEqual([['string', 5], ['hash', 2], ['list', 3], ['set', 2], ['zset', 2], ['stream', 1], 'absent']);
    const [string, hash] = found;
    expect(string).toMatchObject({
      encoding: 'embstr',
      digest: sha256('hello'),
      bytes: Buffer.from('hello'),
    });
    expect(string?.kind === 'held' && string.ttl).toBeGreaterThan(50_000);
    expect(hash).toMatchObject({
      encoding: 'listpack',
      fields: [{ name: Buffer.from('a') }, { name: Buffer.from('b') }],
    });
    expect(hash).not.toHaveProperty('ttl');
  });

  test('is held by names and values that are no text', async () => {
    await using trove = troveAt(redis.url);
    const name = Buffer.from([0xff, 0, 0x7b, 0xfe]);
    await redis.admin.set(name, Buffer.from([0x80, 0]));
    expect((await heldAt(trove, name)).bytes).toEqual(Buffer.from([0x80, 0]));
    await redis.admin.set('', 'of the key without a name');
    expect((await heldAt(trove, '')).length).toBe(25);
  });

  test('is not told in bytes beyond the limit, but has its digest', async () => {
    await using small = troveAt(redis.url, 10);
    const value = 'x'.repeat(20_000_000);
    await redis.admin.set('long', value);
    expect(await heldAt(small, 'long')).toEqual({
      kind: 'held',
      type: 'string',
      encoding: 'raw',
      length: value.length,
      digest: sha256(value),
    });
    await redis.admin.del('long');
    await redis.admin.hset('wide', { name: 'a value of more than ten' });
    expect(await heldAt(small, 'wide')).not.toHaveProperty('fields');
  });

  test('can be an empty stream, whose last id counts', async () => {
    await using trove = troveAt(redis.url);
    for (const [key, id] of [
      ['e:1', '1-1'],
      ['e:2', '1-2'],
    ] as const) {
      await redis.admin.xadd(key, id, 'f', 'v');
      await redis.admin.xdel(key, id);
    }
    const [one, other] = [await heldAt(trove, 'e:1'), await heldAt(trove, 'e:2')];
    expect([one.length, one.digest === other.digest]).toEqual([0, false]);
  });
});

describe('a digest', () => {
  /** What makes the same content in another order or encoding, and what makes other content. */
  const cases: readonly (readonly [string, (admin: Redis, key: string) => Promise<unknown>, boolean])[] = [
    ['hash', (admin, key) => admin.hset(key, { b: '2', a: '1' }), true],
    ['hash', (admin, key) => admin.hset(key, { a: '2', b: '1' }), false],
    ['hash', (admin, key) => admin.hset(key, { a: '1' }), false],
    ['set', (admin, key) => admin.sadd(key, '2', '1'), true],
    ['set', (admin, key) => admin.sadd(key, '12'), false],
    ['list', (admin, key) => admin.rpush(key, '1', '2'), true],
    ['list', (admin, key) => admin.rpush(key, '2', '1'), false],
    ['zset', (admin, key) => admin.zadd(key, 1000, 'a', 1, 'b'), true],
    ['zset', (admin, key) => admin.zadd(key, 1, 'a', 1000, 'b'), false],
    ['stream', (admin, key) => admin.xadd(key, '1-1', 'a', '1'), true],
    ['stream', (admin, key) => admin.xadd(key, '1-2', 'a', '1'), false],
  ];
  const first: Readonly<Record<string, (key: string) => Promise<unknown>>> = {
    hash: (key) => redis.admin.hset(key, { a: '1', b: '2' }),
    set: (key) => redis.admin.sadd(key, '1', '2'),
    list: (key) => redis.admin.rpush(key, '1', '2'),
    zset: (key) => redis.admin.zadd(key, '1e3', 'a', '1', 'b'),
    stream: (key) => redis.admin.xadd(key, '1-1', 'a', '1'),
  };

  test.each(cases)(
    'of a %s (case %#) is the same for the same content alone',
    async (type, other, isSame) => {
      await using trove = troveAt(redis.url);
      await redis.admin.del('d:1', 'd:2');
      await first[type]?.('d:1');
      await other(redis.admin, 'd:2');
      const digests = [(await heldAt(trove, 'd:1')).digest, (await heldAt(trove, 'd:2')).digest];
      expect(digests[0] === digests[1]).toBe(isSame);
    },
  );

  test('does not depend on the encoding', async () => {
    await using large = await startRedis([
      ...['--hash-max-listpack-entries', '0', '--zset-max-listpack-entries', '0'],
      ...['--set-max-intset-entries', '0', '--list-max-listpack-size', '2', '--stream-node-max-entries', '1'],
    ]);
    for (const admin of [redis.admin, large.admin]) {
      await admin.hset('n:hash', Object.fromEntries(numbered(20).map((name) => [name, 'v'])));
      await admin.zadd('n:zset', ...numbered(20).flatMap((name, index) => [index / 10, name]));
      await admin.sadd('n:set', ...numbered(20, ''));
      await admin.rpush('n:list', ...numbered(20));
      for (const name of numbered(5, '1-9')) await admin.xadd('n:stream', name, 'f', 'v');
      await admin.xgroup('CREATE', 'n:stream', 'readers', '1-91');
    }
    await using one = troveAt(redis.url);
    await using other = troveAt(large.url);
    for (const key of ['hash', 'zset', 'set', 'list', 'stream'].map((type) => `n:${type}`)) {
      const [a, b] = [await heldAt(one, key), await heldAt(other, key)];
      expect([key, a.digest]).toEqual([key, b.digest]);
    }
    expect((await heldAt(one, 'n:hash')).encoding).not.toBe((await heldAt(other, 'n:hash')).encoding);
    await large.admin.xgroup('SETID', 'n:stream', 'readers', '1-92');
    expect((await heldAt(one, 'n:stream')).digest).not.toBe((await heldAt(other, 'n:stream')).digest);
  });

  test('is the same for content that is read whole and in pieces', async () => {
    const most = 20_000;
    await using trove = troveAt(redis.url, 10_000_000);
    const names = numbered(most);
    const { admin } = redis;
    await admin.hset('p:hash', Object.fromEntries(names.map((name) => [name, `${name}${name}`])));
    await admin.sadd('p:set', ...names);
    await admin.rpush('p:list', ...names);
    await admin.zadd('p:zset', ...names.flatMap((name, index) => [index / 7, name]));
    const entries = admin.pipeline();
    for (const [index, name] of names.entries())
      entries.xadd('p:stream', `${index >> 3}-${index + 1}`, 'f', name);
    await entries.exec();
    const parsed = parseRedisUrl(redis.url);
    if (!parsed.ok) throw new Error('no URL');
    const session = openSession(parsed.endpoint, startDeadline(20_000));
    for (const type of ['hash', 'set', 'list', 'zset', 'stream']) {
      const found = await heldAt(trove, `p:${type}`);
      expect([type, found.length, found.digest]).toEqual([type, most, await wholeDigest(session, type)]);
      if (type === 'hash') expect(found.fields).toHaveLength(most);
    }
    session.close();
  });
});

/** The digest of a collection that comes in one reply. */
async function wholeDigest(session: Session, type: string): Promise<string> {
  const kind = kindOf(type);
  if (kind?.form !== 'items') throw new Error('no collection');
  const name = Buffer.from(`p:${type}`);
  const [whole = null, ...rest] = await session.send([kind.whole(name), ...kind.rest(name)]);
  const gathering = startGathering(type, kind, 0);
  expect(gathering.add(whole)).toBe(true);
  return gathering.end(rest).digest;
}

describe('a key that can not be told', () => {
  test('says why, without keeping others from being told', async () => {
    const { admin } = redis;
    await admin.call(
      'ACL',
      'SETUSER',
      'some',
      'on',
      `>${SECRET}`,
      '%R~open:*',
      '+@read',
      '+select',
      '-object',
    );
    await admin.set('open:a', 'a');
    await admin.set('closed:a', 'a');
    await using trove = troveAt(urlOf(redis, { username: 'some', password: SECRET }));
    const [open, closed] = await holdings(trove, ['open:a', 'closed:a']);
    expect(open).toMatchObject({ kind: 'held', length: 1 });
    expect(open).not.toHaveProperty('encoding');
    expect(said(closed)).toContain('unauthorized: the Redis user some at');
    expect(JSON.stringify(closed)).not.toContain(SECRET);
  });

  test('has a fault where nobody listens, and so has the list', async () => {
    await using trove = troveAt('redis://127.0.0.1:1');
    expect(said((await holdings(trove, ['a']))[0])).toContain('unreachable: ');
    await expect(trove.size()).rejects.toBeInstanceOf(StoreFault);
    await expect(batches(trove)).rejects.toBeInstanceOf(StoreFault);
  });

  test('is told as it is at last when it goes, comes and changes its type', async () => {
    await using own = await startRedis();
    await using trove = troveAt(own.url);
    const keys = numbered(40, 'v:');
    let isOver = false;
    const restless = (async () => {
      const writer = own.connect();
      for (let turn = 0; !isOver; turn += 1) {
        const pipeline = writer.pipeline();
        for (const key of keys) {
          pipeline.del(key);
          if (turn % 3 === 0) pipeline.set(key, 'text');
          if (turn % 3 === 1) pipeline.rpush(key, 'item');
        }
        await pipeline.exec();
      }
    })();
    for (let reading = 0; reading < 8; reading += 1) {
      for (const holding of await holdings(trove, keys)) {
        if (holding.kind === 'held')
          expect([holding.type, holding.length]).toEqual(
            holding.type === 'string' ? ['string', 4] : ['list', 1],
          );
        else if (holding.kind === 'unreadable') expect(said(holding)).toContain('keeps writing');
      }
    }
    isOver = true;
    await restless;
    await own.admin.set('v:0', 'last');
    expect((await heldAt(trove, 'v:0')).length).toBe(4);
  });

  test('is read again on a new connection when the one that was kept is lost', async () => {
    await using trove = troveAt(redis.url);
    await redis.admin.set('kept', 'a');
    await heldAt(trove, 'kept');
    await redis.admin.call('CLIENT', 'KILL', 'TYPE', 'normal', 'SKIPME', 'yes');
    expect((await heldAt(trove, 'kept')).length).toBe(1);
    const both = await Promise.all([heldAt(trove, 'kept'), heldAt(trove, 'kept')]);
    expect(both).toHaveLength(2);
  });
});

describe('a list of names', () => {
  test('goes on from any bookmark, with all that had not been told', async () => {
    await using own = await startRedis();
    await own.admin.mset(Object.fromEntries(numbered(6000, 'k:').map((key) => [key, ''])));
    await own.admin.set(Buffer.from([0xff, 0x00]), '');
    await using trove = troveAt(own.url);
    const told = await batches(trove);
    const all = namesIn(told);
    expect([all.length, await trove.size()]).toEqual([6001, 6001]);
    expect(told.length).toBeGreaterThan(4);
    for (const [index, { bookmark }] of told.entries()) {
      const rest = await batches(troveAt(own.url), '*', bookmark);
      expect(namesIn([...told.slice(0, index + 1), ...rest])).toEqual(all);
      if (index === told.length - 1) expect(rest).toEqual([]);
    }
    expect(namesIn(await batches(trove, 'k:1?'))).toEqual(numbered(20, 'k:').slice(10));
    expect(await batches(trove, 'nothing:*')).toEqual([]);
  });

  test('is left at any time', async () => {
    await using trove = troveAt(redis.url);
    for await (const { names } of trove.names('*')) {
      expect(names.length).toBeGreaterThan(0);
      break;
    }
  });

  test('does not go on where a bookmark means nothing', async () => {
    await using own = await startRedis();
    await own.admin.mset(Object.fromEntries(numbered(2000, 'k:').map((key) => [key, ''])));
    await using trove = troveAt(own.url);
    const [first] = await batches(trove);
    await using other = await startRedis();
    await using elsewhere = troveAt(other.url);
    const goOn = (bookmark = '', match = '*', where = trove) => batches(where, match, bookmark);
    for (const listing of [
      () => goOn(first?.bookmark, '*', elsewhere),
      () => goOn(first?.bookmark, 'k:*'),
      () => goOn('nonsense'),
      () => goOn(first?.bookmark.replace('127.0.0.1', 'localhost')),
    ]) {
      await expect(listing()).rejects.toBeInstanceOf(StoreFault);
    }
  });
});

describe.skipIf(noBinary)('of a cluster', () => {
  let cluster: TestCluster;
  beforeAll(async () => {
    cluster = await startCluster();
  });
  afterAll(() => cluster[Symbol.asyncDispose]());

  test('all keys are listed and read, whichever node has them', async () => {
    const [seed] = cluster.nodes;
    const client = new Redis.Cluster([{ host: seed.host, port: seed.port }]);
    const keys = numbered(3000, 'k:');
    await Promise.all(
      keys.map((key, index) => (index % 2 ? client.set(key, key) : client.rpush(key, key, key))),
    );
    const illegible = Buffer.from([0xff, 0xfe, 0x80]);
    await client.set(illegible, 'bytes');
    client.disconnect();
    await using trove = troveAt(`redis://${seed.host}:${seed.port}`);
    const told = await batches(trove);
    expect(namesIn(told)).toEqual([...keys, illegible.toString('latin1')].sort());
    expect(await trove.size()).toBe(3001);
    const found = await holdings(trove, [...keys, illegible]);
    expect(found.map((holding) => (holding.kind === 'held' ? holding.length : said(holding)))).toEqual([
      ...keys.map((key, index) => (index % 2 ? key.length : 2)),
      5,
    ]);
    for (const [index, { bookmark }] of told.entries()) {
      const rest = await batches(trove, '*', bookmark);
      expect(namesIn([...told.slice(0, index + 1), ...rest])).toEqual(namesIn(told));
    }
  });

  test('a slot that has moved is read where it is, and ends what was listed before', async () => {
    const [one, two] = cluster.nodes;
    await using trove = troveAt(`redis://${one.host}:${one.port}`);
    const key = numbered(3000, 'k:').find((name) => cluster.homeOf(name) === one) ?? '';
    const before = await heldAt(trove, key);
    const [first] = await batches(trove);
    const slot = Number(await one.admin.call('CLUSTER', 'KEYSLOT', key));
    await cluster.beginMove(slot, one, two);
    await cluster.endMove(slot, one, two);
    // A cluster takes a moment until its nodes agree.
    await expect.poll(async () => said((await holdings(trove, [key]))[0]), { timeout: 10_000 }).toBe('held');
    expect((await heldAt(trove, key)).digest).toBe(before.digest);
    await expect(batches(trove, '*', first?.bookmark)).rejects.toBeInstanceOf(StoreFault);
  });
});

describe('reading many keys', () => {
  test('takes a few seconds for 50,000 of all types', async () => {
    await using own = await startRedis();
    const most = 50_000;
    for (let start = 0; start < most; start += 5000) {
      const pipeline = own.admin.pipeline();
      for (let index = start; index < start + 5000; index += 1) {
        if (index % 5 < 2) pipeline.set(`k:${index}`, `value ${index}`);
        else if (index % 5 === 2) pipeline.hset(`k:${index}`, { a: '1', b: '2', c: '3' });
        else if (index % 5 === 3) pipeline.zadd(`k:${index}`, 1, 'a', 2, 'b');
        else pipeline.rpush(`k:${index}`, 'a', 'b', 'c');
      }
      await pipeline.exec();
    }
    await using trove = troveAt(own.url);
    const began = performance.now();
    let found = 0;
    for await (const { names } of trove.names('*')) {
      found += (await trove.read(names)).filter(({ kind }) => kind === 'held').length;
    }
    const seconds = (performance.now() - began) / 1000;
    console.log(`${Math.round(most / seconds)} keys a second`);
    expect(found).toBeGreaterThanOrEqual(most);
    expect(await connectionsOf(own)).toBeLessThan(8);
    expect(seconds).toBeLessThan(20);
  });
});

/** Connections that a server has taken since it began. */
async function connectionsOf({ admin }: TestRedis): Promise<number> {
  return Number(/total_connections_received:(\d+)/.exec(await admin.info('stats'))?.[1]);
}
