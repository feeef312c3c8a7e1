import { type CaseEvidence, type ConfigSpec, isVoid, type SchemaEvidence } from '../core/evidence.ts';
import type { Draft } from '../core/finding.ts';
import { type Objection, objections } from '../core/objection.ts';
import { code, count, name, type Phrase, phrase } from '../core/phrase.ts';
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
  return firstOf(objections(value, schema, spec.identity, redactor), redactor);
}

/** The first; the case itself is at hand for the others. */
function firstOf([first, ...others]: readonly Objection[], redactor: Redactor): Phrase | undefined {
  if (first === undefined) return undefined;
  const { pointer, phrase: said } = first;
  const placed = pointer.length === 0 ? said : phrase`${name(redactor.place(pointer))}: ${said}`;
  return others.length === 0 ? placed : phrase`${placed} (and ${count(others.length, 'more objection')})`;
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
