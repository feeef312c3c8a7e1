import { describe, expect, test } from 'vitest';
import { isArray, isObject, type Json } from '../../src/core/json.ts';
import { ask, type Reply, type Sent } from './client.ts';
import { startGitHub, type TestGitHub } from './server.ts';
import { sha } from './threads.ts';

/** One member of every item of a list. */
function each(list: Json, member: string): readonly unknown[] {
  return isArray(list) ? list.map((item) => (isObject(item) ? item[member] : undefined)) : [];
}

/** Where a `Link` header leads, by relation. */
function linksOf({ headers }: Reply): Readonly<Record<string, string>> {
  const found = (headers.get('link') ?? '').matchAll(/<([^>]+)>; rel="(\w+)"/g);
  return Object.fromEntries([...found].map(([, url = '', relation = '']) => [relation, url]));
}

describe('comments', () => {
  test('are created by whom the token is of, and can be read, changed and deleted', async () => {
    await using github = await startGitHub();
    github.addPullRequest({ number: 7 });
    const created = await ask(github, 'POST', '/issues/7/comments', { body: { body: 'one' } });
    expect(created.status).toBe(201);
    expect(created.body).toMatchObject({
      body: 'one',
      user: { login: 'github-actions[bot]', type: 'Bot', id: 41_898_282 },
      performed_via_github_app: { slug: 'github-actions' },
    });
    const [comment] = github.comments(7);
    const changed = await ask(github, 'PATCH', `/issues/comments/${comment?.id}`, { body: { body: 'two' } });
    expect(changed.body).toMatchObject({ id: comment?.id, body: 'two', created_at: comment?.createdAt });
    expect(github.comments(7)[0]?.updatedAt).not.toBe(comment?.updatedAt);
    expect((await ask(github, 'DELETE', `/issues/comments/${comment?.id}`)).status).toBe(204);
    expect(github.comments(7)).toEqual([]);
    const gone = await ask(github, 'PATCH', `/issues/comments/${comment?.id}`, { body: { body: 'three' } });
    expect(gone).toMatchObject({ status: 404, body: { message: 'Not Found' } });
    expect(github.writes.map(({ method, status }) => [method, status])).toEqual([
      ['POST', 201],
      ['PATCH', 200],
      ['DELETE', 204],
      ['PATCH', 404],
    ]);
  });

  test('come in pages of 30, and of 100 at most, oldest first', async () => {
    await using github = await startGitHub();
    github.addIssue({ number: 1 });
    for (let count = 0; count < 230; count += 1) github.addComment({ thread: 1 });
    const first = await ask(github, 'GET', '/issues/1/comments');
    expect(each(first.body, 'id')).toEqual(
      github
        .comments(1)
        .slice(0, 30)
        .map(({ id }) => id),
    );
    expect(Object.keys(linksOf(first))).toEqual(['next', 'last']);
    const large = await ask(github, 'GET', '/issues/1/comments?per_page=500&page=2');
    expect(each(large.body, 'id')).toHaveLength(100);
    expect(Object.keys(linksOf(large))).toEqual(['prev', 'next', 'last', 'first']);
    const last = await ask(github, 'GET', linksOf(large)['last'] ?? '');
    expect(each(last.body, 'id')).toHaveLength(30);
    expect(Object.keys(linksOf(last))).toEqual(['prev', 'first']);
    expect(linksOf(last)['prev']).toBe(linksOf(large)['first']?.replace('page=1', 'page=2'));
  });

  test('on one page have no links', async () => {
    await using github = await startGitHub();
    github.addIssue({ number: 1 });
    for (let count = 0; count < 30; count += 1) github.addComment({ thread: 1 });
    expect(linksOf(await ask(github, 'GET', '/issues/1/comments'))).toEqual({});
  });

  test('of 65,536 characters are taken, and longer or blank ones are not', async () => {
    await using github = await startGitHub();
    github.addPullRequest({ number: 7 });
    const post = (body: string) => ask(github, 'POST', '/issues/7/comments', { body: { body } });
    expect((await post('🛡'.repeat(65_536))).status).toBe(201);
    const error = { resource: 'IssueComment', code: 'unprocessable', field: 'data' };
    const refused = await post('x'.repeat(65_537));
    expect(refused.status).toBe(422);
    expect(refused.body).toMatchObject({
      message: 'Validation Failed',
      errors: [{ ...error, message: 'Body is too long (maximum is 65536 characters)' }],
    });
    expect(await post(' \n')).toMatchObject({ status: 422, body: { errors: [error] } });
  });

  test('are refused where the thread is locked, or unknown', async () => {
    await using github = await startGitHub();
    github.addPullRequest({ number: 7, locked: true });
    const locked = await ask(github, 'POST', '/issues/7/comments', { body: { body: 'one' } });
    expect(locked.status).toBe(403);
    expect(locked.body).toMatchObject({ message: 'Unable to create comment because issue is locked.' });
    expect((await ask(github, 'POST', '/issues/8/comments', { body: { body: 'one' } })).status).toBe(404);
    const elsewhere = `${github.url}/repos/acme/other/issues/7/comments`;
    expect((await ask(github, 'GET', elsewhere)).status).toBe(404);
  });
});

