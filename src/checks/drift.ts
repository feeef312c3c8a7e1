import { type Difference, difference, type Identity } from '../core/difference.ts';
import { placeOfDifference, wordDifference } from '../core/divergence.ts';
import { type FileEvidence, isVoid } from '../core/evidence.ts';
import type { Draft } from '../core/finding.ts';
import { code, count, joined, type Phrase, phrase } from '../core/phrase.ts';
import type { Pointer } from '../core/pointer.ts';
import type { Redactor } from '../core/redaction.ts';
import type { Check } from './check.ts';

/** More differences than anyone reads; beyond them only the number is told. */
const LISTED = 50;

export const drift: Check = {
  id: 'drift',
  title: 'Is Redis in step with the fallback file?',
  run({ spec, live, fallback }, redactor) {
    if (!spec.drift.watch || live?.ok !== true || isVoid(spec, live.value)) return [];
    if (fallback.kind !== 'read' || !fallback.decoded.ok) return [nothingToCompare(fallback)];
    const differences = difference(fallback.decoded.value, live.value, {
      ignore: spec.drift.ignore,
      identity: spec.identity,
    });
    const drafts = differences.slice(0, LISTED).map((item) => drifted(item, spec.identity, redactor));
    if (differences.length <= LISTED) return drafts;
    const rest = differences.length - LISTED;
    return [...drafts, draft([], [], phrase`${count(rest, 'more difference')} like these`)];
  },
};

const sides = { before: phrase`the fallback`, after: phrase`Redis` };

function drifted(item: Difference, identity: readonly Identity[], redactor: Redactor): Draft {
  return draft(placeOfDifference(item), item.before, wordDifference(item, sides, identity, redactor));
}

/** `pointer` names the place, `inFallback` the nearest one in the file. */
function draft(pointer: Pointer, inFallback: Pointer, said: Phrase): Draft {
  return {
    claim: 'drift',
    severity: 'warning',
    pointer,
    phrase: said,
    site: { file: 'fallback', pointer: inFallback },
  };
}

function nothingToCompare(fallback: FileEvidence): Draft {
  const unchecked = { claim: 'unchecked', severity: 'error', reason: 'no-fallback', pointer: [] } as const;
  switch (fallback.kind) {
    case 'missing':
      return {
        ...unchecked,
        phrase: phrase`there is no fallback file to compare with (looked for ${joined(
          fallback.tried.map((path) => code(path)),
          ' or ',
        )})`,
        advice: phrase`add the file, or point ${code('fallbacks')} to the folder that holds it`,
      };
    case 'unreadable':
      return {
        ...unchecked,
        phrase: phrase`the fallback ${code(fallback.path)} cannot be read: ${code(fallback.why)}`,
        advice: phrase`mend the file's permissions or its path`,
      };
    case 'read':
      return {
        ...unchecked,
        phrase: phrase`there is nothing to compare with: the fallback ${code(fallback.path)} is not JSON`,
        advice: phrase`mend the file`,
        site: { file: 'fallback', pointer: [] },
      };
  }
}
