import { undeclared as undeclaredMembers } from '../core/declared.ts';
import type { Draft } from '../core/finding.ts';
import { code, phrase, vouch } from '../core/phrase.ts';
import type { Check } from './check.ts';

export const undeclared: Check = {
  id: 'undeclared',
  title: 'Does every property stand in the schema?',
  run({ schema, live }) {
    if (schema.kind !== 'compiled' || live?.ok !== true) return [];
    return undeclaredMembers(schema.document, live.value).map(
      ({ pointer, meant }): Draft => ({
        claim: 'advice',
        severity: 'notice',
        pointer,
        phrase: phrase`the schema doesn't know this property`,
        advice:
          meant === undefined
            ? phrase`it may be left over from an older version; nothing reads it by its schema`
            : phrase`did you mean ${code(vouch(meant))}?`,
      }),
    );
  },
};
