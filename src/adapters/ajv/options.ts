import type { Options } from 'ajv';
import { type Draft, MULTIPLE_OF_PRECISION } from '../../core/vocabulary.ts';
import { ajvKeywords } from './keywords.ts';

/**
 * How schemas are understood. `strict` is off because a schema that other validators accept must not be refused
 * here: what Ajv would pass over is reported by `prepare` instead. `ownProperties`, because otherwise a name
 * such as `constructor` counts as present in every object. `verbose` quotes the failing subschema, which knows
 * its place. `keywords` are those that `prepare` writes. `messages` are ours. `validateSchema` is off because the compiler asks the metaschema itself, before
 * the schema is prepared.
 */
export function ajvOptions(draft: Draft): Options {
  return {
    allErrors: true,
    ownProperties: true,
    strict: false,
    validateSchema: false,
    strictNumbers: true,
    // 0.3 is a multiple of 0.1, though dividing them says 2.9999999999999996.
    multipleOfPrecision: MULTIPLE_OF_PRECISION,
    allowUnionTypes: true,
    unicodeRegExp: true,
    validateFormats: true,
    verbose: true,
    messages: false,
    logger: false,
    keywords: ajvKeywords(draft),
    // Ajv has no default for this in its types; draft-07 ignores what stands beside a reference.
    ...(draft === 'draft-07' ? { ignoreKeywordsWithRef: true } : {}),
  };
}
