import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parseRedisUrl } from '../../src/adapters/redis/url.ts';
import { writableRedis } from '../../src/adapters/redis/writable.ts';
import type { Encoding } from '../../src/core/evidence.ts';
import { vouch } from '../../src/core/phrase.ts';
import { plain } from '../../src/core/plain.ts';
import type { Content, Held, WritableStore } from '../../src/core/ports.ts';
import { startRedis, type TestRedis } from '../support/redis.ts';
import { project } from '../support/run.ts';
import { SECRET, urlOf } from './support/reading.ts';

/** The user that `docs/redis.md` gives to `reconcile apply`. */

const [, page = ''] = readFileSync(join(project, 'docs/redis.md'), 'utf8').split(
  '## A user that can write\n',
);
const [, line = ''] =
  /^ACL SETUSER guardian-writer reset on >PASSWORD %RW~r:ss:config:\* (.*)$/m.exec(page) ?? [];
const rights = line.split(' ');
const ofHashes = ['+type', '+pttl', '+watch', '+multi', '+exec', '+del'].concat(
  (/^\| `(\+hlen [^`]+)` \| configs in hashes/m.exec(page)?.[1] ?? '').split(' '),
);

async function writerWith(redis: TestRedis, granted: readonly string[]): Promise<WritableStore> {
  await redis.admin.call(
    'ACL',
    'SETUSER',
    'writer',
    'reset',
    'on',
    `>${SECRET}`,
    '%RW~r:ss:config:*',
    ...granted,
  );
  const parsed = parseRedisUrl(urlOf(redis, { username: 'writer', password: SECRET }));
  if (!parsed.ok) throw new Error(plain(parsed.why));
  return writableRedis(parsed.endpoint, { timeout: 5000, maxBytes: 1e6 });
}

const text = (value: string) => ({ kind: 'present', bytes: new TextEncoder().encode(value) }) as const;
const fields = (members: Readonly<Record<string, string>>) =>
  ({
    kind: 'fields',
    fields: Object.entries(members).map(([name, value]) => ({
      name: Buffer.from(name),
      value: Buffer.from(value),
    })),
  }) as const;
const none = { kind: 'absent' } as const;

/** Everything that apply and undo do: what became of each write. */
async function tryAll(
  store: WritableStore,
  encoding: Encoding,
  [old, fresh]: readonly [Held & Content, Content],
) {
  const asked = (name: string) => ({ name: vouch(name), key: `r:ss:config:${name}`, encoding });
  const [seen] = await store.read([asked('a')]);
  const applied = await store.swap([
    { ...asked('a'), expected: old, next: fresh },
    { ...asked('n'), expected: none, next: fresh },
  ]);
  const undone = await store.swap([{ ...asked('n'), expected: fresh as Held, next: none }]);
  const faults = [...applied, ...undone].flatMap((each) =>
    'fault' in each ? [`${plain(each.fault.phrase)} → ${plain(each.fault.advice)}`] : [],
  );
  return {
    seen: seen?.observation.kind,
    applied: applied.map(({ kind }) => kind),
    undone: undone.map(({ kind }) => kind),
    faults,
  };
}

const allWell = { applied: ['swapped', 'swapped'], undone: ['swapped'], faults: [] };

describe('the documented user that can write', () => {
  test('is in the page', () => {
    expect(rights.length).toBeGreaterThan(5);
    expect(ofHashes.length).toBeGreaterThan(8);
  });

  test('may do all that apply and undo do with strings', async () => {
    await using redis = await startRedis();
    await redis.admin.set('r:ss:config:a', '{}');
    const store = await writerWith(redis, rights);
    expect(await tryAll(store, 'json', [text('{}'), text('{"a":1}')])).toEqual({
      seen: 'present',
      ...allWell,
    });
    expect(await store.identify()).not.toHaveProperty('runs');
    const known = await writerWith(redis, [...rights, '+info']);
    expect(await known.identify()).toHaveProperty('runs');
    expect(await known.identify()).toHaveProperty('replications');
  });

  test('may do so with hashes', async () => {
    await using redis = await startRedis();
    await redis.admin.hset('r:ss:config:a', { a: '1', b: '2' });
    const store = await writerWith(redis, ofHashes);
    expect(await tryAll(store, 'hash', [fields({ a: '1', b: '2' }), fields({ a: '3' })])).toEqual({
      seen: 'fields',
      ...allWell,
    });
  });

  test.each(rights)('needs %s', async (right) => {
    await using redis = await startRedis();
    await redis.admin.set('r:ss:config:a', '{}');
    const store = await writerWith(
      redis,
      rights.filter((each) => each !== right),
    );
    const tried = await tryAll(store, 'json', [text('{}'), text('{"a":1}')]);
    expect(tried.faults.join('\n')).toContain(right.slice(1).toUpperCase());
  });

  test('may do nothing else to the keys, and nothing at all to others', async () => {
    await using redis = await startRedis();
    await redis.admin.set('r:ss:config:a', '{}');
    await writerWith(redis, rights);
    const dry = async (...command: string[]) => redis.admin.call('ACL', 'DRYRUN', 'writer', ...command);
    for (const command of [
      ['EXPIRE', 'r:ss:config:a', '1'],
      ['RENAME', 'r:ss:config:a', 'r:ss:config:b'],
      ['APPEND', 'r:ss:config:a', 'x'],
      ['SET', 'other', 'x'],
      ['GETRANGE', 'other', '0', '1'],
      ['FLUSHALL'],
      ['EVAL', 'return 1', '0'],
      ['SCAN', '0'],
    ]) {
      expect(await dry(...command)).toMatch(/permissions/);
    }
  });
});
