import { describe, expect, test } from 'vitest';
import { undeclared } from '../../src/checks/undeclared.ts';
import { drafts, type Given } from './evidence.ts';

const run = (given: Given) => drafts(undeclared, given);

const leftOver = 'it may be left over from an older version; nothing reads it by its schema';

function unknown(pointer: string, advice = leftOver) {
  return {
    claim: 'advice',
    severity: 'notice',
    pointer,
    said: "the schema doesn't know this property",
    advice,
  };
}

describe('a property that the schema does not know is a notice', () => {
  test('at the top', async () => {
    expect(await run({ config: 'processing_prefs', value: { legacy: true, retry_count: 1 } })).toEqual([
      unknown('/legacy'),
    ]);
  });

  test('with the name that was meant', async () => {
    expect(await run({ config: 'processing_prefs', value: { retry_cuont: 1, RetryDelaySec: 2 } })).toEqual([
      unknown('/retry_cuont', 'did you mean retry_count?'),
      unknown('/RetryDelaySec', 'did you mean retry_delay_sec?'),
    ]);
  });

  test('behind references, in lists and in maps', async () => {
    const rules = [
      { id: 'a', conditions: [{ field: 'body', casesensitive: true }], actions: { prioritty: 'high' } },
    ];
    expect(await run({ config: 'routing_rules', value: { rules } })).toEqual([
      unknown('/rules/0/conditions/0/casesensitive', 'did you mean case_sensitive?'),
      unknown('/rules/0/actions/prioritty', 'did you mean priority?'),
    ]);
    expect(await run({ config: 'magic_link_tokens', value: { 'demo-link': { createdBy: 1 } } })).toEqual([
      unknown('/demo-link/createdBy'),
    ]);
  });

  test('even where the value is INVALID otherwise', async () => {
    expect(await run({ config: 'processing_prefs', value: { retry_count: 'x', legacy: 1 } })).toEqual([
      unknown('/legacy'),
    ]);
  });
});

describe('nothing is said of', () => {
  test.each<[string, Given]>([
    ['the fallbacks: processing_prefs', { config: 'processing_prefs' }],
    ['routing_rules', { config: 'routing_rules' }],
    ['webhook_config', { config: 'webhook_config' }],
    ['magic_link_tokens', { config: 'magic_link_tokens' }],
    ['the names of a map', { config: 'processing_prefs', value: { sender_priority: { x: 'low' } } }],
    [
      'what is inside of an unknown property',
      { config: 'webhook_config', schema: {}, value: { a: { b: 1 } } },
    ],
    [
      'a value without a schema',
      { config: 'webhook_config', schemaFile: { kind: 'missing' }, value: { a: 1 } },
    ],
    ['a value that is no object', { config: 'webhook_config', value: [1] }],
    ['a value that is no JSON', { config: 'webhook_config', live: '{' }],
    ['a key that is absent', { config: 'webhook_config', observation: { kind: 'absent' } }],
  ])('%s', async (_fact, given) => {
    expect(await run(given)).toEqual([]);
  });
});
