import { describe, expect, test } from 'vitest';
import type { Encoding, Observation } from '../../src/core/evidence.ts';
import { decodeObservation } from '../../src/core/fields.ts';
import { vouch } from '../../src/core/phrase.ts';
import { startRedis, type TestRedis } from '../support/redis.ts';
import { script } from './support/listeners.ts';
import { expectNoSecret, inShort, SECRET, storeAt, told, urlOf } from './support/reading.ts';

/** Reads keys as what they should be, by key. */
async function readAs(
  url: string,
  encodings: Readonly<Record<string, Encoding>>,
  limits: Parameters<typeof storeAt>[1] = {},
): Promise<readonly Observation[]> {
  const asked = Object.entries(encodings).map(([key, encoding]) => ({ name: vouch(key), key, encoding }));
  return (await storeAt(url, limits).read(asked)).map(({ observation }) => observation);
}

/** The fields of a hash as text, in order of their names. */
function fieldsOf(observation: Observation | undefined): Readonly<Record<string, string>> | undefined {
  if (observation?.kind !== 'fields') return undefined;
  const pairs = observation.fields.map(({ name, value }) => [text(name), text(value)] as const);
  return Object.fromEntries(pairs.sort());
}

function text(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('latin1');
}

describe('a hash', () => {
  test('of strings is its fields', async () => {
    await using redis = await startRedis();
    await redis.admin.hset('app:a', { webhook: 'https://example.org', retries: '3' });
    const [a] = await readAs(redis.reader, { 'app:a': 'hash' });
    expect(fieldsOf(a)).toEqual({ webhook: 'https://example.org', retries: '3' });
    expect(a).not.toHaveProperty('ttl');
    expect(a && decodeObservation(a, 'hash')).toMatchObject({
      value: { webhook: 'https://example.org', retries: '3' },
      flaws: [],
    });
  });

  test('of JSON is its fields, undecoded', async () => {
    await using redis = await startRedis();
    await redis.admin.hset('app:a', { rules: '[{"id":1}]', is_on: 'true' });
    const [a] = await readAs(redis.reader, { 'app:a': 'hash-json' });
    expect(fieldsOf(a)).toEqual({ rules: '[{"id":1}]', is_on: 'true' });
    expect(a && decodeObservation(a, 'hash-json')).toMatchObject({
      value: { rules: [{ id: 1 }], is_on: true },
    });
  });

  test('arrives byte for byte, names too', async () => {
    await using redis = await startRedis();
    const bytes = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte));
    await redis.admin.hset('app:a', bytes, bytes, '', '', 'é', '');
    const [a] = await readAs(redis.reader, { 'app:a': 'hash' });
    const all = bytes.toString('latin1');
    expect(fieldsOf(a)).toEqual({ '': '', [Buffer.from('é').toString('latin1')]: '', [all]: all });
  });

  test('that is none is absent, or of the wrong type', async () => {
    await using redis = await startRedis();
    await redis.admin.set('app:string', '{}');
    await redis.admin.rpush('app:list', '{}');
    await redis.admin.hset('app:emptied', 'field', 'x');
    await redis.admin.hdel('app:emptied', 'field');
    const keys = { 'app:none': 'hash', 'app:string': 'hash', 'app:list': 'hash-json', 'app:emptied': 'hash' };
    expect((await readAs(redis.reader, keys as Record<string, Encoding>)).map(inShort)).toEqual([
      'absent',
      'a string',
      'a list',
      'absent',
    ]);
  });

  test('has its time to live in milliseconds', async () => {
    await using redis = await startRedis();
    await redis.admin.hset('app:a', 'field', 'x');
    await redis.admin.pexpire('app:a', 90_000);
    const [a] = await readAs(redis.reader, { 'app:a': 'hash' });
    const ttl = a?.kind === 'fields' ? (a.ttl ?? 0) : 0;
    expect(ttl).toBeGreaterThan(80_000);
    expect(ttl).toBeLessThanOrEqual(90_000);
  });

  test('is read beside strings, in the order of the keys', async () => {
    await using redis = await startRedis();
    await redis.admin.mset('app:a', '1', 'app:c', '3');
    await redis.admin.hset('app:b', 'field', '2');
    const observations = await readAs(redis.reader, {
      'app:a': 'json',
      'app:b': 'hash',
      'app:c': 'json',
      'app:d': 'hash',
      'app:e': 'json',
    });
    expect(observations.map((seen) => fieldsOf(seen) ?? inShort(seen))).toEqual([
      '"1"',
      { field: '2' },
      '"3"',
      'absent',
      'absent',
    ]);
  });

  test('is read at its limit of bytes, names counted, and one byte more is too large', async () => {
    await using redis = await startRedis();
    await redis.admin.hset('app:a', 'four', 'x'.repeat(996));
    await redis.admin.hset('app:b', 'four', 'x'.repeat(990), 'five5', '12');
    const [a, b] = await readAs(redis.reader, { 'app:a': 'hash', 'app:b': 'hash' }, { maxBytes: 1000 });
    expect(fieldsOf(a)).toEqual({ four: 'x'.repeat(996) });
    expect(told(b)).toMatchObject({
      reason: 'too-large',
      said: expect.stringMatching(/1001 bytes.*\b1000\b/),
    });
  });

  test('of 100 MB is not received, and does not keep the others from being read', async () => {
    await using redis = await startRedis();
    for (const name of ['field', Buffer.from([0xff])]) {
      await redis.admin.eval(
        "redis.call('HSET', KEYS[1], ARGV[1], string.rep('x', 50000000))",
        1,
        'app:a',
        name,
      );
    }
    await redis.admin.hset('app:b', 'field', 'small');
    const before = await sentBytes(redis);
    const [a, b] = await readAs(redis.reader, { 'app:a': 'hash', 'app:b': 'hash' });
    expect(inShort(a)).toBe('too-large');
    expect(fieldsOf(b)).toEqual({ field: 'small' });
    expect((await sentBytes(redis)) - before).toBeLessThan(100_000);
  });

  test('of more than 100,000 fields is too large, however small they are', async () => {
    await using redis = await startRedis();
    const fill = "for i = 1, ARGV[1] do redis.call('HSET', KEYS[1], i, '') end";
    await redis.admin.eval(fill, 1, 'app:a', 100_001);
    await redis.admin.eval(fill, 1, 'app:b', 100_000);
    const hashes = { 'app:a': 'hash', 'app:b': 'hash' } as const;
    const [a, b] = await readAs(redis.reader, hashes, { timeout: 25_000 });
    expect(told(a)).toMatchObject({
      reason: 'too-large',
      said: 'the hash has 100001 fields, more than the 100000 that are read',
    });
    expect(b?.kind === 'fields' && b.fields).toHaveLength(100_000);
  });

  test('is whole while others replace it', async () => {
    await using redis = await startRedis();
    const [even, odd] = ['even', 'odd'].map((value) =>
      Array.from({ length: 200 }, (_, index) => [`field ${index}`, value]).flat(),
    );
    const write = (fields: readonly string[] = []) =>
      redis.admin
        .multi()
        .del('app:a', 'app:b')
        .hset('app:a', ...fields)
        .hset('app:b', ...fields)
        .exec();
    await write(even);
    let isOver = false;
    const writing = (async () => {
      for (let round = 1; !isOver; round += 1) await write(round % 2 === 0 ? even : odd);
    })();
    const seen = new Set<string>();
    for (let reading = 0; reading < 200; reading += 1) {
      const both = await readAs(redis.reader, { 'app:a': 'hash', 'app:b': 'hash' });
      seen.add(both.map((item) => [...new Set(Object.values(fieldsOf(item) ?? {}))].join()).join(' and '));
    }
    isOver = true;
    await writing;
    expect([...seen].sort()).toEqual(['even and even', 'odd and odd']);
  });
});

