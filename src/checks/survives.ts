import type { Draft } from '../core/finding.ts';
import { count, joined, name, phrase } from '../core/phrase.ts';
import type { Redactor } from '../core/redaction.ts';
import { reduceBranches } from '../core/violation.ts';
import type { Check } from './check.ts';

/** Places that are named; the check `shape` tells all. */
const LISTED = 10;

export const survives: Check = {
  id: 'survives',
  title: 'Does the live value survive the change of its schema?',
  isOfPast: true,
  run({ base }, redactor) {
    if (base?.kind !== 'known' || base.evolution === undefined) return [];
    const { live } = base.evolution.matrix;
    // What was invalid before this change isn't broken by it.
    if (live.head.kind !== 'invalid' || live.base.kind === 'invalid') return [];
    const reduced = reduceBranches(live.head.violations);
    const places = [...new Set(reduced.map(({ pointer }) => redactor.place(pointer)))];
    const [first] = reduced;
    const draft: Draft = {
      claim: 'breaking',
      severity: 'error',
      pointer: [],
      phrase:
        live.base.kind === 'valid'
          ? phrase`the live value satisfies the old schema and violates the new one: ${placesIn(places)}`
          : phrase`the live value violates the new schema: ${placesIn(places)}`,
      advice: phrase`migrate the value in Redis before this is deployed, or let the schema accept both`,
      ...(first === undefined ? {} : { site: { file: 'schema', pointer: first.schemaPointer } }),
    };
    return [draft];
  },
};

function placesIn(places: readonly ReturnType<Redactor['place']>[]) {
  const parts = places.slice(0, LISTED).map((place) => name(place === '' ? '/' : place));
  const rest = places.length - parts.length;
  const named = joined(parts, ', ');
  return rest > 0 ? phrase`${named} and ${count(rest)} more` : named;
}
