import { NONE, outOfOrder } from './alignment.ts';
import { type Json, sameJson } from './json.ts';

/** What items are known by, in their order. */
export type Ids = readonly Json[];

/**
 * The ids of both sides in an order that has the changes of each; `undefined` when there is none that can be told. Both
 * have all that the base has.
 */
export function mergeOrder(base: Ids, ours: Ids, theirs: Ids): Ids | undefined {
  const [ourMoves, theirMoves] = [movedIn(ours, base), movedIn(theirs, base)];
  const moved = new Set([...ourMoves, ...theirMoves]);
  const anchors = base.filter((id) => !moved.has(id));
  const [ourGaps, theirGaps] = [gapsBetween(anchors, ours), gapsBetween(anchors, theirs)];
  const order: Json[] = [];
  for (const [index, baseGap] of gapsBetween(anchors, base).entries()) {
    const gap = mergeGap(baseGap, ourGaps[index] as Ids, theirGaps[index] as Ids);
    if (gap === undefined) return undefined;
    for (const id of [...gap, ...anchors.slice(index, index + 1)]) order.push(id);
  }
  // What each side moved elsewhere, or added elsewhere, is there twice or not at all.
  const all = new Set([...ours, ...theirs]);
  if (order.length !== all.size || new Set(order).size !== all.size) return undefined;
  const isMeant = swapsOf(base, ours, theirs, order);
  return ourMoves.every((one) => theirMoves.every((other) => isMeant(one, other))) ? order : undefined;
}

type InPairs = (one: Json, other: Json) => boolean;

/**
 * Tells whether two items have changed places exactly if they have on a side. Those that were moved past each other, one
 * by each side, may have, though neither side meant them to.
 */
function swapsOf(base: Ids, ours: Ids, theirs: Ids, order: Ids): InPairs {
  const wasBefore = orderOf(base);
  const swaps = (ids: Ids): InPairs => {
    const isBefore = orderOf(ids);
    return (one, other) => isBefore(one, other) !== wasBefore(one, other);
  };
  const [inOurs, inTheirs, inOrder] = [swaps(ours), swaps(theirs), swaps(order)];
  return (one, other) => inOrder(one, other) === (inOurs(one, other) || inTheirs(one, other));
}

/** Tells whether one comes before another. */
function orderOf(ids: Ids): InPairs {
  const indexes = new Map(ids.map((id, index) => [id, index]));
  return (one, other) => (indexes.get(one) as number) < (indexes.get(other) as number);
}

function movedIn(ids: Ids, base: Ids): Ids {
  const indexes = new Map(base.map((id, index) => [id, index]));
  const moved = outOfOrder(Int32Array.from(ids, (id) => indexes.get(id) ?? NONE));
  return ids.filter((_, index) => moved.has(index));
}

/** What stands before each anchor, and after the last. */
function gapsBetween(anchors: Ids, ids: Ids): readonly Ids[] {
  const ends = new Set(anchors);
  const gaps: Json[][] = [[]];
  for (const id of ids) {
    if (ends.has(id)) gaps.push([]);
    else gaps.at(-1)?.push(id);
  }
  return gaps;
}

function mergeGap(base: Ids, ours: Ids, theirs: Ids): Ids | undefined {
  if (sameJson(ours, theirs) || sameJson(base, theirs)) return ours;
  return sameJson(base, ours) ? theirs : undefined;
}
