import { describe, expect, test } from 'vitest';
import { difference, type Identity } from '../../src/core/difference.ts';
import { placeOfDifference, wordDifference } from '../../src/core/divergence.ts';
import type { Json } from '../../src/core/json.ts';
import { code, phrase } from '../../src/core/phrase.ts';
import { plain } from '../../src/core/plain.ts';
import { formatPointer } from '../../src/core/pointer.ts';
import { type NameRule, redactor } from '../../src/core/redaction.ts';

const sides = { before: phrase`the ${code('file')}`, after: phrase`Redis` };
const identity: readonly Identity[] = [{ at: ['list'], property: 'id' }];

function told(before: Json, after: Json, secretNames: readonly NameRule[] = []): readonly string[] {
  const veil = redactor(
    {
      show: [['shown'], ['list', '*', 'id']],
      showWords: [['shown'], ['list', '*', 'id']],
      showText: [],
      secret: [],
      hiddenNames: [],
      secretNames,
    },
    () => '00000000',
  );
  return difference(before, after, { ignore: [], identity }).map(
    (item) =>
      `${formatPointer(placeOfDifference(item))} ${plain(wordDifference(item, sides, identity, veil))}`,
  );
}

test('what only one side has is told with that side', () => {
  expect(told({}, { shown: 1 })).toEqual(['/shown only in Redis: 1']);
  expect(told({ shown: 1 }, {})).toEqual(['/shown only in the file: 1']);
});

test('what differs is told with both', () => {
  expect(told({ shown: 1 }, { shown: 'two' })).toEqual(['/shown the file has 1, Redis has "two"']);
});

test('what is not public is told by its kind', () => {
  expect(told({ a: 'b' }, { a: ['c'] })).toEqual([
    '/a the file has ‹hidden string, 1 character, #00000000›, Redis has ‹hidden array, 1 item, #00000000›',
  ]);
});

describe('an item with an identity', () => {
  const [a, b] = [
    { id: 'a', secret: 1 },
    { id: 'b', secret: 2 },
  ];

  test('is told by that', () => {
    expect(told({ list: [a] }, { list: [b, a] })).toEqual(['/list/0 only in Redis: "b"']);
    expect(told({ list: [b, a] }, { list: [a] })).toEqual(['/list/0 only in the file: "b"']);
  });

  test('that moved is told where it stood', () => {
    expect(told({ list: [a, b] }, { list: [b, a] })).toEqual([
      '/list/0 moved: it stands at /list/1 in the file',
    ]);
  });

  test('without its identity is told by its kind', () => {
    expect(told({ list: [] }, { list: [{ name: 'x' }] })).toEqual([
      '/list/0 only in Redis: ‹hidden object, 1 member, #00000000›',
    ]);
  });
});

test('a former place is told without the names that are secret', () => {
  const list = (...ids: readonly string[]) => ids.map((id) => ({ id }));
  const everyName = [{ at: [], except: [] }];
  expect(told({ list: list('a', 'b') }, { list: list('b', 'a') }, everyName)).toEqual([
    '/list/0 moved: it stands at /‹#00000000›/1 in the file',
  ]);
});
