import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { ajvCompiler } from '../../../src/adapters/ajv/compiler.ts';
import type { Json, JsonObject } from '../../../src/core/json.ts';
import { examine } from '../../../src/examine.ts';
import { evidence, plainly, veil } from '../../checks/evidence.ts';
import { DRAFT_07, DRAFT_2019, DRAFT_2020, notes, refusal, usable, violations } from './compile.ts';

describe('the draft is the one that $schema names', () => {
  // Each draft reads this otherwise: 07 knows no prefixItems, 2019-09 neither, 2020-12 no additionalItems.
  const tuples: JsonObject = { type: 'array', prefixItems: [{ type: 'string' }], additionalItems: false };

  test.each<{ fact: string; $schema?: string; passedOver: readonly string[] }>([
    { fact: 'draft-07', $schema: DRAFT_07, passedOver: ['prefixItems'] },
    { fact: 'draft-07 without #', $schema: DRAFT_07.slice(0, -1), passedOver: ['prefixItems'] },
    {
      fact: 'draft-07 by https',
      $schema: 'https://json-schema.org/draft-07/schema#',
      passedOver: ['prefixItems'],
    },
    { fact: '2019-09', $schema: DRAFT_2019, passedOver: ['prefixItems'] },
    { fact: '2019-09 with #', $schema: `${DRAFT_2019}#`, passedOver: ['prefixItems'] },
    { fact: '2020-12', $schema: DRAFT_2020, passedOver: ['additionalItems'] },
    { fact: '2020-12 with #', $schema: `${DRAFT_2020}#`, passedOver: ['additionalItems'] },
    { fact: '2020-12 when there is none', passedOver: ['additionalItems'] },
  ])('$fact', async ({ $schema, passedOver }) => {
    const schema = $schema === undefined ? tuples : { $schema, ...tuples };
    expect(await notes(schema)).toEqual(passedOver.map((keyword) => `the keyword ${keyword} at /${keyword}`));
    expect((await usable(schema)).validate([1]).length).toBe(passedOver.includes('prefixItems') ? 0 : 1);
  });

  test.each<[string, Json]>([
    ['draft-04', 'http://json-schema.org/draft-04/schema#'],
    ['draft-06', 'http://json-schema.org/draft-06/schema#'],
    ["somebody's own", 'https://example.org/schema'],
    ['empty text', ''],
    ['no text', 7],
    ['null', null],
  ])('%s is refused', async (_fact, $schema) => {
    expect(await refusal({ $schema, type: 'object' })).toEqual([
      'its $schema is none of draft-07, 2019-09 and 2020-12',
      '/$schema',
    ]);
  });

  test('draft-07 ignores what stands beside a $ref, 2020-12 does not', async () => {
    const schema = { $ref: '#/definitions/text', maxLength: 1, definitions: { text: { type: 'string' } } };
    expect(await violations({ $schema: DRAFT_07, ...schema }, 'long')).toEqual([]);
    expect(await violations(schema, 'long')).toEqual([': maxLength < /maxLength']);
  });
});

