import { posix } from 'node:path';
import type { JsonObject } from '../../src/core/json.ts';
import { type Answer, type Exchange, Refusal } from './exchange.ts';
import { commitOf, type Entry, entriesOf, type Git, historyOf, resolved } from './history.ts';
import { simulated } from './listing.ts';
import { PAGES } from './people.ts';

/** Bytes: GitHub hands out nothing larger. */
const LARGEST = 100 * 1024 ** 2;

/** A file as it is, as nobody here asks for anything else; and what is none as JSON describes it. */
export function getContent(exchange: Exchange): Answer {
  const git = historyOf(exchange);
  const { media, parameters, query } = exchange;
  simulated('the media type of contents', [media], ['raw']);
  const ref = query.get('ref') ?? 'HEAD';
  const commit = commitOf(git, ref);
  if (commit === undefined) throw new Refusal(404, `No commit found for the ref ${ref}`);
  const path = parameters['path'] ?? '';
  const entry = entryAt(git, commit, path);
  if (entry.type === 'tree') {
    const listed = entriesOf(git, entry.object);
    const named = listed.map((each) => ({ ...each, path: posix.join(path, each.path) }));
    return { status: 200, body: named.map((each) => described(exchange, commit, each)) };
  }
  if (entry.type === 'commit') {
    const submodule_git_url = 'https://example.com/submodule.git';
    return {
      status: 200,
      body: { ...described(exchange, commit, entry), type: 'submodule', submodule_git_url },
    };
  }
  const file = entry.mode === '120000' ? followed(git, commit, entry) : entry;
  if (file === undefined) {
    const target = git('cat-file', 'blob', entry.object).toString();
    return { status: 200, body: { ...described(exchange, commit, entry), target } };
  }
  if (file.size > LARGEST) {
    const message = 'This API returns blobs up to 100 MB in size. The requested blob is too large to fetch.';
    const errors = [{ resource: 'Blob', field: 'data', code: 'too_large' }];
    throw new Refusal(403, message, { errors });
  }
  const bytes = git('cat-file', 'blob', file.object);
  return { status: 200, plain: { type: 'application/vnd.github.raw', bytes } };
}

function entryAt(git: Git, commit: string, path: string): Entry {
  const top = { mode: '040000', type: 'tree', object: commit, size: Number.NaN, path: '' };
  // Whatever serves it may take such steps, and nobody should depend on it.
  if (posix.normalize(`/${path}`) !== `/${path}`) throw new Error(`the path ${path} is not simulated`);
  if (path === '') return top;
  const entry = entriesOf(git, commit, path).find((each) => each.path === path);
  if (entry === undefined) throw new Refusal(404, 'Not Found');
  return entry;
}

/** The file that a link leads to; nothing when it leads elsewhere. */
function followed(git: Git, commit: string, link: Entry): Entry | undefined {
  const target = posix.join(posix.dirname(link.path), git('cat-file', 'blob', link.object).toString());
  if (target.startsWith('..')) return undefined;
  const found = entriesOf(git, commit, target).find((each) => each.path === target);
  return found?.type === 'blob' && found.mode !== '120000' ? found : undefined;
}

function described({ api, state }: Exchange, commit: string, entry: Entry): JsonObject {
  const { path, object, type, mode, size } = entry;
  const encoded = path.split('/').map(encodeURIComponent).join('/');
  const url = `${api}/repos/${state.repository}/contents/${encoded}?ref=${commit}`;
  const git = `${api}/repos/${state.repository}/git/${type === 'tree' ? 'trees' : 'blobs'}/${object}`;
  const html = `${PAGES}/${state.repository}/blob/${commit}/${encoded}`;
  const kind = type === 'tree' ? 'dir' : 'file';
  return {
    name: posix.basename(path),
    path,
    sha: object,
    size: Number.isNaN(size) ? 0 : size,
    // A submodule in a list is a file to GitHub.
    type: mode === '120000' ? 'symlink' : kind,
    url,
    html_url: html,
    git_url: git,
    download_url: null,
    _links: { self: url, git, html },
  };
}

export function getTree(exchange: Exchange): Answer {
  const git = historyOf(exchange);
  const { api, state, query, parameters } = exchange;
  simulated('a tree', query.keys(), []);
  const tree = resolved(git, `${parameters['tree_sha'] ?? ''}^{tree}`);
  if (tree === undefined) throw new Refusal(404, 'Not Found');
  const url = `${api}/repos/${state.repository}/git`;
  const entries = entriesOf(git, tree).map(({ path, mode, type, object, size }) => ({
    ...{ path, mode, type, sha: object },
    ...(Number.isNaN(size) ? {} : { size }),
    // What a submodule is of is in another repository.
    ...(type === 'commit' ? {} : { url: `${url}/${type}s/${object}` }),
  }));
  return {
    status: 200,
    body: { sha: tree, url: `${url}/trees/${tree}`, tree: entries, truncated: false },
  };
}
