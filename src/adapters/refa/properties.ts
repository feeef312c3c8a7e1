/**
 * Spells `\p{…}` and `\P{…}` out as ranges of characters, as the engine that runs this has them. The library has
 * tables of its own, of another version of Unicode: a proof about those would be one about nobody's strings.
 */
export function spellingOut(): (pattern: string) => string {
  const known = new Map<string, string>();
  let all: Samples | undefined;
  const ranges = (property: string): string => {
    const before = known.get(property);
    if (before !== undefined) return before;
    all ??= samples();
    const found = rangesOf(property, all);
    known.set(property, found);
    return found;
  };
  return (pattern) => {
    let isInClass = false;
    // The flag `u` knows no classes in classes.
    return pattern.replace(/\\(?:[pP]\{[^}]*\}|[\s\S])|[[\]]/gu, (token) => {
      if (token.length === 1) isInClass = token === '[';
      if (!/^\\[pP]/u.test(token)) return token;
      return isInClass ? ranges(token) : `[${ranges(token)}]`;
    });
  };
}

interface Samples {
  readonly text: string;
  readonly sections: readonly Section[];
}

/** Characters that follow each other in the text, from its unit `from` to the one before `to`. */
interface Section {
  readonly first: number;
  readonly last: number;
  readonly from: number;
  readonly to: number;
}

/** All characters; of those parts of Unicode that are alike throughout, one for all. */
function samples(): Samples {
  const sections: Section[] = [];
  const chunks: string[] = [];
  let to = 0;
  const add = (first: number, last: number, length: number) => {
    for (let at = 0; at < length; at += 4096) {
      const codes = Array.from({ length: Math.min(4096, length - at) }, (_, index) => first + at + index);
      chunks.push(String.fromCodePoint(...codes));
    }
    const from = to;
    to += length * width(first);
    sections.push({ first, last, from, to });
  };
  const each = (first: number, last: number) => add(first, last, last - first + 1);
  each(0, 0xd7ff);
  // The low surrogates before the high ones, so that they make no pairs.
  each(0xdc00, 0xdfff);
  each(0xd800, 0xdbff);
  each(0xe000, 0xffff);
  each(0x10000, 0x3ffff);
  each(0xe0000, 0xe0fff);
  // Behind the ideographs nothing is assigned but that, and the last two planes are for private use.
  for (let plane = 0x40000; plane <= 0x100000; plane += 0x10000) {
    add(plane === 0xe0000 ? 0xe1000 : plane, plane + 0xfffd, 1);
    each(plane + 0xfffe, plane + 0xffff);
  }
  return { text: chunks.join(''), sections };
}

function width(code: number): number {
  return code > 0xffff ? 2 : 1;
}

function rangesOf(property: string, { text, sections }: Samples): string {
  const parts: string[] = [];
  for (const { 0: run, index } of text.matchAll(new RegExp(`${property}+`, 'gu'))) {
    const end = index + run.length;
    for (const { first, last, from, to } of sections) {
      if (index >= to || end <= from) continue;
      const code = (at: number) => first + (at - from) / width(first);
      const until = end >= to ? last : code(end) - 1;
      parts.push(`\\u{${code(Math.max(index, from)).toString(16)}}-\\u{${until.toString(16)}}`);
    }
  }
  // Nothing at all might change the meaning of what follows: a `^`.
  return parts.join('') || '\\P{Any}';
}
