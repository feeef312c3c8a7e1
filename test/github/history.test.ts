import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { emptyRepository, type TestRepository } from '../contract/support/repository.ts';
import { ask, type Sent } from './client.ts';
import { startGitHub, type TestGitHub } from './server.ts';

const RAW: Sent = { accept: 'application/vnd.github.v3.raw' };

async function pushed(repository: TestRepository): Promise<TestGitHub> {
  return startGitHub({ history: repository.folder });
}

describe('a comparison', () => {
  test('tells the merge base, and pages its commits but not its files', async () => {
    using repository = emptyRepository();
    const fork = repository.commit({ a: '1' });
    repository.git('checkout', '--quiet', '-b', 'topic/#1');
    const commits = [repository.commit({ b: '1' }), repository.commit({ c: '1' })];
    repository.git('checkout', '--quiet', 'main');
    const base = repository.commit({ a: '2' });
    await using github = await pushed(repository);
    const path = `/compare/main...${encodeURIComponent('topic/#1')}`;
    const first = await ask(github, 'GET', `${path}?per_page=1`);
    expect(first.body).toMatchObject({
      ...{ status: 'diverged', ahead_by: 2, behind_by: 1, total_commits: 2 },
      base_commit: { sha: base },
      merge_base_commit: { sha: fork },
      commits: [{ sha: commits[0] }],
      files: [
        { filename: 'b', status: 'added' },
        { filename: 'c', status: 'added' },
      ],
    });
    expect(first.headers.get('link')).toContain('page=2>; rel="next"');
    const second = await ask(github, 'GET', `${path}?per_page=1&page=2`);
    expect(second.body).toMatchObject({ commits: [{ sha: commits[1] }], files: [] });
  });

  test('lists 300 files at the most', async () => {
    using repository = emptyRepository();
    const base = repository.commit();
    repository.commit(Object.fromEntries(Array.from({ length: 301 }, (_, n) => [`f${n}`, `${n}`])));
    await using github = await pushed(repository);
    const { body } = await ask(github, 'GET', `/compare/${base}...main?per_page=1`);
    expect(body).toMatchObject({ files: { length: 300 } });
    const commit = await ask(github, 'GET', '/commits/main');
    expect(commit.body).toMatchObject({ files: { length: 300 } });
    const next = /<([^>]+)>; rel="next"/.exec(commit.headers.get('link') ?? '')?.[1] ?? '';
    expect((await ask(github, 'GET', next)).body).toMatchObject({ files: { length: 1 } });
  });

  test('of what is not there, or has nothing in common, is not found', async () => {
    using repository = emptyRepository();
    repository.commit();
    repository.git('checkout', '--quiet', '--orphan', 'other');
    repository.commit({ b: '1' });
    await using github = await pushed(repository);
    expect(await ask(github, 'GET', '/compare/main...nowhere')).toMatchObject({ status: 404 });
    expect(await ask(github, 'GET', '/compare/main...other')).toMatchObject({
      status: 404,
      body: { message: 'No common ancestor between main and other.' },
    });
  });
});

describe('commits', () => {
  test('of a path are listed from the newest on', async () => {
    using repository = emptyRepository();
    const [first, , third] = [{ a: '1' }, { b: '1' }, { a: '2' }].map((files) => repository.commit(files));
    await using github = await pushed(repository);
    const all = await ask(github, 'GET', `/commits?path=a&sha=${third}`);
    expect(all.body).toMatchObject([{ sha: third }, { sha: first, parents: [] }]);
    const one = await ask(github, 'GET', '/commits?path=a&per_page=1');
    expect(one.body).toMatchObject([{ sha: third }]);
    expect(one.headers.get('link')).toContain('rel="next"');
    expect((await ask(github, 'GET', '/commits?path=none')).body).toEqual([]);
  });

  test('have a name that can be had alone, HEAD being that of the default branch', async () => {
    using repository = emptyRepository();
    const main = repository.commit();
    repository.git('checkout', '--quiet', '-b', 'topic');
    repository.commit();
    await using github = await pushed(repository);
    const accept = 'application/vnd.github.sha';
    const head = await ask(github, 'GET', '/commits/HEAD', { accept });
    expect(head).toMatchObject({ status: 200, body: main });
    const nowhere = await ask(github, 'GET', '/commits/nowhere', { accept });
    expect(nowhere).toMatchObject({ status: 422, body: { message: 'No commit found for SHA: nowhere' } });
  });
});

describe('contents', () => {
  test('of files are as they are, links to files being followed', async () => {
    using repository = emptyRepository();
    repository.write('sub/a b', '1');
    symlinkSync('a b', join(repository.folder, 'sub/link'));
    const commit = repository.commit();
    await using github = await pushed(repository);
    for (const path of ['sub%2Fa%20b', 'sub%2Flink']) {
      const { headers, body } = await ask(github, 'GET', `/contents/${path}?ref=${commit}`, RAW);
      expect([headers.get('content-type'), body]).toEqual(['application/vnd.github.raw; charset=utf-8', '1']);
    }
  });

  test('of anything else are described', async () => {
    using repository = emptyRepository();
    repository.write('sub/a', '1');
    symlinkSync('sub', join(repository.folder, 'way'));
    repository.git('update-index', '--add', '--cacheinfo', `160000,${'a'.repeat(40)},module`);
    repository.git('add', 'sub', 'way');
    repository.git('commit', '--quiet', '-m', 'odd');
    await using github = await pushed(repository);
    const get = async (path: string) => (await ask(github, 'GET', `/contents/${path}`, RAW)).body;
    expect(await get('sub')).toMatchObject([{ path: 'sub/a', type: 'file', size: 1 }]);
    expect(await get('way')).toMatchObject({ type: 'symlink', target: 'sub' });
    expect(await get('module')).toMatchObject({ type: 'submodule' });
    const tree = await ask(github, 'GET', '/git/trees/main');
    expect(tree.body).toMatchObject({
      tree: [
        { path: 'module', mode: '160000', type: 'commit' },
        { path: 'sub', mode: '040000', type: 'tree' },
        { path: 'way', mode: '120000', type: 'blob', size: 3 },
      ],
    });
  });

  test('that are not there are not found, be it the file, the commit or the tree', async () => {
    using repository = emptyRepository();
    repository.commit({ a: '1' });
    await using github = await pushed(repository);
    const paths = ['/contents/b', '/contents/a%2Fb', '/contents/a?ref=nowhere', '/git/trees/nowhere'];
    for (const path of paths) expect((await ask(github, 'GET', path, RAW)).status).toBe(404);
  });

  test('are not for every token, and there may be none yet', async () => {
    using repository = emptyRepository();
    repository.commit({ a: '1' });
    const tokens = { poor: { permissions: { contents: 'none' } } } as const;
    await using github = await startGitHub({ history: repository.folder, tokens });
    const refused = await ask(github, 'GET', '/commits', { token: 'poor' });
    expect(refused.status).toBe(403);
    expect(refused.headers.get('x-accepted-github-permissions')).toBe('contents=read');
    await using empty = await startGitHub();
    expect(await ask(empty, 'GET', '/commits')).toMatchObject({ status: 409 });
  });
});
