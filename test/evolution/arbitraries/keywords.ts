import fc from 'fast-check';
import type { Json, JsonObject } from '../../../src/core/json.ts';
import type { Draft } from '../../../src/core/vocabulary.ts';
import { arrays, formats, names, numbers, objects, patterns, strings } from './words.ts';

/** What the keywords of a schema are mostly about; with those of one family they bear on each other. */
export type Family = 'array' | 'number' | 'object' | 'string';

export const families: readonly Family[] = ['object', 'array', 'string', 'number'];

/** A keyword's arguments, and in how many of a hundred schemas it stands. */
export type Offer = readonly [percent: number, argument: fc.Arbitrary<Json>];
export type Offers = Readonly<Record<string, Offer>>;

/** Each keyword in its share of schemas, by itself. So shrinking drops them one by one. */
export function some(offers: Offers): fc.Arbitrary<JsonObject> {
  const members = Object.entries(offers).map(([keyword, [percent, argument]]) =>
    fc.oneof(
      { arbitrary: fc.constant<JsonObject>({}), weight: 100 - percent },
      { arbitrary: argument.map((value): JsonObject => ({ [keyword]: value })), weight: percent },
    ),
  );
  return fc.tuple(...members).map((parts): JsonObject => Object.assign({}, ...parts));
}

const nameLists = fc.uniqueArray(fc.constantFrom(...names), { minLength: 1, maxLength: 2 });

export function mapOf(keys: readonly string[], value: fc.Arbitrary<Json>, size = 2): fc.Arbitrary<Json> {
  const entries = fc.array(fc.tuple(fc.constantFrom(...keys), value), { minLength: 1, maxLength: size });
  return entries.map((members): Json => Object.fromEntries(members));
}

const between = (low: number, high: number) => fc.integer({ min: low, max: high });
const bound = (low: number, high: number): fc.Arbitrary<Json> =>
  fc.oneof(
    { arbitrary: between(low, high), weight: 5 },
    { arbitrary: between(low, high - 1).map((n) => n + 0.5), weight: 1 },
  );

/** What can be said of a value without another schema. Low bounds are mostly below the high ones. */
export function assertions(family: Family, draft: Draft): Offers {
  const modern = draft !== 'draft-07';
  switch (family) {
    case 'number':
      return {
        minimum: [30, bound(-2, 2)],
        exclusiveMinimum: [15, bound(-2, 2)],
        maximum: [30, bound(2, 7)],
        exclusiveMaximum: [15, bound(3, 7)],
        multipleOf: [25, fc.constantFrom(1, 2, 2, 3, 3, 4, 6)],
      };
    case 'string':
      return {
        minLength: [24, between(0, 3)],
        maxLength: [26, between(1, 5)],
        pattern: [40, fc.constantFrom(...patterns)],
        format: [8, fc.constantFrom(...Object.keys(formats))],
      };
    case 'array':
      return {
        uniqueItems: [20, fc.constantFrom(true, true, false)],
        minItems: [20, between(0, 2)],
        maxItems: [22, between(1, 4)],
        // Draft-07 doesn't know them: there they must not count.
        minContains: [modern ? 12 : 3, between(0, 2)],
        maxContains: [modern ? 12 : 3, between(1, 3)],
      };
    case 'object':
      return {
        required: [40, nameLists],
        minProperties: [12, between(0, 2)],
        maxProperties: [14, between(1, 3)],
        dependentRequired: [modern ? 12 : 3, mapOf(names, nameLists)],
      };
  }
}

/** The keywords of a family whose arguments are schemas. */
export function applicators(family: Family, draft: Draft, one: fc.Arbitrary<Json>): Offers {
  const [modern, newest] = [draft !== 'draft-07', draft === '2020-12'];
  const several = fc.array(one, { minLength: 1, maxLength: 2 });
  const mostlyFalse = fc.oneof(
    { arbitrary: fc.constant<Json>(false), weight: 2 },
    { arbitrary: one, weight: 3 },
  );
  switch (family) {
    case 'number':
    case 'string':
      return {};
    case 'array':
      return {
        ...(newest
          ? { prefixItems: [30, several], items: [45, one], additionalItems: [3, one] }
          : {
              items: [65, fc.oneof(one, several)],
              additionalItems: [25, mostlyFalse],
              prefixItems: [3, several],
            }),
        contains: [22, one],
        unevaluatedItems: [modern ? 12 : 2, mostlyFalse],
      };
    case 'object':
      return {
        properties: [65, mapOf(names, one, 3)],
        patternProperties: [15, mapOf(patterns, one)],
        additionalProperties: [30, mostlyFalse],
        propertyNames: [8, nameSchemas],
        dependentSchemas: [modern ? 10 : 2, mapOf(names, one, 1)],
        dependencies: [modern ? 3 : 18, mapOf(names, fc.oneof(one, nameLists))],
        unevaluatedProperties: [modern ? 14 : 2, mostlyFalse],
      };
  }
}

const nameSchemas: fc.Arbitrary<Json> = some({
  pattern: [60, fc.constantFrom('^a', 'b$', '^[a-c]+$', '^[^a]')],
  maxLength: [40, between(1, 2)],
  enum: [20, fc.uniqueArray(fc.constantFrom(...names), { minLength: 2, maxLength: 3 })],
});

/** Values that `const` and `enum` list, mostly of the family. */
export function constants(family: Family): fc.Arbitrary<Json> {
  const own: Readonly<Record<Family, readonly Json[]>> = {
    array: arrays,
    number: numbers,
    object: objects,
    string: strings,
  };
  return fc.oneof(
    { arbitrary: fc.constantFrom(...own[family]), weight: 5 },
    { arbitrary: fc.constantFrom<Json>(null, true, false, 0, 1, '', '1', 'a', [], {}), weight: 1 },
  );
}

/** The family's type, at times in a list, at times another one. */
export function types(family: Family): fc.Arbitrary<Json> {
  const own: fc.Arbitrary<string> =
    family === 'number' ? fc.constantFrom('integer', 'number') : fc.constant(family);
  const other = fc.constantFrom('null', 'boolean', 'string', 'integer', 'number', 'array', 'object');
  return fc.oneof(
    { arbitrary: own, weight: 20 },
    { arbitrary: fc.tuple(own, other).map((both): Json => [...new Set(both)]), weight: 6 },
    { arbitrary: other, weight: 1 },
  );
}
