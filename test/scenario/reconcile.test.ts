import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { startRedis, type TestRedis } from '../support/redis.ts';
import { type Ended, guardian, project, runAction } from '../support/run.ts';
import { changed, fallbackText, load } from '../support/sample.ts';

/** The built program: plan, apply, undo, on a real server and in a real repository. */

const KEY = 'r:ss:config:processing_prefs';

let redis: TestRedis;
let folder: string;

beforeAll(async () => {
  redis = await startRedis();
});
afterAll(async () => {
  await redis[Symbol.asyncDispose]();
});

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'guardian-reconcile-'));
  cpSync(join(project, 'debug'), join(folder, 'debug'), { recursive: true });
  git('init', '-q', '-b', 'main');
  commit('the first');
  await redis.admin.flushall();
  await load(redis.admin);
  return () => rmSync(folder, { recursive: true, force: true });
});

function git(...args: readonly string[]): void {
  const identity = ['-c', 'user.name=Ann', '-c', 'user.email=ann@test.invalid'];
  execFileSync('git', [...identity, ...args], { cwd: folder, stdio: 'pipe' });
}

function commit(message: string): void {
  git('add', '-A');
  git('commit', '-q', '-m', message);
}

function reconcile(args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Ended> {
  const urls = { REDIS_URL: redis.reader, GUARDIAN_REDIS_WRITE_URL: redis.url };
  return guardian(['reconcile', ...args], { cwd: folder, env: { ...urls, USER: 'ann', ...env } });
}

const plan = (...args: readonly string[]) => reconcile(['plan', '--out', 'plan.json', ...args]);
const apply = (...args: readonly string[]) =>
  reconcile(['apply', 'plan.json', '--backup', 'backup.json', '--reason', 'the file is right', ...args]);
const undo = (...args: readonly string[]) =>
  reconcile(['undo', 'backup.json', '--reason', 'it was right after all', ...args]);

function live(name = 'processing_prefs'): Promise<string | null> {
  return redis.admin.get(`r:ss:config:${name}`);
}

async function value(name = 'processing_prefs'): Promise<Record<string, unknown>> {
  return JSON.parse((await live(name)) ?? 'null');
}

function fileText(name = 'processing_prefs'): string {
  return readFileSync(join(folder, `debug/${name}.json`), 'utf8');
}

function writeFallback(text: string, name = 'processing_prefs'): void {
  writeFileSync(join(folder, `debug/${name}.json`), text);
}

function edited(members: Readonly<Record<string, unknown>>, name = 'processing_prefs'): string {
  return `${JSON.stringify({ ...JSON.parse(fileText(name)), ...members }, null, 2)}\n`;
}

describe('git is right', () => {
  test('a plan changes nothing, holds no values, and says what would be written', async () => {
    await redis.admin.set(
      KEY,
      changed('processing_prefs', { retry_count: 9, exclude_keywords: ['hunter2'] }),
    );
    const before = await live();
    const planned = await plan();
    expect(planned.stderr).toBe('');
    expect(planned.exitCode).toBe(0);
    expect(planned.stdout).toContain('/retry_count');
    expect(planned.stdout).not.toContain('hunter2');
    expect(await live()).toBe(before);
    const text = readFileSync(join(folder, 'plan.json'), 'utf8');
    expect(text).not.toContain('hunter2');
    expect(JSON.parse(text).steps).toHaveLength(1);
  });

  test('apply writes the value, keeps its time to live, sets the time of the save, and undo puts all back', async () => {
    const drifted = changed('processing_prefs', { retry_count: 9 });
    await redis.admin.set(KEY, drifted, 'EX', 5000);
    await plan();
    const applied = await apply();
    expect(applied.stderr).toBe('');
    expect(applied.exitCode).toBe(0);
    const { _updated_at: saved, ...rest } = await value();
    const { _updated_at: _then, ...wanted } = JSON.parse(fileText());
    expect(rest).toEqual(wanted);
    expect(Math.abs(Date.parse(String(saved)) - Date.now())).toBeLessThan(60_000);
    expect(String(saved)).toMatch(/\+00:00$/);
    expect(await redis.admin.ttl(KEY)).toBeGreaterThan(4900);
    const undone = await undo();
    expect(undone.exitCode).toBe(0);
    expect(await live()).toBe(drifted);
    expect(await redis.admin.ttl(KEY)).toBeGreaterThan(4900);
  });

  test('an absent key is created without a time to live, and undo removes it', async () => {
    await redis.admin.del(KEY);
    await plan();
    expect((await apply()).exitCode).toBe(0);
    expect(await value()).toMatchObject({ retry_count: JSON.parse(fileText()).retry_count });
    expect(await redis.admin.ttl(KEY)).toBe(-1);
    expect((await undo()).exitCode).toBe(0);
    expect(await live()).toBeNull();
  });

  test('login tokens are left alone unless they are named, and get no time of the save', async () => {
    await redis.admin.set(
      'r:ss:config:magic_link_tokens',
      changed('magic_link_tokens', { _updated_at: undefined }),
    );
    const before = await live('magic_link_tokens');
    expect((await plan()).exitCode).toBe(0);
    expect(JSON.parse(readFileSync(join(folder, 'plan.json'), 'utf8')).steps).toHaveLength(0);
    expect(await live('magic_link_tokens')).toBe(before);
    for (const unsound of ['{"a":', '{"tokens": 5}', null]) {
      if (unsound === null) await redis.admin.del('r:ss:config:magic_link_tokens');
      else await redis.admin.set('r:ss:config:magic_link_tokens', unsound);
      const unnamed = await plan();
      expect(unnamed.exitCode).toBe(1);
      expect(unnamed.stdout).toContain('not chosen');
      expect(JSON.parse(readFileSync(join(folder, 'plan.json'), 'utf8')).steps).toHaveLength(0);
    }
    expect((await plan('--keys', 'magic_link_tokens')).exitCode).toBe(0);
    const applied = await apply();
    expect(applied.exitCode).toBe(0);
    expect(await value('magic_link_tokens')).toEqual(JSON.parse(fallbackText('magic_link_tokens')));
  });

  test('places that differ nowhere are told, when others do', async () => {
    await redis.admin.set(KEY, changed('processing_prefs', { retry_count: 9 }));
    const planned = await plan('--only', '/retry_cuont');
    expect(planned.exitCode).toBe(1);
    expect(planned.stdout).toContain('none of the places that were chosen');
  });

  test('a secret that would be written over is told', async () => {
    await redis.admin.set(
      'r:ss:config:webhook_config',
      changed('webhook_config', { webhook_url: 'https://hook.eu2.make.com/of-production' }),
    );
    expect((await plan()).stdout).toContain('a secret in Redis would be written over');
  });

  test('only the places that were chosen are written', async () => {
    await redis.admin.set(KEY, changed('processing_prefs', { retry_count: 9, retry_delay_sec: 77 }));
    await plan('--only', '/retry_count');
    const applied = await apply();
    expect(applied.exitCode).toBe(1);
    expect(applied.stdout).toContain('DRIFT');
    expect(await value()).toMatchObject({
      retry_count: JSON.parse(fileText()).retry_count,
      retry_delay_sec: 77,
    });
  });

  test('a value with a name twice is mended', async () => {
    const twice = (await live())?.replace(/\}\s*$/, ', "retry_count": 3}') ?? '';
    await redis.admin.set(KEY, twice);
    expect((await plan()).exitCode).toBe(0);
    const applied = await apply();
    expect(applied.exitCode).toBe(0);
    expect((await live())?.match(/retry_count/g)).toHaveLength(1);
  });

  test('what the schema refuses is never written', async () => {
    writeFallback(edited({ retry_count: 99 }));
    const before = await live();
    const planned = await plan();
    expect(planned.exitCode).toBe(1);
    expect(planned.stdout).toContain('refused by the checks');
    expect(await live()).toBe(before);
  });

  test('where all agree there is nothing to do, and apply says so', async () => {
    expect((await plan()).exitCode).toBe(0);
    const applied = await apply();
    expect(applied.exitCode).toBe(0);
    expect(existsSync(join(folder, 'backup.json'))).toBe(false);
  });
});

