import { at, isArray, type Json } from '../../core/json.ts';
import { vouch } from '../../core/phrase.ts';
import { type Commit, HistoryFault, type Origin } from '../../core/ports.ts';
import {
  GONE,
  historyFault,
  NOT_BEFORE,
  NOTHING_BEFORE,
  noName,
  TOO_MANY_FILES,
  type Trouble,
  troubleWithNames,
} from './history-faults.ts';
import { isWhole, isZero, pathIn, refOf } from './places.ts';
import { ask, noSense, type Source } from './reading.ts';

/** What GitHub tells of two commits. */
export interface Comparison {
  /** The merge base. */
  readonly commit: Commit;
  readonly head: Commit;
  /** From the name that a file has at the head to the one at the merge base; nothing when there is more than is told. */
  readonly renamed: ReadonlyMap<string, string> | undefined;
}

/** Files that GitHub lists of a comparison, whatever it is asked for. */
const MOST_FILES = 300;

/** See `Repo.origin`: one request, and another when the head is named otherwise than by its digits. */
export async function originOn(
  source: Source,
  [base, head]: readonly [string, string],
  keep: (comparison: Comparison) => void,
): Promise<Origin> {
  const [from, to] = [refOf(base, source.sha), refOf(head, source.sha)];
  if (from === undefined) return unknown(noName(base));
  if (to === undefined) return unknown(noName(head));
  if (isZero(to)) return unknown(GONE);
  if (isZero(from)) return { kind: 'nothing-before', ...NOTHING_BEFORE };
  // The workspace is of it, so it is there.
  if (from === source.sha && to === source.sha) {
    return { kind: 'found', commit: vouch(source.sha), head: vouch(source.sha), others: [] };
  }
  try {
    const tip = isWhole(to) ? to : await commitOf(source, to, head);
    const comparison = await compare(source, [from, tip], [base, head]);
    keep(comparison);
    return { kind: 'found', commit: comparison.commit, head: comparison.head, others: [] };
  } catch (error) {
    if (error instanceof HistoryFault) return unknown(error);
    throw error;
  }
}

function unknown({ said, advice }: Trouble): Origin {
  return { kind: 'unknown', said, advice };
}

/** The commit that GitHub has under a name. */
async function commitOf(source: Source, ref: string, given: string): Promise<string> {
  const { owner, repo } = source;
  const { data } = await ask(
    source,
    ({ rest }) => rest.repos.getCommit({ owner, repo, ref, mediaType: { format: 'sha' } }),
    { words: (failure) => historyFault(troubleWithNames(failure, [given], source)) },
  );
  if (typeof data !== 'string' || !isWhole(data)) throw noSense(source);
  return data;
}

/** One request: what has happened up to `head` since it left `from`. `given` is what people call them. */
export async function compare(
  source: Source,
  [from, head]: readonly [string, string],
  given: readonly string[],
): Promise<Comparison> {
  const { owner, repo } = source;
  const { data } = await ask(
    source,
    ({ rest }) =>
      // Of the commits in between, which nobody wants, there is no answer with less than one.
      rest.repos.compareCommitsWithBasehead({ owner, repo, basehead: `${from}...${head}`, per_page: 1 }),
    { words: (failure) => historyFault(troubleWithNames(failure, given, source)) },
  );
  if (data instanceof Uint8Array) throw noSense(source);
  const [commit, files] = [at(data, ['merge_base_commit', 'sha']), at(data, ['files'])];
  if (typeof commit !== 'string' || !isWhole(commit) || files === undefined || !isArray(files))
    throw noSense(source);
  return { commit: vouch(commit), head: vouch(head), renamed: renamesIn(files) };
}

function renamesIn(files: readonly Json[]): ReadonlyMap<string, string> | undefined {
  if (files.length >= MOST_FILES) return undefined;
  return new Map(
    files.flatMap((file) => {
      const [status, now, then] = ['status', 'filename', 'previous_filename'].map((each) => at(file, [each]));
      const isRename = status === 'renamed' && typeof now === 'string' && typeof then === 'string';
      return isRename ? [[now, then] as const] : [];
    }),
  );
}

/** See `Repo.renamedSince`; both names relative to the workspace, and only what was in it then too. */
export function renamedIn(
  { folder }: Pick<Source, 'folder'>,
  since: Commit,
  { commit, renamed }: Comparison,
): ReadonlyMap<string, string> {
  // GitHub compares with the merge base, whatever it was asked to compare with.
  if (commit !== since) throw historyFault(NOT_BEFORE);
  if (renamed === undefined) throw historyFault(TOO_MANY_FILES);
  return new Map(
    [...renamed].flatMap(([now, then]) => {
      const [here, there] = [pathIn(folder, now), pathIn(folder, then)];
      return here === undefined || there === undefined ? [] : [[here, there] as const];
    }),
  );
}
