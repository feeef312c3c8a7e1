import { isArray, isObject, type Json, type JsonObject, jsonType } from '../core/json.ts';
import type { Pattern } from '../core/pointer.ts';
import { type FormatName, formatOf } from './formats.ts';
import { areSecret, isSecretPlace } from './secrecy.ts';
import { isId, isKeyring, looksSecret, suspicionOf } from './secret-words.ts';

/** All values that were seen at one place, and those at the places in it. */
export interface Shape {
  readonly at: Pattern;
  /** At least one. */
  readonly values: readonly Json[];
  /** What the place is called: the names on the way to it, that of the config first; none for items and data. */
  readonly names: readonly string[];
  /** Text and numbers here are secrets. */
  readonly isSecret: boolean;
  /** Of all texts here. */
  readonly format?: FormatName;
  readonly items?: Shape;
  readonly object?: ObjectShape;
}

export interface ObjectShape {
  readonly objects: readonly JsonObject[];
  /** Members whose names are vocabulary. */
  readonly members: ReadonlyMap<string, Shape>;
  /** Members whose names are data, all as one place. */
  readonly data?: { readonly areNamesSecret: boolean; readonly shape: Shape };
}

/** The shape of a config of that name. */
export function shapeOf(name: string, values: readonly Json[]): Shape {
  return shapeAt([], [name], values);
}

function shapeAt(at: Pattern, names: readonly string[], values: readonly Json[]): Shape {
  const items = values.filter(isArray).flat();
  const objects = values.filter(isObject);
  const format = formatOf(values.filter((value) => typeof value === 'string'));
  return {
    at,
    names,
    values,
    isSecret: areSecret(names, values),
    ...(format === undefined ? {} : { format }),
    ...(items.length === 0 ? {} : { items: shapeAt([...at, '*'], names, items) }),
    ...(objects.length === 0 ? {} : { object: objectShape(at, namesInside(at, names), objects) }),
  };
}

/** Of what lies in an object of keys all is secret. */
function namesInside(at: Pattern, names: readonly string[]): readonly string[] {
  const own = names.at(-1) ?? '';
  return at.at(-1) !== '*' && isKeyring(own) ? [...names, 'secrets'] : names;
}

function objectShape(at: Pattern, names: readonly string[], objects: readonly JsonObject[]): ObjectShape {
  const byName = membersOf(objects);
  const isSecret = isSecretPlace(names);
  const data = dataNames(byName, objects.length, isSecret);
  // Beside a schema for all other names, validators overlook what it says of this one.
  if (data.size > 0 && byName.has('__proto__')) data.add('__proto__');
  const members = new Map<string, Shape>();
  const holdSecrets = objects.some(isSecretPair);
  for (const [name, values] of byName) {
    const called = holdSecrets && isValueName(name) ? 'secret_value' : name;
    if (called !== name) data.delete(name);
    if (!data.has(name)) members.set(name, shapeAt([...at, name], [...names, called], values));
  }
  if (data.size === 0) return { objects, members };
  const all = [...data].flatMap((name) => byName.get(name) ?? []);
  const areNamesSecret = isSecret || [...data].some(looksSecret);
  return { objects, members, data: { areNamesSecret, shape: shapeAt([...at, '*'], names, all) } };
}

/** `{name: 'DB_PASSWORD', value: …}`: the text says what the value is called. */
function isSecretPair(object: JsonObject): boolean {
  const called = Object.entries(object).filter(([name]) => /^(?:name|key)$/i.test(name));
  return called.some(([, text]) => typeof text === 'string' && /^(?:strong|weak)$/.test(suspicionOf(text)));
}

function isValueName(name: string): boolean {
  return name.toLowerCase() === 'value';
}

function membersOf(objects: readonly JsonObject[]): ReadonlyMap<string, readonly Json[]> {
  const members = new Map<string, Json[]>();
  for (const object of objects) {
    for (const [name, value] of Object.entries(object)) {
      const values = members.get(name);
      if (values === undefined) members.set(name, [value]);
      else values.push(value);
    }
  }
  return members;
}

