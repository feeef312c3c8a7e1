import type { Socket } from 'node:net';
import { describe, expect, test } from 'vitest';
import { vouch } from '../../src/core/phrase.ts';
import { readerLogin, startRedis, type TestRedis } from '../support/redis.ts';
import { listen, relay, script } from './support/listeners.ts';
import { startWriter } from './support/programs.ts';
import { expectNoSecret, inShort, read, readFrom, SECRET, storeAt, told, urlOf } from './support/reading.ts';

/** All that reading keys of one prefix needs, on Redis 7. */
const READER = ['resetchannels', '-@all', '%R~app:*', '+type', '+strlen', '+pttl', '+getrange'];

/** Makes a user who may do what the rules say, and tells the URL by which it connects. */
async function grant(redis: TestRedis, rules: readonly string[], database = 0): Promise<string> {
  await redis.admin.call('ACL', 'SETUSER', 'guardian', 'reset', 'on', `>${SECRET}`, ...rules);
  return urlOf(redis, { username: 'guardian', password: SECRET, database });
}

describe('a value', () => {
  test.each([
    ['text', Buffer.from('{"rules":["é","✓"]}')],
    ['an empty string', Buffer.alloc(0)],
    ['a number, which Redis stores as one', Buffer.from('-9007199254740993')],
    ['what the protocol is made of', Buffer.from('\r\n$-1\r\n-ERR no\r\n')],
    ['every byte there is', Buffer.from(Array.from({ length: 256 }, (_, byte) => byte))],
  ])('%s arrives byte for byte', async (_what, bytes) => {
    await using redis = await startRedis();
    await redis.admin.set('app:a', bytes);
    expect(await read(redis.reader, ['app:a'])).toEqual([{ kind: 'present', bytes }]);
  });

  test('(8) invalid UTF-8 stays the bytes that it is', async () => {
    await using redis = await startRedis();
    const latin1 = Buffer.from('{"name":"Müller"}', 'latin1');
    await redis.admin.set('app:a', latin1);
    expect(await read(redis.reader, ['app:a'])).toEqual([{ kind: 'present', bytes: latin1 }]);
  });

  test('arrives whole in pieces of one byte', async () => {
    await using redis = await startRedis();
    await using between = await relay(redis, { tamper: (chunk, client) => crumble(chunk, client) });
    const bytes = Buffer.from('{"a":"\r\n$5\r\n✓"}');
    await redis.admin.set('app:a', bytes);
    const observations = await read(urlOf(between, readerLogin), ['app:a', 'app:none']);
    expect(observations).toEqual([{ kind: 'present', bytes }, { kind: 'absent' }]);
  });

  test('that nobody asks for needs no connection', async () => {
    await using server = await listen(() => undefined);
    expect(await storeAt(urlOf(server), { timeout: 200 }).read([])).toEqual([]);
    expect(server.taken).toBe(0);
  });

  test('a missing key is absent', async () => {
    await using redis = await startRedis();
    expect(await read(redis.reader, ['app:a'])).toEqual([{ kind: 'absent' }]);
  });

  test('a time to live comes in milliseconds', async () => {
    await using redis = await startRedis();
    await redis.admin.set('app:a', 'x', 'PX', 90_000);
    const [observation] = await read(redis.reader, ['app:a']);
    expect(observation).toMatchObject({ kind: 'present', ttl: expect.any(Number) });
    const ttl = observation?.kind === 'present' ? (observation.ttl ?? 0) : 0;
    expect(ttl).toBeGreaterThan(80_000);
    expect(ttl).toBeLessThanOrEqual(90_000);
  });

  test.each([
    ['hash', ['HSET', 'app:a', 'field', 'x']],
    ['list', ['RPUSH', 'app:a', 'x']],
    ['set', ['SADD', 'app:a', 'x']],
    ['zset', ['ZADD', 'app:a', 1, 'x']],
    ['stream', ['XADD', 'app:a', '*', 'field', 'x']],
  ] as const)('a %s is of the wrong type, and is named', async (type, [command, ...args]) => {
    await using redis = await startRedis();
    await redis.admin.call(command, ...args);
    await redis.admin.set('app:b', 'beside it');
    expect((await read(redis.reader, ['app:a', 'app:b'])).map(inShort)).toEqual([`a ${type}`, '"beside it"']);
  });

  test('the database of the URL is the one that is read', async () => {
    await using redis = await startRedis();
    await redis.admin.set('app:a', 'zero');
    await redis.connect({ db: 3 }).set('app:a', 'three');
    expect((await read(urlOf(redis, { ...readerLogin, database: 3 }), ['app:a'])).map(inShort)).toEqual([
      '"three"',
    ]);
    expect((await read(urlOf(redis, readerLogin), ['app:a'])).map(inShort)).toEqual(['"zero"']);
  });
});

