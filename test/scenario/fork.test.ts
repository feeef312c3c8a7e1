import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { isObject, type Json, type JsonObject } from '../../src/core/json.ts';
import { pullRequestEvent, workflowRunEvent } from '../github/events.ts';
import { startGitHub, type TestGitHub } from '../github/server.ts';
import { sha } from '../github/threads.ts';
import { startRedis, type TestRedis } from '../support/redis.ts';
import { changed, load } from '../support/sample.ts';
import { runOn } from './on-github.ts';

let redis: TestRedis;
let github: TestGitHub;
let folder: string;

beforeAll(async () => {
  redis = await startRedis();
  await load(redis.admin, { processing_prefs: changed('processing_prefs', { retry_count: 11 }) });
});

afterAll(async () => {
  await redis[Symbol.asyncDispose]();
});

const head = { number: 77, headSha: sha('of the fork'), headRef: 'fix' };

beforeEach(async () => {
  github = await startGitHub();
  folder = mkdtempSync(join(tmpdir(), 'guardian-fork-'));
});

afterEach(async () => {
  rmSync(folder, { recursive: true });
  await github[Symbol.asyncDispose]();
});

function fork() {
  return github.addPullRequest({ ...head, headRepository: 'stranger/mail' });
}

const readOnly = { permissions: { issues: 'read', pull_requests: 'read' } } as const;

/** The report of a run that could reach Redis, as the first workflow uploads it. */
async function reported(): Promise<JsonObject> {
  const { report } = await runOn(github, undefined, { 'redis-url': redis.reader, comment: 'never' });
  const document: Json = JSON.parse(report ?? '');
  if (!isObject(document)) throw new Error('no report');
  return document;
}

function post(report: unknown, given: Parameters<typeof workflowRunEvent>[0] = {}, inputs = {}) {
  const file = join(folder, 'report.json');
  writeFileSync(file, typeof report === 'string' ? report : JSON.stringify(report));
  const payload = workflowRunEvent({ ...head, fork: true, runId: 500, runAttempt: 3, ...given });
  return runOn(github, { name: 'workflow_run', payload }, { mode: 'post', report: file, ...inputs });
}

const bodies = () => github.comments().map(({ body }) => body);

describe('a pull request from a fork', () => {
  const event = { name: 'pull_request', payload: pullRequestEvent({ ...head, fork: true }) };

  test('is UNCHECKED without secrets, red or neutral, and says so in the summary', async () => {
    fork();
    github.addToken('read-only', readOnly);
    const red = await runOn(github, event, {}, { token: 'read-only' });
    expect(red.exitCode).toBe(2);
    expect(red.outputs).toMatchObject({ verdict: 'inconclusive', 'failure-reason': 'no-target' });
    const neutral = await runOn(github, event, { 'allow-unchecked': 'true' }, { token: 'read-only' });
    expect(neutral.exitCode).toBe(0);
    expect(neutral.summary).toContain('## ❓ Redis Config Guardian is inconclusive: 4 UNCHECKED');
    expect(neutral.summary).toContain('which it was told to allow');
  });

  test('gets a warning in place of a comment, which names the permission and the way', async () => {
    fork();
    github.addToken('read-only', readOnly);
    const { stdout } = await runOn(github, event, {}, { token: 'read-only' });
    expect(stdout).toMatch(
      /^::warning .*pull-requests: write.*forks.*a second workflow post.*docs\/github\.md/m,
    );
    expect(bodies()).toEqual([]);
  });
});

