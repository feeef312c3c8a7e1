import fc from 'fast-check';
import { applyPatch, type Operation } from 'rfc6902';
import { describe, expect, test } from 'vitest';
import {
  type Difference,
  type DifferenceOptions,
  difference,
  type Identity,
} from '../../src/core/difference.ts';
import { at, type Json, type JsonObject, sameJson } from '../../src/core/json.ts';
import {
  coveredByAny,
  formatPointer,
  type Pattern,
  type Pointer,
  parsePointer,
} from '../../src/core/pointer.ts';
import { patch } from '../support/patch.ts';

const EVERYTHING: DifferenceOptions = { ignore: [], identity: [] };
const RULES: DifferenceOptions = { ignore: [], identity: [{ at: ['rules'], property: 'id' }] };

describe('telling examples', () => {
  const [one, two, three] = [{ id: 1 }, { id: 2 }, { id: 3 }];

  test.each<{
    fact: string;
    before: Json;
    after: Json;
    options?: Partial<DifferenceOptions>;
    expected: readonly Difference[];
  }>([
    {
      fact: 'a document equals its copy',
      before: { a: [1, { b: null }] },
      after: { a: [1, { b: null }] },
      expected: [],
    },
    {
      fact: 'the order of members does not count',
      before: { a: 1, b: { c: 2, d: 3 } },
      after: { b: { d: 3, c: 2 }, a: 1 },
      expected: [],
    },
    {
      fact: 'the spelling of numbers does not count',
      before: JSON.parse('[1.0, 100, -0, 0.5]'),
      after: JSON.parse('[1, 1e2, 0, 5E-1]'),
      expected: [],
    },
    {
      fact: 'the order of items counts',
      before: [1, 2],
      after: [2, 1],
      expected: [removed('/0', '', 1), added('', '/1', 1)],
    },
    {
      fact: 'a member with another value is a change',
      before: { a: { b: 1 } },
      after: { a: { b: 2 } },
      expected: [changed('/a/b', '/a/b', 1, 2)],
    },
    {
      fact: 'members come in the order of the before-document, new ones last',
      before: { z: 1, gone: 2, a: 3 },
      after: { new: 0, a: 4, z: 5 },
      expected: [
        changed('/z', '/z', 1, 5),
        removed('/gone', '', 2),
        changed('/a', '/a', 3, 4),
        added('', '/new', 0),
      ],
    },
    {
      fact: 'null is a value, not an absence',
      before: { a: null },
      after: { b: null },
      expected: [removed('/a', '', null), added('', '/b', null)],
    },
    {
      fact: 'another type is one change of the whole value',
      before: { a: { b: 1, c: 2 } },
      after: { a: [1, 2] },
      expected: [changed('/a', '/a', { b: 1, c: 2 }, [1, 2])],
    },
    {
      fact: 'a whole document can change',
      before: 'on',
      after: true,
      expected: [changed('', '', 'on', true)],
    },
    {
      fact: 'names that objects inherit are names like any other',
      before: JSON.parse('{"__proto__": 1, "constructor": 2}'),
      after: JSON.parse('{"__proto__": {"toString": 3}, "hasOwnProperty": 4}'),
      expected: [
        changed('/__proto__', '/__proto__', 1, { toString: 3 }),
        removed('/constructor', '', 2),
        added('', '/hasOwnProperty', 4),
      ],
    },
    {
      fact: 'an inserted item shifts nothing',
      before: ['a', 'b', 'c'],
      after: ['new', 'a', 'b', 'c'],
      expected: [added('', '/0', 'new')],
    },
    {
      fact: 'an item in the place of another is one change',
      before: ['a', 'b', 'c'],
      after: ['a', 'B', 'c'],
      expected: [changed('/1', '/1', 'b', 'B')],
    },
    {
      fact: 'an object in the place of another is compared with it',
      before: [0, { a: 1, b: 2 }, 3],
      after: [{ a: 1, b: 9 }, 3],
      expected: [removed('/1', '', { a: 1, b: 2 }), changed('/0', '/0', 0, { a: 1, b: 9 })],
    },
    {
      fact: 'an array in the place of another is compared with it',
      before: [
        [1, 2],
        [3, 4],
      ],
      after: [
        [1, 2, 5],
        [3, 4],
      ],
      expected: [added('/0', '/0/2', 5)],
    },
    {
      fact: 'a string is not mistaken for what it resembles',
      before: [[], {}, 1, null],
      after: ['[', '{', '1', 'null', 'ignored', [], {}, 1, null],
      expected: ['[', '{', '1', 'null', 'ignored'].map((text, index) => added('', `/${index}`, text)),
    },
    {
      fact: 'without an identity a swapped pair is two edits',
      before: [one, two, three],
      after: [two, one, three],
      expected: [removed('/0', '', one), added('', '/1', one)],
    },
    {
      fact: 'a rule inserted at the front is one addition',
      before: { rules: [one, two] },
      after: { rules: [three, one, two] },
      options: RULES,
      expected: [added('/rules', '/rules/0', three)],
    },
    {
      fact: 'a rule taken from the front is one removal',
      before: { rules: [one, two, three] },
      after: { rules: [two, three] },
      options: RULES,
      expected: [removed('/rules/0', '/rules', one)],
    },
    {
      fact: 'a swapped pair of rules is one move',
      before: { rules: [one, two, three] },
      after: { rules: [one, three, two] },
      options: RULES,
      expected: [moved('/rules/2', '/rules/1', three)],
    },
    {
      fact: 'a rule sent from the end to the front is one move',
      before: { rules: [one, two, three] },
      after: { rules: [three, one, two] },
      options: RULES,
      expected: [moved('/rules/2', '/rules/0', three)],
    },
    {
      fact: 'a rule sent from the front to the end is one move',
      before: { rules: [one, two, three] },
      after: { rules: [two, three, one] },
      options: RULES,
      expected: [moved('/rules/0', '/rules/2', one)],
    },
    {
      fact: 'a rule that another pushed down has not moved',
      before: { rules: [{ id: 1, on: true }] },
      after: { rules: [two, { id: 1, on: false }] },
      options: RULES,
      expected: [added('/rules', '/rules/0', two), changed('/rules/0/on', '/rules/1/on', true, false)],
    },
    {
      fact: 'a moved rule is given as it was, its inner change follows',
      before: { rules: [{ id: 1, on: true }, two, three] },
      after: { rules: [two, three, { id: 1, on: false }] },
      options: RULES,
      expected: [
        moved('/rules/0', '/rules/2', { id: 1, on: true }),
        changed('/rules/0/on', '/rules/2/on', true, false),
      ],
    },
    {
      fact: 'removals come first, then moves and additions by their new index, then inner changes',
      before: { rules: [{ id: 1, on: true }, two, three, { id: 4 }] },
      after: { rules: [{ id: 4 }, { id: 5 }, { id: 1 }, three] },
      options: RULES,
      expected: [
        removed('/rules/1', '/rules', two),
        moved('/rules/3', '/rules/0', { id: 4 }),
        added('/rules', '/rules/1', { id: 5 }),
        removed('/rules/0/on', '/rules/2', true),
      ],
    },
    {
      fact: 'another identity is another item, however alike',
      before: { rules: [{ id: 1, on: true }] },
      after: { rules: [{ id: 2, on: true }] },
      options: RULES,
      expected: [
        removed('/rules/0', '/rules', { id: 1, on: true }),
        added('/rules', '/rules/0', { id: 2, on: true }),
      ],
    },
    {
      fact: 'the identities 1 and "1" differ',
      before: { rules: [{ id: 1 }] },
      after: { rules: [{ id: '1' }] },
      options: RULES,
      expected: [removed('/rules/0', '/rules', { id: 1 }), added('/rules', '/rules/0', { id: '1' })],
    },
    {
      fact: 'items with the same identity are aligned as if they had none',
      before: { rules: [one, one, two] },
      after: { rules: [two, one, one] },
      options: RULES,
      expected: [removed('/rules/2', '/rules', two), added('/rules', '/rules/0', two)],
    },
    {
      fact: 'an item without identity leaves the array to alignment',
      before: { rules: [one, { name: 'x' }] },
      after: { rules: [{ id: 9 }, { name: 'x' }] },
      options: RULES,
      expected: [changed('/rules/0/id', '/rules/0/id', 1, 9)],
    },
    {
      fact: 'an identity that only one side has is none',
      before: { rules: [one, two] },
      after: { rules: ['new', one, two] },
      options: RULES,
      expected: [added('/rules', '/rules/0', 'new')],
    },
    {
      fact: 'an identity is a string or a number',
      before: { rules: [{ id: true }, { id: null }] },
      after: { rules: [{ id: false }, { id: null }] },
      options: RULES,
      expected: [changed('/rules/0/id', '/rules/0/id', true, false)],
    },
    {
      fact: 'an inherited identity is none',
      before: { rules: [{ a: 1 }] },
      after: { rules: [{ a: 2 }] },
      options: { identity: [{ at: ['rules'], property: '__proto__' }] },
      expected: [changed('/rules/0/a', '/rules/0/a', 1, 2)],
    },
    {
      fact: 'of several identities for a place the first that fits is used',
      before: { rules: [{ name: 'x', n: 1 }, { name: 'y' }] },
      after: { rules: [{ name: 'y' }, { name: 'x', n: 2 }] },
      options: {
        identity: [
          { at: ['rules'], property: 'id' },
          { at: ['*'], property: 'name' },
        ],
      },
      expected: [moved('/rules/1', '/rules/0', { name: 'y' }), changed('/rules/0/n', '/rules/1/n', 1, 2)],
    },
    {
      fact: 'the whole document can be an array with identity',
      before: [one, two],
      after: [two, one],
      options: { identity: [{ at: [], property: 'id' }] },
      expected: [moved('/1', '/0', two)],
    },
    {
      fact: 'arrays with identity nest',
      before: { groups: [{ id: 'a', rules: [one, two] }, { id: 'b' }] },
      after: { groups: [{ id: 'b' }, { id: 'a', rules: [two, one] }] },
      options: {
        identity: [
          { at: ['groups'], property: 'id' },
          { at: ['groups', '*', 'rules'], property: 'id' },
        ],
      },
      expected: [
        moved('/groups/1', '/groups/0', { id: 'b' }),
        moved('/groups/0/rules/1', '/groups/1/rules/0', two),
      ],
    },
    {
      fact: 'what is ignored may change, come and go',
      before: { _updated_at: 1, old: { a: 1 }, b: 2 },
      after: { _updated_at: 2, b: 2, new: { c: 3 } },
      options: { ignore: [['_updated_at'], ['old'], ['new']] },
      expected: [],
    },
    {
      fact: 'what lies in an ignored place is ignored',
      before: { meta: { by: ['x'], at: 1 } },
      after: { meta: { by: ['y', 'z'] } },
      options: { ignore: [['meta']] },
      expected: [],
    },
    {
      fact: 'a removed value that is ignored only in part is reported',
      before: { rule: { stamp: 1, on: true } },
      after: {},
      options: { ignore: [['rule', 'stamp']] },
      expected: [removed('/rule', '', { stamp: 1, on: true })],
    },
    {
      fact: 'an item is recognised by what of it is not ignored',
      before: [
        { a: 1, stamp: 1 },
        { a: 2, stamp: 2 },
      ],
      after: [
        { a: 0, stamp: 3 },
        { a: 1, stamp: 4 },
        { a: 2, stamp: 5 },
      ],
      options: { ignore: [['*', 'stamp']] },
      expected: [added('', '/0', { a: 0, stamp: 3 })],
    },
    {
      fact: 'a change is ignored only when both its places are',
      before: { rules: [{ id: 1, on: true }] },
      after: { rules: [two, { id: 1, on: false }] },
      options: { ...RULES, ignore: [['rules', '0']] },
      expected: [changed('/rules/0/on', '/rules/1/on', true, false)],
    },
    {
      fact: 'a removal is ignored by its place before, an addition by its place after',
      before: { rules: [one, two] },
      after: { rules: [two, three] },
      options: { ...RULES, ignore: [['rules', '0']] },
      expected: [added('/rules', '/rules/1', three)],
    },
    {
      fact: 'an ignored index stands for whatever lies there',
      before: ['a', 'b', 'c'],
      after: ['b', 'b'],
      options: { ignore: [['0']] },
      expected: [removed('/2', '', 'c')],
    },
    {
      fact: 'an ignored member says nothing in a moved rule, the move itself does',
      before: { rules: [{ id: 1, stamp: 1 }, two] },
      after: { rules: [two, { id: 1, stamp: 2 }] },
      options: { ...RULES, ignore: [['rules', '*', 'stamp']] },
      expected: [moved('/rules/1', '/rules/0', two)],
    },
  ])('$fact', ({ before, after, options, expected }) => {
    expect(difference(before, after, { ...EVERYTHING, ...options })).toEqual(expected);
  });
});

