import { createHash } from 'node:crypto';

/** An issue, or what a pull request shares with one: both have comments, and one sequence of numbers. */
export interface Thread {
  readonly number: number;
  readonly title: string;
  readonly body: string | null;
  readonly labels: readonly string[];
  readonly state: 'open' | 'closed';
  readonly stateReason: 'completed' | 'reopened' | 'not_planned' | 'duplicate' | null;
  /** A login. Those of apps end with `[bot]`. */
  readonly author: string;
  readonly locked: boolean;
  /** Times are as GitHub writes them, to the second. */
  readonly createdAt: string;
  readonly updatedAt: string;
  readonly closedAt: string | null;
  readonly closedBy: string | null;
}

export interface PullRequest extends Thread {
  readonly headSha: string;
  /** The branch's name, without `refs/heads/`. */
  readonly headRef: string;
  /** `owner/name`: another than that of the pull request for a fork. */
  readonly headRepository: string;
  /** The fork is gone, and GitHub answers null for it. */
  readonly headDeleted: boolean;
  readonly baseRef: string;
  readonly baseSha: string;
}

export interface Comment {
  readonly id: number;
  /** The number of its issue or pull request. */
  readonly thread: number;
  readonly author: string;
  readonly body: string;
  readonly createdAt: string;
  readonly updatedAt: string;
}

/** What stands for everything that a thread isn't told. */
export interface Usual {
  readonly number: number;
  readonly time: string;
  /** `owner/name`. */
  readonly repository: string;
}

export function newIssue(given: Partial<Thread>, { number, time }: Usual): Thread {
  return {
    number,
    title: `Thread ${number}`,
    body: null,
    labels: [],
    state: 'open',
    stateReason: null,
    author: 'alice',
    locked: false,
    createdAt: time,
    updatedAt: time,
    closedAt: given.state === 'closed' ? time : null,
    closedBy: given.state === 'closed' ? 'alice' : null,
    ...given,
  };
}

export function newPullRequest(given: Partial<PullRequest>, usual: Usual): PullRequest {
  return {
    ...newIssue({ title: `Change ${usual.number}` }, usual),
    headSha: sha(`head of ${usual.number}`),
    headRef: `change-${usual.number}`,
    headRepository: usual.repository,
    headDeleted: false,
    baseRef: 'main',
    baseSha: sha('main'),
    closedAt: given.state === 'closed' ? usual.time : null,
    closedBy: given.state === 'closed' ? 'alice' : null,
    ...given,
  };
}

export function isPullRequest(thread: Thread): thread is PullRequest {
  return 'headSha' in thread;
}

/** What looks like a commit, the same for the same words. */
export function sha(words: string): string {
  return createHash('sha1').update(words).digest('hex');
}
