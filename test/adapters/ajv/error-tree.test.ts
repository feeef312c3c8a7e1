import { describe, expect, test } from 'vitest';
import type { Json } from '../../../src/core/json.ts';
import { at } from '../../../src/core/json.ts';
import { DRAFT_07, DRAFT_2019, usable, violations, when } from './compile.ts';

const text = { type: 'string' };
const number = { type: 'number' };

interface Case {
  readonly fact: string;
  readonly schema: Json;
  readonly value: Json;
  /** `pointer: keyword < schemaPointer`, below it what the branches say, each after its number. */
  readonly expected: readonly string[];
}

describe('alternatives keep apart what their branches object to', () => {
  test.each<Case>([
    {
      fact: 'an anyOf',
      schema: { anyOf: [text, { type: 'object', required: ['a', 'b'] }] },
      value: {},
      expected: [
        ': anyOf < /anyOf',
        '  0 : type < /anyOf/0/type',
        '  1 : required < /anyOf/1/required',
        '  1 : required < /anyOf/1/required',
      ],
    },
    {
      fact: 'a oneOf without a match',
      schema: { oneOf: [text, { minimum: 5 }] },
      value: 3,
      expected: [': oneOf < /oneOf', '  0 : type < /oneOf/0/type', '  1 : minimum < /oneOf/1/minimum'],
    },
    {
      fact: 'a branch within a branch',
      schema: { anyOf: [{ oneOf: [text, { anyOf: [{ const: 1 }, { const: 2 }] }] }, { type: 'null' }] },
      value: 3,
      expected: [
        ': anyOf < /anyOf',
        '  0 : oneOf < /anyOf/0/oneOf',
        '  0   0 : type < /anyOf/0/oneOf/0/type',
        '  0   1 : anyOf < /anyOf/0/oneOf/1/anyOf',
        '  0   1   0 : const < /anyOf/0/oneOf/1/anyOf/0/const',
        '  0   1   1 : const < /anyOf/0/oneOf/1/anyOf/1/const',
        '  1 : type < /anyOf/1/type',
      ],
    },
    {
      fact: 'an anyOf beside a oneOf',
      schema: { anyOf: [text], oneOf: [{ type: 'null' }] },
      value: 1,
      expected: [
        ': anyOf < /anyOf',
        '  0 : type < /anyOf/0/type',
        ': oneOf < /oneOf',
        '  0 : type < /oneOf/0/type',
      ],
    },
    {
      fact: 'an anyOf behind references',
      schema: {
        properties: { a: { $ref: '#/$defs/either' } },
        $defs: { either: { anyOf: [{ $ref: '#/$defs/text' }, number] }, text },
      },
      value: { a: null },
      expected: [
        '/a: anyOf < /$defs/either/anyOf',
        '  0 /a: type < /$defs/text/type',
        '  1 /a: type < /$defs/either/anyOf/1/type',
      ],
    },
    {
      fact: 'a recursive anyOf',
      schema: {
        anyOf: [
          { type: 'null' },
          { type: 'object', required: ['next'], properties: { next: { $ref: '#' } } },
        ],
      },
      value: { next: { next: 1 } },
      expected: [
        ': anyOf < /anyOf',
        '  0 : type < /anyOf/0/type',
        '  1 /next: anyOf < /anyOf',
        '  1   0 /next: type < /anyOf/0/type',
        '  1   1 /next/next: anyOf < /anyOf',
        '  1   1   0 /next/next: type < /anyOf/0/type',
        '  1   1   1 /next/next: type < /anyOf/1/type',
      ],
    },
    {
      fact: 'an anyOf of each item',
      schema: { items: { anyOf: [text, number] } },
      value: ['a', null, 1, true],
      expected: [
        '/1: anyOf < /items/anyOf',
        '  0 /1: type < /items/anyOf/0/type',
        '  1 /1: type < /items/anyOf/1/type',
        '/3: anyOf < /items/anyOf',
        '  0 /3: type < /items/anyOf/0/type',
        '  1 /3: type < /items/anyOf/1/type',
      ],
    },
    {
      fact: 'an anyOf inside of allOf',
      schema: { allOf: [{ anyOf: [text, number] }, { required: ['a'] }] },
      value: {},
      expected: [
        ': anyOf < /allOf/0/anyOf',
        '  0 : type < /allOf/0/anyOf/0/type',
        '  1 : type < /allOf/0/anyOf/1/type',
        ': required < /allOf/1/required',
      ],
    },
    {
      fact: 'an anyOf inside of then, whose failure if would only repeat',
      schema: when(number, { anyOf: [{ maximum: 1 }, { minimum: 9 }] }),
      value: 5,
      expected: [
        ': anyOf < /then/anyOf',
        '  0 : maximum < /then/anyOf/0/maximum',
        '  1 : minimum < /then/anyOf/1/minimum',
      ],
    },
    {
      fact: 'an anyOf inside of else',
      schema: { if: text, else: { anyOf: [number] } },
      value: null,
      expected: [': anyOf < /else/anyOf', '  0 : type < /else/anyOf/0/type'],
    },
    {
      fact: 'a condition inside of a branch',
      schema: { anyOf: [when({ required: ['a'] }, { required: ['b'] }), text] },
      value: { a: 1 },
      expected: [': anyOf < /anyOf', '  0 : required < /anyOf/0/then/required', '  1 : type < /anyOf/1/type'],
    },
    {
      fact: 'a oneOf with two matches, which names both',
      schema: { oneOf: [text, number, { minimum: 3 }] },
      value: 5,
      expected: [': oneOf < /oneOf', '  0 : type < /oneOf/0/type'],
    },
    {
      fact: "the user's own false",
      schema: { anyOf: [false, text] },
      value: 1,
      expected: [': anyOf < /anyOf', '  0 : false schema < /anyOf/0', '  1 : type < /anyOf/1/type'],
    },
    {
      fact: 'nothing but false',
      schema: { oneOf: [false, { anyOf: [false] }] },
      value: 1,
      expected: [
        ': oneOf < /oneOf',
        '  0 : false schema < /oneOf/0',
        '  1 : anyOf < /oneOf/1/anyOf',
        '  1   0 : false schema < /oneOf/1/anyOf/0',
      ],
    },
    {
      fact: 'an anyOf of what depends on a property',
      schema: { dependentSchemas: { a: { anyOf: [{ required: ['b'] }, { required: ['c'] }] } } },
      value: { a: 1 },
      expected: [
        ': anyOf < /dependentSchemas/a/anyOf',
        '  0 : required < /dependentSchemas/a/anyOf/0/required',
        '  1 : required < /dependentSchemas/a/anyOf/1/required',
      ],
    },
    {
      fact: 'an anyOf of names',
      schema: { propertyNames: { anyOf: [{ const: 'a' }, { maxLength: 2 }] } },
      value: { abc: 1, a: 1 },
      expected: [
        '/abc: anyOf (name) < /propertyNames/anyOf',
        '  0 /abc: const (name) < /propertyNames/anyOf/0/const',
        '  1 /abc: maxLength (name) < /propertyNames/anyOf/1/maxLength',
      ],
    },
  ])('$fact', async ({ schema, value, expected }) => {
    expect(await violations(schema, value)).toEqual(expected);
  });

  test('the numbers of the branches that match are those of the schema', async () => {
    const { validate } = await usable({ oneOf: [text, number, { minimum: 3 }] });
    expect(validate(5)[0]?.params).toEqual({ passingSchemas: [1, 2] });
  });
});

