import type { Options } from 'ajv';
import type { Draft } from '../../core/vocabulary.ts';

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