describe('apply refuses', () => {
  beforeEach(async () => {
    await redis.admin.set(KEY, changed('processing_prefs', { retry_count: 9 }));
    await redis.admin.set(
      'r:ss:config:webhook_config',
      changed('webhook_config', { webhook_ssl_verify: false }),
    );
    expect((await plan()).exitCode).toBe(0);
  });

  async function refused(ended: Ended, words: RegExp): Promise<void> {
    expect(`${ended.stdout}${ended.stderr}`).toMatch(words);
    expect(ended.exitCode).toBe(1);
    expect(await value('webhook_config')).toMatchObject({ webhook_ssl_verify: false });
    expect(existsSync(join(folder, 'backup.json'))).toBe(false);
  }

  test('a value that has moved, and writes none of the others either', async () => {
    const moved = changed('processing_prefs', { retry_count: 8 });
    await redis.admin.set(KEY, moved);
    await refused(await apply(), /somebody has changed the value/);
    expect(await live()).toBe(moved);
  });

  test('a time to live that came or went', async () => {
    await redis.admin.expire(KEY, 500);
    await refused(await apply(), /has a time to live now/);
  });

  test('a fallback that has changed since', async () => {
    writeFallback(edited({ retry_count: 4 }));
    await refused(await apply(), /is another now/);
  });

  test('a plan that was edited', async () => {
    const path = join(folder, 'plan.json');
    writeFileSync(path, readFileSync(path, 'utf8').replace('"fallback"', '"redis"'));
    await refused(await apply(), /changed after it was made/);
  });

  test('a plan that is another than the approved one', async () => {
    await refused(await apply('--plan-hash', `sha256:${'0'.repeat(64)}`), /not the one that was approved/);
  });

  test('a plan that has expired', async () => {
    expect((await plan('--expires', '1ms')).exitCode).toBe(0);
    await refused(await apply(), /has expired/);
  });

  test('another server, though it holds the same', async () => {
    await using other = await startRedis();
    await load(other.admin, {
      processing_prefs: await live(),
      webhook_config: await live('webhook_config'),
    });
    await refused(await apply('--redis-write-url', other.url), /another/);
    expect(await other.admin.get(KEY)).toBe(await live());
  });

  test('another database', async () => {
    await refused(await apply('--redis-write-url', `${redis.url}/3`), /database/);
  });

  test('a user who may not write, and says which key', async () => {
    await redis.admin.acl(
      'SETUSER',
      'partial',
      'on',
      '>x',
      'resetkeys',
      '+@all',
      '%RW~*:webhook_config',
      '%R~*',
    );
    const url = redis.url.replace('//', '//partial:x@');
    const ended = await apply('--redis-write-url', url);
    expect(`${ended.stdout}`).toMatch(/processing_prefs/);
    expect(ended.exitCode).toBe(1);
    expect(await value('webhook_config')).toMatchObject({ webhook_ssl_verify: false });
    await redis.admin.acl('DELUSER', 'partial');
  });

  test('without a URL to write to, a reason or a backup: exit 2', async () => {
    const none = await reconcile(['apply', 'plan.json', '--backup', 'b', '--reason', 'r'], {
      GUARDIAN_REDIS_WRITE_URL: '',
    });
    expect(none.exitCode).toBe(2);
    expect(none.stderr).toContain('GUARDIAN_REDIS_WRITE_URL');
    expect((await reconcile(['apply', 'plan.json', '--backup', 'b'])).exitCode).toBe(2);
    expect((await reconcile(['apply', 'plan.json', '--reason', 'r'])).exitCode).toBe(2);
    expect((await reconcile(['apply', 'none.json', '--backup', 'b', '--reason', 'r'])).exitCode).toBe(2);
  });
});

