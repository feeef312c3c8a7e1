import { Scanner } from './scanner.ts';

/** Where the parts of a JSON text stand, and the blanks between them. */

/** A value in a text: `end` is the offset after it; `parts` are what it contains, in the order of the text. */
export interface Span {
  readonly start: number;
  readonly end: number;
  readonly parts: readonly Part[];
}

/** A member, which begins with its name, or an item, whose name is its index. */
export interface Part {
  readonly name: string;
  readonly start: number;
  readonly span: Span;
}

/** A line break and the indentation of the line; `undefined` where all stands on one line. */
export type Margin = string | undefined;

const NO_PARTS: readonly Part[] = [];

/** `undefined` when the text isn't JSON. */
export function read(text: string): Span | undefined {
  const starts: number[] = [];
  /** By depth: what was read of the container that is still open there. */
  const open: Part[][] = [[]];
  const visit = (_: readonly string[], offset: number) => {
    starts.push(offset);
  };
  const scanner = new Scanner(text, visit, (path, start, end) => {
    const depth = path.length;
    const parts = open[depth + 1] ?? [];
    if (parts.length > 0) open[depth + 1] = [];
    const span = { start, end, parts: parts.length > 0 ? parts : NO_PARTS };
    open[depth] ??= [];
    open[depth].push({ name: path.at(-1) ?? '', start: starts.pop() as number, span });
  });
  return scanner.document() ? open[0]?.[0]?.span : undefined;
}

/** The blanks before and after each comma; the first gap has only an after, the last only a before. */
export function gapsOf(
  text: string,
  { start, end, parts }: Span,
): readonly { before: string; after: string }[] {
  const gaps = parts.map((part, index) => {
    const gap = text.slice(parts[index - 1]?.span.end ?? start, part.start);
    const comma = index === 0 ? 0 : gap.indexOf(',');
    return { before: gap.slice(0, comma), after: gap.slice(comma + 1) };
  });
  return [...gaps, { before: text.slice(parts.at(-1)?.span.end ?? end - 1, end - 1), after: '' }];
}

/** What is before the second member or item, or, where there is only one, before that if it has a line of its own. */
export function marginWithin(text: string, span: Span): Margin {
  const blank =
    blankBetween(text, span) ?? text.slice(span.start + 1, span.parts[0]?.start ?? span.start + 1);
  return /(?:\r\n?|\n)[\t ]*$/.exec(blank)?.[0];
}

export function blankBetween(text: string, { parts: [first, second] }: Span): string | undefined {
  if (first === undefined || second === undefined) return undefined;
  const gap = text.slice(first.span.end, second.start);
  return gap.slice(gap.indexOf(',') + 1);
}

/** What is between the first name and its value; `undefined` for what has no names. */
export function colonOf(text: string, { parts: [first] }: Span): string | undefined {
  if (first === undefined || first.start === first.span.start) return undefined;
  const end = text.lastIndexOf('"', first.span.start - 1) + 1;
  return text.slice(end, first.span.start);
}

/** How much deeper than the end of a container stands what it contains; `undefined` when that is on one line. */
export function indentOf(text: string, span: Span): string | undefined {
  const inner = marginWithin(text, span);
  if (inner === undefined) return undefined;
  const outer = /[\t ]*$/.exec(gapsOf(text, span).at(-1)?.before ?? '')?.[0] ?? '';
  return inner.replace(/^[\r\n]+/, '').slice(outer.length);
}

/** What is found first in a value or in what it contains, in the order of the text. */
export function first<Found>(span: Span, find: (span: Span) => Found | undefined): Found | undefined {
  let found = find(span);
  for (const part of span.parts) {
    if (found !== undefined) break;
    found = first(part.span, find);
  }
  return found;
}
