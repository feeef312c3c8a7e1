import type { Swap, Swapped } from '../../core/ports.ts';
import { startDeadline } from './deadline.ts';
import { Stranger } from './faults.ts';
import { faultOf, type Terms } from './reply.ts';
import { type Manner, type Servers, withServers } from './servers.ts';
import type { Ended, Session } from './session.ts';
import { lookAfter, swapGroup } from './swap-group.ts';
import type { Case } from './swap-outcomes.ts';
import { doubtful } from './write-faults.ts';

/** Which keys stand in one transaction has to be known before anything is said of them. */
const manner: Manner = { isWhole: true };

/** One answer per swap, in their order. Everything together is bounded by the timeout. */
export async function swapAll(swaps: readonly Swap[], terms: Terms): Promise<readonly Swapped[]> {
  if (swaps.length === 0) return [];
  const { endpoint, limits } = terms;
  const deadline = startDeadline(limits.timeout);
  const cases = swaps.map((swap): Case => ({ swap, outcome: undefined, lost: undefined }));
  const ended = await withServers(
    endpoint,
    limits.timeout,
    (servers) => onEach(servers, cases.filter(isOpen), (session, group) => swapGroup(session, group, terms)),
    manner,
  );
  const lost = cases.filter((own) => isOpen(own) && own.lost !== undefined);
  if (lost.length > 0 && deadline.left() > 0) {
    const look = (servers: Servers) =>
      onEach(servers, lost, (session, group) => lookAfter(session, group, terms));
    await withServers(endpoint, deadline.left(), look, manner);
  }
  return cases.map((own) => own.outcome ?? unsettled(own, ended, terms));
}

function isOpen({ outcome }: Case): boolean {
  return outcome === undefined;
}

function unsettled({ lost }: Case, ended: Ended<void>, { endpoint }: Terms): Swapped {
  if (lost !== undefined) return { kind: 'uncertain', fault: doubtful(lost) };
  return { kind: 'refused', fault: ended.ok ? faultOf(new Stranger(), endpoint) : ended.fault };
}

/**
 * Lets every group of the cases be worked on where it lives: nodes at once, and the groups of a node one after the
 * other, because a connection has one transaction at a time. What fails doesn't keep others from being worked on.
 */
async function onEach(
  servers: Servers,
  cases: readonly Case[],
  work: (session: Session, group: readonly Case[]) => Promise<void>,
): Promise<void> {
  const groups = new Map<Session, (readonly Case[])[]>();
  for (const { node, indices } of servers.groups(cases.map(({ swap }) => swap.key))) {
    const group = indices.flatMap((index) => cases[index] ?? []);
    groups.set(node.session, [...(groups.get(node.session) ?? []), group]);
  }
  const failures: unknown[] = [];
  await Promise.all(
    Array.from(groups, async ([session, own]) => {
      for (const group of own) await work(session, group).catch((error: unknown) => failures.push(error));
    }),
  );
  if (failures.length > 0) throw failures[0];
}
