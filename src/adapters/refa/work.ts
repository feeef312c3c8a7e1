/** Thrown when an answer takes more work than it may. */
export class TooMuchWork extends Error {
  override readonly name = 'TooMuchWork';
}

/** Steps that a question may take. One is about a microsecond, and counted rather than timed: runs are alike. */
export class Work {
  #left: number;

  constructor(steps: number) {
    this.#left = steps;
  }

  spend(steps: number): void {
    this.#left -= steps;
    if (this.#left < 0) throw new TooMuchWork();
  }
}
