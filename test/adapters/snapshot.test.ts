import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { workspaceFiles } from '../../src/adapters/files.ts';
import { snapshotStore } from '../../src/adapters/snapshot/store.ts';
import type { Observation } from '../../src/core/evidence.ts';
import { vouch } from '../../src/core/phrase.ts';
import { plain } from '../../src/core/plain.ts';
import type { FileContent, Store } from '../../src/core/ports.ts';
import { scanned } from '../contract/support/stores.ts';
import { project } from '../support/run.ts';

function digestOf(bytes: Uint8Array): string {
  return `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
}

interface Entry {
  readonly type?: string;
  readonly ttl?: number | null;
  readonly digest?: string;
  readonly value?: Readonly<Record<string, string>>;
}

/** An entry of a sound snapshot, as far as nothing else is said. */
function entry({ value = { utf8: '{}' }, type = 'string', ttl = null, digest }: Entry = {}) {
  const bytes =
    value['utf8'] === undefined ? Buffer.from(value['base64'] ?? '', 'base64') : Buffer.from(value['utf8']);
  return { type, ttl, length: bytes.length, digest: digest ?? digestOf(bytes), value };
}

function snapshot(keys: Readonly<Record<string, unknown>>, change: object = {}): FileContent {
  const document = {
    format: 'redis-config-guardian/snapshot',
    version: 1,
    takenAt: '2026-11-03T08:30:00.000Z',
    server: { kind: 'redis', version: '8.2.2' },
    keys,
    ...change,
  };
  return fileOf(JSON.stringify(document));
}

function fileOf(text: string): FileContent {
  return { kind: 'read', bytes: new TextEncoder().encode(text) };
}

function storeOf(content: FileContent): Promise<Store> {
  return snapshotStore(vouch('my.json'), {
    read: async () => content,
  });
}

async function observations(store: Store, keys: readonly string[]): Promise<readonly Observation[]> {
  const asked = keys.map((key) => ({ name: vouch(key), key, encoding: 'json' as const }));
  return (await store.read(asked)).map(({ observation }) => observation);
}

/** What the store knows of a key, in a line. */
async function read(content: FileContent, key = 'a'): Promise<string> {
  const [observation] = await observations(await storeOf(content), [key]);
  switch (observation?.kind) {
    case 'present': {
      const ttl = observation.ttl === undefined ? '' : ` for ${observation.ttl} ms`;
      return `present${ttl}: ${Buffer.from(observation.bytes).toString('latin1')}`;
    }
    case 'wrong-type':
      return `wrong-type: ${observation.type}`;
    case 'unreadable': {
      const { reason, phrase, advice } = observation.fault;
      return `${reason}: ${plain(phrase)} → ${plain(advice)}`;
    }
    default:
      return String(observation?.kind);
  }
}

describe('a key is', () => {
  test.each<[string, Readonly<Record<string, unknown>>, string]>([
    ['present with its text', { a: entry({ value: { utf8: '{"é": 1}' } }) }, 'present: {"Ã©": 1}'],
    ['present with bytes that are no text', { a: entry({ value: { base64: '/wB7' } }) }, 'present: \xff\0{'],
    ['present though it is empty', { a: entry({ value: { utf8: '' } }) }, 'present: '],
    ['present for as long as it lives', { a: entry({ ttl: 1500 }) }, 'present for 1500 ms: {}'],
    ['present until now', { a: entry({ ttl: 0 }) }, 'present for 0 ms: {}'],
    ['absent when it is not listed', { b: entry() }, 'absent'],
    ['absent when only the name is inherited', {}, 'absent'],
    ['of another type', { a: entry({ type: 'hash' }) }, 'wrong-type: hash'],
    [
      'unreadable when values were left out',
      { a: { type: 'string', ttl: null, length: 2, digest: digestOf(Buffer.from('{}')) } },
      "unreadable: the snapshot doesn't hold the value → take one that does",
    ],
    [
      'unreadable when it is not the value that was digested',
      { a: entry({ digest: digestOf(Buffer.from('{"a": 1}')) }) },
      'unreadable: the value in the snapshot is not the one whose digest stands beside it → somebody edited the file: take a new snapshot',
    ],
    [
      'unreadable when its base64 was damaged',
      { a: entry({ value: { base64: '{}!!' }, digest: digestOf(Buffer.from('{}!!')) }) },
      'unreadable: the value in the snapshot is not the one whose digest stands beside it → somebody edited the file: take a new snapshot',
    ],
  ])('%s', async (_fact, keys, expected) => {
    expect(await read(snapshot(keys))).toBe(expected);
  });

  test('looked up by its own name only', async () => {
    const [observation] = await observations(await storeOf(snapshot({})), ['constructor']);
    expect(observation).toEqual({ kind: 'absent' });
  });

  test('answered for in the order in which it is asked for', async () => {
    const store = await storeOf(snapshot({ a: entry(), b: entry({ type: 'list' }) }));
    const seen = await observations(store, ['b', 'c', 'a', 'b']);
    expect(seen.map(({ kind }) => kind)).toEqual(['wrong-type', 'absent', 'present', 'wrong-type']);
  });
});

describe('where not every key was asked for, a key is', () => {
  const partial = (patterns: readonly string[]) =>
    snapshot({ a: { type: 'none' }, 'x:a': entry() }, { patterns });
  const unreadable = 'unreadable: the snapshot tells nothing of this key → take one of this config too';

  test.each<[string, readonly string[], string, string]>([
    ['absent when it was not there', [], 'a', 'absent'],
    ['unreadable when it is not listed', [], 'b', unreadable],
    ['unreadable when it is none of the patterns', ['x:*'], 'b', unreadable],
    ['absent when it is of a pattern and not listed', ['y:*', 'x:*'], 'x:b', 'absent'],
    ['told by its own pattern as Redis would spell it', ['\\[x]:*'], '[x]:b', 'absent'],
  ])('%s', async (_fact, patterns, key, expected) => {
    expect(await read(partial(patterns), key)).toBe(expected);
  });

  const scan = async (patterns: readonly string[], glob: string) => {
    const { found, fault } = await scanned(await storeOf(partial(patterns)), { glob });
    return [...found.map(({ key }) => key), ...(fault === undefined ? [] : [plain(fault.phrase)])];
  };

  test('found by its pattern, and one that was not there is not', async () => {
    expect(await scan(['*'], '*')).toEqual(['x:a']);
    expect(await scan(['*'], 'x:*')).toEqual(['x:a']);
    expect(await scan(['x:*'], 'x:*')).toEqual(['x:a']);
  });

  test('found by another pattern, which may have more', async () => {
    expect(await scan(['x:*'], 'x*')).toEqual(['x:a', "the snapshot doesn't tell which keys match x*"]);
    expect(await scan([], 'y*')).toEqual(["the snapshot doesn't tell which keys match y*"]);
  });

  test('no neighbour when it was not there', async () => {
    expect(await (await storeOf(partial([]))).find([], () => true)).toMatchObject({ names: ['x:a'] });
  });
});

describe('a file that is no snapshot leaves every key unreadable:', () => {
  const itsFormat = 'its format is in schemas/snapshot.schema.json';

  test.each<[string, FileContent, string]>([
    ['none', { kind: 'missing' }, 'unreadable: there is no file my.json → check the path after snapshot:'],
    [
      'one that cannot be read',
      { kind: 'unreadable', why: vouch('EISDIR') },
      'unreadable: the file my.json cannot be read: EISDIR → check its permissions',
    ],
    ['no JSON', fileOf('{'), `unreadable: the file my.json is no snapshot of version 1 → ${itsFormat}`],
    ['an empty file', fileOf(''), `unreadable: the file my.json is no snapshot of version 1 → ${itsFormat}`],
    ['a list', fileOf('[]'), `unreadable: the file my.json is no snapshot of version 1 → ${itsFormat}`],
    [
      'another format',
      snapshot({}, { format: 'somebody/else' }),
      `unreadable: the file my.json is no snapshot of version 1 (at /format) → ${itsFormat}`,
    ],
    [
      'a later version',
      snapshot({}, { version: 2 }),
      `unreadable: the file my.json is no snapshot of version 1 (at /version) → ${itsFormat}`,
    ],
    ...['2026-11-03', '2026-11-03T08:30:00', '2026-02-30T08:30:00Z', 'yesterday\u001b[1m', ''].map(
      (takenAt): [string, FileContent, string] => [
        `the time ${JSON.stringify(takenAt)}`,
        snapshot({}, { takenAt }),
        `unreadable: the file my.json is no snapshot of version 1 (at /takenAt) → ${itsFormat}`,
      ],
    ),
    [
      'a key without a type',
      snapshot({ 'a/b': { ttl: null } }),
      `unreadable: the file my.json is no snapshot of version 1 (at /keys/a~1b/type) → ${itsFormat}`,
    ],
    [
      'a value of neither kind, with a name that a terminal would obey',
      snapshot({ '\u001b[1m': entry({ value: { hex: 'ff' }, digest: 'sha256:' }) }),
      `unreadable: the file my.json is no snapshot of version 1 (at /keys/\\u001b[1m/value) → ${itsFormat}`,
    ],
  ])('%s', async (_fact, content, expected) => {
    expect(await read(content)).toBe(expected);
    const neighbours = await (await storeOf(content)).find([vouch('a')], () => true);
    expect(neighbours.kind).toBe('unknown');
  });

  test('a key whose name is long is named in part', async () => {
    const said = await read(snapshot({ ['k'.repeat(5000)]: 1 }));
    expect(said.length).toBeLessThan(400);
  });
});

test('similar keys are found among those that were taken, in order, and in no other database', async () => {
  const store = await storeOf(snapshot({ 'z:a': entry(), 'b:a': entry({ type: 'hash' }), other: entry() }));
  expect(await store.find([vouch('a')], (name) => name.endsWith(':a'))).toEqual({
    kind: 'found',
    names: ['b:a', 'z:a'],
    databases: new Map(),
  });
});

test('a snapshot is named by its file', async () => {
  expect((await storeOf({ kind: 'missing' })).target).toBe('snapshot:my.json');
});

test.each<[string, FileContent, string]>([
  ['and its time', snapshot({}), 'snapshot:my.json (taken 2026-11-03T08:30Z)'],
  [
    'and its time in UTC',
    snapshot({}, { takenAt: '2026-11-03T09:30:59.123456+01:00' }),
    'snapshot:my.json (taken 2026-11-03T08:30Z)',
  ],
  ['alone when it tells no time', snapshot({}, { takenAt: 'now' }), 'snapshot:my.json'],
])('a snapshot that was opened is named by its file %s', async (_fact, content, target) => {
  const store = await snapshotStore(vouch('my.json'), { read: async () => content });
  expect(store.target).toBe(target);
});

test('a snapshot that was opened is read no second time', async () => {
  let times = 0;
  const files = {
    read: async () => {
      times += 1;
      return snapshot({ a: entry() });
    },
  };
  const store = await snapshotStore(vouch('my.json'), files);
  expect((await observations(store, ['a'])).map(({ kind }) => kind)).toEqual(['present']);
  expect(times).toBe(1);
});

test('the example holds the four configs', async () => {
  const store = await snapshotStore(
    vouch('examples/production.snapshot.json'),
    workspaceFiles(project, project),
  );
  const keys = ['processing_prefs', 'routing_rules', 'webhook_config', 'magic_link_tokens'];
  const seen = await observations(
    store,
    keys.map((name) => `r:ss:config:${name}`),
  );
  expect(seen.map(({ kind }) => kind)).toEqual(['present', 'present', 'present', 'present']);
});
