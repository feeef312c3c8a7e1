import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { startRedis, type TestRedis } from '../support/redis.ts';
import { project, runAction } from '../support/run.ts';
import { changed, fallbackText, load } from '../support/sample.ts';

let redis: TestRedis;
let workspace: string;
/** Where the program `guardian` is. */
let bin: string;

beforeAll(async () => {
  redis = await startRedis();
  bin = mkdtempSync(join(tmpdir(), 'guardian-bin-'));
  const program = `#!/bin/sh\nexec '${process.execPath}' '${join(project, 'dist/cli.js')}' "$@"\n`;
  writeFileSync(join(bin, 'guardian'), program, { mode: 0o755 });
});

afterAll(async () => {
  await redis[Symbol.asyncDispose]();
  rmSync(bin, { recursive: true });
});

beforeEach(() => {
  workspace = mkdtempSync(join(tmpdir(), 'guardian-remedies-'));
  cpSync(join(project, 'debug'), join(workspace, 'debug'), { recursive: true });
});

afterEach(() => {
  rmSync(workspace, { recursive: true });
});

const KEY = 'r:ss:config:processing_prefs';
const FILE = 'debug/processing_prefs.json';

/** All commands that the summary shows. */
async function shown(inputs: Readonly<Record<string, string>> = {}): Promise<readonly string[]> {
  const { summary } = await runAction({ inputs: { 'redis-url': redis.reader, ...inputs }, workspace });
  const [, commands = ''] = /```sh\n([\s\S]*?)\n```/.exec(summary) ?? [];
  return commands === '' ? [] : commands.split('\n');
}

/** The one of a direction, as somebody would paste it. */
async function planFrom(
  direction: 'fallback' | 'redis',
  inputs?: Readonly<Record<string, string>>,
): Promise<string> {
  const commands = (await shown(inputs)).filter((line) => line.includes(` from-${direction}.plan.json`));
  expect(commands).toHaveLength(1);
  return commands[0] ?? '';
}

/** What a plan says to paste next. */
function applyOf(stdout: string): string {
  const command = /^ {2}(.*guardian reconcile apply .*)$/m.exec(stdout)?.[1] ?? 'false';
  return command.replace('…', 'as planned');
}

/** Pastes the plan, then what it says to paste; what is left alone is the answer of the plan. */
function pasteBoth(plan: string, cwd = workspace) {
  const planned = paste(plan, cwd);
  return planned.status === 0 ? paste(applyOf(planned.stdout), cwd) : planned;
}

function paste(commands: string, cwd = workspace) {
  return spawnSync('sh', ['-c', commands], {
    cwd,
    env: {
      HOME: workspace,
      PATH: `${bin}:${process.env['PATH']}`,
      REDIS_URL: redis.reader,
      GUARDIAN_REDIS_WRITE_URL: redis.url,
    },
    encoding: 'utf8',
  });
}

/** What a text says, but for when it was saved. */
function content(text: string | null): unknown {
  const { _updated_at, ...rest } = JSON.parse(text ?? 'null');
  return rest;
}

