import { describe, expect, test } from 'vitest';
import { fallbackShape } from '../../src/checks/fallback-shape.ts';
import type { Json } from '../../src/core/json.ts';
import { drafts, fileOf, type Given } from './evidence.ts';

const run = (given: Given) => drafts(fallbackShape, given);

function broken(pointer: string, said: string) {
  return {
    claim: 'fallback',
    severity: 'error',
    pointer,
    said,
    advice: 'it would break the application the day Redis is lost: mend the file',
    site: `fallback ${pointer}`,
  };
}

describe('a defect of the fallback is', () => {
  test.each<[string, Given, string, string]>([
    [
      'what its schema objects to, at its place in the file',
      { config: 'processing_prefs', fallback: { retry_count: 11 } },
      '/retry_count',
      'in the fallback: expected at most 10; found 11',
    ],
    [
      'a value whose place is not public, though the file is in git',
      { config: 'webhook_config', fallback: { webhook_url: 'http://hook.example' } },
      '/webhook_url',
      'in the fallback: expected a well-formed https:// URL, or ""; found ‹hidden string, 19 characters, #00000000›',
    ],
    [
      'an empty object where that counts as no configuration',
      { config: 'webhook_config', fallback: {} },
      '',
      'the fallback is empty',
    ],
    [
      'a file that holds something else',
      { config: 'webhook_config', fallback: [] },
      '',
      'in the fallback: expected object; found ‹empty array›',
    ],
  ])('%s', async (_fact, given, pointer, said) => {
    expect(await run(given)).toEqual([broken(pointer, said)]);
    // Whatever is in Redis.
    expect(await run({ ...given, observation: { kind: 'absent' } })).toEqual([broken(pointer, said)]);
  });

  test('an identity that stands twice', async () => {
    const rule = {
      id: 'a',
      name: 'A',
      conditions: [{ field: 'body', operator: 'equals', value: 'a' }],
      actions: { webhook_url: 'https://a.example' },
    };
    expect(await run({ config: 'routing_rules', fallback: { rules: [rule, rule] } })).toEqual([
      broken('/rules/1/id', 'in the fallback: "a" identifies the item /rules/0 already'),
    ]);
  });
});

describe('nothing is said of', () => {
  test.each<[string, Given]>([
    ['a sound file', { config: 'routing_rules' }],
    ['an empty object where it is allowed', { config: 'routing_rules', fallback: {} }],
    ['a file that is missing', { config: 'routing_rules', fallbackFile: { kind: 'missing' } }],
    [
      'a file that cannot be read',
      { config: 'routing_rules', fallbackFile: { kind: 'unreadable', why: 'EACCES' as never } },
    ],
    [
      'a file that is no JSON, which encoding objects to',
      { config: 'routing_rules', fallbackFile: fileOf('{') },
    ],
    [
      'a schema that cannot be used, which shape objects to',
      { config: 'routing_rules', schema: { type: 'text' }, fallback: 7 as Json },
    ],
    ['a value in Redis that is unsound', { config: 'routing_rules', live: '[]' }],
  ])('%s', async (_fact, given) => {
    expect(await run(given)).toEqual([]);
  });
});
