import { NONE } from './alignment.ts';
import { isArray, isObject, type Json, type JsonObject } from './json.ts';
import {
  blankBetween,
  colonOf,
  gapsOf,
  type Margin,
  marginWithin,
  type Part,
  read,
  type Span,
} from './json-span.ts';
import { type Style, spell, spellString, styleOf, styles } from './json-style.ts';
import { Pairing, rootOf } from './pairing.ts';

/** A member or item of a text that is to be: `part` and `old` are what stood in its place, if anything did. */
interface Entry {
  /** `undefined` for an item. */
  readonly name: string | undefined;
  readonly part: Part | undefined;
  readonly old: Json | undefined;
  readonly next: Json;
}

/** A text on one line, for where there is none to be like. */
export function spellJson(value: Json, style: keyof typeof styles): string {
  return spell(value, styles[style], undefined);
}

/**
 * A text for `next`, as near to the given one as may be: what stays the same keeps its spelling, what is new is spelled
 * like the rest, and members come in the order of `next`. Of names that are repeated where something changes the last stays. A text that isn't JSON
 * is replaced as a whole. It recurses, which the depth limit of decoded documents makes safe.
 */
export function rewriteJson(text: string, next: Json): string {
  const root = read(text);
  if (root === undefined) return spellJson(next, 'python');
  const old: Json = JSON.parse(text.slice(root.start, root.end));
  const lineBreak = /^[\r\n]*/.exec(marginWithin(text, root) ?? '')?.[0];
  const rewritten = new Rewriter(text, styleOf(text, root)).rewrite(root, old, next, lineBreak || undefined);
  return text.slice(0, root.start) + rewritten + text.slice(root.end);
}

class Rewriter {
  readonly #pairing = new Pairing([]);
  /** By what was wanted: what it was found to differ from. Spares deep documents from being compared once per level. */
  readonly #different = new Map<Json, Json>();
  readonly #text: string;
  readonly #style: Style;

  constructor(text: string, style: Style) {
    this.#text = text;
    this.#style = style;
  }

  /** `margin` is that of the line where the value begins. */
  rewrite(span: Span, old: Json, next: Json, margin: Margin): string {
    if (this.#isSame(old, next)) return this.#text.slice(span.start, span.end);
    const entries = this.#entries(span, old, next);
    if (entries === undefined) return spell(next, this.#style, margin);
    const isEmpty = entries.length === 0 || span.parts.length === 0;
    return isEmpty ? spell(next, this.#style, margin) : this.#join(span, entries);
  }

  /** Like `sameJson`, but the order of members counts. */
  #isSame(old: Json, next: Json): boolean {
    if (typeof next !== 'object' || next === null) return old === next;
    if (typeof old !== 'object' || old === null || this.#different.get(next) === old) return false;
    const isSame = isArray(next)
      ? isArray(old) && this.#hasSameItems(old, next)
      : this.#hasSameMembers(old, next);
    if (!isSame) this.#different.set(next, old);
    return isSame;
  }

  #hasSameItems(old: readonly Json[], next: readonly Json[]): boolean {
    return old.length === next.length && old.every((item, index) => this.#isSame(item, next[index] as Json));
  }

  #hasSameMembers(old: Json, next: JsonObject): boolean {
    if (!isObject(old)) return false;
    const names = Object.keys(old);
    const wanted = Object.keys(next);
    return (
      names.length === wanted.length &&
      names.every(
        (name, index) => name === wanted[index] && this.#isSame(old[name] as Json, next[name] as Json),
      )
    );
  }

  /** What `next` contains; `undefined` when it isn't a container of the same kind. */
  #entries(span: Span, old: Json, next: Json): readonly Entry[] | undefined {
    if (isArray(old)) return isArray(next) ? this.#items(span, old, next) : undefined;
    return isObject(old) && isObject(next) ? members(span, old, next) : undefined;
  }

  #items({ parts }: Span, old: readonly Json[], next: readonly Json[]): readonly Entry[] {
    const partners = this.#partners(old, next);
    return next.map((item, index) => {
      const partner = partners[index] ?? NONE;
      return { name: undefined, part: parts[partner], old: old[partner], next: item };
    });
  }

