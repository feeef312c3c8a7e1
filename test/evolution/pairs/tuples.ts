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

function tuple(prefixItems: readonly (typeof string | boolean)[], rest = {}) {
  return { type: 'array', prefixItems, ...rest };
}

export const tuples: readonly Pair[] = [
  narrowed('a place is added to an open tuple', tuple([string]), tuple([string, integer]), ['a', 'b']),
  widened('a place is removed from an open tuple', tuple([string, integer]), tuple([string]), ['a', 'b']),
  widened(
    'a place is added to a closed tuple',
    tuple([string], { items: false }),
    tuple([string, integer], { items: false }),
    ['a', 1],
  ),
  narrowed(
    'a place is removed from a closed tuple',
    tuple([string, integer], { items: false }),
    tuple([string], { items: false }),
    ['a', 1],
  ),
  narrowed(
    'all places have to be there',
    tuple([string, integer], { items: false }),
    tuple([string, integer], { items: false, minItems: 2 }),
    [],
  ),
  changed('places are swapped', tuple([string, integer]), tuple([integer, string]), ['a', 1], [1, 'a']),
  widened('a place is loosened', tuple([integer, string]), tuple([number, string]), [1.5]),
  equal('a place is as all items are', tuple([string], { items: string }), list(string)),
  narrowed(
    'the first item is narrower than the others',
    list(number),
    tuple([integer], { items: number }),
    [1.5],
  ),
  changed(
    'what follows the places gets another type',
    draft2019({ type: 'array', items: [string], additionalItems: string }),
    draft2019({ type: 'array', items: [string], additionalItems: integer }),
    ['a', 'b'],
    ['a', 1],
  ),
  widened(
    'items after the places are loosened',
    tuple([string], { items: integer }),
    tuple([string], { items: number }),
    ['a', 1.5],
  ),
  equal(
    'a length closes a tuple',
    tuple([string, integer], { maxItems: 2 }),
    tuple([string, integer], { items: false }),
  ),
  equal('a place for nothing bounds the length', tuple([string, false]), tuple([string], { maxItems: 1 })),
  equal(
    'a list of two is a tuple of two',
    list(string, { minItems: 2, maxItems: 2 }),
    tuple([string, string], { items: false, minItems: 2 }),
  ),
  equal(
    'additionalItems without places asks nothing',
    draft07({ type: 'array', additionalItems: false }),
    draft07({ type: 'array' }),
  ),
  equal(
    'additionalItems beside one schema for all items asks nothing',
    draft07(list(string, { additionalItems: false })),
    draft07(list(string)),
  ),
  narrowed(
    'additionalItems close the tuple of draft-07',
    draft07({ type: 'array', items: [string] }),
    draft07({ type: 'array', items: [string], additionalItems: false }),
    ['a', 'b'],
  ),
  changed(
    'an open tuple of draft-07 gets a place while it is closed and loosened',
    draft07({ type: 'array', items: [integer] }),
    draft07({ type: 'array', items: [number, string], additionalItems: false }),
    [1, 2],
    [1.5],
  ),
];
