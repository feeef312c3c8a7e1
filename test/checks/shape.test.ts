import { describe, expect, test } from 'vitest';
import { shape } from '../../src/checks/shape.ts';
import type { Json } from '../../src/core/json.ts';
import { drafts, fileOf, type Given, json } from './evidence.ts';

const run = (given: Given) => drafts(shape, given);

const rule = {
  id: 'invoices',
  name: 'Invoices',
  conditions: [{ field: 'subject', operator: 'contains', value: 'invoice' }],
  actions: { webhook_url: 'https://hook.eu2.make.com/0000-demo' },
};

interface Case {
  readonly fact: string;
  readonly given: Given;
  readonly rows: readonly (readonly [pointer: string, said: string, schemaPlace: string])[];
}

describe('INVALID is', () => {
  test.each<Case>([
    {
      fact: 'a number out of bounds, at a place that is public',
      given: { config: 'processing_prefs', value: { retry_count: 11 } },
      rows: [['/retry_count', 'expected at most 10; found 11', '/properties/retry_count/maximum']],
    },
    {
      fact: 'a word that is none of the list',
      given: { config: 'webhook_config', value: { webhook_delivery_mode: 'jsn' } },
      rows: [
        [
          '/webhook_delivery_mode',
          'expected "json" or "form"; found "jsn"',
          '/properties/webhook_delivery_mode/enum',
        ],
      ],
    },
    {
      fact: 'a value of another type, which is no word and so stays hidden',
      given: { config: 'processing_prefs', value: { retry_count: '3; DROP' } },
      rows: [
        [
          '/retry_count',
          'expected integer; found ‹hidden string, 7 characters, #00000000›',
          '/properties/retry_count/type',
        ],
      ],
    },
    {
      fact: 'text whose place is not public',
      given: { config: 'webhook_config', value: { webhook_time_start: '25h00' } },
      rows: [
        [
          '/webhook_time_start',
          'expected a time of day (HHhMM or HH:MM), or ""; found ‹hidden string, 5 characters, #00000000›',
          '/$defs/time/pattern',
        ],
      ],
    },
    {
      fact: 'a secret URL that is no URL',
      given: {
        config: 'routing_rules',
        value: { rules: [{ ...rule, actions: { webhook_url: 'token@hook.eu2.make.com' } }] },
      },
      rows: [
        [
          '/rules/0/actions/webhook_url',
          'expected an https:// URL; found ‹hidden string, 23 characters, #00000000›',
          '/$defs/actions/properties/webhook_url/pattern',
        ],
      ],
    },
    {
      fact: 'a property that is missing',
      given: { config: 'routing_rules', value: { rules: [{ ...rule, actions: {} }] } },
      rows: [['/rules/0/actions', 'the property webhook_url is missing', '/$defs/actions/required']],
    },
    {
      fact: 'a document without rules that holds something else',
      given: { config: 'routing_rules', value: { version: 2 } },
      rows: [['', 'the property rules is missing', '/anyOf/0/required']],
    },
    {
      fact: 'a regular expression that nobody compiles',
      given: {
        config: 'routing_rules',
        value: {
          rules: [{ ...rule, conditions: [{ field: 'body', operator: 'regex', value: '(unclosed' }] }],
        },
      },
      rows: [
        [
          '/rules/0/conditions/0/value',
          "expected a regular expression that RE2 or Python's re compiles; found ‹hidden string, 9 characters, #00000000›",
          '/$defs/condition/allOf/0/then/properties/value/format',
        ],
      ],
    },
    {
      fact: 'an address with a capital, for its name',
      given: { config: 'processing_prefs', value: { sender_priority: { 'Ann@b.example': 'low' } } },
      rows: [
        [
          '/sender_priority/Ann@b.example',
          'the name of this property: expected an e-mail address in lower case',
          '/properties/sender_priority/propertyNames/pattern',
        ],
      ],
    },
    {
      fact: 'an absence pause without a day',
      given: {
        config: 'webhook_config',
        value: { absence_pause_enabled: true, absence_pause_days: [] },
      },
      rows: [
        [
          '/absence_pause_days',
          'expected at least 1 item; found ‹empty array›',
          '/allOf/0/then/properties/absence_pause_days/minItems',
        ],
      ],
    },
    {
      fact: 'a token that lacks something',
      given: {
        config: 'magic_link_tokens',
        value: { 'demo-link': { consumed: false, consumed_at: null, single_use: true } },
      },
      rows: [['/demo-link', 'the property expires_at is missing', '/$defs/token/required']],
    },
    ...(
      [
        ['null', null, '‹hidden null, #00000000›'],
        ['a list', [], '‹empty array›'],
        ['text', 'on', '‹hidden string, 2 characters, #00000000›'],
      ] satisfies readonly (readonly [string, Json, string])[]
    ).map(
      ([fact, value, hidden]): Case => ({
        fact: `${fact} in the place of an object`,
        given: { config: 'magic_link_tokens', value },
        rows: [['', `expected object; found ${hidden}`, '/type']],
      }),
    ),
  ])('$fact', async ({ given, rows }) => {
    expect(await run(given)).toEqual(
      rows.map(([pointer, said, place]) => ({
        claim: 'invalid',
        severity: 'error',
        pointer,
        said,
        site: `schema ${place}`,
      })),
    );
  });

  test('an identity that stands twice, though no schema can say so', async () => {
    const value = { rules: [rule, { ...rule, id: 'other' }, rule] };
    expect(await run({ config: 'routing_rules', value })).toEqual([
      {
        claim: 'invalid',
        severity: 'error',
        pointer: '/rules/2/id',
        said: '"invoices" identifies the item /rules/0 already',
      },
    ]);
  });

  test('no more than fifty objections, and how many there are besides', async () => {
    const value = { exclude_keywords: Array<Json>(1000).fill(7) };
    const rows = await run({ config: 'processing_prefs', value });
    expect(rows).toHaveLength(51);
    expect(rows.at(-1)).toEqual({
      claim: 'invalid',
      severity: 'error',
      pointer: '',
      said: '950 more objections like these',
    });
  });
});

