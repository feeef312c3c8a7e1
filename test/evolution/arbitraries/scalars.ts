import { isArray, isObject, type Json, type JsonObject, sameJson } from '../../../src/core/json.ts';
import type { Dice } from './dice.ts';
import { listIn, numberIn } from './reading.ts';
import { formats, numbers, strings } from './words.ts';

/** Whether a value satisfies those keywords of a schema that say something of it without another schema. */
export function fits(value: Json, keywords: JsonObject): boolean {
  const limit = (keyword: string, test: (bound: number) => boolean) => {
    const bound = numberIn(keywords, keyword);
    return bound === undefined || test(bound);
  };
  const { const: constant, enum: list, type } = keywords;
  if (constant !== undefined && !sameJson(constant, value)) return false;
  if (list !== undefined && !listIn(keywords, 'enum').some((one) => sameJson(one, value))) return false;
  if (type !== undefined && !typesIn(type).some((one) => isOfType(value, one))) return false;
  if (typeof value === 'number') {
    return (
      limit('minimum', (bound) => value >= bound) &&
      limit('maximum', (bound) => value <= bound) &&
      limit('exclusiveMinimum', (bound) => value > bound) &&
      limit('exclusiveMaximum', (bound) => value < bound) &&
      limit('multipleOf', (bound) => Number.isInteger(value / bound))
    );
  }
  if (typeof value !== 'string') return true;
  const { pattern, format } = keywords;
  const length = [...value].length;
  return (
    limit('minLength', (bound) => length >= bound) &&
    limit('maxLength', (bound) => length <= bound) &&
    (typeof pattern !== 'string' || new RegExp(pattern, 'u').test(value)) &&
    (typeof format !== 'string' || (formats[format]?.good.includes(value) ?? true))
  );
}

/** What `type` lists. */
export function typesIn(type: Json): readonly string[] {
  return (isArray(type) ? type : [type]).filter((one) => typeof one === 'string');
}

export function isOfType(value: Json, type: string): boolean {
  if (type === 'integer') return typeof value === 'number' && Number.isInteger(value);
  if (type === 'null') return value === null;
  if (type === 'array') return isArray(value);
  return type === 'object' ? isObject(value) : typeof value === type;
}

/** Numbers at, beside and between the bounds that the schemas mention. */
export function numbersAround(mentions: readonly JsonObject[]): readonly number[] {
  const bounds = mentions.flatMap((keywords) =>
    ['minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum'].flatMap(
      (keyword) => numberIn(keywords, keyword) ?? [],
    ),
  );
  const factors = mentions.flatMap((keywords) => numberIn(keywords, 'multipleOf') ?? []);
  const product = factors.reduce((all, one) => all * one, 1);
  return [
    ...bounds.flatMap((bound) => [bound, bound - 1, bound + 1, bound - 0.5, bound + 0.5]),
    // Beyond the bounds, multiples of one that aren't multiples of another.
    ...factors.flatMap((one) => [one, -one, 2 * one, 3 * one, one + 1, one * 1000, one / 2]),
    product,
    -product,
    ...numbers,
  ];
}

/** Strings that match or don't match what the schemas mention, and some of the lengths around their bounds. */
export function stringsAround(mentions: readonly JsonObject[]): readonly string[] {
  const lengths = mentions.flatMap((keywords) =>
    ['minLength', 'maxLength'].flatMap((keyword) => numberIn(keywords, keyword) ?? []),
  );
  const around = [...new Set(lengths.flatMap((length) => [length - 1, length, length + 1]))];
  const sized = around
    .filter((length) => length >= 0 && length < 100)
    .flatMap((length) => ['a', 'ab', 'b', '1', 'z'].map((unit) => unit.repeat(length).slice(0, length)));
  const formatted = mentions.flatMap(({ format }) => {
    const samples = typeof format === 'string' ? formats[format] : undefined;
    return samples === undefined ? [] : [...samples.good, samples.bad];
  });
  // Somebody else's pattern: its letters may be an example of it.
  const literal = mentions.flatMap(({ pattern }) =>
    typeof pattern === 'string' ? [pattern.replace(/[\^$\\]/g, '')] : [],
  );
  return [...strings, ...sized, ...formatted, ...literal];
}

/** A value that is nearly, but not quite the same. */
export function nearMiss(value: Json, dice: Dice): Json {
  if (typeof value === 'number')
    return dice.pick([value + 1, value - 1, value + 0.5, -value, String(value), [value]]);
  if (typeof value === 'string')
    return dice.pick<Json>([`${value}a`, value.slice(1), value.toUpperCase(), Number(value) || 0, [value]]);
  if (isArray(value)) {
    const shorter = value.slice(0, -1);
    return dice.pick<Json>([
      shorter,
      [...value, 1],
      value.toReversed(),
      [...shorter, nearMiss(value.at(-1) ?? null, dice)],
    ]);
  }
  if (!isObject(value)) return dice.pick<Json>([null, false, true, 0, '', {}]);
  const members = Object.entries(value);
  const [name, member] = members[0] ?? ['a', 0];
  return dice.pick<Json>([
    Object.fromEntries(members.slice(1)),
    { ...value, zz: 1 },
    { ...value, [name]: nearMiss(member, dice) },
  ]);
}

/** By keyword: the types of values that it has a say about, if not about all. */
export const typesOf: Readonly<Record<string, readonly string[]>> = Object.fromEntries(
  Object.entries({
    number: 'minimum maximum exclusiveMinimum exclusiveMaximum multipleOf',
    string: 'minLength maxLength pattern format',
    array: 'items prefixItems additionalItems contains uniqueItems minItems maxItems unevaluatedItems',
    object:
      'properties required patternProperties additionalProperties propertyNames minProperties maxProperties ' +
      'dependentRequired dependentSchemas dependencies unevaluatedProperties',
  }).flatMap(([type, keywords]) => keywords.split(' ').map((keyword) => [keyword, [type]])),
);
