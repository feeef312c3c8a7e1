import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isObject, type Json, type JsonObject } from '../../src/core/json.ts';
import { formatPointer } from '../../src/core/pointer.ts';
import type { Draft } from '../../src/core/vocabulary.ts';
import { applied, type Edit } from './arbitraries/edits.ts';
import { instances } from './arbitraries/instances.ts';
import { pairs, type Relation, related } from './arbitraries/pairs.ts';
import { places } from './arbitraries/places.ts';
import { rewritings, rewritten } from './arbitraries/rewritings.ts';
import { schemas } from './arbitraries/schemas.ts';
import { subschemas } from './arbitraries/subschemas.ts';
import { plainValidator } from './arbitraries/validator.ts';

/** What the tests of the engine rely on: generated schemas, values and edits are what they are said to be. */

const drafts: readonly Draft[] = ['draft-07', '2019-09', '2020-12'];

describe.each(drafts)('%s', (draft) => {
  const validator = plainValidator();
  const documents = fc.sample(schemas(draft), 120);

  test('generated schemas are schemas, and the validator compiles them', () => {
    for (const document of documents) {
      expect(validator.isSchema(document), JSON.stringify(document)).toBe(true);
      expect(() => validator.compile(document)).not.toThrow();
    }
  });

  test('generated schemas are small, and together they know every keyword', () => {
    const many = fc.sample(schemas(draft), 600);
    const used = new Set(
      many.flatMap((document) => places(document)).flatMap(({ schema }) => keywords(schema)),
    );
    expect(known(draft).filter((keyword) => !used.has(keyword))).toEqual([]);
    for (const document of many) expect(depth(document)).toBeLessThanOrEqual(3);
    const sizes = many.map((document) => JSON.stringify(document).length).toSorted((a, b) => a - b);
    expect(sizes[300]).toBeLessThan(400);
  });

  test('of seven in ten schemas and more, a value that they accept and one that they refuse are soon found', () => {
    const found = documents.map((document) => {
      const isValid = validator.compile(document);
      const verdicts = new Set(Array.from(instances(document, document, 80), isValid));
      return { accepts: verdicts.has(true), refuses: verdicts.has(false) };
    });
    expect(found.filter(({ accepts }) => accepts).length / found.length).toBeGreaterThan(0.7);
    expect(found.filter(({ refuses }) => refuses).length / found.length).toBeGreaterThan(0.9);
  });

  test('thousands of values are drawn in a second, the same ones for the same seed', () => {
    const begin = performance.now();
    const drawn = documents.map((document) => [...instances(document, document, 50, 7)]);
    const seconds = (performance.now() - begin) / 1000;
    expect((documents.length * 50) / seconds).toBeGreaterThan(3000);
    const [first] = documents;
    if (first === undefined) throw new Error('no schema was generated');
    expect([...instances(first, first, 50, 7)]).toEqual(drawn[0]);
    expect([...instances(first, first, 50, 8)]).not.toEqual(drawn[0]);
  });

  /** Compares what both schemas of such pairs say about values that are about either. */
  function check(relation: Relation, isSound: (before: boolean, after: boolean) => boolean): void {
    fc.assert(
      fc.property(related(draft, relation), (pair) => {
        expect(validator.isSchema(pair.after)).toBe(true);
        const [judge, judgeAnew] = [validator.compile(pair.before), validator.compile(pair.after)];
        for (const value of instances(pair.before, pair.after, 60)) {
          const [before, after] = [judge(value), judgeAnew(value)];
          if (before === undefined || after === undefined || isSound(before, after)) continue;
          expect.fail(JSON.stringify({ value, before, after }));
        }
      }),
      { numRuns: 40 },
    );
  }

  test('a rewritten schema judges every value as before', () => {
    check('equal', (before, after) => before === after);
  });

  test('a tightened schema accepts nothing that the original refuses', () => {
    check('narrower', (before, after) => before || !after);
  });

  test('a loosened schema refuses nothing that the original accepts', () => {
    check('wider', (before, after) => after || !before);
  });

  test('pairs are of every kind: more data accepted, less, both, and neither', () => {
    const kinds = fc.sample(pairs(draft), 80).map(({ before, after }) => {
      const [judge, judgeAnew] = [validator.compile(before), validator.compile(after)];
      const changes = Array.from(
        instances(before, after, 50),
        (value) => Number(judgeAnew(value) ?? 0) - Number(judge(value) ?? 0),
      );
      return `${changes.includes(1) ? 'more' : ''} ${changes.includes(-1) ? 'less' : ''}`;
    });
    for (const kind of ['more ', ' less', 'more less', ' ']) {
      expect(kinds.filter((one) => one === kind).length, kind).toBeGreaterThan(2);
    }
  });
});

