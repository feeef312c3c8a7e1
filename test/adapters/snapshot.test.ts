import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { workspaceFiles } from '../../src/adapters/files.ts';
import { snapshotStore } from '../../src/adapters/snapshot.ts';
import type { Observation } from '../../src/core/evidence.ts';
import { vouch } from '../../src/core/phrase.ts';
import { plain } from '../../src/core/plain.ts';
import type { FileContent, Store } from '../../src/core/ports.ts';
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

function storeOf(content: FileContent): Store {
  return snapshotStore(vouch('my.json'), {
    read: async () => content,
  });
}

function observations(store: Store, keys: readonly string[]): Promise<readonly Observation[]> {
  const asked = keys.map((key) => ({ name: vouch(key), key, encoding: 'json' as const }));
  return store.read(asked);
}

/** What the store knows of the key `a`, in a line. */
async function read(content: FileContent): Promise<string> {
  const [observation] = await observations(storeOf(content), ['a']);
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
      'unreadable: the snapshot was taken without values → take one that holds them',
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
    const [observation] = await observations(storeOf(snapshot({})), ['constructor']);
    expect(observation).toEqual({ kind: 'absent' });
  });

  test('answered for in the order in which it is asked for', async () => {
    const store = storeOf(snapshot({ a: entry(), b: entry({ type: 'list' }) }));
    const seen = await observations(store, ['b', 'c', 'a', 'b']);
    expect(seen.map(({ kind }) => kind)).toEqual(['wrong-type', 'absent', 'present', 'wrong-type']);
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
    const neighbours = await storeOf(content).find([vouch('a')], () => true);
    expect(neighbours.kind).toBe('unknown');
  });

  test('a key whose name is long is named in part', async () => {
    const said = await read(snapshot({ ['k'.repeat(5000)]: 1 }));
    expect(said.length).toBeLessThan(400);
  });
});

test('similar keys are found among those that were taken, in order, and in no other database', async () => {
  const store = storeOf(snapshot({ 'z:a': entry(), 'b:a': entry({ type: 'hash' }), other: entry() }));
  expect(await store.find([vouch('a')], (name) => name.endsWith(':a'))).toEqual({
    kind: 'found',
    names: ['b:a', 'z:a'],
    databases: new Map(),
  });
});

test('a snapshot is named by its file', () => {
  expect(storeOf({ kind: 'missing' }).target).toBe('snapshot:my.json');
});

test('the example holds the four configs', async () => {
  const store = snapshotStore(vouch('examples/production.snapshot.json'), workspaceFiles(project, project));
  const keys = ['processing_prefs', 'routing_rules', 'webhook_config', 'magic_link_tokens'];
  const seen = await observations(
    store,
    keys.map((name) => `r:ss:config:${name}`),
  );
  expect(seen.map(({ kind }) => kind)).toEqual(['present', 'present', 'present', 'present']);
});
