import { describe, expect, test } from 'vitest';
import { tokens } from '../../src/checks/tokens.ts';
import type { Json, JsonObject } from '../../src/core/json.ts';
import { drafts, type Given, NOW } from './evidence.ts';

const run = (value: Json) => drafts(tokens, { config: 'magic_link_tokens', value });

const SECOND = 1000;
const fresh: JsonObject = {
  expires_at: NOW / SECOND + 60,
  consumed: false,
  consumed_at: null,
  single_use: true,
};
const expired = { ...fresh, expires_at: NOW / SECOND - 1 };
const used = { ...fresh, consumed: true };
const permanent = { ...fresh, expires_at: null, single_use: false };

function left(said: string) {
  return {
    claim: 'advice',
    severity: 'notice',
    pointer: '',
    said,
    advice: "let the application's clean-up remove them",
  };
}

function lasting(said: string) {
  return {
    claim: 'advice',
    severity: 'notice',
    pointer: '',
    said,
    advice: 'whoever holds such a link can log in for ever; give it an expiry unless that is meant',
  };
}

describe('tokens are counted, never named:', () => {
  test.each<[string, Json, readonly unknown[]]>([
    ['an expired one', { a: expired }, [left('1 expired token left behind')]],
    ['several expired ones', { a: expired, b: expired, c: fresh }, [left('2 expired tokens left behind')]],
    [
      'one that expired at the epoch',
      { a: { ...fresh, expires_at: 0 } },
      [left('1 expired token left behind')],
    ],
    ['a used one', { a: used }, [left('1 used token left behind')]],
    ['a permanent link', { a: permanent }, [lasting('1 permanent login link')]],
    [
      'one that expired and was used',
      { a: { ...expired, consumed: true } },
      [left('1 expired token left behind'), left('1 used token left behind')],
    ],
    [
      'all kinds',
      { a: expired, b: used, c: permanent, d: permanent, _updated_at: '2026-11-02T10:00:00Z' },
      [
        left('1 expired token left behind'),
        left('1 used token left behind'),
        lasting('2 permanent login links'),
      ],
    ],
  ])('%s', async (_fact, value, expected) => {
    expect(await run(value)).toEqual(expected);
  });
});

describe('nothing is said of', () => {
  test.each<[string, Json]>([
    ['a token that still works', { a: fresh }],
    ['one that expires right now', { a: { ...fresh, expires_at: NOW / SECOND } }],
    ['one that never expires but works only once', { a: { ...fresh, expires_at: null } }],
    ['what is no token', { a: 1, b: null, c: [expired], d: { expires_at: 0, consumed: true } }],
    ['an expiry that is no number', { a: { ...fresh, expires_at: '0' } }],
    ['nothing', {}],
    ['a list of tokens, which is INVALID', []],
  ])('%s', async (_fact, value) => {
    expect(await run(value)).toEqual([]);
  });

  test.each<[string, Given]>([
    ['other configs', { config: 'routing_rules', value: { a: expired } }],
    ['a value that is no JSON', { config: 'magic_link_tokens', live: '{' }],
    ['a key that is absent', { config: 'magic_link_tokens', observation: { kind: 'absent' } }],
  ])('%s', async (_fact, given) => {
    expect(await drafts(tokens, given)).toEqual([]);
  });
});
