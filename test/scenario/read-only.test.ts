import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Redis } from 'ioredis';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { documentedRights, readerLogin, startRedis, type TestRedis } from '../support/redis.ts';
import { guardian, project, runAction } from '../support/run.ts';
import { changed, load } from '../support/sample.ts';

/** Here the guardian may do everything, and what it does is held against what the server says of each command. */

let redis: TestRedis;
let cwd: string;

beforeAll(async () => {
  redis = await startRedis();
  cwd = mkdtempSync(join(tmpdir(), 'guardian-read-only-'));
  for (const name of ['schemas', 'debug']) {
    cpSync(join(project, name), join(cwd, name), { recursive: true });
  }
  // Every way to ask: what is sound, invalid and missing, keys of a pattern, a hash.
  await load(redis.admin, { routing_rules: changed('routing_rules', { rules: 7 }), webhook_config: null });
  for (const tenant of ['acme', 'globex', 'initech', 'umbrella']) {
    await redis.admin.set(`app:tenant:${tenant}:prefs`, JSON.stringify({ plan: 'free', seats: 4 }));
  }
  await redis.admin.hset('app:flags', { beta: 'on' });
});

afterAll(async () => {
  await redis[Symbol.asyncDispose]();
  rmSync(cwd, { recursive: true });
});

beforeEach(async () => {
  await redis.admin.config('RESETSTAT');
});

/** The commands that the server was sent since, subcommands and all, but for the one that asks. */
async function sent(admin: Redis): Promise<readonly string[]> {
  const statistics = await admin.info('commandstats');
  const names = [...statistics.matchAll(/^cmdstat_([^:]+):/gm)].map(([, name = '']) => name);
  return names.filter((name) => name !== 'config|resetstat');
}

/** Those that may change a key, as the server says. */
async function writing(admin: Redis, names: readonly string[]): Promise<readonly string[]> {
  const told = await admin.call('COMMAND', 'INFO', ...names);
  if (!Array.isArray(told)) throw new Error('COMMAND INFO told something else');
  return told.flatMap((command) => (flagsOf(command).includes('write') ? [`${command[0]}`] : []));
}

function flagsOf(command: unknown): readonly unknown[] {
  const flags: unknown = Array.isArray(command) ? command[2] : undefined;
  if (!Array.isArray(flags)) throw new Error('COMMAND INFO knows one of the commands no more');
  return flags;
}

/** They are part of connecting, and tell nothing of keys. */
const CONNECTING = ['auth', 'hello', 'ping'];

const rights = documentedRights().map((right) => right.slice(1));

async function expectOnlyReading(): Promise<void> {
  const names = await sent(redis.admin);
  expect(names).not.toEqual([]);
  expect(await writing(redis.admin, names)).toEqual([]);
  expect(names.filter((name) => ![...CONNECTING, ...rights].includes(name))).toEqual([]);
}

describe('where it may do everything, no command that writes is sent by', () => {
  test('the action', async () => {
    const { outputs } = await runAction({ inputs: { 'redis-url': redis.url }, workspace: cwd });
    expect(outputs).toMatchObject({ verdict: 'fail' });
    await expectOnlyReading();
  });

  test.each([
    [['verify'], 1],
    [['review', '--base', 'HEAD'], 1],
    [['snapshot', '--out', 'all.json'], 0],
    [['doctor'], 1],
    [['add-case', 'routing_rules'], 0],
    [['reconcile', 'plan', '--out', 'plan.json'], 0],
    [['reconcile', 'plan', '--from', 'redis'], 1],
    [['init', '--prefix', 'app:'], 0],
    [['verify', '--config-file', 'guardian.yml'], 0],
  ] as const)('%j', async (args, exitCode) => {
    const ended = await guardian(args, { cwd, env: { REDIS_URL: redis.url } });
    expect(ended).toMatchObject({ exitCode });
    await expectOnlyReading();
  });

  test('and this would tell of one', async () => {
    await redis.admin.set('other', '1');
    expect(await writing(redis.admin, await sent(redis.admin))).toEqual(['set']);
  });
});

test('the user that can only read is denied every command that writes', async () => {
  const names = await redis.admin.call('COMMAND', 'LIST', 'FILTERBY', 'ACLCAT', 'write');
  const told = Array.isArray(names) ? await redis.admin.call('COMMAND', 'INFO', ...names) : [];
  const commands = Array.isArray(told) ? told : [];
  expect(commands.length).toBeGreaterThan(50);
  for (const [name, arity] of commands) {
    const words = `${name}`.split('|');
    const more = Array.from({ length: Math.max(0, Math.abs(Number(arity)) - words.length) }, () => '1');
    const answer = await redis.admin.call('ACL', 'DRYRUN', readerLogin.username, ...words, ...more);
    expect(`${answer}`).toContain('no permissions to run');
  }
});
