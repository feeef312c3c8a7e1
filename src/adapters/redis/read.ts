import type { Fault, Observation } from '../../core/evidence.ts';
import { code, count, phrase } from '../../core/phrase.ts';
import type { Asked } from '../../core/ports.ts';
import { ways } from './encodings.ts';
import { Stranger } from './faults.ts';
import { faultOf, isDenied, isFull, isWrongType, type Terms, tooLarge, unreadable } from './reply.ts';
import type { Group, Node, Servers } from './servers.ts';
import type { Reply, Session } from './session.ts';
import { address } from './url.ts';
import { weighHashes } from './weigh.ts';

/** What reading needs to know of a key. */
export type Item = Pick<Asked, 'key' | 'encoding'>;

/** One observation per item, in their order; those of a group are of one instant. */
export function readItems(
  servers: Servers,
  items: readonly Item[],
  terms: Terms,
): Promise<readonly Observation[]> {
  return byGroup(servers, items, (session, group) => readGroup(session, group, terms));
}

/** Lets every group of the items be worked on where it lives, all at once; the answers are in the order of the items. */
export async function byGroup<T>(
  servers: Servers,
  items: readonly Item[],
  work: (session: Session, group: readonly Item[]) => Promise<readonly T[]>,
): Promise<readonly T[]> {
  const groups = servers.groups(items.map(({ key }) => key));
  const answers = new Map<number, T>();
  await Promise.all(
    groups.map(async ({ node, indices }) => {
      const found = await work(
        node.session,
        indices.flatMap((index) => items[index] ?? []),
      );
      for (const [place, answer] of found.entries()) answers.set(indices[place] ?? -1, answer);
    }),
  );
  return items.map((_item, index) => {
    const answer = answers.get(index);
    if (answer === undefined) throw new Stranger();
    return answer;
  });
}

/** The same, by node: for questions of which each is about one key, so that they need no transaction. */
export function byNode<T>(
  servers: Servers,
  items: readonly Item[],
  work: (session: Session, group: readonly Item[]) => Promise<readonly T[]>,
): Promise<readonly T[]> {
  const groups = (keys: readonly string[]): readonly Group[] => {
    const indices = new Map<Node, number[]>();
    for (const group of servers.groups(keys)) {
      const known = indices.get(group.node);
      if (known === undefined) indices.set(group.node, [...group.indices]);
      else known.push(...group.indices);
    }
    return Array.from(indices, ([node, own]) => ({ node, indices: own }));
  };
  return byGroup({ ...servers, groups }, items, work);
}

/** All of one instant. A hash can't be asked for in part, so it is weighed first. */
export async function readGroup(
  session: Session,
  items: readonly Item[],
  terms: Terms,
): Promise<readonly Observation[]> {
  const hashes = items.filter(({ encoding }) => encoding === 'hash' || encoding === 'hash-json');
  if (hashes.length === 0) return readTogether(session, items, terms);
  const weights = await weighHashes(
    session,
    hashes.map(({ key }) => key),
    terms,
  );
  const weighed = new Map(hashes.map((item, index) => [item, weights[index]]));
  const settled = items.map((item) => {
    const weight = weighed.get(item);
    return typeof weight === 'number' ? undefined : weight;
  });
  return fillIn(items, settled, (open) => readTogether(session, open, terms));
}

/**
 * One transaction in one round trip, so that all values are of one instant. When some keys are refused, the whole
 * transaction is: then there is another one about the rest.
 */
export async function readTogether(
  session: Session,
  items: readonly Item[],
  terms: Terms,
): Promise<readonly Observation[]> {
  const { maxBytes } = terms.limits;
  const [begun, ...replies] = await session.send([['MULTI'], ...ask(items, maxBytes), ['EXEC']]);
  const end = replies.pop();
  if (Array.isArray(end)) {
    return observeAll(items, end, maxBytes, terms).map(
      (observation) => observation ?? unreadable(faultOf(new Stranger(), terms.endpoint)),
    );
  }
  // Some proxies have no transactions at all.
  if (isDenied(begun)) return readAtOnce(session, items, terms);
  if (begun instanceof Error) throw begun;
  const refusals = about(items, replies).map((own) => own.find((reply) => reply instanceof Error));
  // A server whose memory is full takes no transactions, though it lets everybody read.
  const full = [...refusals, end].find(isFull);
  if (full instanceof Error) return readAtOnce(session, items, terms, full);
  if (refusals.every((refusal) => refusal === undefined)) {
    if (isDenied(end)) return readAtOnce(session, items, terms);
    throw end instanceof Error ? end : new Stranger();
  }
  const settled = items.map((item, index) => {
    const refusal = refusals[index];
    return refusal instanceof Error ? unreadable(faultOfItem(refusal, item, terms)) : undefined;
  });
  return fillIn(items, settled, (open) => readTogether(session, open, terms));
}

