import { type Ended, type Session, withSession } from './session.ts';
import { address, type Endpoint } from './url.ts';

/** The servers that hold the keys: one, or the primaries of a cluster. */
export interface Servers {
  readonly isCluster: boolean;
  readonly nodes: readonly Node[];
  /** Parts keys so that those of a group may stand in one transaction. Every key is in one group. */
  groups(keys: readonly string[]): readonly Group[];
}

export interface Node {
  /** `host:port`, or the path of a socket. */
  readonly address: string;
  readonly session: Session;
}

export interface Group {
  readonly node: Node;
  /** Places in the list that was given. */
  readonly indices: readonly number[];
}

/**
 * Opens what the target needs, lets `use` work with it, closes it. Everything together is bounded by `timeout`
 * (milliseconds); a passing fault is tried again within it. Expected failures are answers.
 */
export function withServers<T>(
  endpoint: Endpoint,
  timeout: number,
  use: (servers: Servers) => Promise<T>,
): Promise<Ended<T>> {
  return withSession(endpoint, timeout, (session) => use(oneServer({ address: address(endpoint), session })));
}

function oneServer(node: Node): Servers {
  return {
    isCluster: false,
    nodes: [node],
    groups: (keys) => [{ node, indices: keys.map((_key, index) => index) }],
  };
}
