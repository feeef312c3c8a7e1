import {
  cpSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startRedis, type TestRedis } from '../support/redis.ts';
import { guardian, project } from '../support/run.ts';
import { changed, load } from '../support/sample.ts';

/** A folder with schemas and fallbacks of its own, as a team's checkout is. */
function checkout(): string {
  const folder = mkdtempSync(join(tmpdir(), 'guardian-commands-'));
  for (const name of ['schemas', 'debug']) {
    cpSync(join(project, name), join(folder, name), { recursive: true });
  }
  return folder;
}

describe('the command', () => {
  let redis: TestRedis;
  let cwd: string;
  const run = (args: readonly string[], env: Readonly<Record<string, string>> = {}) =>
    guardian(args, { cwd, env: { REDIS_URL: redis.reader, ...env } });

  beforeAll(async () => {
    redis = await startRedis();
    cwd = checkout();
    await load(redis.admin, { routing_rules: changed('routing_rules', { rules: 7 }) });
  });

  afterAll(async () => {
    await redis[Symbol.asyncDispose]();
    rmSync(cwd, { recursive: true, force: true });
  });

  describe('snapshot', () => {
    const verdictOf = async (file: string, env: Readonly<Record<string, string>> = {}) => {
      const args = ['verify', '--store', `snapshot:${file}`, '--format', 'json'];
      const { stdout } = await guardian(args, { cwd, env });
      const { verdict, counts } = JSON.parse(stdout);
      return { verdict, counts };
    };

    test('writes down what verify finds the same in', async () => {
      expect((await run(['snapshot', '--out', 'plain.json'])).exitCode).toBe(0);
      expect(statSync(join(cwd, 'plain.json')).mode & 0o777).toBe(0o600);
      const live = JSON.parse((await run(['verify', '--format', 'json'])).stdout);
      expect(await verdictOf('plain.json')).toEqual({ verdict: 'fail', counts: live.counts });
    });

    test('encrypts values, which only the passphrase opens', async () => {
      const secret = { GUARDIAN_SNAPSHOT_PASSPHRASE: 'correct horse battery staple' };
      expect((await run(['snapshot', '--out', 'sealed.json', '--values', 'encrypt'], secret)).exitCode).toBe(
        0,
      );
      const text = readFileSync(join(cwd, 'sealed.json'), 'utf8');
      expect(text).not.toMatch(/conditions|webhook_url/);
      expect((await verdictOf('sealed.json', secret)).verdict).toBe('fail');
      const wrong = { GUARDIAN_SNAPSHOT_PASSPHRASE: 'wrong' };
      expect((await verdictOf('sealed.json', wrong)).verdict).toBe('inconclusive');
      expect((await verdictOf('sealed.json')).verdict).toBe('inconclusive');
    });

    test.each([
      [['snapshot', '--out', 'plain.json'], 'exists already'],
      [['snapshot', '--out', 'x.json', '--values', 'encrypt'], 'GUARDIAN_SNAPSHOT_PASSPHRASE'],
      [['snapshot', '--out', 'nowhere/x.json'], 'cannot be written'],
      [
        ['snapshot', '--out', 'x.json', '--redis', 'redis://127.0.0.1:1', '--timeout', '2s'],
        'no snapshot was written',
      ],
      [['snapshot'], '--out'],
    ])('ends with one error for %j', async (args, said) => {
      const { exitCode, stderr } = await run(args);
      expect(exitCode).toBe(2);
      expect(stderr).toContain(said);
      expect(existsSync(join(cwd, 'x.json'))).toBe(false);
    });
  });

  describe('doctor', () => {
    test('says why a config vanished, or might', async () => {
      const { stdout, exitCode } = await run(['doctor']);
      expect(exitCode).toBe(1);
      expect(stdout).toContain("doesn't reach the disk by itself");
    });

    test('is content with a server that keeps its keys', async () => {
      await using durable = await startRedis(['--appendonly', 'yes']);
      await load(durable.admin);
      const { stdout, exitCode } = await run(['doctor', '--redis', durable.reader]);
      expect(stdout).not.toContain('✗');
      expect(exitCode).toBe(0);
    });

    test('tells nothing of a server that it cannot ask', async () => {
      const { exitCode, stdout } = await run(['doctor', '--redis', 'redis://127.0.0.1:1', '--timeout', '2s']);
      expect(exitCode).toBe(2);
      expect(stdout).not.toContain('✓');
    });

    test('answers programs as JSON', async () => {
      const { stdout } = await run(['doctor', '--format', 'json']);
      expect(JSON.parse(stdout)).toMatchObject({ result: 'bad', server: { product: expect.any(String) } });
    });
  });

  test('verify tells of the server when a key is missing, and only then', async () => {
    await using other = await startRedis();
    await load(other.admin, { webhook_config: null });
    const missing = await run(['verify', '--redis', other.reader]);
    expect(missing.exitCode).toBe(1);
    expect(missing.stdout).toMatch(/All configs\n[\s\S]*doesn't reach the disk by itself/);
    await load(other.admin);
    const all = await run(['verify', '--redis', other.reader]);
    expect(all.stdout).not.toContain('[server]');
  });

  test('init proposes what verifies at once, overwrites nothing, and writes no secret', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'guardian-init-'));
    await using other = await startRedis();
    const token = 'sk_live_51H8xqQ2eZvKYlo2C';
    await other.admin.set('shop:limits', JSON.stringify({ retries: 3, api_key: token }));
    for (const tenant of ['acme', 'globex', 'initech', 'umbrella']) {
      await other.admin.set(`shop:tenant:${tenant}:prefs`, JSON.stringify({ plan: 'free', seats: 4 }));
    }
    await other.admin.hset('shop:flags', { beta: 'on', dark: 'off' });
    const inFolder = (args: readonly string[]) =>
      guardian(args, { cwd: folder, env: { REDIS_URL: other.reader } });
    const dry = await inFolder(['init', '--dry-run']);
    expect(dry.exitCode).toBe(0);
    expect(readdirSync(folder)).toEqual([]);
    const { exitCode, stdout, stderr } = await inFolder(['init']);
    expect([exitCode, stderr]).toEqual([0, '']);
    expect(stdout).toContain('guardian.yml');
    const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) =>
      entry.isFile(),
    );
    for (const { parentPath, name } of files) {
      expect(readFileSync(join(parentPath, name), 'utf8')).not.toContain(token);
    }
    const verified = await inFolder(['verify', '--format', 'json']);
    expect(JSON.parse(verified.stdout)).toMatchObject({ verdict: 'pass', counts: { OK: 3 } });
    const again = await inFolder(['init']);
    expect(again.exitCode).toBe(2);
    expect(again.stderr).toContain('guardian.yml');
    expect((await inFolder(['init', '--force'])).exitCode).toBe(0);
    rmSync(folder, { recursive: true, force: true });
  });

  describe('add-case', () => {
    test('keeps the live value that fails, redacted, as a test that verify and review run', async () => {
      const added = await run(['add-case', 'routing_rules', '--name', 'seven']);
      expect([added.exitCode, added.stderr]).toEqual([0, '']);
      const path = join(cwd, 'schemas/cases/routing_rules/seven.json');
      expect(JSON.parse(readFileSync(path, 'utf8'))).toMatchObject({
        expect: 'invalid',
        value: { rules: expect.any(Number) },
      });
      await load(redis.admin);
      expect((await run(['verify'])).exitCode).toBe(0);
      // A schema that lets it pass again is a regression.
      const schema = join(cwd, 'schemas/routing_rules.schema.json');
      const text = readFileSync(schema, 'utf8');
      const looser = JSON.parse(text);
      delete looser.properties.rules.type;
      writeFileSync(schema, JSON.stringify(looser, null, 2));
      const { exitCode, stdout } = await run(['verify']);
      writeFileSync(schema, text);
      expect(exitCode).toBe(1);
      expect(stdout).toContain(
        'the schema accepts a value that schemas/cases/routing_rules/seven.json says is invalid',
      );
    });

    test.each([
      [['add-case', 'routing_rules'], 'the schema accepts the live value'],
      [['add-case', 'routing_rule'], 'routing_rules'],
      [['add-case', 'routing_rules', '--name', '../x'], '--name'],
      [['add-case', 'routing_rules', '--key', 'x'], '--key'],
    ])('ends with one error for %j', async (args, said) => {
      const { exitCode, stderr } = await run(args);
      expect(exitCode).toBe(2);
      expect(stderr).toContain(said);
    });
  });
});
