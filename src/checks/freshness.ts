import type { Draft } from '../core/finding.ts';
import { at, isObject } from '../core/json.ts';
import { code, count, type Phrase, phrase, vouch } from '../core/phrase.ts';
import { formatPointer } from '../core/pointer.ts';
import { isTimestamp } from '../core/summary.ts';
import type { Check } from './check.ts';

/** Clocks of writers and runners differ; within this many milliseconds the future is now. */
const CLOCK_SKEW = 5 * 60_000;
const DAY = 86_400_000;

export const freshness: Check = {
  id: 'freshness',
  title: 'Is the time of its last save sound?',
  run({ spec, live, now }) {
    const rule = spec.freshness;
    if (rule === undefined || live?.ok !== true || !isObject(live.value)) return [];
    if (Object.keys(live.value).length === 0) return [];
    const draft = (
      severity: Draft['severity'],
      said: Phrase,
      advice: Phrase,
      pointer = rule.at,
    ): readonly Draft[] => [{ claim: 'advice', severity, pointer, phrase: said, advice }];
    const saved = at(live.value, rule.at);
    if (saved === undefined || saved === null) {
      if (!rule.expected) return [];
      return draft(
        'notice',
        phrase`missing ${code(vouch(formatPointer(rule.at).slice(1)))} (tolerated, injected on next save)`,
        phrase`an older version wrote it; nothing needs to be done`,
        [],
      );
    }
    const time = typeof saved === 'string' && isTimestamp(saved) ? Date.parse(saved) : Number.NaN;
    if (Number.isNaN(time)) {
      return draft(
        'warning',
        phrase`this is no date and time in ISO 8601`,
        phrase`whoever wrote the value didn't use the application's own save`,
      );
    }
    if (time > now + CLOCK_SKEW) {
      return draft(
        'warning',
        phrase`it was saved in the future, by ${duration(time - now)}`,
        phrase`look at the clock of the machine that wrote it`,
      );
    }
    if (rule.maxAge !== undefined && now - time > rule.maxAge) {
      return draft(
        'warning',
        phrase`the last save is ${duration(now - time)} old`,
        phrase`look whether the writer still runs`,
      );
    }
    return [];
  },
};

function duration(milliseconds: number): Phrase {
  const days = Math.round(milliseconds / DAY);
  return days >= 1
    ? phrase`${count(days, 'day')}`
    : phrase`${count(Math.max(1, Math.round(milliseconds / 60_000)), 'minute')}`;
}
