import { describe, expect, test } from 'vitest';
import { presence } from '../../src/checks/presence.ts';
import type { Observation } from '../../src/core/evidence.ts';
import { code, phrase } from '../../src/core/phrase.ts';
import { drafts, type Given } from './evidence.ts';

const run = (given: Given) => drafts(presence, given);

const missing = {
  claim: 'invalid',
  severity: 'error',
  pointer: '',
  said: 'the key r:ss:config:routing_rules is missing',
  advice: 'until it is written, the application lives on its fallback file; check prefix and database first',
};

describe('an absent key', () => {
  const observation: Observation = { kind: 'absent' };

  test('is INVALID where it is required, whatever the fallback holds', async () => {
    expect(await run({ config: 'routing_rules', observation })).toEqual([missing]);
    expect(await run({ config: 'routing_rules', observation, fallbackFile: { kind: 'missing' } })).toEqual([
      missing,
    ]);
  });

  test('is nothing where it is not required', async () => {
    expect(await run({ config: 'routing_rules', observation, spec: { required: false } })).toEqual([]);
  });
});

test('a key of another Redis type is INVALID', async () => {
  const observation: Observation = { kind: 'wrong-type', type: 'hash' };
  expect(await run({ config: 'webhook_config', observation })).toEqual([
    {
      claim: 'invalid',
      severity: 'error',
      pointer: '',
      said: 'the key holds a Redis hash, not a string',
      advice:
        'look who writes r:ss:config:webhook_config; the application reads it with GET, which fails on any other type',
    },
  ]);
});

test('a key that could not be read is UNCHECKED, with the reason and the words of the edge', async () => {
  const observation: Observation = {
    kind: 'unreadable',
    fault: {
      reason: 'unreachable',
      phrase: phrase`nothing answers at ${code('127.0.0.1:1')}`,
      advice: phrase`start it`,
    },
  };
  expect(await run({ config: 'webhook_config', observation })).toEqual([
    {
      claim: 'unchecked',
      severity: 'error',
      reason: 'unreachable',
      pointer: '',
      said: 'nothing answers at 127.0.0.1:1',
      advice: 'start it',
    },
  ]);
});

describe('an empty object', () => {
  test.each(['processing_prefs', 'webhook_config', 'magic_link_tokens'] as const)(
    'is INVALID in %s',
    async (config) => {
      expect(await run({ config, live: ' {} ' })).toEqual([
        {
          claim: 'invalid',
          severity: 'error',
          pointer: '',
          said: 'payload is empty',
          advice: 'an empty object counts as no configuration at all; write the value of the fallback',
        },
      ]);
    },
  );

  test('is allowed in routing_rules', async () => {
    expect(await run({ config: 'routing_rules', live: '{}' })).toEqual([]);
  });
});

describe('a value that is there is left to the other checks', () => {
  test.each([
    ['a sound one', '{"retry_count": 1}'],
    ['an empty list', '[]'],
    ['null', 'null'],
    ['empty text', ''],
    ['no JSON', '{'],
    ['nothing but the time of its save', '{"_updated_at": null}'],
  ])('%s', async (_fact, live) => {
    expect(await run({ config: 'processing_prefs', live })).toEqual([]);
  });
});
