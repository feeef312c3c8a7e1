import type { Json } from '../core/json.ts';
import type { Forms } from './change-form.ts';
import { type ChangeKind, type Effect, inverse, type Sense, type ToggledStem } from './change-kind.ts';
import { keywordPlace, type Reading } from './change-reading.ts';
import type { Place } from './change-source.ts';

/** Two schemas, one of each document, that are the same schema before and after. */
export interface Pair {
  readonly before: Reading;
  readonly after: Reading;
  /** Schemas that ask for the same have the same form. */
  readonly meanings: Forms;
  /** Schemas that say the same have the same form. */
  readonly texts: Forms;
  report(kind: ChangeKind, before: Place, after: Place, effect: Effect): void;
  /** Compares two parts, too. */
  follow(before: Place, after: Place, sense: Sense): void;
}

/** Whether anything in either document asks what has been evaluated. */
export function isWatched({ before, after }: Pair): boolean {
  return before.source.watches || after.source.watches;
}

/** Reports a keyword that only one of the two has; true when both have it. */
export function inBoth(pair: Pair, keyword: string, stem: ToggledStem, whenAdded: Effect): boolean {
  const { before, after } = pair;
  const [was, is] = [before.words[keyword] !== undefined, after.words[keyword] !== undefined];
  if (was !== is) {
    const [here, there] = [keywordPlace(before, keyword), keywordPlace(after, keyword)];
    if (is) pair.report(`${stem}-added`, here, there, whenAdded);
    else pair.report(`${stem}-removed`, here, there, inverse(whenAdded));
  }
  return was && is;
}

/** What it does to ask for one more schema: what that looks at counts as evaluated then. */
export function adding(pair: Pair, schema: Json): Effect {
  const effect = pair.meanings.exchange(true, schema);
  return effect === 'narrows' && isWatched(pair) ? 'either' : effect;
}

/** Compares two maps by name: what only one has is handed to `added` or `removed`, what both have to `kept`. */
export function byName<T>(
  before: ReadonlyMap<string, T>,
  after: ReadonlyMap<string, T>,
  tell: {
    readonly removed: (was: T, name: string) => void;
    readonly added: (is: T, name: string) => void;
    readonly kept?: (was: T, is: T) => void;
  },
): void {
  for (const [name, was] of before) {
    const is = after.get(name);
    if (is === undefined) tell.removed(was, name);
    else tell.kept?.(was, is);
  }
  for (const [name, is] of after) {
    if (!before.has(name)) tell.added(is, name);
  }
}

/** Where a keyword may stand that applies further schemas to the same value: they may evaluate parts of it. */
const inPlace = ['allOf', 'anyOf', 'oneOf', 'if', 'dependentSchemas', 'dependencies', 'contains', 'not'];

/** What rules the parts that nothing else does; undefined where that depends on more than this schema. */
export function rulingRest(
  pair: Pair,
  { words }: Reading,
  own: Json | undefined,
  unevaluated: string,
): Json | undefined {
  if (own !== undefined) return own;
  const appliesMore = [...inPlace, '$ref', '$dynamicRef', '$recursiveRef'].some(
    (keyword) => words[keyword] !== undefined,
  );
  const left = words[unevaluated];
  if (left !== undefined) return appliesMore ? undefined : left;
  return isWatched(pair) ? undefined : true;
}
