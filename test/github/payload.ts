import type { JsonObject } from '../../src/core/json.ts';
import { user } from './people.ts';
import { repository } from './repository.ts';
import { newPullRequest, type PullRequest, sha, type Usual } from './threads.ts';

/** What payloads have in common. */

export const API = 'https://api.github.com';
export const BASE = 'acme/mail';
export const FORK = 'stranger/mail';
export const TIME = '2026-11-03T09:00:00Z';

export interface PullRequestGiven {
  readonly number?: number;
  readonly headSha?: string;
  /** The branch's name, without `refs/heads/`. */
  readonly headRef?: string;
  /** Whether the head is in another repository. */
  readonly fork?: boolean;
}

export function common(sender: string): JsonObject {
  return { repository: repository(API, BASE), sender: user(API, sender) };
}

export function usual(number: number): Usual {
  return { number, time: TIME, repository: BASE };
}

export function pullRequestOf({ number = 123, fork = false, ...head }: PullRequestGiven): PullRequest {
  const from = fork ? { headRepository: FORK, author: 'stranger' } : {};
  const { headSha, headRef } = head;
  return newPullRequest(
    {
      ...from,
      ...(headSha === undefined ? {} : { headSha }),
      ...(headRef === undefined ? {} : { headRef }),
    },
    usual(number),
  );
}

export function commitOf(id: string): JsonObject {
  const author = { name: 'Alice', email: 'alice@example.com' };
  const about = { message: 'Change a rule', timestamp: TIME };
  return { id, tree_id: sha('tree'), ...about, author, committer: author };
}
