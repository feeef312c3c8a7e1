import { NONE } from './alignment.ts';
import { bring } from './choosing.ts';
import type { DifferenceOptions } from './difference.ts';
import { isArray, isObject, type Json, type JsonObject } from './json.ts';
import { mergeOrder } from './merge-order.ts';
import { type Indexes, isCovered, Pairing, type Place, pointerTo, rootOf, step } from './pairing.ts';
import type { Pointer } from './pointer.ts';

/**
 * A place that both sides changed, and where ours stays as it is, be it absent. `changed` each in its own way;
 * `removed` one side removed what the other changed; `added` each added another value. Of an array, `removed` says that
 * of an item, and `order` that it can't be told which item comes where, or how often.
 */
export interface Conflict {
  readonly kind: 'changed' | 'removed' | 'added' | 'order';
  /** Where it is in ours, or would be. */
  readonly ours: Pointer;
  /** Where it is in theirs, or would be. */
  readonly theirs: Pointer;
}

export interface Merged {
  readonly value: Json;
  readonly conflicts: readonly Conflict[];
}

/**
 * Brings together what two sides made of a base. What is ignored stays as it is in ours and is no conflict.
 *
 * Objects are merged by their members, arrays by their items: those are known by identity where all three arrays have
 * one, else an item is what the alignments with the base pair it with, or a new one, and one that both sides changed is a
 * conflict. Items that both sides inserted or
 * moved between the same neighbours are a conflict, unless both did the same; so is an order that no side has, and an
 * item without identity that both sides brought in, or one removed and the other moved. An array in which the items or their
 * order are in conflict stays wholly as it is in ours; conflicts within an item don't touch the rest.
 *
 * Members keep the order of ours, new ones follow. The documents given are not modified; the result shares values with
 * them. Recursive: safe for decoded documents, whose depth is limited.
 */
export function merge(base: Json, ours: Json, theirs: Json, options: DifferenceOptions): Merged {
  const root = rootOf(options.ignore);
  const merging = new Merging(options.identity);
  const value = merging.merge(base, ours, theirs, { base: root, ours: root, theirs: root });
  return { value: value as Json, conflicts: merging.conflicts };
}

/** Something of each of the three documents. */
interface Three<T> {
  readonly base: T;
  readonly ours: T;
  readonly theirs: T;
}

type Places = Three<Place>;

function eachInside({ base, ours, theirs }: Places, name: string): Places {
  return { base: step(base, name), ours: step(ours, name), theirs: step(theirs, name) };
}

class Merging {
  readonly conflicts: Conflict[] = [];
  readonly #pairing: Pairing;

  constructor(identity: DifferenceOptions['identity']) {
    this.#pairing = new Pairing(identity);
  }

  /** What is absent is `undefined`, of the result as well. */
  merge(
    base: Json | undefined,
    ours: Json | undefined,
    theirs: Json | undefined,
    at: Places,
  ): Json | undefined {
    if (isCovered(at.ours.ignore) && isCovered(at.theirs.ignore)) return ours;
    if (this.#areSame(ours, theirs, at.ours, at.theirs)) return ours;
    if (this.#areSame(base, theirs, at.base, at.theirs)) return ours;
    if (this.#areSame(base, ours, at.base, at.ours)) {
      if (ours === undefined || theirs === undefined) return theirs;
      return bring(ours, theirs, at.ours, at.theirs, this.#pairing);
    }
    if (ours === undefined || theirs === undefined) return this.#leave('removed', ours, at);
    if (base === undefined) return this.#leave('added', ours, at);
    if (isObject(base) && isObject(ours) && isObject(theirs)) {
      return this.#mergeMembers({ base, ours, theirs }, at);
    }
    if (isArray(base) && isArray(ours) && isArray(theirs))
      return this.#mergeItems({ base, ours, theirs }, at);
    return this.#leave('changed', ours, at);
  }

  #areSame(a: Json | undefined, b: Json | undefined, aAt: Place, bAt: Place): boolean {
    return a === undefined || b === undefined ? a === b : this.#pairing.areSame(a, b, aAt, bAt);
  }

  #leave<T>(kind: Conflict['kind'], ours: T, at: Places): T {
    this.conflicts.push({ kind, ours: pointerTo(at.ours), theirs: pointerTo(at.theirs) });
    return ours;
  }

  #mergeMembers({ base, ours, theirs }: Three<JsonObject>, at: Places): JsonObject {
    const members: [string, Json][] = [];
    for (const name of new Set([...Object.keys(ours), ...Object.keys(theirs)])) {
      const places = eachInside(at, name);
      const value = this.merge(member(base, name), member(ours, name), member(theirs, name), places);
      if (value !== undefined) members.push([name, value]);
    }
    return Object.fromEntries(members);
  }