describe('a backup', () => {
  test('is for its owner alone, and is never written over by another plan', async () => {
    await redis.admin.set(KEY, changed('processing_prefs', { retry_count: 9 }));
    await plan();
    await apply();
    expect(statSync(join(folder, 'backup.json')).mode & 0o777).toBe(0o600);
    const first = readFileSync(join(folder, 'backup.json'));
    await redis.admin.set(KEY, changed('processing_prefs', { retry_count: 8 }));
    await plan();
    const again = await apply();
    expect(again.exitCode).toBe(2);
    expect(again.stderr).toContain('another plan');
    expect(readFileSync(join(folder, 'backup.json'))).toEqual(first);
  });

  test('is encrypted on request, and undo needs the passphrase', async () => {
    const drifted = changed('processing_prefs', { retry_count: 9, exclude_keywords: ['hunter2'] });
    await redis.admin.set(KEY, drifted);
    await plan();
    const env = { GUARDIAN_SNAPSHOT_PASSPHRASE: 'correct horse battery' };
    const args = ['apply', 'plan.json', '--backup', 'backup.json', '--reason', 'r'];
    expect((await reconcile([...args, '--encrypt'], env)).exitCode).toBe(0);
    expect(readFileSync(join(folder, 'backup.json'), 'utf8')).not.toContain('hunter2');
    expect((await undo()).exitCode).toBe(1);
    expect((await reconcile(['undo', 'backup.json', '--reason', 'r'], env)).exitCode).toBe(0);
    expect(await live()).toBe(drifted);
  });

  test('that can not be written keeps everything as it is', async () => {
    const drifted = changed('processing_prefs', { retry_count: 9 });
    await redis.admin.set(KEY, drifted);
    await plan();
    writeFileSync(join(folder, 'blocked'), '');
    const ended = await reconcile(['apply', 'plan.json', '--backup', 'blocked/b.json', '--reason', 'r']);
    expect(ended.exitCode).toBe(2);
    expect(await live()).toBe(drifted);
  });

  test('undo refuses what somebody has changed since', async () => {
    await redis.admin.set(KEY, changed('processing_prefs', { retry_count: 9 }));
    await plan();
    await apply();
    const later = changed('processing_prefs', { retry_count: 7 });
    await redis.admin.set(KEY, later);
    const undone = await undo();
    expect(undone.exitCode).toBe(1);
    expect(undone.stdout).toContain('changed it since');
    expect(await live()).toBe(later);
  });
});

