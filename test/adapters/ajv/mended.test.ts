import { Ajv } from 'ajv';
import { Ajv2019 } from 'ajv/dist/2019.js';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, test } from 'vitest';
import { ajvOptions } from '../../../src/adapters/ajv/options.ts';
import type { Json, JsonObject } from '../../../src/core/json.ts';
import { draftOf } from '../../../src/core/vocabulary.ts';
import { DRAFT_07, DRAFT_2019, DRAFT_2020, notes, usable, violations, when } from './compile.ts';
import { isSatisfied } from './evaluator.ts';

/** Where Ajv judges otherwise than the specification says, our validator doesn't: docs/adr/0018-mended-ajv.md. */

const one = { const: 1 };
const text = { type: 'string' };

interface Case {
  readonly fact: string;
  readonly schema: JsonObject;
  readonly value: Json;
  /** As `outline` says them; none when the value is sound. */
  readonly expected: readonly string[];
}

/** Checks the expectation, too: the second opinion has to agree with whoever wrote it down. */
async function check({ schema, value, expected }: Case): Promise<void> {
  expect(await violations(schema, value)).toEqual(expected);
  const draft = draftOf(schema['$schema']) ?? '2020-12';
  expect(isSatisfied(schema, value, draft)).toBe(expected.length === 0);
}

describe.each([
  ['draft-07', DRAFT_07],
  ['2019-09', DRAFT_2019],
  ['2020-12', DRAFT_2020],
])('%s: each array has to contain for itself', (_draft, $schema) => {
  test.each<Case>([
    {
      fact: 'in items',
      schema: { items: { contains: one } },
      value: [[1], [], [2], [2, 1]],
      expected: ['/1: contains < /items/contains', '/2: contains < /items/contains'],
    },
    {
      fact: 'in additional members',
      schema: { additionalProperties: { contains: one } },
      value: { a: [1], b: [] },
      expected: ['/b: contains < /additionalProperties/contains'],
    },
    {
      fact: 'in members by pattern, in members of members',
      schema: { patternProperties: { '': { properties: { a: { contains: one } } } } },
      value: { a: { a: [1] }, b: { a: [] } },
      expected: ['/b/a: contains < /patternProperties//properties/a/contains'],
    },
    {
      fact: 'in a container',
      schema: { contains: { contains: one, minItems: 0 } },
      value: [[2], []],
      expected: [': contains < /contains'],
    },
    {
      fact: 'beside other keywords, which object as ever',
      schema: { items: { type: 'array', contains: one, maxItems: 1, items: { type: 'number' } } },
      value: [[1], ['a', 'b'], 3],
      expected: [
        '/1: contains < /items/contains',
        '/1: maxItems < /items/maxItems',
        '/1/0: type < /items/items/type',
        '/1/1: type < /items/items/type',
        '/2: type < /items/type',
      ],
    },
    {
      fact: 'in a branch, whose objections stay its own',
      schema: { items: { anyOf: [{ contains: one }, text] } },
      value: [[1], []],
      expected: [
        '/1: anyOf < /items/anyOf',
        '  0 /1: contains < /items/anyOf/0/contains',
        '  1 /1: type < /items/anyOf/1/type',
      ],
    },
    {
      fact: 'an empty array contains nothing, anything else may be empty',
      schema: { contains: true },
      value: [],
      expected: [': contains < /contains'],
    },
    { fact: 'what is no array need not', schema: { contains: one }, value: {}, expected: [] },
  ])('$fact', async ({ schema, ...rest }) => {
    await check({ ...rest, schema: { $schema, ...schema } });
  });

  test.each<[string, JsonObject, Json, readonly [sound: Json, unsound: Json]]>([
    ['contains', { contains: { type: 'number' } }, one, [['a', 1], []]],
    ['if', { if: text, else: { type: 'array' } }, [], [3, 'a']],
  ])('what stands in %s can be referred to', async (keyword, definition) => {
    const $ref = `#/definitions/a/${keyword}`;
    const { validate } = await usable({ $schema, items: { $ref }, definitions: { a: definition } });
    const [sound, unsound] = keyword === 'if' ? ['a', 1] : [1, 'a'];
    expect(validate([sound])).toEqual([]);
    expect(validate([unsound])).toMatchObject([{ schemaPointer: ['definitions', 'a', keyword, 'type'] }]);
  });
});

