import { describe, expect, test } from 'vitest';
import { drift } from '../../src/checks/drift.ts';
import type { Json, JsonObject } from '../../src/core/json.ts';
import { drafts, fileOf, type Given } from './evidence.ts';

const run = (given: Given) => drafts(drift, given);

function differs(pointer: string, said: string, inFallback = pointer) {
  return { claim: 'drift', severity: 'warning', pointer, said, site: `fallback ${inFallback}` };
}

function rule(id: string, change: JsonObject = {}): JsonObject {
  return {
    id,
    name: `Rule ${id}`,
    conditions: [{ field: 'subject', operator: 'contains', value: 'invoice', case_sensitive: false }],
    actions: {
      webhook_url: 'https://hook.eu2.make.com/0000-demo',
      priority: 'normal',
      stop_processing: true,
    },
    ...change,
  };
}

const [a, b, c] = [rule('a'), rule('b'), rule('c')];

interface Case {
  readonly fact: string;
  readonly config: Given['config'];
  readonly fallback: Json;
  readonly value: Json;
  readonly expected: readonly ReturnType<typeof differs>[];
}

describe('DRIFT is', () => {
  test.each<Case>([
    {
      fact: 'a property that only Redis has',
      config: 'processing_prefs',
      fallback: { retry_count: 1 },
      value: { retry_count: 1, retry_delay_sec: 5 },
      expected: [differs('/retry_delay_sec', 'only in Redis: 5', '')],
    },
    {
      fact: 'a property that only the fallback has',
      config: 'processing_prefs',
      fallback: { retry_count: 1, retry_delay_sec: 5 },
      value: { retry_count: 1 },
      expected: [differs('/retry_delay_sec', 'only in the fallback: 5')],
    },
    {
      fact: 'a property with another value',
      config: 'processing_prefs',
      fallback: { retry_count: 1 },
      value: { retry_count: 2 },
      expected: [differs('/retry_count', 'the fallback has 1, Redis has 2')],
    },
    {
      fact: 'a property with a value of another type',
      config: 'processing_prefs',
      fallback: { max_email_size_mb: null },
      value: { max_email_size_mb: { value: 1 } },
      expected: [
        differs(
          '/max_email_size_mb',
          'the fallback has null, Redis has ‹hidden object, 1 member, #00000000›',
        ),
      ],
    },
    {
      fact: 'a value that is hidden on both sides',
      config: 'webhook_config',
      fallback: { webhook_url: 'https://a.example/one' },
      value: { webhook_url: 'https://a.example/other' },
      expected: [
        differs(
          '/webhook_url',
          'the fallback has ‹hidden string, 21 characters, #00000000›, Redis has ‹hidden string, 23 characters, #00000000›',
        ),
      ],
    },
    {
      fact: 'an item more in a list without identities',
      config: 'webhook_config',
      fallback: { absence_pause_days: ['saturday'] },
      value: { absence_pause_days: ['friday', 'saturday'] },
      expected: [differs('/absence_pause_days/0', 'only in Redis: "friday"', '/absence_pause_days')],
    },
    {
      fact: 'a rule more, which shifts no other',
      config: 'routing_rules',
      fallback: { rules: [a, b] },
      value: { rules: [c, a, b] },
      expected: [differs('/rules/0', 'only in Redis: "c"', '/rules')],
    },
    {
      fact: 'a rule less',
      config: 'routing_rules',
      fallback: { rules: [a, b, c] },
      value: { rules: [a, c] },
      expected: [differs('/rules/1', 'only in the fallback: "b"')],
    },
    {
      fact: 'a rule that moved, which is one difference and names its former place',
      config: 'routing_rules',
      fallback: { rules: [a, b, c] },
      value: { rules: [c, a, b] },
      expected: [differs('/rules/0', 'moved: it stands at /rules/2 in the fallback', '/rules/2')],
    },
    {
      fact: 'a change within a rule that moved, told apart from the move',
      config: 'routing_rules',
      fallback: { rules: [a, b, c] },
      value: { rules: [rule('c', { name: 'Renamed' }), a, b] },
      expected: [
        differs('/rules/0', 'moved: it stands at /rules/2 in the fallback', '/rules/2'),
        differs('/rules/0/name', 'the fallback has "Rule c", Redis has "Renamed"', '/rules/2/name'),
      ],
    },
    {
      fact: 'a whole document of another type, in Redis',
      config: 'routing_rules',
      fallback: {},
      value: [],
      expected: [differs('', 'the fallback has ‹empty object›, Redis has ‹empty array›')],
    },
  ])('$fact', async ({ config, fallback, value, expected }) => {
    expect(await run({ config, fallback, value })).toEqual(expected);
  });

  test('of more than fifty differences the number of the rest', async () => {
    const names = (count: number) => Array.from({ length: count }, (_, index) => `keyword ${index}`);
    const given = (count: number): Given => ({
      config: 'processing_prefs',
      fallback: { exclude_keywords: [] },
      value: { exclude_keywords: names(count) },
    });
    expect(await run(given(50))).toHaveLength(50);
    const rows = await run(given(51));
    expect(rows).toHaveLength(51);
    expect(rows.at(-1)).toEqual(differs('', '1 more difference like these'));
    expect((await run(given(999))).at(-1)?.said).toBe('949 more differences like these');
  });
});

