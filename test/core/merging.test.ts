import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type DifferenceOptions, difference } from '../../src/core/difference.ts';
import { placeOfDifference } from '../../src/core/divergence.ts';
import { at, isObject, type Json, type JsonObject, sameJson } from '../../src/core/json.ts';
import { type Conflict, merge } from '../../src/core/merging.ts';
import { coveredByAny, covers, type Pointer, parsePointer } from '../../src/core/pointer.ts';
import { type Edits, edited, edits, ROUTING, routing } from '../support/edits.ts';

const RUNS = Number(process.env['FUZZ_RUNS'] ?? 500);
const PLAIN: DifferenceOptions = { ignore: [], identity: [] };

/** A document and what two sides made of it, which may be something else altogether. */
const three: fc.Arbitrary<readonly [Json, Json, Json]> = fc.oneof(
  { weight: 3, arbitrary: fc.tuple(routing(), edits(), edits()).map(withEdits) },
  { weight: 1, arbitrary: fc.tuple(routing(), routing(), routing()) },
);

describe('telling examples', () => {
  const rule = (id: number, on = true) => ({ id, on });

  test.each<{
    fact: string;
    base: Json;
    ours: Json;
    theirs: Json;
    options?: Partial<DifferenceOptions>;
    expected: Json;
    conflicts?: readonly Conflict[];
  }>([
    {
      fact: 'changes of different members come together',
      base: { model: 'a', timeout: 5 },
      ours: { model: 'b', timeout: 5 },
      theirs: { model: 'a', timeout: 9 },
      expected: { model: 'b', timeout: 9 },
    },
    {
      fact: 'changes deep inside come together',
      base: { limits: { day: 1, hour: 1 }, on: true },
      ours: { limits: { day: 2, hour: 1 }, on: true },
      theirs: { limits: { day: 1, hour: 2 }, on: true },
      expected: { limits: { day: 2, hour: 2 }, on: true },
    },
    {
      fact: 'additions and removals of different members come together',
      base: { a: 1, b: 2 },
      ours: { b: 2, c: 3 },
      theirs: { a: 1, d: 4 },
      expected: { c: 3, d: 4 },
    },
    {
      fact: 'the same change on both sides is one',
      base: { a: 1, b: 1, gone: 1 },
      ours: { a: 2, b: 1, new: 1 },
      theirs: { a: 2, b: 2, new: 1 },
      expected: { a: 2, b: 2, new: 1 },
    },
    {
      fact: 'a member that each side changed in its own way is a conflict, ours stays',
      base: { a: 1, b: 1 },
      ours: { a: 2, b: 1 },
      theirs: { a: 3, b: 2 },
      expected: { a: 2, b: 2 },
      conflicts: [conflict('changed', '/a')],
    },
    {
      fact: 'a member that each side gave another type is a conflict',
      base: { a: 1 },
      ours: { a: { b: 1 } },
      theirs: { a: [1] },
      expected: { a: { b: 1 } },
      conflicts: [conflict('changed', '/a')],
    },
    {
      fact: 'a member that ours removed and theirs changed stays removed, as a conflict',
      base: { a: { b: 1 } },
      ours: {},
      theirs: { a: { b: 2 } },
      expected: {},
      conflicts: [conflict('removed', '/a')],
    },
    {
      fact: 'a member that theirs removed and ours changed stays changed, as a conflict',
      base: { a: { b: 1 } },
      ours: { a: { b: 2 } },
      theirs: {},
      expected: { a: { b: 2 } },
      conflicts: [conflict('removed', '/a')],
    },
    {
      fact: 'a member that each side added in its own way is a conflict',
      base: {},
      ours: { a: { b: 1 } },
      theirs: { a: { c: 2 } },
      expected: { a: { b: 1 } },
      conflicts: [conflict('added', '/a')],
    },
    {
      fact: 'a whole document can be a conflict',
      base: 1,
      ours: 2,
      theirs: 3,
      expected: 2,
      conflicts: [conflict('changed', '')],
    },
    {
      fact: 'names that objects inherit are names like any other',
      base: JSON.parse('{"__proto__": 1, "constructor": 2}'),
      ours: JSON.parse('{"__proto__": 1, "constructor": 3}'),
      theirs: JSON.parse('{"__proto__": {"toString": 4}, "constructor": 2, "hasOwnProperty": 5}'),
      expected: JSON.parse('{"__proto__": {"toString": 4}, "constructor": 3, "hasOwnProperty": 5}'),
    },
    {
      fact: 'keywords added at different places come together',
      base: ['urgent', 'refund', 'price'],
      ours: ['urgent', 'asap', 'refund', 'price'],
      theirs: ['urgent', 'refund', 'price', 'cost'],
      expected: ['urgent', 'asap', 'refund', 'price', 'cost'],
    },
    {
      fact: 'a keyword removed and another added come together',
      base: ['urgent', 'refund', 'price'],
      ours: ['urgent', 'price'],
      theirs: ['urgent', 'refund', 'price', 'cost'],
      expected: ['urgent', 'price', 'cost'],
    },
    {
      fact: 'a keyword respelled and another removed come together',
      base: ['urgent', 'refnud', 'price', 'cost'],
      ours: ['urgent', 'refund', 'price', 'cost'],
      theirs: ['urgent', 'refnud', 'price'],
      expected: ['urgent', 'refund', 'price'],
    },
    {
      fact: 'the same keyword added by both at the same place stands there once',
      base: ['urgent', 'price'],
      ours: ['urgent', 'asap', 'price'],
      theirs: ['urgent', 'asap', 'price', 'cost'],
      expected: ['urgent', 'asap', 'price', 'cost'],
    },
    {
      fact: 'the same keyword added by both at different places is a conflict, not there twice',
      base: ['urgent', 'price'],
      ours: ['asap', 'urgent', 'price'],
      theirs: ['urgent', 'price', 'asap'],
      expected: ['asap', 'urgent', 'price'],
      conflicts: [conflict('order', '')],
    },
    {
      fact: 'a keyword that one side added and the other made of another is a conflict, not there twice',
      base: ['refnud', 'price'],
      ours: ['refund', 'price'],
      theirs: ['refnud', 'price', 'refund'],
      expected: ['refund', 'price'],
      conflicts: [conflict('order', '')],
    },
    {
      fact: 'a keyword that one side removed and the other moved is a conflict',
      base: ['urgent', 'price', 'cost'],
      ours: ['price', 'cost'],
      theirs: ['price', 'cost', 'urgent'],
      expected: ['price', 'cost'],
      conflicts: [conflict('order', '')],
    },
    {
      fact: 'different keywords added at the same place are a conflict, and the list stays ours',
      base: { words: ['urgent'], n: 1 },
      ours: { words: ['urgent', 'asap'], n: 1 },
      theirs: { words: ['now', 'urgent', 'soon'], n: 2 },
      expected: { words: ['urgent', 'asap'], n: 2 },
      conflicts: [conflict('order', '/words')],
    },
    {
      fact: 'a keyword that each side respelled in its own way is a conflict at that keyword',
      base: ['urgent', 'refnud'],
      ours: ['urgent', 'refund'],
      theirs: ['asap', 'urgent', 'REFUND'],
      expected: ['asap', 'urgent', 'refund'],
      conflicts: [conflict('changed', '/1', '/2')],
    },
    {
      fact: 'a keyword that one side respelled and the other removed is a conflict of the list',
      base: ['urgent', 'refnud', 'price'],
      ours: ['urgent', 'refund', 'price'],
      theirs: ['urgent', 'price'],
      expected: ['urgent', 'refund', 'price'],
      conflicts: [conflict('removed', '')],
    },
    {
      fact: 'changes of different rules come together',
      base: { rules: [rule(1), rule(2)] },
      ours: { rules: [rule(1, false), rule(2)] },
      theirs: { rules: [rule(1), rule(2, false)] },
      options: ROUTING,
      expected: { rules: [rule(1, false), rule(2, false)] },
    },
    {
      fact: 'a rule changed on one side and moved on the other is both',
      base: { rules: [rule(1), rule(2), rule(3)] },
      ours: { rules: [rule(1, false), rule(2), rule(3)] },
      theirs: { rules: [rule(2), rule(3), rule(1)] },
      options: ROUTING,
      expected: { rules: [rule(2), rule(3), rule(1, false)] },
    },
    {
      fact: 'a rule added at the front and one removed from the end come together',
      base: { rules: [rule(1), rule(2), rule(3)] },
      ours: { rules: [rule(9), rule(1), rule(2), rule(3)] },
      theirs: { rules: [rule(1), rule(2)] },
      options: ROUTING,
      expected: { rules: [rule(9), rule(1), rule(2)] },
    },
    {
      fact: 'a rule added behind one that the other side removed stays where it was put',
      base: { rules: [rule(1), rule(2), rule(3)] },
      ours: { rules: [rule(1), rule(2), rule(9), rule(3)] },
      theirs: { rules: [rule(1), rule(3)] },
      options: ROUTING,
      expected: { rules: [rule(1), rule(9), rule(3)] },
    },
    {
      fact: 'a rule removed on one side and changed on the other is a conflict of the rules',
      base: { rules: [rule(1), rule(2)] },
      ours: { rules: [rule(1)] },
      theirs: { rules: [rule(1), rule(2, false)] },
      options: ROUTING,
      expected: { rules: [rule(1)] },
      conflicts: [conflict('removed', '/rules')],
    },
    {
      fact: 'different rules added at the same place are a conflict: which comes first may matter',
      base: { rules: [rule(1)] },
      ours: { rules: [rule(1), rule(2)] },
      theirs: { rules: [rule(1), rule(3)] },
      options: ROUTING,
      expected: { rules: [rule(1), rule(2)] },
      conflicts: [conflict('order', '/rules')],
    },
    {
      fact: 'a rule moved to two places is a conflict',
      base: { rules: [rule(1), rule(2), rule(3)] },
      ours: { rules: [rule(2), rule(1), rule(3)] },
      theirs: { rules: [rule(2), rule(3), rule(1)] },
      options: ROUTING,
      expected: { rules: [rule(2), rule(1), rule(3)] },
      conflicts: [conflict('order', '/rules')],
    },
    {
      fact: 'rules that each side moved past one of the other are a conflict where no side has the order that makes',
      base: { rules: [rule(1), rule(2), rule(3), rule(4), rule(5)] },
      ours: { rules: [rule(1), rule(2), rule(5), rule(3), rule(4)] },
      theirs: { rules: [rule(2), rule(3), rule(1), rule(4), rule(5)] },
      options: ROUTING,
      expected: { rules: [rule(1), rule(2), rule(5), rule(3), rule(4)] },
      conflicts: [conflict('order', '/rules')],
    },
    {
      fact: 'a rule that both sides added with different content is a conflict at that rule',
      base: { rules: [rule(1), rule(2)] },
      ours: { rules: [rule(1), rule(9), rule(2)] },
      theirs: { rules: [rule(1), rule(9, false), rule(2, false)] },
      options: ROUTING,
      expected: { rules: [rule(1), rule(9), rule(2, false)] },
      conflicts: [conflict('added', '/rules/1')],
    },
    {
      fact: 'a conflict inside a rule names its place on each side',
      base: { rules: [rule(1), { id: 2, to: 'a' }] },
      ours: { rules: [rule(1), { id: 2, to: 'b' }] },
      theirs: { rules: [{ id: 2, to: 'c' }] },
      options: ROUTING,
      expected: { rules: [{ id: 2, to: 'b' }] },
      conflicts: [conflict('changed', '/rules/1/to', '/rules/0/to')],
    },
    {
      fact: 'without an identity on every side rules are aligned',
      base: { rules: [rule(1), rule(2)] },
      ours: { rules: [rule(1), rule(1), rule(2)] },
      theirs: { rules: [rule(1), rule(2, false)] },
      options: ROUTING,
      expected: { rules: [rule(1), rule(1), rule(2, false)] },
    },
    {
      fact: 'what is ignored stays ours, and is no conflict',
      base: { _updated_at: 1, n: 1 },
      ours: { _updated_at: 2, n: 1 },
      theirs: { _updated_at: 3, n: 2 },
      options: { ignore: [['_updated_at']] },
      expected: { _updated_at: 2, n: 2 },
    },
    {
      fact: 'what is ignored stays absent',
      base: { n: 1 },
      ours: { n: 1 },
      theirs: { _updated_at: 3, n: 2 },
      options: { ignore: [['_updated_at']] },
      expected: { n: 2 },
    },
    {
      fact: 'an ignored member keeps no rule from being removed',
      base: { rules: [{ id: 1, stamp: 1 }, rule(2)] },
      ours: { rules: [{ id: 1, stamp: 2 }, rule(2)] },
      theirs: { rules: [rule(2, false)] },
      options: { ...ROUTING, ignore: [['rules', '*', 'stamp']] },
      expected: { rules: [rule(2, false)] },
    },
    {
      fact: 'a list whose items are ignored stays ours',
      base: { seen: [1], n: 1 },
      ours: { seen: [2, 3], n: 1 },
      theirs: { seen: [4], n: 2 },
      options: { ignore: [['seen', '*']] },
      expected: { seen: [2, 3], n: 2 },
    },
  ])('$fact', ({ base, ours, theirs, options, expected, conflicts = [] }) => {
    const merged = merge(base, ours, theirs, { ...PLAIN, ...options });
    expect(merged.value).toEqual(expected);
    expect(merged.conflicts).toEqual(conflicts);
  });
});

