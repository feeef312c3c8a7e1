import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { at, isArray, isObject, type Json, type JsonObject } from '../../src/core/json.ts';
import { plain } from '../../src/core/plain.ts';
import { formatPointer } from '../../src/core/pointer.ts';
import type { Draft } from '../../src/core/vocabulary.ts';
import { changeKinds } from '../../src/evolution/change-words.ts';
import {
  type ChangeKind,
  changes,
  changesOf,
  type Effect,
  type SchemaChange,
  wordChange,
} from '../../src/evolution/changes.ts';
import { project } from '../support/run.ts';
import { instances } from './arbitraries/instances.ts';
import { pairs } from './arbitraries/pairs.ts';
import { schemas } from './arbitraries/schemas.ts';
import { plainValidator } from './arbitraries/validator.ts';
import { pairs as labelled } from './pairs/index.ts';
import { closed, draft07, draft2019, draft2020, integer, list, open, string, when } from './pairs/pair.ts';

const drafts: readonly Draft[] = ['draft-07', '2019-09', '2020-12'];

/** Deep enough for the scanner, and as deep as it lets documents be. */
const DEEPEST = 512;

/** Drawn pairs are dear. */
const RUNS = 100;

type Line = `${ChangeKind} ${Effect} ${string} → ${string}`;

function lines(before: Json, after: Json): readonly string[] {
  return changes(before, after).map(lineOf);
}

function lineOf({ kind, effect, before, after }: SchemaChange): string {
  return `${kind} ${effect} ${formatPointer(before)} → ${formatPointer(after)}`;
}

type Row = readonly [fact: string, before: Json, after: Json, ...lines: readonly Line[]];

describe('a change is named, placed in both documents, and judged by itself:', () => {
  test.each<Row>([
    ['a type fewer', { type: ['string', 'null'] }, string, 'type-narrowed narrows /type → /type'],
    ['a type more', integer, { type: 'number' }, 'type-widened widens /type → /type'],
    ['another type', string, integer, 'type-changed either /type → /type'],
    ['a type where any was allowed', {}, string, 'type-narrowed narrows  → /type'],
    [
      'null by the word of OpenAPI',
      string,
      { type: 'string', nullable: true },
      'type-widened widens /type → /type',
    ],
    ['nothing any more', string, false, 'value-forbidden narrows  → '],
    ['something at last', false, string, 'value-allowed widens  → '],
    ['another constant', { const: 1 }, { enum: [2] }, 'const-changed either /const → /enum/0'],
    [
      'a value more where there was one',
      { const: 1 },
      { enum: [2, 1] },
      'enum-value-added widens /const → /enum/0',
    ],
    [
      'one value for another',
      { enum: ['a', 'b'] },
      { enum: ['c', 'a'] },
      'enum-value-removed narrows /enum/1 → /enum',
      'enum-value-added widens /enum → /enum/0',
    ],
    ['a list of values', string, { ...string, enum: ['a'] }, 'enum-added narrows  → /enum'],
    ['no constant any more', { const: 1 }, {}, 'const-removed widens /const → '],
    ['a higher minimum', { minimum: 1 }, { minimum: 2 }, 'minimum-raised narrows /minimum → /minimum'],
    [
      'a lower maximum',
      { maxLength: 2 },
      { maxLength: 1 },
      'max-length-lowered narrows /maxLength → /maxLength',
    ],
    ['a bound', {}, { exclusiveMaximum: 3 }, 'exclusive-maximum-added narrows  → /exclusiveMaximum'],
    ['no bound any more', { minItems: 1 }, { minItems: 0 }, 'min-items-removed widens /minItems → '],
    [
      'multiples of multiples',
      { multipleOf: 2 },
      { multipleOf: 6 },
      'multiple-of-raised narrows /multipleOf → /multipleOf',
    ],
    [
      'multiples of something else',
      { multipleOf: 2 },
      { multipleOf: 3 },
      'multiple-of-raised either /multipleOf → /multipleOf',
    ],
    [
      'fewer items of a kind',
      { contains: string, minContains: 2 },
      { contains: string },
      'min-contains-removed widens /minContains → ',
    ],
    ['a bound that counts nothing', {}, { maxContains: 2 }, 'max-contains-added none  → /maxContains'],
    ['another pattern', { pattern: 'a' }, { pattern: 'b' }, 'pattern-changed either /pattern → /pattern'],
    ['a format', {}, { format: 'date' }, 'format-added narrows  → /format'],
    ['items all different', {}, { uniqueItems: true }, 'unique-items-added narrows  → /uniqueItems'],
  ])('%s', (_fact, before, after, ...expected) => {
    expect(lines(before, after)).toEqual(expected);
  });
});

