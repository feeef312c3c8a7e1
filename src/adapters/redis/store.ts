import type { Fault, Neighbours, Observation } from '../../core/evidence.ts';
import { code, count, type Known, phrase, vouch } from '../../core/phrase.ts';
import type { Store } from '../../core/ports.ts';
import { diagnose, Stranger } from './faults.ts';
import { type Command, type Reply, type Session, withSession } from './session.ts';
import { type Endpoint, publicUrl } from './url.ts';

export interface Limits {
  /** Milliseconds for connecting and every command of one call together. */
  readonly timeout: number;
  /** A longer value is not read. */
  readonly maxBytes: number;
}

/** One Redis server, read only. Each call is a connection of its own, closed when it has answered. */
export function redisStore(endpoint: Endpoint, limits: Limits): Store {
  return {
    target: publicUrl(endpoint),
    async read(asked) {
      const keys = asked.map(({ key }) => vouch(key));
      const ended = await withSession(endpoint, limits.timeout, (session) =>
        readTogether(session, keys, endpoint, limits),
      );
      return ended.ok ? ended.value : keys.map(() => unreadable(ended.fault));
    },
    async find(keys, similar) {
      const ended = await withSession(endpoint, limits.timeout, (session) =>
        search(session, keys.map(vouch), similar, endpoint),
      );
      return ended.ok ? ended.value : { kind: 'unknown', fault: ended.fault };
    },
  };
}

const QUESTIONS = 4;

function questions(key: Known, bytes: number): readonly Command[] {
  return [
    ['TYPE', key],
    ['STRLEN', key],
    ['PTTL', key],
    ['GETRANGE', key, 0, bytes - 1],
  ];
}

/** The replies to the questions about one key. */
function about(replies: readonly Reply[], index: number): readonly Reply[] {
  return replies.slice(index * QUESTIONS, (index + 1) * QUESTIONS);
}

/**
 * One transaction in one round trip, so that all values are of one instant. When some keys are refused, the whole
 * transaction is: then there is another one about the rest.
 */
async function readTogether(
  session: Session,
  keys: readonly Known[],
  endpoint: Endpoint,
  limits: Limits,
): Promise<readonly Observation[]> {
  // One byte more than the limit is never asked for: the length alone tells what is too large.
  const asked = keys.flatMap((key) => questions(key, limits.maxBytes));
  const [begun, ...replies] = await session.send([['MULTI'], ...asked, ['EXEC']]);
  const end = replies.pop();
  if (Array.isArray(end)) {
    return keys.map(
      (_key, index) =>
        observe(about(end, index), endpoint, limits, limits.maxBytes) ?? refused(new Stranger(), endpoint),
    );
  }
  // Some proxies have no transactions at all.
  if (isDenied(begun)) return readAtOnce(session, keys, endpoint, limits);
  if (begun instanceof Error) throw begun;
  const refusals = keys.map((_key, index) => about(replies, index).find((reply) => reply instanceof Error));
  const open = keys.filter((_key, index) => refusals[index] === undefined);
  if (open.length === keys.length) {
    if (isDenied(end)) return readAtOnce(session, keys, endpoint, limits);
    throw end instanceof Error ? end : new Stranger();
  }
  const faults = refusals.map((refusal) => refusal && refused(refusal, endpoint));
  const rest = (open.length === 0 ? [] : await readTogether(session, open, endpoint, limits)).values();
  return faults.map((fault) => fault ?? rest.next().value ?? refused(new Stranger(), endpoint));
}

function isDenied(reply: Reply | undefined): boolean {
  return reply instanceof Error && /^(EXECABORT .*: )?(NOPERM|ERR unknown command)/.test(reply.message);
}

const MOST_READINGS = 5;

/**
 * Without transactions, MGET takes all values of one instant. What it can't tell is asked before it, and asked again
 * when the two contradict each other. Two equal readings would prove nothing: a value may go and come back.
 */
async function readAtOnce(
  session: Session,
  keys: readonly Known[],
  endpoint: Endpoint,
  limits: Limits,
): Promise<readonly Observation[]> {
  for (let reading = 1; reading <= MOST_READINGS; reading += 1) {
    const replies = await session.send(keys.flatMap((key) => questions(key, 1)));
    const looks = keys.map((_key, index) => observe(about(replies, index), endpoint, limits, 1));
    const open = keys.filter((_key, index) => looks[index]?.kind !== 'unreadable');
    const [taken] = open.length === 0 ? [[]] : await session.send([['MGET', ...open]]);
    if (taken instanceof Error) throw taken;
    const values: IterableIterator<Reply> = (Array.isArray(taken) ? taken : []).values();
    const observations = looks.map((look) =>
      look?.kind === 'unreadable' ? look : settle(look, values.next().value, limits),
    );
    if (observations.every((observation) => observation !== undefined)) return observations;
  }
  return keys.map(() =>
    unreadable({
      reason: 'unreadable',
      phrase: phrase`the keys changed while they were read, ${count(MOST_READINGS)} times in a row`,
      advice: phrase`grant ${code('+multi +exec')} so that they can be read in one instant`,
    }),
  );
}

