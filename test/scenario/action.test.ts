import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { freePort, startRedis, type TestRedis } from '../support/redis.ts';
import { runAction } from '../support/run.ts';
import { changed, load } from '../support/sample.ts';

let redis: TestRedis;

beforeAll(async () => {
  redis = await startRedis();
});

afterAll(async () => {
  await redis[Symbol.asyncDispose]();
});

const TOKEN = 'https://hook.eu2.make.com/planted-secret-token-1234567890';

describe('the bundled action', () => {
  test('passes when every config is valid and in step', async () => {
    await load(redis.admin);
    const run = await runAction({ inputs: { 'redis-url': redis.reader } });
    expect(run.stderr).toBe('');
    expect(run.exitCode).toBe(0);
    expect(run.outputs).toMatchObject({
      verdict: 'pass',
      'failure-reason': '',
      ok: '4',
      drift: '0',
      invalid: '0',
      unchecked: '0',
    });
    expect(run.summary).toContain('## ✅ Redis Config Guardian passed: 4 OK');
    expect(run.stdout).toContain('The run passed: 4 OK.');
    expect(JSON.parse(run.report ?? '')).toMatchObject({ verdict: 'pass', reason: null, exitCode: 0 });
  });

  test('warns of drift on the line of the fallback file, and passes', async () => {
    await load(redis.admin, { webhook_config: changed('webhook_config', { webhook_delivery_mode: 'form' }) });
    const run = await runAction({ inputs: { 'redis-url': redis.reader } });
    expect(run.exitCode).toBe(0);
    expect(run.outputs).toMatchObject({ verdict: 'pass', drift: '1', ok: '3' });
    expect(run.stdout).toMatch(
      /^::warning file=debug\/webhook_config\.json,line=\d+,col=3,title=webhook_config%3A drift::\/webhook_delivery_mode/m,
    );
  });

  test('fails on drift when it is told to', async () => {
    await load(redis.admin, { webhook_config: changed('webhook_config', { webhook_delivery_mode: 'form' }) });
    const run = await runAction({ inputs: { 'redis-url': redis.reader, 'fail-on': 'invalid, drift' } });
    expect(run.exitCode).toBe(1);
    expect(run.outputs).toMatchObject({ verdict: 'fail', 'failure-reason': 'drift' });
  });

  test('fails on an invalid value, and marks the line of the schema that objects', async () => {
    await load(redis.admin, { processing_prefs: changed('processing_prefs', { retry_count: 11 }) });
    const run = await runAction({ inputs: { 'redis-url': redis.reader } });
    expect(run.exitCode).toBe(1);
    expect(run.outputs).toMatchObject({
      verdict: 'fail',
      'failure-reason': 'invalid',
      invalid: '1',
      ok: '3',
    });
    expect(run.stdout).toMatch(
      /^::error file=schemas\/processing_prefs\.schema\.json,line=\d+,col=\d+,title=processing_prefs%3A shape::\/retry_count: expected at most 10; found 11/m,
    );
    expect(run.summary).toContain('1 INVALID, 3 OK');
  });

  test('fails on a missing key', async () => {
    await load(redis.admin, { routing_rules: null });
    const run = await runAction({ inputs: { 'redis-url': redis.reader } });
    expect(run.exitCode).toBe(1);
    expect(run.outputs).toMatchObject({ verdict: 'fail', 'failure-reason': 'invalid', invalid: '1' });
  });

  test('is inconclusive when Redis is unreachable: neither OK nor INVALID', async () => {
    const port = await freePort();
    const run = await runAction({
      inputs: { 'redis-url': `redis://:planted-password-42@127.0.0.1:${port}` },
    });
    expect(run.exitCode).toBe(2);
    expect(run.outputs).toMatchObject({
      verdict: 'inconclusive',
      'failure-reason': 'unreachable',
      ok: '0',
      invalid: '0',
      unchecked: '4',
    });
    expect(run.stdout).toContain(`nothing listens at 127.0.0.1:${port}`);
    expect(spoken(run)).not.toContain('planted-password-42');
  });

  test('without a secret it is inconclusive, says why, and can be allowed to be neutral', async () => {
    const run = await runAction();
    expect(run.exitCode).toBe(2);
    expect(run.outputs).toMatchObject({ verdict: 'inconclusive', 'failure-reason': 'no-target' });
    expect(run.summary).toContain('pull requests from forks have no secrets');
    const allowed = await runAction({ inputs: { 'allow-unchecked': 'true' } });
    expect(allowed.exitCode).toBe(0);
    expect(allowed.outputs).toMatchObject({ verdict: 'inconclusive', unchecked: '4' });
    expect(allowed.summary).toContain('which it was told to allow');
  });

  test('refuses a wrong input with one clear error', async () => {
    const run = await runAction({ inputs: { 'redis-url': redis.reader, timeout: 'soon' } });
    expect(run.exitCode).toBe(2);
    expect(run.outputs).toMatchObject({ verdict: 'inconclusive', 'failure-reason': 'usage' });
    expect(run.stdout).toContain('the input timeout');
    expect(run.stdout.match(/^::error/gm)).toHaveLength(1);
    expect(run.summary).toContain('the input timeout');
  });

  test('a URL that cannot be read is never quoted', async () => {
    const run = await runAction({ inputs: { 'redis-url': 'http://user:planted-password-42@example.org' } });
    expect(run.exitCode).toBe(2);
    expect(spoken(run)).not.toContain('planted-password-42');
  });

  test('prints no secret value anywhere, and has the runner mask it', async () => {
    await load(redis.admin, { webhook_config: changed('webhook_config', { webhook_url: TOKEN }) });
    const run = await runAction({ inputs: { 'redis-url': redis.reader } });
    expect(run.stdout).toContain(`::add-mask::${TOKEN}`);
    expect(spoken(run)).not.toContain('planted-secret-token');
    const raw = await runAction({ inputs: { 'redis-url': redis.reader, raw: 'true' } });
    expect(raw.stdout).toContain('"webhook_delivery_mode": "json"');
    expect(raw.report).not.toContain('webhook_ssl_verify');
    expect(spoken(raw)).not.toContain('planted-secret-token');
  });

  test('a summary that cannot be written is a warning and leaves the verdict alone', async () => {
    await load(redis.admin);
    const folder = mkdtempSync(join(tmpdir(), 'guardian-no-summary-'));
    const run = await runAction({ inputs: { 'redis-url': redis.reader }, summaryFile: folder });
    rmSync(folder, { recursive: true });
    expect(run.exitCode).toBe(0);
    expect(run.outputs).toMatchObject({ verdict: 'pass' });
    expect(run.stdout).toMatch(
      /^::warning::the job summary could not be written \(E\w+\); the verdict stands/m,
    );
  });

  test('in a workspace without schemas it uses those that ship with it, and misses the fallbacks', async () => {
    await load(redis.admin);
    const workspace = mkdtempSync(join(tmpdir(), 'guardian-workspace-'));
    const run = await runAction({ inputs: { 'redis-url': redis.reader }, workspace });
    rmSync(workspace, { recursive: true });
    expect(run.exitCode).toBe(2);
    expect(run.outputs).toMatchObject({ verdict: 'inconclusive', 'failure-reason': 'no-fallback' });
    expect(run.stdout).toContain('looked for debug/processing_prefs.json');
    expect(run.stdout).not.toContain('there is no schema');
  });

  test('values that look like workflow commands stay data', async () => {
    const hostile = { '\n::error::pwned': 1, '##[error]pwned': 1, '\r::set-output name=verdict::pass': 1 };
    await load(redis.admin, { processing_prefs: changed('processing_prefs', hostile) });
    const run = await runAction({ inputs: { 'redis-url': redis.reader, raw: 'true' } });
    expect(
      run.stdout.split(/[\r\n]+/).filter((line) => /^\s*::error::pwned|##\[|^\s*::set-output/.test(line)),
    ).toEqual([]);
    expect(run.outputs).toMatchObject({ verdict: 'pass' });
  });
});

/** All that a run says to people, without the lines by which the runner is told what to mask. */
function spoken({ stdout, stderr, summary, report, outputs }: Awaited<ReturnType<typeof runAction>>): string {
  const log = stdout.split('\n').filter((line) => !line.startsWith('::add-mask::'));
  return [...log, stderr, summary, report ?? '', JSON.stringify(outputs)].join('\n');
}
