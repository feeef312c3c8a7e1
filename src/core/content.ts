import { type Decoded, decodeBytes, utf8 } from './decode.ts';
import type { Encoding, Field, FreshnessRule, Observation } from './evidence.ts';
import { isObject, type Json, type JsonObject } from './json.ts';
import { rewriteJson, spellJson } from './json-text.ts';
import type { KeyType } from './plan.ts';
import type { Content, Held } from './ports.ts';
import { canonical } from './redaction.ts';

/** What lies in Redis for a value, and back. */

/** As TYPE answers for a key of each encoding. */
export const typeOf: Readonly<Record<Encoding, KeyType>> = {
  json: 'string',
  hash: 'hash',
  'hash-json': 'hash',
  redisjson: 'ReJSON-RL',
};

/**
 * How a value is written, as near to what is there as may be; `undefined` when the encoding can't hold it: a hash holds
 * an object with members, of strings unless they are JSON each.
 */
export function contentOf(value: Json, encoding: Encoding, seen: Observation): Content | undefined {
  if (encoding === 'json' || encoding === 'redisjson') {
    const live = seen.kind === 'present' ? decodeBytes(seen.bytes) : undefined;
    return { kind: 'present', bytes: utf8Of(spelledLike(value, live)) };
  }
  if (!isObject(value) || Object.keys(value).length === 0) return undefined;
  const fields: Field[] = [];
  for (const [name, member] of Object.entries(value)) {
    const text = encoding === 'hash' ? member : spelledLike(member, fieldOf(seen, name));
    if (typeof text !== 'string') return undefined;
    fields.push({ name: utf8Of(name), value: utf8Of(text) });
  }
  return { kind: 'fields', fields };
}

function spelledLike(value: Json, live: Decoded | undefined): string {
  return live?.ok === true && live.flaws.length === 0
    ? rewriteJson(live.text, value)
    : spellJson(value, 'python');
}

function fieldOf(seen: Observation, name: string): Decoded | undefined {
  if (seen.kind !== 'fields') return undefined;
  const field = seen.fields.find((field) => utf8(field.name) === name);
  return field && decodeBytes(field.value);
}

/** The bytes that tell one content from another, whatever order Redis tells the fields of a hash in. */
export function bytesOf(content: Exclude<Content | Held, { readonly kind: 'absent' }>): Uint8Array {
  if (content.kind === 'present') return content.bytes;
  const pairs = content.fields.map(({ name, value }) => [latin1(name), latin1(value)] as const);
  return utf8Of(JSON.stringify(pairs.sort(([a], [b]) => (a < b ? -1 : 1))));
}

/** Bytes of a value; of a hash, those of its names and values. */
export function sizeOf(content: Content): number {
  if (content.kind === 'absent') return 0;
  if (content.kind === 'present') return content.bytes.length;
  return content.fields.reduce((sum, { name, value }) => sum + name.length + value.length, 0);
}

export function isSameContent(a: Content | Held, b: Content | Held): boolean {
  if (a.kind === 'absent' || b.kind === 'absent') return a.kind === b.kind;
  return a.kind === b.kind && sameBytes(bytesOf(a), bytesOf(b));
}

export function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, index) => byte === b[index]);
}

/** Whether it tells what a key holds, be it nothing. */
export function isHeld(observation: Observation): observation is Held {
  return observation.kind === 'present' || observation.kind === 'fields' || observation.kind === 'absent';
}

/** As it would be seen once it is written. */
export function asObserved(content: Content, seen: Observation): Observation {
  if (content.kind === 'absent') return content;
  return 'ttl' in seen && seen.ttl !== undefined ? { ...content, ttl: seen.ttl } : content;
}

/** The value but for the time of its last save, spelled so that equal values have equal bytes. */
export function withoutSaveTime(value: Json, freshness: FreshnessRule | undefined): Uint8Array {
  const rest = isStamped(freshness) ? without(value, freshness.at) : value;
  return utf8Of(canonical(rest));
}

/** With the time of its last save, where every save writes it. `now`: milliseconds since the epoch. */
export function withSaveTime(value: Json, freshness: FreshnessRule | undefined, now: number): Json {
  // The application writes it into what it saves, and an empty value is its own way of saying nothing.
  if (!isStamped(freshness) || !isObject(value) || Object.keys(value).length === 0) return value;
  const saved = new Date(now).toISOString().replace('Z', '+00:00');
  return put(value, freshness.at, saved);
}

function isStamped(freshness: FreshnessRule | undefined): freshness is FreshnessRule {
  return freshness?.expected === true;
}

/** Where there is no object to put it into, the value stays as it is. */
function put(value: JsonObject, [name, ...rest]: readonly string[], saved: string): JsonObject {
  if (name === undefined) return value;
  if (rest.length === 0) return withMember(value, name, saved);
  const inner = Object.hasOwn(value, name) ? value[name] : undefined;
  return inner !== undefined && isObject(inner) ? withMember(value, name, put(inner, rest, saved)) : value;
}

function without(value: Json, [name, ...rest]: readonly string[]): Json {
  if (name === undefined || !isObject(value) || !Object.hasOwn(value, name)) return value;
  if (rest.length > 0) return withMember(value, name, without(value[name] as Json, rest));
  return Object.fromEntries(Object.entries(value).filter(([member]) => member !== name));
}

/** In its place, or at the end. */
function withMember(value: JsonObject, name: string, member: Json): JsonObject {
  return Object.fromEntries([
    ...Object.entries(value).map(([other, own]) => [other, other === name ? member : own] as const),
    ...(Object.hasOwn(value, name) ? [] : [[name, member] as const]),
  ]);
}

export function utf8Of(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

/** One character per byte: another text for each. */
export function latin1(bytes: Uint8Array): string {
  return new TextDecoder('latin1').decode(bytes);
}