describe('objects are judged by their content models:', () => {
  const digits = { patternProperties: { '^x-': string } };

  test.each<Row>([
    [
      'added to an open one',
      open({}),
      open({ a: string }),
      'property-added narrows /properties → /properties/a',
    ],
    [
      'added to a closed one',
      closed({}),
      closed({ a: string }),
      'property-added widens /properties → /properties/a',
    ],
    [
      'removed from an open one',
      open({ a: string }),
      open({}),
      'property-removed widens /properties/a → /properties',
    ],
    [
      'removed from a closed one',
      closed({ a: string }),
      closed({}),
      'property-removed narrows /properties/a → /properties',
    ],
    [
      'added, but it may be anything',
      open({}),
      open({ a: true }),
      'property-added none /properties → /properties/a',
    ],
    [
      'added as what the rest has to be anyway',
      { properties: {}, additionalProperties: string },
      { properties: { a: { title: 'A', ...string } }, additionalProperties: string },
      'property-added none /properties → /properties/a',
    ],
    [
      'added where a pattern rules, though the rest is closed',
      closed({}, digits),
      closed({ 'x-a': { minLength: 1 } }, digits),
      'property-added narrows /properties → /properties/x-a',
    ],
    [
      'added where a pattern may rule, and the rest is closed',
      closed({}, { patternProperties: { '^(a|b)+$': string } }),
      closed({ ab: { minLength: 1 } }, { patternProperties: { '^(a|b)+$': string } }),
      'property-added either /properties → /properties/ab',
    ],
    [
      'removed as the object is closed',
      open({ a: string }),
      closed({}),
      'property-removed narrows /properties/a → /properties',
      'additional-properties-closed narrows  → /additionalProperties',
    ],
    [
      'added where what is left over is refused',
      { properties: {}, unevaluatedProperties: false },
      { properties: { a: string }, unevaluatedProperties: false },
      'property-added widens /properties → /properties/a',
    ],
    [
      'added where someone else may refuse what is left over',
      { allOf: [{ properties: {} }], unevaluatedProperties: false },
      { allOf: [{ properties: { a: string } }], unevaluatedProperties: false },
      'property-added either /allOf/0/properties → /allOf/0/properties/a',
    ],
    [
      'required, declared and not',
      open({ a: string }),
      open({ a: string }, { required: ['a', 'b'] }),
      'property-required-added narrows  → /required/0',
      'required-undeclared-added narrows  → /required/1',
    ],
    [
      'required no more',
      open({ a: string }, { required: ['b', 'a'] }),
      open({ a: string }, { required: ['b'] }),
      'property-required-removed widens /required/1 → /required',
    ],
    [
      'the rest closed',
      open({}),
      closed({}),
      'additional-properties-closed narrows  → /additionalProperties',
    ],
    [
      'the rest opened',
      closed({}),
      { type: 'object', properties: {}, additionalProperties: true },
      'additional-properties-opened widens /additionalProperties → /additionalProperties',
    ],
    [
      'the rest narrowed',
      open({}),
      open({}, { additionalProperties: string }),
      'additional-properties-narrowed narrows  → /additionalProperties',
    ],
    [
      'a pattern added to a closed object',
      { additionalProperties: false },
      { additionalProperties: false, patternProperties: { '^x': string } },
      'pattern-property-added widens  → /patternProperties/^x',
    ],
    ['names', {}, { propertyNames: { maxLength: 3 } }, 'property-names-added narrows  → /propertyNames'],
    [
      'a name that another one asks for, in an older word and a newer',
      draft2020({ dependencies: { a: ['b'] } }),
      draft2020({ dependentRequired: { a: ['b', 'c'] } }),
      'dependent-required-added narrows /dependencies/a → /dependentRequired/a/1',
    ],
    [
      'a schema that a name brings in',
      { dependentSchemas: { a: { required: ['b'] } } },
      {},
      'dependent-schema-removed widens /dependentSchemas/a → ',
    ],
  ])('%s', (_fact, before, after, ...expected) => {
    expect(lines(before, after)).toEqual(expected);
  });
});

