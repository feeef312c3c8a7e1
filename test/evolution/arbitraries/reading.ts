import { at, isArray, isObject, type Json, type JsonObject } from '../../../src/core/json.ts';
import type { Draft } from '../../../src/core/vocabulary.ts';
import type { Dice } from './dice.ts';
import { draftOfDocument, subschemas, targetOf } from './subschemas.ts';

/** A document of schemas, and what was found out about it. */
export interface Document {
  readonly root: Json;
  readonly draft: Draft;
  /** By schema: all that judge the same value. */
  readonly known: Map<Json, readonly Part[]>;
}

/** A schema in its document, where its references lead. */
export interface Part {
  readonly schema: Json;
  readonly document: Document;
}

export function read(root: Json): Part {
  return { schema: root, document: { root, draft: draftOfDocument(root), known: new Map() } };
}

/** The keywords that count: in draft-07 a reference is alone. */
export function keywordsOf({ schema, document }: Part): JsonObject {
  if (!isObject(schema)) return {};
  return document.draft === 'draft-07' && schema['$ref'] !== undefined ? { $ref: schema['$ref'] } : schema;
}

function referred(part: Part): readonly Part[] {
  const target = targetOf(keywordsOf(part)['$ref']);
  const schema = target === undefined ? undefined : at(part.document.root, target);
  return schema === undefined ? [] : [{ ...part, schema }];
}

/** Every schema that has a say about the same value, in whatever branch it stands, the part itself first. */
export function mentioned(part: Part): readonly Part[] {
  const { known } = part.document;
  const already = known.get(part.schema);
  if (already !== undefined) return already;
  const found = new Map<Json, Part>();
  const visit = (one: Part): void => {
    if (!isObject(one.schema) || found.has(one.schema)) return;
    found.set(one.schema, one);
    referred(one).forEach(visit);
    for (const { keyword, schema } of subschemas(keywordsOf(one))) {
      if (branching.has(keyword)) visit({ ...one, schema });
    }
  };
  visit(part);
  const all = [...found.values()];
  if (isObject(part.schema)) known.set(part.schema, all);
  return all;
}

const branching: ReadonlySet<string> = new Set(
  'allOf anyOf oneOf not if then else dependentSchemas dependencies'.split(' '),
);

/** Schemas that together are one way to satisfy the part: of alternatives one is chosen. `false` may be among them. */
export function oneWay(part: Part, dice: Dice, steps = 8): readonly Part[] {
  if (!isObject(part.schema)) return part.schema === false ? [part] : [];
  const further = (schema: Json | undefined) =>
    schema === undefined || steps === 0 ? [] : oneWay({ ...part, schema }, dice, steps - 1);
  const keywords = keywordsOf(part);
  const ways: Part[] = [part, ...referred(part).flatMap(({ schema }) => further(schema))];
  for (const all of listIn(keywords, 'allOf')) ways.push(...further(all));
  for (const keyword of ['anyOf', 'oneOf']) {
    const branches = listIn(keywords, keyword);
    if (branches.length > 0) ways.push(...further(dice.pick(branches)));
  }
  if (keywords['if'] !== undefined) {
    if (keywords['if'] !== false && dice.percent(50))
      ways.push(...further(keywords['if']), ...further(keywords['then']));
    else ways.push(...further(keywords['else']));
  }
  for (const keyword of ['dependentSchemas', 'dependencies']) {
    for (const one of Object.values(mapIn(keywords, keyword))) {
      if (!isArray(one) && dice.percent(40)) ways.push(...further(one));
    }
  }
  return ways;
}

export function listIn(keywords: JsonObject, keyword: string): readonly Json[] {
  const value = keywords[keyword];
  return value !== undefined && isArray(value) ? value : [];
}

export function mapIn(keywords: JsonObject, keyword: string): JsonObject {
  const value = keywords[keyword];
  return value !== undefined && isObject(value) ? value : {};
}

export function numberIn(keywords: JsonObject, keyword: string): number | undefined {
  const value = keywords[keyword];
  return typeof value === 'number' ? value : undefined;
}

/** What rules the member of this name. */
export function schemasOfMember(part: Part, name: string): readonly Part[] {
  const keywords = keywordsOf(part);
  const schemas: Json[] = [];
  const properties = mapIn(keywords, 'properties');
  if (Object.hasOwn(properties, name)) schemas.push(properties[name] as Json);
  for (const [pattern, schema] of Object.entries(mapIn(keywords, 'patternProperties'))) {
    if (new RegExp(pattern, 'u').test(name)) schemas.push(schema);
  }
  const rest =
    schemas.length === 0 ? [keywords['additionalProperties'], keywords['unevaluatedProperties']] : [];
  return parts(part, [...schemas, ...rest]);
}

/** What rules the item at this index, `contains` apart. */
export function schemasOfItem(part: Part, index: number): readonly Part[] {
  const keywords = keywordsOf(part);
  const items = keywords['items'];
  const tuple = items !== undefined && isArray(items) ? items : listIn(keywords, 'prefixItems');
  const own = tuple[index];
  if (own !== undefined) return parts(part, [own]);
  const rest = items !== undefined && isArray(items) ? keywords['additionalItems'] : items;
  return parts(part, [rest ?? keywords['unevaluatedItems']]);
}

export function parts(part: Part, schemas: readonly (Json | undefined)[]): readonly Part[] {
  return schemas.flatMap((schema) => (schema === undefined ? [] : [{ ...part, schema }]));
}