describe('in step are', () => {
  test.each<[string, Given]>([
    ['a value and its copy', { config: 'routing_rules' }],
    [
      'other spellings of the same',
      {
        config: 'processing_prefs',
        fallback: { retry_count: 1, retry_delay_sec: 100 },
        live: '{ "retry_delay_sec": 1e2, "retry_count": 1.0 }',
      },
    ],
    [
      'values saved at different times',
      {
        config: 'processing_prefs',
        fallback: { retry_count: 1, _updated_at: '2026-01-01T00:00:00Z' },
        value: { retry_count: 1 },
      },
    ],
    ['tokens, which every login changes', { config: 'magic_link_tokens', fallback: {}, value: { a: 1 } }],
    [
      'what is not watched, without any fallback',
      { config: 'magic_link_tokens', fallbackFile: { kind: 'missing' } },
    ],
    [
      'an empty object that counts as no configuration, which presence objects to',
      { config: 'webhook_config', live: '{}' },
    ],
    ['text that is no JSON', { config: 'webhook_config', live: '{' }],
    ['a key that is absent', { config: 'webhook_config', observation: { kind: 'absent' } }],
    [
      'a key that is absent, without any fallback',
      { config: 'webhook_config', observation: { kind: 'absent' }, fallbackFile: { kind: 'missing' } },
    ],
  ])('%s', async (_fact, given) => {
    expect(await run(given)).toEqual([]);
  });
});

describe('UNCHECKED is a value', () => {
  const unchecked = { claim: 'unchecked', severity: 'error', reason: 'no-fallback', pointer: '' };

  test('without a fallback', async () => {
    expect(await run({ config: 'webhook_config', fallbackFile: { kind: 'missing' } })).toEqual([
      {
        ...unchecked,
        said: 'there is no fallback file to compare with (looked for debug/webhook_config.json)',
        advice: 'add the file, or point fallbacks to the folder that holds it',
      },
    ]);
  });

  test('with a fallback that cannot be read', async () => {
    const why = 'EACCES' as never;
    expect(await run({ config: 'webhook_config', fallbackFile: { kind: 'unreadable', why } })).toEqual([
      {
        ...unchecked,
        said: 'the fallback debug/webhook_config.json cannot be read: EACCES',
        advice: "mend the file's permissions or its path",
      },
    ]);
  });

  test.each([
    ['is no JSON', '{'],
    ['is empty', ''],
    ['holds a NaN', '{"retry_count": NaN}'],
  ])('with a fallback that %s', async (_fact, text) => {
    expect(await run({ config: 'webhook_config', fallbackFile: fileOf(text) })).toEqual([
      {
        ...unchecked,
        said: 'there is nothing to compare with: the fallback debug/webhook_config.json is not JSON',
        advice: 'mend the file',
        site: 'fallback ',
      },
    ]);
  });
});
