import { namePlaces } from '../core/divergence.ts';
import type { Draft } from '../core/finding.ts';
import { phrase } from '../core/phrase.ts';
import { reduceBranches } from '../core/violation.ts';
import type { Check } from './check.ts';

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
    const places = namePlaces(
      reduced.map(({ pointer }) => pointer),
      redactor,
    );
    const [first] = reduced;
    const draft: Draft = {
      claim: 'breaking',
      severity: 'error',
      pointer: [],
      phrase:
        live.base.kind === 'valid'
          ? phrase`the live value satisfies the old schema and violates the new one: ${places}`
          : phrase`the live value violates the new schema: ${places}`,
      advice: phrase`migrate the value in Redis before this is deployed, or let the schema accept both`,
      ...(first === undefined ? {} : { site: { file: 'schema', pointer: first.schemaPointer } }),
    };
    return [draft];
  },
};