describe('names that look like keywords mean nothing', () => {
  test.each<Case>([
    {
      fact: 'properties named anyOf and oneOf',
      schema: { properties: { anyOf: { items: { properties: { oneOf: false } } }, oneOf: text } },
      value: { anyOf: [{ oneOf: 1 }], oneOf: 1 },
      expected: [
        '/anyOf/0/oneOf: false schema < /properties/anyOf/items/properties/oneOf',
        '/oneOf: type < /properties/oneOf/type',
      ],
    },
    {
      fact: 'a definition named anyOf, with numbers for names',
      schema: {
        $ref: '#/$defs/anyOf/properties/0',
        $defs: {
          anyOf: { properties: { 0: { anyOf: [text, { $ref: '#/$defs/anyOf/properties/1' }] }, 1: false } },
        },
      },
      value: 1,
      expected: [
        ': anyOf < /$defs/anyOf/properties/0/anyOf',
        '  0 : type < /$defs/anyOf/properties/0/anyOf/0/type',
        '  1 : false schema < /$defs/anyOf/properties/1',
      ],
    },
    {
      fact: 'a property named contains',
      schema: { properties: { contains: { minLength: 2 }, a: { $ref: '#/properties/contains' } } },
      value: { contains: 'a', a: 'b' },
      expected: [
        '/contains: minLength < /properties/contains/minLength',
        '/a: minLength < /properties/contains/minLength',
      ],
    },
  ])('$fact', async ({ schema, value, expected }) => {
    expect(await violations(schema, value)).toEqual(expected);
  });
});

