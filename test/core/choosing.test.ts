import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type ChoiceOptions, choose } from '../../src/core/choosing.ts';
import { difference } from '../../src/core/difference.ts';
import { placeOfDifference } from '../../src/core/divergence.ts';
import { at, isObject, type Json, type JsonObject, sameJson } from '../../src/core/json.ts';
import { coveredByAny, type Pattern } from '../../src/core/pointer.ts';
import { edited, edits, ROUTING, routing } from '../support/edits.ts';

const RUNS = Number(process.env['FUZZ_RUNS'] ?? 500);
const PLAIN: ChoiceOptions = { ignore: [], identity: [] };

describe('telling examples', () => {
  const rule = (id: number, on = true) => ({ id, on });

  test.each<{
    fact: string;
    ours: Json;
    wanted: Json;
    options?: Partial<ChoiceOptions>;
    expected: Json;
  }>([
    {
      fact: 'without a choice everything becomes as wanted',
      ours: { model: 'a', old: 1, limits: { day: 1 } },
      wanted: { limits: { day: 2 }, model: 'b', new: 3 },
      expected: { model: 'b', limits: { day: 2 }, new: 3 },
    },
    {
      fact: 'an empty choice chooses nothing',
      ours: { model: 'a', old: 1, words: ['a'] },
      wanted: { model: 'b', words: ['b', 'c'] },
      options: { only: [] },
      expected: { model: 'a', old: 1, words: ['a'] },
    },
    {
      fact: 'a chosen change is adopted alone',
      ours: { model: 'a', limits: { day: 1, hour: 1 } },
      wanted: { model: 'b', limits: { day: 2, hour: 2 } },
      options: { only: [['limits', 'day']] },
      expected: { model: 'a', limits: { day: 2, hour: 1 } },
    },
    {
      fact: 'a chosen object is adopted with all that is in it',
      ours: { model: 'a', limits: { day: 1, old: 1 } },
      wanted: { model: 'b', limits: { day: 2, new: 2 } },
      options: { only: [['limits']] },
      expected: { model: 'a', limits: { day: 2, new: 2 } },
    },
    {
      fact: 'chosen additions and removals are adopted alone',
      ours: { a: 1, b: 2 },
      wanted: { c: 3, d: 4 },
      options: { only: [['b'], ['d']] },
      expected: { a: 1, d: 4 },
    },
    {
      fact: 'the whole document can be chosen',
      ours: 1,
      wanted: { a: 1 },
      options: { only: [[]] },
      expected: { a: 1 },
    },
    {
      fact: 'a choice can stand for many members',
      ours: { queues: { a: { on: true, n: 1 }, b: { on: true, n: 1 } } },
      wanted: { queues: { a: { on: false, n: 2 }, b: { on: false, n: 2 } } },
      options: { only: [['queues', '*', 'on']] },
      expected: { queues: { a: { on: false, n: 1 }, b: { on: false, n: 1 } } },
    },
    {
      fact: 'of an added object a chosen part comes in an object of its own',
      ours: {},
      wanted: { a: { b: { c: 1, d: 2 }, e: 3 } },
      options: { only: [['a', 'b', 'c']] },
      expected: { a: { b: { c: 1 } } },
    },
    {
      fact: 'an added object in which nothing is chosen is not added',
      ours: {},
      wanted: { a: { b: 1 }, list: [{ c: 2 }] },
      options: {
        only: [
          ['a', 'c'],
          ['list', '0', 'c'],
        ],
      },
      expected: {},
    },
    {
      fact: 'a removal or a change of type is not split',
      ours: { a: { b: 1, c: 2 }, d: { e: 1 } },
      wanted: { d: [1] },
      options: {
        only: [
          ['a', 'b'],
          ['d', 'e'],
          ['d', '0'],
        ],
      },
      expected: { a: { b: 1, c: 2 }, d: { e: 1 } },
    },
    {
      fact: 'what is ignored stays ours, or absent',
      ours: { _updated_at: 1, n: 1 },
      wanted: { _saved_by: 'x', n: 2 },
      options: { ignore: [['_updated_at'], ['_saved_by']] },
      expected: { _updated_at: 1, n: 2 },
    },
    {
      fact: 'what is ignored stays ours even if it is chosen',
      ours: { stamp: 1 },
      wanted: { stamp: 2 },
      options: { ignore: [['stamp']], only: [['stamp']] },
      expected: { stamp: 1 },
    },
    {
      fact: 'what is added as a whole comes with what is ignored elsewhere',
      ours: { rules: [{ id: 1, stamp: 1 }] },
      wanted: {
        rules: [
          { id: 1, stamp: 2 },
          { id: 2, stamp: 3 },
        ],
      },
      options: { ...ROUTING, ignore: [['rules', '*', 'stamp']] },
      expected: {
        rules: [
          { id: 1, stamp: 1 },
          { id: 2, stamp: 3 },
        ],
      },
    },
    {
      fact: 'rules come into the wanted order, each with its own ignored member',
      ours: { rules: [{ id: 1, stamp: 1 }, { id: 2, stamp: 2 }, rule(3)] },
      wanted: { rules: [rule(4), { id: 2, stamp: 0 }, { id: 1, to: 'a' }] },
      options: { ...ROUTING, ignore: [['rules', '*', 'stamp']] },
      expected: {
        rules: [rule(4), { id: 2, stamp: 2 }, { id: 1, stamp: 1, to: 'a' }],
      },
    },
    {
      fact: 'a list whose items are ignored stays ours',
      ours: { seen: [1, 2, 3] },
      wanted: { seen: [3, 4] },
      options: { ignore: [['seen', '*']] },
      expected: { seen: [1, 2, 3] },
    },
    {
      fact: 'a chosen rule is added behind its predecessor',
      ours: { rules: [rule(1), rule(2), rule(3)] },
      wanted: { rules: [rule(8), rule(1, false), rule(9), rule(3)] },
      options: { ...ROUTING, only: [['rules', '2']] },
      expected: { rules: [rule(1), rule(9), rule(2), rule(3)] },
    },
    {
      fact: 'a rule is removed by its place in ours',
      ours: { rules: [rule(1), rule(2), rule(3)] },
      wanted: { rules: [rule(9), rule(3, false)] },
      options: { ...ROUTING, only: [['rules', '1']] },
      expected: { rules: [rule(1), rule(3, false)] },
    },
    {
      fact: 'a rule whose predecessor was not chosen is added behind the one before that',
      ours: { rules: [rule(1), rule(2)] },
      wanted: { rules: [rule(1), rule(8), rule(9), rule(2)] },
      options: { ...ROUTING, only: [['rules', '2']] },
      expected: { rules: [rule(1), rule(9), rule(2)] },
    },
    {
      fact: 'a rule without a predecessor is added at the front',
      ours: { rules: [rule(1)] },
      wanted: { rules: [rule(8), rule(9), rule(1)] },
      options: { ...ROUTING, only: [['rules', '1']] },
      expected: { rules: [rule(9), rule(1)] },
    },
    {
      fact: 'a chosen move is adopted, others are not',
      ours: { rules: [rule(1), rule(2), rule(3), rule(4), rule(5)] },
      wanted: { rules: [rule(5), rule(2), rule(3), rule(4), rule(1)] },
      options: { ...ROUTING, only: [['rules', '0']] },
      expected: { rules: [rule(5), rule(1), rule(2), rule(3), rule(4)] },
    },
    {
      fact: 'a member of a rule that others pushed down is chosen by its wanted place',
      ours: { rules: [rule(1)] },
      wanted: { rules: [rule(9), rule(1, false)] },
      options: { ...ROUTING, only: [['rules', '1', 'on']] },
      expected: { rules: [rule(1, false)] },
    },
    {
      fact: 'of keywords a chosen one is added where it belongs',
      ours: ['urgent', 'refund', 'price'],
      wanted: ['urgent', 'asap', 'refund', 'price', 'cost'],
      options: { only: [['1']] },
      expected: ['urgent', 'asap', 'refund', 'price'],
    },
    {
      fact: 'names that objects inherit are names like any other',
      ours: JSON.parse('{"constructor": 1}'),
      wanted: JSON.parse('{"__proto__": {"a": {"b": 1}, "c": 2}, "constructor": 2}'),
      options: { only: [['__proto__', 'a']] },
      expected: JSON.parse('{"constructor": 1, "__proto__": {"a": {"b": 1}}}'),
    },
  ])('$fact', ({ ours, wanted, options, expected }) => {
    const chosen = choose(ours, wanted, { ...PLAIN, ...options });
    expect(JSON.stringify(chosen)).toBe(JSON.stringify(expected));
  });
});

