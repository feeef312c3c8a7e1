import { type Difference, difference, type Identity } from '../core/difference.ts';
import { namePlaces, placeOfDifference } from '../core/divergence.ts';
import type { ConfigSpec } from '../core/evidence.ts';
import type { Draft, Severity } from '../core/finding.ts';
import { at, isArray, type Json, sameJson } from '../core/json.ts';
import { type Phrase, phrase } from '../core/phrase.ts';
import { covers, formatPointer, matches, type Pointer } from '../core/pointer.ts';
import type { Check } from './check.ts';

export const fallbackChange: Check = {
  id: 'fallback-change',
  title: 'What does this change of the fallback mean for what is live?',
  isOfPast: true,
  run({ spec, live, fallback, base }, redactor) {
    if (!spec.drift.watch || live?.ok !== true || base?.kind !== 'known') return [];
    if (fallback.kind !== 'read' || !fallback.decoded.ok) return [];
    if (base.fallback.kind !== 'read' || !base.fallback.decoded.ok) return [];
    const [before, behind] = [base.fallback.decoded.value, fallback.decoded.value];
    const changed = differences(before, behind, spec);
    if (changed.length === 0) return [];
    if (differences(behind, live.value, spec).length === 0) {
      return [draft('notice', phrase`this change brings git to what is live`)];
    }
    const edited = differences(before, live.value, spec);
    if (edited.length === 0) {
      return [
        draft(
          'notice',
          phrase`this change has to be rolled out after the merge: Redis holds what git held before it`,
          phrase`write the new fallback to Redis when it is merged`,
        ),
      ];
    }
    const [ours, theirs] = [
      changed.map((item) => situated(item, before, behind, spec.identity)),
      edited.map((item) => situated(item, before, live.value, spec.identity)),
    ];
    const conflicts = ours
      .filter((one) => theirs.some((other) => meet(one, other) && !isSame(one, other)))
      .map(({ item }) => item);
    if (conflicts.length === 0) {
      return [
        draft(
          'notice',
          phrase`this change has to be rolled out after the merge: what was changed in Redis meanwhile stands at other places`,
          phrase`change these places in Redis, and leave the others: ${namePlaces(changed.map(placeOfDifference), redactor)}`,
        ),
      ];
    }
    return [
      draft(
        'warning',
        phrase`conflict: this change and somebody in Redis have changed the same: ${namePlaces(conflicts.map(placeOfDifference), redactor)}`,
        phrase`decide which of the two is right before you merge`,
      ),
    ];
  },
};

function differences(before: Json, after: Json, { drift, identity }: ConfigSpec): readonly Difference[] {
  return difference(before, after, { ignore: drift.ignore, identity });
}

/** A difference, and its place as it is told in all documents that started from one. */
interface Situated {
  readonly item: Difference;
  /** Items that have an identity are named by it. An array whose items have none is one place. */
  readonly place: Pointer;
}

function situated(item: Difference, before: Json, after: Json, identity: readonly Identity[]): Situated {
  // Of an addition the place is in the document that has it.
  const [pointer, document] = item.kind === 'added' ? [item.after, after] : [item.before, before];
  const place: string[] = [];
  for (const [depth, token] of pointer.entries()) {
    const around = pointer.slice(0, depth);
    const array = at(document, around);
    if (array === undefined || !isArray(array)) {
      place.push(token);
      continue;
    }
    const rule = identity.find((each) => matches(each.at, around));
    const id = rule && at(array, [token, rule.property]);
    // Indexes shift, so where items have no identity nobody can say that two changes are apart.
    if (id === undefined) return { item, place };
    place.push(JSON.stringify(id));
  }
  return { item, place };
}

/** Whether two changes of one document touch: one is at the place of the other, or around it. */
function meet({ place: one }: Situated, { place: other }: Situated): boolean {
  return covers(one, other) || covers(other, one);
}

/** Whether both do the same. */
function isSame({ item: one, place }: Situated, { item: other, place: otherPlace }: Situated): boolean {
  if (one.kind !== other.kind || formatPointer(place) !== formatPointer(otherPlace)) return false;
  return sameJson(resultOf(one), resultOf(other));
}

/** What stands there behind it; of a removal nothing does. */
function resultOf(item: Difference): Json {
  switch (item.kind) {
    case 'changed':
      return item.to;
    case 'removed':
      return null;
    case 'moved':
      return item.after.at(-1) ?? null;
    case 'added':
      return item.value;
  }
}

function draft(severity: Severity, said: Phrase, todo?: Phrase): Draft {
  return {
    claim: 'advice',
    severity,
    pointer: [],
    phrase: said,
    ...(todo === undefined ? {} : { advice: todo }),
  };
}