describe('references lead to where they point, though the schema was rewritten', () => {
  test.each<[string, string, Json]>([
    ['into a branch', '#/anyOf/0', { anyOf: [{ maxLength: 1 }, true] }],
    [
      'into the last branch',
      '#/$defs/o/oneOf/2',
      { $defs: { o: { oneOf: [true, false, { maxLength: 1 }] } } },
    ],
    [
      'through branches',
      '#/anyOf/1/properties/a~1b/oneOf/0/items',
      { anyOf: [true, { properties: { 'a/b': { oneOf: [{ items: { maxLength: 1 } }] } } }] },
    ],
    ['into a tuple', '#/$defs/t/prefixItems/1', { $defs: { t: { prefixItems: [true, { maxLength: 1 }] } } }],
    ['into contains', '#/$defs/c/contains', { $defs: { c: { contains: { maxLength: 1 } } } }],
    [
      'through contains',
      '#/$defs/c/contains/anyOf/0',
      { $defs: { c: { contains: { anyOf: [{ maxLength: 1 }] } } } },
    ],
    ['with percent-encoding', '#/$defs/a%20b/anyOf/0', { $defs: { 'a b': { anyOf: [{ maxLength: 1 }] } } }],
  ])('%s', async (_fact, $ref, schema) => {
    const document = { ...(schema as object), properties: { target: { $ref } } } as Json;
    const [line] = await violations(document, { target: 'long' });
    const place = decodeURIComponent($ref.slice(1));
    expect(line).toBe(`/target: maxLength < ${place}/maxLength`);
  });

  test('in draft-07, into a tuple of items', async () => {
    const document = {
      $schema: DRAFT_07,
      items: [true, { anyOf: [text] }],
      properties: { a: { $ref: '#/items/1/anyOf/0' } },
    };
    expect(await violations(document, { a: 1 })).toEqual(['/a: type < /items/1/anyOf/0/type']);
  });
});

