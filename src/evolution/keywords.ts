import { isArray, isObject, type Json, type JsonObject, type JsonType, jsonType } from '../core/json.ts';
import { type Claim, satisfies, violates } from './claim.ts';
import { both, claiming, type Demand, demanding, type Option, type Region } from './demand.ts';
import { type Case, containersOf, evaluatedItems, evaluatedMembers, restOf } from './evaluated.ts';
import { formatFacts, integerFormats } from './formats.ts';
import type { Schema, Target } from './schema.ts';

/** Ways of which at least one has to be gone. */
export type Clause = readonly Option[];

/** What a keyword means for values of one type: every clause when it holds, one of the options when it fails. */
export interface Part {
  readonly holds: readonly Clause[];
  readonly fails: Clause;
}

/** What a schema asks of values of a type, keyword by keyword; undefined when it allows none of that type. */
export function partsOf(schema: Schema, type: JsonType): readonly Part[] | undefined {
  const { json, document } = schema;
  if (!isObject(json)) return json === false ? undefined : [];
  const keywords = document.keywords(json);
  const typing = typePart(keywords, type);
  if (typing === 'never') return undefined;
  const context: Context = { schema, keywords, type };
  const parts = Object.entries(keywords).flatMap(([keyword, argument]) => {
    const rule = Object.hasOwn(rules, keyword) ? rules[keyword] : undefined;
    if (rule === undefined || (rule.type !== undefined && rule.type !== type)) return [];
    return rule.part(argument, context);
  });
  return [...typing, ...parts];
}

interface Context {
  readonly schema: Schema;
  readonly keywords: JsonObject;
  readonly type: JsonType;
}

interface Rule {
  /** The one type that the keyword is about; absent when it is about all. */
  readonly type?: JsonType;
  part(argument: Json, context: Context): readonly Part[];
}

/** Asks one thing: the demand when the keyword holds, its opposite when it fails. */
function simple(holds: Demand, fails: Demand): readonly Part[] {
  return [{ holds: [[demanding(holds)]], fails: [demanding(fails)] }];
}

function typePart(keywords: JsonObject, type: JsonType): readonly Part[] | 'never' {
  const named = keywords['type'];
  if (named === undefined) return [];
  const types = isArray(named) ? named : [named];
  if (types.includes(type) || (type === 'null' && keywords['nullable'] === true)) return [];
  if (type !== 'number' || !types.includes('integer')) return 'never';
  return simple({ kind: 'integer', holds: true }, { kind: 'integer', holds: false });
}

function inner({ schema }: Context, json: Json): Schema {
  return schema.document.schema(json);
}

function list(argument: Json): readonly Json[] {
  return isArray(argument) ? argument : [];
}

function members(argument: Json | undefined): readonly (readonly [string, Json])[] {
  return argument !== undefined && isObject(argument) ? Object.entries(argument) : [];
}

const unbounded = Number.POSITIVE_INFINITY;

function size(type: JsonType, bound: 'least' | 'most'): Rule {
  return {
    type,
    part(argument) {
      const n = Number(argument);
      const [least, most]: readonly Demand[] = [
        { kind: 'size', least: Math.ceil(n), most: unbounded },
        { kind: 'size', least: 0, most: Math.ceil(n) - 1 },
      ];
      const [within, beyond]: readonly Demand[] = [
        { kind: 'size', least: 0, most: Math.floor(n) },
        { kind: 'size', least: Math.floor(n) + 1, most: unbounded },
      ];
      return bound === 'least'
        ? simple(least as Demand, most as Demand)
        : simple(within as Demand, beyond as Demand);
    },
  };
}

function bound(kind: 'at-least' | 'at-most', exclusive: boolean): Rule {
  return { type: 'number', part: (argument) => bounding(kind, Number(argument), exclusive) };
}

function bounding(kind: 'at-least' | 'at-most', limit: number, exclusive: boolean): readonly Part[] {
  const opposite = kind === 'at-least' ? 'at-most' : 'at-least';
  return simple({ kind, bound: limit, exclusive }, { kind: opposite, bound: limit, exclusive: !exclusive });
}

