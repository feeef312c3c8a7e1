import { BUILT_IN } from '../../core/finding.ts';
import { at, isArray, type Json } from '../../core/json.ts';
import { type Known, vouch } from '../../core/phrase.ts';
import { plain } from '../../core/plain.ts';
import {
  type Commit,
  type FileContent,
  type Files,
  type FolderContent,
  HistoryFault,
} from '../../core/ports.ts';
import { historyFault, troubleOf } from './history-faults.ts';
import { isName, placeOf } from './places.ts';
import { ask, LARGEST, noSense, type Source } from './reading.ts';

/** What GitHub hands out for a file at a commit. */
export type Content =
  | { readonly kind: 'read'; readonly bytes: Uint8Array }
  /** `other` is there, but no file. */
  | { readonly kind: 'missing' | 'large' | 'other' };

/** One request. GitHub follows a symbolic link to a file. Throws `HistoryFault`. */
export async function contentAt(
  source: Source,
  file: string,
  commit: string,
  most = LARGEST,
): Promise<Content> {
  const { owner, repo } = source;
  let instead: Content | undefined;
  const request = { owner, repo, path: file, ref: commit, mediaType: { format: 'raw' } };
  try {
    const { data } = await ask(source, ({ rest }) => rest.repos.getContent(request), {
      isFile: true,
      most,
      words: (failure) => {
        if (failure.status === 404) instead = { kind: 'missing' };
        if (failure.status === 413 || /too_large/.test(failure.message)) instead = { kind: 'large' };
        return historyFault(troubleOf(failure, source));
      },
    });
    if (data instanceof Uint8Array) return { kind: 'read', bytes: data };
    if (typeof data === 'object' && data !== null) return { kind: 'other' };
  } catch (error) {
    if (instead !== undefined) return instead;
    throw error;
  }
  throw noSense(source);
}

interface Entry {
  readonly mode: string;
  readonly object: string;
  /** Bytes; absent for what has no size. */
  readonly size?: number;
}

interface Tree {
  readonly entries: ReadonlyMap<string, Entry>;
  readonly isAll: boolean;
}

const WHY = {
  name: vouch('no file can have this name'),
  outside: vouch('it is outside the repository'),
  tree: vouch('it is a folder'),
  file: vouch('it is no folder'),
  link: vouch('it is a symbolic link'),
  submodule: vouch('it is a submodule'),
  behind: vouch('it lies behind a symbolic link'),
  inside: vouch('it lies in a submodule'),
  large: vouch('it is larger than 64 MiB'),
  unlisted: vouch('its folder is larger than what GitHub lists'),
};

/**
 * See `Repo.at`. A request for each file, and one for each folder on the way to it: only the folders tell a link from
 * what it leads to, and what is missing from what isn't shown. Each is asked for once.
 */
export function filesOn(source: Source): (commit: Commit) => Files {
  const trees = new Map<string, Promise<Tree>>();
  const files = new Map<string, Promise<FileContent>>();
  const folder = (object: string) => once(trees, object, () => treeOf(source, object));
  return (commit) => ({
    async read(path) {
      if (path.startsWith(BUILT_IN)) return { kind: 'missing' };
      if (!isName(path)) return unreadable(WHY.name);
      const file = placeOf(source.folder, path);
      if (file === undefined) return unreadable(WHY.outside);
      if (file === '.') return unreadable(WHY.tree);
      return once(files, `${commit}:${file}`, () => readAt(source, commit, file, folder));
    },
    async list(path) {
      const place = isName(path) ? placeOf(source.folder, path) : undefined;
      if (path.startsWith(BUILT_IN) || place === undefined) return { kind: 'missing' };
      return listAt(commit, path, place === '.' ? [] : place.split('/'), folder);
    },
  });
}