describe('mode: post', () => {
  test('posts what the other run found, as its word and without commands', async () => {
    const report = await reported();
    fork();
    const { exitCode, stdout, outputs } = await post(report);
    expect(exitCode).toBe(0);
    expect(stdout).toContain('comment: posted');
    expect(outputs).toMatchObject({ verdict: 'fail', invalid: '1', ok: '3' });
    const [comment, ...others] = github.comments(77);
    expect(others).toEqual([]);
    expect(comment?.body).toContain('run=500 attempt=3');
    expect(comment?.body).toContain('## ❌ Redis Config Guardian failed: 1 INVALID, 3 OK');
    expect(comment?.body).toContain('told by the run of the pull request itself');
    expect(comment?.body).not.toContain('guardian reconcile');
  });

  test('believes no verdict that the findings do not bear out', async () => {
    const report = await reported();
    const configs = (report['configs'] as readonly JsonObject[]).map((config) => ({
      ...config,
      status: 'OK',
    }));
    const counts = { INVALID: 0, UNCHECKED: 0, DRIFT: 0, OK: 4 };
    fork();
    const { outputs } = await post({
      ...report,
      configs,
      counts,
      verdict: 'pass',
      reason: null,
      exitCode: 0,
    });
    expect(outputs).toMatchObject({ verdict: 'fail', invalid: '1' });
    expect(bodies()[0]).toContain('1 INVALID, 3 OK');
  });

  test('makes nothing of what a report says in its texts', async () => {
    const text = readFileSync(new URL('../reporters/golden/drift.json', import.meta.url), 'utf8');
    const evil =
      '@someone #1 GH-2 0123456789abcdef <img src=x> ](x) | ``` --> ::error::x ##[error]x www.evil.example';
    const report = JSON.parse(text, (name, value: unknown) =>
      ['text', 'target', 'key', 'name', 'file', 'fallback'].includes(name) && typeof value === 'string'
        ? `${value}${evil}`
        : value,
    );
    fork();
    const { stdout, exitCode } = await post({ ...report, tool: { name: 'x', version: '1' } });
    expect(exitCode).toBe(0);
    const prose = bodies()[0]?.replace(/<code>[^<]*<\/code>/g, '') ?? '';
    expect(prose).not.toMatch(/@|#1|GH-|0123456|<img|evil|```/);
    expect(stdout.split(/[\r\n]+/).filter((line) => /^\s*::error|##\[/.test(line))).toEqual([]);
  });

  test('makes nothing of a text in pieces either', async () => {
    const report = await reported();
    const text = JSON.stringify(report).replace(
      /\{"kind":"text","text":"[^"]*"\}/,
      ['see www', '.evil.example', ' and GH', '-12 0123', '4567']
        .map((piece) => JSON.stringify({ kind: 'text', text: piece }))
        .join(','),
    );
    expect(text).toContain('evil');
    fork();
    await post(text);
    expect(bodies()[0]).toContain('evil');
    expect(bodies()[0]?.replace(/<code>[^<]*<\/code>/g, '')).not.toMatch(/evil|GH-|0123/);
  });

  test('posts to the pull request of the run, whatever the report or a stranger says', async () => {
    const report = await reported();
    github.addPullRequest({ number: 1, headRef: 'fix', headSha: sha('other') });
    github.addPullRequest({ number: 2, headRef: 'fix', headSha: head.headSha });
    fork();
    await post(report);
    expect(github.comments().map(({ thread }) => thread)).toEqual([77]);
  });

  test('posts nothing when two pull requests have that head, unless GitHub names the one', async () => {
    const report = await reported();
    const two = { headRef: 'both', headSha: sha('both') };
    github.addPullRequest({ number: 200, ...two });
    github.addPullRequest({ number: 201, ...two });
    const { stdout } = await post(report, { fork: false, ...two, pullRequests: [200, 201] });
    expect(stdout).toContain('nothing was posted: several pull requests have this commit as head');
    expect(bodies()).toEqual([]);
    await post(report, { fork: false, ...two, pullRequests: [200] });
    expect(github.comments().map(({ thread }) => thread)).toEqual([200]);
  });

  test.each([
    ['fifty thousand findings that are none', 50_000, 'takes too long to validate'],
    ['a few findings that are none', 5, 'breaks the schema of reports'],
  ])('refuses %s', async (_fact, count, said) => {
    const report = await reported();
    const [config] = report['configs'] as readonly JsonObject[];
    const configs = [{ ...config, findings: Array(count).fill({}) }];
    const { exitCode, stdout } = await post({ ...report, configs }, {}, { timeout: '1s' });
    expect(exitCode).toBe(2);
    expect(stdout).toContain(said);
  });

  test('tells a report that says nothing as no proof of anything', async () => {
    fork();
    await post({ ...(await reported()), configs: [] }, {}, { comment: 'always' });
    expect(bodies()[0]).toContain('## ℹ️ Redis Config Guardian passed: no configs');
  });

  test.each([
    ['has moved on', { headSha: sha('newer') }],
    ['is closed', { state: 'closed' }],
  ] as const)('posts nothing when the pull request %s', async (_fact, changes) => {
    const report = await reported();
    fork();
    github.change(77, changes);
    const { exitCode, stdout } = await post(report);
    expect(exitCode).toBe(0);
    expect(bodies()).toEqual([]);
    expect(stdout).toContain('nothing was posted: no open pull request has this commit as head');
  });

  test('posts nothing after a run that was none of a pull request', async () => {
    const report = await reported();
    fork();
    const { exitCode } = await post(report, { event: 'push' });
    expect(exitCode).toBe(0);
    expect(bodies()).toEqual([]);
  });

  test.each([
    ['no JSON', '{"verdict": ', 'is not sound JSON'],
    ['not to its schema', { verdict: 'pass' }, 'breaks the schema of reports'],
    ['with one name too many', undefined, 'breaks the schema of reports in 1 place, first at /'],
  ])('refuses a report that is %s', async (_fact, given, said) => {
    const report = given ?? { ...(await reported()), extra: 1 };
    fork();
    const { exitCode, stdout, outputs } = await post(report);
    expect(exitCode).toBe(2);
    expect(outputs).toMatchObject({ verdict: 'inconclusive', 'failure-reason': 'usage' });
    expect(stdout).toContain(said);
    expect(stdout.match(/^::error/gm)).toHaveLength(1);
    expect(github.requests).toEqual([]);
  });

  test('refuses a report that is too large', async () => {
    fork();
    const { exitCode, stdout } = await post(await reported(), {}, { 'max-bytes': '1kB' });
    expect(exitCode).toBe(2);
    expect(stdout).toMatch(/it has \d+ bytes, more than max-bytes allows/);
  });

  test('says which report is missing', async () => {
    const report = join(folder, 'none.json');
    const { exitCode, stdout } = await runOn(github, undefined, { mode: 'post', report });
    expect(exitCode).toBe(2);
    expect(stdout).toContain('there is no report');
    const { stdout: without } = await runOn(github, undefined, { mode: 'post' });
    expect(without).toContain('mode: post has nothing to post');
  });

  test('keeps the verdict in two megabytes of findings', async () => {
    const report = await reported();
    const [config] = report['configs'] as readonly JsonObject[];
    const configs = Array.from({ length: 2000 }, (_, index) => ({ ...config, name: `config-${index}` }));
    fork();
    const file = JSON.stringify({ ...report, configs });
    expect(file.length).toBeGreaterThan(2_000_000);
    const { exitCode, stdout } = await post(file);
    expect(exitCode).toBe(0);
    expect(stdout).toContain('comment: posted');
    const [body = ''] = bodies();
    expect(Buffer.byteLength(body)).toBeLessThanOrEqual(65_536);
    expect(body).toContain('failed: 2000 INVALID');
  });
});
