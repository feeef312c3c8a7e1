import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { noBinary } from '../contract/support/binary.ts';
import { startRedis, type TestRedis } from '../support/redis.ts';
import { guardian, project } from '../support/run.ts';
import { load } from '../support/sample.ts';

/** The built program rehearses migrations that a shell runs. */

let redis: TestRedis;
let folder: string;

beforeAll(async () => {
  redis = await startRedis();
  await load(redis.admin);
});
afterAll(async () => {
  await redis[Symbol.asyncDispose]();
});
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'guardian-rehearse-'));
  for (const name of ['debug', 'schemas']) {
    cpSync(join(project, name), join(folder, name), { recursive: true });
  }
  cpSync(join(project, 'examples/guardian.yml'), join(folder, 'guardian.yml'));
  return () => rmSync(folder, { recursive: true, force: true });
});

function rehearse(script: string, ...args: readonly string[]) {
  writeFileSync(
    join(folder, 'migrate.sh'),
    `set -e\ncli() { redis-cli -e -u "$REDIS_URL" "$@" >/dev/null; }\n${script}\n`,
  );
  const env = { REDIS_URL: redis.reader, PRODUCTION_PASSWORD: 'hunter2' };
  return guardian(['migrate', 'rehearse', '--run', 'sh migrate.sh', ...args], { cwd: folder, env });
}

describe.skipIf(noBinary)('a migration', () => {
  test('that changes nothing it may not passes, and Redis is only read', async () => {
    const before = await redis.admin.get('r:ss:config:processing_prefs');
    const ended = await rehearse('cli ping', '--rollback', 'true');
    expect(ended.stderr).toBe('');
    expect(ended.exitCode).toBe(0);
    expect(await redis.admin.get('r:ss:config:processing_prefs')).toBe(before);
  }, 60_000);

  test('that makes a config INVALID, or removes a key, is refuted', async () => {
    const invalid = await rehearse(`cli set r:ss:config:processing_prefs '{"retry_count": 99}'`);
    expect(invalid.exitCode).toBe(1);
    expect(invalid.stdout).toContain('retry_count');
    const gone = await rehearse('cli del r:ss:config:routing_rules');
    expect(gone.exitCode).toBe(1);
  }, 60_000);

  test('that hangs, or ends with 3, is refuted', async () => {
    const hung = await rehearse('sleep 1000', '--run-timeout', '1s');
    expect(hung.exitCode).toBe(1);
    expect(hung.duration).toBeLessThan(30_000);
    const failed = await rehearse('exit 3');
    expect(failed.exitCode).toBe(1);
    expect(failed.stdout).toContain('3');
  }, 60_000);

  test('finds none of the credentials that this one has', async () => {
    const ended = await rehearse('env; echo "[$PRODUCTION_PASSWORD]"; exit 1');
    expect(ended.stdout).toContain('[]');
    expect(ended.stdout).not.toContain('hunter2');
    expect(ended.stdout).not.toContain(String(redis.port));
  }, 60_000);

  test('is not rehearsed in a Redis that holds something', async () => {
    const ended = await rehearse('cli ping', '--rehearsal-url', redis.url);
    expect(ended.exitCode).toBe(2);
    expect(ended.stderr).not.toBe('');
    expect(await redis.admin.dbsize()).toBe(4);
  });
});
