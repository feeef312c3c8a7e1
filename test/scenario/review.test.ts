import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { JsonObject } from '../../src/core/json.ts';
import { checkoutOf, cloneOf, emptyRepository, type TestRepository } from '../contract/support/repository.ts';
import { pullRequestEvent } from '../github/events.ts';
import { startGitHub, type TestGitHub } from '../github/server.ts';
import { startRedis, type TestRedis } from '../support/redis.ts';
import { type Ended, guardian, project } from '../support/run.ts';
import { changed, load } from '../support/sample.ts';
import { runOn } from './on-github.ts';

let redis: TestRedis;
let repository: TestRepository;
let base: string;

const shipped = (path: string) => readFileSync(join(project, path), 'utf8');
const SCHEMA = 'schemas/processing_prefs.schema.json';
const FALLBACK = 'debug/processing_prefs.json';
const narrowed = shipped(SCHEMA).replace('"maximum": 10,', '"maximum": 5,');
const fallbackOf = (retry_count: number) =>
  `${JSON.stringify({ ...JSON.parse(shipped(FALLBACK)), retry_count }, null, 2)}\n`;

beforeAll(async () => {
  redis = await startRedis();
});

afterAll(async () => {
  await redis[Symbol.asyncDispose]();
});

beforeEach(async () => {
  await load(redis.admin);
  repository = emptyRepository();
  base = repository.commit({
    [SCHEMA]: shipped(SCHEMA),
    [FALLBACK]: shipped(FALLBACK),
    'debug/routing_rules.json': shipped('debug/routing_rules.json'),
    'debug/webhook_config.json': shipped('debug/webhook_config.json'),
    'debug/magic_link_tokens.json': shipped('debug/magic_link_tokens.json'),
  });
});

afterEach(() => {
  repository[Symbol.dispose]();
});

function review(args: readonly string[] = [], where = repository): Promise<Ended> {
  return guardian(['review', ...(args.includes('--base') ? [] : ['--base', base]), ...args], {
    cwd: where.folder,
    env: { REDIS_URL: redis.reader },
  });
}

/** The payload of a pull request whose base is that commit. */
function basedOn(sha: string, payload: JsonObject): JsonObject {
  const pull = payload['pull_request'] as JsonObject;
  return { ...payload, pull_request: { ...pull, base: { ...(pull['base'] as JsonObject), sha } } };
}

interface Told {
  readonly exitCode: number | null;
  readonly verdict: string;
  readonly findings: readonly {
    check: string;
    claim: string;
    severity: string;
    text: string;
    line?: number;
    isDebt?: true;
  }[];
}

async function told(args: readonly string[] = [], where = repository): Promise<Told> {
  const { stdout, exitCode } = await review([...args, '--format', 'json'], where);
  const report = JSON.parse(stdout);
  const findings = report.configs.flatMap(
    (config: { findings: readonly Record<string, { text: string; line: number }>[] }) =>
      config.findings.map(({ message, location, ...rest }) => ({
        ...rest,
        text: message?.text,
        line: location?.line,
      })),
  );
  return { exitCode, verdict: report.verdict, findings };
}