describe('each rewriting by itself', () => {
  const validator = plainValidator();
  const documents = [...fc.sample(schemas('2020-12'), 200), ...fc.sample(schemas('draft-07'), 100), example];
  const sites = documents.flatMap((document) => places(document).map((place) => ({ document, place })));

  /** The first documents that it can be made in, as they were and as they are then. */
  function examples(edit: Edit): readonly (readonly [before: JsonObject, after: JsonObject])[] {
    const found = new Map<JsonObject, JsonObject>();
    for (const { document, place } of sites) {
      const edited = found.has(document) ? undefined : applied(document, edit, place);
      if (edited !== undefined) found.set(document, edited.document);
      if (found.size === 3) break;
    }
    return [...found];
  }

  test.each(rewritings)('$name', (edit) => {
    const found = examples(edit);
    expect(found.length).toBeGreaterThan(0);
    for (const [before, after] of found) {
      const [judge, judgeAnew] = [validator.compile(before), validator.compile(after)];
      for (const value of instances(before, after, 30)) {
        const [valid, validAnew] = [judge(value), judgeAnew(value)];
        if (valid !== undefined && validAnew !== undefined) {
          expect({ value, valid: validAnew }).toEqual({ value, valid });
        }
      }
    }
  });
});

test('references that lead elsewhere keep a schema from being taken apart', () => {
  const document = { $id: 'x:y', properties: { a: { type: 'number' }, b: { $ref: '#/properties/a' } } };
  for (const { name, document: after } of fc.sample(rewritten(document), 50)) {
    expect(after['properties'], name).toHaveProperty('a');
  }
});

test('what a schema under `not` refuses more, the whole accepts more; under `oneOf` nobody can tell', () => {
  const effects = places({
    not: { not: { $ref: '#/$defs/p' } },
    properties: { a: { oneOf: [true] }, b: { not: { $ref: '#/$defs/q' } }, c: { $ref: '#/$defs/q' } },
    $defs: { p: {}, q: {}, r: {} },
  }).map(({ pointer, effect }) => [formatPointer(pointer), effect]);
  expect(Object.fromEntries(effects)).toEqual({
    '': 'narrows',
    '/not': 'widens',
    '/not/not': 'narrows',
    '/properties/a': 'narrows',
    '/properties/a/oneOf/0': 'both',
    '/properties/b': 'narrows',
    '/properties/b/not': 'widens',
    '/properties/c': 'narrows',
    '/$defs/p': 'narrows',
    '/$defs/q': 'both',
  });
});

/** When one of these turns red, Ajv has learned it, and generated schemas need no longer keep clear of it. */
describe('Ajv gets wrong what generated schemas keep clear of:', () => {
  const { compile } = plainValidator();
  const judge = (schema: JsonObject, value: Json) => compile(schema)(value);

  test('`contains` in a loop, of an empty array after one that fits', () => {
    expect(judge({ items: { contains: { const: 1 } } }, [[]])).toBe(false);
    expect(judge({ items: { contains: { const: 1 } } }, [[1], []])).toBe(true);
  });

  test('a type beside a reference of draft-07, which counts or not by what else stands there', () => {
    const draft07 = { $schema: 'http://json-schema.org/draft-07/schema#', definitions: { p: {} } };
    const schema = { ...draft07, $ref: '#/definitions/p', type: 'object' };
    expect(judge(schema, 4)).toBe(false);
    expect(judge({ ...schema, maxProperties: 9 }, 4)).toBe(true);
  });

  test('unevaluated items next to `contains`, which says that it has looked at all of them or at none', () => {
    expect(judge({ contains: { minLength: 0 }, unevaluatedItems: false }, [1, 'a'])).toBe(true);
    expect(judge({ contains: {}, unevaluatedItems: false }, [1, 'a'])).toBe(false);
  });
});

/** Some of the shapes that chance seldom makes. */
const example: JsonObject = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  properties: {
    a: { enum: [1] },
    b: { type: 'null' },
    ab: { type: 'boolean' },
    c: { type: 'integer', exclusiveMinimum: 1.5, exclusiveMaximum: 7, multipleOf: 6 },
    d: { dependentSchemas: { a: { required: ['b'] } } },
    e: {
      prefixItems: [{ type: ['string'] }, true],
      items: false,
      contains: { type: 'integer', minimum: 0.5 },
    },
    f: { allOf: [{ allOf: [{ type: 'integer', maximum: 3 }, true] }] },
    g: { additionalProperties: { anyOf: [{ oneOf: [{}, { type: 'string' }] }] } },
    h: { dependencies: { a: ['b'], b: { required: ['c'] } }, dependentRequired: { c: ['a'] } },
    i: { anyOf: [{ type: 'string' }] },
    j: { oneOf: [{ type: 'string' }] },
  },
};

function keywords(schema: Json): readonly string[] {
  return isObject(schema) ? Object.keys(schema) : [];
}

function depth(schema: Json): number {
  return Math.max(0, ...subschemas(schema).map((inner) => 1 + depth(inner.schema)));
}

function known(draft: Draft): readonly string[] {
  const all =
    'type enum const minimum maximum exclusiveMinimum exclusiveMaximum multipleOf minLength maxLength pattern format ' +
    'items contains uniqueItems minItems maxItems properties required patternProperties additionalProperties ' +
    'propertyNames minProperties maxProperties dependencies allOf anyOf oneOf not if then else $ref';
  const modern =
    'minContains maxContains dependentRequired dependentSchemas unevaluatedProperties unevaluatedItems';
  const tuples = draft === '2020-12' ? 'prefixItems' : 'additionalItems';
  return `${all} ${tuples}${draft === 'draft-07' ? '' : ` ${modern}`}`.split(' ');
}
