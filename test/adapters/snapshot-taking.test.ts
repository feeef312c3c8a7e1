import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import type { Json } from '../../src/core/json.ts';
import { phrase } from '../../src/core/phrase.ts';
import { plain } from '../../src/core/plain.ts';
import {
  faultOf,
  holding,
  memoryStore,
  patternOf,
  scanned,
  snapshotOf,
  specOf,
  spelled,
  storeOf,
  take,
} from '../contract/support/stores.ts';
import { objectionsOf } from '../schemas/schema.ts';

const hash = {
  kind: 'fields',
  fields: [
    { name: Buffer.from('b'), value: Buffer.from('xyz') },
    { name: Buffer.from('a'), value: Buffer.from([0xff]) },
  ],
} as const;

const live = memoryStore({
  text: holding('{"é":1}', 1500),
  bytes: holding(Buffer.from([0xff, 0])),
  hash,
  doc: holding('[1]'),
  list: { kind: 'wrong-type', type: 'list' },
});
const specs = [
  specOf('text'),
  specOf('bytes'),
  specOf('hash', 'hash'),
  specOf('doc', 'redisjson'),
  specOf('list'),
];

function sha256(bytes: Uint8Array): string {
  return `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
}

/** Its number of bytes in 8 bytes, and the text. */
function counted(bytes: Uint8Array): Buffer {
  return Buffer.concat([Buffer.from([0, 0, 0, 0, 0, 0, 0, bytes.length]), bytes]);
}

describe('a snapshot holds', () => {
  const packed = Buffer.concat(
    [Buffer.from('a'), Buffer.from([0xff]), Buffer.from('b'), Buffer.from('xyz')].map(counted),
  );
  const keys = {
    text: {
      type: 'string',
      ttl: 1500,
      length: 8,
      digest: sha256(Buffer.from('{"é":1}')),
      value: { utf8: '{"é":1}' },
    },
    bytes: {
      type: 'string',
      ttl: null,
      length: 2,
      digest: sha256(Buffer.from([0xff, 0])),
      value: { base64: '/wA=' },
    },
    hash: {
      type: 'hash',
      ttl: null,
      length: 6,
      digest: sha256(packed),
      value: {
        fields: [
          [{ utf8: 'a' }, { base64: '/w==' }],
          [{ utf8: 'b' }, { utf8: 'xyz' }],
        ],
      },
    },
    doc: {
      type: 'ReJSON-RL',
      ttl: null,
      length: 3,
      digest: sha256(Buffer.from('[1]')),
      value: { utf8: '[1]' },
    },
    list: { type: 'list' },
  };

  test('every key as it is', async () => {
    const document: Json = JSON.parse(await snapshotOf(live, { specs }));
    expect(document).toEqual({
      format: 'redis-config-guardian/snapshot',
      version: 1,
      takenAt: '2026-11-03T08:30:00.000Z',
      server: { kind: 'unknown', version: null },
      patterns: [],
      keys,
    });
    expect(objectionsOf('snapshot')(document)).toEqual([]);
  });

  test('no value when values are left out', async () => {
    const document: Json = JSON.parse(await snapshotOf(live, { specs }, 'omit'));
    const bare = Object.entries(keys).map(([key, entry]) => [key, { ...entry, value: undefined }]);
    expect(document).toMatchObject({ keys: JSON.parse(JSON.stringify(Object.fromEntries(bare))) });
    expect(JSON.stringify(document)).not.toContain('"value"');
    expect(objectionsOf('snapshot')(document)).toEqual([]);
  });

  test.each(['keep', 'omit'] as const)('that a key of a config is absent (%s)', async (keeping) => {
    const chosen = { specs: [specOf('none'), specOf('text')] };
    expect(await take(live, chosen)).toMatchObject({ kind: 'taken', absent: ['none'], foreign: 0 });
    const document = JSON.parse(await snapshotOf(live, chosen, keeping));
    expect(document.keys.none).toEqual({ type: 'none' });
    expect(Object.keys(document.keys)).toEqual(['none', 'text']);
    expect(objectionsOf('snapshot')(document)).toEqual([]);
  });

  test('of which patterns all keys are listed', async () => {
    const document = JSON.parse(await snapshotOf(live, { patterns: [patternOf('t*'), patternOf('x*')] }));
    expect(document.patterns).toEqual(['t*', 'x*']);
    expect(objectionsOf('snapshot')(document)).toEqual([]);
  });

  test('nothing when nothing was asked for', async () => {
    const text = await snapshotOf(live, {});
    expect(JSON.parse(text)).toMatchObject({ patterns: [], keys: {} });
    expect(objectionsOf('snapshot')(JSON.parse(text))).toEqual([]);
  });

  test('a key of two configs once, with its value if either reads it', async () => {
    const asked = { specs: [specOf('text')], patterns: [patternOf('*'), patternOf('*', 'hash')] };
    const taking = await take(live, asked);
    expect(taking.kind === 'taken' && [...taking.keys.keys()].sort()).toEqual([
      'bytes',
      'doc',
      'hash',
      'list',
      'text',
    ]);
    expect(taking).toMatchObject({ foreign: 1 });
  });
});

test('a key that nobody asked for is not called absent', async () => {
  const store = await storeOf(await snapshotOf(live, { specs: [specOf('none')] }));
  const asked = ['none', 'text'].map((key) => ({ name: specOf(key).name, key, encoding: 'json' as const }));
  expect((await store.read(asked)).map(({ observation }) => spelled(observation))).toEqual([
    'absent',
    'unreadable: the snapshot tells nothing of this key',
  ]);
});

test('what was taken is read back as it was', async () => {
  const store = await storeOf(await snapshotOf(live, { specs }));
  const sightings = await store.read(
    specs.map(({ name, storedKey: key, encoding }) => ({ name, key, encoding })),
  );
  expect(sightings.map(({ observation }) => spelled(observation))).toEqual([
    '"{\\"Ã©\\":1}"',
    '"ÿ\\u0000"',
    '"a": "ÿ", "b": "xyz"',
    '"[1]"',
    'a list',
  ]);
});

test('a hash with a field twice is none', async () => {
  const document = JSON.parse(await snapshotOf(live, { specs }));
  document.keys.hash.value.fields = [
    [{ utf8: 'a' }, { utf8: '' }],
    [{ utf8: 'a' }, { utf8: '' }],
  ];
  document.keys.hash.digest = sha256(
    Buffer.concat(['a', '', 'a', ''].map((text) => counted(Buffer.from(text)))),
  );
  const [sighting] = await (await storeOf(JSON.stringify(document))).read([
    { name: specs[2]?.name ?? ('' as never), key: 'hash', encoding: 'hash' },
  ]);
  expect(sighting?.observation.kind).toBe('unreadable');
});

describe('there is no snapshot', () => {
  const broken = { kind: 'unreadable', fault: faultOf('too-large') } as const;
  const refusals = async (...[store, chosen, keeping, most]: Parameters<typeof take>) => {
    const taking = await take(store, chosen, keeping, most);
    if (taking.kind === 'taken') return 'taken';
    return taking.refusals.map(({ key, fault }) => `${plain(phrase`${key}`)}: ${fault.reason}`);
  };

  test('when a key can not be read, and each such key is named', async () => {
    const store = memoryStore({ a: holding('{}'), b: broken, c: broken });
    const all = [specOf('a'), specOf('b'), specOf('c')];
    expect(await refusals(store, { specs: all })).toEqual(['b: too-large', 'c: too-large']);
    expect(await refusals(store, { patterns: [patternOf('*')] })).toEqual(['b: too-large', 'c: too-large']);
  });

  test('and keys whose names are hidden are told as their pattern', async () => {
    const patterns = [patternOf('*', 'json', { hidesNames: true })];
    expect(await refusals(memoryStore({ secret: broken }), { patterns })).toEqual(['*: too-large']);
  });

  test('when a scan breaks off', async () => {
    const store = memoryStore({ a: holding('{}') }, { scanFault: faultOf('unreachable') });
    expect(await refusals(store, { patterns: [patternOf('a*'), patternOf('b*')] })).toEqual([
      'a*: unreachable',
    ]);
  });

  test('when nobody wanted to read anything', async () => {
    expect(await refusals(memoryStore({ a: { kind: 'unasked' } }), { specs: [specOf('a')] })).toEqual([
      'a: no-target',
    ]);
  });

  test('that is larger than it may be', async () => {
    const store = memoryStore({ a: holding('x'.repeat(600)), b: holding('x'.repeat(600)), c: holding('x') });
    const chosen = { specs: [specOf('a'), specOf('b'), specOf('c')] };
    expect(await refusals(store, chosen, 'keep', 1300)).toEqual(['b: too-large']);
    expect(await refusals(store, chosen, 'omit', 1300)).toBe('taken');
  });

  test('and twenty reasons are enough', async () => {
    const keys = Object.fromEntries(Array.from({ length: 100 }, (_, index) => [`${index}`, broken]));
    expect(await refusals(memoryStore(keys), { patterns: [patternOf('*')] })).toHaveLength(20);
  });
});

test('100,000 keys are read in a few seconds', { timeout: 60_000 }, async () => {
  const value = JSON.stringify({ rules: Array.from({ length: 5 }, (_, id) => ({ id, name: 'rule' })) });
  const keys = Array.from({ length: 100_000 }, (_, index) => [`app:${index}`, holding(value)]);
  const text = await snapshotOf(memoryStore(Object.fromEntries(keys)), { patterns: [patternOf('*')] });
  const store = await storeOf(text);
  const start = performance.now();
  const { found } = await scanned(store, { glob: 'app:*' });
  for (let index = 0; index < 1000; index += 1) {
    await store.read([{ name: specOf('a').name, key: `app:${index}`, encoding: 'json' }]);
  }
  expect(found).toHaveLength(100_000);
  expect(performance.now() - start).toBeLessThan(15_000);
});