describe.each([
  { name: 'rules known by id', options: ROUTING },
  { name: 'rules not known by id', options: PLAIN },
])('of two edits of one document, $name', ({ options }) => {
  const holds = (claim: (base: Json, x: Json, y: Json) => void) =>
    fc.assert(
      fc.property(three, ([base, x, y]) => {
        claim(base, x, y);
      }),
      { numRuns: RUNS },
    );

  test('what both made of it is what it becomes', () => {
    holds((base, x) => expect(merge(base, x, x, options)).toEqual({ value: x, conflicts: [] }));
  });

  test('what one side made of it is what it becomes when the other left it alone', () => {
    holds((base, x) => {
      expect(merge(base, base, x, options)).toEqual({ value: x, conflicts: [] });
      expect(merge(base, x, base, options)).toEqual({ value: x, conflicts: [] });
    });
  });

  test('it makes no difference which side is which, but in conflicts', () => {
    holds((base, x, y) => {
      const [one, other] = [merge(base, x, y, options), merge(base, y, x, options)];
      const swapped = other.conflicts.map(({ kind, ours, theirs }) => ({ kind, ours: theirs, theirs: ours }));
      expect(sorted(one.conflicts)).toEqual(sorted(swapped));
      for (const found of difference(one.value, other.value, options)) {
        expect(isUnderAny(one.conflicts, placeOfDifference(found))).toBe(true);
      }
      if (one.conflicts.length === 0) expect(sameJson(one.value, other.value)).toBe(true);
    });
  });

  test('no change of a member is dropped silently', () => {
    holds((base, x, y) => {
      const { value, conflicts } = merge(base, x, y, options);
      for (const side of [x, y]) {
        for (const place of placesOfMembers([base, side])) {
          const [was, is] = [at(base, place), at(side, place)];
          if (same(was, is) || isArrayOrObject(was) || isArrayOrObject(is)) continue;
          if (!same(at(value, place), is)) expect(isUnderAny(conflicts, place)).toBe(true);
        }
      }
    });
  });

  test('nothing is invented: every member has the value it has on one of the sides', () => {
    holds((base, x, y) => {
      const { value } = merge(base, x, y, options);
      for (const place of placesOfMembers([value, x, y])) {
        const is = at(value, place);
        if (isArrayOrObject(is)) continue;
        expect(same(is, at(x, place)) || same(is, at(y, place))).toBe(true);
      }
    });
  });

  test('where there is a conflict ours stays', () => {
    holds((base, x, y) => {
      const { value, conflicts } = merge(base, x, y, options);
      for (const { ours } of conflicts) {
        if (ours.every((token) => !/^\d+$/.test(token))) expect(at(value, ours)).toEqual(at(x, ours));
      }
    });
  });

  test('what is ignored stays ours and is no conflict', () => {
    const ignore = [
      ['settings', 'a'],
      ['settings', '*', 'b'],
      ['rules', '*', 'on'],
    ];
    holds((base, x, y) => {
      const { value, conflicts } = merge(base, x, y, { ...options, ignore });
      expect(conflicts.filter(({ ours }) => coveredByAny(ignore, ours))).toEqual([]);
      for (const place of [ignore[0] as Pointer, ['settings', 'constructor', 'b']]) {
        const holder = place.slice(0, -1);
        if ([base, x, y].every((side) => isObject(at(side, holder) ?? null))) {
          expect(at(value, place)).toEqual(at(x, place));
        }
      }
    });
  });

  test('the documents are left as they were', () => {
    holds((base, x, y) => {
      const before = JSON.stringify([base, x, y]);
      merge(base, x, y, options);
      expect(JSON.stringify([base, x, y])).toBe(before);
    });
  });
});

