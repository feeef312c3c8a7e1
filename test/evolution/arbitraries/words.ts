import type { Json } from '../../../src/core/json.ts';

/** The small world in which generated schemas and values meet: few words, so that keywords bear on each other. */

export const names: readonly string[] = ['a', 'b', 'ab', 'c'];

/** What no generated schema mentions. */
export const UNKNOWN_NAME = 'zz';

export const patterns: readonly string[] = [
  '^a',
  'b$',
  'c',
  '^$',
  '\\d',
  'a|b',
  '^[^a]',
  '^\\w+$',
  '^[A-Z]',
  '^(ab)*$',
  '^a.*b$',
  '^.{2,3}$',
  '^[a-c]+$',
  '^[a-b]{1,2}$',
  '^\\d{1,2}$',
];

/** Strings that satisfy a format, and near misses. */
export const formats: Readonly<Record<string, { readonly good: readonly string[]; readonly bad: string }>> = {
  date: { good: ['2024-02-29', '1999-12-31'], bad: '2023-02-29' },
  email: { good: ['a@b.c', 'b@a.c'], bad: 'a@' },
  ipv4: { good: ['127.0.0.1', '1.2.3.4'], bad: '127.0.0.256' },
  uuid: { good: ['12345678-1234-1234-1234-1234567890ab'], bad: '12345678-1234-1234-1234-1234567890' },
};

/** For each pattern above there are some that match it and some that don't. One is longer in UTF-16 than it is. */
export const strings: readonly string[] =
  'a b c ab abc abcd abab aab ba bb bc cc b1 1 12 123 a1b A Ab Abc AB Zb zz - a-b \u{1f600} a\u{1f600}b'
    .split(' ')
    .concat('', ' ', 'a\n');

export const numbers: readonly number[] = [-2, -1, 0, 0.5, 1, 1.5, 2, 3, 4, 5, 6, 7, 12];

export const arrays: readonly Json[] = [[], [1], ['a'], [1, 'a'], [1, 1]];

export const objects: readonly Json[] = [{}, { a: 1 }, { b: 'a' }, { a: 'a', b: 1 }];
