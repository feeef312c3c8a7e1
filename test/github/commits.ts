import type { JsonObject } from '../../src/core/json.ts';
import { type Answer, type Exchange, Refusal } from './exchange.ts';
import { commitOf, fieldsOf, type Git, historyOf, linesOf } from './history.ts';
import { numbered, paged, simulated } from './listing.ts';
import { PAGES } from './people.ts';

/** Files that GitHub lists of a comparison, and on a page of a commit. */
const MOST_FILES = 300;

export function listCommits(exchange: Exchange): Answer {
  const git = historyOf(exchange);
  const { query } = exchange;
  simulated('the list of commits', query.keys(), ['sha', 'path', 'per_page', 'page']);
  const tip = commitOf(git, query.get('sha') ?? 'HEAD');
  if (tip === undefined) throw new Refusal(404, 'Not Found');
  const path = query.get('path');
  const commits = linesOf(git('log', '--format=%H', tip, '--', ...(path === null ? [] : [path])));
  const listed = commits.map((each) => commit(exchange, git, each));
  return paged(listed, exchange, `${numbered(exchange)}/commits`);
}

export function getCommit(exchange: Exchange): Answer {
  const git = historyOf(exchange);
  const { query, media, parameters } = exchange;
  const ref = parameters['ref'] ?? '';
  const found = commitOf(git, ref);
  if (found === undefined) throw new Refusal(422, `No commit found for SHA: ${ref}`);
  if (media === 'sha') {
    return { status: 200, plain: { type: 'application/vnd.github.sha', bytes: Buffer.from(found) } };
  }
  simulated('the pages of a commit', query.keys(), ['page']);
  const [parent] = parentsOf(git, found);
  const files = filesBetween(exchange, git, parent ?? EMPTY, found);
  const page = Number(query.get('page') ?? 1);
  // GitHub pages of 300 here, and of 100 everywhere else.
  const headers: Record<string, string> = {};
  if (files.length > page * MOST_FILES) {
    const next = `${exchange.api}${numbered(exchange)}/commits/${found}?page=${page + 1}`;
    headers['Link'] = `<${next}>; rel="next"`;
  }
  const shown = files.slice((page - 1) * MOST_FILES, page * MOST_FILES);
  return { status: 200, headers, body: { ...commit(exchange, git, found), files: shown } };
}

export function compareCommits(exchange: Exchange): Answer {
  const git = historyOf(exchange);
  const { query, parameters, api, state } = exchange;
  const names = (parameters['basehead'] ?? '').split('...');
  const [base, head] = names.map((each) => commitOf(git, each));
  if (names.length !== 2 || base === undefined || head === undefined) throw new Refusal(404, 'Not Found');
  const [fork] = linesOf(orNothing(() => git('merge-base', base, head)));
  if (fork === undefined) {
    throw new Refusal(404, `No common ancestor between ${names.join(' and ')}.`);
  }
  const ahead = linesOf(git('rev-list', '--reverse', `${base}..${head}`));
  const behind = linesOf(git('rev-list', `${head}..${base}`));
  const url = `${api}/repos/${state.repository}/compare/${names.map(encodeURIComponent).join('...')}`;
  const page = `${PAGES}/${state.repository}/compare/${base}...${head}`;
  const { body, headers = {} } = paged(ahead, exchange, `${numbered(exchange)}/compare`);
  const shown = Array.isArray(body) ? body.map((each) => commit(exchange, git, String(each))) : [];
  const isFirst = Number(query.get('page') ?? 1) === 1;
  const comparison: JsonObject = {
    url,
    ...{ html_url: page, permalink_url: page, diff_url: `${page}.diff`, patch_url: `${page}.patch` },
    base_commit: commit(exchange, git, base),
    merge_base_commit: commit(exchange, git, fork),
    status: statusOf(ahead.length, behind.length),
    ...{ ahead_by: ahead.length, behind_by: behind.length, total_commits: ahead.length },
    commits: shown,
    files: isFirst ? filesBetween(exchange, git, fork, head).slice(0, MOST_FILES) : [],
  };
  return { status: 200, headers, body: comparison };
}