describe('a token', () => {
  test('that is missing or unknown is refused', async () => {
    await using github = await startGitHub();
    for (const token of [null, 'another']) {
      const refused = await ask(github, 'GET', '/pulls', { token });
      expect(refused).toMatchObject({ status: 401, body: { message: 'Bad credentials' } });
    }
  });

  test('that may only read is refused with what it lacks', async () => {
    const permissions = { issues: 'read', pull_requests: 'read' } as const;
    await using github = await startGitHub({ tokens: { reader: { permissions } } });
    github.addPullRequest({ number: 7 });
    const token = 'reader';
    expect((await ask(github, 'GET', '/issues/7/comments', { token })).status).toBe(200);
    const refused = await ask(github, 'POST', '/issues/7/comments', { token, body: { body: 'one' } });
    expect(refused).toMatchObject({
      status: 403,
      body: { message: 'Resource not accessible by integration' },
    });
    const accepted = 'issues=write; pull_requests=write';
    expect(refused.headers.get('x-accepted-github-permissions')).toBe(accepted);
    const issue = await ask(github, 'POST', '/issues', { token, body: { title: 'one' } });
    expect(issue.headers.get('x-accepted-github-permissions')).toBe('issues=write');
  });

  test('needs either permission for a pull request, and that of issues for an issue', async () => {
    const none = { issues: 'none', pull_requests: 'none' } as const;
    await using github = await startGitHub({
      tokens: {
        pulls: { permissions: { ...none, pull_requests: 'write' } },
        issues: { permissions: { ...none, issues: 'write' } },
      },
    });
    github.addPullRequest({ number: 7 });
    github.addIssue({ number: 8 });
    const post = async (token: string, number: number) =>
      (await ask(github, 'POST', `/issues/${number}/comments`, { token, body: { body: 'one' } })).status;
    expect([await post('pulls', 7), await post('issues', 7)]).toEqual([201, 201]);
    expect([await post('pulls', 8), await post('issues', 8)]).toEqual([403, 201]);
  });

  test('without any permission may read what is public only', async () => {
    const tokens = { poor: { permissions: { issues: 'none', pull_requests: 'none' } } } as const;
    await using hidden = await startGitHub({ tokens });
    await using open = await startGitHub({ tokens, public: true });
    expect((await ask(hidden, 'GET', '/pulls', { token: 'poor' })).status).toBe(403);
    expect((await ask(open, 'GET', '/pulls', { token: 'poor' })).status).toBe(200);
  });
});

describe('pull requests', () => {
  test('are found by the branch and its owner, and by state', async () => {
    await using github = await startGitHub();
    github.addPullRequest({ number: 1, headRef: 'topic' });
    github.addPullRequest({
      number: 2,
      headRef: 'topic',
      headRepository: 'stranger/mail',
      headSha: sha('a'),
    });
    github.addPullRequest({ number: 3, headRef: 'topic', state: 'closed' });
    github.addPullRequest({ number: 4, headRepository: 'gone/mail', headDeleted: true });
    const list = async (query: string) => (await ask(github, 'GET', `/pulls?${query}`)).body;
    expect(each(await list('head=acme:topic'), 'number')).toEqual([1]);
    expect(each(await list('head=acme:topic&state=all'), 'number')).toEqual([3, 1]);
    expect(each(await list('head=topic'), 'number')).toEqual([4, 2, 1]);
    expect(await list('head=stranger%3Atopic')).toMatchObject([
      { number: 2, head: { sha: sha('a'), repo: { full_name: 'stranger/mail', fork: true } } },
    ]);
    expect(await list('head=gone:change-4')).toMatchObject([{ head: { repo: null } }]);
  });

  test('are issues too, and marked', async () => {
    await using github = await startGitHub();
    github.addPullRequest({ number: 1 });
    github.addIssue({ number: 2 });
    const { body } = await ask(github, 'GET', '/issues');
    expect(each(body, 'number')).toEqual([2, 1]);
    expect(each(body, 'pull_request')).toMatchObject([undefined, { html_url: expect.any(String) }]);
  });
});

