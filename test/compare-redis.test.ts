import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { workspaceFiles } from '../src/adapters/files.ts';
import { compareRun, openTrove, readStoreName } from '../src/faces/compare.ts';
import { startRedis } from './support/redis.ts';

test('two servers are compared, whatever the types of their keys', async () => {
  await using a = await startRedis();
  await using b = await startRedis();
  const workspace = mkdtempSync(join(tmpdir(), 'guardian-compare-'));
  try {
    for (const [{ admin: client }, old] of [
      [a, 'old:'],
      [b, 'new:'],
    ] as const) {
      for (let index = 0; index < 2500; index += 1) client.set(`${old}${index}`, `v${index}`);
      await client.hset(`${old}hash`, { x: '1', y: '2' });
      await client.zadd(`${old}zset`, 1, 'x', 2, 'y');
      await client.rpush(`${old}list`, ...(old === 'old:' ? ['x', 'y'] : ['y', 'x']));
    }
    await b.admin.del('new:7');
    await b.admin.set('extra', 'x');
    await b.admin.expire('new:8', 100);
    const terms = { timeout: 10_000, maxBytes: 1_000_000, specs: [], files: workspaceFiles(workspace) };
    const [from, to] = await Promise.all(
      [a, b].map(({ url }) => openTrove(readStoreName('env:URL', { URL: url }), terms)),
    );
    if (from === undefined || to === undefined) throw new Error('two were opened');
    const map = [{ from: new TextEncoder().encode('old:'), to: new TextEncoder().encode('new:') }];
    const request = { match: '*', map, ttlTolerance: 5000, encodings: true, rounds: 2, pause: 10 };
    const { counts, exitCode } = await compareRun({
      ...{ from: from.trove, to: to.trove, request, specs: [], patterns: [], workspace },
      ...{ differences: 'd.jsonl', resume: 'state.json', now: Date.now },
    });
    expect(exitCode).toBe(1);
    expect(counts.compared).toBe(2504);
    expect(counts.kinds).toEqual({
      ...{ missing: 1, extra: 1, type: 0, value: 1, ttl: 1, encoding: 0, unreadable: 0 },
    });
    await from.trove[Symbol.asyncDispose]?.();
    await to.trove[Symbol.asyncDispose]?.();
  } finally {
    rmSync(workspace, { recursive: true, force: true });
  }
});
