import { formatPointer, type Pointer } from './pointer.ts';
import { Scanner } from './scanner.ts';

/** A place in a text. Lines and columns count from 1, columns in UTF-16 code units. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** Where an offset lies. Lines end with `\n`, `\r\n` or `\r`. */
export function positionAt(text: string, offset: number): Position {
  let line = 1;
  let start = 0;
  for (const lineBreak of text.matchAll(/\r\n?|\n/g)) {
    const end = lineBreak.index + lineBreak[0].length;
    if (end > offset) break;
    line += 1;
    start = end;
  }
  return { line, column: offset - start + 1 };
}

/** {@link locator}, for one pointer. */
export function locate(text: string, pointer: Pointer): Position {
  return locator(text)(pointer);
}

/**
 * Where to look for the value at a pointer: the name of a member, the first character of an item or of the root.
 * Of equal names the last one counts, as in `JSON.parse`. A pointer that leads nowhere gives its nearest existing
 * ancestor; a text that isn't JSON gives its first character. The text is read once, for the first pointer.
 */
export function locator(text: string): (pointer: Pointer) => Position {
  let places: ReadonlyMap<string, number> | undefined;
  return (pointer) => {
    places ??= offsets(text);
    for (let length = pointer.length; length > 0; length -= 1) {
      const offset = places.get(formatPointer(pointer.slice(0, length)));
      if (offset !== undefined) return positionAt(text, offset);
    }
    return positionAt(text, places.get('') ?? 0);
  };
}

function offsets(text: string): ReadonlyMap<string, number> {
  const places = new Map<string, number>();
  const scanner = new Scanner(text, (path, offset) => {
    const place = formatPointer(path);
    if (places.has(place)) forgetBelow(places, place);
    places.set(place, offset);
  });
  return scanner.document() ? places : new Map();
}

/** What stood under the first of two equal names is not there any more. */
function forgetBelow(places: Map<string, number>, place: string): void {
  for (const other of places.keys()) if (other.startsWith(`${place}/`)) places.delete(other);
}