describe('a violation points at', () => {
  test.each<Case>([
    {
      fact: 'the property that is too many',
      schema: { properties: { a: true }, additionalProperties: false },
      value: { a: 1, 'b/c': 2, d: 3 },
      expected: [
        '/b~1c: additionalProperties < /additionalProperties',
        '/d: additionalProperties < /additionalProperties',
      ],
    },
    {
      fact: 'the property that nothing evaluated',
      schema: { allOf: [{ properties: { a: true } }], unevaluatedProperties: false },
      value: { a: 1, b: 2 },
      expected: ['/b: unevaluatedProperties < /unevaluatedProperties'],
    },
    {
      fact: 'the property whose name is wrong',
      schema: { propertyNames: { pattern: '^[a-z]+$', maxLength: 2 } },
      value: { Abc: 1, ab: 2 },
      expected: [
        '/Abc: maxLength (name) < /propertyNames/maxLength',
        '/Abc: pattern (name) < /propertyNames/pattern',
      ],
    },
    {
      fact: 'the property whose name is wrong, when names are not allowed at all',
      schema: { propertyNames: false },
      value: { a: 1 },
      expected: ['/a: false schema (name) < /propertyNames'],
    },
    {
      fact: 'the object that lacks a property',
      schema: { properties: { a: { required: ['b'] } } },
      value: { a: {} },
      expected: ['/a: required < /properties/a/required'],
    },
    {
      fact: 'the object that lacks what another property depends on',
      schema: { dependentRequired: { a: ['b'] } },
      value: { a: 1 },
      expected: [': dependentRequired < /dependentRequired'],
    },
    {
      fact: 'the same, as draft-07 spells it',
      schema: { $schema: DRAFT_07, dependencies: { a: ['b'], c: { required: ['d'] } } },
      value: { a: 1, c: 1 },
      expected: [': dependencies < /dependencies', ': required < /dependencies/c/required'],
    },
    {
      fact: 'a property that is not allowed',
      schema: { properties: { legacy: false } },
      value: { legacy: 1 },
      expected: ['/legacy: false schema < /properties/legacy'],
    },
    {
      fact: 'an item that is not allowed',
      schema: { prefixItems: [true], items: false },
      value: [1, 2],
      expected: ['/1: false schema < /items'],
    },
    {
      fact: 'a list with more items than the tuple of draft-07',
      schema: { $schema: DRAFT_07, items: [true], additionalItems: false },
      value: [1, 2],
      expected: [': additionalItems < /additionalItems'],
    },
    {
      fact: 'a list with more items than were evaluated',
      schema: { $schema: DRAFT_2019, allOf: [{ items: [true] }], unevaluatedItems: false },
      value: [1, 2],
      expected: [': unevaluatedItems < /unevaluatedItems'],
    },
    {
      fact: 'a list that lacks an item, not at every item that does not fit',
      schema: { contains: { type: 'object', required: ['id'] } },
      value: [1, {}],
      expected: [': contains < /contains'],
    },
    {
      fact: 'a list that has too many items of a kind',
      schema: { contains: text, maxContains: 1 },
      value: ['a', 1, 'b'],
      expected: [': contains < /contains'],
    },
    {
      fact: 'what is ruled out',
      schema: { properties: { a: { not: text } } },
      value: { a: 'b' },
      expected: ['/a: not < /properties/a/not'],
    },
    {
      fact: 'names with tildes and slashes',
      schema: { properties: { '~/': { properties: { '/~1': text } } } },
      value: { '~/': { '/~1': 1 } },
      expected: ['/~0~1/~1~01: type < /properties/~0~1/properties/~1~01/type'],
    },
    {
      fact: 'an empty name',
      schema: { properties: { '': text } },
      value: { '': 1 },
      expected: ['/: type < /properties//type'],
    },
    {
      fact: 'what a pattern of names covers',
      schema: { patternProperties: { '^a/': text } },
      value: { 'a/b': 1 },
      expected: ['/a~1b: type < /patternProperties/^a~1/type'],
    },
  ])('$fact', async ({ schema, value, expected }) => {
    expect(await violations(schema, value)).toEqual(expected);
    for (const violation of (await usable(schema)).validate(value)) {
      expect(at(schema, violation.schemaPointer)).toBeDefined();
    }
  });
});

test('every violation is told, not only the first', async () => {
  const schema = { properties: { a: text, b: number }, required: ['c'], minProperties: 5 };
  expect(await violations(schema, { a: 1, b: 'x' })).toHaveLength(4);
});
