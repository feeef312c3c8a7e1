import { changed, closed, equal, integer, narrowed, open, type Pair, string, widened } from './pair.ts';

/** How many properties there are, and how they are called. */
export const counts: readonly Pair[] = [
  changed(
    'one property, whose long name has to begin otherwise now',
    open({}, { maxProperties: 1, not: { propertyNames: { maxLength: 2 } } }),
    open({}, { propertyNames: { pattern: '^a' } }),
    { bbb: 1 },
    {},
  ),
  changed(
    'one property that is no text, whose name has to be in small letters now',
    open({}, { maxProperties: 1, not: { additionalProperties: string } }),
    open({}, { propertyNames: { pattern: '^[a-z]*$' } }),
    { B: 1 },
    {},
  ),
  narrowed('an object may no longer be empty', open({}), open({}, { minProperties: 1 }), {}),
  narrowed('fewer properties are allowed', open({}, { maxProperties: 2 }), open({}, { maxProperties: 1 }), {
    a: 1,
    b: 2,
  }),
  changed(
    'one property becomes two',
    open({}, { minProperties: 1, maxProperties: 1 }),
    open({}, { minProperties: 2, maxProperties: 2 }),
    { a: 1 },
    { a: 1, b: 2 },
  ),
  equal(
    'a closed object of one that is not empty has it',
    closed({ a: string }, { minProperties: 1 }),
    closed({ a: string }, { required: ['a'] }),
  ),
  equal(
    'a closed object of two that has two has both',
    closed({ a: string, b: integer }, { minProperties: 2 }),
    closed({ a: string, b: integer }, { required: ['a', 'b'] }),
  ),
  widened(
    'a closed object of three that has two need not have certain ones',
    closed({ a: integer, b: integer, c: integer }, { required: ['a', 'b'] }),
    closed({ a: integer, b: integer, c: integer }, { minProperties: 2 }),
    { b: 1, c: 2 },
  ),
  equal(
    'two required properties are at least two',
    open({}, { required: ['a', 'b'], minProperties: 2 }),
    open({}, { required: ['a', 'b'] }),
  ),
  equal(
    'a closed object has no more than it declares',
    closed({ a: string, b: string }, { maxProperties: 2 }),
    closed({ a: string, b: string }),
  ),
  equal('a closed object that declares nothing is empty', closed({}), { type: 'object', maxProperties: 0 }),
  narrowed(
    'at most one of what a closed object declares',
    closed({ a: string, b: string }),
    closed({ a: string, b: string }, { maxProperties: 1 }),
    { a: '', b: '' },
  ),
  equal(
    'required properties that are all that fit close an object',
    open({ a: integer }, { required: ['a'], maxProperties: 1 }),
    closed({ a: integer }, { required: ['a'] }),
  ),
  narrowed('names get a pattern', open({}), open({}, { propertyNames: { pattern: '^[a-z]+$' } }), { A: 1 }),
  widened(
    'names may have digits',
    open({}, { propertyNames: { pattern: '^[a-z]+$' } }),
    open({}, { propertyNames: { pattern: '^[a-z0-9]+$' } }),
    { a1: 1 },
  ),
  changed(
    'names become capitals',
    open({}, { propertyNames: { pattern: '^[a-z]+$' } }),
    open({}, { propertyNames: { pattern: '^[A-Z]+$' } }),
    { a: 1 },
    { A: 1 },
  ),
  equal(
    'enumerated names close an object',
    { type: 'object', propertyNames: { enum: ['a', 'b'] } },
    closed({ a: true, b: true }),
  ),
  equal(
    'no name at all is no property',
    { type: 'object', propertyNames: false },
    { type: 'object', maxProperties: 0 },
  ),
  equal(
    'no name is an integer',
    { type: 'object', propertyNames: { type: 'integer' } },
    { type: 'object', maxProperties: 0 },
  ),
  equal('every name is a string', open({}, { propertyNames: string }), open({})),
  equal(
    'a pattern of names closes an object',
    { type: 'object', propertyNames: { pattern: '^x-' } },
    closed({}, { patternProperties: { '^x-': true } }),
  ),
  equal(
    'a declared name that is too long asks nothing',
    open({ 'long-name': string }, { propertyNames: { maxLength: 3 } }),
    open({}, { propertyNames: { maxLength: 3 } }),
  ),
  equal(
    'two possible names are at most two',
    open({}, { propertyNames: { enum: ['a', 'b'] }, maxProperties: 2 }),
    open({}, { propertyNames: { enum: ['a', 'b'] } }),
  ),
  widened(
    'names of addresses become names of any length',
    open({}, { propertyNames: { format: 'email' } }),
    open({}, { propertyNames: { minLength: 1 } }),
    { a: 1 },
  ),
];
