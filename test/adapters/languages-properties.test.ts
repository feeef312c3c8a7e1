import fc from 'fast-check';
import { beforeEach, describe, expect, test } from 'vitest';
import { refaLanguages } from '../../src/adapters/refa/languages.ts';
import type { WordQuery } from '../../src/core/ports.ts';

const numRuns = Number(process.env['FUZZ_RUNS'] ?? 400);

// One each: they keep what they have read.
let languages = refaLanguages();
beforeEach(() => {
  languages = refaLanguages();
});

function ask(query: Partial<WordQuery>, most: number) {
  const all = {
    matching: [],
    notMatching: [],
    minLength: 0,
    maxLength: Number.POSITIVE_INFINITY,
    except: [],
  };
  return languages.words({ ...all, ...query }, most);
}

/** Three characters of each kind that patterns tell apart: so few that all of a class are listed. */
const worlds = {
  'letters and a hyphen': ['a', 'b', '-'],
  'a line break': ['a', '\n', '-'],
  'an astral character': ['a', '😀', '-'],
  'halves of a character': ['a', '\ud83d', '\ude00'],
} as const;

const LONGEST = 5;

/** Every string of the characters; halves that make a character are left to the one that has it. */
function strings(characters: readonly string[]): readonly string[] {
  const found = [['']];
  for (let length = 1; length <= LONGEST; length += 1) {
    found.push((found.at(-1) ?? []).flatMap((text) => characters.map((character) => text + character)));
  }
  return found.flat().filter((text) => Array.from(text).every((character) => characters.includes(character)));
}

function escaped(character: string): string {
  return `\\u{${character.codePointAt(0)?.toString(16)}}`;
}

function patterns(characters: readonly string[]): fc.Arbitrary<string> {
  const own = characters.map(escaped);
  const [first, second] = own;
  const one = fc.constantFrom(
    ...own,
    ...own.map((character) => `[${character}]`),
    ...own.map((character) => `[^${character}]`),
    `[${first}${second}]`,
    ...['.', '[^]', '\\w', '\\W', '\\s', '\\p{L}', '\\P{L}', '[\\ud800-\\udbff]', '\\p{Cs}', '[]'],
  );
  const edge = fc.constantFrom('^', '$', '\\b', '\\B');
  const { pattern } = fc.letrec<{ pattern: string; sequence: string; item: string }>((tie) => ({
    pattern: fc.array(tie('sequence'), { minLength: 1, maxLength: 3 }).map((parts) => parts.join('|')),
    sequence: fc.array(tie('item'), { maxLength: 4 }).map((parts) => parts.join('')),
    item: fc.oneof(
      { maxDepth: 3, depthSize: 'small' },
      { arbitrary: one, weight: 5 },
      { arbitrary: edge, weight: 2 },
      {
        arbitrary: fc
          .tuple(
            fc.oneof(
              one,
              fc.tuple(fc.constantFrom('(', '(?:'), tie('pattern')).map(([a, b]) => `${a}${b})`),
            ),
            fc.constantFrom('', '*', '+', '?', '*?', '{0}', '{2}', '{1,2}', '{0,2}?', '{2,}'),
          )
          .map((parts) => parts.join('')),
        weight: 4,
      },
      {
        arbitrary: fc
          .tuple(fc.constantFrom('(?=', '(?!', '(?=', '(?!', '(?<=', '(?<!'), tie('pattern'))
          .map(([open, inner]) => `${open}${inner})`),
        weight: 2,
      },
    ),
  }));
  return pattern;
}

describe.each(Object.entries(worlds))('in a world of %s', (_name, characters) => {
  const texts = strings(characters);
  const others = `[^${characters.map(escaped).join('')}]`;
  const regular = patterns(characters).filter((pattern) => languages.isRegular(pattern));
  const world = { maxLength: LONGEST, most: texts.length };
  const matched = (pattern: string) => {
    const expression = new RegExp(pattern, 'u');
    return texts.filter((text) => expression.test(text));
  };

  test('what matches is listed, all of it and nothing else, and so is what does not', () => {
    fc.assert(
      fc.property(regular, (pattern) => {
        const matching = matched(pattern);
        const rest = texts.filter((text) => !matching.includes(text));
        const yes = ask({ matching: [pattern], notMatching: [others], maxLength: LONGEST }, world.most);
        const no = ask({ notMatching: [pattern, others], maxLength: LONGEST }, world.most);
        expect([yes?.isAll, no?.isAll]).toEqual([true, true]);
        expect([...(yes?.words ?? [])].sort()).toEqual([...matching].sort());
        expect([...(no?.words ?? [])].sort()).toEqual([...rest].sort());
      }),
      { numRuns },
    );
  });

  test('what two patterns have, and what one of them has alone', () => {
    fc.assert(
      fc.property(regular, regular, fc.nat(LONGEST), (one, other, minLength) => {
        const [ones, theirs] = [matched(one), matched(other)];
        const isLong = (text: string) => Array.from(text).length >= minLength;
        const bounds = { minLength, maxLength: LONGEST };
        const both = ask({ matching: [one, other], notMatching: [others], ...bounds }, world.most);
        const alone = ask({ matching: [one], notMatching: [other, others], ...bounds }, world.most);
        const shared = ones.filter((text) => isLong(text) && theirs.includes(text));
        const own = ones.filter((text) => isLong(text) && !theirs.includes(text));
        expect([both?.isAll, [...(both?.words ?? [])].sort()]).toEqual([true, shared.sort()]);
        expect([alone?.isAll, [...(alone?.words ?? [])].sort()]).toEqual([true, own.sort()]);
      }),
      { numRuns },
    );
  });

  test('of all strings there are, words are right and different, and no claim has a counterexample', () => {
    fc.assert(
      fc.property(regular, regular, fc.nat(4), (one, other, most) => {
        const answer = ask({ matching: [one], notMatching: [other] }, most);
        const [is, isNot] = [new RegExp(one, 'u'), new RegExp(other, 'u')];
        const words = answer?.words ?? [];
        for (const word of words)
          expect([word, is.test(word), isNot.test(word)]).toEqual([word, true, false]);
        expect(new Set(words).size).toBe(words.length);
        const lengths = words.map((word) => Array.from(word).length);
        expect(lengths).toEqual([...lengths].sort((a, b) => a - b));
        const known = texts.filter((text) => is.test(text) && !isNot.test(text));
        if (answer?.isAll) expect(known.filter((text) => !words.includes(text))).toEqual([]);
        if (known.length > 0 && most > 0) expect(words).not.toEqual([]);
      }),
      { numRuns },
    );
  });

  test('exceptions are the only words that are missing', () => {
    fc.assert(
      fc.property(regular, fc.subarray([...texts], { maxLength: 8 }), (pattern, except) => {
        const query = { matching: [pattern], notMatching: [others], maxLength: LONGEST, except };
        const answer = ask(query, world.most);
        const left = matched(pattern).filter((text) => !except.includes(text));
        expect([answer?.isAll, [...(answer?.words ?? [])].sort()]).toEqual([true, left.sort()]);
      }),
      { numRuns },
    );
  });
});
