import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Json, JsonObject } from '../../../src/core/json.ts';
import type { Draft } from '../../../src/core/vocabulary.ts';
import { DRAFT_07, DRAFT_2019, DRAFT_2020, usable } from './compile.ts';
import { isSatisfied, understood } from './evaluator.ts';

/** Items and members in loops, `contains`, and what is left unevaluated: compared where Ajv by itself goes astray. */

const RUNS = 150;

const leaves = fc.constantFrom<Json>(true, false, { const: 1 }, { type: 'string' }, { minimum: 1 });

function keywords(draft: Draft, one: fc.Arbitrary<Json>): Readonly<Record<string, fc.Arbitrary<unknown>>> {
  const few = fc.array(one, { minLength: 1, maxLength: 2 });
  const named = fc.dictionary(fc.constantFrom('a', 'b', 'constructor'), one, {
    minKeys: 1,
    maxKeys: 2,
    noNullPrototype: true,
  });
  const counts = fc.nat({ max: 2 });
  return {
    contains: one,
    items: draft === '2020-12' ? leaves : fc.oneof(leaves, few),
    properties: named,
    patternProperties: fc.dictionary(fc.constantFrom('^a', 'b'), one, {
      minKeys: 1,
      maxKeys: 2,
      noNullPrototype: true,
    }),
    required: fc.constantFrom(['a'], ['b']),
    minItems: counts,
    uniqueItems: fc.constant(true),
    propertyNames: fc.constantFrom<Json>({ minLength: 2 }, { const: 'a' }),
    type: fc.constantFrom('array', 'object'),
    allOf: few,
    anyOf: few,
    oneOf: few,
    not: one,
    if: one,
    else: one,
    $ref: fc.constantFrom('#/definitions/p', '#/definitions/q/contains', '#/definitions/q/if'),
    ...(draft === 'draft-07' ? {} : { minContains: counts, maxContains: counts }),
    ...(draft === 'draft-07' ? {} : { unevaluatedItems: one, unevaluatedProperties: one }),
    ...(draft === 'draft-07' ? {} : { dependentSchemas: named }),
    ...(draft === '2020-12' ? { prefixItems: few } : { additionalItems: leaves }),
  };
}

function documents(draft: Draft, $schema: string): fc.Arbitrary<JsonObject> {
  const { schema } = fc.letrec<{ schema: Json }>((tie) => {
    const all = keywords(draft, tie('schema'));
    const some = fc
      .uniqueArray(fc.constantFrom(...Object.keys(all), 'then'), { minLength: 1, maxLength: 4 })
      .chain((chosen) => fc.record(Object.fromEntries(chosen.map((name) => [name, all[name] ?? leaves]))));
    return {
      schema: fc.oneof(
        { maxDepth: 3, depthIdentifier: 'schema' },
        { arbitrary: leaves, weight: 1 },
        { arbitrary: some as fc.Arbitrary<Json>, weight: 3 },
      ),
    };
  });
  const loops = fc.constantFrom('items', 'additionalProperties', 'patternProperties', 'contains');
  return fc.tuple(schema, schema, schema, loops).map(([p, q, inner, loop]) => ({
    $schema,
    [loop]: loop === 'patternProperties' ? { '': inner } : inner,
    // Otherwise they could refer to themselves.
    definitions: {
      p: withoutReferences(p),
      q: withoutReferences(
        Object.fromEntries([
          ['contains', q],
          ['if', p],
        ]),
      ),
    },
  }));
}

function withoutReferences(json: Json): Json {
  return JSON.parse(JSON.stringify(json, (name, part) => (name === '$ref' ? undefined : part)));
}

const scalars = fc.constantFrom<Json>(0, 1, 2, 'a');
const names = fc.constantFrom('a', 'b', 'ab', 'constructor');
const parts = fc.oneof(
  fc.array(scalars, { maxLength: 3 }),
  fc.dictionary(names, scalars, { maxKeys: 3, noNullPrototype: true }),
  fc.array(fc.array(scalars, { maxLength: 2 }), { maxLength: 2 }),
  scalars,
);
const values: fc.Arbitrary<Json> = fc.oneof(
  fc.array(parts, { maxLength: 3 }),
  fc.dictionary(names, parts, { maxKeys: 3, noNullPrototype: true }),
);

describe.each([
  { draft: 'draft-07', dialect: DRAFT_07 },
  { draft: '2019-09', dialect: DRAFT_2019 },
  { draft: '2020-12', dialect: DRAFT_2020 },
] as const)('$draft', ({ draft, dialect }) => {
  test('parts of a value are judged one by one, whatever those before them were', async () => {
    await fc.assert(
      fc.asyncProperty(
        documents(draft, dialect),
        fc.array(values, { minLength: 10, maxLength: 20 }),
        async (document, some) => {
          const { validate, notes } = await usable(document);
          const asked = understood(document, notes);
          for (const value of some) {
            const isValid = validate(value).length === 0;
            expect({ value, isValid }).toEqual({ value, isValid: isSatisfied(asked, value, draft) });
          }
        },
      ),
      { numRuns: RUNS },
    );
  }, 120_000);
});
