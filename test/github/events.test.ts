import { readFileSync } from 'node:fs';
import { Ajv } from 'ajv';
import { fullFormats } from 'ajv-formats/dist/formats.js';
import { describe, expect, test } from 'vitest';
import { at, type JsonObject } from '../../src/core/json.ts';
import {
  issueCommentEvent,
  mergeGroupEvent,
  pullRequestEvent,
  pullRequestTargetEvent,
  pushEvent,
  scheduleEvent,
  workflowDispatchEvent,
  workflowRunEvent,
} from './events.ts';
import { sha } from './threads.ts';

const ajv = new Ajv({ strict: false, allErrors: true, formats: fullFormats });
const schemas = new URL(import.meta.resolve('@octokit/webhooks-schemas'));
ajv.addSchema(JSON.parse(readFileSync(schemas, 'utf8')), 'webhooks');

/** What GitHub's description of a webhook has against a payload. */
function flaws(definition: string, payload: JsonObject): unknown {
  const validate = ajv.getSchema(`webhooks#/definitions/${encodeURIComponent(definition)}`);
  if (validate === undefined) throw new Error(`no ${definition}`);
  return validate(payload) === true ? [] : validate.errors;
}

describe('GitHub would send', () => {
  test.each<[string, string, JsonObject]>([
    ['a pull request that is opened', 'pull_request$opened', pullRequestEvent({ action: 'opened' })],
    [
      'one that is pushed to',
      'pull_request$synchronize',
      pullRequestEvent({ headSha: sha('a'), headRef: 'b/c' }),
    ],
    ['one from a fork', 'pull_request$opened', pullRequestEvent({ action: 'opened', fork: true })],
    ['the same for the target', 'pull_request$synchronize', pullRequestTargetEvent({ fork: true })],
    ['the end of a run', 'workflow_run$completed', workflowRunEvent()],
    ['the end of a second attempt', 'workflow_run$completed', workflowRunEvent({ runId: 9, runAttempt: 2 })],
    ["the end of a fork's run", 'workflow_run$completed', workflowRunEvent({ fork: true })],
    ['a merge group', 'merge_group$checks_requested', mergeGroupEvent({ number: 7 })],
    ['a comment on a pull request', 'issue_comment$created', issueCommentEvent()],
    ['a comment on an issue', 'issue_comment$created', issueCommentEvent({ issue: true })],
    ['a push', 'push$event', pushEvent()],
    ['a dispatch', 'workflow_dispatch$event', workflowDispatchEvent({ inputs: { mode: 'verify' } })],
    ['a dispatch without inputs', 'workflow_dispatch$event', workflowDispatchEvent()],
  ])('%s', (_what, definition, payload) => {
    expect(flaws(definition, payload)).toEqual([]);
  });

  test('nothing that lacks what it should have', () => {
    const { repository: _, ...payload } = pushEvent();
    expect(flaws('push$event', payload)).toMatchObject([{ params: { missingProperty: 'repository' } }]);
  });

  test('plain data', () => {
    const payload = workflowRunEvent({ fork: true });
    expect(JSON.parse(JSON.stringify(payload))).toStrictEqual(payload);
  });
});

test('a fork is another repository, and says so', () => {
  const payload = pullRequestEvent({ fork: true });
  const head = ['pull_request', 'head', 'repo'];
  expect(at(payload, [...head, 'full_name'])).toBe('stranger/mail');
  expect(at(payload, [...head, 'fork'])).toBe(true);
  expect(at(payload, ['pull_request', 'base', 'repo', 'full_name'])).toBe('acme/mail');
});

test("a run names its pull request, but not when that is a fork's", () => {
  const given = { number: 7, headSha: sha('x'), headRef: 'topic' };
  expect(workflowRunEvent(given)['workflow_run']).toMatchObject({
    event: 'pull_request',
    head_branch: 'topic',
    head_sha: sha('x'),
    head_repository: { full_name: 'acme/mail' },
    pull_requests: [{ number: 7, head: { sha: sha('x') } }],
  });
  expect(workflowRunEvent({ ...given, fork: true })['workflow_run']).toMatchObject({
    head_branch: 'topic',
    head_repository: { full_name: 'stranger/mail', fork: true },
    pull_requests: [],
  });
});

test('a merge group names its pull request in the branch', () => {
  const reference = at(mergeGroupEvent({ number: 7 }), ['merge_group', 'head_ref']);
  expect(reference).toMatch(/^refs\/heads\/gh-readonly-queue\/main\/pr-7-[0-9a-f]{40}$/);
});

test('a comment tells pull requests from issues', () => {
  expect(issueCommentEvent()['issue']).toHaveProperty('pull_request');
  expect(issueCommentEvent({ issue: true })['issue']).not.toHaveProperty('pull_request');
});

test('a schedule says which', () => {
  expect(scheduleEvent()).toMatchObject({ schedule: '0 3 * * *', repository: { full_name: 'acme/mail' } });
});
