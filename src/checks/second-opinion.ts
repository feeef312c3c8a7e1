import { difference } from '../core/difference.ts';
import type { Evidence, Opinion } from '../core/evidence.ts';
import type { Draft } from '../core/finding.ts';
import { code, type Phrase, phrase, vouch } from '../core/phrase.ts';
import type { Redactor } from '../core/redaction.ts';
import type { Check } from './check.ts';
import { encoding } from './encoding.ts';
import { presence } from './presence.ts';
import { shape } from './shape.ts';

/** Whose drafts make a config INVALID. */
const judges: readonly Check[] = [presence, encoding, shape];

export const secondOpinion: Check = {
  id: 'second-opinion',
  title: 'Does the application judge the value alike?',
  run(evidence, redactor) {
    const { opinion } = evidence;
    if (opinion === undefined) return [];
    return [...disagreement(evidence, opinion, redactor), ...(isFallback(evidence) ? [echo] : [])];
  },
};

function disagreement(evidence: Evidence, opinion: Opinion, redactor: Redactor): readonly Draft[] {
  const drafts = judges.flatMap((judge) => judge.run(evidence, redactor));
  const isInvalid = drafts.some(({ claim, severity }) => claim === 'invalid' && severity === 'error');
  // What nobody could check here is no verdict to compare with.
  if (!isInvalid && drafts.some(({ claim }) => claim === 'unchecked')) return [];
  if (opinion.isValid !== isInvalid) return [];
  const words = wordsOf(opinion);
  return [
    isInvalid
      ? {
          claim: 'advice',
          severity: 'warning',
          pointer: [],
          phrase: phrase`the application takes the value for valid (${words}), and it is invalid here`,
          advice: phrase`its verification looks at less than what makes the application work: go by what is said here, or take the rule out of the schema if it isn't one`,
        }
      : {
          claim: 'advice',
          severity: 'warning',
          pointer: [],
          phrase: phrase`the application takes the value for invalid (${words}), and it is valid here`,
          advice: phrase`it has a rule that the schema lacks: add it, so that the next such value is found before it is live`,
        },
  ];
}

/** The application reads its own copy of the fallback when its Redis is gone, and doesn't say so. */
function isFallback({ live, fallback }: Evidence): boolean {
  if (live?.ok !== true || fallback.kind !== 'read' || !fallback.decoded.ok) return false;
  return difference(fallback.decoded.value, live.value, { ignore: [], identity: [] }).length === 0;
}

const echo: Draft = {
  claim: 'advice',
  severity: 'notice',
  pointer: [],
  phrase: phrase`the application shows what its fallback file holds: whether Redis was read, nobody can tell`,
  advice: phrase`it reads the file too when its Redis is down or lacks the key: look into its Redis, or verify with ${code('--redis')} from where it can be reached`,
};

/** What the application's verification is known to say: sentences of its own, without anything of a value in them. */
const itsSentences: readonly string[] = [
  'ok',
  'payload is empty',
  'payload is not a dict',
  'empty (allowed)',
  'missing _updated_at (tolerated, injected on next save)',
];

/** Any other message may quote a secret, and nobody knows of which place: no rule for places could tell. */
function wordsOf({ message }: Opinion): Phrase {
  return itsSentences.includes(message)
    ? phrase`${code(vouch(message))}`
    : phrase`in words that may quote it, so they stay hidden`;
}