describe('arrays are judged by their content models:', () => {
  test.each<Row>([
    ['a schema of items', { type: 'array' }, list(string), 'items-narrowed narrows  → /items'],
    ['a change of it', list(string), list(integer), 'type-changed either /items/type → /items/type'],
    [
      'an item more in a closed tuple',
      { prefixItems: [string], items: false },
      { prefixItems: [string, string], items: false },
      'prefix-item-added widens /prefixItems → /prefixItems/1',
    ],
    [
      'an item fewer, and the rest is open',
      { prefixItems: [string] },
      {},
      'prefix-item-removed widens /prefixItems/0 → ',
    ],
    [
      'a tuple of an older draft, closed',
      draft07({ items: [string] }),
      draft07({ items: [string], additionalItems: false }),
      'items-closed narrows  → /additionalItems',
    ],
    ['certain items', {}, { contains: string }, 'contains-added narrows  → /contains'],
    [
      'at most so many of a wider kind',
      { contains: integer, maxContains: 2 },
      { contains: { type: 'number' }, maxContains: 2 },
      'type-widened either /contains/type → /contains/type',
    ],
  ])('%s', (_fact, before, after, ...expected) => {
    expect(lines(before, after)).toEqual(expected);
  });
});

describe('branches are matched by what they say:', () => {
  const kind = (name: string, rest: JsonObject = {}) => ({ properties: { kind: { const: name }, ...rest } });

  test.each<Row>([
    [
      'one more in front of the others',
      { anyOf: [string, integer] },
      { anyOf: [{ type: 'null' }, string, integer] },
      'any-of-branch-added widens /anyOf → /anyOf/0',
    ],
    [
      'those that tell themselves apart by a constant',
      { oneOf: [kind('a', { n: { minimum: 1 } }), kind('b', { n: { minimum: 1 } })] },
      { oneOf: [kind('b', { n: { minimum: 1, maximum: 5 } }), kind('a', { n: { minimum: 2 } })] },
      'maximum-added either /oneOf/1/properties/n → /oneOf/0/properties/n/maximum',
      'minimum-raised either /oneOf/0/properties/n/minimum → /oneOf/1/properties/n/minimum',
    ],
    [
      'those with the same title',
      {
        anyOf: [
          { title: 'A', minLength: 1 },
          { title: 'B', minLength: 1 },
        ],
      },
      {
        anyOf: [
          { title: 'B', minLength: 2 },
          { title: 'A', minLength: 3 },
        ],
      },
      'min-length-raised narrows /anyOf/1/minLength → /anyOf/0/minLength',
      'min-length-raised narrows /anyOf/0/minLength → /anyOf/1/minLength',
    ],
    [
      'one type for another',
      { anyOf: [string, integer] },
      { anyOf: [string, { type: 'boolean' }] },
      'any-of-branch-removed narrows /anyOf/1 → /anyOf',
      'any-of-branch-added widens /anyOf → /anyOf/1',
    ],
    [
      'one part fewer',
      { allOf: [string, { minLength: 1 }] },
      { allOf: [{ minLength: 1 }] },
      'all-of-branch-removed widens /allOf/0 → /allOf',
    ],
    ['alternatives', {}, { oneOf: [string] }, 'one-of-added narrows  → /oneOf'],
    [
      'what is ruled out',
      { not: { minimum: 1 } },
      { not: { minimum: 2 } },
      'minimum-raised widens /not/minimum → /not/minimum',
    ],
    [
      'a condition',
      when({ minimum: 1 }, { maximum: 5 }),
      { ...when({ minimum: 2 }, { maximum: 4 }), else: { maximum: 0 } },
      'condition-else-added narrows  → /else',
      'minimum-raised either /if/minimum → /if/minimum',
      'maximum-lowered narrows /then/maximum → /then/maximum',
    ],
  ])('%s', (_fact, before, after, ...expected) => {
    expect([...lines(before, after)].sort()).toEqual([...expected].sort());
  });
});

