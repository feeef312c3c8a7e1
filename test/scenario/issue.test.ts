import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { pullRequestEvent, pushEvent, scheduleEvent, workflowDispatchEvent } from '../github/events.ts';
import { startGitHub, type TestGitHub } from '../github/server.ts';
import { freePort, startRedis, type TestRedis } from '../support/redis.ts';
import { changed, load } from '../support/sample.ts';
import { type OnGitHub, runOn } from './on-github.ts';

let redis: TestRedis;
let github: TestGitHub;

beforeAll(async () => {
  redis = await startRedis();
});

afterAll(async () => {
  await redis[Symbol.asyncDispose]();
});

beforeEach(async () => {
  github = await startGitHub();
});

afterEach(async () => {
  await github[Symbol.asyncDispose]();
});

const nightly = { name: 'schedule', payload: scheduleEvent() };
const drifted = { webhook_config: changed('webhook_config', { webhook_delivery_mode: 'form' }) };
const invalid = { processing_prefs: changed('processing_prefs', { retry_count: 11 }) };

async function night(
  configs: Readonly<Record<string, string>> | 'unreachable',
  inputs: Readonly<Record<string, string>> = {},
  on: OnGitHub = {},
) {
  if (configs !== 'unreachable') await load(redis.admin, configs);
  const url = configs === 'unreachable' ? `redis://127.0.0.1:${await freePort()}` : redis.reader;
  return runOn(github, nightly, { 'redis-url': url, issue: 'true', timeout: '2s', ...inputs }, on);
}

const issues = () =>
  github
    .issues()
    .map(({ title, state, stateReason }) => [title, state, stateReason].filter(Boolean).join(' / '));

