/** Random choices that a seed decides. */
export interface Dice {
  /** An integer from 0 up to, but not including, the limit. */
  below(limit: number): number;
  /** True so many times in a hundred. */
  percent(likelihood: number): boolean;
  /** One item of a list that has some. */
  pick<T>(items: readonly T[]): T;
}

/** The mulberry32 generator: fast, and good enough to choose test data. */
export function diceOf(seed: number): Dice {
  let state = seed | 0;
  function below(limit: number): number {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * limit);
  }
  return {
    below,
    percent: (likelihood) => below(100) < likelihood,
    pick<T>(items: readonly T[]): T {
      if (items.length === 0) throw new Error('nothing to pick from');
      return items[below(items.length)] as T;
    },
  };
}

export function shuffled<T>(items: readonly T[], dice: Dice): readonly T[] {
  const rest = [...items];
  return items.map(() => rest.splice(dice.below(rest.length), 1)[0] as T);
}
