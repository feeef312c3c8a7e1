import { setTimeout as sleep } from 'node:timers/promises';
import slotOf from 'cluster-key-slot';
import { freePort } from '../../support/redis.ts';
import { type Server, startServer } from './binary.ts';

/** Three primaries, each with a third of the slots in their order, and no replicas. */
export interface TestCluster extends AsyncDisposable {
  readonly nodes: readonly [Server, Server, Server];
  /** The node that has the slot of a key from the beginning. */
  homeOf(key: string): Server;
  /** Starts a fourth node, as a replica of the first. */
  addReplica(): Promise<Server>;
  /** Begins to move a slot: keys that are not at the old node are to be looked for at the new one. */
  beginMove(slot: number, from: Server, to: Server): Promise<void>;
  /** Moves the keys of a slot, and makes the new node its owner. The third node hears of it by and by. */
  endMove(slot: number, from: Server, to: Server): Promise<void>;
}

const SHARES = [
  [0, 5460],
  [5461, 10_922],
  [10_923, 16_383],
] as const;

/** Takes a few seconds. `lines` are configuration of every node. */
export async function startCluster(lines: readonly string[] = []): Promise<TestCluster> {
  const start = async () => {
    const bus = await freePort();
    return startServer([
      'cluster-enabled yes',
      `cluster-port ${bus}`,
      'cluster-node-timeout 2000',
      'cluster-allow-replica-migration no',
      ...lines,
    ]);
  };
  const nodes = [await start(), await start(), await start()] as const;
  const buses = await Promise.all(nodes.map(busOf));
  for (const [index, node] of nodes.entries()) {
    await node.admin.call('CLUSTER', 'SET-CONFIG-EPOCH', index + 1);
    await node.admin.call('CLUSTER', 'ADDSLOTSRANGE', ...(SHARES[index] ?? []));
    await node.admin.call('CLUSTER', 'MEET', nodes[0].host, nodes[0].port, buses[0] ?? 0);
  }
  await Promise.all(nodes.map(isWhole));
  return {
    nodes,
    homeOf: (key) => nodes[SHARES.findIndex(([, last]) => slotOf(key) <= last) as 0 | 1 | 2],
    async addReplica() {
      const replica = await start();
      await replica.admin.call('CLUSTER', 'MEET', nodes[0].host, nodes[0].port, buses[0] ?? 0);
      const id = await idOf(nodes[0]);
      while (!String(await replica.admin.call('CLUSTER', 'NODES')).includes(id)) await sleep(50);
      await replica.admin.call('CLUSTER', 'REPLICATE', id);
      while (!/cluster_state:ok/.test(String(await replica.admin.call('CLUSTER', 'INFO')))) await sleep(50);
      return replica;
    },
    async beginMove(slot, from, to) {
      await to.admin.call('CLUSTER', 'SETSLOT', slot, 'IMPORTING', await idOf(from));
      await from.admin.call('CLUSTER', 'SETSLOT', slot, 'MIGRATING', await idOf(to));
    },
    async endMove(slot, from, to) {
      const keys = (await from.admin.call('CLUSTER', 'GETKEYSINSLOT', slot, 1000)) as string[];
      if (keys.length > 0) {
        await from.admin.call('MIGRATE', to.host, to.port, '', 0, 5000, 'KEYS', ...keys);
      }
      const id = await idOf(to);
      await to.admin.call('CLUSTER', 'SETSLOT', slot, 'NODE', id);
      await from.admin.call('CLUSTER', 'SETSLOT', slot, 'NODE', id);
    },
    async [Symbol.asyncDispose]() {
      for (const node of nodes) await node[Symbol.asyncDispose]();
    },
  };
}

async function idOf({ admin }: Server): Promise<string> {
  return String(await admin.call('CLUSTER', 'MYID'));
}

async function busOf({ admin }: Server): Promise<number> {
  const reply = (await admin.config('GET', 'cluster-port')) as string[];
  return Number(reply[1]);
}

const SIGNS = ['cluster_state:ok', 'cluster_slots_ok:16384', 'cluster_known_nodes:3'];

/** Resolves when a node has heard of all slots, and trusts itself to serve its own. */
async function isWhole({ admin }: Server): Promise<void> {
  for (;;) {
    const info = String(await admin.call('CLUSTER', 'INFO'));
    if (SIGNS.every((sign) => info.includes(sign))) return;
    await sleep(50);
  }
}