type Members = ReadonlyMap<string, readonly Json[]>;

/** Members alike from which on their names are taken for data; one less where secrets are kept. */
const ALIKE = 3;
/** Scalars of one type from which on their names are: nobody has a vocabulary that large of one kind. */
const MANY = 20;
/** Names from which on it counts that objects hardly share any. */
const SEVERAL = 8;

/** The names that are data: ids, addresses, tokens, and whatever goes by many names but looks alike. */
function dataNames(members: Members, objects: number, isSecret: boolean): Set<string> {
  const candidates = [...members.keys()].filter((name) => !isTelling(name, isSecret));
  const marked = candidates.filter((name) => isData(name, isSecret));
  if (marked.some((name) => isSecret || looksSecret(name)) || marked.length * 2 > candidates.length) {
    const kinds = new Set(marked.map((name) => kindOf(members.get(name))));
    return new Set(
      candidates.filter((name) => marked.includes(name) || kinds.has(kindOf(members.get(name)))),
    );
  }
  // What every one of several objects has is vocabulary.
  if (objects > 1 && candidates.every((name) => members.get(name)?.length === objects)) return new Set();
  const inside = candidates.filter((name) => kindOf(members.get(name)) === 'object');
  if (
    inside.length >= (isSecret ? ALIKE - 1 : ALIKE) &&
    areAlike(
      inside.map((name) => namesWithin(members.get(name) ?? [])),
      2,
    )
  ) {
    return new Set(inside);
  }
  const isOneKind = new Set(candidates.map((name) => kindOf(members.get(name)))).size === 1;
  const isShared = candidates.some((name) => (members.get(name)?.length ?? 0) * 2 >= objects);
  const areMany = candidates.length > MANY || (candidates.length >= SEVERAL && objects > 2 && !isShared);
  return new Set(isOneKind && areMany ? candidates : []);
}

/** What marks members as the application's own, or as secrets: as data they would lose their name. */
function isTelling(name: string, isSecret: boolean): boolean {
  if (looksSecret(name)) return false;
  return isInternal(name) || (!isSecret && (isKeyring(name) || /^(?:strong|weak)$/.test(suspicionOf(name))));
}

/** `_updated_at` and the like stand beside data that others wrote. */
function isInternal(name: string): boolean {
  return /^[_$][a-z]+(?:_[a-z]+)*$/i.test(name);
}

/** Where secrets are kept, whatever is no plain word may be one. */
function isData(name: string, isSecret: boolean): boolean {
  return (
    isId(name) ||
    /[\s@:/]/.test(name) ||
    name === '' ||
    (isSecret && !/^[a-z]{1,15}(?:_[a-z]{1,15})*$/i.test(name))
  );
}

/** The type of all the values, or `mixed`. */
function kindOf(values: readonly Json[] = []): string {
  const kinds = new Set(values.filter((value) => value !== null).map(jsonType));
  return kinds.size > 1 ? 'mixed' : ([...kinds][0] ?? 'null');
}

function namesWithin(values: readonly Json[]): ReadonlySet<string> {
  return new Set(values.filter(isObject).flatMap((value) => Object.keys(value)));
}

/** True when most names are those of most of the others: at least `least` are common to half of them. */
export function areAlike(sets: readonly ReadonlySet<string>[], least: number): boolean {
  const counts = new Map<string, number>();
  for (const set of sets) for (const name of set) counts.set(name, (counts.get(name) ?? 0) + 1);
  const core = new Set([...counts].filter(([, count]) => count * 2 >= sets.length).map(([name]) => name));
  if (core.size < least) return false;
  return sets.every((set) => {
    const shared = [...set].filter((name) => core.has(name)).length;
    return shared * 2 >= core.size + set.size - shared;
  });
}
