import { capture, keyPattern } from '../core/key-pattern.ts';
import { looksSecret } from './secret-words.ts';
import { generalPieces, isVarying, literalPieces, type Pieces, segmentsOf, unescaped } from './segments.ts';
import { areAlike } from './shape.ts';

/** A key that holds a config. */
export interface Candidate {
  readonly key: string;
  /** How it is stored: keys of one config are stored alike. */
  readonly kind: string;
  /** The names of its members. */
  readonly names: ReadonlySet<string>;
}

/** What becomes one config. */
export interface Group<Key extends Candidate> {
  /** For the manifest: letters, digits, `_`, `.` and `-`, 64 at the most, unlike any other. */
  readonly name: string;
  /** After the prefix: the key itself, or a glob. */
  readonly key: string;
  readonly isPattern: boolean;
  /** What varies is a secret. */
  readonly hidesNames: boolean;
  /** In the order of their keys. */
  readonly members: readonly Key[];
}

export interface Grouping<Key extends Candidate> {
  readonly prefix: string;
  readonly groups: readonly Group<Key>[];
  /** Keys whose pattern matches keys that are something else, and which are too many to be named one by one. */
  readonly scattered: readonly Key[];
}

/** So many keys become configs of their own where a pattern for them would match others too. */
const MOST_SINGLES = 20;

/** More kinds of keys than anybody keeps: what else their patterns match isn't looked at, which would take minutes. */
const MOST_DRAFTS = 1000;

/** Parts of a key that the pattern of a manifest may leave open. */
const MOST_WILDCARDS = 9;

interface Draft<Key> {
  readonly kind: string;
  readonly pieces: Pieces;
  readonly members: readonly Key[];
}

/**
 * Finds which keys are one config: those that differ in numbers, ids and secrets, and those that differ in one word
 * and hold objects that look alike. No pattern matches a key that isn't its own, `others` among them, unless there are
 * more than a thousand kinds. `prefix` is what all keys begin with where somebody said so; else it is found.
 */
