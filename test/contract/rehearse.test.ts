import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { plain } from '../../src/core/plain.ts';
import type { Rehearsal } from '../../src/core/rehearsal.ts';
import { type RehearseOptions, rehearseRun } from '../../src/faces/rehearse.ts';
import { readSettings, type SettingName, UsageError } from '../../src/faces/settings.ts';
import { startRedis, type TestRedis } from '../support/redis.ts';
import { emptyRepository, type TestRepository } from './support/repository.ts';

/** The whole of it, with real servers, real commands and a real history. */

const TOKEN = 'tok-7f3a9c51';

function schema(versions: readonly number[], modes: readonly string[]): string {
  return JSON.stringify({
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    type: 'object',
    properties: { version: { enum: versions }, mode: { enum: modes }, token: { type: 'string' } },
    required: ['version'],
  });
}

const manifest = `version: 1
configs:
  prefs:
    key: app:prefs
    fallback: none
    secret: [/token]
    compatibility: full
  tenants:
    keys: 'app:tenant:*'
    schema: schemas/prefs.schema.json
migration:
  allow:
    - { config: prefs, at: [/version, /mode] }
    - { key: 'app:tmp:*' }
`;

const before = `{"version": 1, "mode": "fast", "token": "${TOKEN}"}`;
const after = before.replace('1', '2');

let repository: TestRepository;
let redis: TestRedis;
let base: string;

beforeAll(async () => {
  repository = emptyRepository();
  redis = await startRedis();
  base = repository.commit({
    'guardian.yml': manifest,
    'schemas/prefs.schema.json': schema([1, 2, 3], ['fast']),
  });
  repository.commit({ 'schemas/prefs.schema.json': schema([1, 2], ['fast', 'eager']) });
  await redis.admin.set('app:prefs', before);
  await redis.admin.set('app:tenant:a', '{"version": 1}', 'PX', 3_600_000);
  await redis.admin.set('unrelated', 'x');
});
afterAll(async () => {
  repository[Symbol.dispose]();
  await redis[Symbol.asyncDispose]();
});

/** `redis-cli` reads its commands from a here-document. */
function cli(...commands: readonly string[]): string {
  return `redis-cli -u "$REDIS_URL" --no-auth-warning <<'END'\n${commands.join('\n')}\nEND`;
}

const quoted = (text: string) => `'${text}'`;
const migrate = cli('SET app:tmp:log done', `SET app:prefs ${quoted(after)}`);
const rollback = cli('DEL app:tmp:log', `SET app:prefs ${quoted(before)}`);

function play(
  options: Partial<RehearseOptions> = {},
  given: Partial<Record<SettingName, string>> = { redis: redis.reader, base },
  env: Readonly<Record<string, string | undefined>> = process.env,
) {
  return rehearseRun(
    {
      settings: readSettings(given, (setting) => setting),
      ...{
        command: migrate,
        rollback,
        sandbox: { kind: 'binary' },
        runTimeout: 10_000,
        allowedEnv: [],
        standIns: false,
      },
      ...options,
    },
    { workspace: repository.folder, env, now: Date.now },
  );
}

function told({ proofs }: Rehearsal): Readonly<Record<string, string>> {
  return Object.fromEntries(proofs.map(({ id, status }) => [id, status]));
}

const allProved = { a: 'proved', b: 'proved', c: 'proved', d: 'proved', e: 'proved', f: 'proved' };

async function errorOf(work: Promise<unknown>): Promise<string> {
  const error = await work.catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(UsageError);
  return error instanceof UsageError ? plain(error.said) : '';
}

