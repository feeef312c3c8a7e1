import { type Asker, bad, good, type Judged, type Rule, unknown } from './audit-item.ts';
import { appendLog, evictionPolicy, evictions, lastSave, memory, persistence } from './audit-storage.ts';
import { cycleOf, isPastEnd } from './end-of-life.ts';
import { code, count, joined, type Known, type Phrase, phrase, vouch } from './phrase.ts';
import type { NodeFacts, ServerFacts } from './server.ts';

/** What can be asked of a server, in the order in which it is told. */
export type AuditId =
  | 'version'
  | 'cluster'
  | 'loading'
  | 'role'
  | 'replication'
  | 'persistence'
  | 'last-save'
  | 'append-log'
  | 'eviction-policy'
  | 'evictions'
  | 'memory';

/** An answer. What the server doesn't tell is unknown: it is never taken for good. */
export type AuditItem = Judged & {
  readonly id: AuditId;
  /** The servers of which it is true, where it isn't all of them. */
  readonly nodes?: readonly Known[];
};

/** Seconds: from then on Redis itself gives the link to a primary up, unless `repl-timeout` says otherwise. */
const SILENT = 60;
/** Bytes that a replica may be behind: as many as Redis keeps for one that catches up, unless told otherwise. */
const BEHIND = 1_048_576;

/** What is good, bad and unknown of a server. What all nodes have in common is told once. */
export function auditItems(server: ServerFacts, asker: Asker): readonly AuditItem[] {
  // A server of which nothing is known has a node of which nothing is known.
  const nodes = server.nodes.length === 0 ? [{ address: vouch('') }] : server.nodes;
  return [
    ...version(server, asker).map((judged) => ({ ...judged, id: 'version' as const })),
    ...cluster(server).map((judged) => ({ ...judged, id: 'cluster' as const })),
    ...rules.flatMap(([id, rule]) => ofNodes(nodes, rule, asker).map((judged) => ({ ...judged, id }))),
  ];
}

/** An item in words, behind the servers that it is about. */
export function wordingOfItem({ said, nodes }: Pick<AuditItem, 'said' | 'nodes'>): Phrase {
  return nodes === undefined ? said : phrase`${listed(nodes)}: ${said}`;
}

/** Servers by their addresses. */
export function listed(nodes: readonly Known[]): Phrase {
  return joined(
    nodes.map((node) => code(node)),
    ', ',
  );
}

const rules: readonly (readonly [AuditId, Rule])[] = [
  ['loading', loading],
  ['role', role],
  ['replication', replication],
  ['persistence', persistence],
  ['last-save', lastSave],
  ['append-log', appendLog],
  ['eviction-policy', evictionPolicy],
  ['evictions', evictions],
  ['memory', memory],
];

function ofNodes(nodes: readonly NodeFacts[], rule: Rule, asker: Asker) {
  const groups = new Map<string, { readonly judged: Judged; readonly nodes: readonly Known[] }>();
  for (const node of nodes) {
    for (const judged of rule(node, asker)) {
      const words = JSON.stringify(judged);
      groups.set(words, { judged, nodes: [...(groups.get(words)?.nodes ?? []), node.address] });
    }
  }
  return [...groups.values()].map(({ judged, nodes: those }) =>
    those.length === nodes.length ? judged : { ...judged, nodes: those },
  );
}

function version({ product, version: told }: ServerFacts, { now }: Asker): readonly Judged[] {
  const cycle = told === undefined ? undefined : cycleOf(told);
  const isPast = told === undefined ? undefined : isPastEnd(product, told, now);
  if (cycle === undefined || isPast === undefined) return unknown(phrase`whether its version is maintained`);
  const name = product === 'valkey' ? phrase`Valkey` : phrase`Redis`;
  if (!isPast) return good(phrase`nothing says that ${name} ${code(vouch(cycle))} is past its end of life`);
  return bad(
    'notice',
    phrase`${name} ${code(vouch(cycle))} is no longer maintained by its project`,
    phrase`upgrade it, unless whoever runs it for you still mends it`,
  );
}

function cluster({ mode, isClusterWhole }: ServerFacts): readonly Judged[] {
  if (mode !== 'cluster') return [];
  if (isClusterWhole === undefined) return unknown(phrase`whether all slots of the cluster are served`);
  if (isClusterWhole) return good(phrase`all slots of the cluster are served`);
  return bad(
    'warning',
    phrase`the cluster is not whole: nobody serves some of its slots, and the keys in them`,
    phrase`${code('CLUSTER NODES')} tells which node is gone`,
  );
}

function loading({ isLoading }: NodeFacts): readonly Judged[] {
  if (isLoading === undefined) return unknown(phrase`whether its data is loaded`);
  if (!isLoading) return good(phrase`its data is loaded`);
  return bad(
    'warning',
    phrase`it is still loading its data: keys may be missing for now`,
    phrase`run again in a moment`,
  );
}

function role({ role: told }: NodeFacts): readonly Judged[] {
  if (told === undefined) return unknown(phrase`whether it is a replica`);
  if (told === 'primary') return good(phrase`it is a primary`);
  return bad(
    'notice',
    phrase`it is a replica: what it holds may be older than what its primary holds`,
    phrase`look at the primary: what is written goes there`,
  );
}

function replication({ role: told, replication: link }: NodeFacts): readonly Judged[] {
  if (told !== 'replica') return [];
  if (link === undefined) return unknown(phrase`whether it is in step with its primary`);
  const { isUp, silence = 0, lag = 0 } = link;
  const stale = (said: Phrase) =>
    bad('warning', said, phrase`look at the primary: what this one holds is of an earlier time`);
  if (!isUp) return stale(phrase`the link to its primary is down`);
  if (silence > SILENT) return stale(phrase`its primary has been silent for ${count(silence, 'second')}`);
  if (lag > BEHIND) return stale(phrase`it is ${count(lag, 'byte')} behind its primary`);
  return good(phrase`the link to its primary is up`);
}
