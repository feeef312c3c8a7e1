/** Counts writes, and lets no more of them through than there may be. */
export interface Gate {
  /** Whether a request that writes so often may go out. */
  admits(weight: number): boolean;
  /** It has gone out. */
  enter(weight: number): void;
  /** It was answered, having `entered` with that weight and written so often. */
  leave(entered: number, wrote: number): void;
  isReached(): boolean;
  isClosed(): boolean;
  close(): void;
  written(): number;
}

export function startGate(most = Number.POSITIVE_INFINITY): Gate {
  let [written, underway, isClosed, isKnocked] = [0, 0, false, false];
  return {
    admits(weight) {
      if (weight === 0 || written + underway < most) return true;
      isKnocked = true;
      return false;
    },
    enter(weight) {
      underway += weight;
    },
    leave(entered, wrote) {
      underway -= entered;
      written += wrote;
    },
    isReached: () => underway === 0 && written >= most && (most > 0 || isKnocked),
    isClosed: () => isClosed,
    close() {
      isClosed = true;
    },
    written: () => written,
  };
}