test('no keyword is doubled, and each change of which there are is there, or the list is in conflict', () => {
  const words = fc.uniqueArray(fc.constantFrom(...'abcdefgh'), { maxLength: 6 });
  fc.assert(
    fc.property(words, words, words, (base, x, y) => {
      const { value, conflicts } = merge(base, x, y, PLAIN);
      if (conflicts.length > 0) return;
      const merged = new Set(value as string[]);
      expect(merged.size).toBe((value as string[]).length);
      for (const word of new Set([...base, ...x, ...y])) {
        const [was, inX, inY] = [base, x, y].map((list) => list.includes(word));
        expect(merged.has(word)).toBe(inX === was ? inY : inX);
      }
    }),
    { numRuns: RUNS },
  );
});

describe('rules known by id', () => {
  test('every added rule is there and every removed one is gone, or the rules are a conflict and stay ours', () => {
    fc.assert(
      fc.property(three, ([base, x, y]) => {
        const { value, conflicts } = merge(base, x, y, ROUTING);
        if (conflicts.some(({ ours }) => ours.length <= 1)) return;
        const [was, inX, inY] = [ids(base), ids(x), ids(y)];
        const expected = [...inX, ...inY].filter((id) => !was.has(id) || (inX.has(id) && inY.has(id)));
        expect(ids(value)).toEqual(new Set(expected));
        expect((at(value, ['rules']) as Json[]).length).toBe(ids(value).size);
      }),
      { numRuns: RUNS },
    );
  });

  test('rules that only one side moved against each other stand in the order of that side', () => {
    fc.assert(
      fc.property(three, ([base, x, y]) => {
        const { value, conflicts } = merge(base, x, y, ROUTING);
        if (conflicts.some(({ ours }) => ours.length <= 1)) return;
        const merged = [...ids(value)];
        const places = [base, x, y].map((side) => new Map([...ids(side)].map((id, index) => [id, index])));
        for (const [index, later] of merged.entries()) {
          for (const earlier of merged.slice(0, index)) {
            const [was, inX, inY] = places.map((side) => isBefore(side, earlier, later));
            if (inX !== undefined && inX === inY) expect(inX).toBe(true);
            if (was !== undefined && was === inY) expect(inX).not.toBe(false);
            if (was !== undefined && was === inX) expect(inY).not.toBe(false);
          }
        }
      }),
      { numRuns: RUNS },
    );
  });
});

