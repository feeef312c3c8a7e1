import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { pullRequestEvent } from '../github/events.ts';
import { startGitHub, type TestGitHub } from '../github/server.ts';
import { freePort, startRedis, type TestRedis } from '../support/redis.ts';
import { changed, load } from '../support/sample.ts';
import { runOn } from './on-github.ts';

let redis: TestRedis;
let github: TestGitHub;

beforeAll(async () => {
  redis = await startRedis();
  await load(redis.admin, { processing_prefs: changed('processing_prefs', { retry_count: 11 }) });
});

afterAll(async () => {
  await redis[Symbol.asyncDispose]();
});

beforeEach(async () => {
  github = await startGitHub();
  github.addPullRequest({ number: 123 });
});

afterEach(async () => {
  await github[Symbol.asyncDispose]();
});

const event = { name: 'pull_request', payload: pullRequestEvent({ number: 123 }) };

/** A run whose verdict is known, and has to stay what it is whatever GitHub does. */
async function run(inputs: Readonly<Record<string, string>> = {}, token = github.token) {
  const ended = await runOn(
    github,
    event,
    { 'redis-url': redis.reader, timeout: '3s', ...inputs },
    { token },
  );
  expect(ended.exitCode).toBe(1);
  expect(ended.outputs).toMatchObject({ verdict: 'fail', 'failure-reason': 'invalid', invalid: '1' });
  expect(ended.stderr).toBe('');
  return {
    ...ended,
    warnings: ended.stdout.split('\n').filter((line) => line.includes('brought up to date:')),
  };
}

const list = { method: 'GET', path: /comments/ };
const create = { method: 'POST', path: /comments$/ };
const edit = { method: 'PATCH', path: /comments\/\d+$/ };

const bodies = () => github.comments(123).map(({ body }) => body);
const count = (method: string) => github.requests.filter((request) => request.method === method).length;

describe('the verdict stands, and one warning says what to do, when GitHub', () => {
  test('refuses the token', async () => {
    const { warnings } = await run({}, 'no-such-token');
    expect(warnings).toHaveLength(1);
    expect(warnings[0]).toContain(
      'GitHub refuses the token (401); the verdict stands%0A→ leave github-token away',
    );
    expect(count('GET')).toBe(1);
  });

  test('gives no permission to write', async () => {
    github.addToken('read-only', { permissions: { issues: 'read', pull_requests: 'read' } });
    const { warnings } = await run({}, 'read-only');
    expect(warnings).toHaveLength(1);
    expect(warnings[0]).toContain('the token lacks the permission pull-requests: write (403)');
    expect(warnings[0]).toContain('write pull-requests: write under permissions: of the job');
    expect(warnings[0]).toContain('pull requests from forks');
    expect(github.writes).toHaveLength(1);
  });

  test('gives no permission to read either', async () => {
    github.addToken('nothing', { permissions: { issues: 'none', pull_requests: 'none' } });
    const { warnings } = await run({}, 'nothing');
    expect(warnings[0]).toContain('(403)');
    expect(warnings[0]).toContain('pull-requests: write');
  });

  test('has the conversation locked', async () => {
    github.change(123, { locked: true });
    const { warnings } = await run();
    expect(warnings[0]).toContain('the conversation is locked (403)');
  });

  test('blocks the repository, which is no lock', async () => {
    const outcome = { status: 403, body: { message: 'Repository access blocked' } };
    github.fault({ ...create, outcome });
    const { warnings } = await run();
    expect(warnings[0]).toContain('the token lacks the permission');
  });

  test('doesn’t know the pull request', async () => {
    const payload = pullRequestEvent({ number: 999 });
    const { stdout } = await runOn(github, { name: 'pull_request', payload }, { 'redis-url': redis.reader });
    expect(stdout).toContain('or doesn');
    expect(stdout).toContain('show it to this token (404)');
    expect(github.writes).toEqual([]);
  });

  test.each([500, 502, 503])('answers %i to everything', async (status) => {
    github.fault({ times: 100, outcome: { status, body: '<html>trouble</html>' } });
    const { warnings, duration } = await run();
    expect(warnings[0]).toMatch(new RegExp(`GitHub at 127\\.0\\.0\\.1:\\d+ is in trouble \\(${status}\\)`));
    expect(duration).toBeLessThan(5000);
  });

  test('never answers', async () => {
    github.fault({ times: 100, outcome: 'hang' });
    const { warnings, duration } = await run();
    expect(warnings[0]).toMatch(/GitHub at 127\.0\.0\.1:\d+ did not answer in 3s/);
    expect(duration).toBeLessThan(5000);
  });

  test.each([
    ['list', list],
    ['question who we are', { path: /graphql/ }],
    ['creation', create],
  ] as const)('never answers the %s, and there is little time', async (_fact, where) => {
    github.fault({ ...where, times: 100, outcome: 'hang' });
    const { warnings, duration } = await run({ timeout: '500ms' });
    expect(warnings[0]).toMatch(/did not answer in 500ms/);
    expect(duration).toBeLessThan(2500);
  });

  test('is nowhere', async () => {
    const { stdout, exitCode } = await runOn(
      { ...github, url: `http://127.0.0.1:${await freePort()}` },
      event,
      {
        'redis-url': redis.reader,
        timeout: '1s',
      },
    );
    expect(exitCode).toBe(1);
    expect(stdout).toMatch(/the connection to GitHub at 127\.0\.0\.1:\d+ broke down \(ECONNREFUSED\)/);
  });

  test('wants to be left alone longer than there is time', async () => {
    const outcome = { status: 429, headers: { 'retry-after': '60' }, body: { message: 'slow down' } };
    github.fault({ ...create, outcome });
    const { warnings, duration } = await run();
    expect(warnings[0]).toContain('wants to be left alone for 60 seconds');
    expect(github.writes).toHaveLength(1);
    expect(duration).toBeLessThan(3000);
  });

  test.each([
    ['-5', /for 60 seconds/],
    ['99999999999999', /for 86400 seconds/],
    ['Wed, 21 Oct 2076 07:28:00 GMT', /for 60 seconds/],
  ])('says Retry-After: %s', async (after, said) => {
    const outcome = { status: 429, headers: { 'Retry-After': after }, body: { message: 'slow down' } };
    github.fault({ ...create, outcome });
    const { warnings, duration } = await run();
    expect(warnings[0]).toMatch(said);
    expect(duration).toBeLessThan(3000);
  });

  test('limits the hour', async () => {
    const reset = `${Math.ceil(Date.now() / 1000) + 1800}`;
    const headers = { 'X-RateLimit-Remaining': '0', 'X-RateLimit-Reset': reset };
    github.fault({
      ...list,
      outcome: { status: 403, headers, body: { message: 'API rate limit exceeded' } },
    });
    const { warnings } = await run();
    expect(warnings[0]).toMatch(/wants to be left alone for 1[78]\d\d seconds/);
  });

  test('finds every text too long', async () => {
    const outcome = { status: 422, body: { message: 'Body is too long (maximum is 65536 characters)' } };
    github.fault({ ...create, times: 2, outcome });
    const { warnings } = await run();
    expect(warnings[0]).toContain('GitHub refuses the text (422)');
    expect(github.writes).toHaveLength(2);
  });
});