describe('any two documents', () => {
  for (const { name, documents, identity } of [
    { name: 'of any shape', documents: twoOf(json()), identity: [] },
    { name: 'of arrays in arrays', documents: twoOf(nestedArrays()), identity: [] },
    { name: 'of rules known by id', documents: twoOf(ruleBook()), identity: ruleBookIdentity() },
    { name: 'of rules not known by id', documents: twoOf(ruleBook()), identity: [] },
  ]) {
    const options = { ignore: [], identity };

    test(`${name}: the differences, as a JSON Patch, turn one into the other`, () => {
      fc.assert(
        fc.property(documents, ([before, after]) => {
          expect(applied(before, toJsonPatch(before, difference(before, after, options)))).toEqual(after);
        }),
        { numRuns: 1_000 },
      );
    });

    test(`${name}: patch turns one into the other`, () => {
      fc.assert(
        fc.property(documents, ([before, after]) => {
          expect(patch(before, difference(before, after, options))).toEqual(after);
        }),
        { numRuns: 1_000 },
      );
    });

    test(`${name}: there are no differences exactly when they are the same`, () => {
      fc.assert(
        fc.property(documents, ([before, after]) => {
          expect(difference(before, after, options).length === 0).toBe(sameJson(before, after));
          expect(difference(before, structuredClone(before), options)).toEqual([]);
        }),
      );
    });

    test(`${name}: reordered members make no difference`, () => {
      fc.assert(
        fc.property(documents, ([before, after]) => {
          const found = difference(before, after, options);
          expect(difference(before, withMembersReversed(before), options)).toEqual([]);
          expect(difference(before, withMembersReversed(after), options)).toHaveLength(found.length);
        }),
      );
    });

    test(`${name}: every difference tells the truth about its places`, () => {
      fc.assert(
        fc.property(documents, ([before, after]) => {
          for (const found of difference(before, after, options)) {
            if (found.kind !== 'added') {
              const value = found.kind === 'changed' ? found.from : found.value;
              expect(at(before, found.before)).toEqual(value);
            }
            if (found.kind === 'added') expect(at(after, found.after)).toEqual(found.value);
            if (found.kind === 'changed') expect(at(after, found.after)).toEqual(found.to);
          }
        }),
      );
    });
  }

  test('names that objects inherit survive difference and patch', () => {
    const name = fc.constantFrom('__proto__', 'constructor', 'toString', 'a');
    const document = json(name).map((value) => JSON.parse(JSON.stringify(value)) as Json);
    fc.assert(
      fc.property(document, document, (before, after) => {
        expect(sameJson(patch(before, difference(before, after, EVERYTHING)), after)).toBe(true);
      }),
    );
  });

  test('what is ignored makes no difference, everything else does', () => {
    const ignore: readonly Pattern[] = [
      ['rest', 'a'],
      ['rest', '*', 'b'],
      ['rules', '*', 'on'],
      ['rules', '*', 'conditions', '*', 'field'],
    ];
    fc.assert(
      fc.property(
        ruleBook(),
        ruleBook(),
        fc.constantFrom([], ruleBookIdentity()),
        (before, after, identity) => {
          expect(difference(before, without(ignore, before), { ignore, identity })).toEqual([]);
          const found = difference(before, after, { ignore, identity });
          expect(found.length === 0).toBe(sameJson(without(ignore, before), without(ignore, after)));
          for (const { kind, ...places } of found) {
            const place = kind === 'added' ? places.after : places.before;
            expect(coveredByAny(ignore, place)).toBe(false);
          }
        },
      ),
      { numRuns: 1_000 },
    );
  });

  test('two documents that differ only where it is ignored are in step', () => {
    const item = fc.record(
      { value: fc.integer({ min: 0, max: 2 }), stamp: json() },
      { requiredKeys: ['value'] },
    );
    fc.assert(
      fc.property(fc.array(item), json(), (items, stamp) => {
        const restamped = items.map(({ value }) => ({ stamp, value }));
        expect(difference(items, restamped, { ...EVERYTHING, ignore: [['*', 'stamp']] })).toEqual([]);
      }),
    );
  });
});

