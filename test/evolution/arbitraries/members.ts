import type { Json, JsonObject } from '../../../src/core/json.ts';
import { keywordsOf, listIn, mapIn, type Part, parts, schemasOfMember } from './reading.ts';
import { fits, stringsAround } from './scalars.ts';

/** What has to be there when this member is. */
export function dependents(keywords: JsonObject, name: string): readonly string[] {
  return ['dependentRequired', 'dependencies'].flatMap((keyword) =>
    textsIn(listIn(mapIn(keywords, keyword), name)),
  );
}

/** Whether the schema by itself rules out every value under that name. */
export function isForbidden(part: Part, name: string): boolean {
  const { propertyNames } = keywordsOf(part);
  if (propertyNames === false) return true;
  const rule = parts(part, [propertyNames]).map(keywordsOf);
  return (
    rule.some((keywords) => !fits(name, keywords)) ||
    schemasOfMember(part, name).some(({ schema }) => schema === false)
  );
}

/** The names that a schema mentions, and some that its patterns match. */
export function namesIn(part: Part): readonly string[] {
  const keywords = keywordsOf(part);
  const maps = ['properties', 'dependentRequired', 'dependentSchemas', 'dependencies'].flatMap((keyword) =>
    Object.entries(mapIn(keywords, keyword)).flatMap(([name, value]) => [
      name,
      ...textsIn(Array.isArray(value) ? value : []),
    ]),
  );
  const matching = Object.keys(mapIn(keywords, 'patternProperties')).flatMap((pattern) =>
    stringsAround([{ pattern }])
      .filter((text) => new RegExp(pattern, 'u').test(text))
      .slice(0, 3),
  );
  const allowed = parts(part, [keywords['propertyNames']])
    .map(keywordsOf)
    .flatMap((rule) => textsIn(listIn(rule, 'enum')));
  return [...textsIn(listIn(keywords, 'required')), ...maps, ...matching, ...allowed];
}

export function textsIn(values: readonly Json[]): readonly string[] {
  return values.filter((value) => typeof value === 'string');
}
