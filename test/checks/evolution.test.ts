import { describe, expect, test } from 'vitest';
import { evolution } from '../../src/checks/evolution.ts';
import { rollout } from '../../src/checks/rollout.ts';
import { survives } from '../../src/checks/survives.ts';
import type { Json } from '../../src/core/json.ts';
import { phrase } from '../../src/core/phrase.ts';
import { type Before, changedEvidence } from './changed.ts';
import { type Given, type Row, rows } from './evidence.ts';

const config = 'processing_prefs';

function schema(properties: Json, more: { readonly [keyword: string]: Json } = {}): Json {
  return { type: 'object', properties, ...more };
}

const wide = schema({ retry_count: { type: 'integer', maximum: 10 } });
const narrow = schema({ retry_count: { type: 'integer', maximum: 5 } });
const other = schema({ retry_count: { type: 'string' } });

interface Told {
  readonly evolution: readonly Row[];
  readonly survives: readonly Row[];
  readonly rollout: readonly Row[];
}

async function told(given: Partial<Given>, before: Before): Promise<Told> {
  const evidence = await changedEvidence({ config, ...given }, before);
  return {
    evolution: rows(evolution, evidence, config),
    survives: rows(survives, evidence, config),
    rollout: rows(rollout, evidence, config),
  };
}

describe('a change of the schema', () => {
  test('that is none is not told', async () => {
    const nothing = await told({ schema: wide }, { schema: wide });
    expect(nothing).toEqual({ evolution: [], survives: [], rollout: [] });
  });

  test('that breaks, and that the live value survives, is a warning with a witness and the line', async () => {
    const value = { retry_count: 3 };
    const { evolution, survives } = await told({ schema: narrow, value, fallback: value }, { schema: wide });
    expect(evolution[0]).toEqual({
      claim: 'breaking',
      severity: 'warning',
      pointer: '',
      said: 'not backward compatible: { "retry_count": 6 } was valid and no longer is: /retry_count: expected at most 5; found 6',
      advice: 'migrate what is stored first, or accept both for a while',
      site: 'schema /properties/retry_count/maximum',
    });
    expect(evolution[1]).toMatchObject({
      claim: 'advice',
      severity: 'notice',
      said: 'maximum was lowered from 10 to 5 (maximum-lowered)',
      site: 'schema /properties/retry_count/maximum',
    });
    expect(survives).toEqual([]);
  });

  test('that the live value does not survive is an error that names the places, not the values', async () => {
    const value = { retry_count: 9 };
    const { evolution, survives } = await told({ schema: narrow, value, fallback: value }, { schema: wide });
    expect(evolution[0]).toMatchObject({ claim: 'breaking', severity: 'error' });
    expect(survives).toEqual([
      {
        claim: 'breaking',
        severity: 'error',
        pointer: '',
        said: 'the live value satisfies the old schema and violates the new one: /retry_count',
        advice: 'migrate the value in Redis before this is deployed, or let the schema accept both',
        site: 'schema /properties/retry_count/maximum',
      },
    ]);
  });

  test('is an error when nobody could look at the live value', async () => {
    const observation = { kind: 'unasked' } as const;
    const { evolution } = await told({ schema: narrow, observation }, { schema: wide });
    expect(evolution[0]).toMatchObject({ claim: 'breaking', severity: 'error' });
  });

  test('is a warning when there is no live value to break', async () => {
    const observation = { kind: 'absent' } as const;
    const { evolution } = await told({ schema: narrow, observation }, { schema: wide });
    expect(evolution[0]).toMatchObject({ claim: 'breaking', severity: 'warning' });
  });

  test('that was invalid before breaks nothing that was not broken', async () => {
    const value = { retry_count: 99 };
    expect((await told({ schema: narrow, value }, { schema: wide })).survives).toEqual([]);
  });

  test('that only loosens is told as proved', async () => {
    const { evolution } = await told({ schema: wide }, { schema: narrow });
    expect(evolution[0]).toMatchObject({
      claim: 'advice',
      severity: 'notice',
      said: 'backward compatible: whatever the schema accepted before, it still accepts',
    });
  });

  test('that nobody can decide counts as breaking', async () => {
    const pattern = (text: string) => schema({ a: { type: 'string', pattern: text } });
    const { evolution } = await told(
      { schema: pattern('^(a)\\1(b|c)$'), observation: { kind: 'unasked' } },
      { schema: pattern('^(a)\\1b$') },
    );
    expect(evolution[0]).toMatchObject({
      claim: 'breaking',
      severity: 'error',
      said: 'nobody can tell whether it is backward compatible, so it counts as breaking',
    });
  });

  test('is judged in the directions that are asked for', async () => {
    const said = async (compatibility: 'none' | 'forward' | 'full') =>
      (await told({ schema: wide, spec: { compatibility } }, { schema: narrow })).evolution
        .map((row) => row.said.split(':')[0])
        .filter((text) => text?.includes('compatible'));
    expect(await said('none')).toEqual([]);
    expect(await said('forward')).toEqual(['not forward compatible']);
    expect(await said('full')).toEqual(['backward compatible', 'not forward compatible']);
  });

  test('that breaks forward is an error when the old schema refuses the fallback, else a warning', async () => {
    const spec = { compatibility: 'forward' } as const;
    const severity = async (retry_count: number) =>
      (await told({ schema: wide, spec, fallback: { retry_count } }, { schema: narrow })).evolution[0]
        ?.severity;
    expect(await severity(9)).toBe('error');
    expect(await severity(3)).toBe('warning');
  });

  test('a new schema is told as new', async () => {
    const { evolution } = await told({ schema: wide }, { schema: null });
    expect(evolution).toMatchObject([{ said: expect.stringContaining('is new: there was none before') }]);
  });

  test('a schema that could not be used before counts as breaking, unless the live value satisfies the new one', async () => {
    const { evolution } = await told({ schema: wide }, { schema: { type: 'objekt' } });
    expect(evolution).toMatchObject([
      { severity: 'warning', said: expect.stringContaining('could not be used before') },
    ]);
  });

  test('without a base to be had is unchecked, never silent', async () => {
    const origin = { kind: 'unknown', said: phrase`it is gone`, advice: phrase`bring it` } as const;
    const { evolution } = await told({ schema: narrow }, { schema: wide, origin });
    expect(evolution).toEqual([
      {
        claim: 'unchecked',
        severity: 'error',
        reason: 'no-base',
        pointer: '',
        said: 'nobody knows what this change does: it is gone',
        advice: 'bring it',
      },
    ]);
  });

  test('with nothing before it is a notice', async () => {
    const origin = { kind: 'nothing-before', said: phrase`the branch is new`, advice: phrase`` } as const;
    const { evolution } = await told({ schema: narrow }, { schema: wide, origin });
    expect(evolution).toMatchObject([
      { severity: 'notice', said: 'no schema to compare with: the branch is new' },
    ]);
  });
});