describe('arrays', () => {
  const item = fc.integer({ min: 0, max: 5 });

  test('an alignment keeps as many items as possible', () => {
    fc.assert(
      fc.property(fc.array(item, { maxLength: 30 }), fc.array(item, { maxLength: 30 }), (before, after) => {
        const kinds = difference(before, after, EVERYTHING).map(({ kind }) => kind);
        const kept = before.length - kinds.filter((kind) => kind !== 'added').length;
        expect(kept).toBe(longestCommonSubsequence(before, after));
      }),
    );
  });

  test('of a permutation as few items as possible move', () => {
    const permutation = fc.integer({ min: 0, max: 30 }).chain((length) =>
      fc.shuffledSubarray(
        Array.from({ length }, (_, id) => id),
        { minLength: length },
      ),
    );
    fc.assert(
      fc.property(permutation, (ids) => {
        const sorted = ids.toSorted((a, b) => a - b);
        const found = difference(rulesOf(sorted), rulesOf(ids), RULES);
        expect(new Set(found.map(({ kind }) => kind))).not.toContain('changed');
        expect(found).toHaveLength(ids.length - longestCommonSubsequence(sorted, ids));
      }),
    );
  });

  test('hundreds of edits are still aligned', () => {
    const before = numbers(0, 4_000);
    const after = before.map((index) => (index % 10 < 2 ? index + 1 - 2 * (index % 10) : index));
    const kinds = difference(before, after, EVERYTHING).map(({ kind }) => kind);
    expect(kinds).toHaveLength(800);
    expect(kinds).not.toContain('changed');
  });

  test('arrays too different to align are compared index by index between their common ends', () => {
    const before = ['head', ...numbers(0, 3_000), 'gone', 'tail'];
    const after = ['head', ...numbers(0, 3_000).reverse(), 'tail'];
    const found = difference(before, after, EVERYTHING);
    expect(found).toHaveLength(3_001);
    expect(found[0]).toEqual(removed('/3001', '', 'gone'));
    expect(found[1]).toEqual(changed('/1', '/1', 0, 2_999));
    expect(found.at(-1)).toEqual(changed('/3000', '/3000', 2_999, 0));
  });

  test('items that only one array has keep nothing from being aligned', () => {
    const before = [...numbers(0, 3_000), 'kept', ...numbers(3_000, 3_000)];
    const after = [...numbers(10_000, 2_000), 'kept', ...numbers(12_000, 4_000)];
    const found = difference(before, after, EVERYTHING);
    expect(found).toHaveLength(2_000 + 1_000 + 3_000 + 1_000);
    expect(found.filter(({ kind }) => kind === 'changed')).toHaveLength(5_000);
  });

  test('an object that stands in two places is ignored in each by its own patterns', () => {
    const item = { a: 1, stamp: 1 };
    const before = { stamped: [item], plain: [item] };
    const after = { stamped: [0, { a: 1, stamp: 2 }], plain: [0, { a: 1, stamp: 1 }] };
    expect(difference(before, after, { ignore: [['stamped', '*', 'stamp']], identity: [] })).toEqual([
      added('/stamped', '/stamped/0', 0),
      added('/plain', '/plain/0', 0),
    ]);
  });

  test('512 levels of arrays in arrays are compared', () => {
    const [before, after] = [nested(512, 'before'), nested(512, 'after')];
    expect(difference(before, after, EVERYTHING)).toMatchObject([{ from: 'before', to: 'after' }]);
  });
});

