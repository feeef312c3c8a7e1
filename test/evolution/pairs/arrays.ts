import { changed, equal, integer, list, narrowed, number, open, type Pair, string, widened } from './pair.ts';

const boolean = { type: 'boolean' };

export const arrays: readonly Pair[] = [
  widened('items may be fractions', list(integer), list(number), [1.5]),
  narrowed('items get a type', { type: 'array' }, list(string), [1]),
  changed('items get another type', list(string), list(integer), ['a'], [1]),
  narrowed('items apply to arrays alone', { items: string }, list(string), 1),
  narrowed('a list may no longer be empty', list(string), list(string, { minItems: 1 }), []),
  widened('a list may be longer', list(string, { maxItems: 1 }), list(string, { maxItems: 2 }), ['a', 'b']),
  changed(
    'a pair becomes a triple',
    list(number, { minItems: 2, maxItems: 2 }),
    list(number, { minItems: 3, maxItems: 3 }),
    [1, 2],
    [1, 2, 3],
  ),
  equal('items that may be nothing are none', list(false), { type: 'array', maxItems: 0 }),
  equal('items that may be anything ask nothing', list(true), { type: 'array' }),
  narrowed('items have to differ', list(integer), list(integer, { uniqueItems: true }), [1, 1]),
  widened('items may be the same', list(string, { uniqueItems: true }), list(string), ['a', 'a']),
  equal('uniqueItems false is the default', list(string, { uniqueItems: false }), list(string)),
  equal(
    'one item differs from all others',
    list(string, { maxItems: 1, uniqueItems: true }),
    list(string, { maxItems: 1 }),
  ),
  equal(
    'at most two booleans differ',
    list(boolean, { uniqueItems: true }),
    list(boolean, { uniqueItems: true, maxItems: 2 }),
  ),
  narrowed(
    'three booleans need not differ',
    list(boolean, { maxItems: 3 }),
    list(boolean, { maxItems: 3, uniqueItems: true }),
    [true, true],
  ),
  equal(
    'as many enumerated items as there are values differ',
    list({ enum: ['a', 'b', 'c'] }, { uniqueItems: true, maxItems: 3 }),
    list({ enum: ['a', 'b', 'c'] }, { uniqueItems: true }),
  ),
  equal(
    'a small range of integers bounds a list of different ones',
    list({ ...integer, minimum: 1, maximum: 3 }, { uniqueItems: true }),
    list({ ...integer, minimum: 1, maximum: 3 }, { uniqueItems: true, maxItems: 3 }),
  ),
  narrowed(
    'objects in a list get a required property',
    list(open({ id: string })),
    list(open({ id: string }, { required: ['id'] })),
    [{}],
  ),
  widened('one may stand for a list of one', list(string), { anyOf: [string, list(string)] }, 'a'),
  changed(
    'a string becomes a list of strings',
    open({ tags: string }),
    open({ tags: list(string) }),
    { tags: 'a' },
    { tags: ['a'] },
  ),
  widened('a matrix may have fractions', list(list(integer)), list(list(number)), [[0.5]]),
];
