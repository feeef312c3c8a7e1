import type { JsonObject } from '../../src/core/json.ts';
import { API, BASE, commitOf, common, type PullRequestGiven, pullRequestOf, TIME } from './payload.ts';
import { PAGES, user } from './people.ts';
import { repositoryInShort } from './repository.ts';
import type { PullRequest } from './threads.ts';

export interface WorkflowRunGiven extends PullRequestGiven {
  readonly runId?: number;
  readonly runAttempt?: number;
  /** What the run was started by; `pull_request` when not given. */
  readonly event?: string;
  readonly conclusion?: 'success' | 'failure' | 'cancelled';
  /** Which pull requests the payload names; that of `number`, or none for a fork, when not given. */
  readonly pullRequests?: readonly number[];
  /** Name of the workflow that ran. */
  readonly workflow?: string;
}

/** Payload of `workflow_run` once a pull request's run has ended. For a fork it doesn't say which pull request's. */
export function workflowRunEvent(given: WorkflowRunGiven = {}): JsonObject {
  const { runId = 17_000_000_001, runAttempt = 1, event = 'pull_request', conclusion = 'success' } = given;
  const { workflow: name = 'Verify' } = given;
  const pull = pullRequestOf(given);
  const { pullRequests: numbers = given.fork === true ? [] : [pull.number] } = given;
  const [run, page] = [
    `${API}/repos/${BASE}/actions/runs/${runId}`,
    `${PAGES}/${BASE}/actions/runs/${runId}`,
  ];
  const suite = `${API}/repos/${BASE}/check-suites/29000000001`;
  const actor = user(API, pull.author);
  return {
    action: 'completed',
    workflow: workflowOf(name),
    workflow_run: {
      id: runId,
      node_id: `WFR_${runId}`,
      name,
      path: '.github/workflows/verify.yml',
      display_title: pull.title,
      event,
      status: 'completed',
      conclusion,
      run_number: 12,
      run_attempt: runAttempt,
      head_branch: pull.headRef,
      head_sha: pull.headSha,
      head_commit: commitOf(pull.headSha),
      head_repository: repositoryInShort(API, pull.headRepository, { fork: given.fork ?? false }),
      repository: repositoryInShort(API, BASE),
      pull_requests: numbers.map((number) => pullRequestOfRun({ ...pull, number })),
      check_suite_id: 29_000_000_001,
      check_suite_node_id: 'CS_29000000001',
      check_suite_url: suite,
      workflow_id: 71_000_001,
      workflow_url: `${API}/repos/${BASE}/actions/workflows/71000001`,
      url: run,
      html_url: page,
      jobs_url: `${run}/jobs`,
      logs_url: `${run}/logs`,
      artifacts_url: `${run}/artifacts`,
      cancel_url: `${run}/cancel`,
      rerun_url: `${run}/rerun`,
      previous_attempt_url: runAttempt > 1 ? `${run}/attempts/${runAttempt - 1}` : null,
      referenced_workflows: [],
      created_at: TIME,
      updated_at: TIME,
      run_started_at: TIME,
      actor,
      triggering_actor: actor,
    },
    ...common(pull.author),
  };
}

function pullRequestOfRun(pull: PullRequest): JsonObject {
  const { id, name, url } = repositoryInShort(API, BASE);
  const repo = { id: id ?? 0, name: name ?? '', url: url ?? '' };
  return {
    id: 2_900_000_000 + pull.number,
    number: pull.number,
    url: `${API}/repos/${BASE}/pulls/${pull.number}`,
    head: { ref: pull.headRef, sha: pull.headSha, repo },
    base: { ref: pull.baseRef, sha: pull.baseSha, repo },
  };
}

function workflowOf(name: string): JsonObject {
  const url = `${API}/repos/${BASE}/actions/workflows/71000001`;
  const path = '.github/workflows/verify.yml';
  return {
    id: 71_000_001,
    node_id: 'W_71000001',
    name,
    path,
    state: 'active',
    url,
    html_url: `${PAGES}/${BASE}/blob/main/${path}`,
    badge_url: `${PAGES}/${BASE}/workflows/${encodeURIComponent(name)}/badge.svg`,
    created_at: TIME,
    updated_at: TIME,
  };
}
