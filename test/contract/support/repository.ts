import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/** A git repository in a folder of its own, gone when the test is. */
export interface TestRepository extends Disposable {
  readonly folder: string;
  /** Runs git in it and tells what it said, without the last line break. Throws when git fails. */
  git(...args: readonly string[]): string;
  /** Writes files, commits everything, and tells the commit's name. Commits are a minute apart. */
  commit(files?: Readonly<Record<string, string>>): string;
  /** Adds so many commits to a branch that change nothing, fast. */
  grow(branch: string, commits: number): void;
  write(path: string, text: string): void;
}

/** Seconds since the epoch: when the first commit was made. */
export const BEGINNING = 1_700_000_000;

/** An empty repository on the branch `main`. */
export function emptyRepository(): TestRepository {
  const folder = temporary();
  run(folder, ['init', '--quiet', '--initial-branch=main']);
  return repositoryIn(folder);
}

/** A clone, made as the arguments say: `--depth=1`, say. */
export function cloneOf(origin: TestRepository, ...args: readonly string[]): TestRepository {
  const folder = temporary();
  run(folder, ['clone', '--quiet', ...args, `file://${origin.folder}`, '.']);
  return repositoryIn(folder);
}

/** What `actions/checkout` makes of a commit: a repository that has it alone, without a branch. */
export function checkoutOf(origin: TestRepository, ref: string, depth = 1): TestRepository {
  const repository = emptyRepository();
  origin.git('config', 'uploadpack.allowAnySHA1InWant', 'true');
  repository.git('remote', 'add', 'origin', `file://${origin.folder}`);
  const refspec = `+${origin.git('rev-parse', ref)}:refs/remotes/pull/1/merge`;
  repository.git('fetch', '--quiet', '--no-tags', '--prune', `--depth=${depth}`, 'origin', refspec);
  repository.git('checkout', '--quiet', '--force', 'refs/remotes/pull/1/merge');
  return repository;
}

function temporary(): string {
  return realpathSync(mkdtempSync(join(tmpdir(), 'guardian-repository-')));
}

function repositoryIn(folder: string): TestRepository {
  let minutes = 0;
  const write = (path: string, text: string) => {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  };
  return {
    folder,
    write,
    git: (...args) => run(folder, args, BEGINNING + minutes++ * 60),
    commit(files = {}) {
      for (const [path, text] of Object.entries(files)) write(path, text);
      run(folder, ['add', '--all']);
      run(folder, ['commit', '--quiet', '--allow-empty', '--message=change'], BEGINNING + minutes++ * 60);
      return run(folder, ['rev-parse', 'HEAD']);
    },
    grow(branch, commits) {
      const each = Array.from({ length: commits }, (_, n) => {
        const seconds = BEGINNING + minutes++ * 60;
        const from = n === 0 ? `from refs/heads/${branch}^0\n` : '';
        return `commit refs/heads/${branch}\ncommitter A <a@example.com> ${seconds} +0000\ndata 1\nx${from}\n`;
      });
      run(folder, ['fast-import', '--quiet'], BEGINNING, each.join(''));
    },
    [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }),
  };
}

function run(folder: string, args: readonly string[], seconds = BEGINNING, input = ''): string {
  const { PATH = '', HOME = '' } = process.env;
  const { status, stdout, stderr } = spawnSync('git', args, {
    cwd: folder,
    encoding: 'utf8',
    input,
    // Nobody's settings but these, and the same names of commits in every run.
    env: {
      PATH,
      HOME,
      GIT_CONFIG_GLOBAL: '/dev/null',
      GIT_CONFIG_NOSYSTEM: '1',
      GIT_AUTHOR_NAME: 'A',
      GIT_AUTHOR_EMAIL: 'a@example.com',
      GIT_COMMITTER_NAME: 'A',
      GIT_COMMITTER_EMAIL: 'a@example.com',
      GIT_AUTHOR_DATE: `@${seconds} +0000`,
      GIT_COMMITTER_DATE: `@${seconds} +0000`,
    },
  });
  if (status !== 0) throw new Error(`git ${args.join(' ')}: ${stderr}`);
  return stdout.trimEnd();
}
