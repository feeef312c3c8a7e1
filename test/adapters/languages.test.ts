import { describe, expect, test } from 'vitest';
import { refaLanguages } from '../../src/adapters/refa/languages.ts';
import type { WordQuery } from '../../src/core/ports.ts';

const languages = refaLanguages();

function ask(query: Partial<WordQuery>, most = 5) {
  const all = {
    matching: [],
    notMatching: [],
    minLength: 0,
    maxLength: Number.POSITIVE_INFINITY,
    except: [],
  };
  return languages.words({ ...all, ...query }, most);
}

/** A pattern of that string and no other. */
function exactly(text: string): string {
  const codes = Array.from(text, (character) => (character.codePointAt(0) ?? 0).toString(16));
  return `^${codes.map((code) => `(?:\\u{${code}})`).join('')}$`;
}

const none = { words: [], isAll: true };

/** Pattern, strings that it matches, strings that it doesn't. */
const facts: readonly (readonly [fact: string, pattern: string, string[], string[]])[] = [
  ['a pattern is looked for anywhere', 'b', ['b', 'abc', 'bb'], ['', 'a', 'B']],
  ['an empty pattern is everywhere', '', ['', 'a', '\ud800'], []],
  ['^ is the beginning, and no line', '^b', ['b', 'bc'], ['ab', 'a\nb']],
  ['$ is the end, and no line', 'b$', ['b', 'ab'], ['ba', 'b\n']],
  ['^ in the middle can be met by nothing before it', 'a*^b', ['b', 'bb'], ['ab', 'aab']],
  ['^ behind a character is never met', 'a^b', [], ['ab', 'a^b', 'a\nb']],
  ['$ in the middle can be met by nothing after it', 'a$b*', ['a', 'ba'], ['ab', 'abb']],
  ['$ before a character is never met', 'a$b', [], ['ab', 'a$b', 'a\nb']],
  ['^ in one alternative says nothing about the other', '^a|b', ['a', 'ab', 'ccb'], ['ca', 'c']],
  ['^ in a group binds what follows', '(?:^|c)a', ['a', 'ca', 'bca'], ['ba', 'bba']],
  ['^ may be asked for again and again', '(?:^a?)+b', ['b', 'ab', 'bb'], ['aab', 'a']],
  [
    '. is no line terminator',
    '^.$',
    ['a', '\t', '😀', '\u0085', '\ud83d'],
    ['\n', '\r', '\u2028', '\u2029', ''],
  ],
  ['[^] is everything, [] nothing', '^[^]$|^[]', ['\n', 'a', '😀'], ['', 'aa']],
  ['an astral character is one', '^😀{2}$', ['😀😀'], ['😀', '😀\ude00']],
  ['an astral character is one in a class', '^[😀é]$', ['😀', 'é'], ['\ud83d', '\ude00']],
  ['a range of astral characters', '^[\u{1f600}-\u{1f602}]+$', ['😁', '😀😂'], ['\u{1f603}', '\ud83d']],
  ['a lone surrogate is a character', '^\\ud83d', ['\ud83d', '\ud83da', '\ud83d\ud83d'], ['😀', '\ude00']],
  ['a low surrogate is none when it belongs to a pair', '\\ude00', ['\ude00', 'a\ude00'], ['😀', 'a']],
  ['two halves are never found side by side', '(?:\\ud83d)(?:\\ude00)', [], ['😀', '\ude00\ud83d']],
  ['the other way round they are', '\\ude00\\ud83d', ['\ude00\ud83d'], ['😀', '\ude00']],
  ['two escapes make one character', '^\\ud83d\\ude00$', ['😀'], ['\ud83d']],
  ['\\b is between a word and none', '\\ba\\b', ['a', '-a-', 'é a'], ['ab', '_a', 'a1']],
  ['\\b is ASCII', '\\bé', ['aé', '0é'], ['é', '-é']],
  ['\\B is everywhere else', '\\Ba', ['ba', 'b-ba'], ['a', '-a']],
  ['\\B is in a text of nothing, \\b is not', '^\\B$', [''], ['a']],
  [
    '\\w, \\d and \\s',
    '^\\w\\d\\s$',
    ['a0 ', '_9\u00a0', 'Z5\ufeff'],
    ['é0 ', 'a٣ ', 'a0\u180e', 'a0\u200b'],
  ],
  ['\\p of a category', '^\\p{Lu}$', ['A', 'É', '𝐀'], ['a', '1', 'ª', 'ǅ']],
  ['\\P', '^\\P{Lu}$', ['a', '1', '\ud800', '😀'], ['A', '𝐀']],
  ['\\p in a class', '^[\\p{Script=Greek}\\p{Nd}_-]+$', ['α', '٣', '_-'], ['a', '^']],
  ['\\p in a class that is negated', '^[^\\p{L}-]$', ['1', '^'], ['a', '-', 'α']],
  ['nothing in a class, then what would negate it', '^[\\P{Any}^]$', ['^'], ['a', '']],
  ['\\\\p is no property', '^\\\\p$', ['\\p'], ['p', 'a']],
  ['named groups', '^(?<year>\\d)-(?<month>\\d)$', ['1-2'], ['12']],
  ['lazy or not is all the same', '^a+?b*?$', ['a', 'aab'], ['', 'b']],
  ['quantifiers', '^(?:ab?){2,3}$', ['aa', 'aba', 'ababab'], ['ab', 'aaaa', 'abb']],
  ['a quantifier of none', '^a{0}b$', ['b'], ['ab', '']],
  ['an iteration may be empty', '^(?:a*)*(?:|b)+$', ['', 'aa', 'b', 'aabb'], ['ba', 'c']],
  ['a lookahead', '^(?=.b)a?', ['ab', 'bb'], ['a', 'ba', 'b']],
  ['a negative lookahead', '^(?!a)', ['', 'b', 'ba'], ['a', 'ab']],
  ['a lookahead sees further than the match', '^a(?=.*c$)', ['abc', 'ac'], ['a', 'acb']],
  ['a lookahead for the end', 'a(?!.)', ['a', 'ba', 'a\n'], ['ab', 'b']],
  ['lookaheads in lookaheads', '^(?=a(?!b(?=c)))', ['a', 'ab', 'abd'], ['abc', 'b']],
  ['negations of negations', '^(?!(?!a))', ['a', 'ab'], ['', 'b']],
  ['a lookbehind', '(?<=a)b', ['ab', 'cab'], ['b', 'cb', 'a']],
  ['a negative lookbehind', '(?<!a)b', ['b', 'cb', 'abb'], ['ab', 'a']],
  ['a lookbehind sees further than the match', '(?<=^a.*)b', ['ab', 'acb'], ['b', 'cab']],
  ['lookbehinds in lookbehinds', '(?<=(?<!c)a)b', ['ab', 'dab'], ['cab', 'b']],
  ['lookbehinds in lookaheads', '^(?!.*(?<=a)b)', ['', 'a', 'b', 'acb'], ['ab', 'cab']],
  ['a word in a lookahead', '^(?!.*\\bfoo\\b).*$', ['', 'food', 'foo_'], ['foo', 'a foo', 'foo-foo']],
  ['^ in a lookahead', '^(?!^b)a|(?=^c)', ['a', 'ab', 'c'], ['b', 'ba', 'bc']],
  ['^ in a lookahead that comes later', 'a(?=^b|c)', ['ac', 'bac'], ['ab', 'b']],
  ['assertions that are repeated', '^(?:(?=a)|(?=b)b)+c?', ['a', 'b', 'bc'], ['', 'c']],
  ['assertions that need not hold', '^(?:(?=a)){0,2}b(?:(?!c))*', ['b', 'bc'], ['ab', '']],
  ['many assertions at once', '^(?=.*a)(?=.*b)(?!.*ab)..$', ['ba'], ['ab', 'aa', 'bb', 'bac']],
];