describe('the issue of nightly runs', () => {
  test('is opened on drift, updated in place, closed with a word, and reopened', async () => {
    const { outputs } = await night(drifted, {}, { run: 1 });
    expect(issues()).toEqual(['Redis Config Guardian: 1 DRIFT, 3 OK / open']);
    expect(outputs['issue-url']).toMatch(/^https:\/\/github\.com\/acme\/mail\/issues\/\d+$/);
    const [issue] = github.issues();
    expect(issue?.labels).toEqual(['redis-config-guardian']);
    await night({ ...drifted, ...invalid }, {}, { run: 2 });
    expect(issues()).toEqual(['Redis Config Guardian: 1 INVALID, 1 DRIFT, 2 OK / open']);
    expect(github.issues()[0]?.body).toContain('run 2, attempt 1');
    await night({}, {}, { run: 3 });
    expect(issues()).toEqual(['Redis Config Guardian: 1 INVALID, 1 DRIFT, 2 OK / closed / completed']);
    expect(github.issues()[0]?.body).toContain('## ✅ Redis Config Guardian passed: 4 OK');
    expect(github.comments(issue?.number).map(({ body }) => body)).toEqual([
      '✅ All is well again, says [run 3, attempt 1](https://github.com/acme/mail/actions/runs/3/attempts/1).',
    ]);
    await night(drifted, {}, { run: 4 });
    expect(issues()).toEqual(['Redis Config Guardian: 1 DRIFT, 3 OK / open / reopened']);
    expect(github.comments(issue?.number)).toHaveLength(1);
  });

  test('is not touched when nothing has changed', async () => {
    await night(drifted, {}, { run: 1 });
    const before = github.writes.length;
    const { stdout } = await night(drifted, {}, { run: 2 });
    expect(github.writes).toHaveLength(before);
    expect(stdout).toContain('issue: says so already');
  });

  test('is not opened while all is well, nor closed twice', async () => {
    await night({});
    expect(github.issues()).toEqual([]);
    await night(drifted, {}, { run: 1 });
    await night({}, {}, { run: 2 });
    const before = github.writes.length;
    await night({}, {}, { run: 3 });
    expect(github.writes).toHaveLength(before);
  });

  test('is neither opened nor closed by a run that could not check', async () => {
    expect((await night('unreachable')).exitCode).toBe(2);
    expect(github.issues()).toEqual([]);
    await night(drifted, {}, { run: 1001 });
    expect((await night('unreachable', {}, { run: 1002 })).exitCode).toBe(2);
    expect(github.issues()[0]?.state).toBe('open');
    expect(github.issues()[0]?.body).toContain('is inconclusive');
  });

  test('is left to the later run', async () => {
    await night(drifted, {}, { run: 9 });
    await night({}, {}, { run: 8 });
    expect(issues()).toEqual(['Redis Config Guardian: 1 DRIFT, 3 OK / open']);
  });

  test('exists once per environment and label', async () => {
    await night(drifted, { environment: 'production', label: 'eu' });
    await night(drifted, { environment: 'staging' });
    await night(drifted, { environment: 'production', label: 'eu' }, { run: 1001 });
    expect(issues()).toEqual([
      'Redis Config Guardian · production · eu: 1 DRIFT, 3 OK / open',
      'Redis Config Guardian · staging: 1 DRIFT, 3 OK / open',
    ]);
  });

  test('is one again after two runs opened one at once', async () => {
    await load(redis.admin, drifted);
    const opening = github.hold({ method: 'POST', path: /\/issues$/ });
    const runs = [1, 2].map((run) =>
      runOn(github, nightly, { 'redis-url': redis.reader, issue: 'true' }, { run }),
    );
    await opening.arrived(2);
    opening.release();
    await Promise.all(runs);
    expect(github.issues().filter(({ state }) => state === 'open')).toHaveLength(1);
  });

  test('is opened once though the answer is lost', async () => {
    github.fault({ method: 'POST', path: /\/issues$/, apply: true, outcome: 'reset' });
    await night(drifted);
    expect(github.issues()).toHaveLength(1);
  });

  test.each([
    ['the older text stands in the older', 1, 2],
    ['the newer text stands in the older', 2, 1],
  ])('is one with the newest text when a race left two: %s', async (_fact, first, second) => {
    for (const run of [first, second]) {
      const body = `<!-- redis-config-guardian environment= label= run=${run} attempt=1 -->\nby ${run}`;
      github.addIssue({ author: 'github-actions[bot]', body, labels: ['redis-config-guardian'] });
    }
    await night({}, {}, { run: 1, attempt: 2 });
    expect(issues().map((words) => words.replace(/.* \/ (open|closed)/, '$1'))).toEqual([
      'open',
      'closed / not_planned',
    ]);
    expect(github.issues()[0]?.body).toContain('by 2');
  });

  test('that would not be found again, for want of its label, is a warning', async () => {
    github.addToken('no-push', { pushes: false });
    const { stdout } = await night(drifted, {}, { token: 'no-push' });
    expect(github.issues()).toHaveLength(1);
    expect(stdout).toContain(
      '::warning title=Redis Config Guardian::issue: posted%0A→ the token may not set the label',
    );
  });

  test('is asked for once where issues cannot be opened', async () => {
    const outcome = { status: 410, body: { message: 'Issues are disabled for this repo' } };
    github.fault({ method: 'POST', path: /\/issues$/, times: 9, outcome });
    const { stdout } = await night(drifted);
    expect(stdout).toContain('issues are switched off');
    expect(github.writes).toHaveLength(1);
  });

  test('is not a stranger’s, nor a pull request', async () => {
    const body = '<!-- redis-config-guardian environment= label= run=1 attempt=1 -->\nmine';
    github.addIssue({ author: 'stranger', body, labels: ['redis-config-guardian'] });
    github.addPullRequest({ author: 'github-actions[bot]', body, labels: ['redis-config-guardian'] });
    await night(drifted);
    expect(github.issues().filter(({ title }) => title.startsWith('Redis Config Guardian'))).toHaveLength(1);
    expect(github.thread(1)?.body).toBe(body);
  });

  test('is asked of a repository that has none, which is a warning', async () => {
    await using other = await startGitHub({ issues: false });
    await load(redis.admin, drifted);
    const { exitCode, stdout } = await runOn(other, nightly, { 'redis-url': redis.reader, issue: 'true' });
    expect(exitCode).toBe(0);
    expect(stdout).toContain('issues are switched off in this repository (410); the verdict stands');
  });

  test('needs a permission, which is named', async () => {
    github.addToken('read-only', { permissions: { issues: 'read', pull_requests: 'write' } });
    const { stdout, exitCode } = await night(drifted, {}, { token: 'read-only' });
    expect(exitCode).toBe(0);
    expect(stdout).toContain('the token lacks the permission issues: write (403)');
  });
});

test.each([
  ['workflow_dispatch', workflowDispatchEvent(), 1],
  ['push', pushEvent(), 0],
  ['pull_request', pullRequestEvent({ number: 5 }), 0],
] as const)('on %s there is %#', async (name, payload, count) => {
  github.addPullRequest({ number: 5 });
  await load(redis.admin, drifted);
  await runOn(github, { name, payload }, { 'redis-url': redis.reader, issue: 'true', comment: 'never' });
  expect(github.issues()).toHaveLength(count);
});

test('without issue: true there is none', async () => {
  await night(drifted, { issue: 'false' });
  expect(github.requests).toEqual([]);
});