describe.each([
  { name: 'rules known by id', options: ROUTING },
  { name: 'rules not known by id', options: PLAIN },
])('of any two documents, $name', ({ options }) => {
  const edits2 = fc.tuple(routing(), edits()).map(([ours, list]) => [ours, edited(ours, list)] as const);
  const two = fc.oneof(edits2, fc.tuple(routing(), routing()));
  const ignore: readonly Pattern[] = [
    ['settings', 'a'],
    ['settings', '*', 'b'],
    ['rules', '*', 'on'],
    ['rules', '*', 'to', 'a'],
  ];
  const holds = (claim: (ours: JsonObject, wanted: JsonObject) => void) =>
    fc.assert(
      fc.property(two, ([ours, wanted]) => {
        claim(ours, wanted);
      }),
      { numRuns: RUNS },
    );

  test('without a choice ours becomes as wanted, and so it does when everything is chosen', () => {
    holds((ours, wanted) => {
      expect(sameJson(choose(ours, wanted, options), wanted)).toBe(true);
      expect(sameJson(choose(ours, wanted, { ...options, only: [[]] }), wanted)).toBe(true);
      expect(sameJson(choose(ours, wanted, { ...options, only: [['*']] }), wanted)).toBe(true);
    });
  });

  test('an empty choice leaves ours as it is', () => {
    holds((ours, wanted) => {
      const chosen = choose(ours, wanted, { ...options, only: [] });
      expect(JSON.stringify(chosen)).toBe(JSON.stringify(ours));
    });
  });

  test('nothing but what is ignored differs afterwards, and that is as it was', () => {
    holds((ours, wanted) => {
      const chosen = choose(ours, wanted, { ...options, ignore });
      expect(difference(chosen, wanted, { ...options, ignore })).toEqual([]);
      for (const place of [
        ['settings', 'a'],
        ...['a', 'b', '__proto__'].map((name) => ['settings', name, 'b']),
      ]) {
        const holder = place.slice(0, -1);
        if (![ours, wanted].every((side) => isObject(at(side, holder) ?? null))) continue;
        expect(at(chosen, place)).toEqual(at(ours, place));
      }
    });
  });

  test('doing it again changes nothing', () => {
    holds((ours, wanted) => {
      for (const only of [undefined, [['settings', 'a']], [['rules', '*', 'on']], [['words']]]) {
        const all = { ...options, ignore, ...(only && { only }) };
        const once = choose(ours, wanted, all);
        expect(sameJson(choose(once, wanted, all), once)).toBe(true);
      }
    });
  });

  test('members keep their order, new ones follow in the wanted order', () => {
    holds((ours, wanted) => {
      const [was, is] = [ours, wanted].map((side) => {
        const settings = at(side, ['settings']) as Json;
        return typeof settings === 'object' && settings !== null ? Object.keys(settings) : undefined;
      });
      if (was === undefined || is === undefined) return;
      const expected = [
        ...was.filter((name) => is.includes(name)),
        ...is.filter((name) => !was.includes(name)),
      ];
      expect(Object.keys(at(choose(ours, wanted, options), ['settings']) as object)).toEqual(expected);
    });
  });

  test('each difference outside of arrays can be adopted alone', () => {
    holds((ours, wanted) => {
      const found = difference(ours, wanted, options).filter(({ before, after }) =>
        [...before, ...after].every((token) => !/^\d+$/.test(token)),
      );
      for (const one of found) {
        const place = placeOfDifference(one);
        const chosen = choose(ours, wanted, { ...options, only: [place] });
        expect(difference(ours, chosen, options)).toEqual([one]);
      }
    });
  });

  test('what is not chosen stays as it was', () => {
    holds((ours, wanted) => {
      for (const only of [[['rules']], [['settings', 'a']], [['words']]]) {
        for (const one of difference(ours, choose(ours, wanted, { ...options, only }), options)) {
          // A new object that holds what was chosen is part of the way there.
          const place = placeOfDifference(one);
          expect(coveredByAny(only, place) || coveredByAny([place], only[0] as Pattern)).toBe(true);
        }
      }
    });
  });

  test('the documents are left as they were', () => {
    holds((ours, wanted) => {
      const before = JSON.stringify([ours, wanted]);
      choose(ours, wanted, { ...options, ignore });
      expect(JSON.stringify([ours, wanted])).toBe(before);
    });
  });
});

