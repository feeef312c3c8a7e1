import { code, phrase, vouch } from '../../core/phrase.ts';
import { type Forge, ForgeFault, type PostedIssue } from '../../core/ports.ts';
import type { Posted } from '../../core/sticky.ts';
import { type Patience, patientClient } from './client.ts';
import { failureOf, faultOf, type Permission } from './faults.ts';

export interface Place extends Patience {
  /** `https://api.github.com`, say. */
  readonly api: string;
  readonly owner: string;
  readonly repo: string;
  readonly token: string;
}

const PER_PAGE = 100;

/** GitHub over its REST API; who we are only its GraphQL API tells to every kind of token. */
export function githubForge({ api, owner, repo, token, ...patience }: Place): Forge {
  const client = patientClient(token, api, patience);
  const { rest } = client;
  const here = { owner, repo };

  async function ask<T>(permission: Permission, request: () => Promise<T>): Promise<T> {
    try {
      return await request();
    } catch (error) {
      if (error instanceof ForgeFault) throw error;
      throw faultOf(failureOf(error), {
        permission,
        host: vouch(new URL(api).host),
        timeout: patience.timeout,
        now: patience.now(),
      });
    }
  }

  return {
    viewer: () =>
      ask('pull-requests: write', async () => {
        try {
          const { viewer } = await client.graphql<{ viewer: { login: string } }>('{ viewer { login } }');
          return viewer.login;
        } catch (error) {
          throw isRefusal(error) ? nobody() : error;
        }
      }),
    comments: (thread) =>
      ask('pull-requests: write', async () => {
        const request = { ...here, issue_number: thread, per_page: PER_PAGE };
        return client.paginate(rest.issues.listComments, request, ({ data }) => data.map(posted));
      }),
    comment: (thread, body) =>
      ask('pull-requests: write', async () =>
        posted((await rest.issues.createComment({ ...here, issue_number: thread, body })).data),
      ),
    editComment: (id, body) =>
      ask('pull-requests: write', async () => {
        await rest.issues.updateComment({ ...here, comment_id: id, body });
      }),
    removeComment: (id) =>
      ask('pull-requests: write', async () => {
        try {
          await rest.issues.deleteComment({ ...here, comment_id: id });
        } catch (error) {
          if (failureOf(error).status !== 404) throw error;
        }
      }),
    issues: (label) =>
      ask('issues: write', async () => {
        const request = { ...here, labels: label, state: 'all', per_page: PER_PAGE } as const;
        const issues = await client.paginate(rest.issues.listForRepo, request);
        // GitHub counts pull requests among the issues.
        return issues.filter((issue) => issue.pull_request === undefined).map(postedIssue);
      }),
    openIssue: ({ title, body }, label) =>
      ask('issues: write', async () =>
        postedIssue((await rest.issues.create({ ...here, title, body, labels: [label] })).data),
      ),
    editIssue: (number, { title, body, state }) =>
      ask('issues: write', async () => {
        await rest.issues.update({
          ...here,
          issue_number: number,
          ...(title === undefined ? {} : { title }),
          ...(body === undefined ? {} : { body }),
          ...stateOf(state),
        });
      }),
    say: (number, body) =>
      ask('issues: write', async () => {
        await rest.issues.createComment({ ...here, issue_number: number, body });
      }),
    pullRequestsOf: ({ owner: of, branch, sha }) =>
      ask('pull-requests: write', async () => {
        const request = { ...here, head: `${of}:${branch}`, state: 'open', per_page: PER_PAGE } as const;
        const { data } = await rest.pulls.list(request);
        return data.filter(({ head }) => head.sha === sha).map(({ number }) => number);
      }),
  };
}

/** GraphQL answers 200 also when it limits us: that is no word about the token. */
function isRefusal(error: unknown): boolean {
  return (
    error instanceof Error && error.name === 'GraphqlResponseError' && !/rate limit/i.test(error.message)
  );
}

function nobody(): ForgeFault {
  return new ForgeFault(
    'final',
    phrase`GitHub doesn't say whose token this is, so our own comments can't be told from others`,
    phrase`leave ${code('github-token')} away to use the job's own`,
  );
}

interface Text {
  readonly user?: { readonly login: string } | null;
  readonly body?: string | null | undefined;
  readonly html_url: string;
}

function posted({ id, user, body, html_url: link }: Text & { readonly id: number }): Posted {
  return { id, author: user?.login ?? '', body: body ?? '', link };
}

function postedIssue(
  issue: Text & {
    readonly number: number;
    readonly title: string;
    readonly state: string;
    readonly labels: readonly (string | { readonly name?: string | undefined })[];
  },
): PostedIssue {
  return {
    ...posted({ ...issue, id: issue.number }),
    title: issue.title,
    isOpen: issue.state === 'open',
    labels: issue.labels.map((label) => (typeof label === 'string' ? label : (label.name ?? ''))),
  };
}

function stateOf(state: 'open' | 'completed' | 'not_planned' | undefined) {
  if (state === undefined) return {};
  return state === 'open' ? { state } : { state: 'closed' as const, state_reason: state };
}