describe.each([DRAFT_2019, DRAFT_2020])('%s: how many have to fit is counted', ($schema) => {
  test.each<[string, JsonObject, Json, JsonObject | undefined]>([
    ['none need to', { minContains: 0 }, [], undefined],
    ['none need to, none does', { minContains: 0 }, [2], undefined],
    ['one at most', { minContains: 0, maxContains: 1 }, [], undefined],
    ['one at most, two do', { minContains: 0, maxContains: 1 }, [1, 1], { minContains: 0, maxContains: 1 }],
    ['two', { minContains: 2 }, [1, 2, 1], undefined],
    ['two, one does', { minContains: 2 }, [1, 2], { minContains: 2 }],
    ['two, there are none', { minContains: 2 }, [], { minContains: 2 }],
    ['one to two', { maxContains: 2 }, [], { minContains: 1, maxContains: 2 }],
    ['two to one', { minContains: 2, maxContains: 1 }, [1, 1], { minContains: 2, maxContains: 1 }],
  ])('%s', async (_fact, counts, value, params) => {
    const schema = { $schema, items: { contains: one, ...counts } };
    const { validate } = await usable(schema);
    const expected =
      params === undefined
        ? []
        : [{ pointer: ['1'], keyword: 'contains', schemaPointer: ['items', 'contains'], params }];
    expect(validate([[1, 1], value]).filter(({ pointer }) => pointer[0] === '1')).toEqual(expected);
  });
});

describe('draft-07: what stands beside a reference', () => {
  const definitions = { text };
  const $ref = '#/definitions/text';
  const schema = { $schema: DRAFT_07, definitions };

  test.each<Case>([
    { fact: 'a type', schema: { ...schema, $ref, type: 'object' }, value: 'a', expected: [] },
    {
      fact: 'a type deeper inside',
      schema: { ...schema, items: { $ref, type: 'number', maxLength: 0 } },
      value: ['a', 1],
      expected: ['/1: type < /definitions/text/type'],
    },
    {
      fact: 'contains',
      schema: { ...schema, $ref: '#/definitions/any', definitions: { any: {} }, contains: one },
      value: [],
      expected: [],
    },
  ])('asks for nothing: $fact', check);

  test('is no reason to refuse the schema: nullable, which belongs to a type', async () => {
    expect(await violations({ ...schema, $ref, nullable: true }, null)).toEqual([
      ': type < /definitions/text/type',
    ]);
  });

  test('can be referred to', async () => {
    const recursive = {
      $schema: DRAFT_07,
      $ref: '#/properties/a',
      properties: { a: { items: { $ref: '#/definitions/b/not' } } },
      definitions: { b: { $ref: '#', not: text, type: 'null' } },
    };
    expect(await violations(recursive, ['a', 1])).toEqual(['/1: type < /definitions/b/not/type']);
  });

  test('is noted when nobody knows it, as anywhere else', async () => {
    expect(await notes({ ...schema, $ref, maxLenght: 1, type: 'string' })).toEqual([
      'the keyword maxLenght at /maxLenght',
    ]);
  });

  test('counts in later drafts', async () => {
    expect(await violations({ $ref, definitions, type: 'object' }, 'a')).toEqual([': type < /type']);
  });
});

