import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { distance, nearest, sameLetters } from '../../src/core/similarity.ts';

describe('the name that was meant is', () => {
  const names = ['retry_count', 'retry_delay_sec', 'webhook_timeout_sec', 'id', 'name'];

  test.each<[string, string, string | undefined]>([
    ['another spelling', 'RetryCount', 'retry_count'],
    ['two letters exchanged', 'retry_cuont', 'retry_count'],
    ['a letter too many', 'retry_counts', 'retry_count'],
    ['four letters wrong in a long name', 'webhook_timeout_s', 'webhook_timeout_sec'],
    ['too different', 'rate_limit', undefined],
    ['short, so it must fit', 'if', undefined],
    ['short, with one slip', 'nam', 'name'],
    ['of another length altogether', 'n', undefined],
    ['empty', '', undefined],
  ])('%s', (_fact, written, meant) => {
    expect(nearest(written, names)).toBe(meant);
  });

  test('the nearest of several, the first of equals', () => {
    expect(nearest('abcdef', ['abcdxx', 'abcdex', 'abcdey'])).toBe('abcdex');
  });

  test('none of none', () => {
    expect(nearest('abc', [])).toBeUndefined();
  });
});

test('case and punctuation make no other name, letters of any script and digits do', () => {
  expect(sameLetters('Webhook-URL', 'webhook_url')).toBe(true);
  expect(sameLetters('rule1', 'rule2')).toBe(false);
  expect(sameLetters('été', 'ete')).toBe(false);
});

describe('the distance', () => {
  test.each<[string, string, number]>([
    ['', '', 0],
    ['abc', 'abc', 0],
    ['abc', 'abd', 1],
    ['abc', 'ab', 1],
    ['abc', 'xabc', 1],
    ['kitten', 'sitting', 3],
    ['flaw', 'lawn', 2],
  ])('of %o and %o', (a, b, expected) => {
    expect(distance(a, b, 10)).toBe(expected);
    expect(distance(b, a, 10)).toBe(expected);
  });

  const words = fc.string({ unit: fc.constantFrom('a', 'b', 'c'), maxLength: 8 });

  test('is told up to the limit, and otherwise that it is beyond', () => {
    fc.assert(
      fc.property(words, words, fc.nat({ max: 8 }), (a, b, limit) => {
        expect(distance(a, b, limit)).toBe(Math.min(distance(a, b, 100), limit + 1));
      }),
    );
  });

  test('is a metric', () => {
    fc.assert(
      fc.property(words, words, words, (a, b, c) => {
        expect(distance(a, b, 100) === 0).toBe(a === b);
        expect(distance(a, c, 100)).toBeLessThanOrEqual(distance(a, b, 100) + distance(b, c, 100));
      }),
    );
  });
});
