import { withoutDigests } from './redaction.ts';

/** Which comment or issue is meant: every environment and label has its own, and so has what it tells about. */
export interface Identity {
  readonly environment: string;
  readonly label: string;
  /** A verification unless said otherwise. */
  readonly about?: 'plan';
}

/** A run by GitHub's numbers: ids grow with every run of a repository, attempts with every rerun. */
export interface Run {
  readonly id: number;
  readonly attempt: number;
}

/** A comment or an issue as it stands on GitHub. */
export interface Posted {
  readonly id: number;
  /** Login; that of an app ends with `[bot]`. */
  readonly author: string;
  readonly body: string;
  readonly link: string;
}

/** What a run wants to stand there. */
export interface Letter {
  readonly identity: Identity;
  readonly run: Run;
  /** The whole text, its mark first. */
  readonly body: string;
}

const NAME = 'redis-config-guardian';

/** The first line of everything that we post. Nobody sees it. */
export function spellMark(identity: Identity, { id, attempt }: Run): string {
  return `<!-- ${NAME} ${spellIdentity(identity)} run=${id} attempt=${attempt} -->`;
}

/** Encoded so, no name can end an HTML comment. */
function spellIdentity({ environment, label, about }: Identity): string {
  const named = `environment=${encodeURIComponent(environment)} label=${encodeURIComponent(label)}`;
  return about === undefined ? named : `${named} about=${about}`;
}

/** The run that wrote a text for this environment and label, about the same; undefined when the text is none of ours. */
export function readMark(body: string, identity: Identity): Run | undefined {
  const mark = /^<!-- ([\w-]+) (.*) run=(\d{1,15}) attempt=(\d{1,9}) -->/.exec(body);
  const [, tool, spelled, id, attempt] = mark ?? [];
  const isOurs = tool === NAME && spelled === spellIdentity(identity);
  return isOurs ? { id: Number(id), attempt: Number(attempt) } : undefined;
}

/** A posted text that is ours, and the run that wrote it. */
export type Ours<Item extends Posted = Posted> = Item & { readonly run: Run };

/**
 * Those that we wrote for this environment and label, about the same, the oldest first. A stranger may copy our mark, and another
 * tool of the same author may quote it, so both the author and the first line count.
 */
export function findOurs<Item extends Posted>(
  posted: readonly Item[],
  author: string,
  identity: Identity,
): readonly Ours<Item>[] {
  return posted
    .flatMap((item) => {
      const run = item.author === author ? readMark(item.body, identity) : undefined;
      return run === undefined ? [] : [{ ...item, run }];
    })
    .sort((a, b) => a.id - b.id);
}

/** What became of a letter. `rival`: another job of the same run had said something else. */
export type Settlement = 'new' | 'changed' | 'rival' | 'unchanged' | 'outdated' | 'unneeded';

/** What a letter is to the newest text that stands there. */
export function compare(newest: Ours, letter: Letter): 'changed' | 'rival' | 'unchanged' | 'outdated' {
  if (isOlder(letter.run, newest.run)) return 'outdated';
  if (saysTheSame(newest, letter)) return 'unchanged';
  return isOlder(newest.run, letter.run) ? 'changed' : 'rival';
}

export function newestOf<Item extends Ours>(first: Item, others: readonly Item[]): Item {
  return others.reduce((newest, item) => (isOlder(item.run, newest.run) ? newest : item), first);
}

function isOlder(run: Run, other: Run): boolean {
  return run.id === other.id ? run.attempt < other.attempt : run.id < other.id;
}

/** Whether a text says what the letter says, whichever run says so. */
export function saysTheSame({ body }: Posted, letter: Letter): boolean {
  return comparable(body) === comparable(letter.body);
}

/** What a text says, whichever run says so; GitHub keeps neither line ends nor a blank end. */
function comparable(text: string): string {
  return withoutDigests(text)
    .replace(/^(<!-- .*) run=\d+ attempt=\d+ -->/, '$1')
    .replace(RUN_LINK, '')
    .replaceAll('\r\n', '\n')
    .trimEnd();
}

/** A link to the log of a run, in Markdown. It is what differs in two texts that say the same. */
export function linkRun({ id, attempt }: Run, link: string): string {
  return `[run ${id}, attempt ${attempt}](${link})`;
}

const RUN_LINK = /\[run \d+, attempt \d+\]\([^()\s]*\)/g;
