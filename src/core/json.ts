import type { Pointer } from './pointer.ts';

export type Json = null | boolean | number | string | readonly Json[] | JsonObject;

export interface JsonObject {
  readonly [name: string]: Json;
}

export type JsonType = 'null' | 'boolean' | 'number' | 'string' | 'array' | 'object';

export function isObject(value: Json): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function isArray(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}

export function jsonType(value: Json): JsonType {
  if (value === null) return 'null';
  return isArray(value) ? 'array' : (typeof value as JsonType);
}

/**
 * True when both mean the same: the order of members doesn't count, that of items does, numbers compare by value.
 * It recurses, which the depth limit of decoded documents makes safe.
 */
export function sameJson(a: Json, b: Json): boolean {
  if (a === b) return true;
  if (isArray(a)) return isArray(b) && sameItems(a, b);
  return isObject(a) && isObject(b) && sameMembers(a, b);
}

function sameItems(a: readonly Json[], b: readonly Json[]): boolean {
  return a.length === b.length && a.every((item, index) => sameJson(item, b[index] as Json));
}

function sameMembers(a: JsonObject, b: JsonObject): boolean {
  const names = Object.keys(a);
  return (
    names.length === Object.keys(b).length &&
    names.every((name) => Object.hasOwn(b, name) && sameJson(a[name] as Json, b[name] as Json))
  );
}

/** The value at a pointer, if any: through own members and canonical indexes (`0`, neither `00` nor `length`). */
export function at(value: Json, pointer: Pointer): Json | undefined {
  let place: Json | undefined = value;
  for (const token of pointer) {
    if (place === undefined) return undefined;
    place = child(place, token);
  }
  return place;
}

function child(value: Json, token: string): Json | undefined {
  if (isArray(value)) return /^(?:0|[1-9]\d*)$/.test(token) ? value[Number(token)] : undefined;
  return isObject(value) && Object.hasOwn(value, token) ? value[token] : undefined;
}
