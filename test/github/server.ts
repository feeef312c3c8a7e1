import type { Fault, Hold, Rule, Where } from './faults.ts';
import { type GitHubOptions, type Logged, Service, TOKEN, type TokenHolder } from './service.ts';
import type { State } from './state.ts';

/** A GitHub of this test's own, with one repository, gone when the test is. */
export interface TestGitHub
  extends AsyncDisposable,
    Pick<
      State,
      | ('addPullRequest' | 'addIssue' | 'addComment' | 'change' | 'editComment' | 'removeComment')
      | ('comments' | 'issues' | 'pullRequests' | 'thread' | 'labels')
    > {
  /** What `GITHUB_API_URL` is to say. */
  readonly url: string;
  /** `owner/name`. */
  readonly repository: string;
  /** Of `github-actions[bot]`, who may write issues and pull requests. */
  readonly token: string;
  /** Makes a token good, or good for something else. */
  addToken(token: string, holder?: TokenHolder): void;
  /** Every request in the order they came, also those that went wrong. */
  readonly requests: readonly Logged[];
  /** Those that ask for a change. */
  readonly writes: readonly Logged[];
  /** What GitHub would not understand, or would never answer. Disposing fails when there is any. */
  readonly violations: readonly string[];
  /** The violations so far, which are expected then. */
  takeViolations(): readonly string[];
  /** Makes requests go wrong. */
  fault(rule: Rule): Fault;
  /** Makes requests wait, to have them meet. */
  hold(where: Where): Hold;
}

/** Starts a GitHub that holds every request and its own every answer to GitHub's OpenAPI description. */
export async function startGitHub(options: GitHubOptions = {}): Promise<TestGitHub> {
  const github = new Service(options);
  await github.listen();
  const { state } = github;
  return {
    url: github.url,
    repository: state.repository,
    token: TOKEN,
    labels: state.labels,
    requests: github.requests,
    get writes() {
      return github.requests.filter(({ method, path }) => method !== 'GET' && path !== '/graphql');
    },
    violations: github.violations,
    takeViolations: () => github.violations.splice(0),
    addToken: (token, holder) => github.addToken(token, holder),
    addPullRequest: (given) => state.addPullRequest(given),
    addIssue: (given) => state.addIssue(given),
    addComment: (given) => state.addComment(given),
    change: (number, changes) => state.change(number, changes),
    editComment: (id, body) => state.editComment(id, body),
    removeComment: (id) => state.removeComment(id),
    comments: (thread) => state.comments(thread),
    issues: () => state.issues(),
    pullRequests: () => state.pullRequests(),
    thread: (number) => state.thread(number),
    fault: (rule) => github.faults.add(rule),
    hold: (where) => github.holds.add(where),
    async [Symbol.asyncDispose]() {
      await github.close();
      if (github.violations.length > 0) throw new Error(github.violations.join('\n'));
    },
  };
}