function ask(items: readonly Item[], most: number) {
  return items.flatMap(({ key, encoding }) => ways[encoding].questions(key, most));
}

/** The replies to the questions about each item. */
function about(items: readonly Item[], replies: readonly Reply[]): readonly (readonly Reply[])[] {
  let end = 0;
  return items.map(({ key, encoding }) => {
    const start = end;
    end += ways[encoding].questions(key, 1).length;
    return replies.slice(start, end);
  });
}

/** `undefined` where replies contradict each other. `asked` bytes of each string were asked for, at most. */
function observeAll(
  items: readonly Item[],
  replies: readonly Reply[],
  asked: number,
  terms: Terms,
): readonly (Observation | undefined)[] {
  return about(items, replies).map((own, index) => {
    const item = items[index];
    return item && observe(item, own, asked, terms);
  });
}

/** What the replies to all questions about one item say together; `undefined` where they contradict each other. */
export function observe(
  item: Item,
  replies: readonly Reply[],
  asked: number,
  terms: Terms,
): Observation | undefined {
  const refusal = replies.find((reply) => reply instanceof Error && !isWrongType(reply));
  if (refusal instanceof Error) return unreadable(faultOfItem(refusal, item, terms));
  return ways[item.encoding].observe(replies, asked, terms.limits.maxBytes);
}

/** Answers what is settled, and reads the rest. */
export async function fillIn(
  items: readonly Item[],
  settled: readonly (Observation | undefined)[],
  read: (open: readonly Item[]) => Promise<readonly Observation[]>,
): Promise<readonly Observation[]> {
  const open = items.filter((_item, index) => settled[index] === undefined);
  const rest = (open.length === 0 ? [] : await read(open)).values();
  return settled.map((observation) => {
    const answer = observation ?? rest.next().value;
    if (answer === undefined) throw new Stranger();
    return answer;
  });
}

const MOST_READINGS = 5;

/**
 * Without transactions, MGET takes all strings of one instant. What it can't tell is asked before it, and asked again
 * when the two contradict each other. Two equal readings would prove nothing: a value may go and come back. Of hashes
 * and documents, each is whole for itself.
 */
async function readAtOnce(
  session: Session,
  items: readonly Item[],
  terms: Terms,
  full?: Error,
): Promise<readonly Observation[]> {
  for (let reading = 1; reading <= MOST_READINGS; reading += 1) {
    const looks = observeAll(items, await session.send(ask(items, 1)), 1, terms);
    const isOpen = items.map(
      ({ encoding }, index) => encoding === 'json' && looks[index]?.kind !== 'unreadable',
    );
    const values = await valuesOf(
      session,
      items.filter((_item, index) => isOpen[index]),
      full,
    );
    const observations = looks.map((look, index) =>
      isOpen[index] ? settle(look, values.next().value, terms) : look,
    );
    if (observations.every((observation) => observation !== undefined)) return observations;
  }
  return items.map(() =>
    unreadable({
      reason: 'unreadable',
      phrase: phrase`the keys changed while they were read, ${count(MOST_READINGS)} times in a row`,
      advice: phrase`grant ${code('+multi +exec')} so that they can be read in one instant`,
    }),
  );
}

/** Where nobody may read in this way either, it is the full memory that has to be told of. */
async function valuesOf(
  session: Session,
  items: readonly Item[],
  full: Error | undefined,
): Promise<IterableIterator<Reply>> {
  if (items.length === 0) return [].values();
  const [taken] = await session.send([['MGET', ...items.map(({ key }) => key)]]);
  if (taken instanceof Error) throw full !== undefined && isDenied(taken) ? full : taken;
  return (Array.isArray(taken) ? taken : []).values();
}

/** What a first look and the value taken after it say together, if they can both be true. */
function settle(
  look: Observation | undefined,
  value: Reply | undefined,
  { limits: { maxBytes } }: Terms,
): Observation | undefined {
  if (look?.kind !== 'present') return value === null ? look : undefined;
  if (!(value instanceof Uint8Array)) return undefined;
  return value.length > maxBytes ? tooLarge(value.length, maxBytes) : { ...look, bytes: value };
}

/** The fault of one key alone; one that passes is left to be tried again. */
export function faultOfItem(error: Error, { encoding }: Item, { endpoint }: Terms): Fault {
  if (encoding === 'redisjson' && /unknown command/i.test(error.message)) {
    return {
      reason: 'unreadable',
      phrase: phrase`Redis at ${code(address(endpoint))} has no RedisJSON (it doesn't know ${code('JSON.GET')})`,
      advice: phrase`check the URL, or the ${code('encoding')} of the config: a string that holds JSON is ${code('json')}`,
    };
  }
  return faultOf(error, endpoint);
}
