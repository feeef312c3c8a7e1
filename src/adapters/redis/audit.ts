import type { Fault } from '../../core/evidence.ts';
import { type Known, vouch } from '../../core/phrase.ts';
import type { NodeFacts, ServerEvidence, ServerFacts } from '../../core/server.ts';
import { diagnose } from './faults.ts';
import { type Info, modeOf, parseInfo, productOf, roleOf, versionOf } from './info.ts';
import { fieldOf, memberOf } from './lists.ts';
import { faultOf, textOf } from './reply.ts';
import type { Node, Servers } from './servers.ts';
import type { Reply, Session } from './session.ts';
import { SLOTS } from './topology.ts';
import type { Endpoint } from './url.ts';

/** What one node tells. */
interface Told extends Info {
  readonly address: Known;
  readonly isClusterWhole?: boolean;
  readonly hidden: ServerFacts['hidden'];
  /** Thrown instead of anything that could be told. */
  readonly error?: unknown;
}

type Asked = 'INFO' | 'CONFIG GET' | 'CLUSTER INFO';

/** Asks every node what it tells of itself; unknown when none tells anything. */
export async function audit({ nodes }: Servers, endpoint: Endpoint): Promise<ServerEvidence> {
  const told = await Promise.all(nodes.map((node) => auditNode(node, endpoint)));
  // Nobody is left to tell of: that may be worth another attempt.
  if (told.every(({ error }) => error !== undefined)) throw told[0]?.error;
  const hidden = told.flatMap((node) => node.hidden);
  const refusal = told.every(isSilent) ? hidden[0] : undefined;
  if (refusal !== undefined) return { kind: 'unknown', fault: refusal.fault };
  const { identity } = told.find((node) => node.identity.product !== 'unknown') ?? told[0] ?? nobody;
  const isWhole = agreed(told.map(({ isClusterWhole }) => isClusterWhole));
  return {
    kind: 'known',
    server: {
      ...identity,
      nodes: told.map(({ address, facts }): NodeFacts => ({ address, ...facts })),
      ...(isWhole === undefined ? {} : { isClusterWhole: isWhole }),
      hidden,
    },
  };
}

/** One that sees slots missing is enough; that none is missing, all have to say. */
function agreed(views: readonly (boolean | undefined)[]): boolean | undefined {
  if (views.includes(false)) return false;
  return views.includes(undefined) ? undefined : true;
}

function isSilent({ identity, facts }: Info): boolean {
  return identity.product === 'unknown' && Object.keys(facts).length === 0;
}

const nobody: Info = { identity: { product: 'unknown', mode: 'unknown' }, facts: {} };

/** A node that can't be asked doesn't keep the others from telling. */
async function auditNode(node: Node, endpoint: Endpoint): Promise<Told> {
  try {
    return await questioned(node, endpoint);
  } catch (error) {
    const fault = diagnose(error, endpoint, 'connected');
    if (fault.again !== 'never') throw error;
    return { address: vouch(node.address), ...nobody, hidden: [keptBack('INFO', fault)], error };
  }
}

/** One round trip, or a second one where INFO is refused. */
async function questioned({ address, session }: Node, endpoint: Endpoint): Promise<Told> {
  const [info, save, cluster] = await session.send([
    ['INFO'],
    ['CONFIG', 'GET', 'save'],
    ['CLUSTER', 'INFO'],
  ]);
  const infoFault = info instanceof Error ? faultOf(info, endpoint) : undefined;
  const { identity, facts } = infoFault === undefined ? parseInfo(textOf(info)) : await greeting(session);
  const points = pointsOf(save);
  const isInCluster = identity.mode === 'cluster';
  return {
    address: vouch(address),
    identity,
    facts: points === undefined ? facts : { ...facts, snapshots: { ...facts.snapshots, points } },
    ...(isInCluster && !(cluster instanceof Error) ? { isClusterWhole: isWhole(textOf(cluster)) } : {}),
    hidden: [
      ...(infoFault === undefined ? [] : [keptBack('INFO', infoFault)]),
      ...refused('CONFIG GET', save, endpoint),
      // Of others it is refused by all.
      ...(isInCluster ? refused('CLUSTER INFO', cluster, endpoint) : []),
    ],
  };
}

/** HELLO is denied to nobody. It changes nothing: 2 is the protocol that is spoken anyway. */
async function greeting(session: Session): Promise<Info> {
  const [reply] = await session.send([['HELLO', 2]]);
  const product = productOf(fieldOf(reply, 'server'));
  const version = product === 'unknown' ? undefined : versionOf(fieldOf(reply, 'version'));
  const role = roleOf(fieldOf(reply, 'role'));
  return {
    identity: {
      product,
      mode: modeOf(fieldOf(reply, 'mode')),
      ...(version === undefined ? {} : { version }),
    },
    facts: role === undefined ? {} : { role },
  };
}

function pointsOf(reply: Reply | undefined): Known | undefined {
  const points = memberOf(reply, 'save');
  return points instanceof Uint8Array && /^[\d ]*$/.test(textOf(points)) ? vouch(textOf(points)) : undefined;
}

/** A cluster may call itself sound while some slots are served by nobody, if it is set up so. */
function isWhole(info: string): boolean {
  return /^cluster_state:ok\r?$/m.test(info) && Number(/^cluster_slots_ok:(\d+)/m.exec(info)?.[1]) === SLOTS;
}

function refused(command: Asked, reply: Reply | undefined, endpoint: Endpoint): ServerFacts['hidden'] {
  if (!(reply instanceof Error)) return [];
  return [keptBack(command, diagnose(reply, endpoint, 'connected'))];
}

function keptBack(command: Asked, { reason, phrase, advice }: Fault): ServerFacts['hidden'][number] {
  return { command: vouch(command), fault: { reason, phrase, advice } };
}
