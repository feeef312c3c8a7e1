import type { Json, JsonType } from '../core/json.ts';
import { isAmong } from './among.ts';
import { findArray } from './arrays.ts';
import { type Claim, type Goal, goal, jsonTypes } from './claim.ts';
import { type Demand, membersByName, type Option, only, spellDemand } from './demand.ts';
import { type Clause, partsOf } from './keywords.ts';
import { findNumber } from './numbers.ts';
import { findObject } from './objects.ts';
import { found, none, type Outcome, unknown } from './outcome.ts';
import type { SchemaDocument } from './schema.ts';
import { findString } from './strings.ts';
import type { Tools } from './tools.ts';

/** Thrown when the work that was allowed is done and nothing is decided. */
export class OutOfBudget extends Error {
  override readonly name = 'OutOfBudget';
}

/** Options of a clause. */
const LONG = 8;

/** Deeper than this nobody nests, and the stack ends somewhere. */
const DEEPEST = 150;

/**
 * Looks for a value that satisfies some schemas and violates others, or proves that there is none. Claims are taken
 * apart into what they ask of a value of each type; where there are several ways, each is gone. What is asked of
 * members and items are goals of their own.
 *
 * A goal that turns up again below itself is answered `none` there: of all its values the smallest has no other inside.
 * What was concluded from such an answer holds only below, so it isn't kept.
 */
export class Search {
  readonly #tools: Tools;
  readonly #made: SchemaDocument;
  #budget: number;
  readonly #known = new Map<string, Outcome>();
  readonly #open = new Map<string, number>();
  /** The depth of the outermost open goal that an answer since then relied on. */
  #relied = Number.POSITIVE_INFINITY;

  /** `made` is where schemas are made that stand in no document; `budget` is in steps. */
  constructor(tools: Tools, made: SchemaDocument, budget: number) {
    this.#tools = tools;
    this.#made = made;
    this.#budget = budget;
  }

  /** Throws `OutOfBudget`. A value that isn't accepted is passed over, and then `none` is never the answer. */
  run(claims: readonly Claim[], accepts: (value: Json) => boolean): Outcome {
    const wanted = goal(claims);
    return wanted === undefined ? none : this.#ofAnyType(wanted, accepts);
  }

