import { describe, expect, test } from 'vitest';
import { masker } from '../../src/core/masking.ts';

const mask = masker(['pässword "1"', 'tok-7f3a']);

describe('a secret is hidden', () => {
  test.each([
    ['as it is, each time', 'tok-7f3a and tok-7f3a', '‹hidden› and ‹hidden›'],
    ['as JSON spells it', '{"a":"pässword \\"1\\""}', '{"a":"‹hidden›"}'],
    ['as Python spells JSON', '{"a":"p\\u00e4ssword \\"1\\""}', '{"a":"‹hidden›"}'],
    ['as URLs spell it', 'x?p=p%C3%A4ssword%20%221%22&y', 'x?p=‹hidden›&y'],
    ['where the beginning of it is cut off', '7f3a is it', '‹hidden› is it'],
    ['where the end of it is cut off', 'it is tok-7', 'it is ‹hidden›'],
  ])('%s', (_fact, text, masked) => {
    expect(mask(text)).toBe(masked);
  });

  test('that is part of another', () => {
    expect(masker(['abcd', 'abcd-efgh'])('abcd-efgh abcd')).toBe('‹hidden› ‹hidden›');
  });
});

test('what is no secret stays', () => {
  expect(mask('tok is no secret\n')).toBe('tok is no secret\n');
  expect(masker([])('anything')).toBe('anything');
  expect(masker([''])('anything')).toBe('anything');
});
