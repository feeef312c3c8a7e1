import type { Json } from '../core/json.ts';
import { type Claim, satisfies, violates } from './claim.ts';
import { type Demand, type DemandOf, membersByName, only, type Region } from './demand.ts';
import { type Find, found, none, type Outcome, unknown } from './outcome.ts';
import type { SchemaDocument } from './schema.ts';

/** More patterns than these divide names into too many kinds. */
const MOST_PATTERNS = 6;

/** More names than these that one name may be at once are not combined. */
const MOST_SHARED = 4;

/** Larger objects are not made up. */
const LARGEST = 200;

/** An object that meets the demands; `made` makes the schemas that names have to satisfy. */
export function findObject(demands: readonly Demand[], find: Find, made: SchemaDocument): Outcome {
  return new ObjectSearch(demands, find, made).run();
}

/** A member that has to be somewhere in a region, its name or its value as claimed. */
interface Wanted {
  readonly region: Region;
  readonly value: readonly Claim[];
  readonly name: readonly Claim[];
}

type Present = ReadonlyMap<string, readonly Claim[]>;

const anywhere: Region = { kind: 'rest', names: [], patterns: [] };

class ObjectSearch {
  readonly #demands: readonly Demand[];
  readonly #find: Find;
  readonly #made: SchemaDocument;
  readonly #lacks: ReadonlySet<string>;
  readonly #literals: readonly string[];
  readonly #patterns: readonly string[];
  readonly #expressions: ReadonlyMap<string, RegExp>;
  readonly #nameClaims: readonly Claim[];
  /** What is claimed of members by their names, and of those of other regions. */
  readonly #byName: ReadonlyMap<string, readonly Claim[]>;
  readonly #byRegion: readonly DemandOf<'members'>[];
  readonly #allowed = new Map<string, boolean>();
  readonly #least: number;
  readonly #most: number;
  #isSure = true;

