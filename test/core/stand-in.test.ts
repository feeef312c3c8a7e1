import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { hintsOf } from '../../src/core/harmless.ts';
import { isArray, isObject, type Json } from '../../src/core/json.ts';
import { formatPointer } from '../../src/core/pointer.ts';
import type { Visibility } from '../../src/core/redaction.ts';
import { type Hides, hiding, standIn } from '../../src/core/stand-in.ts';

const everything: Hides = { value: () => true, name: () => false };
const withNames: Hides = { value: () => true, name: () => true };
const anything = () => true;

function matching(pattern: RegExp) {
  return (value: Json) => typeof value === 'string' && pattern.test(value);
}

describe('what says the least of the original stands in', () => {
  test.each<[string, Json, Json]>([
    ['for text', 'hunter2', 'redacted'],
    ['for numbers', 8123.5, 0],
    ['for booleans', true, false],
    ['for all of a list', ['a', 7, true], ['redacted', 0, false]],
    ['at any depth', { a: { b: ['s'] } }, { a: { b: ['redacted'] } }],
    ['but null stays', { a: null }, { a: null }],
    ['and so does what holds nothing', { a: [], b: {} }, { a: [], b: {} }],
  ])('%s', (_fact, value, expected) => {
    expect(standIn(value, everything, anything)).toEqual({ ok: true, value: expected });
  });

  test('for names, one each, the same wherever it stands', () => {
    expect(standIn({ ann: 1, bob: { carl: null, ann: 2 } }, withNames, anything)).toEqual({
      ok: true,
      value: { 'hidden-1': 0, 'hidden-2': { 'hidden-3': null, 'hidden-1': 0 } },
    });
  });
});

describe('text is replaced by what passes for it:', () => {
  test.each<[string, string, RegExp, string]>([
    ['nothing', '', /^$/, ''],
    ['a URL', 'https://h.example/secret', /^https:/, 'https://redacted.redacted/'],
    ['an address', 'ann@b.example', /^[^@]+@[^@]+$/, 'redacted@example.org'],
    ['a date and time', '2026-11-02T08:20:04Z', /^\d{4}-\d\d-\d\dT/, '2000-01-01T00:00:00Z'],
    ['a time', '18:30', /^\d\d:\d\d$/, '00:00'],
    [
      'a UUID',
      '3f0c8a3e-98f2-4c3e-bb1a-0b62d9b9a4d1',
      /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-/,
      `${'0'.repeat(8)}-0000-0000-0000-${'0'.repeat(12)}`,
    ],
    ['as many characters', 'correct horse', /^.{13}$/, 'xxxxxxxxxxxxx'],
    ['the same kinds of characters', 'Ab-12!', /^[A-Z][a-z]-\d\d-?.?$/, 'Xx-00-'],
  ])('%s', (_fact, value, pattern, expected) => {
    expect(standIn(value, everything, matching(pattern))).toEqual({ ok: true, value: expected });
  });

  test('a word that the schema names', () => {
    const hints = hintsOf({ properties: { a: { enum: ['high', 'low'] }, b: { minimum: 7 } } });
    expect(hints).toEqual({ values: ['high', 'low', 7, 8, 6], names: new Set(['a', 'b']), beginnings: [] });
    const oneOf =
      (...words: readonly Json[]) =>
      (value: Json) =>
        words.includes(value);
    expect(standIn('low', everything, oneOf('high', 'low'), hints)).toEqual({ ok: true, value: 'high' });
    expect(standIn(9, everything, oneOf(7, 9), hints)).toEqual({ ok: true, value: 7 });
  });
});

test('a text or name begins as the schema says that it has to', () => {
  const hints = hintsOf({
    properties: { a: { pattern: '^sk_live_\\w+$' } },
    patternProperties: { '^x-[a-z]+$': true, '^ab?c': true, '^a|b': true, nothing: true },
  });
  expect(hints.beginnings).toEqual(['sk_live_', 'x-', 'a']);
  const isToken = (value: Json) => matching(/^sk_live_\w+$/)(value);
  expect(standIn('sk_live_8s7d6', everything, isToken, hints)).toEqual({ ok: true, value: 'sk_live_xxxxx' });
  const isFree = (value: Json) =>
    isObject(value) && Object.keys(value).every((name) => /^x-[a-z]+$/.test(name));
  expect(standIn({ 'x-secret': 1, 'x-other': 2 }, withNames, isFree, hints)).toEqual({
    ok: true,
    value: { 'x-xxxxxb': 0, 'x-xxxxc': 0 },
  });
});

