import { type CaseEvidence, type ConfigSpec, isVoid, type SchemaEvidence } from '../core/evidence.ts';
import type { Draft } from '../core/finding.ts';
import { type Objection, objections } from '../core/objection.ts';
import { code, count, joined, name, type Phrase, phrase } from '../core/phrase.ts';
import type { Redactor } from '../core/redaction.ts';
import type { Check } from './check.ts';

export const cases: Check = {
  id: 'cases',
  title: 'Does the schema judge its cases as it should?',
  run({ spec, schema, cases: known = [] }, redactor) {
    if (schema.kind !== 'compiled') return [];
    return known.flatMap((item) =>
      item.kind === 'broken' ? [unusable(item)] : judged(item, schema, spec, redactor),
    );
  },
};

type Compiled = Extract<SchemaEvidence, { readonly kind: 'compiled' }>;
type Known = Extract<CaseEvidence, { readonly kind: 'known' }>;
type Broken = Extract<CaseEvidence, { readonly kind: 'broken' }>;

function judged(
  { path, expected, value }: Known,
  schema: Compiled,
  spec: ConfigSpec,
  redactor: Redactor,
): readonly Draft[] {
  const refused = refusal(value, schema, spec, redactor);
  if (expected === 'valid' && refused !== undefined) {
    return [
      wrong(
        phrase`the schema refuses a value that ${code(path)} says is valid: ${refused}`,
        phrase`let the schema accept it; or, if such values are invalid from now on, migrate them and change the case`,
      ),
    ];
  }
  if (expected === 'invalid' && refused === undefined) {
    return [
      wrong(
        phrase`the schema accepts a value that ${code(path)} says is invalid`,
        phrase`let the schema refuse it again; or, if such values are valid from now on, change the case`,
      ),
    ];
  }
  return [];
}

function refusal(
  value: Known['value'],
  schema: Compiled,
  spec: ConfigSpec,
  redactor: Redactor,
): Phrase | undefined {
  if (isVoid(spec, value)) return phrase`it is empty`;
  const all = objections(value, schema, spec.identity, redactor);
  return all.length === 0 ? undefined : firstOf(all, redactor);
}

/** The case itself is at hand: the first few will do. */
const LISTED = 3;

function firstOf(all: readonly Objection[], redactor: Redactor): Phrase {
  const listed = all
    .slice(0, LISTED)
    .map(({ pointer, phrase: said }) =>
      pointer.length === 0 ? said : phrase`${name(redactor.place(pointer))}: ${said}`,
    );
  const rest = all.length - listed.length;
  return rest === 0
    ? joined(listed, '; ')
    : phrase`${joined(listed, '; ')}; and ${count(rest, 'more objection')}`;
}

function wrong(said: Phrase, advice: Phrase): Draft {
  return { claim: 'breaking', severity: 'error', pointer: [], phrase: said, advice };
}

function unusable({ path, why }: Broken): Draft {
  return {
    claim: 'unchecked',
    severity: 'error',
    reason: 'unreadable',
    pointer: [],
    phrase: phrase`the case ${code(path)} cannot be used: ${why}`,
    advice: phrase`mend the file or remove it`,
  };
}
