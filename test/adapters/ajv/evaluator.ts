import type { SchemaNote } from '../../../src/core/evidence.ts';
import { at, isArray, isObject, type Json, type JsonObject, sameJson } from '../../../src/core/json.ts';
import { type Pointer, parsePointer } from '../../../src/core/pointer.ts';
import type { Draft } from '../../../src/core/vocabulary.ts';

/**
 * What the specification says of a value: a second opinion, written from its text and as plain as can be. It knows
 * references by pointer and dynamic ones to the root only, and no formats. Throws a RangeError when a schema refers to itself without an end.
 */
export function isSatisfied(document: Json, value: Json, draft: Draft): boolean {
  return new Evaluation(document, draft).of(document, value) !== undefined;
}

/** The document as far as the validator doesn't pass over it. */
export function understood(document: Json, notes: readonly SchemaNote[]): Json {
  return notes.reduce((schema, { pointer }) => replaced(schema, pointer, true), document);
}

function replaced(json: Json, [token, ...rest]: Pointer, value: Json): Json {
  if (token === undefined) return value;
  const inside = (name: string, part: Json) => (name === token ? replaced(part, rest, value) : part);
  if (isArray(json)) return json.map((item, index) => inside(String(index), item));
  if (!isObject(json)) return json;
  return Object.fromEntries(Object.entries(json).map(([name, part]) => [name, inside(name, part)]));
}

/** What was evaluated of an object or an array: names, or indices. */
type Evaluated = ReadonlySet<string>;

const nothing: Evaluated = new Set();

class Evaluation {
  readonly #document: Json;
  readonly #draft: Draft;

  constructor(document: Json, draft: Draft) {
    this.#document = document;
    this.#draft = draft;
  }

  /** What the schema evaluates of a value that satisfies it; undefined when it doesn't. */
  of(schema: Json, value: Json): Evaluated | undefined {
    if (!isObject(schema)) return schema === false ? undefined : nothing;
    if (this.#draft === 'draft-07' && typeof schema['$ref'] === 'string')
      return this.#referred(schema['$ref'], value);
    if (!holdsScalars(schema, value)) return undefined;
    const evaluated = new Set<string>();
    for (const judged of [
      ...this.#inPlace(schema, value),
      this.#members(schema, value),
      this.#items(schema, value),
    ]) {
      if (judged === undefined) return undefined;
      for (const name of judged) evaluated.add(name);
    }
    return this.#rest(schema, value, evaluated);
  }

  #holds(schema: Json, value: Json): boolean {
    return this.of(schema, value) !== undefined;
  }

  #referred(reference: string, value: Json): Evaluated | undefined {
    const target = at(this.#document, parsePointer(reference.slice(1)) ?? []);
    if (target === undefined) throw new Error(`${reference} leads nowhere`);
    return this.of(target, value);
  }

