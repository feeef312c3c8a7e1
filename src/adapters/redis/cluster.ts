import slotOf from 'cluster-key-slot';
import { code, count, phrase } from '../../core/phrase.ts';
import { announced } from './announced.ts';
import { Failure } from './faults.ts';
import type { Group, Node, Servers } from './servers.ts';
import type { OpenSession } from './session.ts';
import { learn, type Range, SLOTS } from './topology.ts';
import { address, type Endpoint } from './url.ts';

export interface Cluster extends Servers {
  readonly nodes: readonly Primary[];
}

interface Primary extends Node {
  readonly session: OpenSession;
}

/** The primaries of a cluster as one of them described it; sessions connect when they are first needed. */
export function clusterServers(
  ranges: readonly Range[],
  seed: OpenSession,
  base: Endpoint,
  open: (endpoint: Endpoint) => OpenSession,
): Cluster {
  const nodes = new Map<string, Primary>();
  const owners: Primary[] = [];
  for (const range of ranges) {
    const isSeed = range.host === seed.endpoint.host && range.port === seed.endpoint.port;
    const endpoint = isSeed ? seed.endpoint : announced(base, range, 'cluster');
    const name = address(endpoint);
    const node = nodes.get(name) ?? { address: name, session: isSeed ? seed : open(endpoint) };
    nodes.set(name, node);
    for (let slot = range.first; slot <= range.last; slot += 1) owners[slot] = node;
  }
  // Keys that nobody serves are asked of somebody, who says so.
  const anybody = nodes.values().next().value ?? { address: address(seed.endpoint), session: seed };
  return {
    isCluster: true,
    nodes: nodes.size === 0 ? [anybody] : [...nodes.values()],
    groups: (keys) => bySlot(keys).map(({ slot, indices }) => ({ node: owners[slot] ?? anybody, indices })),
  };
}

/** A transaction may not span slots, though one node may serve many. */
function bySlot(keys: readonly string[]): readonly (Pick<Group, 'indices'> & { readonly slot: number })[] {
  const slots = new Map<number, number[]>();
  for (const [index, key] of keys.entries()) {
    const slot = slotOf(key);
    const indices = slots.get(slot) ?? [];
    indices.push(index);
    slots.set(slot, indices);
  }
  return [...slots].map(([slot, indices]) => ({ slot, indices }));
}

/** A list of all keys is none when some slots have no server that could be asked. */
export function expectWhole(ranges: readonly Range[], { endpoint }: OpenSession): void {
  const served = ranges.reduce((sum, { first, last }) => sum + last - first + 1, 0);
  if (served >= SLOTS) return;
  throw new Failure({
    reason: 'unreadable',
    phrase: phrase`the cluster of ${code(address(endpoint))} serves only ${count(served)} of its ${count(SLOTS)} slots, so not all keys can be listed`,
    advice: phrase`${code('redis-cli --cluster check')} tells which are missing`,
    again: 'briefly',
  });
}

/**
 * Keys that move while they are listed may be missed. Every node is asked: those that gave or took a slot know it
 * first, others some time later.
 */
export async function expectSame(ranges: readonly Range[], { nodes }: Cluster): Promise<void> {
  const views = await Promise.all(nodes.map(({ session }) => learn(session, { isWhole: true })));
  const mover = nodes.find((_node, index) => ownersIn(views[index] ?? []) !== ownersIn(ranges));
  if (mover === undefined) return;
  throw new Failure({
    reason: 'unreadable',
    phrase: phrase`slots of the cluster of ${code(address(mover.session.endpoint))} have just been moved to another node, so a list of all keys may lack some`,
    advice: phrase`run again when the cluster has settled`,
    again: 'briefly',
  });
}

/** Addresses are left out: a node may know others by other names. */
function ownersIn(ranges: readonly Range[]): string {
  return ranges.map(({ first, last, id }) => `${first}-${last} ${id}`).join();
}
