import { describe, expect, test } from 'vitest';
import type { Finding } from '../../src/core/finding.ts';
import { code, name, phrase, vouch } from '../../src/core/phrase.ts';
import { plain } from '../../src/core/plain.ts';
import type { Place } from '../../src/core/redaction.ts';
import { keysInWords, mergedFindings, NAMED, tally, wordingOf } from '../../src/core/tally.ts';

function finding(changes: Partial<Finding> = {}): Finding {
  return {
    check: 'shape',
    config: vouch('prefs'),
    claim: 'invalid',
    severity: 'error',
    place: '/retry_count' as Place,
    phrase: phrase`expected at most 10; found ${name('12')}`,
    ...changes,
  };
}

function told(findings: readonly Finding[]): readonly string[] {
  return findings.map((each) => `${each.place}: ${plain(wordingOf(each))}`);
}

function added(keys: readonly (readonly [string, ...Finding[]])[]): readonly Finding[] {
  const all = tally();
  for (const [key, ...findings] of keys) {
    const ownWords = () => new Map([[key, vouch('tenant:*')]]);
    all.add({ name: vouch(key), status: 'INVALID', findings, ownWords });
  }
  return all.findings();
}

describe('findings of many keys', () => {
  test('that differ in values only are one, with the keys that have it', () => {
    const other = finding({ phrase: phrase`expected at most 10; found ${name('99')}` });
    expect(
      told(
        added([
          ['tenant:1', finding()],
          ['tenant:2', other],
        ]),
      ),
    ).toEqual(['/retry_count: expected at most 10; found 12 (2 keys: tenant:1, tenant:2)']);
  });

  test('at different items of an array are one, at any item', () => {
    const at = (place: string) => finding({ place: place as Place });
    expect(
      told(
        added([
          ['tenant:1', at('/rules/0/id')],
          ['tenant:2', at('/rules/7/id')],
        ]),
      ),
    ).toEqual(['/rules/*/id: expected at most 10; found 12 (2 keys: tenant:1, tenant:2)']);
  });

  test('that name their own key are one, about the pattern', () => {
    const missing = (key: string) =>
      finding({ place: '' as Place, phrase: phrase`the key ${code(vouch(key))} expires` });
    expect(
      told(
        added([
          ['tenant:1', missing('tenant:1')],
          ['tenant:2', missing('tenant:2')],
        ]),
      ),
    ).toEqual([': the key tenant:* expires (2 keys: tenant:1, tenant:2)']);
  });

  test.each([
    ['check', { check: 'drift' }],
    ['claim', { claim: 'drift' }],
    ['severity', { severity: 'warning' }],
    ['place', { place: '/other' as Place }],
    ['words', { phrase: phrase`expected a number` }],
    ['debt', { isDebt: true }],
  ] as const)('that differ in their %s are two', (_what, changes) => {
    expect(
      added([
        ['tenant:1', finding()],
        ['tenant:2', finding(changes)],
      ]),
    ).toHaveLength(2);
  });

  test('count a key once, however often it has one', () => {
    const twice = [
      finding({ place: '/rules/0/id' as Place }),
      finding({ place: '/rules/1/id' as Place }),
    ] as const;
    expect(added([['tenant:1', ...twice]])[0]?.keys).toEqual({ count: 1, first: ['tenant:1'] });
  });

  test('name the first few keys and count the rest', () => {
    const keys = Array.from({ length: NAMED + 3 }, (_, index) => [`tenant:${index}`, finding()] as const);
    expect(told(added(keys))).toEqual([
      '/retry_count: expected at most 10; found 12 (8 keys: tenant:0, tenant:1, tenant:2, tenant:3, tenant:4 and 3 more)',
    ]);
  });

  test('come with the gravest first, then those of most keys', () => {
    const notice = finding({ claim: 'advice', severity: 'notice', phrase: phrase`a note` });
    const rare = finding({ phrase: phrase`rare` });
    const order = added([
      ['tenant:1', notice, rare, finding()],
      ['tenant:2', notice, finding()],
    ]);
    expect(order.map((each) => plain(each.phrase))).toEqual([
      'expected at most 10; found 12',
      'rare',
      'a note',
    ]);
  });

  test('keep their line only where all have the same', () => {
    const at = (line: number) => finding({ location: { file: vouch('a.json'), line, column: 1 } });
    expect(
      added([
        ['tenant:1', at(3)],
        ['tenant:2', at(3)],
      ])[0]?.location?.line,
    ).toBe(3);
    expect(
      added([
        ['tenant:1', at(3)],
        ['tenant:2', at(4)],
      ])[0]?.location,
    ).toBeUndefined();
  });

  test('of endlessly many kinds take no endless room', () => {
    const kinds = Array.from({ length: 3000 }, (_, index) => {
      const place = `/p${String.fromCodePoint(0x4e00 + index)}` as Place;
      return [`tenant:${index}`, finding({ place })] as const;
    });
    const findings = added(kinds);
    expect(findings.length).toBeLessThan(600);
    expect(findings.reduce((sum, each) => sum + (each.keys?.count ?? 0), 0)).toBe(3000);
  });

  test('of several runs are merged as if one run had seen them all', () => {
    const keys = Array.from({ length: 12 }, (_, index) => [`tenant:${index}`, finding()] as const);
    const [all] = added(keys);
    const merged = mergedFindings([...added(keys.slice(0, 5)), ...added(keys.slice(5))]);
    expect(merged).toEqual([all]);
  });
});

test('keys are counted by status, the gravest first', () => {
  const all = tally();
  for (const status of ['OK', 'OK', 'DRIFT', 'INVALID'] as const) {
    all.add({ name: vouch('k'), status, findings: [], ownWords: () => new Map() });
  }
  expect(keysInWords(all.counts())).toBe('4 keys: 1 INVALID, 1 DRIFT, 2 OK');
});

test('large counts are grouped by thousands', () => {
  expect(keysInWords({ INVALID: 0, UNCHECKED: 0, DRIFT: 0, OK: 1_234_567 })).toBe(
    '1,234,567 keys: 1,234,567 OK',
  );
});
