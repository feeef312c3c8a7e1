import {
  changed,
  closed,
  draft07,
  equal,
  integer,
  list,
  narrowed,
  number,
  open,
  type Pair,
  string,
  widened,
} from './pair.ts';

const category = open({ id: integer, name: string });
const petProperties = {
  id: { ...integer, format: 'int64' },
  name: string,
  category,
  status: { enum: ['available', 'pending', 'sold'] },
};
const pet = open(petProperties, { required: ['name'] });
const card = closed(
  { type: { const: 'card' }, number: { ...string, pattern: '^[0-9]{16}$' } },
  { required: ['type', 'number'] },
);
const transfer = closed({ type: { const: 'transfer' }, iban: string }, { required: ['type', 'iban'] });

/** Messages and answers of services, as schema registries and descriptions of APIs have them. */
export const services: readonly Pair[] = [
  narrowed('a pet needs photos', pet, { ...pet, required: ['name', 'photoUrls'] }, { name: 'Rex' }),
  changed(
    'a pet is pending no more, but reserved',
    pet,
    open({ ...petProperties, status: { enum: ['available', 'reserved', 'sold'] } }, { required: ['name'] }),
    { name: 'Rex', status: 'pending' },
    { name: 'Rex', status: 'reserved' },
  ),
  widened(
    'the category of a pet may be missing as null',
    pet,
    open({ ...petProperties, category: { anyOf: [category, { type: 'null' }] } }, { required: ['name'] }),
    { name: 'Rex', category: null },
  ),
  equal(
    'the category of a pet is moved to the definitions',
    pet,
    open(
      { ...petProperties, category: { $ref: '#/$defs/Category' } },
      { required: ['name'], $defs: { Category: category } },
    ),
  ),
  widened(
    'a way to pay is added',
    { oneOf: [card] },
    { oneOf: [card, transfer] },
    { type: 'transfer', iban: 'FR76' },
  ),
  narrowed(
    'a way to pay is dropped',
    { oneOf: [card, transfer] },
    { oneOf: [card] },
    { type: 'transfer', iban: 'FR76' },
  ),
  equal(
    'ways to pay share their discriminator outside',
    { oneOf: [card, transfer] },
    open({ type: { enum: ['transfer', 'card'] } }, { required: ['type'], anyOf: [transfer, card] }),
  ),
  changed(
    'an amount in units becomes one in cents',
    closed({ amount: number, currency: string }, { required: ['amount'] }),
    closed({ amountCents: integer, currency: string }, { required: ['amountCents'] }),
    { amount: 9.5 },
    { amountCents: 950 },
  ),
  narrowed(
    'an event of a registry gets a field in an open model',
    draft07(open({ orderId: integer, total: number }, { required: ['orderId'] })),
    draft07(open({ orderId: integer, total: number, note: string }, { required: ['orderId'] })),
    { orderId: 1, note: 7 },
  ),
  widened(
    'an event of a registry gets a field in a closed model',
    draft07(closed({ orderId: integer, total: number }, { required: ['orderId'] })),
    draft07(closed({ orderId: integer, total: number, note: string }, { required: ['orderId'] })),
    { orderId: 1, note: 'gift' },
  ),
  narrowed(
    'an event of a registry gets a required field with a default',
    draft07(open({ orderId: integer }, { required: ['orderId'] })),
    draft07(
      open({ orderId: integer, source: { ...string, default: 'web' } }, { required: ['orderId', 'source'] }),
    ),
    { orderId: 1 },
  ),
  equal(
    'a page of results is inlined',
    {
      $ref: '#/$defs/Page',
      $defs: { Page: open({ items: list({ $ref: '#/$defs/Item' }) }), Item: closed({ id: integer }) },
    },
    open({ items: list(closed({ id: integer })) }),
  ),
  changed(
    'a cursor takes the place of an offset',
    closed({ limit: integer, offset: integer }),
    closed({ limit: { ...integer, maximum: 100 }, cursor: string }),
    { offset: 20 },
    { cursor: 'abc' },
  ),
  equal(
    'a problem is extended through allOf',
    { allOf: [open({ title: string }), open({ status: integer })] },
    open({ title: string, status: integer }),
  ),
  widened(
    'a quota may be unlimited',
    open({ quota: { ...integer, minimum: 0 } }),
    open({ quota: { oneOf: [{ ...integer, minimum: 0 }, { const: 'unlimited' }] } }),
    { quota: 'unlimited' },
  ),
];
