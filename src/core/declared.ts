import { at, isObject, type Json, type JsonObject } from './json.ts';
import { type Pointer, parsePointer } from './pointer.ts';
import { nearest } from './similarity.ts';

/** A property that no part of the schema mentions. */
export interface Undeclared {
  readonly pointer: Pointer;
  /** A declared name that it may be a misspelling of. */
  readonly meant?: string;
}

/** Nobody reads more of them, and a map mistaken for a record may have thousands. */
const LISTED = 20;
const DEPTH = 32;

/**
 * The properties of a value that its schema allows without declaring them. Lenient: a property counts as declared
 * when any applicator, matching or not, mentions it, so a notice never depends on which branch a value takes.
 * An object whose schema lists no names (a map, or anything at all) has no undeclared ones, nor has one whose
 * schema is not all in sight.
 */
export function undeclared(schema: Json, value: Json): readonly Undeclared[] {
  const found: Undeclared[] = [];
  visit(schema, [schema], value, [], found);
  return found;
}

function visit(
  root: Json,
  schemas: readonly Json[],
  value: Json,
  pointer: Pointer,
  found: Undeclared[],
): void {
  if (found.length >= LISTED || pointer.length > DEPTH) return;
  const applicable = [...expand(root, schemas, new Set())];
  if (Array.isArray(value)) {
    value.forEach((item: Json, index) => {
      visit(root, itemSchemas(applicable, index), item, [...pointer, String(index)], found);
    });
  } else if (isObject(value)) {
    const names = applicable.flatMap((schema) => Object.keys(memberOf(schema, 'properties') ?? {}));
    const isOpen = names.length === 0 || applicable.some((schema) => pointsElsewhere(root, schema));
    for (const [name, member] of Object.entries(value)) {
      const place = [...pointer, name];
      const declared = memberSchemas(applicable, name);
      if (declared.length > 0) visit(root, declared, member, place, found);
      else if (!isOpen && found.length < LISTED) {
        const meant = nearest(name, names);
        found.push({ pointer: place, ...(meant === undefined ? {} : { meant }) });
      }
    }
  }
}

/** The schema objects that speak about the same place as these: through references and every applicator. */
function* expand(root: Json, schemas: readonly Json[], seen: Set<Json>): Generator<JsonObject> {
  for (const schema of schemas) {
    if (!isObject(schema) || seen.has(schema)) continue;
    seen.add(schema);
    yield schema;
    const inPlace: Json[] = [];
    for (const keyword of ['allOf', 'anyOf', 'oneOf']) {
      const branches = schema[keyword];
      if (Array.isArray(branches)) inPlace.push(...branches);
    }
    for (const keyword of ['then', 'else', 'if']) {
      const branch = schema[keyword];
      if (branch !== undefined) inPlace.push(branch);
    }
    for (const keyword of ['dependentSchemas', 'dependencies']) {
      inPlace.push(...Object.values(memberOf(schema, keyword) ?? {}));
    }
    for (const keyword of references) {
      const target = resolve(root, schema[keyword]);
      if (target !== undefined) inPlace.push(target);
    }
    yield* expand(root, inPlace, seen);
  }
}

const references = ['$ref', '$dynamicRef', '$recursiveRef'];

/** Whether a schema says more than can be seen from here: by an anchor, or in another document. */
function pointsElsewhere(root: Json, schema: JsonObject): boolean {
  return references.some(
    (keyword) => schema[keyword] !== undefined && resolve(root, schema[keyword]) === undefined,
  );
}

/** Pointers into this document only. */
function resolve(root: Json, reference: Json | undefined): Json | undefined {
  if (typeof reference !== 'string' || !reference.startsWith('#')) return undefined;
  const pointer = parsePointer(decodeURIComponent(reference.slice(1)));
  return pointer && at(root, pointer);
}

function memberSchemas(schemas: readonly JsonObject[], name: string): readonly Json[] {
  return schemas.flatMap((schema) => {
    const declared: Json[] = [];
    const property = memberOf(schema, 'properties');
    if (property !== undefined && Object.hasOwn(property, name)) declared.push(property[name] ?? true);
    // Which pattern fits is not asked: a pattern may take for ever, and a notice isn't worth that.
    declared.push(...Object.values(memberOf(schema, 'patternProperties') ?? {}));
    for (const keyword of ['additionalProperties', 'unevaluatedProperties']) {
      const rest = schema[keyword];
      if (rest !== undefined && isObject(rest)) declared.push(rest);
    }
    return declared;
  });
}

function itemSchemas(schemas: readonly JsonObject[], index: number): readonly Json[] {
  return schemas.flatMap((schema) => {
    const { items, prefixItems } = schema as { items?: Json; prefixItems?: Json };
    const tuple = Array.isArray(prefixItems) ? prefixItems : Array.isArray(items) ? items : [];
    const rest = Array.isArray(items) ? schema['additionalItems'] : items;
    const item = index < tuple.length ? tuple[index] : rest;
    return item === undefined ? [] : [item];
  });
}

function memberOf(schema: JsonObject, keyword: string): JsonObject | undefined {
  const member = schema[keyword];
  return member !== undefined && isObject(member) ? member : undefined;
}
