import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { capture, keyPattern } from '../../src/core/key-pattern.ts';
import { type Candidate, grouped } from '../../src/inference/grouping.ts';

/** Keys of objects that look alike. */
function alike(...keys: readonly string[]): readonly Candidate[] {
  return keys.map((key) => ({ key, kind: 'json', names: new Set(['a', 'b']) }));
}

/** Keys of objects of which each has other names. */
function unlike(...keys: readonly string[]): readonly Candidate[] {
  return keys.map((key, index) => ({ key, kind: 'json', names: new Set([`a${index}`, `b${index}`]) }));
}

/** Name → key, behind the prefix. */
function proposed(candidates: readonly Candidate[], others: readonly string[] = [], prefix?: string) {
  const { groups, ...rest } = grouped(candidates, others, prefix);
  return { ...rest, keys: Object.fromEntries(groups.map(({ name, key }) => [name, key])) };
}

const keysOf = (...args: Parameters<typeof proposed>) => proposed(...args).keys;

describe('keys that are one config', () => {
  test.each<[string, readonly Candidate[], Record<string, string>]>([
    ['numbers', unlike('tenant:1:prefs', 'tenant:23:prefs'), { tenant_prefs: 'tenant:*:prefs' }],
    [
      'ids',
      unlike('t/123e4567-e89b-12d3-a456-426614174000', 't/00000000-0000-0000-0000-000000000000'),
      { t: 't/*' },
    ],
    ['numbers behind a word', unlike('user-1.prefs', 'user-2.prefs'), { user_prefs: 'user-*.prefs' }],
    ['hashes', unlike('c:9f86d081', 'c:1b4f0e98'), { c: 'c:*' }],
    ['addresses', unlike('c:a@x.example', 'c:b@x.example'), { c: 'c:*' }],
    ['three words and objects alike', alike('t:acme:x', 't:globex:x', 't:initech:x'), { t_x: 't:*:x' }],
    [
      'two places that vary',
      alike('s:eu:a', 's:eu:b', 's:eu:c', 's:us:a', 's:us:b', 's:us:c', 's:ap:a', 's:ap:b', 's:ap:c'),
      { s: 's:*:*' },
    ],
  ])('%s', (_, candidates, keys) => {
    expect(keysOf(candidates)).toEqual(keys);
  });

  test.each<[string, readonly Candidate[]]>([
    ['two words', alike('t:acme:x', 't:globex:x')],
    ['three words and objects unlike', unlike('t:acme:x', 't:globex:x', 't:initech:x')],
    ['a number alone', unlike('t:1:x', 'u:a')],
    [
      'other ways of storing',
      [...alike('t:1').slice(0, 1), { key: 't:2', kind: 'hash', names: new Set(['a']) }],
    ],
  ])('%s are not', (_, candidates) => {
    expect(grouped(candidates, []).groups.map(({ members }) => members.length)).toEqual(
      candidates.map(() => 1),
    );
  });

  test('of each kind of object one', () => {
    const prefs = alike('t:acme:prefs', 't:globex:prefs', 't:initech:prefs');
    const limits = alike('t:acme:limits', 't:globex:limits', 't:initech:limits').map((key) => ({
      ...key,
      names: new Set(['x']),
    }));
    expect(keysOf([...prefs, ...limits])).toEqual({ t_limits: 't:*:limits', t_prefs: 't:*:prefs' });
  });
});

describe('a pattern', () => {
  test('that would match something else is many keys instead', () => {
    expect(keysOf(unlike('t:1:x', 't:2:x'), ['t:1:old:x'])).toEqual({ '1_x': '1:x', '2_x': '2:x' });
  });

  test('that would match something else, with too many keys, is none', () => {
    const keys = unlike(...Array.from({ length: 21 }, (_, number) => `t:${number}:x`));
    expect(proposed(keys, ['t:1:old:x'])).toMatchObject({
      keys: {},
      scattered: keys.toSorted((a, b) => (a.key < b.key ? -1 : 1)),
    });
  });

  test('stands for a key that has a secret in it, even alone', () => {
    const { groups } = grouped(unlike('hook:Zx8kQ2mN7pL4vR9tY1wB'), []);
    expect(groups).toMatchObject([{ name: 'hook', key: 'hook:*', isPattern: true, hidesNames: true }]);
  });

  test('escapes what a glob would take for something else', () => {
    expect(keysOf(unlike('a[b]*:1', 'a[b]*:2'))).toEqual({ a_b: 'a\\[b\\]\\*:*' });
    expect(keysOf(unlike('a[b]*:x'))).toEqual({ x: 'x' });
  });
});

