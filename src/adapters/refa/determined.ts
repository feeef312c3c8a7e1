import type { Machine } from './machine.ts';
import { TooMuchWork, type Work } from './work.ts';

/** By set of characters: by class of characters, whether it is in the set. */
type Members = readonly (readonly number[])[];

/** Whether every text that goes on from here is accepted, or none. */
export type Fate = 'always' | 'never' | 'open';

/** Where a match has to begin and end: at the ends of the text, or anywhere in it. */
interface Anchoring {
  readonly start: boolean;
  readonly end: boolean;
}

/** More configurations than these are not kept. */
const MOST_STATES = 30_000;

/** What has to be paid can't be any more. */
const BROKEN = -1;

/** Where in an assertion's automaton one is. */
type Debt = readonly [assertion: number, negate: boolean, state: number];

/**
 * A machine that is in one state at a time, so that it can say no as surely as yes. Its states are sets of threads, and
 * are numbered as they are met. A thread is one way to have read the text so far: a state of the machine, and what
 * the rest of the text owes to the assertions ahead that were met on this way.
 *
 * What the assertions behind say about a place is told from outside, as `truths`, a bit for each.
 */
export class Determined {
  readonly #machine: Machine;
  readonly #anchoring: Anchoring;
  readonly #members: Members;
  readonly #kinds: number;
  readonly #ahead: readonly Determined[];
  readonly #relevant: number;
  /** Of states that can be told apart: those that go on over a character, and the end. */
  readonly #isCore: readonly boolean[];
  /** Threads as numbers, sorted: the number of what is owed, times the number of states, plus the state. */
  readonly #threads: (readonly number[])[] = [];
  readonly #numbers = new Map<string, number>();
  readonly #next = new Map<number, number>();
  /** What can be owed. The first is nothing. */
  readonly #debts: ReadonlyMap<string, Debt>[] = [new Map()];
  readonly #debtNumbers = new Map<string, number>([['', 0]]);

