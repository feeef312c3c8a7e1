import { type Hints, namesFor, noHints, scalarsFor } from './harmless.ts';
import { isArray, isObject, type Json } from './json.ts';
import { formatPointer, type Pattern, type Pointer } from './pointer.ts';
import { redactor, type Visibility } from './redaction.ts';

/** What of a document must not be seen. */
export interface Hides {
  /** Of a string, number or boolean. */
  readonly value: (pointer: Pointer, value: Json) => boolean;
  /** Of the member at the pointer: whether its name is hidden. */
  readonly name: (pointer: Pointer) => boolean;
}

/** The same document with nothing hidden in it, or the first place that nothing can stand in for. */
export type StandIn =
  | { readonly ok: true; readonly value: Json }
  | { readonly ok: false; readonly pointer: Pointer };

/** So many places are filled in before it is given up: many times if they are few, a few times if they are many. */
const FILLED = 4_000_000;

/**
 * Hides all that a report would not print in full, and every name that neither the visibility nor `vocabulary`
 * spells: below a value of the wrong shape, what looks like a property may be anything.
 */
export function hiding(visibility: Visibility, vocabulary: ReadonlySet<string>): Hides {
  const veil = redactor(visibility, () => '');
  const { show, showWords, showText, hiddenNames, secretNames } = visibility;
  const words: ReadonlySet<string> = new Set([
    ...vocabulary,
    ...[...show, ...showWords, ...showText].flat(),
    ...[...hiddenNames, ...secretNames].flatMap(({ except }) => except),
  ]);
  return {
    value(pointer, value) {
      const part = veil.value(pointer, value);
      return part.kind === 'hidden' || part.text !== JSON.stringify(value);
    },
    name(pointer) {
      const word = pointer.at(-1) ?? '';
      return !words.has(word) || !veil.place(pointer).endsWith(formatPointer([word]));
    },
  };
}

/**
 * Puts something harmless in the place of all that is hidden, so that the document stays what it is to `isAlike`.
 * Types stay, and so do `null` and the number of items and members. What says the least of the original is tried
 * first: everywhere at once, then for similar places, for equal values, for each. The same always gives the same.
 */
export function standIn(
  value: Json,
  hides: Hides,
  isAlike: (candidate: Json) => boolean,
  hints: Hints = noHints,
): StandIn {
  const slots = slotsOf(value, hides, hints);
  if (slots.length === 0) return isAlike(value) ? { ok: true, value } : { ok: false, pointer: [] };
  let left = FILLED;
  const fits = (chosen: Chosen): boolean => {
    if (left < slots.length) return false;
    left -= slots.length;
    const candidate = filled(value, chosen);
    return candidate !== undefined && isAlike(candidate);
  };
  const settled = settle(slots, new Map(), fits);
  if (!settled.ok) return { ok: false, pointer: settled.slot.pointer };
  const replaced = filled(value, settled.chosen);
  return replaced === undefined ? { ok: false, pointer: [] } : { ok: true, value: replaced };
}

/** A hidden scalar or name, and what may stand in for it. */
interface Slot {
  readonly key: string;
  readonly pointer: Pointer;
  /** Slots that share one are likely to need the same: first the kind of place, then the content, then nothing. */
  readonly traits: readonly [string, string, string];
  /** What says the least comes first; at least one. */
  readonly candidates: readonly Json[];
}

/** What stands in, by the key of the slot; where nothing does yet, the original stays. */
type Chosen = ReadonlyMap<string, Json>;

type Settled = { readonly ok: true; readonly chosen: Chosen } | { readonly ok: false; readonly slot: Slot };

function settle(slots: readonly Slot[], chosen: Chosen, fits: (chosen: Chosen) => boolean): Settled {
  const kinds = new Set(slots.map(({ traits: [kind] }) => kind));
  // What one kind of place needs says too much at another.
  const rounds = kinds.size > 1 ? 1 : longest(slots);
  for (let round = 0; round < rounds; round += 1) {
    const next = new Map(chosen);
    for (const { key, candidates } of slots) next.set(key, candidates[round] ?? candidates.at(-1) ?? null);
    if (fits(next)) return { ok: true, chosen: next };
  }
  const [slot, ...others] = slots;
  if (slot !== undefined && others.length === 0) return { ok: false, slot };
  let current = chosen;
  for (const part of parts(slots)) {
    const settled = settle(part, current, fits);
    if (!settled.ok) return settled;
    current = settled.chosen;
  }
  return { ok: true, chosen: current };
}

