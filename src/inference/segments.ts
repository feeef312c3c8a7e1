import { isId, looksSecret } from './secret-words.ts';

/** A key taken apart: segments at the even places, what divides them at the odd ones; each as a glob. */
export type Pieces = readonly string[];

/** Segments of a key, with what divides them. The dots of an address or a token divide nothing. */
export function segmentsOf(key: string): readonly string[] {
  return key.split(/([:/|])/).flatMap((part) => (isId(part) ? [part] : part.split(/(\.)/)));
}

/** The key with `*` for every number, id, date, address and secret in it. */
export function generalPieces(key: string): Pieces {
  return segmentsOf(key).map(general);
}

/** The key to the letter, apart from secrets. */
export function literalPieces(key: string): Pieces {
  return segmentsOf(key).map((segment) => (looksSecret(segment) ? '*' : escaped(segment)));
}

export function isVarying(piece: string): boolean {
  return /(?:^|[^\\])(?:\\\\)*\*/.test(piece);
}

/** `user-17` varies in its number. */
function general(segment: string): string {
  if (isId(segment)) return '*';
  const [, stem, number] = /^(.*[a-z][-_])(\d+|[0-9a-f]{8,})$/i.exec(segment) ?? [];
  return stem !== undefined && number !== undefined && isId(number) ? `${escaped(stem)}*` : escaped(segment);
}

function escaped(segment: string): string {
  return segment.replace(/[\\*?[\]]/g, (character) => `\\${character}`);
}

/** The text that a glob without wildcards stands for. */
export function unescaped(glob: string): string {
  return glob.replace(/\\(.)/gsu, '$1');
}

/** What a key may be called in a list: ids and secrets in it are `*`. */
export function publicGlob(key: string): string {
  return unescaped(generalPieces(key).join(''));
}
