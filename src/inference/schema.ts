import { isObject, type Json, type JsonObject, type JsonType, jsonType } from '../core/json.ts';
import type { ObjectShape, Shape } from './shape.ts';

/**
 * A JSON Schema (2020-12) that every value of the shape satisfies, and that leaves open what a few values can't tell:
 * bounds, lengths, and whether there are other properties. No text of a secret place is in it.
 */
export function schemaOf(shape: Shape, title: string): JsonObject {
  const count = shape.values.length;
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    $comment: `Drawn from ${count} value${count === 1 ? '' : 's'}: tighten what you know better.`,
    title,
    ...schemaAt(shape),
  };
}

function schemaAt(shape: Shape): JsonObject {
  const { values, items, object, format } = shape;
  const texts = values.filter((value) => typeof value === 'string');
  const words = shape.isSecret ? undefined : vocabulary(values, texts);
  return {
    ...typeOf(values),
    ...(words === undefined ? {} : { enum: words }),
    ...(format === undefined ? {} : { format }),
    ...(items === undefined ? {} : { items: schemaAt(items) }),
    ...(object === undefined ? {} : ofObject(object)),
  };
}

const order = ['object', 'array', 'string', 'integer', 'number', 'boolean', 'null'] as const;
type SchemaType = JsonType | 'integer';

function typeOf(values: readonly Json[]): JsonObject {
  const types = new Set<SchemaType>(values.map(jsonType));
  if (types.has('number') && values.every((value) => typeof value !== 'number' || Number.isInteger(value))) {
    types.delete('number');
    types.add('integer');
  }
  const [first, ...others] = order.filter((type) => types.has(type));
  if (first === undefined) return {};
  return { type: others.length === 0 ? first : [first, ...others] };
}

/** Words that a vocabulary has at the most. */
const MOST_WORDS = 8;
/** How often, on the average, each has to be seen before it is believed that there are no others. */
const TIMES = 6;

/** All words of a place where only a few words were ever seen, and each of them more than once. */
function vocabulary(values: readonly Json[], texts: readonly string[]): readonly Json[] | undefined {
  if (!values.every((value) => typeof value === 'string' || value === null)) return undefined;
  const counts = new Map<string, number>();
  for (const text of texts) counts.set(text, (counts.get(text) ?? 0) + 1);
  if (counts.size < 2 || counts.size > MOST_WORDS || texts.length < counts.size * TIMES) return undefined;
  const areWords = [...counts].every(([text, count]) => count > 1 && /^[a-z][a-z_-]{0,19}$/i.test(text));
  if (!areWords) return undefined;
  return [...[...counts.keys()].sort(), ...(texts.length < values.length ? [null] : [])];
}

/** Objects from which on a property that none of them lacks is required: one object says nothing of the next. */
const OBJECTS = 2;

function ofObject({ objects, members, data }: ObjectShape): JsonObject {
  const required = [...members]
    .filter(([, { values }]) => objects.length >= OBJECTS && values.length === objects.length)
    .map(([name]) => name);
  const properties = Object.fromEntries([...members].map(([name, member]) => [name, schemaAt(member)]));
  return {
    ...(members.size === 0 ? {} : { properties }),
    ...(required.length === 0 ? {} : { required }),
    ...(data === undefined ? {} : { additionalProperties: schemaAt(data.shape) }),
  };
}

/** Properties that tell the items of an array apart, the likeliest first. */
const identifying = ['id', 'uuid', 'slug', 'key'];

/** The arrays, by pattern, whose items are objects that are known by a property. */
export function identitiesOf(
  shape: Shape,
): readonly { readonly at: readonly string[]; readonly property: string }[] {
  const { items, object } = shape;
  const property =
    items?.object === undefined ? undefined : identifying.find((name) => isIdentity(shape, name));
  const inside = [items, object?.data?.shape, ...(object?.members.values() ?? [])];
  return [
    ...(property === undefined ? [] : [{ at: shape.at, property }]),
    ...inside.flatMap((place) => (place === undefined ? [] : identitiesOf(place))),
  ];
}

function isIdentity({ values, items }: Shape, name: string): boolean {
  const place = items?.object?.members.get(name);
  if (place === undefined || place.isSecret) return false;
  const arrays = values.filter((value): value is readonly Json[] => Array.isArray(value));
  return arrays.some(({ length }) => length > 1) && arrays.every((array) => areDistinct(array, name));
}

function areDistinct(array: readonly Json[], name: string): boolean {
  const ids = array.map((item) => (isObject(item) && Object.hasOwn(item, name) ? item[name] : undefined));
  const isKnown = ids.every((id) => typeof id === 'string' || Number.isInteger(id));
  return isKnown && new Set(ids).size === array.length;
}
