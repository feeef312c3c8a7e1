import { NONE, outOfOrder } from './alignment.ts';
import { isArray, isObject, type Json, type JsonObject, sameJson } from './json.ts';
import { type Identity, isCovered, Pairing, type Place, pointerTo, rootOf, step } from './pairing.ts';
import type { Pattern, Pointer } from './pointer.ts';

export type { Identity } from './pairing.ts';

export interface DifferenceOptions {
  /** Places whose content, at any depth, doesn't count. */
  readonly ignore: readonly Pattern[];
  /** Where several name the same place, the first that fits the arrays there is used. */
  readonly identity: readonly Identity[];
}

/**
 * One difference between two documents. `before` is its place in the before-document, `after` that in the after-document;
 * on the side that lacks an added or removed value it is the container where the value would be.
 * A moved item is given as it was before; what changed inside it are differences of their own.
 */
export type Difference = Change & { readonly before: Pointer; readonly after: Pointer };

type Change =
  | { readonly kind: 'added'; readonly value: Json }
  | { readonly kind: 'removed'; readonly value: Json }
  | { readonly kind: 'moved'; readonly value: Json }
  | { readonly kind: 'changed'; readonly from: Json; readonly to: Json };

/**
 * What turns one value into the other; empty exactly when they are the same apart from what is ignored.
 *
 * Items of arrays with an identity are matched by it, and as few as possible are reported as moved. Other arrays are
 * aligned by a shortest edit script, in which removals beside additions are paired in order and compared; arrays too
 * different for that (see `MOST_EDITS`) are compared index by index between their common ends.
 *
 * An addition or removal is ignored when its place in the document that has the value is, a change or move when both
 * its places are. Parents come before their children, members in the order of the before-document and then new ones;
 * within an array removals come first, then moves and additions by index in the after-document, then inner changes.
 * Recursive: safe for decoded documents, whose depth is limited.
 */
export function difference(before: Json, after: Json, options: DifferenceOptions): readonly Difference[] {
  if (sameJson(before, after)) return [];
  const comparison = new Comparison(options.identity);
  const root = rootOf(options.ignore);
  comparison.compare(before, after, root, root);
  return comparison.found;
}

class Comparison {
  readonly found: Difference[] = [];
  readonly #pairing: Pairing;

  constructor(identity: readonly Identity[]) {
    this.#pairing = new Pairing(identity);
  }

  compare(before: Json, after: Json, beforeAt: Place, afterAt: Place): void {
    if (before === after || this.#pairing.areKnownSame(before, after)) return;
    if (isArray(before) && isArray(after)) this.#compareArrays(before, after, beforeAt, afterAt);
    else if (isObject(before) && isObject(after)) this.#compareObjects(before, after, beforeAt, afterAt);
    else this.#report({ kind: 'changed', from: before, to: after }, beforeAt, afterAt);
  }

  #compareObjects(before: JsonObject, after: JsonObject, beforeAt: Place, afterAt: Place): void {
    for (const name of Object.keys(before)) {
      const value = before[name] as Json;
      const place = step(beforeAt, name);
      if (!Object.hasOwn(after, name)) this.#report({ kind: 'removed', value }, place, afterAt);
      else this.compare(value, after[name] as Json, place, step(afterAt, name));
    }
    for (const name of Object.keys(after)) {
      if (Object.hasOwn(before, name)) continue;
      this.#report({ kind: 'added', value: after[name] as Json }, beforeAt, step(afterAt, name));
    }
  }

  #compareArrays(before: readonly Json[], after: readonly Json[], beforeAt: Place, afterAt: Place): void {
    const partners = this.#pairing.partners(before, after, beforeAt, afterAt);
    const matched = new Set(partners);
    const moved = outOfOrder(partners);
    for (const [index, value] of before.entries()) {
      if (!matched.has(index)) this.#report({ kind: 'removed', value }, step(beforeAt, index), afterAt);
    }
    for (const [index, value] of after.entries()) {
      const partner = partners[index] as number;
      if (partner === NONE) this.#report({ kind: 'added', value }, beforeAt, step(afterAt, index));
      else if (moved.has(index)) {
        const item = before[partner] as Json;
        this.#report({ kind: 'moved', value: item }, step(beforeAt, partner), step(afterAt, index));
      }
    }
    for (const [index, value] of after.entries()) {
      const partner = partners[index] as number;
      if (partner === NONE) continue;
      this.compare(before[partner] as Json, value, step(beforeAt, partner), step(afterAt, index));
    }
  }

  #report(change: Change, beforeAt: Place, afterAt: Place): void {
    const isIgnoredBefore = change.kind === 'added' || isCovered(beforeAt.ignore);
    const isIgnoredAfter = change.kind === 'removed' || isCovered(afterAt.ignore);
    if (isIgnoredBefore && isIgnoredAfter) return;
    this.found.push({ ...change, before: pointerTo(beforeAt), after: pointerTo(afterAt) });
  }
}
