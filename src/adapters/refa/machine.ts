import { type CharSet, JS, type NoParent } from 'refa';
import { type Partition, partitionBy } from './partition.ts';

/**
 * A pattern as a machine that goes from state to state: over a character, for free, or for free where an assertion
 * holds. The library parses patterns and computes with sets of characters; its own automata know no assertions.
 */
export interface Machine {
  readonly states: readonly State[];
  readonly start: number;
  readonly end: number;
  /** What may have to match from where one is. */
  readonly ahead: readonly Machine[];
  /** Nothing but what begins where the text begins can lead to the end. */
  readonly isRooted: boolean;
}

interface State {
  readonly over: { /** Index into the sets of the pattern. */ readonly set: number; readonly to: number }[];
  readonly free: { readonly to: number; readonly where?: Assertion }[];
}

/** That something matches (or doesn't) right ahead, or right behind. */
export interface Assertion {
  readonly kind: 'ahead' | 'behind';
  readonly negate: boolean;
  /** Into `ahead` of the machine, or into `behind` of the pattern. */
  readonly index: number;
  /** Written as `^` or `$`. */
  readonly isEdge: boolean;
}

/** What a pattern says. */
export interface Reading {
  readonly main: Machine;
  /** What is looked for behind, anywhere in the pattern: each one looks for none but those before it. */
  readonly behind: readonly Machine[];
  /** Sets of characters: what is in class 1. */
  readonly sets: readonly Partition[];
}

type Expression = ReturnType<JS.Parser['parse']>['expression'];
type Alternatives = NoParent<Expression>['alternatives'];
type Element = Alternatives[number]['elements'][number];

/** A pattern that needs more states than this is too large. */
const MOST_STATES = 12_000;

/** Assertions are told apart by bits. */
const MOST_BEHIND = 20;

/**
 * Throws an `Error` when a pattern isn't valid, isn't regular (it refers back), looks ahead from behind, or is too
 * large.
 */
export function readingOf(pattern: string): Reading {
  const { expression } = JS.Parser.fromLiteral({ source: pattern, flags: 'u' }).parse({
    assertions: 'parse',
    // Where they can be resolved it is by listing words; whoever needs that shall not be surprised by its cost.
    maxBackreferenceWords: 0,
    backreferences: 'throw',
    maxNodes: MOST_STATES,
  });
  const shared = new Shared();
  const main = new Building(shared, 'main').finished(expression.alternatives);
  return { main, behind: shared.behind, sets: shared.sets };
}

/** What all machines of a pattern have in common. */
class Shared {
  readonly behind: Machine[] = [];
  readonly sets: Partition[] = [];
  readonly #indices = new Map<string, number>();
  readonly #known = new Map<CharSet, number>();
  #states = 0;

  count(): void {
    this.#states += 1;
    if (this.#states > MOST_STATES) throw new RangeError('too many states');
  }

  /** The same number for the same thing, by what it is made of. */
  once(key: string, make: () => number): number {
    const index = this.#indices.get(key) ?? make();
    this.#indices.set(key, index);
    return index;
  }

  set(characters: CharSet): number {
    const known = this.#known.get(characters);
    if (known !== undefined) return known;
    const add = () => this.sets.push(partitionBy(characters.ranges)) - 1;
    const index = this.once(`set ${characters.toRangesString()}`, add);
    this.#known.set(characters, index);
    return index;
  }
}

class Building {
  readonly #shared: Shared;
  readonly #role: 'main' | Assertion['kind'];
  readonly #states: State[] = [];
  readonly #ahead: Machine[] = [];
  readonly #indices = new Map<number, number>();
  /** A quantifier says the same assertion again and again. */
  readonly #known = new Map<Alternatives, Assertion>();
  #beginning: number | undefined;

  constructor(shared: Shared, role: 'main' | Assertion['kind']) {
    this.#shared = shared;
    this.#role = role;
  }

  finished(alternatives: Alternatives): Machine {
    const start = this.#state();
    const end = this.#alternatives(alternatives, start);
    const isRooted = !this.#goesOn(start, end);
    return { states: this.#states, start, end, ahead: this.#ahead, isRooted };
  }

  #state(): number {
    this.#shared.count();
    return this.#states.push({ over: [], free: [] }) - 1;
  }

