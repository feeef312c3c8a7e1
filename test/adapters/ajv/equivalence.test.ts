import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Violation } from '../../../src/core/evidence.ts';
import { at, type Json } from '../../../src/core/json.ts';
import { plain } from '../../../src/core/plain.ts';
import { reduceBranches } from '../../../src/core/violation.ts';
import type { Draft } from '../../../src/core/vocabulary.ts';
import { compile, DRAFT_07, DRAFT_2019, DRAFT_2020, type Usable } from './compile.ts';
import { isSatisfied, understood } from './evaluator.ts';

/**
 * Schemas are rewritten before Ajv sees them. Whatever the schema and the value, the answer is the one that the
 * specification gives to the schema as it was written, and every violation leads back into it.
 */

const RUNS = 100;

type Dialect = typeof DRAFT_07 | typeof DRAFT_2019 | typeof DRAFT_2020;

const propertyNames = fc.constantFrom('a', 'b', 'anyOf', 'contains', '~/');
const scalars = fc.constantFrom<Json>(null, true, 0, 1, 2, 3.5, '', 'a', 'bb', 'anyOf');

const { value: values } = fc.letrec<{ value: Json }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3, depthIdentifier: 'value' },
    { arbitrary: scalars, weight: 3 },
    { arbitrary: fc.array(tie('value'), { maxLength: 3, depthIdentifier: 'value' }), weight: 2 },
    {
      arbitrary: fc.dictionary(propertyNames, tie('value'), {
        maxKeys: 3,
        depthIdentifier: 'value',
        noNullPrototype: true,
      }),
      weight: 3,
    },
  ),
}));

/** Definitions that references of every kind can be made to: into a branch, a condition, `contains`, a tuple. */
const references = ['a', 'b/anyOf/0', 'b/anyOf/1', 'c/contains', 'd/oneOf/1/properties/anyOf', 'e/then'];

function schemas(dialect: Dialect): fc.Arbitrary<Json> {
  const [modern, newest] = [dialect !== DRAFT_07, dialect === DRAFT_2020];
  const definitions = modern ? '$defs' : 'definitions';
  const types = fc.constantFrom('null', 'boolean', 'integer', 'number', 'string', 'array', 'object');
  const names = fc.uniqueArray(propertyNames, { maxLength: 2 });

  const { schema } = fc.letrec<{ schema: Json }>((tie) => {
    const one = tie('schema');
    const several = fc.array(one, { minLength: 1, maxLength: 3, depthIdentifier: 'schema' });
    const named = fc.dictionary(propertyNames, one, {
      maxKeys: 2,
      depthIdentifier: 'schema',
      noNullPrototype: true,
    });
    const small = fc.nat({ max: 3 });
    const keywords: Readonly<Record<string, fc.Arbitrary<unknown>>> = {
      type: fc.oneof(types, fc.uniqueArray(types, { minLength: 1, maxLength: 3 })),
      enum: fc.uniqueArray(scalars, { minLength: 1, maxLength: 3 }),
      const: scalars,
      minimum: small,
      exclusiveMaximum: small,
      multipleOf: fc.constantFrom(1, 2),
      minLength: small,
      maxLength: small,
      pattern: fc.constantFrom('^a', 'b$', ''),
      required: names,
      properties: named,
      patternProperties: fc.dictionary(fc.constantFrom('^a', 'O'), one, {
        maxKeys: 2,
        noNullPrototype: true,
      }),
      additionalProperties: one,
      propertyNames: one,
      minProperties: small,
      maxProperties: small,
      items: newest ? one : fc.oneof(one, several),
      ...(newest ? { prefixItems: several } : { additionalItems: one }),
      contains: one,
      uniqueItems: fc.boolean(),
      maxItems: small,
      allOf: several,
      anyOf: several,
      oneOf: several,
      not: one,
      if: one,
      else: one,
      ...(modern
        ? {
            minContains: small,
            maxContains: small,
            dependentRequired: fc.dictionary(propertyNames, names, { maxKeys: 1, noNullPrototype: true }),
            dependentSchemas: named,
            unevaluatedProperties: one,
            unevaluatedItems: one,
          }
        : {
            dependencies: fc.dictionary(propertyNames, fc.oneof(one, names), {
              maxKeys: 1,
              noNullPrototype: true,
            }),
          }),
      ...(dialect === DRAFT_2019 ? { $recursiveRef: fc.constant('#') } : {}),
      ...(newest ? { $dynamicRef: fc.constant('#root') } : {}),
      $ref: fc.constantFrom('#', ...references.map((path) => `#/${definitions}/${path}`)),
    };
    const all = [...Object.keys(keywords), 'then'];
    const some = fc
      .uniqueArray(fc.constantFrom(...all), { minLength: 1, maxLength: 4 })
      .chain((chosen) =>
        fc.record(Object.fromEntries(chosen.map((keyword) => [keyword, keywords[keyword] ?? one]))),
      ) as fc.Arbitrary<Json>;
    return {
      schema: fc.oneof(
        { maxDepth: 3, depthIdentifier: 'schema' },
        { arbitrary: fc.constantFrom<Json>(false, true, { type: 'string' }, { type: 'object' }), weight: 2 },
        { arbitrary: some, weight: 5 },
      ),
    };
  });

  return fc.tuple(schema, schema, schema, schema, schema).map(
    ([root, a, b, c, d]): Json => ({
      $schema: dialect,
      ...(newest ? { $dynamicAnchor: 'root' } : {}),
      ...(typeof root === 'object' ? root : { not: root }),
      [definitions]: {
        a,
        b: { anyOf: [a, b] },
        c: { contains: c },
        d: { oneOf: [a, { properties: { anyOf: d } }] },
        e: Object.fromEntries([
          ['if', a],
          ['then', { items: false, additionalProperties: b }],
        ]),
      },
    }),
  );
}

