import { type Machine, type Reading, readingOf } from './machine.ts';
import type { Partition } from './partition.ts';

/**
 * A high surrogate and a low one that follows are one character, and never two. No string has this, as the flag `u`
 * reads them, but an automaton reads code points and has to be told.
 */
export const PAIR = '[\\ud800-\\udbff][\\udc00-\\udfff]';

/** Whether it matters to a partition which half of a character is which, or that it is one. */
export function isTellingHalves({ starts }: Partition): boolean {
  return starts.some((start) => start >= 0xd800 && start <= 0xe000);
}

/**
 * Reads a pattern as the engine does that runs this. V8 begins to look for a match between the two halves of a
 * character as well. Nothing can be read from there, but what reads nothing may match: `\B`, or a lookahead that is
 * negative. Then every string matches that has such a character.
 */
export function asTheEngineHasIt(pattern: string): Reading {
  const reading = readingOf(pattern);
  const { main, behind } = reading;
  // By the standard there is no such place in this text.
  const looksThere = /\B/u.test('a😀a');
  if (!looksThere || !isMetInside(main, behind)) return reading;
  return readingOf(`${pattern}|[\\u{10000}-\\u{10ffff}]`);
}

/** Whether a machine comes to its end between the halves of a character, where there is no edge and nothing to read. */
function isMetInside({ states, start, end, ahead }: Machine, behind: readonly Machine[]): boolean {
  const seen = new Set([start]);
  for (const at of seen) {
    for (const { to, where } of states[at]?.free ?? []) {
      const machine = (where?.kind === 'ahead' ? ahead : behind)[where?.index ?? 0];
      const holds =
        where === undefined ||
        (!where.isEdge && machine !== undefined && isMetInside(machine, behind) !== where.negate);
      if (holds) seen.add(to);
    }
  }
  return seen.has(end);
}