describe('items that fit `contains`', () => {
  const rest = { unevaluatedItems: false };

  test.each<Case>([
    {
      fact: 'are evaluated in 2020-12, the others are not',
      schema: { contains: text, ...rest },
      value: ['a', 1, 'b', 2],
      expected: ['/1: false schema < /unevaluatedItems', '/3: false schema < /unevaluatedItems'],
    },
    {
      fact: 'are evaluated when none need to fit',
      schema: { contains: text, minContains: 0, ...rest },
      value: ['a', 1],
      expected: ['/1: false schema < /unevaluatedItems'],
    },
    {
      fact: 'are evaluated, whatever is asked of the others',
      schema: { contains: text, unevaluatedItems: { type: 'number', maximum: 3 } },
      value: ['a', 2, 4, null],
      expected: ['/2: maximum < /unevaluatedItems/maximum', '/3: type < /unevaluatedItems/type'],
    },
    {
      fact: 'are evaluated beside those of a tuple',
      schema: { prefixItems: [true], contains: text, ...rest },
      value: [1, 'a', 1],
      expected: ['/2: false schema < /unevaluatedItems'],
    },
    {
      fact: 'are evaluated by each of several, in allOf and behind references',
      schema: {
        allOf: [{ contains: text }, { $ref: '#/$defs/a' }],
        $defs: { a: { contains: { type: 'null' } } },
        ...rest,
      },
      value: ['a', null, 1],
      expected: ['/2: false schema < /unevaluatedItems'],
    },
    {
      fact: 'are evaluated wherever that is',
      schema: { properties: { 'a%/ü #': { anyOf: [{ contains: text, ...rest }] } } },
      value: { 'a%/ü #': ['a', 1] },
      expected: [
        '/a%~1ü #: anyOf < /properties/a%~1ü #/anyOf',
        '  0 /a%~1ü #/1: false schema < /properties/a%~1ü #/anyOf/0/unevaluatedItems',
      ],
    },
    {
      fact: 'may have unevaluated items of their own',
      schema: { contains: { contains: text, ...rest }, ...rest },
      value: [['a'], ['a', 1]],
      expected: ['/1: false schema < /unevaluatedItems'],
    },
    {
      fact: 'are not evaluated in 2019-09',
      schema: { $schema: DRAFT_2019, contains: text, ...rest },
      value: ['a', 1],
      expected: [': unevaluatedItems < /unevaluatedItems'],
    },
    {
      fact: 'elsewhere make no difference',
      schema: { properties: { a: { contains: text } }, anyOf: [{ prefixItems: [true] }], ...rest },
      value: [1, 'a'],
      expected: [': unevaluatedItems < /unevaluatedItems'],
    },
  ])('$fact', async (given) => {
    await check(given);
    expect(await notes(given.schema)).toEqual([]);
  });

  test.each<[string, JsonObject]>([
    ['in an alternative', { anyOf: [{ contains: one }, true] }],
    ['in one of alternatives', { oneOf: [{ allOf: [{ contains: one }] }] }],
    ['under a condition', { ...when(true, { contains: one }) }],
    ['behind an anchor', { $ref: '#a', $defs: { a: { $anchor: 'a', contains: one } } }],
    ['in a document of parts', { contains: one, $defs: { a: { $id: 'https://example.org/a' } } }],
  ])(
    '%s: whether they count is not known, so unevaluatedItems is passed over, and noted',
    async (_fact, schema) => {
      const given = { ...schema, ...rest };
      expect(await notes(given)).toEqual(['the keyword unevaluatedItems at /unevaluatedItems']);
      expect(await violations(given, [1, 2])).toEqual([]);
    },
  );

  test('behind a dynamic reference it is no other', async () => {
    const schema = {
      $dynamicAnchor: 'a',
      contains: one,
      properties: { b: { $dynamicRef: '#a', ...rest } },
    };
    expect(await notes(schema)).toEqual(['the keyword unevaluatedItems at /properties/b/unevaluatedItems']);
    expect(await violations(schema, { b: [1, 2] })).toEqual([]);
    expect(await violations(schema, { b: [] })).toEqual(['/b: contains < /contains']);
  });

  test('what is passed over evaluates everything', async () => {
    const schema = { allOf: [{ anyOf: [{ contains: one }], ...rest }], ...rest };
    expect(await notes(schema)).toEqual([
      'the keyword unevaluatedItems at /allOf/0/unevaluatedItems',
      'the keyword unevaluatedItems at /unevaluatedItems',
    ]);
    expect(await violations(schema, [1, 2])).toEqual([]);
  });
});

describe('what a schema evaluates is known of each value by itself:', () => {
  const eitherOr = [
    { required: ['a'], properties: { a: one } },
    { required: ['c'], properties: { c: true } },
  ];
  const closed = { unevaluatedProperties: false };
  const objection = 'unevaluatedProperties < /items/unevaluatedProperties';

  test.each<Case>([
    {
      fact: 'members, by an alternative that held for the item before',
      schema: { items: { anyOf: eitherOr, ...closed } },
      value: [{ a: 1 }, { a: 2, c: 1 }],
      expected: [`/1/a: ${objection}`],
    },
    {
      fact: 'items, by an alternative that does not hold',
      schema: { anyOf: [{ prefixItems: [one] }, { minItems: 1 }], unevaluatedItems: false },
      value: [2],
      expected: [': unevaluatedItems < /unevaluatedItems'],
    },
    {
      fact: 'items, by alternatives within alternatives, of the array before',
      schema: {
        items: { anyOf: [{ oneOf: [{ prefixItems: [one] }, { minItems: 2 }] }], unevaluatedItems: false },
      },
      value: [[1], [2, 3]],
      expected: ['/1: unevaluatedItems < /items/unevaluatedItems'],
    },
    {
      fact: 'all items, by an alternative',
      schema: { anyOf: [{ items: true }], unevaluatedItems: false },
      value: [1, 2, 3],
      expected: [],
    },
    {
      fact: 'members by pattern, beside an alternative that does not hold',
      schema: { anyOf: [eitherOr[0] ?? true, { required: ['b'] }], patternProperties: { b: one } },
      value: { b: 1 },
      expected: [],
    },
    {
      fact: 'members whose name every object inherits',
      schema: { items: { patternProperties: { '^a': true }, ...closed } },
      value: [{ a: 1, constructor: 1, toString: 1 }],
      expected: [`/0/constructor: ${objection}`, `/0/toString: ${objection}`],
    },
    {
      fact: 'members, by a condition that is met',
      schema: { items: { ...when({ required: ['a'], properties: { a: one } }, true), ...closed } },
      value: [{ a: 1 }],
      expected: [],
    },
    {
      fact: 'not by one that is not met',
      schema: {
        items: { ...when({ required: ['a'], properties: { a: one } }, true), ...closed },
      },
      value: [{ a: 1 }, { a: 2 }],
      expected: [`/1/a: ${objection}`],
    },
    {
      fact: 'by a condition alone',
      schema: { if: { properties: { a: one } }, ...closed },
      value: { a: 1 },
      expected: [],
    },
    {
      fact: 'by then and else, whose objections stay theirs',
      schema: {
        ...when({ required: ['a'] }, { properties: { a: text } }),
        else: { properties: { b: text } },
        ...closed,
      },
      value: { a: 1, b: 'b' },
      expected: ['/a: type < /then/properties/a/type', '/b: unevaluatedProperties < /unevaluatedProperties'],
    },
  ])('$fact', check);
});

