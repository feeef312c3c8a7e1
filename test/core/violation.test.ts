import { describe, expect, test } from 'vitest';
import type { Violation } from '../../src/core/evidence.ts';
import { at, type Json } from '../../src/core/json.ts';
import { plain } from '../../src/core/plain.ts';
import { formatPointer, type Pointer } from '../../src/core/pointer.ts';
import { redactor, unveiled } from '../../src/core/redaction.ts';
import { reduceBranches, wordViolation } from '../../src/core/violation.ts';
import { DRAFT_07, DRAFT_2019, usable, when } from '../adapters/ajv/compile.ts';

/** What a person reads of a value under a schema, a line per violation. */
async function read(schema: Json, value: Json): Promise<readonly string[]> {
  const { validate } = await usable(schema);
  return reduceBranches(validate(value)).map(
    (violation) =>
      `${formatPointer(violation.pointer)}: ${plain(wordViolation(violation, schema, value, unveiled))}`,
  );
}

describe('every keyword has its words', () => {
  test.each<[string, Json, Json, string]>([
    ['type', { type: 'string' }, 1, ': expected string; found 1'],
    ['several types', { type: ['string', 'null'] }, 1, ': expected string or null; found 1'],
    ['enum', { enum: ['a', 1, null] }, 'b', ': expected "a" or 1 or null; found "b"'],
    [
      'an enum of more than a dozen',
      { enum: Array.from({ length: 14 }, (_, index) => index) },
      'b',
      ': expected 0 or 1 or 2 or 3 or 4 or 5 or 6 or 7 or 8 or 9 or 10 or 11 or others; found "b"',
    ],
    ['const', { const: 'a' }, 'b', ': expected "a"; found "b"'],
    ['a const that is empty', { const: '' }, 'b', ': expected ""; found "b"'],
    ['a const that is text like a boolean', { const: 'true' }, true, ': expected "true"; found true'],
    ['a const that is null', { const: null }, 1, ': expected null; found 1'],
    ['a const that is an object', { const: { a: [1] } }, 1, ': expected {"a":[1]}; found 1'],
    ['minimum', { minimum: 1 }, 0, ': expected at least 1; found 0'],
    ['maximum', { maximum: 1 }, 2, ': expected at most 1; found 2'],
    ['exclusiveMinimum', { exclusiveMinimum: 1 }, 1, ': expected more than 1; found 1'],
    ['exclusiveMaximum', { exclusiveMaximum: 1.5 }, 2, ': expected less than 1.5; found 2'],
    ['multipleOf', { multipleOf: 5 }, 7, ': expected a multiple of 5; found 7'],
    ['minLength', { minLength: 2 }, 'a', ': expected at least 2 characters; found "a"'],
    ['minLength of one', { minLength: 1 }, '', ': expected at least 1 character; found ""'],
    ['maxLength', { maxLength: 1 }, 'ab', ': expected at most 1 character; found "ab"'],
    ['pattern', { pattern: '^a$' }, 'b', ': expected text that matches ^a$; found "b"'],
    ['a pattern with a title', { title: 'an a', pattern: '^a$' }, 'b', ': expected an a; found "b"'],
    ['format', { format: 'email' }, 'b', ': expected the format email; found "b"'],
    [
      'a format with a title',
      { title: 'an address', format: 'email' },
      'b',
      ': expected an address; found "b"',
    ],
    ['minItems', { minItems: 2 }, [1], ': expected at least 2 items; found [1]'],
    ['maxItems', { maxItems: 1 }, [1, 2], ': expected at most 1 item; found [1,2]'],
    ['uniqueItems', { uniqueItems: true }, [1, 1], ': expected no item twice; found [1,1]'],
    ['minProperties', { minProperties: 1 }, {}, ': expected at least 1 property; found {}'],
    ['maxProperties', { maxProperties: 0 }, { a: 1 }, ': expected at most 0 properties; found {"a":1}'],
    ['required', { required: ['a'] }, { b: 1 }, ': the property a is missing'],
    ['dependentRequired', { dependentRequired: { a: ['b'] } }, { a: 1 }, ': the property b is missing'],
    [
      'dependencies',
      { $schema: DRAFT_07, dependencies: { a: ['b'] } },
      { a: 1 },
      ': the property b is missing',
    ],
    [
      'additionalProperties',
      { additionalProperties: false },
      { a: 1 },
      '/a: the schema does not allow this property; found 1',
    ],
    [
      'unevaluatedProperties',
      { unevaluatedProperties: false },
      { a: 1 },
      '/a: the schema does not allow this property; found 1',
    ],
    [
      'additionalItems',
      { $schema: DRAFT_07, items: [true], additionalItems: false },
      [1, 2],
      ': it has more items than the schema allows; found [1,2]',
    ],
    [
      'unevaluatedItems',
      { $schema: DRAFT_2019, items: [true], unevaluatedItems: false },
      [1, 2],
      ': it has more items than the schema allows; found [1,2]',
    ],
    ['items: false', { prefixItems: [true], items: false }, [1, 2], '/1: nothing is allowed here; found 2'],
    ['false', { properties: { a: false } }, { a: 1 }, '/a: nothing is allowed here; found 1'],
    [
      'false, whose title is not that of the whole',
      { title: 'Settings', properties: { a: false } },
      { a: 1 },
      '/a: nothing is allowed here; found 1',
    ],
    [
      'false after a condition with a title',
      { title: 'one or the other', ...when({ required: ['a', 'b'] }, false) },
      { a: 1, b: 2 },
      ': expected one or the other; found {"a":1,"b":2}',
    ],
    ['a schema that is false', false, 1, ': nothing is allowed here; found 1'],
    [
      'propertyNames',
      { propertyNames: { title: 'a name in lower case', pattern: '^[a-z]+$' } },
      { A: 1 },
      '/A: the name of this property: expected a name in lower case',
    ],
    [
      'propertyNames: false',
      { propertyNames: false },
      { a: 1 },
      '/a: the name of this property: nothing is allowed here',
    ],
    ['not', { not: { type: 'string' } }, 'a', ': it is what the schema rules out; found "a"'],
    ['not with a title', { title: 'no text', not: { type: 'string' } }, 'a', ': expected no text; found "a"'],
    [
      'contains',
      { contains: { const: 1 } },
      [2],
      ': the array lacks an item that the schema asks for; found [2]',
    ],
    [
      'contains with a title',
      { title: 'a one among them', contains: { const: 1 } },
      [2],
      ': expected a one among them; found [2]',
    ],
    [
      'minContains',
      { contains: { const: 1 }, minContains: 2 },
      [1],
      ': expected at least 2 items of the kind that the schema asks for; found [1]',
    ],
    [
      'maxContains',
      { contains: { const: 1 }, maxContains: 2 },
      [1, 1, 1],
      ': expected 1 to 2 items of the kind that the schema asks for; found [1,1,1]',
    ],
    [
      'minContains and maxContains that are one',
      { contains: { const: 1 }, minContains: 1, maxContains: 1 },
      [1, 1],
      ': expected 1 item of the kind that the schema asks for; found [1,1]',
    ],
    [
      'anyOf',
      { anyOf: [{ const: 1 }, { const: 2 }] },
      3,
      ': expected one of the alternatives of the schema; it fits none; found 3',
    ],
    [
      'anyOf with a title',
      { title: 'one or two', anyOf: [{ const: 1 }, { const: 2 }] },
      3,
      ': expected one or two; found 3',
    ],
    [
      'oneOf without a match',
      { oneOf: [{ const: 1 }, { const: 2 }] },
      3,
      ': expected exactly one of the alternatives of the schema; found 3',
    ],
    [
      'oneOf with two matches',
      { oneOf: [{ minimum: 1 }, { minimum: 2 }] },
      3,
      ': expected exactly one of the alternatives of the schema; found 3',
    ],
    ['nullable', { $schema: DRAFT_07, type: 'string', nullable: true }, 1, ': expected string; found 1'],
  ])('%s', async (_fact, schema, value, expected) => {
    expect(await read(schema, value)).toEqual([expected]);
  });

  test('one that is not known by name is quoted', () => {
    const violation: Violation = { pointer: [], keyword: 'x-odd', schemaPointer: ['x-odd'], params: {} };
    expect(plain(wordViolation(violation, { 'x-odd': 1 }, 2, unveiled))).toBe(
      'it breaks the keyword x-odd of the schema; found 2',
    );
  });

  test('a value that is hidden is found hidden', async () => {
    const nothing = redactor(
      { show: [], showWords: [], showText: [], secret: [], hiddenNames: [], secretNames: [] },
      () => '00000000',
    );
    const schema = { properties: { a: { maximum: 1 } } };
    const [violation] = (await usable(schema)).validate({ a: 77 });
    expect(violation && plain(wordViolation(violation, schema, { a: 77 }, nothing))).toBe(
      'expected at most 1; found ‹hidden number, #00000000›',
    );
  });
});

