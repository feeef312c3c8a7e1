import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { vouch } from '../../src/core/phrase.ts';
import { plain } from '../../src/core/plain.ts';
import { UsageError } from '../../src/faces/settings.ts';
import { refuseUnwritable, writeOver, writeWhole } from '../../src/faces/whole-file.ts';

function workspaceOf(): string {
  const folder = mkdtempSync(join(tmpdir(), 'guardian-whole-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** What the person is told when it is refused, else that it was written. */
function tried(work: () => void): string {
  try {
    work();
    return 'written';
  } catch (error) {
    if (error instanceof UsageError) return plain(error.said);
    throw error;
  }
}

const modeOf = (file: string) => statSync(file).mode & 0o7777;

describe('a file of the workspace', () => {
  test.each([0o644, 0o600, 0o755, 0o666])('keeps its mode, %o for one', (mode) => {
    const workspace = workspaceOf();
    const file = join(workspace, 'a.json');
    writeFileSync(file, 'old');
    chmodSync(file, mode);
    writeOver('new', vouch('a.json'), workspace);
    expect(readFileSync(file, 'utf8')).toBe('new');
    expect(modeOf(file)).toBe(mode);
    expect(readdirSync(workspace)).toEqual(['a.json']);
  });

  test('that is new has the mode of new files, and its folders are made', () => {
    const workspace = workspaceOf();
    writeOver(Buffer.from([0xff, 0]), vouch('a/b/c.json'), workspace);
    const file = join(workspace, 'a/b/c.json');
    expect(readFileSync(file)).toEqual(Buffer.from([0xff, 0]));
    expect(modeOf(file)).toBe(0o666 & ~process.umask());
  });

  test('may be reached through a folder that is a link within the workspace', () => {
    const workspace = workspaceOf();
    mkdirSync(join(workspace, 'real'));
    symlinkSync('real', join(workspace, 'link'));
    writeOver('new', vouch('link/a.json'), workspace);
    expect(readFileSync(join(workspace, 'real/a.json'), 'utf8')).toBe('new');
  });

  test.each<[string, (workspace: string, outside: string) => void, string]>([
    [
      'a link out of the workspace',
      (workspace, outside) => symlinkSync(join(outside, 'a.json'), join(workspace, 'a.json')),
      'is no regular file',
    ],
    [
      'a link within it',
      (workspace) => symlinkSync('b.json', join(workspace, 'a.json')),
      'is no regular file',
    ],
    ['a folder', (workspace) => mkdirSync(join(workspace, 'a.json')), 'is no regular file'],
  ])('is not written through %s', (_what, prepare, said) => {
    const [workspace, outside] = [workspaceOf(), workspaceOf()];
    prepare(workspace, outside);
    const before = readdirSync(workspace);
    expect(tried(() => writeOver('new', vouch('a.json'), workspace))).toBe(`a.json ${said}`);
    expect(tried(() => refuseUnwritable(vouch('a.json'), workspace))).toBe(`a.json ${said}`);
    expect([readdirSync(workspace), readdirSync(outside)]).toEqual([before, []]);
  });

  test.each(['a.json', 'new/a.json'])('is not written through a folder that leads out (%s)', (path) => {
    const [workspace, outside] = [workspaceOf(), workspaceOf()];
    symlinkSync(outside, join(workspace, 'out'));
    expect(tried(() => writeOver('new', vouch(`out/${path}`), workspace))).toBe(
      `out/${path} cannot be written (a link leads out of the workspace)`,
    );
    expect(readdirSync(outside)).toEqual([]);
  });

  test('that can be written is left as it is by looking', () => {
    const workspace = workspaceOf();
    writeFileSync(join(workspace, 'a.json'), 'old');
    refuseUnwritable(vouch('a.json'), workspace);
    expect(readFileSync(join(workspace, 'a.json'), 'utf8')).toBe('old');
    expect(readdirSync(workspace)).toEqual(['a.json']);
  });
});

describe('a file for its owner alone', () => {
  const targetOf = (workspace: string, force: boolean) => ({
    path: vouch('a.json'),
    file: join(workspace, 'a.json'),
    force,
  });

  test('is so, whatever was there', () => {
    const workspace = workspaceOf();
    writeFileSync(join(workspace, 'a.json'), 'old', { mode: 0o644 });
    expect(tried(() => writeWhole('new', targetOf(workspace, false)))).toBe('a.json exists already');
    expect(readFileSync(join(workspace, 'a.json'), 'utf8')).toBe('old');
    writeWhole('new', targetOf(workspace, true));
    expect(modeOf(join(workspace, 'a.json'))).toBe(0o600);
    expect(readdirSync(workspace)).toEqual(['a.json']);
  });

  test('is never written through a link', () => {
    const workspace = workspaceOf();
    symlinkSync('b.json', join(workspace, 'a.json'));
    expect(tried(() => writeWhole('new', targetOf(workspace, true)))).toBe('a.json is no regular file');
    expect(readlinkSync(join(workspace, 'a.json'))).toBe('b.json');
    expect(readdirSync(workspace)).toEqual(['a.json']);
  });
});