  /** Only what lies between the first and the last change is worth an alignment. */
  #partners(old: readonly Json[], next: readonly Json[]): readonly number[] {
    const head = this.#sameLength(old, next);
    const tail = this.#sameLength(old.slice(head).reverse(), next.slice(head).reverse());
    const [oldEnd, nextEnd] = [old.length - tail, next.length - tail];
    const place = rootOf([]);
    const between = this.#pairing.align(old.slice(head, oldEnd), next.slice(head, nextEnd), place, place);
    return next.map((_, index) => {
      if (index < head) return index;
      const partner = index < nextEnd ? (between[index - head] as number) : index - nextEnd + oldEnd - head;
      return partner === NONE ? NONE : partner + head;
    });
  }

  /** How many items, from the first on, are the same. */
  #sameLength(old: readonly Json[], next: readonly Json[]): number {
    const end = next.findIndex(
      (item, index) => index >= old.length || !this.#isSame(old[index] as Json, item),
    );
    return end === -1 ? next.length : end;
  }

  /** The blanks around what stays are kept, but for those that belong to the first or the last place. */
  #join(span: Span, entries: readonly Entry[]): string {
    const text = this.#text;
    const gaps = gapsOf(text, span);
    const places = new Map(span.parts.map((part, index) => [part, index]));
    const margin = marginWithin(text, span);
    const between = margin ?? blankBetween(text, span) ?? this.#style.comma.slice(1);
    const colon = colonOf(text, span) ?? this.#style.colon;
    const last = entries.length - 1;
    let spelled = text.charAt(span.start);
    for (const [index, entry] of entries.entries()) {
      const place = entry.part && (places.get(entry.part) as number);
      const stays = place !== undefined;
      const lead = index === 0 ? gaps[0]?.after : stays && place > 0 ? gaps[place]?.after : between;
      const trail = stays && index < last && place < span.parts.length - 1 ? gaps[place + 1]?.before : '';
      spelled += `${index === 0 ? '' : ','}${lead}${this.#entry(entry, colon, margin)}${trail}`;
    }
    return spelled + gaps.at(-1)?.before + text.charAt(span.end - 1);
  }

  #entry({ name, part, old, next }: Entry, colon: string, margin: Margin): string {
    if (part === undefined || old === undefined) {
      const value = spell(next, this.#style, margin);
      return name === undefined ? value : spellString(name, this.#style) + colon + value;
    }
    return this.#text.slice(part.start, part.span.start) + this.rewrite(part.span, old, next, margin);
  }
}

function members({ parts }: Span, old: JsonObject, next: JsonObject): readonly Entry[] {
  const byName = new Map(parts.map((part) => [part.name, part]));
  return namesInOrder([...byName.keys()], old, next).map((name) => ({
    name,
    part: byName.get(name),
    old: Object.hasOwn(old, name) ? old[name] : undefined,
    next: next[name] as Json,
  }));
}

/**
 * The names of `next` in its order. JavaScript, though, puts names like `7` first: where that is all the difference
 * between the text and `next`, the order is that of the text.
 */
function namesInOrder(inText: readonly string[], old: JsonObject, next: JsonObject): readonly string[] {
  const names = Object.keys(next);
  const kept = names.filter((name) => Object.hasOwn(old, name));
  const before = Object.keys(old).filter((name) => Object.hasOwn(next, name));
  if (kept.some((name, index) => name !== before[index])) return names;
  const front: string[] = [];
  const behind = new Map<string, string[]>(kept.map((name) => [name, [name]]));
  let group = front;
  for (const name of names) {
    const own = behind.get(name);
    if (own === undefined) group.push(name);
    else group = own;
  }
  return [front, ...inText.map((name) => behind.get(name) ?? [])].flat();
}