function crumble(chunk: Buffer, client: Socket): void {
  client.setNoDelay(true);
  if (chunk.length > 0)
    client.write(chunk.subarray(0, 1), () => setImmediate(crumble, chunk.subarray(1), client));
}

describe('several keys', () => {
  test('answer in the order they were asked for, the same key twice too', async () => {
    await using redis = await startRedis();
    await redis.admin.mset('app:a', '1', 'app:b', '2');
    const observations = await read(redis.reader, ['app:b', 'app:none', 'app:a', 'app:b']);
    expect(observations.map(inShort)).toEqual(['"2"', 'absent', '"1"', '"2"']);
  });

  test('may be a hundred', async () => {
    await using redis = await startRedis();
    const keys = Array.from({ length: 100 }, (_, index) => `app:${index}`);
    await redis.admin.mset(keys.flatMap((key) => [key, `value of ${key}`]));
    expect((await read(redis.reader, keys)).map(inShort)).toEqual(keys.map((key) => `"value of ${key}"`));
  });

  test('may be none', async () => {
    await using redis = await startRedis();
    expect(await read(redis.reader, [])).toEqual([]);
  });
});

describe('a large value', () => {
  test('of exactly the limit is read, and one byte more is not', async () => {
    await using redis = await startRedis();
    await redis.admin.mset('app:a', 'x'.repeat(1000), 'app:b', 'x'.repeat(1001));
    const [a, b] = await read(redis.reader, ['app:a', 'app:b'], { maxBytes: 1000 });
    expect(inShort(a)).toBe(`"${'x'.repeat(1000)}"`);
    expect(told(b)).toMatchObject({
      reason: 'too-large',
      said: expect.stringMatching(/1001 bytes.*\b1000\b/),
    });
    expect(told(b).advice).toContain('max-bytes');
  });

  test('of 100 MB is not received whole, and does not keep the others from being read', async () => {
    await using redis = await startRedis();
    // Longer than a reply may be by default, so it is made inside the server.
    await redis.admin.call('SETRANGE', 'app:a', 100_000_000 - 1, 'x');
    await redis.admin.set('app:b', 'small');
    const before = await sentBytes(redis);
    const start = performance.now();
    const [a, b] = await read(redis.reader, ['app:a', 'app:b']);
    expect(performance.now() - start).toBeLessThan(2000);
    expect([a, b].map(inShort)).toEqual(['too-large', '"small"']);
    expect((await sentBytes(redis)) - before).toBeLessThan(9 * 1024 ** 2);
  });
});

async function sentBytes({ admin }: TestRedis): Promise<number> {
  return Number(/total_net_output_bytes:(\d+)/.exec(await admin.info('stats'))?.[1]);
}

/** So many that no server reads the request for them at once: without care, a writer comes in between. */
const MANY = Array.from({ length: 300 }, (_, index) => `app:configuration-with-a-long-name:${index}`);

/** A slow machine takes longer for so many. */
const LEAST_READINGS = 21;

/** Reads without pause for a while beside a writer; tells what was seen, one entry per reading. */
async function readBesideWriter(
  redis: TestRedis,
  url: string,
  milliseconds: number,
  mode: 'replace' | 'remove' = 'replace',
): Promise<readonly string[]> {
  await using _writer = await startWriter(redis.url, MANY, mode);
  const store = storeAt(url, { timeout: 10_000 });
  const seen: string[] = [];
  const end = performance.now() + milliseconds;
  while (performance.now() < end || seen.length < LEAST_READINGS) {
    seen.push([...new Set((await readFrom(store, MANY)).map(inShort))].join(' and '));
  }
  return seen;
}

