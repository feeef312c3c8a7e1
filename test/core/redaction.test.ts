import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Json, type JsonObject, sameJson } from '../../src/core/json.ts';
import { phrase } from '../../src/core/phrase.ts';
import { plain } from '../../src/core/plain.ts';
import { type Pattern, type Pointer, parsePointer } from '../../src/core/pointer.ts';
import { type Digest, redactor, type Visibility } from '../../src/core/redaction.ts';
import { keyedDigest } from '../../src/faces/digest.ts';

const digest = keyedDigest('a key of the tests');

function patterns(...texts: readonly string[]): readonly Pattern[] {
  return texts.map((text) => parsePointer(text) ?? []);
}

function under(visible: Partial<Visibility>, digesting: Digest = digest) {
  return redactor(
    { show: [], showWords: [], showText: [], secret: [], hiddenNames: [], secretNames: [], ...visible },
    digesting,
  );
}

function told(visible: Partial<Visibility>, pointer: Pointer, value: Json): string {
  return plain(phrase`${under(visible, () => '00000000').value(pointer, value)}`);
}

describe('a value', () => {
  test.each<[string, Json, string]>([
    ['text', 'hunter2', '‹hidden string, 7 characters, #00000000›'],
    ['a number', 7, '‹hidden number, #00000000›'],
    ['a boolean', true, '‹hidden boolean, #00000000›'],
    ['null', null, '‹hidden null, #00000000›'],
    ['a list', ['a', 'b'], '‹hidden array, 2 items, #00000000›'],
    ['an object', { a: 1 }, '‹hidden object, 1 member, #00000000›'],
    ['an empty one', {}, '‹empty object›'],
  ])('is hidden unless its place is public: %s', (_fact, value, expected) => {
    expect(told({}, ['a'], value)).toBe(expected);
    expect(told({ show: patterns('/b', '/a/b') }, ['a'], value)).toBe(expected);
  });

  test.each<[string, Json, string]>([
    ['a number', 7.5, '7.5'],
    ['a boolean', false, 'false'],
    ['null', null, 'null'],
    ['a word', 'high', '"high"'],
    ['words set together', 'follow-up_Only', '"follow-up_Only"'],
    ['nothing', '', '""'],
  ])('is shown at a public place: %s', (_fact, value, expected) => {
    expect(told({ showWords: patterns('/a') }, ['a'], value)).toBe(expected);
    expect(told({ showWords: patterns('/a') }, ['a', 'below'], value)).toBe(expected);
    expect(told({ showWords: patterns('/*') }, ['a'], value)).toBe(expected);
    expect(told({ showText: patterns('/a') }, ['a'], value)).toBe(expected);
  });

  test.each<[string, Json]>([
    ['a URL', 'https://a.example/token'],
    ['an address', 'ann@b.example'],
    ['what holds digits', 'hunter2'],
    ['what is longer than words are', 'correcthorsebatterystaple'],
    ['a list', ['high']],
    ['an object', { high: 'low' }],
  ])('is hidden at a place for words when it is none: %s', (_fact, value) => {
    expect(told({ showWords: patterns('/a') }, ['a'], value)).toMatch(/^‹hidden /);
  });

  test('is hidden at a place for numbers and booleans when it is text', () => {
    expect(told({ show: patterns('/a') }, ['a'], 7)).toBe('7');
    expect(told({ show: patterns('/a') }, ['a'], true)).toBe('true');
    expect(told({ show: patterns('/a') }, ['a'], 'word')).toMatch(/^‹hidden string/);
  });

  test('is hidden at a place for text when it is a list or an object', () => {
    expect(told({ showText: patterns('/a') }, ['a'], ['x'])).toMatch(/^‹hidden array/);
    expect(told({ showText: patterns('/a') }, ['a'], { url: 'x' })).toMatch(/^‹hidden object/);
  });

  test('is shown at a place for text whatever it says, cut at 80 characters', () => {
    const visible = { showText: patterns('/a') };
    expect(told(visible, ['a'], 'Désabonnement 1: "x"')).toBe('"Désabonnement 1: \\"x\\""');
    expect(told(visible, ['a'], 'x'.repeat(78))).toBe(`"${'x'.repeat(78)}"`);
    expect(told(visible, ['a'], 'x'.repeat(79))).toBe(`"${'x'.repeat(78)}…`);
  });

  test('is hidden where it is secret, though its place were public', () => {
    const visible = { show: patterns('/a'), showText: patterns('/a'), secret: patterns('/a/b') };
    expect(told(visible, ['a', 'b'], 'word')).toMatch(/^‹hidden string/);
    expect(told(visible, ['a', 'b', 'c'], 7)).toMatch(/^‹hidden number/);
    expect(told({ ...visible, secret: patterns('') }, ['a'], 7)).toMatch(/^‹hidden number/);
  });
});

