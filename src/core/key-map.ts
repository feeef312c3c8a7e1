import { code, type Phrase, phrase } from './phrase.ts';

/** How keys are called on the other side: by prefix, the first rule that fits. Whatever none fits keeps its name. */
export type KeyMap = readonly PrefixRule[];

export interface PrefixRule {
  readonly from: Uint8Array;
  readonly to: Uint8Array;
}

export type ParsedKeyMap =
  | { readonly ok: true; readonly map: KeyMap }
  | { readonly ok: false; readonly why: Phrase; readonly advice: Phrase };

/** Rules as sed spells them, `s/^old:/new:/`, one a text: a literal prefix each, so that they can be inverted. */
export function parseKeyMap(texts: readonly string[]): ParsedKeyMap {
  const map: PrefixRule[] = [];
  for (const text of texts) {
    const rule = parseRule(text);
    if (rule === undefined) {
      return {
        ok: false,
        why: phrase`a rule for names isn't one that can be inverted`,
        advice: phrase`it should read ${code('s/^old:/new:/')}, with a literal prefix; ${code('\\')} goes before what sed would take for something else`,
      };
    }
    map.push(rule);
  }
  return { ok: true, map };
}

function parseRule(text: string): PrefixRule | undefined {
  const [, sign, rest = ''] = /^s([^\sA-Za-z0-9\\])\^([\s\S]*)$/u.exec(text) ?? [];
  if (sign === undefined) return undefined;
  const parts: string[] = [''];
  const pieces = rest.match(/\\[\s\S]|[\s\S]/gu) ?? [];
  for (const piece of pieces) {
    if (piece === sign) parts.push('');
    else {
      const meant = literal(piece, parts.length === 1 ? /[.*[\]$^\\]/ : /[&\\]/);
      if (meant === undefined) return undefined;
      parts[parts.length - 1] += meant;
    }
  }
  const [from = '', to = '', end] = parts;
  if (parts.length !== 3 || end !== '' || (from === '' && to === '')) return undefined;
  return { from: new TextEncoder().encode(from), to: new TextEncoder().encode(to) };
}

/** What a piece stands for when it is only itself; letters and digits behind a backslash mean something to sed. */
function literal(piece: string, special: RegExp): string | undefined {
  if (piece.length > 1 && piece.startsWith('\\')) {
    return /^\\[A-Za-z0-9]/.test(piece) ? undefined : piece.slice(1);
  }
  return special.test(piece) ? undefined : piece;
}

/** What a key of the source is called on the target. */
export function mapped(map: KeyMap, name: Uint8Array): Uint8Array {
  const rule = map.find(({ from }) => startsWith(name, from));
  return rule === undefined ? name : swapped(name, rule.from, rule.to);
}

/** Every name of the source that is this one on the target: none, or several where rules lead to the same place. */
export function sourcesOf(map: KeyMap, name: Uint8Array): readonly Uint8Array[] {
  const sources = map.filter(({ to }) => startsWith(name, to)).map(({ from, to }) => swapped(name, to, from));
  const seen: Uint8Array[] = [];
  for (const source of [...sources, name]) {
    if (isSame(mapped(map, source), name) && !seen.some((other) => isSame(other, source))) seen.push(source);
  }
  return seen;
}

function startsWith(name: Uint8Array, prefix: Uint8Array): boolean {
  return name.length >= prefix.length && prefix.every((byte, index) => byte === name[index]);
}

function isSame(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && startsWith(a, b);
}

function swapped(name: Uint8Array, from: Uint8Array, to: Uint8Array): Uint8Array {
  const result = new Uint8Array(to.length + name.length - from.length);
  result.set(to);
  result.set(name.subarray(from.length), to.length);
  return result;
}
