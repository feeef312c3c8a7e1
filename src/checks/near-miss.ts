import type { Draft } from '../core/finding.ts';
import { code, count, joined, name, phrase } from '../core/phrase.ts';
import { isNearMiss } from '../core/similarity.ts';
import type { Check } from './check.ts';

export const nearMiss: Check = {
  id: 'near-miss',
  title: 'Does a missing key stand somewhere else?',
  run({ spec, observation, neighbours }) {
    if (observation.kind !== 'absent' || neighbours === undefined) return [];
    const draft = (severity: Draft['severity'], said: Draft['phrase'], advice: Draft['phrase']): Draft => ({
      claim: 'advice',
      severity,
      pointer: [],
      phrase: said,
      advice,
    });
    if (neighbours.kind === 'unknown') {
      const said = phrase`nobody looked for similar keys: ${neighbours.fault.phrase}`;
      return [draft('notice', said, neighbours.fault.advice)];
    }
    const names = neighbours.names.filter((candidate) => isNearMiss(candidate, spec)).slice(0, 5);
    const databases = neighbours.databases.get(spec.key) ?? [];
    const drafts: Draft[] = [];
    if (names.length > 0) {
      const said = phrase`did you mean ${joined(
        names.map((candidate) => name(candidate)),
        ' or ',
      )}?`;
      drafts.push(draft('warning', said, phrase`check ${code('prefix')} and who writes the key`));
    }
    if (databases.length > 0) {
      const said = phrase`the same key stands in database ${joined(
        databases.map((n) => count(n)),
        ' or ',
      )}`;
      drafts.push(draft('warning', said, phrase`check the database number at the end of the Redis URL`));
    }
    return drafts;
  },
};
