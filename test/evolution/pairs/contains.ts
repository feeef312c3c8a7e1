import {
  changed,
  draft07,
  draft2019,
  equal,
  integer,
  list,
  narrowed,
  number,
  type Pair,
  string,
  widened,
} from './pair.ts';

function containing(contains: typeof string | boolean, rest = {}) {
  return { type: 'array', contains, ...rest };
}

export const contains: readonly Pair[] = [
  narrowed('a list has to contain something', { type: 'array' }, containing(integer), []),
  widened('a list need not contain it any more', draft07(containing(integer)), draft07({ type: 'array' }), [
    'a',
  ]),
  narrowed('what is contained is narrowed', containing(number), containing(integer), [1.5]),
  changed(
    'something else has to be contained',
    containing({ const: 'a' }),
    containing({ const: 'b' }),
    ['a'],
    ['b'],
  ),
  equal('what contains something is not empty', containing(integer, { minItems: 1 }), containing(integer)),
  equal('one is the default of minContains', containing(integer, { minContains: 1 }), containing(integer)),
  equal('none need be contained', containing(integer, { minContains: 0 }), { type: 'array' }),
  narrowed('two have to be contained', containing(integer), containing(integer, { minContains: 2 }), [1]),
  narrowed(
    'no more than one may be contained',
    containing(integer),
    containing(integer, { maxContains: 1 }),
    [1, 2],
  ),
  widened(
    'more may be contained',
    draft2019(containing(integer, { maxContains: 1 })),
    draft2019(containing(integer, { maxContains: 2 })),
    [1, 2],
  ),
  changed(
    'one becomes two that have to be contained',
    containing(integer, { maxContains: 1 }),
    containing(integer, { minContains: 2 }),
    [1],
    [1, 2],
  ),
  equal('without contains there is no maxContains', { type: 'array', maxContains: 1 }, { type: 'array' }),
  equal(
    'where all fit, to contain is to be there',
    list(integer, { contains: integer, minContains: 2 }),
    list(integer, { minItems: 2 }),
  ),
  equal('to contain anything is not to be empty', containing(true), { type: 'array', minItems: 1 }),
  equal(
    'none that may be contained',
    containing(string, { minContains: 0, maxContains: 0 }),
    list({ not: string }),
  ),
  equal(
    'draft-07 passes minContains over',
    draft07(containing(integer, { minContains: 2 })),
    draft07(containing(integer)),
  ),
  equal('not all are something else', containing(string), { type: 'array', not: { items: { not: string } } }),
  equal(
    'two different ones that are contained are two items',
    { type: 'array', allOf: [{ contains: { const: 1 } }, { contains: { const: 2 } }], minItems: 2 },
    { type: 'array', allOf: [{ contains: { const: 1 } }, { contains: { const: 2 } }] },
  ),
];
