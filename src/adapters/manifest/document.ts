import { type Alias, isAlias, isScalar, isSeq, LineCounter, type ParsedNode, type YAMLMap } from 'yaml';
import { utf8 } from '../../core/decode.ts';
import { foreignFormat } from '../../core/foreign.ts';
import type { Json } from '../../core/json.ts';
import { code, type Phrase, phrase } from '../../core/phrase.ts';
import { BYTE_ORDER_MARK } from '../../core/scanner.ts';
import type { Misplaced } from './mistake.ts';
import { parseYaml } from './syntax.ts';
import { wordName } from './words.ts';

/** A value, and the offsets (UTF-16 units into the text) at which it and all that is in it stand. */
export interface Placed {
  readonly value: Json;
  readonly at: number;
  /** Members by name, items by index. */
  readonly inside: ReadonlyMap<string, Inner>;
}

interface Inner {
  /** Of a member: where its name is. Of an item: where it is itself. */
  readonly at: number;
  readonly placed: Placed;
}

export type ReadDocument =
  | { readonly ok: true; readonly root: Placed; readonly lines: LineCounter }
  | { readonly ok: false; readonly mistakes: readonly Misplaced[]; readonly lines: LineCounter };

/** Bytes. */
const LARGEST = 1024 ** 2;
/** Values, each counted as often as aliases repeat it. */
const MOST_VALUES = 100_000;

/** Reads a document with the places of its values. What is wrong with it is told all at once. */
export function readDocument(bytes: Uint8Array): ReadDocument {
  const lines = new LineCounter();
  const refuse = (mistakes: readonly Misplaced[]) => ({ ok: false, mistakes, lines }) as const;
  const said = wrongBytes(bytes);
  const text = said === undefined ? utf8(bytes) : undefined;
  if (text === undefined) {
    lines.addNewLine(0);
    return refuse([{ at: 0, said: said ?? phrase`the manifest isn't text in UTF-8` }]);
  }
  const parsed = parseYaml(text.startsWith(BYTE_ORDER_MARK) ? text.slice(1) : text, lines);
  if (!parsed.ok) return refuse(parsed.mistakes);
  const placer = new Placer();
  const root = placer.place(parsed.contents, 0);
  return placer.mistakes.length > 0 ? refuse(placer.mistakes) : { ok: true, root, lines };
}

function wrongBytes(bytes: Uint8Array): Phrase | undefined {
  if (bytes.length > LARGEST) return phrase`the manifest is larger than 1 MiB`;
  return foreignFormat(bytes) === 'utf-16' ? phrase`the manifest is UTF-16: save it as UTF-8` : undefined;
}

/** The place that a mistake is told at: of what a path leads to, or of the last that is there. */
export function placeOf(root: Placed, path: readonly PropertyKey[]): number {
  let at = root.at;
  let placed: Placed | undefined = root;
  for (const step of path) {
    const inner: Inner | undefined = placed?.inside.get(String(step));
    if (inner === undefined) break;
    // Nothing, where something should be, is best seen from its name.
    at = inner.placed.value === null ? inner.at : inner.placed.at;
    placed = inner.placed;
  }
  return at;
}

/** The place of the name that a path ends with. */
export function placeOfName(root: Placed, path: readonly PropertyKey[]): number {
  let at = root.at;
  let placed: Placed | undefined = root;
  for (const step of path) {
    const inner: Inner | undefined = placed?.inside.get(String(step));
    at = inner?.at ?? at;
    placed = inner?.placed;
  }
  return at;
}

const nothing: Placed['inside'] = new Map();

/**
 * Turns nodes into values. What an anchor names is placed once and shared by its aliases, so that no chain of aliases
 * costs more than it has links; what they would expand to is counted.
 */
class Placer {
  readonly mistakes: Misplaced[] = [];
  /** `undefined` while what it names is being placed. */
  readonly #anchors = new Map<string, Placed | undefined>();
  readonly #sizes = new WeakMap<Placed, number>();

  place(node: ParsedNode | null, at: number): Placed {
    const placed = this.#placeNode(node, at);
    const anchor = isAlias(node) ? undefined : node?.anchor;
    if (anchor !== undefined) this.#anchors.set(anchor, placed);
    return placed;
  }

  #placeNode(node: ParsedNode | null, at: number): Placed {
    if (node === null) return { value: null, at, inside: nothing };
    const [start] = node.range;
    if (isAlias(node)) return this.#resolve(node, start);
    if (isScalar(node)) return { value: node.value as Json, at: start, inside: nothing };
    if (node.anchor !== undefined) this.#anchors.set(node.anchor, undefined);
    const inside = isSeq(node) ? this.#items(node.items) : this.#members(node);
    const values = [...inside].map(([name, { placed }]) => [name, placed.value] as const);
    const value = isSeq(node) ? values.map(([, item]) => item) : Object.fromEntries(values);
    return this.#counted({ value, at: start, inside });
  }

  #items(items: readonly ParsedNode[]): Placed['inside'] {
    return new Map(
      items.map((item, index) => {
        const placed = this.place(item, item.range[0]);
        return [String(index), { at: placed.at, placed }];
      }),
    );
  }

  #members(map: YAMLMap.Parsed): Placed['inside'] {
    const members = new Map<string, Inner>();
    for (const { key, value } of map.items) {
      const at = key.range[0];
      const member = isScalar(key) ? String(key.value) : undefined;
      const placed = this.place(value, at);
      const said = member === undefined ? phrase`only text can be a name here` : unusable(member, members);
      if (said !== undefined) this.mistakes.push({ at, said });
      else if (member !== undefined) members.set(member, { at, placed });
    }
    return members;
  }

  #resolve({ source }: Alias, at: number): Placed {
    const placed = this.#anchors.get(source);
    if (placed !== undefined) return placed;
    const said = this.#anchors.has(source)
      ? phrase`this alias is inside of what it stands for`
      : phrase`there is no anchor of this name before the alias`;
    this.mistakes.push({ at, said });
    return { value: null, at, inside: nothing };
  }

  #counted(placed: Placed): Placed {
    let size = 1;
    for (const inner of placed.inside.values()) size += this.#sizes.get(inner.placed) ?? 1;
    // Whatever contains too much is told once, at its innermost.
    if (size > MOST_VALUES) {
      this.mistakes.push({ at: placed.at, said: phrase`aliases make this larger than any manifest` });
      size = 1;
    }
    this.#sizes.set(placed, size);
    return placed;
  }
}

/** Why there can't be another member of that name. */
function unusable(member: string, members: ReadonlyMap<string, unknown>): Phrase | undefined {
  // JavaScript can't tell it from a member of every object.
  if (member === '__proto__') return phrase`${code('__proto__')} can be no name here`;
  if (!members.has(member)) return undefined;
  return phrase`${wordName(member)} is there already`;
}