describe('a choice of differences', () => {
  const before = rulesOf([1, 2, 3]);
  const after = rulesOf([4, 3, 1]);
  const choose = (...kinds: Difference['kind'][]) =>
    patch(
      before,
      difference(before, after, RULES).filter(({ kind }) => kinds.includes(kind)),
    );

  test('is carried out alone', () => {
    expect(choose()).toEqual(before);
    expect(choose('removed')).toEqual(rulesOf([1, 3]));
    expect(choose('added')).toEqual(rulesOf([4, 1, 2, 3]));
    expect(choose('moved')).toEqual(rulesOf([1, 3, 2]));
    expect(choose('added', 'removed', 'moved')).toEqual(after);
  });

  test('puts at the end what would lie beyond it', () => {
    const found = difference([1], [1, 2, 3], EVERYTHING).filter(({ after: [index] }) => index === '2');
    expect(patch([1], found)).toEqual([1, 3]);
  });

  test('leaves the document it is given as it was', () => {
    const original = structuredClone(before);
    choose('added', 'removed', 'moved');
    expect(before).toEqual(original);
  });
});

function added(before: string, after: string, value: Json): Difference {
  return { kind: 'added', before: pointer(before), after: pointer(after), value };
}

function removed(before: string, after: string, value: Json): Difference {
  return { kind: 'removed', before: pointer(before), after: pointer(after), value };
}

