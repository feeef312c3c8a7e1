import { describe, expect, test } from 'vitest';
import { fallbackChange } from '../../src/checks/fallback-change.ts';
import type { Json } from '../../src/core/json.ts';
import { changedEvidence } from './changed.ts';
import { json, rows } from './evidence.ts';

const config = 'routing_rules';
const present = json('debug/routing_rules.json') as {
  readonly rules: readonly { readonly [name: string]: Json }[];
};
const [first = {}, ...others] = present.rules;
const renamed = (name: string): Json => ({ ...present, rules: [{ ...first, name }, ...others] });

async function told(base: Json, head: Json, live: Json) {
  const evidence = await changedEvidence({ config, value: live, fallback: head }, { fallback: base });
  return rows(fallbackChange, evidence, config);
}

describe('a change of the fallback', () => {
  test('that is none is not told', async () => {
    expect(await told(present, present, renamed('live'))).toEqual([]);
  });

  test('that only touches the save time is none', async () => {
    const later = { ...present, _updated_at: '2026-11-24T00:00:00+00:00' };
    expect(await told(present, later, renamed('live'))).toEqual([]);
  });

  test('brings git to what is live', async () => {
    expect(await told(present, renamed('new'), renamed('new'))).toMatchObject([
      { severity: 'notice', said: 'this change brings git to what is live' },
    ]);
  });

  test('has to be rolled out when Redis holds what git held before', async () => {
    expect(await told(present, renamed('new'), present)).toMatchObject([
      { severity: 'notice', said: expect.stringContaining('Redis holds what git held before it') },
    ]);
  });

  test('has to be rolled out beside what was changed elsewhere in Redis', async () => {
    const live = { ...present, rules: present.rules.slice(0, -1) };
    expect(await told(present, renamed('new'), live)).toMatchObject([
      { severity: 'notice', advice: 'change these places in Redis, and leave the others: /rules/0/name' },
    ]);
  });

  test('conflicts with another change of the same place', async () => {
    expect(await told(present, renamed('new'), renamed('live'))).toMatchObject([
      {
        severity: 'warning',
        said: 'conflict: this change and somebody in Redis have changed the same: /rules/0/name',
      },
    ]);
  });

  test('conflicts with the removal of what it changes', async () => {
    const live = { ...present, rules: others };
    expect(await told(present, renamed('new'), live)).toMatchObject([{ severity: 'warning' }]);
  });

  const rule = (id: string, name: string) => ({ ...first, id, name });
  const conflict = [{ severity: 'warning', said: expect.stringMatching(/^conflict/) }];
  const apart = [{ severity: 'notice', said: expect.stringContaining('at other places') }];

  test.each([
    [
      'conflicts when both add the same id',
      [rule('new', 'ours'), ...present.rules],
      [...present.rules, rule('new', 'theirs')],
      conflict,
    ],
    [
      'stands beside the addition of another id',
      [rule('a', 'a'), ...present.rules],
      [rule('b', 'b'), ...present.rules],
      apart,
    ],
    ['stands beside a removal at the same index', [rule('a', 'a'), ...present.rules], others, apart],
  ])('%s', async (_fact, head, live, expected) => {
    expect(await told(present, { ...present, rules: head }, { ...present, rules: live })).toMatchObject(
      expected,
    );
  });

  test('is the same addition whatever the order of its members', async () => {
    const head = { ...present, extra: { a: 1, b: 2 }, more: 1 };
    expect(await told(present, head, { ...present, extra: { b: 2, a: 1 } })).toMatchObject(apart);
  });

  test('conflicts in an array without identities that both have changed', async () => {
    const config = { ...present, list: ['m'] };
    expect(
      await told(config, { ...config, list: ['x', 'm'] }, { ...config, list: ['m', 'y'] }),
    ).toMatchObject(conflict);
  });

  test('tells places, never values', async () => {
    const said = JSON.stringify(await told(present, renamed('new secret'), renamed('live secret')));
    expect(said).not.toContain('secret');
  });
});