describe('the order to roll out in', () => {
  const text = { retry_count: 'many' };
  const few = { retry_count: 3 };
  const many = { retry_count: 9 };
  const both = schema({ retry_count: { type: ['integer', 'string'] } });

  test.each([
    ['either, when both can read both', narrow, wide, few, few, 'notice', /in either order$/],
    [
      'code first, when the old code can not read the new fallback',
      wide,
      narrow,
      few,
      many,
      'warning',
      /^deploy the code first/,
    ],
    [
      'data first, when the new code can not read what is live',
      narrow,
      wide,
      many,
      few,
      'warning',
      /^write the fallback to Redis first/,
    ],
    [
      'none, when neither can read what the other writes',
      other,
      wide,
      few,
      text,
      'warning',
      /^no order is safe/,
    ],
    [
      'after mending, when the fallback is broken',
      narrow,
      wide,
      few,
      many,
      'warning',
      /^mend the fallback first/,
    ],
    ['either, when a new schema accepts both', both, wide, few, few, 'notice', /in either order$/],
  ] as const)('is %s', async (_fact, head, base, value, fallback, severity, advice) => {
    const { rollout } = await told({ schema: head, value, fallback }, { schema: base });
    expect(rollout).toMatchObject([{ claim: 'advice', severity, advice: expect.stringMatching(advice) }]);
  });

  test('can not be told when the live value is not known', async () => {
    const observation = { kind: 'unasked' } as const;
    const { rollout } = await told({ schema: narrow, observation, fallback: few }, { schema: wide });
    expect(rollout).toMatchObject([
      { severity: 'warning', advice: expect.stringContaining("can't be told") },
    ]);
  });

  test('tells how both fare', async () => {
    const { rollout } = await told({ schema: narrow, value: many, fallback: few }, { schema: wide });
    expect(rollout[0]?.said).toBe(
      'the live value is valid under the old schema and invalid under the new one; the fallback is valid under both schemas',
    );
  });
});
