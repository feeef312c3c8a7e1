import { chownSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test, vi } from 'vitest';
import { plain } from '../../src/core/plain.ts';
import { inShort, repoIn } from './support/history.ts';
import { listen } from './support/listeners.ts';
import { checkoutOf, cloneOf, emptyRepository, type TestRepository } from './support/repository.ts';

const ZERO = '0'.repeat(40);

/** `main` with three commits, and `topic` with two of its own that begins at the second; before it, some more. */
function forked(earlier = 0): {
  readonly repository: TestRepository;
  readonly fork: string;
  readonly topic: string;
} {
  const repository = emptyRepository();
  repository.commit({ a: '1' });
  repository.grow('main', earlier);
  const fork = repository.commit({ a: '2' });
  repository.git('checkout', '--quiet', '-b', 'topic');
  repository.commit({ b: '1' });
  const topic = repository.commit({ b: '2' });
  repository.git('checkout', '--quiet', 'main');
  repository.commit({ a: '3' });
  return { repository, fork, topic };
}

/** What GitHub checks out for a pull request: base and head merged. */
function pullRequest(commits: number) {
  const { repository, fork } = forked(700);
  for (const branch of ['main', 'topic']) repository.grow(branch, commits);
  const base = repository.git('rev-parse', 'main');
  const head = repository.git('rev-parse', 'topic');
  repository.git('checkout', '--quiet', '--detach', 'main');
  repository.git('merge', '--quiet', '--no-ff', '-m', 'merge', 'topic');
  const merge = repository.git('rev-parse', 'HEAD');
  repository.git('update-ref', 'refs/pull/1/merge', merge);
  repository.git('checkout', '--quiet', 'main');
  return { repository, fork, base, head, merge };
}

describe('a change began', () => {
  test('at its base, when nothing else has happened', async () => {
    using repository = emptyRepository();
    const [base, head] = [repository.commit(), repository.commit()];
    expect(await repoIn(repository.folder).origin(base, head)).toEqual({
      kind: 'found',
      commit: base,
      head,
      others: [],
    });
  });

  test('where it left the base branch, however far that has moved on', async () => {
    const { repository, fork, topic } = forked();
    using _ = repository;
    const origin = await repoIn(repository.folder).origin('main', 'topic');
    expect(origin).toEqual({ kind: 'found', commit: fork, head: topic, others: [] });
  });

  test.each([
    ['a branch', 'main'],
    ['a whole ref', 'refs/heads/main'],
    ['a tag', 'v1'],
    ['a tag with a message', 'v2'],
    ['an abbreviated commit', 'short'],
    ['the commit that is checked out', 'HEAD'],
    ['a way to a commit', 'HEAD~0'],
    ['a name that is not ASCII', 'ブランチ'],
  ])('at what is named by %s', async (_what, given) => {
    using repository = emptyRepository();
    const base = repository.commit();
    repository.git('tag', 'v1');
    repository.git('tag', '-a', '-m', 'two', 'v2');
    repository.git('branch', 'ブランチ');
    const spelled = given === 'short' ? base.slice(0, 10) : given;
    expect(inShort(await repoIn(repository.folder).origin(spelled, 'main'))).toBe(base);
  });

  test('on a branch that only origin has', async () => {
    const { repository, fork } = forked();
    using _ = repository;
    using clone = cloneOf(repository, '--branch=topic');
    expect(inShort(await repoIn(clone.folder).origin('main', 'HEAD'))).toBe(fork);
  });

  test('at the newest of several commits, after branches were merged crosswise', async () => {
    const { repository, topic } = forked();
    using _ = repository;
    const main = repository.git('rev-parse', 'main');
    repository.git('merge', '--quiet', '-m', 'merge', topic);
    repository.git('checkout', '--quiet', 'topic');
    repository.git('merge', '--quiet', '-m', 'merge', main);
    const head = repository.commit();
    const origin = await repoIn(repository.folder).origin('main', 'topic');
    expect(origin).toEqual({ kind: 'found', commit: main, head, others: [topic] });
    expect(await repoIn(repository.folder).origin('topic', 'main')).toMatchObject({ commit: main });
  });

  test('in the repository that the workspace is a folder of', async () => {
    using repository = emptyRepository();
    const base = repository.commit({ 'services/mail/a': '1' });
    expect(inShort(await repoIn(join(repository.folder, 'services/mail')).origin('main', 'HEAD'))).toBe(base);
  });

  test('there, even if the environment speaks of another repository', async () => {
    const { repository, fork } = forked();
    using _ = repository;
    vi.stubEnv('GIT_DIR', '/nowhere');
    vi.stubEnv('GIT_OBJECT_DIRECTORY', '/nowhere');
    try {
      expect(inShort(await repoIn(repository.folder).origin('main', 'topic'))).toBe(fork);
    } finally {
      vi.unstubAllEnvs();
    }
  });
});

