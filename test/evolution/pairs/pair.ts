import type { Json, JsonObject } from '../../../src/core/json.ts';

export type Label = 'compatible' | 'breaking';

/**
 * Two schemas, labelled by hand: backward compatible when every value valid under `old` is valid under `new`,
 * forward compatible when every value valid under `new` is valid under `old`.
 */
export interface Pair {
  readonly fact: string;
  readonly old: Json;
  readonly new: Json;
  readonly backward: Label;
  readonly forward: Label;
  /** Valid under `old`, invalid under `new`. */
  readonly backwardWitness?: Json;
  /** Valid under `new`, invalid under `old`. */
  readonly forwardWitness?: Json;
}

/** Both schemas allow the same values. */
export function equal(fact: string, before: Json, after: Json): Pair {
  return { fact, old: before, new: after, backward: 'compatible', forward: 'compatible' };
}

/** The new schema allows more: the witness among others. */
export function widened(fact: string, before: Json, after: Json, forwardWitness: Json): Pair {
  return { fact, old: before, new: after, backward: 'compatible', forward: 'breaking', forwardWitness };
}

/** The new schema allows less: the witness no more. */
export function narrowed(fact: string, before: Json, after: Json, backwardWitness: Json): Pair {
  return { fact, old: before, new: after, backward: 'breaking', forward: 'compatible', backwardWitness };
}

/** Each schema allows something that the other refuses: first what is lost, then what is new. */
export function changed(
  fact: string,
  before: Json,
  after: Json,
  backwardWitness: Json,
  forwardWitness: Json,
): Pair {
  return {
    fact,
    old: before,
    new: after,
    backward: 'breaking',
    forward: 'breaking',
    backwardWitness,
    forwardWitness,
  };
}

export const string: JsonObject = { type: 'string' };
export const integer: JsonObject = { type: 'integer' };
export const number: JsonObject = { type: 'number' };

/** An object that may have other properties too. */
export function open(properties: JsonObject, rest: JsonObject = {}): JsonObject {
  return { type: 'object', properties, ...rest };
}

/** An object that may have no other properties. */
export function closed(properties: JsonObject, rest: JsonObject = {}): JsonObject {
  return { type: 'object', properties, additionalProperties: false, ...rest };
}

/** An array whose items all follow one schema. */
export function list(items: Json, rest: JsonObject = {}): JsonObject {
  return { type: 'array', items, ...rest };
}

export function draft07(schema: JsonObject): JsonObject {
  return { $schema: 'http://json-schema.org/draft-07/schema#', ...schema };
}

export function draft2019(schema: JsonObject): JsonObject {
  return { $schema: 'https://json-schema.org/draft/2019-09/schema', ...schema };
}

export function draft2020(schema: JsonObject): JsonObject {
  return { $schema: 'https://json-schema.org/draft/2020-12/schema', ...schema };
}

/** A condition. As a literal it would look like a promise to the linter. */
export function when(condition: Json, then: Json): JsonObject {
  return Object.fromEntries([
    ['if', condition],
    ['then', then],
  ]);
}
