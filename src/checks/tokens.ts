import type { Draft } from '../core/finding.ts';
import { isObject, type Json, type JsonObject } from '../core/json.ts';
import { places } from '../core/objection.ts';
import { count, type Phrase, phrase } from '../core/phrase.ts';
import type { Check } from './check.ts';

export const tokens: Check = {
  id: 'tokens',
  title: 'Are login tokens left lying about?',
  run({ spec, live, now }) {
    if (spec.tokens === undefined || live?.ok !== true) return [];
    const records = places(live.value, spec.tokens)
      .map(([value]) => value)
      .filter(isRecord);
    const tell = (matching: readonly Json[], said: Phrase, advice: Phrase): readonly Draft[] =>
      matching.length === 0
        ? []
        : [{ claim: 'advice', severity: 'notice', pointer: [], phrase: said, advice }];
    const expired = records.filter(({ expires_at: at }) => typeof at === 'number' && at * 1000 < now);
    const consumed = records.filter(({ consumed }) => consumed === true);
    const permanent = records.filter(
      (record) => record['expires_at'] === null && record['single_use'] === false,
    );
    return [
      ...tell(
        expired,
        phrase`${count(expired.length, 'expired token')} left behind`,
        phrase`let the application's clean-up remove them`,
      ),
      ...tell(
        consumed,
        phrase`${count(consumed.length, 'used token')} left behind`,
        phrase`let the application's clean-up remove them`,
      ),
      ...tell(
        permanent,
        phrase`${count(permanent.length, 'permanent login link')}`,
        phrase`whoever holds such a link can log in for ever; give it an expiry unless that is meant`,
      ),
    ];
  },
};

function isRecord(value: Json): value is JsonObject {
  return isObject(value) && Object.hasOwn(value, 'single_use');
}
