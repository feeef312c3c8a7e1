import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ChainableCommander, Redis } from 'ioredis';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { noBinary } from '../contract/support/binary.ts';
import { startCluster } from '../contract/support/cluster.ts';
import { startRedis } from '../support/redis.ts';
import { guardian, project } from '../support/run.ts';

/** The built program compares real servers. `npm run compare` does it with 200,000 keys. */
const KEYS = Number(process.env['KEYS'] ?? 3000);

const kinds = ['string', 'hash', 'list', 'set', 'zset', 'stream'] as const;
type Kind = (typeof kinds)[number];

const kindOf = (index: number): Kind => kinds[index % kinds.length] ?? 'string';
const nameOf = (index: number) => `old:${kindOf(index)}:${index}`;

function put(to: ChainableCommander, key: string, index: number): void {
  switch (kindOf(index)) {
    case 'string':
      to.set(key, JSON.stringify({ index, text: 'é'.repeat(index % 7) }));
      if (index % 4 === 0) to.expire(key, 10_000 + index);
      break;
    case 'hash':
      to.hset(key, { index, b: 'x' });
      break;
    case 'list':
      to.rpush(key, index, 'b', 'c');
      break;
    case 'set':
      to.sadd(key, index, 'b', 'c');
      break;
    case 'zset':
      to.zadd(key, index, 'a', 1.5, 'b');
      break;
    case 'stream':
      to.xadd(key, `${index + 1}-0`, 'field', index);
  }
}

/** Puts all keys there, under names that begin with the prefix. */
async function fill(admin: Redis, prefix: string): Promise<void> {
  for (let start = 0; start < KEYS; start += 5000) {
    const pipeline = admin.pipeline();
    for (let index = start; index < Math.min(KEYS, start + 5000); index += 1) {
      put(pipeline, nameOf(index).replace('old:', prefix), index);
    }
    await pipeline.exec();
  }
}

interface Told {
  readonly key: string;
  readonly kind: string;
}

let folder: string;
let differences: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'guardian-compare-'));
  differences = join(folder, 'differences.jsonl');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function args(...more: readonly string[]): readonly string[] {
  const places = ['--from', 'env:OLD', '--to', 'env:NEW', '--differences', differences];
  return ['migrate', 'compare', ...places, ...more];
}

const listed = (): readonly string[] =>
  readFileSync(differences, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line): Told => JSON.parse(line))
    .map(({ key, kind }) => `${kind} ${key}`)
    .sort();

