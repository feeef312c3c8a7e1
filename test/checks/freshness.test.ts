import { describe, expect, test } from 'vitest';
import { freshness } from '../../src/checks/freshness.ts';
import type { Json } from '../../src/core/json.ts';
import { drafts, type Given, NOW } from './evidence.ts';

const run = (given: Given) => drafts(freshness, given);

const MINUTE = 60_000;
const DAY = 1440 * MINUTE;
const savedAt = (time: number): Json => ({ _updated_at: new Date(time).toISOString() });
const within = (days: number): NonNullable<Given['spec']> => ({
  freshness: { at: ['_updated_at'], expected: true, maxAge: days * DAY },
});

const advice = {
  missing: 'an older version wrote it; nothing needs to be done',
  noDate: "whoever wrote the value didn't use the application's own save",
  future: 'look at the clock of the machine that wrote it',
  old: 'look whether the writer still runs',
};

describe('a time of the last save that is missing', () => {
  test.each<[string, Json]>([
    ['altogether', { retry_count: 1 }],
    ['because it is null', { retry_count: 1, _updated_at: null }],
  ])('%s is a notice', async (_fact, value) => {
    expect(await run({ config: 'processing_prefs', value })).toEqual([
      {
        claim: 'advice',
        severity: 'notice',
        pointer: '',
        said: 'missing _updated_at (tolerated, injected on next save)',
        advice: advice.missing,
      },
    ]);
  });

  test('is nothing where it is not expected', async () => {
    expect(await run({ config: 'magic_link_tokens', value: { a: {} } })).toEqual([]);
    expect(await run({ config: 'magic_link_tokens', value: { a: {}, _updated_at: null } })).toEqual([]);
  });
});

describe('a time that is none is a warning, and is not quoted:', () => {
  test.each<[string, Json]>([
    ['text', 'yesterday'],
    ['empty text', ''],
    ['a date without a time', '2026-11-02'],
    ['a day that no month has', '2026-02-30T10:00:00Z'],
    ['an hour that no day has', '2026-11-02T25:00:00Z'],
    ['the date of another country', '11/02/2026 10:00'],
    ['seconds since the epoch', 1793606400],
    ['seconds since the epoch as text', '1793606400'],
    ['true', true],
    ['an object', { $date: '2026-11-02T10:00:00Z' }],
  ])('%s', async (_fact, saved) => {
    expect(await run({ config: 'magic_link_tokens', value: { _updated_at: saved } })).toEqual([
      {
        claim: 'advice',
        severity: 'warning',
        pointer: '/_updated_at',
        said: 'this is no date and time in ISO 8601',
        advice: advice.noDate,
      },
    ]);
  });
});

describe('a time in the future', () => {
  const warned = (said: string) => [
    { claim: 'advice', severity: 'warning', pointer: '/_updated_at', said, advice: advice.future },
  ];

  test.each([
    [5 * MINUTE + 1000, 'it was saved in the future, by 5 minutes'],
    [60 * MINUTE, 'it was saved in the future, by 60 minutes'],
    [2 * DAY, 'it was saved in the future, by 2 days'],
  ])('by %i ms is a warning', async (ahead, said) => {
    expect(await run({ config: 'processing_prefs', value: savedAt(NOW + ahead) })).toEqual(warned(said));
  });

  test('counts with its offset', async () => {
    const value = { _updated_at: '2026-11-03T09:29:00-01:00' };
    expect(await run({ config: 'processing_prefs', value })).toEqual(
      warned('it was saved in the future, by 59 minutes'),
    );
  });

  test('by no more than clocks differ is nothing', async () => {
    expect(await run({ config: 'processing_prefs', value: savedAt(NOW + 5 * MINUTE) })).toEqual([]);
  });
});

describe('an old time', () => {
  test('is nothing unless there is a limit', async () => {
    expect(await run({ config: 'processing_prefs', value: savedAt(0) })).toEqual([]);
  });

  test('is a warning beyond the limit', async () => {
    expect(
      await run({ config: 'processing_prefs', value: savedAt(NOW - 7 * DAY - 1), spec: within(7) }),
    ).toEqual([
      {
        claim: 'advice',
        severity: 'warning',
        pointer: '/_updated_at',
        said: 'the last save is 7 days old',
        advice: advice.old,
      },
    ]);
  });

  test('is nothing up to the limit', async () => {
    expect(await run({ config: 'processing_prefs', value: savedAt(NOW - 7 * DAY), spec: within(7) })).toEqual(
      [],
    );
  });
});

describe('nobody asks', () => {
  test.each<[string, Given]>([
    ['an empty object', { config: 'routing_rules', live: '{}' }],
    ['a value that is no object', { config: 'routing_rules', live: '[]' }],
    ['a value that is no JSON', { config: 'routing_rules', live: '{' }],
    ['a key that is absent', { config: 'routing_rules', observation: { kind: 'absent' } }],
    ['a sound value', { config: 'routing_rules' }],
  ])('%s', async (_fact, given) => {
    expect(await run(given)).toEqual([]);
  });
});
