import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { noBinary, startServer } from '../contract/support/binary.ts';
import { startRedis, type TestRedis } from '../support/redis.ts';
import { guardian } from '../support/run.ts';

/** Configs of another team: hashes, many keys of a pattern, a time of the save at another place; and servers in trouble. */

const manifest = `
version: 1
prefix: 'shop:'
configs:
  limits:
    fallback: fallback/limits.json
    freshness: { at: /meta/saved, expected: true }
    ignore: [/meta/by, /seen]
  flags:
    encoding: hash
    fallback: fallback/flags.json
    freshness: { at: /_updated_at, expected: false }
  rates:
    encoding: hash-json
    schema: schemas/limits.schema.json
    fallback: fallback/rates.json
    freshness: { at: /_updated_at, expected: false }
  tenants:
    keys: 'tenant:*'
    schema: schemas/limits.schema.json
    fallback: tenants/{1}.json
    freshness: { at: /_updated_at, expected: false }
`;

const schema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  type: 'object',
  required: ['retries'],
  properties: { retries: { type: 'integer', maximum: 10 } },
};

let redis: TestRedis;
let folder: string;

beforeAll(async () => {
  redis = await startRedis();
});
afterAll(async () => {
  await redis[Symbol.asyncDispose]();
});

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'guardian-team-'));
  put('guardian.yml', manifest);
  put('schemas/limits.schema.json', JSON.stringify(schema));
  put('schemas/flags.schema.json', JSON.stringify({ $schema: schema.$schema, type: 'object' }));
  put('fallback/limits.json', '{"retries": 3, "meta": {"saved": "2026-01-01T00:00:00+00:00"}}\n');
  put('fallback/flags.json', '{"beta": "on", "dark": "off"}\n');
  put('fallback/rates.json', '{"retries": 3, "steps": [1, 2]}\n');
  put('tenants/acme.json', '{"retries": 1}\n');
  put('tenants/globex.json', '{"retries": 2}\n');
  await redis.admin.flushall();
  await redis.admin.set(
    'shop:limits',
    '{"retries":5,"seen":7,"meta":{"saved":"2026-02-02T00:00:00+00:00","by":"ann"}}',
  );
  await redis.admin.hset('shop:flags', { beta: 'off', old: 'yes' });
  await redis.admin.expire('shop:flags', 5000);
  await redis.admin.hset('shop:rates', { retries: '4', steps: '[1, 2]' });
  await redis.admin.set('shop:tenant:acme', '{"retries": 9}');
  return () => rmSync(folder, { recursive: true, force: true });
});

function put(path: string, text: string): void {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), text);
}

function run(url: string, ...args: readonly string[]) {
  const env = { REDIS_URL: url, GUARDIAN_REDIS_WRITE_URL: url };
  return guardian(['reconcile', ...args], { cwd: folder, env });
}

const apply = ['apply', 'plan.json', '--backup', 'backup.json', '--reason', 'r'];

test('strings, hashes and keys of a pattern are written together, and undone together', async () => {
  const planned = await run(redis.url, 'plan', '--out', 'plan.json');
  expect(planned.stderr).toBe('');
  expect(planned.exitCode).toBe(0);
  const applied = await run(redis.url, ...apply);
  expect(applied.stderr).toBe('');
  expect(applied.exitCode).toBe(0);
  const limits = JSON.parse((await redis.admin.get('shop:limits')) ?? '');
  // What is ignored stays as it was, but for the time of the save.
  expect(limits).toMatchObject({ retries: 3, seen: 7, meta: { by: 'ann' } });
  expect(Math.abs(Date.parse(limits.meta.saved) - Date.now())).toBeLessThan(60_000);
  expect(await redis.admin.hgetall('shop:flags')).toEqual({ beta: 'on', dark: 'off' });
  expect(await redis.admin.ttl('shop:flags')).toBeGreaterThan(4900);
  expect(await redis.admin.hgetall('shop:rates')).toEqual({ retries: '3', steps: '[1, 2]' });
  expect(await redis.admin.get('shop:tenant:acme')).toContain('1');
  // A key that only its file waited for.
  expect(await redis.admin.get('shop:tenant:globex')).toContain('2');
  const undone = await run(redis.url, 'undo', 'backup.json', '--reason', 'r');
  expect(undone.exitCode).toBe(0);
  expect(await redis.admin.hgetall('shop:flags')).toEqual({ beta: 'off', old: 'yes' });
  expect(await redis.admin.get('shop:tenant:acme')).toBe('{"retries": 9}');
  expect(await redis.admin.exists('shop:tenant:globex')).toBe(0);
});

test('a field of a hash that does not change keeps its spelling', async () => {
  await redis.admin.hset('shop:rates', { steps: '[1,  2.0]' });
  put('fallback/rates.json', '{"retries": 3, "steps": [1, 2]}\n');
  await run(redis.url, 'plan', '--keys', 'rates', '--out', 'plan.json');
  expect((await run(redis.url, ...apply)).exitCode).toBe(0);
  expect(await redis.admin.hgetall('shop:rates')).toEqual({ retries: '3', steps: '[1,  2.0]' });
});

