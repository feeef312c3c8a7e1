import { mkdirSync, renameSync, rmSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { BUILT_IN } from '../../src/core/finding.ts';
import { vouch } from '../../src/core/phrase.ts';
import type { Repo } from '../../src/core/ports.ts';
import { held, repoIn, texts } from './support/history.ts';
import { LAYERED, ODD_NAMES, RELATIVE_PATHS, WHY_ODD, withOddThings } from './support/odd-things.ts';
import { BEGINNING, cloneOf, emptyRepository } from './support/repository.ts';

/** Twenty lines, so that a change of one leaves most as it was. */
function lines(first: string): string {
  return [first, ...Array.from({ length: 20 }, (_, n) => `line ${n}`), ''].join('\n');
}

describe('a file is read as it was', () => {
  test('at a commit, whatever has become of it since', async () => {
    using repository = emptyRepository();
    const [first, second] = [
      repository.commit({ 'debug/a.json': '1' }),
      repository.commit({ 'debug/a.json': '2' }),
    ];
    rmSync(join(repository.folder, 'debug/a.json'));
    repository.commit();
    const repo = repoIn(repository.folder);
    expect(await held(repo, first, 'debug/a.json')).toBe('1');
    expect(await held(repo, second, 'debug/a.json')).toBe('2');
  });

  test.each(ODD_NAMES)('with %s in its name', async (_what, path) => {
    using repository = emptyRepository();
    const commit = repository.commit({ [path]: 'this', other: 'another' });
    expect(await held(repoIn(repository.folder), commit, path)).toBe('this');
  });

  test.each(RELATIVE_PATHS)(
    'relative to the workspace, a folder of the repository: %s',
    async (path, text) => {
      using repository = emptyRepository();
      const commit = repository.commit(LAYERED);
      expect(await held(repoIn(join(repository.folder, 'services/mail')), commit, path)).toBe(text);
    },
  );

  test('byte by byte', async () => {
    using repository = emptyRepository();
    const commit = repository.commit({ crlf: '\ufeffa\r\n\0', empty: '' });
    expect(await held(repoIn(repository.folder), commit, 'crlf')).toBe('\xef\xbb\xbfa\r\n\0');
    expect(await held(repoIn(repository.folder), commit, 'empty')).toBe('');
  });
});

describe('a file is missing', () => {
  test.each([
    ['that was not there yet', 'later'],
    ['in a folder that was not there', 'nowhere/a'],
    ['in a file', 'a/b'],
    ['that ships with the guardian, and has no history', `${BUILT_IN}a`],
  ])('%s', async (_fact, path) => {
    using repository = emptyRepository();
    const commit = repository.commit({ a: '1' });
    repository.commit({ later: '1' });
    expect(await held(repoIn(repository.folder), commit, path)).toBe('missing');
  });
});

describe('what is there but can not be read is not missing:', () => {
  test('folders, links, submodules, large files, and what lies behind', async () => {
    const { repository, commit } = withOddThings();
    using _ = repository;
    for (const [path, why] of Object.entries(WHY_ODD)) {
      expect(await held(repoIn(repository.folder), commit, path), path).toBe(`unreadable: ${why}`);
    }
  });

  test('a commit that is not in the clone', async () => {
    using repository = emptyRepository();
    repository.commit({ a: '1' });
    const why = 'unreadable: the checkout lacks this part of its history';
    expect(await held(repoIn(repository.folder), 'a'.repeat(40), 'a')).toBe(why);
  });

  test('a file that a partial clone left out, unless it may be fetched', async () => {
    using repository = emptyRepository();
    const commit = repository.commit({ a: '1' });
    repository.commit({ a: '2' });
    repository.git('config', 'uploadpack.allowFilter', 'true');
    repository.git('config', 'uploadpack.allowAnySHA1InWant', 'true');
    using clone = cloneOf(repository, '--filter=blob:none');
    const why = 'unreadable: the checkout lacks this part of its history';
    expect(await held(repoIn(clone.folder), commit, 'a')).toBe(why);
    expect(await held(repoIn(clone.folder, { mayFetch: true }), commit, 'a')).toBe('1');
  });

  test('what is no whole name of a commit is no answer at all', () => {
    for (const name of ['HEAD', '--help', 'abc', '']) {
      expect(() => repoIn('/').at(vouch(name))).toThrow('not the whole name of a commit');
    }
  });
});

describe('a folder is listed as it was', () => {
  test('at a commit: the files right in it, by name', async () => {
    using repository = emptyRepository();
    const first = repository.commit({ 'cases/b.json': '1', 'cases/a.json': '1', 'cases/old/c.json': '1' });
    const second = repository.commit({ 'cases/d.json': '1', cases2: '1' });
    const repo = repoIn(repository.folder);
    expect(await listed(repo, first, 'cases')).toEqual(['cases/a.json', 'cases/b.json']);
    expect(await listed(repo, second, 'cases')).toEqual(['cases/a.json', 'cases/b.json', 'cases/d.json']);
    expect(await listed(repo, second, '.')).toEqual(['cases2']);
  });

  test.each([
    ['b', ['b/c']],
    ['../..', ['../../a']],
    ['.', ['a']],
  ])('relative to the workspace, a folder of the repository: %s', async (folder, paths) => {
    using repository = emptyRepository();
    const commit = repository.commit(LAYERED);
    const repo = repoIn(join(repository.folder, 'services/mail'));
    expect(await listed(repo, commit, folder)).toEqual(paths);
    for (const path of paths) expect(await held(repo, commit, path)).not.toBe('missing');
  });

  test.each(ODD_NAMES)('with %s in a name', async (_what, name) => {
    using repository = emptyRepository();
    const path = `${name}/${name.replace('/', '')}`;
    const commit = repository.commit({ [path]: 'this', other: 'another' });
    expect(await listed(repoIn(repository.folder), commit, name)).toEqual([path]);
  });

  test('with what is there and no file, which can not be read', async () => {
    const { repository, commit } = withOddThings();
    using _ = repository;
    const repo = repoIn(repository.folder);
    expect(await listed(repo, commit, '.')).toEqual(['file', 'large', 'link', 'module', 'way']);
  });

  test.each([
    ['that was not there yet', 'later'],
    ['in a file', 'a/b'],
    ['that no folder can be', 'a\0b'],
    ['that ships with the guardian, and has no history', `${BUILT_IN}schemas`],
  ])('missing is one %s', async (_fact, folder) => {
    using repository = emptyRepository();
    const commit = repository.commit({ a: '1' });
    repository.commit({ 'later/a': '1' });
    expect(await listed(repoIn(repository.folder), commit, folder)).toBe('missing');
  });

  test('unless nobody can tell, which is not missing', async () => {
    using repository = emptyRepository();
    const commit = repository.commit({ a: '1' });
    const repo = repoIn(repository.folder);
    const why = 'unreadable: the checkout lacks this part of its history';
    expect(await listed(repo, commit, 'a')).toBe('unreadable: it is no folder');
    expect(await listed(repo, 'a'.repeat(40), 'cases')).toBe(why);
    expect(await listed(repo, commit, '../cases')).toBe('unreadable: it is outside the repository');
  });
});

async function listed(repo: Repo, commit: string, folder: string): Promise<readonly string[] | string> {
  const content = await repo.at(vouch(commit)).list(vouch(folder));
  if (content.kind === 'listed') return content.paths;
  return content.kind === 'missing' ? 'missing' : `unreadable: ${content.why}`;
}

describe('a file has been renamed', () => {
  async function renames(workspace: string, since: string): Promise<Readonly<Record<string, string>>> {
    return Object.fromEntries(await repoIn(workspace).renamedSince(vouch(since)));
  }

  test('and committed, and changed a little', async () => {
    using repository = emptyRepository();
    const since = repository.commit({ 'debug/a.json': lines('1'), other: 'x' });
    repository.git('mv', 'debug/a.json', 'b.json');
    repository.commit({ 'b.json': lines('2') });
    expect(await renames(repository.folder, since)).toEqual({ 'b.json': 'debug/a.json' });
  });

  test('and not committed yet', async () => {
    using repository = emptyRepository();
    const since = repository.commit({ a: lines('1') });
    repository.git('mv', 'a', 'b');
    expect(await renames(repository.folder, since)).toEqual({ b: 'a' });
  });

  test('behind the back of git, which is left as it was', async () => {
    using repository = emptyRepository();
    repository.write('.gitignore', 'ignored\n');
    const since = repository.commit({ 'sub/a "é"\n': lines('1'), 'sub/-x': lines('x') });
    renameSync(join(repository.folder, 'sub/a "é"\n'), join(repository.folder, 'sub/b\nü'));
    renameSync(join(repository.folder, 'sub/-x'), join(repository.folder, 'ignored'));
    const objects = repository.git('count-objects', '-v');
    const before = repository.git('status', '--porcelain=v2', '-uall');
    expect(await renames(repository.folder, since)).toEqual({ 'sub/b\nü': 'sub/a "é"\n' });
    expect(await renames(join(repository.folder, 'sub'), since)).toEqual({ 'b\nü': 'a "é"\n' });
    expect(repository.git('status', '--porcelain=v2', '-uall')).toBe(before);
    expect(repository.git('count-objects', '-v')).toBe(objects);
  });

  test('by names relative to the workspace, and only there', async () => {
    using repository = emptyRepository();
    const since = repository.commit({ 'mail/a': lines('1'), 'web/a': lines('2') });
    repository.git('mv', 'mail/a', 'mail/b');
    repository.git('mv', 'web/a', 'web/b');
    repository.commit();
    expect(await renames(join(repository.folder, 'mail'), since)).toEqual({ b: 'a' });
  });

  test.each([
    ['when it was changed beyond recognition', 'a', 'b', 'nothing of it\n'],
    ['when it was copied', 'none', 'b', lines('1')],
    ['when it was changed only', 'none', 'a', lines('2')],
  ])('not %s', async (_fact, removed, written, text) => {
    using repository = emptyRepository();
    const since = repository.commit({ a: lines('1') });
    rmSync(join(repository.folder, removed), { force: true });
    repository.commit({ [written]: text });
    expect(await renames(repository.folder, since)).toEqual({});
  });

  test('since a commit that is not there, nobody can tell', async () => {
    using repository = emptyRepository();
    repository.commit({ a: '1' });
    await expect(renames(repository.folder, 'a'.repeat(40))).rejects.toMatchObject({ name: 'HistoryFault' });
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
    const last = repository.commit({ a: '1' });
    const found = await repoIn(repository.folder).versions(vouch('a'), vouch(last), 10);
    expect(texts(found)).toEqual(['1', '2', '1']);
    expect(found.isAll).toBe(true);
    expect(found.versions[0]?.commit).toBe(last);
    expect(found.versions.at(-1)?.at).toBe(BEGINNING * 1000);
  });

  test('end with the commit that is named', async () => {
    using repository = emptyRepository();
    repository.commit({ a: '1' });
    const upTo = repository.commit({ a: '2' });
    repository.commit({ a: '3' });
    expect(texts(await repoIn(repository.folder).versions(vouch('a'), vouch(upTo), 10))).toEqual(['2', '1']);
  });

  test('go on under the names that it had before, in other folders too', async () => {
    using repository = emptyRepository();
    repository.commit({ 'old/a\nb': lines('1') });
    repository.commit({ 'old/a\nb': lines('2') });
    mkdirSync(join(repository.folder, 'mail'));
    repository.git('mv', 'old/a\nb', 'mail/ü');
    repository.commit();
    repository.git('mv', 'mail/ü', 'mail/-c');
    const last = repository.commit({ 'mail/-c': lines('3') });
    const found = await repoIn(join(repository.folder, 'mail')).versions(vouch('-c'), vouch(last), 10);
    expect(texts(found)).toEqual(['3', '2', '1'].map(lines));
    expect(found.isAll).toBe(true);
  });

  test('do not begin with those of the file that it was copied from', async () => {
    using repository = emptyRepository();
    repository.commit({ a: lines('1') });
    repository.commit({ a: lines('2') });
    const last = repository.commit({ b: lines('2') });
    const found = await repoIn(repository.folder).versions(vouch('b'), vouch(last), 10);
    expect(texts(found)).toEqual([lines('2')]);
  });

  test('have gaps where it was deleted, or was no file', async () => {
    using repository = emptyRepository();
    repository.commit({ a: '1' });
    repository.git('rm', '--quiet', 'a');
    repository.commit();
    repository.commit({ 'a/inner': 'x' });
    repository.git('rm', '--quiet', '-r', 'a');
    const last = repository.commit({ a: '2' });
    const found = await repoIn(repository.folder).versions(vouch('a'), vouch(last), 10);
    expect(texts(found)).toEqual(['2', null, '1']);
    expect(found.isAll).toBe(true);
  });

  test('have what a merge has made of it', async () => {
    using repository = emptyRepository();
    repository.commit({ a: lines('1') });
    repository.git('checkout', '--quiet', '-b', 'side');
    repository.commit({ a: `${lines('1')}side\n` });
    repository.git('checkout', '--quiet', 'main');
    repository.commit({ a: lines('2') });
    repository.git('merge', '--quiet', '-m', 'merge', 'side');
    const last = repository.commit({ other: 'x' });
    const found = texts(await repoIn(repository.folder).versions(vouch('a'), vouch(last), 10));
    expect(found).toEqual([`${lines('2')}side\n`, lines('2'), `${lines('1')}side\n`, lines('1')]);
  });

  test.each([
    [1, ['3'], false],
    [2, ['3', '2'], false],
    [3, ['3', '2', '1'], true],
  ])('are bounded: of three, %i', async (most, expected, isAll) => {
    using repository = emptyRepository();
    repository.commit({ a: '1' });
    repository.commit({ a: '2' });
    const last = repository.commit({ a: '3' });
    const found = await repoIn(repository.folder).versions(vouch('a'), vouch(last), most);
    expect([texts(found), found.isAll]).toEqual([expected, isAll]);
  });

  test('may be more than a shallow clone knows', async () => {
    using repository = emptyRepository();
    for (const text of ['1', '2', '3']) repository.commit({ a: text });
    using clone = cloneOf(repository, '--depth=2');
    const last = vouch(clone.git('rev-parse', 'HEAD'));
    const found = await repoIn(clone.folder).versions(vouch('a'), last, 10);
    expect([texts(found), found.isAll]).toEqual([['3', '2'], false]);
  });

  test('are none of a file that never was', async () => {
    using repository = emptyRepository();
    const last = repository.commit({ a: '1' });
    for (const path of ['b', 'a/b', 'a\0', `${BUILT_IN}a`]) {
      const found = await repoIn(repository.folder).versions(vouch(path), vouch(last), 10);
      expect(found).toEqual({ versions: [], isAll: true });
    }
  });

  test('that are too large together end where they are', async () => {
    using repository = emptyRepository();
    for (const first of ['1', '2', '3']) {
      repository.write('a', first);
      truncateSync(join(repository.folder, 'a'), 30 * 1024 ** 2);
      repository.commit();
    }
    const last = vouch(repository.git('rev-parse', 'HEAD'));
    const found = await repoIn(repository.folder).versions(vouch('a'), last, 10);
    expect(found.isAll).toBe(false);
    expect(found.versions.map(({ bytes = [] }) => [bytes.length, bytes[0]])).toEqual([
      [30 * 1024 ** 2, 0x33],
      [30 * 1024 ** 2, 0x32],
    ]);
  });
});
