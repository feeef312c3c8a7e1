import { align, NONE, type Partners } from './alignment.ts';
import { isArray, isObject, type Json, type JsonObject } from './json.ts';
import { matches, type Pattern, type Pointer } from './pointer.ts';

/** Which items of two arrays are the same item, and what of two documents counts. */

/**
 * Says that the arrays at a place (of the before-document) hold objects, each known by one property, a string or a
 * number. Where that doesn't hold, on either side, the arrays are compared as if nothing had been said.
 */
export interface Identity {
  readonly at: Pattern;
  readonly property: string;
}

/** The index of an item by its identity, in the order of the items. */
export type Indexes = ReadonlyMap<Json, number>;

/** A way from a value up to the root of its document, so that pointers are only spelled out for what is reported. */
export interface Place {
  readonly parent: Place | undefined;
  readonly token: string | number;
  /** What is left of the patterns that fit so far; an empty one covers this place. */
  readonly ignore: readonly Pattern[];
}

export function rootOf(ignore: readonly Pattern[]): Place {
  return { parent: undefined, token: '', ignore };
}

export function step(parent: Place, token: string | number): Place {
  return { parent, token, ignore: below(parent.ignore, token) };
}

/** What is left of the patterns one token further down. Those used up stay: they cover everything below. */
export function below(patterns: readonly Pattern[], token: string | number): readonly Pattern[] {
  if (patterns.length === 0) return patterns;
  const name = String(token);
  return patterns.filter(([head = name]) => head === '*' || head === name).map((pattern) => pattern.slice(1));
}

export function isCovered(patterns: readonly Pattern[]): boolean {
  return patterns.some((pattern) => pattern.length === 0);
}

export function pointerTo(place: Place): Pointer {
  const tokens: string[] = [];
  for (let at = place; at.parent !== undefined; at = at.parent) tokens.push(String(at.token));
  return tokens.reverse();
}

/**
 * Pairs the items of arrays. One is to serve for the whole of a comparison: it remembers the values it has seen.
 * They mustn't change in the meantime.
 */
export class Pairing {
  readonly #identity: readonly Identity[];
  readonly #forms = new Forms();

  constructor(identity: readonly Identity[]) {
    this.#identity = identity;
  }

  /** Pairs by identity where the arrays have one, else by alignment. */
  partners(before: readonly Json[], after: readonly Json[], beforeAt: Place, afterAt: Place): Partners {
    const [known, wanted] = this.indexes([before, after], beforeAt) ?? [];
    return known && wanted
      ? Int32Array.from(wanted.keys(), (identity) => known.get(identity) ?? NONE)
      : this.align(before, after, beforeAt, afterAt);
  }

  /**
   * The index of each identity, in the order of the items, for each of the arrays at a place; `undefined` where they
   * have no identity that fits them all.
   */
  indexes(arrays: readonly (readonly Json[])[], place: Place): readonly Indexes[] | undefined {
    for (const { at, property } of this.#identity) {
      if (!matches(at, pointerTo(place))) continue;
      const indexes = arrays.map((items) => indexByIdentity(items, property));
      if (indexes.every((found) => found !== undefined)) return indexes;
    }
    return undefined;
  }

  align(before: readonly Json[], after: readonly Json[], beforeAt: Place, afterAt: Place): Partners {
    return align(this.formsOf(before, beforeAt), this.formsOf(after, afterAt));
  }

  /** Numbers the items: the same number exactly for those that are the same apart from what is ignored. */
  formsOf(items: readonly Json[], { ignore }: Place): Int32Array {
    return Int32Array.from(items, (item, index) => this.#forms.of(item, below(ignore, index)));
  }

  /** Whether two values are the same apart from what is ignored. */
  areSame(a: Json, b: Json, aAt: Place, bAt: Place): boolean {
    return a === b || this.#forms.of(a, aAt.ignore) === this.#forms.of(b, bAt.ignore);
  }

  /** Costs nothing, and tells only of values that were looked at before. */
  areKnownSame(a: Json, b: Json): boolean {
    return this.#forms.areKnownSame(a, b);
  }
}

/** `undefined` unless every item has an identity of its own. */
function indexByIdentity(items: readonly Json[], property: string): Indexes | undefined {
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
