import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { startRedis } from '../support/redis.ts';
import { type Listener, script } from './support/listeners.ts';
import { expectNoSecret, SECRET, urlOf } from './support/reading.ts';
import { answerOf, faultIn, held, swap, swapOf, writableAt } from './support/swapping.ts';

describe('a swap', () => {
  test('of a string writes it, and tells what was read back', async () => {
    await using redis = await startRedis();
    await redis.admin.set('app:a', '{"a":1}');
    expect(await swap(redis.url, [swapOf('app:a', '{"a":1}', '{"a":2}')])).toEqual(['swapped "{"a":2}"']);
    expect(await held(redis.admin, 'app:a')).toEqual(['{"a":2}']);
  });

  test('of bytes that are no text writes them as they are', async () => {
    await using redis = await startRedis();
    const bytes = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte));
    const from = swapOf('app:a', null, 'x');
    const [answer] = await writableAt(redis.url).swap([{ ...from, next: { kind: 'present', bytes } }]);
    expect(answer).toEqual({ kind: 'swapped', found: { kind: 'present', bytes } });
    expect(await redis.admin.getBuffer('app:a')).toEqual(bytes);
  });

  test.each(['hash', 'hash-json'] as const)('of a %s changes, adds and removes fields', async (encoding) => {
    await using redis = await startRedis();
    const [before, after] = [
      { same: '1', changed: '1', gone: '1' },
      { new: '2', changed: '2', same: '1' },
    ];
    await redis.admin.hset('app:a', before);
    expect(await swap(redis.url, [swapOf('app:a', before, after, { encoding })])).toEqual(['swapped fields']);
    expect(await held(redis.admin, 'app:a')).toEqual([after]);
  });

  test.each([
    ['json', 'x'],
    ['hash', { field: 'x' }],
  ] as const)('to a new %s gives it no time to live, and away again removes it', async (encoding, text) => {
    await using redis = await startRedis();
    const [created] = await swap(redis.url, [swapOf('app:a', null, text, { encoding })]);
    expect(created).toMatch(/^swapped ("x"|fields)$/);
    expect(await held(redis.admin, 'app:a')).toEqual([text]);
    expect(await redis.admin.pttl('app:a')).toBe(-1);
    const [removed] = await swap(redis.url, [swapOf('app:a', text, null, { encoding })]);
    expect(removed).toBe('swapped absent');
    expect(await redis.admin.exists('app:a')).toBe(0);
  });

  test.each([
    ['json', 'x', 'y'],
    ['hash', { one: '1' }, { two: '2' }],
  ] as const)('of a %s with a time to live keeps it', async (encoding, from, to) => {
    await using redis = await startRedis();
    if (typeof from === 'string') await redis.admin.set('app:a', from);
    else await redis.admin.hset('app:a', from);
    const end = Date.now() + 90_000;
    await redis.admin.pexpireat('app:a', end);
    const [answer] = await writableAt(redis.url).swap([swapOf('app:a', from, to, { encoding, ttl: true })]);
    expect(answer).toMatchObject({ kind: 'swapped', found: { ttl: expect.any(Number) } });
    expect(await held(redis.admin, 'app:a')).toEqual([to]);
    expect(Math.abs(Date.now() + (await redis.admin.pttl('app:a')) - end)).toBeLessThan(50);
  });

  test('of nothing into nothing is done where nothing is', async () => {
    await using redis = await startRedis();
    await redis.admin.set('app:b', 'x');
    expect(await swap(redis.url, [swapOf('app:a', null, null)])).toEqual(['swapped absent']);
    expect(await swap(redis.url, [swapOf('app:b', null, null)])).toEqual(['moved "x"']);
  });

  test('into the same is done too', async () => {
    await using redis = await startRedis();
    await redis.admin.hset('app:a', { field: 'x' });
    const own = { encoding: 'hash' } as const;
    expect(await swap(redis.url, [swapOf('app:a', { field: 'x' }, { field: 'x' }, own)])).toEqual([
      'swapped fields',
    ]);
  });

  test('of none needs no connection', async () => {
    expect(await writableAt('redis://127.0.0.1:1').swap([])).toEqual([]);
  });

  test('of several keys behind a password in another database answers in their order', async () => {
    await using redis = await startRedis();
    const admin = redis.connect({ db: 2 });
    await admin.mset('app:a', '1', 'app:c', '3');
    await redis.admin.config('SET', 'requirepass', SECRET);
    const url = urlOf(redis, { password: SECRET, database: 2 });
    const answers = await writableAt(url).swap([
      swapOf('app:c', '3', '30'),
      swapOf('app:b', null, '20'),
      swapOf('app:a', '1', null),
    ]);
    expect(answers.map(answerOf)).toEqual(['swapped "30"', 'swapped "20"', 'swapped absent']);
    expect(await admin.mget('app:a', 'app:b', 'app:c')).toEqual([null, '20', '30']);
    expectNoSecret(answers);
  });
});

