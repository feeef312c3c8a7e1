import { describe, expect, test } from 'vitest';
import { cases } from '../../src/checks/cases.ts';
import type { CaseEvidence } from '../../src/core/evidence.ts';
import type { Json } from '../../src/core/json.ts';
import { phrase, vouch } from '../../src/core/phrase.ts';
import { evidence, type Given, type Row, rows } from './evidence.ts';

const PATH = vouch('schemas/cases/a.json');

function known(expected: 'valid' | 'invalid', value: Json): CaseEvidence {
  return { kind: 'known', path: PATH, expected, value };
}

const broken: CaseEvidence = { kind: 'broken', path: PATH, why: phrase`it is no object` };

async function run(given: Given, ...items: readonly CaseEvidence[]): Promise<readonly Row[]> {
  return rows(cases, { ...(await evidence(given)), cases: items }, given.config);
}

function breaking(said: string, advice: string): Row {
  return { claim: 'breaking', severity: 'error', pointer: '', said, advice };
}

const refused = (why: string) =>
  breaking(
    `the schema refuses a value that schemas/cases/a.json says is valid: ${why}`,
    'let the schema accept it; or, if such values are invalid from now on, migrate them and change the case',
  );
const accepted = breaking(
  'the schema accepts a value that schemas/cases/a.json says is invalid',
  'let the schema refuse it again; or, if such values are valid from now on, change the case',
);

describe('a value that is said to be valid, and that the schema refuses, is told with', () => {
  test.each<[string, Given, Json, string]>([
    [
      'what the schema objects to, and where',
      { config: 'processing_prefs' },
      { retry_count: 11 },
      '/retry_count: expected at most 10; found 11',
    ],
    [
      'an objection to all of it',
      { config: 'routing_rules' },
      'text',
      'expected object; found ‹hidden string, 4 characters, #00000000›',
    ],
    [
      'the first objection, and how many there are',
      { config: 'processing_prefs' },
      { retry_count: -1, retry_delay_sec: -1, webhook_timeout_sec: 0 },
      '/retry_count: expected at least 0; found -1 (and 2 more objections)',
    ],
    [
      'values and names as their place allows',
      { config: 'processing_prefs' },
      { sender_priority: { 'ann@b.example': 'https://t0ken' } },
      '/sender_priority/‹#00000000›: expected "high" or "medium" or "low"; found ‹hidden string, 13 characters, #00000000›',
    ],
    ['its emptiness, where that counts as no configuration', { config: 'webhook_config' }, {}, 'it is empty'],
  ])('%s', async (_fact, given, value, why) => {
    expect(await run(given, known('valid', value))).toEqual([refused(why)]);
    expect(await run(given, known('invalid', value))).toEqual([]);
  });

  test('an identity that stands twice', async () => {
    const rule = {
      id: 'a',
      name: 'A',
      conditions: [{ field: 'body', operator: 'equals', value: 'a' }],
      actions: { webhook_url: 'https://a.example' },
    };
    expect(await run({ config: 'routing_rules' }, known('valid', { rules: [rule, rule] }))).toEqual([
      refused('/rules/1/id: "a" identifies the item /rules/0 already'),
    ]);
  });
});

test('a value that is said to be invalid, and that the schema accepts, is a regression', async () => {
  const value = { retry_count: 10 };
  expect(await run({ config: 'processing_prefs' }, known('invalid', value))).toEqual([accepted]);
  expect(await run({ config: 'processing_prefs' }, known('valid', value))).toEqual([]);
});

test('an empty object is judged by whether the config may be empty', async () => {
  expect(await run({ config: 'routing_rules' }, known('valid', {}))).toEqual([]);
  expect(await run({ config: 'routing_rules' }, known('invalid', {}))).toEqual([accepted]);
});

test('a case that cannot be used leaves something unchecked', async () => {
  expect(await run({ config: 'routing_rules' }, broken, known('invalid', {}))).toEqual([
    {
      claim: 'unchecked',
      severity: 'error',
      reason: 'unreadable',
      pointer: '',
      said: 'the case schemas/cases/a.json cannot be used: it is no object',
      advice: 'mend the file or remove it',
    },
    accepted,
  ]);
});

describe('cases are held against the schema', () => {
  test('whatever is in Redis', async () => {
    const given: Given = { config: 'processing_prefs', observation: { kind: 'absent' } };
    expect(await run(given, known('invalid', { retry_count: 10 }))).toEqual([accepted]);
  });

  test('that there is now', async () => {
    const given: Given = { config: 'processing_prefs', schema: { maxProperties: 0 } };
    expect(await run(given, known('valid', { retry_count: 10 }))).toEqual([
      refused('expected at most 0 properties; found ‹hidden object, 1 member, #00000000›'),
    ]);
  });
});

describe('nothing is said', () => {
  test('without cases', async () => {
    expect(rows(cases, await evidence({ config: 'routing_rules' }), 'routing_rules')).toEqual([]);
    expect(await run({ config: 'routing_rules' })).toEqual([]);
  });

  test.each<[string, Given]>([
    ['is missing', { config: 'routing_rules', schemaFile: { kind: 'missing' } }],
    ['cannot be used', { config: 'routing_rules', schema: { type: 'text' } }],
  ])('when the schema %s, which shape objects to', async (_fact, given) => {
    expect(await run(given, known('valid', 7), known('invalid', {}), broken)).toEqual([]);
  });
});
