import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { startRedis, type TestRedis } from '../support/redis.ts';
import { project, runAction } from '../support/run.ts';
import { changed, fallbackText, load } from '../support/sample.ts';

let redis: TestRedis;
let workspace: string;

beforeAll(async () => {
  redis = await startRedis();
});

afterAll(async () => {
  await redis[Symbol.asyncDispose]();
});

beforeEach(() => {
  workspace = mkdtempSync(join(tmpdir(), 'guardian-remedies-'));
  cpSync(join(project, 'debug'), join(workspace, 'debug'), { recursive: true });
});

afterEach(() => {
  rmSync(workspace, { recursive: true });
});

const KEY = 'r:ss:config:processing_prefs';
const file = () => join(workspace, 'debug/processing_prefs.json');

/** The commands that the summary shows, as somebody would paste those that begin so. */
async function shown(word: string): Promise<string> {
  const { summary } = await runAction({ inputs: { 'redis-url': redis.url }, workspace });
  const [, commands = ''] = /```sh\n([\s\S]*?)\n```/.exec(summary) ?? [];
  return commands
    .split('\n')
    .filter((line) => line.includes(word))
    .join('\n');
}

function paste(commands: string, cwd = workspace) {
  return spawnSync('sh', ['-c', commands], {
    cwd,
    env: { ...process.env, REDIS_URL: redis.url },
    encoding: 'utf8',
  });
}

describe('what the summary says to paste', () => {
  test.each([
    ['invalid', 'not json'],
    ['absent', null],
  ] as const)('puts the fallback where the value is %s, and keeps what was there', async (_fact, value) => {
    await load(redis.admin, { processing_prefs: value });
    const { status } = paste(await shown('SET'));
    expect(status).toBe(0);
    expect(await redis.admin.get(KEY)).toBe(fallbackText('processing_prefs'));
    const kept = await redis.admin.keys(`${KEY}.before-*`);
    expect(await Promise.all(kept.map((key) => redis.admin.get(key)))).toEqual(value === null ? [] : [value]);
    await redis.admin.del(...kept, KEY);
  });

  test('replaces a value of another type, and keeps it', async () => {
    await load(redis.admin, { processing_prefs: null });
    await redis.admin.hset(KEY, 'a', 'b');
    expect(paste(await shown('SET')).status).toBe(0);
    expect(await redis.admin.get(KEY)).toBe(fallbackText('processing_prefs'));
    const [kept = ''] = await redis.admin.keys(`${KEY}.before-*`);
    expect(await redis.admin.hgetall(kept)).toEqual({ a: 'b' });
    await redis.admin.del(kept);
  });

  test('keeps the old value for good, though it had a time to live', async () => {
    await load(redis.admin, { processing_prefs: null });
    await redis.admin.set(KEY, 'not json', 'EX', 100);
    expect(paste(await shown('SET')).status).toBe(0);
    const [kept = ''] = await redis.admin.keys(`${KEY}.before-*`);
    expect(await redis.admin.ttl(kept)).toBe(-1);
    await redis.admin.del(kept);
  });

  test('leaves the file alone when the key is gone meanwhile', async () => {
    await load(redis.admin, { processing_prefs: changed('processing_prefs', { retry_count: 4 }) });
    const commands = await shown('GET');
    await redis.admin.del(KEY);
    expect(paste(commands).status).not.toBe(0);
    expect(readFileSync(file(), 'utf8')).toBe(fallbackText('processing_prefs'));
  });

  test('brings a value that drifted into git', async () => {
    const value = changed('processing_prefs', { retry_count: 4 });
    await load(redis.admin, { processing_prefs: value });
    expect(paste(await shown('GET')).status).toBe(0);
    expect(readFileSync(file(), 'utf8').trim()).toBe(value);
  });

  test('does nothing in another folder, where there is no such file', async () => {
    await load(redis.admin, { processing_prefs: 'not json' });
    const { status } = paste(await shown('SET'), tmpdir());
    expect(status).not.toBe(0);
    expect(await redis.admin.get(KEY)).toBe('not json');
    expect(await redis.admin.keys(`${KEY}.before-*`)).toEqual([]);
  });

  test('is nothing where the fallback is missing, or the value holds secrets', async () => {
    rmSync(file());
    await load(redis.admin, {
      processing_prefs: 'not json',
      magic_link_tokens: '{"token": 1}',
      webhook_config: changed('webhook_config', { webhook_ssl_verify: 'x' }),
    });
    expect(await shown('redis-cli')).toBe('');
    expect(await shown('holds secrets')).toMatch(/^# webhook_config: .*\n# magic_link_tokens: /);
  });
});