describe('Redis is right', () => {
  test('the fallback file is written as it was spelled, and no Redis to write to is needed', async () => {
    await redis.admin.set(
      KEY,
      changed('processing_prefs', { retry_count: 9, mirror_media_to_custom: false }),
    );
    const before = fileText();
    expect((await plan('--from', 'redis')).exitCode).toBe(0);
    const args = ['apply', 'plan.json', '--backup', 'backup.json', '--reason', 'r'];
    const applied = await reconcile(args, { GUARDIAN_REDIS_WRITE_URL: '' });
    expect(applied.stderr).toBe('');
    expect(applied.exitCode).toBe(0);
    const wanted = before
      .replace(/"retry_count": \d+/, '"retry_count": 9')
      .replace(/"mirror_media_to_custom": true/, '"mirror_media_to_custom": false');
    expect(fileText()).toBe(wanted);
    expect(
      (await reconcile(['undo', 'backup.json', '--reason', 'r'], { GUARDIAN_REDIS_WRITE_URL: '' })).exitCode,
    ).toBe(0);
    expect(fileText()).toBe(before);
  });

  test('secrets are not written into files unless that is asked for', async () => {
    const secret = 'https://hook.eu2.make.com/other-secret-token';
    await redis.admin.set('r:ss:config:webhook_config', changed('webhook_config', { webhook_url: secret }));
    const before = fileText('webhook_config');
    const planned = await plan('--from', 'redis');
    expect(planned.exitCode).toBe(1);
    expect(planned.stdout).toContain('--include-secrets');
    await apply();
    expect(fileText('webhook_config')).toBe(before);
    expect((await plan('--from', 'redis', '--include-secrets')).exitCode).toBe(0);
    const applied = await apply();
    expect(applied.exitCode).toBe(0);
    expect(applied.stdout + planned.stdout).not.toContain('other-secret');
    expect(fileText('webhook_config')).toContain(secret);
  });
});