function moved(before: string, after: string, value: Json): Difference {
  return { kind: 'moved', before: pointer(before), after: pointer(after), value };
}

function changed(before: string, after: string, from: Json, to: Json): Difference {
  return { kind: 'changed', before: pointer(before), after: pointer(after), from, to };
}

function pointer(text: string): Pointer {
  const parsed = parsePointer(text);
  if (parsed === undefined) throw new Error(`not a pointer: ${text}`);
  return parsed;
}

function rulesOf(ids: readonly number[]): JsonObject {
  return { rules: ids.map((id) => ({ id })) };
}

function numbers(from: number, length: number): number[] {
  return Array.from({ length }, (_, index) => from + index);
}

function nested(levels: number, value: Json): Json {
  return levels === 0 ? value : [0, nested(levels - 1, value), 1];
}

/** The document without the members that the patterns name. */
function without(ignored: readonly Pattern[], value: Json, place: Pointer = []): Json {
  if (Array.isArray(value)) {
    return value.map((item, index) => without(ignored, item, [...place, String(index)]));
  }
  if (typeof value !== 'object' || value === null) return value;
  const members = Object.entries(value).filter(([name]) => !coveredByAny(ignored, [...place, name]));
  return Object.fromEntries(
    members.map(([name, member]) => [name, without(ignored, member, [...place, name])]),
  );
}

