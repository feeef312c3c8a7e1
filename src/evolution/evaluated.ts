import { isArray, isObject, type Json, type JsonObject } from '../core/json.ts';
import { satisfies, violates } from './claim.ts';
import { both, claiming, demanding, type Option, type Region } from './demand.ts';
import type { Schema } from './schema.ts';

/**
 * What `unevaluated…` leaves over depends on which of the schemas beside it hold. Each way that may be is a case.
 */
export interface Case<Evaluated> {
  readonly when: Option;
  readonly evaluated: Evaluated;
}

/** More cases than these are nobody's configuration. */
const MOST_CASES = 64;

/** For each case the members that are left; undefined when there are too many cases. */
export function evaluatedMembers(schema: Schema): readonly Case<Region | 'all'>[] | undefined {
  return casesOf(schema, {
    none: { kind: 'rest', names: [], patterns: [] },
    own(keywords) {
      return keywords['additionalProperties'] === undefined && keywords['unevaluatedProperties'] === undefined
        ? restOf(keywords)
        : 'all';
    },
    join(a, b) {
      if (a === 'all' || b === 'all') return 'all';
      if (a.kind !== 'rest' || b.kind !== 'rest') return 'all';
      return {
        kind: 'rest',
        names: [...new Set([...a.names, ...b.names])],
        patterns: [...new Set([...a.patterns, ...b.patterns])],
      };
    },
    isNone: (region) =>
      region !== 'all' && region.kind === 'rest' && region.names.length + region.patterns.length === 0,
  });
}

/** For each case how many items were evaluated, Infinity for all. */
export function evaluatedItems(schema: Schema): readonly Case<number>[] | undefined {
  return casesOf(schema, {
    none: 0,
    own(keywords) {
      const { items, prefixItems } = keywords;
      const tuple = schema.document.draft === '2020-12' ? prefixItems : items;
      const isAll =
        (items !== undefined && !isArray(items)) ||
        (isArray(items ?? null) && keywords['additionalItems'] !== undefined) ||
        keywords['unevaluatedItems'] !== undefined;
      return isAll ? Number.POSITIVE_INFINITY : tuple !== undefined && isArray(tuple) ? tuple.length : 0;
    },
    join: Math.max,
    isNone: (count) => count === 0,
  });
}

/** Keywords whose schemas speak about the same value only as long as something else holds. */
const onlyIf: readonly string[] = ['anyOf', 'oneOf', 'if', 'then', 'else', 'dependentSchemas'];

/**
 * Every `contains` that speaks about the same array: in 2020-12 an item that fits one of them is evaluated. Undefined
 * where the validator can't tell, and passes over what `unevaluatedItems` asks.
 */
export function containersOf(
  schema: Schema,
  open: ReadonlySet<Schema> = new Set(),
): readonly Json[] | undefined {
  const { json, document } = schema;
  if (!isObject(json) || open.has(schema)) return [];
  const { contains, allOf, $ref, $dynamicRef, $recursiveRef } = json;
  if ($dynamicRef !== undefined || $recursiveRef !== undefined) return undefined;
  const inside = new Set([...open, schema]);
  const isLocal = typeof $ref === 'string' && /^#(\/|$)/.test($ref);
  const target = isLocal ? document.resolve(schema, $ref) : $ref === undefined ? undefined : 'elsewhere';
  if (target === 'elsewhere') return undefined;
  const always = [
    ...branchesOf(allOf).map((branch) => document.schema(branch)),
    ...(target === undefined ? [] : [target]),
  ];
  const found = always.map((inner) => containersOf(inner, inside));
  const perhaps = onlyIf.flatMap((keyword) => branchesOf(json[keyword]));
  const isSure = perhaps.every((branch) => containersOf(document.schema(branch), inside)?.length === 0);
  if (!isSure || found.includes(undefined)) return undefined;
  return [...(contains === undefined ? [] : [contains]), ...found.flatMap((each) => each ?? [])];
}

function branchesOf(argument: Json | undefined): readonly Json[] {
  if (argument === undefined) return [];
  return isArray(argument) ? argument : [argument];
}

/** The members that neither `properties` nor `patternProperties` of the same schema speak about. */
export function restOf(keywords: JsonObject): Extract<Region, { kind: 'rest' }> {
  return {
    kind: 'rest',
    names: namesOf(keywords['properties']),
    patterns: namesOf(keywords['patternProperties']),
  };
}

function namesOf(argument: Json | undefined): readonly string[] {
  return argument !== undefined && isObject(argument) ? Object.keys(argument) : [];
}

interface Annotation<Evaluated> {
  readonly none: Evaluated;
  own(keywords: JsonObject): Evaluated;
  join(a: Evaluated, b: Evaluated): Evaluated;
  isNone(evaluated: Evaluated): boolean;
}

/** The schema is taken to hold. What its own `unevaluated…` says doesn't count. */
function casesOf<Evaluated>(
  { json, document }: Schema,
  annotation: Annotation<Evaluated>,
): readonly Case<Evaluated>[] | undefined {
  if (!isObject(json)) return [];
  const { unevaluatedItems, unevaluatedProperties, ...others } = json;
  const walk = new Walk(document.schema(json), annotation);
  const cases = walk.inside(others, document.schema(json));
  return walk.isTooMuch ? undefined : cases;
}

