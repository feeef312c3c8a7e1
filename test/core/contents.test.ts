import { describe, expect, test } from 'vitest';
import { type Comparison, type Contents, compareContents } from '../../src/core/contents.ts';
import type { ConfigSpec } from '../../src/core/evidence.ts';
import { keyPattern } from '../../src/core/key-pattern.ts';
import type { SandboxKey } from '../../src/core/ports.ts';
import type { Allowance } from '../../src/core/rehearsal.ts';
import { spec, utf8 } from '../checks/evidence.ts';

const rules: ConfigSpec = {
  ...spec('routing_rules'),
  storedKey: 'rules',
  identity: [{ at: ['rules'], property: 'id' }],
  freshness: { at: ['_updated_at'], expected: true },
};

type Held = Readonly<Record<string, SandboxKey>>;

function text(bytes: string, ttl?: number): SandboxKey {
  return { type: 'string', digest: bytes, bytes: utf8(bytes), ...(ttl === undefined ? {} : { ttl }) };
}

function contents(keys: Held, age = 0): Contents {
  return { keys: new Map(Object.entries(keys)), age };
}

function compare(before: Held, after: Held, allow: readonly Allowance[] = [], age = 0): Comparison {
  const specOf = (key: string) => (key === 'rules' ? rules : undefined);
  return compareContents(contents(before), contents(after, age), { specOf, migration: { allow } });
}

function kinds({ changes }: Comparison): readonly string[] {
  return changes.map(({ key, kind }) => `${key} ${kind}`);
}

const places = (at: readonly string[]): Allowance => ({
  kind: 'config',
  config: 'routing_rules',
  at: [at],
});
const keys = (glob: string): Allowance => ({ kind: 'key', pattern: keyPattern('', glob) });

describe('what differs', () => {
  test.each<[string, Held, Held, string[]]>([
    ['nothing', { a: text('1') }, { a: text('1') }, []],
    ['a key that came, and one that went', { a: text('1') }, { b: text('1') }, ['a removed', 'b added']],
    ['a type', { a: text('1') }, { a: { type: 'list', digest: '1' } }, ['a type']],
    ['bytes', { a: text('1') }, { a: text('2') }, ['a content']],
    ['a time to live that is gone', { a: text('1', 9000) }, { a: text('1') }, ['a lifetime']],
    ['a time to live that came', { a: text('1') }, { a: text('1', 9000) }, ['a lifetime']],
    ['a time to live and bytes', { a: text('1', 9000) }, { a: text('2') }, ['a content', 'a lifetime']],
    [
      'bytes of the same value',
      { rules: text('{"a":1}') },
      { rules: text('{ "a": 1 }') },
      ['rules spelling'],
    ],
    ['a value that is no longer sound', { rules: text('{}') }, { rules: text('{') }, ['rules content']],
  ])('%s', (_fact, before, after, expected) => {
    expect(kinds(compare(before, after))).toEqual(expected);
  });

  test('a time to live may be off by two seconds and the time that has passed', () => {
    const differ = (ttl: number, age: number) =>
      kinds(compare({ a: text('1', 60_000) }, { a: text('1', ttl) }, [], age));
    expect([differ(58_000, 0), differ(57_999, 0), differ(50_000, 8000)]).toEqual([[], ['a lifetime'], []]);
  });

  test('a key whose time is over by then may be gone', () => {
    expect(kinds(compare({ a: text('1', 5000) }, {}, [], 3000))).toEqual([]);
    expect(kinds(compare({ a: text('1', 5001) }, {}, [], 3000))).toEqual(['a removed']);
  });
});

describe('the time of a save is free', () => {
  const before = { rules: text('{"_updated_at":"2026-01-01T00:00:00Z","n":1}') };

  test('alone: the key was saved anew', () => {
    const found = compare(before, { rules: text('{"_updated_at":"2026-01-02T00:00:00Z","n":1}') });
    expect([kinds(found), found.refreshed, found.allowed]).toEqual([[], ['rules'], 0]);
  });

  test('and what changes beside it is told', () => {
    const found = compare(before, { rules: text('{"_updated_at":"2026-01-02T00:00:00Z","n":2}') });
    expect(found.changes.map(({ places }) => places.map(({ kind }) => kind))).toEqual([['changed']]);
    expect(found.refreshed).toEqual([]);
  });
});

describe('what is allowed is counted:', () => {
  const one = text('{"rules":[{"id":"a","priority":1},{"id":"b","priority":2}]}');
  const two = text('{"rules":[{"id":"a","priority":3},{"id":"b","priority":4}]}');

  test('places of a config, with what is below them', () => {
    const priorities = [places(['rules', '*', 'priority'])];
    expect(compare({ rules: one }, { rules: two }, priorities)).toMatchObject({ changes: [], allowed: 2 });
    expect(kinds(compare({ rules: one }, { rules: two }, [places(['other'])]))).toEqual(['rules content']);
  });

  test('places say nothing of a time to live, and nothing of whether the key is there', () => {
    const priorities = [places(['rules'])];
    expect(kinds(compare({ rules: one }, {}, priorities))).toEqual(['rules removed']);
    expect(kinds(compare({ rules: one }, { rules: { ...two, ttl: 9000 } }, priorities))).toEqual([
      'rules lifetime',
    ]);
  });

  test('the root allows that the key comes and goes', () => {
    expect(compare({ rules: one }, {}, [places([])])).toMatchObject({ changes: [], allowed: 1 });
    expect(compare({}, { rules: one }, [places([])])).toMatchObject({ changes: [], allowed: 1 });
  });

  test('keys, whatever becomes of them', () => {
    const before = { 'tmp:a': text('1'), 'tmp:b': text('1', 60_000), a: text('1') };
    const after = { 'tmp:b': text('1'), 'tmp:c': text('1'), a: text('2') };
    const found = compare(before, after, [keys('tmp:*')]);
    expect([kinds(found), found.allowed]).toEqual([['a content'], 3]);
  });
});