function withMembersReversed(value: Json): Json {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(withMembersReversed);
  const members = Object.entries(value).reverse();
  return Object.fromEntries(members.map(([name, member]) => [name, withMembersReversed(member)]));
}

/** By the textbook, in quadratic time. */
function longestCommonSubsequence(a: readonly number[], b: readonly number[]): number {
  let row = new Array<number>(b.length + 1).fill(0);
  for (const left of a) {
    const next = [0];
    for (const [index, right] of b.entries()) {
      const longer = left === right ? (row[index] ?? 0) + 1 : Math.max(row[index + 1] ?? 0, next[index] ?? 0);
      next.push(longer);
    }
    row = next;
  }
  return row.at(-1) ?? 0;
}

function scalar(): fc.Arbitrary<Json> {
  return fc.constantFrom<Json>(null, true, false, 0, 1, 2, '', '1', 'a');
}

/** From few names and few scalars, so that two documents have something in common. */
function json(
  name: fc.Arbitrary<string> = fc.constantFrom('a', 'b', 'id', '', '~/', '0'),
): fc.Arbitrary<Json> {
  return fc.letrec<{ value: Json; array: Json; object: Json; scalar: Json }>((tie) => ({
    value: fc.oneof({ maxDepth: 4 }, tie('scalar'), tie('array'), tie('object')),
    array: fc.array(tie('value'), { maxLength: 6 }),
    object: fc.dictionary(name, tie('value'), { maxKeys: 4, noNullPrototype: true }),
    scalar: scalar(),
  })).value;
}

function nestedArrays(): fc.Arbitrary<Json> {
  return fc.letrec<{ value: Json; array: Json }>((tie) => ({
    value: fc.oneof({ maxDepth: 4 }, fc.constantFrom<Json>(0, 1), tie('array')),
    array: fc.array(tie('value'), { maxLength: 8 }),
  })).array;
}