describe('references are followed:', () => {
  const name = (schema: Json) => ({ $defs: { name: schema } });
  const ref = { $ref: '#/$defs/name' };

  test.each<Row>([
    [
      'a change of a definition is told once',
      { ...name(string), properties: { a: ref, b: ref } },
      { ...name({ ...string, minLength: 1 }), properties: { a: ref, b: ref } },
      'min-length-added narrows /$defs/name → /$defs/name/minLength',
    ],
    [
      'used both ways, it may do anything',
      { ...name(string), properties: { a: ref, b: { not: ref } } },
      { ...name({ ...string, minLength: 1 }), properties: { a: ref, b: { not: ref } } },
      'min-length-added either /$defs/name → /$defs/name/minLength',
    ],
    [
      'one that nothing refers to has no effect',
      name(string),
      name(integer),
      'type-changed none /$defs/name/type → /$defs/name/type',
    ],
    ['nor has it when it goes', name(string), {}, 'definition-removed none /$defs/name → '],
    [
      'another name alone is no change',
      { ...name(string), ...ref },
      { $defs: { other: string }, $ref: '#/$defs/other' },
    ],
    [
      'under another name it is compared with what it was',
      { ...name(string), ...ref },
      { $defs: { other: integer }, $ref: '#/$defs/other' },
      'type-changed either /$defs/name/type → /$defs/other/type',
    ],
    [
      'taken out of what uses it, it is the same',
      { properties: { a: string } },
      { ...name(string), properties: { a: ref } },
    ],
    [
      'to another definition of the same, there is no effect',
      { $defs: { name: string, other: string }, $ref: '#/$defs/name' },
      { $defs: { name: string, other: string }, $ref: '#/$defs/other' },
      'reference-changed none /$ref → /$ref',
    ],
    [
      'beside others it is one more part',
      { ...name(string), minLength: 1 },
      { ...name(string), minLength: 1, ...ref },
      'reference-added narrows  → /$ref',
    ],
    ['as a part of allOf it is the same', { ...name(string), ...ref }, { ...name(string), allOf: [ref] }],
    [
      'recursion ends',
      { properties: { next: { $ref: '#' }, value: { minimum: 1 } } },
      { properties: { next: { $ref: '#' }, value: { minimum: 0 } } },
      'minimum-lowered widens /properties/value/minimum → /properties/value/minimum',
    ],
    [
      'also that of schemas which are built differently',
      { properties: { next: { $ref: '#' } } },
      { properties: { next: { properties: { next: { $ref: '#' } } } } },
    ],
    [
      'anchors are names, too',
      { $defs: { name: { $anchor: 'n', ...string } }, $ref: '#n' },
      { $defs: { name: { $anchor: 'n', ...string } }, ...ref },
    ],
    [
      'what stands elsewhere goes by its address',
      { $ref: 'https://example.org/a' },
      { $ref: 'https://example.org/b' },
      'reference-changed either /$ref → /$ref',
    ],
  ])('%s', (_fact, before, after, ...expected) => {
    expect(lines(before, after)).toEqual(expected);
  });
});