describe('all values are of one instant', () => {
  test('when others write between any two commands', async () => {
    await using redis = await startRedis();
    const seen = await readBesideWriter(redis, redis.reader, 2000);
    expect([...new Set(seen)].sort()).toEqual(['"even"', '"odd"']);
  });

  test('for a user without transactions too', async () => {
    await using redis = await startRedis();
    const url = await grant(redis, [...READER, '+mget']);
    const seen = await readBesideWriter(redis, url, 2000);
    expect([...new Set(seen)].sort()).toEqual(['"even"', '"odd"']);
  });

  test('when all keys come and go', async () => {
    await using redis = await startRedis();
    const seen = await readBesideWriter(redis, redis.reader, 1000, 'remove');
    expect([...new Set(seen)].sort()).toEqual(['"even"', 'absent']);
  });

  test('when all keys come and go, or nothing is said, for a user without transactions', async () => {
    await using redis = await startRedis();
    const url = await grant(redis, [...READER, '+mget']);
    const seen = await readBesideWriter(redis, url, 1000, 'remove');
    expect(['"even"', 'absent', 'unreadable']).toEqual(expect.arrayContaining([...new Set(seen)]));
  });

  test('for a user who may read all keys but one too', async () => {
    await using redis = await startRedis();
    const [hidden, ...others] = MANY;
    const url = await grant(redis, ['-@all', '+@read', '+@transaction', ...others.map((key) => `~${key}`)]);
    const seen = await readBesideWriter(redis, url, 1000);
    expect(hidden).toBe(MANY[0]);
    expect([...new Set(seen)].sort()).toEqual(['unauthorized and "even"', 'unauthorized and "odd"']);
  });
});

describe('one round trip', () => {
  test('is all that four keys behind a password in another database take', async () => {
    await using redis = await startRedis();
    await using between = await relay(redis);
    await redis.connect({ db: 2 }).mset('app:a', '1', 'app:b', '2');
    const url = urlOf(between, { ...(await login(redis)), database: 2 });
    const observations = await read(url, ['app:a', 'app:b', 'app:c', 'app:d']);
    expect(observations.map(inShort)).toEqual(['"1"', '"2"', 'absent', 'absent']);
    expect(between.turns).toEqual(['client', 'server']);
    expect(between.taken).toBe(1);
  });

  test('is all that a hundred keys take', async () => {
    await using redis = await startRedis();
    // What the server answers is held back, so that a client that waits for it would be seen to.
    const held: Buffer[] = [];
    await using between = await relay(redis, {
      tamper: (chunk, client) => {
        held.push(chunk);
        if (held.length === 1) setTimeout(() => client.write(Buffer.concat(held)), 200);
      },
    });
    const keys = Array.from({ length: 100 }, (_, index) => `app:${index}`);
    expect(new Set((await read(urlOf(between, readerLogin), keys)).map(inShort))).toEqual(
      new Set(['absent']),
    );
    expect(between.turns.filter((side) => side === 'client')).toHaveLength(1);
  });
});

async function login(redis: TestRedis) {
  await grant(redis, ['~*', '+@all']);
  return { username: 'guardian', password: SECRET };
}

