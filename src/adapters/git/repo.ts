import { resolve } from 'node:path';
import type { Commit, Repo } from '../../core/ports.ts';
import { isWhole } from './names.ts';
import { originOf } from './origin.ts';
import { gitIn, type Limits } from './program.ts';
import { renamedBetween, renamedSince } from './renames.ts';
import { filesAt } from './tree.ts';
import { versionsOf, type Whereabouts, whereaboutsOf } from './versions.ts';

/**
 * The history as the git program tells it. Nothing that the repository or its settings name is run.
 *
 * `timeout` (milliseconds) bounds all of one `origin`, and every other run of git. With `mayFetch`, what a shallow or
 * partial clone lacks is fetched from `origin`. `renamedSince` and `versions` throw a `HistoryFault` when git can't tell.
 */
export function gitRepo(workspace: string, options: Limits): Repo {
  const git = gitIn(resolve(workspace), options);
  // It doesn't change while the repository is looked into.
  let here: Promise<Whereabouts> | undefined;
  const whereabouts = () => {
    here ??= whereaboutsOf(git);
    return here;
  };
  return {
    origin: (base, head) => originOf(git, base, head),
    at: (commit) => filesAt(git, whole(commit)),
    renamedSince: async (commit, until) =>
      until === undefined
        ? renamedSince(git, whole(commit))
        : renamedBetween(git, whole(commit), whole(until)),
    versions: async (path, upTo, most) =>
      versionsOf(git, whereabouts, path, upTo === 'HEAD' ? upTo : whole(upTo), most),
  };
}

/** Anything else could be an option, or mean something else tomorrow. */
function whole(commit: Commit): Commit {
  if (!isWhole(commit)) throw new RangeError('not the whole name of a commit');
  return commit;
}
