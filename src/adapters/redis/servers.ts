import { clusterServers, expectSame, expectWhole } from './cluster.ts';
import { type Deadline, startDeadline } from './deadline.ts';
import type { Again } from './ending.ts';
import { diagnose, Failure } from './faults.ts';
import { introduce } from './introduction.ts';
import { demoted, findPrimary } from './sentinel.ts';
import type { Ended, OpenSession, Session } from './session.ts';
import { type Redirect, type Sessions, startSessions } from './sessions.ts';
import { learn } from './topology.ts';
import { address, type Endpoint } from './url.ts';

/** The servers that hold the keys: one, or the primaries of a cluster. */
export interface Servers {
  readonly isCluster: boolean;
  readonly nodes: readonly Node[];
  /** Parts keys so that those of a group may stand in one transaction. Every key is in one group. */
  groups(keys: readonly string[]): readonly Group[];
}

export interface Node {
  /** `host:port`, or the path of a socket. */
  readonly address: string;
  readonly session: Session;
}

export interface Group {
  readonly node: Node;
  /** Places in the list that was given. */
  readonly indices: readonly number[];
}

/** What `use` is like. */
export interface Manner {
  /**
   * It asks all nodes, not only those that hold certain keys: whether there are several has to be found out before,
   * because no reply would tell. One more round trip.
   */
  readonly isWhole?: true;
  /**
   * It hands on what it reads, so it can't be begun twice, and the deadline is one for every batch. With `isWhole`, a
   * cluster in which slots are missing or moved is a fault: keys may have been missed.
   */
  readonly isStream?: true;
}

/** Attempts, with so many milliseconds between them. */
const MOST: Readonly<Record<Again, number>> = { never: 1, briefly: 8, patiently: Number.POSITIVE_INFINITY };
const PAUSE = 250;

/**
 * Opens what the target needs, lets `use` work with it, closes it. Everything together is bounded by `timeout`
 * (milliseconds); a passing fault is tried again within it, which begins `use` anew. So does a reply that gives a
 * cluster away. Expected failures are answers.
 */
export async function withServers<T>(
  endpoint: Endpoint,
  timeout: number,
  use: (servers: Servers) => Promise<T>,
  manner: Manner = {},
): Promise<Ended<T>> {
  const visit = { endpoint, deadline: startDeadline(timeout), use, manner };
  const knowledge: Knowledge = { isCluster: false, hasBegun: false };
  let earlier: Ended<T> | undefined;
  for (let attempt = 1; ; attempt += 1) {
    const { ended, again } = await once(visit, knowledge);
    // Of an attempt that was only cut short, the one before has more to tell.
    if (!ended.ok && ended.fault.isLate && earlier !== undefined) return earlier;
    if (attempt >= MOST[again] || visit.deadline.left() <= PAUSE) return ended;
    earlier = ended;
    await new Promise((resume) => setTimeout(resume, PAUSE));
  }
}

/** What is asked for. */
interface Visit<T> {
  readonly endpoint: Endpoint;
  readonly deadline: Deadline;
  readonly use: (servers: Servers) => Promise<T>;
  readonly manner: Manner;
}

/** What an attempt has learned that holds for the next. */
interface Knowledge {
  isCluster: boolean;
  /** A stream has, so it can't begin again. */
  hasBegun: boolean;
  /** Of the attempt before, when a node of a cluster didn't serve what it was asked for. */
  redirect?: Redirect | undefined;
}

interface Outcome<T> {
  readonly ended: Ended<T>;
  readonly again: Again;
}

async function once<T>(visit: Visit<T>, knowledge: Knowledge): Promise<Outcome<T>> {
  const { endpoint, deadline } = visit;
  const found = endpoint.sentinels && (await findPrimary(endpoint, endpoint.sentinels, deadline));
  if (found?.ok === false) return { ended: found, again: found.fault.again };
  const sessions = startSessions(deadline);
  let ended: Ended<T>;
  try {
    ended = { ok: true, value: await work(visit, sessions, found?.value ?? endpoint, knowledge) };
  } catch (error) {
    ended = { ok: false, fault: diagnose(error, endpoint, 'connected') };
  } finally {
    sessions.close();
  }
  knowledge.redirect = knowledge.isCluster ? sessions.takeRedirect() : undefined;
  return { ended, again: whetherAgain(ended, endpoint, knowledge) };
}

/** Nodes of a cluster, and primaries of Sentinels, are soon replaced when they fail. */
function whetherAgain(ended: Ended<unknown>, { sentinels }: Endpoint, knowledge: Knowledge): Again {
  if (knowledge.hasBegun) return 'never';
  if (knowledge.redirect !== undefined) return 'briefly';
  if (ended.ok) return 'never';
  const { again, reason } = ended.fault;
  if (again !== 'never' || reason !== 'unreachable') return again;
  if (sentinels !== undefined) return 'patiently';
  return knowledge.isCluster ? 'briefly' : 'never';
}

async function work<T>(
  visit: Visit<T>,
  sessions: Sessions,
  primary: Endpoint,
  knowledge: Knowledge,
): Promise<T> {
  const seed = sessions.open(knowledge.redirect?.informant ?? primary);
  await seed.connect();
  await getToKnow(seed, visit, knowledge);
  if (!knowledge.isCluster) {
    const [outcome] = await Promise.allSettled([begin(visit, oneServer(seed), knowledge)]);
    if (visit.manner.isStream || sessions.takeRedirect() === undefined) return settled(outcome);
    knowledge.isCluster = true;
  }
  const ranges = await learn(seed, visit.manner);
  const cluster = clusterServers(ranges, seed, visit.endpoint, sessions.open);
  if (!visit.manner.isStream) return visit.use(cluster);
  expectWhole(ranges, seed);
  await expectSame(ranges, cluster);
  const value = await begin(visit, cluster, knowledge);
  await expectSame(ranges, cluster);
  return value;
}

/** Asks a server what it is, where that has to be known beforehand. */
async function getToKnow(
  session: OpenSession,
  { endpoint: { sentinels }, manner }: Visit<unknown>,
  knowledge: Knowledge,
): Promise<void> {
  if (!manner.isWhole && sentinels === undefined) return;
  const { isCluster, isReplica, excuse, secrecy } = await introduce(session);
  // Once begun, a stream can't wait for it, nor learn that it was told a part only.
  const obstacle = excuse ?? secrecy;
  if (manner.isStream && obstacle !== undefined) throw obstacle;
  if (sentinels !== undefined && isReplica) throw new Failure(demoted(session.endpoint, sentinels));
  knowledge.isCluster ||= isCluster;
}

function begin<T>({ use, manner, deadline }: Visit<T>, servers: Servers, knowledge: Knowledge): Promise<T> {
  if (manner.isStream) {
    knowledge.hasBegun = true;
    deadline.renew();
  }
  return use(servers);
}

function settled<T>(outcome: PromiseSettledResult<T>): T {
  if (outcome.status === 'rejected') throw outcome.reason;
  return outcome.value;
}

function oneServer(session: OpenSession): Servers {
  const node = { address: address(session.endpoint), session };
  return {
    isCluster: false,
    nodes: [node],
    groups: (keys) => [{ node, indices: keys.map((_key, index) => index) }],
  };
}
