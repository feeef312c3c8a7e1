import type { JsonObject } from '../../src/core/json.ts';
import { API, BASE, commitOf, common, type PullRequestGiven, pullRequestOf, TIME, usual } from './payload.ts';
import { PAGES } from './people.ts';
import { repository } from './repository.ts';
import { newIssue, newPullRequest, type PullRequest, sha } from './threads.ts';
import * as wire from './wire.ts';

export { workflowRunEvent } from './workflow-run.ts';

/** What the runner writes to `GITHUB_EVENT_PATH`. The repository is `acme/mail`, and a fork `stranger/mail`. */

/** Payload of `pull_request`. */
export function pullRequestEvent(
  given: PullRequestGiven & { readonly action?: 'opened' | 'synchronize' } = {},
): JsonObject {
  const { action = 'synchronize' } = given;
  const pull = pullRequestOf(given);
  const pushed = action === 'synchronize' ? { before: sha('before'), after: pull.headSha } : {};
  return {
    action,
    number: pull.number,
    ...pushed,
    pull_request: pullRequestInFull(pull),
    ...common(pull.author),
  };
}

/** Payload of `pull_request_target`, which is that of `pull_request`: only what runs and what it may do differ. */
export function pullRequestTargetEvent(given?: Parameters<typeof pullRequestEvent>[0]): JsonObject {
  return pullRequestEvent(given);
}

export interface MergeGroupGiven {
  /** Of the pull request that the group ends with. */
  readonly number?: number;
  readonly headSha?: string;
  readonly baseRef?: string;
}

/** Payload of `merge_group`: which pull request is queued stands in the name of the branch only. */
export function mergeGroupEvent(given: MergeGroupGiven = {}): JsonObject {
  const { number = 123, headSha = sha('merge group'), baseRef = 'main' } = given;
  return {
    action: 'checks_requested',
    merge_group: {
      head_sha: headSha,
      head_ref: `refs/heads/gh-readonly-queue/${baseRef}/pr-${number}-${sha('main')}`,
      base_sha: sha('main'),
      base_ref: `refs/heads/${baseRef}`,
      head_commit: commitOf(headSha),
    },
    ...common('github-merge-queue[bot]'),
  };
}

/** Payload of `issue_comment`: on a pull request, or on an issue when `issue` is true. */
export function issueCommentEvent(
  given: { readonly number?: number; readonly issue?: boolean; readonly body?: string } = {},
): JsonObject {
  const { number = 123, issue = false, body = 'Hello.' } = given;
  const thread = issue ? newIssue({}, usual(number)) : newPullRequest({}, usual(number));
  const written = {
    ...{ id: 3_480_000_001, thread: number, author: 'alice', body },
    ...{ createdAt: TIME, updatedAt: TIME },
  };
  return {
    action: 'created',
    issue: wire.issue(API, BASE, thread, 1),
    comment: wire.comment(API, BASE, thread, written),
    ...common('alice'),
  };
}

/** Payload of `push` to a branch. */
export function pushEvent(given: { readonly headRef?: string; readonly headSha?: string } = {}): JsonObject {
  const { headRef = 'main', headSha = sha('pushed') } = given;
  const commit = {
    ...commitOf(headSha),
    ...{ distinct: true, url: `${PAGES}/${BASE}/commit/${headSha}`, added: [], removed: [], modified: [] },
  };
  return {
    ref: `refs/heads/${headRef}`,
    before: sha('before'),
    after: headSha,
    ...{ created: false, deleted: false, forced: false },
    base_ref: null,
    compare: `${PAGES}/${BASE}/compare/${sha('before')}...${headSha}`,
    commits: [commit],
    head_commit: commit,
    pusher: { name: 'alice', email: 'alice@example.com' },
    ...common('alice'),
  };
}

/** Payload of `workflow_dispatch`. */
export function workflowDispatchEvent(
  given: { readonly headRef?: string; readonly inputs?: Readonly<Record<string, string>> } = {},
): JsonObject {
  const { headRef = 'main', inputs = null } = given;
  return {
    inputs,
    ref: `refs/heads/${headRef}`,
    workflow: '.github/workflows/verify.yml',
    ...common('alice'),
  };
}

/** Payload of `schedule`. GitHub describes none: it sends no such webhook, the runner alone gets to see it. */
export function scheduleEvent(given: { readonly schedule?: string } = {}): JsonObject {
  const { schedule = '0 3 * * *' } = given;
  return { schedule, workflow: '.github/workflows/verify.yml', repository: repository(API, BASE) };
}

function pullRequestInFull(pull: PullRequest): JsonObject {
  const fork = pull.headRepository !== BASE;
  const head = repository(API, pull.headRepository, { fork });
  return {
    ...wire.pullRequest(API, repository(API, BASE), head, pull),
    ...{ merged: false, mergeable: null, rebaseable: null, mergeable_state: 'unknown', merged_by: null },
    ...{ comments: 0, review_comments: 0, commits: 1, additions: 1, deletions: 1, changed_files: 1 },
    maintainer_can_modify: fork,
  };
}