describe('guardian review', () => {
  test('passes a change of nothing', async () => {
    const { exitCode, findings } = await told();
    expect(findings.filter(({ check }) => ['evolution', 'rollout', 'survives'].includes(check))).toEqual([]);
    expect(exitCode).toBe(0);
  });

  test('warns of a change in the working tree that the live value survives, with witness and line', async () => {
    repository.write(SCHEMA, narrowed);
    const { exitCode, findings } = await told();
    expect(exitCode).toBe(0);
    const breaking = findings.find(({ claim }) => claim === 'breaking');
    expect(breaking).toMatchObject({
      check: 'evolution',
      severity: 'warning',
      text: expect.stringContaining('{ "retry_count": 6 } was valid and no longer is'),
      line: narrowed.split('\n').indexOf('      "maximum": 5,') + 1,
    });
  });

  test('fails a change that the live value does not survive, and names the place', async () => {
    await load(redis.admin, { processing_prefs: changed('processing_prefs', { retry_count: 9 }) });
    repository.commit({ [SCHEMA]: narrowed });
    const { exitCode, findings } = await told();
    expect(exitCode).toBe(1);
    expect(findings.find(({ check }) => check === 'survives')).toMatchObject({
      claim: 'breaking',
      severity: 'error',
      text: 'the live value satisfies the old schema and violates the new one: /retry_count',
    });
    expect(findings.find(({ check }) => check === 'rollout')?.severity).toBe('warning');
  });

  test('reviews files alone without a Redis, says so, and fails what breaks', async () => {
    const alone = (args: readonly string[]) =>
      guardian(['review', '--base', base, ...args], { cwd: repository.folder });
    const clean = await alone([]);
    expect(clean.stdout).toContain('nobody looked at the value in Redis');
    expect(clean.stdout).toContain('4 UNCHECKED');
    expect(clean.exitCode).toBe(0);
    repository.write(SCHEMA, narrowed);
    expect((await alone([])).exitCode).toBe(1);
  });

  test('takes what the base branch did since for what it is: not of this change', async () => {
    repository.git('checkout', '-qb', 'change');
    repository.commit({ 'README.md': 'A change.\n' });
    repository.git('checkout', '-q', 'main');
    repository.commit({ [SCHEMA]: narrowed });
    repository.git('checkout', '-q', 'change');
    const { findings } = await told(['--base', 'main']);
    expect(findings.filter(({ check }) => check === 'evolution')).toEqual([]);
  });

  test('reviews two commits, whatever is checked out', async () => {
    const head = repository.commit({ [SCHEMA]: narrowed });
    repository.git('checkout', '-q', base);
    const { findings } = await told(['--head', head]);
    expect(findings.some(({ claim }) => claim === 'breaking')).toBe(true);
  });

  test('finds a schema that was renamed with its folder', async () => {
    repository.git('mv', 'schemas', 'contracts');
    repository.write('contracts/processing_prefs.schema.json', narrowed);
    const { findings } = await told(['--schemas', 'contracts', '--keys', 'processing_prefs']);
    const texts = findings.filter(({ check }) => check === 'evolution').map(({ text }) => text);
    expect(texts.join('\n')).toContain('was schemas/processing_prefs.schema.json and is contracts/');
    expect(texts.join('\n')).toContain('not backward compatible');
  });

  test('compares a deleted schema with the one that ships in its place', async () => {
    repository.git('rm', '-q', SCHEMA);
    const { findings } = await told(['--keys', 'processing_prefs']);
    const [first] = findings.filter(({ check }) => check === 'evolution');
    expect(first?.text).toContain('builtin:schemas/processing_prefs.schema.json');
  });

  test('says that a new fallback has to be rolled out, and that git is ahead once it is committed', async () => {
    repository.commit({ [FALLBACK]: fallbackOf(4) });
    const { findings, exitCode } = await told();
    expect(exitCode).toBe(0);
    expect(findings.find(({ check }) => check === 'fallback-change')?.text).toContain(
      'rolled out after the merge',
    );
    expect(findings.find(({ check }) => check === 'direction')?.text).toMatch(
      new RegExp(`^git is ahead: Redis holds what the fallback was at commit ${base.slice(0, 8)}`),
    );
  });

  test('calls a change of what somebody changed in Redis a conflict', async () => {
    await load(redis.admin, { processing_prefs: changed('processing_prefs', { retry_count: 9 }) });
    repository.commit({ [FALLBACK]: fallbackOf(4) });
    const conflict = (await told()).findings.find(({ check }) => check === 'fallback-change');
    expect(conflict).toMatchObject({ severity: 'warning', text: expect.stringContaining('/retry_count') });
  });

  test('does not fail what was so before, when told so, and tells it', async () => {
    await load(redis.admin, { processing_prefs: changed('processing_prefs', { retry_count: 11 }) });
    repository.commit({ 'README.md': 'A change.\n' });
    expect((await told()).exitCode).toBe(1);
    const { exitCode, findings } = await told(['--only-new']);
    expect(exitCode).toBe(0);
    expect(findings.find(({ check }) => check === 'shape')).toMatchObject({
      isDebt: true,
      severity: 'error',
    });
    repository.write('debug/webhook_config.json', '{"webhook_delivery_mode": 1}');
    expect((await told(['--only-new'])).exitCode).toBe(1);
  });

  test('fails what breaks in a new way, though the same place was broken before', async () => {
    const requiring = (...names: readonly string[]) => JSON.stringify({ type: 'object', required: names });
    const value = JSON.stringify({ a: 1, b: 2 });
    await redis.admin.set('r:ss:config:processing_prefs', '{"x": 1}');
    base = repository.commit({ [SCHEMA]: requiring('a'), [FALLBACK]: value });
    repository.write(SCHEMA, requiring('a', 'b'));
    const { exitCode, findings } = await told(['--only-new', '--compatibility', 'none']);
    expect(exitCode).toBe(1);
    expect(findings.filter(({ check }) => check === 'shape').map(({ isDebt }) => isDebt)).toEqual([
      true,
      undefined,
    ]);
  });

  test('reads a snapshot from the working tree, whatever the head is', async () => {
    repository.write('snap.json', shipped('examples/production.snapshot.json'));
    const ended = await review(['--head', 'HEAD', '--store', 'snapshot:snap.json']);
    expect(ended.stderr).toBe('');
    expect(ended.stdout).toContain('snapshot:snap.json');
  });

  test('asks for the direction that is wanted', async () => {
    repository.write(SCHEMA, narrowed);
    expect((await told(['--compatibility', 'none'])).findings.some(({ claim }) => claim === 'breaking')).toBe(
      false,
    );
    expect(
      (await told(['--compatibility', 'forward'])).findings.some(({ claim }) => claim === 'breaking'),
    ).toBe(false);
    expect((await told(['--compatibility', 'full'])).findings.some(({ claim }) => claim === 'breaking')).toBe(
      true,
    );
  });

  test.each([
    ['no base', [], 2, "required option '--base <ref>' not specified"],
    ['an option for a base', ['--base', '--upload-pack=x'], 2, '--base'],
    ['none for a base', ['--base', 'none'], 2, '--base none reviews nothing'],
    ['a range for a base', ['--base', 'a..b'], 2, ''],
    ['a base that nobody knows', ['--base', 'nowhere'], 2, 'nobody knows what this change does'],
    ['a direction that is none', ['--base', 'HEAD', '--compatibility', 'sideways'], 2, '--compatibility'],
  ])('refuses %s', async (_fact, args, exitCode, said) => {
    const ended = await guardian(['review', ...args], {
      cwd: repository.folder,
      env: { REDIS_URL: redis.reader },
    });
    expect(ended.stdout + ended.stderr).toContain(said);
    expect(ended.exitCode).toBe(exitCode);
  });

  test('says that a new branch has nothing before it', async () => {
    const { findings, exitCode } = await told(['--base', '0'.repeat(40)]);
    expect(findings.find(({ check }) => check === 'evolution')?.text).toContain('no schema to compare with');
    expect(exitCode).toBe(0);
  });

  test('is inconclusive where there is no git checkout', async () => {
    const ended = await guardian(['review', '--base', 'main'], {
      cwd: '/',
      env: { REDIS_URL: redis.reader },
    });
    expect(ended.exitCode).not.toBe(0);
    expect(ended.stdout).toContain('nobody knows what this change does');
  });

  test('prints no live value, whatever changed', async () => {
    const secret = 'https://hook.example/very-secret-token';
    await load(redis.admin, { webhook_config: changed('webhook_config', { webhook_url: secret }) });
    repository.write(
      'schemas/webhook_config.schema.json',
      shipped('schemas/webhook_config.schema.json').replace(
        '"type": "object"',
        '"type": "object", "maxProperties": 1',
      ),
    );
    for (const format of ['terminal', 'json', 'markdown', 'annotations', 'sarif', 'junit', 'legacy']) {
      const { stdout, stderr } = await review(['--format', format]);
      expect(stdout + stderr).not.toContain('very-secret');
    }
  });
});