async function sentBytes({ admin }: TestRedis): Promise<number> {
  return Number(/total_net_output_bytes:(\d+)/.exec(await admin.info('stats'))?.[1]);
}

describe('a user', () => {
  const READER = ['resetchannels', '-@all', '%R~app:*', '+type', '+pttl', '+hlen', '+hkeys', '+hstrlen'];

  async function grant({ admin, host, port }: TestRedis, rules: readonly string[]): Promise<string> {
    await admin.call('ACL', 'SETUSER', 'guardian', 'reset', 'on', `>${SECRET}`, ...rules);
    return urlOf({ host, port }, { username: 'guardian', password: SECRET });
  }

  async function withHash(): Promise<TestRedis> {
    const redis = await startRedis();
    await redis.admin.hset('app:a', 'field', 'x');
    await redis.admin.hset('secret', 'field', 'x');
    await redis.admin.set('app:b', 'y');
    return redis;
  }

  test('needs no more than these permissions for hashes', async () => {
    await using redis = await withHash();
    const url = await grant(redis, [...READER, '+hgetall', '+multi', '+exec']);
    const [a, none] = await readAs(url, { 'app:a': 'hash', 'app:none': 'hash' });
    expect(fieldsOf(a)).toEqual({ field: 'x' });
    expect(inShort(none)).toBe('absent');
  });

  test('without transactions reads hashes and strings all the same', async () => {
    await using redis = await withHash();
    const url = await grant(redis, ['~app:*', '+@all', '-multi']);
    const observations = await readAs(url, { 'app:b': 'json', 'app:a': 'hash', 'app:none': 'hash' });
    expect(observations.map((seen) => fieldsOf(seen) ?? inShort(seen))).toEqual([
      '"y"',
      { field: 'x' },
      'absent',
    ]);
  });

  test.each([[[]], [['-multi']]])('denied one hash reads the others (%j)', async (rules) => {
    await using redis = await withHash();
    const url = await grant(redis, ['~app:*', '+@all', ...rules]);
    const observations = await readAs(url, { secret: 'hash', 'app:a': 'hash', 'app:b': 'json' });
    expect(observations.map((seen) => fieldsOf(seen) ?? inShort(seen))).toEqual([
      'unauthorized',
      { field: 'x' },
      '"y"',
    ]);
    expect(told(observations[0]).said).toContain('lacks the permission to read the key');
    expectNoSecret(observations);
  });

  test.each(['hlen', 'hkeys', 'hstrlen', 'hgetall'])(
    'denied %s learns that it is this one, and reads strings',
    async (command) => {
      await using redis = await withHash();
      const url = await grant(redis, ['~app:*', '+@all', `-${command}`]);
      const [a, b] = await readAs(url, { 'app:a': 'hash', 'app:b': 'json' });
      expect(told(a)).toMatchObject({
        reason: 'unauthorized',
        said: expect.stringContaining(`run ${command.toUpperCase()}`),
      });
      expect(inShort(b)).toBe('"y"');
    },
  );
});

