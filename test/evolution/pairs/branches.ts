import {
  changed,
  closed,
  draft07,
  equal,
  integer,
  narrowed,
  number,
  open,
  type Pair,
  string,
  widened,
} from './pair.ts';

/** allOf and anyOf. */
export const branches: readonly Pair[] = [
  widened('a branch of allOf is dropped', { allOf: [string, { minLength: 1 }] }, { allOf: [string] }, ''),
  narrowed('a branch is added to allOf', { allOf: [string] }, { allOf: [string, { minLength: 1 }] }, ''),
  equal(
    'branches of allOf are reordered',
    { allOf: [string, { maxLength: 3 }] },
    { allOf: [{ maxLength: 3 }, string] },
  ),
  equal(
    'allOf is merged into the schema',
    open({}, { allOf: [{ properties: { a: string } }, { required: ['a'] }] }),
    open({ a: string }, { required: ['a'] }),
  ),
  equal('allOf of everything asks nothing', { ...string, allOf: [true] }, string),
  changed(
    'a branch of allOf is replaced',
    draft07({ allOf: [integer, { minimum: 5 }] }),
    draft07({ allOf: [integer, { maximum: 9 }] }),
    10,
    4,
  ),
  widened('a branch is added to anyOf', { anyOf: [string] }, { anyOf: [string, integer] }, 1),
  narrowed('a branch of anyOf is dropped', { anyOf: [string, integer] }, { anyOf: [string] }, 1),
  equal('branches of anyOf are reordered', { anyOf: [string, integer] }, { anyOf: [integer, string] }),
  changed(
    'a branch of anyOf is replaced',
    { anyOf: [string, integer] },
    { anyOf: [string, { type: 'boolean' }] },
    1,
    true,
  ),
  narrowed(
    'a branch of anyOf is narrowed',
    { anyOf: [string, integer] },
    { anyOf: [string, { ...integer, minimum: 0 }] },
    -1,
  ),
  equal(
    'a branch of anyOf that another contains is redundant',
    { anyOf: [string, { ...string, minLength: 3 }] },
    string,
  ),
  equal('a branch of anyOf that nothing satisfies is redundant', { anyOf: [string, false] }, string),
  equal('anyOf with everything asks nothing', { ...string, anyOf: [true, { minLength: 3 }] }, string),
  equal(
    'anyOf in anyOf is flattened',
    { anyOf: [string, { anyOf: [integer, { type: 'null' }] }] },
    { anyOf: [string, integer, { type: 'null' }] },
  ),
  narrowed(
    'any becomes all',
    { anyOf: [string, { maxLength: 3 }] },
    { allOf: [string, { maxLength: 3 }] },
    'abcd',
  ),
  equal(
    'two ranges that overlap are one',
    {
      ...integer,
      anyOf: [
        { minimum: 0, maximum: 10 },
        { minimum: 5, maximum: 20 },
      ],
    },
    { ...integer, minimum: 0, maximum: 20 },
  ),
  equal(
    'two ranges of integers that touch are one',
    {
      ...integer,
      anyOf: [
        { minimum: 0, maximum: 4 },
        { minimum: 5, maximum: 9 },
      ],
    },
    { ...integer, minimum: 0, maximum: 9 },
  ),
  narrowed(
    'between two ranges of numbers there is a gap',
    { ...number, minimum: 0, maximum: 9 },
    {
      ...number,
      anyOf: [
        { minimum: 0, maximum: 4 },
        { minimum: 5, maximum: 9 },
      ],
    },
    4.5,
  ),
  equal(
    'what all branches share moves out of them',
    open({}, { anyOf: [{ required: ['id', 'a'] }, { required: ['id', 'b'] }] }),
    open({}, { required: ['id'], anyOf: [{ required: ['a'] }, { required: ['b'] }] }),
  ),
  equal(
    'what two alternatives share is taken out',
    {
      allOf: [
        { anyOf: [{ type: 'null' }, integer] },
        { anyOf: [{ type: 'null' }, { ...number, minimum: 0 }] },
      ],
    },
    { anyOf: [{ type: 'null' }, { ...integer, minimum: 0 }] },
  ),
  equal(
    'two closed objects at once have nothing they do not share',
    { allOf: [closed({ a: true }), closed({ b: true })] },
    { type: 'object', maxProperties: 0 },
  ),
  widened(
    'two alternatives of closed objects become one of both',
    { anyOf: [closed({ a: string }), closed({ b: string })] },
    closed({ a: string, b: string }),
    { a: '', b: '' },
  ),
];
