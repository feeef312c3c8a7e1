import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startRedis, type TestRedis } from '../support/redis.ts';
import { guardian, runAction } from '../support/run.ts';

const schema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  type: 'object',
  properties: { retries: { type: 'integer', maximum: 10 }, plan: { enum: ['free', 'paid'] } },
  required: ['retries'],
};

const manifest = `
version: 1
prefix: 'shop:'
environments:
  production:
    variable: PRODUCTION_REDIS
    configs:
      limits:
        severities: { shape: error }
  staging:
    prefix: 'staging:'
configs:
  limits:
    schema: schemas/limits.schema.json
    fallback: fallback/limits.json
    show: [/retries]
    severities:
      shape: warning
  flags:
    encoding: hash
    schema: schemas/flags.schema.json
    fallback: none
  tenants:
    keys: 'tenant:*:prefs'
    schema: schemas/limits.schema.json
    fallback: tenants/{1}.json
    show: [/retries]
    drift: error
    exceptions:
      - check: drift
        at: /plan
        reason: sales changes it by hand
        until: 2099-12-31
`;

describe('a manifest', () => {
  const workspace = mkdtempSync(join(tmpdir(), 'guardian-manifest-'));
  let redis: TestRedis;

  function put(path: string, content: unknown) {
    const file = join(workspace, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content, null, 2));
  }

  const run = (args: readonly string[], env: Readonly<Record<string, string>> = {}) =>
    guardian([...args], { cwd: workspace, env });

  function git(...args: readonly string[]) {
    const who = ['-c', 'user.name=a', '-c', 'user.email=a@example.org', '-c', 'commit.gpgsign=false'];
    expect(spawnSync('git', [...who, ...args], { cwd: workspace }).status).toBe(0);
  }

  function commit(message: string) {
    git('add', '--all');
    git('commit', '--quiet', '--message', message);
  }

  async function verified(args: readonly string[], env: Readonly<Record<string, string>> = {}) {
    const { stdout, stderr } = await run(['verify', '--format', 'json', ...args], env);
    if (stderr !== '') throw new Error(stderr);
    const report = JSON.parse(stdout);
    const statuses = report.configs.map(
      ({ name, status, keys }: { name: string; status: string; keys: unknown }) => [name, status, keys],
    );
    return { report, statuses };
  }

  beforeAll(async () => {
    redis = await startRedis();
    put('guardian.yml', manifest);
    put('schemas/limits.schema.json', schema);
    put('schemas/flags.schema.json', {
      $schema: schema.$schema,
      type: 'object',
      additionalProperties: { enum: ['on', 'off'] },
    });
    put('fallback/limits.json', { retries: 3 });
    for (const tenant of ['acme', 'globex', 'initech']) {
      put(`tenants/${tenant}.json`, { retries: 3, plan: 'free' });
    }
    await redis.admin.set('shop:limits', '{"retries":3}');
    await redis.admin.hset('shop:flags', { beta: 'on', dark: 'off' });
    await redis.admin.set('shop:tenant:acme:prefs', '{"retries":3,"plan":"paid"}');
    await redis.admin.set('shop:tenant:globex:prefs', '{"retries":3,"plan":"free"}');
    await redis.admin.set('shop:tenant:initech:prefs', '{"retries":3,"plan":"free"}');
    await redis.admin.set('staging:limits', '{"retries":30}');
  });

  afterAll(async () => {
    await redis[Symbol.asyncDispose]();
    rmSync(workspace, { recursive: true, force: true });
  });

  test('names the configs: one key, a hash, all keys of a pattern', async () => {
    const { report, statuses } = await verified(['--redis', redis.reader]);
    expect(statuses).toEqual([
      ['limits', 'OK', undefined],
      ['flags', 'OK', undefined],
      ['tenants', 'OK', { INVALID: 0, UNCHECKED: 0, DRIFT: 0, OK: 3 }],
    ]);
    // The excepted drift is told, and fails nothing.
    expect(report.verdict).toBe('pass');
    expect(JSON.stringify(report)).toContain('sales changes it by hand');
  });

  test('is the same for the action', async () => {
    const { exitCode, outputs } = await runAction({ workspace, inputs: { 'redis-url': redis.reader } });
    expect(exitCode).toBe(0);
    expect(outputs).toMatchObject({ verdict: 'pass', ok: '3' });
  });

  test('has environments, which change prefix, severities and the variable of the URL', async () => {
    const staging = await verified(['--redis', redis.reader, '--environment', 'staging', '--keys', 'limits']);
    expect(staging.statuses).toEqual([['limits', 'DRIFT', undefined]]);
    expect(staging.report.configs[0].findings).toMatchObject([
      { check: 'shape', severity: 'warning' },
      { check: 'drift', severity: 'warning' },
    ]);
    const production = await verified(['--environment', 'production', '--keys', 'limits'], {
      PRODUCTION_REDIS: redis.reader,
      REDIS_URL: 'redis://127.0.0.1:1',
    });
    expect(production.report).toMatchObject({ verdict: 'pass', target: `${redis.url}/0` });
  });

  test('that names a variable which is not set says so', async () => {
    const { stdout, exitCode } = await run(['verify', '--environment', 'production']);
    expect(exitCode).toBe(2);
    expect(stdout).toContain('set PRODUCTION_REDIS, which the manifest names for this environment');
  });

  test('finds keys of a pattern that are missing or drifted', async () => {
    await redis.admin.del('shop:tenant:globex:prefs');
    await redis.admin.set('shop:tenant:initech:prefs', '{"retries":4,"plan":"free"}');
    const { stdout, exitCode } = await run(['verify', '--redis', redis.reader, '--keys', 'tenants']);
    await redis.admin.set('shop:tenant:globex:prefs', '{"retries":3,"plan":"free"}');
    await redis.admin.set('shop:tenant:initech:prefs', '{"retries":3,"plan":"free"}');
    expect(exitCode).toBe(1);
    expect(stdout).toContain('3 keys: 1 INVALID, 1 DRIFT, 1 OK');
    expect(stdout).toContain('is missing (1 key: shop:tenant:globex:prefs)');
    expect(stdout).toContain('/retries: the fallback has 3, Redis has 4 (1 key: shop:tenant:initech:prefs)');
  });

  test('is UNCHECKED for keys beyond its limit', async () => {
    put('few.yml', manifest.replace("keys: 'tenant:*:prefs'", "keys: 'tenant:*:prefs'\n    limit: 2"));
    const { report, statuses } = await verified(['--redis', redis.reader, '--config-file', 'few.yml']);
    expect(statuses[2]).toEqual(['tenants', 'UNCHECKED', { INVALID: 0, UNCHECKED: 0, DRIFT: 0, OK: 2 }]);
    expect(report).toMatchObject({ verdict: 'inconclusive', reason: 'too-large' });
  });

  test('may be JSON, and lie in .github', async () => {
    const elsewhere = mkdtempSync(join(tmpdir(), 'guardian-json-'));
    mkdirSync(join(elsewhere, '.github'));
    mkdirSync(join(elsewhere, 'schemas'));
    writeFileSync(
      join(elsewhere, '.github/guardian.yml'),
      'version: 1\nconfigs: { limits: { fallback: none } }\n',
    );
    writeFileSync(join(elsewhere, 'schemas/limits.schema.json'), JSON.stringify(schema));
    writeFileSync(
      join(elsewhere, 'mine.json'),
      JSON.stringify({ version: 1, configs: { limits: { fallback: 'none' } } }),
    );
    for (const args of [[], ['--config-file', 'mine.json']]) {
      const { exitCode } = await guardian(['verify', '--redis', redis.reader, '--prefix', 'shop:', ...args], {
        cwd: elsewhere,
      });
      expect(exitCode).toBe(0);
    }
    rmSync(elsewhere, { recursive: true });
  });

  test('tells all its mistakes at once, with their places', async () => {
    put('wrong.yml', 'version: 1\nconfigs:\n  limits:\n    shema: x\n    drift: loud\n');
    const { exitCode, stderr } = await run(['verify', '--redis', redis.reader, '--config-file', 'wrong.yml']);
    expect(exitCode).toBe(2);
    expect(stderr).toContain('error: wrong.yml:4:5: ');
    expect(stderr).toContain('\nwrong.yml:5:12: ');
    expect(stderr).toContain('did you mean schema');
  });

  test.each([
    [['--config-file', 'nowhere.yml'], 'there is no manifest nowhere.yml'],
    [['--schemas', 'schemas'], 'schemas is said beside the manifest guardian.yml'],
    [['--environment', 'prod'], 'the manifest has no environment prod'],
    [['--keys', 'limit'], 'limit'],
  ])('ends with one error for %j', async (args, said) => {
    const { exitCode, stderr } = await run(['verify', '--redis', redis.reader, ...args]);
    expect(exitCode).toBe(2);
    expect(stderr).toContain(said);
  });

  test('is reviewed with what is live under each key of a pattern, and without a Redis too', async () => {
    git('init', '--quiet');
    commit('first');
    put('schemas/limits.schema.json', {
      ...schema,
      properties: { retries: { type: 'integer', maximum: 2 } },
    });
    const live = await run(['review', '--base', 'HEAD', '--redis', redis.reader]);
    const files = await run(['review', '--base', 'HEAD', '--keys', 'tenants']);
    put('schemas/limits.schema.json', schema);
    rmSync(join(workspace, '.git'), { recursive: true });
    expect(live.exitCode).toBe(1);
    expect(live.stdout).toContain('3 keys: 3 INVALID');
    expect(live.stdout).toMatch(/survives\b/);
    expect(files.exitCode).toBe(1);
    expect(files.stdout).toContain('nobody looked at the value in Redis');
    expect(files.stdout).toContain('not backward compatible');
  });

  test('may point to another schema, which is compared with the one before; --head reads that of a commit', async () => {
    git('init', '--quiet');
    commit('first');
    put('schemas/v2.schema.json', { ...schema, properties: { retries: { type: 'integer', maximum: 2 } } });
    put('guardian.yml', manifest.replaceAll('schemas/limits.schema.json', 'schemas/v2.schema.json'));
    const moved = await run(['review', '--base', 'HEAD', '--keys', 'limits']);
    commit('second');
    put('guardian.yml', manifest);
    const committed = await run(['review', '--base', 'HEAD~1', '--head', 'HEAD', '--keys', 'limits']);
    rmSync(join(workspace, 'schemas/v2.schema.json'));
    rmSync(join(workspace, '.git'), { recursive: true });
    for (const { exitCode, stdout } of [moved, committed]) {
      expect(stdout).toContain('not backward compatible');
      expect(exitCode).toBe(1);
    }
  });

  test('is what doctor goes by', async () => {
    const { stdout, exitCode } = await run(['doctor', '--redis', redis.reader]);
    expect(exitCode).toBe(1);
    expect(stdout).toContain('tenants');
  });
});
