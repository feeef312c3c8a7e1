import { align, NONE, outOfOrder, type Partners } from './alignment.ts';
import { isArray, isObject, type Json, type JsonObject, sameJson } from './json.ts';
import { matches, type Pattern, type Pointer } from './pointer.ts';

/**
 * Says that the arrays at a place (of the before-document) hold objects, each known by one property, a string or a
 * number. Where that doesn't hold, on either side, the arrays are compared as if nothing had been said.
 */
export interface Identity {
  readonly at: Pattern;
  readonly property: string;
}

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
  const root: Place = { parent: undefined, token: '', ignore: options.ignore };
  comparison.compare(before, after, root, root);
  return comparison.found;
}

/** A way from a value up to the root of its document, so that pointers are only spelled out for what is reported. */
interface Place {
  readonly parent: Place | undefined;
  readonly token: string | number;
  /** What is left of the patterns that fit so far; an empty one covers this place. */
  readonly ignore: readonly Pattern[];
}

function step(parent: Place, token: string | number): Place {
  return { parent, token, ignore: below(parent.ignore, token) };
}

/** What is left of the patterns one token further down. Those used up stay: they cover everything below. */
function below(patterns: readonly Pattern[], token: string | number): readonly Pattern[] {
  if (patterns.length === 0) return patterns;
  const name = String(token);
  return patterns.filter(([head = name]) => head === '*' || head === name).map((pattern) => pattern.slice(1));
}

function isCovered(patterns: readonly Pattern[]): boolean {
  return patterns.some((pattern) => pattern.length === 0);
}

function pointerTo(place: Place): Pointer {
  const tokens: string[] = [];
  for (let at = place; at.parent !== undefined; at = at.parent) tokens.push(String(at.token));
  return tokens.reverse();
}

class Comparison {
  readonly found: Difference[] = [];
  readonly #identity: readonly Identity[];
  readonly #forms = new Forms();

  constructor(identity: readonly Identity[]) {
    this.#identity = identity;
  }

  compare(before: Json, after: Json, beforeAt: Place, afterAt: Place): void {
    if (before === after || this.#forms.areKnownSame(before, after)) return;
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
    const partners =
      this.#matchByIdentity(before, after, beforeAt) ?? this.#align(before, after, beforeAt, afterAt);
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

  #matchByIdentity(before: readonly Json[], after: readonly Json[], beforeAt: Place): Partners | undefined {
    for (const { at, property } of this.#identity) {
      if (!matches(at, pointerTo(beforeAt))) continue;
      const known = indexByIdentity(before, property);
      const wanted = indexByIdentity(after, property);
      if (known && wanted) return Int32Array.from(wanted.keys(), (identity) => known.get(identity) ?? NONE);
    }
    return undefined;
  }

  #align(before: readonly Json[], after: readonly Json[], beforeAt: Place, afterAt: Place): Partners {
    const formsOf = (items: readonly Json[], { ignore }: Place) =>
      Int32Array.from(items, (item, index) => this.#forms.of(item, below(ignore, index)));
    return align(formsOf(before, beforeAt), formsOf(after, afterAt));
  }

  #report(change: Change, beforeAt: Place, afterAt: Place): void {
    const isIgnoredBefore = change.kind === 'added' || isCovered(beforeAt.ignore);
    const isIgnoredAfter = change.kind === 'removed' || isCovered(afterAt.ignore);
    if (isIgnoredBefore && isIgnoredAfter) return;
    this.found.push({ ...change, before: pointerTo(beforeAt), after: pointerTo(afterAt) });
  }
}

/** The index of each identity, in the order of the items; `undefined` unless every item has one of its own. */
function indexByIdentity(items: readonly Json[], property: string): Map<Json, number> | undefined {
  const indexes = new Map<Json, number>();
  for (const [index, item] of items.entries()) {
    const identity = isObject(item) && Object.hasOwn(item, property) ? item[property] : undefined;
    if (typeof identity !== 'string' && typeof identity !== 'number') return undefined;
    if (indexes.has(identity)) return undefined;
    indexes.set(identity, index);
  }
  return indexes;
}

/** Numbers values, the same number exactly for those that are the same apart from what is ignored. */
class Forms {
  /** By spelling: `"` and the text of a string, `[` and the numbers of items, `{` and those of members, other scalars as such. */
  readonly #numbers = new Map<Json, number>();
  /** Spares what lies in arrays within arrays from being spelled once per level. Nothing is ignored in these. */
  readonly #known = new Map<Json, number>();

  of(value: Json, ignore: readonly Pattern[]): number {
    if (isCovered(ignore)) return this.#number('ignored');
    if (typeof value === 'string') return this.#number(`"${value}`);
    if (typeof value !== 'object' || value === null) return this.#number(value);
    if (ignore.length > 0) return this.#number(this.#spell(value, ignore));
    const known = this.#known.get(value) ?? this.#number(this.#spell(value, ignore));
    this.#known.set(value, known);
    return known;
  }

  areKnownSame(a: Json, b: Json): boolean {
    const form = this.#known.get(a);
    return form !== undefined && form === this.#known.get(b);
  }

  #spell(value: readonly Json[] | JsonObject, ignore: readonly Pattern[]): string {
    if (isArray(value)) return `[${value.map((item, index) => this.of(item, below(ignore, index))).join()}`;
    const members: string[] = [];
    for (const name of Object.keys(value)) {
      const inside = below(ignore, name);
      if (isCovered(inside)) continue;
      members.push(`${this.#number(`"${name}`)}:${this.of(value[name] as Json, inside)}`);
    }
    return `{${members.sort().join()}`;
  }

  #number(spelling: Json): number {
    const number = this.#numbers.get(spelling) ?? this.#numbers.size;
    this.#numbers.set(spelling, number);
    return number;
  }
}
