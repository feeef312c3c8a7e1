import { describe, expect, test } from 'vitest';
import type { Json } from '../../src/core/json.ts';
import {
  code,
  concealed,
  count,
  joined,
  type Known,
  name,
  type Part,
  type Phrase,
  phrase,
  revealed,
  spell,
  vouch,
} from '../../src/core/phrase.ts';
import { plain } from '../../src/core/plain.ts';
import { redactor } from '../../src/core/redaction.ts';

/** Each kind of part in brackets of its own. */
function marked(said: Phrase): string {
  return spell(said, {
    text: (text) => text,
    code: (text) => `<${text}>`,
    name: (text) => `{${text}}`,
    value: (text) => `[${text}]`,
  });
}

describe('a phrase', () => {
  test('keeps what is ours apart from what is foreign', () => {
    const said = phrase`the key ${name('a:b')} has ${revealed('1')}, not ${code('2')}; ${count(3, 'time')}`;
    expect(marked(said)).toBe('the key {a:b} has [1], not <2>; 3 times');
  });

  test('holds phrases as if they were written out', () => {
    const inner = phrase`${code('a')} and ${code('b')}`;
    expect(phrase`either ${inner}, or none`).toEqual(phrase`either ${code('a')} and ${code('b')}, or none`);
    expect(phrase`${inner}`).toEqual(inner);
  });

  test('may be empty, and holds no empty text', () => {
    expect(phrase``).toEqual([]);
    expect(phrase`${count(1)}${count(2)}`).toHaveLength(2);
  });

  test('is data: it survives JSON', () => {
    const said = phrase`a ${code('b')} ${concealed('string', '00000000', 3)}`;
    expect(JSON.parse(JSON.stringify(said))).toEqual(said);
  });
});

describe('parts in a row', () => {
  test.each<[string, readonly (Part | Phrase)[], string]>([
    ['none', [], ''],
    ['one', [code('a')], '<a>'],
    ['three', [code('a'), phrase`${name('b')}!`, code('c')], '<a> or {b}! or <c>'],
  ])('%s', (_fact, parts, expected) => {
    expect(marked(joined(parts, ' or '))).toBe(expected);
  });
});

describe('a count', () => {
  test.each<[Part, string]>([
    [count(7), '7'],
    [count(0, 'item'), '0 items'],
    [count(1, 'item'), '1 item'],
    [count(2, 'item'), '2 items'],
    [count(1, 'property', 'properties'), '1 property'],
    [count(2, 'property', 'properties'), '2 properties'],
  ])('%o', (part, expected) => {
    expect(marked(phrase`${part}`)).toBe(expected);
  });
});

describe('what is hidden is described by', () => {
  test.each<[Part, string]>([
    [concealed('string', 'a1b2c3d4', 1), '‹hidden string, 1 character, #a1b2c3d4›'],
    [concealed('string', 'a1b2c3d4', 40), '‹hidden string, 40 characters, #a1b2c3d4›'],
    [concealed('array', 'a1b2c3d4', 2), '‹hidden array, 2 items, #a1b2c3d4›'],
    [concealed('object', 'a1b2c3d4', 1), '‹hidden object, 1 member, #a1b2c3d4›'],
    [concealed('number', 'a1b2c3d4'), '‹hidden number, #a1b2c3d4›'],
    [concealed('null', 'a1b2c3d4'), '‹hidden null, #a1b2c3d4›'],
    [concealed('string', 'a1b2c3d4', 0), '‹empty string›'],
    [concealed('array', 'a1b2c3d4', 0), '‹empty array›'],
  ])('%o', (part, expected) => {
    expect(plain(phrase`${part}`)).toBe(expected);
  });
});

test('the door for each kind of text is held by the compiler', () => {
  expect(compiles).toBeTypeOf('function');
});

/** Never called: each line compiles, or doesn't, and `tsc` sees to both. */
function compiles(secret: string, value: Json, known: Known, either: 'a' | 'b'): readonly unknown[] {
  const veil = redactor(
    { show: [], showWords: [], showText: [], secret: [], hiddenNames: [], secretNames: [] },
    (text) => text,
  );
  return [
    phrase`${code('a literal')} ${code(either)} ${code(known)} ${code(vouch(secret))}`,
    phrase`${name(secret)} ${count(1)} ${veil.value([], value)} ${phrase`nested`}`,
    code(`literal ${either}`),

    // @ts-expect-error: a bare string has no place in a phrase
    phrase`${secret}`,
    // @ts-expect-error: nor has a literal, which would not say what font it is in
    phrase`${'literal'}`,
    // @ts-expect-error: nor has a value
    phrase`${value}`,
    // @ts-expect-error: nor has a number
    phrase`${1}`,
    // @ts-expect-error: nor has a part that somebody else made
    phrase`${{ kind: 'text', text: secret }}`,
    // @ts-expect-error: nor has a list of parts that was not made by the template
    phrase`${[code('a')]}`,

    // @ts-expect-error: text of unknown origin is no code
    code(secret),
    // @ts-expect-error: not even inside of a template
    code(`the password is ${secret}`),
    // @ts-expect-error: nor behind a prefix
    code(secret as `redis://${string}`),
    // @ts-expect-error: nor in capitals
    code(secret as Uppercase<string>),
    // @ts-expect-error: nor as one of several
    code(secret as 'a' | `b${string}`),
    // @ts-expect-error: known text loses its origin when it is put together
    code(`${known}!`),
    // @ts-expect-error: nor is a value that happens to be a string
    typeof value === 'string' ? code(value) : undefined,

    // @ts-expect-error: text of unknown origin is not known because somebody says so
    secret satisfies Known,
    // @ts-expect-error: a part is not made of an object
    { kind: 'code', text: 'a' } satisfies Part,
    // @ts-expect-error: separators are ours
    joined([code('a')], secret),
  ];
}
