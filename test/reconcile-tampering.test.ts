import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ajvCompiler } from '../src/adapters/ajv/compiler.ts';
import { workspaceFiles } from '../src/adapters/files.ts';
import { parseRedisUrl } from '../src/adapters/redis/url.ts';
import { writableRedis } from '../src/adapters/redis/writable.ts';
import { isObject, type Json } from '../src/core/json.ts';
import { vouch } from '../src/core/phrase.ts';
import type { Plan } from '../src/core/plan.ts';
import { formatPointer, type Pointer } from '../src/core/pointer.ts';
import { freshRule, keyedDigest, weigherOf } from '../src/faces/digest.ts';
import { planText, readPlan, sealPlan } from '../src/faces/plan-file.ts';
import { guardedApp } from '../src/guarded-app.ts';
import { applyPlan, makePlan } from '../src/reconcile.ts';
import { startRedis, type TestRedis } from './support/redis.ts';
import { project } from './support/run.ts';
import { changed, load } from './support/sample.ts';

/**
 * Whoever edits a plan can compute its hash anew, and only the approved hash tells. Even so nothing is written but what
 * the files say, where what was seen still is.
 */

const NAMES = ['processing_prefs', 'webhook_config'];
const specs = guardedApp({ prefix: 'r:ss:config:', schemas: ['schemas'], fallbacks: 'debug' }).filter(
  ({ name }) => NAMES.includes(name),
);

let redis: TestRedis;
let plan: Plan;

beforeAll(async () => {
  redis = await startRedis();
  await seed();
  const now = Date.now();
  const digests = freshRule(undefined);
  const choice = { keys: [], only: [], base: null, includeSecrets: false };
  const terms = { ...request(now), choice, digests, expiresAt: now + 60_000 };
  plan = sealPlan((await makePlan(terms, portsFor(digests))).plan);
});

afterAll(async () => {
  await redis[Symbol.asyncDispose]();
});

async function seed(): Promise<void> {
  await load(redis.admin, {
    processing_prefs: changed('processing_prefs', { retry_count: 9 }),
    webhook_config: changed('webhook_config', { webhook_ssl_verify: false }),
  });
}

function request(now: number) {
  return { specs, patterns: [], direction: 'fallback', named: [], includesSecrets: false, now } as const;
}

function portsFor(digests: Plan['digests']) {
  const parsed = parseRedisUrl(redis.url, {});
  if (!parsed.ok) throw new Error('the URL of a test server can be read');
  return {
    store: writableRedis(parsed.endpoint, { timeout: 10_000, maxBytes: 1e6 }),
    ...{
      files: workspaceFiles(project),
      compiler: ajvCompiler(10_000),
      digest: keyedDigest('key of a test'),
    },
    ...weigherOf(digests),
    maxBytes: 1e6,
    keep: async () => undefined,
    write: async () => undefined,
  };
}

/** Everything that a document holds, at its place. */
function leaves(value: Json, at: Pointer = []): readonly Pointer[] {
  if (Array.isArray(value)) return value.flatMap((item, index) => leaves(item, [...at, String(index)]));
  if (isObject(value)) return Object.entries(value).flatMap(([name, own]) => leaves(own, [...at, name]));
  return [at];
}

function altered(value: Json, [token, ...rest]: Pointer): Json {
  if (token === undefined) return otherThan(value);
  if (Array.isArray(value)) {
    return value.map((item, index) => (String(index) === token ? altered(item, rest) : item));
  }
  return Object.fromEntries(
    Object.entries(value as Record<string, Json>).map(([name, own]) => [
      name,
      name === token ? altered(own, rest) : own,
    ]),
  );
}

/** Of the same form, so that it isn't refused for that. */
function otherThan(value: Json): Json {
  if (typeof value === 'number') return value + 1;
  if (typeof value === 'boolean') return !value;
  if (typeof value !== 'string') return `sha256:${'0'.repeat(64)}`;
  if (/^(hmac-)?sha256:/.test(value)) return value.replace(/.$/, (last) => (last === '0' ? '1' : '0'));
  if (/^\d{4}-/.test(value)) return value.replace(/^\d{4}/, (year) => String(Number(year) + 1));
  return value.replace(/[a-z]/i, (letter) => (letter === 'x' ? 'y' : 'x'));
}

describe('a plan that was altered, and its hash computed anew,', () => {
  test('writes what the files say, or nothing', async () => {
    const document = JSON.parse(planText(plan));
    const wanted = { retry_count: 3 };
    const before = await values();
    const tally = { unreadable: 0, refused: 0, harmless: 0 };
    for (const place of leaves(document)) {
      const changedPlan = sealPlan(altered(document, place) as unknown as Plan);
      const read = readPlan(Buffer.from(planText(changedPlan)), vouch('plan.json'));
      if (!read.ok) {
        tally.unreadable += 1;
        continue;
      }
      await seed();
      const now = Date.now();
      const carried = await applyPlan(
        { ...request(now), plan: read.plan, savedAt: now },
        portsFor(read.plan.digests),
      );
      const outcomes = carried.kind === 'done' ? carried.steps : [];
      const isWritten = outcomes.length > 0 && outcomes.every(({ how }) => how === 'written');
      const where = formatPointer(place);
      if (!isWritten) {
        expect(await values(), where).toEqual(before);
        expect(
          outcomes.every(({ how }) => how === 'not-done'),
          where,
        ).toBe(true);
        tally.refused += 1;
      } else {
        expect(JSON.parse((await values())[0] ?? '')).toMatchObject(wanted);
        tally.harmless += 1;
        // What is told, and nothing that is gone by.
        expect(where).toMatch(
          /^\/(hash|createdAt|expiresAt|target\/(url|address|run|replication)|choice\/(base|includeSecrets)|digests\/(isKeyed|check))$/,
        );
      }
    }
    expect(tally.refused).toBeGreaterThan(10);
  }, 60_000);
});

function values(): Promise<(string | null)[]> {
  return redis.admin.mget(NAMES.map((name) => `r:ss:config:${name}`));
}
