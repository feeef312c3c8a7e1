import type { Pointer } from './pointer.ts';
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

/**
 * Where to look for the value at a pointer: the name of a member, the first character of an item or of the root.
 * Of equal names the last one counts, as in `JSON.parse`. A pointer that leads nowhere gives its nearest existing
 * ancestor; a text that isn't JSON gives its first character.
 */
export function locate(text: string, pointer: Pointer): Position {
  // Containers come before what they contain, and the last of equal names last: the last prefix met is the answer.
  let place = 0;
  const scanner = new Scanner(text, (path, offset) => {
    if (isPrefix(path, pointer)) place = offset;
  });
  return positionAt(text, scanner.document() ? place : 0);
}

function isPrefix(path: Pointer, pointer: Pointer): boolean {
  return path.every((token, depth) => token === pointer[depth]);
}
