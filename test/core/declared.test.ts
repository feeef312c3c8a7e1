import { describe, expect, test } from 'vitest';
import { undeclared } from '../../src/core/declared.ts';
import type { Json } from '../../src/core/json.ts';
import { formatPointer } from '../../src/core/pointer.ts';

/** `/pointer`, with ` → name` where one was meant. */
function found(schema: Json, value: Json): readonly string[] {
  return undeclared(schema, value).map(
    ({ pointer, meant }) => `${formatPointer(pointer)}${meant === undefined ? '' : ` → ${meant}`}`,
  );
}

const named = { properties: { alpha: {}, beta: {} } };

describe('a property is undeclared', () => {
  test.each<[string, Json, Json, readonly string[]]>([
    ['that the schema does not name', named, { alpha: 1, gamma: 2 }, ['/gamma']],
    ['that is misspelt', named, { allpha: 1 }, ['/allpha → alpha']],
    ['in an object inside', { properties: { a: named } }, { a: { x: 1 } }, ['/a/x']],
    ['in the items of a list', { items: named }, [{ alpha: 1 }, { x: 1 }], ['/1/x']],
    [
      'in the items of a tuple and in those behind it',
      { prefixItems: [named], items: { properties: { c: {} } } },
      [{ x: 1 }, { y: 1 }],
      ['/0/x', '/1/y'],
    ],
    [
      'in the items of a tuple of draft-07',
      { items: [named], additionalItems: { properties: { c: {} } } },
      [{ x: 1 }, { y: 1 }],
      ['/0/x', '/1/y'],
    ],
    ['in the members of a map', { additionalProperties: named }, { any: { x: 1 } }, ['/any/x']],
    [
      'in the members of a map that others spell',
      { unevaluatedProperties: named },
      { any: { x: 1 } },
      ['/any/x'],
    ],
    [
      'in what a pattern of names covers',
      { patternProperties: { '^a': named } },
      { ab: { x: 1 } },
      ['/ab/x'],
    ],
    ['behind a reference', { $ref: '#/$defs/n', $defs: { n: named } }, { x: 1 }, ['/x']],
    [
      'behind a reference with escapes',
      { $ref: '#/$defs/a~1%20b', $defs: { 'a/ b': named } },
      { x: 1 },
      ['/x'],
    ],
    [
      'behind a reference to the whole',
      { properties: { child: { $ref: '#' } } },
      { child: { x: 1 } },
      ['/child/x'],
    ],
    [
      'behind recursive references of 2019-09',
      { properties: { child: { $recursiveRef: '#' } } },
      { child: { x: 1 } },
      ['/child/x'],
    ],
    ['though the schema forbids it', { ...named, additionalProperties: false }, { x: 1 }, ['/x']],
    [
      'with a name that objects inherit',
      named,
      { constructor: 1, toString: 2 },
      ['/constructor', '/toString'],
    ],
  ])('%s', (_fact, schema, value, expected) => {
    expect(found(schema, value)).toEqual(expected);
  });
});

describe('a property is declared', () => {
  test.each<[string, Json, Json]>([
    ['by allOf', { allOf: [named] }, { alpha: 1 }],
    ['by one branch, whichever applies', { anyOf: [named, { properties: { c: {} } }] }, { alpha: 1, c: 1 }],
    ['by a branch of oneOf', { oneOf: [named] }, { alpha: 1 }],
    [
      'by a condition and by what follows from it',
      Object.fromEntries([
        ['if', { properties: { a: {} } }],
        ['then', { properties: { b: {} } }],
        ['else', { properties: { c: {} } }],
      ]),
      { a: 1, b: 1, c: 1 },
    ],
    [
      'by what depends on another',
      { ...named, dependentSchemas: { alpha: { properties: { c: {} } } } },
      { c: 1 },
    ],
    [
      'by what depends on another, in draft-07',
      { ...named, dependencies: { a: ['b'], b: { properties: { c: {} } } } },
      { c: 1 },
    ],
    ['by false, which forbids it', { properties: { legacy: false, beta: {} } }, { legacy: 1 }],
    ['by a pattern of names', { ...named, patternProperties: { '^x-': true } }, { 'x-a': 1 }],
    ['by a schema for all others', { ...named, additionalProperties: { type: 'number' } }, { c: 1 }],
  ])('%s', (_fact, schema, value) => {
    expect(found(schema, value)).toEqual([]);
  });
});

describe('nothing is undeclared', () => {
  test.each<[string, Json, Json]>([
    ['where no names are listed', {}, { a: { b: 1 } }],
    ['where anything is allowed', true, { a: 1 }],
    ['where nothing is', false, { a: 1 }],
    ['inside of what is undeclared already', { properties: { a: true } }, { a: { b: { c: 1 } } }],
    ['in what is no object', named, 'text'],
    ['where an anchor says more', { ...named, $ref: '#more' }, { x: 1 }],
    [
      'where another document says more',
      { allOf: [named, { $ref: 'https://example.org/a.json' }] },
      { x: 1 },
    ],
    ['where a pattern of names may cover it', { ...named, patternProperties: { '^a': {} } }, { x: 1 }],
    ['where a reference leads nowhere', { ...named, $ref: '#/$defs/none' }, { x: 1 }],
  ])('%s', (_fact, schema, value) => {
    expect(found(schema, value)).toEqual([]);
  });
});

test('no more than twenty are told', () => {
  const value = Object.fromEntries(Array.from({ length: 100 }, (_, index) => [`x${index}`, { y: 1 }]));
  expect(found(named, value)).toHaveLength(20);
});

describe('a schema that goes in circles comes to an end:', () => {
  test.each<[string, Json]>([
    ['itself', { $ref: '#', ...named }],
    [
      'two that refer to each other',
      { $ref: '#/$defs/a', ...named, $defs: { a: { $ref: '#/$defs/b' }, b: { $ref: '#/$defs/a' } } },
    ],
    ['branches', { anyOf: [{ $ref: '#' }, named] }],
  ])('%s', (_fact, schema) => {
    expect(found(schema, { x: 1 })).toEqual(['/x']);
  });

  test('a tree of any depth, which is looked at as far as people read', () => {
    const tree: Json = { properties: { child: { $ref: '#' } } };
    const deep = (depth: number): Json => (depth === 0 ? { x: 1 } : { child: deep(depth - 1) });
    expect(found(tree, deep(30))).toHaveLength(1);
    expect(found(tree, deep(400))).toEqual([]);
  });
});