export function grouped<Key extends Candidate>(
  candidates: readonly Key[],
  others: readonly string[],
  prefix?: string,
): Grouping<Key> {
  const given = prefix ?? '';
  const sorted = candidates.toSorted((a, b) => compare(a.key, b.key));
  const drafts = joinWords(byGeneralKey(sorted, given)).map((draft) => literalIfAlone(draft, given));
  const all = [...sorted.map(({ key }) => key), ...others].sort(compare);
  const scattered: Key[] = [];
  const apart = drafts.flatMap((draft) => {
    const isSettled = drafts.length > MOST_DRAFTS || !draft.pieces.some(isVarying);
    if (isSettled || isExact(draft, given, all)) return [draft];
    if (draft.members.length <= MOST_SINGLES && !hidesNames(draft, given)) {
      return draft.members.map((member) => alone(member, given));
    }
    scattered.push(...draft.members);
    return [];
  });
  const ordered = apart.toSorted((a, b) => compare(textOf(a), textOf(b)));
  const shared = prefix === undefined ? commonPieces(ordered) : [];
  const taken = new Set<string>();
  const groups = ordered.map((draft): Group<Key> => {
    const isPattern = draft.pieces.some(isVarying);
    const glob = draft.pieces.slice(shared.length).join('');
    const key = isPattern ? glob : unescaped(glob);
    const name = nameFor(key, taken);
    return { name, key, isPattern, hidesNames: hidesNames(draft, given), members: draft.members };
  });
  return { prefix: prefix ?? unescaped(shared.join('')), groups, scattered };
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function textOf({ pieces }: Pick<Draft<unknown>, 'pieces'>): string {
  return pieces.join('');
}

/** By what stays of the keys, apart from a prefix, when numbers, ids and secrets are left open. */
function byGeneralKey<Key extends Candidate>(keys: readonly Key[], prefix: string): readonly Draft<Key>[] {
  const drafts = new Map<string, { kind: string; pieces: Pieces; members: Key[] }>();
  for (const key of keys) {
    const pieces = generalPieces(key.key.slice(prefix.length));
    const id = JSON.stringify([key.kind, ...pieces]);
    const draft = drafts.get(id);
    if (draft === undefined) drafts.set(id, { kind: key.kind, pieces, members: [key] });
    else draft.members.push(key);
  }
  return [...drafts.values()];
}

/** Drafts that differ in one segment: from three on it may be a varying one. */
const LEAST_WORDS = 3;
/** Objects of a draft that are compared with others. */
const COMPARED = 5;

/** Takes drafts together that differ in one word, until none are left that do and look alike. */
function joinWords<Key extends Candidate>(drafts: readonly Draft<Key>[]): readonly Draft<Key>[] {
  const families = familiesOf(drafts)
    .filter(({ family }) => family.length >= LEAST_WORDS)
    .toSorted((a, b) => b.family.length - a.family.length || compare(textOf(a), textOf(b)));
  const joined = new Set<Draft<Key>>();
  const added: Draft<Key>[] = [];
  for (const { kind, pieces, family } of families) {
    if (family.some((draft) => joined.has(draft)) || !lookAlike(family)) continue;
    for (const draft of family) joined.add(draft);
    const members = family.flatMap((draft) => draft.members).toSorted((a, b) => compare(a.key, b.key));
    added.push({ kind, pieces, members });
  }
  if (added.length === 0) return drafts;
  return joinWords([...drafts.filter((draft) => !joined.has(draft)), ...added]);
}

interface Family<Key> {
  readonly kind: string;
  readonly pieces: Pieces;
  readonly family: Draft<Key>[];
}

function familiesOf<Key extends Candidate>(drafts: readonly Draft<Key>[]): readonly Family<Key>[] {
  const families = new Map<string, Family<Key>>();
  for (const draft of drafts) {
    for (let place = 0; place < draft.pieces.length; place += 2) {
      const pieces = draft.pieces.with(place, '*');
      const id = JSON.stringify([draft.kind, place, ...pieces]);
      const known = families.get(id);
      if (known === undefined) families.set(id, { kind: draft.kind, pieces, family: [draft] });
      else known.family.push(draft);
    }
  }
  return [...families.values()];
}

function lookAlike(family: readonly Draft<Candidate>[]): boolean {
  const sets = family.flatMap(({ members }) => members.slice(0, COMPARED).map(({ names }) => names));
  return areAlike(sets, 1);
}

/** A pattern for one key would be a guess, unless the key has a secret in it. */
function literalIfAlone<Key extends Candidate>(draft: Draft<Key>, prefix: string): Draft<Key> {
  const [only, ...more] = draft.members;
  return only === undefined || more.length > 0 ? draft : alone(only, prefix);
}

function alone<Key extends Candidate>(member: Key, prefix: string): Draft<Key> {
  return { kind: member.kind, pieces: literalPieces(member.key.slice(prefix.length)), members: [member] };
}

/** True when the pattern matches none of all keys, which are sorted, but its own, and a manifest can have it. */
function isExact(draft: Draft<Candidate>, prefix: string, all: readonly string[]): boolean {
  if (draft.pieces.filter(isVarying).length > MOST_WILDCARDS) return false;
  const pattern = keyPattern(prefix, textOf(draft));
  const own = new Set(draft.members.map(({ key }) => key));
  const head = (pattern.segments[0] ?? []).join('');
  for (let place = firstNotBefore(head, all); all[place]?.startsWith(head) === true; place += 1) {
    const key = all[place] ?? '';
    if (!own.has(key) && capture(pattern, key) !== undefined) return false;
  }
  return true;
}

/** Where in a sorted list the texts begin that don't stand before another one. */
function firstNotBefore(text: string, sorted: readonly string[]): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (compare(sorted[middle] ?? '', text) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}

/**
 * What all keys begin with, up to something that divides. The segment before one that varies stays: it says what the
 * keys are. So does the last one that isn't empty: no key is nothing but the prefix.
 */
function commonPieces(drafts: readonly Draft<Candidate>[]): Pieces {
  const heads = drafts.map(({ pieces }) => {
    const varying = pieces.findIndex(isVarying);
    const last = pieces.findLastIndex((piece, place) => place % 2 === 0 && piece !== '');
    return pieces.slice(0, Math.max(0, varying === -1 ? last : varying - 2));
  });
  const [first = []] = heads;
  const length = first.findIndex((piece, index) => heads.some((head) => head[index] !== piece));
  const shared = length === -1 ? first : first.slice(0, length);
  return shared.slice(0, shared.length - (shared.length % 2));
}

function hidesNames({ pieces, members }: Draft<Candidate>, prefix: string): boolean {
  const places = pieces.flatMap((piece, place) => (isVarying(piece) ? [place] : []));
  return members.some(({ key }) => {
    const segments = segmentsOf(key.slice(prefix.length));
    return places.some((place) => looksSecret(segments[place] ?? ''));
  });
}

const LONGEST = 64;

/** After what stays the same in the key: `tenant:*:prefs` → `tenant_prefs`. Files are named so, whose case may not count. */
function nameFor(key: string, taken: Set<string>): string {
  const words = key
    .split(/[^\p{L}\p{N}_-]+/u)
    .map((word) => word.replace(/[^\w-]/g, '').replace(/^[-_]+|[-_]+$/g, ''));
  const stem =
    words
      .filter((word) => word !== '')
      .join('_')
      .slice(0, LONGEST) || 'config';
  let name = stem;
  for (let number = 2; taken.has(name.toLowerCase()); number += 1) {
    const ending = `-${number}`;
    name = `${stem.slice(0, LONGEST - ending.length)}${ending}`;
  }
  taken.add(name.toLowerCase());
  return name;
}
