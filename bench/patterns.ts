import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { startRedis } from '../test/support/redis.ts';
import { runNode } from '../test/support/run.ts';

/**
 * What many keys of a pattern cost: the built program verifies 10,000 and then 100,000 of them on a Redis of its own.
 * Time and memory are told as ratios of the two in this one run, since machines are shared; both ratios are bounded by
 * that of the keys, 10. Exits 1 when one is missed. `npm run bench:patterns`.
 */

const FEW = 10_000;
const MANY = 100_000;
/** Memory holds the names of all keys, and no value: it may grow, and by less than half of what the keys do. */
const MOST = { time: 10, memory: 5 };

const schema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  type: 'object',
  properties: { retries: { type: 'integer', maximum: 10 }, note: { type: 'string' } },
  required: ['retries'],
};

const folder = mkdtempSync(join(tmpdir(), 'guardian-patterns-'));
await using redis = await startRedis();
try {
  mkdirSync(join(folder, 'schemas'));
  writeFileSync(join(folder, 'schemas/tenants.schema.json'), JSON.stringify(schema));
  writeFileSync(
    join(folder, 'guardian.yml'),
    "version: 1\nconfigs: { tenants: { keys: 'tenant:*', fallback: none } }\n",
  );
  await fill(0, FEW);
  const few = await verified(FEW);
  await fill(FEW, MANY);
  const many = await verified(MANY);
  const ratios = { time: many.seconds / few.seconds, memory: many.megabytes / few.megabytes };
  for (const [count, { seconds, megabytes }] of [
    [FEW, few],
    [MANY, many],
  ] as const) {
    console.log(`${count} keys: ${seconds.toFixed(1)} s, ${megabytes.toFixed(0)} MB at the most`);
  }
  console.log(
    `ratios: time ${ratios.time.toFixed(2)} (≤ ${MOST.time}), memory ${ratios.memory.toFixed(2)} (≤ ${MOST.memory})`,
  );
  process.exitCode = ratios.time <= MOST.time && ratios.memory <= MOST.memory ? 0 : 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}

async function fill(from: number, to: number): Promise<void> {
  for (let start = from; start < to; start += 1000) {
    const keys = Array.from({ length: 1000 }, (_, index) => `tenant:${start + index}`);
    const value = JSON.stringify({ retries: 3, note: 'x'.repeat(500) });
    await redis.admin.mset(keys.flatMap((key) => [key, value]));
  }
}

async function verified(count: number): Promise<{ readonly seconds: number; readonly megabytes: number }> {
  const peak = join(folder, 'peak');
  const probe = join(folder, 'probe.mjs');
  writeFileSync(
    probe,
    `import { writeFileSync } from 'node:fs';\nprocess.on('exit', () => writeFileSync(${JSON.stringify(peak)}, String(process.resourceUsage().maxRSS)));\n`,
  );
  const args = [
    '--import',
    probe,
    resolve('dist/cli.js'),
    'verify',
    '--redis',
    redis.url,
    '--format',
    'json',
  ];
  const { stdout, exitCode, duration } = await runNode(args, { cwd: folder });
  const [config] = exitCode === 0 ? JSON.parse(stdout).configs : [];
  if (config?.keys.OK !== count)
    throw new Error(`not all of the ${count} keys are OK: ${stdout.slice(0, 500)}`);
  return { seconds: duration / 1000, megabytes: Number(readFileSync(peak, 'utf8')) / 1024 };
}
