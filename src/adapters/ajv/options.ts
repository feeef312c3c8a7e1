import type { Options } from 'ajv';

/**
 * How schemas are understood. `strict` is off because a schema that other validators accept must not be refused
 * here: what Ajv would pass over is reported by `prepare` instead. `ownProperties`, because otherwise a name
 * such as `constructor` counts as present in every object. `verbose` quotes the failing subschema, which knows
 * its place. `messages` are ours.
 */
export function ajvOptions(draft: Draft): Options {
  return {
    allErrors: true,
    ownProperties: true,
    strict: false,
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

const drafts: ReadonlyMap<string, Draft> = new Map([
  ['http://json-schema.org/draft-07/schema', 'draft-07'],
  ['https://json-schema.org/draft-07/schema', 'draft-07'],
  ['https://json-schema.org/draft/2019-09/schema', '2019-09'],
  ['https://json-schema.org/draft/2020-12/schema', '2020-12'],
]);

/** The draft that `$schema` names, 2020-12 when it names none; undefined when it names one we don't know. */
export function draftOf($schema: unknown): Draft | undefined {
  if ($schema === undefined) return '2020-12';
  return typeof $schema === 'string' ? drafts.get($schema.replace(/#$/, '')) : undefined;
}