  /** Keywords that hold schemas about the same value. */
  *#inPlace(schema: JsonObject, value: Json): Iterable<Evaluated | undefined> {
    const { $ref, allOf, anyOf, oneOf, not, if: condition } = schema;
    if (typeof $ref === 'string') yield this.#referred($ref, value);
    if ((schema['$recursiveRef'] ?? schema['$dynamicRef']) !== undefined) yield this.#referred('#', value);
    for (const branch of list(allOf)) yield this.of(branch, value);
    for (const [alternatives, most] of [
      [anyOf, Number.POSITIVE_INFINITY],
      [oneOf, 1],
    ] as const) {
      if (alternatives === undefined) continue;
      const fitting = list(alternatives).flatMap((branch) => this.of(branch, value) ?? []);
      yield* fitting.length >= 1 && fitting.length <= most ? fitting : [undefined];
    }
    if (not !== undefined && this.#holds(not, value)) yield undefined;
    if (condition !== undefined) {
      const met = this.of(condition, value);
      yield met ?? nothing;
      yield this.of((met === undefined ? schema['else'] : schema['then']) ?? true, value);
    }
    if (!isObject(value)) return;
    const dependent = [schema['dependencies'], this.#draft !== 'draft-07' && schema['dependentSchemas']];
    for (const [name, dependency] of dependent.flatMap(members)) {
      if (Object.hasOwn(value, name) && !isArray(dependency)) yield this.of(dependency, value);
    }
  }

  #members(schema: JsonObject, value: Json): Evaluated | undefined {
    if (!isObject(value)) return nothing;
    const evaluated = new Set<string>();
    for (const [name, member] of Object.entries(value)) {
      if (!this.#holds(schema['propertyNames'] ?? true, name)) return undefined;
      const own = members(schema['properties']).filter(([property]) => property === name);
      const matching = members(schema['patternProperties']).filter(([pattern]) =>
        new RegExp(pattern, 'u').test(name),
      );
      const named = [...own, ...matching].map(([, subschema]) => subschema);
      const additional = schema['additionalProperties'];
      const applied = named.length === 0 && additional !== undefined ? [additional] : named;
      if (!applied.every((subschema) => this.#holds(subschema, member))) return undefined;
      if (applied.length > 0) evaluated.add(name);
    }
    return evaluated;
  }

  #items(schema: JsonObject, value: Json): Evaluated | undefined {
    if (!isArray(value)) return nothing;
    const [newest, { items, prefixItems, additionalItems, contains }] = [this.#draft === '2020-12', schema];
    const tuple = newest ? list(prefixItems) : isArray(items ?? null) ? list(items) : [];
    const others = newest || !isArray(items ?? null) ? items : additionalItems;
    const evaluated = new Set<string>();
    for (const [index, item] of value.entries()) {
      const subschema = tuple[index] ?? others;
      if (subschema === undefined) continue;
      if (!this.#holds(subschema, item)) return undefined;
      evaluated.add(String(index));
    }
    if (contains === undefined) return evaluated;
    const fitting = [...value.keys()].filter((index) => this.#holds(contains, value[index] ?? null));
    const counted = this.#draft === 'draft-07' ? {} : schema;
    if (fitting.length < Number(counted['minContains'] ?? 1)) return undefined;
    if (fitting.length > Number(counted['maxContains'] ?? Number.POSITIVE_INFINITY)) return undefined;
    return newest ? new Set([...evaluated, ...fitting.map(String)]) : evaluated;
  }

  #rest(schema: JsonObject, value: Json, evaluated: Evaluated): Evaluated | undefined {
    if (this.#draft === 'draft-07') return nothing;
    const rest = isArray(value) ? schema['unevaluatedItems'] : schema['unevaluatedProperties'];
    if (rest === undefined || !(isArray(value) || isObject(value))) return evaluated;
    const parts = Object.entries(value);
    const isSound = parts.every(([name, part]) => evaluated.has(name) || this.#holds(rest, part));
    return isSound ? new Set(parts.map(([name]) => name)) : undefined;
  }
}

function list(argument: Json | undefined): readonly Json[] {
  return argument !== undefined && isArray(argument) ? argument : [];
}

function members(argument: Json | undefined): readonly (readonly [string, Json])[] {
  return argument !== undefined && isObject(argument) ? Object.entries(argument) : [];
}

/** Whether a value satisfies the keywords that hold no schemas. */
function holdsScalars(schema: JsonObject, value: Json): boolean {
  return Object.entries(schema).every(([keyword, argument]) => {
    if (keyword === 'type') return typesOf(argument, schema).some((type) => isOfType(value, String(type)));
    if (keyword === 'enum') return list(argument).some((one) => sameJson(one, value));
    if (keyword === 'const') return sameJson(argument, value);
    if (keyword === 'minLength') return typeof value !== 'string' || [...value].length >= Number(argument);
    if (keyword === 'maxLength') return typeof value !== 'string' || [...value].length <= Number(argument);
    if (keyword === 'pattern')
      return typeof value !== 'string' || new RegExp(String(argument), 'u').test(value);
    if (keyword === 'minimum') return typeof value !== 'number' || value >= Number(argument);
    if (keyword === 'exclusiveMaximum') return typeof value !== 'number' || value < Number(argument);
    if (keyword === 'multipleOf') return typeof value !== 'number' || value % Number(argument) === 0;
    return isArray(value)
      ? holdsSize(keyword, argument, value)
      : !isObject(value) || holdsNames(keyword, argument, value);
  });
}

function holdsSize(keyword: string, argument: Json, value: readonly Json[]): boolean {
  if (keyword === 'minItems') return value.length >= Number(argument);
  if (keyword === 'maxItems') return value.length <= Number(argument);
  if (keyword !== 'uniqueItems' || argument !== true) return true;
  return value.every((item, index) => value.slice(0, index).every((other) => !sameJson(item, other)));
}

function holdsNames(keyword: string, argument: Json, value: JsonObject): boolean {
  const has = (name: Json) => Object.hasOwn(value, String(name));
  if (keyword === 'required') return list(argument).every(has);
  if (keyword === 'minProperties') return Object.keys(value).length >= Number(argument);
  if (keyword === 'maxProperties') return Object.keys(value).length <= Number(argument);
  if (keyword !== 'dependentRequired' && keyword !== 'dependencies') return true;
  return members(argument).every(([name, names]) => !has(name) || list(names).every(has));
}

/** `nullable` is not of the specification, but the validator knows it. */
function typesOf(argument: Json, { nullable }: JsonObject): readonly Json[] {
  return [...(isArray(argument) ? argument : [argument]), ...(nullable === true ? ['null'] : [])];
}

function isOfType(value: Json, type: string): boolean {
  switch (type) {
    case 'null':
      return value === null;
    case 'array':
      return isArray(value);
    case 'object':
      return isObject(value);
    case 'integer':
      return Number.isInteger(value);
    default:
      return typeof value === type;
  }
}
