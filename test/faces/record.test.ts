import { spawn } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { Writing } from '../../src/carry-out.ts';
import { vouch } from '../../src/core/phrase.ts';
import { plain } from '../../src/core/plain.ts';
import type { StepOutcome } from '../../src/core/proposal.ts';
import { openRecord, type RecordRequest, runOf, whoRuns } from '../../src/faces/record.ts';
import { UsageError } from '../../src/faces/settings.ts';
import { project } from '../support/run.ts';

const AT = Date.UTC(2026, 10, 3, 8, 30);
const SECRET = 'Tr0ub4dor&3';
const onGithub = {
  GITHUB_ACTOR: 'ada',
  GITHUB_SERVER_URL: 'https://github.com',
  GITHUB_REPOSITORY: 'o/r',
  GITHUB_RUN_ID: '7',
  GITHUB_RUN_ATTEMPT: '2',
};

function workspaceOf(): string {
  const folder = mkdtempSync(join(tmpdir(), 'guardian-record-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

function requestOf(workspace: string, change: Partial<RecordRequest> = {}): RecordRequest {
  return {
    workspace,
    env: onGithub,
    now: () => AT,
    settings: { record: 'docs/config-log.md', digestKey: 'k' },
    backup: 'b.json',
    plan: `sha256:${'c'.repeat(64)}`,
    from: 'fallback',
    target: vouch('redis://h:6379/0'),
    reason: 'A rule was lost.',
    ...change,
  };
}

const bytes = (text: string) => ({ kind: 'present', bytes: Buffer.from(text) }) as const;
const writings: readonly Writing[] = [
  {
    to: 'redis',
    config: vouch('routing_rules'),
    key: 'r:routing_rules',
    encoding: 'json',
    before: { ...bytes(`{"password":"${SECRET}"}`), ttl: 5 },
    after: bytes('{}'),
  },
  {
    to: 'file',
    config: vouch('limits'),
    path: vouch('debug/limits.json'),
    before: { kind: 'absent' },
    after: bytes('{}'),
  },
];
const outcomes: readonly StepOutcome[] = [
  { config: vouch('routing_rules'), to: 'redis', at: vouch('r:routing_rules'), how: 'written' },
  { config: vouch('limits'), to: 'file', at: vouch('debug/limits.json'), how: 'not-done' },
  { config: vouch('other'), to: 'redis', at: vouch('r:other'), how: 'already-done' },
];

function linesOf(workspace: string, audit = 'b.json.audit.jsonl') {
  const text = readFileSync(join(workspace, audit), 'utf8');
  expect(text.endsWith('\n')).toBe(true);
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line));
}

/** What the person is told when it is refused. */
function refusal(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    if (error instanceof UsageError) return plain(error.said);
    throw error;
  }
  throw new Error('not refused');
}

