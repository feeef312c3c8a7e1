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
  widened,
} from './pair.ts';

const name = { ...string, minLength: 1 };

export const references: readonly Pair[] = [
  equal(
    'a definition is renamed',
    open({ a: { $ref: '#/$defs/name' } }, { $defs: { name } }),
    open({ a: { $ref: '#/$defs/label' } }, { $defs: { label: name } }),
  ),
  equal(
    'a definition is written out',
    open({ a: { $ref: '#/$defs/name' } }, { $defs: { name } }),
    open({ a: name }),
  ),
  equal(
    'a definition is named by its anchor',
    open({ a: { $ref: '#/$defs/name' } }, { $defs: { name } }),
    open({ a: { $ref: '#name' } }, { $defs: { n: { $anchor: 'name', ...name } } }),
  ),
  equal(
    'a definition is named by its identifier',
    list({ $ref: '#/$defs/name' }, { $defs: { name } }),
    list(
      { $ref: 'name' },
      { $id: 'https://example.com/list', $defs: { n: { $id: 'https://example.com/name', ...name } } },
    ),
  ),
  equal(
    'a name of a definition has to be escaped',
    list({ $ref: '#/$defs/a~1b%20c' }, { $defs: { 'a/b c': name } }),
    list(name),
  ),
  equal(
    'a definition refers to another',
    list({ $ref: '#/$defs/a' }, { $defs: { a: { $ref: '#/$defs/b' }, b: name } }),
    list({ $ref: '#/$defs/b' }, { $defs: { b: name } }),
  ),
  equal(
    'a definition that nobody refers to is changed',
    list(name, { $defs: { spare: string } }),
    list(name, { $defs: { spare: integer } }),
  ),
  widened(
    'a definition behind another is loosened',
    open({ a: { $ref: '#/$defs/a' } }, { $defs: { a: list({ $ref: '#/$defs/b' }), b: name } }),
    open({ a: { $ref: '#/$defs/a' } }, { $defs: { a: list({ $ref: '#/$defs/b' }), b: string } }),
    { a: [''] },
  ),
  changed(
    'a reference goes to another definition',
    list({ $ref: '#/$defs/a' }, { $defs: { a: string, b: integer } }),
    list({ $ref: '#/$defs/b' }, { $defs: { a: string, b: integer } }),
    ['x'],
    [1],
  ),
  changed(
    'a definition used twice changes its type',
    draft07(
      open(
        { a: { $ref: '#/definitions/id' }, b: { $ref: '#/definitions/id' } },
        { definitions: { id: string } },
      ),
    ),
    draft07(
      open(
        { a: { $ref: '#/definitions/id' }, b: { $ref: '#/definitions/id' } },
        { definitions: { id: integer } },
      ),
    ),
    { b: 'x' },
    { b: 1 },
  ),
  equal(
    'what stands beside a reference is ignored in draft-07',
    draft07(list({ $ref: '#/definitions/name', maxLength: 2 }, { definitions: { name } })),
    draft07(list({ $ref: '#/definitions/name' }, { definitions: { name } })),
  ),
  narrowed(
    'what stands beside a reference holds since 2019-09',
    draft2019(list({ $ref: '#/$defs/name' }, { $defs: { name } })),
    draft2019(list({ $ref: '#/$defs/name', maxLength: 2 }, { $defs: { name } })),
    ['abc'],
  ),
  narrowed(
    'in draft-07 allOf makes it hold',
    draft07(list({ $ref: '#/definitions/name', maxLength: 2 }, { definitions: { name } })),
    draft07(list({ allOf: [{ $ref: '#/definitions/name' }, { maxLength: 2 }] }, { definitions: { name } })),
    ['abc'],
  ),
  equal(
    'a reference goes to a property',
    open({ a: name, b: { $ref: '#/properties/a' } }),
    open({ a: name, b: name }),
  ),
  equal(
    'a reference in allOf is one with siblings',
    list({ allOf: [{ $ref: '#/$defs/name' }], maxLength: 5 }, { $defs: { name } }),
    list({ $ref: '#/$defs/name', maxLength: 5 }, { $defs: { name } }),
  ),
  equal(
    'a closed definition cannot be extended',
    { $ref: '#/$defs/base', $defs: { base: closed({ a: string }) } },
    { $ref: '#/$defs/base', properties: { b: string }, $defs: { base: closed({ a: string }) } },
  ),
  widened(
    'a definition becomes everything',
    list({ $ref: '#/$defs/a' }, { $defs: { a: string } }),
    list({ $ref: '#/$defs/a' }, { $defs: { a: true } }),
    [1],
  ),
  equal(
    'a dynamic reference to the only anchor is a plain one',
    closed({ next: { $dynamicRef: '#node' } }, { $dynamicAnchor: 'node' }),
    closed({ next: { $ref: '#' } }),
  ),
];
