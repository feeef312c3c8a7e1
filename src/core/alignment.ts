/** For each item of the after-array the index of its counterpart in the before-array, or `NONE`. */
export type Partners = Int32Array;

export const NONE = -1;

/** The after-indexes of those matched items that have to move, as few as can be: outside a longest increasing subsequence. */
export function outOfOrder(partners: Partners): ReadonlySet<number> {
  /** By length less one: the last item of the increasing subsequence of that length which is easiest to continue. */
  const ends: number[] = [];
  const previous = new Int32Array(partners.length).fill(NONE);
  const moved = new Set<number>();
  for (const [index, partner] of partners.entries()) {
    if (partner === NONE) continue;
    const length = lowerBound(ends, (end) => (partners[end] as number) < partner);
    previous[index] = ends[length - 1] ?? NONE;
    ends[length] = index;
    moved.add(index);
  }
  let stays = ends.at(-1) ?? NONE;
  while (stays !== NONE) {
    moved.delete(stays);
    stays = previous[stays] as number;
  }
  return moved;
}

/** How many items, all of them at the front of the list, pass the test. */
function lowerBound(items: readonly number[], passes: (item: number) => boolean): number {
  let [low, high] = [0, items.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (passes(items[middle] as number)) low = middle + 1;
    else high = middle;
  }
  return low;
}

/**
 * Partners, in ascending order, for two lists of forms: the items that an alignment keeps, and what else stands in the
 * same gap between two of those, paired in order.
 */
export function align(before: Int32Array, after: Int32Array): Partners {
  const partners = new Int32Array(after.length).fill(NONE);
  const head = commonLength(before, after);
  const tail = commonLength(before.subarray(head).toReversed(), after.subarray(head).toReversed());
  const [beforeEnd, afterEnd] = [before.length - tail, after.length - tail];
  for (let n = 0; n < head; n++) partners[n] = n;
  for (let n = 0; n < tail; n++) partners[afterEnd + n] = beforeEnd + n;
  linkShared(partners, before.subarray(0, beforeEnd), after.subarray(0, afterEnd), head);
  linkGaps(partners, before.length);
  return partners;
}

function commonLength(before: Int32Array, after: Int32Array, beforeStart = 0, afterStart = 0): number {
  const limit = Math.min(before.length - beforeStart, after.length - afterStart);
  let length = 0;
  while (length < limit && before[beforeStart + length] === after[afterStart + length]) length++;
  return length;
}

/** Aligns, from `start`, the items that occur in both lists. The others can't be kept, so they needn't cost anything. */
function linkShared(partners: Partners, before: Int32Array, after: Int32Array, start: number): void {
  const beforeIndexes = indexesOfShared(before, after, start);
  const afterIndexes = indexesOfShared(after, before, start);
  const formAt = (forms: Int32Array) => (index: number) => forms[index] as number;
  let run = shortestEdit(beforeIndexes.map(formAt(before)), afterIndexes.map(formAt(after)));
  for (; run !== undefined; run = run.previous) {
    for (let n = 0; n < run.length; n++) {
      partners[afterIndexes[run.after + n] as number] = beforeIndexes[run.before + n] as number;
    }
  }
}

function indexesOfShared(forms: Int32Array, others: Int32Array, start: number): Int32Array {
  const shared = new Set(others.subarray(start));
  return forms
    .map((_, index) => index)
    .filter((index) => index >= start && shared.has(forms[index] as number));
}

/** Pairs the items in a gap in order; of a gap that is wider in one list the rest stays alone. */
function linkGaps(partners: Partners, beforeLength: number): void {
  let [free, start] = [0, 0];
  while (start < partners.length) {
    let end = start;
    while (partners[end] === NONE) end++;
    const beforeEnd = partners[end] ?? beforeLength;
    for (let index = start; index < end && free < beforeEnd; index++) partners[index] = free++;
    [free, start] = [beforeEnd + 1, end + 1];
  }
}

/** Additions and removals of items that occur in both arrays: beyond this many an alignment explains nothing to a reader. */
const MOST_EDITS = 1_000;

/** Item comparisons at most; binds before `MOST_EDITS` for arrays of more than 100,000 items together. */
const MOST_EFFORT = 100_000_000;

/** Items kept, in one piece, and the run of such items before it. */
interface Run {
  readonly before: number;
  readonly after: number;
  readonly length: number;
  readonly previous: Run | undefined;
}

/** The last run kept by a shortest edit script (Myers 1986, the greedy algorithm); none when the script would be too long. */
function shortestEdit(before: Int32Array, after: Int32Array): Run | undefined {
  const total = before.length + after.length;
  const most = Math.min(total, MOST_EDITS, Math.floor(MOST_EFFORT / total));
  // Diagonal d holds the places where before-index - after-index = d; its slot in these lists is most + 1 + d.
  const reach = new Int32Array(2 * most + 3);
  const runs = new Array<Run | undefined>(reach.length);
  for (let edits = 0; edits <= most; edits++) {
    for (let diagonal = -edits; diagonal <= edits; diagonal += 2) {
      const slot = most + 1 + diagonal;
      const removing = (reach[slot - 1] as number) + 1;
      const adding = reach[slot + 1] as number;
      const adds = diagonal === -edits || (diagonal !== edits && removing <= adding);
      const start = adds ? adding : removing;
      const previous = runs[adds ? slot + 1 : slot - 1];
      const length = commonLength(before, after, start, start - diagonal);
      const end = start + length;
      reach[slot] = end;
      runs[slot] = length === 0 ? previous : { before: start, after: start - diagonal, length, previous };
      if (end >= before.length && end - diagonal >= after.length) return runs[slot];
    }
  }
  return undefined;
}
