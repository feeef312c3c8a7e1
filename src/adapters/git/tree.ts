import { posix } from 'node:path';
import { BUILT_IN } from '../../core/finding.ts';
import { type Known, vouch } from '../../core/phrase.ts';
import type { Commit, FileContent, Files, FolderContent } from '../../core/ports.ts';
import { isWhole } from './names.ts';
import type { Git, Outcome } from './program.ts';

/** Bytes. A schema or a fallback of this size is none. */
export const LARGEST = 64 * 1024 ** 2;

/** See `Repo.at`. Links are not followed: what they pointed to then may not be what the name says. */
export function filesAt(git: Git, commit: Commit): Files {
  return {
    async read(path) {
      if (path.startsWith(BUILT_IN)) return { kind: 'missing' };
      if (path.includes('\0')) return unreadable(vouch('no file can have this name'));
      // A slash at its end would ask for what is in a folder.
      const file = posix.normalize(path).replace(/(?<=.)\/+$/, '');
      if (file === '.') return unreadable(IS.tree);
      const listed = await git.run(['ls-tree', '-z', '-l', commit, '--', file]);
      if (!succeeded(listed)) return unreadable(whyNot(listed));
      const entry = entriesOf(listed.stdout)[0];
      if (entry === undefined) return notThere(git, commit, file);
      const odd = oddity(entry);
      if (odd !== undefined) return unreadable(odd);
      if (entry.size > LARGEST) return unreadable(vouch('it is larger than 64 MiB'));
      const content = await git.run(['cat-file', 'blob', entry.object], { most: LARGEST });
      return succeeded(content) ? { kind: 'read', bytes: content.stdout } : unreadable(whyNot(content));
    },
    async list(folder) {
      if (folder.startsWith(BUILT_IN) || folder.includes('\0')) return { kind: 'missing' };
      const place = posix.normalize(folder).replace(/(?<=.)\/+$/, '');
      const listed = await git.run([
        'ls-tree',
        '-z',
        '-l',
        commit,
        '--',
        ...(place === '.' ? [] : [`${place}/`]),
      ]);
      if (!succeeded(listed)) return { kind: 'unreadable', why: whyNot(listed) };
      // A submodule answers for what is in it.
      const isInside = (path: string) => place === '.' || path.startsWith(`${place}/`);
      const files = entriesOf(listed.stdout).filter(({ mode, path }) => mode !== '040000' && isInside(path));
      if (files.length === 0) return place === '.' ? { kind: 'missing' } : noFolder(git, commit, place);
      return { kind: 'listed', paths: files.map(({ path }) => vouch(path)).sort() };
    },
  };
}

const IS = {
  tree: vouch('it is a folder'),
  link: vouch('it is a symbolic link'),
  submodule: vouch('it is a submodule'),
};

interface Entry {
  readonly mode: string;
  readonly object: string;
  /** Bytes; NaN for what has no size. */
  readonly size: number;
  readonly path: string;
}

/** `mode type object size`, a tab, the path, NUL. */
function entriesOf(listed: Buffer): readonly Entry[] {
  return listed
    .toString()
    .split('\0')
    .flatMap((line) => {
      const [, mode, object, size, path] = /^(\d+) \w+ (\w+) +(\S+)\t(.*)$/s.exec(line) ?? [];
      if (mode === undefined || object === undefined || path === undefined || !isWhole(object)) return [];
      return [{ mode, object, size: Number(size), path }];
    });
}

function oddity({ mode }: Pick<Entry, 'mode'>): Known | undefined {
  switch (mode) {
    case '040000':
      return IS.tree;
    case '120000':
      return IS.link;
    case '160000':
      return IS.submodule;
    default:
      return undefined;
  }
}

/** What a folder was when nothing is listed in it. An empty one is none to git. */
async function noFolder(git: Git, commit: Commit, place: string): Promise<FolderContent> {
  const content = await notThere(git, commit, `${place}/-`);
  if (content.kind === 'unreadable') return content;
  const listed = await git.run(['ls-tree', '-z', '-l', commit, '--', place]);
  if (!succeeded(listed)) return { kind: 'unreadable', why: whyNot(listed) };
  const isFile = entriesOf(listed.stdout).some(({ mode }) => mode !== '040000');
  return isFile ? { kind: 'unreadable', why: vouch('it is no folder') } : { kind: 'missing' };
}

/** What lies behind a link or in a submodule is not missing: it is only not in this tree. */
async function notThere(git: Git, commit: Commit, file: string): Promise<FileContent> {
  const steps = file.split('/').slice(0, -1);
  const folders = steps.map((_step, index) => steps.slice(0, index + 1).join('/'));
  const named = folders.filter((folder) => !/^(?:\.\.\/)*(?:\.\.)?$/.test(folder));
  if (named.length === 0) return { kind: 'missing' };
  const listed = await git.run(['ls-tree', '-z', '-l', commit, '--', ...named]);
  if (!succeeded(listed)) return unreadable(whyNot(listed));
  const modes = entriesOf(listed.stdout)
    .filter(({ path }) => named.includes(path))
    .map(({ mode }) => mode);
  if (modes.includes('120000')) return unreadable(vouch('it lies behind a symbolic link'));
  if (modes.includes('160000')) return unreadable(vouch('it lies in a submodule'));
  return { kind: 'missing' };
}

function unreadable(why: Known): FileContent {
  return { kind: 'unreadable', why };
}

function succeeded(outcome: Outcome): outcome is Extract<Outcome, { kind: 'ended' }> {
  return outcome.kind === 'ended' && outcome.code === 0;
}

function whyNot(outcome: Outcome): Known {
  if (outcome.kind === 'not-started') return vouch('git is not installed');
  if (outcome.kind === 'cut') return vouch('git did not answer in time');
  if (/is outside repository/.test(outcome.stderr)) return vouch('it is outside the repository');
  return vouch('the checkout lacks this part of its history');
}
