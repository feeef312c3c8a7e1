import { type Encoding, isVoid } from '../core/evidence.ts';
import { code, name, type Phrase, phrase } from '../core/phrase.ts';
import type { Check } from './check.ts';

export const presence: Check = {
  id: 'presence',
  title: 'Is there a value of the right Redis type?',
  run({ spec, observation, live }) {
    switch (observation.kind) {
      case 'unreadable': {
        const { reason, phrase, advice } = observation.fault;
        return [{ claim: 'unchecked', severity: 'error', pointer: [], phrase, advice, reason }];
      }
      case 'unasked':
        return [
          {
            claim: 'unchecked',
            severity: 'notice',
            pointer: [],
            phrase: phrase`nobody looked at the value in Redis: no URL was given`,
            advice: phrase`give ${code('--redis')} to see whether it survives the change`,
          },
        ];
      case 'wrong-type':
        return [
          {
            claim: 'invalid',
            severity: 'error',
            pointer: [],
            phrase: phrase`the key holds a Redis ${name(observation.type)}, not ${expected[spec.encoding].type}`,
            advice: phrase`look who writes ${code(spec.key)}; the application reads it with ${expected[spec.encoding].command}, which fails on any other type`,
          },
        ];
      case 'absent':
        if (!spec.required) return [];
        return [
          {
            claim: 'invalid',
            severity: 'error',
            pointer: [],
            phrase: phrase`the key ${code(spec.key)} is missing`,
            advice: phrase`until it is written, the application lives on its fallback file; check ${code('prefix')} and database first`,
          },
        ];
      case 'present':
      case 'fields': {
        if (live?.ok !== true || !isVoid(spec, live.value)) return [];
        return [
          {
            claim: 'invalid',
            severity: 'error',
            pointer: [],
            phrase: phrase`payload is empty`,
            advice: phrase`an empty object counts as no configuration at all; write the value of the fallback`,
          },
        ];
      }
    }
  },
};

const hash = { type: phrase`a hash`, command: phrase`HGETALL` };

/** What Redis calls it, and the command that reads it. */
const expected: Readonly<Record<Encoding, { readonly type: Phrase; readonly command: Phrase }>> = {
  json: { type: phrase`a string`, command: phrase`GET` },
  hash,
  'hash-json': hash,
  redisjson: { type: phrase`a JSON document`, command: phrase`JSON.GET` },
};
