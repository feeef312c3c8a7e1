import { vouch } from '../../core/phrase.ts';
import type { StoreIdentity } from '../../core/ports.ts';
import { faultOf, textOf } from './reply.ts';
import type { Servers } from './servers.ts';
import type { Reply, Session } from './session.ts';
import { address, type Endpoint } from './url.ts';

/** What one server tells of itself; absent what it keeps to itself. */
interface Ids {
  readonly run: string | undefined;
  readonly replication: string | undefined;
  readonly isReplica: boolean | undefined;
}

/** Who answers at an endpoint. Of several servers all have to tell, or it is as if none did. */
export async function identify({ nodes }: Servers, endpoint: Endpoint): Promise<StoreIdentity> {
  const told = await Promise.all(nodes.map(({ session }) => idsOf(session, endpoint)));
  const runs = sorted(told.map(({ run }) => run));
  const replications = sorted(told.map(({ replication }) => replication));
  const roles = told.map(({ isReplica }) => isReplica).filter((is) => is !== undefined);
  return {
    address: vouch(address(endpoint)),
    database: endpoint.database,
    ...(runs && { runs }),
    ...(replications && { replications }),
    ...(roles.length < told.length ? {} : { isReplica: roles.includes(true) }),
  };
}

async function idsOf(session: Session, endpoint: Endpoint): Promise<Ids> {
  const [server, replication] = await session.send([
    ['INFO', 'server'],
    ['INFO', 'replication'],
  ]);
  return {
    run: idIn(server, 'run_id', endpoint),
    replication: idIn(replication, 'master_replid', endpoint),
    isReplica: isReplicaBy(textOf(replication)),
  };
}

function isReplicaBy(told: string): boolean | undefined {
  const [, role] = /^role:(\w+)\r?$/m.exec(told) ?? [];
  return role === undefined ? undefined : role !== 'master';
}

/** What was refused is absent; what passes is thrown, to be tried again. */
function idIn(reply: Reply | undefined, name: string, endpoint: Endpoint): string | undefined {
  if (reply instanceof Error) faultOf(reply, endpoint);
  return new RegExp(`^${name}:([0-9a-f]{40})\\r?$`, 'm').exec(textOf(reply))?.[1];
}

function sorted(ids: readonly (string | undefined)[]): readonly string[] | undefined {
  const known = ids.filter((id) => id !== undefined);
  return known.length === ids.length ? known.sort() : undefined;
}