describe('as the engine has it:', () => {
  test.each(facts)('%s', (_fact, pattern, matched, others) => {
    expect(languages.isRegular(pattern)).toBe(true);
    const expression = new RegExp(pattern, 'u');
    for (const word of matched) {
      expect([word, expression.test(word)]).toEqual([word, true]);
      expect(ask({ matching: [pattern, exactly(word)] })).toEqual({ words: [word], isAll: true });
      expect([word, ask({ matching: [exactly(word)], notMatching: [pattern] })]).toEqual([word, none]);
    }
    for (const word of others) {
      expect([word, expression.test(word)]).toEqual([word, false]);
      expect([word, ask({ matching: [pattern, exactly(word)] })]).toEqual([word, none]);
      expect(ask({ matching: [exactly(word)], notMatching: [pattern] })).toEqual({
        words: [word],
        isAll: true,
      });
    }
  });
});

describe('a pattern can stand in a query:', () => {
  test.each([
    ['one with groups', '(a)(?<b>b)', true],
    ['one with a reference that is never reached', '(a)(?:\\1){0}', true],
    ['none that refers back', '(a|b)\\1', false],
    ['none that refers back by name', '(?<x>a|b)\\k<x>', false],
    ['none that refers back in an assertion', '(a|b)(?!\\1)', false],
    ['none that refers to what comes later', '\\1(a)', false],
    ['none that looks ahead from behind', '(?<=a(?=b))', false],
    ['none with the end of a word behind', '(?<=\\b)a', false],
    ['none that is not valid', 'a(', false],
    ['none that is valid without the flag only', '\\-', false],
    ['none with an unknown property', '\\p{Nothing}', false],
    ['none of the flag v', '[[a]--b]', false],
    ['none that is larger than can be computed', '(?:a{1,1000}){1,1000}', false],
    ['none that is deeper than can be read', `${'('.repeat(20_000)}${')'.repeat(20_000)}`, false],
  ])('%s', (_fact, pattern, isRegular) => {
    expect(languages.isRegular(pattern)).toBe(isRegular);
    if (!isRegular) {
      expect(ask({ matching: [pattern] })).toBeUndefined();
      expect(ask({ notMatching: [pattern] })).toBeUndefined();
    }
  });
});

