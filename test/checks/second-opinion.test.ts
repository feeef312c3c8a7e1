import { describe, expect, test } from 'vitest';
import { secondOpinion } from '../../src/checks/second-opinion.ts';
import type { Opinion } from '../../src/core/evidence.ts';
import { evidence, type Given, type Row, rows, spec } from './evidence.ts';

const valid: Opinion = { isValid: true, message: 'ok' };
const invalid: Opinion = { isValid: false, message: 'payload is not a dict' };

async function run(given: Given, opinion?: Opinion): Promise<readonly Row[]> {
  const gathered = await evidence(given);
  const told = opinion === undefined ? gathered : { ...gathered, opinion };
  return rows(secondOpinion, told, given.config);
}

/** Not what the fallback holds. */
const sound: Given = { config: 'processing_prefs', value: { retry_count: 3 } };
const unsound: Given = { config: 'processing_prefs', value: { retry_count: 11 } };

describe('the two disagree when', () => {
  test('the application lets pass what the schema refuses', async () => {
    expect(await run(unsound, valid)).toEqual([
      {
        claim: 'advice',
        severity: 'warning',
        pointer: '',
        said: 'the application takes the value for valid (ok), and it is invalid here',
        advice:
          "its verification looks at less than what makes the application work: go by what is said here, or take the rule out of the schema if it isn't one",
      },
    ]);
  });

  test('the application refuses what the schema lets pass', async () => {
    expect(await run(sound, invalid)).toEqual([
      {
        claim: 'advice',
        severity: 'warning',
        pointer: '',
        said: 'the application takes the value for invalid (payload is not a dict), and it is valid here',
        advice:
          'it has a rule that the schema lacks: add it, so that the next such value is found before it is live',
      },
    ]);
  });

  test.each<[string, Given]>([
    ['it is no JSON', { config: 'processing_prefs', live: '{"retry_count": NaN}' }],
    ['it is empty', { config: 'processing_prefs', value: {} }],
    [
      'it is invalid, and another check of it cannot be made',
      { ...unsound, live: '{', schemaFile: { kind: 'missing' } },
    ],
  ])('the application lets pass a value although %s', async (_fact, given) => {
    const { value: _value, ...rest } = given;
    expect(await run(given.live === undefined ? given : rest, valid)).toHaveLength(1);
  });

  test('and a message that is none of its fixed sentences stays hidden, whatever may be shown', async () => {
    const shown = {
      ...sound,
      spec: { visibility: { ...spec('processing_prefs').visibility, showText: [[]] } },
    };
    const [row] = await run(shown, { isValid: false, message: 'rule https://hook.example/Tr0ub4dor is bad' });
    expect(row?.said).toBe(
      'the application takes the value for invalid (in words that may quote it, so they stay hidden), and it is valid here',
    );
  });
});

describe('what is the fallback to the letter', () => {
  const same: Given = { config: 'processing_prefs' };
  const notice = {
    claim: 'advice',
    severity: 'notice',
    pointer: '',
    said: 'the application shows what its fallback file holds: whether Redis was read, nobody can tell',
    advice:
      'it reads the file too when its Redis is down or lacks the key: look into its Redis, or verify with --redis from where it can be reached',
  };

  test('gets a notice', async () => {
    expect(await run(same, valid)).toEqual([notice]);
  });

  test('gets it beside whatever else is said', async () => {
    const [, ...rest] = await run(same, invalid);
    expect(rest).toEqual([notice]);
    expect(await run({ ...same, schemaFile: { kind: 'missing' } }, valid)).toEqual([notice]);
  });

  test('gets none where Redis itself was read', async () => {
    expect(await run(same)).toEqual([]);
  });
});

describe('nothing is said when', () => {
  test.each<[string, Given, Opinion?]>([
    ['both take it for valid', sound, valid],
    ['both take it for invalid', unsound, invalid],
    ['the store has no opinion', unsound],
    ['there is no schema to judge by', { ...sound, schemaFile: { kind: 'missing' } }, invalid],
    [
      'the schema passes over something, which is no verdict',
      { ...sound, schema: { type: 'object', wrong: 1 } },
      valid,
    ],
    ['there is no fallback that it could be', { ...sound, fallbackFile: { kind: 'missing' } }, valid],
    [
      'it is the fallback saved at another time',
      {
        ...sound,
        value: { retry_count: 3, _updated_at: '2026-11-02T10:00:00+00:00' },
        fallback: { retry_count: 3, _updated_at: '2026-11-01T10:00:00+00:00' },
      },
      valid,
    ],
    ['only the fallback is unsound', { ...sound, fallback: { retry_count: 11 } }, valid],
  ])('%s', async (_fact, given, opinion) => {
    expect(await run(given, opinion)).toEqual([]);
  });
});
