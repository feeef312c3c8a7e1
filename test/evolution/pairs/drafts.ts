import {
  changed,
  closed,
  draft07,
  draft2019,
  draft2020,
  equal,
  integer,
  list,
  narrowed,
  open,
  type Pair,
  string,
  when,
  widened,
} from './pair.ts';

const name = { ...string, minLength: 1 };
const places = [string, integer];

/** The same words, and others, under another draft. */
export const drafts: readonly Pair[] = [
  equal(
    'a schema that names no draft follows 2020-12',
    closed({ a: string }),
    draft2020(closed({ a: string })),
  ),
  equal(
    'plain objects are the same in all drafts',
    draft07(closed({ a: string })),
    draft2019(closed({ a: string })),
  ),
  equal(
    'conditions are the same in all drafts',
    draft07(open({}, when({ required: ['a'] }, { required: ['b'] }))),
    draft2020(open({}, when({ required: ['a'] }, { required: ['b'] }))),
  ),
  equal(
    'a tuple is spelled with prefixItems',
    draft07({ type: 'array', items: places, additionalItems: false }),
    draft2020({ type: 'array', prefixItems: places, items: false }),
  ),
  widened(
    'additionalItems is forgotten when a tuple is spelled with prefixItems',
    draft2019({ type: 'array', items: places, additionalItems: false }),
    draft2020({ type: 'array', prefixItems: places, additionalItems: false }),
    ['a', 1, true],
  ),
  narrowed(
    'prefixItems was passed over',
    draft2019({ type: 'array', prefixItems: places }),
    draft2020({ type: 'array', prefixItems: places }),
    [1],
  ),
  equal(
    'places that are as all other items are a list',
    draft2019({ type: 'array', items: [string, string], additionalItems: string }),
    draft2020(list(string)),
  ),
  equal(
    'dependencies are spelled as dependentRequired',
    draft07(open({}, { dependencies: { a: ['b'] } })),
    draft2019(open({}, { dependentRequired: { a: ['b'] } })),
  ),
  equal(
    'dependencies are spelled as dependentSchemas',
    draft07(open({}, { dependencies: { a: { properties: { b: string } } } })),
    draft2020(open({}, { dependentSchemas: { a: { properties: { b: string } } } })),
  ),
  narrowed(
    'dependentRequired was passed over',
    draft07(open({}, { dependentRequired: { a: ['b'] } })),
    draft2019(open({}, { dependentRequired: { a: ['b'] } })),
    { a: 1 },
  ),
  equal(
    'definitions are spelled as $defs',
    draft07(list({ $ref: '#/definitions/name' }, { definitions: { name } })),
    draft2020(list({ $ref: '#/$defs/name' }, { $defs: { name } })),
  ),
  narrowed(
    'what stood beside a reference holds now',
    draft07(list({ $ref: '#/definitions/name', maxLength: 2 }, { definitions: { name } })),
    draft2019(list({ $ref: '#/definitions/name', maxLength: 2 }, { definitions: { name } })),
    ['abc'],
  ),
  widened(
    'a minContains of 0 is heard now',
    draft07({ type: 'array', contains: string, minContains: 0 }),
    draft2020({ type: 'array', contains: string, minContains: 0 }),
    [],
  ),
  narrowed(
    'unevaluatedProperties was passed over',
    draft07(open({ a: string }, { unevaluatedProperties: false })),
    draft2020(open({ a: string }, { unevaluatedProperties: false })),
    { b: 1 },
  ),
  changed(
    'a draft is left while a type changes',
    draft07(open({ port: string })),
    draft2020(open({ port: integer })),
    { port: '80' },
    { port: 80 },
  ),
  equal(
    'a recursive reference is spelled as a dynamic one',
    draft2019(closed({ next: { $recursiveRef: '#' } }, { $recursiveAnchor: true })),
    draft2020(closed({ next: { $dynamicRef: '#node' } }, { $dynamicAnchor: 'node' })),
  ),
  equal(
    'an identifier that was a fragment is spelled as anchor',
    draft07(list({ $ref: '#name' }, { definitions: { n: { $id: '#name', ...name } } })),
    draft2019(list({ $ref: '#name' }, { $defs: { n: { $anchor: 'name', ...name } } })),
  ),
];
