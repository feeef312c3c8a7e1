import type { Json } from '../core/json.ts';
import { type Claim, satisfies, violates } from './claim.ts';
import { type Demand, type DemandOf, only } from './demand.ts';
import { type Find, found, none, type Outcome, unknown } from './outcome.ts';
import type { SchemaDocument } from './schema.ts';

/** Longer arrays are not made up. */
const LONGEST = 400;

/** An array that meets the demands; `made` makes the schemas that keep its items apart. */
export function findArray(demands: readonly Demand[], find: Find, made: SchemaDocument): Outcome {
  return new ArraySearch(demands, find, made).run();
}

/** What is asked of each item besides what its place asks: by position. */
type Extra = ReadonlyMap<number, readonly Claim[]>;

/** An item that has to be somewhere; those of a group each in a place of its own. */
type Wanted = Pick<DemandOf<'some-item'>, 'from' | 'to' | 'claim'> & { readonly group?: number };

class ArraySearch {
  readonly #demands: readonly Demand[];
  readonly #find: Find;
  readonly #made: SchemaDocument;
  readonly #everywhere: readonly DemandOf<'items'>[];
  readonly #counts: readonly DemandOf<'count'>[];
  readonly #isUnique: boolean;
  readonly #isRepeated: boolean;
  #isSure = true;

  constructor(demands: readonly Demand[], find: Find, made: SchemaDocument) {
    this.#demands = demands;
    this.#find = find;
    this.#made = made;
    this.#everywhere = only(demands, 'items');
    this.#counts = only(demands, 'count');
    const unique = only(demands, 'unique');
    this.#isUnique = unique.some(({ holds }) => holds);
    this.#isRepeated = unique.some(({ holds }) => !holds);
  }