describe('nothing is said of', () => {
  test.each<[string, Given]>([
    ['the fallbacks, which are sound: processing_prefs', { config: 'processing_prefs' }],
    ['routing_rules', { config: 'routing_rules' }],
    ['webhook_config', { config: 'webhook_config' }],
    ['magic_link_tokens', { config: 'magic_link_tokens' }],
    ['an empty object where it is allowed', { config: 'routing_rules', live: '{}' }],
    ['an empty object where presence objects to it', { config: 'webhook_config', live: '{}' }],
    ['properties that the schema does not know', { config: 'webhook_config', value: { legacy: 1 } }],
    ['a value that was encoded twice, which encoding objects to', { config: 'webhook_config', live: '"{}"' }],
    ['text that is no JSON, which encoding objects to', { config: 'webhook_config', live: '{' }],
    ['a key that is absent', { config: 'webhook_config', observation: { kind: 'absent' } }],
  ])('%s', async (_fact, given) => {
    expect(await run(given)).toEqual([]);
  });
});

test('a value with a flaw that leaves it legible is judged all the same', async () => {
  const rows = await run({
    config: 'processing_prefs',
    live: '\ufeff{"retry_count": 11, "retry_count": 12}',
  });
  expect(rows.map(({ said }) => said)).toEqual(['expected at most 10; found 12']);
});

describe('UNCHECKED is what has', () => {
  const unchecked = { claim: 'unchecked', severity: 'error', reason: 'schema', pointer: '' };
  const untilThen = 'mend the schema: until then nothing can be said of the values it rules';

  test('no schema', async () => {
    expect(await run({ config: 'webhook_config', schemaFile: { kind: 'missing' } })).toEqual([
      {
        ...unchecked,
        said: 'there is no schema (looked for schemas/webhook_config.schema.json)',
        advice: 'add the file, or point schemas to the folder that holds it',
      },
    ]);
  });

  test('a schema that cannot be read', async () => {
    const why = 'EACCES' as never;
    expect(await run({ config: 'webhook_config', schemaFile: { kind: 'unreadable', why } })).toEqual([
      {
        ...unchecked,
        said: 'the schema schemas/webhook_config.schema.json cannot be read: EACCES',
        advice: "mend the file's permissions or its path",
      },
    ]);
  });

  test.each<[string, string, string, string]>([
    ['a schema that is no JSON', '{"type": }', 'it is not sound JSON (syntax)', '@9'],
    [
      'a schema with a name twice',
      '{"type": "object", "type": "array"}',
      'it is not sound JSON (duplicate-name)',
      '@19',
    ],
    [
      'a schema that is no schema',
      '{"type": "text"}',
      'it is no valid JSON Schema (enum of the metaschema)',
      '/type',
    ],
    [
      'a schema of an unknown draft',
      '{"$schema": "http://json-schema.org/draft-04/schema#"}',
      'its $schema is none of draft-07, 2019-09 and 2020-12',
      '/$schema',
    ],
    ['a schema that refers to nowhere', '{"$ref": "#/a"}', "can't resolve reference #/a from id #", ''],
  ])('%s', async (_fact, text, why, place) => {
    expect(await run({ config: 'webhook_config', schemaFile: fileOf(text) })).toEqual([
      {
        ...unchecked,
        said: `the schema schemas/webhook_config.schema.json cannot be used: ${why}`,
        advice: untilThen,
        site: `schema ${place}`,
      },
    ]);
  });

  test('no schema, even where there is no value', async () => {
    const given: Given = {
      config: 'webhook_config',
      schemaFile: { kind: 'missing' },
      observation: { kind: 'absent' },
    };
    expect((await run(given)).map(({ claim }) => claim)).toEqual(['unchecked']);
  });
});

describe('what the validator passes over is a warning', () => {
  const schema = { ...(json('schemas/webhook_config.schema.json') as object), maxPropertis: 3 } as Json;
  const note = {
    claim: 'advice',
    severity: 'warning',
    pointer: '',
    said: 'the schema asks for something that the validator passes over: the keyword maxPropertis',
    site: 'schema /maxPropertis',
  };

  test('beside what it does object to', async () => {
    const rows = await run({ config: 'webhook_config', schema, value: { webhook_url: 1 } });
    expect(rows).toHaveLength(2);
    expect(rows.at(-1)).toEqual(note);
  });

  test('even where there is no value', async () => {
    expect(await run({ config: 'webhook_config', schema, observation: { kind: 'absent' } })).toEqual([note]);
  });
});
