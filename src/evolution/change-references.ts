import { isObject } from '../core/json.ts';
import { formatPointer } from '../core/pointer.ts';
import { inBoth, type Pair } from './change-pair.ts';
import { definitionKeywords, keywordPlace, listAt, type Reading } from './change-reading.ts';
import { type Place, pointerTo, type ReferenceKeyword, step } from './change-source.ts';

/** Compares what references of both schemas lead to. A definition may have another name as long as it is the same. */
export function compareReferences(pair: Pair): void {
  compareReference(pair, '$ref');
  for (const keyword of ['$dynamicRef', '$recursiveRef'] as const) {
    if (inBoth(pair, keyword, 'reference', 'narrows')) compareReference(pair, keyword);
  }
}

function compareReference(pair: Pair, keyword: ReferenceKeyword): void {
  const { before, after } = pair;
  if (before.words[keyword] === undefined || after.words[keyword] === undefined) return;
  const [was, is] = [before, after].map((reading) => reading.source.target(reading.place, keyword));
  const [here, there] = [keywordPlace(before, keyword), keywordPlace(after, keyword)];
  if (was === undefined || is === undefined) {
    // What stands elsewhere can't be looked at: the same address is taken for the same schema.
    if (here.json !== there.json) pair.report('reference-changed', here, there, 'either');
  } else if (nameOf(was) === nameOf(is) || isRenamed(pair, was, is)) {
    pair.follow(was, is, 'direct');
  } else {
    pair.report('reference-changed', here, there, pair.meanings.exchange(was.json, is.json));
  }
}

/** The old name is nowhere in the new document, nor the new one in the old document. */
function isRenamed({ before, after }: Pair, was: Place, is: Place): boolean {
  return !exists(after, was) && !exists(before, is);
}

function exists({ source }: Reading, place: Place): boolean {
  const pointer = pointerTo(place);
  return ['$defs', 'definitions'].some((keyword) => {
    const spelled = pointer.map((token) => (definitionKeywords.has(token) ? keyword : token));
    return source.place(formatPointer(spelled)) !== undefined;
  });
}

/** Where a definition is, whatever the draft calls the keyword that holds it. */
function nameOf(place: Place): string {
  return formatPointer(pointerTo(place).map((token) => (definitionKeywords.has(token) ? '$defs' : token)));
}

/**
 * A schema that says nothing but where it stands is the one that stands there. So a definition can be taken out of
 * what uses it, and put back, and that changes nothing. Undefined unless exactly one of the two is such a schema.
 */
export function throughReference({ before, after }: Pair): readonly [Place, Place] | undefined {
  const [was, is] = [alone(before, after), alone(after, before)];
  if (was !== undefined) return [was, after.place];
  return is === undefined ? undefined : [before.place, is];
}

function alone({ place, source, words }: Reading, other: Reading): Place | undefined {
  if (Object.keys(words).join() !== '$ref' || other.words['$ref'] !== undefined) return undefined;
  const isBranch = listAt(other, 'allOf').some(({ json }) => isObject(json) && json['$ref'] !== undefined);
  return isBranch ? undefined : source.target(place, '$ref');
}

/** A reference that only one of the two has says the same as another branch of `allOf`. */
export function loneReferences({
  before,
  after,
}: Pair): Readonly<Record<'before' | 'after', readonly Place[]>> {
  const [was, is] = [before, after].map(({ words }) => words['$ref'] !== undefined);
  return {
    before: was === true && is === false ? [branchOf(before)] : [],
    after: is === true && was === false ? [branchOf(after)] : [],
  };
}

function branchOf({ place, words: { $ref = null } }: Reading): Place {
  return step(place, '$ref', { $ref });
}