describe('both have changed', () => {
  test('changes that do not touch each other are merged on both sides', async () => {
    writeFallback(edited({ retry_delay_sec: 33 }));
    commit('another delay');
    await redis.admin.set(KEY, changed('processing_prefs', { retry_count: 9 }));
    const planned = await plan('--from', 'base-merge');
    expect(planned.exitCode).toBe(0);
    const applied = await apply();
    expect(applied.exitCode).toBe(0);
    expect(await value()).toMatchObject({ retry_count: 9, retry_delay_sec: 33 });
    expect(JSON.parse(fileText())).toMatchObject({ retry_count: 9, retry_delay_sec: 33 });
  });

  test('in a shallow clone nothing is merged, because what both began with may not be there', async () => {
    writeFallback(edited({ retry_delay_sec: 33 }));
    commit('another delay');
    await redis.admin.set(KEY, changed('processing_prefs', { retry_count: 9 }));
    const shallow = mkdtempSync(join(tmpdir(), 'guardian-shallow-'));
    execFileSync('git', ['clone', '-q', '--depth', '1', `file://${folder}`, shallow], { stdio: 'pipe' });
    const planned = await guardian(['reconcile', 'plan', '--from', 'base-merge'], {
      cwd: shallow,
      env: { REDIS_URL: redis.reader },
    });
    expect(planned.exitCode).toBe(2);
    expect(planned.stdout).toContain('fetch-depth: 0');
    rmSync(shallow, { recursive: true });
  });

  test('a fallback that was renamed in between is followed', async () => {
    const old = fileText();
    git('mv', 'debug/processing_prefs.json', 'debug/old_prefs.json');
    commit('another name');
    git('mv', 'debug/old_prefs.json', 'debug/processing_prefs.json');
    writeFallback(old.replace(/"retry_delay_sec": \d+/, '"retry_delay_sec": 33'));
    commit('the name again, and another delay');
    await redis.admin.set(
      KEY,
      changed('processing_prefs', { retry_delay_sec: JSON.parse(old).retry_delay_sec, retry_count: 9 }),
    );
    for (const base of [[], ['--base', 'HEAD~1']]) {
      expect((await plan('--from', 'base-merge', ...base)).exitCode).toBe(0);
    }
    expect((await apply()).exitCode).toBe(0);
    expect(await value()).toMatchObject({ retry_count: 9, retry_delay_sec: 33 });
  });

  test('a file that can not be written keeps Redis as it is', async () => {
    writeFallback(edited({ retry_delay_sec: 33 }));
    commit('another delay');
    const drifted = changed('processing_prefs', { retry_count: 9 });
    await redis.admin.set(KEY, drifted);
    await plan('--from', 'base-merge');
    const path = join(folder, 'debug/processing_prefs.json');
    cpSync(path, join(folder, 'real.json'));
    rmSync(path);
    symlinkSync('../real.json', path);
    const ended = await apply();
    expect(ended.exitCode).toBe(2);
    expect(ended.stderr).toContain('no regular file');
    expect(await live()).toBe(drifted);
  });

  test('an apply that wrote Redis alone goes on with the file', async () => {
    writeFallback(edited({ retry_delay_sec: 33 }));
    commit('another delay');
    await redis.admin.set(KEY, changed('processing_prefs', { retry_count: 9 }));
    await plan('--from', 'base-merge');
    const before = fileText();
    expect((await apply()).exitCode).toBe(0);
    const merged = fileText();
    writeFallback(before);
    const again = await apply();
    expect(again.stdout).toContain('already as planned');
    expect(again.exitCode).toBe(0);
    expect(fileText()).toBe(merged);
  });

  test('a place that both changed is named and left alone', async () => {
    writeFallback(edited({ retry_delay_sec: 33, rate_limit_per_hour: 7 }));
    commit('another delay');
    await redis.admin.set(KEY, changed('processing_prefs', { retry_delay_sec: 44, retry_count: 9 }));
    const planned = await plan('--from', 'base-merge', '--base', 'HEAD~1');
    expect(planned.exitCode).toBe(1);
    expect(planned.stdout).toContain('conflict');
    const applied = await apply();
    expect(applied.exitCode).toBe(1);
    expect(await value()).toMatchObject({ retry_delay_sec: 44, retry_count: 9, rate_limit_per_hour: 7 });
    expect(JSON.parse(fileText())).toMatchObject({
      retry_delay_sec: 33,
      retry_count: 9,
      rate_limit_per_hour: 7,
    });
  });
});