describe('a user', () => {
  test('needs no more than these permissions', async () => {
    await using redis = await startRedis();
    await redis.admin.set('app:a', 'x');
    const url = await grant(redis, [...READER, '+multi', '+exec']);
    expect((await read(url, ['app:a', 'app:b'])).map(inShort)).toEqual(['"x"', 'absent']);
  });

  test('needs SELECT besides for another database', async () => {
    await using redis = await startRedis();
    await redis.connect({ db: 2 }).set('app:a', 'two');
    const url = await grant(redis, [...READER, '+multi', '+exec', '+select'], 2);
    expect((await read(url, ['app:a'])).map(inShort)).toEqual(['"two"']);
  });

  test.each([
    ['keys alone is told a line that grants all that reading needs', ['+multi', '+type', '+select'], 1],
    ['something is told line by line what it is', ['%R~app:*'], 6],
  ])('who lacks %s, and no writing', async (_what, rights, lines) => {
    await using redis = await startRedis();
    await redis.connect({ db: 2 }).set('app:a', 'two');
    const url = await grant(redis, ['-@all', ...rights], 2);
    for (let line = 1; line <= lines; line += 1) {
      const [observation] = await read(url, ['app:a']);
      const [, rules = ''] = /ACL SETUSER <user> (.*)$/.exec(told(observation).advice) ?? [];
      await redis.admin.call('ACL', 'SETUSER', 'guardian', ...rules.replace('<prefix>', 'app:').split(' '));
    }
    expect((await read(url, ['app:a', 'app:b'])).map(inShort)).toEqual(['"two"', 'absent']);
    for (const command of [
      ['SET', 'app:a', 'x'],
      ['DEL', 'app:a'],
      ['GETRANGE', 'other', 0, 1],
      ['KEYS', '*'],
    ]) {
      expect(String(await redis.admin.call('ACL', 'DRYRUN', 'guardian', ...command))).toContain(
        'no permissions',
      );
    }
  });

  test('denied one of three keys reads the other two', async () => {
    await using redis = await startRedis();
    await redis.admin.mset('app:a', '1', 'secret', '2', 'app:c', '3');
    const url = await grant(redis, [...READER, '+multi', '+exec']);
    const observations = await read(url, ['app:a', 'secret', 'app:c']);
    expect(observations.map(inShort)).toEqual(['"1"', 'unauthorized', '"3"']);
    expect(told(observations[1])).toMatchObject({
      said: expect.stringMatching(
        /^the Redis user guardian at \S+:\d+ lacks the permission to read the key$/,
      ),
      advice: expect.stringContaining('ACL SETUSER'),
    });
    expectNoSecret(observations);
  });

  test('denied transactions and MGET learns that it is this one', async () => {
    await using redis = await startRedis();
    const { reason, said, advice } = told((await read(await grant(redis, READER), ['app:a', 'app:b']))[1]);
    expect(reason).toBe('unauthorized');
    expect(said).toContain('run MGET');
    expect(advice).toBe('grant it: ACL SETUSER <user> +mget');
  });

  test('denied one of three keys, and transactions too, reads the other two', async () => {
    await using redis = await startRedis();
    await redis.admin.mset('app:a', '1', 'secret', '2');
    await redis.admin.rpush('app:c', 'item');
    const url = await grant(redis, [...READER, '+mget']);
    const observations = await read(url, ['app:a', 'secret', 'app:c', 'app:d']);
    expect(observations.map(inShort)).toEqual(['"1"', 'unauthorized', 'a list', 'absent']);
  });

  test('behind a proxy that has no transactions reads all the same', async () => {
    await using redis = await startRedis(['--rename-command', 'MULTI', 'withheld']);
    await redis.admin.mset('app:a', '1', 'app:b', '2');
    expect((await read(redis.reader, ['app:a', 'app:b', 'app:c'])).map(inShort)).toEqual([
      '"1"',
      '"2"',
      'absent',
    ]);
  });

  test.each(["unsupported command 'multi'", "ERR command 'MULTI' not allowed"])(
    'behind a proxy that says of transactions %j reads all the same',
    async (refusal) => {
      const answers: Readonly<Record<string, string>> = {
        MULTI: `-${refusal}`,
        EXEC: '-ERR EXEC without MULTI',
        TYPE: '+string',
        STRLEN: ':1',
        PTTL: ':-1',
        GETRANGE: '$1\r\nx',
        MGET: '*1\r\n$1\r\nx',
      };
      await using proxy = await script(([name = '']) => `${answers[name] ?? '-ERR no'}\r\n`);
      expect((await read(urlOf(proxy), ['app:a'])).map(inShort)).toEqual(['"x"']);
    },
  );

  test.each(['multi', 'exec'])('denied %s reads all the same', async (command) => {
    await using redis = await startRedis();
    await redis.admin.set('app:a', 'x', 'PX', 90_000);
    const url = await grant(redis, ['~app:*', '+@all', `-${command}`]);
    const [a, b] = await read(url, ['app:a', 'app:b']);
    expect([a, b].map(inShort)).toEqual(['"x"', 'absent']);
    expect(a).toHaveProperty('ttl');
  });

  test('of the category @read, without transactions, does not receive what is too large', async () => {
    await using redis = await startRedis();
    await redis.admin.call('SETRANGE', 'app:a', 50_000_000, 'x');
    await redis.admin.set('app:b', 'small');
    const url = await grant(redis, ['~app:*', '-@all', '+@read']);
    const before = await sentBytes(redis);
    expect((await read(url, ['app:a', 'app:b'])).map(inShort)).toEqual(['too-large', '"small"']);
    expect((await sentBytes(redis)) - before).toBeLessThan(9 * 1024 ** 2);
  });

  test.each(['type', 'strlen', 'pttl', 'getrange'])(
    'denied %s learns that it is this one',
    async (command) => {
      await using redis = await startRedis();
      await redis.admin.set('app:a', 'x');
      const url = await grant(redis, ['~app:*', '+@all', `-${command}`]);
      const { reason, said } = told((await read(url, ['app:a', 'app:none']))[1]);
      expect(reason).toBe('unauthorized');
      expect(said).toContain(`run ${command.toUpperCase()}`);
    },
  );
});