describe('a document that is no schema is refused, with the place of the first defect:', () => {
  test.each<[string, Json, string, string]>([
    ['an unknown type', { type: 'text' }, 'it is no valid JSON Schema (enum of the metaschema)', '/type'],
    [
      'a bound that is text',
      { properties: { a: { minimum: '1' } } },
      'it is no valid JSON Schema (type of the metaschema)',
      '/properties/a/minimum',
    ],
    [
      'required as in draft-03',
      { $schema: DRAFT_07, properties: { a: { required: true } } },
      'it is no valid JSON Schema (type of the metaschema)',
      '/properties/a/required',
    ],
    [
      'a list of items in 2020-12',
      { $schema: DRAFT_2020, items: [{ type: 'string' }] },
      'it is no valid JSON Schema (type of the metaschema)',
      '/items',
    ],
    [
      'an enum of 2019-09 that is an object',
      { $schema: DRAFT_2019, enum: {} },
      'it is no valid JSON Schema (type of the metaschema)',
      '/enum',
    ],
    ['a list', [], 'it is neither an object nor a boolean', ''],
    ['a string', 'object', 'it is neither an object nor a boolean', ''],
    ['null', null, 'it is neither an object nor a boolean', ''],
  ])('%s', async (_fact, schema, why, pointer) => {
    expect(await refusal(schema)).toEqual([why, pointer]);
  });

  test.each<[string, Json, string]>([
    ['a reference that leads nowhere', { $ref: '#/$defs/a' }, "can't resolve reference #/$defs/a from id #"],
    [
      'a reference to another document',
      { $ref: 'https://example.org/a.json' },
      "can't resolve reference https://example.org/a.json from id #",
    ],
    ['a pattern that is none', { pattern: '(' }, 'Invalid regular expression: /(/u: Unterminated group'],
    [
      'a pattern that only loose engines read',
      { patternProperties: { '\\_': {} } },
      'Invalid regular expression: /\\_/u: Invalid escape',
    ],
    [
      'the id of draft-04',
      { id: 'a', type: 'object' },
      'NOT SUPPORTED: keyword "id", use "$id" for schema ID',
    ],
  ])('%s', async (_fact, schema, why) => {
    expect(await refusal(schema)).toEqual([why, '']);
  });

  test('what the validator says is cut to one line of 200 characters', async () => {
    const [why] = await refusal({ $ref: `#/$defs/${'a'.repeat(500)}` });
    expect(why).toMatch(/^can't resolve reference #\/\$defs\/a+$/);
    expect(why).toHaveLength(200);
  });
});

describe('a schema may be', () => {
  test.each<[string, Json]>([
    ['true', true],
    ['an empty object', {}],
    ['annotations alone', { $schema: DRAFT_2020, title: 'A', $defs: { a: { type: 'string' } } }],
    ['another file', { rules: [], webhook_url: 'x' }],
    ['a keyword misspelt', { propertys: { a: { type: 'string' } } }],
  ])('nothing that asks for nothing: %s', async (_fact, schema) => {
    expect(await refusal(schema)).toEqual(['it asks for nothing: every value would satisfy it', '']);
  });

  test('false, which allows nothing', async () => {
    expect(await violations(false, { a: 1 })).toEqual([': false schema < ']);
  });

  test('recursive', async () => {
    const tree = { properties: { value: { type: 'number' }, left: { $ref: '#' }, right: { $ref: '#' } } };
    const value = { value: 1, left: { right: { value: 'two' } }, right: { left: { left: {} } } };
    expect(await violations(tree, value)).toEqual(['/left/right/value: type < /properties/value/type']);
  });

  test('recursive by $recursiveRef and $dynamicRef', async () => {
    const older = {
      $schema: DRAFT_2019,
      $recursiveAnchor: true,
      properties: { child: { $recursiveRef: '#' } },
      additionalProperties: false,
    };
    const newer = {
      $dynamicAnchor: 'node',
      properties: { child: { $dynamicRef: '#node' } },
      additionalProperties: false,
    };
    for (const schema of [older, newer]) {
      expect(await violations(schema, { child: { child: { chidl: 1 } } })).toEqual([
        '/child/child/chidl: additionalProperties < /additionalProperties',
      ]);
    }
  });

  test('composed of parts with anchors and ids of their own', async () => {
    const schema = {
      $id: 'https://example.org/root.json',
      properties: { a: { $ref: '#short' }, b: { $ref: 'part.json' } },
      $defs: {
        short: { $anchor: 'short', maxLength: 2 },
        part: { $id: 'part.json', anyOf: [{ type: 'null' }, { type: 'boolean' }] },
      },
    };
    expect(await violations(schema, { a: 'abc', b: 1 })).toEqual([
      '/a: maxLength < /$defs/short/maxLength',
      '/b: anyOf < /$defs/part/anyOf',
      '  0 /b: type < /$defs/part/anyOf/0/type',
      '  1 /b: type < /$defs/part/anyOf/1/type',
    ]);
  });

  test('compiled again and again, with the same $id', async () => {
    const compiler = ajvCompiler();
    for (const maxLength of [1, 2]) {
      const schema = { $id: 'https://example.org/same.json', maxLength };
      const compiled = await compiler.compile(JSON.stringify(schema), schema);
      expect(compiled.ok && compiled.validate('ab').length).toBe(2 - maxLength);
    }
  });
});

describe('a schema that refers to itself without an end', () => {
  test('is refused where the validator sees it', async () => {
    expect(await refusal({ $ref: '#/$defs/a', $defs: { a: { $ref: '#/$defs/a' } } })).toEqual([
      'it refers to itself in a way that the validator cannot follow',
      '',
    ]);
  });

  test.each<[string, Json]>([
    ['at once', { $ref: '#' }],
    ['through allOf', { allOf: [{ $ref: '#' }] }],
    [
      'in a circle',
      { $ref: '#/$defs/a', $defs: { a: { $ref: '#/$defs/b' }, b: { anyOf: [{ $ref: '#/$defs/a' }] } } },
    ],
  ])('%s is never taken for satisfied', async (_fact, schema) => {
    const { validate } = await usable(schema);
    expect(() => validate({ a: 1 })).toThrow(RangeError);
    const findings = examine(
      await evidence({ config: 'processing_prefs', live: '{"retry_count": 1}', schema }),
      veil('processing_prefs'),
    );
    expect(plainly(findings.filter(({ claim }) => claim === 'unchecked'))).toEqual([
      { check: 'shape', reason: 'internal', message: 'the check shape broke down (RangeError)' },
      {
        check: 'fallback-shape',
        reason: 'internal',
        message: 'the check fallback-shape broke down (RangeError)',
      },
    ]);
  });
});

describe('a pattern that takes for ever', () => {
  const schema = { properties: { a: { pattern: '^(a+)+$' } } };
  const [harmless, endless] = [{ a: 'aaaa' }, { a: `${'a'.repeat(60)}!` }];

  test('is interrupted, and the validator goes on to judge other values', async () => {
    const compiled = await ajvCompiler(100).compile(JSON.stringify(schema), schema);
    if (!compiled.ok) throw new Error('not compiled');
    const began = performance.now();
    expect(() => compiled.validate(endless)).toThrow('validation took too long');
    expect(performance.now() - began).toBeLessThan(5000);
    expect(compiled.validate(harmless)).toEqual([]);
    expect(compiled.validate({ a: 'b' })).toHaveLength(1);
  });

  test('leaves the config UNCHECKED', async () => {
    const compiled = await ajvCompiler(100).compile(JSON.stringify(schema), schema);
    if (!compiled.ok) throw new Error('not compiled');
    const given = await evidence({ config: 'processing_prefs', value: endless, schema });
    if (given.schema.kind !== 'compiled') throw new Error('not compiled');
    const { validate } = compiled;
    const findings = examine({ ...given, schema: { ...given.schema, validate } }, veil('processing_prefs'));
    expect(plainly(findings.filter(({ claim }) => claim === 'unchecked'))).toEqual([
      { check: 'shape', reason: 'internal', message: 'the check shape broke down (TooSlow)' },
    ]);
  });
});

describe('what the validator passes over is noted', () => {
  test.each<[string, Json, readonly string[]]>([
    [
      'a keyword that nobody knows',
      { maxLenght: 3, type: 'string' },
      ['the keyword maxLenght at /maxLenght'],
    ],
    [
      'one deep inside',
      { type: 'array', $defs: { a: { items: { anyOf: [true, { requierd: ['a'] }] } } } },
      ['the keyword requierd at /$defs/a/items/anyOf/1/requierd'],
    ],
    ['a format that nobody knows', { format: 'phone' }, ['the format phone at /format']],
    [
      'a place with a slash in it',
      { properties: { 'a/b': { format: 'phone' } } },
      ['the format phone at /properties/a~1b/format'],
    ],
    [
      'a dynamic reference by pointer, which Ajv does not follow',
      { properties: { a: { $dynamicRef: '#/$defs/b' } }, $defs: { b: false } },
      ['the keyword $dynamicRef at /properties/a/$dynamicRef'],
    ],
    [
      'keywords of later drafts in draft-07',
      {
        $schema: DRAFT_07,
        dependentRequired: {},
        dependentSchemas: {},
        unevaluatedProperties: false,
        unevaluatedItems: false,
        minContains: 1,
        maxContains: 2,
      },
      [
        'the keyword dependentRequired at /dependentRequired',
        'the keyword dependentSchemas at /dependentSchemas',
        'the keyword unevaluatedProperties at /unevaluatedProperties',
        'the keyword unevaluatedItems at /unevaluatedItems',
        'the keyword minContains at /minContains',
        'the keyword maxContains at /maxContains',
      ],
    ],
  ])('%s', async (_fact, schema, expected) => {
    expect(await notes(schema)).toEqual(expected);
  });

  test.each<[string, Json]>([
    [
      'annotations',
      { title: 'A', description: 'B', $comment: 'C', default: 1, examples: [1], deprecated: true },
    ],
    ['annotations of editors', { markdownDescription: 'A', defaultSnippets: [], enumDescriptions: [] }],
    ['keywords that begin with x-', { 'x-owner': 'us' }],
    ['formats that are asserted', { format: 'date-time', items: { format: 'python-regex' } }],
    [
      'members of values',
      { const: { maxLenght: 1 }, enum: [{ a: 1 }], default: { b: 1 }, examples: [{ c: 1 }] },
    ],
    ['names of properties', { properties: { maxLenght: {}, format: { type: 'string' }, not: {} } }],
    ['a number as format, which the metaschema refuses', { properties: { format: { const: 1 } } }],
  ])('but not %s', async (_fact, schema) => {
    expect(await notes({ not: false, ...Object(schema) })).toEqual([]);
  });
});

describe('only own properties count:', () => {
  test.each<[string, Json, Json, readonly string[]]>([
    ['a required constructor', { required: ['constructor'] }, {}, [': required < /required']],
    ['a required toString', { required: ['toString'] }, {}, [': required < /required']],
    ['a constructor that is there', { required: ['constructor'] }, { constructor: 1 }, []],
    ['the schema of an inherited name', { properties: { valueOf: { type: 'string' } } }, {}, []],
    ['what depends on an inherited name', { dependentRequired: { hasOwnProperty: ['a'] } }, {}, []],
  ])('%s', async (_fact, schema, value, expected) => {
    expect(await violations(schema, value)).toEqual(expected);
  });
});

describe('formats are asserted:', () => {
  test.each([
    ['date-time', '2026-11-03T10:00:00Z', '2026-11-03 at ten'],
    ['email', 'a@b.example', 'a'],
    ['uri', 'https://a.example/', 'a b'],
    ['ipv4', '127.0.0.1', '127.0.0.256'],
    ['regex', '(?:a)', '(?i)a'],
    ['python-regex', '(?i)a', '\\q'],
  ])('%s', async (format, sound, unsound) => {
    expect(await violations({ format }, sound)).toEqual([]);
    expect(await violations({ format }, unsound)).toEqual([': format < /format']);
    expect(await violations({ format }, 7)).toEqual([]);
  });
});

test('a schema that ships is recognised by its text, whitespace included', async () => {
  const text = readFileSync(new URL('../../../schemas/routing_rules.schema.json', import.meta.url), 'utf8');
  // The document is not looked at when the text is known.
  const known = await ajvCompiler().compile(text, { $schema: 'none' });
  expect(known.ok && known.validate({ rules: 1 }).length).toBe(1);
  expect((await ajvCompiler().compile(`${text} `, { $schema: 'none' })).ok).toBe(false);
});

test('an alternative that holds for every value spares the others, endless ones among them', async () => {
  // Where unevaluated members count, Ajv asks every alternative: there such a schema is too much for it.
  const schema = { $schema: DRAFT_07, anyOf: [{ $ref: '#' }, true], oneOf: [false] };
  expect(await violations(schema, 1)).toEqual([': oneOf < /oneOf', '  0 : false schema < /oneOf/0']);
});
