import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { pullRequestEvent } from '../github/events.ts';
import { startGitHub, type TestGitHub } from '../github/server.ts';
import { startRedis, type TestRedis } from '../support/redis.ts';
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
  github.addPullRequest({ number: 123 });
});

afterEach(async () => {
  await github[Symbol.asyncDispose]();
});

const event = { name: 'pull_request', payload: pullRequestEvent({ number: 123 }) };
const invalid = { processing_prefs: changed('processing_prefs', { retry_count: 11 }) };
const drifted = { webhook_config: changed('webhook_config', { webhook_delivery_mode: 'form' }) };

function run(inputs: Readonly<Record<string, string>> = {}, on?: OnGitHub) {
  return runOn(github, event, { 'redis-url': redis.reader, ...inputs }, on);
}

const bodies = () => github.comments(123).map(({ body }) => body);
const writes = () => github.writes.map(({ method }) => method);

describe('the comment of a pull request', () => {
  test('is posted when something is wrong: verdict, rows, details, commands, run', async () => {
    await load(redis.admin, invalid);
    const { exitCode, outputs, stdout } = await run({}, { run: 4711, attempt: 2 });
    expect(exitCode).toBe(1);
    const [comment, ...others] = github.comments(123);
    expect(others).toEqual([]);
    expect(comment?.author).toBe('github-actions[bot]');
    const lines = comment?.body.split('\n') ?? [];
    expect(lines[0]).toBe('<!-- redis-config-guardian environment= label= run=4711 attempt=2 -->');
    expect(lines[1]).toBe('## ❌ Redis Config Guardian failed: 1 INVALID, 3 OK');
    expect(comment?.body).toContain('expected at most <code>10</code>; found <code>11</code>');
    expect(comment?.body).toContain(
      'guardian reconcile plan --from fallback --keys=processing_prefs --out from-fallback.plan.json',
    );
    expect(comment?.body).toContain(
      '[run 4711, attempt 2](https://github.com/acme/mail/actions/runs/4711/attempts/2)',
    );
    expect(outputs['comment-url']).toMatch(/^https:\/\/github\.com\/acme\/mail\/pull\/123#issuecomment-\d+$/);
    expect(stdout).toContain('comment: posted');
  });

  test('is not needed on a clean first run', async () => {
    await load(redis.admin);
    const { exitCode, stdout, outputs } = await run();
    expect(exitCode).toBe(0);
    expect(bodies()).toEqual([]);
    expect(stdout).toContain('not needed');
    expect(outputs['comment-url']).toBe('');
  });

  test('that says so already is left alone by the next run', async () => {
    await load(redis.admin, {
      ...invalid,
      magic_link_tokens: changed('magic_link_tokens', { 'no such': {} }),
    });
    await run({}, { run: 1 });
    const { outputs } = await run({}, { run: 2 });
    expect(writes()).toEqual(['POST']);
    expect(bodies()[0]).toContain('run=1 ');
    expect(outputs['comment-url']).toContain('issuecomment');
  });

  test('is rewritten in place when the findings change, and says that all is well in the end', async () => {
    await load(redis.admin, invalid);
    await run({}, { run: 1 });
    await load(redis.admin, drifted);
    await run({}, { run: 2 });
    expect(bodies()).toHaveLength(1);
    expect(bodies()[0]).toContain('## ⚠️ Redis Config Guardian passed: 1 DRIFT, 3 OK');
    await load(redis.admin);
    await run({}, { run: 2, attempt: 2 });
    expect(bodies()[0]).toContain('## ✅ Redis Config Guardian passed: 4 OK');
    expect(bodies()[0]).toContain('run=2 attempt=2');
    expect(writes()).toEqual(['POST', 'PATCH', 'PATCH']);
  });

  test.each([
    ['an earlier run', { run: 4 }],
    ['an earlier attempt of the same run', { run: 5, attempt: 1 }],
  ])('is not overwritten by %s that ends later', async (_fact, on) => {
    await load(redis.admin, invalid);
    await run({}, { run: 5, attempt: 2 });
    await load(redis.admin);
    const { exitCode, stdout } = await run({}, on);
    expect(exitCode).toBe(0);
    expect(bodies()[0]).toContain('1 INVALID');
    expect(stdout).toContain('comment: left as a later run wrote it');
  });

  test('is set right by the later run when an earlier one writes over it at that moment', async () => {
    await load(redis.admin, invalid);
    await run({}, { run: 1 });
    await load(redis.admin, drifted);
    const editing = github.hold({ method: 'PATCH', path: /comments/ });
    const early = run({}, { run: 2 });
    await editing.arrived(1);
    await load(redis.admin);
    const late = run({}, { run: 3 });
    await editing.arrived(2);
    editing.release();
    await Promise.all([early, late]);
    expect(bodies()).toEqual([expect.stringContaining('run=3 ')]);
  });

  test('is found behind three hundred others', async () => {
    for (let index = 0; index < 300; index += 1)
      github.addComment({ thread: 123, author: 'alice', body: `Comment ${index}` });
    await load(redis.admin, invalid);
    await run({}, { run: 1 });
    await load(redis.admin, drifted);
    await run({}, { run: 2 });
    expect(bodies()).toHaveLength(301);
    expect(bodies()[300]).toContain('1 DRIFT');
  });

  test('is not a stranger’s who copied our mark, nor one of ours that quotes it', async () => {
    const mark = '<!-- redis-config-guardian environment= label= run=1 attempt=1 -->';
    github.addComment({ thread: 123, author: 'stranger', body: `${mark}\nAll is well!` });
    github.addComment({ thread: 123, author: 'github-actions[bot]', body: `Quoted:\n${mark}` });
    await load(redis.admin, invalid);
    await run({}, { run: 2 });
    expect(bodies()).toHaveLength(3);
    expect(bodies().slice(0, 2)).toEqual([`${mark}\nAll is well!`, `Quoted:\n${mark}`]);
  });

  test('that somebody edited is set right', async () => {
    await load(redis.admin, invalid);
    await run({}, { run: 1 });
    const [comment] = github.comments(123);
    github.editComment(comment?.id ?? 0, comment?.body.replace('❌', '✅') ?? '');
    await run({}, { run: 2 });
    expect(bodies()[0]).toContain('## ❌');
  });

  test('exists once per environment and label, though two jobs post at once', async () => {
    await load(redis.admin, invalid);
    const posting = github.hold({ method: 'POST', path: /comments$/ });
    const legs = ['staging', 'production'].map((environment) => run({ environment, label: 'a -- > b' }));
    await posting.arrived(2);
    posting.release();
    await Promise.all(legs);
    expect(bodies()).toHaveLength(2);
    const told = bodies().map((body) => body.split('\n')[3]?.split(' · ').slice(0, 2).join(' '));
    expect(told.toSorted()).toEqual(
      ['production', 'staging'].map((name) => `**<code>${name}</code>** **<code>a -- &#62; b</code>**`),
    );
    await Promise.all(
      ['staging', 'production'].map((environment) => run({ environment, label: 'a -- > b' })),
    );
    expect(bodies()).toHaveLength(2);
  });

  test('is one again after two jobs without a label have posted at once, and they are told', async () => {
    await load(redis.admin, invalid);
    const posting = github.hold({ method: 'POST', path: /comments$/ });
    const legs = [run(), run({ keys: 'processing_prefs' })];
    await posting.arrived(2);
    posting.release();
    const told = await Promise.all(legs);
    expect(bodies()).toHaveLength(1);
    expect(told.map(({ stdout }) => stdout).join()).toMatch(
      /::warning title=Redis Config Guardian::comment: brought up to date%0A→ another job of this run/,
    );
  });

  test('that a race left twice is folded into the older by the next run', async () => {
    await load(redis.admin, invalid);
    await run({}, { run: 1 });
    const [first] = github.comments(123);
    const body = first?.body.replace('run=1 ', 'run=2 ').replace('1 INVALID', '2 INVALID') ?? '';
    github.addComment({ thread: 123, author: 'github-actions[bot]', body });
    await load(redis.admin);
    await run({}, { run: 1, attempt: 3 });
    // The run is older than the newer of the two, whose words stay.
    expect(github.comments(123).map(({ id }) => id)).toEqual([first?.id]);
    expect(bodies()[0]).toContain('2 INVALID');
    await run({}, { run: 3 });
    expect(bodies()).toEqual([expect.stringContaining('4 OK')]);
  });
});

describe('comment:', () => {
  test.each([
    ['always', 1, 1, 1],
    ['changes', 0, 1, 1],
    ['on-failure', 0, 0, 1],
    ['never', 0, 0, 0],
  ])('%s: %i on a clean run, %i on drift, %i on failure', async (comment, clean, drift, failure) => {
    const counts: number[] = [];
    for (const configs of [{}, drifted, invalid]) {
      await load(redis.admin, configs);
      await run({ comment });
      counts.push(bodies().length);
      for (const { id } of github.comments(123)) github.removeComment(id);
    }
    expect(counts).toEqual([clean, drift, failure]);
    if (comment === 'never') expect(github.requests).toEqual([]);
  });

  test('a wrong word is one clear error', async () => {
    const { exitCode, stdout } = await run({ comment: 'sometimes' });
    expect(exitCode).toBe(2);
    expect(stdout).toContain('the input comment isn');
    expect(github.requests).toEqual([]);
  });
});

describe('a report of two megabytes', () => {
  const rules = Array.from({ length: 10_000 }, (_, index) => ({
    id: `rule-${index}`,
    name: 'x'.repeat(150),
  }));

  test('is cut to what GitHub takes, the verdict first, and says where the rest is', async () => {
    await load(redis.admin, { ...invalid, routing_rules: JSON.stringify({ rules }) });
    const { stdout, summary } = await run();
    const [body = ''] = bodies();
    expect(Buffer.byteLength(body)).toBeLessThanOrEqual(65_536);
    expect(body).toContain('2 INVALID, 2 OK');
    expect(body).toContain('<code>routing&#95;rules</code> | INVALID');
    expect(Buffer.byteLength(summary)).toBeLessThan(1024 ** 2);
    expect(stdout.match(/^::error /gm)?.length).toBeLessThanOrEqual(10);
  });

  test('that GitHub still finds too long is posted much shorter', async () => {
    await load(redis.admin, { ...invalid, routing_rules: JSON.stringify({ rules }) });
    const outcome = {
      status: 422,
      body: {
        message: 'Validation Failed',
        errors: [{ message: 'Body is too long (maximum is 65536 characters)' }],
      },
    };
    github.fault({ method: 'POST', path: /comments$/, outcome });
    const { exitCode } = await run();
    expect(exitCode).toBe(1);
    const [body = ''] = bodies();
    expect(Buffer.byteLength(body)).toBeLessThanOrEqual(16_384);
    expect(body).toContain('2 INVALID, 2 OK');
  });
});

test('nothing secret is posted, also when raw values are asked for', async () => {
  const secret = 'https://hook.eu2.make.com/planted-secret-token-1234567890';
  await load(redis.admin, { ...invalid, webhook_config: changed('webhook_config', { webhook_url: secret }) });
  const { summary } = await run({ raw: 'true' });
  expect(summary).toContain('value in Redis');
  expect(bodies()).toHaveLength(1);
  expect(bodies()[0]).not.toContain('value in Redis');
  expect(bodies()[0]).not.toContain('planted-secret-token');
});

describe('the comment of a plan', () => {
  const plan = (inputs: Readonly<Record<string, string>> = {}, on?: OnGitHub) =>
    run({ mode: 'plan', plan: join(folder, 'plan.json'), ...inputs }, on);
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'guardian-plan-'));
    return () => rmSync(folder, { recursive: true });
  });

  test('shows its hash and what it would do, beside the comment of a verification', async () => {
    await load(redis.admin, drifted);
    await run({ comment: 'always' }, { run: 1 });
    const { outputs, exitCode } = await plan({}, { run: 2 });
    expect(exitCode).toBe(0);
    expect(bodies()).toHaveLength(2);
    expect(bodies()[1]).toContain(outputs['plan-hash']);
    const told = bodies()[1]?.replaceAll('&#95;', '_');
    expect(told).toContain('webhook_config');
    expect(told).toContain('/webhook_delivery_mode');
    expect(outputs['comment-url']).toContain('issuecomment');
  });

  test('names what it is about, and the run that has the plan', async () => {
    await load(redis.admin, drifted);
    const { summary } = await plan({ environment: 'staging', label: 'eu' }, { run: 4711, attempt: 2 });
    const names = '**<code>staging</code>** · **<code>eu</code>** · ';
    expect(bodies()[0]).toContain(names);
    expect(bodies()[0]).toContain(
      '[run 4711, attempt 2](https://github.com/acme/mail/actions/runs/4711/attempts/2)',
    );
    expect(summary).toContain(names);
  });

  test('is not that of a verification with the label plan', async () => {
    await load(redis.admin, drifted);
    await plan({}, { run: 1 });
    await run({ label: 'plan' }, { run: 2 });
    await plan({}, { run: 3 });
    expect(bodies()).toHaveLength(2);
    expect(bodies()[0]).toContain('run=3 ');
  });

  test('needs no first one with on-failure unless the run is red', async () => {
    await load(redis.admin, drifted);
    await plan({ comment: 'on-failure' }, { run: 1 });
    expect(bodies()).toEqual([]);
    await redis.admin.del('r:ss:config:webhook_config');
    const { exitCode } = await plan({ comment: 'on-failure', from: 'redis' }, { run: 2 });
    expect(exitCode).toBe(1);
    expect(bodies()).toHaveLength(1);
  });

  test('is rewritten by the next plan, and needs no first one when there is nothing to do', async () => {
    await load(redis.admin);
    await plan({}, { run: 1 });
    expect(bodies()).toEqual([]);
    await load(redis.admin, drifted);
    await plan({}, { run: 2 });
    await load(redis.admin);
    const { outputs } = await plan({}, { run: 3 });
    expect(bodies()).toHaveLength(1);
    expect(bodies()[0]).toContain('There is nothing to apply.');
    expect(bodies()[0]).not.toContain(outputs['plan-hash']);
    expect(outputs['steps']).toBe('0');
  });

  test('holds no secret', async () => {
    const secret = 'https://hook.eu2.make.com/a-token-of-this-test';
    await load(redis.admin, { webhook_config: changed('webhook_config', { webhook_url: secret }) });
    const { stdout, summary } = await plan();
    const masked = stdout.replaceAll(/^::add-mask::.*$/gm, '');
    expect(`${bodies().join()}${summary}${masked}`).not.toContain('a-token-of-this-test');
  });
});