describe('what is said to people has no effect:', () => {
  test.each<Row>([
    ['a title', { title: 'A' }, { title: 'B' }, 'annotation-changed none /title → /title'],
    ['a default', {}, { default: 1 }, 'default-added none  → /default'],
    ['a name', { $id: 'https://a.example/a' }, {}, 'identifier-removed none /$id → '],
    ['a word that nobody knows', { foo: 1 }, { foo: 2 }, 'keyword-unknown-changed none /foo → /foo'],
    [
      'what stands beside a reference in draft-07',
      draft07({ definitions: { a: string }, allOf: [{ $ref: '#/definitions/a', minLength: 1 }] }),
      draft07({ definitions: { a: string }, allOf: [{ $ref: '#/definitions/a', minLength: 2 }] }),
      'keyword-unknown-changed none /allOf/0/minLength → /allOf/0/minLength',
    ],
    [
      'a consequence without a condition',
      {},
      Object.fromEntries([['then', string]]),
      'keyword-unknown-added none  → /then',
    ],
  ])('%s', (_fact, before, after, ...expected) => {
    expect(lines(before, after)).toEqual(expected);
  });

  test('the draft may have one', () => {
    expect(lines(draft07(string), draft2019(string))).toEqual(['draft-changed either /$schema → /$schema']);
  });
});

describe('what is spelled otherwise is no change:', () => {
  test.each<[fact: string, before: Json, after: Json]>([
    ['a type in a list', { type: 'string' }, { type: ['string'] }],
    ['integers among numbers', { type: ['number', 'integer'] }, { type: 'number' }],
    ['a constant as a list of one', { const: { a: [1.0] } }, { enum: [{ a: [1] }] }],
    ['the order of values, twice one of them', { enum: [1, 2] }, { enum: [2, 1, 2] }],
    ['the order of names', { required: ['a', 'b'] }, { required: ['b', 'a'] }],
    ['bounds that nothing breaks', {}, { minLength: 0, required: [], uniqueItems: false, allOf: [] }],
    ['properties that are open by default', open({}), { ...open({}), additionalProperties: true }],
    ['true and a schema without demands', { properties: { a: true } }, { properties: { a: {} } }],
    [
      'the end of an identifier',
      draft07(string),
      { ...draft07(string), $schema: 'http://json-schema.org/draft-07/schema' },
    ],
  ])('%s', (_fact, before, after) => {
    expect(lines(before, after)).toEqual([]);
    expect(lines(after, before)).toEqual([]);
  });

  test('words of one draft for words of another, besides the draft', () => {
    const before = draft07({
      definitions: { a: string },
      items: [{ $ref: '#/definitions/a' }],
      additionalItems: integer,
      dependencies: { a: ['b'], c: { required: ['d'] } },
    });
    const after = draft2020({
      $defs: { a: string },
      prefixItems: [{ $ref: '#/$defs/a' }],
      items: integer,
      dependentRequired: { a: ['b'] },
      dependentSchemas: { c: { required: ['d'] } },
    });
    expect(lines(before, after)).toEqual(['draft-changed either /$schema → /$schema']);
  });
});

describe('however large documents are:', () => {
  test('those as deep as they may be are compared', () => {
    const deep = (leaf: Json) => {
      let schema = leaf;
      for (let depth = 1; depth < DEEPEST / 2; depth += 1) schema = { properties: { a: schema } };
      return schema;
    };
    expect(changes(deep(string), deep(integer)).map(({ kind }) => kind)).toEqual(['type-changed']);
    const not = (leaf: Json) => {
      let schema = leaf;
      for (let depth = 1; depth < DEEPEST; depth += 1) schema = { not: schema };
      return schema;
    };
    expect(lineOf(changes(not({ minimum: 1 }), not({ minimum: 2 }))[0] ?? none)).toMatch(
      /^minimum-raised widens /,
    );
  });

  test('after 500 changes it is said that there are more', () => {
    const many = (schema: Json) =>
      open(Object.fromEntries(Array.from({ length: 600 }, (_, index) => [`p${index}`, schema])));
    const told = changes(many(string), many(integer));
    expect(told).toHaveLength(501);
    expect(told.at(-1)?.kind).toBe('more-changes');
    expect(changesOf(many(string), many(integer))).toMatchObject({ isCut: true });
    expect(changesOf(many(string), many(integer)).changes).toHaveLength(500);
    expect(changesOf(string, integer).isCut).toBe(false);
  });

  test('recursive ones that meet in too many ways are given up', () => {
    const ring = (name: string, length: number) => ({
      $ref: `#/$defs/${name}0`,
      $defs: Object.fromEntries(
        Array.from({ length }, (_, index) => [
          `${name}${index}`,
          { properties: { next: { $ref: `#/$defs/${name}${(index + 1) % length}` } } },
        ]),
      ),
    });
    const before = performance.now();
    expect(changes(ring('a', 211), ring('b', 199)).map(({ kind }) => kind)).toEqual(['more-changes']);
    expect(changes(ring('a', 211), ring('a', 211))).toEqual([]);
    expect(performance.now() - before).toBeLessThan(5000);
  });
});

