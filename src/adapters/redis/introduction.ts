import { diagnose } from './faults.ts';
import { fieldOf } from './lists.ts';
import { textOf } from './reply.ts';
import type { OpenSession } from './session.ts';
import { isUnheardOf } from './topology.ts';

/** What a server says that it is. */
export interface Introduction {
  readonly isCluster: boolean;
  readonly isReplica: boolean;
  /** What it says instead of working, because it is loading or busy. */
  readonly excuse?: Error;
  /** What it says instead of telling whether it is one of a cluster. */
  readonly secrecy?: Error;
}

/**
 * Asks a server what it is. HELLO is denied to nobody, and servers older than it have no users who could be denied the
 * rest; but it may be renamed, or unknown to a proxy.
 */
export async function introduce(session: OpenSession): Promise<Introduction> {
  // HELLO is answered in any state, PING is not. It changes nothing: 2 is the protocol that is spoken anyway.
  const [hello, ping] = await session.send([['HELLO', 2], ['PING']]);
  const isExcuse = ping instanceof Error && diagnose(ping, session.endpoint, 'connected').again !== 'never';
  const excuse = isExcuse ? { excuse: ping } : {};
  if (Array.isArray(hello)) {
    return {
      isCluster: fieldOf(hello, 'mode') === 'cluster',
      isReplica: isReplica(fieldOf(hello, 'role')),
      ...excuse,
    };
  }
  const [info, role] = await session.send([['CLUSTER', 'INFO'], ['ROLE']]);
  return {
    isCluster: textOf(info).includes('cluster_state:'),
    isReplica: Array.isArray(role) && isReplica(textOf(role[0])),
    ...(info instanceof Error && !isUnheardOf(info) ? { secrecy: info } : {}),
    ...excuse,
  };
}

function isReplica(role: string): boolean {
  return role === 'slave' || role === 'replica';
}