/** A keyword that asks something of each part of a value: none may violate it. */
function everyPart(
  every: (claim: Claim) => Demand,
  some: (claim: Claim) => Demand,
  schema: Schema,
): readonly Part[] {
  if (schema.id === 'true') return [];
  return simple(every(satisfies(schema)), some(violates(schema)));
}

function inRegion(region: Region, schema: Schema): readonly Part[] {
  // The validator takes that name for no member's.
  if (region.kind === 'name' && region.name === '__proto__') return simple(opaque, opaque);
  return everyPart(
    (claim) => ({ kind: 'members', region, claim }),
    (claim) => ({ kind: 'some-member', region, claim }),
    schema,
  );
}

function atItems(from: number, to: number, schema: Schema): readonly Part[] {
  return everyPart(
    (claim) => ({ kind: 'items', from, to, claim }),
    (claim) => ({ kind: 'some-item', from, to, claim }),
    schema,
  );
}

/** The keyword stands for other schemas about the same value. */
function reference(target: Target, what: string): readonly Part[] {
  if (target !== 'elsewhere') {
    return [{ holds: [[claiming(satisfies(target))]], fails: [claiming(violates(target))] }];
  }
  return simple({ kind: 'opaque', what }, { kind: 'opaque', what });
}

function tuple(argument: Json, context: Context): readonly Part[] {
  return list(argument).flatMap((item, index) => atItems(index, index + 1, inner(context, item)));
}

function constantAmong(values: readonly Json[], { schema, type }: Context): readonly Part[] {
  const fitting = values.filter((value) => jsonType(value) === type);
  if (type !== 'array' && type !== 'object') {
    return simple(
      { kind: 'among', values: fitting, holds: true },
      { kind: 'among', values: fitting, holds: false },
    );
  }
  const shapes = fitting.map((value) => schema.document.constant(value as readonly Json[] | JsonObject));
  return [
    {
      holds: [shapes.map((shape) => claiming(satisfies(shape)))],
      fails: [claiming(...shapes.map(violates))],
    },
  ];
}

/** What has to be there, or to hold, as soon as a member of that name is there. */
function dependency(name: string, then: readonly Option[], orElse: Clause): Part {
  const [has, lacks] = [demanding({ kind: 'has', name }), demanding({ kind: 'lacks', name })];
  return {
    holds: then.map((option) => [lacks, option]),
    fails: orElse.map((option) => both(has, option)),
  };
}

function dependencyOn(name: string, names: readonly Json[]): Part {
  const needed = names.map(String);
  return dependency(
    name,
    needed.map((other) => demanding({ kind: 'has', name: other })),
    needed.map((other) => demanding({ kind: 'lacks', name: other })),
  );
}

function dependencySchema(name: string, schema: Schema): Part {
  return dependency(name, [claiming(satisfies(schema))], [claiming(violates(schema))]);
}

const listItems: Rule = {
  type: 'array',
  part: (argument, context) =>
    isArray(argument)
      ? tuple(argument, context)
      : atItems(
          context.schema.document.draft === '2020-12'
            ? list(context.keywords['prefixItems'] ?? []).length
            : 0,
          unbounded,
          inner(context, argument),
        ),
};

