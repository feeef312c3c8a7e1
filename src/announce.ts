import { type CommentStep, settleComments } from './core/comment.ts';
import { type IssueLetter, type IssueStep, settleIssues } from './core/issue.ts';
import { type Forge, ForgeFault, type PostedIssue } from './core/ports.ts';
import { findOurs, type Identity, type Letter, type Posted, type Settlement } from './core/sticky.ts';

/** What GitHub takes as one text, in characters; counted in bytes we are below it whatever the text is. */
const LONGEST = 65_536;

/** Tried when GitHub finds a text too long that shouldn't be. */
const SHORTER = 16_384;

/** Looking, acting, and looking once more for what a race or a lost answer left behind. */
const ROUNDS = 3;

/** What became of it, and where it stands. */
export interface Posting {
  readonly settlement: Settlement;
  readonly link?: string;
  /** It was made without the label by which it would be found again. */
  readonly isLost?: true;
}

/** A text with everything in it, cut to so many bytes. */
export type Draft<Written extends Letter> = (limit: number) => Written;

/**
 * Sees to it that the pull request has one comment of ours that says what the letter says.
 * Throws a `ForgeFault` when GitHub doesn't let it.
 */
export function comment(
  thread: number,
  draft: Draft<Letter>,
  opens: boolean,
  forge: Forge,
): Promise<Posting> {
  return fitting(draft, (letter) =>
    converge<Posted, CommentStep>(letter.identity, forge, {
      look: () => forge.comments(thread),
      settle: (ours) => settleComments(ours, letter, opens),
      act: async (step) => {
        switch (step.kind) {
          case 'create':
            return forge.comment(thread, step.body);
          case 'edit':
            await forge.editComment(step.id, step.body);
            return undefined;
          case 'remove':
            await forge.removeComment(step.id);
            return undefined;
        }
      },
    }),
  );
}

/** The same for the one issue. `label` is the repository's label that it is found by. */
export function keepIssue(label: string, draft: Draft<IssueLetter>, forge: Forge): Promise<Posting> {
  return fitting(draft, async (letter) => {
    let isLost = false;
    const posting = await converge<PostedIssue, IssueStep>(letter.identity, forge, {
      look: () => forge.issues(label),
      settle: (ours) => settleIssues(ours, letter),
      act: async (step) => {
        switch (step.kind) {
          case 'create': {
            const issue = await forge.openIssue(step, label);
            // Of whoever may not push, GitHub drops labels without a word.
            isLost = !issue.labels.includes(label);
            return issue;
          }
          case 'edit':
            await forge.editIssue(step.number, step.changes);
            return undefined;
          case 'say':
            await forge.say(step.number, step.body);
            return undefined;
        }
      },
    });
    return isLost ? { ...posting, isLost } : posting;
  });
}

interface Upkeep<Item extends Posted, Step extends { readonly kind: string }> {
  look(): Promise<readonly Item[]>;
  settle(ours: ReturnType<typeof findOurs<Item>>): {
    readonly settlement: Settlement;
    readonly steps: readonly Step[];
    readonly kept?: Item;
  };
  /** Answers what it created, if it did. */
  act(step: Step): Promise<Item | undefined>;
}

/**
 * Looks and acts until nothing is left to do. A creation isn't repeated when its answer was lost: the next look
 * shows whether it was made. It also shows what another run created, or wrote over our words, at the same time.
 */
async function converge<Item extends Posted, Step extends { readonly kind: string }>(
  identity: Identity,
  forge: Forge,
  { look, settle, act }: Upkeep<Item, Step>,
): Promise<Posting> {
  const viewer = forge.viewer();
  // It is awaited below, after another promise that may be the first to fail.
  viewer.catch(() => undefined);
  const settlements: Settlement[] = [];
  let created: Item | undefined;
  let isListed = false;
  let link: string | undefined;
  for (let round = 1; round <= ROUNDS; round += 1) {
    const seen = await look();
    // What we have just created may not be in the list yet; once it was, it may have been folded.
    isListed ||= seen.some(({ id }) => id === created?.id);
    const all = created === undefined || isListed ? seen : [...seen, created];
    const { settlement, steps, kept } = settle(findOurs(all, await viewer, identity));
    // Made, and not recognised as ours: another would be no better.
    if (created !== undefined && kept === undefined) break;
    settlements.push(settlement);
    link = kept?.link;
    const outcome = await actAll(steps, act, round === ROUNDS);
    created = outcome.created ?? created;
    link ??= created?.link;
    if (!outcome.again) break;
  }
  const settlement = settlements.includes('rival') ? 'rival' : (settlements[0] ?? 'unneeded');
  return { settlement, ...(link === undefined ? {} : { link }) };
}

async function actAll<Item, Step extends { readonly kind: string }>(
  steps: readonly Step[],
  act: (step: Step) => Promise<Item | undefined>,
  isLast: boolean,
): Promise<{ readonly created?: Item; readonly again: boolean }> {
  let again = false;
  for (const step of steps) {
    try {
      const created = await act(step);
      if (created !== undefined) return { created, again: true };
      again ||= step.kind === 'edit';
    } catch (error) {
      if (isLast || !mayBeSettled(error, step)) throw error;
      return { again: true };
    }
  }
  return { again };
}

/** It may have been done; or what was to be edited was deleted meanwhile. */
function mayBeSettled(error: unknown, { kind }: { readonly kind: string }): boolean {
  if (!(error instanceof ForgeFault)) return false;
  return error.kind === 'uncertain' || (error.kind === 'gone' && kind === 'edit');
}

/** GitHub counts in its own way: a text that it finds too long is tried once more, much shorter. */
async function fitting<Written extends Letter>(
  draft: Draft<Written>,
  post: (letter: Written) => Promise<Posting>,
): Promise<Posting> {
  try {
    return await post(draft(LONGEST));
  } catch (error) {
    if (!(error instanceof ForgeFault) || error.kind !== 'too-long') throw error;
    return post(draft(SHORTER));
  }
}
