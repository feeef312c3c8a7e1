import type { Base, Evidence, SchemaEvidence } from '../core/evidence.ts';
import { type Answer, asked, type Direction, type Matrix, spellWitness } from '../core/evolution.ts';
import type { Draft, Severity } from '../core/finding.ts';
import { at, type Json } from '../core/json.ts';
import { code, count, type Known, type Phrase, phrase, vouch } from '../core/phrase.ts';
import type { Pointer } from '../core/pointer.ts';
import { unveiled } from '../core/redaction.ts';
import { reduceBranches, wordViolation } from '../core/violation.ts';
import type { Check } from './check.ts';

/** More changes than anyone reads. */
const LISTED = 20;

export const evolution: Check = {
  id: 'evolution',
  title: 'What does this change of the schema do to data?',
  isOfPast: true,
  run(evidence) {
    const { base } = evidence;
    if (base === undefined) return [];
    switch (base.kind) {
      case 'nothing':
        return [advice(phrase`no schema to compare with: ${base.said}`)];
      case 'unknown': {
        const { reason, phrase: said, advice: todo } = base.fault;
        return [
          {
            claim: 'unchecked',
            severity: 'error',
            pointer: [],
            phrase: phrase`nobody knows what this change does: ${said}`,
            advice: todo,
            reason,
          },
        ];
      }
      case 'known':
        return base.evolution === undefined
          ? withoutComparison(evidence, base)
          : compared(evidence, base, base.evolution);
    }
  },
};

function advice(said: Phrase): Draft {
  return { claim: 'advice', severity: 'notice', pointer: [], phrase: said };
}

type KnownBase = Extract<Base, { readonly kind: 'known' }>;
type Compared = NonNullable<KnownBase['evolution']>;
type Usable = Extract<SchemaEvidence, { readonly kind: 'compiled' }>;

/** One of the two can't be used or isn't there, or they ask for the same. */
function withoutComparison({ schema, live }: Evidence, { schema: before }: KnownBase): readonly Draft[] {
  if (schema.kind !== 'compiled') return [];
  switch (before.kind) {
    case 'compiled':
      return before.path === schema.path ? [] : moved(before.path, schema.path);
    case 'missing':
      return [advice(phrase`the schema ${code(schema.path)} is new: there was none before`)];
    case 'unreadable':
      return [
        {
          claim: 'unchecked',
          severity: 'error',
          reason: 'no-base',
          pointer: [],
          phrase: phrase`nobody knows what this change does: the schema ${code(before.path)} of before cannot be read: ${code(before.why)}`,
          advice: phrase`run again; if it stays so, look at that file where the change began`,
        },
      ];
    case 'broken':
      return [
        {
          claim: 'breaking',
          severity: live?.ok === true && schema.validate(live.value).length === 0 ? 'warning' : 'error',
          pointer: [],
          phrase: phrase`the schema could not be used before this change, so nobody can tell what it accepted`,
          advice: phrase`it counts as breaking unless the live value satisfies the new one`,
          site: { file: 'schema', pointer: [] },
        },
      ];
  }
}

function moved(from: Known, to: Known): readonly Draft[] {
  return [advice(phrase`the schema was ${code(from)} and is ${code(to)} now`)];
}

function compared(
  evidence: Evidence,
  base: KnownBase,
  { comparison: { changes, isCut, answers }, matrix }: Compared,
): readonly Draft[] {
  const { schema, spec } = evidence;
  if (schema.kind !== 'compiled' || base.schema.kind !== 'compiled') return [];
  const schemas = { base: base.schema, head: schema };
  const judged = asked[spec.compatibility].flatMap((direction) =>
    judgement(direction, answers[direction], matrix, schemas),
  );
  const relocation = base.schema.path === schema.path ? [] : moved(base.schema.path, schema.path);
  const listed = changes.slice(0, LISTED).map(
    ({ kind, said, after }): Draft => ({
      ...advice(phrase`${said} (${code(kind)})`),
      site: { file: 'schema', pointer: after },
    }),
  );
  const rest = changes.length - listed.length;
  const more =
    rest > 0 || isCut
      ? [advice(phrase`${count(rest, 'more change')}${isCut ? phrase` at least` : phrase``}`)]
      : [];
  return [...judged, ...relocation, ...listed, ...more];
}

function judgement(
  direction: Direction,
  answer: Answer,
  matrix: Matrix,
  { base, head }: Readonly<Record<'base' | 'head', Usable>>,
): readonly Draft[] {
  const { name, proved, broken, todo } = words[direction];
  const breaking = {
    claim: 'breaking',
    severity: severityOf(direction, matrix),
    pointer: [],
    advice: todo,
  } as const;
  switch (answer.kind) {
    case 'compatible':
      return [advice(phrase`${name}: ${proved}`)];
    case 'unknown':
      return [
        {
          ...breaking,
          phrase: phrase`nobody can tell whether it is ${name}, so it counts as breaking`,
          site: { file: 'schema', pointer: [] },
        },
      ];
    case 'breaking': {
      const refusing = direction === 'backward' ? head : base;
      const [first] = reduceBranches(answer.violations);
      const why =
        first === undefined
          ? phrase``
          : phrase`: ${placed(first.pointer)}${wordViolation(first, refusing.document, answer.witness, unveiled)}`;
      const witness = code(spellWitness(answer.witness));
      // Only the head schema is a file in which a line can be marked.
      const pointer = nearest(first?.schemaPointer ?? [], head.document);
      return [
        {
          ...breaking,
          phrase: phrase`not ${name}: ${witness} ${broken}${why}`,
          site: { file: 'schema', pointer },
        },
      ];
    }
  }
}

const words: Readonly<
  Record<
    Direction,
    { readonly name: Phrase; readonly proved: Phrase; readonly broken: Phrase; readonly todo: Phrase }
  >
> = {
  backward: {
    name: phrase`backward compatible`,
    proved: phrase`whatever the schema accepted before, it still accepts`,
    broken: phrase`was valid and no longer is`,
    todo: phrase`migrate what is stored first, or accept both for a while`,
  },
  forward: {
    name: phrase`forward compatible`,
    proved: phrase`whatever the schema accepts now, it accepted before`,
    broken: phrase`is valid now and was not`,
    todo: phrase`instances that still run on the old schema refuse it: roll out the readers before the writers`,
  },
};

function placed(pointer: Pointer): Phrase {
  return pointer.length === 0 ? phrase`` : phrase`${code(vouch(unveiled.place(pointer)))}: `;
}

/** As far as the pointer leads somewhere in the document. */
function nearest(pointer: Pointer, document: Json): Pointer {
  return at(document, pointer) === undefined ? nearest(pointer.slice(0, -1), document) : pointer;
}

/** A breaking change is worth a warning only, as long as what is there survives it. */
function severityOf(direction: Direction, { live, fallback }: Matrix): Severity {
  const fit = direction === 'backward' ? live.head : fallback.base;
  return fit.kind === 'valid' || fit.kind === 'absent' ? 'warning' : 'error';
}
