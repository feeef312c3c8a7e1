import type { TestGitHub } from '../github/server.ts';
import { type ActionOptions, type ActionRun, runAction } from '../support/run.ts';

export interface OnGitHub {
  readonly run?: number;
  readonly attempt?: number;
  readonly token?: string;
}

/** Starts the action as a job on that GitHub does. */
export function runOn(
  github: TestGitHub,
  event: ActionOptions['event'],
  inputs: Readonly<Record<string, string>>,
  { run = 1000, attempt = 1, token = github.token }: OnGitHub = {},
): Promise<ActionRun> {
  return runAction({
    ...(event === undefined ? {} : { event }),
    inputs: { 'github-token': token, ...inputs },
    env: { GITHUB_API_URL: github.url, GITHUB_RUN_ID: `${run}`, GITHUB_RUN_ATTEMPT: `${attempt}` },
  });
}
