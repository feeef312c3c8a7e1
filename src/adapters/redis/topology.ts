import { code, phrase } from '../../core/phrase.ts';
import { isHost } from './announced.ts';
import { type Diagnosis, Failure, Stranger } from './faults.ts';
import { fieldOf, memberOf } from './lists.ts';
import { textOf } from './reply.ts';
import type { Manner } from './servers.ts';
import type { OpenSession, Reply } from './session.ts';
import { address, type Endpoint } from './url.ts';

/** Slots that one primary serves, and where it says it is. */
export interface Range {
  readonly first: number;
  readonly last: number;
  /** What the cluster calls the primary. */
  readonly id: string;
  readonly host: string;
  readonly port: number;
}

export const SLOTS = 16_384;

/**
 * Asks a node which primary serves which slots, in the order of the slots. Throws what it answers instead. A proxy in
 * front of a cluster, which knows of no such thing, is asked for every key: one that it doesn't serve has a reply that
 * says so. Of a list of all keys nothing would, and a node that keeps to itself what it knows looks just the same.
 */
export async function learn(
  session: OpenSession,
  { isWhole }: Pick<Manner, 'isWhole'>,
): Promise<readonly Range[]> {
  const [slots] = await session.send([['CLUSTER', 'SLOTS']]);
  if (!(slots instanceof Error)) return ordered(listOf(slots).map((item) => fromSlots(item, session)));
  const [shards] = await session.send([['CLUSTER', 'SHARDS']]);
  if (shards instanceof Error) {
    if (!isUnheardOf(slots) || !isUnheardOf(shards)) throw slots;
    if (isWhole) throw new Failure(reticent(session.endpoint));
    const { host, port } = session.endpoint;
    return [{ first: 0, last: SLOTS - 1, id: '', host, port }];
  }
  return ordered(listOf(shards).flatMap((item) => fromShard(item, session)));
}

function reticent(endpoint: Endpoint): Diagnosis {
  return {
    reason: 'unreadable',
    phrase: phrase`Redis at ${code(address(endpoint))} is one node of a cluster and doesn't tell of the others, so not all keys can be listed`,
    advice: phrase`give ${code('CLUSTER')} its name back if it was renamed or taken away; a proxy has to know ${code('CLUSTER SLOTS')}`,
    again: 'never',
  };
}

/** The server has no such command, where others deny it. */
export function isUnheardOf({ message }: Error): boolean {
  return /unknown (command|subcommand)|cluster support disabled/i.test(message);
}

function ordered(ranges: readonly Range[]): readonly Range[] {
  const isSound = ({ first, last, host, port }: Range) =>
    first >= 0 && first <= last && last < SLOTS && isHost(host) && port > 0 && port < 65_536;
  if (!ranges.every(isSound)) throw new Stranger();
  return ranges.toSorted((one, other) => one.first - other.first);
}

/** `[first, last, [host, port, id, [name, value…]], replica…]`. */
function fromSlots(item: Reply, session: OpenSession): Range {
  const [first, last, primary] = listOf(item);
  const [host, port, id, more] = listOf(primary);
  return {
    first: numberOf(first),
    last: numberOf(last),
    id: textOf(id),
    host: hostOf(host, more, session),
    port: numberOf(port),
  };
}

/** `['slots', [first, last…], 'nodes', [['id', id, 'port', port…]…]]`. */
function fromShard(item: Reply, session: OpenSession): readonly Range[] {
  const bounds = listOf(memberOf(item, 'slots')).map(numberOf);
  const primary = listOf(memberOf(item, 'nodes')).find((node) => fieldOf(node, 'role') === 'master');
  if (primary === undefined) {
    if (bounds.length === 0) return [];
    throw new Stranger();
  }
  const owner = {
    id: fieldOf(primary, 'id'),
    host: hostOf(memberOf(primary, 'endpoint'), primary, session),
    port: numberOf(memberOf(primary, session.endpoint.tls ? 'tls-port' : 'port')),
  };
  return bounds.flatMap((first, index) =>
    index % 2 === 0 ? [{ first, last: bounds[index + 1] ?? -1, ...owner }] : [],
  );
}

/**
 * Nothing stands for the host that was asked, whatever else is known of the node. A node that doesn't know its own name
 * is there too; `?` stands for a name that it should have.
 */
function hostOf(preferred: Reply | undefined, more: Reply | undefined, { endpoint }: OpenSession): string {
  if (preferred === null) return endpoint.host;
  const told = [textOf(preferred), fieldOf(more, 'hostname'), fieldOf(more, 'ip')];
  return told.find((name) => name !== '' && name !== '?') ?? endpoint.host;
}

function listOf(reply: Reply | undefined): readonly Reply[] {
  if (!Array.isArray(reply)) throw new Stranger();
  return reply;
}

function numberOf(reply: Reply | undefined): number {
  return typeof reply === 'number' ? reply : Number.NaN;
}