describe('a migration of what is in a Redis', () => {
  test('that behaves well passes all, and the Redis is as it was', async () => {
    const { rehearsal, exitCode } = await play();
    expect(told(rehearsal)).toEqual(allProved);
    expect(exitCode).toBe(0);
    expect(rehearsal.runs.map(({ what, writes }) => `${what} ${writes}`)).toEqual([
      'first 2',
      'second 2',
      'before-rollback 2',
      'rollback 2',
      'interrupted 1',
      'resumed 2',
    ]);
    expect(await redis.admin.get('app:prefs')).toBe(before);
    expect(await redis.admin.exists('app:tmp:log')).toBe(0);
  });

  const once = 'test "$(redis-cli -u "$REDIS_URL" --no-auth-warning GET app:tmp:n)" = 1 && exit 0';
  const wrong: readonly (readonly [string, Pick<RehearseOptions, 'command'> & Partial<RehearseOptions>])[] = [
    ['a', { command: cli(`SET app:prefs ${quoted(before.replace('1', '3'))}`) }],
    ['b', { command: cli(`SET app:tenant:a '{"version": 2}' KEEPTTL`) }],
    ['c', { command: cli('SET app:tmp:n 1', 'APPEND app:tmp:m x') }],
    ['d', { command: `${once}\n${cli('SET app:tmp:n 1', 'SET app:tmp:m 1')}` }],
    ['e', { command: migrate, rollback: cli('DEL app:tmp:log') }],
    ['f', { command: cli(`SET app:prefs ${quoted(before.replace('fast', 'eager'))}`) }],
  ];
  test.each(wrong)('that breaks (%s) is caught by that proof, and by no other', async (id, options) => {
    const everything = cli('DEL app:tmp:n app:tmp:m', `SET app:tenant:a '{"version": 1}' KEEPTTL`);
    const { rehearsal, exitCode } = await play({ rollback: `${rollback}\n${everything}`, ...options });
    expect(told(rehearsal)).toEqual({ ...allProved, [id]: 'refuted' });
    expect(exitCode).toBe(1);
  });

  test('that exits 3, or hangs, proves nothing', async () => {
    const failed = await play({ command: 'exit 3' });
    expect(told(failed.rehearsal)).toMatchObject({ a: 'refuted', b: 'unchecked', f: 'unchecked' });
    const hung = await play({ command: 'sleep 100', runTimeout: 300 });
    expect(hung.rehearsal.runs).toMatchObject([{ what: 'first', isTimedOut: true }]);
    expect([failed.exitCode, hung.exitCode]).toEqual([1, 1]);
  });

  test('finds none of the credentials that lead to the Redis, and prints no secret of a config', async () => {
    const command = `env\n${cli('GET app:prefs')}\n${migrate}`;
    const env = { ...process.env, SECRET_URL: redis.url, REDIS_URL: redis.reader };
    const { rehearsal, secrets } = await play({ command }, { base }, env);
    const text = JSON.stringify(rehearsal);
    expect(rehearsal.runs[0]?.output).toContain('REDIS_URL=');
    expect(rehearsal.runs[0]?.output).toContain('‹hidden›');
    for (const secret of [TOKEN, `:${redis.port}`, ...secrets]) expect(text).not.toContain(secret);
  });
});

test('on request the command sees stand-ins instead of secrets, spelled alike', async () => {
  const get = 'redis-cli -u "$REDIS_URL" --no-auth-warning GET app:prefs';
  const command = `case "$(${get})" in *${TOKEN}*) exit 3;; *) ${get};; esac`;
  const { rehearsal } = await play({ command, standIns: true });
  expect(told(rehearsal)).toEqual({ ...allProved, e: 'refuted' });
  expect(rehearsal.runs[0]?.output).toBe('{"version": 1, "mode": "fast", "token": "‹hidden›"}\n');
});

test('a base that cannot be found is not taken for one that asks for nothing', async () => {
  const { rehearsal } = await play({}, { redis: redis.reader, base: 'nowhere' });
  expect(told(rehearsal)).toMatchObject({ f: 'unchecked' });
});

describe('a snapshot', () => {
  const digest = 'sha256:2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881';
  const keyOf = (more: object) => ({
    type: 'string',
    ttl: null,
    length: 1,
    digest,
    value: { utf8: 'x' },
    ...more,
  });
  const document = (keys: object) =>
    JSON.stringify({
      ...{ format: 'redis-config-guardian/snapshot', version: 1, takenAt: '2026-11-24T10:00:00Z' },
      keys,
    });

  test('is loaded with all that it holds', async () => {
    repository.write('all.json', document({ other: keyOf({}), more: keyOf({ ttl: 3_600_000 }) }));
    const command = cli('GET other', 'PTTL more', 'SET app:prefs {}');
    const { rehearsal } = await play({ command }, { store: 'snapshot:all.json', base });
    expect(rehearsal.runs[0]?.output).toMatch(/^x\n3[56]\d{5}\nOK\n$/);
  });

  test('that does not hold a value is refused', async () => {
    const { value: _value, ...withoutValue } = keyOf({});
    repository.write('omitted.json', document({ other: withoutValue }));
    expect(await errorOf(play({}, { store: 'snapshot:omitted.json' }))).toBe(
      "the snapshot doesn't hold the value",
    );
  });

  test('that is not there is refused', async () => {
    expect(await errorOf(play({}, { store: 'snapshot:none.json' }))).toContain('there is no file none.json');
  });
});

test('a key that is of another type than its config is refused', async () => {
  await redis.admin.rpush('app:tenant:list', 'x');
  try {
    expect(await errorOf(play())).toMatch(/^1 key of configs can't be put into a sandbox/);
  } finally {
    await redis.admin.del('app:tenant:list');
  }
});

test('a Redis to rehearse with that holds something is refused', async () => {
  expect(await errorOf(play({ sandbox: { kind: 'url', url: redis.url } }))).toMatch(/isn't empty/);
  expect(await redis.admin.get('unrelated')).toBe('x');
});