describe('the comment is posted once all the same when', () => {
  test.each([
    ['the list fails at first', { ...list, outcome: { status: 502 } }],
    ['the list is cut off', { ...list, outcome: 'reset' }],
    ['the list is not answered at first', { ...list, outcome: 'hang' }],
    ['it was not made, and the answer is lost', { ...create, outcome: 'reset' }],
    ['it was made, and the answer is lost', { ...create, apply: true, outcome: 'reset' }],
    ['it was made, and a gateway says it wasn’t', { ...create, apply: true, outcome: { status: 502 } }],
    ['it was made, and nobody answers', { ...create, apply: true, outcome: 'hang' }],
    [
      'GitHub asks for a second of peace',
      {
        ...create,
        outcome: { status: 403, headers: { 'retry-after': '1' }, body: { message: 'secondary rate limit' } },
      },
    ],
    ['we are asked who we are in vain at first', { path: /graphql/, outcome: { status: 503 } }],
  ] as const)('%s', async (_fact, rule) => {
    const fault = github.fault(rule);
    const { warnings } = await run({ timeout: '6s' });
    expect(fault.hits).toBe(1);
    expect(warnings).toEqual([]);
    expect(bodies()).toHaveLength(1);
  });
});

describe('a comment that stands there', () => {
  const stands = '<!-- redis-config-guardian environment= label= run=1 attempt=1 -->\nold';

  test.each([
    ['the answer is lost', { ...edit, apply: true, outcome: 'reset' }],
    ['GitHub fails at first', { ...edit, outcome: { status: 500 } }],
  ] as const)('is edited though %s', async (_fact, rule) => {
    github.addComment({ thread: 123, author: 'github-actions[bot]', body: stands });
    github.fault(rule);
    const { warnings } = await run();
    expect(warnings).toEqual([]);
    expect(bodies()).toEqual([expect.stringContaining('1 INVALID')]);
  });

  test('is posted anew when somebody deletes it at that moment', async () => {
    const { id } = github.addComment({ thread: 123, author: 'github-actions[bot]', body: stands });
    const editing = github.hold(edit);
    const running = run();
    await editing.arrived(1);
    github.removeComment(id);
    editing.release();
    expect((await running).warnings).toEqual([]);
    expect(bodies()).toEqual([expect.stringContaining('1 INVALID')]);
  });
});

test.each(['', 'with a\nline break', 'ünicode'])('the token %o is a warning', async (token) => {
  const { stdout, exitCode } = await runOn(github, event, { 'redis-url': redis.reader }, { token });
  expect(exitCode).toBe(1);
  expect(stdout).toContain('nothing was posted: github-token holds no token');
  expect(github.requests).toEqual([]);
});

test('GitHub’s words are never printed', async () => {
  const message = 'planted ::error::x ##[error]';
  github.fault({
    times: 100,
    outcome: { status: 400, body: { message }, headers: { 'x-planted': 'planted' } },
  });
  const { stdout, warnings } = await run();
  expect(warnings[0]).toContain('answers 400');
  expect(stdout).not.toContain('planted');
});
