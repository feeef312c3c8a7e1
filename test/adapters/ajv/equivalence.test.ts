import { Ajv } from 'ajv';
import { Ajv2019 } from 'ajv/dist/2019.js';
import { Ajv2020 } from 'ajv/dist/2020.js';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { formats } from '../../../src/adapters/ajv/formats.ts';
import type { Validate, Violation } from '../../../src/core/evidence.ts';
import { at, type Json, type JsonObject } from '../../../src/core/json.ts';
import { reduceBranches } from '../../../src/core/violation.ts';
import { compile, DRAFT_07, DRAFT_2019, DRAFT_2020 } from './compile.ts';

/**
 * Schemas are rewritten before Ajv sees them. Whatever the schema and the value, the answer is the one that Ajv
 * gives to the schema as it was written, and every violation leads back into it.
 */

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
      ...(typeof root === 'object' ? root : { not: root }),
      [definitions]: {
        a,
        b: { anyOf: [a, b] },
        // A reference into `contains: true` is not followed: such a schema is refused.
        c: { contains: c === true ? {} : c },
        d: { oneOf: [a, { properties: { anyOf: d } }] },
        e: Object.fromEntries([
          ['if', a],
          ['then', { items: false, additionalProperties: b }],
        ]),
      },
    }),
  );
}

function plainAjv(schema: Json, dialect: Dialect): (value: Json) => boolean {
  const options = {
    allErrors: true,
    ownProperties: true,
    strict: false,
    strictNumbers: true,
    allowUnionTypes: true,
    unicodeRegExp: true,
    logger: false,
    formats,
  } as const;
  const document = schema as JsonObject;
  switch (dialect) {
    case DRAFT_07:
      return new Ajv({ ...options, ignoreKeywordsWithRef: true } as typeof options).compile(document);
    case DRAFT_2019:
      return new Ajv2019(options).compile(document);
    case DRAFT_2020:
      return new Ajv2020(options).compile(document);
  }
}

/** What schemas answer that refer to themselves without an end, or that break Ajv, with or without us. */
const NOTHING = 'nothing';

function unlessBroken<T>(judge: () => T): T | typeof NOTHING {
  try {
    return judge();
  } catch (error) {
    if (error instanceof RangeError || isBugOfAjv(error)) return NOTHING;
    throw error;
  }
}

/** It forgets at times to make the object in which it notes what is evaluated. */
function isBugOfAjv(error: unknown): boolean {
  return error instanceof TypeError && error.message.startsWith('Cannot set properties of undefined');
}

function every(violations: readonly Violation[]): readonly Violation[] {
  return violations.flatMap((violation) => [
    violation,
    ...(violation.branches ?? []).flatMap((branch) => every(branch)),
  ]);
}

function expectToAgree(validate: Validate, isValid: (value: Json) => boolean, schema: Json, value: Json) {
  const valid = unlessBroken(() => isValid(value));
  const violations = unlessBroken(() => validate(value));
  expect(violations === NOTHING ? NOTHING : violations.length === 0).toBe(valid);
  if (violations === NOTHING || violations.length === 0) return;
  for (const { pointer, schemaPointer } of every(violations)) {
    // Ajv takes `true`, all items, for the number of evaluated items when nested schemas tell it at run time.
    if (!pointer.includes('true')) expect(at(value, pointer), `${pointer} of the value`).toBeDefined();
    expect(at(schema, schemaPointer), `${schemaPointer} of the schema`).toBeDefined();
  }
  expect(reduceBranches(violations).length).toBeGreaterThan(0);
}

describe.each([
  { draft: 'draft-07', dialect: DRAFT_07 },
  { draft: '2019-09', dialect: DRAFT_2019 },
  { draft: '2020-12', dialect: DRAFT_2020 },
] as const)('$draft', ({ dialect }) => {
  test('the prepared schema answers as the original does, and violations lead back into it', async () => {
    await fc.assert(
      fc.asyncProperty(
        schemas(dialect),
        fc.array(values, { minLength: 8, maxLength: 16 }),
        async (schema, some) => {
          const compiled = await compile(schema);
          const isValid = unlessBroken(() => plainAjv(schema, dialect));
          if (!compiled.ok || isValid === NOTHING) {
            expect({ compiled: compiled.ok, plain: isValid !== NOTHING }).toEqual({
              compiled: false,
              plain: false,
            });
            return;
          }
          for (const value of some) expectToAgree(compiled.validate, isValid, schema, value);
        },
      ),
      { numRuns: 100 },
    );
  }, 120_000);
});
