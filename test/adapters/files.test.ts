import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { workspaceFiles } from '../../src/adapters/files.ts';
import { BUILT_IN } from '../../src/core/finding.ts';
import { vouch } from '../../src/core/phrase.ts';
import type { FileContent, FolderContent } from '../../src/core/ports.ts';

const root = mkdtempSync(join(tmpdir(), 'guardian-files-'));
const [workspace, own] = [join(root, 'workspace'), join(root, 'own')];
const files = workspaceFiles(workspace, own);

beforeAll(() => {
  for (const folder of [workspace, own, join(workspace, 'debug')]) mkdirSync(folder);
  writeFileSync(join(workspace, 'debug/a.json'), '{"in": "workspace"}');
  writeFileSync(join(own, 'a.json'), '{"in": "own"}');
  writeFileSync(join(workspace, 'bytes'), Uint8Array.from([0xef, 0xbb, 0xbf, 0xff, 0]));
  writeFileSync(join(workspace, 'empty'), '');
  symlinkSync('debug/a.json', join(workspace, 'link'));
  symlinkSync('../own/a.json', join(workspace, 'way-out'));
  symlinkSync('../own', join(workspace, 'way-out-folder'));
  symlinkSync('loop', join(workspace, 'loop'));
  symlinkSync('nowhere', join(workspace, 'dangling'));
  spawnSync('mkfifo', [join(workspace, 'pipe')]);
  for (const folder of [workspace, own]) {
    mkdirSync(join(folder, 'cases/old'), { recursive: true });
    writeFileSync(join(folder, 'cases/old/c.json'), '');
    writeFileSync(join(folder, 'cases/b.json'), '');
    writeFileSync(join(folder, 'cases/a.json'), '');
  }
  mkdirSync(join(workspace, 'nothing'));
  mkdirSync(join(workspace, 'links'));
  symlinkSync('../cases', join(workspace, 'links/folder'));
  symlinkSync('../cases/a.json', join(workspace, 'links/a.json'));
  symlinkSync('../../own/a.json', join(workspace, 'links/out.json'));
  symlinkSync('nowhere', join(workspace, 'links/dangling.json'));
  symlinkSync('cases', join(workspace, 'way'));
  writeFileSync(join(workspace, 'large'), '');
  // It has holes only, and takes no room.
  truncateSync(join(workspace, 'large'), 64 * 1024 ** 2 + 1);
});

afterAll(() => {
  rmSync(root, { recursive: true, force: true });
});

async function read(path: string): Promise<string> {
  const content: FileContent = await files.read(vouch(path));
  switch (content.kind) {
    case 'read':
      return Buffer.from(content.bytes).toString('latin1');
    case 'missing':
      return 'missing';
    case 'unreadable':
      return `unreadable: ${content.why}`;
  }
}

describe('a file is read', () => {
  test.each([
    ['relative to the workspace', 'debug/a.json', '{"in": "workspace"}'],
    ['from where the guardian is, when it ships with it', `${BUILT_IN}a.json`, '{"in": "own"}'],
    ['by its whole path', join(own, 'a.json'), '{"in": "own"}'],
    ['through a link', 'link', '{"in": "workspace"}'],
    ['byte by byte', 'bytes', '\xef\xbb\xbf\xff\0'],
    ['when it is empty', 'empty', ''],
  ])('%s', async (_fact, path, content) => {
    expect(await read(path)).toBe(content);
  });
});

describe('a file is missing', () => {
  test.each([
    ['that is not there', 'debug/b.json'],
    ['in a folder that is not there', 'nowhere/b.json'],
    ['in a folder that is a file', 'debug/a.json/b.json'],
    ['that a link misses', 'dangling'],
    ['that does not ship with the guardian', `${BUILT_IN}b.json`],
    ['that ships only', 'a.json'],
  ])('%s', async (_fact, path) => {
    expect(await read(path)).toBe('missing');
  });
});

describe('a file that is there but cannot be read is not missing:', () => {
  test.each([
    ['a folder', 'debug', 'it is a folder'],
    ['a device', '/dev/zero', 'it is no regular file'],
    ['a pipe, which would be waited for', 'pipe', 'it is no regular file'],
    ['more than any schema or fallback holds', 'large', 'it is larger than 64 MiB'],
    ['a link to itself', 'loop', 'ELOOP'],
    ['a link out of the workspace', 'way-out', 'a link leads out of the workspace'],
    ['what lies behind one', 'way-out-folder/a.json', 'a link leads out of the workspace'],
    ['a name that is too long', 'a'.repeat(5000), 'ENAMETOOLONG'],
    ['a name that no file can have', 'a\0b', 'ERR_INVALID_ARG_VALUE'],
  ])('%s', async (_fact, path, why) => {
    expect(await read(path)).toBe(`unreadable: ${why}`);
  });
});

async function list(path: string): Promise<readonly string[] | string> {
  const content: FolderContent = await files.list(vouch(path));
  switch (content.kind) {
    case 'listed':
      return content.paths;
    case 'missing':
      return 'missing';
    case 'unreadable':
      return `unreadable: ${content.why}`;
  }
}

describe('the files right in a folder are listed by name', () => {
  test.each([
    ['relative to the workspace', 'cases'],
    ['from where the guardian is, when they ship with it', `${BUILT_IN}cases`],
    ['by their whole path', join(own, 'cases')],
    ['through a link', 'way'],
  ])('%s', async (_fact, folder) => {
    const paths = [`${folder}/a.json`, `${folder}/b.json`];
    expect(await list(folder)).toEqual(paths);
    for (const path of paths) expect(await read(path)).toBe('');
  });

  test('of which there may be none', async () => {
    expect(await list('nothing')).toEqual([]);
  });

  test('and links with them, wherever they lead', async () => {
    const names = ['a.json', 'dangling.json', 'folder', 'out.json'];
    expect(await list('links')).toEqual(names.map((name) => `links/${name}`));
    expect(await Promise.all(names.map((name) => read(`links/${name}`)))).toEqual([
      '',
      'missing',
      'unreadable: it is a folder',
      'unreadable: a link leads out of the workspace',
    ]);
  });
});

describe('a folder is missing', () => {
  test.each([
    ['that is not there', 'cases/new'],
    ['in a folder that is a file', 'cases/a.json/b'],
    ['that a link misses', 'dangling'],
    ['that does not ship with the guardian', `${BUILT_IN}debug`],
  ])('%s', async (_fact, folder) => {
    expect(await list(folder)).toBe('missing');
  });
});

describe('a folder that is there but cannot be listed is not missing:', () => {
  test.each([
    ['a link to itself', 'loop', 'ELOOP'],
    ['a file', 'cases/a.json', 'it is no folder'],
    ['a link out of the workspace', 'way-out-folder', 'a link leads out of the workspace'],
    ['what lies behind one', 'way-out-folder/cases', 'a link leads out of the workspace'],
    ['a name that is too long', 'a'.repeat(5000), 'ENAMETOOLONG'],
    ['a name that no folder can have', 'a\0b', 'ERR_INVALID_ARG_VALUE'],
  ])('%s', async (_fact, folder, why) => {
    expect(await list(folder)).toBe(`unreadable: ${why}`);
  });
});