describe('a document of RedisJSON', () => {
  const hasModule = async ({ admin }: TestRedis) =>
    ((await admin.call('COMMAND', 'INFO', 'JSON.GET')) as readonly unknown[])[0] !== null;

  test('is unreadable where the server has no such module, and the others are read', async (context) => {
    await using redis = await startRedis();
    if (await hasModule(redis)) context.skip('the server has RedisJSON');
    await redis.admin.set('app:b', 'y');
    await redis.admin.set('app:c', 'z');
    const observations = await readAs(redis.reader, {
      'app:a': 'redisjson',
      'app:b': 'json',
      'app:c': 'redisjson',
    });
    expect(observations.map(inShort)).toEqual(['unreadable', '"y"', 'unreadable']);
    expect(told(observations[0])).toEqual({
      reason: 'unreadable',
      said: `Redis at ${redis.host}:${redis.port} has no RedisJSON (it doesn't know JSON.GET)`,
      advice: expect.stringContaining('encoding'),
    });
  });

  test('is read with its time to live, where the server has the module', async (context) => {
    await using redis = await startRedis();
    if (!(await hasModule(redis))) context.skip('the server has no RedisJSON');
    await redis.admin.call('JSON.SET', 'app:a', '$', '{"rules":["é",1.5]}');
    await redis.admin.call('JSON.SET', 'app:b', '$', '[]');
    await redis.admin.pexpire('app:b', 90_000);
    await redis.admin.set('app:c', '{}');
    const keys = { 'app:a': 'redisjson', 'app:b': 'redisjson', 'app:c': 'redisjson', 'app:d': 'redisjson' };
    const observations = await readAs(redis.reader, keys as Record<string, Encoding>);
    expect(observations.map(inShort)).toEqual(['"{"rules":["é",1.5]}"', '"[]"', 'a string', 'absent']);
    expect(observations[1]).toHaveProperty('ttl');
    expect((await readAs(redis.reader, { 'app:a': 'json' })).map(inShort)).toEqual(['a ReJSON-RL']);
    const [large] = await readAs(redis.reader, { 'app:a': 'redisjson' }, { maxBytes: 5 });
    expect(inShort(large)).toBe('too-large');
  });

  test('is the bytes that JSON.GET answers, for a server that talks like one with the module', async () => {
    const document = '{"a":1}';
    await using server = await script(([command, key]) => {
      if (command === 'MULTI') return '+OK\r\n';
      if (command !== 'EXEC') return '+QUEUED\r\n';
      expect(key).toBeUndefined();
      const found = `+ReJSON-RL\r\n:-1\r\n$${document.length}\r\n${document}\r\n`;
      const other = '+string\r\n:-1\r\n-ERR Existing key has wrong Redis type\r\n';
      const none = '+none\r\n:-2\r\n$-1\r\n';
      return `*9\r\n${found}${other}${none}`;
    });
    const keys = { 'app:a': 'redisjson', 'app:b': 'redisjson', 'app:c': 'redisjson' };
    const observations = await readAs(urlOf(server), keys as Record<string, Encoding>);
    expect(observations.map(inShort)).toEqual([`"${document}"`, 'a string', 'absent']);
    expect(observations[0]).not.toHaveProperty('ttl');
  });
});
