import { type PartData, spell } from './phrase.ts';

/**
 * Foreign text on one line, with nothing in it that a terminal or the workflow runner obeys: control characters
 * (escape sequences, and `\r`, which the runner takes for a line end), marks that reverse the reading order, and
 * the runner's legacy `##[command]`, which it finds anywhere in a line.
 */
export function clean(text: string): string {
  return text
    .replace(/[\p{Cc}\p{Zl}\p{Zp}\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]/gu, visible)
    .replaceAll('##[', '# #[');
}

function visible(character: string): string {
  return `\\u${(character.codePointAt(0) ?? 0).toString(16).padStart(4, '0')}`;
}

/** A phrase without any emphasis, for media that have none. */
export function plain(phrase: readonly PartData[]): string {
  return spell(phrase, { text: clean, code: clean, name: clean, value: clean });
}