/** Rules known by id, each with conditions that are not, and actions known by name: in rules of any order. */
function ruleBook(): fc.Arbitrary<Json> {
  const id = fc.constantFrom<number | string>(1, 2, 3, 4, 5, 6, '1', '2', '3');
  const condition = fc.oneof(scalar(), fc.record({ field: scalar(), value: json() }));
  const action = fc.record({ name: fc.constantFrom('a', 'b', 'c', 'd'), value: scalar() });
  const rule = fc.record(
    {
      id,
      on: fc.boolean(),
      conditions: fc.array(condition, { maxLength: 4 }),
      actions: fc.uniqueArray(action, { selector: ({ name }) => name }),
    },
    { requiredKeys: ['id'], noNullPrototype: true },
  );
  return fc.record({
    rules: fc.uniqueArray(rule, { selector: (item) => item.id }),
    rest: json(),
  }) as fc.Arbitrary<Json>;
}

function ruleBookIdentity(): readonly Identity[] {
  return [
    { at: ['rules'], property: 'id' },
    { at: ['rules', '*', 'actions'], property: 'name' },
  ];
}

function twoOf(document: fc.Arbitrary<Json>): fc.Arbitrary<[Json, Json]> {
  return fc.tuple(document, document);
}

/** The document after the operations of a JSON Patch. It is wrapped: rfc6902 can't replace a root. */
function applied(before: Json, operations: readonly Operation[]): Json {
  const wrapped = structuredClone({ document: before });
  const failures = applyPatch(wrapped, [...operations]).filter((outcome) => outcome !== null);
  expect(failures).toEqual([]);
  return wrapped.document;
}

/** For the document as the member `document`. Inner containers come first, so that outer before-pointers stay true. */
function toJsonPatch(before: Json, differences: readonly Difference[]): readonly Operation[] {
  const containers = new Map<string, Difference[]>();
  for (const found of differences) {
    const container = formatPointer(containerOf(wrap(found)));
    containers.set(container, [...(containers.get(container) ?? []), wrap(found)]);
  }
  const innermostFirst = [...containers].sort(([a], [b]) => pointer(b).length - pointer(a).length);
  return innermostFirst.flatMap(([path, found]) => {
    const container = at({ document: before }, pointer(path));
    return Array.isArray(container) ? onItems(path, container.length, found) : found.flatMap(onMember);
  });
}

function wrap(found: Difference): Difference {
  return { ...found, before: ['document', ...found.before], after: ['document', ...found.after] };
}

function containerOf({ kind, before }: Difference): Pointer {
  return kind === 'added' ? before : before.slice(0, -1);
}

function onMember(found: Difference): Operation[] {
  const path = formatPointer(found.before);
  switch (found.kind) {
    case 'added':
      return [{ op: 'add', path: `${path}${formatPointer(found.after.slice(-1))}`, value: found.value }];
    case 'removed':
      return [{ op: 'remove', path }];
    case 'changed':
      return [{ op: 'replace', path, value: found.to }];
    case 'moved':
      throw new Error(`a member moved: ${path}`);
  }
}

/**
 * Changes and removals by before-index, then all that moves to the end, then moves and additions by after-index.
 * `order` is the array as it stands: the before-indexes of its items.
 */
function onItems(path: string, length: number, found: readonly Difference[]): Operation[] {
  const operations: Operation[] = [];
  const order: (number | undefined)[] = numbers(0, length);
  const move = (item: number, to: number) => {
    const from = order.indexOf(item);
    order.splice(to, 0, ...order.splice(from, 1));
    operations.push({ op: 'move', from: `${path}/${from}`, path: `${path}/${to}` });
  };
  for (const { kind, ...change } of found) {
    if (kind === 'changed') operations.push(...onMember({ kind, ...change } as Difference));
  }
  for (const { before } of found.filter(({ kind }) => kind === 'removed').reverse()) {
    operations.push({ op: 'remove', path: `${path}/${before.at(-1)}` });
    order.splice(Number(before.at(-1)), 1);
  }
  const movedItems = found.filter(({ kind }) => kind === 'moved');
  for (const { before } of movedItems) move(Number(before.at(-1)), order.length - 1);
  for (const placed of found) {
    const index = Number(placed.after.at(-1));
    if (placed.kind === 'moved') move(Number(placed.before.at(-1)), index);
    if (placed.kind !== 'added') continue;
    operations.push({ op: 'add', path: `${path}/${index}`, value: placed.value });
    order.splice(index, 0, undefined);
  }
  return operations;
}
