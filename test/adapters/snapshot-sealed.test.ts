import { describe, expect, test } from 'vitest';
import { isObject, type Json, type JsonObject } from '../../src/core/json.ts';
import {
  freshSealing,
  holding,
  memoryStore,
  PASSPHRASE,
  snapshotOf,
  specOf,
  spelled,
  storeOf,
} from '../contract/support/stores.ts';
import { objectionsOf } from '../schemas/schema.ts';

const SECRET = 'Tr0ub4dor&3';
const specs = [specOf('a'), specOf('b'), specOf('h', 'hash'), specOf('list')];
const live = memoryStore({
  a: holding(`{"password":"${SECRET}"}`),
  b: holding(`{"password":"${SECRET}"}`, 5000),
  h: { kind: 'fields', fields: [{ name: Buffer.from('token'), value: Buffer.from(SECRET) }] },
  list: { kind: 'wrong-type', type: 'list' },
});

const made = newlySealed();

/** One for all that only read it: making it takes long. */
function sealed(): Promise<JsonObject> {
  return made;
}

async function newlySealed(): Promise<JsonObject> {
  return parsed(await snapshotOf(live, { specs }, await freshSealing()));
}

function parsed(text: string): JsonObject {
  return JSON.parse(text);
}

function member(document: Json | undefined, ...names: readonly string[]): Json | undefined {
  return names.reduce<Json | undefined>(
    (value, name) => (value !== undefined && isObject(value) ? value[name] : undefined),
    document,
  );
}

/** The document with another member at that place; without it when that is `undefined`. */
function changed(document: Json, [name = '', ...rest]: readonly string[], value: Json | undefined): Json {
  if (!isObject(document)) return document;
  const inner = rest.length === 0 ? value : changed(document[name] ?? {}, rest, value);
  const members = Object.entries(document).filter(([other]) => other !== name);
  return Object.fromEntries(inner === undefined ? members : [...members, [name, inner]]);
}

async function read(document: Json, passphrase: string | undefined = PASSPHRASE): Promise<readonly string[]> {
  const store = await storeOf(JSON.stringify(document), passphrase);
  const sightings = await store.read(
    specs.map(({ name, storedKey: key, encoding }) => ({ name, key, encoding })),
  );
  return sightings.map(({ observation }) => spelled(observation));
}

describe('an encrypted snapshot', () => {
  test('is read with its passphrase', async () => {
    const text = JSON.stringify(`{"password":"${SECRET}"}`);
    expect(await read(await sealed())).toEqual([text, text, `"token": "${SECRET}"`, 'a list']);
  });

  test('is one that the schema knows', async () => {
    expect(objectionsOf('snapshot')(await sealed())).toEqual([]);
  });

  test('shows neither values nor names of fields, nor the passphrase', async () => {
    const text = JSON.stringify(await sealed());
    for (const hidden of [SECRET, 'password', 'token', PASSPHRASE]) expect(text).not.toContain(hidden);
    expect(text).not.toContain('"sha256:');
  });

  test('shows that two values of it are the same, and nothing of those of another', async () => {
    const [one, other] = [await sealed(), await newlySealed()];
    expect(member(one, 'keys', 'a', 'digest')).toBe(member(one, 'keys', 'b', 'digest'));
    expect(member(one, 'keys', 'a', 'value')).not.toEqual(member(one, 'keys', 'b', 'value'));
    for (const path of [
      ['encryption', 'kdf', 'salt'],
      ['encryption', 'check'],
      ['encryption', 'seal'],
      ['keys', 'a', 'digest'],
    ]) {
      expect(member(one, ...path)).not.toBe(member(other, ...path));
    }
  });

  test('may be formatted anew', async () => {
    const document = await sealed();
    const keys = Object.fromEntries(Object.entries(member(document, 'keys') ?? {}).reverse());
    expect(await read(Object.fromEntries(Object.entries({ ...document, keys }).reverse()))).toEqual(
      await read(document),
    );
  });

  test('opens with the same letters, however they are composed', async () => {
    const { sealingOf, freshDerivation } = await import('../../src/adapters/snapshot/seal.ts');
    const text = await snapshotOf(live, { specs }, await sealingOf('cl\u00e9', freshDerivation()));
    expect((await read(parsed(text), 'cle\u0301')).at(-1)).toBe('a list');
  });
});