describe('the digest of a hidden value', () => {
  const of = (value: Json) => JSON.stringify(under({}).value([], value));

  test.each<[string, string, string]>([
    ['the order of members', '{"a": 1, "b": {"c": 2, "d": 3}}', '{"b": {"d": 3, "c": 2}, "a": 1}'],
    ['the spelling of numbers', '[100, 0, 0.5]', '[1e2, -0, 5E-1]'],
    ['the spelling of text', '"\\u0061/"', '"a\\/"'],
    [
      'the order of names like inherited ones',
      '{"__proto__": 1, "constructor": 2}',
      '{"constructor": 2, "__proto__": 1}',
    ],
  ])('does not depend on %s', (_fact, a, b) => {
    expect(of(JSON.parse(a))).toBe(of(JSON.parse(b)));
  });

  test.each<[string, string, string]>([
    ['the order of items', '[1, 2]', '[2, 1]'],
    ['the type', '{"a": 1}', '{"a": "1"}'],
    ['what inherited names hold', '{"__proto__": {"a": 1}}', '{"__proto__": {"a": 2}}'],
    ['depth', '[[1], 2]', '[[1, 2]]'],
  ])('depends on %s', (_fact, a, b) => {
    expect(of(JSON.parse(a))).not.toBe(of(JSON.parse(b)));
  });

  test('is the same exactly for what means the same', () => {
    const values = fc
      .jsonValue({ maxDepth: 2, stringUnit: fc.constantFrom('a', 'b') })
      .map((value) => JSON.parse(JSON.stringify(value)) as Json);
    const texts: Digest = (text) => text;
    const spelled = (value: Json) => JSON.stringify(under({}, texts).value([], value));
    fc.assert(
      fc.property(values, values, (a, b) => {
        expect(spelled(a) === spelled(b)).toBe(sameJson(a, b));
      }),
    );
  });

  test('differs under another key', () => {
    const other = under({}, keyedDigest('another key of the tests'));
    expect(JSON.stringify(other.value([], 'a'))).not.toBe(of('a'));
  });
});

describe('a place', () => {
  const veiled = (name: string) => `‹#${digest(name)}›`;

  test('is a JSON Pointer', () => {
    expect(under({}).place([])).toBe('');
    expect(under({}).place(['rules', '0', 'clé_1'])).toBe('/rules/0/clé_1');
  });

  test('is without names that are no identifiers: addresses, URLs, anything odd', () => {
    for (const name of ['ann@b.example', 'https://h/x', 'a b', '', 'x'.repeat(50)]) {
      expect(under({}).place(['a', name])).toBe(`/a/${veiled(name)}`);
    }
  });

  test.each(['hiddenNames', 'secretNames'] as const)('is without the names of %s', (kind) => {
    const { place } = under({ [kind]: [{ at: ['map'], except: ['known'] }] });
    expect(place(['map', 'ann@b.example', 'priority'])).toBe(`/map/${veiled('ann@b.example')}/priority`);
    expect(place(['map', 'known'])).toBe('/map/known');
    expect(place(['map'])).toBe('/map');
    expect(place(['other', 'ann'])).toBe('/other/ann');
    expect(place(['map', 'a', 'b'])).toBe(`/map/${veiled('a')}/b`);
  });

  test('is without the names of the whole document, and of each part of it', () => {
    expect(under({ secretNames: [{ at: [], except: [] }] }).place(['a', 'b'])).toBe(`/${veiled('a')}/b`);
    expect(under({ hiddenNames: [{ at: ['*', 'to'], except: [] }] }).place(['0', 'to', 'a'])).toBe(
      `/0/to/${veiled('a')}`,
    );
  });

  test('is without a name that is inherited, unless it is excepted by itself', () => {
    const { place } = under({ secretNames: [{ at: [], except: [] }] });
    expect(place(['constructor'])).toBe(`/${veiled('constructor')}`);
  });
});

describe('raw output', () => {
  const document: JsonObject = {
    url: 'https://a.example/token',
    list: [{ url: 'x', name: 'n' }],
    tokens: { abcdef: { used: true }, known: 1 },
    people: { 'ann@b.example': 'high' },
  };

  test('is the document itself where nothing is secret', () => {
    expect(under({ show: [] }).raw(document)).toEqual(document);
    expect(under({ hiddenNames: [{ at: ['people'], except: [] }] }).raw(document)).toEqual(document);
  });

  test('is without what is secret: values, whatever they hold, and names', () => {
    const { raw } = under({
      show: patterns('/url'),
      secret: patterns('/url', '/list/*/url', '/people'),
      secretNames: [{ at: ['tokens'], except: ['known'] }],
    });
    expect(raw(document)).toEqual({
      url: '‹hidden string›',
      list: [{ url: '‹hidden string›', name: 'n' }],
      tokens: { [`‹#${digest('abcdef')}›`]: { used: true }, known: 1 },
      people: '‹hidden object›',
    });
  });

  test('keeps names that objects inherit', () => {
    const value: Json = JSON.parse('{"__proto__": {"constructor": 1}}');
    expect(JSON.stringify(under({}).raw(value))).toBe('{"__proto__":{"constructor":1}}');
  });
});

describe('the secrets of a document', () => {
  test('are all texts at and below secret places, and secret names', () => {
    const { secrets } = under({
      secret: patterns('/url', '/nested'),
      secretNames: [{ at: ['tokens'], except: ['known'] }],
    });
    expect(
      secrets({
        url: 'https://a.example',
        nested: { deep: ['first', { er: 'second' }], number: 12345, name: null },
        tokens: { abcdef: { used: 'no secret' }, known: 'nor this' },
        other: 'public',
      }),
    ).toEqual(['https://a.example', 'first', 'second', 'abcdef']);
  });

  test('are told once, and not when a mask would blot out the log', () => {
    const { secrets } = under({ secret: patterns('') });
    expect(secrets(['abcd', 'abcd', 'abc', ''])).toEqual(['abcd']);
  });

  test('are none where nothing is secret', () => {
    expect(under({ hiddenNames: [{ at: [], except: [] }] }).secrets({ hidden: 'hidden' })).toEqual([]);
  });
});