class Walk<Evaluated> {
  isTooMuch = false;
  readonly #annotation: Annotation<Evaluated>;
  readonly #open = new Set<Schema>();

  constructor(root: Schema, annotation: Annotation<Evaluated>) {
    this.#annotation = annotation;
    this.#open.add(root);
  }

  of(schema: Schema): readonly Case<Evaluated>[] {
    const { json, document } = schema;
    if (!isObject(json) || this.#open.has(schema)) return [this.#nothing()];
    this.#open.add(schema);
    const cases = this.inside(document.keywords(json), schema);
    this.#open.delete(schema);
    return cases;
  }

  inside(keywords: JsonObject, schema: Schema): readonly Case<Evaluated>[] {
    const { document } = schema;
    const inner = (json: Json) => document.schema(json);
    let cases: readonly Case<Evaluated>[] = [{ when: claiming(), evaluated: this.#annotation.own(keywords) }];
    const multiply = (ways: readonly Case<Evaluated>[]) => {
      cases = this.#product(cases, ways);
    };
    for (const [keyword, argument] of Object.entries(keywords)) {
      if (keyword === '$ref' || keyword === '$dynamicRef' || keyword === '$recursiveRef') {
        const target =
          keyword === '$ref'
            ? document.resolve(schema, String(argument))
            : keyword === '$dynamicRef'
              ? document.resolveDynamic(String(argument))
              : document.resolveRecursive();
        if (target === 'elsewhere') this.isTooMuch = true;
        else multiply(this.of(target));
      } else if (keyword === 'allOf' && isArray(argument)) {
        for (const branch of argument) multiply(this.of(inner(branch)));
      } else if (keyword === 'anyOf' && isArray(argument)) {
        for (const branch of argument) multiply(this.#eitherWay(inner(branch)));
      } else if (keyword === 'oneOf' && isArray(argument)) {
        multiply(this.#oneOf(argument.map(inner)));
      } else if (keyword === 'if') {
        multiply(this.#conditional(inner(argument), keywords, inner));
      } else if ((keyword === 'dependentSchemas' || keyword === 'dependencies') && isObject(argument)) {
        for (const [name, json] of Object.entries(argument)) {
          if (!isArray(json)) multiply(this.#dependent(name, inner(json)));
        }
      }
    }
    return cases;
  }

  #nothing(when: Option = claiming()): Case<Evaluated> {
    return { when, evaluated: this.#annotation.none };
  }

  #evaluatesNothing(cases: readonly Case<Evaluated>[]): boolean {
    return cases.every(({ evaluated }) => this.#annotation.isNone(evaluated));
  }

  #eitherWay(schema: Schema): readonly Case<Evaluated>[] {
    const cases = this.of(schema);
    if (this.#evaluatesNothing(cases)) return [this.#nothing()];
    return [...when(claiming(satisfies(schema)), cases), this.#nothing(claiming(violates(schema)))];
  }

  #oneOf(branches: readonly Schema[]): readonly Case<Evaluated>[] {
    const telling = branches
      .map((branch) => ({ branch, cases: this.of(branch) }))
      .filter(({ cases }) => !this.#evaluatesNothing(cases));
    if (telling.length === 0) return [this.#nothing()];
    return [
      ...telling.flatMap(({ branch, cases }) => when(claiming(satisfies(branch)), cases)),
      this.#nothing(claiming(...telling.map(({ branch }) => violates(branch)))),
    ];
  }

  #conditional(
    condition: Schema,
    { then, else: otherwise }: JsonObject,
    inner: (json: Json) => Schema,
  ): readonly Case<Evaluated>[] {
    const branch = (json: Json | undefined) =>
      json === undefined ? [this.#nothing()] : this.of(inner(json));
    const met = this.#product(this.of(condition), branch(then));
    const unmet = branch(otherwise);
    if (this.#evaluatesNothing(met) && this.#evaluatesNothing(unmet)) return [this.#nothing()];
    return [...when(claiming(satisfies(condition)), met), ...when(claiming(violates(condition)), unmet)];
  }

  #dependent(name: string, schema: Schema): readonly Case<Evaluated>[] {
    const cases = this.of(schema);
    if (this.#evaluatesNothing(cases)) return [this.#nothing()];
    return [
      ...when(demanding({ kind: 'has', name }), cases),
      this.#nothing(demanding({ kind: 'lacks', name })),
    ];
  }

  #product(a: readonly Case<Evaluated>[], b: readonly Case<Evaluated>[]): readonly Case<Evaluated>[] {
    if (a.length * b.length > MOST_CASES) {
      this.isTooMuch = true;
      return a;
    }
    return a.flatMap((left) =>
      b.map((right) => ({
        when: both(left.when, right.when),
        evaluated: this.#annotation.join(left.evaluated, right.evaluated),
      })),
    );
  }
}

function when<Evaluated>(condition: Option, cases: readonly Case<Evaluated>[]): readonly Case<Evaluated>[] {
  return cases.map((each) => ({ ...each, when: both(condition, each.when) }));
}