describe('there is nothing before', () => {
  test('a new branch, whose base is all zeros', async () => {
    using repository = emptyRepository();
    repository.commit();
    const origin = await repoIn(repository.folder).origin(ZERO, 'HEAD');
    expect(inShort(origin)).toMatch(/^nothing-before: the branch is new/);
    expect(inShort(await repoIn(repository.folder).origin('0'.repeat(64), 'HEAD'))).toMatch(
      /^nothing-before/,
    );
  });

  test.each(['HEAD', '@', 'main', 'refs/heads/main'])('a branch without commits, named %s', async (head) => {
    using repository = emptyRepository();
    expect(inShort(await repoIn(repository.folder).origin('HEAD', head))).toBe(
      'nothing-before: the branch has no commits yet',
    );
  });
});

describe('nobody knows where a change began', () => {
  test.each([
    ['that has no such base', 'nowhere', 'main', 'there is no commit, branch or tag nowhere'],
    ['that has no such head', 'main', 'nowhere', 'there is no commit, branch or tag nowhere'],
    ['that lacks a commit', 'main', 'a'.repeat(40), `there is no commit, branch or tag ${'a'.repeat(40)}`],
    ['with an option for a name', '--upload-pack=touch x', 'main', '--upload-pack=touch x is no name'],
    ['with an option for a head', 'main', '--all', '--all is no name'],
    ['with two names in one', 'main\nHEAD', 'main', 'main\\u000aHEAD is no name'],
    ['with a NUL in a name', 'main\0', 'main', 'main\\u0000 is no name'],
    ['without a name', '', 'main', ' is no name'],
    ['with a range', 'main..main', 'main', 'there is no commit, branch or tag main..main'],
    ['with a file', 'main:a', 'main', 'there is no commit, branch or tag main:a'],
    ['with a branch that was deleted', 'main', ZERO, 'the branch was deleted'],
  ])('in a repository %s', async (_fact, base, head, said) => {
    using repository = emptyRepository();
    repository.commit({ a: '1' });
    const short = inShort(await repoIn(repository.folder).origin(base, head));
    expect(short.slice(0, said.length + 9)).toBe(`unknown: ${said}`);
  });

  test('in histories that have nothing in common', async () => {
    using repository = emptyRepository();
    repository.commit({ a: '1' });
    repository.git('checkout', '--quiet', '--orphan', 'other');
    repository.commit({ a: '2' });
    const origin = await repoIn(repository.folder).origin('main', 'other');
    expect(inShort(origin)).toBe('unknown: main and other have no history in common');
  });

  test('when the commit that is checked out is lost, which is not a new branch', async () => {
    using repository = emptyRepository();
    writeFileSync(join(repository.folder, '.git/refs/heads/main'), `${'a'.repeat(40)}\n`);
    expect(inShort(await repoIn(repository.folder).origin('HEAD', 'HEAD'))).toMatch(/^unknown: /);
  });

  test('in a folder that is no checkout', async () => {
    using repository = emptyRepository();
    repository.commit();
    rmSync(join(repository.folder, '.git'), { recursive: true });
    expect(inShort(await repoIn(repository.folder).origin('main', 'HEAD'))).toBe(
      'unknown: the workspace is no git checkout',
    );
  });

  test('in a folder that is not there', async () => {
    expect(inShort(await repoIn('/nowhere/at/all').origin('main', 'HEAD'))).toBe(
      'unknown: the workspace is not there',
    );
  });

  test('in a bare repository that lies in the workspace, as a pull request may put one there', async () => {
    using repository = emptyRepository();
    repository.git('init', '--quiet', '--bare', 'inner');
    expect(inShort(await repoIn(join(repository.folder, 'inner')).origin('main', 'HEAD'))).toBe(
      'unknown: the workspace is a bare repository, which has no files',
    );
  });

  test('without git', async () => {
    using repository = emptyRepository();
    vi.stubEnv('PATH', '/nowhere');
    try {
      expect(inShort(await repoIn(repository.folder).origin('main', 'HEAD'))).toBe(
        'unknown: git is not installed',
      );
    } finally {
      vi.unstubAllEnvs();
    }
  });

  test.skipIf(process.getuid?.() !== 0)('in a checkout of somebody else', async () => {
    using repository = emptyRepository();
    for (const path of ['.', '.git']) chownSync(join(repository.folder, path), 65534, 65534);
    vi.stubEnv('GIT_CONFIG_GLOBAL', '/dev/null');
    vi.stubEnv('GIT_CONFIG_NOSYSTEM', '1');
    try {
      const origin = await repoIn(repository.folder).origin('main', 'HEAD');
      expect(inShort(origin)).toMatch(/belongs to another user$/);
      expect(origin.kind === 'unknown' && plain(origin.advice)).toContain('safe.directory');
    } finally {
      vi.unstubAllEnvs();
    }
  });
});

