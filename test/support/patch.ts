import type { Difference } from '../../src/core/difference.ts';
import { isArray, isObject, type Json, type JsonObject } from '../../src/core/json.ts';

/**
 * Carries differences out on the before-document they were found in. With all of them, and nothing ignored, the result
 * is the same as the after-document; with a choice of them, added and moved items go to their after-index as far as
 * the array reaches that far, else to its end. The documents given are not modified; the result shares values with them.
 */
export function patch(before: Json, differences: readonly Difference[]): Json {
  const root: Edits = { inner: new Map(), added: new Map() };
  for (const found of differences) {
    const edits = found.before.reduce(editsInside, root);
    if (found.kind === 'added') edits.added.set(found.after.at(-1) ?? '', found.value);
    else edits.itself = found;
  }
  return edited(before, root);
}

/** What is to be done to one value of the before-document, and inside it. */
interface Edits {
  /** Removed, changed or moved, where it is any of these. */
  itself?: Difference;
  /** By member name or before-index. */
  readonly inner: Map<string, Edits>;
  /** By member name or after-index. */
  readonly added: Map<string, Json>;
}

function editsInside(edits: Edits, token: string): Edits {
  const inside = edits.inner.get(token) ?? { inner: new Map(), added: new Map() };
  edits.inner.set(token, inside);
  return inside;
}

function edited(value: Json, edits: Edits | undefined): Json {
  if (edits === undefined) return value;
  if (edits.itself?.kind === 'changed') return edits.itself.to;
  if (isArray(value)) return editedItems(value, edits);
  return isObject(value) ? editedMembers(value, edits) : value;
}

function editedMembers(object: JsonObject, { inner, added }: Edits): JsonObject {
  const kept = Object.entries(object).filter(([name]) => inner.get(name)?.itself?.kind !== 'removed');
  const members = kept.map(([name, value]) => [name, edited(value, inner.get(name))] as const);
  return Object.fromEntries([...members, ...added]);
}

function editedItems(items: readonly Json[], { inner, added }: Edits): readonly Json[] {
  const kept: Json[] = [];
  const placed = Array.from(added, ([index, value]) => ({ index: Number(index), value }));
  for (const [index, item] of items.entries()) {
    const edits = inner.get(String(index));
    const value = edited(item, edits);
    if (edits?.itself?.kind === 'moved') placed.push({ index: Number(edits.itself.after.at(-1)), value });
    else if (edits?.itself?.kind !== 'removed') kept.push(value);
  }
  const result: Json[] = [];
  let next = 0;
  for (const { index, value } of placed.sort((a, b) => a.index - b.index)) {
    while (result.length < index && next < kept.length) result.push(kept[next++] as Json);
    result.push(value);
  }
  return result.concat(kept.slice(next));
}