describe('what can stand in at one place and not at another', () => {
  test('is looked for place by place', () => {
    const isAlike = (value: Json) =>
      isObject(value) && value['a'] !== '' && matching(/^https:/)(value['b'] ?? null);
    expect(standIn({ a: 's', b: 'https://h.example' }, everything, isAlike)).toEqual({
      ok: true,
      value: { a: 'redacted', b: 'https://redacted.redacted/' },
    });
  });

  test('stays equal where it was, and different where it was', () => {
    const repeats = (value: Json) => isArray(value) && value[0] === value[1] && value[1] !== value[2];
    expect(standIn(['p', 'p', 'q'], everything, repeats)).toEqual({
      ok: true,
      value: ['redacted', 'redacted', ''],
    });
  });

  test('is a name that no other member has', () => {
    const isAlike = (value: Json) => isObject(value) && Object.keys(value).length === 2;
    const hides: Hides = { value: () => false, name: (pointer) => pointer.at(-1) === 'secret' };
    expect(standIn({ 'hidden-1': 1, secret: 2 }, hides, isAlike)).toEqual({
      ok: true,
      value: { 'hidden-1': 1, hidden_1: 2 },
    });
  });
});

describe('nothing stands in', () => {
  test.each<[string, Json, Json, string]>([
    ['for what only itself will do for', { a: 'x', b: 'hunter2' }, { a: 'x', b: 'hunter2' }, '/b'],
    ['for text of nothing but what would stay', ['-.-'], ['-.-'], '/0'],
    ['for a power of ten', [1000], [1000], '/0'],
  ])('%s, and its place is told', (_fact, value, only, place) => {
    const hides: Hides = { ...everything, value: (pointer) => formatPointer(pointer) === place };
    const answer = standIn(value, hides, (candidate) => JSON.stringify(candidate) === JSON.stringify(only));
    expect(answer.ok || formatPointer(answer.pointer)).toBe(place);
  });

  test('for what has to be the same twice within', () => {
    expect(standIn('hunter2=hunter2', everything, matching(/^(\w+)=\1$/)).ok).toBe(false);
  });

  test('in a document of many places, after a bounded number of tries', () => {
    let tries = 0;
    const value = Array.from({ length: 1000 }, (_, index) => `secret ${index}`);
    const answer = standIn(value, everything, (candidate) => {
      tries += 1;
      const suits = (item: Json, index: number) =>
        (index % 2 === 0 ? /^secret \d+$|^x+$/ : /^secret \d+$|^x+\($/).test(String(item));
      return isArray(candidate) && candidate.every(suits);
    });
    expect(answer.ok).toBe(false);
    expect(tries).toBe(4000);
  });
});

describe('names are replaced by what passes for them:', () => {
  test.each<[string, string, RegExp, string]>([
    ['an address', 'ann@b.example', /^[^@]+@[^@]+$/, 'hidden1@example.org'],
    ['a URL', 'https://h.example', /^https:/, 'https://hidden1.redacted/'],
    ['a constant', 'MAX_SIZE', /^[A-Z0-9_]+$/, 'HIDDEN_1'],
    ['as many letters', 'abcdef', /^[a-z]{6}$/, 'xxxxxb'],
    ['as many digits', '471108', /^\d{6}$/, '000001'],
    ['nothing', '', /^$/, ''],
  ])('%s', (_fact, name, pattern, expected) => {
    const isAlike = (value: Json) => isObject(value) && Object.keys(value).every((key) => pattern.test(key));
    expect(standIn({ [name]: null }, withNames, isAlike)).toEqual({ ok: true, value: { [expected]: null } });
  });

  test('a word of the schema stays where no other will do', () => {
    const document = { 'postal code': null };
    const isAlike = (value: Json) => isObject(value) && 'postal code' in value;
    const hints = hintsOf({ required: ['postal code'] });
    expect(standIn(document, withNames, isAlike, hints)).toEqual({ ok: true, value: document });
    expect(standIn(document, withNames, isAlike)).toEqual({ ok: false, pointer: ['postal code'] });
  });
});

test('a document with nothing hidden stays as it is', () => {
  const hides: Hides = { value: () => false, name: () => false };
  expect(standIn({ a: ['b'] }, hides, anything)).toEqual({ ok: true, value: { a: ['b'] } });
  expect(standIn({ a: ['b'] }, hides, () => false)).toEqual({ ok: false, pointer: [] });
});

test('members keep their names, the special ones too', () => {
  const value: Json = JSON.parse('{ "__proto__": "s", "constructor": { "toString": "s" } }');
  const answer = standIn(value, everything, anything);
  expect(JSON.stringify(answer.ok && answer.value)).toBe(
    '{"__proto__":"redacted","constructor":{"toString":"redacted"}}',
  );
});

describe('hidden is what a report would not print in full, or nobody spells', () => {
  const visibility: Visibility = {
    show: [['n']],
    showWords: [['w']],
    showText: [['t']],
    secret: [['t', 'secret']],
    hiddenNames: [{ at: ['by_name'], except: ['known'] }],
    secretNames: [],
  };
  const { value, name } = hiding(visibility, new Set(['rules', 'ann', 'known']));

  test.each<[string, string, Json, boolean]>([
    ['a number', 'n', 5, false],
    ['a number elsewhere', 'm', 5, true],
    ['a word', 'w', 'high', false],
    ['text for a word', 'w', 'https://h.example', true],
    ['text', 't', 'any text', false],
    ['text that a report would cut', 't', 'x'.repeat(81), true],
  ])('%s', (_fact, place, content, hidden) => {
    expect(value([place], content)).toBe(hidden);
  });

  test('a secret at a place that is shown', () => {
    expect(value(['t', 'secret'], 'any text')).toBe(true);
  });

  test.each([
    ['a property of the schema', ['rules'], false],
    ['one that the visibility spells', ['t'], false],
    ['what only looks like one', ['ruled'], true],
    ['an address', ['ann@b.example'], true],
    ['nothing', [''], true],
    ['a name that a rule hides', ['by_name', 'ann'], true],
    ['a name that the rule excepts', ['by_name', 'known'], false],
    ['a property below a hidden name', ['by_name', 'ann', 'known'], false],
  ])('of names: %s', (_fact, pointer, hidden) => {
    expect(name(pointer)).toBe(hidden);
  });
});

test('nothing of what is hidden is left, and the answer is always the same', () => {
  const secret = fc.string({ unit: 'grapheme', minLength: 8, maxLength: 30 }).map((text) => `k3y${text}`);
  const document = fc.letrec<{ node: Json }>((tie) => ({
    node: fc.oneof(
      { maxDepth: 3 },
      secret,
      fc.double({ min: 11, max: 99, noNaN: true }),
      fc.array(tie('node'), { maxLength: 4 }),
      fc.dictionary(secret, tie('node'), { maxKeys: 4 }),
    ),
  })).node;
  fc.assert(
    fc.property(document, fc.nat(7), (value, dice) => {
      // It refuses some, so that more than the first candidates are seen.
      const isAlike = (candidate: Json) => JSON.stringify(candidate).length % 8 >= dice / 4;
      const answer = standIn(value, withNames, isAlike);
      expect(standIn(value, withNames, isAlike)).toEqual(answer);
      if (!answer.ok) return;
      expect(isAlike(answer.value)).toBe(true);
      expect(JSON.stringify(answer.value)).not.toContain('k3y');
      expect(numbersIn(answer.value).filter((number) => numbersIn(value).includes(number))).toEqual([]);
    }),
  );
});

function numbersIn(value: Json): readonly number[] {
  if (typeof value === 'number') return [value];
  if (isArray(value)) return value.flatMap(numbersIn);
  return isObject(value) ? Object.values(value).flatMap(numbersIn) : [];
}