describe('compared with a copy under other names', () => {
  const map = ['--map', 's/^old:/new:/', '--pause', '0', '--rounds', '1'];

  test('nothing differs, and each planted difference is found and nothing else', async () => {
    await using old = await startRedis();
    await using next = await startRedis();
    await fill(old.admin, 'old:');
    await fill(next.admin, 'new:');
    const env = { OLD: old.url, NEW: next.url };
    const same = await guardian(args(...map), { env, cwd: folder });
    expect(same.stderr).toBe('');
    expect(same.stdout).toContain(`${KEYS} keys compared, ${KEYS} the same`);
    expect(same.exitCode).toBe(0);
    const planted: string[] = [];
    const at = (kind: Kind, nth: number) => kinds.indexOf(kind) + nth * kinds.length;
    const change = async (how: string, index: number, work: (key: string) => Promise<unknown>) => {
      planted.push(`${how} ${nameOf(index)}`);
      await work(nameOf(index).replace('old:', 'new:'));
    };
    const { admin } = next;
    await change('missing', at('string', 1), (key) => admin.del(key));
    await change('type', at('string', 2), async (key) => {
      await admin.del(key);
      await admin.rpush(key, 'a');
    });
    await change('value', at('string', 3), (key) => admin.set(key, 'other', 'KEEPTTL'));
    await change('value', at('hash', 4), (key) => admin.hset(key, 'b', 'y'));
    await change('value', at('list', 5), (key) => admin.lset(key, 1, 'y'));
    await change('value', at('set', 6), (key) => admin.sadd(key, 'y'));
    await change('value', at('zset', 7), (key) => admin.zadd(key, 2.5, 'b'));
    await change('value', at('stream', 8), (key) => admin.xadd(key, '*', 'more', '1'));
    await change('ttl', at('hash', 9), (key) => admin.expire(key, 100));
    await admin.set('new:only:there', 'x');
    // It is told by the name that it would have on the source.
    planted.push('extra old:only:there');
    const found = await guardian(args(...map), { env, cwd: folder });
    expect(found.exitCode).toBe(1);
    expect(listed()).toEqual(planted.sort());
    expect(readFileSync(differences, 'utf8')).not.toContain('other');
    expect(statSync(differences).mode & 0o777).toBe(0o600);
  }, 600_000);

  test('goes on after kill -9, and loses nothing', async () => {
    await using old = await startRedis();
    await using next = await startRedis();
    await fill(old.admin, 'old:');
    await fill(next.admin, 'new:');
    const expected: string[] = [];
    for (let index = 0; index < KEYS; index += 50) {
      expected.push(`missing ${nameOf(index)}`);
      await next.admin.del(nameOf(index).replace('old:', 'new:'));
    }
    const env = { OLD: old.url, NEW: next.url };
    const state = join(folder, 'state.json');
    const going = args(...map, '--resume', state, '--rate-limit', `${KEYS}`);
    await killedOnceThereIs(state, going, env);
    const ended = await guardian(args(...map, '--resume', state, '--rate-limit', `${KEYS}`), {
      env,
      cwd: folder,
    });
    expect(ended.exitCode).toBe(1);
    expect(listed()).toEqual(expected.sort());
  }, 600_000);

  test('a writer of the source does not make keys different that are the same in the end', async () => {
    await using old = await startRedis();
    await using next = await startRedis();
    await fill(old.admin, 'old:');
    await fill(next.admin, 'new:');
    let isDone = false;
    // Both sides are written, one a moment after the other, as by an application that moves.
    const writer = (async () => {
      for (let turn = 0; !isDone; turn += 1) {
        const index = (turn * kinds.length) % KEYS;
        await old.admin.set(nameOf(index), `${turn}`);
        await new Promise((resume) => setTimeout(resume, 2));
        await next.admin.set(nameOf(index).replace('old:', 'new:'), `${turn}`);
      }
    })();
    const env = { OLD: old.url, NEW: next.url };
    const patient = ['--map', 's/^old:/new:/', '--pause', '200ms', '--rounds', '4'];
    const ended = await guardian(args(...patient), { env, cwd: folder });
    isDone = true;
    await writer;
    expect(ended.stdout).toContain('the same');
    expect(ended.exitCode).toBe(0);
  }, 600_000);
});

function killedOnceThereIs(
  file: string,
  args: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<void> {
  return new Promise((resolve) => {
    const { PATH = '', HOME = '' } = process.env;
    const child = spawn(process.execPath, [join(project, 'dist/cli.js'), ...args], {
      cwd: folder,
      env: { PATH, HOME, ...env },
      stdio: 'ignore',
    });
    const watch = setInterval(() => {
      if (!existsSync(file)) return;
      clearInterval(watch);
      child.kill('SIGKILL');
    }, 1);
    child.once('close', () => {
      clearInterval(watch);
      resolve();
    });
  });
}

test.skipIf(noBinary)(
  'a cluster as the target',
  async () => {
    await using old = await startRedis();
    await using cluster = await startCluster();
    for (let index = 0; index < 300; index += 1) {
      for (const admin of [old.admin, cluster.homeOf(nameOf(index)).admin]) {
        const pipeline = admin.pipeline();
        put(pipeline, nameOf(index), index);
        await pipeline.exec();
      }
    }
    await cluster.homeOf(nameOf(7)).admin.del(nameOf(7));
    await cluster.homeOf('more').admin.set('more', '1');
    const [{ host, port }] = cluster.nodes;
    const env = { OLD: old.url, NEW: `redis://${host}:${port}` };
    const ended = await guardian(args('--pause', '0'), { env, cwd: folder });
    expect(ended.stderr).toBe('');
    expect(listed()).toEqual(['extra more', `missing ${nameOf(7)}`]);
  },
  60_000,
);

describe('wrong input is told in a sentence, with exit code 2', () => {
  test.each([
    [['--map', 'old:=new:'], /inverted/],
    [['--ignore', '/a'], /--semantic/],
    [['--rounds', '0'], /--rounds/],
    [['--pause', 'soon'], /--pause/],
    [['--to', 'somewhere'], /isn't named in a way/],
    [['--to', 'env:NOTHING'], /holds nothing/],
    [['--to', 'redis://127.0.0.1:1'], /nothing listens|connection/i],
  ])('%j', async (more, words) => {
    const env = { OLD: 'redis://127.0.0.1:1', NEW: 'redis://127.0.0.1:1' };
    const ended = await guardian(args(...more), { env, cwd: folder });
    expect(ended.stderr).toMatch(words);
    expect(ended.exitCode).toBe(2);
  });
});
