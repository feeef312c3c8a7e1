import { latin1 } from './core/content.ts';
import { utf8 } from './core/decode.ts';
import { type Holding, StoreFault, type Trove } from './core/ports.ts';
import { noAnswer } from './gather.ts';

/** How a comparison reads: no faster than it may, and each name once as far as that can be known. */

export const absent: Holding = { kind: 'absent' };

export const unanswered: Holding = { kind: 'unreadable', fault: noAnswer };

/** A side that can't be reached has no keys that could be told of: it is gone on with when it can. */
export async function readAll(trove: Trove, names: readonly Uint8Array[]): Promise<readonly Holding[]> {
  if (names.length === 0) return [];
  const holdings = await trove.read(names);
  for (const holding of holdings) {
    if (holding.kind === 'unreadable' && holding.fault.reason === 'unreachable') {
      throw new StoreFault(holding.fault);
    }
  }
  return holdings;
}

export interface Pace {
  /** Milliseconds. */
  readonly clock: () => number;
  readonly sleep: (milliseconds: number) => Promise<void>;
}

/** Waits so that no more than so many keys are read in a second. */
export function pacer(rate: number | undefined, { clock, sleep }: Pace) {
  let free = 0;
  return async (keys: number): Promise<void> => {
    if (rate === undefined) return;
    const now = clock();
    const start = Math.max(now, free);
    free = start + (keys * 1000) / rate;
    if (start > now) await sleep(start - now);
  };
}

export function textOf(name: Uint8Array): string {
  return utf8(name) ?? latin1(name);
}

/** The names that came last: listings that repeat themselves mostly do so soon. */
export class Recent {
  static readonly #HALF = 50_000;
  #young = new Set<string>();
  #old = new Set<string>();

  isNew(name: string): boolean {
    if (this.#young.has(name) || this.#old.has(name)) return false;
    this.#young.add(name);
    if (this.#young.size >= Recent.#HALF) [this.#old, this.#young] = [this.#young, new Set()];
    return true;
  }
}
