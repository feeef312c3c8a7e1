import { describe, expect, test } from 'vitest';
import { isPythonRegex } from '../../../src/adapters/ajv/python-regex.ts';

/** What the rows expect was asked of Python 3.11's `re.compile`, and where that refuses, of RE2. */

describe('a pattern passes that', () => {
  test.each([
    ['is empty', ''],
    ['is plain text', 'invoice'],
    ['has a global flag', '(?i)foo'],
    ['has several global flags', '(?ims)foo'],
    ['has global flags one after another', '(?i)(?m)(?=foo)'],
    ['has flags for a group', '(?i:foo)(?s-i:bar)'],
    ['names a group and refers to it', '(?P<n>x)(?P=n)'],
    ['refers to a group by its number', '(a)(b)\\2'],
    ['has a number in octal', '\\0\\07\\101'],
    ['looks ahead', 'a(?=b)(?!c)'],
    ['looks behind', '(?<=a)(?<!b)c'],
    ['has a possessive quantifier', 'a++b*+c?+d{2}+'],
    ['quantifies a plus', '\\++'],
    ['has an atomic group', '(?>ab)'],
    ['has a comment', 'a(?#c)b'],
    ['has a condition on a group', '(a)?b(?(1)c|d)'],
    ['repeats more often than RE2 allows', 'x{2000}'],
    ['repeats without a lower bound', 'a{,5}'],
    ['has braces that quantify nothing', 'a{b}{'],
    ['begins and ends where the text does', '\\Afoo\\Z'],
    ['has escapes of characters', '\\x41\\u0041\\U0001F600'],
    ['names a character', '\\N{LATIN SMALL LETTER A}'],
    ['escapes what need not be', '\\-\\ \\é\\_\\@'],
    ['has a bracket first in a class', '[]a][^]a]'],
    ['has a class that holds a backslash', '[\\\\\\]]'],
    ['has a nested quantifier, whose cost is only met when it runs', '(a+)+$'],
    ['has what looks like a POSIX class', '[[:alpha:]]'],
    ['is as long as patterns may be', 'a'.repeat(1000)],
  ])('%s', (_fact, pattern) => {
    expect(isPythonRegex(pattern)).toBe(true);
  });

  test.each([
    ['a general category', '\\pN\\p{L}'],
    ['a script', '\\p{Greek}'],
    ['quoted text', '\\Q..\\E'],
    ['the ungreedy flag', '(?U)a+'],
    ['a flag in the middle', 'foo(?i)bar'],
    ['the end of the text in lower case', 'foo\\z'],
    ['a group named by a digit', '(?P<1>a)'],
    ['a code point in braces', '\\x{41}'],
  ])('RE2 compiles though Python does not: %s', (_fact, pattern) => {
    expect(isPythonRegex(pattern)).toBe(true);
  });
});

describe('a pattern is refused that', () => {
  test.each([
    ['repeats at least more than at most', 'a{2,1}'],
    ['opens a group that it does not close', '(unclosed'],
    ['closes a group that it did not open', 'unopened)'],
    ['opens a class that it does not close', '[a'],
    ['has a range that runs backwards', '[z-a]'],
    ['repeats nothing', '*a'],
    ['repeats a repetition', 'a**'],
    ['escapes a letter that has no meaning', '\\q'],
    ['escapes such a letter behind an escaped backslash', '\\\\\\q'],
    ['escapes nothing', 'a\\'],
    ['has half a code', '\\x4'],
    ['has half a code of four digits', '\\u12'],
    ['has half a code of eight digits', '\\U0001F6'],
    ['names no character', '\\N'],
    ['refers to a group by a number that there is not', '(a)\\2'],
    ['refers to a group where there is none', '\\1'],
    ['has a condition on a group that there is not', '(?(1)a|b)'],
    ['refers to a name that there is not', '(?P<a>x)(?P=b)'],
    ['refers to a name where there is none', '(?P=n)'],
    ['has a flag for bytes', '(?L)a'],
    ['has a global flag behind a look-ahead', '(?=a)(?i)b'],
    ['names two groups alike', '(?P<n>a)(?P<n>b)'],
    ['begins a group that Python does not know', '(?|a|b)'],
    ['calls itself', '(?R)'],
    ['is longer than patterns may be', 'a'.repeat(1001)],
  ])('%s', (_fact, pattern) => {
    expect(isPythonRegex(pattern)).toBe(false);
  });
});

describe('a pattern is let through, though neither compiles it, that', () => {
  test.each([
    ['looks behind at a variable width', '(?<=a+)b'],
    ['names two groups of one alternative each alike', '(?P<n>a)|(?P<n>b)'],
    ['repeats a lazy repetition', 'a*?+'],
    ['names a character that there is not', '\\N{DASH}'],
    ['is a class of nothing', '[]'],
  ])('%s', (_fact, pattern) => {
    expect(isPythonRegex(pattern)).toBe(true);
  });
});

describe('no pattern takes long:', () => {
  test.each([
    ['openings of groups', '('],
    ['openings of comments', '(?#'],
    ['openings of flags', '(?imsx'],
    ['openings of references', '(?P='],
    ['backslashes', '\\\\'],
    ['nested repetitions', '(x{1000})'],
    ['alternatives', 'a|'],
    ['openings of classes', '['],
  ])('%s, as many as fit and a million', (_fact, piece) => {
    const began = performance.now();
    isPythonRegex(piece.repeat(Math.floor(1000 / piece.length)));
    isPythonRegex(piece.repeat(1_000_000));
    isPythonRegex(`${'('.repeat(90)}x${'){1000}'.repeat(90)}`);
    expect(performance.now() - began).toBeLessThan(1000);
  });
});