function statusOf(ahead: number, behind: number): string {
  if (ahead === 0) return behind === 0 ? 'identical' : 'behind';
  return behind === 0 ? 'ahead' : 'diverged';
}

/** Where git answers with its exit code. */
function orNothing(ask: () => Buffer): Buffer {
  try {
    return ask();
  } catch {
    return Buffer.alloc(0);
  }
}

/** The tree that has nothing in it, which every repository knows. */
const EMPTY = '4b825dc642cb6eb9a060e54bf8d69288fbee4904';

function parentsOf(git: Git, name: string): readonly string[] {
  return git('log', '--max-count=1', '--format=%P', name)
    .toString()
    .trim()
    .split(' ')
    .filter((each) => each !== '');
}

/** What has changed, without how: nobody here reads patches. */
function filesBetween(
  { api, state }: Exchange,
  git: Git,
  before: string,
  after: string,
): readonly JsonObject[] {
  const asked = ['diff-tree', '-r', '-z', '--raw', '--no-abbrev', '--find-renames', before, after, '--'];
  const [fields, files] = [fieldsOf(git(...asked)), [] as JsonObject[]];
  for (let at = 0; at < fields.length; ) {
    const [, , , object = '', letter = ''] = (fields[at] ?? '').split(' ');
    const isRename = letter.startsWith('R');
    const [then = '', now = then] = fields.slice(at + 1, at + (isRename ? 3 : 2));
    const path = encodeURIComponent(now);
    files.push({
      sha: object,
      filename: now,
      status: STATUSES[letter.charAt(0)] ?? 'changed',
      ...{ additions: 0, deletions: 0, changes: 0 },
      blob_url: `${PAGES}/${state.repository}/blob/${after}/${path}`,
      raw_url: `${PAGES}/${state.repository}/raw/${after}/${path}`,
      contents_url: `${api}/repos/${state.repository}/contents/${path}?ref=${after}`,
      ...(isRename ? { previous_filename: then } : {}),
    });
    at += isRename ? 3 : 2;
  }
  return files;
}

const STATUSES: Readonly<Record<string, string>> = {
  A: 'added',
  D: 'removed',
  M: 'modified',
  R: 'renamed',
};

function commit({ api, state }: Exchange, git: Git, name: string): JsonObject {
  const format = '--format=%T%x00%an%x00%ae%x00%at%x00%cn%x00%ce%x00%ct%x00%s';
  const told = git('log', '--max-count=1', format, name).toString().trimEnd().split('\0');
  const [tree = '', author = '', email = '', wrote = '', committer = '', its = '', committed = ''] = told;
  const url = `${api}/repos/${state.repository}`;
  const time = (seconds: string) => new Date(Number(seconds) * 1000).toISOString().replace('.000Z', 'Z');
  const page = (of: string) => `${PAGES}/${state.repository}/commit/${of}`;
  const verification = { verified: false, reason: 'unsigned', signature: null, payload: null };
  return {
    sha: name,
    node_id: `C_${name}`,
    commit: {
      author: { name: author, email, date: time(wrote) },
      committer: { name: committer, email: its, date: time(committed) },
      message: told[7] ?? '',
      tree: { sha: tree, url: `${url}/git/trees/${tree}` },
      url: `${url}/git/commits/${name}`,
      comment_count: 0,
      verification: { ...verification, verified_at: null },
    },
    url: `${url}/commits/${name}`,
    html_url: page(name),
    comments_url: `${url}/commits/${name}/comments`,
    // Nobody here has an account with these addresses.
    ...{ author: null, committer: null },
    parents: parentsOf(git, name).map((each) => ({
      sha: each,
      url: `${url}/commits/${each}`,
      html_url: page(each),
    })),
  };
}
