import { isArray, isObject, type Json } from './json.ts';
import { formatPointer, type Pointer } from './pointer.ts';
import { redactor, type Visibility } from './redaction.ts';

/** What of a document must not be seen. */
export interface Hides {
  /** Of a string, number or boolean. */
  readonly value: (pointer: Pointer, value: Json) => boolean;
  /** Of the member at the pointer: whether its name is hidden. */
  readonly name: (pointer: Pointer) => boolean;
}

/** Words and numbers of a schema, which may be seen: where it asks for one of them, no other will do. */
export interface Hints {
  readonly values: readonly (string | number)[];
  readonly names: readonly string[];
}

/** The same document with nothing hidden in it, or the first place that nothing can stand in for. */
export type StandIn =
  | { readonly ok: true; readonly value: Json }
  | { readonly ok: false; readonly pointer: Pointer };

/** So many documents are tried. */
const TRIED = 4000;
const HINTS = 40;

const noHints: Hints = { values: [], names: [] };

/** Hides all that a report would not print in full. */
export function hiding(visibility: Visibility): Hides {
  const veil = redactor(visibility, () => '');
  return {
    value(pointer, value) {
      const part = veil.value(pointer, value);
      return part.kind === 'hidden' || part.text !== JSON.stringify(value);
    },
    name: (pointer) => !veil.place(pointer).endsWith(formatPointer(pointer.slice(-1))),
  };
}

/**
 * Puts something harmless in the place of all that is hidden, so that the document stays what it is to `isAlike`.
 * Types stay, and so do `null`, the number of items and members, and which hidden values were equal. What says the
 * least of the original is tried first: everywhere at once, then for similar places, for equal values, for each.
 */
export function standIn(
  value: Json,
  hides: Hides,
  isAlike: (candidate: Json) => boolean,
  hints: Hints = noHints,
): StandIn {
  const slots = slotsOf(value, [], [], { hides, hints });
  if (slots.length === 0) return isAlike(value) ? { ok: true, value } : { ok: false, pointer: [] };
  let left = TRIED;
  const fits = (chosen: Chosen): boolean => {
    if (left === 0) return false;
    left -= 1;
    const candidate = rebuilt(value, [], chosen);
    return candidate !== undefined && isAlike(candidate);
  };
  const settled = settle(slots, new Map(), fits);
  if (!settled.ok) return { ok: false, pointer: settled.slot.pointer };
  const replaced = rebuilt(value, [], settled.chosen);
  return replaced === undefined ? { ok: false, pointer: [] } : { ok: true, value: replaced };
}

/** A hidden scalar or name, and what may stand in for it. */
interface Slot {
  readonly key: string;
  readonly pointer: Pointer;
  /** The same for all items of an array and all members with hidden names. */
  readonly kindOfPlace: string;
  /** The same for all that hide the same. */
  readonly content: string;
  /** What says the least comes first; at least one. */
  readonly candidates: readonly Json[];
}

/** What stands in, by the key of the slot; where nothing does yet, the original stays. */
type Chosen = ReadonlyMap<string, Json>;

type Settled = { readonly ok: true; readonly chosen: Chosen } | { readonly ok: false; readonly slot: Slot };

function settle(slots: readonly Slot[], chosen: Chosen, fits: (chosen: Chosen) => boolean): Settled {
  const rounds = Math.max(...slots.map(({ candidates }) => candidates.length));
  for (let round = 0; round < rounds; round += 1) {
    const next = new Map(chosen);
    for (const { key, candidates } of slots) next.set(key, candidates[round] ?? candidates.at(-1) ?? null);
    if (fits(next)) return { ok: true, chosen: next };
  }
  let current = chosen;
  for (const part of parts(slots)) {
    const settled = settle(part, current, fits);
    if (!settled.ok) return settled;
    current = settled.chosen;
  }
  const [slot] = slots;
  return slot !== undefined && slots.length === 1 ? { ok: false, slot } : { ok: true, chosen: current };
}

/** What is likely to need the same stand-in stays together; a single slot has no parts. */
function parts(slots: readonly Slot[]): readonly (readonly Slot[])[] {
  const by = [({ kindOfPlace }: Slot) => kindOfPlace, ({ content }: Slot) => content, ({ key }: Slot) => key];
  for (const trait of by) {
    const groups = grouped(slots, trait);
    if (groups.length > 1) return groups;
  }
  return [];
}

function grouped(slots: readonly Slot[], trait: (slot: Slot) => string): readonly (readonly Slot[])[] {
  const groups = new Map<string, Slot[]>();
  for (const slot of slots) {
    const group = groups.get(trait(slot));
    if (group === undefined) groups.set(trait(slot), [slot]);
    else group.push(slot);
  }
  return [...groups.values()];
}

interface Means {
  readonly hides: Hides;
  readonly hints: Hints;
}

function slotsOf(value: Json, pointer: Pointer, general: Pointer, means: Means): readonly Slot[] {
  if (isArray(value)) {
    return value.flatMap((item, index) =>
      slotsOf(item, [...pointer, String(index)], [...general, '*'], means),
    );
  }
  if (isObject(value)) return slotsOfObject(Object.entries(value), pointer, general, means);
  if (value === null || !means.hides.value(pointer, value)) return [];
  return [
    {
      key: keyOfValue(pointer),
      pointer,
      kindOfPlace: `value ${formatPointer(general)}`,
      content: JSON.stringify(value),
      candidates: candidatesFor(value, means.hints),
    },
  ];
}

