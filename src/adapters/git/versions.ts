import { posix } from 'node:path';
import type { Known } from '../../core/phrase.ts';
import type { Commit, Version, Versions } from '../../core/ports.ts';
import { faultOf, troubleOf } from './faults.ts';
import { type Change, changesIn, contentsIn, nameBefore } from './log.ts';
import { ask } from './names.ts';
import type { Git, Outcome } from './program.ts';
import { LARGEST } from './tree.ts';

/** See `Repo.versions`. Throws `HistoryFault`. */
export async function versionsOf(
  git: Git,
  here: () => Promise<Whereabouts>,
  path: Known,
  upTo: Commit | 'HEAD',
  most: number,
): Promise<Versions> {
  // No file ever had such a name, and git can't be asked for it.
  if (path.includes('\0')) return { versions: [], isAll: true };
  const { changes, isAll } = await changesOf(git, here, path, upTo, most + 1);
  // A rename, or a change of permissions, leaves the content of the change before.
  const distinct = changes.filter(
    ({ object }, index) => index === changes.length - 1 || object !== changes[index + 1]?.object,
  );
  const kept = distinct.slice(0, most);
  const contents = await contentsOf(git, kept);
  const versions: Version[] = [];
  for (const { commit, at, object } of kept) {
    const bytes = object === undefined ? undefined : contents.get(object);
    // What doesn't fit hides what is older too, so that the rest is a history without gaps.
    if (object !== undefined && bytes === undefined) return { versions, isAll: false };
    versions.push({ commit, at, ...(bytes === undefined ? {} : { bytes }) });
  }
  return { versions, isAll: isAll && kept.length === distinct.length };
}

export interface Whereabouts {
  /** History is missing. */
  readonly isShallow: boolean;
  /** The workspace's place in the repository: empty, or with a slash at its end. */
  readonly prefix: string;
}

interface Changes {
  readonly changes: readonly Change[];
  readonly isAll: boolean;
}

/**
 * The changes of a file, from name to name. `git log --follow` would do it alone, but it passes over what a merge has
 * made of a file, takes copies for renames and looks at every commit there is.
 */
async function changesOf(
  git: Git,
  whereabouts: () => Promise<Whereabouts>,
  path: string,
  upTo: Commit | 'HEAD',
  most: number,
): Promise<Changes> {
  const changes: Change[] = [];
  let [name, from]: [string, string] = [path, upTo];
  for (;;) {
    const [here, log] = await Promise.all([
      whereabouts(),
      git.run([
        ...['log', '-z', '--raw', '--no-abbrev', '--no-renames', '--no-follow', '-c', '--format=%H %ct'],
        ...['--no-ext-diff', '--no-textconv', '--no-show-signature', '--no-color', '--no-notes'],
        ...[`--max-count=${most - changes.length}`, from, '--', name],
      ]),
    ]);
    changes.push(...changesIn(soFar(git, log), posix.join(here.prefix, name)));
    if (log.kind === 'cut' || changes.length >= most) return { changes, isAll: false };
    const oldest = changes.at(-1);
    const then = oldest?.isFirst
      ? await formerName(git, oldest.commit, posix.join(here.prefix, name))
      : undefined;
    if (oldest === undefined || then === undefined) return { changes, isAll: !here.isShallow };
    [name, from] = [posix.relative(`/${here.prefix}`, `/${then}`), `${oldest.commit}^@`];
  }
}

/** The name that a file had before the commit that gave it its present one; both from the root of the repository. */
async function formerName(git: Git, commit: Commit, name: string): Promise<string | undefined> {
  const { stdout } = await ask(git, [
    ...[
      'diff-tree',
      '-z',
      '-r',
      '-m',
      '--no-commit-id',
      '--name-status',
      '--find-renames',
      '--diff-filter=R',
    ],
    ...['--no-ext-diff', '--no-textconv', '--no-color', commit],
  ]);
  return nameBefore(stdout.toString(), name);
}

export async function whereaboutsOf(git: Git): Promise<Whereabouts> {
  const { stdout } = await ask(git, ['rev-parse', '--is-shallow-repository', '--show-prefix']);
  const [, shallow, prefix = ''] = /^(\w+)\n(.*)\n$/s.exec(stdout.toString()) ?? [];
  return { isShallow: shallow !== 'false', prefix };
}

async function contentsOf(git: Git, changes: readonly Change[]): Promise<ReadonlyMap<string, Uint8Array>> {
  const objects = new Set(changes.flatMap(({ object }) => (object === undefined ? [] : [object])));
  if (objects.size === 0) return new Map();
  const input = [...objects].map((each) => `${each}\n`).join('');
  return contentsIn(soFar(git, await git.run(['cat-file', '--batch'], { input, most: LARGEST })));
}

/** What git has said, even if it was cut short: the newest comes first, and what is missing is told. */
function soFar(git: Git, outcome: Outcome): Buffer {
  if (outcome.kind === 'cut' || (outcome.kind === 'ended' && outcome.code === 0)) return outcome.stdout;
  throw faultOf(troubleOf(outcome, git.timeout));
}
