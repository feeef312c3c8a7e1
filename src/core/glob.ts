/** A character of a name, or what one of them has to be; `undefined` stands for any run of characters. */
type Piece = ((character: number) => boolean) | undefined;

/**
 * Whether names match a pattern as Redis understands it: `*`, `?`, `[abc]`, `[a-z]`, `[^a]`, and `\\` before what is
 * meant as it stands. Takes time in proportion to name times pattern at the most.
 */
export function globOf(pattern: string): (name: Uint8Array) => boolean {
  const pieces = piecesOf(new TextEncoder().encode(pattern));
  return (name) => isMatch(pieces, name);
}

function isMatch(pieces: readonly Piece[], name: Uint8Array): boolean {
  let [at, piece] = [0, 0];
  // Where the last `*` stands, and how much it has taken: more, when what is behind it doesn't fit.
  let star = -1;
  let taken = 0;
  while (at < name.length) {
    const wanted = pieces[piece];
    if (piece < pieces.length && wanted === undefined) {
      star = piece;
      taken = at;
      piece += 1;
    } else if (wanted?.(name[at] ?? -1) === true) {
      at += 1;
      piece += 1;
    } else if (star === -1) return false;
    else {
      taken += 1;
      at = taken;
      piece = star + 1;
    }
  }
  return pieces.slice(piece).every((rest) => rest === undefined);
}

const [STAR, ANY, OPEN, CLOSE, NOT, DASH, ESCAPE] = [...'*?[]^-\\'].map((sign) => sign.charCodeAt(0));

function piecesOf(pattern: Uint8Array): readonly Piece[] {
  const pieces: Piece[] = [];
  for (let at = 0; at < pattern.length; at += 1) {
    const sign = pattern[at];
    if (sign === STAR) pieces.push(undefined);
    else if (sign === ANY) pieces.push(() => true);
    else if (sign === OPEN) {
      const found = classOf(pattern, at + 1);
      pieces.push(found.piece);
      at = found.end;
    } else {
      if (sign === ESCAPE && at + 1 < pattern.length) at += 1;
      const meant = pattern[at];
      pieces.push((character) => character === meant);
    }
  }
  return pieces;
}

/** What stands in brackets; `end` is where they close, or the last character where they don't. */
function classOf(pattern: Uint8Array, start: number): { readonly piece: Piece; readonly end: number } {
  const isNegated = pattern[start] === NOT;
  const ranges: (readonly [number, number])[] = [];
  let at = isNegated ? start + 1 : start;
  for (; at < pattern.length && pattern[at] !== CLOSE; at += 1) {
    if (pattern[at] === ESCAPE && at + 1 < pattern.length) {
      at += 1;
      const meant = pattern[at] ?? 0;
      ranges.push([meant, meant]);
    } else if (pattern[at + 1] === DASH && at + 2 < pattern.length) {
      const [a = 0, b = 0] = [pattern[at], pattern[at + 2]];
      ranges.push([Math.min(a, b), Math.max(a, b)]);
      at += 2;
    } else {
      const meant = pattern[at] ?? 0;
      ranges.push([meant, meant]);
    }
  }
  const isIn = (character: number) => ranges.some(([low, high]) => low <= character && character <= high);
  return { piece: (character) => isIn(character) !== isNegated, end: Math.min(at, pattern.length - 1) };
}
