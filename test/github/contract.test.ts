import { describe, expect, test } from 'vitest';
import type { JsonObject } from '../../src/core/json.ts';
import { findOperation, type Operation, responseFlaws } from './contract.ts';
import { newIssue, newPullRequest } from './threads.ts';
import * as wire from './wire.ts';

const usual = { number: 7, time: '2026-11-03T09:00:00Z', repository: 'acme/mail' };
const api = 'https://api.github.com';

function operation(method: string, path: string): Operation {
  const found = findOperation(method, path);
  if (found === undefined) throw new Error(`no ${method} ${path}`);
  return found;
}

test.each([
  ['POST', '/repos/a/b/issues/7/comments', 'issues/create-comment', { issue_number: '7' }],
  ['DELETE', '/repos/a/b/issues/comments/7', 'issues/delete-comment', { comment_id: '7' }],
  ['GET', '/repos/a/b%20c/pulls', 'pulls/list', { repo: 'b c' }],
])('%s %s is %s', (method, path, id, parameters) => {
  expect(operation(method, path)).toMatchObject({ id, parameters });
});

describe('an answer', () => {
  const get = operation('GET', '/repos/acme/mail/issues/7');
  const { user, ...nameless } = wire.issue(api, 'acme/mail', newIssue({}, usual), 0);
  const issue: JsonObject = { ...nameless, user: user ?? null };

  test('may be null where GitHub says nullable, beside an enumeration too', () => {
    expect(responseFlaws(get, 200, { ...issue, state_reason: null, user: null })).toEqual([]);
  });

  test.each<[string, JsonObject]>([
    ['without what is required', nameless],
    ['with null for what is not nullable', { ...issue, title: null }],
    ['with a word that is not listed', { ...issue, state_reason: 'fixed' }],
    ['with a time that is none', { ...issue, created_at: 'yesterday' }],
    ['with flaws further inside', { ...issue, user: { login: 'alice' } }],
  ])('%s has flaws', (_what, body) => {
    expect(responseFlaws(get, 200, body)).not.toEqual([]);
  });

  test('of success that is not described has a flaw, and a refusal has none', () => {
    expect(responseFlaws(get, 202, issue)).toEqual(['there is no answer 202']);
    expect(responseFlaws(get, 401, { message: 'Bad credentials' })).toEqual([]);
  });

  test('may lack the repository of a fork that is gone', () => {
    const list = operation('GET', '/repos/acme/mail/pulls');
    const pull = wire.pullRequest(api, {}, null, newPullRequest({ headDeleted: true }, usual));
    const flaws = responseFlaws(list, 200, [pull]);
    expect(flaws.some((flaw) => flaw.startsWith('body/0/base/repo'))).toBe(true);
    expect(flaws.filter((flaw) => flaw.startsWith('body/0/head'))).toEqual([]);
  });
});
