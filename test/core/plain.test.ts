import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { code, name, phrase, revealed } from '../../src/core/phrase.ts';
import { clean, cut, plain } from '../../src/core/plain.ts';

describe('foreign text on a line', () => {
  test.each<[string, string, string]>([
    [
      'plain text stays',
      'Désabonnement: 100 % «ok» 緊急 😀 #1 @a [b] ::',
      'Désabonnement: 100 % «ok» 緊急 😀 #1 @a [b] ::',
    ],
    ['a line break', 'a\nb', 'a\\u000ab'],
    ['a carriage return, at which the runner breaks lines', 'a\rb', 'a\\u000db'],
    ['a tab', 'a\tb', 'a\\u0009b'],
    ['an escape sequence', '\u001b[31mred', '\\u001b[31mred'],
    ['the other introducer of escape sequences', '\u009b31m', '\\u009b31m'],
    ['a NUL', '\0', '\\u0000'],
    ['a deletion', '\u007f', '\\u007f'],
    ['separators of lines and paragraphs', '\u2028\u2029', '\\u2028\\u2029'],
    ['a mark that reverses the reading order', 'a\u202eb', 'a\\u202eb'],
    ['an isolate', '\u2066a\u2069', '\\u2066a\\u2069'],
    ['the Arabic letter mark', '\u061ca', '\\u061ca'],
    ['characters without a width', 'a\u200bb\u2060c\ufeff', 'a\\u200bb\\u2060c\\ufeff'],
    ['a soft hyphen', 'a\u00adb', 'a\\u00adb'],
    ['tags, which smuggle text past the eye', '\u{e0041}', '\\udb40\\udc41'],
    ['a legacy command', '##[error]x', '# #[error]x'],
    ['a legacy command in the middle', 'a ##[group]b', 'a # #[group]b'],
    ['more number signs than a command needs', '####[x]', '### #[x]'],
    ['half a surrogate pair', '\ud83d', '\\ud83d'],
  ])('%s', (_fact, text, expected) => {
    expect(clean(text)).toBe(expected);
  });

  test('never holds what a terminal or the runner obeys', () => {
    const nasty = fc.constantFrom('\n', '\r', '\u001b', '#', '[', ':', '\u202e', '\u061c', '\u{e0001}', 'a');
    fc.assert(
      fc.property(fc.array(fc.oneof(nasty, fc.string({ unit: 'binary' }))), (pieces) => {
        const text = clean(pieces.join(''));
        expect(text).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
        expect(text).not.toContain('##[');
        expect(clean(text)).toBe(text);
      }),
    );
  });

  test('is still JSON of the same value when it was JSON, legacy commands aside', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        fc.pre(!text.includes('##['));
        expect(JSON.parse(clean(JSON.stringify(text)))).toBe(text);
      }),
    );
  });
});

test('a phrase is cleaned part by part', () => {
  expect(plain(phrase`a ${code('b')} ${name('c\n')} ${revealed('"\u202e"')}`)).toBe('a b c\\u000a "\\u202e"');
});

test.each([
  ['short', 5, 'short'],
  ['longer', 5, 'long…'],
  ['😀😀😀', 3, '😀😀😀'],
  ['😀😀😀😀', 3, '😀😀…'],
  ['😀'.repeat(9), 5, '😀😀😀😀…'],
])('%s cut to %i characters is %s', (text, length, expected) => {
  expect(cut(text, length)).toBe(expected);
});