describe('lengths', () => {
  test('are those of code points', () => {
    expect(ask({ matching: ['^(?:😀|ab)$'], maxLength: 1 })).toEqual({ words: ['😀'], isAll: true });
    expect(ask({ matching: ['^(?:😀|ab)$'], minLength: 2 })).toEqual({ words: ['ab'], isAll: true });
  });

  test.each([
    [0, 0, ['']],
    [1, 2, ['a', 'b', 'c', 'aa', 'ab']],
    [3, Number.POSITIVE_INFINITY, ['aaa', 'aab', 'aac', 'aba', 'abb']],
    [2, 1, []],
  ])('from %d to %d without a pattern', (minLength, maxLength, words) => {
    expect(ask({ minLength, maxLength })?.words).toEqual(words);
  });

  test('may be large', () => {
    expect(ask({ minLength: 5000, maxLength: 5000 }, 1)?.words).toEqual(['a'.repeat(5000)]);
    const query = { matching: ['^[^]{0,5000}$'], minLength: 5000 };
    expect(ask(query, 1)).toEqual({ words: ['a'.repeat(5000)], isAll: false });
    expect(ask({ ...query, minLength: 5001 })).toEqual(none);
    expect(ask({ ...query, minLength: 1e12 })).toEqual(none);
  });

  test('of which there are none are found', () => {
    expect(ask({ matching: ['^(?:aa)*$'], minLength: 1001, maxLength: 1001 })).toEqual(none);
    expect(ask({ matching: ['^(?:a{7}|b{11})+$'], maxLength: 6 })).toEqual(none);
    expect(ask({ matching: ['^(?:a{7}|b{11})+$'], minLength: 19, maxLength: 20 })).toEqual(none);
  });

  test('that are too large to be written are no proof of anything', () => {
    expect(ask({ minLength: 1e9 })).toBeUndefined();
  });
});

