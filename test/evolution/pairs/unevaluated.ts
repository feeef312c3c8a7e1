import {
  changed,
  closed,
  draft07,
  draft2019,
  equal,
  integer,
  list,
  narrowed,
  open,
  type Pair,
  string,
  when,
  widened,
} from './pair.ts';

const sealed = { unevaluatedProperties: false };

export const unevaluated: readonly Pair[] = [
  equal('alone it closes as additionalProperties does', open({ a: string }, sealed), closed({ a: string })),
  equal(
    'it sees the properties of allOf',
    open({}, { allOf: [{ properties: { a: string } }], ...sealed }),
    closed({ a: string }),
  ),
  widened(
    'additionalProperties does not see them',
    closed({ b: string }, { allOf: [{ properties: { a: string } }] }),
    open({ b: string }, { allOf: [{ properties: { a: string } }], ...sealed }),
    { a: 'x' },
  ),
  narrowed(
    'an object with allOf is closed',
    open({}, { allOf: [{ properties: { a: string } }] }),
    open({}, { allOf: [{ properties: { a: string } }], ...sealed }),
    { b: 1 },
  ),
  widened(
    'an object is opened again, in 2019-09',
    draft2019(open({ a: string }, sealed)),
    draft2019(open({ a: string })),
    { b: 1 },
  ),
  widened(
    'it sees a consequence only where the condition holds',
    open(
      { kind: string },
      {
        ...when({ properties: { kind: { const: 'a' } }, required: ['kind'] }, { properties: { x: true } }),
        ...sealed,
      },
    ),
    closed({ kind: string, x: true }),
    { x: 1 },
  ),
  equal(
    'it sees every branch of anyOf that holds',
    open(
      {},
      {
        anyOf: [
          { properties: { a: string }, required: ['a'] },
          { properties: { b: string }, required: ['b'] },
        ],
        ...sealed,
      },
    ),
    closed({ a: string, b: string }, { minProperties: 1 }),
  ),
  equal(
    'with a schema it is as additionalProperties',
    open({ a: integer }, { unevaluatedProperties: string }),
    open({ a: integer }, { additionalProperties: string }),
  ),
  changed(
    'its schema gets another type',
    open({}, { allOf: [{ properties: { a: string } }], unevaluatedProperties: string }),
    open({}, { allOf: [{ properties: { a: string } }], unevaluatedProperties: integer }),
    { b: 'x' },
    { b: 1 },
  ),
  equal(
    'it does not see what stands beside it in allOf',
    open({}, { allOf: [{ properties: { a: true } }, sealed] }),
    {
      type: 'object',
      maxProperties: 0,
    },
  ),
  equal('draft-07 passes it over', draft07(open({ a: string }, sealed)), draft07(open({ a: string }))),
  widened(
    'a property is added to the base of a closed object',
    draft2019(
      open(
        { b: string },
        { allOf: [{ $ref: '#/$defs/base' }], ...sealed, $defs: { base: open({ a: string }) } },
      ),
    ),
    draft2019(
      open(
        { b: string },
        { allOf: [{ $ref: '#/$defs/base' }], ...sealed, $defs: { base: open({ a: string, c: string }) } },
      ),
    ),
    { c: 'x' },
  ),
  changed(
    'a property of the base of a closed object is renamed',
    { $ref: '#/$defs/base', ...sealed, $defs: { base: open({ a: string }) } },
    { $ref: '#/$defs/base', ...sealed, $defs: { base: open({ b: string }) } },
    { a: 'x' },
    { b: 'x' },
  ),
  widened(
    'a dependent schema is seen once its property is there',
    open({ tls: true }, sealed),
    open({ tls: true }, { dependentSchemas: { tls: { properties: { cert: string } } }, ...sealed }),
    { tls: 1, cert: 'x' },
  ),
  equal(
    'unevaluatedItems closes a tuple',
    { type: 'array', prefixItems: [string], unevaluatedItems: false },
    { type: 'array', prefixItems: [string], items: false },
  ),
  equal(
    'where there are items there are no unevaluated ones',
    list(string, { unevaluatedItems: false }),
    list(string),
  ),
  widened(
    'it sees the places that allOf adds, in 2019-09',
    draft2019({ type: 'array', items: [string], unevaluatedItems: false }),
    draft2019({
      type: 'array',
      items: [string],
      allOf: [{ items: [true, integer] }],
      unevaluatedItems: false,
    }),
    ['a', 1],
  ),
];
