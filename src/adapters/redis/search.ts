import type { Neighbours } from '../../core/evidence.ts';
import { Stranger } from './faults.ts';
import { textOf } from './reply.ts';
import type { Node, Servers } from './servers.ts';
import type { Command, Session } from './session.ts';
import type { Endpoint } from './url.ts';

const MOST_NAMES = 200_000;
const MOST_SIMILAR = 20;
const DATABASES = 16;
/** Pages of some thousand keys of which none matches: no server holds so many. */
const MOST_EMPTY = 100_000;
const none: ReadonlyMap<string, readonly number[]> = new Map();

/** Looks for what a missing key may have been mistaken for: similar names here, the same name elsewhere. */
export async function search(
  servers: Servers,
  keys: readonly string[],
  similar: (name: string) => boolean,
  { database }: Endpoint,
): Promise<Neighbours> {
  const names = new Set<string>();
  let seen = 0;
  for (const { session } of servers.nodes) {
    for await (const page of pagesOf(session)) {
      seen += page.length;
      for (const bytes of page) {
        const name = textOf(bytes);
        if (names.size < MOST_SIMILAR && similar(name)) names.add(name);
      }
      if (seen >= MOST_NAMES) break;
    }
  }
  const [node] = servers.nodes;
  const databases = servers.isCluster || node === undefined ? none : await elsewhere(node, keys, database);
  return { kind: 'found', names: [...names].sort(), databases };
}

/**
 * The names of all keys as the server deals them out, some of them repeatedly. `glob` is what they have to match. A
 * cursor that gets nowhere would be followed for ever: every page has the whole time to itself.
 */
export async function* pagesOf(session: Session, glob?: string): AsyncGenerator<readonly Uint8Array[]> {
  const match = glob === undefined ? [] : ['MATCH', glob];
  let cursor = '0';
  let empty = 0;
  do {
    const [reply] = await session.send([['SCAN', cursor, ...match, 'COUNT', 1000]]);
    if (reply instanceof Error) throw reply;
    const [next, page] = Array.isArray(reply) ? reply : [];
    if (!Array.isArray(page) || !/^\d+$/.test(textOf(next))) throw new Stranger();
    empty = page.length === 0 ? empty + 1 : 0;
    const isStuck = empty > MOST_EMPTY || (cursor !== '0' && textOf(next) === cursor);
    if (isStuck) throw new Stranger();
    yield page.filter((name) => name instanceof Uint8Array);
    cursor = textOf(next);
  } while (cursor !== '0');
}

/** Servers without databases, and users without SELECT, answer errors: then there is nothing to tell. */
async function elsewhere(
  { session }: Node,
  keys: readonly string[],
  database: number,
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
