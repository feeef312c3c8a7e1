import { vouch } from '../../core/phrase.ts';
import { type Commit, HistoryFault, type Origin } from '../../core/ports.ts';
import {
  faultOf,
  GONE,
  NOTHING_BEFORE,
  noName,
  noSuch,
  nowhere,
  shallowOrigin,
  type Trouble,
  tooShallow,
  UNBORN,
  unrelated,
} from './faults.ts';
import { type Depth, fetchHistory, lookUp } from './fetching.ts';
import { ask, commitsOf, isCommit, isSpeakable, isUnborn, isWhole, isZero } from './names.ts';
import type { Git } from './program.ts';

/** See `Repo.origin`. */
export async function originOf(git: Git, base: string, head: string): Promise<Origin> {
  const strange = [base, head].find((each) => !isSpeakable(each));
  if (strange !== undefined) return unknown(noName(strange));
  if (isZero(head)) return unknown(GONE);
  if (isZero(base)) return { kind: 'nothing-before', ...NOTHING_BEFORE };
  try {
    return await search({ git, base, head, deadline: AbortSignal.timeout(git.timeout) });
  } catch (error) {
    if (error instanceof HistoryFault) return unknown(error);
    throw error;
  }
}

function unknown({ said, advice }: Trouble): Origin {
  return { kind: 'unknown', said, advice };
}

interface Search {
  readonly git: Git;
  readonly base: string;
  readonly head: string;
  readonly deadline: AbortSignal;
}

const DEPTHS: readonly Depth[] = [50, 500, 'all'];

/** Fetches more and more of the history, as long as what is there doesn't hold the answer. */
async function search(of: Search): Promise<Origin> {
  const { git, base, head, deadline } = of;
  let names = [base, head];
  for (const depth of DEPTHS) {
    const [commits, isShallow] = await Promise.all([commitsOf(git, names, deadline), isShallowNow(of)]);
    const missing = names.filter((_name, index) => commits[index] === undefined);
    if (missing.length === 0) {
      const settled = await settle(
        of,
        commits.filter((each) => each !== undefined),
        isShallow,
      );
      if (settled !== undefined) return settled;
      if (!git.mayFetch) return unknown(tooShallow(base, head));
    } else {
      for (const each of missing) {
        if (await isUnborn(git, each, deadline)) return { kind: 'nothing-before', ...UNBORN };
      }
      if (!git.mayFetch) return unknown(noSuch(missing, isShallow));
      names = await wholeNames(of, names, commits);
    }
    const wanted = [...new Set(names.map((each, index) => commits[index] ?? each))].filter(isCommit);
    await fetchHistory(git, wanted, depth, { isShallow, isThere: missing.length === 0 }, deadline);
  }
  const commits = await commitsOf(git, names, deadline);
  const found = commits.filter((each) => each !== undefined);
  if (found.length < names.length) return unknown(noSuch([base, head], true));
  return (await settle(of, found, await isShallowNow(of))) ?? unknown(shallowOrigin(base, head));
}

/** Asks `origin` for the commits of names that mean nothing here. */
async function wholeNames(
  { git, deadline }: Search,
  names: readonly string[],
  commits: readonly (Commit | undefined)[],
): Promise<string[]> {
  const unclear = names.filter((each, index) => commits[index] === undefined && !isWhole(each));
  if (unclear.length === 0) return [...names];
  const listed = await lookUp(git, unclear, deadline);
  const lost = unclear.filter((each) => !listed.has(each));
  if (lost.length > 0) throw faultOf(nowhere(lost));
  return names.map((each) => listed.get(each) ?? each);
}

async function isShallowNow({ git, deadline }: Search): Promise<boolean> {
  const { stdout } = await ask(git, ['rev-parse', '--is-shallow-repository'], { deadline });
  return stdout.toString().trim() === 'true';
}

/** What the history that is here says for certain; nothing when there may be more to it. */
async function settle(
  of: Search,
  [base, head]: readonly Commit[],
  isShallow: boolean,
): Promise<Origin | undefined> {
  const { git, deadline } = of;
  if (base === undefined || head === undefined) return undefined;
  const { stdout } = await ask(git, ['merge-base', '--all', base, head], { deadline, answers: [0, 1] });
  const bases = linesOf(stdout).filter(isCommit);
  if (isShallow && (bases.length === 0 || (await isCutBefore(of, [base, head], bases)))) return undefined;
  if (bases.length === 0) return unknown(unrelated(of.base, of.head));
  const [commit, ...others] = await newestFirst(of, bases);
  return commit === undefined ? undefined : { kind: 'found', commit, head, others };
}

/**
 * Whether the clone ends somewhere between the tips and where they part. Behind that end, a side branch may lead to a
 * later parting than the one that is seen.
 */
async function isCutBefore(
  { git, deadline }: Search,
  tips: readonly Commit[],
  bases: readonly Commit[],
): Promise<boolean> {
  const between = [...tips, ...bases.map((each) => `^${each}`)];
  const ends = await ask(git, ['rev-list', '--max-parents=0', '--max-count=1', ...between], { deadline });
  return ends.stdout.length > 0;
}

/** So that the same history has the same origin everywhere: by time, then by name. */
async function newestFirst(
  { git, deadline }: Search,
  commits: readonly Commit[],
): Promise<readonly Commit[]> {
  if (commits.length < 2) return commits;
  const asked = ['rev-list', '--no-walk=unsorted', '--timestamp', ...commits];
  const { stdout } = await ask(git, asked, { deadline });
  return linesOf(stdout)
    .map((line) => {
      const [seconds = '', commit = ''] = line.split(' ');
      return { seconds: Number(seconds), commit: vouch(commit) };
    })
    .sort((a, b) => b.seconds - a.seconds || (a.commit < b.commit ? -1 : 1))
    .map(({ commit }) => commit);
}

function linesOf(stdout: Buffer): readonly string[] {
  return stdout
    .toString()
    .split('\n')
    .filter((line) => line !== '');
}
