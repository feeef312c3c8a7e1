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
  when,
  widened,
} from './pair.ts';

const kind = (name: string, rest: Parameters<typeof closed>[0] = {}) =>
  closed({ kind: { const: name }, ...rest }, { required: ['kind'] });

/** oneOf, where what two branches allow is refused. */
export const exclusive: readonly Pair[] = [
  equal(
    'branches of oneOf with different types are those of anyOf',
    { oneOf: [string, integer] },
    { anyOf: [string, integer] },
  ),
  widened(
    'oneOf with an overlap becomes anyOf',
    { ...integer, minimum: 0, maximum: 100, oneOf: [{ multipleOf: 3 }, { multipleOf: 5 }] },
    { ...integer, minimum: 0, maximum: 100, anyOf: [{ multipleOf: 3 }, { multipleOf: 5 }] },
    15,
  ),
  narrowed(
    'anyOf with an overlap becomes oneOf',
    draft07({
      anyOf: [
        { ...string, maxLength: 3 },
        { ...string, pattern: '^a' },
      ],
    }),
    draft07({
      oneOf: [
        { ...string, maxLength: 3 },
        { ...string, pattern: '^a' },
      ],
    }),
    'a',
  ),
  widened('a branch of another type is added to oneOf', { oneOf: [string] }, { oneOf: [string, integer] }, 1),
  changed(
    'a branch that overlaps is added to oneOf',
    { oneOf: [integer] },
    { oneOf: [integer, { ...number, minimum: 10 }] },
    10,
    10.5,
  ),
  narrowed('a branch of oneOf is dropped', { oneOf: [string, integer] }, { oneOf: [string] }, 1),
  widened(
    'a branch of oneOf that overlapped is dropped',
    { oneOf: [string, { ...string, maxLength: 3 }] },
    { oneOf: [string] },
    'abc',
  ),
  equal('branches of oneOf are reordered', { oneOf: [string, integer] }, { oneOf: [integer, string] }),
  narrowed(
    'a branch of oneOf is widened into another',
    { ...integer, oneOf: [{ maximum: 5 }, { minimum: 6 }] },
    { ...integer, oneOf: [{ maximum: 6 }, { minimum: 6 }] },
    6,
  ),
  equal(
    'ranges of oneOf that touch are one',
    {
      ...integer,
      oneOf: [
        { minimum: 0, maximum: 5 },
        { minimum: 6, maximum: 10 },
      ],
    },
    { ...integer, minimum: 0, maximum: 10 },
  ),
  equal(
    'a required discriminator tells the branches of oneOf apart',
    { oneOf: [kind('file', { path: string }), kind('url', { href: string })] },
    { anyOf: [kind('url', { href: string }), kind('file', { path: string })] },
  ),
  widened(
    'a discriminator that may be missing does not tell branches apart',
    { oneOf: [open({ kind: { const: 'a' } }), open({ kind: { const: 'b' } })] },
    { anyOf: [open({ kind: { const: 'a' } }), open({ kind: { const: 'b' } })] },
    {},
  ),
  widened(
    'a kind gets an optional property',
    { oneOf: [kind('file', { path: string }), kind('url')] },
    { oneOf: [kind('file', { path: string, mode: integer }), kind('url')] },
    { kind: 'file', mode: 1 },
  ),
  changed(
    'a kind is renamed',
    { oneOf: [kind('file'), kind('url')] },
    { oneOf: [kind('file'), kind('link')] },
    { kind: 'url' },
    { kind: 'link' },
  ),
  equal('a branch of oneOf that nothing satisfies is redundant', { oneOf: [string, false] }, string),
  equal(
    'a discriminator is spelled as a condition',
    open(
      {},
      {
        oneOf: [
          { properties: { kind: { const: 'a' } }, required: ['kind', 'x'] },
          { properties: { kind: { const: 'b' } }, required: ['kind', 'y'] },
        ],
      },
    ),
    open(
      { kind: { enum: ['a', 'b'] } },
      {
        required: ['kind'],
        ...when({ properties: { kind: { const: 'a' } } }, { required: ['x'] }),
        else: { required: ['y'] },
      },
    ),
  ),
  equal(
    'one of a condition and its negation always holds',
    { ...integer, oneOf: [{ minimum: 5 }, { not: { minimum: 5 } }] },
    integer,
  ),
  equal(
    'the smaller of two branches is refused',
    { oneOf: [string, { enum: ['a'] }] },
    { ...string, not: { const: 'a' } },
  ),
  equal('nullable is spelled as oneOf', { oneOf: [{ type: 'null' }, string] }, { type: ['string', 'null'] }),
  equal(
    'types of a required property tell branches apart',
    open({}, { required: ['a'], oneOf: [{ properties: { a: integer } }, { properties: { a: string } }] }),
    open({ a: { type: ['integer', 'string'] } }, { required: ['a'] }),
  ),
  widened(
    'types of an optional property do not tell branches apart',
    open({}, { oneOf: [{ properties: { a: integer } }, { properties: { a: string } }] }),
    open({ a: { type: ['integer', 'string'] } }),
    {},
  ),
];