describe('a passphrase', () => {
  test.each([
    ['that is missing', '', 'no passphrase was given'],
    ['that is another', 'another', 'were encrypted with another passphrase'],
  ])('%s leaves all keys unauthorized, those without values too', async (_which, passphrase, said) => {
    const answers = await read(await sealed(), passphrase);
    expect(new Set(answers).size).toBe(1);
    expect(answers[0]).toMatch(/^unauthorized: /);
    expect(answers[0]).toContain(said);
  });
});

describe('a change of an encrypted snapshot makes every key unreadable:', () => {
  test.each<[string, readonly string[], (document: JsonObject) => Json | undefined]>([
    ['a key taken out', ['keys', 'a'], () => undefined],
    ['a key put in', ['keys', 'c'], (document) => member(document, 'keys', 'a')],
    ['another time to live', ['keys', 'b', 'ttl'], () => null],
    ['another length', ['keys', 'a', 'length'], () => 3],
    ['another type', ['keys', 'list', 'type'], () => 'set'],
    ['another digest', ['keys', 'a', 'digest'], (document) => member(document, 'keys', 'h', 'digest')],
    ['another time', ['takenAt'], () => '2026-11-04T08:30:00.000Z'],
    ['another pattern', ['patterns'], () => ['*']],
    ['no patterns', ['patterns'], () => undefined],
    ['another server', ['server', 'version'], () => '8'],
    ['another seal', ['encryption', 'seal'], (document) => member(document, 'encryption', 'check')],
  ])('%s', async (_what, path, value) => {
    const document = await sealed();
    const answers = await read(changed(document, path, value(document)));
    expect(new Set(answers)).toEqual(
      new Set(['unreadable: the file my.snapshot.json was changed after it had been encrypted']),
    );
  });
});

describe('a change of an encrypted value makes its key unreadable:', () => {
  const notIts = 'unreadable: the value in the snapshot is not the one whose digest stands beside it';

  test.each<[string, (document: JsonObject) => Json | undefined]>([
    ['the value of another key', (document) => member(document, 'keys', 'b', 'value')],
    ['no bytes', () => ({ encrypted: '' })],
    [
      'a bit',
      (document) => ({ encrypted: flipped(String(member(document, 'keys', 'a', 'value', 'encrypted'))) }),
    ],
    ['the plain text', () => ({ utf8: `{"password":"${SECRET}"}` })],
  ])('%s', async (_what, value) => {
    const document = await sealed();
    const answers = await read(changed(document, ['keys', 'a', 'value'], value(document)));
    expect(answers[0]).toBe(notIts);
    expect(answers[3]).toBe('a list');
  });
});

function flipped(base64: string): string {
  const bytes = Buffer.from(base64, 'base64');
  bytes.writeUInt8(bytes.readUInt8(20) ^ 1, 20);
  return bytes.toString('base64');
}

test('an encrypted value in a snapshot that is not encrypted is unreadable', async () => {
  const document = changed(await sealed(), ['encryption'], undefined);
  expect((await read(document, ''))[0]).toMatch(/^unreadable/);
});

test('a snapshot that is not encrypted is not believed where a passphrase is given', async () => {
  const document = parsed(await snapshotOf(live, { specs }));
  expect(new Set(await read(document))).toEqual(
    new Set([
      'unauthorized: the values in my.snapshot.json are not encrypted, and a passphrase was given: anybody may have written them',
    ]),
  );
  expect((await read(document, '')).at(-1)).toBe('a list');
});

test('an encrypted snapshot that is older than the list of patterns is read', async () => {
  const sealing = await freshSealing();
  const document = parsed(await snapshotOf(live, { specs }, sealing));
  const keys = Object.entries(member(document, 'keys') ?? {}).map(([key, entry]) => ({ ...entry, key }));
  const seal = sealing.sealOf({
    takenAt: String(document['takenAt']),
    server: { kind: 'unknown', version: null },
    keys,
  });
  const older = changed(changed(document, ['patterns'], undefined), ['encryption', 'seal'], seal);
  expect((await read(older)).at(-1)).toBe('a list');
});

test('a derivation that would exhaust whoever opens the file is no snapshot of ours', async () => {
  const answers = await read(changed(await sealed(), ['encryption', 'kdf', 'N'], 2 ** 30));
  expect(answers[0]).toContain('is no snapshot of version 1 (at /encryption/kdf/N)');
});
