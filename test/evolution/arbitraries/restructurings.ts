import { isArray, type Json, type JsonObject } from '../../../src/core/json.ts';
import { type Context, conjoined, type Edit, editOf, only } from './edits.ts';
import { watches } from './places.ts';
import { listIn, mapIn, numberIn } from './reading.ts';
import { without } from './subschemas.ts';

/** Keywords that judge by themselves, whatever stands next to them, and say nothing of what they have looked at. */
export const independent: readonly string[] = (
  'type enum const multipleOf minimum maximum exclusiveMinimum exclusiveMaximum minLength maxLength pattern format ' +
  'minItems maxItems uniqueItems minProperties maxProperties required dependentRequired propertyNames not'
).split(' ');

/** Parts of a schema moved into branches, and one combination said through another. */
export const restructurings: readonly Edit[] = [
  ...independent.map((keyword) =>
    editOf(`${keyword} moved into allOf`, (schema) =>
      schema[keyword] === undefined ? undefined : conjoined(without(schema, keyword), only(schema, keyword)),
    ),
  ),
  editOf('assertions moved into one branch', (schema) => {
    const moved = only(schema, ...independent);
    return Object.keys(moved).length < 2 ? undefined : conjoined(without(schema, ...independent), moved);
  }),
  editOf('each required name in a branch', (schema) => {
    const names = listIn(schema, 'required');
    if (names.length === 0) return undefined;
    return conjoined(without(schema, 'required'), ...names.map((name) => ({ required: [name] })));
  }),
  editOf('a product of primes as two factors', (schema) => {
    const factors = numberIn(schema, 'multipleOf') === 6 ? [2, 3] : [];
    if (factors.length === 0) return undefined;
    return conjoined(without(schema, 'multipleOf'), ...factors.map((multipleOf) => ({ multipleOf })));
  }),
  editOf('dependentRequired as conditions', (schema, { draft }) => {
    if (draft === 'draft-07' || schema['dependentRequired'] === undefined) return undefined;
    const conditions = Object.entries(mapIn(schema, 'dependentRequired')).map(([name, required]) =>
      Object.fromEntries([
        ['if', { type: 'object', required: [name] }],
        ['then', { required }],
      ]),
    );
    return conjoined(without(schema, 'dependentRequired'), ...conditions);
  }),
  unwatched('a schema for each type', ({ type, ...rest }) =>
    type !== undefined && isArray(type) && type.length > 1
      ? { anyOf: type.map((one): Json => ({ type: one, ...rest })) }
      : undefined,
  ),
  unwatched('condition as alternatives', ({ if: when, then: met, else: otherwise, ...rest }) =>
    when === undefined
      ? undefined
      : conjoined(rest, {
          anyOf: [{ allOf: [when, met ?? true] }, { allOf: [{ not: when }, otherwise ?? true] }],
        }),
  ),
  unwatched('oneOf two as anyOf', (schema) => {
    const [one, other, third] = listIn(schema, 'oneOf');
    if (one === undefined || other === undefined || third !== undefined) return undefined;
    return conjoined(without(schema, 'oneOf'), {
      anyOf: [{ allOf: [one, { not: other }] }, { allOf: [other, { not: one }] }],
    });
  }),
  unwatched('anyOf as what not all refuse', (schema) => {
    const branches = listIn(schema, 'anyOf');
    if (branches.length === 0) return undefined;
    return conjoined(without(schema, 'anyOf'), { not: { allOf: branches.map((not) => ({ not })) } });
  }),
  unwatched('a member declared that may be anything', (schema) => {
    const properties = mapIn(schema, 'properties');
    if (schema['additionalProperties'] !== undefined || Object.hasOwn(properties, 'b')) return undefined;
    return { ...schema, properties: { ...properties, b: true } };
  }),
  unwatched('additional members allowed aloud', (schema) =>
    schema['additionalProperties'] === undefined ? { ...schema, additionalProperties: true } : undefined,
  ),
  unwatched('items allowed aloud', (schema) =>
    schema['items'] === undefined ? { ...schema, items: true } : undefined,
  ),
  unwatched('all members by pattern', ({ additionalProperties: all, ...rest }) =>
    all === undefined || rest['properties'] !== undefined || rest['patternProperties'] !== undefined
      ? undefined
      : { ...rest, patternProperties: { '': all } },
  ),
  unwatched('a closed tuple by its length', (schema, { draft }) => {
    const [tuple, rest] = draft === '2020-12' ? ['prefixItems', 'items'] : ['items', 'additionalItems'];
    const most = listIn(schema, tuple).length;
    if (most === 0 || schema[rest] !== false) return undefined;
    const maxItems = Math.min(most, numberIn(schema, 'maxItems') ?? most);
    return { ...without(schema, rest), maxItems };
  }),
];

/** An edit after which another set of members or items may have been looked at, so nobody may ask. */
export function unwatched(
  name: string,
  apply: (schema: JsonObject, context: Context) => Json | undefined,
): Edit {
  return editOf(name, (schema, context) =>
    context.watched || watches(schema) ? undefined : apply(schema, context),
  );
}
