import { sameBytes } from './content.ts';
import { decodeBytes, utf8 } from './decode.ts';
import { difference, type Identity } from './difference.ts';
import type { Encoding, Field } from './evidence.ts';
import { decodeFields } from './fields.ts';
import type { Json } from './json.ts';
import type { Pattern, Pointer } from './pointer.ts';
import type { Holding } from './ports.ts';

/** Two holdings of one key, held against each other, and how a difference is told: without any value. */

export const differenceKinds = [
  'missing',
  'extra',
  'type',
  'value',
  'ttl',
  'encoding',
  'unreadable',
] as const;
export type DifferenceKind = (typeof differenceKinds)[number];

/** A line of the file of differences. */
export interface KeyDifference {
  readonly key: KeyName;
  /** What it is called on the target, where that is another name. */
  readonly mappedTo?: KeyName;
  readonly kind: DifferenceKind;
  readonly from: Side;
  readonly to: Side;
  /** Of documents: JSON Pointers as they may be printed. Absent where no config says what may be. */
  readonly places?: readonly string[];
  /** Of documents: how many places differ. */
  readonly differing?: number;
}

/** A name that isn't UTF-8 is told by its bytes. */
export type KeyName = string | { readonly base64: string };

/** What one side holds; `null` nothing, and a reason where it couldn't be read. */
export type Side =
  | null
  | { readonly unreadable: string }
  | {
      readonly type: string;
      readonly length: number;
      /** Keyed anew in each run, so that nobody can try values out. */
      readonly digest: string;
      /** Milliseconds. */
      readonly ttl?: number;
      readonly encoding?: string;
    };

/** What counts as a difference. */
export interface Terms {
  /** Documents are compared as such, but for these places; absent when bytes count. */
  readonly semantic?: { readonly ignore: readonly Pattern[] };
  /** Milliseconds that times to live may be apart. */
  readonly ttlTolerance: number;
  /** Whether it counts how the server keeps a key. */
  readonly encodings: boolean;
}

/** What a config says of a key. */
export interface KeyGuide {
  readonly encoding: Encoding;
  readonly identity: readonly Identity[];
  /** How the name may be printed, where it is a secret. */
  readonly shown?: string;
  /** A place as it may be printed. */
  readonly place: (pointer: Pointer) => string;
}

export interface Unlike {
  readonly kind: DifferenceKind;
  readonly places?: readonly Pointer[];
}

/** In which ways a key of the source and its counterpart differ; none when they are the same, or both are gone. */
export function unlikeness(from: Holding, to: Holding, terms: Terms, guide?: KeyGuide): readonly Unlike[] {
  if (from.kind === 'unreadable' || to.kind === 'unreadable') return [{ kind: 'unreadable' }];
  if (from.kind === 'absent') return to.kind === 'absent' ? [] : [{ kind: 'extra' }];
  if (to.kind === 'absent') return [{ kind: 'missing' }];
  if (from.type !== to.type) return [{ kind: 'type' }];
  return [
    ...valueUnlikeness(from, to, terms, guide),
    ...(isSameLifetime(from.ttl, to.ttl, terms.ttlTolerance) ? [] : [{ kind: 'ttl' as const }]),
    ...(terms.encodings && isOtherEncoding(from, to) ? [{ kind: 'encoding' as const }] : []),
  ];
}

type Held = Extract<Holding, { readonly kind: 'held' }>;

function valueUnlikeness(from: Held, to: Held, { semantic }: Terms, guide?: KeyGuide): readonly Unlike[] {
  if (isSameValue(from, to)) return [];
  if (semantic === undefined) return [{ kind: 'value' }];
  const [before, after] = [documentOf(from, guide), documentOf(to, guide)];
  if (before === undefined || after === undefined) return [{ kind: 'value' }];
  const { ignore } = semantic;
  const found = difference(before, after, { ignore, identity: guide?.identity ?? [] });
  if (found.length === 0) return [];
  return [{ kind: 'value', places: found.map((one) => (one.kind === 'added' ? one.after : one.before)) }];
}

/** By what they hold where both tell it, so that it doesn't matter who made the digests. */
function isSameValue(from: Held, to: Held): boolean {
  if (from.bytes && to.bytes) return sameBytes(from.bytes, to.bytes);
  if (from.fields && to.fields) return isSameHash(from.fields, to.fields);
  return from.length === to.length && from.digest === to.digest;
}

function isSameHash(a: readonly Field[], b: readonly Field[]): boolean {
  if (a.length !== b.length) return false;
  const latin1 = new TextDecoder('latin1');
  const known = new Map(a.map(({ name, value }) => [latin1.decode(name), value]));
  return b.every(({ name, value }) => {
    const other = known.get(latin1.decode(name));
    return other !== undefined && sameBytes(other, value);
  });
}

/** The value of a string, hash or document; `undefined` where it isn't sound: then its bytes count. */
function documentOf({ bytes, fields }: Held, guide?: KeyGuide): Json | undefined {
  if (bytes !== undefined) return soundly(decodeBytes(bytes));
  if (fields === undefined) return undefined;
  return soundly(decodeFields(fields, guide?.encoding === 'hash' ? 'strings' : 'json'));
}

function soundly(decoded: ReturnType<typeof decodeBytes>): Json | undefined {
  return decoded.ok && decoded.flaws.length === 0 ? decoded.value : undefined;
}

function isSameLifetime(a: number | undefined, b: number | undefined, tolerance: number): boolean {
  return a === undefined || b === undefined ? a === b : Math.abs(a - b) <= tolerance;
}

function isOtherEncoding(a: Held, b: Held): boolean {
  return a.encoding !== undefined && b.encoding !== undefined && a.encoding !== b.encoding;
}

export function nameOf(bytes: Uint8Array): KeyName {
  return utf8(bytes) ?? { base64: toBase64(bytes) };
}

export function toBase64(bytes: Uint8Array): string {
  return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''));
}

export function fromBase64(text: string): Uint8Array {
  return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
}

/** `digest` is keyed. */
export function sideOf(holding: Holding, digest: (text: string) => string): Side {
  if (holding.kind === 'absent') return null;
  if (holding.kind === 'unreadable') return { unreadable: holding.fault.reason };
  const { type, length, ttl, encoding } = holding;
  return {
    ...{ type, length, digest: digest(holding.digest) },
    ...(ttl === undefined ? {} : { ttl }),
    ...(encoding === undefined ? {} : { encoding }),
  };
}
