import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ajvCompiler } from '../../src/adapters/ajv/compiler.ts';
import type { Json } from '../../src/core/json.ts';
import { withoutSecrets } from '../../src/inference/placeholder.ts';
import { identitiesOf, schemaOf } from '../../src/inference/schema.ts';
import { shapeOf } from '../../src/inference/shape.ts';

const compiler = ajvCompiler();

/** The schema without what all of them have. */
function drawn(...values: readonly Json[]): Json {
  const { $schema: _, $comment: __, title: ___, ...rest } = schemaOf(shapeOf('config', values), 'config');
  return rest;
}

function property(values: readonly Json[]): Json {
  const schema = drawn(...values.map((value) => ({ a: value }))) as { properties: { a: Json } };
  return schema.properties.a;
}

async function validatorOf(schema: Json) {
  const compiled = await compiler.compile(JSON.stringify(schema), schema);
  if (!compiled.ok) throw new Error('the schema does not compile');
  expect(compiled.notes).toEqual([]);
  return compiled.validate;
}

describe('a schema drawn from values', () => {
  test.each<[string, readonly Json[], Json]>([
    ['whole numbers are integers', [1, 2], { type: 'integer' }],
    ['one fraction makes them numbers', [1, 2.5], { type: 'number' }],
    ['types that were seen are united', [null, 'x y', true], { type: ['string', 'boolean', 'null'] }],
    ['times', ['2026-11-02T09:14:27.305118+01:00'], { type: 'string', format: 'date-time' }],
    ['a day that does not exist is no time', ['2026-02-30T00:00:00Z'], { type: 'string' }],
    ['addresses of mail', ['a.b@example.org', 'c@d.example'], { type: 'string', format: 'email' }],
    ['addresses of pages', ['https://example.org/a?b=c'], { type: 'string', format: 'uri' }],
    ['ids', ['123e4567-e89b-12d3-a456-426614174000'], { type: 'string', format: 'uuid' }],
    ['addresses of hosts', ['192.168.0.1'], { type: 'string', format: 'ipv4' }],
    ['a format that one text lacks is none', ['192.168.0.1', ''], { type: 'string' }],
    [
      'words seen often are all there are',
      Array.from({ length: 12 }, (_, n) => ['low', 'high'][n % 2] ?? ''),
      { type: 'string', enum: ['high', 'low'] },
    ],
    [
      'null may stand among them',
      [...Array.from({ length: 12 }, (_, n) => ['low', 'high'][n % 2] ?? ''), null],
      { type: ['string', 'null'], enum: ['high', 'low', null] },
    ],
    ['words seen seldom may have others beside them', ['low', 'high', 'low'], { type: 'string' }],
    [
      'items of all arrays are one',
      [[1], ['a b'], []],
      { type: 'array', items: { type: ['string', 'integer'] } },
    ],
    ['nothing is known of items that never were', [[]], { type: 'array' }],
  ])('%s', (_, values, schema) => {
    expect(property(values)).toEqual(schema);
  });

  test('one object requires nothing', () => {
    expect(drawn({ a: 1 })).toEqual({ type: 'object', properties: { a: { type: 'integer' } } });
  });

  test('several require what each of them has', () => {
    expect(drawn({ a: 1, b: 1 }, { a: 2 })).toMatchObject({ required: ['a'] });
    expect(drawn({ list: [{ id: 1, x: 1 }, { id: 2 }] })).toMatchObject({
      properties: { list: { items: { required: ['id'] } } },
    });
  });

  test.each<[string, Json]>([
    ['addresses', { 'a@x.example': 'high', 'b@x.example': 'low' }],
    ['numbers', { 17: 'a', 4711: 'b' }],
    [
      'objects that look alike',
      { acme: { on: true, n: 1 }, globex: { on: false, n: 2 }, initech: { on: true, n: 3 } },
    ],
    ['many of one kind', Object.fromEntries(Array.from({ length: 30 }, (_, n) => [`flag_${n}`, true]))],
  ])('names that are data are no properties: %s', (_, value) => {
    expect(property([value])).not.toHaveProperty('properties');
    expect(property([value])).toHaveProperty('additionalProperties');
  });

  test('vocabulary may stand beside them', () => {
    expect(property([{ 'a@x.example': 1, 'b@x.example': 2, _updated_at: 'then' }])).toEqual({
      type: 'object',
      properties: { _updated_at: { type: 'string' } },
      additionalProperties: { type: 'integer' },
    });
  });

  test('names that every object has are properties however alike they are', () => {
    const value = { smtp: { host: 'a', port: 1 }, imap: { host: 'b', port: 2 }, pop: { host: 'c', port: 3 } };
    expect(drawn(value, value)).toHaveProperty('properties');
  });

  test('secret words are not listed', () => {
    const values = Array.from({ length: 20 }, (_, n) => ({ password: n % 2 === 0 ? 'swordfish' : 'mellon' }));
    expect(JSON.stringify(drawn(...values))).not.toMatch(/swordfish|mellon/);
  });

  test('names of any kind are kept as they are', () => {
    const value = JSON.parse('{"__proto__": 1, "constructor": {"toString": "x y"}}');
    expect(JSON.stringify(drawn(value))).toContain('"__proto__":{"type":"integer"}');
  });

  test('every value satisfies it, and so does the value without its secrets', async () => {
    const word = fc.constantFrom(
      'low',
      'high',
      'a@b.example',
      '2026-01-02T03:04:05Z',
      '10.0.0.1',
      'https://x.example/',
    );
    const { value } = fc.letrec<{ value: Json; object: Json }>((tie) => ({
      value: fc.oneof(
        { depthSize: 'small' },
        fc.jsonValue({ maxDepth: 1 }) as fc.Arbitrary<Json>,
        word,
        fc.array(tie('value'), { maxLength: 4 }),
        tie('object'),
      ),
      object: fc.dictionary(
        fc.constantFrom('id', 'api_token', 'webhook_url', 'a@b.example', 'mode', 'items', '__proto__'),
        tie('value'),
      ),
    }));
    const config = fc.dictionary(fc.constantFrom('token', 'list', 'map', 'mode', 'x'), value);
    await fc.assert(
      fc.asyncProperty(fc.array(config, { minLength: 1, maxLength: 12 }), async (values) => {
        const shape = shapeOf('config', values as readonly Json[]);
        const validate = await validatorOf(schemaOf(shape, 'config'));
        for (const sample of values as readonly Json[]) {
          expect(validate(sample)).toEqual([]);
          expect(validate(withoutSecrets(sample, shape))).toEqual([]);
        }
      }),
      { numRuns: 40 },
    );
  });
});

test('items are told apart by an id that each has for itself', () => {
  const rules = [{ id: 'a' }, { id: 'b' }];
  expect(
    identitiesOf(shapeOf('config', [{ rules, twice: [{ id: 1 }, { id: 1 }], one: [{ id: 1 }] }])),
  ).toEqual([{ at: ['rules'], property: 'id' }]);
});