describe('a run', () => {
  test('is noted before anything is written, and after it', () => {
    const workspace = workspaceOf();
    const recorder = openRecord(requestOf(workspace));
    recorder.begin('applying', writings);
    expect(linesOf(workspace).map(({ event, key, path }) => [event, key ?? path])).toEqual([
      ['applying', 'r:routing_rules'],
      ['applying', 'debug/limits.json'],
    ]);
    expect(existsSync(join(workspace, 'docs/config-log.md'))).toBe(false);
    expect(recorder.end('applied', outcomes)).toEqual([]);
    expect(linesOf(workspace).slice(2)).toMatchObject([
      {
        at: '2026-11-03T08:30:00.000Z',
        event: 'applied',
        plan: `sha256:${'c'.repeat(64)}`,
        target: 'redis://h:6379/0',
        from: 'fallback',
        config: 'routing_rules',
        to: 'redis',
        key: 'r:routing_rules',
        before: expect.stringMatching(/^hmac-sha256:[0-9a-f]{64}$/),
        after: expect.stringMatching(/^hmac-sha256:[0-9a-f]{64}$/),
        reason: 'A rule was lost.',
        who: 'ada',
        run: 'https://github.com/o/r/actions/runs/7/attempts/2',
      },
      { event: 'not-done', path: 'debug/limits.json', before: null },
      { event: 'already-done', key: 'r:other' },
    ]);
  });

  test('is told to people in the log, but for what was not done', () => {
    const workspace = workspaceOf();
    const recorder = openRecord(requestOf(workspace));
    recorder.begin('undoing', writings);
    recorder.end('undone', outcomes);
    const log = readFileSync(join(workspace, 'docs/config-log.md'), 'utf8');
    const items = log.split('\n').filter((line) => line.startsWith('- '));
    expect(items).toHaveLength(3);
    expect(items[0]).toMatch(
      /^- 2026-11-03 08:30 UTC, `ada`: `routing_rules` undone, Redis key `r:routing_rules` of `redis:\/\/h:6379\/0` from the fallback, `[0-9a-f]{12}` → `[0-9a-f]{12}`, \[run 7, attempt 2\]\(https:\/\/github\.com\/o\/r\/actions\/runs\/7\/attempts\/2\)$/,
    );
    expect(items[1]).toContain('`other` undone, Redis key `r:other`');
    expect(items[2]).toContain('`A rule was lost.` (plan `cccccccccccc`, undone)');
    expect(recorder.end('undone', outcomes)).toEqual([]);
    expect(readFileSync(join(workspace, 'docs/config-log.md'), 'utf8').split('\n- ')).toHaveLength(7);
  });

  test('of which nothing was done is in the audit alone', () => {
    const workspace = workspaceOf();
    openRecord(requestOf(workspace)).end('applied', outcomes.slice(1, 2));
    expect(linesOf(workspace)).toMatchObject([{ event: 'not-done' }]);
    expect(existsSync(join(workspace, 'docs/config-log.md'))).toBe(false);
  });

  test('leaves no value anywhere, and nothing but its files', () => {
    const workspace = workspaceOf();
    const recorder = openRecord(requestOf(workspace));
    recorder.begin('applying', writings);
    recorder.end('applied', outcomes);
    expect(readdirSync(workspace)).toEqual(['b.json.audit.jsonl', 'docs']);
    expect(readdirSync(join(workspace, 'docs'))).toEqual(['config-log.md']);
    for (const file of ['b.json.audit.jsonl', 'docs/config-log.md']) {
      expect(readFileSync(join(workspace, file), 'utf8')).not.toContain(SECRET);
    }
    expect(statSync(join(workspace, 'b.json.audit.jsonl')).mode & 0o777).toBe(0o600);
  });

  test('goes where it is told to, and without a log where none is asked for', () => {
    const workspace = workspaceOf();
    openRecord(requestOf(workspace, { settings: { audit: 'log/a.jsonl' } })).end('applied', outcomes);
    expect(linesOf(workspace, 'log/a.jsonl')).toHaveLength(3);
    expect(readdirSync(workspace)).toEqual(['log']);
  });
});

describe('digests', () => {
  function digestsOf(digestKey: string | undefined): string {
    const workspace = workspaceOf();
    const settings = digestKey === undefined ? {} : { digestKey };
    openRecord(requestOf(workspace, { settings })).begin('applying', writings);
    return String(linesOf(workspace)[0].before);
  }

  test('compare with those of other runs under the same key', () => {
    expect(digestsOf('k')).toBe(digestsOf('k'));
    expect(digestsOf('k')).not.toBe(digestsOf('other'));
  });

  test('can be made by nobody else where there is no key', () => {
    expect(digestsOf(undefined)).not.toBe(digestsOf(undefined));
  });
});

describe('is refused before anything is done:', () => {
  test.each<[string, (workspace: string) => void, string]>([
    [
      'an audit that is a folder',
      (folder) => mkdirSync(join(folder, 'b.json.audit.jsonl')),
      'b.json.audit.jsonl is no regular file',
    ],
    [
      'an audit that is a link',
      (folder) => symlinkSync('/dev/null', join(folder, 'b.json.audit.jsonl')),
      'b.json.audit.jsonl is no regular file',
    ],
    [
      'a log that is a link',
      (folder) => {
        mkdirSync(join(folder, 'docs'));
        symlinkSync('../elsewhere', join(folder, 'docs/config-log.md'));
      },
      'docs/config-log.md is no regular file',
    ],
    [
      'a log in a folder that is a link out of the workspace',
      (folder) => symlinkSync(tmpdir(), join(folder, 'docs')),
      'docs/config-log.md cannot be written (a link leads out of the workspace)',
    ],
    [
      'a log in a file',
      (folder) => writeFileSync(join(folder, 'docs'), ''),
      'docs/config-log.md cannot be written (EEXIST)',
    ],
    [
      'a log that is not UTF-8',
      (folder) => {
        mkdirSync(join(folder, 'docs'));
        writeFileSync(join(folder, 'docs/config-log.md'), Buffer.from([0xff]));
      },
      'docs/config-log.md cannot be written (what is there is not UTF-8)',
    ],
  ])('%s', (_what, prepare, said) => {
    const workspace = workspaceOf();
    prepare(workspace);
    expect(refusal(() => openRecord(requestOf(workspace)))).toBe(said);
  });
});

