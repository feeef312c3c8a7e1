import type { TestGitHub } from '../github/server.ts';
import { type ActionOptions, type ActionRun, runAction } from '../support/run.ts';

export interface OnGitHub {
  readonly run?: number;
  readonly attempt?: number;
  readonly token?: string;
  readonly workspace?: string;
  readonly sha?: string;
}

/** Starts the action as a job on that GitHub does. */
export function runOn(
  github: TestGitHub,
  event: ActionOptions['event'],
  inputs: Readonly<Record<string, string>>,
  { run = 1000, attempt = 1, token = github.token, workspace, sha }: OnGitHub = {},
): Promise<ActionRun> {
  return runAction({
    ...(event === undefined ? {} : { event }),
    // What that GitHub tells of commits is made up: there is no base to review against, unless a test makes one.
    inputs: { 'github-token': token, base: 'none', ...inputs },
    ...(workspace === undefined ? {} : { workspace }),
    env: {
      ...(sha === undefined ? {} : { GITHUB_SHA: sha }),
      GITHUB_API_URL: github.url,
      GITHUB_RUN_ID: `${run}`,
      GITHUB_RUN_ATTEMPT: `${attempt}`,
    },
  });
}
