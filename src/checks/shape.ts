import { isVoid, type SchemaEvidence } from '../core/evidence.ts';
import type { Draft } from '../core/finding.ts';
import { objections } from '../core/objection.ts';
import { code, joined, type Phrase, phrase } from '../core/phrase.ts';
import type { Check } from './check.ts';

export const shape: Check = {
  id: 'shape',
  title: 'Does the live value satisfy its schema?',
  run({ spec, schema, live }, redactor) {
    if (schema.kind !== 'compiled') return [unusable(schema)];
    const notes = schema.notes.map(
      ({ what, pointer }): Draft => ({
        claim: 'advice',
        severity: 'warning',
        pointer: [],
        phrase: phrase`the schema asks for something that the validator passes over: ${code(what)}`,
        site: { file: 'schema', pointer },
      }),
    );
    // A value that was encoded twice is a string; that it is no object needs no second finding.
    const isEncodedTwice = live?.flaws.some(({ kind }) => kind === 'double-encoded');
    if (live?.ok !== true || isEncodedTwice || isVoid(spec, live.value)) return notes;
    const drafts = objections(live.value, schema, spec.identity, redactor).map(
      ({ pointer, phrase: said, schemaPointer }): Draft => ({
        claim: 'invalid',
        severity: 'error',
        pointer,
        phrase: said,
        ...(schemaPointer === undefined ? {} : { site: { file: 'schema', pointer: schemaPointer } }),
      }),
    );
    return [...drafts, ...notes];
  },
};

function unusable(schema: Exclude<SchemaEvidence, { readonly kind: 'compiled' }>): Draft {
  const unchecked = (said: Phrase, advice: Phrase): Draft => ({
    claim: 'unchecked',
    severity: 'error',
    reason: 'schema',
    pointer: [],
    phrase: said,
    advice,
  });
  switch (schema.kind) {
    case 'missing':
      return unchecked(
        phrase`there is no schema (looked for ${joined(
          schema.tried.map((path) => code(path)),
          ' or ',
        )})`,
        phrase`add the file, or point ${code('schemas')} to the folder that holds it`,
      );
    case 'unreadable':
      return unchecked(
        phrase`the schema ${code(schema.path)} cannot be read: ${code(schema.why)}`,
        phrase`mend the file's permissions or its path`,
      );
    case 'broken':
      return {
        ...unchecked(
          phrase`the schema ${code(schema.path)} cannot be used: ${schema.why}`,
          phrase`mend the schema: until then nothing can be said of the values it rules`,
        ),
        site: {
          file: 'schema',
          pointer: schema.pointer,
          ...(schema.offset === undefined ? {} : { offset: schema.offset }),
        },
      };
  }
}
