import { expect, test } from 'vitest';
import { ajvCompiler } from '../src/adapters/ajv/compiler.ts';
import { workspaceFiles } from '../src/adapters/files.ts';
import { parseRedisUrl } from '../src/adapters/redis/url.ts';
import { writableRedis } from '../src/adapters/redis/writable.ts';
import { freshRule, keyedDigest, weigherOf } from '../src/faces/digest.ts';
import { sealPlan } from '../src/faces/plan-file.ts';
import { guardedApp } from '../src/guarded-app.ts';
import { applyPlan, makePlan } from '../src/reconcile.ts';
import { startRedis } from './support/redis.ts';
import { project } from './support/run.ts';
import { changed, load } from './support/sample.ts';

/** `npm run races` makes it 10,000. */
const RACES = Number(process.env['RACES'] ?? 200);

const NAMES = ['processing_prefs', 'routing_rules'] as const;

test('no race against a writer of the same keys loses an update or applies half a plan', async () => {
  await using redis = await startRedis();
  const parsed = parseRedisUrl(redis.url, {});
  if (!parsed.ok) throw new Error('the URL of a test server can be read');
  const store = writableRedis(parsed.endpoint, { timeout: 10_000, maxBytes: 1e6 });
  const files = workspaceFiles(project);
  const digests = freshRule(undefined);
  const ports = {
    ...{ store, files, compiler: ajvCompiler(10_000), digest: keyedDigest('a key of a test') },
    ...weigherOf(digests),
    maxBytes: 1e6,
    keep: async () => undefined,
    write: async () => undefined,
  };
  const specs = guardedApp({ prefix: 'r:ss:config:', schemas: ['schemas'], fallbacks: 'debug' }).filter(
    ({ name }) => NAMES.some((own) => own === name),
  );
  const tally = { written: 0, refused: 0 };
  for (let race = 0; race < RACES; race += 1) {
    await load(redis.admin, {
      processing_prefs: changed('processing_prefs', { retry_count: 9 }),
      routing_rules: changed('routing_rules', { rules: [] }),
    });
    const now = Date.now();
    const request = {
      specs,
      patterns: [],
      direction: 'fallback',
      named: [],
      includesSecrets: false,
      now,
    } as const;
    const choice = { keys: [], only: [], base: null, includeSecrets: false };
    const { plan } = await makePlan({ ...request, choice, digests, expiresAt: now + 60_000 }, ports);
    expect(plan.steps).toHaveLength(2);
    const before = await redis.admin.mget(NAMES.map((name) => `r:ss:config:${name}`));
    const target = race % 2;
    const own = changed(NAMES[target] ?? '', { written_by: race });
    // Each round trip of apply is hit: before it reads, between its looks, within its transaction, behind it.
    const writer = (async () => {
      await new Promise((resolve) => setTimeout(resolve, (race * 7) % 40));
      await redis.admin.set(`r:ss:config:${NAMES[target]}`, own);
    })();
    const carried = await applyPlan({ ...request, plan: sealPlan(plan), savedAt: now }, ports);
    const outcomes = carried.kind === 'done' ? carried.steps : [];
    await writer;
    const after = await redis.admin.mget(NAMES.map((name) => `r:ss:config:${name}`));
    expect(after[target]).toBe(own);
    const hows = new Set(outcomes.map(({ how }) => how));
    expect(hows.size).toBe(1);
    const isWritten = hows.has('written');
    tally[isWritten ? 'written' : 'refused'] += 1;
    if (!isWritten) expect(after[1 - target]).toBe(before[1 - target]);
    else expect(after[1 - target]).not.toBe(before[1 - target]);
  }
  console.log(`${RACES} races: ${tally.written} plans written, ${tally.refused} refused, none by halves`);
  if (RACES >= 100) {
    expect(tally.written).toBeGreaterThan(0);
    expect(tally.refused).toBeGreaterThan(0);
  }
}, 1_200_000);