test('changes of different members never conflict', () => {
  const names = fc.uniqueArray(fc.string({ maxLength: 3 }), { minLength: 2, maxLength: 8 });
  const value = fc.jsonValue({ maxDepth: 2 }) as fc.Arbitrary<Json>;
  const change = fc.record({ isOurs: fc.boolean(), was: fc.option(value), is: fc.option(value) });
  fc.assert(
    fc.property(
      names.chain((all) => fc.tuple(fc.constant(all), fc.array(change, { minLength: all.length }))),
      ([all, changes]) => {
        const document = (pick: (one: (typeof changes)[number]) => Json) =>
          Object.fromEntries(
            all.flatMap((name, index) => {
              const member = pick(changes[index] as (typeof changes)[number]);
              return member === null ? [] : [[name, member] as const];
            }),
          );
        const base = document(({ was }) => was);
        const ours = document(({ isOurs, was, is }) => (isOurs ? is : was));
        const theirs = document(({ isOurs, was, is }) => (isOurs ? was : is));
        const merged = merge(base, ours, theirs, PLAIN);
        expect(merged.conflicts).toEqual([]);
        expect(
          sameJson(
            merged.value,
            document(({ is }) => is),
          ),
        ).toBe(true);
      },
    ),
  );
});

test('511 levels are merged', () => {
  const nested = (levels: number, x: Json, y: Json): Json =>
    levels === 0
      ? { x, y }
      : levels % 2
        ? { in: nested(levels - 1, x, y) }
        : { list: [0], in: nested(levels - 1, x, y) };
  const merged = merge(nested(511, 1, 1), nested(511, 2, 1), nested(511, 1, 2), PLAIN);
  expect(merged).toEqual({ value: nested(511, 2, 2), conflicts: [] });
});

