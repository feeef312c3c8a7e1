import {
  changed,
  closed,
  draft07,
  draft2019,
  equal,
  integer,
  narrowed,
  open,
  type Pair,
  string,
  when,
  widened,
} from './pair.ts';

export const dependent: readonly Pair[] = [
  narrowed(
    'a property needs another',
    open({ card: string }),
    open({ card: string }, { dependentRequired: { card: ['address'] } }),
    { card: '1' },
  ),
  widened(
    'two required properties need each other only',
    open({}, { required: ['a', 'b'] }),
    open({}, { dependentRequired: { a: ['b'], b: ['a'] } }),
    {},
  ),
  changed(
    'the dependency is turned round',
    draft2019(open({}, { dependentRequired: { a: ['b'] } })),
    draft2019(open({}, { dependentRequired: { b: ['a'] } })),
    { b: 1 },
    { a: 1 },
  ),
  equal(
    'a dependency is a condition',
    open({}, { dependentRequired: { card: ['address'] } }),
    open({}, when({ required: ['card'] }, { required: ['address'] })),
  ),
  equal(
    'what a required property needs is required',
    open({}, { required: ['a'], dependentRequired: { a: ['b'] } }),
    open({}, { required: ['a', 'b'] }),
  ),
  equal(
    'what the needed property needs is needed as well',
    open({}, { dependentRequired: { a: ['b'], b: ['c'] } }),
    open({}, { dependentRequired: { a: ['b', 'c'], b: ['c'] } }),
  ),
  equal('a dependency on nothing asks nothing', open({}, { dependentRequired: { a: [] } }), open({})),
  equal(
    'a dependency of a name that a closed object lacks asks nothing',
    closed({ a: string }, { dependentRequired: { z: ['a'] } }),
    closed({ a: string }),
  ),
  equal(
    'two properties that need each other come together or not at all',
    open({}, { dependentRequired: { a: ['b'], b: ['a'] } }),
    open(
      {},
      { anyOf: [{ required: ['a', 'b'] }, { not: { anyOf: [{ required: ['a'] }, { required: ['b'] }] } }] },
    ),
  ),
  widened(
    'a dependent schema is loosened',
    open({}, { dependentSchemas: { tls: { properties: { port: integer } } } }),
    open({}, { dependentSchemas: { tls: { properties: { port: { type: ['integer', 'string'] } } } } }),
    { tls: true, port: 'https' },
  ),
  equal(
    'a dependent schema that requires is a dependency',
    open({}, { dependentSchemas: { a: { required: ['b'] } } }),
    open({}, { dependentRequired: { a: ['b'] } }),
  ),
  narrowed(
    'a dependency of draft-07 is added',
    draft07(open({})),
    draft07(open({}, { dependencies: { a: ['b'] } })),
    { a: 1 },
  ),
  narrowed(
    'a dependent schema of draft-07 is tightened',
    draft07(open({}, { dependencies: { a: { properties: { b: string } } } })),
    draft07(open({}, { dependencies: { a: { properties: { b: string }, required: ['b'] } } })),
    { a: 1 },
  ),
  equal(
    'a property that needs a forbidden one is forbidden too',
    open({ b: false }, { dependentRequired: { a: ['b'] } }),
    open({ a: false, b: false }),
  ),
];
