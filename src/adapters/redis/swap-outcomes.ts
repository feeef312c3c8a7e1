import type { Observation } from '../../core/evidence.ts';
import type { Swap, Swapped } from '../../core/ports.ts';
import { type Diagnosis, Stranger } from './faults.ts';
import { isAsExpected, isAsWanted, writesOf } from './held.ts';
import { observe } from './read.ts';
import { faultOf, isWrongType, type Terms, unreadable } from './reply.ts';
import type { Reply } from './session.ts';
import { doubtful, faultOfWrite, halfDone, undone } from './write-faults.ts';

/** One swap and what has become of it; kept through all attempts of a call. */
export interface Case {
  readonly swap: Swap;
  outcome: Swapped | undefined;
  /** An EXEC with it went out, and no reply came: from then on, what is wanted may be there already. */
  lost: Diagnosis | undefined;
}

/** Whether what was found of each case is what its swap expects, or wants. */
export function allFit(
  cases: readonly Case[],
  found: readonly (Observation | undefined)[],
  fits: typeof isAsExpected,
): boolean {
  return cases.every(({ swap }, index) => {
    const own = found[index];
    return own !== undefined && fits(swap, own);
  });
}

/** Why nothing is written where something doesn't fit; `undefined` when all of it fits after all. */
export function judge(cases: readonly Case[], found: readonly Observation[]): readonly Swapped[] | undefined {
  if (allFit(cases, found, isAsExpected)) return undefined;
  const isLost = cases.some(({ lost }) => lost !== undefined);
  if (isLost && allFit(cases, found, isAsWanted)) return found.map(swapped);
  const outcomes = cases.map(({ swap }, index): Swapped => {
    const there = found[index];
    if (there === undefined || isAsExpected(swap, there)) return { kind: 'held' };
    if (there.kind === 'unreadable' && there.fault.reason !== 'too-large') {
      return { kind: 'refused', fault: there.fault };
    }
    return { kind: 'moved', found: there };
  });
  return unlessLost(cases, outcomes);
}

/**
 * What has become of a group whose EXEC was lost, by what is there now; `undefined` where that doesn't tell. One that
 * may still be on its way can't be called undone.
 */
export function judgeLost(
  cases: readonly Case[],
  found: readonly Observation[],
): readonly Swapped[] | undefined {
  if (allFit(cases, found, isAsWanted)) return found.map(swapped);
  if (!allFit(cases, found, isAsExpected)) return undefined;
  const outcomes = cases.flatMap(({ lost }): readonly Swapped[] =>
    lost === undefined || lost.isLate ? [] : [{ kind: 'refused', fault: undone(lost) }],
  );
  return outcomes.length === cases.length ? outcomes : undefined;
}

/** What was lost may have been done all the same, and changed again, or hidden from us, by somebody else. */
export function unlessLost(cases: readonly Case[], outcomes: readonly Swapped[]): readonly Swapped[] {
  return outcomes.map((outcome, index) => {
    const lost = cases[index]?.lost;
    return lost === undefined ? outcome : { kind: 'uncertain', fault: doubtful(lost) };
  });
}

/** Who is refused, and who is held for their sake. Throws what passes. */
export function refuse(
  cases: readonly Case[],
  refusals: readonly (Reply | undefined)[],
  terms: Terms,
): readonly Swapped[] {
  return cases.map(({ swap }, index) => {
    const refusal = refusals[index];
    if (refusal === undefined) return { kind: 'held' };
    const error = refusal instanceof Error ? refusal : new Stranger();
    return { kind: 'refused', fault: faultOfWrite(error, swap, terms) };
  });
}

/** What has become of one key, by the replies to its own commands. */
export function outcomeOf(swap: Swap, replies: readonly Reply[], terms: Terms): Swapped {
  const writes = replies.slice(0, writesOf(swap).length);
  const found =
    observe(swap, replies.slice(writes.length), terms.limits.maxBytes, terms) ??
    unreadable(faultOf(new Stranger(), terms.endpoint));
  if (isAsWanted(swap, found)) return { kind: 'swapped', found };
  const error = writes.find((reply) => reply instanceof Error);
  if (error === undefined) {
    // RedisJSON has its own spelling. Else, the key had gone by itself, which old servers don't tell before EXEC.
    const isDone = swap.encoding === 'redisjson' && found.kind === 'present';
    return { kind: isDone || found.kind === 'unreadable' ? 'swapped' : 'moved', found };
  }
  const fault = faultOfWrite(error, swap, terms);
  return isAsExpected(swap, found)
    ? { kind: 'refused', fault }
    : { kind: 'uncertain', fault: halfDone(fault) };
}

export function isRefusal(reply: Reply | undefined): reply is Error {
  return reply instanceof Error && !isWrongType(reply);
}

function swapped(found: Observation): Swapped {
  return { kind: 'swapped', found };
}