  /** `kinds` is how many classes of characters there are. */
  constructor(machine: Machine, anchoring: Anchoring, members: Members, kinds: number) {
    this.#machine = machine;
    this.#anchoring = { start: anchoring.start || machine.isRooted, end: anchoring.end };
    this.#members = members;
    this.#kinds = kinds;
    this.#ahead = machine.ahead.map(
      (inner) => new Determined(inner, { start: true, end: false }, members, kinds),
    );
    this.#relevant = relevant(machine);
    this.#isCore = machine.states.map(({ over }, index) => over.length > 0 || index === machine.end);
  }

  start(truths: number, work: Work): number {
    return this.#number(this.#closed([this.#machine.start], truths, work), work);
  }

  /** The state after one more character, of that class; `truths` are those behind it. */
  next(state: number, kind: number, truths: number, work: Work): number {
    const key = ((truths & this.#relevant) * this.#kinds + kind) * MOST_STATES + state;
    const known = this.#next.get(key);
    if (known !== undefined) return known;
    const { states, start, end } = this.#machine;
    const open = this.#anchoring.start ? [] : [start];
    const later = new Map([[0, 0]]);
    work.spend(0.5);
    for (const thread of this.#threads[state] ?? []) {
      work.spend(0.2);
      const at = thread % states.length;
      const stays = at === end && !this.#anchoring.end;
      const targets = stays ? [at] : [];
      for (const { set, to } of states[at]?.over ?? []) {
        if (this.#members[set]?.[kind] === 1) targets.push(to);
      }
      if (targets.length === 0) continue;
      const owed = (thread - at) / states.length;
      const left = later.get(owed) ?? this.#later(owed, kind, truths, work);
      later.set(owed, left);
      if (left === BROKEN) continue;
      for (const to of targets) open.push(left * states.length + to);
    }
    const number = this.#number(this.#closed(open, truths, work), work);
    this.#next.set(key, number);
    return number;
  }

  /** Whether the text may end here. */
  accepts(state: number): boolean {
    const { states, end } = this.#machine;
    return (this.#threads[state] ?? []).some((thread) => {
      if (thread % states.length !== end) return false;
      const debts = this.#debtsOf((thread - end) / states.length);
      return debts.every(([assertion, negate, at]) => this.#ahead[assertion]?.accepts(at) === !negate);
    });
  }

  fate(state: number): Fate {
    const [first] = this.#threads[state] ?? [];
    if (first === undefined) return this.#anchoring.start ? 'never' : 'open';
    return first === this.#machine.end && !this.#anchoring.end ? 'always' : 'open';
  }

  /** Goes all that is free. */
  #closed(open: number[], truths: number, work: Work): readonly number[] {
    const { states, end } = this.#machine;
    const seen = new Set<number>();
    const core: number[] = [];
    for (let thread = open.pop(); thread !== undefined; thread = open.pop()) {
      work.spend(0.2);
      if (seen.has(thread)) continue;
      seen.add(thread);
      // A match, whatever follows: nothing else matters.
      if (thread === end && !this.#anchoring.end) return [end];
      const at = thread % states.length;
      const owed = (thread - at) / states.length;
      if (this.#isCore[at]) core.push(thread);
      for (const { to, where } of states[at]?.free ?? []) {
        let left = owed;
        if (where?.kind === 'behind') {
          if (((truths >> where.index) & 1) === Number(where.negate)) continue;
        } else if (where !== undefined) {
          const state = this.#ahead[where.index]?.start(truths, work) ?? 0;
          left = this.#owing([...this.#debtsOf(owed), [where.index, where.negate, state]]);
          work.spend(1);
        }
        if (left !== BROKEN) open.push(left * states.length + to);
      }
    }
    return this.#least(core, work).sort((a, b) => a - b);
  }

  /** Without the threads that owe all that another one in the same state owes, and more. */
  #least(threads: readonly number[], work: Work): number[] {
    const { length } = this.#machine.states;
    const owing = new Map<number, number[]>();
    if (threads.some((thread) => thread >= length)) {
      for (const thread of threads) {
        const at = thread % length;
        owing.set(at, [...(owing.get(at) ?? []), (thread - at) / length]);
      }
    }
    return threads.filter((thread) => {
      const at = thread % length;
      const others = owing.get(at) ?? [];
      work.spend(others.length * 0.1);
      return !others.some((other) => this.#owesLess(other, (thread - at) / length));
    });
  }

  #owesLess(one: number, other: number): boolean {
    const [debts, more] = [this.#debts[one], this.#debts[other]];
    if (debts === undefined || more === undefined || debts.size >= more.size) return false;
    return Array.from(debts.keys()).every((key) => more.has(key));
  }

  /** What is still owed after one more character. */
  #later(owed: number, kind: number, truths: number, work: Work): number {
    const debts = this.#debtsOf(owed);
    work.spend(1 + debts.length);
    return this.#owing(
      debts.map(([assertion, negate, state]) => [
        assertion,
        negate,
        this.#ahead[assertion]?.next(state, kind, truths, work) ?? state,
      ]),
    );
  }

  #debtsOf(number: number): readonly Debt[] {
    return [...(this.#debts[number]?.values() ?? [])];
  }

  /** Leaves out what is paid, and gives up when something can't be. */
  #owing(debts: readonly Debt[]): number {
    const open = new Map<string, Debt>();
    for (const debt of debts) {
      const [assertion, negate, state] = debt;
      const fate = this.#ahead[assertion]?.fate(state) ?? 'open';
      if (fate === (negate ? 'always' : 'never')) return BROKEN;
      if (fate === 'open') open.set(debt.join(), debt);
    }
    const keys = [...open.keys()].sort();
    const key = keys.join(' ');
    const known = this.#debtNumbers.get(key);
    if (known !== undefined) return known;
    const number = this.#debts.push(open) - 1;
    this.#debtNumbers.set(key, number);
    return number;
  }

  #number(threads: readonly number[], work: Work): number {
    work.spend(0.5 + threads.length * 0.03);
    const key = threads.join();
    const known = this.#numbers.get(key);
    if (known !== undefined) return known;
    if (this.#threads.length >= MOST_STATES) throw new TooMuchWork();
    const number = this.#threads.push(threads) - 1;
    this.#numbers.set(key, number);
    return number;
  }
}

/** The assertions behind that a machine asks about. */
function relevant({ states, ahead }: Machine): number {
  let bits = 0;
  for (const { free } of states) {
    for (const { where } of free) if (where?.kind === 'behind') bits |= 1 << where.index;
  }
  return ahead.reduce((all, machine) => all | relevant(machine), bits);
}
