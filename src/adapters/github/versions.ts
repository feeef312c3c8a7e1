import { BUILT_IN } from '../../core/finding.ts';
import { at, isArray, type Json } from '../../core/json.ts';
import { type Known, vouch } from '../../core/phrase.ts';
import type { Commit, Version, Versions } from '../../core/ports.ts';
import { contentAt } from './contents.ts';
import { historyFault, OUTSIDE } from './history-faults.ts';
import { isName, isWhole, placeOf } from './places.ts';
import { ask, LARGEST, noSense, type Source } from './reading.ts';

/** Each is a request, and a job has a thousand an hour. */
const MOST_VERSIONS = 10;

/**
 * See `Repo.versions`, of which ten are told at the most. A request for each name that the file had and one for each
 * version; where a name begins, another for what it was called before. Throws `HistoryFault`.
 */
export async function versionsOn(source: Source, path: Known, upTo: Commit, most: number): Promise<Versions> {
  const place = placeOf(source.folder, path);
  // No file ever had such a name.
  if (path.startsWith(BUILT_IN) || !isName(path) || place === '.') return { versions: [], isAll: true };
  if (place === undefined) throw historyFault(OUTSIDE);
  const versions: Version[] = [];
  let [file, from, left, room] = [place, upTo as string, Math.min(most, MOST_VERSIONS), LARGEST];
  for (;;) {
    const changes = await changesOf(source, file, from, left + 1);
    for (const { commit, at } of changes.slice(0, left)) {
      const content = await contentAt(source, file, commit, room);
      // What doesn't fit hides what is older too, so that the rest is a history without gaps.
      if (content.kind === 'large') return { versions, isAll: false };
      const bytes = content.kind === 'read' ? content.bytes : undefined;
      room -= bytes?.length ?? 0;
      const newer = versions.at(-1);
      // A rename, or a change of permissions, leaves the content of the change before.
      if (newer !== undefined && isSame(newer.bytes, bytes)) versions.pop();
      versions.push({ commit, at, ...(bytes === undefined ? {} : { bytes }) });
    }
    const oldest = changes.at(-1);
    if (changes.length > left) return { versions, isAll: false };
    if (oldest === undefined) return { versions, isAll: true };
    const before = await formerName(source, file, oldest);
    left -= changes.length;
    if (before.kind !== 'renamed') return { versions, isAll: before.kind === 'none' };
    if (left <= 0) return { versions, isAll: false };
    [file, from] = [before.file, oldest.parents[0] ?? ''];
  }
}

function isSame(a: Uint8Array | undefined, b: Uint8Array | undefined): boolean {
  return a === undefined || b === undefined ? a === b : Buffer.compare(a, b) === 0;
}

interface Change {
  readonly commit: Commit;
  /** Milliseconds since the epoch: when it was committed. */
  readonly at: number;
  readonly parents: readonly string[];
}

/** The last commits that changed what has this name, the newest first. */
async function changesOf(
  source: Source,
  file: string,
  from: string,
  most: number,
): Promise<readonly Change[]> {
  const request = { owner: source.owner, repo: source.repo, path: file, sha: from, per_page: most };
  const { data } = await ask(source, ({ rest }) => rest.repos.listCommits(request));
  if (data instanceof Uint8Array || !isArray(data)) throw noSense(source);
  return data.map((item) => changeIn(item, source));
}

function changeIn(item: Json, source: Source): Change {
  const [commit, parents] = [at(item, ['sha']), at(item, ['parents'])];
  const time = Date.parse(String(at(item, ['commit', 'committer', 'date'])));
  const isSound = typeof commit === 'string' && isWhole(commit) && Number.isFinite(time);
  if (!isSound || parents === undefined || !isArray(parents)) throw noSense(source);
  return {
    commit: vouch(commit),
    at: time,
    parents: parents.map((each) => String(at(each, ['sha']))).filter(isWhole),
  };
}

type FormerName =
  | { readonly kind: 'renamed'; readonly file: string }
  | { readonly kind: 'none' | 'unlisted' };

/** What a file was called before the first commit that changed it under its name. */
async function formerName(source: Source, file: string, { commit, parents }: Change): Promise<FormerName> {
  if (parents.length === 0) return { kind: 'none' };
  const { owner, repo } = source;
  const { data, hasMore } = await ask(source, ({ rest }) =>
    rest.repos.getCommit({ owner, repo, ref: commit }),
  );
  const files = data instanceof Uint8Array ? undefined : at(data, ['files']);
  if (files === undefined || !isArray(files)) throw noSense(source);
  const its = files.find((each) => at(each, ['filename']) === file);
  if (its === undefined) return { kind: hasMore ? 'unlisted' : 'none' };
  const then = at(its, ['previous_filename']);
  return at(its, ['status']) === 'renamed' && typeof then === 'string'
    ? { kind: 'renamed', file: then }
    : { kind: 'none' };
}
