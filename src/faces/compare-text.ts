import type { CompareState, Comparison } from '../compare.ts';
import { type DifferenceKind, differenceKinds, type KeyDifference } from '../core/comparison.ts';
import { clean, cut } from '../core/plain.ts';
import type { Palette } from '../reporters/terminal.ts';

/** A comparison for people at a terminal, the result in the last line. */

const words: Readonly<Record<DifferenceKind, string>> = {
  missing: 'missing on the target',
  extra: 'only on the target',
  type: 'of another type',
  value: 'of another value',
  ttl: 'of another time to live',
  encoding: 'kept in another encoding',
  unreadable: 'not readable on one side',
};

export function compareInWords({ counts, first, exitCode }: Comparison, palette: Palette): string {
  const blocks = differenceKinds.flatMap((kind) => {
    const count = counts.kinds[kind];
    if (count === 0) return [];
    const shown = first.filter((difference) => difference.kind === kind);
    const rest = count > shown.length ? [palette.dim(`    … and ${count - shown.length} more`)] : [];
    return [`  ${palette.bold(`${count} ${words[kind]}`)}`, ...shown.map(lineOf), ...rest, ''];
  });
  const paint = [palette.green, palette.red, palette.yellow][exitCode] ?? palette.bold;
  const result = [
    '✓ All is the same',
    '✗ There are differences',
    '? Nothing differs as far as it could be read',
  ][exitCode];
  return [
    ...blocks,
    paint(`${result}: ${keys(counts.compared)} compared, ${counts.same} the same.`),
    '',
  ].join('\n');
}

function lineOf({ key, mappedTo, places, differing }: KeyDifference): string {
  const name = typeof key === 'string' ? key : `base64:${key.base64}`;
  const other = typeof mappedTo === 'object' ? `base64:${mappedTo.base64}` : mappedTo;
  const renamed = other === undefined ? '' : ` → ${short(other)}`;
  const where = places === undefined ? count(differing) : ` at ${places.slice(0, 5).map(short).join(', ')}`;
  return `    ${short(name)}${renamed}${where}`;
}

function count(differing: number | undefined): string {
  return differing === undefined ? '' : ` in ${differing} ${differing === 1 ? 'place' : 'places'}`;
}

function short(text: string): string {
  return clean(cut(text, 120));
}

function keys(n: number): string {
  return n === 1 ? '1 key' : `${n} keys`;
}

/** `forward: 12000 keys, 3500/s, about 40 s left`. `since` is what this run began with and when, in milliseconds. */
export function progressInWords(
  { phase, counts }: CompareState,
  since: { readonly compared: number; readonly at: number },
  now: number,
  size: number | undefined,
): string {
  const rate = ((counts.compared - since.compared) * 1000) / Math.max(1, now - since.at);
  const left = size === undefined || phase !== 'forward' ? undefined : Math.max(0, size - counts.compared);
  const time = left === undefined || rate < 1 ? '' : `, about ${Math.ceil(left / rate)} s left`;
  return `${phase}: ${keys(counts.compared)}, ${Math.round(rate)}/s${time}`;
}