test('two keys that share a file are not written into it', async () => {
  put('guardian.yml', manifest.replace('fallback/rates.json', 'fallback/limits.json'));
  await redis.admin.hset('shop:rates', { retries: '8' });
  const planned = await run(
    redis.url,
    'plan',
    '--from',
    'redis',
    '--keys',
    'limits,rates',
    '--out',
    'plan.json',
  );
  expect(planned.exitCode).toBe(1);
  expect(planned.stdout).toContain('has the same key or the same fallback');
});

test('a value that is larger than what is read is not written', async () => {
  put('fallback/limits.json', JSON.stringify({ retries: 3, note: 'x'.repeat(3000) }));
  const planned = await run(
    redis.url,
    'plan',
    '--keys',
    'limits',
    '--max-bytes',
    '1kB',
    '--out',
    'plan.json',
  );
  expect(planned.exitCode).toBe(2);
  expect(planned.stdout).toContain('max-bytes');
});

test.each(['severities: { shape: warning }', 'exceptions: [{ check: shape, at: "", reason: known }]'])(
  'what the schema refuses is not written, though it is only told of quietly: %s',
  async (quietly) => {
    put(
      'guardian.yml',
      manifest.replace('    ignore: [/meta/by, /seen]', `    ignore: [/meta/by, /seen]\n    ${quietly}`),
    );
    put('fallback/limits.json', '{"retries": 99}\n');
    const planned = await run(redis.url, 'plan', '--keys', 'limits', '--out', 'plan.json');
    expect(planned.exitCode).toBe(1);
    expect(planned.stdout).toContain('refused by the checks');
  },
);

test('a key of another type is left alone', async () => {
  await redis.admin.del('shop:limits');
  await redis.admin.rpush('shop:limits', 'a');
  const planned = await run(redis.url, 'plan', '--out', 'plan.json');
  expect(planned.exitCode).toBe(1);
  expect(planned.stdout).toContain('list');
  await run(redis.url, ...apply);
  expect(await redis.admin.lrange('shop:limits', 0, -1)).toEqual(['a']);
});

test('Redis is right: a fallback is written for a key that has none', async () => {
  await redis.admin.set('shop:tenant:initech', '{"retries": 7}');
  await run(redis.url, 'plan', '--from', 'redis', '--keys', 'tenants', '--out', 'plan.json');
  await run(redis.url, ...apply);
  expect(readFileSync(join(folder, 'tenants/initech.json'), 'utf8')).toBe('{\n  "retries": 7\n}\n');
  expect(readFileSync(join(folder, 'tenants/acme.json'), 'utf8')).toBe('{"retries": 9}\n');
});

describe('nothing is written, and why is told, when', () => {
  async function refused(url: string, words: RegExp): Promise<void> {
    const ended = await run(url, ...apply);
    expect(`${ended.stdout}${ended.stderr}`).toMatch(words);
    expect(ended.exitCode).toBe(1);
  }

  async function planned(url: string): Promise<void> {
    expect((await run(url, 'plan', '--out', 'plan.json')).exitCode).toBe(0);
  }

  test.skipIf(noBinary)('the memory of the server is full', async () => {
    await using full = await startServer([]);
    await full.admin.set('shop:limits', '{"retries":5}');
    await planned(`redis://${full.host}:${full.port}`);
    await full.admin.config('SET', 'maxmemory-policy', 'noeviction');
    await full.admin.config('SET', 'maxmemory', '1');
    await refused(`redis://${full.host}:${full.port}`, /memory/);
    expect(await full.admin.get('shop:limits')).toBe('{"retries":5}');
    expect(await full.admin.exists('shop:flags', 'shop:tenant:acme')).toBe(0);
  });

  test.skipIf(noBinary)('the server is a replica', async () => {
    await using primary = await startServer([]);
    await primary.admin.set('shop:limits', '{"retries":5}');
    await using replica = await startServer([`replicaof ${primary.host} ${primary.port}`]);
    while (!/master_link_status:up/.test(await replica.admin.info('replication'))) {
      await new Promise((resume) => setTimeout(resume, 50));
    }
    const url = `redis://${replica.host}:${replica.port}`;
    await planned(url);
    await refused(url, /replica/);
    // One that lets itself be written to would lose it.
    await replica.admin.config('SET', 'replica-read-only', 'no');
    await refused(url, /replica/);
    expect(await replica.admin.exists('shop:flags')).toBe(0);
    // Its primary has the same replication, so the plan is good there.
    expect((await run(`redis://${primary.host}:${primary.port}`, ...apply)).exitCode).toBe(0);
    expect(await primary.admin.exists('shop:flags', 'shop:tenant:acme')).toBe(2);
  });
});
