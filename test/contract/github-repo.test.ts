import { mkdirSync, rmSync, truncateSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { githubRepo } from '../../src/adapters/github/repo.ts';
import { BUILT_IN } from '../../src/core/finding.ts';
import { vouch } from '../../src/core/phrase.ts';
import { plain } from '../../src/core/plain.ts';
import { HistoryFault, type Repo } from '../../src/core/ports.ts';
import { startGitHub, type TestGitHub } from '../github/server.ts';
import { held, inShort, repoIn, texts } from './support/history.ts';
import { LAYERED, ODD_NAMES, RELATIVE_PATHS, WHY_ODD, withOddThings } from './support/odd-things.ts';
import { BEGINNING, emptyRepository, type TestRepository } from './support/repository.ts';

const ZERO = '0'.repeat(40);

interface Given {
  readonly sha?: string;
  readonly folder?: string;
  readonly token?: string;
  readonly timeout?: number;
  readonly api?: string;
}

function repoOn(github: TestGitHub, given: Given = {}): Repo {
  const usual = { sha: 'f'.repeat(40), folder: '', token: github.token, timeout: 20_000, api: github.url };
  return githubRepo({ owner: 'acme', repo: 'mail', ...usual, ...given, now: Date.now });
}

/** A GitHub that this repository is pushed to, now and later. */
function pushed(repository: TestRepository): Promise<TestGitHub> {
  return startGitHub({ history: repository.folder });
}

/** What was asked for, without the repository's name, and the requests since the last look only. */
function asked(github: TestGitHub): readonly string[] {
  const { requests } = github;
  const told = requests.map(({ path }) => decodeURIComponent(path.replace('/repos/acme/mail/', '')));
  (requests as unknown[]).length = 0;
  return told;
}

/** Why nobody can tell, in a few words. */
async function fault(answer: Promise<unknown>): Promise<string> {
  const error = await answer.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof HistoryFault)) throw new Error('no HistoryFault', { cause: error });
  return plain(error.said);
}

/** Twenty lines, so that a change of one leaves most as it was. */
function lines(first: string): string {
  return [first, ...Array.from({ length: 20 }, (_, n) => `line ${n}`), ''].join('\n');
}

/** `main` and a branch that has left it; what each of them is at, and where they part. */
function forked(branch = 'topic') {
  const repository = emptyRepository();
  repository.commit({ a: '1' });
  const fork = repository.commit({ a: '2' });
  repository.git('checkout', '--quiet', '-b', branch);
  const topic = repository.commit({ b: '1' });
  repository.git('checkout', '--quiet', 'main');
  const main = repository.commit({ a: '3' });
  return { repository, fork, topic, main };
}

describe('a change began', () => {
  test('where git says that it did, which takes one request', async () => {
    const { repository, fork, topic, main } = forked();
    using _ = repository;
    await using github = await pushed(repository);
    const origin = await repoOn(github).origin(main, topic);
    expect(origin).toEqual({ kind: 'found', commit: fork, head: topic, others: [] });
    expect(origin).toEqual(await repoIn(repository.folder).origin(main, topic));
    expect(github.requests).toMatchObject([
      { path: `/repos/acme/mail/compare/${main}...${topic}`, query: { per_page: '1' } },
    ]);
  });

  test('there as well when the head has a name, which takes another', async () => {
    const { repository, fork, topic } = forked();
    using _ = repository;
    await using github = await pushed(repository);
    const origin = await repoOn(github).origin('main', 'topic');
    expect(origin).toEqual({ kind: 'found', commit: fork, head: topic, others: [] });
    expect(asked(github)).toEqual(['commits/topic', `compare/main...${topic}`]);
  });

  test.each([
    'topic/with/slashes',
    'issue-#1',
    'a%2Fb',
    'ブランチ',
    'a&b=c+d',
    'a;b|c`d`$(e)"',
    'refs/heads/x',
  ])('on a branch named %s', async (branch) => {
    const { repository, fork, topic } = forked(branch);
    using _ = repository;
    await using github = await pushed(repository);
    expect(inShort(await repoOn(github).origin(branch, 'main'))).toBe(fork);
    expect(await repoOn(github).origin('main', `origin/${branch}`)).toMatchObject({ head: topic });
    expect(await repoOn(github).origin('main', `refs/heads/${branch}`)).toMatchObject({ head: topic });
  });

  test('at what HEAD names here, not at the default branch', async () => {
    const { repository, fork, topic } = forked();
    using _ = repository;
    await using github = await pushed(repository);
    const repo = repoOn(github, { sha: topic });
    expect(await repo.origin('main', 'HEAD')).toMatchObject({ commit: fork, head: topic });
    expect(asked(github)).toEqual([`compare/main...${topic}`]);
    expect(await repo.origin('HEAD~1', 'HEAD')).toMatchObject({ commit: fork, head: topic });
    expect(asked(github)).toEqual([`compare/${topic}~1...${topic}`]);
  });

  test('at what a tag marks, with a message or without', async () => {
    const { repository, fork, topic } = forked();
    using _ = repository;
    repository.git('tag', 'v1', topic);
    repository.git('tag', '-a', '-m', 'two', 'v2', topic);
    await using github = await pushed(repository);
    for (const tag of ['v1', 'refs/tags/v1', 'v2']) {
      expect(await repoOn(github).origin('main', tag)).toMatchObject({ commit: fork, head: topic });
      expect(inShort(await repoOn(github).origin(tag, 'main'))).toBe(fork);
    }
  });

  test('at the commit itself, which nobody has to be asked for', async () => {
    await using github = await startGitHub();
    const sha = 'a'.repeat(40);
    const origin = await repoOn(github, { sha }).origin('HEAD', 'HEAD');
    expect(origin).toEqual({ kind: 'found', commit: sha, head: sha, others: [] });
    expect(github.requests).toEqual([]);
  });

  test('with nothing before it on a new branch, and nowhere on one that is gone', async () => {
    await using github = await startGitHub();
    const repo = repoOn(github);
    expect(inShort(await repo.origin(ZERO, 'main'))).toMatch(/^nothing-before: the branch is new/);
    expect(inShort(await repo.origin('main', ZERO))).toMatch(/^unknown: the branch was deleted/);
    expect(github.requests).toEqual([]);
  });
});

