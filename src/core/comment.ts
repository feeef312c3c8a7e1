import { compare, type Letter, newestOf, type Ours, type Posted, type Settlement } from './sticky.ts';

export type CommentStep =
  | { readonly kind: 'create'; readonly body: string }
  | { readonly kind: 'edit'; readonly id: number; readonly body: string }
  | { readonly kind: 'remove'; readonly id: number };

export interface SettledComments {
  readonly settlement: Settlement;
  readonly steps: readonly CommentStep[];
  /** The comment that stays. */
  readonly kept?: Posted;
}

/**
 * From what stands there to one comment that says the newest: the oldest of ours is kept, the newest of their texts
 * stays unless this run is newer still, all others go. Whoever does it, in whatever order, ends with the same.
 * `opens` allows a first comment.
 */
export function settleComments(ours: readonly Ours[], letter: Letter, opens: boolean): SettledComments {
  const [kept, ...surplus] = ours;
  if (kept === undefined) {
    return opens
      ? { settlement: 'new', steps: [{ kind: 'create', body: letter.body }] }
      : { settlement: 'unneeded', steps: [] };
  }
  const newest = newestOf(kept, surplus);
  const settlement = compare(newest, letter);
  const stays = settlement === 'outdated' || settlement === 'unchanged';
  const body = stays ? newest.body : letter.body;
  const edit = body === kept.body ? [] : [{ kind: 'edit', id: kept.id, body } as const];
  const removals = surplus.map(({ id }) => ({ kind: 'remove', id }) as const);
  return { settlement, steps: [...edit, ...removals], kept };
}