  readonly #find = (claims: readonly Claim[]): Outcome => {
    const wanted = goal(claims);
    if (wanted === undefined) return none;
    const { key } = wanted;
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const again = this.#open.get(key);
    if (again !== undefined) {
      this.#relied = Math.min(this.#relied, again);
      return none;
    }
    const depth = this.#open.size;
    if (depth >= DEEPEST) return unknown;
    this.#open.set(key, depth);
    try {
      return this.#kept(key, depth, () => this.#ofAnyType(wanted, () => true));
    } finally {
      this.#open.delete(key);
    }
  };

  /** Keeps an answer unless it relied on a goal that is open above `depth`. */
  #kept(key: string, depth: number, answer: () => Outcome): Outcome {
    const before = this.#relied;
    this.#relied = Number.POSITIVE_INFINITY;
    const outcome = answer();
    const isFree = this.#relied >= depth;
    if (outcome.kind === 'value' || isFree) this.#known.set(key, outcome);
    this.#relied = isFree ? before : Math.min(before, this.#relied);
    return outcome;
  }

  #ofAnyType(wanted: Goal, accepts: (value: Json) => boolean): Outcome {
    let isSure = true;
    for (const type of jsonTypes) {
      const state = new State(type);
      if (!state.absorb({ demands: [], claims: wanted.claims })) continue;
      const outcome = this.#explore(state, accepts);
      if (outcome.kind === 'value') return outcome;
      if (outcome.kind === 'unknown') isSure = false;
    }
    return isSure ? none : unknown;
  }

  #explore(state: State, accepts: (value: Json) => boolean): Outcome {
    this.#spend(1);
    if (this.#narrow(state) === 'contradiction') return none;
    const clause = state.smallestClause();
    if (clause === undefined) {
      const outcome = this.#atLeaf(state);
      return outcome.kind === 'value' && !accepts(outcome.value) ? unknown : outcome;
    }
    let isSure = true;
    for (const option of clause) {
      const next = state.copy(clause);
      if (!next.absorb(option)) continue;
      const outcome = this.#explore(next, accepts);
      if (outcome.kind === 'value') return outcome;
      if (outcome.kind === 'unknown') isSure = false;
    }
    return isSure ? none : unknown;
  }

  /** Drops options that can't be gone, and goes those that are the only ones, until nothing changes. */
  #narrow(state: State): 'contradiction' | 'open' {
    if (this.#atLeaf(state).kind === 'none') return 'contradiction';
    for (let changed = state.clauses.length > 0; changed; ) {
      changed = false;
      for (const clause of [...state.clauses]) {
        if (clause.some((option) => state.has(option))) {
          state.replace(clause, undefined);
          continue;
        }
        const open = this.#openOf(state, clause);
        const [only, ...others] = open;
        if (only === undefined) return 'contradiction';
        if (others.length === 0) {
          state.replace(clause, undefined);
          if (!state.absorb(only) || this.#atLeaf(state).kind === 'none') return 'contradiction';
          changed = true;
        } else if (open.length < clause.length) state.replace(clause, open);
      }
    }
    return 'open';
  }

  /** Of a long clause no more is looked at than it takes to know that there is a choice. */
  #openOf(state: State, clause: Clause): Clause {
    if (clause.length <= LONG) return clause.filter((option) => this.#isOpen(state, clause, option));
    const open: Option[] = [];
    for (const [index, option] of clause.entries()) {
      if (!this.#isOpen(state, clause, option)) continue;
      open.push(option);
      if (open.length > 1) return [...open, ...clause.slice(index + 1)];
    }
    return open;
  }

  #isOpen(state: State, clause: Clause, option: Option): boolean {
    this.#spend(1);
    const [demand, ...others] = option.demands;
    if (demand !== undefined && others.length + option.claims.length === 0) {
      const answer = this.#mayMeet(state, demand);
      if (answer !== undefined) return answer;
    }
    const next = state.copy(clause);
    return next.absorb(option) && this.#atLeaf(next).kind !== 'none';
  }

  /** Whether one more demand may be met, as far as the demands on the same member tell; undefined where that is little. */
  #mayMeet(state: State, demand: Demand): boolean | undefined {
    switch (demand.kind) {
      case 'has':
        return !state.demands.has(spellDemand({ kind: 'lacks', name: demand.name }));
      case 'lacks':
        return !state.demands.has(spellDemand({ kind: 'has', name: demand.name }));
      case 'some-member':
        if (demand.region.kind !== 'name') return undefined;
        return this.#find([...state.claimsOn(demand.region.name), demand.claim]).kind !== 'none';
      default:
        return undefined;
    }
  }

  #atLeaf({ type, demands }: State): Outcome {
    const key = `${type} ${[...demands.keys()].sort().join('\n')}`;
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    this.#spend(1);
    return this.#kept(key, this.#open.size, () => this.#leaf(type, [...demands.values()]));
  }

  #leaf(type: JsonType, demands: readonly Demand[]): Outcome {
    switch (type) {
      case 'null':
        return scalar([null], demands);
      case 'boolean':
        return scalar([true, false], demands);
      case 'number':
        return findNumber(demands);
      case 'string':
        this.#spend(only(demands, 'pattern').length);
        return findString(demands, this.#tools);
      case 'array':
        return findArray(demands, this.#find, this.#made);
      case 'object':
        return findObject(demands, this.#find, this.#made);
    }
  }

  #spend(steps: number): void {
    this.#budget -= steps;
    if (this.#budget < 0) throw new OutOfBudget();
  }
}

function scalar(values: readonly Json[], demands: readonly Demand[]): Outcome {
  const fitting = values.find((value) => only(demands, 'among').every((demand) => isAmong(demand, value)));
  return fitting === undefined ? none : found(fitting);
}

/** What is known to be asked of a value of one type, and what is still to be chosen. */
class State {
  readonly type: JsonType;
  readonly demands: Map<string, Demand>;
  readonly #claims: Map<string, Claim>;
  clauses: Clause[];
  #onMembers: ReadonlyMap<string, readonly Claim[]> | undefined;

  constructor(type: JsonType, from?: State, without?: Clause) {
    this.type = type;
    this.demands = new Map(from?.demands);
    this.#claims = new Map(from === undefined ? [] : from.#claims);
    this.clauses = (from?.clauses ?? []).filter((clause) => clause !== without);
  }

  copy(without: Clause): State {
    return new State(this.type, this, without);
  }

  replace(clause: Clause, by: Clause | undefined): void {
    this.clauses = this.clauses.flatMap((each) => (each !== clause ? [each] : by === undefined ? [] : [by]));
  }

  /** What is claimed of a member by its name. */
  claimsOn(name: string): readonly Claim[] {
    this.#onMembers ??= membersByName([...this.demands.values()]);
    return this.#onMembers.get(name) ?? [];
  }

  /** The one with the fewest options. */
  smallestClause(): Clause | undefined {
    return this.clauses.reduce<Clause | undefined>(
      (least, clause) => (least === undefined || clause.length < least.length ? clause : least),
      undefined,
    );
  }

  /** Whether all of an option is asked already. */
  has({ demands, claims }: Option): boolean {
    return (
      claims.every((claim) => this.#claims.has(claimKey(claim))) &&
      demands.every((demand) => this.demands.has(spellDemand(demand)))
    );
  }

  /** Takes an option in; false when it contradicts what is asked already. */
  absorb({ demands, claims }: Option): boolean {
    for (const demand of demands) this.demands.set(spellDemand(demand), demand);
    this.#onMembers = undefined;
    return claims.every((claim) => this.#absorbClaim(claim));
  }

  #absorbClaim(claim: Claim): boolean {
    const { schema, holds } = claim;
    if (schema.id === 'true' || schema.id === 'false') return (schema.id === 'true') === holds;
    if (this.#claims.has(claimKey({ schema, holds: !holds }))) return false;
    const key = claimKey(claim);
    if (this.#claims.has(key)) return true;
    this.#claims.set(key, claim);
    const parts = partsOf(schema, this.type);
    if (holds) return parts?.every((part) => part.holds.every((clause) => this.#add(clause))) === true;
    return parts === undefined || this.#add(parts.flatMap((part) => part.fails));
  }

  #add(clause: Clause): boolean {
    const [only, ...others] = clause;
    if (only === undefined) return false;
    if (others.length === 0) return this.absorb(only);
    this.clauses.push(clause);
    return true;
  }
}

function claimKey({ schema, holds }: Claim): string {
  return `${holds ? '+' : '-'}${schema.id}`;
}
