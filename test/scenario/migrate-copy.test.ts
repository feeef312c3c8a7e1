import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { guardedNames } from '../../src/guarded-app.ts';
import { startRedis, type TestRedis } from '../support/redis.ts';
import { guardian, project } from '../support/run.ts';
import { changed, fallbackText } from '../support/sample.ts';

/** The built program copies the fallback files into a Redis. */

let redis: TestRedis;
let folder: string;

beforeAll(async () => {
  redis = await startRedis();
});
afterAll(async () => {
  await redis[Symbol.asyncDispose]();
});
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'guardian-copy-'));
  cpSync(join(project, 'debug'), join(folder, 'debug'), { recursive: true });
  await redis.admin.flushall();
  return () => rmSync(folder, { recursive: true, force: true });
});

function copy(...args: readonly string[]) {
  const env = { REDIS_URL: redis.reader, GUARDIAN_REDIS_WRITE_URL: redis.url };
  return guardian(['migrate', 'copy', ...args], { cwd: folder, env });
}

const write = (...args: readonly string[]) => copy('--no-dry-run', '--backup', 'before.json', ...args);
const live = (name: string) => redis.admin.get(`r:ss:config:${name}`);

test('nothing is written unless that is asked for', async () => {
  const ended = await copy();
  expect(ended.stderr).toBe('');
  expect(ended.exitCode).toBe(0);
  expect(ended.stdout).toContain('--no-dry-run');
  expect(await redis.admin.dbsize()).toBe(0);
});

test('all configs are copied, with the time of the save, which login tokens do not get', async () => {
  const tokens = JSON.parse(fallbackText('magic_link_tokens'));
  const { _updated_at: _then, ...bare } = tokens;
  writeFileSync(join(folder, 'debug/magic_link_tokens.json'), JSON.stringify(bare));
  const ended = await write('--require-redis', '--verify');
  expect(ended.stderr).toBe('');
  expect(ended.exitCode).toBe(0);
  for (const name of guardedNames) {
    const value = JSON.parse((await live(name)) ?? '');
    expect('_updated_at' in value).toBe(name !== 'magic_link_tokens');
  }
  expect((await write()).exitCode).toBe(0);
});

test('a newer value is left alone, and is written over with --force', async () => {
  const newer = changed('processing_prefs', { retry_count: 9, _updated_at: '2099-01-01T00:00:00+00:00' });
  await redis.admin.set('r:ss:config:processing_prefs', newer);
  const ended = await write('--only', 'processing_prefs');
  expect(ended.exitCode).toBe(1);
  expect(ended.stdout).toContain('--force');
  expect(await live('processing_prefs')).toBe(newer);
  expect((await write('--only', 'processing_prefs', '--force')).exitCode).toBe(0);
  expect(JSON.parse((await live('processing_prefs')) ?? '').retry_count).toBe(3);
  expect(readFileSync(join(folder, 'before.json'), 'utf8')).toContain('2099');
});

test('an older value is written over, and one whose time is unknown is not', async () => {
  const older = changed('processing_prefs', { retry_count: 9, _updated_at: '2001-01-01T00:00:00+00:00' });
  await redis.admin.set('r:ss:config:processing_prefs', older);
  expect((await write('--only', 'processing_prefs')).exitCode).toBe(0);
  const timeless = changed('processing_prefs', { retry_count: 9, _updated_at: undefined });
  await redis.admin.set('r:ss:config:processing_prefs', timeless);
  expect((await copy('--only', 'processing_prefs')).exitCode).toBe(1);
});

test('what the schema refuses is not copied, and the rest is', async () => {
  writeFileSync(join(folder, 'debug/processing_prefs.json'), '{"retry_count": 99}');
  const ended = await write();
  expect(ended.exitCode).toBe(1);
  expect(ended.stdout).toContain('refused by the checks');
  expect(await live('processing_prefs')).toBeNull();
  expect(await live('routing_rules')).not.toBeNull();
});

test('a Redis that does not answer, no backup, or an unknown config ends it with 2', async () => {
  expect((await copy('--redis', 'redis://127.0.0.1:1')).exitCode).toBe(2);
  expect((await copy('--no-dry-run')).exitCode).toBe(2);
  expect((await copy('--only', 'routing_rule')).exitCode).toBe(2);
});
