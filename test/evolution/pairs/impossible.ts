import {
  closed,
  equal,
  integer,
  list,
  narrowed,
  number,
  open,
  type Pair,
  string,
  when,
  widened,
} from './pair.ts';

/** Schemas, or parts of them, that nothing satisfies. */
export const impossible: readonly Pair[] = [
  equal('from 5 to 3 there is nothing', { ...integer, minimum: 5, maximum: 3 }, false),
  equal(
    'between 0 and 1 there is no integer',
    { ...integer, exclusiveMinimum: 0, exclusiveMaximum: 1 },
    false,
  ),
  equal(
    'from 1 to 6 nothing is a multiple of 7',
    { ...integer, minimum: 1, maximum: 6, multipleOf: 7 },
    false,
  ),
  equal('a forbidden property cannot be required', open({ a: false }, { required: ['a'] }), false),
  equal(
    'a closed object cannot be asked for another property',
    closed({ a: string }, { required: ['b'] }),
    false,
  ),
  equal(
    'a name that no name may be cannot be required',
    open({}, { propertyNames: { maxLength: 1 }, required: ['ab'] }),
    false,
  ),
  equal(
    'a closed object cannot have more than it declares',
    closed({ a: string }, { minProperties: 2 }),
    false,
  ),
  equal(
    'a closed tuple cannot have more than its places',
    { type: 'array', prefixItems: [string, string], items: false, minItems: 3 },
    false,
  ),
  equal('no string is at least 3 and at most 2 long', { ...string, minLength: 3, maxLength: 2 }, false),
  equal('no string of one literal is 2 long', { ...string, pattern: '^a$', minLength: 2 }, false),
  equal('nothing has two types', { allOf: [integer, string] }, false),
  equal('nothing is two constants', { allOf: [{ const: 'a' }, { const: 'b' }] }, false),
  equal('no enumerated value has the type', { ...integer, enum: ['a', 1.5] }, false),
  equal('either of two equal branches is neither', { oneOf: [string, string] }, false),
  equal('three booleans cannot differ', list({ type: 'boolean' }, { uniqueItems: true, minItems: 3 }), false),
  equal('nothing is contained that nothing is', { type: 'array', contains: false }, false),
  equal(
    'a short list cannot contain many',
    { type: 'array', contains: integer, minContains: 3, maxItems: 2 },
    false,
  ),
  equal('a string that is not one', { ...string, not: string }, false),
  equal('an endless chain has no value', open({ next: { $ref: '#' } }, { required: ['next'] }), false),
  widened(
    'what was impossible becomes possible',
    { ...integer, minimum: 5, maximum: 3 },
    { ...integer, minimum: 3, maximum: 5 },
    4,
  ),
  narrowed(
    'what was possible becomes impossible',
    { ...number, minimum: 3, maximum: 5 },
    { ...number, minimum: 5, maximum: 3 },
    4,
  ),
  widened(
    'what is impossible breaks nothing, whatever comes',
    open({ a: false }, { required: ['a'] }),
    list(string),
    [],
  ),
  equal(
    'a property that nothing satisfies is forbidden',
    open({ a: { ...integer, minimum: 5, maximum: 3 } }),
    open({ a: false }),
  ),
  equal(
    'items that nothing satisfies are none',
    list({ allOf: [integer, string] }),
    list(true, { maxItems: 0 }),
  ),
  equal(
    'an impossible alternative is none',
    { anyOf: [string, open({ a: false }, { required: ['a'] })] },
    string,
  ),
  equal(
    'an impossible condition leaves the alternative',
    { ...when({ allOf: [integer, string] }, string), else: integer },
    integer,
  ),
  widened(
    'an impossible property is declared at last',
    closed({ a: { enum: [1], type: 'string' } }),
    closed({ a: { enum: [1] } }),
    { a: 1 },
  ),
];