/** What schemas answer that refer to themselves without an end. */
const NOTHING = 'nothing';

function unlessEndless<T>(judge: () => T): T | typeof NOTHING {
  try {
    return judge();
  } catch (error) {
    if (error instanceof RangeError) return NOTHING;
    throw error;
  }
}

function every(violations: readonly Violation[]): readonly Violation[] {
  return violations.flatMap((violation) => [
    violation,
    ...(violation.branches ?? []).flatMap((branch) => every(branch)),
  ]);
}

/** Whether there was an answer at all. */
function expectToAgree({ validate, notes }: Usable, schema: Json, value: Json, draft: Draft): boolean {
  const isValid = unlessEndless(() => isSatisfied(understood(schema, notes), value, draft));
  const violations = unlessEndless(() => validate(value));
  if (isValid === NOTHING || violations === NOTHING) return false;
  expect({ value, valid: violations.length === 0 }).toEqual({ value, valid: isValid });
  if (violations.length === 0) return true;
  for (const { pointer, schemaPointer } of every(violations)) {
    expect(at(value, pointer), `${pointer} of the value`).toBeDefined();
    expect(at(schema, schemaPointer), `${schemaPointer} of the schema`).toBeDefined();
  }
  expect(reduceBranches(violations).length).toBeGreaterThan(0);
  return true;
}

const endless = 'it refers to itself in a way that the validator cannot follow';

describe.each([
  { draft: 'draft-07', dialect: DRAFT_07 },
  { draft: '2019-09', dialect: DRAFT_2019 },
  { draft: '2020-12', dialect: DRAFT_2020 },
] as const)('$draft', ({ draft, dialect }) => {
  test('a schema is judged as the specification says, and violations lead into it as it was written', async () => {
    let answers = 0;
    await fc.assert(
      fc.asyncProperty(
        schemas(dialect),
        fc.array(values, { minLength: 8, maxLength: 16 }),
        async (schema, some) => {
          const compiled = await compile(schema);
          if (!compiled.ok) {
            expect(plain(compiled.why)).toBe(endless);
            return;
          }
          for (const value of some) answers += Number(expectToAgree(compiled, schema, value, draft));
        },
      ),
      { numRuns: RUNS },
    );
    expect(answers).toBeGreaterThan(RUNS * 6);
  }, 120_000);
});
