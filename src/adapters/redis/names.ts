import { hash } from 'node:crypto';
import type { Fault } from '../../core/evidence.ts';
import { code, type Phrase, phrase } from '../../core/phrase.ts';
import { type Bookmark, type NameBatch, StoreFault } from '../../core/ports.ts';
import { Stranger } from './faults.ts';
import { identify } from './identity.ts';
import { type Terms, textOf } from './reply.ts';
import { type Servers, withServers } from './servers.ts';
import type { Session } from './session.ts';
import { type Give, handedOver } from './stream.ts';
import { learn } from './topology.ts';
import { address, type Endpoint } from './url.ts';

/** Names of a page, and of a batch at the least, unless there are no more. */
const PAGE = 1000;
const BATCH = 500;
/** Pages in a row of which none matches: no server holds so many keys. */
const MOST_EMPTY = 1_000_000;

/**
 * The names of all keys that match, node by node, on connections of their own. A connection that is lost on the way is
 * made again, and the listing goes on behind what it has told. Throws a `StoreFault`.
 */
export async function* listNames(
  match: string,
  from: Bookmark | undefined,
  terms: Terms,
): AsyncGenerator<NameBatch> {
  let bookmark = from;
  for (;;) {
    let isFruitful = false;
    const ended = yield* handedOver((give: Give<NameBatch>) => {
      const note = (batch: NameBatch) => {
        bookmark = batch.bookmark;
        isFruitful = true;
        return give(batch);
      };
      return withServers(
        terms.endpoint,
        terms.limits.timeout,
        (servers) => tellNames(servers, { match, from: bookmark }, note, terms),
        { isWhole: true, isStream: true },
      );
    });
    const fault = ended.ok ? ended.value : ended.fault;
    if (fault === undefined) return;
    if (!isFruitful || fault.reason !== 'unreachable') throw new StoreFault(fault);
  }
}

interface Listing {
  readonly match: string;
  readonly from: Bookmark | undefined;
}

/** Answers why not all can be told, or `undefined` when they have been, or nobody listens any more. */
async function tellNames(
  servers: Servers,
  { match, from }: Listing,
  give: Give<NameBatch>,
  { endpoint }: Terms,
): Promise<Fault | undefined> {
  const mark = await markOf(servers, match, endpoint);
  const place = from === undefined ? undefined : placeIn(from);
  if (from !== undefined && (mark === '' || place?.mark !== mark)) return noReturn(endpoint, mark);
  const { nodes } = servers;
  // Behind the last node there is nothing to tell.
  if (place?.node === '') return undefined;
  const first = place === undefined ? 0 : nodes.findIndex((node) => node.address === place.node);
  if (first < 0) return noReturn(endpoint, mark);
  for (const [index, { session, address: node }] of nodes.entries()) {
    if (index < first) continue;
    const cursor = index === first ? (place?.cursor ?? '0') : '0';
    for await (const { names, next } of batchesOn(session, match, cursor)) {
      const goOn = next === '0' ? { node: nodes[index + 1]?.address, cursor: '0' } : { node, cursor: next };
      if (!(await give({ names, bookmark: JSON.stringify([mark, goOn.node ?? '', goOn.cursor]) }))) {
        return undefined;
      }
    }
  }
  return undefined;
}

/**
 * What has to be the same for a cursor to mean the same: a server that was started again deals its keys out in another
 * order, and keys that went to another node may be behind the place. Empty when the servers keep it to themselves.
 */
async function markOf(servers: Servers, match: string, endpoint: Endpoint): Promise<string> {
  const { runs, database } = await identify(servers, endpoint);
  if (runs === undefined) return '';
  const slots = await ownersIn(servers, endpoint);
  return hash('sha256', JSON.stringify([match, database, runs, slots]), 'hex').slice(0, 16);
}

async function ownersIn({ isCluster, nodes: [node] }: Servers, endpoint: Endpoint): Promise<unknown> {
  if (!isCluster || node === undefined) return [];
  const asked = { ...node.session, endpoint, connect: async () => {}, close() {} };
  return (await learn(asked, { isWhole: true })).map(({ first, last, id }) => [first, last, id]);
}

interface Place {
  readonly mark: string;
  /** Address of the node; empty behind the last. */
  readonly node: string;
  readonly cursor: string;
}

/** `undefined` for a text that is no bookmark. */
function placeIn(bookmark: Bookmark): Place | undefined {
  const [, mark, node, cursor] = /^\["(\w+)","([^"\\]*)","(\d+)"\]$/.exec(bookmark) ?? [];
  return mark === undefined || node === undefined || cursor === undefined
    ? undefined
    : { mark, node, cursor };
}

interface Names {
  readonly names: readonly Uint8Array[];
  /** Cursor of what comes behind them; 0 when nothing does. */
  readonly next: string;
}

async function* batchesOn(session: Session, match: string, from: string): AsyncGenerator<Names> {
  let names: Uint8Array[] = [];
  for await (const page of pagesOn(session, match, from)) {
    names.push(...page.names);
    if (names.length < BATCH && !(page.next === '0' && names.length > 0)) continue;
    yield { names, next: page.next };
    names = [];
  }
}

/** Pages as the server deals them out. A cursor that gets nowhere would be followed for ever. */
async function* pagesOn(session: Session, match: string, from: string): AsyncGenerator<Names> {
  let cursor = from;
  let empty = 0;
  do {
    const [reply] = await session.send([['SCAN', cursor, 'MATCH', match, 'COUNT', PAGE]]);
    if (reply instanceof Error) throw reply;
    const [next, page] = Array.isArray(reply) ? reply : [];
    const after = textOf(next);
    if (!Array.isArray(page) || !/^\d+$/.test(after)) throw new Stranger();
    empty = page.length === 0 ? empty + 1 : 0;
    if (empty > MOST_EMPTY || (cursor !== '0' && after === cursor)) throw new Stranger();
    yield { names: page.filter((name) => name instanceof Uint8Array), next: after };
    cursor = after;
  } while (cursor !== '0');
}

function noReturn(endpoint: Endpoint, mark: string): Fault {
  const at = code(address(endpoint));
  const said: Phrase =
    mark === ''
      ? phrase`Redis at ${at} doesn't tell whether it is still the same that was listed before, so the list of its keys can't be gone on with`
      : phrase`Redis at ${at} was started again, is another one or has moved slots since its keys were listed, so the list can't be gone on with`;
  const advice =
    mark === ''
      ? phrase`grant ${code('+info')}, or begin anew`
      : phrase`begin anew, and with the same options if they were changed`;
  return { reason: 'unreadable', phrase: said, advice };
}
