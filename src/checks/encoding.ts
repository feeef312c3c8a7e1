import type { Decoded } from '../core/decode.ts';
import type { Draft } from '../core/finding.ts';
import { code, count, type Phrase, phrase } from '../core/phrase.ts';
import type { Flaw, FlawKind } from '../core/scanner.ts';
import type { Check } from './check.ts';

/** What is wrong a thousand times is mended at once, where it is written. */
const LISTED = 50;

export const encoding: Check = {
  id: 'encoding',
  title: 'Is it JSON that every reader understands alike?',
  run({ live, fallback }) {
    const ofLive = (live?.flaws ?? []).map(
      (flaw): Draft => ({ claim: 'invalid', severity: 'error', ...worded(flaw, live) }),
    );
    if (fallback.kind !== 'read') return abridged(ofLive);
    const ofFallback = fallback.decoded.flaws.map((flaw): Draft => {
      const { pointer, phrase: said, advice } = worded(flaw, fallback.decoded);
      return {
        claim: 'fallback',
        severity: 'error',
        pointer,
        phrase: phrase`in the fallback: ${said}`,
        advice,
        site: { file: 'fallback', pointer, offset: flaw.offset },
      };
    });
    return [...abridged(ofLive), ...abridged(ofFallback)];
  },
};

/** The first of the drafts, which are alike in claim and severity, and how many more there are. */
function abridged(drafts: readonly Draft[]): readonly Draft[] {
  const [first] = drafts;
  if (first === undefined || drafts.length <= LISTED) return drafts;
  const { claim, severity } = first;
  const rest = phrase`${count(drafts.length - LISTED, 'more flaw')} like these`;
  return [...drafts.slice(0, LISTED), { claim, severity, pointer: [], phrase: rest }];
}

function worded(flaw: Flaw, { ok }: Pick<Decoded, 'ok'> = { ok: false }) {
  const { said, advice } = wording[flaw.kind];
  const what = flaw.inner === undefined ? said : phrase`${said} (an ${code(flaw.inner)})`;
  const where = ok || flaw.offset === 0 ? what : phrase`${what} (at offset ${count(flaw.offset)})`;
  return { pointer: flaw.pointer, phrase: where, advice };
}

const wording: Readonly<Record<FlawKind, { readonly said: Phrase; readonly advice: Phrase }>> = {
  empty: {
    said: phrase`it is empty: not even ${code('{}')}`,
    advice: phrase`write the value of the fallback`,
  },
  'not-utf8': {
    said: phrase`it is not UTF-8`,
    advice: phrase`it was probably written as Latin-1; encode it as UTF-8`,
  },
  'utf-16': { said: phrase`it is UTF-16`, advice: phrase`encode it as UTF-8` },
  compressed: {
    said: phrase`it is compressed`,
    advice: phrase`store plain JSON text, or guard the key with another tool`,
  },
  pickled: {
    said: phrase`it is a Python pickle, not JSON`,
    advice: phrase`write it with ${code('json.dumps')}`,
  },
  'byte-order-mark': {
    said: phrase`it begins with a byte order mark, which strict JSON readers refuse`,
    advice: phrase`encode it as UTF-8 without a signature`,
  },
  'python-literal': {
    said: phrase`it is Python's ${code('str()')} of a value, not JSON`,
    advice: phrase`write it with ${code('json.dumps')}`,
  },
  'non-finite': {
    said: phrase`it holds ${code('NaN')} or ${code('Infinity')}, which JSON doesn't have`,
    advice: phrase`Python's ${code('json.dumps')} writes them unless told ${code('allow_nan=False')}`,
  },
  syntax: {
    said: phrase`it is not JSON`,
    advice: phrase`${code('python3 -m json.tool')} on the raw value shows the line`,
  },
  'too-deep': {
    said: phrase`it is nested too deeply to be a configuration`,
    advice: phrase`look for a writer that wraps the value again at each save`,
  },
  'double-encoded': {
    said: phrase`it was encoded twice: a JSON string that holds JSON`,
    advice: phrase`the writer calls ${code('json.dumps')} on text that is JSON already`,
  },
  'duplicate-name': {
    said: phrase`this name stands there twice; readers disagree about which one counts`,
    advice: phrase`in Python, a number and a string that spell alike become the same name`,
  },
  'unsafe-integer': {
    said: phrase`this integer is beyond ±(2^53 − 1), so some readers round it`,
    advice: phrase`store it as a string`,
  },
  'number-overflow': {
    said: phrase`this number is too large: readers take it for infinity`,
    advice: phrase`store it as a string, or bound it`,
  },
};
