import { closed, draft07, equal, integer, narrowed, open, type Pair, string, widened } from './pair.ts';

/** What is said about values, and what is not asked of them. */
export const annotations: readonly Pair[] = [
  equal(
    'a word that every object inherits is none of ours',
    { type: 'object', toString: 1, constructor: true },
    { type: 'object' },
  ),
  equal(
    'a title and a description are changed',
    { ...string, title: 'Name' },
    { ...string, title: 'Full name', description: 'As on the card' },
  ),
  equal(
    'a default is changed',
    closed({ retries: { ...integer, default: 3 } }),
    closed({ retries: { ...integer, default: 5 } }),
  ),
  equal(
    'a default is no value that the schema allows',
    closed({ a: integer }),
    closed({ a: { ...integer, default: 'none' } }),
  ),
  equal(
    'examples and a comment are added',
    draft07(string),
    draft07({ ...string, examples: ['a'], $comment: 'see the wiki' }),
  ),
  equal(
    'a property is deprecated',
    closed({ old: string }),
    closed({ old: { ...string, deprecated: true } }),
  ),
  equal('a property can only be read', closed({ id: string }), closed({ id: { ...string, readOnly: true } })),
  equal('a word of our own is added', string, { ...string, 'x-order': 3 }),
  equal('content is described and not looked into', string, {
    ...string,
    contentMediaType: 'application/json',
    contentSchema: integer,
  }),
  equal(
    'an identifier is changed',
    { ...closed({ a: string }), $id: 'https://example.com/v1' },
    { ...closed({ a: string }), $id: 'https://example.com/v2' },
  ),
  narrowed(
    'a description hides a new bound',
    open({ n: integer }),
    open({ n: { ...integer, description: 'at most 9', maximum: 9 } }),
    { n: 10 },
  ),
  widened('nullable lets our validator accept null', string, { ...string, nullable: true }, null),
];