test('an item without identity that both sides changed is in conflict, and no half of each', () => {
  const rule = (field: string, operator: string, value: string) => ({ list: [{ field, operator, value }] });
  const base = rule('sender', 'contains', '@a.example');
  const ours = rule('subject', 'contains', 'DAMAGE');
  const theirs = rule('sender', 'equals', '@a.example');
  const merged = merge(base, ours, theirs, PLAIN);
  expect(merged.value).toEqual(ours);
  expect(merged.conflicts).toMatchObject([{ kind: 'changed', ours: ['list', '0'] }]);
});

test('thousands of rules are merged', () => {
  const rules = (change: (id: number) => Json[]) => ({
    rules: Array.from({ length: 5_000 }, (_, id) => id).flatMap(change),
  });
  const base = rules((id) => [{ id, to: 'a' }]);
  const ours = rules((id) => [{ id, to: id % 3 === 0 ? 'b' : 'a' }]);
  const theirs = rules((id) => (id % 3 === 1 ? [] : [{ id, to: 'a' }]));
  const expected = rules((id) => (id % 3 === 1 ? [] : [{ id, to: id % 3 === 0 ? 'b' : 'a' }]));
  expect(merge(base, ours, theirs, ROUTING)).toEqual({ value: expected, conflicts: [] });
});

