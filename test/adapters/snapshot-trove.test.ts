import { describe, expect, test } from 'vitest';
import { packFields } from '../../src/adapters/snapshot/content.ts';
import { plainDigest } from '../../src/adapters/snapshot/seal.ts';
import { snapshotTrove } from '../../src/adapters/snapshot/trove.ts';
import { vouch } from '../../src/core/phrase.ts';
import { StoreFault, type Trove } from '../../src/core/ports.ts';
import { batches, heldAt, holdings, namesIn, said, troveAt } from '../contract/support/troves.ts';
import { startRedis } from '../support/redis.ts';

const fields = [
  { name: Buffer.from('a'), value: Buffer.from('1') },
  { name: Buffer.from('b'), value: Buffer.from('2') },
];
const keys = {
  'app:text': {
    type: 'string',
    ttl: 1500,
    length: 5,
    digest: plainDigest(Buffer.from('hello')),
    value: { utf8: 'hello' },
  },
  'app:hash': {
    type: 'hash',
    ttl: null,
    length: 4,
    digest: plainDigest(packFields(fields)),
    value: { fields: fields.map(({ name, value }) => [{ utf8: `${name}` }, { utf8: `${value}` }]) },
  },
  'app:left-out': { type: 'string', ttl: null, length: 5, digest: plainDigest(Buffer.from('hello')) },
  'app:list': { type: 'list' },
  'app:gone': { type: 'none' },
};

function troveOf(document: object = {}): Promise<Trove> {
  const bytes = Buffer.from(
    JSON.stringify({
      format: 'redis-config-guardian/snapshot',
      version: 1,
      takenAt: '2026-11-03T08:30:00.000Z',
      keys,
      ...document,
    }),
  );
  return snapshotTrove(vouch('my.json'), { read: async () => ({ kind: 'read', bytes }) });
}

describe('a snapshot', () => {
  test('tells of every key what it holds, as the server would', async () => {
    await using redis = await startRedis();
    await redis.admin.set('app:text', 'hello');
    await redis.admin.hset('app:hash', { b: '2', a: '1' });
    await using live = troveAt(redis.url);
    const trove = await troveOf();
    expect(await heldAt(trove, 'app:text')).toMatchObject({ type: 'string', ttl: 1500, length: 5 });
    for (const key of ['app:text', 'app:hash']) {
      const [one, other] = [await heldAt(trove, key), await heldAt(live, key)];
      expect([one.type, one.length, one.digest]).toEqual([other.type, other.length, other.digest]);
    }
  });

  test('says what it does not hold', async () => {
    const trove = await troveOf();
    const names = ['app:left-out', 'app:list', 'app:gone', 'other', Buffer.from([0xff])];
    expect((await holdings(trove, names)).map(said)).toEqual([
      "unreadable: the snapshot doesn't hold the value → take one that does",
      'unreadable: a snapshot holds no values of the type list → compare this key with the server itself',
      'absent',
      'absent',
      'unreadable: a snapshot tells of no key whose name is not UTF-8 → compare this key with the server itself',
    ]);
    const [untold] = await holdings(await troveOf({ patterns: ['app:*'] }), ['other']);
    expect(said(untold)).toContain('the snapshot tells nothing of this key');
  });

  test('lists the names that match, from any bookmark', async () => {
    const many = Object.fromEntries(
      Array.from({ length: 2500 }, (_, index) => [`k:${index}`, { type: 'list' }]),
    );
    const trove = await troveOf({ keys: many });
    const told = await batches(trove);
    expect([await trove.size(), namesIn(told).length, told.length]).toEqual([2500, 2500, 3]);
    const rest = await batches(trove, '*', told[0]?.bookmark);
    expect(rest).toEqual(told.slice(1));
    expect(namesIn(await batches(trove, 'k:[1-2]?'))).toHaveLength(20);
    await expect(batches(await troveOf(), '*', told[0]?.bookmark)).rejects.toBeInstanceOf(StoreFault);
  });

  test('that is none has a fault for everything', async () => {
    const trove = await troveOf({ version: 2 });
    expect(said((await holdings(trove, ['app:text']))[0])).toContain('is no snapshot of version 1');
    await expect(batches(trove)).rejects.toBeInstanceOf(StoreFault);
    await expect(trove.size()).rejects.toBeInstanceOf(StoreFault);
  });
});