describe('looking for neighbours', () => {
  const any = () => true;

  test('finds the names that are similar, in order, each once', async () => {
    await using redis = await startRedis();
    const names = Array.from({ length: 3000 }, (_, index) => `other:${index}`);
    await redis.admin.mset([...names, 'app:B', 'app:A'].flatMap((name) => [name, 'x']));
    const found = await storeAt(redis.reader).find([vouch('app:a')], (name) => /^app:/i.test(name));
    expect(found).toEqual({ kind: 'found', names: ['app:A', 'app:B'], databases: new Map() });
  });

  test('finds the same key in other databases', async () => {
    await using redis = await startRedis();
    await redis.admin.set('app:a', 'x');
    await redis.connect({ db: 5 }).mset('app:a', 'x', 'app:b', 'x');
    await redis.connect({ db: 9 }).rpush('app:b', 'x');
    const found = await storeAt(urlOf(redis, { ...readerLogin, database: 5 })).find(
      [vouch('app:a'), vouch('app:b')],
      () => false,
    );
    expect(found).toEqual({
      kind: 'found',
      names: [],
      databases: new Map([
        ['app:a', [0]],
        ['app:b', [9]],
      ]),
    });
  });

  test('stops at twenty names', async () => {
    await using redis = await startRedis();
    await redis.admin.call('DEBUG', 'POPULATE', 5000, 'app');
    const found = await storeAt(redis.reader).find([vouch('app:a')], any);
    expect(found.kind === 'found' && found.names).toHaveLength(20);
  });

  test('looks at 200,000 names at most', async () => {
    await using redis = await startRedis();
    await redis.admin.call('DEBUG', 'POPULATE', 300_000, 'app');
    let looks = 0;
    const start = performance.now();
    const found = await storeAt(redis.reader, { timeout: 10_000 }).find([vouch('app:a')], () => {
      looks += 1;
      return false;
    });
    expect(performance.now() - start).toBeLessThan(5000);
    expect(found).toMatchObject({ kind: 'found', names: [] });
    expect(looks).toBeGreaterThanOrEqual(200_000);
    expect(looks).toBeLessThan(203_000);
  });

  test('without SCAN is told to be unknown, not to have found nothing', async () => {
    await using redis = await startRedis();
    const url = await grant(redis, ['~*', '+@all', '-scan']);
    const found = await storeAt(url).find([vouch('app:a')], any);
    expect(told(found)).toMatchObject({ reason: 'unauthorized', said: expect.stringContaining('run SCAN') });
    expectNoSecret(found);
  });

  test('without SELECT tells of no other database', async () => {
    await using redis = await startRedis();
    await redis.admin.set('app:a', 'x');
    const url = await grant(redis, ['~*', '+@all', '-select']);
    const found = await storeAt(url).find([vouch('app:b')], any);
    expect(found).toEqual({ kind: 'found', names: ['app:a'], databases: new Map() });
  });

  test.each([1, 2])('is unknown when the connection is lost at answer %i', async (fatal) => {
    await using redis = await startRedis();
    await redis.connect({ db: 5 }).set('app:a', 'x');
    let answers = 0;
    await using between = await relay(redis, {
      tamper: (chunk, client) => {
        answers += 1;
        if (answers < fatal) client.write(chunk);
        else client.destroy();
      },
    });
    const found = await storeAt(urlOf(between, readerLogin), { timeout: 700 }).find([vouch('app:a')], any);
    expect(told(found)).toMatchObject({ reason: 'unreachable', said: expect.stringContaining('closed') });
  });
});