test('thousands of keywords are merged', () => {
  const words = Array.from({ length: 5_000 }, (_, index) => `keyword ${index}`);
  const ours = words.filter((_, index) => index % 50 !== 0);
  const kept = new Set(ours);
  const theirs = words.flatMap((word, index) => (index % 50 === 25 ? [word, `new ${index}`] : [word]));
  const expected = theirs.filter((word) => kept.has(word) || word.startsWith('new'));
  expect(merge(words, ours, theirs, PLAIN)).toEqual({ value: expected, conflicts: [] });
});

function withEdits([base, ours, theirs]: [JsonObject, Edits, Edits]): readonly [Json, Json, Json] {
  return [base, edited(base, ours), edited(base, theirs)];
}

function conflict(kind: Conflict['kind'], ours: string, theirs: string = ours): Conflict {
  return { kind, ours: pointer(ours), theirs: pointer(theirs) };
}

function pointer(text: string): Pointer {
  const parsed = parsePointer(text);
  if (parsed === undefined) throw new Error(`not a pointer: ${text}`);
  return parsed;
}

function sorted(conflicts: readonly Conflict[]): readonly string[] {
  return conflicts.map((one) => JSON.stringify(one)).sort();
}

/** Items are taken for each other: they may stand elsewhere after a merge. */
function isUnderAny(conflicts: readonly Conflict[], place: Pointer): boolean {
  return conflicts.some(({ ours }) =>
    covers(
      ours.map((token) => (/^\d+$/.test(token) ? '*' : token)),
      place,
    ),
  );
}

function same(a: Json | undefined, b: Json | undefined): boolean {
  return a === undefined || b === undefined ? a === b : sameJson(a, b);
}

function isArrayOrObject(value: Json | undefined): boolean {
  return typeof value === 'object' && value !== null;
}

/** The places that are reached through members alone. */
function placesOfMembers(documents: readonly Json[], place: Pointer = []): readonly Pointer[] {
  const objects = documents.filter((value) => isArrayOrObject(value) && !Array.isArray(value));
  const names = new Set(objects.flatMap((value) => Object.keys(value as object)));
  return [...names].flatMap((name) => {
    const inner = documents.map((value) => at(value, [name])).filter((value) => value !== undefined);
    return [[...place, name], ...placesOfMembers(inner, [...place, name])];
  });
}

/** The ids of the rules, in their order. */
function ids(document: Json): ReadonlySet<Json> {
  return new Set((at(document, ['rules']) as Json[]).map((item) => at(item, ['id']) as Json));
}

/** Whether one rule stands before another; `undefined` unless both are there. */
function isBefore(places: ReadonlyMap<Json, number>, one: Json, other: Json): boolean | undefined {
  const [a, b] = [places.get(one), places.get(other)];
  return a === undefined || b === undefined ? undefined : a < b;
}
