import slotOf from 'cluster-key-slot';
import { utf8 } from '../../core/decode.ts';
import { code, count, phrase } from '../../core/phrase.ts';
import { type Holding, StoreFault, type Trove } from '../../core/ports.ts';
import { readHoldings } from './holdings.ts';
import { listNames } from './names.ts';
import { type Outcome, type Unsettled, unsettled } from './outcome.ts';
import { faultOf, type Limits, type Terms } from './reply.ts';
import type { Node, Servers } from './servers.ts';
import { type Stay, stayAt } from './stay.ts';
import { address, type Endpoint, publicUrl } from './url.ts';

const MOST_ROUNDS = 5;
/** Milliseconds. */
const PAUSE = 100;

/**
 * Every key that one URL leads to. Its readings share connections, which stay open until it is disposed of; of the time
 * limit, each batch of commands has the whole. A stream's entries that were delivered and not acknowledged, and times to
 * live of single fields, are not told.
 */
export function redisTrove(endpoint: Endpoint, limits: Limits): Trove & AsyncDisposable {
  const terms = { endpoint, limits };
  const stay = stayAt(endpoint, limits.timeout);
  return {
    target: publicUrl(endpoint),
    async size() {
      const ended = await stay.use((servers) => sizeOf(servers, endpoint));
      if (!ended.ok) throw new StoreFault(ended.fault);
      return ended.value;
    },
    names: (match, from) => listNames(match, from, terms),
    async read(names) {
      if (names.length === 0) return [];
      return readPatiently(stay, names, terms);
    },
    [Symbol.asyncDispose]: () => stay.leave(),
  };
}

/** `undefined` when a server keeps it to itself. */
async function sizeOf({ nodes }: Servers, endpoint: Endpoint): Promise<number | undefined> {
  const replies = await Promise.all(nodes.map(({ session }) => session.send([['DBSIZE']])));
  let size = 0;
  for (const reply of replies.flat()) {
    if (reply instanceof Error) faultOf(reply, endpoint);
    if (typeof reply !== 'number') return undefined;
    size += reply;
  }
  return size;
}

/** Reads again what is unsettled, and in a cluster that keys have moved in, finds out first where they are. */
async function readPatiently(
  stay: Stay,
  names: readonly Uint8Array[],
  terms: Terms,
): Promise<readonly Holding[]> {
  const outcomes = names.map((): Outcome => unsettled);
  for (let round = 1; round <= MOST_ROUNDS; round += 1) {
    const open = outcomes.flatMap((outcome, place) => (outcome.kind === 'unsettled' ? [place] : []));
    if (open.length === 0) break;
    if (round > 1) await new Promise((resume) => setTimeout(resume, PAUSE * (round - 1)));
    const asked = open.flatMap((place) => names[place] ?? []);
    const ended = await stay.use((servers) => readAll(servers, asked, terms));
    for (const [index, place] of open.entries()) {
      outcomes[place] = ended.ok
        ? (ended.value[index] ?? unsettled)
        : { kind: 'unreadable', fault: ended.fault };
    }
    if (outcomes.some((outcome) => outcome.kind === 'unsettled' && outcome.elsewhere)) await stay.leave();
  }
  return outcomes.map((outcome) => (outcome.kind === 'unsettled' ? restless(outcome, terms) : outcome));
}

async function readAll(
  servers: Servers,
  names: readonly Uint8Array[],
  terms: Terms,
): Promise<readonly Outcome[]> {
  const outcomes: Outcome[] = [];
  await Promise.all(
    Array.from(byNode(servers, names), async ([{ session }, places]) => {
      const own = places.flatMap((place) => names[place] ?? []);
      const found = await readHoldings(session, own, terms);
      for (const [index, place] of places.entries()) outcomes[place] = found[index] ?? unsettled;
    }),
  );
  return outcomes;
}

/** The places of the names that each node has. */
function byNode(servers: Servers, names: readonly Uint8Array[]): ReadonlyMap<Node, readonly number[]> {
  const keys = servers.isCluster ? asText(names) : names.map(() => '');
  const places = new Map<Node, number[]>();
  for (const { node, indices } of servers.groups(keys)) {
    const known = places.get(node);
    if (known === undefined) places.set(node, [...indices]);
    else known.push(...indices);
  }
  return places;
}

/** For names that are no text, others that are and have the same slot. */
function asText(names: readonly Uint8Array[]): readonly string[] {
  const bySlot = new Map<number, string>();
  let tried = 0;
  return names.map((bytes) => {
    const text = utf8(bytes);
    if (text !== undefined) return text;
    const slot = slotOf(Buffer.from(bytes));
    while (!bySlot.has(slot)) {
      bySlot.set(slotOf(`${tried}`), `${tried}`);
      tried += 1;
    }
    return bySlot.get(slot) ?? '';
  });
}

function restless({ elsewhere }: Unsettled, { endpoint }: Terms): Holding {
  if (elsewhere !== undefined) return { kind: 'unreadable', fault: faultOf(elsewhere, endpoint) };
  return {
    kind: 'unreadable',
    fault: {
      reason: 'unreadable',
      phrase: phrase`somebody keeps writing to the key at ${code(address(endpoint))}: it changed while it was read, ${count(MOST_ROUNDS)} times in a row`,
      advice: phrase`run again when whoever writes there is done`,
    },
  };
}