describe('what is no answer', () => {
  test('is left out, and others take its place', () => {
    expect(ask({ matching: ['^.$'], except: ['a', 'b', 'c', 'd', 'x'] }, 2)?.words).toEqual(['e', 'f']);
    expect(ask({ except: [''] }, 1)?.words).toEqual(['a']);
  });

  test('can be all there was', () => {
    expect(ask({ matching: ['^(?:a|b)$'], except: ['a', 'b', 'c'] })).toEqual(none);
    expect(ask({ matching: ['^[\ud83d😀]$'], except: ['😀', '\ud83d'] })).toEqual(none);
  });

  test('is not all there was when more than can be listed would be left', () => {
    const except = Array.from({ length: 300 }, (_, index) => String.fromCodePoint(0x4e00 + index));
    expect(ask({ matching: ['^[一-龥]$'], except })?.isAll).not.toBe(true);
  });
});

describe('all words are', () => {
  test.each([
    ['none', { matching: ['a'], notMatching: ['a'] }, []],
    ['none, by their length', { matching: ['^abc'], maxLength: 2 }, []],
    ['none, by two patterns', { matching: ['^a*$', '^b*$'], minLength: 1 }, []],
    ['the alternatives', { matching: ['^(?:to|be|or|not)$'] }, ['be', 'or', 'to', 'not']],
    ['three characters of a class', { matching: ['^[a-c]$'] }, ['a', 'b', 'c']],
    ['pairs of them', { matching: ['^[ab]{2}$'] }, ['aa', 'ab', 'ba', 'bb']],
    ['what another leaves', { matching: ['^\\d$'], notMatching: ['[02-9]'] }, ['1']],
    ['what the lengths leave', { matching: ['^a*$'], minLength: 2, maxLength: 3 }, ['aa', 'aaa']],
    ['nothing at all', { maxLength: 0 }, ['']],
    [
      'both halves, and never a pair',
      { matching: ['^(?:\\ud83d|\\ude00){2}$'] },
      ['\ud83d\ud83d', '\ude00\ud83d', '\ude00\ude00'],
    ],
  ] as const)('%s', (_fact, query, words) => {
    expect(ask(query)).toEqual({ words, isAll: true });
  });

  test.each([
    ['more than are asked for', { matching: ['^[a-f]$'] }],
    ['more than stand for a class', { matching: ['^[^a]$'] }],
    ['without end', { matching: ['^a*$'] }],
  ])('not listed when there are %s', (_fact, query) => {
    expect(ask(query)?.isAll).toBe(false);
  });

  test('not listed when none is asked for, unless there are none', () => {
    expect(ask({ matching: ['a'] }, 0)).toEqual({ words: [], isAll: false });
    expect(ask({ matching: ['a'], notMatching: ['a'] }, 0)).toEqual(none);
  });
});

describe('words are read with ease:', () => {
  test.each([
    ['the shortest first', { matching: ['^(?:aaa|b)+$'] }, ['b', 'bb', 'aaa']],
    [
      'letters before digits before signs',
      { matching: ['^[ -~]$'], notMatching: ['[b-zA-Z1-9]'] },
      ['a', '0', '-'],
    ],
    ['what can be printed before what cannot', { matching: ['^\\W$'] }, ['-', '.', ' ']],
    [
      'letters of other scripts when there are no others',
      { matching: ['^[^\\x00-\\x7f]$'] },
      ['é', 'α', '中'],
    ],
    ['halves of characters at last', { matching: ['^[\\ud800-\\uffff]$'] }, ['\ue000', '\ue001', '\ue002']],
    ['a date', { matching: ['^\\d{4}-\\d\\d$'] }, ['0000-00', '0000-01', '0000-02']],
  ] as const)('%s', (_fact, query, words) => {
    expect(ask(query, 3)?.words).toEqual(words);
  });
});

