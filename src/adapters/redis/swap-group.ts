import type { Swapped } from '../../core/ports.ts';
import { ways } from './encodings.ts';
import { diagnose, Stranger } from './faults.ts';
import { isAsExpected, writesOf } from './held.ts';
import { observe, readGroup } from './read.ts';
import { type Terms, textOf } from './reply.ts';
import type { Command, Reply, Session } from './session.ts';
import { isElsewhere } from './sessions.ts';
import {
  allFit,
  type Case,
  isRefusal,
  judge,
  judgeLost,
  outcomeOf,
  refuse,
  unlessLost,
} from './swap-outcomes.ts';
import { restless } from './write-faults.ts';

/** So often a transaction that somebody broke is begun again. */
const MOST_ROUNDS = 100;

/**
 * Does all swaps of a group in one instant, or none: what is there is watched and looked at, and nothing is written
 * unless it fits and stays so. Throws what passes, so that another attempt may be made.
 */
export async function swapGroup(session: Session, cases: readonly Case[], terms: Terms): Promise<void> {
  for (let round = 1; round <= MOST_ROUNDS; round += 1) {
    const outcomes = await swapOnce(session, cases, terms);
    if (outcomes !== undefined) return settle(cases, outcomes);
  }
  const fault = restless(MOST_ROUNDS, terms.endpoint);
  settle(
    cases,
    cases.map(() => ({ kind: 'refused', fault })),
  );
}

/** Finds out what has become of a group whose EXEC was lost, where that can be told. */
export async function lookAfter(session: Session, cases: readonly Case[], terms: Terms): Promise<void> {
  const outcomes = judgeLost(cases, await lookAt(session, cases, terms));
  if (outcomes !== undefined) settle(cases, outcomes);
}

function settle(cases: readonly Case[], outcomes: readonly Swapped[]): void {
  for (const [index, own] of cases.entries()) own.outcome = outcomes[index];
}

/** `undefined` when somebody came in between, so that it has to be begun again. */
async function swapOnce(
  session: Session,
  cases: readonly Case[],
  terms: Terms,
): Promise<readonly Swapped[] | undefined> {
  const { looks, begun } = await watch(session, cases, terms);
  const hasBegun = textOf(begun) === 'OK';
  const elsewhere = looks.flat().find(isElsewhere);
  if (elsewhere !== undefined) {
    // The connection may be needed for other groups.
    if (hasBegun) await leave(session);
    throw elsewhere;
  }
  const refusals = looks.map((replies) => replies.find(isRefusal));
  if (refusals.some((refusal) => refusal !== undefined)) {
    if (hasBegun) await leave(session);
    return unlessLost(cases, refuse(cases, refusals, terms));
  }
  // Nobody has confirmed that all is watched and that nothing is done before EXEC.
  if (!hasBegun || looks.some(([watched]) => textOf(watched) !== 'OK')) {
    const unconfirmed = cases.map(() => begun ?? null);
    return unlessLost(cases, refuse(cases, unconfirmed, terms));
  }
  const found = cases.map(({ swap }, index) =>
    observe(swap, looks[index]?.slice(1) ?? [], terms.limits.maxBytes, terms),
  );
  if (allFit(cases, found, isAsExpected)) return commit(session, cases, terms);
  await leave(session);
  // Those looks were of several instants, and what is told is to be of one.
  return judge(cases, await lookAt(session, cases, terms));
}

function lookAt(session: Session, cases: readonly Case[], terms: Terms) {
  return readGroup(
    session,
    cases.map(({ swap }) => swap),
    terms,
  );
}

/** One round trip. MULTI goes with it, because nothing may be sent that would be done at once if MULTI were refused. */
async function watch(session: Session, cases: readonly Case[], { limits: { maxBytes } }: Terms) {
  const parts = cases.map(({ swap: { key, encoding } }): readonly Command[] => [
    ['WATCH', key],
    ...ways[encoding].questions(key, maxBytes),
  ]);
  const replies = [...(await session.send([...parts.flat(), ['MULTI']]))];
  const begun = replies.pop();
  return { looks: inParts(replies, parts), begun };
}

/** Ends an empty transaction, and the watch with it. */
async function leave(session: Session): Promise<void> {
  const [end] = await session.send([['EXEC']]);
  if (end instanceof Error) throw end;
}

/** Sends the writes of all, and reads back what they have done. */
async function commit(
  session: Session,
  cases: readonly Case[],
  terms: Terms,
): Promise<readonly Swapped[] | undefined> {
  const parts = cases.map(({ swap }): readonly Command[] => [
    ...writesOf(swap),
    ...ways[swap.encoding].questions(swap.key, terms.limits.maxBytes),
  ]);
  const replies = [...(await sendLast(session, cases, [...parts.flat(), ['EXEC']], terms))];
  const end = replies.pop() ?? null;
  if (end === null) return undefined;
  if (Array.isArray(end)) {
    const ends = inParts(end, parts);
    return cases.map(({ swap }, index) => outcomeOf(swap, ends[index] ?? [], terms));
  }
  const elsewhere = [...replies, end].find(isElsewhere);
  if (elsewhere !== undefined) throw elsewhere;
  const refusals = inParts(replies, parts).map((own) => own.find(isRefusal));
  return refuse(cases, refusals.some(isRefusal) ? refusals : cases.map(() => end), terms);
}

/** From the moment that EXEC goes out until it is answered, nobody knows. */
async function sendLast(
  session: Session,
  cases: readonly Case[],
  commands: readonly Command[],
  { endpoint }: Terms,
): Promise<readonly Reply[]> {
  try {
    const replies = await session.send(commands);
    const end = replies.at(-1);
    if (end === null || end instanceof Error || Array.isArray(end)) return replies;
    throw new Stranger();
  } catch (error) {
    const lost = diagnose(error, endpoint, 'connected');
    // The first that may still be on its way is never forgotten.
    for (const own of cases) own.lost = own.lost?.isLate ? own.lost : lost;
    throw error;
  }
}

/** The replies to each part of a batch. */
function inParts(
  replies: readonly Reply[],
  parts: readonly (readonly Command[])[],
): readonly (readonly Reply[])[] {
  let end = 0;
  return parts.map(({ length }) => {
    const start = end;
    end += length;
    return replies.slice(start, end);
  });
}
