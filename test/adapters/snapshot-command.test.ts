import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { describeError } from '../../src/faces/ending.ts';
import { type SnapshotRequest, snapshot } from '../../src/faces/snapshot.ts';
import {
  faultOf,
  holding,
  memoryStore,
  PASSPHRASE,
  patternOf,
  specOf,
  spelled,
  storeOf,
  TAKEN_AT,
} from '../contract/support/stores.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'guardian-snapshot-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const live = memoryStore({ a: holding('{"a":1}'), list: { kind: 'wrong-type', type: 'list' } });

/** What the command prints, or how its error is told. */
async function run(change: Partial<SnapshotRequest> = {}): Promise<string> {
  const request: SnapshotRequest = {
    store: live,
    specs: [specOf('a')],
    patterns: [],
    out: 'my.json',
    workspace: folder,
    values: 'keep',
    force: false,
    now: TAKEN_AT,
    ...change,
  };
  try {
    return (await snapshot(request)).text;
  } catch (error) {
    return describeError(error).join('\n');
  }
}

const written = () => readFileSync(join(folder, 'my.json'), 'utf8');

describe('the file', () => {
  test('is written for its owner alone, and nothing else is left', async () => {
    expect(await run()).toBe(
      "my.json: 1 key of memory, with their values\nwarning: whoever can read the file can read the values: don't commit it\n",
    );
    expect(statSync(join(folder, 'my.json')).mode & 0o777).toBe(0o600);
    expect(readdirSync(folder)).toEqual(['my.json']);
    const [sighting] = await (await storeOf(written())).read([
      { name: specOf('a').name, key: 'a', encoding: 'json' },
    ]);
    expect(spelled(sighting?.observation)).toBe('"{\\"a\\":1}"');
  });

  test('that is there already stays as it is', async () => {
    writeFileSync(join(folder, 'my.json'), 'mine');
    expect(await run()).toBe('my.json exists already\n→ name another file, or replace it with --force');
    expect(written()).toBe('mine');
  });

  test('that is there already is replaced by force', async () => {
    writeFileSync(join(folder, 'my.json'), 'mine', { mode: 0o644 });
    expect(await run({ force: true })).toContain('1 key');
    expect(written()).toContain('redis-config-guardian/snapshot');
    expect(statSync(join(folder, 'my.json')).mode & 0o777).toBe(0o600);
  });

  test.each([
    ['a folder', () => mkdirSync(join(folder, 'my.json'))],
    ['a link', () => symlinkSync(join(folder, 'elsewhere'), join(folder, 'my.json'))],
  ])('is no %s, not even by force', async (_what, make) => {
    make();
    expect(await run({ force: true })).toContain('my.json is no regular file');
    expect(readdirSync(folder)).toEqual(['my.json']);
  });

  test.each(['', ' '])('has to have a name, and %j is none', async (out) => {
    expect(await run({ out, force: true })).toBe(
      '--out names no file\n→ say where the snapshot is to be written',
    );
  });

  test.each(['snapshot:other.json', 'endpoint:https://dashboard.example'])(
    'is of a Redis, and not of %s',
    async (source) => {
      expect(await run({ source })).toContain('a snapshot is taken of a Redis, and --store names something');
      expect(readdirSync(folder)).toEqual([]);
    },
  );

  test('can not be written where there is no folder', async () => {
    expect(await run({ out: 'none/my.json' })).toContain('none/my.json cannot be written (ENOENT)');
  });
});

describe('what can not be read', () => {
  test('keeps the file from being written, and is told once per fault', async () => {
    const gone = { kind: 'unreadable', fault: faultOf('unreachable') } as const;
    const store = memoryStore({
      a: holding('{}'),
      b: gone,
      c: gone,
      d: { ...gone, fault: faultOf('too-large') },
    });
    expect(await run({ store, specs: ['a', 'b', 'c', 'd'].map((key) => specOf(key)) })).toBe(
      'no snapshot was written, because something in it would be missing: b, c: it went wrong\nd: it went wrong (mend it)\n→ mend it',
    );
    expect(readdirSync(folder)).toEqual([]);
  });

  test('leaves an older file as it is', async () => {
    writeFileSync(join(folder, 'my.json'), 'mine');
    const store = memoryStore({ a: { kind: 'unreadable', fault: faultOf('unreachable') } });
    await run({ store, force: true });
    expect(written()).toBe('mine');
  });
});

describe('values', () => {
  test('are encrypted with the passphrase, which is not told', async () => {
    const text = await run({ values: 'encrypt', passphrase: PASSPHRASE });
    expect(text).toBe('my.json: 1 key of memory, with their values encrypted\n');
    expect(written()).not.toContain('utf8');
    const [sighting] = await (await storeOf(written(), PASSPHRASE)).read([
      { name: specOf('a').name, key: 'a', encoding: 'json' },
    ]);
    expect(spelled(sighting?.observation)).toBe('"{\\"a\\":1}"');
  });

  test.each([undefined, ''])('are not encrypted without a passphrase (%j)', async (passphrase) => {
    expect(await run({ values: 'encrypt', passphrase })).toContain('set GUARDIAN_SNAPSHOT_PASSPHRASE');
    expect(readdirSync(folder)).toEqual([]);
  });

  test('are kept without a word only where there is no passphrase', async () => {
    expect(await run({ values: undefined, passphrase: PASSPHRASE })).toBe(
      'there is a passphrase, and nothing says that the values are to be encrypted\n→ say what becomes of them: --values encrypt, or keep or omit',
    );
    expect(readdirSync(folder)).toEqual([]);
    expect(await run({ values: undefined, passphrase: '' })).toContain('with their values\n');
  });

  test('are kept where that is said, whatever the passphrase', async () => {
    expect(await run({ values: 'keep', passphrase: PASSPHRASE })).toContain('with their values\n');
  });

  test('are left out, and their digests are warned of', async () => {
    expect(await run({ values: 'omit' })).toContain('warning: a value of few possibilities can be guessed');
    expect(written()).not.toContain('"value"');
  });
});

test('what is absent, of another type or secret by its name is told', async () => {
  const text = await run({
    specs: [specOf('none'), specOf('list')],
    patterns: [patternOf('*', 'json', { hidesNames: true })],
    values: 'encrypt',
    passphrase: PASSPHRASE,
  });
  expect(text.split('\n')).toEqual([
    'my.json: 2 keys of memory, with their values encrypted',
    'not there, and listed so: none',
    '1 key of another type: the type is listed, and no value',
    'warning: the names of keys are not encrypted, and those of config of * are secret',
    '',
  ]);
});
