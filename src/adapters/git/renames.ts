import { copyFileSync, existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Commit } from '../../core/ports.ts';
import { settings } from './environment.ts';
import { ask } from './names.ts';
import type { Git } from './program.ts';

/** New files that are looked at; with more of them, nobody has renamed a schema by hand. */
const MOST_NEW = 1000;

/**
 * See `Repo.renamedSince`: within the workspace, committed or not. A file counts as renamed when half of it is the
 * same, as git has it.
 */
export async function renamedSince(git: Git, commit: Commit): Promise<ReadonlyMap<string, string>> {
  const env = await withoutFilters(git);
  const seen = await compare(git, commit, env);
  // Only what has gone can have a new name among the files that git doesn't know yet.
  if (seen.gone === 0) return seen.renamed;
  const others = await ask(git, ['ls-files', '-z', '--others', '--exclude-standard']);
  const added = namesIn(others.stdout).filter((path) => !path.endsWith('/'));
  if (added.length === 0 || added.length > MOST_NEW) return seen.renamed;
  return withAdded(git, added, env, async (inner) => (await compare(git, commit, inner)).renamed);
}

/** The same between two commits, whatever is checked out. */
export async function renamedBetween(
  git: Git,
  commit: Commit,
  until: Commit,
): Promise<ReadonlyMap<string, string>> {
  const asked = ['diff-tree', '-r', '-z', '--name-status', '--find-renames', '--diff-filter=R', '--relative'];
  const plain = ['--no-ext-diff', '--no-textconv', '--no-color', commit, until, '--'];
  const { stdout } = await ask(git, [...asked, ...plain]);
  return renamesIn(stdout).renamed;
}

interface Comparison {
  readonly renamed: ReadonlyMap<string, string>;
  readonly gone: number;
}

async function compare(git: Git, commit: Commit, env: Readonly<Record<string, string>>): Promise<Comparison> {
  const { stdout } = await ask(
    git,
    [
      ...['diff-index', '-z', '--name-status', '--find-renames', '--diff-filter=RD', '--relative'],
      // Looking into a submodule would obey its settings.
      ...['--ignore-submodules=all', '--no-ext-diff', '--no-textconv', '--no-color', commit, '--'],
    ],
    { env },
  );
  return renamesIn(stdout);
}

function renamesIn(stdout: Buffer): Comparison {
  const [renamed, fields] = [new Map<string, string>(), namesIn(stdout)];
  let gone = 0;
  for (let at = 0; at < fields.length; ) {
    const [status = '', then = '', now = ''] = fields.slice(at, at + 3);
    if (status.startsWith('R')) renamed.set(now, then);
    else gone += 1;
    at += status.startsWith('R') ? 3 : 2;
  }
  return { renamed, gone };
}

function namesIn(stdout: Buffer): readonly string[] {
  return stdout
    .toString()
    .split('\0')
    .filter((text) => text !== '');
}

/**
 * To compare a file with what was committed, git has it pass the filter that its attributes ask for: a program out of
 * the settings. Without, such files only look more changed than they are.
 */
async function withoutFilters(git: Git): Promise<Readonly<Record<string, string>>> {
  const pattern = '^filter\\..*\\.(clean|smudge|process|required)$';
  const asked = ['config', '-z', '--name-only', '--get-regexp', pattern];
  const { stdout } = await ask(git, asked, { answers: [0, 1] });
  const named = new Set(namesIn(stdout));
  return settings([...named].map((each) => [each, each.endsWith('.required') ? 'false' : '']));
}

/** Works with an index that knows the added files too, and that nobody else sees. */
async function withAdded<T>(
  git: Git,
  added: readonly string[],
  env: Readonly<Record<string, string>>,
  work: (env: Readonly<Record<string, string>>) => Promise<T>,
): Promise<T> {
  const asked = ['rev-parse', '--path-format=absolute', '--git-path', 'index', '--git-path', 'objects'];
  const { stdout } = await ask(git, asked);
  const [index = '', objects = ''] = stdout.toString().split('\n');
  const folder = mkdtempSync(join(tmpdir(), 'guardian-git-'));
  try {
    const own = { index: join(folder, 'index'), objects: join(folder, 'objects') };
    mkdirSync(own.objects);
    if (existsSync(index)) copyFileSync(index, own.index);
    const inner = {
      ...env,
      GIT_INDEX_FILE: own.index,
      // Marking a file as new stores an object, if an empty one.
      GIT_OBJECT_DIRECTORY: own.objects,
      GIT_ALTERNATE_OBJECT_DIRECTORIES: quoted(resolve(objects)),
    };
    await ask(git, ['add', '--intent-to-add', '--pathspec-from-file=-', '--pathspec-file-nul'], {
      input: added.join('\0'),
      env: inner,
    });
    return await work(inner);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A path in a list of paths, whatever is in it. */
function quoted(path: string): string {
  return `"${path.replace(/["\\]/g, '\\$&')}"`;
}
