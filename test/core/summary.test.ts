import { describe, expect, test } from 'vitest';
import type { Json } from '../../src/core/json.ts';
import { isTimestamp, summarize } from '../../src/core/summary.ts';
import { veil } from '../checks/evidence.ts';

describe('a date and time is', () => {
  test.each([
    ['as Python writes it', '2026-11-02T09:14:27.305118+01:00'],
    ['in UTC', '2026-11-02T09:14:27Z'],
    ['without fractions', '2026-11-02T09:14:27+01:00'],
    ['without seconds', '2026-11-02T09:14+01:00'],
    ['with a blank for the T', '2026-11-02 09:14:27+01:00'],
    ['with an offset without a colon', '2026-11-02T09:14:27+0100'],
    ['without an offset', '2026-11-02T09:14:27'],
    ['with nanoseconds', '2026-11-02T09:14:27.123456789Z'],
    ['west of Greenwich', '2026-11-02T09:14:27-09:30'],
    ['on a leap day', '2028-02-29T00:00:00Z'],
  ])('%s', (_fact, text) => {
    expect(isTimestamp(text)).toBe(true);
  });

  test.each([
    ['a date', '2026-11-02'],
    ['a time', '09:14:27'],
    ['nothing', ''],
    ['a week', '2026-W45-1T09:14:27Z'],
    ['a year of two digits', '26-11-02T09:14:27Z'],
    ['a comma in the seconds', '2026-11-02T09:14:27,5Z'],
    ['an offset with seconds, which Python writes for times before 1900', '2026-11-02T09:14:27+00:09:21'],
    ['an offset of more than a day', '2026-11-02T09:14:27+25:00'],
    ['a 25th hour', '2026-11-02T25:00:00Z'],
    ['a leap second', '2026-11-02T23:59:60Z'],
    ['a 13th month', '2026-13-01T00:00:00Z'],
    ['a 31st of November', '2026-11-31T00:00:00Z'],
    ['a leap day of a common year', '2026-02-29T00:00:00+01:00'],
    ['a 30th of February, with a blank', '2026-02-30 10:00:00'],
    ['a date in words', 'Mon Nov 02 2026 09:14:27 GMT+0100'],
    ['text behind it', '2026-11-02T09:14:27Z<script>'],
    ['a line behind it', '2026-11-02T09:14:27Z\n'],
    ['digits of another script', '٢٠٢٦-11-02T09:14:27Z'],
  ])('not %s', (_fact, text) => {
    expect(isTimestamp(text)).toBe(false);
  });

  test('every day of the calendar and no other', () => {
    const two = (n: number) => String(n).padStart(2, '0');
    for (const year of [2024, 2026]) {
      for (let month = 0; month < 15; month += 1) {
        const length = new Date(Date.UTC(year, month, 0)).getUTCDate();
        for (let day = 0; day < 40; day += 1) {
          const exists = month >= 1 && month <= 12 && day >= 1 && day <= length;
          for (const separator of ['T', ' ']) {
            for (const offset of ['', 'Z', '-1200']) {
              const text = `${year}-${two(month)}-${two(day)}${separator}12:30:00${offset}`;
              expect(isTimestamp(text), text).toBe(exists);
            }
          }
        }
      }
    }
  });
});

describe('a summary', () => {
  const outlined = (value: Json) => summarize(value, ['_updated_at'], veil('processing_prefs'));

  test('tells sizes and the time of the save, no values', () => {
    expect(
      outlined({
        exclude_keywords: ['secret', 'word'],
        sender_priority: { 'a@b.example': 'low' },
        more: [],
        retry_count: 3,
        _updated_at: '2026-11-02T09:14:27Z',
      }),
    ).toEqual({
      type: 'object',
      updatedAt: '2026-11-02T09:14:27Z',
      objects: [{ place: '/sender_priority', size: 1 }],
      arrays: [
        { place: '/exclude_keywords', size: 2 },
        { place: '/more', size: 0 },
      ],
      members: 5,
    });
  });

  test.each<[string, Json]>([
    ['is no date', { _updated_at: 'hunter2' }],
    ['is no text', { _updated_at: 1793606400 }],
    ['is missing', { a: 1 }],
  ])('is silent about a time that %s', (_fact, value) => {
    expect(outlined(value)).toEqual({ type: 'object', objects: [], arrays: [], members: 1 });
  });

  test('knows no time where none is kept', () => {
    const summary = summarize({ _updated_at: '2026-11-02T09:14:27Z' }, undefined, veil('routing_rules'));
    expect(summary.updatedAt).toBeUndefined();
  });

  test('hides the names that are secret', () => {
    const { objects } = summarize({ token: {}, _updated_at: {} }, undefined, veil('magic_link_tokens'));
    expect(objects).toEqual([
      { place: '/‹#00000000›', size: 0 },
      { place: '/_updated_at', size: 0 },
    ]);
  });

  test.each<[string, Json]>([
    ['array', [1, [2]]],
    ['string', 'text'],
    ['null', null],
    ['number', 1],
    ['boolean', true],
  ])('of what is no object tells the type: %s', (type, value) => {
    expect(outlined(value)).toEqual({ type, objects: [], arrays: [], members: 0 });
  });
});
