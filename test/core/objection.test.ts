import { describe, expect, test } from 'vitest';
import type { Identity } from '../../src/core/difference.ts';
import type { SchemaEvidence } from '../../src/core/evidence.ts';
import type { Json } from '../../src/core/json.ts';
import { objections, places } from '../../src/core/objection.ts';
import { vouch } from '../../src/core/phrase.ts';
import { plain } from '../../src/core/plain.ts';
import { formatPointer, parsePointer } from '../../src/core/pointer.ts';
import { redactor, type Visibility } from '../../src/core/redaction.ts';
import { usable } from '../adapters/ajv/compile.ts';

async function compiled(document: Json): Promise<Extract<SchemaEvidence, { readonly kind: 'compiled' }>> {
  const { validate, notes } = await usable(document);
  return { kind: 'compiled', shipped: false, path: vouch('a.json'), text: '', document, validate, notes };
}

interface Asked {
  readonly schema?: Json;
  readonly identity?: readonly Identity[];
  readonly visible?: Partial<Visibility>;
}

async function told(value: Json, { schema = { not: false }, identity = [], visible = {} }: Asked) {
  const veil = redactor(
    { show: [], showWords: [], showText: [[]], secret: [], hiddenNames: [], secretNames: [], ...visible },
    () => '00000000',
  );
  return objections(value, await compiled(schema), identity, veil).map(
    ({ pointer, phrase, schemaPointer }) =>
      `${formatPointer(pointer)}: ${plain(phrase)}${schemaPointer === undefined ? '' : ` (${formatPointer(schemaPointer)})`}`,
  );
}

const byId: readonly Identity[] = [{ at: ['rules'], property: 'id' }];

describe('an identity that stands twice', () => {
  const ids = (...list: readonly Json[]): Json => ({ rules: list.map((id) => ({ id })) });

  test.each<[string, Json, readonly string[]]>([
    ['none', ids('a', 'b'), []],
    ['once more', ids('a', 'b', 'a'), ['/rules/2/id: "a" identifies the item /rules/0 already']],
    [
      'twice more, each told with the first',
      ids('a', 'a', 'a'),
      [
        '/rules/1/id: "a" identifies the item /rules/0 already',
        '/rules/2/id: "a" identifies the item /rules/0 already',
      ],
    ],
    ['as a number and as text, which are two', ids(1, '1'), []],
    [
      'as numbers that mean the same',
      JSON.parse('{"rules": [{"id": 1}, {"id": 1.0}]}'),
      ['/rules/1/id: 1 identifies the item /rules/0 already'],
    ],
    ['as empty text', ids('', ''), ['/rules/1/id: "" identifies the item /rules/0 already']],
    ['as what is no identity', ids(null, null, true, true, ['a'], ['a']), []],
    [
      'among items that have none',
      { rules: [{}, 1, null, { id: 'a' }, {}, { id: 'a' }] },
      ['/rules/5/id: "a" identifies the item /rules/3 already'],
    ],
    ['as a name that objects inherit', { rules: [{ id: 'constructor' }, { id: '__proto__' }] }, []],
    ['in what is no list', { rules: { a: { id: 1 }, b: { id: 1 } } }, []],
    ['in what is not there', {}, []],
  ])('%s', async (_fact, value, expected) => {
    expect(await told(value, { identity: byId })).toEqual(expected);
  });

  test('is looked for in every list that a pattern names, each by itself', async () => {
    const identity = [{ at: ['groups', '*', 'members'], property: 'name' }];
    const value = {
      groups: [{ members: [{ name: 'a' }] }, { members: [{ name: 'a' }, { name: 'a' }] }, {}],
    };
    expect(await told(value, { identity })).toEqual([
      '/groups/1/members/1/name: "a" identifies the item /groups/1/members/0 already',
    ]);
  });

  test('is told without what must not be seen', async () => {
    const visible = { showWords: [], showText: [], secretNames: [{ at: [], except: [] }] };
    expect(await told(ids('a', 'a'), { identity: byId, visible })).toEqual([
      '/rules/1/id: ‹hidden string, 1 character, #00000000› identifies the item /‹#00000000›/0 already',
    ]);
  });
});

test('what the schema objects to comes first, with the keyword that does', async () => {
  const schema = { properties: { rules: { items: { required: ['name'] } } } };
  expect(await told({ rules: [{ id: 1 }, { id: 1, name: 'x' }] }, { schema, identity: byId })).toEqual([
    '/rules/0: the property name is missing (/properties/rules/items/required)',
    '/rules/1/id: 1 identifies the item /rules/0 already',
  ]);
});

describe('of many objections', () => {
  const schema = { items: { type: 'string' } };
  const numbers = (length: number): Json => Array.from({ length }, (_, index) => index);

  test.each([
    [50, 50, '/49: expected string; found 49 (/items/type)'],
    [51, 51, ': 1 more objection like these'],
    [1000, 51, ': 950 more objections like these'],
  ])('%i make %i lines', async (count, lines, last) => {
    const list = await told(numbers(count), { schema });
    expect(list).toHaveLength(lines);
    expect(list.at(-1)).toBe(last);
  });
});

describe('the places that a pattern names are', () => {
  const document: Json = JSON.parse('{"a": [{"b": 1}, {"c": 2}, [3]], "d": {"b": 4}, "__proto__": {"b": 5}}');

  test.each<[string, readonly string[]]>([
    ['', ['']],
    ['/a', ['/a']],
    ['/a/1', ['/a/1']],
    ['/a/*', ['/a/0', '/a/1', '/a/2']],
    ['/a/*/b', ['/a/0/b']],
    ['/*/b', ['/d/b', '/__proto__/b']],
    ['/none/*', []],
    ['/a/0/b/*', []],
    ['/toString', []],
  ])('%s', (pattern, expected) => {
    const found = places(document, parsePointer(pattern) ?? []);
    expect(found.map(([, pointer]) => formatPointer(pointer))).toEqual(expected);
  });
});