describe('what the summary says to paste', () => {
  test.each([
    ['invalid', 'not json'],
    ['absent', null],
    ['drifted', changed('processing_prefs', { retry_count: 4 })],
  ] as const)('writes the fallback where the value is %s, and undo takes it back', async (_fact, value) => {
    await load(redis.admin, { processing_prefs: value });
    const { status, stdout, stderr } = pasteBoth(await planFrom('fallback'));
    expect({ status, stdout, stderr }).toMatchObject({ status: 0, stderr: '' });
    expect(content(await redis.admin.get(KEY))).toEqual(content(fallbackText('processing_prefs')));
    const undone = paste('guardian reconcile undo from-fallback.plan.backup.json --reason "it was meant"');
    expect(undone.status).toBe(0);
    expect(await redis.admin.get(KEY)).toBe(value);
  });

  test('keeps the time to live', async () => {
    await load(redis.admin);
    await redis.admin.set(KEY, 'not json', 'EX', 1000);
    expect(pasteBoth(await planFrom('fallback')).status).toBe(0);
    expect(await redis.admin.ttl(KEY)).toBeGreaterThan(900);
    await redis.admin.del(KEY);
  });

  test('leaves a value of another type alone, and says so', async () => {
    await load(redis.admin, { processing_prefs: null });
    await redis.admin.hset(KEY, 'a', 'b');
    const { status, stdout, stderr } = pasteBoth(await planFrom('fallback'));
    expect(status).not.toBe(0);
    expect(stdout + stderr).toContain('hash');
    expect(await redis.admin.hgetall(KEY)).toEqual({ a: 'b' });
    await redis.admin.del(KEY);
  });

  test('brings a value that drifted into git, and undo takes it back', async () => {
    const value = changed('processing_prefs', { retry_count: 4 });
    await load(redis.admin, { processing_prefs: value });
    const { status, stdout, stderr } = pasteBoth(await planFrom('redis'));
    expect({ status, stdout, stderr }).toMatchObject({ status: 0, stderr: '' });
    expect(content(readFileSync(join(workspace, FILE), 'utf8'))).toEqual(content(value));
    expect(await redis.admin.get(KEY)).toBe(value);
    expect(paste('guardian reconcile undo from-redis.plan.backup.json --reason "it was meant"').status).toBe(
      0,
    );
    expect(readFileSync(join(workspace, FILE), 'utf8')).toBe(fallbackText('processing_prefs'));
  });

  test('changes nothing when the key is gone between the plan and its application', async () => {
    await load(redis.admin, { processing_prefs: changed('processing_prefs', { retry_count: 4 }) });
    const planned = paste(await planFrom('redis'));
    expect(planned.status).toBe(0);
    await redis.admin.del(KEY);
    expect(paste(applyOf(planned.stdout)).status).toBe(1);
    expect(readFileSync(join(workspace, FILE), 'utf8')).toBe(fallbackText('processing_prefs'));
  });

  test('does nothing in another folder, where there is no such file', async () => {
    await load(redis.admin, { processing_prefs: 'not json' });
    const elsewhere = join(workspace, 'elsewhere');
    mkdirSync(elsewhere);
    expect(pasteBoth(await planFrom('fallback'), elsewhere).status).not.toBe(0);
    expect(await redis.admin.get(KEY)).toBe('not json');
  });

  test('mends all configs at once, in the environment that was verified', async () => {
    cpSync(join(project, 'schemas'), join(workspace, 'schemas'), { recursive: true });
    writeFileSync(
      join(workspace, 'guardian.json'),
      JSON.stringify({
        version: 1,
        environments: { staging: { prefix: 'r:ss:config:' } },
        configs: {
          processing_prefs: { fallback: FILE },
          routing_rules: { fallback: 'debug/routing_rules.json' },
        },
      }),
    );
    await load(redis.admin, { processing_prefs: 'not json', routing_rules: null });
    const plan = await planFrom('fallback', { environment: 'staging' });
    expect(plan).toContain('--environment=staging');
    const { status, stdout, stderr } = pasteBoth(plan);
    expect({ status, stdout, stderr }).toMatchObject({ status: 0, stderr: '' });
    expect(content(await redis.admin.get(KEY))).toEqual(content(fallbackText('processing_prefs')));
    expect(await redis.admin.exists('r:ss:config:routing_rules')).toBe(1);
  });

  test.each([
    ['fallbacks in another folder', { fallbacks: "it's here" }, 'r:ss:config:'],
    ['another prefix', { fallbacks: "it's here", prefix: 'other key:' }, 'other key:'],
    ['a manifest in another place', { 'config-file': "it's here/guardian.json" }, 'm:'],
  ] as const)('means the keys and files that were verified: %s', async (_fact, inputs, prefix) => {
    const folder = join(workspace, "it's here");
    cpSync(join(workspace, 'debug'), folder, { recursive: true });
    cpSync(join(project, 'schemas'), join(workspace, 'schemas'), { recursive: true });
    const value = changed('processing_prefs', { retry_count: 4 });
    writeFileSync(join(folder, 'processing_prefs.json'), value);
    const configs = { processing_prefs: { fallback: "it's here/processing_prefs.json" } };
    writeFileSync(join(folder, 'guardian.json'), JSON.stringify({ version: 1, prefix, configs }));
    await load(redis.admin);
    const key = `${prefix}processing_prefs`;
    await redis.admin.set(key, 'not json');
    const plan = await planFrom('fallback', { ...inputs, keys: 'processing_prefs' });
    const { status, stdout, stderr } = pasteBoth(plan);
    expect({ status, stdout, stderr }).toMatchObject({ status: 0, stderr: '' });
    expect(content(await redis.admin.get(key))).toEqual(content(value));
    if (key !== KEY) expect(await redis.admin.get(KEY)).toBe(fallbackText('processing_prefs'));
    await redis.admin.del(key);
  });

  test('is nothing where the fallback is missing', async () => {
    rmSync(join(workspace, FILE));
    await load(redis.admin, { processing_prefs: 'not json' });
    expect(await shown()).toEqual([]);
  });

  test('warns of secrets', async () => {
    await load(redis.admin, {
      webhook_config: changed('webhook_config', { webhook_url: 'https://hook.eu2.make.com/moved' }),
    });
    const remarks = (await shown()).filter((line) => line.startsWith('# webhook_config: '));
    expect(remarks).toHaveLength(2);
    expect(remarks[1]).toContain('--include-secrets');
    const { status, stdout } = pasteBoth(await planFrom('redis'));
    expect(status).not.toBe(0);
    expect(stdout).toContain('secret');
    expect(readFileSync(join(workspace, 'debug/webhook_config.json'), 'utf8')).toBe(
      fallbackText('webhook_config'),
    );
  });
});
