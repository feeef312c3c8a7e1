import { readFileSync } from 'node:fs';
import * as z from 'zod/mini';
import type { Head } from '../core/ports.ts';
import type { Run } from '../core/sticky.ts';
import type { Settings } from './settings.ts';

type Env = Readonly<Record<string, string | undefined>>;

/** What made the workflow run, and what there is to write to. */
export interface Occasion {
  readonly repository: { readonly owner: string; readonly repo: string };
  /** The run that a text is by: of a `workflow_run` the one that it followed. */
  readonly run: Run;
  /** The log of this run itself. */
  readonly log: Run & { readonly link: string };
  /** The pull request that it is about: by number, or by what has to be looked up. */
  readonly pullRequest?: number | (Head & { readonly named: readonly number[] });
  /** Nobody looks at such a run by himself, so trouble is kept in an issue. */
  readonly isUnattended: boolean;
}

const Numbered = z.object({ number: z.int() });

const Payload = z.object({
  pull_request: z.optional(z.object({ number: z.int(), base: z.optional(z.object({ sha: z.string() })) })),
  issue: z.optional(z.object({ number: z.int(), pull_request: z.optional(z.unknown()) })),
  merge_group: z.optional(z.object({ head_ref: z.string(), base_sha: z.optional(z.string()) })),
  workflow_run: z.optional(
    z.object({
      id: z.int(),
      run_attempt: z.int(),
      html_url: z.string(),
      event: z.string(),
      head_branch: z.nullable(z.string()),
      head_sha: z.string(),
      pull_requests: z.optional(z.array(Numbered)),
      head_repository: z.nullish(z.object({ owner: z.object({ login: z.string() }) })),
    }),
  ),
});

type Payload = z.infer<typeof Payload>;

/**
 * Reads what GitHub tells an action of its run; undefined outside of a workflow. `inMergeQueue` takes a merge queue's
 * run for one of its pull request.
 */
export function readOccasion(env: Env, inMergeQueue: boolean): Occasion | undefined {
  const { GITHUB_REPOSITORY = '', GITHUB_RUN_ID, GITHUB_RUN_ATTEMPT = '1', GITHUB_SERVER_URL } = env;
  const [owner, repo] = GITHUB_REPOSITORY.split('/');
  const id = Number(GITHUB_RUN_ID);
  if (!owner || !repo || !Number.isSafeInteger(id) || id < 1) return undefined;
  const attempt = Number(GITHUB_RUN_ATTEMPT) || 1;
  const event = env['GITHUB_EVENT_NAME'] ?? '';
  const payload = readPayload(env['GITHUB_EVENT_PATH']);
  const followed = event === 'workflow_run' ? payload.workflow_run : undefined;
  const pullRequest = pullRequestOf(event, payload, inMergeQueue);
  return {
    repository: { owner, repo },
    run: followed === undefined ? { id, attempt } : { id: followed.id, attempt: followed.run_attempt },
    log: {
      id,
      attempt,
      link: `${GITHUB_SERVER_URL ?? 'https://github.com'}/${owner}/${repo}/actions/runs/${id}/attempts/${attempt}`,
    },
    ...(pullRequest === undefined ? {} : { pullRequest }),
    isUnattended: ['schedule', 'workflow_dispatch', 'repository_dispatch'].includes(event),
  };
}

/**
 * The commit that the change which made the workflow run is based on. For `pull_request_target` there is none: what is
 * checked out there is the base itself.
 */
export function readBase(env: Env): string | undefined {
  const { pull_request: pull, merge_group: group } = readPayload(env['GITHUB_EVENT_PATH']);
  switch (env['GITHUB_EVENT_NAME']) {
    case 'pull_request':
      return pull?.base?.sha;
    case 'merge_group':
      return group?.base_sha;
    default:
      return undefined;
  }
}

/** Whether anything is to be posted at all. */
export function isOccasion({ comment, issue }: Settings, occasion: Occasion): boolean {
  const wantsComment = occasion.pullRequest !== undefined && comment !== 'never';
  return wantsComment || (issue && occasion.isUnattended);
}

/** A payload of another shape is that of an event that isn't ours. */
function readPayload(path: string | undefined): Payload {
  if (path === undefined || path === '') return {};
  try {
    const parsed = Payload.safeParse(JSON.parse(readFileSync(path, 'utf8')), { jitless: true });
    return parsed.success ? parsed.data : {};
  } catch {
    return {};
  }
}

function pullRequestOf(event: string, payload: Payload, inMergeQueue: boolean): Occasion['pullRequest'] {
  const { issue, merge_group: group, workflow_run: followed } = payload;
  switch (event) {
    case 'issue_comment':
      return issue?.pull_request === undefined ? undefined : issue.number;
    case 'merge_group':
      return inMergeQueue ? numberIn(group?.head_ref ?? '') : undefined;
    case 'workflow_run':
      return followed === undefined ? undefined : headOf(followed);
    default:
      return payload.pull_request?.number;
  }
}

/** `refs/heads/gh-readonly-queue/main/pr-123-0a1b…`: nothing else of the payload names the pull request. */
function numberIn(ref: string): number | undefined {
  const [, number] = /\/pr-(\d+)-[0-9a-f]{7,}$/.exec(ref) ?? [];
  return number === undefined ? undefined : Number(number);
}

/** For forks the payload names no pull requests, so the head itself has to be looked up. */
function headOf(followed: NonNullable<Payload['workflow_run']>): Occasion['pullRequest'] {
  const {
    event,
    head_branch: branch,
    head_sha: sha,
    head_repository: repository,
    pull_requests = [],
  } = followed;
  if (!event.startsWith('pull_request') || branch === null || !repository) return undefined;
  return { owner: repository.owner.login, branch, sha, named: pull_requests.map(({ number }) => number) };
}
