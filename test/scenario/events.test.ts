import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import {
  issueCommentEvent,
  mergeGroupEvent,
  pullRequestEvent,
  pullRequestTargetEvent,
  pushEvent,
  scheduleEvent,
  workflowDispatchEvent,
  workflowRunEvent,
} from '../github/events.ts';
import { startGitHub, type TestGitHub } from '../github/server.ts';
import { sha } from '../github/threads.ts';
import { startRedis, type TestRedis } from '../support/redis.ts';
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

const head = { number: 123, headRef: 'change', headSha: sha('change') };

beforeEach(async () => {
  github = await startGitHub();
  github.addPullRequest(head);
  github.addIssue({ number: 124 });
});

afterEach(async () => {
  await github[Symbol.asyncDispose]();
});

test.each([
  ['pull_request', pullRequestEvent(head), {}, 1],
  ['pull_request_target', pullRequestTargetEvent(head), {}, 1],
  ['workflow_run', workflowRunEvent(head), {}, 1],
  ['workflow_run', workflowRunEvent({ ...head, event: 'push' }), {}, 0],
  ['issue_comment', issueCommentEvent({ number: 123 }), {}, 1],
  ['issue_comment', issueCommentEvent({ number: 124, issue: true }), {}, 0],
  ['merge_group', mergeGroupEvent({ number: 123 }), {}, 0],
  ['merge_group', mergeGroupEvent({ number: 123 }), { 'comment-merge-group': 'true' }, 1],
  ['push', pushEvent(), {}, 0],
  ['schedule', scheduleEvent(), {}, 0],
  ['workflow_dispatch', workflowDispatchEvent(), {}, 0],
  ['workflow_run', {}, {}, 0],
  ['an event of next year', { pull_request: { number: '123' } }, {}, 0],
] as const)(
  '%s (%#) verifies and comments where there is a pull request',
  async (name, payload, inputs, count) => {
    const { exitCode, outputs, summary, stdout } = await runOn(
      github,
      { name, payload },
      { 'redis-url': redis.reader, ...inputs },
    );
    expect(exitCode).toBe(1);
    expect(outputs).toMatchObject({ verdict: 'fail', invalid: '1' });
    expect(summary).toContain('failed: 1 INVALID, 3 OK');
    expect(stdout).not.toContain('could not be');
    expect(github.comments().map(({ thread }) => thread)).toEqual(Array(count).fill(123));
  },
);

test('a pull request that cannot be read from the event is a warning', async () => {
  const payload = { pull_request: 'of another shape' };
  const { exitCode, stdout } = await runOn(
    github,
    { name: 'pull_request', payload },
    { 'redis-url': redis.reader },
  );
  expect(exitCode).toBe(1);
  expect(stdout).toContain('::warning::nothing was posted: the event names no pull request');
});

test('report-dir has the report in every format, without raw values', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'guardian-report-dir-'));
  const into = join(folder, 'new', 'folder');
  const { outputs, summary } = await runOn(github, undefined, {
    'redis-url': redis.reader,
    'report-dir': into,
    raw: 'true',
  });
  const files = readdirSync(into).sort();
  const texts = files.map((file) => readFileSync(join(into, file), 'utf8'));
  rmSync(folder, { recursive: true });
  expect(files).toEqual([
    'annotations.txt',
    'report.json',
    'report.junit.xml',
    'report.legacy.txt',
    'report.md',
    'report.sarif',
    'report.txt',
  ]);
  expect(outputs['report-path']).toBe(join(into, 'report.json'));
  expect(summary).toContain('webhook_ssl_verify');
  for (const text of texts) expect(text).not.toContain('webhook_ssl_verify');
});

test('a report-dir that cannot be made is a warning', async () => {
  const { exitCode, stdout, report } = await runOn(github, undefined, {
    'redis-url': redis.reader,
    'report-dir': '/dev/null/reports',
  });
  expect(exitCode).toBe(1);
  expect(stdout).toMatch(
    /::warning::the folder of reports could not be written \(ENOTDIR\); the verdict stands/,
  );
  expect(JSON.parse(report ?? '')).toMatchObject({ verdict: 'fail' });
});
