import { spawnSync } from 'node:child_process';
import { demand, type Exchange, Refusal } from './exchange.ts';

/** A question to the git repository that stands behind a GitHub. Arguments stand for themselves, not for patterns. */
export type Git = (...args: readonly string[]) => Buffer;

/** A tree's entry, as `git ls-tree -l` tells it. */
export interface Entry {
  readonly mode: string;
  readonly type: string;
  readonly object: string;
  /** Bytes; NaN for what has no size. */
  readonly size: number;
  /** From the top of what was asked for. */
  readonly path: string;
}

/** The history of a repository, for whoever may read it. */
export function historyOf(exchange: Exchange): Git {
  const { history } = exchange.repository;
  demand(exchange, 'read', ['contents']);
  if (history === undefined) throw new Refusal(409, 'Git Repository is empty.');
  const { PATH = '' } = process.env;
  return (...args) => {
    const { status, stdout, stderr } = spawnSync('git', ['--literal-pathspecs', ...args], {
      cwd: history,
      env: { PATH, GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_NOSYSTEM: '1' },
      maxBuffer: 256 * 1024 ** 2,
    });
    if (status !== 0) throw new Error(`git ${args.join(' ')}: ${stderr}`);
    return stdout;
  };
}

/** The commit that a name stands for to GitHub, where `HEAD` is the default branch. */
export function commitOf(git: Git, name: string): string | undefined {
  if (name.includes(':')) throw new Error('another repository of the network is not simulated');
  return resolved(git, `${name.replace(/^HEAD(?=$|[~^])/, 'refs/heads/main')}^{commit}`);
}

/** The name of what a revision stands for. */
export function resolved(git: Git, revision: string): string | undefined {
  if (/^-|[\r\n]/.test(revision)) return undefined;
  try {
    return git('rev-parse', '--quiet', '--verify', '--end-of-options', revision).toString().trim();
  } catch {
    return undefined;
  }
}

export function entriesOf(git: Git, tree: string, ...paths: readonly string[]): readonly Entry[] {
  return fieldsOf(git('ls-tree', '-z', '-l', tree, '--', ...paths)).flatMap((line) => {
    const [, mode = '', type = '', object = '', size = '', path = ''] =
      /^(\d+) (\w+) (\w+) +(\S+)\t(.*)$/s.exec(line) ?? [];
    return path === '' ? [] : [{ mode, type, object, size: Number(size), path }];
  });
}

export function linesOf(output: Buffer): readonly string[] {
  return output
    .toString()
    .split('\n')
    .filter((line) => line !== '');
}

export function fieldsOf(output: Buffer): readonly string[] {
  return output
    .toString()
    .split('\0')
    .filter((field) => field !== '');
}
