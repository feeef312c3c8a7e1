import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { vouch } from '../../src/core/phrase.ts';
import { startRedis } from '../support/redis.ts';
import { inShort, urlOf } from './support/reading.ts';
import { faultIn, held, meddling, swap, swapOf, writableAt } from './support/swapping.ts';

/** Rounds of the race; `RACES=10000` is the heavy version. */
const RACES = Number(process.env['RACES'] ?? 300);

describe('between the last look and the write', () => {
  const two = [swapOf('app:a', 'x', 'y'), swapOf('app:b', 'x', 'y')];

  test('a change of one key keeps all from being written', async () => {
    await using redis = await startRedis();
    await redis.admin.mset('app:a', 'x', 'app:b', 'x');
    await using between = await meddling(redis, 'not at all', {
      meddle: () => redis.admin.set('app:b', 'z'),
    });
    expect(await swap(urlOf(between), two)).toEqual(['held', 'moved "z"']);
    expect(await held(redis.admin, 'app:a', 'app:b')).toEqual(['x', 'z']);
  });

  test('a change that is taken back is of no account', async () => {
    await using redis = await startRedis();
    await redis.admin.mset('app:a', 'x', 'app:b', 'x');
    const meddle = () => redis.admin.multi().set('app:b', 'z').set('app:b', 'x').exec();
    await using between = await meddling(redis, 'not at all', { meddle, times: 3 });
    expect(await swap(urlOf(between), two)).toEqual(['swapped "y"', 'swapped "y"']);
  });

  test('somebody who always comes before us keeps us from writing, and is told of', async () => {
    await using redis = await startRedis();
    await redis.admin.mset('app:a', 'x', 'app:b', 'x');
    const meddle = () => redis.admin.set('app:b', 'x');
    await using between = await meddling(redis, 'not at all', { meddle, times: 1000 });
    const answers = await writableAt(urlOf(between)).swap(two);
    expect(faultIn(answers[1]).said).toContain('somebody keeps writing to the keys');
    expect(await held(redis.admin, 'app:a', 'app:b')).toEqual(['x', 'x']);
  });

  test.each([
    ['json', 'x', 'y'],
    ['hash', { field: 'x' }, { field: 'y' }],
  ] as const)('a %s that runs out does not come back', async (encoding, from, to) => {
    await using redis = await startRedis();
    if (typeof from === 'string') await redis.admin.set('app:a', from);
    else await redis.admin.hset('app:a', from);
    await redis.admin.pexpire('app:a', 400);
    await using between = await meddling(redis, 'not at all', { meddle: () => sleep(450) });
    const answers = await swap(urlOf(between), [swapOf('app:a', from, to, { encoding, ttl: true })]);
    expect(answers).toEqual(['moved absent']);
    expect(await held(redis.admin, 'app:a')).toEqual([null]);
  });
});

describe('races', () => {
  /** Adds one to two counters at once, for as often as is asked; one of many who do. */
  const ADD = `
    for index = 1, 2 do
      local n = tonumber(string.match(redis.call('GET', KEYS[index]), '%d+'))
      redis.call('SET', KEYS[index], string.format('{"n":%d}', n + 1), 'KEEPTTL')
    end`;

  test(
    'with a writer of the same keys lose no update and leave no half of a pair',
    async () => {
      await using redis = await startRedis();
      const store = writableAt(redis.url);
      const asked = ['app:a', 'app:b'].map((key) => ({ name: vouch(key), key, encoding: 'json' as const }));
      await redis.admin.mset('app:a', '{"n":0}', 'app:b', '{"n":0}');
      let [isOver, theirs] = [false, 0];
      const writing = (async () => {
        while (!isOver) {
          await redis.admin.eval(ADD, 2, 'app:a', 'app:b');
          theirs += 1;
          await sleep(theirs % 4);
        }
      })();
      const answers = { swapped: 0, moved: 0 };
      for (let round = 0; round < RACES; round += 1) {
        const [a, b] = (await store.read(asked)).map(({ observation }) => inShort(observation));
        expect(a).toBe(b);
        const n = Number(/\d+/.exec(a ?? '')?.[0]);
        const [from, to] = [`{"n":${n}}`, `{"n":${n + 1}}`];
        const kinds = (
          await swap(
            redis.url,
            asked.map(({ key }) => swapOf(key, from, to)),
          )
        ).map((answer) => answer.split(' ')[0]);
        expect(new Set(kinds).size).toBe(1);
        const [kind] = kinds;
        if (kind !== 'swapped' && kind !== 'moved') throw new Error(`unexpected: ${kind}`);
        answers[kind] += 1;
      }
      isOver = true;
      await writing;
      const total = `{"n":${theirs + answers.swapped}}`;
      expect(await held(redis.admin, 'app:a', 'app:b')).toEqual([total, total]);
      expect(answers.swapped).toBeGreaterThan(0);
      expect(answers.moved).toBeGreaterThan(0);
    },
    60_000 + RACES * 100,
  );
});
