import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  coveredByAny,
  covers,
  formatPointer,
  matches,
  type Pattern,
  type Pointer,
  parsePointer,
} from '../../src/core/pointer.ts';

describe('a pointer is spelled as RFC 6901 does', () => {
  test.each<[string, Pointer]>([
    ['', []],
    ['/', ['']],
    ['/foo/0', ['foo', '0']],
    ['/a~1b', ['a/b']],
    ['/m~0n', ['m~n']],
    ['/~01', ['~1']],
    ['/ /"/\\/%', [' ', '"', '\\', '%']],
    ['//', ['', '']],
    ['/-', ['-']],
  ])('%s', (text, pointer) => {
    expect(formatPointer(pointer)).toBe(text);
    expect(parsePointer(text)).toEqual(pointer);
  });

  test.each(['a', 'a/b', '#/a', '/~', '/~2', '/a~'])('%s is none', (text) => {
    expect(parsePointer(text)).toBeUndefined();
  });

  test('whatever the names are', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'binary' })), (pointer) => {
        expect(parsePointer(formatPointer(pointer))).toEqual(pointer);
      }),
    );
  });
});

describe('a pattern', () => {
  test.each<{ pattern: Pattern; pointer: Pointer; matching: boolean; covering: boolean }>([
    { pattern: [], pointer: [], matching: true, covering: true },
    { pattern: [], pointer: ['a'], matching: false, covering: true },
    { pattern: ['a'], pointer: [], matching: false, covering: false },
    { pattern: ['a'], pointer: ['a'], matching: true, covering: true },
    { pattern: ['a'], pointer: ['a', 'b'], matching: false, covering: true },
    { pattern: ['a'], pointer: ['A'], matching: false, covering: false },
    { pattern: ['*'], pointer: ['anything'], matching: true, covering: true },
    { pattern: ['*'], pointer: [''], matching: true, covering: true },
    { pattern: ['*'], pointer: [], matching: false, covering: false },
    { pattern: ['a', '*', 'b'], pointer: ['a', '7', 'b'], matching: true, covering: true },
    { pattern: ['a', '*', 'b'], pointer: ['a', '7', 'c'], matching: false, covering: false },
    { pattern: ['a', '*', 'b'], pointer: ['a', '7', 'b', 'c'], matching: false, covering: true },
  ])('$pattern at $pointer', ({ pattern, pointer, matching, covering }) => {
    expect(matches(pattern, pointer)).toBe(matching);
    expect(covers(pattern, pointer)).toBe(covering);
    expect(coveredByAny([['nowhere'], pattern], pointer)).toBe(covering);
  });

  test('none of no patterns covers anything', () => {
    expect(coveredByAny([], [])).toBe(false);
  });
});
