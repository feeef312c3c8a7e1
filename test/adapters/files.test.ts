import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { workspaceFiles } from '../../src/adapters/files.ts';
import { BUILT_IN } from '../../src/core/finding.ts';
import { vouch } from '../../src/core/phrase.ts';
import type { FileContent } from '../../src/core/ports.ts';

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
