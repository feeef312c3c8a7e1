import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import type { Swap } from '../../src/core/ports.ts';
import { startRedis, type TestRedis } from '../support/redis.ts';
import { expectNoSecret, GRACE, SECRET, urlOf } from './support/reading.ts';
import { answerOf, faultIn, held, meddling, swap, swapOf, writableAt } from './support/swapping.ts';

describe('a server that refuses', () => {
  /** A user with these rules, and three keys that hold `x`. */
  async function withUser(redis: TestRedis, rules: readonly string[]): Promise<string> {
    await redis.admin.mset('app:a', 'x', 'app:b', 'x', 'app:c', 'x');
    await redis.admin.call(
      'ACL',
      'SETUSER',
      'writer',
      'reset',
      'on',
      `>${SECRET}`,
      'resetchannels',
      ...rules,
    );
    return urlOf(redis, { username: 'writer', password: SECRET });
  }

  const three = ['app:a', 'app:b', 'app:c'].map((key) => swapOf(key, 'x', 'y'));

  async function expectUntouched(redis: TestRedis): Promise<void> {
    expect(await held(redis.admin, 'app:a', 'app:b', 'app:c')).toEqual(['x', 'x', 'x']);
  }

  test('one of three keys to be written has nothing written, and is told which', async () => {
    await using redis = await startRedis();
    const url = await withUser(redis, ['~app:a', '~app:c', '%R~app:b', '+@all']);
    const answers = await writableAt(url).swap(three);
    expect(answers.map(answerOf)).toEqual(['held', 'refused unauthorized', 'held']);
    expect(faultIn(answers[1])).toEqual({
      said: `the Redis user writer at ${redis.host}:${redis.port} lacks the permission to write the key`,
      advice: expect.stringMatching(
        /^give the URL of a user who may write .* ACL SETUSER <user> ~<prefix>\* .*\+watch .*\+set /,
      ),
    });
    await expectUntouched(redis);
    expectNoSecret(answers);
  });

  test('one of three keys to be seen has nothing written, and is told which', async () => {
    await using redis = await startRedis();
    const url = await withUser(redis, ['~app:a', '~app:c', '+@all']);
    expect(await swap(url, three)).toEqual(['held', 'refused unauthorized', 'held']);
    await expectUntouched(redis);
  });

  test.each(['watch', 'multi', 'exec', 'set', 'type', 'getrange'])(
    '%s has nothing written, and is told which command it is',
    async (command) => {
      await using redis = await startRedis();
      const url = await withUser(redis, ['~app:*', '+@all', `-${command}`]);
      const answers = await writableAt(url).swap(three);
      expect(answers.map(answerOf)).toEqual(Array(3).fill('refused unauthorized'));
      expect(faultIn(answers[0])).toEqual({
        said: expect.stringContaining(`lacks the permission to run ${command.toUpperCase()}`),
        advice: `give the URL of a user who may write (docs/redis.md); if this is that user, grant it: ACL SETUSER <user> +${command}`,
      });
      await expectUntouched(redis);
    },
  );

  test('no more than the permissions that the advice names has all written', async () => {
    await using redis = await startRedis();
    const denied = await withUser(redis, ['~none', '+@all']);
    const [refused] = await writableAt(denied).swap(three);
    const [, granted = ''] = /SETUSER <user> (.*)/.exec(faultIn(refused).advice) ?? [];
    const url = await withUser(redis, ['-@all', ...granted.replace('<prefix>', 'app:').split(' ')]);
    await redis.admin.hset('app:d', { field: 'x' });
    const hash = swapOf('app:d', { field: 'x' }, { other: 'y' }, { encoding: 'hash' });
    const [gone, ...others] = three;
    expect(await swap(url, [{ ...(gone as Swap), next: { kind: 'absent' } }, ...others, hash])).toEqual([
      'swapped absent',
      'swapped "y"',
      'swapped "y"',
      'swapped fields',
    ]);
  });

  test.each(['WATCH', 'MULTI', 'EXEC'])('because it has no %s has nothing written', async (command) => {
    await using redis = await startRedis(['--rename-command', command, 'withheld']);
    await redis.admin.mset('app:a', 'x', 'app:b', 'x', 'app:c', 'x');
    const answers = await writableAt(redis.url).swap(three);
    expect(answers.map(answerOf)).toEqual(Array(3).fill('refused unreadable'));
    expect(faultIn(answers[0])).toEqual({
      said: expect.stringContaining("doesn't know a command that writing needs"),
      advice: expect.stringContaining('WATCH'),
    });
    await expectUntouched(redis);
  });

  test('because it is a replica tells of the primary', async () => {
    await using redis = await startRedis();
    await redis.admin.mset('app:a', 'x', 'app:b', 'x', 'app:c', 'x');
    await redis.admin.replicaof('127.0.0.1', 1);
    const answers = await writableAt(redis.url).swap(three);
    expect(answers.map(answerOf)).toEqual(Array(3).fill('refused unauthorized'));
    expect(faultIn(answers[0])).toEqual({
      said: expect.stringContaining('is a replica, which nobody may write to (READONLY)'),
      advice: expect.stringContaining('primary'),
    });
    await expectUntouched(redis);
  });

  test('because its memory is full has nothing written', async () => {
    await using redis = await startRedis(['--maxmemory-policy', 'noeviction']);
    await redis.admin.mset('app:a', 'x', 'app:b', 'x', 'app:c', 'x');
    await redis.admin.config('SET', 'maxmemory', '1mb');
    const answers = await writableAt(redis.url).swap(three);
    expect(answers.map(answerOf)).toEqual(Array(3).fill('refused unreadable'));
    expect(faultIn(answers[1])).toEqual({
      said: expect.stringContaining('memory of Redis'),
      advice: expect.stringContaining('maxmemory'),
    });
    await expectUntouched(redis);
    // What is there can be told all the same.
    const moved = await swap(redis.url, [swapOf('app:a', 'w', 'y'), swapOf('app:b', 'x', 'y')]);
    expect(moved).toEqual(['moved "x"', 'held']);
  });

  test('because too few replicas follow it has nothing written', async () => {
    await using redis = await startRedis(['--min-replicas-to-write', '1']);
    await redis.admin.config('SET', 'min-replicas-to-write', '0');
    await redis.admin.mset('app:a', 'x', 'app:b', 'x', 'app:c', 'x');
    await redis.admin.config('SET', 'min-replicas-to-write', '1');
    const answers = await writableAt(redis.url).swap(three);
    expect(answers.map(answerOf)).toEqual(Array(3).fill('refused unreadable'));
    expect(faultIn(answers[0]).said).toContain('NOREPLICAS');
    await expectUntouched(redis);
  });

  test('because nobody is there says so of every key', async () => {
    const answers = await writableAt('redis://127.0.0.1:1').swap(three);
    expect(answers.map(answerOf)).toEqual(Array(3).fill('refused unreachable'));
  });
});

