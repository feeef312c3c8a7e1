import { type Known, vouch } from '../../core/phrase.ts';
import type { Commit } from '../../core/ports.ts';
import { faultOf, troubleOf } from './faults.ts';
import type { Git, Outcome } from './program.ts';

type Answered = Extract<Outcome, { kind: 'ended' }>;

/** Lets git answer; what keeps it from that is thrown as a `HistoryFault`, but for the exit codes that are answers. */
export async function ask(
  git: Git,
  args: readonly string[],
  options: Parameters<Git['run']>[1] & { readonly answers?: readonly number[] } = {},
): Promise<Answered> {
  const outcome = await git.run(args, options);
  const { answers = [0] } = options;
  if (outcome.kind === 'ended' && answers.includes(outcome.code)) return outcome;
  throw faultOf(troubleOf(outcome, git.timeout));
}

/** The whole name of a commit or of anything else that git stores. */
export function isWhole(text: string): boolean {
  return /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/.test(text);
}

/** What hooks and events put where there is no commit. */
export function isZero(text: string): boolean {
  return isWhole(text) && /^0+$/.test(text);
}

/** Whether a name can be handed to git: one line, and nothing that could be an option. */
export function isSpeakable(text: string): boolean {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
  return !/^-|^$|[\0-\x1f\x7f]/.test(text);
}

/** The commits that have these names, if any: as git reads them, or else as branches of `origin`. */
export async function commitsOf(
  git: Git,
  names: readonly string[],
  deadline: AbortSignal,
): Promise<readonly (Commit | undefined)[]> {
  const readings = names.flatMap((each) => [`${each}^{commit}`, `refs/remotes/origin/${each}^{commit}`]);
  const { stdout } = await ask(git, ['cat-file', '--batch-check=%(objectname)'], {
    input: readings.map((each) => `${each}\n`).join(''),
    deadline,
  });
  // One line each, in their order; what isn't there is named again, with a word behind it.
  const lines = stdout.toString().split('\n');
  return names.map((_name, index) => lines.slice(2 * index, 2 * index + 2).find(isCommit));
}

export function isCommit(text: string): text is Known {
  return isWhole(text);
}

/** Whether `given` means the branch that is checked out, and that has no commits yet. */
export async function isUnborn(git: Git, given: string, deadline: AbortSignal): Promise<boolean> {
  const asked = { deadline, answers: [0, 1] };
  const { stdout } = await ask(git, ['symbolic-ref', '--quiet', 'HEAD'], asked);
  const branch = stdout.toString().trimEnd();
  if (branch === '' || !['HEAD', '@', branch, branch.replace('refs/heads/', '')].includes(given))
    return false;
  // A branch that is there and whose commit is lost is not a new one.
  const { code } = await ask(git, ['rev-parse', '--quiet', '--verify', branch], asked);
  return code === 1;
}

/** The commits that these names have at `origin`, where it has any. */
export function remoteCommits(listed: string, names: readonly string[]): ReadonlyMap<string, Commit> {
  const refs = new Map(
    listed.split('\n').map((line) => {
      const [commit = '', ref = ''] = line.split('\t');
      return [ref, commit] as const;
    }),
  );
  return new Map(
    names.flatMap((each) => {
      const commit = remoteRefs(each)
        .map((ref) => refs.get(ref))
        .find((found) => found !== undefined);
      return commit === undefined || !isWhole(commit) ? [] : [[each, vouch(commit)] as const];
    }),
  );
}

/** What a name may stand for at `origin`, the best reading first; a tag is read as what it marks. */
export function remoteRefs(given: string): readonly string[] {
  const branch = given.replace(/^(?:refs\/remotes\/)?origin\/|^refs\/heads\//, '');
  const tag = given.replace(/^refs\/tags\//, '');
  return [`refs/heads/${branch}`, `refs/tags/${tag}^{}`, `refs/tags/${tag}`];
}
