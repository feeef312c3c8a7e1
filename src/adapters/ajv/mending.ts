import type { Json, JsonObject } from '../../core/json.ts';
import type { Draft } from '../../core/vocabulary.ts';
import { PLACE } from './words.ts';

/** Whether they evaluate anything may turn out only at run time. */
const merging: readonly string[] = [
  'allOf',
  'anyOf',
  'oneOf',
  'if',
  'dependentSchemas',
  'dependencies',
  '$ref',
  '$dynamicRef',
  '$recursiveRef',
];

const dynamic: ReadonlySet<string> = new Set(['$dynamicRef', '$recursiveRef']);

/** Whether the variables have to be made for what a schema evaluates; whether anybody asks for them, the caller knows. */
export function needsBegin(schema: JsonObject, draft: Draft, isAskedFor: boolean): boolean {
  if (draft === 'draft-07') return false;
  const merges = merging.some((keyword) => schema[keyword] !== undefined);
  const matches = schema['patternProperties'] !== undefined;
  return isAskedFor ? merges || matches : merges && matches;
}

/** Inside of a condition Ajv skips what comes after a dynamic reference, or after a tuple longer than the array. */
export function setApart(members: JsonObject): JsonObject {
  const hasTuple = Array.isArray(members['items']) || members['prefixItems'] !== undefined;
  const isApart = ([keyword]: readonly [string, Json]) =>
    dynamic.has(keyword) || (hasTuple && keyword === 'uniqueItems');
  const entries = Object.entries(members);
  const apart = entries.filter(isApart);
  if (apart.length === 0) return members;
  const { allOf, [PLACE]: place = '' } = members;
  const others = entries.filter((entry) => !isApart(entry));
  const branches = apart.map((member): Json => Object.fromEntries([member, [PLACE, place]]));
  return { ...Object.fromEntries(others), allOf: [...(Array.isArray(allOf) ? allOf : []), ...branches] };
}