describe('each difference of rules known by id', () => {
  const two = fc.tuple(routing(), edits()).map(([ours, list]) => [ours, edited(ours, list)] as const);

  test('that is an addition or a removal can be adopted alone', () => {
    fc.assert(
      fc.property(two, ([ours, wanted]) => {
        for (const one of difference(ours, wanted, ROUTING)) {
          if (one.kind !== 'added' && one.kind !== 'removed') continue;
          const place = placeOfDifference(one);
          if (place[0] !== 'rules' || place.length !== 2) continue;
          const chosen = choose(ours, wanted, { ...ROUTING, only: [place] });
          const adopted = difference(ours, chosen, ROUTING).filter(({ kind }) => kind === one.kind);
          expect(adopted).toMatchObject([{ kind: one.kind, value: one.value }]);
        }
      }),
      { numRuns: RUNS },
    );
  });
});

test('512 levels of arrays in arrays are brought over', () => {
  const nested = (levels: number, value: Json): Json =>
    levels === 0 ? value : [0, nested(levels - 1, value), 1];
  expect(choose(nested(512, 'ours'), nested(512, 'wanted'), PLAIN)).toEqual(nested(512, 'wanted'));
});

test('thousands of rules are brought over', () => {
  const rules = Array.from({ length: 5_000 }, (_, id) => ({ id, to: 'a' }));
  const wanted = rules.toReversed().map(({ id }) => ({ id, to: 'b' }));
  expect(choose({ rules }, { rules: wanted }, ROUTING)).toEqual({ rules: wanted });
});