describe('the record', () => {
  test('says what, why, who and when, and never a value', async () => {
    await redis.admin.set(KEY, changed('processing_prefs', { exclude_keywords: ['hunter2'] }));
    await plan();
    const env = { GUARDIAN_DIGEST_KEY: 'the key of this test' };
    const record = ['--record', 'docs/config-log.md'];
    const why = ['--reason', 'the file is right'];
    const ended = await reconcile(['apply', 'plan.json', '--backup', 'backup.json', ...why, ...record], env);
    expect(ended.exitCode).toBe(0);
    expect((await reconcile(['undo', 'backup.json', ...why, ...record], env)).exitCode).toBe(0);
    const log = readFileSync(join(folder, 'docs/config-log.md'), 'utf8');
    for (const text of ['## Progress', '## Decisions', 'the file is right', 'ann', 'processing_prefs']) {
      expect(log).toContain(text);
    }
    const lines = readFileSync(join(folder, 'backup.json.audit.jsonl'), 'utf8').trim().split('\n');
    const events = lines.map((line) => JSON.parse(line));
    expect(events.map(({ event }) => event)).toEqual(['applying', 'applied', 'undoing', 'undone']);
    expect(`${log}${lines}`).not.toContain('hunter2');
    // What was applied is what was undone.
    expect(events[1].after).toBe(events[3].before);
    expect(events[1].before).toBe(events[3].after);
  });

  test('files that would ruin each other are refused', async () => {
    const drifted = changed('processing_prefs', { retry_count: 9 });
    await redis.admin.set(KEY, drifted);
    await plan();
    for (const clash of [
      ['--audit', './plan.json'],
      ['--record', 'backup.json'],
      ['--record', 'guardian.yml'],
      ['--audit', 'backup.json'],
    ]) {
      expect((await apply(...clash)).exitCode).toBe(2);
      expect(
        (
          await reconcile([
            'apply',
            'plan.json',
            '--backup',
            'a.jsonl',
            '--audit',
            'a.jsonl',
            '--reason',
            'r',
          ])
        ).stderr,
      ).toContain('two purposes');
    }
    expect(existsSync(join(folder, 'backup.json'))).toBe(false);
    expect(await live()).toBe(drifted);
  });

  test('a log that can not be written is told before anything is', async () => {
    const drifted = changed('processing_prefs', { retry_count: 9 });
    await redis.admin.set(KEY, drifted);
    await plan();
    writeFileSync(join(folder, 'blocked'), '');
    const ended = await apply('--record', 'blocked/log.md');
    expect(ended.exitCode).toBe(2);
    expect(await live()).toBe(drifted);
  });
});

describe('in the action', () => {
  const inputs = () => ({ 'redis-url': redis.reader });

  test('plan, apply with the hash, and undo', async () => {
    await redis.admin.set(KEY, changed('processing_prefs', { retry_count: 9 }));
    const planned = await runAction({ workspace: folder, inputs: { ...inputs(), mode: 'plan' } });
    expect(planned.exitCode).toBe(0);
    const hash = planned.outputs['plan-hash'] ?? '';
    expect(hash).toMatch(/^sha256:[0-9a-f]{64}$/);
    expect(planned.summary).toContain(hash);
    const written = { mode: 'apply', backup: 'b.json', reason: 'r', 'redis-write-url': redis.url };
    const without = await runAction({ workspace: folder, inputs: written });
    expect(without.exitCode).toBe(2);
    const other = await runAction({
      workspace: folder,
      inputs: { ...written, 'plan-hash': `sha256:${'1'.repeat(64)}` },
    });
    expect(other.exitCode).toBe(1);
    expect(other.outputs['failure-reason']).toBe('refused');
    const applied = await runAction({ workspace: folder, inputs: { ...written, 'plan-hash': hash } });
    expect(applied.stdout).toContain('OK');
    expect(applied.exitCode).toBe(0);
    expect(applied.outputs['ok']).toBe('4');
    const undone = await runAction({ workspace: folder, inputs: { ...written, mode: 'undo' } });
    expect(undone.exitCode).toBe(0);
    expect(await value()).toMatchObject({ retry_count: 9 });
  });

  test('a URL to write to is of no use to verify', async () => {
    const ended = await runAction({ workspace: folder, inputs: { 'redis-write-url': redis.url } });
    expect(ended.exitCode).toBe(2);
    expect(ended.outputs['failure-reason']).toBe('no-target');
  });
});

test('a fallback keeps its mode, and a link is not written through', async () => {
  await redis.admin.set(KEY, changed('processing_prefs', { retry_count: 9 }));
  chmodSync(join(folder, 'debug/processing_prefs.json'), 0o640);
  await plan('--from', 'redis');
  expect((await apply()).exitCode).toBe(0);
  expect(statSync(join(folder, 'debug/processing_prefs.json')).mode & 0o777).toBe(0o640);
});