function longest(slots: readonly Slot[]): number {
  return slots.reduce((most, { candidates }) => Math.max(most, candidates.length), 0);
}

/** By the first trait that not all of them share. */
function parts(slots: readonly Slot[]): readonly (readonly Slot[])[] {
  for (const trait of [0, 1] as const) {
    const groups = grouped(slots, trait);
    if (groups.length > 1) return groups;
  }
  return grouped(slots, 2);
}

function grouped(slots: readonly Slot[], trait: 0 | 1 | 2): readonly (readonly Slot[])[] {
  const groups = new Map<string, Slot[]>();
  for (const slot of slots) {
    const group = groups.get(slot.traits[trait]);
    if (group === undefined) groups.set(slot.traits[trait], [slot]);
    else group.push(slot);
  }
  return [...groups.values()];
}

function slotsOf(document: Json, hides: Hides, hints: Hints): readonly Slot[] {
  const slots: Slot[] = [];
  // The same name is the same wherever it stands.
  const numbers = new Map<string, number>();
  rewritten(document, [], [], {
    value(value, pointer, kind) {
      if (value !== null && hides.value(pointer, value)) {
        const key = keyOf('value', pointer);
        const traits = [keyOf('value', kind), JSON.stringify(value), key] as const;
        slots.push({ key, pointer, traits, candidates: scalarsFor(value, hints) });
      }
      return value;
    },
    name(name, pointer, kind) {
      if (!hides.name(pointer)) return { name, kind: name };
      const number = numbers.get(name) ?? numbers.size + 1;
      numbers.set(name, number);
      const key = keyOf('name', pointer);
      const traits = [keyOf('name', kind), JSON.stringify([name]), key] as const;
      slots.push({ key, pointer, traits, candidates: namesFor(name, number, hints) });
      return { name, kind: '*' };
    },
  });
  return slots;
}

/** Undefined when two members would get the same name. */
function filled(document: Json, chosen: Chosen): Json | undefined {
  return rewritten(document, [], [], {
    value: (value, pointer) => chosen.get(keyOf('value', pointer)) ?? value,
    name: (name, pointer) => ({ name: String(chosen.get(keyOf('name', pointer)) ?? name), kind: name }),
  });
}

function keyOf(what: 'value' | 'name', pointer: Pointer): string {
  return `${what} ${formatPointer(pointer)}`;
}

type Scalar = null | string | number | boolean;

/** What becomes of each scalar and name. Pointers are those of the original; `kind` has `*` for what is data in them. */
interface Rewrite {
  value(value: Scalar, pointer: Pointer, kind: Pattern): Json;
  /** `kind` is that of the object. */
  name(name: string, pointer: Pointer, kind: Pattern): { readonly name: string; readonly kind: string };
}

/** Undefined when two members would get the same name. */
function rewritten(value: Json, pointer: Pointer, kind: Pattern, rewrite: Rewrite): Json | undefined {
  if (isArray(value)) {
    const items = value.map((item, index) =>
      rewritten(item, [...pointer, String(index)], [...kind, '*'], rewrite),
    );
    return items.every((item) => item !== undefined) ? items : undefined;
  }
  if (!isObject(value)) return rewrite.value(value, pointer, kind);
  const members = new Map<string, Json>();
  for (const [name, member] of Object.entries(value)) {
    const place = [...pointer, name];
    const standing = rewrite.name(name, place, kind);
    const inside = rewritten(member, place, [...kind, standing.kind], rewrite);
    if (inside === undefined || members.has(standing.name)) return undefined;
    members.set(standing.name, inside);
  }
  return Object.fromEntries(members);
}