describe('the prefix', () => {
  test.each<[string, readonly string[], string]>([
    ['is what all keys share, up to a colon', ['app:config:mail', 'app:config:main'], 'app:config:'],
    ['of one key is all but the last segment', ['app:config:mail'], 'app:config:'],
    ['leaves what the varying part is of', ['app:tenant:1', 'app:tenant:2'], 'app:'],
    ['leaves a key that ends in what divides', ['app:config:'], 'app:'],
    ['leaves a key that ends in a slash', ['app/cfg/'], 'app/'],
    ['leaves a key that ends where others go on', ['app.cfg.', 'app.cfg.b'], 'app.'],
    ['leaves a key that only divides', ['::'], ''],
    ['may be nothing', ['a:x', 'b:x'], ''],
    ['is nothing where nothing divides', ['mail', 'main'], ''],
    ['is unescaped', ['a*[b]:x', 'a*[b]:y'], 'a*[b]:'],
  ])('%s', (_, keys, prefix) => {
    expect(grouped(unlike(...keys), []).prefix).toBe(prefix);
  });

  test('is kept as it was given, wherever it ends', () => {
    expect(proposed(unlike('tenant:17:x', 'tenant:18:x'), [], 'tenant:1')).toMatchObject({
      prefix: 'tenant:1',
      keys: { x: '*:x' },
    });
  });
});

test.each<[string, (word: string, number: number) => string]>([
  ['begin alike', (word, number) => `${word}:${number}`],
  ['end alike', (word, number) => `${number}:${word}`],
])('forty thousand keys that %s in pairs take no minutes', (_, keyOf) => {
  const keys = Array.from({ length: 40_000 }, (_, index) => {
    const word = Array.from(String(index >> 1), (digit) => 'abcdefghij'[Number(digit)]).join('');
    return keyOf(`word${word}`, index & 1);
  });
  const start = performance.now();
  expect(grouped(unlike(...keys), []).groups).toHaveLength(20_000);
  expect(performance.now() - start).toBeLessThan(10_000);
});

test('names are unlike each other, also where case does not count', () => {
  const names = Object.keys(keysOf(unlike('a:b', 'a:B', 'a/b', 'é', '💥', 'x'.repeat(100), 'x'.repeat(101))));
  expect(names).toHaveLength(7);
  expect(new Set(names.map((name) => name.toLowerCase())).size).toBe(7);
  for (const name of names) expect(name).toMatch(/^[\w.-]{1,64}$/);
});

test('every key is of exactly one config, whatever the order, and no pattern matches another', () => {
  const segment = fc.constantFrom('a', 'b', 'c', '1', '2', 'u-1', 'x*', '[y]', '');
  const key = fc.array(segment, { minLength: 1, maxLength: 4 }).map((segments) => segments.join(':'));
  const keys = fc.uniqueArray(
    key.filter((text) => text !== ''),
    { minLength: 1, maxLength: 15 },
  );
  fc.assert(
    fc.property(keys, fc.boolean(), fc.nat(), (all, areAlike, cut) => {
      const some = (areAlike ? alike : unlike)(...all.slice(0, 1 + (cut % all.length)));
      const others = all.slice(some.length);
      const { prefix, groups, scattered } = grouped(some, others);
      expect(grouped(some.toReversed(), others.toReversed())).toEqual({ prefix, groups, scattered });
      const found = groups.flatMap(({ members }) => members).concat(scattered);
      expect(found.map(({ key }) => key).sort()).toEqual(some.map(({ key }) => key).sort());
      for (const { key, isPattern, members } of groups) {
        expect(key).not.toBe('');
        const pattern = keyPattern(prefix, key);
        const matching = isPattern
          ? all.filter((text) => capture(pattern, text) !== undefined)
          : all.filter((text) => text === prefix + key);
        expect(matching.sort()).toEqual(members.map((member) => member.key).sort());
      }
    }),
  );
});
