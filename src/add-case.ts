import { type ConfigSpec, type Evidence, isVoid, type SchemaEvidence } from './core/evidence.ts';
import { isArray, isObject, type Json } from './core/json.ts';
import { type Objection, objections } from './core/objection.ts';
import { code, name, type Phrase, phrase } from './core/phrase.ts';
import { plain } from './core/plain.ts';
import type { Pointer } from './core/pointer.ts';
import { redactor, unveiled } from './core/redaction.ts';
import { hiding, hintsOf, standIn } from './core/stand-in.ts';

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

type Compiled = Extract<SchemaEvidence, { readonly kind: 'compiled' }>;

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
  const isRefused = isVoid(spec, live.value) || all(live.value, schema, spec).length > 0;
  if (!isRefused && expected === undefined) {
    return refused(
      phrase`the schema accepts the live value of ${code(spec.name)}`,
      phrase`say with ${code('--expect valid')} that it has to, or with ${code('--expect invalid')} that it must not`,
    );
  }
  return redacted(live.value, schema, spec, expected ?? 'invalid');
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

function redacted(value: Json, schema: Compiled, spec: ConfigSpec, expected: Expected): MadeCase {
  const before = verdictOn(value, schema, spec);
  const replaced = standIn(
    value,
    hiding(spec.visibility),
    (candidate) => verdictOn(candidate, schema, spec) === before,
    hintsOf(schema.document),
  );
  if (!replaced.ok) {
    const place = redactor(spec.visibility, () => '').place(replaced.pointer);
    return refused(
      phrase`what is hidden at ${replaced.pointer.length === 0 ? phrase`the root` : name(place)} cannot be replaced without changing what the schema says of it; nothing was written`,
      phrase`write the case by hand, or allow the place with ${code('show')} if it holds no secret`,
    );
  }
  // Nothing of the original is left in what these tell of.
  const objecting = objections(replaced.value, schema, spec.identity, unveiled);
  const why = isVoid(spec, replaced.value) ? 'it is empty' : inWords(objecting);
  const document = { expect: expected, ...(why === '' ? {} : { why }), value: replaced.value };
  return {
    ok: true,
    expected,
    name: nameFor(objecting[0], expected),
    text: `${JSON.stringify(document, null, 2)}\n`,
  };
}

function refused(said: Phrase, advice: Phrase): MadeCase {
  return { ok: false, said, advice };
}

/** Objections are told apart by where they stand: their words, and with them all digests, are left out. */
function all(value: Json, schema: Compiled, { identity, visibility }: ConfigSpec): readonly Objection[] {
  return objections(
    value,
    schema,
    identity,
    redactor(visibility, () => ''),
  );
}

/**
 * What the schema says of a value, as one text to compare by. Members go by their rank instead of their name, so that
 * a name that is replaced makes no difference.
 */
function verdictOn(value: Json, schema: Compiled, spec: ConfigSpec): string {
  if (isVoid(spec, value)) return 'void';
  const told = all(value, schema, spec).map(({ pointer, schemaPointer }) =>
    JSON.stringify([ranks(value, pointer), schemaPointer ?? null]),
  );
  return JSON.stringify(told.sort());
}

function ranks(value: Json, pointer: Pointer): readonly number[] {
  const found: number[] = [];
  let place: Json | undefined = value;
  for (const token of pointer) {
    if (place === undefined) break;
    if (isArray(place)) {
      found.push(Number(token));
      place = place[Number(token)];
    } else if (isObject(place)) {
      found.push(Object.keys(place).indexOf(token));
      place = Object.hasOwn(place, token) ? place[token] : undefined;
    }
  }
  return found;
}

/** The value is at hand: the first few will do. */
const LISTED = 3;

function inWords(objecting: readonly Objection[]): string {
  const listed = objecting.slice(0, LISTED).map(({ pointer, phrase: said }) => {
    const place = unveiled.place(pointer);
    return plain(place === '' ? said : phrase`${name(place)}: ${said}`);
  });
  const rest = objecting.length - listed.length;
  return [...listed, ...(rest === 0 ? [] : [`and ${rest} more`])].join('; ');
}

const LONGEST_NAME = 60;

/** After what is objected to first: `retry_count-maximum`. */
function nameFor(first: Objection | undefined, expected: Expected): string {
  if (first === undefined) return expected;
  const words = [...first.pointer, first.schemaPointer?.at(-1) ?? 'identity'];
  const found = words
    .map((word) => word.toLowerCase().replace(/[^a-z0-9_]+/g, '-'))
    .join('-')
    .replace(/-{2,}/g, '-')
    .slice(-LONGEST_NAME)
    .replace(/^[-_]+|[-_]+$/g, '');
  return found === '' ? expected : found;
}
