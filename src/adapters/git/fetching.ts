import type { Commit } from '../../core/ports.ts';
import { faultOf, fetchTroubleOf } from './faults.ts';
import { remoteCommits, remoteRefs } from './names.ts';
import type { Git } from './program.ts';

/** How much of the history is fetched: commits before each tip, or all there are. */
export type Depth = 50 | 500 | 'all';

/**
 * Fetches commits and their history from `origin`. It leaves no refs behind, no tags, no submodules. What keeps it from
 * that is thrown as a `HistoryFault`.
 */
export async function fetchHistory(
  git: Git,
  commits: readonly Commit[],
  depth: Depth,
  { isShallow, isThere }: { readonly isShallow: boolean; readonly isThere: boolean },
  deadline: AbortSignal,
): Promise<void> {
  const outcome = await git.run(
    [
      ...['fetch', '--quiet', '--no-progress', '--no-tags', '--no-recurse-submodules', '--no-prune'],
      ...['--no-auto-gc', '--no-write-fetch-head', '--refmap=', UPLOAD_PACK],
      // A complete clone must not become a shallow one.
      ...(isShallow ? [depthOption(depth, isThere)] : []),
      'origin',
      ...commits,
    ],
    { deadline },
  );
  if (outcome.kind !== 'ended' || outcome.code !== 0) throw faultOf(fetchTroubleOf(outcome, git.timeout));
}

/** The settings could name another program, and for a repository on this machine it would be run here. */
const UPLOAD_PACK = '--upload-pack=git-upload-pack';

/**
 * Deepening counts from where the clone ends, so what is there stays. It would fetch the whole history of a commit
 * that doesn't reach that end, as one that is missing: that is counted from the commit itself.
 */
function depthOption(depth: Depth, isThere: boolean): string {
  if (depth === 'all') return '--unshallow';
  return isThere ? `--deepen=${depth}` : `--depth=${depth}`;
}

/** The commits of branches and tags of `origin`, without fetching them. Throws `HistoryFault`. */
export async function lookUp(
  git: Git,
  names: readonly string[],
  deadline: AbortSignal,
): Promise<ReadonlyMap<string, Commit>> {
  const refs = names.flatMap(remoteRefs);
  const outcome = await git.run(['ls-remote', '--quiet', UPLOAD_PACK, 'origin', ...refs], { deadline });
  if (outcome.kind !== 'ended' || outcome.code !== 0) throw faultOf(fetchTroubleOf(outcome, git.timeout));
  return remoteCommits(outcome.stdout.toString(), names);
}