describe('issues', () => {
  test('are found by all of the labels, by state and by who opened them', async () => {
    await using github = await startGitHub();
    github.addIssue({ number: 1, labels: ['drift', 'production'], author: 'github-actions[bot]' });
    github.addIssue({ number: 2, labels: ['drift'] });
    github.addIssue({ number: 3, labels: ['drift', 'production'], state: 'closed' });
    const list = async (query: string) => each((await ask(github, 'GET', `/issues?${query}`)).body, 'number');
    expect(await list('labels=drift')).toEqual([2, 1]);
    expect(await list('labels=drift,production')).toEqual([1]);
    expect(await list('labels=drift,production&state=all&direction=asc')).toEqual([1, 3]);
    expect(await list('creator=github-actions%5Bbot%5D')).toEqual([1]);
  });

  test('are opened, closed and opened again', async () => {
    await using github = await startGitHub();
    const opened = await ask(github, 'POST', '/issues', {
      body: { title: 'Drift', body: 'one', labels: ['drift'] },
    });
    expect(opened.status).toBe(201);
    expect(opened.body).toMatchObject({ number: 1, labels: [{ name: 'drift' }], state_reason: null });
    expect([...github.labels]).toEqual(['drift']);
    const patch = (body: Json) => ask(github, 'PATCH', '/issues/1', { body });
    expect((await patch({ state: 'closed', state_reason: 'completed' })).body).toMatchObject({
      state: 'closed',
      state_reason: 'completed',
      closed_at: expect.any(String),
      closed_by: { login: 'github-actions[bot]' },
    });
    expect((await patch({ state_reason: 'not_planned' })).body).toMatchObject({ state_reason: 'completed' });
    expect((await patch({ state: 'open', title: 'More drift' })).body).toMatchObject({
      title: 'More drift',
      body: 'one',
      state_reason: 'reopened',
      closed_at: null,
    });
    expect(github.issues()).toMatchObject([{ title: 'More drift', state: 'open' }]);
  });

  test('lose their labels when they are opened by whoever may not push', async () => {
    await using github = await startGitHub({ tokens: { visitor: { login: 'bob', pushes: false } } });
    const body = { title: 'Drift', labels: ['drift'] };
    const opened = await ask(github, 'POST', '/issues', { token: 'visitor', body });
    expect(opened).toMatchObject({ status: 201, body: { labels: [], user: { login: 'bob', type: 'User' } } });
  });

  test('have a limit of their own, in other words', async () => {
    await using github = await startGitHub();
    const body = { title: 'Drift', body: 'x'.repeat(65_537) };
    expect(await ask(github, 'POST', '/issues', { body })).toMatchObject({
      status: 422,
      body: { errors: [{ resource: 'Issue', code: 'custom', field: 'body' }] },
    });
  });

  test('can be switched off, which pull requests are not touched by', async () => {
    await using github = await startGitHub({ issues: false });
    github.addPullRequest({ number: 7 });
    expect((await ask(github, 'GET', '/issues')).status).toBe(410);
    expect((await ask(github, 'POST', '/issues', { body: { title: 'Drift' } })).status).toBe(410);
    expect((await ask(github, 'POST', '/issues/7/comments', { body: { body: 'one' } })).status).toBe(201);
  });
});

describe('the GraphQL API', () => {
  const query = (github: TestGitHub, text: string, sent: Sent = {}) =>
    ask(github, 'POST', `${github.url}/graphql`, { body: { query: text }, ...sent });

  test('says who asks', async () => {
    await using github = await startGitHub();
    for (const text of [
      '{viewer{login}}',
      'query {\n  viewer { login }\n}',
      'query Me { viewer { login } }',
    ]) {
      const { body } = await query(github, text);
      expect(body).toEqual({ data: { viewer: { login: 'github-actions[bot]' } } });
    }
    expect(github.writes).toEqual([]);
  });

  test('answers other queries with an error, and other tokens with none', async () => {
    await using github = await startGitHub();
    expect(await query(github, '{ rateLimit { cost } }')).toMatchObject({
      status: 200,
      body: { errors: [{ message: expect.any(String) }] },
    });
    expect((await query(github, '{ viewer { login } }', { token: 'another' })).status).toBe(401);
  });
});