function fails(keyword: string, pointer: Pointer, branches?: readonly (readonly Violation[])[]): Violation {
  return {
    pointer,
    keyword,
    schemaPointer: [keyword],
    params: {},
    ...(branches === undefined ? {} : { branches }),
  };
}

function outlined(violations: readonly Violation[]): readonly string[] {
  return violations.map(({ pointer, keyword }) => `${formatPointer(pointer)} ${keyword}`);
}

describe('of failed alternatives is read', () => {
  const request = {
    type: 'object',
    properties: { kind: { const: 'request' }, url: { type: 'string' } },
    required: ['kind', 'url'],
  };
  const timer = {
    type: 'object',
    properties: { kind: { const: 'timer' }, seconds: { type: 'number' } },
    required: ['kind', 'seconds'],
  };

  test.each<[string, Json, Json, readonly string[]]>([
    [
      'the branch that the discriminator means',
      { anyOf: [request, timer] },
      { kind: 'timer', seconds: 'five' },
      ['/seconds: expected number; found "five"'],
    ],
    [
      'the branch of the right type before one of another type',
      { anyOf: [{ type: 'null' }, request] },
      { kind: 'request', url: 1 },
      ['/url: expected string; found 1'],
    ],
    [
      'the branch of the right type, though it has more to object to',
      { anyOf: [{ type: 'string' }, request] },
      {},
      [': the property kind is missing', ': the property url is missing'],
    ],
    [
      'the branch with the fewest objections',
      { anyOf: [{ required: ['a', 'b', 'c'] }, { required: ['a', 'b'] }] },
      {},
      [': the property a is missing', ': the property b is missing'],
    ],
    [
      'the branch that objects deepest, of those with equally many',
      {
        anyOf: [{ required: ['z'] }, { properties: { a: { properties: { b: { type: 'string' } } } } }],
      },
      { a: { b: 1 } },
      ['/a/b: expected string; found 1'],
    ],
    [
      'the alternatives together when each objects once to the value as such',
      { anyOf: [{ type: 'string' }, { type: 'null' }, { required: ['a'] }] },
      {},
      [': expected one of the alternatives of the schema; it fits none; found {}'],
    ],
    ['the only branch', { oneOf: [{ type: 'string' }] }, 1, [': expected string; found 1']],
    [
      'the closest branch of the closest branch',
      { anyOf: [{ type: 'null' }, { type: 'object', properties: { a: { anyOf: [request, timer] } } }] },
      { a: { kind: 'request' } },
      ['/a: the property url is missing'],
    ],
    [
      'that several match, not what the others lack',
      { oneOf: [{ type: 'string' }, { type: 'number' }, { minimum: 1 }] },
      2,
      [': expected exactly one of the alternatives of the schema; found 2'],
    ],
    [
      'and beside it whatever else is wrong',
      { properties: { a: { anyOf: [request] }, b: { type: 'number' } } },
      { a: null, b: null },
      ['/a: expected object; found null', '/b: expected number; found null'],
    ],
  ])('%s', async (_fact, schema, value, expected) => {
    expect(await read(schema, value)).toEqual(expected);
  });

  test('the first of branches that are equally close', () => {
    const tied = fails('anyOf', [], [[fails('a', ['x'])], [fails('b', ['y'])]]);
    expect(outlined(reduceBranches([tied]))).toEqual(['/x a']);
  });

  test('the alternatives themselves when no branch says a word', () => {
    expect(outlined(reduceBranches([fails('anyOf', [], [[], []])]))).toEqual([' anyOf']);
    expect(outlined(reduceBranches([fails('oneOf', ['a'], [])]))).toEqual(['/a oneOf']);
  });

  test('a branch that says something before one that says nothing', () => {
    const silent = fails('anyOf', [], [[], [fails('type', ['a'])]]);
    expect(outlined(reduceBranches([silent]))).toEqual(['/a type']);
  });
});

test('every place that is read of leads to the value', async () => {
  const schema = { items: { anyOf: [{ required: ['id'] }, { type: 'string' }] } };
  const value = [{}, 1, 'a'];
  for (const { pointer } of reduceBranches((await usable(schema)).validate(value))) {
    expect(at(value, pointer)).toBeDefined();
  }
});
