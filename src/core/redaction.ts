import { isObject, type Json, type JsonObject, jsonType } from './json.ts';
import { concealed, type Part, revealed } from './phrase.ts';
import { cut } from './plain.ts';
import { coveredByAny, covers, formatPointer, matches, type Pattern, type Pointer } from './pointer.ts';

/** Objects whose member names are data (tokens, addresses) rather than vocabulary. */
export interface NameRule {
  readonly at: Pattern;
  /** Also in whatever lies inside of them. */
  readonly below?: boolean;
  /** Names that belong to the vocabulary all the same. */
  readonly except: readonly string[];
}

/** What of a config may be printed. Whatever is not mentioned is hidden. */
export interface Visibility {
  /** Numbers and booleans that may appear in any report; text that stands there by mistake may not. */
  readonly show: readonly Pattern[];
  /** The same for words of an enum; text that can't be one may not. */
  readonly showWords: readonly Pattern[];
  /** Text that may appear in any report whatever it is. */
  readonly showText: readonly Pattern[];
  /** Values that appear nowhere, not even in raw output. */
  readonly secret: readonly Pattern[];
  /** Names that appear in raw output only. */
  readonly hiddenNames: readonly NameRule[];
  /** Names that appear nowhere. */
  readonly secretNames: readonly NameRule[];
}

/** Text → a short digest that outsiders can't compute, so that equal secrets can be seen to be equal. */
export type Digest = (text: string) => string;

declare const redacted: unique symbol;

/** A JSON Pointer in which every name that must not be seen is replaced by its digest. */
export type Place = string & { readonly [redacted]: true };

export interface Redactor {
  /** A value as its place allows: itself, cut at 80 characters, or only what it is. */
  value(pointer: Pointer, value: Json): Part;
  /** A pointer as it may be printed. */
  place(pointer: Pointer): Place;
  /** A whole document for raw output: everything but what is secret. */
  raw(value: Json): Json;
  /** Every secret string in a document, for masking: values and names, those of 4 characters and more. */
  secrets(value: Json): readonly string[];
}

const SHOWN_CHARACTERS = 80;
const SHORTEST_SECRET = 4;

/** Applies a config's visibility; `digest` tells hidden values apart without telling what they are. */
export function redactor(visibility: Visibility, digest: Digest): Redactor {
  const { show, showWords, showText, secret, hiddenNames, secretNames } = visibility;
  const everyHiddenName = [...hiddenNames, ...secretNames];
  const veil = (text: string) => `‹#${digest(text)}›`;

  const isShown = (pointer: Pointer, value: Json): boolean => {
    if (coveredByAny(secret, pointer)) return false;
    if (coveredByAny(showText, pointer)) return true;
    if (typeof value === 'string') return isWord(value) && coveredByAny(showWords, pointer);
    return coveredByAny(show, pointer) || coveredByAny(showWords, pointer);
  };

  const raw = (value: Json, pointer: Pointer): Json => {
    if (coveredByAny(secret, pointer)) return `‹hidden ${jsonType(value)}›`;
    if (Array.isArray(value)) return value.map((item, index) => raw(item, [...pointer, String(index)]));
    if (!isObject(value)) return value;
    return Object.fromEntries(
      Object.entries(value).map(([name, member]) => [
        isHiddenName(secretNames, pointer, name) ? veil(name) : name,
        raw(member, [...pointer, name]),
      ]),
    );
  };

  return {
    value(pointer, value) {
      if (isScalar(value) && isShown(pointer, value))
        return revealed(cut(JSON.stringify(value), SHOWN_CHARACTERS));
      return concealed(jsonType(value), digest(canonical(value)), lengthOf(value));
    },
    place(pointer) {
      const tokens = pointer.map((token, depth) =>
        isHiddenName(everyHiddenName, pointer.slice(0, depth), token) ||
        coveredByAny(secret, pointer.slice(0, depth)) ||
        !isIdentifier(token)
          ? veil(token)
          : token,
      );
      return formatPointer(tokens) as Place;
    },
    raw: (value) => raw(value, []),
    secrets(value) {
      const found = new Set<string>();
      collectSecrets(visibility, value, [], false, found);
      return [...found].filter((text) => text.length >= SHORTEST_SECRET);
    },
  };
}

/** A token or an address that was pasted where a word belongs is no word. */
function isWord(text: string): boolean {
  return /^[A-Za-z_-]{0,20}$/.test(text);
}

/** Names of properties are vocabulary as long as they look like it; an address or a URL is data. */
function isIdentifier(name: string): boolean {
  return /^(?:[\p{L}_$][\p{L}\p{N}_.$-]{0,40}|\d{1,9})$/u.test(name);
}

function isHiddenName(rules: readonly NameRule[], parent: Pointer, name: string): boolean {
  return rules.some(
    ({ at, below, except }) => (below ? covers : matches)(at, parent) && !except.includes(name),
  );
}

function collectSecrets(
  visibility: Visibility,
  value: Json,
  pointer: Pointer,
  inherited: boolean,
  found: Set<string>,
): void {
  const secret = inherited || coveredByAny(visibility.secret, pointer);
  if (typeof value === 'string') {
    if (secret) found.add(value);
  } else if (Array.isArray(value)) {
    value.forEach((item, index) => {
      collectSecrets(visibility, item, [...pointer, String(index)], secret, found);
    });
  } else if (isObject(value)) {
    for (const [name, member] of Object.entries(value)) {
      if (isHiddenName(visibility.secretNames, pointer, name)) found.add(name);
      collectSecrets(visibility, member, [...pointer, name], secret, found);
    }
  }
}

function isScalar(value: Json): value is null | boolean | number | string {
  return value === null || typeof value !== 'object';
}

function lengthOf(value: Json): number | undefined {
  if (typeof value === 'string' || Array.isArray(value)) return value.length;
  return isObject(value) ? Object.keys(value).length : undefined;
}

/** One spelling per value, so that equal values have equal digests. */
export function canonical(value: Json): string {
  return JSON.stringify(value, (_name, member: Json) => (isObject(member) ? sortedByName(member) : member));
}

function sortedByName(value: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** For whoever asked to see everything of files that are his own. */
export const unveiled: Redactor = {
  value: (_pointer, value) => revealed(cut(JSON.stringify(value), SHOWN_CHARACTERS)),
  place: (pointer) => formatPointer(pointer) as Place,
  raw: (value) => value,
  secrets: () => [],
};

/** A text in which no digest tells one run from the next: their key is a new one each time. */
export function withoutDigests(text: string): string {
  return text.replace(/#[0-9a-f]{8}(?=›)/g, '#');
}