/** What a first look and the value taken after it say together, if they can both be true. */
function settle(
  look: Observation | undefined,
  value: Reply | undefined,
  { maxBytes }: Limits,
): Observation | undefined {
  if (look?.kind !== 'present') return value === null ? look : undefined;
  if (!(value instanceof Uint8Array)) return undefined;
  return value.length > maxBytes ? unreadable(tooLarge(value.length, maxBytes)) : { ...look, bytes: value };
}

/** What the replies about one key say together, if they can all be true. `asked` bytes of it were, at most. */
function observe(
  replies: readonly Reply[],
  endpoint: Endpoint,
  { maxBytes }: Limits,
  asked: number,
): Observation | undefined {
  const [type, length, ttl, bytes] = replies;
  const refusal = replies.find((reply) => reply instanceof Error && !isWrongType(reply));
  if (refusal instanceof Error) return refused(refusal, endpoint);
  const kind = textOf(type);
  if (kind === 'none') return length === 0 ? { kind: 'absent' } : undefined;
  if (kind !== 'string') return isWrongType(length) ? { kind: 'wrong-type', type: kind } : undefined;
  if (typeof length !== 'number' || typeof ttl !== 'number' || !(bytes instanceof Uint8Array))
    return undefined;
  // A piece of a value is another value.
  if (bytes.length !== Math.min(length, asked) || ttl < -1) return undefined;
  if (length > maxBytes) return unreadable(tooLarge(length, maxBytes));
  return { kind: 'present', bytes, ...(ttl >= 0 ? { ttl } : {}) };
}

function isWrongType(reply: Reply | undefined): boolean {
  return reply instanceof Error && reply.message.startsWith('WRONGTYPE');
}

/** The fault of one key alone; one that passes is left to be tried again, with all keys. */
function refused(error: Error, endpoint: Endpoint): Observation {
  const fault = diagnose(error, endpoint, 'connected');
  if (fault.again !== 'never') throw error;
  return unreadable(fault);
}

function unreadable(fault: Fault): Observation {
  return { kind: 'unreadable', fault };
}

function tooLarge(length: number, maxBytes: number): Fault {
  return {
    reason: 'too-large',
    phrase: phrase`the value has ${count(length, 'byte')}, more than the ${count(maxBytes)} that are read`,
    advice: phrase`raise ${code('max-bytes')} if a configuration can be that large`,
  };
}

const MOST_NAMES = 200_000;
const MOST_SIMILAR = 20;
const DATABASES = 16;

/** Looks for what a missing key may have been mistaken for: similar names here, the same name elsewhere. */
async function search(
  session: Session,
  keys: readonly Known[],
  similar: (name: string) => boolean,
  endpoint: Endpoint,
): Promise<Neighbours> {
  const names = new Set<string>();
  let cursor = '0';
  let seen = 0;
  do {
    const [reply] = await session.send([['SCAN', cursor, 'COUNT', 1000]]);
    if (reply instanceof Error) throw reply;
    const [next, page] = Array.isArray(reply) ? reply : [];
    if (!Array.isArray(page)) throw new Stranger();
    const found = page.map(textOf);
    cursor = textOf(next);
    seen += found.length;
    for (const name of found) if (names.size < MOST_SIMILAR && similar(name)) names.add(name);
  } while (cursor !== '0' && cursor !== '' && seen < MOST_NAMES);
  return { kind: 'found', names: [...names].sort(), databases: await elsewhere(session, keys, endpoint) };
}

/** Servers without databases, and users without SELECT, answer errors: then there is nothing to tell. */
async function elsewhere(
  session: Session,
  keys: readonly Known[],
  { database }: Endpoint,
): Promise<ReadonlyMap<string, readonly number[]>> {
  const others = Array.from({ length: DATABASES }, (_, index) => index).filter((index) => index !== database);
  const types = keys.map((key): Command => ['TYPE', key]);
  const replies = await session.send(
    others.flatMap((other): readonly Command[] => [['SELECT', other], ...types]),
  );
  const holders = new Map<string, number[]>();
  for (const [block, other] of others.entries()) {
    const [selected, ...kinds] = replies.slice(block * (1 + keys.length), (block + 1) * (1 + keys.length));
    // After a refused SELECT the questions went to the database before.
    if (selected === undefined || selected instanceof Error) continue;
    for (const [index, key] of keys.entries()) {
      const kind = textOf(kinds[index]);
      if (kind !== '' && kind !== 'none') holders.set(key, [...(holders.get(key) ?? []), other]);
    }
  }
  return holders;
}

function textOf(reply: Reply | undefined): string {
  return reply instanceof Uint8Array ? Buffer.from(reply).toString('utf8') : '';
}