  #free(from: number, to: number, where?: Assertion): void {
    this.#states[from]?.free.push(where === undefined ? { to } : { to, where });
  }

  #alternatives(alternatives: Alternatives, from: number): number {
    const [only] = alternatives;
    if (only !== undefined && alternatives.length === 1) return this.#sequence(only.elements, from);
    const end = this.#state();
    for (const { elements } of alternatives) this.#free(this.#sequence(elements, from), end);
    return end;
  }

  #sequence(elements: readonly Element[], from: number): number {
    return elements.reduce((at, element) => this.#element(element, at), from);
  }

  #element(element: Element, from: number): number {
    switch (element.type) {
      case 'CharacterClass': {
        const to = this.#state();
        this.#states[from]?.over.push({ set: this.#shared.set(element.characters), to });
        return to;
      }
      case 'Alternation':
        return this.#alternatives(element.alternatives, from);
      case 'Quantifier':
        return this.#quantifier(element.alternatives, element.min, element.max, from);
      case 'Assertion': {
        const to = this.#state();
        this.#free(from, to, this.#assertion(element));
        return to;
      }
      case 'Unknown':
        throw new TypeError('an unknown element');
    }
  }

  #quantifier(alternatives: Alternatives, min: number, max: number, from: number): number {
    let at = from;
    for (let n = 0; n < min; n += 1) at = this.#alternatives(alternatives, at);
    if (max === Number.POSITIVE_INFINITY) {
      const loop = this.#state();
      this.#free(at, loop);
      this.#free(this.#alternatives(alternatives, loop), loop);
      return loop;
    }
    if (max === min) return at;
    const end = this.#state();
    for (let n = min; n < max; n += 1) {
      this.#free(at, end);
      at = this.#alternatives(alternatives, at);
    }
    this.#free(at, end);
    return end;
  }

  #assertion({ kind, negate, alternatives, source }: Extract<Element, { type: 'Assertion' }>): Assertion {
    const known = this.#known.get(alternatives);
    if (known !== undefined) return known;
    if (this.#role === 'behind' && kind === 'ahead') throw new TypeError('looks ahead from behind');
    const machines = kind === 'ahead' ? this.#ahead : this.#shared.behind;
    const add = () => {
      const machine = new Building(this.#shared, kind).finished(alternatives);
      return machines.push(machine) - 1;
    };
    const set = single(alternatives);
    const index = set === undefined ? add() : this.#once(kind, this.#shared.set(set), add);
    if (this.#shared.behind.length > MOST_BEHIND) throw new RangeError('too many assertions');
    if (kind === 'behind' && negate && set?.isAll) this.#beginning = index;
    const isEdge = source !== undefined && source.end - source.start === 1;
    const assertion = { kind, negate, index, isEdge };
    this.#known.set(alternatives, assertion);
    return assertion;
  }

  /** `^`, `$` and `\b` look for one character, and most patterns do so more than once. */
  #once(kind: Assertion['kind'], set: number, add: () => number): number {
    if (kind === 'behind') return this.#shared.once(`behind ${set}`, add);
    const index = this.#indices.get(set) ?? add();
    this.#indices.set(set, index);
    return index;
  }

  /** Whether there is a way from the start to a character or the end that doesn't ask for the beginning of the text. */
  #goesOn(start: number, end: number): boolean {
    const seen = new Set([start]);
    for (const at of seen) {
      const state = this.#states[at];
      if (at === end || state === undefined || state.over.length > 0) return true;
      for (const { to, where } of state.free) {
        const isBeginning = where?.kind === 'behind' && where.negate && where.index === this.#beginning;
        if (!isBeginning) seen.add(to);
      }
    }
    return false;
  }
}

function single([only, ...others]: Alternatives): CharSet | undefined {
  if (only === undefined || others.length > 0 || only.elements.length !== 1) return undefined;
  const [element] = only.elements;
  return element?.type === 'CharacterClass' ? element.characters : undefined;
}
