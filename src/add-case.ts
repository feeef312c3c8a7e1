import { decodeText, wordFlaw } from './core/decode.ts';
import { difference } from './core/difference.ts';
import { type ConfigSpec, type Evidence, isVoid, type SchemaEvidence } from './core/evidence.ts';
import { hintsOf } from './core/harmless.ts';
import { at, isArray, isObject, type Json } from './core/json.ts';
import { type Objection, objections } from './core/objection.ts';
import { code, count, name, type Phrase, phrase } from './core/phrase.ts';
import { plain } from './core/plain.ts';
import type { Pointer } from './core/pointer.ts';
import { redactor, unveiled } from './core/redaction.ts';
import { hiding, standIn } from './core/stand-in.ts';

export type Expected = 'valid' | 'invalid';

/** A case as it is to be written, without anything hidden in it. */
export interface NewCase {
  readonly ok: true;
  readonly expected: Expected;
  /** A name for its file: lower-case letters, digits, `-` and `_`. */
  readonly name: string;
  /** The whole file. */
  readonly text: string;
}

export type MadeCase = NewCase | { readonly ok: false; readonly said: Phrase; readonly advice: Phrase };

/** What judges the values of a config. */
interface Ruler {
  readonly spec: ConfigSpec;
  readonly schema: Extract<SchemaEvidence, { readonly kind: 'compiled' }>;
}

/**
 * Makes a case of the live value: what a report would not print is replaced by stand-ins to which the schema objects
 * just as it does to the original. Without `expected` the value has to be one that the schema refuses.
 */
export function makeCase(evidence: Evidence, expected?: Expected): MadeCase {
  const { spec, schema, live } = evidence;
  if (live === undefined) return withoutValue(evidence);
  if (!live.ok) {
    return refused(
      phrase`the live value of ${code(spec.name)} is not JSON, and a case is a JSON value`,
      phrase`mend the value; the check ${code('encoding')} says what is wrong with it`,
    );
  }
  if (schema.kind !== 'compiled') {
    return refused(
      phrase`there is no schema of ${code(spec.name)} that could be used, so nothing tells what has to stay of the value`,
      phrase`the check ${code('shape')} says what is wrong with the schema`,
    );
  }
  const ruler = { spec, schema };
  if (expected === undefined && verdictOn(live.value, ruler) === SOUND) {
    return refused(
      phrase`the schema accepts the live value of ${code(spec.name)}`,
      phrase`say with ${code('--expect valid')} that it has to, or with ${code('--expect invalid')} that it must not`,
    );
  }
  return redacted(live.value, expected ?? 'invalid', ruler);
}

function withoutValue({ spec, observation }: Evidence): MadeCase {
  if (observation.kind === 'unreadable') {
    const { phrase: said, advice } = observation.fault;
    return refused(phrase`the live value of ${code(spec.name)} could not be read: ${said}`, advice);
  }
  const state =
    observation.kind === 'wrong-type'
      ? phrase`holds a value of another type`
      : observation.kind === 'unasked'
        ? phrase`was not read`
        : phrase`does not exist`;
  return refused(
    phrase`there is no live value to make a case of: the key of ${code(spec.name)} ${state}`,
    phrase`check ${code('--redis')} and ${code('--prefix')}, or write the case by hand`,
  );
}

function redacted(value: Json, expected: Expected, ruler: Ruler): MadeCase {
  const { spec, schema } = ruler;
  const before = verdictOn(value, ruler);
  const isAlike = (candidate: Json) => verdictOn(candidate, ruler) === before;
  const hints = hintsOf(schema.document);
  const replaced = standIn(value, hiding(spec.visibility, hints.names), isAlike, hints);
  if (!replaced.ok) return irreplaceable(replaced.pointer, spec);
  // Nothing of the original is left in what these tell of.
  const objecting = objections(replaced.value, schema, spec.identity, unveiled);
  const why = reason(expected, isVoid(spec, replaced.value) ? phrase`it is empty` : inWords(objecting));
  const text = `${JSON.stringify({ expect: expected, why: plain(why), value: replaced.value }, null, 2)}\n`;
  const read = decodeText(text);
  const [flaw] = read.flaws;
  if (!read.ok || flaw !== undefined || !isSame(at(read.value, ['value']), replaced.value)) {
    return refused(
      phrase`what would be written cannot be read again as it is: ${wordFlaw(flaw)}`,
      phrase`write the case by hand`,
    );
  }
  return { ok: true, expected, name: nameFor(objecting[0], expected), text };
}

/** A number that no file can hold is read again as another value. */
function isSame(read: Json | undefined, written: Json): boolean {
  return read !== undefined && difference(written, read, { ignore: [], identity: [] }).length === 0;
}

function irreplaceable(pointer: Pointer, { visibility }: ConfigSpec): MadeCase {
  const place = redactor(visibility, () => '').place(pointer);
  const where = pointer.length === 0 ? phrase`at the root` : phrase`at ${name(place)}`;
  return refused(
    phrase`what is hidden ${where} cannot be replaced without changing what the schema says of it; nothing was written`,
    phrase`write the case by hand, or allow the place with ${code('show')} if it holds no secret`,
  );
}

function refused(said: Phrase, advice: Phrase): MadeCase {
  return { ok: false, said, advice };
}

/** The verdict on a value that nothing objects to. */
const SOUND = '[]';

/**
 * What is said of a value, as one text to compare by: where the schema objects to what. Members go by their rank
 * instead of their name, so that a name that is replaced makes no difference; digests and words are left out.
 */
function verdictOn(value: Json, { spec, schema }: Ruler): string {
  if (isVoid(spec, value)) return 'void';
  const veil = redactor(spec.visibility, () => '');
  const told = objections(value, schema, spec.identity, veil).map(({ pointer, schemaPointer }) =>
    JSON.stringify([ranks(value, pointer), schemaPointer ?? null]),
  );
  return JSON.stringify(told.sort());
}

function ranks(value: Json, pointer: Pointer): readonly number[] {
  return pointer.map((token, depth) => {
    const around = at(value, pointer.slice(0, depth)) ?? null;
    if (isArray(around)) return Number(token);
    return isObject(around) ? Object.keys(around).indexOf(token) : -1;
  });
}

function reason(expected: Expected, objection: Phrase | undefined): Phrase {
  if (objection === undefined) return phrase`the schema accepted it when this was saved`;
  return expected === 'invalid' ? objection : phrase`when this was saved, the schema objected: ${objection}`;
}

/** The first; the value is at hand for the others. */
function inWords([first, ...others]: readonly Objection[]): Phrase | undefined {
  if (first === undefined) return undefined;
  const place = unveiled.place(first.pointer);
  const said = place === '' ? first.phrase : phrase`${name(place)}: ${first.phrase}`;
  return others.length === 0 ? said : phrase`${said} (and ${count(others.length, 'more objection')})`;
}

const LONGEST_NAME = 60;

/** After what is objected to first: `retry_count-maximum`. */
function nameFor(first: Objection | undefined, expected: Expected): string {
  if (first === undefined) return expected;
  const found = [...first.pointer, first.schemaPointer?.at(-1) ?? 'identity']
    .map((word) => word.toLowerCase().replace(/[^a-z0-9_]+/g, '-'))
    .join('-')
    .replace(/-{2,}/g, '-')
    .slice(-LONGEST_NAME)
    .replace(/^[-_]+|[-_]+$/g, '');
  return found === '' ? expected : found;
}