describe('what has moved', () => {
  test.each([
    ['other bytes', ['SET', 'app:b', 'changed'], 'moved "changed"'],
    ['one more byte', ['APPEND', 'app:b', ' '], 'moved "x "'],
    [
      'another type',
      ['EVAL', "redis.call('DEL', 'app:b') redis.call('LPUSH', 'app:b', 'x')", 0],
      'moved a list',
    ],
    ['nothing any more', ['DEL', 'app:b'], 'moved absent'],
    ['a time to live', ['PEXPIRE', 'app:b', 90_000], 'moved "x"'],
  ] as const)('to %s is not written, nor are the others', async (_what, [command, ...args], found) => {
    await using redis = await startRedis();
    await redis.admin.mset('app:a', 'x', 'app:b', 'x');
    await redis.admin.call(command, ...args);
    const before = await redis.admin.call('DUMP', 'app:b');
    const answers = await swap(redis.url, [
      swapOf('app:a', 'x', 'y'),
      swapOf('app:b', 'x', 'y'),
      swapOf('app:c', null, 'y'),
    ]);
    expect(answers).toEqual(['held', found, 'held']);
    expect(await held(redis.admin, 'app:a', 'app:c')).toEqual(['x', null]);
    expect(await redis.admin.call('DUMP', 'app:b')).toEqual(before);
  });

  test('because it will no longer go by itself is not written', async () => {
    await using redis = await startRedis();
    await redis.admin.set('app:a', 'x');
    expect(await swap(redis.url, [swapOf('app:a', 'x', 'y', { ttl: true })])).toEqual(['moved "x"']);
    expect(await held(redis.admin, 'app:a')).toEqual(['x']);
  });

  test.each([
    ['a field more', { one: '1', two: '2' }],
    ['a field less', {}],
    ['another value', { one: '2' }],
    ['another name', { two: '1' }],
  ])('of a hash: %s', async (_what, there) => {
    await using redis = await startRedis();
    if (Object.keys(there).length > 0) await redis.admin.hset('app:a', there);
    const [answer] = await swap(redis.url, [
      swapOf('app:a', { one: '1' }, { one: '9' }, { encoding: 'hash' }),
    ]);
    expect(answer).toBe(Object.keys(there).length > 0 ? 'moved fields' : 'moved absent');
    expect(await held(redis.admin, 'app:a')).toEqual([Object.keys(there).length > 0 ? there : null]);
  });

  test('where nothing was is a new key of theirs', async () => {
    await using redis = await startRedis();
    await redis.admin.set('app:a', 'theirs');
    expect(await swap(redis.url, [swapOf('app:a', null, 'ours')])).toEqual(['moved "theirs"']);
    expect(await held(redis.admin, 'app:a')).toEqual(['theirs']);
  });

  test('by running out does not come back', async () => {
    await using redis = await startRedis();
    for (let round = 0; round < 20; round += 1) {
      await redis.admin.set('app:a', 'x', 'PX', 1 + (round % 5));
      const [answer] = await swap(redis.url, [swapOf('app:a', 'x', 'y', { ttl: true })]);
      expect(answer).toMatch(/^(moved absent|swapped "y")$/);
      await sleep(10);
      expect(await held(redis.admin, 'app:a')).toEqual([null]);
    }
  });

  test('to a larger value than is read is told without it', async () => {
    await using redis = await startRedis();
    await redis.admin.call('SETRANGE', 'app:a', 9 * 1024 ** 2, 'x');
    expect(await swap(redis.url, [swapOf('app:a', 'x', 'y')])).toEqual(['moved too-large']);
  });
});