describe('what can not be noted afterwards', () => {
  test('is said, and what can is noted all the same', () => {
    const workspace = workspaceOf();
    const recorder = openRecord(requestOf(workspace));
    recorder.begin('applying', writings);
    rmSync(join(workspace, 'b.json.audit.jsonl'));
    mkdirSync(join(workspace, 'b.json.audit.jsonl'));
    expect(recorder.end('applied', outcomes).map(plain)).toEqual([
      'b.json.audit.jsonl cannot be written (EISDIR): what was done is not noted there',
    ]);
    expect(readFileSync(join(workspace, 'docs/config-log.md'), 'utf8')).toContain('routing_rules');
  });

  test('is refused while nothing is done yet', () => {
    const workspace = workspaceOf();
    const recorder = openRecord(requestOf(workspace));
    rmSync(join(workspace, 'b.json.audit.jsonl'));
    symlinkSync('/dev/null', join(workspace, 'b.json.audit.jsonl'));
    expect(refusal(() => recorder.begin('applying', writings))).toBe(
      'b.json.audit.jsonl cannot be written (ELOOP)',
    );
  });
});

describe('a file that is there', () => {
  test('is gone on with: the log keeps its mode and its text', () => {
    const workspace = workspaceOf();
    mkdirSync(join(workspace, 'docs'));
    const log = join(workspace, 'docs/config-log.md');
    writeFileSync(log, '# Ours\r\n');
    chmodSync(log, 0o664);
    openRecord(requestOf(workspace)).end('applied', outcomes);
    expect(readFileSync(log, 'utf8')).toMatch(/^# Ours\r\n\r\n## Progress\r\n\r\n- /);
    expect(statSync(log).mode & 0o777).toBe(0o664);
  });

  test('and ends within a line keeps that apart', () => {
    const workspace = workspaceOf();
    const audit = join(workspace, 'b.json.audit.jsonl');
    writeFileSync(audit, '{"event":"appl');
    openRecord(requestOf(workspace)).end('applied', outcomes);
    const [first, ...others] = readFileSync(audit, 'utf8').trimEnd().split('\n');
    expect(first).toBe('{"event":"appl');
    expect(others.map((line) => JSON.parse(line).event)).toEqual(['applied', 'not-done', 'already-done']);
  });
});

test('processes that append to the same audit tear no line', async () => {
  const workspace = workspaceOf();
  const [processes, runs] = [3, 10];
  const script = `
    const { openRecord } = await import(${JSON.stringify(join(project, 'src/faces/record.ts'))});
    const [workspace, who] = process.argv.slice(1);
    for (let run = 0; run < ${runs}; run++) {
      const request = { workspace, env: { GITHUB_ACTOR: who }, now: () => run, settings: { digestKey: 'k' }, backup: 'b', plan: 'p', from: 'redis', target: 't', reason: who.repeat(9000) };
      const steps = ['a', 'b', 'c'].map((at) => ({ config: 'c', to: 'redis', at, how: 'written' }));
      openRecord(request).end('applied', steps);
    }`;
  const codes = await Promise.all(
    Array.from({ length: processes }, (_, index) => {
      const args = ['--input-type=module', '--eval', script, '--', workspace, String(index)];
      const child = spawn(process.execPath, args, { stdio: 'ignore' });
      return new Promise((done) => child.on('exit', done));
    }),
  );
  expect(codes).toEqual(codes.map(() => 0));
  const lines = linesOf(workspace, 'b.audit.jsonl');
  expect(lines).toHaveLength(processes * runs * 3);
  for (const { reason, who } of lines) expect(reason === String(who).repeat(9000)).toBe(true);
});

describe('who it was', () => {
  test.each([
    [{ GITHUB_TRIGGERING_ACTOR: 'eve', GITHUB_ACTOR: 'ada', USER: 'bob' }, 'eve'],
    [{ GITHUB_TRIGGERING_ACTOR: '', GITHUB_ACTOR: 'ada', USER: 'bob' }, 'ada'],
    [{ GITHUB_ACTOR: 'ada', USER: 'bob' }, 'ada'],
    [{ USER: 'bob', LOGNAME: 'eve' }, 'bob'],
    [{ USER: ' ', LOGNAME: 'eve' }, 'eve'],
    [{}, 'of the system'],
  ])('%j: %s', (env, who) => {
    expect(whoRuns(env, () => ({ username: 'of the system' }))).toBe(who);
  });

  test('is unknown where the user has no name', () => {
    const nameless = () => {
      throw new Error('ENOENT');
    };
    expect(whoRuns({}, nameless)).toBe('unknown');
  });
});

describe('the link to the run', () => {
  test('names the attempt', () => {
    expect(runOf(onGithub)).toEqual({
      id: 7,
      attempt: 2,
      link: 'https://github.com/o/r/actions/runs/7/attempts/2',
    });
  });

  test.each([
    ['outside of a workflow', {}],
    ['of a server with a password', { ...onGithub, GITHUB_SERVER_URL: 'https://u:p@h' }],
    ['of a repository that would end it', { ...onGithub, GITHUB_REPOSITORY: 'o/r)[x](y' }],
    ['of no server', { ...onGithub, GITHUB_SERVER_URL: 'javascript:x' }],
  ])('is none %s', (_where, env) => {
    expect(runOf(env)).toBeUndefined();
  });
});
