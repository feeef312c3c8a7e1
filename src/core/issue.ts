import type { IssueChanges, PostedIssue } from './ports.ts';
import { compare, type Letter, newestOf, type Ours, type Settlement } from './sticky.ts';

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
  // Issues can't be deleted, so one that a race left over is closed.
  const surplus = open
    .slice(1)
    .map(({ id }) => ({ kind: 'edit', number: id, changes: { state: 'not_planned' } }) as const);
  const kept = open[0] ?? ours.at(-1);
  if (kept === undefined) return first(letter);
  const newest = newestOf(kept, open);
  const settlement = compare(newest, letter);
  if (settlement === 'outdated') return { settlement, steps: surplus, kept };
  const steps = kept.isOpen ? update(kept, settlement, letter) : reopen(kept, letter);
  const told = steps.length === 0 ? (kept.isOpen ? 'unchanged' : 'unneeded') : settlement;
  return { settlement: told, steps: [...steps, ...surplus], kept };
}

function first({ condition, title, body }: IssueLetter): SettledIssues {
  return condition === 'trouble'
    ? { settlement: 'new', steps: [{ kind: 'create', title, body }] }
    : { settlement: 'unneeded', steps: [] };
}

function update(kept: Ours<PostedIssue>, settlement: Settlement, letter: IssueLetter): readonly IssueStep[] {
  const { condition, farewell, title, body } = letter;
  const number = kept.id;
  switch (condition) {
    case 'well':
      return [
        // In this order the word is said once, however often a lost answer makes us look again.
        { kind: 'edit', number, changes: { body, state: 'completed' } },
        { kind: 'say', number, body: farewell },
      ];
    case 'unsure':
      return settlement === 'unchanged' ? [] : [{ kind: 'edit', number, changes: { body } }];
    case 'trouble':
      if (settlement === 'unchanged' && kept.title === title) return [];
      return [{ kind: 'edit', number, changes: { title, body } }];
  }
}

function reopen(kept: Ours<PostedIssue>, { condition, title, body }: IssueLetter): readonly IssueStep[] {
  if (condition !== 'trouble') return [];
  return [{ kind: 'edit', number: kept.id, changes: { title, body, state: 'open' } }];
}