test('properties are those of the engine, character by character', () => {
  for (const property of [
    '\\p{L}',
    '\\P{Cn}',
    '\\p{Noncharacter_Code_Point}',
    '\\p{Co}',
    '\\p{Cs}',
    '[^\\p{Nd}]',
  ]) {
    const expression = new RegExp(property, 'u');
    const codes = Array.from({ length: 0x110000 }, (_, code) => code);
    const inside = codes.filter((code) => expression.test(String.fromCodePoint(code)));
    // The set says so itself: nothing that is in it isn't in the ranges, and the other way round.
    const ranges = inside.reduce<[number, number][]>((found, code) => {
      const last = found.at(-1);
      if (last?.[1] === code - 1) last[1] = code;
      else found.push([code, code]);
      return found;
    }, []);
    const listed = `^[${ranges.map(([from, to]) => `\\u{${from.toString(16)}}-\\u{${to.toString(16)}}`).join('')}]$`;
    expect([property, ask({ matching: [`^${property}$`], notMatching: [listed] })]).toEqual([property, none]);
    expect([property, ask({ matching: [listed], notMatching: [`^${property}$`] })]).toEqual([property, none]);
  }
});

describe('an answer, or none, comes soon:', () => {
  const unicode = '^[\\p{Lu}\\p{Lt}]\\p{Ll}*\\P{L}\\p{Script=Greek}\\p{Emoji}(\\p{L}|\\p{N})';
  const letters = Array.from({ length: 16 }, (_, index) => String.fromCharCode(97 + index));
  test.each([
    ['of a state for each way to go on', { matching: ['.*a.{20}$'] }],
    ['of its complement', { matching: ['^b'], notMatching: ['.*a.{20}$'] }],
    ['of a proof that would take as many', { matching: ['^.*a.{20}$'], notMatching: ['.*a.{20}$'] }],
    ['of long repetitions', { matching: ['(a|b|ab)*c{1,1000}', 'x{1,500}y', 'x{5,5000}z'] }],
    ['of repetitions of repetitions', { matching: ['^((a{1,30}){1,30}){1,10}$'], notMatching: ['^a*$'] }],
    ['of exact lengths', { matching: ['^[^]{0,1000}$'], minLength: 200, maxLength: 200 }],
    ['of lengths that nobody writes', { minLength: 1e15 }],
    ['of large alphabets', { matching: [unicode], notMatching: ['^\\p{L}+$', '\\p{Cn}', '\\p{Nd}'] }],
    ['of lookaheads that grow', { matching: ['(?=.*a.{10}$)(?=.*b.{9}$)(?!.*c.{8}$)'] }],
    ['of lookaheads in a loop', { matching: ['^(?:(?=.*a.{9}$).|(?!.*b.{9}$).)*$'], notMatching: ['c'] }],
    ['of many patterns', { matching: letters }],
    ['of what takes an engine for ever', { matching: ['^[ab]*$'], notMatching: ['^(a+)+$'], minLength: 40 }],
  ])('%s', (_fact, query) => {
    const fresh = refaLanguages();
    const all = {
      matching: [],
      notMatching: [],
      minLength: 0,
      maxLength: Number.POSITIVE_INFINITY,
      except: [],
    };
    // The second time some of the states are known already, so that more of them are met.
    for (let time = 0; time < 2; time += 1) {
      const start = performance.now();
      fresh.words({ ...all, ...query }, 5);
      // Some tens of milliseconds; what is other than bounded would take hours.
      expect(performance.now() - start).toBeLessThan(2000);
    }
  });
});

test('what is found before the work is used up is right, and not called all', () => {
  const answer = ask({ matching: ['(?=.*a.{20}$)|^b'] });
  expect(answer).toEqual({ words: ['b', 'ba', 'bb', 'bc', 'bd'], isAll: false });
});
