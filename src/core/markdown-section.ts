/**
 * Adds items of a list at the end of a section of the second level; the section is made at the end of the text where
 * there is none. All the rest stays as it is, and the line ends are those of the text.
 */
export function appendTo(text: string, section: string, items: readonly string[]): string {
  if (items.length === 0) return text;
  const lineEnd = /\r?\n/.exec(text)?.[0] ?? '\n';
  const lines = text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
  const { visible, closedTo } = visibleIn(lines);
  const found = endOf(section, visible);
  const bound = Math.min(found ?? lines.length, closedTo);
  const at = found === undefined ? bound : lines.slice(0, bound).findLastIndex((line) => !isBlank(line)) + 1;
  const before = lines.slice(0, at).map((line) => (line.endsWith('\n') ? line : `${line}${lineEnd}`));
  const after = lines.slice(at);
  const last = before.at(-1) ?? '';
  const isListed = found !== undefined && isOfList(last);
  return [
    ...before,
    ...(isBlank(last) || isListed ? [] : [lineEnd]),
    ...(found === undefined ? [`## ${section}${lineEnd}`, lineEnd] : []),
    ...items.map((item) => `${item}${lineEnd}`),
    // What comes next would be taken for the next line of the item.
    ...(isBlank(after[0] ?? '') ? [] : [lineEnd]),
    ...after,
  ].join('');
}

/** Blocks whose lines are no Markdown: how they open, and how they close. */
const opaque: readonly (readonly [opens: RegExp, closes: (opening: string) => RegExp])[] = [
  [/^\s*(`{3,})[^`]*$/, (fence) => new RegExp(`^\\s*\`{${fence.length},}\\s*$`)],
  [/^\s*(~{3,})/, (fence) => new RegExp(`^\\s*~{${fence.length},}\\s*$`)],
  [/^ {0,3}(<!--)(?!.*-->)/, () => /-->/],
  [
    /^ {0,3}<(pre|script|style|textarea)(?=[\s>])(?!.*<\/\1>)/i,
    (element) => new RegExp(`</${element}>`, 'i'),
  ],
];

interface Visible {
  /** The lines, with blank ones in place of those that are no Markdown. */
  readonly visible: readonly string[];
  /** Where a block begins that is never closed; else the number of lines. */
  readonly closedTo: number;
}

function visibleIn(lines: readonly string[]): Visible {
  const visible: string[] = [];
  let open: { readonly closes: RegExp; readonly line: number } | undefined;
  for (const [line, text] of lines.entries()) {
    const isInside = open !== undefined;
    if (open?.closes.test(text) === true) open = undefined;
    else open ??= openingOf(text, line);
    visible.push(isInside || open !== undefined ? '' : text);
  }
  return { visible, closedTo: open?.line ?? lines.length };
}

function openingOf(text: string, line: number) {
  for (const [opens, closes] of opaque) {
    const opening = opens.exec(text)?.[1];
    if (opening !== undefined) return { closes: closes(opening), line };
  }
  return undefined;
}

/** The line after the last of a section; `undefined` when there is no such section. */
function endOf(section: string, lines: readonly string[]): number | undefined {
  const headings = lines.flatMap((_text, line) => headingAt(line, lines) ?? []);
  const start = headings.findIndex(({ level, title }) => level === 2 && title === section);
  const own = headings[start];
  if (own === undefined) return undefined;
  const next = headings.slice(start + 1).find(({ level }) => level <= 2);
  return next?.line ?? lines.length;
}

interface Heading {
  readonly level: number;
  readonly title: string;
  /** Its first. */
  readonly line: number;
}

function headingAt(line: number, lines: readonly string[]): Heading | undefined {
  const text = lines[line] ?? '';
  const [, marks, title = ''] = ATX.exec(text) ?? [];
  if (marks !== undefined) return { level: marks.length, title: title.trim(), line };
  const [, underline] = /^ {0,3}(=+|-+)\s*$/.exec(text) ?? [];
  const last = lines[line - 1] ?? '';
  if (underline === undefined || isBlank(last) || ATX.test(last) || isOfList(last) || /^\s*>/.test(last)) {
    return undefined;
  }
  const first = lines.slice(0, line).findLastIndex((other) => isBlank(other) || ATX.test(other)) + 1;
  const words = lines.slice(first, line).map((other) => other.trim());
  return { level: underline.startsWith('=') ? 1 : 2, title: words.join(' '), line: first };
}

const ATX = /^ {0,3}(#{1,6})(?:[ \t]+(.*?))?(?:[ \t]+#+)?\s*$/;

function isBlank(line: string): boolean {
  return line.trim() === '';
}

/** An item, or a further line of one. */
function isOfList(line: string): boolean {
  return /^(?:\s*(?:[-*+]|\d+[.)])\s|\s+\S)/.test(line) && !ATX.test(line);
}