describe('inside of a condition every keyword counts:', () => {
  test.each<Case>([
    {
      fact: 'those beside a tuple that is longer than the array',
      schema: { not: { prefixItems: [true, true, one], uniqueItems: true, contains: one } },
      value: [2, 2],
      expected: [],
    },
    {
      fact: 'the same without its container',
      schema: { not: { prefixItems: [true, true, one], uniqueItems: true } },
      value: [2, 2],
      expected: [],
    },
    {
      fact: 'those beside a dynamic reference',
      schema: { $dynamicAnchor: 'a', properties: { a: { not: { $dynamicRef: '#a', const: 5 } } } },
      value: { a: {} },
      expected: [],
    },
    {
      fact: 'those beside a recursive one',
      schema: { $schema: DRAFT_2019, properties: { a: { not: { $recursiveRef: '#', const: 5 } } } },
      value: { a: {} },
      expected: [],
    },
    {
      fact: 'and where they are set apart, they object at their place',
      schema: { prefixItems: [true], uniqueItems: true, allOf: [{ maxItems: 1 }] },
      value: [2, 2],
      expected: [': maxItems < /allOf/0/maxItems', ': uniqueItems < /uniqueItems'],
    },
  ])('$fact', check);
});

/** When one of these turns red, Ajv has learned it, and what is written around it can go. */
describe('plain Ajv judges otherwise than the specification:', () => {
  const engines = { 'draft-07': Ajv, '2019-09': Ajv2019, '2020-12': Ajv2020 };

  function judge(schema: JsonObject, value: Json): unknown {
    const draft = draftOf(schema['$schema']) ?? '2020-12';
    const { keywords, ...options } = ajvOptions(draft);
    try {
      return new engines[draft](options).compile(schema)(value);
    } catch (error) {
      return Object(error).name;
    }
  }

  const [a, b] = [{ required: ['a'], properties: { a: one } }, { required: ['b'] }];
  const closed = { unevaluatedProperties: false };

  test.each<[string, JsonObject, Json, unknown]>([
    ['contains in a loop', { items: { contains: one } }, [[1], []], true],
    [
      'a type beside a reference',
      { $schema: DRAFT_07, $ref: '#/definitions/a', definitions: { a: true }, type: 'null' },
      1,
      false,
    ],
    ['items left over by contains', { contains: one, unevaluatedItems: false }, [1, 2], true],
    ['contains in 2019-09', { $schema: DRAFT_2019, contains: one, unevaluatedItems: false }, [1], true],
    ['alternatives in a loop', { items: { anyOf: [a, true], ...closed } }, [{ a: 1 }, { a: 2 }], true],
    [
      'items of an alternative',
      { anyOf: [{ prefixItems: [one] }, true], unevaluatedItems: false },
      [2],
      true,
    ],
    ['all items', { anyOf: [{ items: true }], unevaluatedItems: false }, [1, 2], false],
    ['members by pattern', { anyOf: [a, b], patternProperties: { b: true } }, { b: 1 }, 'TypeError'],
    ['inherited names', { patternProperties: { b: true }, ...closed }, { constructor: 1 }, true],
    ['an unmet condition', { ...when(a, b), ...closed }, { a: 2 }, true],
    ['a condition alone', { if: a, ...closed }, { a: 1 }, false],
    ['a tuple in a condition', { not: { prefixItems: [true, true, one], uniqueItems: true } }, [2, 2], false],
    [
      'a recursive reference in a condition',
      { $schema: DRAFT_2019, properties: { a: { not: { $recursiveRef: '#', const: 5 } } } },
      { a: {} },
      false,
    ],
  ])('%s', async (_fact, schema, value, verdict) => {
    expect(judge(schema, value)).toBe(verdict);
    const isSound = isSatisfied(schema, value, draftOf(schema['$schema']) ?? '2020-12');
    expect(isSound).not.toBe(verdict);
    expect((await violations(schema, value)).length === 0).toBe(isSound);
  });
});
