import { isObject, type Json, type JsonObject } from '../../../src/core/json.ts';
import type { Draft } from '../../../src/core/vocabulary.ts';
import { numberIn } from './reading.ts';
import { without } from './subschemas.ts';

/**
 * What Ajv makes of some schemas changes with what should not matter. They are for tests of their own; generated
 * ones and edits keep clear of them:
 *
 * - `type` beside a reference of draft-07, where nothing should count: Ajv asks for it, unless other keywords that
 *   are about this type stand there, too;
 * - `contains` that is content with one item: inside of a loop an empty array passes after one that did, so that
 *   `{items: {contains: {const: 1}}}` accepts `[[1], []]`. Where an empty array is refused anyway, nothing shows.
 */
export function isMisjudged(schema: Json, draft: Draft): boolean {
  return isObject(schema) && (hasHalfIgnoredType(schema, draft) || hasForgetfulContains(schema, draft));
}

/** The schema with as little changed as makes Ajv judge it as it is meant. */
export function judgedRightly(schema: JsonObject, draft: Draft): JsonObject {
  const typed = hasHalfIgnoredType(schema, draft) ? without(schema, 'type') : schema;
  return hasForgetfulContains(typed, draft) ? { ...typed, minItems: 1 } : typed;
}

/** Ajv breaks on some values when it has to note what is evaluated: it forgets to make the object to note it in. */
export function isBugOfAjv(error: unknown): boolean {
  return error instanceof TypeError && error.message.startsWith('Cannot set properties of undefined');
}

function hasHalfIgnoredType(schema: JsonObject, draft: Draft): boolean {
  return draft === 'draft-07' && schema['$ref'] !== undefined && schema['type'] !== undefined;
}

function hasForgetfulContains(schema: JsonObject, draft: Draft): boolean {
  if (schema['contains'] === undefined || (numberIn(schema, 'minItems') ?? 0) > 0) return false;
  return draft === 'draft-07' || ((schema['minContains'] ?? 1) === 1 && schema['maxContains'] === undefined);
}
