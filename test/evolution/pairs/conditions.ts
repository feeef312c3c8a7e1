import {
  changed,
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

const s3 = { properties: { store: { const: 's3' } } };
const bucket = { required: ['bucket'] };

/** not, and if/then/else. */
export const conditions: readonly Pair[] = [
  narrowed('a value is taken out', string, { ...string, not: { const: '' } }, ''),
  equal(
    'a string that is not the empty one has characters',
    { ...string, not: { const: '' } },
    { ...string, minLength: 1 },
  ),
  equal('two negations are none', { not: { not: string } }, string),
  equal(
    'not any is none of all',
    { not: { anyOf: [string, integer] } },
    { allOf: [{ not: string }, { not: integer }] },
  ),
  equal(
    'not all is any that fails',
    { not: { allOf: [{ ...number, minimum: 5 }, integer] } },
    { anyOf: [{ not: { ...number, minimum: 5 } }, { not: integer }] },
  ),
  narrowed('more is refused', { not: { ...integer, minimum: 10 } }, { not: { ...integer, minimum: 5 } }, 7),
  changed('something else is refused', { not: string }, { not: integer }, 1, 'a'),
  equal('to refuse nothing asks nothing', { ...string, not: false }, string),
  narrowed(
    'two properties together were refused, one is now',
    open({}, { not: { required: ['a', 'b'] } }),
    open({}, { not: { required: ['a'] } }),
    { a: 1 },
  ),
  equal(
    'what no bound admits is a smaller number',
    { not: { minimum: 5 } },
    { ...number, exclusiveMaximum: 5 },
  ),
  equal(
    'objects without a string have something else there',
    { not: { properties: { a: string } } },
    open({ a: { not: string } }, { required: ['a'] }),
  ),
  narrowed(
    'a first character that differs has to be there',
    { ...string, not: { pattern: '^_' } },
    { ...string, pattern: '^[^_]' },
    '',
  ),
  narrowed('a condition is added', open({ store: string }), open({ store: string }, when(s3, bucket)), {
    store: 's3',
  }),
  widened('a condition is dropped, in draft-07', draft07(open({}, when(s3, bucket))), draft07(open({})), {
    store: 's3',
  }),
  equal('a condition without consequence asks nothing', open({}, { if: s3 }), open({})),
  equal('a consequence without condition asks nothing', { ...string, else: { minLength: 3 } }, string),
  equal(
    'what holds under no condition holds',
    { ...string, ...when(true, { minLength: 3 }) },
    { ...string, minLength: 3 },
  ),
  equal(
    'of a condition that never holds the alternative is left',
    { ...when(false, string), else: integer },
    integer,
  ),
  equal(
    'a condition is an implication',
    open({}, when(s3, bucket)),
    open({}, { anyOf: [{ not: s3 }, bucket] }),
  ),
  equal(
    'a condition is turned round',
    { ...when(string, { minLength: 1 }), else: integer },
    { ...when({ not: string }, integer), else: { minLength: 1 } },
  ),
  equal('both consequences are the same', { ...when({ minLength: 3 }, string), else: string }, string),
  narrowed(
    'all other cases have a consequence now',
    open({}, when(s3, bucket)),
    open({}, { ...when(s3, bucket), else: { required: ['path'] } }),
    { store: 'fs' },
  ),
  changed(
    'another consequence is drawn',
    open({}, when(s3, bucket)),
    open({}, when(s3, { required: ['region'] })),
    { store: 's3', bucket: 'b' },
    { store: 's3', region: 'eu' },
  ),
  widened(
    'a condition asks whether the property is there at all',
    open({}, when(s3, bucket)),
    open({}, when({ ...s3, required: ['store'] }, bucket)),
    {},
  ),
  narrowed(
    'a condition holds more often',
    open({}, when({ properties: { level: { const: 3 } }, required: ['level'] }, { required: ['reason'] })),
    open({}, when({ properties: { level: { minimum: 2 } }, required: ['level'] }, { required: ['reason'] })),
    { level: 2 },
  ),
];
