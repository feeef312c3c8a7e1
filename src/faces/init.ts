import { linkSync, lstatSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { stringify } from 'yaml';
import { code, count, joined, type Known, name, type Phrase, phrase, vouch } from '../core/phrase.ts';
import { clean, plain } from '../core/plain.ts';
import type { Store } from '../core/ports.ts';
import type { Proposal } from '../inference/manifest.ts';
import { type Initial, type LeftOut, propose } from '../init.ts';
import type { Outcome } from './ending.ts';
import { UsageError } from './settings.ts';
import { writing } from './writing.ts';

export interface InitRequest {
  readonly store: Store;
  /** What the keys of the configs begin with; absent to find out. */
  readonly prefix?: string;
  /** The folder that the files are written to. */
  readonly workspace: string;
  /** Files that exist are overwritten. */
  readonly force: boolean;
  /** Nothing is written. */
  readonly isDryRun: boolean;
}

type Proposed = Extract<Initial, { readonly kind: 'proposed' }>;

/** `init`: proposes how to guard what is in the store, and writes it down. Nothing is written unless all of it can be. */
export async function init({ store, prefix, workspace, force, isDryRun }: InitRequest): Promise<Outcome> {
  const initial = await propose(store, prefix);
  if (initial.kind === 'refused') {
    throw new UsageError(initial.said, initial.advice, initial.leftOut.map(wordLeftOut));
  }
  const files = filesOf(initial);
  if (isDryRun) {
    return {
      text: `${told(initial, store)}\nguardian.yml:\n${printed(manifestText(initial))}`,
      exitCode: 0,
    };
  }
  if (!force) refuseExisting(workspace, [...files.keys()]);
  write(workspace, files, force);
  return { text: `${told(initial, store)}\n${written(files)}`, exitCode: 0 };
}

const MANIFEST = vouch('guardian.yml');
const WORKFLOW = vouch('.github/workflows/redis-config-guardian.yml');
/** Manifests in other places: beside them another one would be read, or passed over. */
const OTHER_MANIFESTS = ['.github/guardian.yml', 'guardian.json'];

/** By path, what is to be written. */
type Texts = ReadonlyMap<Known, string>;

function filesOf(initial: Proposed): Texts {
  const documents = initial.proposals.flatMap(({ files }) => [...files]);
  return new Map<Known, string>([
    [MANIFEST, manifestText(initial)],
    ...documents.map(([path, document]) => [vouch(path), `${JSON.stringify(document, null, 2)}\n`] as const),
    [WORKFLOW, workflow],
  ]);
}

function manifestText({ head, proposals }: Proposed): string {
  const configs = Object.fromEntries(proposals.map(({ name: config, entry }) => [config, entry]));
  const document = stringify({ ...head, configs }, style);
  return `# Proposed by "guardian init" from what was in Redis. Look above all at what is secret, and at what isn't.\n${document}`;
}

/** No text has more than one line: the next could begin with what a runner obeys. */
const style = {
  lineWidth: 0,
  aliasDuplicateObjects: false,
  blockQuote: false,
  singleQuote: false,
  doubleQuotedMinMultiLineLength: Number.MAX_SAFE_INTEGER,
} as const;

/** The gate for pull requests of the repository's own branches. */
export const workflow = `# Verifies the configs in Redis for every pull request, and says in a comment what is wrong.
# Needs: the secret REDIS_URL, and a Redis that the runner reaches. OWNER is who publishes the action.
name: Config gate
on: pull_request
permissions: {}
concurrency:
  group: \${{ github.workflow }}-\${{ github.ref }}
  cancel-in-progress: true
jobs:
  gate:
    runs-on: ubuntu-latest
    timeout-minutes: 5
    permissions:
      contents: read
      # For the comment.
      pull-requests: write
    steps:
      - uses: actions/checkout@v6
        with:
          persist-credentials: false
      - uses: OWNER/redis-config-guardian@v1
        with:
          redis-url: \${{ secrets.REDIS_URL }}
`;

function told({ head, proposals, leftOut }: Proposed, store: Store): string {
  const prefix = typeof head['prefix'] === 'string' ? head['prefix'] : '';
  const rows = proposals.map((proposal) => rowOf(proposal, prefix));
  const rest = leftOut.map((item) => `  ${plain(wordLeftOut(item))}\n`);
  return [
    `${plain(phrase`${count(proposals.length, 'config')} in ${code(store.target)}`)}\n`,
    ...rows,
    ...(rest.length === 0 ? [] : ['left out:\n', ...rest]),
  ].join('');
}

function rowOf({ name: config, entry, keys, secrets }: Proposal, prefix: string): string {
  const facts = [
    phrase`${count(keys, 'key')}`,
    ...(secrets === 0 ? [] : [phrase`${count(secrets, 'secret place')}`]),
    ...(entry['fallback'] === 'none' ? [phrase`no fallback`] : []),
  ];
  const key = `${prefix}${entry['keys'] ?? entry['key'] ?? ''}`;
  return `  ${clean(config)}: ${clean(key)} (${plain(joined(facts, ', '))})\n`;
}

function wordLeftOut({ keys, reason, examples }: LeftOut): Phrase {
  const names = joined(examples.map(name), ', ');
  return phrase`${count(keys)} × ${reason}: ${names}${keys > examples.length ? phrase` …` : phrase``}`;
}

function written(files: Texts): string {
  const inFolder = (folder: string) => [...files.keys()].filter((path) => path.startsWith(folder)).length;
  const parts = [
    phrase`${code(MANIFEST)}`,
    phrase`${count(inFolder('schemas/'), 'schema')}`,
    phrase`${count(inFolder('fallback/'), 'fallback')}`,
    phrase`${code(WORKFLOW)}`,
  ];
  return `written: ${plain(joined(parts, ', '))}\nnext: read what was written before you commit it, then run guardian verify\n`;
}

/** Indented, and each line without what a terminal or a runner obeys. */
function printed(text: string): string {
  return text
    .split('\n')
    .map((line) => (line === '' ? '' : `  ${clean(line)}`))
    .join('\n');
}

function refuseExisting(workspace: string, paths: readonly Known[]): void {
  const existing = [...paths, ...OTHER_MANIFESTS.map(vouch)].filter((path) =>
    exists(resolve(workspace, path)),
  );
  if (existing.length === 0) return;
  const listed = joined(existing.map(asCode), ', ');
  throw new UsageError(
    phrase`nothing was written, because there are files already: ${listed}`,
    phrase`move them away, or overwrite them with ${code('--force')}`,
  );
}

function asCode(path: Known) {
  return code(path);
}

/** Also where a link leads nowhere. What can't be looked at can't be written either, and is refused then. */
function exists(path: string): boolean {
  try {
    return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
  } catch {
    return false;
  }
}

/** Writes all of the files beside where they belong before the first is put there. */
function write(workspace: string, files: Texts, force: boolean): void {
  const staged: { readonly from: string; readonly to: string; readonly path: Known }[] = [];
  try {
    for (const [path, text] of files) {
      writing(path, () => {
        const to = resolve(workspace, path);
        const from = `${to}.${process.pid}.tmp`;
        mkdirSync(dirname(to), { recursive: true });
        writeFileSync(from, text, { flag: 'wx' });
        staged.push({ from, to, path });
      });
    }
    // A link, unlike a renaming, never replaces what somebody else has written there in the meantime.
    for (const { from, to, path } of staged) writing(path, () => (force ? renameSync : linkSync)(from, to));
  } finally {
    for (const { from } of staged) rmSync(from, { force: true });
  }
}
