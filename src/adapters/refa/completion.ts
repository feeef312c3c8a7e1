import { NOWHERE, type Place } from './product.ts';
import type { Work } from './work.ts';

/** From which places a text can be completed, and with how many more letters. */
export class Completion {
  /** The fewest letters, by place; Infinity when it can't be. */
  readonly shortest: readonly number[];
  /** The most letters; Infinity when there is no bound, -Infinity when it can't be at all. */
  readonly longest: readonly number[];
  /** By place, where its letters lead. */
  readonly #after: readonly (readonly number[])[];
  /** What was found out about places and numbers of letters. */
  readonly #known = new Map<number, boolean>();

  constructor(places: readonly Place[], work: Work) {
    work.spend(places.length * 0.5);
    this.#after = places.map(({ next }) => [...new Set(next)].filter((to) => to !== NOWHERE));
    const before = places.map((): number[] => []);
    for (const [from, tos] of this.#after.entries()) for (const to of tos) before[to]?.push(from);
    this.shortest = shortest(places, before);
    this.longest = longest(places, this.#after, before, this.shortest);
  }

  /** With exactly so many more letters. */
  can(place: number, length: number, work: Work): boolean {
    const known = this.#answer(place, length);
    if (known !== undefined) return known;
    const open = [{ place, left: length, tried: 0 }];
    for (let at = open.at(-1); at !== undefined; at = open.at(-1)) {
      const to = this.#after[at.place]?.[at.tried];
      const answer = to === undefined ? false : this.#answer(to, at.left - 1);
      work.spend(0.3);
      if (to !== undefined && answer === undefined) open.push({ place: to, left: at.left - 1, tried: 0 });
      else if (to !== undefined && answer === false) at.tried += 1;
      else {
        this.#known.set(at.left * this.#after.length + at.place, answer === true);
        open.pop();
      }
    }
    return this.#answer(place, length) === true;
  }

  /** Undefined when it isn't known yet. */
  #answer(place: number, length: number): boolean | undefined {
    const least = this.shortest[place] ?? Number.POSITIVE_INFINITY;
    const most = this.longest[place] ?? Number.NEGATIVE_INFINITY;
    if (length < least || length > most) return false;
    if (length === least || length === most) return true;
    return this.#known.get(length * this.#after.length + place);
  }
}

function shortest(places: readonly Place[], before: readonly (readonly number[])[]): readonly number[] {
  const lengths = places.map(({ accepts }) => (accepts ? 0 : Number.POSITIVE_INFINITY));
  const reached = new Set(Array.from(places.keys()).filter((place) => places[place]?.accepts));
  for (const place of reached) {
    for (const from of before[place] ?? []) {
      if (reached.has(from)) continue;
      reached.add(from);
      lengths[from] = (lengths[place] ?? 0) + 1;
    }
  }
  return lengths;
}

/** A place is settled when all those are that it leads to. Those that lead to a cycle never are. */
function longest(
  places: readonly Place[],
  after: readonly (readonly number[])[],
  before: readonly (readonly number[])[],
  shortest: readonly number[],
): readonly number[] {
  const isHopeful = (place: number) => shortest[place] !== Number.POSITIVE_INFINITY;
  const lengths = places.map((_, place) =>
    isHopeful(place) ? Number.POSITIVE_INFINITY : Number.NEGATIVE_INFINITY,
  );
  const unsettled = after.map((tos) => tos.filter(isHopeful).length);
  const settled = Array.from(places.keys()).filter((place) => isHopeful(place) && unsettled[place] === 0);
  for (const place of settled) {
    const most = (after[place] ?? []).reduce(
      (length, to) => Math.max(length, (lengths[to] ?? 0) + 1),
      places[place]?.accepts ? 0 : Number.NEGATIVE_INFINITY,
    );
    lengths[place] = most;
    for (const from of before[place] ?? []) {
      unsettled[from] = (unsettled[from] ?? 0) - 1;
      if (unsettled[from] === 0 && isHopeful(from)) settled.push(from);
    }
  }
  return lengths;
}
