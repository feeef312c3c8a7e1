import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import type { Repo } from '../core/ports.ts';
import type { Change } from '../review.ts';
import { evolutionTools } from './evolution-tools.ts';
import type { Settings } from './settings.ts';

/** Where git is not enough: the repository on GitHub, and the commit that the workspace is of. */
export interface OnGitHub {
  readonly owner: string;
  readonly repo: string;
  /** `https://api.github.com`, say. */
  readonly api: string;
  readonly sha: string;
}

export interface History {
  readonly repo?: Repo;
  readonly change?: Change;
}

/** Looks where the change under review began: in git first, then on GitHub. `base` is what the settings don't say. */
export async function findHistory(
  settings: Settings,
  { workspace, now }: { readonly workspace: string; readonly now: () => number },
  base: string | undefined,
  github: OnGitHub | undefined,
): Promise<History> {
  const wanted = settings.base ?? base;
  const isReview = wanted !== undefined && wanted !== 'none';
  if (!isReview && !isInCheckout(workspace)) return {};
  const { gitRepo } = await import('../adapters/git/repo.ts');
  const git = gitRepo(workspace, { timeout: settings.timeout, mayFetch: isReview && github !== undefined });
  if (!isReview) return { repo: git };
  const origin = await git.origin(wanted, settings.head ?? 'HEAD');
  const rest = { isCommitted: settings.head !== undefined, tools: evolutionTools };
  if (origin.kind !== 'unknown' || github === undefined || settings.githubToken === '') {
    return { repo: git, change: { repo: git, origin, ...rest } };
  }
  const { githubRepo } = await import('../adapters/github/repo.ts');
  const remote = githubRepo({
    ...github,
    folder: '',
    token: settings.githubToken,
    timeout: settings.timeout,
    now,
  });
  const there = await remote.origin(wanted, settings.head ?? github.sha);
  // What git lacks is what can be mended, so that is what is told.
  return there.kind === 'unknown'
    ? { repo: git, change: { repo: git, origin, ...rest } }
    : { repo: remote, change: { repo: remote, origin: there, ...rest } };
}

/** Whether git would find anything here, so that it needn't be started to say no. */
function isInCheckout(folder: string): boolean {
  const parent = dirname(resolve(folder));
  return existsSync(join(folder, '.git')) || (parent !== resolve(folder) && isInCheckout(parent));
}