/** By keyword. What is not here asks for nothing. */
const rules: Readonly<Record<string, Rule>> = {
  $ref: {
    part: (argument, { schema }) =>
      reference(schema.document.resolve(schema, String(argument)), String(argument)),
  },
  $dynamicRef: {
    part(argument, { schema }) {
      if (schema.document.draft !== '2020-12') return [];
      return reference(schema.document.resolveDynamic(String(argument)), String(argument));
    },
  },
  $recursiveRef: {
    part(argument, { schema }) {
      if (schema.document.draft !== '2019-09') return [];
      return reference(schema.document.resolveRecursive(), String(argument));
    },
  },
  enum: { part: (argument, context) => constantAmong(list(argument), context) },
  const: { part: (argument, context) => constantAmong([argument], context) },

  multipleOf: {
    type: 'number',
    part: (argument) =>
      simple(
        { kind: 'multiple', of: Number(argument), holds: true },
        { kind: 'multiple', of: Number(argument), holds: false },
      ),
  },
  minimum: bound('at-least', false),
  maximum: bound('at-most', false),
  exclusiveMinimum: bound('at-least', true),
  exclusiveMaximum: bound('at-most', true),

  minLength: size('string', 'least'),
  maxLength: size('string', 'most'),
  pattern: {
    type: 'string',
    part: (argument) =>
      simple(
        { kind: 'pattern', pattern: String(argument), holds: true },
        { kind: 'pattern', pattern: String(argument), holds: false },
      ),
  },
  format: { part: (argument, { type }) => formatPart(String(argument), type) },

  minItems: size('array', 'least'),
  maxItems: size('array', 'most'),
  uniqueItems: {
    type: 'array',
    part: (argument) =>
      argument === true ? simple({ kind: 'unique', holds: true }, { kind: 'unique', holds: false }) : [],
  },
  prefixItems: {
    type: 'array',
    part: (argument, context) =>
      context.schema.document.draft === '2020-12' ? tuple(argument, context) : [],
  },
  items: listItems,
  additionalItems: {
    type: 'array',
    part(argument, context) {
      const { items } = context.keywords;
      if (context.schema.document.draft === '2020-12' || items === undefined || !isArray(items)) return [];
      return atItems(items.length, unbounded, inner(context, argument));
    },
  },
  contains: {
    type: 'array',
    part(argument, context) {
      const { minContains, maxContains } =
        context.schema.document.draft === 'draft-07' ? ({} as JsonObject) : context.keywords;
      const claim = satisfies(inner(context, argument));
      const least = Math.ceil(Number(minContains ?? 1));
      const most = maxContains === undefined ? unbounded : Math.floor(Number(maxContains));
      return [
        {
          holds: [[demanding({ kind: 'count', claim, least, most })]],
          fails: [
            ...(least === 0 ? [] : [demanding({ kind: 'count', claim, least: 0, most: least - 1 })]),
            ...(most === unbounded
              ? []
              : [demanding({ kind: 'count', claim, least: most + 1, most: unbounded })]),
          ],
        },
      ];
    },
  },
  unevaluatedItems: {
    type: 'array',
    part(argument, context) {
      const { document } = context.schema;
      if (document.draft === 'draft-07') return [];
      const containers = document.draft === '2020-12' ? containersOf(context.schema) : [];
      if (containers === undefined) return simple(opaque, opaque);
      // What fits one of them is evaluated, so it needn't fit the argument.
      const rest =
        containers.length === 0
          ? inner(context, argument)
          : document.made({ anyOf: [argument, ...containers] });
      return unevaluated(evaluatedItems(context.schema), (from) =>
        from === unbounded ? [] : atItems(from, unbounded, rest),
      );
    },
  },

  minProperties: size('object', 'least'),
  maxProperties: size('object', 'most'),
  required: {
    type: 'object',
    part: (argument) =>
      list(argument).flatMap((name) =>
        simple({ kind: 'has', name: String(name) }, { kind: 'lacks', name: String(name) }),
      ),
  },
  properties: {
    type: 'object',
    part: (argument, context) =>
      members(argument).flatMap(([name, json]) => inRegion({ kind: 'name', name }, inner(context, json))),
  },
  patternProperties: {
    type: 'object',
    part: (argument, context) =>
      members(argument).flatMap(([pattern, json]) =>
        inRegion({ kind: 'pattern', pattern }, inner(context, json)),
      ),
  },
  additionalProperties: {
    type: 'object',
    part: (argument, context) => inRegion(restOf(context.keywords), inner(context, argument)),
  },
  propertyNames: {
    type: 'object',
    part: (argument, context) =>
      everyPart(
        (claim) => ({ kind: 'names', claim }),
        (claim) => ({ kind: 'some-name', claim }),
        inner(context, argument),
      ),
  },
  dependentRequired: {
    type: 'object',
    part: (argument, { schema }) =>
      schema.document.draft === 'draft-07'
        ? []
        : members(argument).map(([name, names]) => dependencyOn(name, list(names))),
  },
  dependentSchemas: {
    type: 'object',
    part: (argument, context) =>
      context.schema.document.draft === 'draft-07'
        ? []
        : members(argument).map(([name, json]) => dependencySchema(name, inner(context, json))),
  },
  dependencies: {
    type: 'object',
    part: (argument, context) =>
      members(argument).map(([name, json]) =>
        isArray(json) ? dependencyOn(name, json) : dependencySchema(name, inner(context, json)),
      ),
  },
  unevaluatedProperties: {
    type: 'object',
    part(argument, context) {
      if (context.schema.document.draft === 'draft-07') return [];
      const schema = inner(context, argument);
      return unevaluated(evaluatedMembers(context.schema), (rest) =>
        rest === 'all' ? [] : inRegion(rest, schema),
      );
    },
  },

  allOf: {
    part: (argument, context) =>
      list(argument).map((json): Part => {
        const branch = inner(context, json);
        return { holds: [[claiming(satisfies(branch))]], fails: [claiming(violates(branch))] };
      }),
  },
  anyOf: {
    part(argument, context) {
      const branches = list(argument).map((json) => inner(context, json));
      return [
        {
          holds: [branches.map((branch) => claiming(satisfies(branch)))],
          fails: [claiming(...branches.map(violates))],
        },
      ];
    },
  },
  oneOf: {
    part(argument, context) {
      const branches = list(argument).map((json) => inner(context, json));
      const onlyOne = branches.map((branch, index) =>
        claiming(satisfies(branch), ...branches.filter((_, other) => other !== index).map(violates)),
      );
      const two = branches.flatMap((branch, index) =>
        branches.slice(index + 1).map((other) => claiming(satisfies(branch), satisfies(other))),
      );
      return [{ holds: [onlyOne], fails: [claiming(...branches.map(violates)), ...two] }];
    },
  },
  not: {
    part(argument, context) {
      const schema = inner(context, argument);
      return [{ holds: [[claiming(violates(schema))]], fails: [claiming(satisfies(schema))] }];
    },
  },
  if: {
    part(argument, context) {
      const { then: thenJson = true, else: elseJson = true } = context.keywords;
      const [condition, then, otherwise] = [argument, thenJson, elseJson].map((json) => inner(context, json));
      if (condition === undefined || then === undefined || otherwise === undefined) return [];
      return [
        {
          holds: [
            [
              claiming(satisfies(condition), satisfies(then)),
              claiming(violates(condition), satisfies(otherwise)),
            ],
          ],
          fails: [
            claiming(satisfies(condition), violates(then)),
            claiming(violates(condition), violates(otherwise)),
          ],
        },
      ];
    },
  },
};

