import { foreignFormat } from './foreign.ts';
import { isArray, type Json, type JsonType, jsonType } from './json.ts';
import { code, type Phrase, phrase, vouch } from './phrase.ts';
import { BACKSLASH, BYTE_ORDER_MARK, COLON, type Flaw, MAX_DEPTH, QUOTE, Scanner } from './scanner.ts';

/**
 * A document that was read, perhaps with flaws, or one without a JSON value in it, with at least the flaw that
 * says why. Flaws come in document order. `text` is the whole input, byte order mark included, so that offsets hold.
 */
export type Decoded =
  | { readonly ok: true; readonly value: Json; readonly text: string; readonly flaws: readonly Flaw[] }
  | { readonly ok: false; readonly flaws: readonly Flaw[]; readonly text?: string };

/** What is wrong with a file that should be sound JSON, by its first flaw. */
export function wordFlaw(flaw: Flaw | undefined): Phrase {
  return phrase`it is not sound JSON (${code(vouch(flaw?.kind ?? 'syntax'))})`;
}

/** Reads a document as it lies in Redis or in a file. Bytes that aren't UTF-8 are refused, never replaced. */
export function decodeBytes(bytes: Uint8Array): Decoded {
  const foreign = foreignFormat(bytes);
  if (foreign !== undefined) return { ok: false, flaws: [{ kind: foreign, offset: 0, pointer: [] }] };
  const text = utf8(bytes);
  if (text !== undefined) return decodeText(text);
  return { ok: false, flaws: [{ kind: 'not-utf8', offset: firstInvalidByte(bytes), pointer: [] }] };
}

/** Reads a document that is text already: all that `JSON.parse` accepts down to MAX_DEPTH, byte order mark or not. */
export function decodeText(text: string): Decoded {
  const value = parsed(text);
  if (value !== undefined && isFaithful(value, text)) return { ok: true, value, text, flaws: [] };
  return decodeFlawed(text);
}

/** `JSON.parse`, with `undefined` for what it refuses. */
function parsed(text: string): Json | undefined {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/**
 * True when `JSON.parse` kept all that the text says, so that there is nothing to scan for. Sound documents are the
 * rule, and to count the names, of which it drops repeated ones, is several times faster than to compare them.
 */
function isFaithful(value: Json, text: string): boolean {
  return typeof value !== 'string' && countMembers(value, 0) === countNames(text);
}

/** The number of members at all depths; NaN, which equals no count, when a number or the depth is out of bounds. */
function countMembers(value: Json, depth: number): number {
  if (typeof value === 'number') return Math.abs(value) > Number.MAX_SAFE_INTEGER ? Number.NaN : 0;
  if (typeof value !== 'object' || value === null) return 0;
  if (depth === MAX_DEPTH) return Number.NaN;
  let count = 0;
  if (isArray(value)) {
    for (const item of value) count += countMembers(item, depth + 1);
  } else {
    for (const member of Object.values(value)) count += 1 + countMembers(member, depth + 1);
  }
  return count;
}

/** The number of names in a text that is JSON: every colon outside strings follows one. */
function countNames(text: string): number {
  let count = 0;
  let inString = false;
  for (let offset = 0; offset < text.length; offset += 1) {
    const code = text.charCodeAt(offset);
    if (code === QUOTE) inString = !inString;
    else if (code === BACKSLASH) offset += 1;
    else if (code === COLON && !inString) count += 1;
  }
  return count;
}

function decodeFlawed(text: string): Decoded {
  const scanner = new Scanner(text);
  const { flaws } = scanner;
  if (!scanner.document()) return { ok: false, flaws, text };
  const value: Json = JSON.parse(text.startsWith(BYTE_ORDER_MARK) ? text.slice(1) : text);
  const inner = encodedType(value);
  if (inner !== undefined) {
    flaws.push({ kind: 'double-encoded', offset: text.indexOf('"'), pointer: [], inner });
  }
  return { ok: true, value, text, flaws };
}

/** The type of the object or array that a string spells. Scalars prove nothing: "1" may be meant as text. */
function encodedType(value: Json): JsonType | undefined {
  if (typeof value !== 'string') return undefined;
  const inner = parsed(value);
  if (typeof inner === 'object' && inner !== null) return jsonType(inner);
  return inner === undefined ? undefined : encodedType(inner);
}

/** The text that bytes spell, byte order mark included; `undefined` when they are not UTF-8. */
export function utf8(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

/** Decoding replaces what is invalid, so encoding again differs from the input there for the first time. */
function firstInvalidByte(bytes: Uint8Array): number {
  const repaired = new TextEncoder().encode(new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes));
  let offset = repaired.findIndex((byte, index) => byte !== bytes[index]);
  // A sequence cut short may share its first bytes with U+FFFD: back to where that begins.
  while (((repaired[offset] ?? 0) & 0xc0) === 0x80) offset -= 1;
  return offset;
}
