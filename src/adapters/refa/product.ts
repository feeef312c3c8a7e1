import type { Letter } from './alphabet.ts';
import type { Automaton } from './automaton.ts';
import { TooMuchWork, type Work } from './work.ts';

/** An automaton that has to accept, or must not. */
export interface Condition {
  readonly automaton: Automaton;
  readonly holds: boolean;
  /** By kind of letter: the class that the automaton has it in. */
  readonly kinds: readonly number[];
}

/** All automata as one. The place to start from is 0. */
export interface Product {
  readonly places: readonly Place[];
  /** Nothing is missing. Otherwise there are texts that lead nowhere but would be accepted. */
  readonly isWhole: boolean;
}

/** A state of all automata together. */
export interface Place {
  readonly accepts: boolean;
  /** By letter; NOWHERE when nothing that goes on like this can be accepted. */
  readonly next: readonly number[];
}

export const NOWHERE = -1;

/**
 * What the conditions come to for texts of at most so many characters. When the work is used up, what has been found
 * until then: the nearest places.
 */
export function productOf(
  conditions: readonly Condition[],
  alphabet: readonly Letter[],
  longest: number,
  work: Work,
): Product {
  const numbers = new Map<string, number>();
  const reached: (readonly number[])[] = [];
  /** With how few characters it was reached, by place. */
  const depths: number[] = [];
  let depth = 0;
  const number = (states: readonly number[]): number => {
    const isHopeless = conditions.some(
      ({ automaton, holds }, which) => automaton.fate(states[which] ?? 0) === (holds ? 'never' : 'always'),
    );
    if (isHopeless) return NOWHERE;
    const key = states.join();
    const known = numbers.get(key);
    if (known !== undefined) return known;
    work.spend(3);
    const added = reached.push(states) - 1;
    numbers.set(key, added);
    depths.push(depth);
    return added;
  };
  const places: Place[] = [];
  const isWhole = untilSpent(() => {
    number(conditions.map(({ automaton }) => automaton.start(work)));
    for (const states of reached) {
      depth = (depths[places.length] ?? 0) + 1;
      // All that are left have been reached with as many characters, or more.
      if (depth > longest) return;
      const next = alphabet.map(({ kind }) => {
        work.spend(0.5 + conditions.length * 0.3);
        return number(
          conditions.map(({ automaton, kinds }, which) =>
            automaton.next(states[which] ?? 0, kinds[kind] ?? 0, work),
          ),
        );
      });
      places.push({ accepts: accepts(conditions, states), next });
    }
  });
  for (const states of reached.slice(places.length)) {
    places.push({ accepts: accepts(conditions, states), next: alphabet.map(() => NOWHERE) });
  }
  return { places, isWhole };
}

function accepts(conditions: readonly Condition[], states: readonly number[]): boolean {
  return conditions.every(({ automaton, holds }, which) => automaton.accepts(states[which] ?? 0) === holds);
}

/** Whether it came to an end. */
function untilSpent(act: () => void): boolean {
  try {
    act();
    return true;
  } catch (error) {
    if (error instanceof TooMuchWork) return false;
    throw error;
  }
}
