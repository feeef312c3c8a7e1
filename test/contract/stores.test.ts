import { describe, expect, test } from 'vitest';
import type { Encoding, Observation } from '../../src/core/evidence.ts';
import { keyPattern } from '../../src/core/key-pattern.ts';
import { vouch } from '../../src/core/phrase.ts';
import { plain } from '../../src/core/plain.ts';
import type { Store } from '../../src/core/ports.ts';
import { startRedis, type TestRedis } from '../support/redis.ts';
import { type Lack, makers, scanned, spelled } from './support/stores.ts';

/** A server, and the store that tells of it. */
interface Served {
  readonly admin: TestRedis['admin'];
  open(): Promise<Store>;
}

type Keys = readonly (readonly [key: string, encoding: Encoding])[];

async function read(store: Store, keys: Keys): Promise<readonly Observation[]> {
  const sightings = await store.read(keys.map(([key, encoding]) => ({ name: vouch(key), key, encoding })));
  return sightings.map(({ observation }) => observation);
}

async function readText(store: Store, ...keys: readonly string[]): Promise<readonly string[]> {
  return (
    await read(
      store,
      keys.map((key) => [key, 'json'] as const),
    )
  ).map(spelled);
}

const invalid = Buffer.from('{"name":"M\xfcller"}\0\xff', 'latin1');

