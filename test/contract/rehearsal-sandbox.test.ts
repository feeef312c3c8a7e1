import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, symlinkSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Redis } from 'ioredis';
import { describe, expect, test, vi } from 'vitest';
import { openSandbox } from '../../src/adapters/rehearsal/server.ts';
import { type SandboxEntry, StoreFault } from '../../src/core/ports.ts';
import { startRedis } from '../support/redis.ts';

const limits = { timeout: 5000 };

function entry(key: string, text: string): SandboxEntry {
  return { key, encoding: 'json', content: { kind: 'present', bytes: Buffer.from(text) } };
}

const hash: SandboxEntry = {
  ...{ key: 'h', encoding: 'hash', ttl: 60_000 },
  content: { kind: 'fields', fields: [{ name: Buffer.from('f'), value: Buffer.from('v') }] },
};

async function faultOf(work: Promise<unknown>): Promise<string> {
  const error = await work.catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(StoreFault);
  return error instanceof StoreFault ? error.fault.phrase.map((part) => JSON.stringify(part)).join('') : '';
}

async function listens(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1');
  const isConnected = await once(socket, 'connect').then(
    () => true,
    () => false,
  );
  socket.destroy();
  return isConnected;
}

describe('a sandbox', () => {
  test('is filled anew each time, and tells what it holds', async () => {
    await using sandbox = await openSandbox({ kind: 'binary' }, limits);
    await sandbox.fill([entry('a', '1'), hash]);
    const contents = await sandbox.contents();
    expect([...contents.keys()].sort()).toEqual(['a', 'h']);
    expect(contents.get('a')).toEqual({
      type: 'string',
      digest: expect.any(String),
      bytes: Buffer.from('1'),
    });
    expect(contents.get('h')).toMatchObject({ type: 'hash', fields: [{ name: Buffer.from('f') }] });
    expect(contents.get('h')?.ttl).toBeGreaterThan(50_000);
    await sandbox.fill([entry('b', '2')]);
    expect([...(await sandbox.contents()).keys()]).toEqual(['b']);
  });

  test('tells every type, the same for the same content', async () => {
    await using sandbox = await openSandbox({ kind: 'binary' }, limits);
    const redis = new Redis(sandbox.url);
    const fill = async (suffix: string, members: readonly string[]) => {
      await redis.sadd(`set${suffix}`, ...members);
      await redis.hset(`hash${suffix}`, ...members.flatMap((member) => [member, '1']));
      await redis.zadd(`zset${suffix}`, ...members.flatMap((member) => [1, member]));
      await redis.rpush(`list${suffix}`, ...members);
      await redis.xadd(`stream${suffix}`, '1-1', 'f', members[0] ?? '');
    };
    await fill('1', ['a', 'b', 'c']);
    await fill('2', ['c', 'a', 'b']);
    await redis.set(Buffer.from([0x9f]), 'x');
    const contents = await sandbox.contents();
    redis.disconnect();
    const isSame = (type: string) => contents.get(`${type}1`)?.digest === contents.get(`${type}2`)?.digest;
    expect(['set', 'hash', 'zset', 'list', 'stream'].map(isSame)).toEqual([true, true, true, false, false]);
    expect(contents.get('\\x9f')).toMatchObject({ type: 'string' });
  });

  test('takes a hash of very many fields', async () => {
    await using sandbox = await openSandbox({ kind: 'binary' }, limits);
    const fields = Array.from({ length: 70_000 }, (_, index) => ({
      name: Buffer.from(`f${index}`),
      value: Buffer.from('v'),
    }));
    await sandbox.fill([{ key: 'h', encoding: 'hash', content: { kind: 'fields', fields } }]);
    expect((await sandbox.contents()).get('h')?.fields).toHaveLength(70_000);
  });

  test('with keys in another database can tell nothing', async () => {
    await using sandbox = await openSandbox({ kind: 'binary' }, limits);
    const redis = new Redis(sandbox.url);
    await redis.select(3);
    await redis.set('a', '1');
    redis.disconnect();
    expect(await faultOf(sandbox.contents())).toContain('database');
  });

  test('of our own is gone when this process is killed', async () => {
    const server = fileURLToPath(new URL('../../src/adapters/rehearsal/server.ts', import.meta.url));
    const program = `import { openSandbox } from ${JSON.stringify(server)};
      const sandbox = await openSandbox({ kind: 'binary' }, { timeout: 5000 });
      console.log(sandbox.url);
      setInterval(() => {}, 1000);`;
    const child = spawn(process.execPath, ['--input-type=module', '-e', program], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    try {
      const [url] = await once(child.stdout, 'data');
      const isThere = () => listens(Number(new URL(String(url).trim()).port));
      expect(await isThere()).toBe(true);
      child.kill('SIGKILL');
      await expect.poll(isThere, { timeout: 2000 }).toBe(false);
    } finally {
      child.kill('SIGKILL');
    }
  });
});

describe('a redis-server', () => {
  /** A PATH that has only what a shell needs, and that one. */
  function pathWith(script?: string): string {
    const folder = mkdtempSync(join(tmpdir(), 'guardian-test-'));
    for (const program of ['sh', 'cat', 'rm', 'sleep'])
      symlinkSync(join('/bin', program), join(folder, program));
    if (script !== undefined)
      writeFileSync(join(folder, 'redis-server'), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
    return folder;
  }

  test.each([
    ['is not there', undefined, 'there is no '],
    ['ends at once', 'exit 5', "doesn't start"],
    ['never answers', 'exec sleep 1000', "doesn't answer"],
  ])('that %s is told, and soon', async (_, script, why) => {
    vi.stubEnv('PATH', pathWith(script));
    const start = performance.now();
    try {
      expect(await faultOf(openSandbox({ kind: 'binary' }, { timeout: 1000 }))).toContain(why);
      expect(performance.now() - start).toBeLessThan(1900);
    } finally {
      vi.unstubAllEnvs();
    }
  });
});

describe('a given server', () => {
  test('that is empty is used, and left empty', async () => {
    await using redis = await startRedis();
    {
      await using sandbox = await openSandbox({ kind: 'url', url: redis.url }, limits);
      await sandbox.fill([entry('a', '1')]);
      expect(await redis.admin.get('a')).toBe('1');
    }
    expect(await redis.admin.dbsize()).toBe(0);
  });

  test('that holds a key in any database is refused, and keeps it', async () => {
    await using redis = await startRedis();
    await redis.connect({ db: 5 }).set('precious', '1');
    expect(await faultOf(openSandbox({ kind: 'url', url: redis.url }, limits))).toContain("isn't empty");
    expect(await redis.connect({ db: 5 }).get('precious')).toBe('1');
  });

  test('of a cluster is refused', async () => {
    await using redis = await startRedis(['--cluster-enabled', 'yes']);
    expect(await faultOf(openSandbox({ kind: 'url', url: redis.url }, limits))).toContain('cluster');
  });

  test.each([
    ['rediss://:s3cret@localhost', "can't be read"],
    ['redis://:s3cret@127.0.0.1:1', "doesn't answer"],
  ])('that cannot be had (%s) is told without its password', async (url, why) => {
    const said = await faultOf(openSandbox({ kind: 'url', url }, limits));
    expect(said).toContain(why);
    expect(said).not.toContain('s3cret');
  });
});