describe('nobody knows where a change began', () => {
  test.each([
    '',
    '-x',
    'main...x',
    '../x',
    '.',
    'a/./b',
    'main:a',
    'stranger:main',
    'a b',
    'a\nb',
    'a\0',
    'main@{1}',
    '\ud800',
    'a*',
    'origin/',
  ])('from a name that is none, and that GitHub is not asked about: %j', async (given) => {
    await using github = await startGitHub();
    const repo = repoOn(github);
    expect(inShort(await repo.origin(given, 'main'))).toMatch(/^unknown: .* is no name of a commit/);
    expect(inShort(await repo.origin('main', given))).toMatch(/^unknown: .* is no name of a commit/);
    expect(github.requests).toEqual([]);
  });

  test('when GitHub does not know the names', async () => {
    const { repository, topic } = forked();
    using _ = repository;
    await using github = await pushed(repository);
    const repo = repoOn(github);
    const base = await repo.origin('nowhere', topic);
    expect(inShort(base)).toBe(
      `unknown: GitHub knows no commit, branch or tag nowhere or ${topic}, or doesn't show it to this token (404)`,
    );
    expect(base.kind === 'unknown' && plain(base.advice)).toBe(
      'check the spelling, and write contents: read under permissions: of the job; a token of your own needs access to this repository',
    );
    expect(inShort(await repo.origin('main', 'nowhere'))).toBe(
      "unknown: GitHub knows no commit, branch or tag nowhere, or doesn't show it to this token (422)",
    );
    expect(inShort(await repo.origin('a'.repeat(40), 'b'.repeat(40)))).toMatch(/^unknown: GitHub knows no/);
  });

  test('when there is no history in common', async () => {
    using repository = emptyRepository();
    repository.commit();
    repository.git('checkout', '--quiet', '--orphan', 'other');
    repository.commit({ b: '1' });
    await using github = await pushed(repository);
    const said = inShort(await repoOn(github).origin('main', repository.git('rev-parse', 'other')));
    expect(said).toMatch(/^unknown: main or [0-9a-f]+ have no history in common$/);
  });

  test('with a token that may not read, or is none', async () => {
    const { repository, topic } = forked();
    using _ = repository;
    const tokens = { poor: { permissions: { contents: 'none' } } } as const;
    await using github = await startGitHub({ history: repository.folder, tokens });
    const said = async (token: string) => inShort(await repoOn(github, { token }).origin('main', topic));
    expect(await said('poor')).toBe('unknown: the token lacks the permission contents: read (403)');
    expect(await said('another')).toBe('unknown: GitHub refuses the token (401)');
    expect(github.requests).toHaveLength(2);
  });

  test('when GitHub limits us for longer than there is time, which it is not asked again for', async () => {
    await using github = await startGitHub();
    github.fault({ times: 9, outcome: { status: 429, headers: { 'Retry-After': '90' } } });
    const said = inShort(await repoOn(github).origin('a'.repeat(40), 'b'.repeat(40)));
    expect(said).toMatch(/^unknown: GitHub limits .* left alone for 90 seconds$/);
    expect(github.requests).toHaveLength(1);
  });

  test('when nothing answers in time', async () => {
    await using github = await startGitHub();
    github.fault({ times: 9, outcome: 'hang' });
    const began = performance.now();
    const said = inShort(await repoOn(github, { timeout: 1500 }).origin('a'.repeat(40), 'b'.repeat(40)));
    expect(said).toMatch(/^unknown: GitHub at 127\.0\.0\.1:\d+ did not answer in 1500ms$/);
    expect(performance.now() - began).toBeLessThan(5000);
  });

  test.each([
    ['a page', { status: 200, body: '<html>' }],
    ['nothing', { status: 200 }],
    ['an empty object', { status: 200, body: {} }],
    ['null', { status: 200, body: null }],
    ['a commit that is none', { status: 200, body: { merge_base_commit: { sha: 'main' }, files: [] } }],
  ])('when something else answers: %s', async (_what, outcome) => {
    await using github = await startGitHub();
    github.fault({ outcome });
    const said = inShort(await repoOn(github).origin('a'.repeat(40), 'b'.repeat(40)));
    expect(said).toMatch(/^unknown: 127\.0\.0\.1:\d+ answers what GitHub doesn't$/);
  });

  test('when the repository is empty, or nobody listens', async () => {
    await using github = await startGitHub();
    const origin = (given: Given) => repoOn(github, given).origin('main', 'topic');
    expect(inShort(await origin({}))).toBe('unknown: the repository on GitHub is empty (409)');
    const gone = await startGitHub();
    await gone[Symbol.asyncDispose]();
    const nowhere = inShort(await origin({ api: gone.url, timeout: 500 }));
    expect(nowhere).toMatch(
      /^unknown: the connection to GitHub at 127\.0\.0\.1:\d+ broke down \(ECONNREFUSED\)$/,
    );
  });
});

test.each<[string, Parameters<TestGitHub['fault']>[0]]>([
  ['fails', { times: 2, outcome: { status: 502, body: '<html>' } }],
  ['breaks the connection', { times: 2, outcome: 'reset' }],
  ['asks to wait a moment', { outcome: { status: 429, headers: { 'Retry-After': '0' } } }],
  ['is silent for a while', { outcome: 'hang' }],
])('a GitHub that %s is asked again', async (_what, rule) => {
  const { repository, fork, topic } = forked();
  using _ = repository;
  await using github = await pushed(repository);
  github.fault(rule);
  expect(inShort(await repoOn(github, { timeout: 6000 }).origin('main', topic))).toBe(fork);
  expect(github.requests).toHaveLength(1 + (rule.times ?? 1));
});

describe('a file is read as it was', () => {
  test('with a request for it and one for each folder on the way, and once for each commit', async () => {
    using repository = emptyRepository();
    const files = { 'debug/a.json': '1', 'debug/b.json': '2' };
    const [first, second] = [repository.commit(files), repository.commit({ 'debug/a.json': '3' })];
    await using github = await pushed(repository);
    const repo = repoOn(github);
    expect(await held(repo, first, 'debug/a.json')).toBe('1');
    const folder = repository.git('rev-parse', `${first}:debug`);
    expect(asked(github)).toEqual([`git/trees/${first}`, `git/trees/${folder}`, 'contents/debug/a.json']);
    expect(await held(repo, first, 'debug/b.json')).toBe('2');
    expect(asked(github)).toEqual(['contents/debug/b.json']);
    const again = ['debug/a.json', './debug//a.json'].map((path) => held(repo, first, path));
    expect(await Promise.all(again)).toEqual(['1', '1']);
    expect(asked(github)).toEqual([]);
    const together = ['debug/a.json', 'debug/b.json', 'debug/a.json'];
    expect(await Promise.all(together.map((path) => held(repo, second, path)))).toEqual(['3', '2', '3']);
    expect(asked(github)).toHaveLength(4);
  });

  test.each<readonly [what: string, name: string]>([
    ...ODD_NAMES,
    ['what ends the path of an address', 'a#b?c&d=e'],
    ['what looks encoded', 'a%2Fb%00'],
    ['two dots', 'a/..b/...c'],
    ['an expression', '{+path}'],
  ])('with %s in its name', async (_what, path) => {
    using repository = emptyRepository();
    const commit = repository.commit({ [path]: 'this', other: 'another' });
    await using github = await pushed(repository);
    expect(await held(repoOn(github), commit, path)).toBe('this');
    expect((await repoOn(github).versions(vouch(path), vouch(commit), 5)).versions).toHaveLength(1);
  });

  test.each(RELATIVE_PATHS)(
    'relative to the workspace, a folder of the repository: %s',
    async (path, text) => {
      using repository = emptyRepository();
      const commit = repository.commit(LAYERED);
      await using github = await pushed(repository);
      for (const folder of ['services/mail', './services/mail/']) {
        expect(await held(repoOn(github, { folder }), commit, path)).toBe(text);
      }
    },
  );

  test('byte by byte', async () => {
    using repository = emptyRepository();
    const commit = repository.commit({ crlf: '\ufeffa\r\n\0', empty: '', json: '{"a": 1}\n' });
    repository.git('config', 'core.autocrlf', 'false');
    await using github = await pushed(repository);
    const repo = repoOn(github);
    expect(await held(repo, commit, 'crlf')).toBe('\xef\xbb\xbfa\r\n\0');
    expect(await held(repo, commit, 'empty')).toBe('');
    expect(await held(repo, commit, 'json')).toBe('{"a": 1}\n');
  });
});

describe('a file is missing', () => {
  test('that was not there, which its folder tells', async () => {
    using repository = emptyRepository();
    const commit = repository.commit({ a: '1' });
    await using github = await pushed(repository);
    for (const path of ['later', 'nowhere/a', 'a/b']) {
      expect(await held(repoOn(github), commit, path)).toBe('missing');
      expect(asked(github)).toEqual([`git/trees/${commit}`]);
    }
  });

  test('that ships with the guardian, which GitHub is not asked for', async () => {
    await using github = await startGitHub();
    expect(await held(repoOn(github), 'a'.repeat(40), `${BUILT_IN}a`)).toBe('missing');
    expect(github.requests).toEqual([]);
  });
});

describe('what is there but can not be read is not missing:', () => {
  test('folders, links, submodules, large files, and what lies behind', async () => {
    const { repository, commit } = withOddThings();
    using _ = repository;
    await using github = await pushed(repository);
    const repo = repoOn(github);
    const whys = {
      ...WHY_ODD,
      '/a': 'it is outside the repository',
      'a\ud800': 'no file can have this name',
    };
    for (const [path, why] of Object.entries(whys)) {
      expect(await held(repo, commit, path), path).toBe(`unreadable: ${why}`);
    }
    expect(asked(github)).toEqual([`git/trees/${commit}`]);
  });

  test('what a folder is too large to tell', async () => {
    await using github = await startGitHub();
    github.fault({ outcome: { status: 200, body: { sha: ZERO, tree: [], truncated: true } } });
    const why = 'unreadable: its folder is larger than what GitHub lists';
    expect(await held(repoOn(github), 'a'.repeat(40), 'a')).toBe(why);
  });

  test('what grows beyond all bounds on its way', async () => {
    using repository = emptyRepository();
    const commit = repository.commit({ a: '1' });
    await using github = await pushed(repository);
    const body = 'x'.repeat(64 * 1024 ** 2 + 1);
    const headers = { 'Content-Type': 'application/vnd.github.raw' };
    github.fault({ path: /contents/, outcome: { status: 200, headers, body } });
    expect(await held(repoOn(github), commit, 'a')).toBe('unreadable: it is larger than 64 MiB');
    expect(asked(github)).toHaveLength(2);
  });

  test('what GitHub does not show, or fails to', async () => {
    using repository = emptyRepository();
    const commit = repository.commit({ a: '1' });
    const tokens = { poor: { permissions: { contents: 'none' } } } as const;
    await using github = await startGitHub({ history: repository.folder, tokens });
    const lacks = 'unreadable: the token lacks the permission contents: read (403)';
    expect(await held(repoOn(github, { token: 'poor' }), commit, 'a')).toBe(lacks);
    const gone =
      "unreadable: GitHub knows no such repository or commit, or doesn't show it to this token (404)";
    expect(await held(repoOn(github), 'a'.repeat(40), 'a')).toBe(gone);
    github.fault({ path: /contents/, outcome: { status: 200, body: '<html>' } });
    expect(await held(repoOn(github), commit, 'a')).toMatch(/^unreadable: .* answers what GitHub doesn't$/);
    github.fault({ path: /contents/, times: 99, outcome: { status: 500 } });
    const trouble = /^unreadable: GitHub at .* is in trouble \(500\)$/;
    expect(await held(repoOn(github, { timeout: 1000 }), commit, 'a')).toMatch(trouble);
  });

  test('what breaks off halfway, which is asked for again', async () => {
    let requests = 0;
    const tree = { sha: ZERO, truncated: false, tree: [{ path: 'a', mode: '100644', sha: ZERO, size: 4 }] };
    await using server = createServer((request, response) => {
      if (request.url?.includes('/git/trees/')) {
        response.setHeader('content-type', 'application/json');
        return response.end(JSON.stringify(tree));
      }
      requests += 1;
      response.writeHead(200, { 'content-type': 'application/vnd.github.raw; charset=utf-8' });
      response.write('half');
      if (requests < 3) setTimeout(() => response.destroy(), 20);
      else response.end();
      return response;
    }).listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    const address = server.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    await using github = await startGitHub();
    const repo = repoOn(github, { api: `http://127.0.0.1:${port}` });
    expect([await held(repo, 'a'.repeat(40), 'a'), requests]).toEqual(['half', 3]);
  });

  test('what is no whole name of a commit is no answer at all', async () => {
    await using github = await startGitHub();
    for (const name of ['HEAD', 'abc', '']) {
      expect(() => repoOn(github).at(vouch(name))).toThrow('not the whole name of a commit');
    }
  });
});

describe('a folder is listed as it was', () => {
  test('with one request for each folder on the way, once', async () => {
    using repository = emptyRepository();
    const first = repository.commit({
      'a/cases/b.json': '1',
      'a/cases/a.json': '1',
      'a/cases/old/c.json': '1',
    });
    const second = repository.commit({ 'a/cases/d.json': '1' });
    await using github = await pushed(repository);
    const repo = repoOn(github);
    const before = ['a/cases/a.json', 'a/cases/b.json'];
    expect(await listed(repo, first, 'a/cases')).toEqual(before);
    expect(github.requests.length).toBe(3);
    expect(await listed(repo, first, 'a/cases')).toEqual(before);
    expect(await held(repo, first, 'a/cases/a.json')).toBe('1');
    expect(github.requests.length).toBe(4);
    expect(await listed(repo, second, 'a/cases')).toEqual([...before, 'a/cases/d.json']);
  });

  test('as git lists it, from the workspace on', async () => {
    using repository = emptyRepository();
    const commit = repository.commit(LAYERED);
    await using github = await pushed(repository);
    const [here, there] = [
      repoIn(join(repository.folder, 'services/mail')),
      repoOn(github, { folder: 'services/mail' }),
    ];
    for (const folder of ['b', '../..', 'c', 'a', 'b/c']) {
      expect(await listed(there, commit, folder), folder).toEqual(await listed(here, commit, folder));
    }
  });

  test('with odd names, and with what is no file', async () => {
    const { repository } = withOddThings();
    using _ = repository;
    const names = ODD_NAMES.map(([, name]) => `odd/${name.replace('/', '')}`);
    const commit = repository.commit(Object.fromEntries(names.map((name) => [name, ''])));
    await using github = await pushed(repository);
    for (const folder of ['link', 'way', 'module', 'file']) {
      const why = await listed(repoIn(repository.folder), commit, folder);
      expect(why).toMatch(/^unreadable: /);
      expect(await listed(repoOn(github), commit, folder), folder).toBe(why);
    }
    for (const folder of ['.', 'odd']) {
      const files = (await listed(repoIn(repository.folder), commit, folder)) as readonly string[];
      const onGitHub = (await listed(repoOn(github), commit, folder)) as readonly string[];
      expect(onGitHub.map((path) => path.replace(/^\.\//, ''))).toEqual(files);
    }
  });

  test('unless it is missing', async () => {
    using repository = emptyRepository();
    const commit = repository.commit({ a: '1' });
    repository.commit({ 'later/a': '1' });
    await using github = await pushed(repository);
    for (const folder of ['later', 'a/b', 'a\0b', `${BUILT_IN}schemas`]) {
      expect(await listed(repoOn(github), commit, folder), folder).toBe('missing');
    }
  });

  test('unless nobody can tell, which is not missing', async () => {
    using repository = emptyRepository();
    const commit = repository.commit({ 'cases/a.json': '1' });
    const tokens = { poor: { permissions: { contents: 'none' } } } as const;
    await using github = await startGitHub({ history: repository.folder, tokens });
    expect(await listed(repoOn(github, { token: 'poor' }), commit, 'cases')).toBe(
      'unreadable: the token lacks the permission contents: read (403)',
    );
    expect(await listed(repoOn(github), 'a'.repeat(40), 'cases')).toBe(
      "unreadable: GitHub knows no such repository or commit, or doesn't show it to this token (404)",
    );
    github.fault({ outcome: { status: 200, body: { sha: ZERO, tree: [], truncated: true } } });
    expect(await listed(repoOn(github), commit, 'cases')).toBe(
      'unreadable: its folder is larger than what GitHub lists',
    );
  });
});

async function listed(repo: Repo, commit: string, folder: string): Promise<readonly string[] | string> {
  const content = await repo.at(vouch(commit)).list(vouch(folder));
  if (content.kind === 'listed') return content.paths;
  return content.kind === 'missing' ? 'missing' : `unreadable: ${content.why}`;
}

describe('a file has been renamed', () => {
  function renamed() {
    const repository = emptyRepository();
    const files = { 'mail/a': lines('1'), 'web/a': lines('2'), 'top ü': lines('3'), out: lines('4') };
    const since = repository.commit(files);
    const moves = { 'mail/a': 'mail/b', 'web/a': 'web/b', 'top ü': 'top #2', out: 'mail/out' };
    for (const [from, to] of Object.entries(moves)) repository.git('mv', from, to);
    const until = repository.commit({ 'mail/b': lines('changed') });
    return { repository, since: vouch(since), until: vouch(until) };
  }

  test('as git has it, by names relative to the workspace, and only there', async () => {
    const { repository, since, until } = renamed();
    using _ = repository;
    await using github = await pushed(repository);
    const all = Object.entries({
      'mail/b': 'mail/a',
      'web/b': 'web/a',
      'top #2': 'top ü',
      'mail/out': 'out',
    });
    const found = await repoOn(github, { sha: until }).renamedSince(since);
    expect(found).toEqual(new Map(all));
    expect(found).toEqual(await repoIn(repository.folder).renamedSince(since, until));
    expect(asked(github)).toEqual([`compare/${since}...${until}`]);
    const inFolder = await repoOn(github, { folder: 'mail' }).renamedSince(since, until);
    expect(inFolder).toEqual(new Map([['b', 'a']]));
  });

  test('which is told along with the origin, and asked for once', async () => {
    const { repository, since, until } = renamed();
    using _ = repository;
    await using github = await pushed(repository);
    const repo = repoOn(github, { sha: until });
    expect(inShort(await repo.origin(since, 'HEAD'))).toBe(since);
    expect((await repo.renamedSince(since)).size).toBe(4);
    expect((await repo.renamedSince(since, until)).size).toBe(4);
    expect(github.requests).toHaveLength(1);
  });

  test('not when it was changed only, or nothing was', async () => {
    using repository = emptyRepository();
    const since = vouch(repository.commit({ a: lines('1') }));
    const until = vouch(repository.commit({ a: lines('2'), b: 'x' }));
    await using github = await pushed(repository);
    expect(await repoOn(github).renamedSince(since, until)).toEqual(new Map());
    expect(asked(github)).toHaveLength(1);
    expect(await repoOn(github, { sha: since }).renamedSince(since)).toEqual(new Map());
    expect(asked(github)).toEqual([]);
  });

  test('for all that anybody can tell, where GitHub lists 300 files', async () => {
    using repository = emptyRepository();
    const since = vouch(repository.commit({ a: lines('1') }));
    const files = Array.from({ length: 298 }, (_, n) => [`f${n}`, `${n}`]);
    repository.git('mv', 'a', 'b');
    const enough = vouch(repository.commit(Object.fromEntries(files)));
    const tooMany = vouch(repository.commit({ g: '1', h: '1' }));
    await using github = await pushed(repository);
    expect(await repoOn(github).renamedSince(since, enough)).toEqual(new Map([['b', 'a']]));
    expect(await fault(repoOn(github).renamedSince(since, tooMany))).toMatch(
      /^the change has 300 files or more/,
    );
  });

  test('for all that anybody can tell, where the one commit does not continue the other', async () => {
    const { repository, topic, main } = forked();
    using _ = repository;
    await using github = await pushed(repository);
    const answer = repoOn(github, { sha: main }).renamedSince(vouch(topic));
    expect(await fault(answer)).toMatch(/^the workspace does not continue/);
  });

  test('for all that anybody can tell, where GitHub does not answer', async () => {
    await using github = await startGitHub();
    const commit = vouch('a'.repeat(40));
    expect(await fault(repoOn(github).renamedSince(commit))).toBe('the repository on GitHub is empty (409)');
    await expect(repoOn(github).renamedSince(vouch('main'))).rejects.toThrow(RangeError);
  });
});

describe('the versions of a file', () => {
  test('are told from the newest on, with their time, and each once', async () => {
    using repository = emptyRepository();
    repository.commit({ a: '1' });
    repository.commit({ other: 'x' });
    repository.commit({ a: '2' });
    repository.git('update-index', '--chmod=+x', 'a');
    repository.git('commit', '--quiet', '-m', 'executable');
    repository.git('checkout', '--quiet', '.');
    const last = vouch(repository.commit({ a: '1' }));
    await using github = await pushed(repository);
    const found = await repoOn(github).versions(vouch('a'), last, 9);
    expect(texts(found)).toEqual(['1', '2', '1']);
    expect(found).toMatchObject({ isAll: true, versions: { 2: { at: BEGINNING * 1000 } } });
    const git = await repoIn(repository.folder).versions(vouch('a'), last, 9);
    const inTime = ({ versions }: typeof git) => versions.map(({ commit, at }) => [commit, at]);
    expect(inTime(found)).toEqual(inTime(git));
    // The first commit has nothing before it that could be asked for.
    expect(asked(github)).toEqual(['commits', ...Array.from({ length: 4 }, () => 'contents/a')]);
  });

  test('end with the commit that is named', async () => {
    using repository = emptyRepository();
    repository.commit({ a: '1' });
    const upTo = vouch(repository.commit({ a: '2' }));
    repository.commit({ a: '3' });
    await using github = await pushed(repository);
    expect(texts(await repoOn(github).versions(vouch('a'), upTo, 10))).toEqual(['2', '1']);
  });

  test('go on under the names that it had before, which takes two requests each', async () => {
    using repository = emptyRepository();
    repository.commit({ 'old/a\nb': lines('1') });
    repository.commit({ 'old/a\nb': lines('2') });
    mkdirSync(join(repository.folder, 'mail'));
    repository.git('mv', 'old/a\nb', 'mail/ü');
    repository.commit();
    repository.git('mv', 'mail/ü', 'mail/-c');
    const last = vouch(repository.commit({ 'mail/-c': lines('3') }));
    await using github = await pushed(repository);
    const repo = repoOn(github, { folder: 'mail' });
    const found = await repo.versions(vouch('-c'), last, 10);
    expect([texts(found), found.isAll]).toEqual([['3', '2', '1'].map(lines), true]);
    const requests = asked(github);
    expect(requests.filter((each) => each === 'commits')).toHaveLength(3);
    expect(requests.filter((each) => each.startsWith('commits/'))).toHaveLength(2);
    expect(requests).toHaveLength(9);
    const few = await repo.versions(vouch('-c'), last, 1);
    expect([texts(few), few.isAll]).toEqual([[lines('3')], false]);
  });

  test('have gaps where it was deleted, or was no file', async () => {
    using repository = emptyRepository();
    repository.commit({ a: '1' });
    rmSync(join(repository.folder, 'a'));
    repository.commit();
    repository.commit({ 'a/inner': 'x' });
    rmSync(join(repository.folder, 'a'), { recursive: true });
    const last = vouch(repository.commit({ a: '2' }));
    await using github = await pushed(repository);
    const found = await repoOn(github).versions(vouch('a'), last, 10);
    expect([texts(found), found.isAll]).toEqual([['2', null, '1'], true]);
  });

  test.each([
    [1, ['3'], false],
    [2, ['3', '2'], false],
    [3, ['3', '2', '1'], true],
  ])('are bounded: of three, %i', async (most, expected, isAll) => {
    using repository = emptyRepository();
    repository.commit({ a: '1' });
    repository.commit({ a: '2' });
    const last = vouch(repository.commit({ a: '3' }));
    await using github = await pushed(repository);
    const found = await repoOn(github).versions(vouch('a'), last, most);
    expect([texts(found), found.isAll]).toEqual([expected, isAll]);
    expect(github.requests).toHaveLength(1 + most);
  });

  test('are ten at the most, however many are asked for', async () => {
    using repository = emptyRepository();
    const commits = Array.from({ length: 11 }, (_, n) => repository.commit({ a: `${n}` }));
    await using github = await pushed(repository);
    const found = await repoOn(github).versions(vouch('a'), vouch(commits.at(-1) ?? ''), 50);
    expect([found.versions.length, found.isAll]).toEqual([10, false]);
    expect(github.requests).toHaveLength(11);
    expect(github.requests[0]?.query).toMatchObject({ path: 'a', per_page: '11' });
  });

  test('are none of a file that never was', async () => {
    using repository = emptyRepository();
    const last = vouch(repository.commit({ a: '1' }));
    await using github = await pushed(repository);
    for (const path of ['b', 'a/b', 'a\0', '.', `${BUILT_IN}a`]) {
      const found = await repoOn(github).versions(vouch(path), last, 10);
      expect(found).toEqual({ versions: [], isAll: true });
    }
    expect(asked(github)).toEqual(['commits', 'commits']);
  });

  test('may go on before a commit that changed more than GitHub lists', async () => {
    using repository = emptyRepository();
    repository.commit({ before: lines('1') });
    const files = Array.from({ length: 300 }, (_, n) => [`f${n}`, `${n}`]);
    const last = vouch(repository.commit({ ...Object.fromEntries(files), z: '1' }));
    await using github = await pushed(repository);
    const found = await repoOn(github).versions(vouch('z'), last, 10);
    expect([texts(found), found.isAll]).toEqual([['1'], false]);
    const early = await repoOn(github).versions(vouch('f1'), last, 10);
    expect([texts(early), early.isAll]).toEqual([['1'], true]);
  });

  test('that are too large together end where they are', async () => {
    using repository = emptyRepository();
    for (const first of ['1', '2', '3']) {
      repository.write('a', first);
      truncateSync(join(repository.folder, 'a'), 30 * 1024 ** 2);
      repository.commit();
    }
    const last = vouch(repository.git('rev-parse', 'HEAD'));
    await using github = await pushed(repository);
    const found = await repoOn(github).versions(vouch('a'), last, 10);
    expect(found.isAll).toBe(false);
    expect(found.versions.map(({ bytes = [] }) => bytes[0])).toEqual([0x33, 0x32]);
  });

  test('end where GitHub hands one out to nobody', async () => {
    using repository = emptyRepository();
    repository.commit({ a: '1' });
    const last = vouch(repository.commit({ a: '2' }));
    await using github = await pushed(repository);
    const body = { message: 'Too large', errors: [{ resource: 'Blob', field: 'data', code: 'too_large' }] };
    github.fault({ path: /contents/, after: 1, outcome: { status: 403, body } });
    const found = await repoOn(github).versions(vouch('a'), last, 10);
    expect([texts(found), found.isAll]).toEqual([['2'], false]);
  });

  test('can not be told when GitHub fails, be it halfway', async () => {
    using repository = emptyRepository();
    repository.commit({ a: '1' });
    const last = vouch(repository.commit({ a: '2' }));
    const tokens = { poor: { permissions: { contents: 'none' } } } as const;
    await using github = await startGitHub({ history: repository.folder, tokens });
    const versions = (given: Given = {}, path = 'a', upTo = last) =>
      fault(repoOn(github, given).versions(vouch(path), upTo, 10));
    expect(await versions({ token: 'poor' })).toBe('the token lacks the permission contents: read (403)');
    expect(await versions({}, 'a', vouch('a'.repeat(40)))).toMatch(
      /^GitHub knows no such repository or commit/,
    );
    expect(await versions({}, '../a')).toBe('the file is outside the repository');
    github.fault({ outcome: { status: 200, body: [{ sha: last }] } });
    expect(await versions()).toMatch(/ answers what GitHub doesn't$/);
    github.fault({ path: /contents/, after: 1, times: 99, outcome: { status: 503 } });
    expect(await versions({ timeout: 1000 })).toMatch(/is in trouble \(503\)$/);
  });
});

describe('the token', () => {
  test('is in one header of every request, and nowhere else', async () => {
    const { repository, topic } = forked();
    using _ = repository;
    await using github = await pushed(repository);
    const repo = repoOn(github, { sha: topic });
    const origin = await repo.origin('main', 'topic');
    const answers = [
      origin,
      await repo.at(vouch(topic)).read(vouch('a')),
      await repo.versions(vouch('a'), vouch(topic), 10),
    ];
    expect(JSON.stringify(answers)).not.toContain(github.token);
    for (const { headers, ...request } of github.requests) {
      const { authorization, ...others } = headers;
      expect(authorization).toBe(`token ${github.token}`);
      expect(JSON.stringify([request, others])).not.toContain(github.token);
    }
  });

  test('does not follow where GitHub sends us elsewhere', async () => {
    using repository = emptyRepository();
    const commit = repository.commit({ a: '1' });
    await using github = await pushed(repository);
    await using elsewhere = await startGitHub({ history: repository.folder });
    const Location = `${elsewhere.url}/repos/acme/mail/contents/a?ref=${commit}`;
    github.fault({ path: /contents/, outcome: { status: 302, headers: { Location } } });
    expect(await held(repoOn(github), commit, 'a')).toBe('unreadable: GitHub refuses the token (401)');
    expect(elsewhere.requests).toHaveLength(1);
    expect(JSON.stringify(elsewhere.requests)).not.toContain(github.token);
  });

  test('is not in what is thrown', async () => {
    await using github = await startGitHub();
    github.fault({ times: 99, outcome: { status: 403, body: { message: github.token } } });
    const error: unknown = await repoOn(github)
      .renamedSince(vouch('a'.repeat(40)))
      .catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(HistoryFault);
    expect(JSON.stringify([error, String(error), Object(error).stack])).not.toContain(github.token);
    expect(Object(error).cause).toBeUndefined();
  });
});
