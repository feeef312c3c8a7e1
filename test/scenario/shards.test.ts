import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startRedis, type TestRedis } from '../support/redis.ts';
import { guardian, runAction } from '../support/run.ts';
import { changed, load } from '../support/sample.ts';

describe('configs that runs share out', () => {
  const folder = mkdtempSync(join(tmpdir(), 'guardian-shards-'));
  const part = (index: number) => join(folder, `part-${index}.json`);
  let redis: TestRedis;

  beforeAll(async () => {
    redis = await startRedis();
    await load(redis.admin, { routing_rules: changed('routing_rules', { rules: 7 }) });
    for (const index of [1, 2, 3]) {
      const args = ['--shard', `${index}/3`, '--format', 'json', '--output', part(index)];
      await guardian(['verify', '--redis', redis.reader, ...args]);
    }
  });

  afterAll(async () => {
    await redis[Symbol.asyncDispose]();
    rmSync(folder, { recursive: true, force: true });
  });

  test('are each verified once, and judged together', async () => {
    const whole = await guardian(['verify', '--redis', redis.reader, '--format', 'json']);
    const merged = await guardian(['merge-reports', part(3), part(1), part(2), '--format', 'json']);
    expect(merged.exitCode).toBe(1);
    const [all, joined] = [JSON.parse(whole.stdout), JSON.parse(merged.stdout)];
    expect(joined.counts).toEqual(all.counts);
    expect(joined.verdict).toBe('fail');
    const names = (report: { configs: { name: string }[] }) => report.configs.map(({ name }) => name).sort();
    expect(names(joined)).toEqual(names(all));
  });

  test('are not green when a part is missing', async () => {
    const { exitCode, stdout } = await guardian(['merge-reports', part(1), part(2)]);
    expect(exitCode).not.toBe(0);
    expect(stdout).toContain('nobody reported on this part of the keys');
    expect(stdout).toContain('part 3 of 3');
  });

  test('are judged by the action in its mode merge', async () => {
    const report = [1, 2, 3].map(part).join('\n');
    const { exitCode, outputs } = await runAction({ inputs: { mode: 'merge', report } });
    expect(exitCode).toBe(1);
    expect(outputs).toMatchObject({ verdict: 'fail', 'failure-reason': 'invalid', invalid: '1' });
  });

  test.each([
    ['a part beyond the last', ['verify', '--shard', '4/3'], '--shard'],
    ['no part', ['verify', '--shard', 'half'], '--shard'],
    ['the same part twice', ['merge-reports', 'PART1', 'PART1'], 'part 1 of 3 is there twice'],
    ['a report that is not there', ['merge-reports', 'nowhere.json'], 'there is no report nowhere.json'],
  ])('end with one error for %s', async (_what, args, said) => {
    const { exitCode, stderr } = await guardian(args.map((arg) => (arg === 'PART1' ? part(1) : arg)));
    expect(exitCode).toBe(2);
    expect(stderr).toContain(said);
  });
});