  run(): Outcome {
    if (this.#isUnique && this.#isRepeated) return none;
    let [least, most] = [0, Number.POSITIVE_INFINITY];
    for (const size of only(this.#demands, 'size')) {
      least = Math.max(least, size.least);
      most = Math.min(most, size.most);
    }
    if (this.#counts.some((count) => count.least > count.most)) return none;
    const wanted = this.#wanted();
    if (wanted.length > LONGEST) return unknown;
    const places = this.#places();
    // Behind the places that are spoken of all are alike: what nothing was asked for there can be left away.
    const enough = Math.max(least, places) + wanted.length + (this.#isRepeated ? 2 : 0);
    const last = Math.min(most, enough);
    if (last > LONGEST && last > least) this.#isSure = false;
    if (least > LONGEST) return unknown;
    for (let length = least; length <= Math.min(last, LONGEST); length += 1) {
      // What one length can't have at some place, no longer one can.
      if (length > 0 && this.#find(this.#claimsAt(length - 1)).kind === 'none') break;
      const value = this.#ofLength(length, wanted);
      if (value !== undefined) return found(value);
    }
    return this.#isSure ? none : unknown;
  }

  /** One entry for each item that has to be somewhere. */
  #wanted(): readonly Wanted[] {
    const contained = this.#counts.flatMap(({ claim, least }, group) =>
      Array.from(
        { length: Math.min(least, LONGEST + 1) },
        (): Wanted => ({ from: 0, to: Number.POSITIVE_INFINITY, claim, group }),
      ),
    );
    return [...only(this.#demands, 'some-item'), ...contained];
  }

  /** The number of places that something is said of which isn't said of all behind. */
  #places(): number {
    const ends = [...this.#everywhere, ...only(this.#demands, 'some-item')].map(({ from, to }) =>
      Number.isFinite(to) ? to : from,
    );
    return Math.max(0, ...ends);
  }

  #claimsAt(index: number): readonly Claim[] {
    return this.#everywhere.filter(({ from, to }) => from <= index && index < to).map(({ claim }) => claim);
  }

  #ofLength(length: number, wanted: readonly Wanted[]): Json | undefined {
    return this.#place(wanted, 0, length, new Map(), new Map());
  }

  /** Puts what is wanted somewhere, one after the other; `taken` are the places that each count has used. */
  #place(
    wanted: readonly Wanted[],
    next: number,
    length: number,
    extra: Extra,
    taken: ReadonlyMap<number, number>,
  ): Json | undefined {
    const item = wanted[next];
    if (item === undefined) return this.#limitCounts(0, length, extra);
    const { from, to, claim, group } = item;
    // Those of one count are alike, so they stand in order.
    const start = group === undefined ? from : Math.max(from, (taken.get(group) ?? -1) + 1);
    let triedFresh = false;
    for (let index = start; index < Math.min(to, length); index += 1) {
      // Places at the end that nothing was asked of are all alike.
      const isFresh = index >= this.#places() && !extra.has(index);
      if (isFresh && triedFresh) continue;
      triedFresh ||= isFresh;
      const asked = [...(extra.get(index) ?? []), claim];
      if (!this.#mayBe([...this.#claimsAt(index), ...asked])) continue;
      const used = group === undefined ? taken : new Map(taken).set(group, index);
      const value = this.#place(wanted, next + 1, length, new Map(extra).set(index, asked), used);
      if (value !== undefined) return value;
    }
    return undefined;
  }

  /** Where at most so many items may be of a kind, says of each whether it is one. */
  #limitCounts(next: number, length: number, extra: Extra): Json | undefined {
    const count = this.#counts[next];
    if (count === undefined) return this.#repeat(length, extra);
    if (!Number.isFinite(count.most)) return this.#limitCounts(next + 1, length, extra);
    const { schema, holds } = count.claim;
    const [is, isNot] = holds ? [satisfies(schema), violates(schema)] : [violates(schema), satisfies(schema)];
    const decide = (index: number, spent: number, decided: Extra): Json | undefined => {
      if (index === length) return this.#limitCounts(next + 1, length, decided);
      const asked = decided.get(index) ?? [];
      const options = spent < count.most ? [isNot, is] : [isNot];
      for (const option of options) {
        if (!this.#mayBe([...this.#claimsAt(index), ...asked, option])) continue;
        const value = decide(
          index + 1,
          spent + (option === is ? 1 : 0),
          new Map(decided).set(index, [...asked, option]),
        );
        if (value !== undefined) return value;
      }
      return undefined;
    };
    return decide(0, 0, extra);
  }

  #repeat(length: number, extra: Extra): Json | undefined {
    if (!this.#isRepeated) return this.#fill(length, extra, undefined);
    for (let first = 0; first < length; first += 1) {
      for (let second = first + 1; second < length; second += 1) {
        const value = this.#fill(length, extra, [first, second]);
        if (value !== undefined) return value;
      }
    }
    return undefined;
  }

  #fill(length: number, extra: Extra, equal: readonly [number, number] | undefined): Json | undefined {
    const values: Json[] = [];
    for (let index = 0; index < length; index += 1) {
      const [first, second] = equal ?? [-1, -1];
      if (index === second) {
        values.push(values[first] as Json);
        continue;
      }
      const claims = [...this.#claimsAt(index), ...(extra.get(index) ?? [])];
      if (index === first) claims.push(...this.#claimsAt(second), ...(extra.get(second) ?? []));
      if (this.#isUnique) claims.push(...values.map((value) => violates(this.#made.made({ const: value }))));
      const outcome = this.#find(claims);
      if (outcome.kind !== 'value') {
        // Another choice before might have left one over, unless all are to be alike.
        if (outcome.kind === 'unknown' || (this.#isUnique && !this.#isUniform(length, extra)))
          this.#isSure = false;
        return undefined;
      }
      values.push(outcome.value);
    }
    return values;
  }

  /** Whether the same is asked of every item, so that taking one leaves as many as taking another. */
  #isUniform(length: number, extra: Extra): boolean {
    return extra.size === 0 && this.#everywhere.every(({ from, to }) => from === 0 && to >= length);
  }

  #mayBe(claims: readonly Claim[]): boolean {
    const { kind } = this.#find(claims);
    if (kind === 'unknown') this.#isSure = false;
    return kind !== 'none';
  }
}
