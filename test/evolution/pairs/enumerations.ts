import { changed, draft07, equal, list, narrowed, number, open, type Pair, string, widened } from './pair.ts';

export const enumerations: readonly Pair[] = [
  equal(
    'an enumeration is reordered',
    { enum: ['low', 'normal', 'high'] },
    { enum: ['high', 'low', 'normal'] },
  ),
  widened(
    'an enumeration is extended',
    { enum: ['low', 'high'] },
    { enum: ['low', 'normal', 'high'] },
    'normal',
  ),
  narrowed('an enumeration is shortened', { enum: [1, 2, 3] }, { enum: [1, 3] }, 2),
  changed(
    'a value of an enumeration is renamed deep inside',
    list(open({ state: { enum: ['on', 'off'] } })),
    list(open({ state: { enum: ['enabled', 'off'] } })),
    [{ state: 'on' }],
    [{ state: 'enabled' }],
  ),
  widened(
    'an enumeration of strings gets null',
    { enum: ['low', 'high'] },
    { enum: ['low', 'high', null] },
    null,
  ),
  changed('an enumerated number becomes a string', { enum: [1] }, { enum: ['1'] }, 1, '1'),
  equal('const becomes an enumeration of one', { const: 'v1' }, { enum: ['v1'] }),
  changed(
    'const is another',
    open({ apiVersion: { const: 'v1' } }),
    open({ apiVersion: { const: 'v2' } }),
    { apiVersion: 'v1' },
    { apiVersion: 'v2' },
  ),
  widened(
    'const becomes an enumeration that contains it',
    draft07({ const: 'v1' }),
    draft07({ enum: ['v1', 'v2'] }),
    'v2',
  ),
  equal('a type beside an enumeration takes out the others', { ...string, enum: ['a', 1] }, { const: 'a' }),
  widened('a type beside an enumeration is dropped', { ...string, enum: ['a', 1] }, { enum: ['a', 1] }, 1),
  equal(
    'an enumeration makes a minimal length redundant',
    { enum: ['a', 'bc'], minLength: 1 },
    { enum: ['a', 'bc'] },
  ),
  equal(
    'a maximal length takes out an enumerated value',
    { enum: ['a', 'abc'], maxLength: 2 },
    { const: 'a' },
  ),
  equal(
    'a pattern takes out an enumerated value',
    { enum: ['us-east', 'eu-west'], pattern: '^us-' },
    { const: 'us-east' },
  ),
  equal(
    'members of an enumerated object have no order',
    { enum: [{ x: 1, y: 2 }] },
    { const: { y: 2, x: 1 } },
  ),
  changed(
    'items of an enumerated array have an order',
    { enum: [[1, 2]] },
    { const: [2, 1] },
    [1, 2],
    [2, 1],
  ),
  equal('true and false are all booleans', { enum: [true, false] }, { type: 'boolean' }),
  narrowed('only true is left of the booleans', { type: 'boolean' }, { const: true }, false),
  changed('0 is not false', { const: 0 }, { const: false }, 0, false),
  equal('only null is of type null', { const: null }, { type: 'null' }),
  equal('only the empty string has no characters', { const: '' }, { ...string, maxLength: 0 }),
  equal('only the empty object has no properties', { const: {} }, { type: 'object', maxProperties: 0 }),
  widened('an enumeration is opened to every string', { enum: ['a', 'b'] }, string, 'c'),
  equal(
    'an enumeration is spelled as anyOf of consts',
    { enum: ['a', 'b'] },
    { anyOf: [{ const: 'a' }, { const: 'b' }] },
  ),
  equal(
    'an enumeration is spelled as oneOf of titled consts',
    { enum: ['a', 'b'] },
    {
      oneOf: [
        { const: 'a', title: 'Alpha' },
        { const: 'b', title: 'Beta' },
      ],
    },
  ),
  equal(
    'two enumerations at once leave what they share',
    { allOf: [{ enum: ['a', 'b'] }, { enum: ['b', 'c'] }] },
    { const: 'b' },
  ),
  narrowed(
    'one more word is reserved',
    { ...string, not: { enum: ['root'] } },
    { ...string, not: { enum: ['root', 'admin'] } },
    'admin',
  ),
  narrowed('a number gets a list of choices', number, { enum: [0.25, 0.5, 1] }, 2),
];