const none: SchemaChange = { kind: 'more-changes', before: [], after: [], effect: 'none' };

describe('changes are worded:', () => {
  test.each<[said: string, before: Json, after: Json]>([
    ['the property a was added', open({}), open({ a: string })],
    ['the type changed from string to string or null', string, { type: ['string', 'null'] }],
    ['the type changed from any to string', {}, string],
    ['minimum was raised from 1 to 2', { minimum: 1 }, { minimum: 2 }],
    ['minLength 2 was added', {}, { minLength: 2 }],
    ['the allowed value "1" was removed', { enum: ['1', 1, 2] }, { enum: [1, 2] }],
    ['the constant changed from 1 to "1"', { const: 1 }, { const: '1' }],
    ['the property a became required', open({ a: string }), open({ a: string }, { required: ['a'] })],
    ['the property b became required beside a', {}, { dependentRequired: { a: ['b'] } }],
    [
      'the alternative Text of anyOf was added',
      { anyOf: [integer] },
      { anyOf: [integer, { title: 'Text', ...string }] },
    ],
    ['further properties that are not declared are no longer allowed', open({}), closed({})],
    ['title changed', { title: 'A' }, { title: 'B' }],
    [
      'the draft changed from the default to http://json-schema.org/draft-07/schema#',
      string,
      draft07(string),
    ],
    [`the pattern ${'a'.repeat(59)}… was added`, {}, { pattern: 'a'.repeat(100) }],
  ])('%s', (said, before, after) => {
    expect(changes(before, after).map((change) => plain(wordChange(change, before, after)))).toEqual([said]);
    expect(changesOf(before, after).changes.map((change) => plain(change.said))).toEqual([said]);
  });
});

const mirrored: Readonly<Record<string, string>> = {
  added: 'removed',
  raised: 'lowered',
  opened: 'closed',
  widened: 'narrowed',
  allowed: 'forbidden',
};
const mirrors = new Map(Object.entries(mirrored).flatMap(([a, b]) => [[a, b] as const, [b, a] as const]));

function mirror(kind: string): string {
  return kind.replace(/[a-z]+$/, (way) => mirrors.get(way) ?? way);
}

const anyDraft = fc.constantFrom(...drafts);
const manyPairs = anyDraft.chain((draft) => pairs(draft));

describe('whatever the documents are,', () => {
  test('a copy has not changed', () => {
    fc.assert(
      fc.property(
        anyDraft.chain((draft) => schemas(draft)),
        (schema) => {
          expect(changes(schema, structuredClone(schema))).toEqual([]);
        },
      ),
      { numRuns: RUNS },
    );
  });

  test('the order of members, of values and of branches does not count', () => {
    fc.assert(
      fc.property(
        anyDraft.chain((draft) => schemas(draft)),
        (schema) => {
          expect(lines(schema, reversed(schema))).toEqual([]);
        },
      ),
      { numRuns: RUNS },
    );
  });

  test('the way back is the way in the mirror, and so is the effect', () => {
    const ways = { narrows: 'widens', widens: 'narrows', either: 'either', none: 'none' } as const;
    fc.assert(
      fc.property(manyPairs, ({ before, after }) => {
        const there = changes(before, after).map(({ kind, effect }) => `${mirror(kind)} ${ways[effect]}`);
        const back = changes(after, before).map(({ kind, effect }) => `${kind} ${effect}`);
        expect(back.toSorted()).toEqual(there.toSorted());
      }),
      { numRuns: RUNS },
    );
  });

  test('every place is there, and every change can be worded', () => {
    fc.assert(
      fc.property(manyPairs, ({ before, after }) => {
        for (const change of changes(before, after)) {
          expect(at(before, change.before), lineOf(change)).toBeDefined();
          expect(at(after, change.after), lineOf(change)).toBeDefined();
          expect(plain(wordChange(change, before, after))).not.toMatch(/undefined/);
        }
      }),
      { numRuns: RUNS },
    );
  });
});

