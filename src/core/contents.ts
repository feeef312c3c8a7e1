import { typeOf } from './content.ts';
import { type Difference, difference } from './difference.ts';
import type { ConfigSpec, Observation } from './evidence.ts';
import { decodeObservation } from './fields.ts';
import type { Json } from './json.ts';
import { capture } from './key-pattern.ts';
import { coveredByAny, type Pattern } from './pointer.ts';
import type { SandboxKey } from './ports.ts';
import type { Migration } from './rehearsal.ts';

/** What a sandbox holds at two times: what became of each key. */

export interface Contents {
  readonly keys: ReadonlyMap<string, SandboxKey>;
  /** Milliseconds since the sandbox was filled. */
  readonly age: number;
}

/** Something that differs, though it isn't allowed to. */
export interface KeyChange {
  readonly key: string;
  /** The config that it is of, if any. */
  readonly spec?: ConfigSpec;
  /** `spelling` the values are the same, and the bytes aren't; `lifetime` the time to live, or that there is one. */
  readonly kind: 'added' | 'removed' | 'type' | 'content' | 'spelling' | 'lifetime';
  /** Of content: the places in the value, where both are sound JSON. */
  readonly places: readonly Difference[];
}

export interface Comparison {
  readonly changes: readonly KeyChange[];
  /** How many allowed changes there are: places of values, and keys. */
  readonly allowed: number;
  /** Keys of which nothing but the time of the save has changed. */
  readonly refreshed: readonly string[];
}

interface Terms {
  /** The config that a key is of. */
  readonly specOf: (key: string) => ConfigSpec | undefined;
  readonly migration: Migration;
}

/** Milliseconds: a time to live is read in whole seconds by many, and written as they come. */
const TOLERANCE = 2000;

/**
 * What differs, key by key. The time of a save is free. A time to live may be off by the age of what is compared, since
 * it goes on or begins anew in the meantime, and a key whose time is over by then may be gone.
 */
export function compareContents(before: Contents, after: Contents, terms: Terms): Comparison {
  const slack = TOLERANCE + Math.max(before.age, after.age);
  const keys = [...new Set([...before.keys.keys(), ...after.keys.keys()])].sort();
  const found = keys.map((key) => compareKey(key, before.keys.get(key), after.keys.get(key), slack, terms));
  return {
    changes: found.flatMap(({ changes }) => changes),
    allowed: found.reduce((sum, { allowed }) => sum + allowed, 0),
    refreshed: found.flatMap(({ refreshed }) => refreshed),
  };
}

const same: Comparison = { changes: [], allowed: 0, refreshed: [] };

function compareKey(
  key: string,
  before: SandboxKey | undefined,
  after: SandboxKey | undefined,
  slack: number,
  { specOf, migration: { allow } }: Terms,
): Comparison {
  const spec = specOf(key);
  const places = allow.flatMap((one) => (one.kind === 'config' && one.config === spec?.name ? one.at : []));
  const isAllowed = allow.some((one) => one.kind === 'key' && capture(one.pattern, key) !== undefined);
  const isAllowedWhole = isAllowed || coveredByAny(places, []);
  const changed = (kind: KeyChange['kind'], mayChange: boolean, differences: readonly Difference[] = []) =>
    mayChange
      ? { ...same, allowed: 1 }
      : { ...same, changes: [{ key, kind, places: differences, ...(spec === undefined ? {} : { spec }) }] };
  if (before === undefined) return after === undefined ? same : changed('added', isAllowedWhole);
  if (after === undefined) return isOver(before, slack) ? same : changed('removed', isAllowedWhole);
  if (before.type !== after.type) return changed('type', isAllowedWhole);
  const ofLifetime = isSameLifetime(before.ttl, after.ttl, slack) ? same : changed('lifetime', isAllowed);
  if (before.digest === after.digest) return ofLifetime;
  const values = spec === undefined ? undefined : valuesOf(before, after, spec);
  if (spec === undefined || values === undefined) return both(changed('content', isAllowedWhole), ofLifetime);
  const { all, unfree, outside } = placesOf(values, spec, places);
  if (outside.length > 0) return both(changed('content', isAllowed, outside), ofLifetime);
  if (all.length === 0) return both(changed('spelling', isAllowedWhole), ofLifetime);
  if (unfree.length === 0) return both({ ...same, refreshed: [key] }, ofLifetime);
  return both({ ...same, allowed: all.length }, ofLifetime);
}

function both(a: Comparison, b: Comparison): Comparison {
  return {
    changes: [...a.changes, ...b.changes],
    allowed: a.allowed + b.allowed,
    refreshed: [...a.refreshed, ...b.refreshed],
  };
}

/** Whether its time is over by then. */
function isOver({ ttl }: SandboxKey, slack: number): boolean {
  return ttl !== undefined && ttl <= slack;
}

function isSameLifetime(before: number | undefined, after: number | undefined, slack: number): boolean {
  if (before === undefined || after === undefined) return before === after;
  return Math.abs(before - after) <= slack;
}

/** Both values; `undefined` when either isn't sound. */
function valuesOf(
  before: SandboxKey,
  after: SandboxKey,
  spec: ConfigSpec,
): readonly [Json, Json] | undefined {
  const [from, to] = [soundValue(before, spec), soundValue(after, spec)];
  return from === undefined || to === undefined ? undefined : [from, to];
}

/** The value of a config; `undefined` where there is none, or not one that says all that the bytes do. */
export function soundValue(key: SandboxKey | undefined, { encoding }: ConfigSpec): Json | undefined {
  if (key === undefined || key.type !== typeOf[encoding]) return undefined;
  const decoded = decodeObservation(observationOf(key), encoding);
  return decoded?.ok === true && decoded.flaws.length === 0 ? decoded.value : undefined;
}

function observationOf({ type, bytes, fields }: SandboxKey): Observation {
  if (bytes !== undefined) return { kind: 'present', bytes };
  return fields === undefined ? { kind: 'wrong-type', type } : { kind: 'fields', fields };
}

/** Where two values differ: anywhere; but for the time of the save; and where nothing allows it. */
function placesOf(
  [before, after]: readonly [Json, Json],
  { identity, freshness }: ConfigSpec,
  allowed: readonly Pattern[],
): Readonly<Record<'all' | 'unfree' | 'outside', readonly Difference[]>> {
  const free = freshness === undefined ? [] : [freshness.at];
  const but = (ignore: readonly Pattern[]) => difference(before, after, { ignore, identity });
  return { all: but([]), unfree: but(free), outside: but([...free, ...allowed]) };
}