describe('what a shallow clone lacks', () => {
  test('is unknown when it may not be fetched', async () => {
    const { repository, base, head } = pullRequest(0);
    using _ = repository;
    using clone = checkoutOf(repository, 'refs/pull/1/merge');
    const origin = await repoIn(clone.folder).origin(base, head);
    expect(inShort(origin)).toBe(
      `unknown: the clone is shallow and has no commit, branch or tag ${base} or ${head}`,
    );
    expect(origin.kind === 'unknown' && plain(origin.advice)).toContain('fetch-depth: 0');
  });

  test.each([
    ['a few commits', 0],
    ['more than the first step fetches', 60],
    ['more than the second step fetches', 600],
  ])('is fetched for a pull request of %s', async (_fact, commits) => {
    const { repository, fork, base, head, merge } = pullRequest(commits);
    using _ = repository;
    using clone = checkoutOf(repository, 'refs/pull/1/merge');
    const origin = await repoIn(clone.folder, { mayFetch: true }).origin(base, head);
    expect(origin).toEqual({ kind: 'found', commit: fork, head, others: [] });
    expect(clone.git('rev-parse', 'HEAD')).toBe(merge);
    expect(clone.git('for-each-ref', '--format=%(refname)')).toBe('refs/remotes/pull/1/merge');
    expect(clone.git('status', '--porcelain')).toBe('');
    // Only as much as it takes.
    expect(clone.git('rev-parse', '--is-shallow-repository')).toBe(commits === 600 ? 'false' : 'true');
  });

  test.each([
    ['a branch', 'main'],
    ['a branch of origin', 'origin/main'],
    ['a tag', 'v1'],
    ['a tag with a message', 'v2'],
  ])('is fetched by the name of %s', async (_what, name) => {
    const { repository, fork, merge } = pullRequest(0);
    using _ = repository;
    repository.git('tag', 'v1', fork);
    repository.git('tag', '-a', '-m', 'two', 'v2', fork);
    using clone = checkoutOf(repository, 'refs/pull/1/merge');
    const origin = await repoIn(clone.folder, { mayFetch: true }).origin(name, 'HEAD');
    // The merge commit has all of main in it.
    const base = name.endsWith('main') ? repository.git('rev-parse', 'main') : fork;
    expect(origin).toEqual({ kind: 'found', commit: base, head: merge, others: [] });
  });

  test('is the commit before a push, as well', async () => {
    using repository = emptyRepository();
    const before = repository.commit();
    const after = repository.commit();
    using clone = checkoutOf(repository, 'main');
    expect(inShort(await repoIn(clone.folder).origin(before, after))).toMatch(/^unknown/);
    expect(inShort(await repoIn(clone.folder, { mayFetch: true }).origin(before, after))).toBe(before);
  });

  test('is where two commits part that are there', async () => {
    const { repository, fork, topic } = forked();
    using _ = repository;
    const main = repository.git('rev-parse', 'main');
    using clone = cloneOf(repository, '--depth=1', '--no-single-branch');
    const origin = await repoIn(clone.folder).origin(main, topic);
    expect(inShort(origin)).toBe(
      `unknown: the clone is shallow and doesn't reach back to where ${main} and ${topic} part`,
    );
    expect(inShort(await repoIn(clone.folder, { mayFetch: true }).origin(main, topic))).toBe(fork);
  });

  test('may be a later parting than the one that is there', async () => {
    using repository = emptyRepository();
    const first = repository.commit({ a: '1' });
    const second = repository.commit({ a: '2' });
    // Both lines have the second commit far back, and the first one near by, through a merge of an old branch.
    for (const line of ['one', 'two']) {
      repository.git('checkout', '--quiet', '-b', line, second);
      for (let n = 0; n < 5; n += 1) repository.commit({ [line]: `${n}` });
      repository.git('checkout', '--quiet', '-b', `old-${line}`, first);
      repository.commit({ [`old-${line}`]: '1' });
      repository.git('checkout', '--quiet', line);
      repository.git('merge', '--quiet', '-m', 'merge', `old-${line}`);
    }
    using clone = cloneOf(repository, '--depth=3', '--no-single-branch');
    expect(clone.git('merge-base', 'origin/one', 'origin/two')).toBe(first);
    expect(inShort(await repoIn(clone.folder).origin('origin/one', 'origin/two'))).toMatch(/^unknown/);
    const origin = await repoIn(clone.folder, { mayFetch: true }).origin('origin/one', 'origin/two');
    expect(inShort(origin)).toBe(second);
  });

  test('is fetched into a complete clone without making it a shallow one', async () => {
    const { repository, fork, topic } = forked();
    using _ = repository;
    using clone = cloneOf(repository, '--single-branch', '--branch=main');
    repository.git('checkout', '--quiet', 'topic');
    const newer = repository.commit();
    repository.git('config', 'uploadpack.allowAnySHA1InWant', 'true');
    expect(inShort(await repoIn(clone.folder).origin('main', topic))).toMatch(/^unknown/);
    expect(inShort(await repoIn(clone.folder, { mayFetch: true }).origin('main', newer))).toBe(fork);
    expect(clone.git('rev-parse', '--is-shallow-repository')).toBe('false');
  });
});

