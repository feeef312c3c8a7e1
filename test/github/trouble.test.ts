import { describe, expect, test } from 'vitest';
import { ask, type Sent } from './client.ts';
import { startGitHub, type TestGitHub } from './server.ts';

describe('what GitHub would not understand', () => {
  test.each<[string, string, string, Sent]>([
    ['an unknown path', 'GET', '/pulls/7/files', {}],
    ['an unknown method', 'PUT', '/issues/7', { body: {} }],
    ['an unknown parameter', 'GET', '/pulls?heads=acme:topic', {}],
    ['a parameter given twice', 'GET', '/issues?labels=a&labels=b', {}],
    ['a parameter of another type', 'GET', '/pulls?page=two', {}],
    ['a number that is none', 'GET', '/issues/seven', {}],
    ['an unknown state', 'GET', '/pulls?state=merged', {}],
    ['a body without what it must have', 'POST', '/issues/7/comments', { body: {} }],
    ['a body of another type', 'POST', '/issues/7/comments', { body: { body: 7 } }],
    ['a misspelt member', 'PATCH', '/issues/7', { body: { stateReason: 'completed' } }],
    ['no body', 'POST', '/issues/7/comments', {}],
    ['another content type', 'POST', '/issues/7/comments', { body: { body: 'one' }, type: 'text/plain' }],
    ['what is not simulated', 'GET', '/issues?assignee=alice', {}],
    ['a query that is missing', 'POST', 'graphql', { body: {} }],
  ])('is a violation: %s', async (_what, method, path, sent) => {
    await using github = await startGitHub();
    github.addPullRequest({ number: 7 });
    const reply = await ask(github, method, path === 'graphql' ? `${github.url}/graphql` : path, sent);
    expect(reply.status).toBe(500);
    const [violation, ...more] = github.takeViolations();
    expect(more).toEqual([]);
    expect(reply.body).toMatchObject({ message: expect.stringContaining(violation ?? '?') });
  });

  test('fails the test that forgets it', async () => {
    const github = await startGitHub();
    await ask(github, 'GET', '/nothing');
    expect(github.violations).toHaveLength(1);
    await expect(github[Symbol.asyncDispose]()).rejects.toThrow('GET /repos/acme/mail/nothing');
  });
});

describe('a fault', () => {
  const post = (github: TestGitHub, signal?: AbortSignal) =>
    ask(github, 'POST', '/issues/7/comments', { body: { body: 'one' }, ...(signal ? { signal } : {}) });

  test('answers as told, as often as told, after as many as told', async () => {
    await using github = await startGitHub();
    github.addPullRequest({ number: 7 });
    const fault = github.fault({
      method: 'POST',
      path: /\/comments$/,
      after: 1,
      times: 2,
      outcome: { status: 503, headers: { 'Retry-After': '1' }, body: { message: 'Unavailable' } },
    });
    const replies = [await post(github), await post(github), await post(github), await post(github)];
    expect(replies.map(({ status }) => status)).toEqual([201, 503, 503, 201]);
    expect(replies[1]?.headers.get('retry-after')).toBe('1');
    expect(replies[1]?.body).toEqual({ message: 'Unavailable' });
    expect(fault.hits).toBe(2);
    expect(github.comments(7)).toHaveLength(2);
  });

  test('follows the one before it', async () => {
    await using github = await startGitHub();
    github.fault({ outcome: { status: 502, body: '"a page"' } });
    github.fault({ outcome: { status: 500 } });
    const get = async () => (await ask(github, 'GET', '/pulls')).status;
    expect([await get(), await get(), await get()]).toEqual([502, 500, 200]);
  });

  test('can come after the request took effect', async () => {
    await using github = await startGitHub();
    github.addPullRequest({ number: 7 });
    github.fault({ apply: true, outcome: { status: 502 } });
    github.fault({ apply: true, outcome: 'reset' });
    expect((await post(github)).status).toBe(502);
    await expect(post(github)).rejects.toThrow('fetch failed');
    expect(github.comments(7)).toHaveLength(2);
  });

  test('can destroy the connection', async () => {
    await using github = await startGitHub();
    github.addPullRequest({ number: 7 });
    github.fault({ outcome: 'reset' });
    await expect(post(github)).rejects.toMatchObject({ cause: { code: 'ECONNRESET' } });
    expect(github.comments(7)).toEqual([]);
    expect(github.requests).toMatchObject([{ method: 'POST', status: undefined }]);
  });

  test('can leave the client waiting until the server is gone', async () => {
    const github = await startGitHub();
    github.fault({ times: 2, outcome: 'hang' });
    await expect(post(github, AbortSignal.timeout(200))).rejects.toThrow('timeout');
    const waiting = expect(post(github)).rejects.toThrow('fetch failed');
    while (github.requests.length < 2) await new Promise((resolve) => setTimeout(resolve, 5));
    await github[Symbol.asyncDispose]();
    await waiting;
  });

  test('can be mere slowness', async () => {
    await using github = await startGitHub();
    github.addPullRequest({ number: 7 });
    github.fault({ outcome: { delay: 150 } });
    const start = performance.now();
    expect((await post(github)).status).toBe(201);
    expect(performance.now() - start).toBeGreaterThan(140);
  });
});

test('a hold lets requests go together, once they are there', async () => {
  await using github = await startGitHub();
  github.addPullRequest({ number: 7 });
  const hold = github.hold({ method: 'GET', path: /\/comments$/ });
  const lists = [1, 2].map(() => ask(github, 'GET', '/issues/7/comments'));
  await hold.arrived(2);
  github.addComment({ thread: 7 });
  expect(github.requests.map(({ status }) => status)).toEqual([undefined, undefined]);
  hold.release();
  for (const { body } of await Promise.all(lists)) expect(body).toHaveLength(1);
  expect((await ask(github, 'GET', '/issues/7/comments')).status).toBe(200);
});

test('the log has each request in order', async () => {
  await using github = await startGitHub();
  github.addPullRequest({ number: 7 });
  await ask(github, 'GET', '/pulls?head=acme:topic');
  await ask(github, 'POST', '/issues/7/comments', { body: { body: 'one' } });
  expect(github.requests).toMatchObject([
    { method: 'GET', path: '/repos/acme/mail/pulls', query: { head: 'acme:topic' }, body: undefined },
    {
      ...{ method: 'POST', path: '/repos/acme/mail/issues/7/comments', query: {} },
      ...{ body: { body: 'one' }, login: 'github-actions[bot]', status: 201 },
    },
  ]);
});