async function readAt(
  source: Source,
  commit: Commit,
  file: string,
  folder: (object: string) => Promise<Tree>,
): Promise<FileContent> {
  try {
    const odd = await oddityOf(commit, file.split('/'), folder);
    if (odd !== undefined) return odd;
    const content = await contentAt(source, file, commit);
    if (content.kind === 'read') return content;
    if (content.kind === 'large') return unreadable(WHY.large);
    // It is listed as a file.
    throw noSense(source);
  } catch (error) {
    if (error instanceof HistoryFault) return unreadable(vouch(plain(error.said)));
    throw error;
  }
}

async function listAt(
  object: string,
  path: string,
  steps: readonly string[],
  folder: (object: string) => Promise<Tree>,
): Promise<FolderContent> {
  try {
    const { entries, isAll } = await folder(object);
    const [step, ...rest] = steps;
    if (step === undefined) {
      if (!isAll) return { kind: 'unreadable', why: WHY.unlisted };
      const files = [...entries].filter(([, { mode }]) => mode !== '040000').map(([name]) => name);
      return { kind: 'listed', paths: files.sort().map((name) => vouch(`${path}/${name}`)) };
    }
    const entry = entries.get(step);
    if (entry === undefined) return isAll ? { kind: 'missing' } : { kind: 'unreadable', why: WHY.unlisted };
    switch (entry.mode) {
      case '040000':
        return listAt(entry.object, path, rest, folder);
      case '120000':
        return { kind: 'unreadable', why: WHY.behind };
      case '160000':
        return { kind: 'unreadable', why: WHY.inside };
      default:
        return rest.length === 0 ? { kind: 'unreadable', why: WHY.file } : { kind: 'missing' };
    }
  } catch (error) {
    if (error instanceof HistoryFault) return { kind: 'unreadable', why: vouch(plain(error.said)) };
    throw error;
  }
}

/** What there is in place of a file that can be read; nothing where there is one. */
async function oddityOf(
  commit: string,
  [step = '', ...rest]: readonly string[],
  folder: (object: string) => Promise<Tree>,
): Promise<FileContent | undefined> {
  const { entries, isAll } = await folder(commit);
  const entry = entries.get(step);
  if (entry === undefined) return isAll ? { kind: 'missing' } : unreadable(WHY.unlisted);
  const isLast = rest.length === 0;
  switch (entry.mode) {
    case '040000':
      return isLast ? unreadable(WHY.tree) : oddityOf(entry.object, rest, folder);
    case '120000':
      return unreadable(isLast ? WHY.link : WHY.behind);
    case '160000':
      return unreadable(isLast ? WHY.submodule : WHY.inside);
    default:
      if (!isLast) return { kind: 'missing' };
      return (entry.size ?? 0) > LARGEST ? unreadable(WHY.large) : undefined;
  }
}

/** A folder, by the name of its content, or that of the commit whose top it is. */
async function treeOf(source: Source, object: string): Promise<Tree> {
  const { owner, repo } = source;
  const { data } = await ask(source, ({ rest }) => rest.git.getTree({ owner, repo, tree_sha: object }));
  const tree = data instanceof Uint8Array ? undefined : at(data, ['tree']);
  if (data instanceof Uint8Array || tree === undefined || !isArray(tree)) throw noSense(source);
  const entries = tree.map((item) => entryIn(item, source));
  return { entries: new Map(entries), isAll: at(data, ['truncated']) === false };
}

function entryIn(item: Json, source: Source): readonly [string, Entry] {
  const [path, mode, object, size] = ['path', 'mode', 'sha', 'size'].map((each) => at(item, [each]));
  if (typeof path !== 'string' || typeof mode !== 'string' || typeof object !== 'string')
    throw noSense(source);
  return [path, { mode, object, ...(typeof size === 'number' ? { size } : {}) }];
}

function unreadable(why: Known): FileContent {
  return { kind: 'unreadable', why };
}

function once<T>(made: Map<string, Promise<T>>, key: string, make: () => Promise<T>): Promise<T> {
  const found = made.get(key) ?? make();
  made.set(key, found);
  return found;
}
