import { mkdirSync, symlinkSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { emptyRepository, type TestRepository } from './repository.ts';

/** Names of files that something on the way may take for something else. */
export const ODD_NAMES: readonly (readonly [what: string, name: string])[] = [
  ['a line break', 'a\nb'],
  ['quotes', `"a'b"`],
  ['other letters', 'été ☃ 火'],
  ['a dash before it', '-a'],
  ['an option in place of it', '--help'],
  ['what git takes for a pattern', '*'],
  ['what git takes for magic', ':(glob)**'],
  ['a colon before it', ':/a'],
  ['a backslash', 'a\\b'],
];

/** Paths in the workspace `services/mail`, and what is there in {@link LAYERED}. */
export const RELATIVE_PATHS = [
  ['a', 'of the workspace'],
  ['./a', 'of the workspace'],
  ['b/../a', 'of the workspace'],
  ['b//c', 'below'],
  ['../../a', 'of the root'],
] as const;

export const LAYERED = {
  a: 'of the root',
  'services/mail/a': 'of the workspace',
  'services/mail/b/c': 'below',
} as const;

/** A repository with all that is there and can't be read as a file. */
export function withOddThings(): { readonly repository: TestRepository; readonly commit: string } {
  const repository = emptyRepository();
  repository.commit({ 'folder/a': '1', file: '1' });
  symlinkSync('file', join(repository.folder, 'link'));
  symlinkSync('folder', join(repository.folder, 'way'));
  repository.write('large', '');
  truncateSync(join(repository.folder, 'large'), 64 * 1024 ** 2 + 1);
  mkdirSync(join(repository.folder, 'module'));
  repository.git('add', '--all');
  repository.git('update-index', '--add', '--cacheinfo', `160000,${'a'.repeat(40)},module`);
  repository.git('commit', '--quiet', '-m', 'odd');
  return { repository, commit: repository.git('rev-parse', 'HEAD') };
}

/** Why each of them is unreadable. */
export const WHY_ODD = {
  folder: 'it is a folder',
  'folder/': 'it is a folder',
  '.': 'it is a folder',
  link: 'it is a symbolic link',
  'way/a': 'it lies behind a symbolic link',
  module: 'it is a submodule',
  'module/a': 'it lies in a submodule',
  large: 'it is larger than 64 MiB',
  '../a': 'it is outside the repository',
  'a\0b': 'no file can have this name',
} as const;
