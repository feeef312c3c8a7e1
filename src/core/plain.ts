import type { Finding } from './finding.ts';
import { type PartData, spell } from './phrase.ts';
import { wordingOf } from './tally.ts';

/**
 * Foreign text on one line, with nothing in it that a terminal or the workflow runner obeys: control characters
 * (escape sequences, and `\r`, which the runner takes for a line end), characters that can't be seen, marks that
 * reverse the reading order among them, and the runner's legacy `##[command]`, which it finds anywhere in a line.
 */
export function clean(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu, visible).replaceAll('##[', '# #[');
}

/** The first so many characters; none of them is cut in two. */
export function cut(text: string, length: number): string {
  if (text.length <= length) return text;
  const characters = Array.from(text.slice(0, 2 * length + 1));
  return characters.length <= length ? text : `${characters.slice(0, length - 1).join('')}…`;
}

/** Spelled as JSON does, by UTF-16 unit, so that what was JSON still is. */
function visible(character: string): string {
  return character.replace(/[\s\S]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/** A JSON document that may be printed to a job's log: what that would obey is spelled as JSON can. */
export function printable(document: unknown): string {
  const text = JSON.stringify(document, null, 2)
    .replace(/(?!\n)[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, visible)
    .replaceAll('##[', '#\\u0023[');
  return `${text}\n`;
}

/** What a finding says, on one line. */
export function sentence(finding: Pick<Finding, 'place' | 'phrase' | 'keys'>): string {
  return `${finding.place === '' ? '' : `${clean(finding.place)}: `}${plain(wordingOf(finding))}`;
}

/** What to do about it, on a line of its own; nothing when there is no advice. */
export function todo({ advice }: { readonly advice?: readonly PartData[] }): string {
  return advice === undefined ? '' : `\n→ ${plain(advice)}`;
}

/** A phrase without any emphasis, for media that have none. */
export function plain(phrase: readonly PartData[]): string {
  return spell(phrase, { text: clean, code: clean, name: clean, value: clean });
}