describe('the action in a pull request', () => {
  let github: TestGitHub;

  beforeEach(async () => {
    github = await startGitHub({ history: repository.folder });
    github.addPullRequest({ number: 123 });
  });

  afterEach(async () => {
    await github[Symbol.asyncDispose]();
  });

  /** Runs as GitHub does: the merge commit alone is checked out, and the payload names the base. */
  async function onPullRequest(inputs: Readonly<Record<string, string>> = {}, checkout?: TestRepository) {
    const sha = repository.git('rev-parse', 'HEAD');
    using shallow = checkout ?? checkoutOf(repository, 'HEAD');
    const payload = basedOn(base, pullRequestEvent({ number: 123 }));
    return await runOn(
      github,
      { name: 'pull_request', payload },
      { 'redis-url': redis.reader, base: '', ...inputs },
      { workspace: shallow.folder, sha },
    );
  }

  /** `change` merged into `main`, as `refs/pull/123/merge` has it. */
  function merged(files: Readonly<Record<string, string>>): void {
    repository.git('checkout', '-qb', 'change');
    repository.commit(files);
    repository.git('checkout', '-q', 'main');
    repository.git('merge', '-q', '--no-ff', '-m', 'Merge', 'change');
  }

  test('deepens its shallow checkout, and tells the change in comment, summary, annotation and report', async () => {
    await load(redis.admin, { processing_prefs: changed('processing_prefs', { retry_count: 9 }) });
    merged({ [SCHEMA]: narrowed });
    const { exitCode, outputs, summary, stdout, report = '' } = await onPullRequest();
    expect(outputs['failure-reason']).toBe('invalid');
    expect(exitCode).toBe(1);
    const witness = '{ "retry_count": 6 } was valid and no longer is';
    expect(JSON.stringify(JSON.parse(report))).toContain(JSON.stringify(witness).slice(1, -1));
    expect(stdout).toMatch(
      /::error file=schemas\/processing_prefs\.schema\.json,line=\d+.*not backward compatible/,
    );
    for (const text of [summary, github.comments(123)[0]?.body ?? '']) {
      expect(text).toContain('not backward compatible');
      expect(text).toContain('maximum-lowered');
      expect(text).toContain('/retry&#95;count');
    }
  });

  test('reviews nothing when told so', async () => {
    merged({ [SCHEMA]: narrowed });
    expect((await onPullRequest({ base: 'none' })).stdout).not.toContain('compatible');
  });

  /** A checkout that has the merge alone, and no way to get more. */
  function lost(): TestRepository {
    const clone = cloneOf(repository, '--depth=1');
    clone.git('remote', 'set-url', 'origin', 'file:///nowhere');
    return clone;
  }

  test('asks GitHub where git has not got the base', async () => {
    merged({ [SCHEMA]: narrowed });
    const { exitCode, stdout } = await onPullRequest({}, lost());
    expect(stdout).toContain('not backward compatible');
    expect(exitCode).toBe(0);
  });

  test('is inconclusive when neither has it, and says what helps', async () => {
    merged({ [SCHEMA]: narrowed });
    const { exitCode, outputs, stdout } = await onPullRequest({ 'github-token': '' }, lost());
    expect(outputs).toMatchObject({ verdict: 'inconclusive', 'failure-reason': 'no-base' });
    expect(stdout).toContain('fetch-depth: 0');
    expect(exitCode).toBe(2);
  });
});
