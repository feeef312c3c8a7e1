import { isArray, type Json } from './json.ts';
import { blankBetween, colonOf, first, indentOf, type Margin, marginWithin, type Span } from './json-span.ts';

/** How a text spells JSON. */
export interface Style {
  /** By how much what lies within is indented, where it stands on lines of its own. */
  readonly indent: string;
  /** Between two members or items on one line. */
  readonly comma: string;
  /** Between a name and its value. */
  readonly colon: string;
  /** Whether characters beyond ASCII are escaped. */
  readonly isAscii: boolean;
}

/** `python`: as `json.dumps(value, ensure_ascii=False)` does. */
export const styles = {
  python: { indent: '', comma: ', ', colon: ': ', isAscii: false },
} as const satisfies Record<string, Style>;

/** How a text spells what it contains; what it doesn't show is guessed from the rest. */
export function styleOf(text: string, root: Span): Style {
  const blank = first(root, (span) => (marginWithin(text, span) ? undefined : blankBetween(text, span)));
  const seenColon = first(root, (span) => colonOf(text, span));
  // One tells of the other: who leaves out the blank after one of them leaves out both.
  const colon = seenColon ?? (blank === '' ? ':' : ': ');
  const comma = `,${blank ?? (colon.endsWith(' ') ? ' ' : '')}`;
  return { indent: first(root, (span) => indentOf(text, span)) ?? '', comma, colon, isAscii: isAscii(text) };
}

/** Whether a text escapes characters that it could have spelled, and spells none. */
function isAscii(text: string): boolean {
  if (/[\u0080-\uFEFE\uFF00-\uFFFF]/.test(text)) return false;
  // A pair of surrogates, another character, or any other escape, so that `\\u` isn't mistaken for one.
  for (const [escaping] of text.matchAll(/\\(?:ud[89ab]..\\ud[c-f]..|u....|.)/gi)) {
    if (escaping.length > 6 || /^\\u(?!00[0-7]|d[89a-f])/i.test(escaping)) return true;
  }
  return false;
}

/** Numbers are spelled as JavaScript does. Lone surrogates, which UTF-8 can't hold, are escaped. */
export function spell(value: Json, style: Style, margin: Margin): string {
  if (typeof value === 'string') return spellString(value, style);
  // A number too large to be kept is read as Infinity, for which JSON has no word.
  if (typeof value === 'number' && !Number.isFinite(value)) return value > 0 ? '1e999' : '-1e999';
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const inner = margin === undefined ? undefined : margin + style.indent;
  const parts = isArray(value)
    ? value.map((item) => spell(item, style, inner))
    : Object.keys(value).map(
        (name) => spellString(name, style) + style.colon + spell(value[name] as Json, style, inner),
      );
  const [open, close] = isArray(value) ? '[]' : '{}';
  if (parts.length === 0) return `${open}${close}`;
  if (inner === undefined) return `${open}${parts.join(style.comma)}${close}`;
  return `${open}${inner}${parts.join(`,${inner}`)}${margin}${close}`;
}

export function spellString(value: string, { isAscii }: Style): string {
  const spelled = JSON.stringify(value);
  return isAscii ? spelled.replace(/[\u007F-\uFFFF]/g, escaped) : spelled;
}

function escaped(unit: string): string {
  return `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
