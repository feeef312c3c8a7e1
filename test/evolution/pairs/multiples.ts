import { changed, equal, integer, list, narrowed, number, type Pair, string, widened } from './pair.ts';

// Bounded, because validators disagree about quotients beyond 10^21.
const upTo100 = { minimum: 0, maximum: 100 };

export const multiples: readonly Pair[] = [
  widened(
    'a multiple of three tenths is one of a tenth',
    { type: 'number', multipleOf: 0.3 },
    { type: 'number', multipleOf: 0.1 },
    0.1,
  ),
  widened(
    'multiples of 10 become multiples of 5',
    { ...integer, ...upTo100, multipleOf: 10 },
    { ...integer, ...upTo100, multipleOf: 5 },
    5,
  ),
  changed(
    'multiples of 3 become multiples of 2',
    { ...integer, ...upTo100, multipleOf: 3 },
    { ...integer, ...upTo100, multipleOf: 2 },
    3,
    2,
  ),
  equal(
    'a multiple of 1 is an integer',
    { ...number, ...upTo100, multipleOf: 1 },
    { ...integer, ...upTo100 },
  ),
  equal(
    'a multiple of 2 is an integer without being told so',
    { ...number, ...upTo100, multipleOf: 2 },
    { ...integer, ...upTo100, multipleOf: 2 },
  ),
  equal(
    'a multiple of 4 and of 6 is one of 12',
    { ...integer, ...upTo100, allOf: [{ multipleOf: 4 }, { multipleOf: 6 }] },
    { ...integer, ...upTo100, multipleOf: 12 },
  ),
  narrowed(
    'a multiple of 4 and of 6 need not be one of 24',
    { ...integer, ...upTo100, allOf: [{ multipleOf: 4 }, { multipleOf: 6 }] },
    { ...integer, ...upTo100, multipleOf: 24 },
    12,
  ),
  widened(
    'halves become quarters',
    { ...number, ...upTo100, multipleOf: 0.5 },
    { ...number, ...upTo100, multipleOf: 0.25 },
    0.25,
  ),
  narrowed(
    'multiples of 2.5 become multiples of 5',
    { ...number, ...upTo100, multipleOf: 2.5 },
    { ...number, ...upTo100, multipleOf: 5 },
    2.5,
  ),
  equal(
    'every integer is a multiple of a half',
    { ...integer, ...upTo100, multipleOf: 0.5 },
    { ...integer, ...upTo100 },
  ),
  equal(
    'an integer that is a multiple of 1.5 is one of 3',
    { ...integer, ...upTo100, multipleOf: 1.5 },
    { ...integer, ...upTo100, multipleOf: 3 },
  ),
  equal(
    'few multiples in a range are an enumeration',
    { ...integer, minimum: 50, maximum: 350, multipleOf: 100 },
    { enum: [100, 200, 300] },
  ),
  widened(
    'a multiple of 15 is one of 3 or of 5',
    { ...integer, ...upTo100, multipleOf: 15 },
    { ...integer, ...upTo100, anyOf: [{ multipleOf: 3 }, { multipleOf: 5 }] },
    3,
  ),
  equal(
    'an integer is even or not',
    { ...integer, ...upTo100, anyOf: [{ multipleOf: 2 }, { not: { multipleOf: 2 } }] },
    { ...integer, ...upTo100 },
  ),
  equal('a multiple asks nothing of strings', { ...string, multipleOf: 2 }, string),
  narrowed('items have to be multiples now', list(integer), list({ ...integer, multipleOf: 60 }), [1]),
  changed(
    'multiples of 6 become multiples of 4 in a list',
    list({ ...integer, ...upTo100, multipleOf: 6 }),
    list({ ...integer, ...upTo100, multipleOf: 4 }),
    [6],
    [4],
  ),
];