  constructor(demands: readonly Demand[], find: Find, made: SchemaDocument) {
    this.#demands = demands;
    this.#find = find;
    this.#made = made;
    this.#lacks = new Set(only(demands, 'lacks').map(({ name }) => name));
    const regions = [...only(demands, 'members'), ...only(demands, 'some-member')].map(
      ({ region }) => region,
    );
    this.#literals = [
      ...new Set([
        ...only(demands, 'has').map(({ name }) => name),
        ...this.#lacks,
        ...regions.flatMap((region) =>
          region.kind === 'name' ? [region.name] : region.kind === 'rest' ? region.names : [],
        ),
      ]),
    ];
    this.#patterns = [
      ...new Set(
        regions.flatMap((region) =>
          region.kind === 'pattern' ? [region.pattern] : region.kind === 'rest' ? region.patterns : [],
        ),
      ),
    ];
    this.#expressions = new Map(this.#patterns.map((pattern) => [pattern, new RegExp(pattern, 'u')]));
    this.#nameClaims = only(demands, 'names').map(({ claim }) => claim);
    this.#byName = membersByName(demands);
    this.#byRegion = only(demands, 'members').filter(({ region }) => region.kind !== 'name');
    const sizes = only(demands, 'size');
    this.#least = Math.max(0, ...sizes.map(({ least }) => least));
    this.#most = Math.min(...sizes.map(({ most }) => most), Number.POSITIVE_INFINITY);
  }

  run(): Outcome {
    if (this.#least > this.#most) return none;
    if (this.#least > LARGEST) return unknown;
    const present = new Map<string, readonly Claim[]>();
    for (const { name } of only(this.#demands, 'has')) {
      const claims = this.#claimsOn(name);
      if (!this.#isAllowed(name) || !this.#mayBe(claims)) return none;
      present.set(name, claims);
    }
    const value = this.#place(this.#wanted(), 0, present);
    return value !== undefined ? found(value) : this.#isSure ? none : unknown;
  }

  #wanted(): readonly Wanted[] {
    return [
      ...only(this.#demands, 'some-member').map(({ region, claim }) => ({
        region,
        value: [claim],
        name: [],
      })),
      ...only(this.#demands, 'some-name').map(({ claim }) => ({
        region: anywhere,
        value: [],
        name: [claim],
      })),
    ];
  }

  #isIn(region: Region, name: string): boolean {
    switch (region.kind) {
      case 'name':
        return region.name === name;
      case 'pattern':
        return this.#expressions.get(region.pattern)?.test(name) === true;
      case 'rest':
        return (
          !region.names.includes(name) &&
          !region.patterns.some((pattern) => this.#expressions.get(pattern)?.test(name) === true)
        );
    }
  }

  #claimsOn(name: string): readonly Claim[] {
    return [
      ...(this.#byName.get(name) ?? []),
      ...this.#byRegion.filter(({ region }) => this.#isIn(region, name)).map(({ claim }) => claim),
    ];
  }

  #isAllowed(name: string): boolean {
    if (this.#lacks.has(name)) return false;
    if (this.#nameClaims.length === 0) return true;
    const known = this.#allowed.get(name);
    if (known !== undefined) return known;
    const isAllowed = this.#mayBe([...this.#nameClaims, satisfies(this.#made.made({ const: name }))]);
    this.#allowed.set(name, isAllowed);
    return isAllowed;
  }

  #place(wanted: readonly Wanted[], next: number, present: Present): Json | undefined {
    if (present.size > this.#most) return undefined;
    const item = wanted[next];
    if (item === undefined) return this.#fill(present);
    const others = wanted.filter((other) => other !== item && other.name.length > 0);
    for (const name of this.#candidates(item, others, present)) {
      const claims = [...(present.get(name) ?? this.#claimsOn(name)), ...item.value];
      if (!this.#mayBe(claims)) continue;
      const value = this.#place(wanted, next + 1, new Map(present).set(name, claims));
      if (value !== undefined) return value;
    }
    return undefined;
  }

  /**
   * Names that a wanted member may have: those there are, those spoken of, and one of each other kind. Names differ in
   * kind by the patterns that they match, and by which of the other wanted names they may be as well.
   */
  *#candidates(
    { region, name: nameClaims }: Wanted,
    others: readonly Wanted[],
    present: Present,
  ): Generator<string> {
    for (const name of new Set([...present.keys(), ...this.#literals])) {
      if (!this.#isIn(region, name) || (!present.has(name) && !this.#isAllowed(name))) continue;
      if (nameClaims.length > 0 && !this.#mayBe([...nameClaims, satisfies(this.#made.made({ const: name }))]))
        continue;
      yield name;
    }
    if (region.kind === 'name') return;
    for (const cell of this.#cells(region)) {
      for (const shared of this.#subsets(others)) {
        const fresh = this.#freshName(cell, [...nameClaims, ...shared.flatMap(({ name }) => name)], present);
        if (fresh !== undefined) yield fresh;
      }
    }
  }

  #subsets<T>(items: readonly T[]): readonly (readonly T[])[] {
    if (items.length > MOST_SHARED) {
      this.#isSure = false;
      return [[]];
    }
    return Array.from({ length: 2 ** items.length }, (_, bits) =>
      items.filter((_item, index) => (bits >> index) % 2 === 1),
    );
  }

  /** The kinds of names of a region: by the patterns that they match. Few patterns first. */
  #cells(region: Region): readonly ReadonlySet<string>[] {
    const must = region.kind === 'pattern' ? [region.pattern] : [];
    const barred = new Set(region.kind === 'rest' ? region.patterns : must);
    const free = this.#patterns.filter((pattern) => !barred.has(pattern));
    if (free.length > MOST_PATTERNS) {
      this.#isSure = false;
      return [new Set(must), ...free.map((pattern) => new Set([...must, pattern]))];
    }
    return Array.from(
      { length: 2 ** free.length },
      (_, bits) => new Set([...must, ...free.filter((_pattern, index) => (bits >> index) % 2 === 1)]),
    ).sort((a, b) => a.size - b.size);
  }

  #freshName(cell: ReadonlySet<string>, nameClaims: readonly Claim[], present: Present): string | undefined {
    const { made } = this;
    const outcome = this.#find([
      satisfies(made({ type: 'string' })),
      violates(made({ enum: [...this.#literals, ...present.keys()] })),
      ...this.#patterns.map((pattern) => {
        const schema = made({ pattern });
        return cell.has(pattern) ? satisfies(schema) : violates(schema);
      }),
      ...this.#nameClaims,
      ...nameClaims,
    ]);
    if (outcome.kind === 'unknown') this.#isSure = false;
    if (outcome.kind !== 'value' || typeof outcome.value !== 'string') return undefined;
    const name = outcome.value;
    const isRight = this.#patterns.every(
      (pattern) => this.#expressions.get(pattern)?.test(name) === cell.has(pattern),
    );
    if (!isRight) this.#isSure = false;
    return isRight ? name : undefined;
  }

  get made(): (json: Json) => ReturnType<SchemaDocument['made']> {
    return (json) => this.#made.made(json);
  }

  #fill(present: Present): Json | undefined {
    const members = new Map(present);
    for (const name of members.size < this.#least ? this.#literals : []) {
      if (members.size >= this.#least) break;
      if (members.has(name) || !this.#isAllowed(name)) continue;
      const claims = this.#claimsOn(name);
      if (this.#mayBe(claims)) members.set(name, claims);
    }
    for (const cell of members.size < this.#least ? this.#cells(anywhere) : []) {
      while (members.size < this.#least) {
        const name = this.#freshName(cell, [], members);
        if (name === undefined) break;
        const claims = this.#claimsOn(name);
        if (!this.#mayBe(claims)) break;
        members.set(name, claims);
      }
    }
    if (members.size < this.#least) return undefined;
    return this.#valued(members);
  }

  #valued(members: Present): Json | undefined {
    const entries: [string, Json][] = [];
    for (const [name, claims] of members) {
      const outcome = this.#find(claims);
      if (outcome.kind !== 'value') {
        if (outcome.kind === 'unknown') this.#isSure = false;
        return undefined;
      }
      entries.push([name, outcome.value]);
    }
    return Object.fromEntries(entries);
  }

  #mayBe(claims: readonly Claim[]): boolean {
    const { kind } = this.#find(claims);
    if (kind === 'unknown') this.#isSure = false;
    return kind !== 'none';
  }
}
