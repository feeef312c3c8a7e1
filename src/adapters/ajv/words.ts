/**
 * Words that a prepared schema (see `prepare`) says beyond those of JSON Schema. The first two are annotations;
 * what the others mean is defined in `keywords.ts`.
 */

/** The place of the schema in the document as it was written. */
export const PLACE = 'x-guardian-place';

/** This object is a `false` of the original. */
export const NEVER = 'x-guardian-never';

/** `contains`, with all that belongs to it. */
export const CONTAINS = 'x-guardian-contains';

/** An annotation of what stands there: how many items have to fit, as Ajv says it in errors of `contains`. */
export const COUNTS = 'x-guardian-counts';

/** `if`, whose `then` and `else` stand beside it as ever. */
export const WHEN = 'x-guardian-if';

/** Here begins what is noted of evaluated members and items. */
export const BEGIN = 'x-guardian-begin';

/** Here the items that were evaluated are counted. */
export const COUNT = 'x-guardian-count';
