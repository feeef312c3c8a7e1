import { code, count, type Part, phrase } from '../core/phrase.ts';
import type { Check } from './check.ts';

export const expiry: Check = {
  id: 'expiry',
  title: 'Does the key expire, though configuration is permanent?',
  run({ spec, observation }) {
    if (observation.kind !== 'present' && observation.kind !== 'fields') return [];
    if (observation.ttl === undefined) return [];
    return [
      {
        claim: 'advice',
        severity: 'warning',
        pointer: [],
        phrase: phrase`the key vanishes in ${remaining(observation.ttl)}: it has a time to live`,
        advice: phrase`configuration is permanent; ${code('PERSIST')} ${code(spec.key)} keeps it, then look who set the expiry`,
      },
    ];
  },
};

function remaining(milliseconds: number): Part {
  const seconds = Math.round(milliseconds / 1000);
  if (seconds < 120) return count(seconds, 'second');
  const minutes = Math.round(seconds / 60);
  if (minutes < 120) return count(minutes, 'minute');
  const hours = Math.round(minutes / 60);
  return hours < 48 ? count(hours, 'hour') : count(Math.round(hours / 24), 'day');
}