  #mergeItems(items: Three<readonly Json[]>, at: Places): readonly Json[] {
    // Where every item is ignored, so is which of them there are.
    if (isCovered(step(at.ours, '*').ignore)) return items.ours;
    const known = this.#lineUpByIdentity(items, at);
    const lineups = known ?? this.#lineUpByPlace(items, at);
    const gone = new Set<Json>();
    for (const id of lineups.base.keys()) {
      if (lineups.ours.has(id) && lineups.theirs.has(id)) continue;
      if (this.#isChanged(id, items, lineups, at)) return this.#leave('removed', items.ours, at);
      gone.add(id);
    }
    const rest = (lineup: Indexes) => [...lineup.keys()].filter((id) => !gone.has(id));
    const order = mergeOrder(rest(lineups.base), rest(lineups.ours), rest(lineups.theirs));
    if (order === undefined || !this.#keepsCounts(items, lineups, at)) {
      return this.#leave('order', items.ours, at);
    }
    return order.map((id) => {
      const [base, baseAt] = itemAt(id, items.base, lineups.base, at.base);
      const [ours, oursAt] = itemAt(id, items.ours, lineups.ours, at.ours);
      const [theirs, theirsAt] = itemAt(id, items.theirs, lineups.theirs, at.theirs);
      const places = { base: baseAt, ours: oursAt, theirs: theirsAt };
      // What stands at the same place may be another item: half of each would be one that nobody wrote.
      return known === undefined && this.#areAllDifferent({ base, ours, theirs }, places)
        ? (this.#leave('changed', ours, places) as Json)
        : (this.merge(base, ours, theirs, places) as Json);
    });
  }

  /** Whether a side that still has the item has changed it. */
  #isChanged(id: Json, items: Three<readonly Json[]>, lineups: Three<Indexes>, at: Places): boolean {
    const [base, baseAt] = itemAt(id, items.base, lineups.base, at.base);
    return (['ours', 'theirs'] as const).some((side) => {
      const [item, itemPlace] = itemAt(id, items[side], lineups[side], at[side]);
      return item !== undefined && !this.#areSame(base, item, baseAt, itemPlace);
    });
  }

  /**
   * Whether each item will be there as often as the sides made it. Where items have no identity, a side that moved one
   * has removed it and added another, which the other side may have removed too, or added elsewhere.
   */
  #keepsCounts(items: Three<readonly Json[]>, lineups: Three<Indexes>, at: Places): boolean {
    const formOn = (side: keyof Places) => {
      const forms = this.#pairing.formsOf(items[side], at[side]);
      return (id: Json) => forms[lineups[side].get(id) ?? NONE] ?? NONE;
    };
    const [was, inOurs, inTheirs] = [formOn('base'), formOn('ours'), formOn('theirs')];
    const [before, ours, theirs, merged] = [new Counts(), new Counts(), new Counts(), new Counts()];
    for (const id of new Set([...lineups.base.keys(), ...lineups.ours.keys(), ...lineups.theirs.keys()])) {
      const form = changedOne(was(id), inOurs(id), inTheirs(id));
      // What both sides changed is merged inside.
      if (form === undefined) continue;
      before.add(was(id));
      ours.add(inOurs(id));
      theirs.add(inTheirs(id));
      merged.add(form);
    }
    return [...before.keys(), ...ours.keys(), ...theirs.keys()].every(
      (form) =>
        form === NONE || merged.of(form) === changedOne(before.of(form), ours.of(form), theirs.of(form)),
    );
  }

  #areAllDifferent({ base, ours, theirs }: Three<Json | undefined>, at: Places): boolean {
    return !(
      this.#areSame(base, ours, at.base, at.ours) ||
      this.#areSame(base, theirs, at.base, at.theirs) ||
      this.#areSame(ours, theirs, at.ours, at.theirs)
    );
  }

  /** The items by what they are known by, if they are in all three arrays. */
  #lineUpByIdentity({ base, ours, theirs }: Three<readonly Json[]>, at: Places): Three<Indexes> | undefined {
    const [known, knownOurs, knownTheirs] = this.#pairing.indexes([base, ours, theirs], at.base) ?? [];
    return known && knownOurs && knownTheirs
      ? { base: known, ours: knownOurs, theirs: knownTheirs }
      : undefined;
  }

  #lineUpByPlace({ base, ours, theirs }: Three<readonly Json[]>, at: Places): Three<Indexes> {
    return {
      base: new Map(base.map((_, index) => [index, index])),
      ours: this.#lineUpByBase(base, ours, at.base, at.ours),
      theirs: this.#lineUpByBase(base, theirs, at.base, at.theirs),
    };
  }

  /**
   * Items by the index of their counterpart in the base, new ones by what they say and which of the same they are. So
   * what both sides added alike is one item; if they added it in different places, that it would stand in both shows.
   */
  #lineUpByBase(base: readonly Json[], side: readonly Json[], baseAt: Place, sideAt: Place): Indexes {
    const partners = this.#pairing.align(base, side, baseAt, sideAt);
    const forms = this.#pairing.formsOf(side, sideAt);
    const seen = new Map<number, number>();
    return new Map<Json, number>(
      side.map((_, index) => {
        const partner = partners[index] as number;
        if (partner !== NONE) return [partner, index];
        const form = forms[index] as number;
        const nth = seen.get(form) ?? 0;
        seen.set(form, nth + 1);
        return [`${form}/${nth}`, index];
      }),
    );
  }
}

function member(object: JsonObject, name: string): Json | undefined {
  return Object.hasOwn(object, name) ? object[name] : undefined;
}

/** The one that a side changed, if not both did. */
function changedOne<T>(base: T, ours: T, theirs: T): T | undefined {
  if (ours === theirs || base === theirs) return ours;
  return base === ours ? theirs : undefined;
}

class Counts extends Map<number, number> {
  add(form: number): void {
    this.set(form, this.of(form) + 1);
  }

  of(form: number): number {
    return this.get(form) ?? 0;
  }
}

/** An item and its place; of an item that isn't there, the place of the array. */
function itemAt(
  id: Json,
  items: readonly Json[],
  lineup: Indexes,
  at: Place,
): readonly [Json | undefined, Place] {
  const index = lineup.get(id);
  return index === undefined ? [undefined, at] : [items[index], step(at, index)];
}