describe('a fetch that fails says why:', () => {
  test.each([
    ['a commit that is gone', 'a'.repeat(40), /origin has no such commit \(any more\)/],
    ['a branch that is gone', 'nowhere', /neither the clone nor origin has a commit, branch or tag nowhere/],
  ])('%s', async (_what, base, said) => {
    const { repository } = pullRequest(0);
    using _ = repository;
    using clone = checkoutOf(repository, 'refs/pull/1/merge');
    expect(inShort(await repoIn(clone.folder, { mayFetch: true }).origin(base, 'HEAD'))).toMatch(said);
  });

  test.each([
    ['there is no origin', undefined, /no repository origin to fetch from/],
    ['origin is gone', 'file:///nowhere', /no repository origin to fetch from/],
    ['nothing listens', 'http://127.0.0.1:9/', /origin can't be reached/],
    ['the address is a program', 'ext::sh -c "touch ran"', /of a kind that the guardian doesn't use/],
    ['the address is of git itself', 'git://127.0.0.1/', /of a kind that the guardian doesn't use/],
  ])('%s', async (_fact, url, said) => {
    using repository = emptyRepository();
    repository.commit();
    if (url !== undefined) repository.git('remote', 'add', 'origin', url);
    const origin = await repoIn(repository.folder, { mayFetch: true }).origin('nowhere', 'HEAD');
    expect(inShort(origin)).toMatch(said);
  });

  test('the server asks for a password', async () => {
    await using server = await listen((socket) => {
      socket.end(
        'HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: Basic realm="x"\r\nContent-Length: 0\r\n\r\n',
      );
    });
    using repository = emptyRepository();
    repository.commit();
    repository.git('remote', 'add', 'origin', `http://127.0.0.1:${server.port}/`);
    const origin = await repoIn(repository.folder, { mayFetch: true }).origin('nowhere', 'HEAD');
    expect(inShort(origin)).toMatch(/^unknown: origin refuses us/);
  });

  test('the server says nothing in time', async () => {
    await using server = await listen(() => undefined);
    using repository = emptyRepository();
    repository.commit();
    repository.git('remote', 'add', 'origin', `http://127.0.0.1:${server.port}/`);
    const started = performance.now();
    const origin = await repoIn(repository.folder, { mayFetch: true, timeout: 700 }).origin(
      'nowhere',
      'HEAD',
    );
    expect(inShort(origin)).toBe('unknown: the missing history could not be fetched within 700 ms');
    expect(performance.now() - started).toBeLessThan(3000);
  });

  test('origin is shallow itself', async () => {
    const { repository } = forked();
    using _ = repository;
    using middle = cloneOf(repository, '--depth=1', '--no-single-branch');
    middle.git('branch', 'topic', 'origin/topic');
    using clone = cloneOf(middle, '--depth=1', '--no-single-branch');
    const origin = await repoIn(clone.folder, { mayFetch: true }).origin('origin/main', 'origin/topic');
    expect(inShort(origin)).toMatch(/^unknown: origin is itself shallow/);
  });
});
