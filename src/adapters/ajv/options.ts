import type { Options } from 'ajv';

/**
 * How schemas are understood. `strict` is off because a schema that other validators accept must not be refused
 * here: what Ajv would pass over is reported by `prepare` instead. `ownProperties`, because otherwise a name
 * such as `constructor` counts as present in every object. `verbose` quotes the failing subschema, which knows
 * its place. `messages` are ours. `validateSchema` is off because the compiler asks the metaschema itself, before
 * the schema is prepared.
 */
export function ajvOptions(draft: Draft): Options {
  return {
    allErrors: true,
    ownProperties: true,
    strict: false,
    validateSchema: false,
    strictNumbers: true,
    allowUnionTypes: true,
    unicodeRegExp: true,
    validateFormats: true,
    verbose: true,
    messages: false,
    logger: false,
    // Ajv has no default for this in its types; draft-07 ignores what stands beside a reference.
    ...(draft === 'draft-07' ? { ignoreKeywordsWithRef: true } : {}),
  };
}

export type Draft = 'draft-07' | '2019-09' | '2020-12';

/** What each draft's schemas must satisfy, by the name Ajv has it under. */
export const metaschemas: Readonly<Record<Draft, string>> = {
  'draft-07': 'http://json-schema.org/draft-07/schema',
  '2019-09': 'https://json-schema.org/draft/2019-09/schema',
  '2020-12': 'https://json-schema.org/draft/2020-12/schema',
};

const drafts: ReadonlyMap<string, Draft> = new Map([
  [metaschemas['draft-07'], 'draft-07'],
  ['https://json-schema.org/draft-07/schema', 'draft-07'],
  [metaschemas['2019-09'], '2019-09'],
  [metaschemas['2020-12'], '2020-12'],
]);

/** The draft that `$schema` names, 2020-12 when it names none; undefined when it names one we don't know. */
export function draftOf($schema: unknown): Draft | undefined {
  if ($schema === undefined) return '2020-12';
  return typeof $schema === 'string' ? drafts.get($schema.replace(/#$/, '')) : undefined;
}