/** A server that talks like one with RedisJSON, and holds one document. It tells what it was asked. */
async function withDocument(
  document: string,
  refusal?: string,
): Promise<Listener & { readonly asked: readonly string[] }> {
  let [text, isQueuing] = [document, false];
  const asked: string[] = [];
  let queue: string[] = [];
  const answer = ([command = '', ...args]: readonly string[]): string => {
    asked.push([command, ...args].join(' '));
    switch (command) {
      case 'WATCH':
        return '+OK\r\n';
      case 'MULTI':
        isQueuing = true;
        return '+OK\r\n';
      case 'EXEC': {
        const replies = queue;
        [queue, isQueuing] = [[], false];
        return `*${replies.length}\r\n${replies.join('')}`;
      }
      default:
        break;
    }
    const reply = replyTo(command, args);
    if (!isQueuing) return reply;
    queue.push(reply);
    return '+QUEUED\r\n';
  };
  const replyTo = (command: string, args: readonly string[]): string => {
    if (command === 'TYPE') return '+ReJSON-RL\r\n';
    if (command === 'PTTL') return ':-1\r\n';
    if (command === 'JSON.GET') return `$${text.length}\r\n${text}\r\n`;
    if (command !== 'JSON.SET') return '-ERR unknown command\r\n';
    if (refusal !== undefined) return `-${refusal}\r\n`;
    // It keeps the value, and spells it in its own way.
    text = JSON.stringify(JSON.parse(args[2] ?? ''));
    return '+OK\r\n';
  };
  const listener = await script(answer);
  return Object.assign(listener, { asked });
}

describe('a document of RedisJSON', () => {
  const own = { encoding: 'redisjson' } as const;

  test('is set as a whole, and may be spelled in another way', async () => {
    await using server = await withDocument('{"a":1}');
    expect(await swap(urlOf(server), [swapOf('app:a', '{"a":1}', '{ "a": 2 }', own)])).toEqual([
      'swapped "{"a":2}"',
    ]);
    expect(server.asked).toContain('JSON.SET app:a $ { "a": 2 }');
  });

  test('that has moved is not set', async () => {
    await using server = await withDocument('{"a":3}');
    expect(await swap(urlOf(server), [swapOf('app:a', '{"a":1}', '{"a":2}', own)])).toEqual([
      'moved "{"a":3}"',
    ]);
    expect(server.asked.join()).not.toContain('JSON.SET');
  });

  test('that is refused at the last moment is not set', async () => {
    await using server = await withDocument('{"a":1}', 'MISCONF Redis is configured to save RDB snapshots');
    const answers = await writableAt(urlOf(server)).swap([swapOf('app:a', '{"a":1}', '{"a":2}', own)]);
    expect(answers.map(answerOf)).toEqual(['refused unreadable']);
    expect(faultIn(answers[0]).said).toContain('(MISCONF)');
  });

  test('is not set where the server has no such module', async (context) => {
    await using redis = await startRedis();
    const [info] = (await redis.admin.call('COMMAND', 'INFO', 'JSON.GET')) as readonly unknown[];
    if (info !== null) context.skip('the server has RedisJSON');
    const answers = await writableAt(redis.url).swap([swapOf('app:a', null, '{}', own)]);
    expect(faultIn(answers[0]).said).toContain('has no RedisJSON');
  });
});
