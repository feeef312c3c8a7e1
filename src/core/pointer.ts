/**
 * A place in a JSON document: the unescaped reference tokens of an RFC 6901 JSON Pointer, root first.
 * Array indexes are decimal strings; the empty list is the whole document.
 */
export type Pointer = readonly string[];

/** A pointer in which the token `*` stands for any one token. */
export type Pattern = readonly string[];

/** Spells a pointer as RFC 6901 does (`/rules/0/a~1b`); the root is the empty string. */
export function formatPointer(pointer: Pointer): string {
  return pointer.map((token) => `/${token.replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
}

/** Reads RFC 6901 text; `undefined` when it is not a pointer (no leading slash, or a `~` that escapes nothing). */
export function parsePointer(text: string): Pointer | undefined {
  if (text === '') return [];
  if (!text.startsWith('/') || /~(?![01])/.test(text)) return undefined;
  return text
    .slice(1)
    .split('/')
    .map((token) => token.replaceAll('~1', '/').replaceAll('~0', '~'));
}

/** True when the pattern names exactly this place. */
export function matches(pattern: Pattern, pointer: Pointer): boolean {
  return pattern.length === pointer.length && covers(pattern, pointer);
}

/** True when the pattern names this place or one that contains it. */
export function covers(pattern: Pattern, pointer: Pointer): boolean {
  return (
    pattern.length <= pointer.length &&
    pattern.every((token, depth) => token === '*' || token === pointer[depth])
  );
}

/** True when any of the patterns names this place or one that contains it. */
export function coveredByAny(patterns: readonly Pattern[], pointer: Pointer): boolean {
  return patterns.some((pattern) => covers(pattern, pointer));
}
