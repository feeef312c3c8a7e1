import { isVoid } from '../core/evidence.ts';
import type { Draft } from '../core/finding.ts';
import { objections } from '../core/objection.ts';
import { phrase } from '../core/phrase.ts';
import type { Check } from './check.ts';

export const fallbackShape: Check = {
  id: 'fallback-shape',
  title: 'Would the application survive on its fallback file?',
  run({ spec, schema, fallback }, redactor) {
    if (fallback.kind !== 'read' || !fallback.decoded.ok || schema.kind !== 'compiled') return [];
    const { value } = fallback.decoded;
    const fallbackDraft = (draft: Pick<Draft, 'pointer' | 'phrase'>): Draft => ({
      ...draft,
      claim: 'fallback',
      severity: 'error',
      advice: phrase`it would break the application the day Redis is lost: mend the file`,
      site: { file: 'fallback', pointer: draft.pointer },
    });
    if (isVoid(spec, value)) {
      return [fallbackDraft({ pointer: [], phrase: phrase`the fallback is empty` })];
    }
    return objections(value, schema, spec.identity, redactor).map(({ pointer, phrase: said }) =>
      fallbackDraft({ pointer, phrase: phrase`in the fallback: ${said}` }),
    );
  },
};
