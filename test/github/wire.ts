import type { JsonObject } from '../../src/core/json.ts';
import { app, idOf, PAGES, user } from './people.ts';
import { type Comment, isPullRequest, type PullRequest, type Thread } from './threads.ts';

function label(api: string, repository: string, name: string): JsonObject {
  return {
    id: idOf(name),
    node_id: `LA_${idOf(name)}`,
    url: `${api}/repos/${repository}/labels/${encodeURIComponent(name)}`,
    name,
    description: '',
    color: 'ededed',
    default: false,
  };
}

/** A comment in a thread of this repository. */
export function comment(api: string, repository: string, thread: Thread, written: Comment): JsonObject {
  const url = `${api}/repos/${repository}/issues/comments/${written.id}`;
  const kind = isPullRequest(thread) ? 'pull' : 'issues';
  return {
    id: written.id,
    node_id: `IC_${written.id}`,
    url,
    html_url: `${PAGES}/${repository}/${kind}/${thread.number}#issuecomment-${written.id}`,
    issue_url: `${api}/repos/${repository}/issues/${thread.number}`,
    user: user(api, written.author),
    body: written.body,
    created_at: written.createdAt,
    updated_at: written.updatedAt,
    author_association: 'NONE',
    performed_via_github_app: app(api, written.author),
    reactions: reactions(url),
  };
}

function reactions(url: string): JsonObject {
  const kinds = ['+1', '-1', 'laugh', 'confused', 'heart', 'hooray', 'eyes', 'rocket'];
  const counts = Object.fromEntries(kinds.map((kind) => [kind, 0]));
  return { url: `${url}/reactions`, total_count: 0, ...counts };
}

/** An issue; or a pull request as the list of issues has it, which is so marked. */
export function issue(api: string, repository: string, thread: Thread, comments: number): JsonObject {
  const url = `${api}/repos/${repository}/issues/${thread.number}`;
  const kind = isPullRequest(thread) ? 'pull' : 'issues';
  return {
    ...shared(api, repository, thread),
    url,
    repository_url: `${api}/repos/${repository}`,
    labels_url: `${url}/labels{/name}`,
    comments_url: `${url}/comments`,
    events_url: `${url}/events`,
    timeline_url: `${url}/timeline`,
    html_url: `${PAGES}/${repository}/${kind}/${thread.number}`,
    comments,
    state_reason: thread.stateReason,
    performed_via_github_app: app(api, thread.author),
    reactions: reactions(url),
    ...(isPullRequest(thread) ? { draft: false, pull_request: links(api, repository, thread) } : {}),
  };
}

function shared(api: string, repository: string, thread: Thread): JsonObject {
  return {
    id: idOf(`${repository}#${thread.number}`),
    node_id: `I_${thread.number}`,
    number: thread.number,
    title: thread.title,
    user: user(api, thread.author),
    body: thread.body,
    labels: thread.labels.map((name) => label(api, repository, name)),
    state: thread.state,
    locked: thread.locked,
    active_lock_reason: null,
    assignee: null,
    assignees: [],
    milestone: null,
    author_association: 'NONE',
    created_at: thread.createdAt,
    updated_at: thread.updatedAt,
    closed_at: thread.closedAt,
  };
}

function links(api: string, repository: string, { number }: Thread): JsonObject {
  const page = `${PAGES}/${repository}/pull/${number}`;
  return {
    url: `${api}/repos/${repository}/pulls/${number}`,
    html_url: page,
    diff_url: `${page}.diff`,
    patch_url: `${page}.patch`,
    merged_at: null,
  };
}

/** A pull request to this repository, as lists have it. */
export function pullRequest(
  api: string,
  base: JsonObject,
  head: JsonObject | null,
  pull: PullRequest,
): JsonObject {
  const repository = String(base['full_name']);
  const [owner = ''] = pull.headRepository.split('/');
  const url = `${api}/repos/${repository}/pulls/${pull.number}`;
  const onIssue = `${api}/repos/${repository}/issues/${pull.number}`;
  const statuses = `${api}/repos/${repository}/statuses/${pull.headSha}`;
  const more = {
    commits: `${url}/commits`,
    review_comments: `${url}/comments`,
    review_comment: `${api}/repos/${repository}/pulls/comments{/number}`,
    comments: `${onIssue}/comments`,
    statuses,
  };
  const { html_url: page = '', ...addresses } = links(api, repository, pull);
  const ref = (branch: string, of: string, at: string, repo: JsonObject | null): JsonObject => ({
    label: `${of}:${branch}`,
    ref: branch,
    sha: at,
    user: user(api, of),
    repo,
  });
  return {
    ...shared(api, repository, pull),
    ...addresses,
    html_url: page,
    issue_url: onIssue,
    ...Object.fromEntries(Object.entries(more).map(([name, href]) => [`${name}_url`, href])),
    requested_reviewers: [],
    requested_teams: [],
    merge_commit_sha: null,
    head: ref(pull.headRef, owner, pull.headSha, pull.headDeleted ? null : head),
    base: ref(pull.baseRef, repository.split('/')[0] ?? '', pull.baseSha, base),
    _links: Object.fromEntries(
      Object.entries({ self: url, html: page, issue: onIssue, ...more }).map(([name, href]) => [
        name,
        { href },
      ]),
    ),
    auto_merge: null,
    draft: false,
  };
}
