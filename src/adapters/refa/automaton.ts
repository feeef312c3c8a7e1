import { Determined, type Fate } from './determined.ts';
import type { Reading } from './machine.ts';
import { type Partition, refine } from './partition.ts';
import type { Work } from './work.ts';

/** Tells in which texts a pattern matches something. It reads them character by character, in one state at a time. */
export class Automaton {
  /** The characters that it doesn't tell apart. */
  readonly partition: Partition;
  readonly #behind: readonly Determined[];
  readonly #main: Determined;
  /** By state: the states of those behind, then of the main one. */
  readonly #parts: (readonly number[])[] = [];
  readonly #numbers = new Map<string, number>();
  /** By state and class of characters. */
  readonly #next: number[] = [];

  constructor({ main, behind, sets }: Reading) {
    const { partition, within } = refine(sets);
    this.partition = partition;
    this.#behind = behind.map(
      (machine) => new Determined(machine, { start: false, end: true }, within, partition.size),
    );
    this.#main = new Determined(main, { start: false, end: false }, within, partition.size);
  }

  start(work: Work): number {
    return this.#number((part, _index, truths) => part.start(truths, work));
  }

  /** The state after one more character, of that class. */
  next(state: number, kind: number, work: Work): number {
    const place = state * this.partition.size + kind;
    const known = this.#next[place];
    if (known !== undefined && known !== UNKNOWN) return known;
    if (this.fate(state) !== 'open') return state;
    const before = this.#parts[state] ?? [];
    work.spend(1);
    const number = this.#number((part, index, truths) => part.next(before[index] ?? 0, kind, truths, work));
    this.#next[place] = number;
    return number;
  }

  accepts(state: number): boolean {
    return this.#main.accepts(this.#parts[state]?.at(-1) ?? 0);
  }

  fate(state: number): Fate {
    return this.#main.fate(this.#parts[state]?.at(-1) ?? 0);
  }

  /** What lies behind is settled first, and then told to what asks for it. */
  #number(move: (part: Determined, index: number, truths: number) => number): number {
    let truths = 0;
    const states = this.#behind.map((part, index) => {
      const state = move(part, index, truths);
      if (part.accepts(state)) truths |= 1 << index;
      return state;
    });
    const last = move(this.#main, states.length, truths);
    // Once it is clear how this ends, what lies behind tells nothing any more.
    const parts = this.#main.fate(last) === 'open' ? [...states, last] : [last];
    const key = parts.join();
    const known = this.#numbers.get(key);
    if (known !== undefined) return known;
    const number = this.#parts.push(parts) - 1;
    this.#numbers.set(key, number);
    for (let kind = 0; kind < this.partition.size; kind += 1) this.#next.push(UNKNOWN);
    return number;
  }
}

const UNKNOWN = -1;
