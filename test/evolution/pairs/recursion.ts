import {
  changed,
  closed,
  draft07,
  draft2019,
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

type Properties = Parameters<typeof closed>[0];

const tree = (properties: Properties, rest: Properties = {}) => ({
  $ref: '#/$defs/node',
  $defs: { node: closed({ children: list({ $ref: '#/$defs/node' }), ...properties }, rest) },
});

const chain = (value: Properties, rest: Properties = {}) => closed({ value, next: { $ref: '#' } }, rest);

const jsonOf = (scalar: readonly string[]) => ({
  anyOf: [{ type: scalar }, list({ $ref: '#' }), { type: 'object', additionalProperties: { $ref: '#' } }],
});

export const recursion: readonly Pair[] = [
  equal('a tree is named otherwise', tree({ value: integer }), {
    $ref: '#/$defs/tree',
    $defs: { tree: closed({ value: integer, children: list({ $ref: '#/$defs/tree' }) }) },
  }),
  equal(
    'a chain is written out once',
    chain(integer),
    closed({ value: integer, next: closed({ value: integer, next: { $ref: '#' } }) }),
  ),
  equal(
    'two kinds of links that are the same are one',
    {
      $ref: '#/$defs/a',
      $defs: { a: closed({ next: { $ref: '#/$defs/b' } }), b: closed({ next: { $ref: '#/$defs/a' } }) },
    },
    closed({ next: { $ref: '#' } }),
  ),
  widened('values of a chain are loosened', chain(integer), chain(number), { next: { value: 1.5 } }),
  narrowed(
    'values of a tree are tightened',
    tree({ value: integer }),
    tree({ value: { ...integer, minimum: 0 } }),
    {
      value: -1,
    },
  ),
  narrowed(
    'every node needs its value',
    tree({ value: integer }),
    tree({ value: integer }, { required: ['value'] }),
    {
      children: [{}],
    },
  ),
  changed(
    'values of a chain change their type, in draft-07',
    draft07(chain(integer)),
    draft07(chain(string)),
    { next: { value: 1 } },
    { next: { value: 'x' } },
  ),
  changed(
    'a link is renamed',
    closed({ next: { $ref: '#' } }),
    closed({ previous: { $ref: '#' } }),
    { next: {} },
    { previous: {} },
  ),
  equal(
    'the end of a list is spelled as oneOf',
    { anyOf: [{ type: 'null' }, closed({ next: { $ref: '#' } }, { required: ['next'] })] },
    { oneOf: [closed({ next: { $ref: '#' } }, { required: ['next'] }), { type: 'null' }] },
  ),
  widened(
    'below the second link everything is allowed',
    chain(integer),
    closed({ value: integer, next: closed({ value: integer, next: true }) }),
    {
      next: { next: 'x' },
    },
  ),
  narrowed(
    'a chain is cut off behind the second link',
    chain(integer),
    closed({ value: integer, next: closed({ value: integer }) }),
    {
      next: { next: {} },
    },
  ),
  equal('whatever consists of JSON is everything', jsonOf(['null', 'boolean', 'number', 'string']), true),
  narrowed(
    'whatever consists of JSON loses null',
    jsonOf(['null', 'boolean', 'number', 'string']),
    jsonOf(['boolean', 'number', 'string']),
    { a: [null] },
  ),
  widened(
    'an expression gets an operator',
    {
      oneOf: [
        number,
        closed(
          { op: { enum: ['+', '-'] }, left: { $ref: '#' }, right: { $ref: '#' } },
          { required: ['op', 'left', 'right'] },
        ),
      ],
    },
    {
      oneOf: [
        number,
        closed(
          { op: { enum: ['+', '-', '*'] }, left: { $ref: '#' }, right: { $ref: '#' } },
          { required: ['op', 'left', 'right'] },
        ),
      ],
    },
    { op: '*', left: 1, right: 2 },
  ),
  widened(
    'a list of an even length becomes one of any length',
    {
      $ref: '#/$defs/even',
      $defs: {
        even: { anyOf: [{ type: 'null' }, closed({ n: { $ref: '#/$defs/odd' } }, { required: ['n'] })] },
        odd: closed({ n: { $ref: '#/$defs/even' } }, { required: ['n'] }),
      },
    },
    { anyOf: [{ type: 'null' }, closed({ n: { $ref: '#' } }, { required: ['n'] })] },
    { n: null },
  ),
  widened(
    'a node may have two children',
    closed({ children: list({ $ref: '#' }, { maxItems: 1 }) }),
    closed({ children: list({ $ref: '#' }, { maxItems: 2 }) }),
    { children: [{}, {}] },
  ),
  equal(
    'a recursive reference without anchor is a plain one',
    draft2019(closed({ next: { $recursiveRef: '#' } })),
    draft2019(closed({ next: { $ref: '#' } })),
  ),
  narrowed(
    'nested groups get a limit at every depth',
    open({ groups: { type: 'object', additionalProperties: { $ref: '#' } } }),
    open({ groups: { type: 'object', maxProperties: 1, additionalProperties: { $ref: '#' } } }),
    { groups: { a: { groups: { x: {}, y: {} } } } },
  ),
];
