import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync, unlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { noBinary } from '../contract/support/binary.ts';
import { startCluster } from '../contract/support/cluster.ts';
import { startRedis } from '../support/redis.ts';
import { guardian, project } from '../support/run.ts';
import { changed } from '../support/sample.ts';

/** `npm run kills` makes it 200. */
const KILLS = Number(process.env['KILLS'] ?? 4);

const drifted: Readonly<Record<string, string>> = {
  processing_prefs: changed('processing_prefs', { retry_count: 9 }),
  routing_rules: changed('routing_rules', { rules: [] }),
  webhook_config: changed('webhook_config', { webhook_ssl_verify: false }),
};
const NAMES = Object.keys(drifted);

interface Keys {
  readonly url: string;
  get(key: string): Promise<string | null>;
  set(key: string, value: string): Promise<unknown>;
}

/** How many were killed before, in and after the writing. */
interface Tally {
  before: number;
  amid: number;
  after: number;
}

async function killAndGoOn(keys: Keys, kills: number): Promise<Tally> {
  const folder = mkdtempSync(join(tmpdir(), 'guardian-kills-'));
  const env = { REDIS_URL: keys.url, GUARDIAN_REDIS_WRITE_URL: keys.url };
  const files = ['--fallbacks', join(project, 'debug'), '--schemas', join(project, 'schemas')];
  const plan = join(folder, 'plan.json');
  const backup = join(folder, 'backup.json');
  const args = ['reconcile', 'apply', plan, '--backup', backup, '--reason', 'r', ...files];
  const read = () => Promise.all(NAMES.map((name) => keys.get(`r:ss:config:${name}`)));
  const tally: Tally = { before: 0, amid: 0, after: 0 };
  let usual = 400;
  for (let kill = 0; kill < kills; kill += 1) {
    for (const file of readdirSync(folder)) unlinkSync(join(folder, file));
    for (const name of NAMES) await keys.set(`r:ss:config:${name}`, drifted[name] ?? '');
    const only = ['--keys', NAMES.join(',')];
    const planned = await guardian(['reconcile', 'plan', '--out', plan, ...only, ...files], { env });
    expect(planned.exitCode).toBe(0);
    const start = performance.now();
    // Every other one dies around its writing, the rest at any instant.
    const wait = kill % 2 === 0 ? Math.random() * usual : Math.random() * 12;
    await killed(args, env, wait, kill % 2 === 0 ? undefined : backup);
    const left = await read();
    const isOld = left.map((value, index) => value === drifted[NAMES[index] ?? '']);
    for (const [index, value] of left.entries()) {
      if (isOld[index]) continue;
      expect(JSON.parse(value ?? '')).toMatchObject(wanted(NAMES[index] ?? ''));
    }
    tally[isOld.every(Boolean) ? 'before' : isOld.some(Boolean) ? 'amid' : 'after'] += 1;
    const again = await guardian(args, { env });
    if (again.exitCode !== 0) throw new Error(`${again.stdout}${again.stderr}`);
    if (kill === 0) usual = performance.now() - start;
    expect(existsSync(backup) || !isOld.every(Boolean)).toBe(true);
    for (const [index, value] of (await read()).entries()) {
      expect(JSON.parse(value ?? '')).toMatchObject(wanted(NAMES[index] ?? ''));
    }
    const undone = await guardian(['reconcile', 'undo', backup, '--reason', 'r', ...files], { env });
    if (undone.exitCode !== 0) throw new Error(`${undone.stdout}${undone.stderr}`);
    expect(await read()).toEqual(NAMES.map((name) => drifted[name]));
  }
  rmSync(folder, { recursive: true, force: true });
  return tally;
}

function wanted(name: string): object {
  const { _updated_at: _then, ...rest } = JSON.parse(changed(name, {}));
  return rest;
}

/** Starts it, and kills it so many milliseconds later (after the file is there, where one is named). */
function killed(
  args: readonly string[],
  env: Readonly<Record<string, string>>,
  wait: number,
  file: string | undefined,
): Promise<void> {
  return new Promise((resolve) => {
    const { PATH = '', HOME = '' } = process.env;
    const child = spawn(process.execPath, [join(project, 'dist/cli.js'), ...args], {
      env: { PATH, HOME, ...env },
      stdio: 'ignore',
    });
    const strike = () => setTimeout(() => child.kill('SIGKILL'), wait);
    if (file === undefined) strike();
    else {
      const watch = setInterval(() => {
        if (!existsSync(file)) return;
        clearInterval(watch);
        strike();
      }, 1);
      child.once('close', () => clearInterval(watch));
    }
    child.once('close', () => resolve());
  });
}

describe('killed at any instant, apply goes on when it is called again, and undo puts all back', () => {
  test('on one server, where all keys are old or all are new', async () => {
    await using redis = await startRedis();
    const { admin, url } = redis;
    const tally = await killAndGoOn(
      { url, get: (key) => admin.get(key), set: (key, value) => admin.set(key, value) },
      KILLS,
    );
    console.log(`${KILLS} kills: ${JSON.stringify(tally)}`);
    expect(tally.amid).toBe(0);
  }, 3_600_000);

  test.skipIf(noBinary)(
    'in a cluster, where each key is old or new',
    async () => {
      await using cluster = await startCluster();
      const [{ host, port }] = cluster.nodes;
      const home = (key: string) => cluster.homeOf(key).admin;
      const tally = await killAndGoOn(
        {
          url: `redis://${host}:${port}`,
          get: (key) => home(key).get(key),
          set: (key, value) => home(key).set(key, value),
        },
        Math.ceil(KILLS / 4),
      );
      console.log(`${Math.ceil(KILLS / 4)} kills in a cluster: ${JSON.stringify(tally)}`);
    },
    3_600_000,
  );
});