describe.each(makers)('$name', (maker) => {
  /** Runs only where the store can tell what the test asks for. */
  const testing = (fact: string, needs: readonly Lack[], run: (redis: Served) => Promise<void>) =>
    test.skipIf(needs.some((need) => maker.lacks.includes(need)))(fact, async () => {
      await using redis = await startRedis();
      await using ends = new AsyncDisposableStack();
      const open = () => maker.open(redis, (end) => ends.defer(end));
      await run({ admin: redis.admin, open });
    });

  describe('reading', () => {
    testing('answers in the order of what is asked, the same key twice too', ['absence'], async (redis) => {
      await redis.admin.mset('a', '1', 'b', '2');
      const store = await redis.open();
      expect(await readText(store, 'b', 'none', 'a', 'b')).toEqual(['"2"', 'absent', '"1"', '"2"']);
    });

    testing('values come in the order of what is asked', [], async (redis) => {
      await redis.admin.mset('a', '{"n":1}', 'b', '{"n":2}', 'c', '[3]');
      expect(await readText(await redis.open(), 'c', 'a', 'b')).toEqual(
        ['[3]', '{"n":1}', '{"n":2}'].map((text) => JSON.stringify(text)),
      );
    });

    testing('nothing answers nothing', [], async (redis) => {
      expect(await read(await redis.open(), [])).toEqual([]);
    });

    testing('a key that is not there is absent, whatever it is asked for as', ['hashes'], async (redis) => {
      const store = await redis.open();
      const asked = (['json', 'hash', 'hash-json'] as const).map((encoding) => ['none', encoding] as const);
      expect(await read(store, asked)).toEqual([{ kind: 'absent' }, { kind: 'absent' }, { kind: 'absent' }]);
    });

    testing('a name that every object has is a name like any other', ['absence'], async (redis) => {
      await redis.admin.mset('__proto__', '1', 'toString', '2');
      const store = await redis.open();
      expect(await readText(store, '__proto__', 'toString', 'constructor')).toEqual(['"1"', '"2"', 'absent']);
    });

    testing('a name may be any text', ['text'], async (redis) => {
      const names = ['', ' ', 'é ✓ 💣', '"quoted\\"', 'a\r\nb\0', '‮reversed'];
      await redis.admin.mset(names.flatMap((name) => [name, `of ${Buffer.from(name).toString('hex')}`]));
      const store = await redis.open();
      expect(await readText(store, ...names)).toEqual(
        names.map((name) => `"of ${Buffer.from(name).toString('hex')}"`),
      );
    });

    testing('an empty value is not a missing one', ['text'], async (redis) => {
      await redis.admin.set('a', '');
      expect(await readText(await redis.open(), 'a')).toEqual(['""']);
    });

    testing('text stays as it was spelled', ['text'], async (redis) => {
      const text = '\ufeff{ "é":1.0,\r\n"é":1e0 }\u2028💣';
      await redis.admin.set('a', text);
      const [observation] = await read(await redis.open(), [['a', 'json']]);
      expect(observation).toMatchObject({ kind: 'present' });
      expect(observation?.kind === 'present' && Buffer.from(observation.bytes).toString()).toBe(text);
    });

    testing('bytes that are no UTF-8 stay the bytes that they are', ['bytes'], async (redis) => {
      const every = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte));
      await redis.admin.mset('a', invalid, 'b', every);
      expect(await readText(await redis.open(), 'a', 'b')).toEqual([
        JSON.stringify(invalid.toString('latin1')),
        JSON.stringify(every.toString('latin1')),
      ]);
    });

    testing('a key of another type is named by it', ['types'], async (redis) => {
      await redis.admin.rpush('list', 'x');
      await redis.admin.sadd('set', 'x');
      await redis.admin.zadd('zset', 1, 'x');
      await redis.admin.xadd('stream', '*', 'field', 'x');
      await redis.admin.hset('hash', 'field', 'x');
      const store = await redis.open();
      expect(await readText(store, 'list', 'set', 'zset', 'stream', 'hash')).toEqual([
        'a list',
        'a set',
        'a zset',
        'a stream',
        'a hash',
      ]);
    });
  });

  describe('a time to live', () => {
    testing('comes in milliseconds', ['ttl'], async (redis) => {
      await redis.admin.set('a', 'x', 'PX', 90_000);
      const [observation] = await read(await redis.open(), [['a', 'json']]);
      expect(ttlOf(observation)).toBeGreaterThan(60_000);
      expect(ttlOf(observation)).toBeLessThanOrEqual(90_000);
    });

    testing('of a hash too', ['ttl', 'hashes'], async (redis) => {
      await redis.admin.hset('a', 'field', 'x');
      await redis.admin.pexpire('a', 90_000);
      const [observation] = await read(await redis.open(), [['a', 'hash']]);
      expect(ttlOf(observation)).toBeGreaterThan(60_000);
      expect(ttlOf(observation)).toBeLessThanOrEqual(90_000);
    });

    testing('is none where there is none', ['text'], async (redis) => {
      await redis.admin.set('a', 'x');
      const [observation] = await read(await redis.open(), [['a', 'json']]);
      expect(observation).not.toHaveProperty('ttl');
    });
  });

  describe('a hash', () => {
    testing('has its fields, byte for byte, for both kinds of hashes', ['hashes', 'bytes'], async (redis) => {
      await redis.admin.hset(
        'a',
        new Map([
          ['b', '1'],
          ['', ''],
          ['__proto__', '{"a":1}'],
          ['é', 'ü'],
        ]),
      );
      await redis.admin.hset('a', invalid, invalid);
      const store = await redis.open();
      const expected = [
        '"": ""',
        '"__proto__": "{\\"a\\":1}"',
        '"b": "1"',
        '"Ã©": "Ã¼"',
        `${JSON.stringify(invalid.toString('latin1'))}: ${JSON.stringify(invalid.toString('latin1'))}`,
      ];
      const answers = await read(store, [
        ['a', 'hash'],
        ['a', 'hash-json'],
      ]);
      expect(answers.map(spelled)).toEqual([expected.sort().join(', '), expected.sort().join(', ')]);
    });

    testing('is what a string is not', ['hashes', 'types'], async (redis) => {
      await redis.admin.set('a', '{}');
      const store = await redis.open();
      const answers = await read(store, [
        ['a', 'hash'],
        ['a', 'hash-json'],
        ['a', 'json'],
      ]);
      expect(answers.map(spelled)).toEqual(['a string', 'a string', '"{}"']);
    });

    testing('may have ten thousand fields', ['hashes'], async (redis) => {
      const fields = Array.from({ length: 10_000 }, (_, index) => [`field ${index}`, `${index}`] as const);
      await redis.admin.hset('a', new Map(fields));
      const [observation] = await read(await redis.open(), [['a', 'hash']]);
      expect(spelled(observation)).toBe(
        fields
          .map(([name, value]) => `"${name}": "${value}"`)
          .sort()
          .join(', '),
      );
    });
  });

  describe('a scan', () => {
    testing('tells each key once, with its value', ['keys'], async (redis) => {
      const keys = Array.from({ length: 3000 }, (_, index) => `app:${index}`);
      await redis.admin.mset(keys.flatMap((key) => [key, `value of ${key}`]));
      const { found, fault } = await scanned(await redis.open());
      expect(fault).toBeUndefined();
      expect(found.map(({ key }) => key).sort()).toEqual([...keys].sort());
      expect(found.every(({ key, observation }) => spelled(observation) === `"value of ${key}"`)).toBe(true);
    });

    testing('of nothing tells nothing', ['keys'], async (redis) => {
      expect(await scanned(await redis.open())).toEqual({ found: [] });
    });

    testing('tells only keys of its pattern, taken as the whole name', ['keys'], async (redis) => {
      await redis.admin.mset(
        ['a:1', 'a:12', 'a:1:b', 'b:a:1', 'A:1', 'a:[1]', 'a:*', 'a:é', 'a:\n'].flatMap((key) => [key, 'x']),
      );
      const store = await redis.open();
      const matching = async (glob: string) =>
        (await scanned(store, { glob })).found.map(({ key }) => key).sort();
      expect(await matching('a:1')).toEqual(['a:1']);
      expect(await matching('a:?')).toEqual(['a:\n', 'a:*', 'a:1', 'a:é'].sort());
      expect(await matching('a:1*')).toEqual(['a:1', 'a:12', 'a:1:b'].sort());
      expect(await matching('*:b')).toEqual(['a:1:b']);
      expect(await matching('a:\\*')).toEqual(['a:*']);
    });

    testing('asks of each key whether it is ours, and leaves out what is not', ['keys'], async (redis) => {
      await redis.admin.mset('a:1', '1', 'a:2', '2', 'b:1', '3');
      const asked: string[] = [];
      const isOurs = (key: string) => {
        asked.push(key);
        return key !== 'a:1';
      };
      const { found } = await scanned(await redis.open(), { glob: 'a:*', isOurs });
      expect(found.map(({ key, observation }) => [key, spelled(observation)])).toEqual([['a:2', '"2"']]);
      expect(asked.sort()).toEqual(['a:1', 'a:2']);
    });

    testing('that finds as many as it may is told whole', ['keys'], async (redis) => {
      await redis.admin.mset('a:1', '1', 'a:2', '2', 'b:1', '3');
      const { found, fault } = await scanned(await redis.open(), { glob: 'a:*', most: 2 });
      expect(found).toHaveLength(2);
      expect(fault).toBeUndefined();
    });

    testing('that finds more tells so many, and that there are more', ['keys'], async (redis) => {
      const keys = Array.from({ length: 2500 }, (_, index) => `app:${index}`);
      await redis.admin.mset(keys.flatMap((key) => [key, 'x']));
      const { found, fault } = await scanned(await redis.open(), { most: 1200 });
      expect(fault?.reason).toBe('too-large');
      expect(plain(fault?.advice ?? [])).toContain('limit');
      expect(found).toHaveLength(1200);
      expect(new Set(found.map(({ key }) => key)).size).toBe(1200);
    });

    testing('counts only what is ours', ['keys'], async (redis) => {
      await redis.admin.mset('a', '1', 'b', '2', 'c', '3');
      const isOurs = (key: string) => key === 'b';
      const { found, fault } = await scanned(await redis.open(), { isOurs, most: 1 });
      expect([found.map(({ key }) => key), fault]).toEqual([['b'], undefined]);
    });

    testing('reads hashes as hashes, and names what is none', ['keys', 'hashes', 'types'], async (redis) => {
      await redis.admin.hset('a', 'field', 'x');
      await redis.admin.set('b', 'text');
      await redis.admin.rpush('c', 'item');
      const { found } = await scanned(await redis.open(), { encoding: 'hash' });
      const told = found.map(({ key, observation }) => `${key} ${spelled(observation)}`);
      expect(told.sort()).toEqual(['a "field": "x"', 'b a string', 'c a list']);
    });

    testing('tells how long keys live', ['keys', 'ttl'], async (redis) => {
      await redis.admin.set('a', 'x', 'PX', 90_000);
      const { found } = await scanned(await redis.open());
      expect(ttlOf(found[0]?.observation)).toBeGreaterThan(60_000);
      expect(ttlOf(found[0]?.observation)).toBeLessThanOrEqual(90_000);
    });

    testing('may be left before its end, and begun anew', ['keys'], async (redis) => {
      await redis.admin.mset(Array.from({ length: 3000 }, (_, index) => [`app:${index}`, 'x']).flat());
      const store = await redis.open();
      const request = {
        pattern: keyPattern('', '*'),
        encoding: 'json',
        isOurs: () => true,
        most: 10_000,
      } as const;
      for await (const batch of store.scan(request)) {
        expect(batch.length).toBeGreaterThan(0);
        break;
      }
      expect((await scanned(store)).found).toHaveLength(3000);
    });
  });

  describe('finding', () => {
    testing('tells the names that are similar, in order', ['keys'], async (redis) => {
      await redis.admin.mset('z:config', '1', 'b:config', '2', 'other', '3');
      await redis.admin.hset('h:config', 'field', 'x');
      const store = await redis.open();
      const found = await store.find(['config'], (name) => name.endsWith(':config'));
      expect(found).toEqual({
        kind: 'found',
        names: ['b:config', 'h:config', 'z:config'],
        databases: new Map(),
      });
    });

    testing('tells a few of very many', ['keys'], async (redis) => {
      await redis.admin.mset(Array.from({ length: 500 }, (_, index) => [`app:${index}`, 'x']).flat());
      const found = await (await redis.open()).find(['app'], () => true);
      const names = found.kind === 'found' ? found.names : [];
      expect(names.length).toBeGreaterThan(0);
      expect(names.length).toBeLessThan(100);
    });
  });

  testing('the audit is known, or says why it is not', [], async (redis) => {
    const audit = await (await redis.open()).audit();
    if (audit.kind === 'known') expect(audit.server.nodes.length).toBeGreaterThan(0);
    else expect([plain(audit.fault.phrase), plain(audit.fault.advice)]).not.toContain('');
  });

  testing('a store may be asked several things at once', [], async (redis) => {
    await redis.admin.mset('a', '1', 'b', '2');
    const store = await redis.open();
    const answers = await Promise.all([readText(store, 'a'), readText(store, 'b'), readText(store, 'a')]);
    expect(answers).toEqual([['"1"'], ['"2"'], ['"1"']]);
  });

  describe.each(maker.broken)('$why', (broken) => {
    test('makes every key unreadable, for the same reason', async () => {
      const store = await broken.open();
      const answers = await read(store, [
        ['a', 'json'],
        ['b', 'json'],
      ]);
      expect(answers.map(({ kind }) => kind)).toEqual(['unreadable', 'unreadable']);
      expect(answers[1]).toEqual(answers[0]);
      const [fault] = faultsOf(answers);
      expect([plain(fault?.phrase ?? []), plain(fault?.advice ?? [])]).not.toContain('');
    });

    test('has no neighbours to tell, and no audit', async () => {
      const store = await broken.open();
      expect((await store.find(['a'], () => true)).kind).toBe('unknown');
      expect((await store.audit()).kind).toBe('unknown');
    });

    test.skipIf(maker.lacks.includes('keys'))('ends a scan with that fault, and tells no key', async () => {
      const store = await broken.open();
      const [fault] = faultsOf(await read(store, [['a', 'json']]));
      const ended = await scanned(store);
      expect(ended.found).toEqual([]);
      expect(ended.fault).toMatchObject({ reason: fault?.reason });
    });
  });
});

function ttlOf(observation: Observation | undefined): number | undefined {
  return observation?.kind === 'present' || observation?.kind === 'fields' ? observation.ttl : undefined;
}

function faultsOf(observations: readonly Observation[]) {
  return observations.flatMap((observation) =>
    observation.kind === 'unreadable' ? [observation.fault] : [],
  );
}
