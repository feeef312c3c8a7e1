import type { IssueChanges, PostedIssue } from './ports.ts';
import { compare, type Letter, newestOf, type Ours, type Settlement, saysTheSame } from './sticky.ts';

/** `unsure`: nothing is known to be wrong, and not all could be checked. */
export type Condition = 'trouble' | 'well' | 'unsure';

export interface IssueLetter extends Letter {
  readonly title: string;
  readonly condition: Condition;
  /** What is said when the issue is closed. */
  readonly farewell: string;
}

export type IssueStep =
  | { readonly kind: 'create'; readonly title: string; readonly body: string }
  | { readonly kind: 'edit'; readonly number: number; readonly changes: IssueChanges }
  | { readonly kind: 'say'; readonly number: number; readonly body: string };

export interface SettledIssues {
  readonly settlement: Settlement;
  readonly steps: readonly IssueStep[];
  readonly kept?: PostedIssue;
}

/** One issue: open while something is wrong, closed while all is well, and left as it is when nobody can tell. */
export function settleIssues(ours: readonly Ours<PostedIssue>[], letter: IssueLetter): SettledIssues {
  const open = ours.filter(({ isOpen }) => isOpen);
  const [any] = ours;
  if (any === undefined) return first(letter);
  const newest = newestOf(any, ours);
  const kept = open[0] ?? newest;
  const settlement = compare(newest, letter);
  const steps =
    settlement === 'outdated'
      ? catchUp(kept, newest)
      : kept.isOpen
        ? update(kept, letter)
        : reopen(kept, letter);
  // Issues can't be deleted, so one that a race left over is closed.
  const surplus = open
    .slice(1)
    .map(({ id }) => ({ kind: 'edit', number: id, changes: { state: 'not_planned' } }) as const);
  const told =
    settlement === 'outdated' || steps.length > 0 ? settlement : kept.isOpen ? 'unchanged' : 'unneeded';
  return { settlement: told, steps: [...steps, ...surplus], kept };
}

function first({ condition, title, body }: IssueLetter): SettledIssues {
  return condition === 'trouble'
    ? { settlement: 'new', steps: [{ kind: 'create', title, body }] }
    : { settlement: 'unneeded', steps: [] };
}

/** What a later run said in an issue that goes is said in the one that stays. */
function catchUp(kept: Ours<PostedIssue>, { isOpen, title, body }: PostedIssue): readonly IssueStep[] {
  if (!isOpen || body === kept.body) return [];
  return [{ kind: 'edit', number: kept.id, changes: { title, body } }];
}

function update(kept: Ours<PostedIssue>, letter: IssueLetter): readonly IssueStep[] {
  const { condition, farewell, title, body } = letter;
  const number = kept.id;
  if (condition !== 'well') {
    const isSaid = saysTheSame(kept, letter) && kept.title === title;
    return isSaid ? [] : [{ kind: 'edit', number, changes: { title, body } }];
  }
  return [
    // In this order the word is said once, however often a lost answer makes us look again.
    { kind: 'edit', number, changes: { body, state: 'completed' } },
    { kind: 'say', number, body: farewell },
  ];
}

function reopen(kept: Ours<PostedIssue>, { condition, title, body }: IssueLetter): readonly IssueStep[] {
  if (condition !== 'trouble') return [];
  return [{ kind: 'edit', number: kept.id, changes: { title, body, state: 'open' } }];
}