/** Of a schema whose every change narrows, no value is new. */
function isAtMost(effect: Effect, told: readonly SchemaChange[]): boolean {
  return told.every((change) => change.effect === effect || change.effect === 'none');
}

describe('effects are what they are said to be', () => {
  test.each(labelled.map((pair) => [pair.fact, pair] as const))('where %s', (_fact, pair) => {
    const told = changes(pair.old, pair.new);
    const labels = told.map(lineOf).join('\n');
    if (isAtMost('widens', told)) expect(pair.backward, labels).toBe('compatible');
    if (isAtMost('narrows', told)) expect(pair.forward, labels).toBe('compatible');
  });

  test('for values that are drawn', () => {
    const validator = plainValidator();
    fc.assert(
      fc.property(manyPairs, ({ before, after }) => {
        const told = changes(before, after);
        const [narrows, widens] = [isAtMost('narrows', told), isAtMost('widens', told)];
        if (!narrows && !widens) return;
        const [was, is] = [validator.compile(before), validator.compile(after)];
        for (const value of instances(before, after, 60)) {
          const [old, now] = [was(value), is(value)];
          if (old === undefined || now === undefined || old === now) continue;
          expect(old ? widens : narrows, `${JSON.stringify(value)}\n${told.map(lineOf).join('\n')}`).toBe(
            false,
          );
        }
      }),
      { numRuns: RUNS },
    );
  });
});

/** The same document with everything the other way round that may be. */
function reversed(json: Json, keyword = ''): Json {
  if (isArray(json)) {
    const items = ['const', 'default', 'examples'].includes(keyword)
      ? json
      : json.map((item) => reversed(item));
    return ['enum', 'required', 'type', 'anyOf', 'oneOf', 'allOf'].includes(keyword)
      ? items.toReversed()
      : items;
  }
  if (!isObject(json)) return json;
  const isMap = ['properties', 'patternProperties', '$defs', 'definitions', 'dependentSchemas'].includes(
    keyword,
  );
  return Object.fromEntries(
    Object.entries(json)
      .toReversed()
      .map(([name, member]) => [name, reversed(member, isMap ? '' : name)]),
  );
}

describe('docs/schema-changes.md', () => {
  const page = readFileSync(join(project, 'docs/schema-changes.md'), 'utf8');
  const rows = Array.from(page.matchAll(/^\| (`.*?`) \|.*\| (.*?) \|$/gm), ([, kinds = '', effect = '']) =>
    Array.from(kinds.matchAll(/`([^`]+)`/g), ([, kind = '']) => ({ kind, effect })),
  ).flat();

  test('lists every kind once, and no other', () => {
    expect(rows.map(({ kind }) => kind).toSorted()).toEqual(changeKinds.toSorted());
  });

  test('says what each may do', () => {
    const said = new Map(rows.map(({ kind, effect }) => [kind, effect]));
    fc.assert(
      fc.property(manyPairs, ({ before, after }) => {
        if (
          /"(not|if|oneOf|maxContains|\$ref|\$dynamicRef|\$recursiveRef)"/.test(
            JSON.stringify([before, after]),
          )
        )
          return;
        for (const { kind, effect } of changes(before, after)) {
          if (effect !== 'none') expect(`${kind}: ${said.get(kind)}`).toContain(effect);
        }
      }),
      { numRuns: RUNS },
    );
  });
});