describe('a connection that is cut while EXEC', () => {
  const two = [swapOf('app:a', 'x', 'y'), swapOf('app:b', 'x', 'y')];

  async function withTwo(): Promise<TestRedis> {
    const redis = await startRedis();
    await redis.admin.mset('app:a', 'x', 'app:b', 'x');
    return redis;
  }

  test('is answered has all written, and that is seen', async () => {
    await using redis = await withTwo();
    await using between = await meddling(redis, 'after');
    expect(await swap(urlOf(between), two)).toEqual(['swapped "y"', 'swapped "y"']);
    expect(await held(redis.admin, 'app:a', 'app:b')).toEqual(['y', 'y']);
    expect(between.taken).toBe(2);
  });

  test('is on its way is tried again', async () => {
    await using redis = await withTwo();
    await using between = await meddling(redis, 'before');
    expect(await swap(urlOf(between), two)).toEqual(['swapped "y"', 'swapped "y"']);
    expect(await held(redis.admin, 'app:a', 'app:b')).toEqual(['y', 'y']);
  });

  test('is on its way, each time, has nothing written, and that is seen', async () => {
    await using redis = await withTwo();
    await using between = await meddling(redis, 'before', { times: 100 });
    const answers = await writableAt(urlOf(between)).swap(two);
    expect(answers.map(answerOf)).toEqual(['refused unreachable', 'refused unreachable']);
    expect(faultIn(answers[0]).said).toMatch(/closed the connection.*; nothing was written$/);
    expect(await held(redis.admin, 'app:a', 'app:b')).toEqual(['x', 'x']);
  });

  test('is answered, and changed by somebody before we look, leaves it uncertain', async () => {
    await using redis = await withTwo();
    const meddle = () => redis.admin.set('app:a', 'z');
    await using between = await meddling(redis, 'after', { meddle });
    const answers = await writableAt(urlOf(between)).swap(two);
    expect(answers.map(answerOf)).toEqual(['uncertain unreachable', 'uncertain unreachable']);
    expect(faultIn(answers[0])).toEqual({
      said: expect.stringContaining('nobody can tell'),
      advice: expect.stringContaining('run again'),
    });
    expect(await held(redis.admin, 'app:a', 'app:b')).toEqual(['z', 'y']);
  });

  test('is answered, with no way back to look, leaves it uncertain', async () => {
    await using redis = await withTwo();
    const meddle = () => redis.admin.config('SET', 'requirepass', SECRET);
    await using between = await meddling(redis, 'after', { meddle });
    expect(await swap(urlOf(between), two)).toEqual(['uncertain unreachable', 'uncertain unreachable']);
  });

  test('gets no answer in time leaves it uncertain, in time', async () => {
    await using redis = await withTwo();
    await using between = await meddling(redis, 'before', { meddle: () => sleep(2000) });
    const start = performance.now();
    const answers = await swap(urlOf(between), two, 500);
    expect(performance.now() - start).toBeLessThan(500 + GRACE);
    expect(answers).toEqual(['uncertain unreachable', 'uncertain unreachable']);
  });
});
