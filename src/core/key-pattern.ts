import type { ConfigSpec } from './evidence.ts';
import { type Known, vouch } from './phrase.ts';

/** Names of keys with parts that vary: `*` stands for any run of characters, `?` for any one, `\\` escapes. */
export interface KeyPattern {
  /** The whole pattern, prefix included, as Redis matches it. */
  readonly text: Known;
  /** What stands before, between and behind the `*`s. */
  readonly segments: readonly (readonly Piece[])[];
}

/** A character; `undefined` stands for any one. */
type Piece = string | undefined;

/** One config for every key of a pattern. */
export interface PatternSpec {
  readonly pattern: KeyPattern;
  /** What holds for each of them. `key` is the text of the pattern; `{1}` in a fallback is what its first wildcard stands for. */
  readonly template: ConfigSpec;
  /** Keys that are read at the most. */
  readonly limit: number;
  /** What varies is a secret, so it is told by its digest. */
  readonly hidesNames: boolean;
}

/** Puts a prefix, taken literally, before a pattern. */
export function keyPattern(prefix: string, glob: string): KeyPattern {
  const text = prefix.replace(/[\\*?[\]^-]/g, (character) => `\\${character}`) + glob;
  const segments: Piece[][] = [[...prefix]];
  for (const piece of glob.match(/\\[\s\S]|[\s\S]/gu) ?? []) {
    if (piece === '*') segments.push([]);
    else segments.at(-1)?.push(piece === '?' ? undefined : piece.replace(/^\\(?=[\s\S])/, ''));
  }
  return { text: vouch(text), segments };
}

/**
 * What each `*` and `?` stands for, or `undefined` when the key isn't one of the pattern. Where there is a choice, the
 * first stands for as little as may be. Takes time in proportion to the key, whatever the pattern.
 */
export function capture({ segments }: KeyPattern, key: string): readonly string[] | undefined {
  const characters = [...key];
  const captures: string[] = [];
  let end = 0;
  for (const [index, segment] of segments.entries()) {
    const last = characters.length - segment.length;
    const isBehindAll = index === segments.length - 1;
    const place = index === 0 ? 0 : isBehindAll ? last : firstPlace(segment, characters, end);
    if (place < end || place > last || !standsAt(segment, characters, place)) return undefined;
    if (index > 0) captures.push(characters.slice(end, place).join(''));
    for (const [offset, piece] of segment.entries()) {
      if (piece === undefined) captures.push(characters[place + offset] ?? '');
    }
    end = place + segment.length;
  }
  return end === characters.length ? captures : undefined;
}

/** Too far behind when there is none. */
function firstPlace(segment: readonly Piece[], characters: readonly string[], from: number): number {
  let place = from;
  while (place + segment.length <= characters.length && !standsAt(segment, characters, place)) place += 1;
  return place;
}

function standsAt(segment: readonly Piece[], characters: readonly string[], place: number): boolean {
  return segment.every((piece, offset) =>
    piece === undefined ? place + offset < characters.length : characters[place + offset] === piece,
  );
}

/** The spec of one key of a pattern. `shown` is how the key may be printed. */
export function specOf({ pattern, template }: PatternSpec, key: string, shown: Known): ConfigSpec {
  const captures = capture(pattern, key) ?? [];
  return {
    ...template,
    key: shown,
    storedKey: key,
    fallback: template.fallback.map((path) => vouch(filled(path, captures))),
  };
}

/** A name that would lead to another folder leads to no file. */
function filled(path: string, captures: readonly string[]): string {
  return path.replace(HOLE, (hole, number: string) => {
    const part = captures[Number(number) - 1];
    return part !== undefined && isFileName(part) ? part : hole;
  });
}

const HOLE = /\{([1-9])\}/g;

/** A colon could make a path one of another kind. */
function isFileName(part: string): boolean {
  return /^(?!\.)[^/\\:\p{Cc}]+$/u.test(part);
}

/** Where the fallbacks of a pattern's keys lie, when they are told apart by the name of the file alone. */
export function folderOf(path: Known): Known | undefined {
  const [, folder = '', file = ''] = /^(.*\/)?([^/]*)$/s.exec(path) ?? [];
  return file.search(HOLE) !== -1 && folder.search(HOLE) === -1
    ? vouch(folder.replace(/\/$/, '') || '.')
    : undefined;
}

/**
 * The key that would have this file for its fallback, with a `*` for what the file doesn't tell; `undefined` when the
 * file is none of the pattern's.
 */
export function keyOfFile({ pattern }: PatternSpec, template: Known, file: Known): string | undefined {
  const numbers: number[] = [];
  const source = template.replace(/\{([1-9])\}|[\s\S]/gu, (piece, number?: string) => {
    if (number === undefined) return piece.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
    const isKnown = numbers.includes(Number(number));
    if (isKnown) return `\\k<n${number}>`;
    numbers.push(Number(number));
    return `(?<n${number}>[^/]+?)`;
  });
  const groups = new RegExp(`^${source}$`, 'u').exec(file)?.groups;
  if (groups === undefined || !Object.values(groups).every(isFileName)) return undefined;
  let number = 0;
  const captured = (otherwise: string) => {
    number += 1;
    return groups[`n${number}`] ?? otherwise;
  };
  return pattern.segments
    .map(
      (segment, index) =>
        (index === 0 ? '' : captured('*')) + segment.map((piece) => piece ?? captured('?')).join(''),
    )
    .join('');
}
