import fc from 'fast-check';
import { expect, test } from 'vitest';
import { globOf } from '../../src/core/glob.ts';
import { mapped, parseKeyMap, sourcesOf } from '../../src/core/key-map.ts';

const bytes = (text: string) => new TextEncoder().encode(text);
const text = (name: Uint8Array) => new TextDecoder().decode(name);

function rules(...texts: readonly string[]) {
  const parsed = parseKeyMap(texts);
  if (!parsed.ok) throw new Error('not parsed');
  return parsed.map;
}

test('a prefix is replaced, and the rest stays', () => {
  const map = rules('s/^old:/new:/', 's|^a/|b\\|/|');
  expect(text(mapped(map, bytes('old:x')))).toBe('new:x');
  expect(text(mapped(map, bytes('a/x')))).toBe('b|/x');
  expect(text(mapped(map, bytes('x:old:')))).toBe('x:old:');
});

test('every name is found back, and only names that lead there', () => {
  const part = fc.constantFrom('a', 'b', 'ab', 'a:');
  fc.assert(
    fc.property(
      fc.array(fc.tuple(part, part), { maxLength: 3 }),
      fc.string({ unit: part }),
      (pairs, name) => {
        const map = pairs.map(([from, to]) => ({ from: bytes(from), to: bytes(to) }));
        const target = mapped(map, bytes(name));
        expect(sourcesOf(map, target).map(text)).toContain(name);
        for (const source of sourcesOf(map, bytes(name))) expect(text(mapped(map, source))).toBe(name);
      },
    ),
  );
});

test.each([
  's/old:/new:/',
  's/^old.*/new/',
  's/^old:/new:/g',
  's/^a/&b/',
  's/^a\\d/b/',
  's/^//',
  'old=new',
  '',
])('%j is refused', (rule) => expect(parseKeyMap([rule]).ok).toBe(false));

test.each([
  ['*', 'anything', true],
  ['a*c', 'abbc', true],
  ['a*c', 'abcd', false],
  ['a?c', 'abc', true],
  ['[a-c]x', 'bx', true],
  ['[^a]x', 'ax', false],
  ['\\*', '*', true],
  ['\\*', 'a', false],
  ['*:x:*', 'a:b:x:c', true],
  ['', '', true],
])('%j on %j: %j', (pattern, name, isMatch) => {
  expect(globOf(pattern)(bytes(name))).toBe(isMatch);
});