function slotsOfObject(
  members: readonly (readonly [string, Json])[],
  pointer: Pointer,
  general: Pointer,
  means: Means,
): readonly Slot[] {
  let hidden = 0;
  return members.flatMap(([name, member]) => {
    const place = [...pointer, name];
    if (!means.hides.name(place)) return slotsOf(member, place, [...general, name], means);
    hidden += 1;
    const slot: Slot = {
      key: keyOfName(place),
      pointer: place,
      kindOfPlace: `name ${formatPointer(general)}`,
      content: JSON.stringify([name]),
      candidates: namesFor(name, hidden, means.hints),
    };
    return [slot, ...slotsOf(member, place, [...general, '*'], means)];
  });
}

function keyOfValue(pointer: Pointer): string {
  return `value ${formatPointer(pointer)}`;
}

function keyOfName(pointer: Pointer): string {
  return `name ${formatPointer(pointer)}`;
}

/** Undefined when two members would get the same name. */
function rebuilt(value: Json, pointer: Pointer, chosen: Chosen): Json | undefined {
  if (isArray(value)) {
    const items = value.map((item, index) => rebuilt(item, [...pointer, String(index)], chosen));
    return items.every((item) => item !== undefined) ? items : undefined;
  }
  if (!isObject(value)) return chosen.get(keyOfValue(pointer)) ?? value;
  const members = new Map<string, Json>();
  for (const [name, member] of Object.entries(value)) {
    const place = [...pointer, name];
    const standing = chosen.get(keyOfName(place)) ?? name;
    const inside = rebuilt(member, place, chosen);
    if (inside === undefined || typeof standing !== 'string' || members.has(standing)) return undefined;
    members.set(standing, inside);
  }
  return Object.fromEntries(members);
}

function candidatesFor(value: string | number | boolean, { values }: Hints): readonly Json[] {
  switch (typeof value) {
    case 'string':
      return [...texts, ...values.filter((hint) => typeof hint === 'string'), ...masks(value)];
    case 'number':
      return [...numbers, ...values.filter((hint) => typeof hint === 'number'), ...magnitude(value)];
    default:
      return [false, true];
  }
}

/** They say nothing of the original but what kind of text the schema takes it for. */
const texts = [
  'redacted',
  '',
  ' ',
  'x',
  // Neither reserved nor in use, for schemas that ask for a public host.
  'https://redacted.redacted/',
  'http://redacted.redacted/',
  'https://redacted.invalid/',
  'https://127.0.0.1/',
  'redacted@example.org',
  '2000-01-01T00:00:00Z',
  '2000-01-01',
  '00:00:00Z',
  '00:00',
  '00000000-0000-0000-0000-000000000000',
  'example.org',
  '192.0.2.1',
  '2001:db8::1',
  '/redacted',
  'P1D',
  '0',
  '(',
] as const;

const numbers = [0, 1, -1, 0.5] as const;

/** Text of the same length: first with nothing else of the original, at last with its kinds of characters. */
function masks(text: string): readonly string[] {
  const { length } = Array.from(text);
  const all = ['x'.repeat(length), `${'x'.repeat(Math.max(0, length - 1))}(`, masked(text)];
  return all.filter((mask) => mask !== text);
}

/** Letters and digits never stay; of the rest, only what divides dates, addresses and paths. */
function masked(text: string): string {
  return text
    .replace(/\p{N}/gu, '0')
    .replace(/\p{Lu}/gu, 'X')
    .replace(/(?!X)\p{L}/gu, 'x')
    .replace(/[^xX0.:/@+_ -]/gu, '-');
}

/** The power of ten below. */
function magnitude(value: number): readonly number[] {
  if (value === 0 || !Number.isFinite(value)) return [];
  const power = Math.sign(value) * 10 ** Math.floor(Math.log10(Math.abs(value)));
  return [power, power * 2].filter((candidate) => candidate !== value && Number.isFinite(candidate));
}

/** For the hidden name of that number (1 is the first) in its object. */
function namesFor(name: string, number: number, { names }: Hints): readonly string[] {
  return [
    `hidden-${number}`,
    `hidden_${number}`,
    `hidden${number}@example.org`,
    `https://hidden${number}.redacted/`,
    `HIDDEN_${number}`,
    `00000000-0000-0000-0000-${String(number).padStart(12, '0')}`,
    ...names,
    '',
    ...masks(name),
  ];
}

/** What a schema names: constants, examples, bounds and the numbers beside them; properties. */
export function hintsOf(schema: Json): Hints {
  const values = new Set<string | number>();
  const names = new Set<string>();
  collect(schema, values, names);
  return { values: [...values].slice(0, HINTS), names: [...names].slice(0, HINTS) };
}

const listing: ReadonlySet<string> = new Set(['const', 'enum', 'default', 'examples']);
const bounding: ReadonlySet<string> = new Set([
  'minimum',
  'maximum',
  'exclusiveMinimum',
  'exclusiveMaximum',
  'multipleOf',
]);

function collect(schema: Json, values: Set<string | number>, names: Set<string>): void {
  if (isArray(schema)) {
    for (const item of schema) collect(item, values, names);
    return;
  }
  if (!isObject(schema)) return;
  for (const [keyword, argument] of Object.entries(schema)) {
    if (listing.has(keyword)) {
      for (const item of isArray(argument) ? argument : [argument]) {
        if (typeof item === 'string' || typeof item === 'number') values.add(item);
      }
    } else if (bounding.has(keyword) && typeof argument === 'number') {
      for (const beside of [argument, argument + 1, argument - 1]) values.add(beside);
    }
    if (keyword === 'properties' && isObject(argument)) {
      for (const name of Object.keys(argument)) names.add(name);
    }
    collect(argument, values, names);
  }
}