/** Formats that aren't known, or that are none, ask for nothing. */
function formatPart(format: string, type: JsonType): readonly Part[] {
  if (type === 'string' && Object.hasOwn(formatFacts, format)) {
    return simple({ kind: 'format', format, holds: true }, { kind: 'format', format, holds: false });
  }
  const range = Object.hasOwn(integerFormats, format) ? integerFormats[format] : undefined;
  if (type !== 'number' || range === undefined) return [];
  return [
    ...simple({ kind: 'integer', holds: true }, { kind: 'integer', holds: false }),
    ...bounding('at-least', range.least, false),
    ...bounding('at-most', range.most, false),
  ];
}

/** In each case of what was evaluated, what is asked of the rest: parts whose clauses leave no choice. */
function unevaluated<Evaluated>(
  cases: readonly Case<Evaluated>[] | undefined,
  ask: (evaluated: Evaluated) => readonly Part[],
): readonly Part[] {
  if (cases === undefined) return simple(opaque, opaque);
  const asked = cases.map(({ when, evaluated }) => ({ when, parts: ask(evaluated) }));
  return [
    {
      holds: [
        asked.map(({ when, parts }) =>
          parts.flatMap(({ holds }) => holds.flatMap(([option]) => option ?? [])).reduce(both, when),
        ),
      ],
      fails: asked.flatMap(({ when, parts }) =>
        parts.flatMap(({ fails }) => fails.map((option) => both(when, option))),
      ),
    },
  ];
}

const opaque = { kind: 'opaque', what: 'unevaluated' } as const;
