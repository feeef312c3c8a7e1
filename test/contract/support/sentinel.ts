import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from '../../support/redis.ts';
import { type Server, startServer } from './binary.ts';

/** A primary, its replica, and three Sentinels that watch over them. */
export interface TestTrio extends AsyncDisposable {
  readonly primary: Server;
  readonly replica: Server;
  readonly sentinels: readonly [Server, Server, Server];
}

/** What the Sentinels call the primary. */
export const NAME = 'main-config';

export interface TrioOptions {
  /** Lines of configuration of the servers, and of the Sentinels. */
  readonly servers?: readonly string[];
  readonly sentinels?: readonly string[];
}

/** Takes a few seconds: the Sentinels have to hear of each other and of the replica. */
export async function startTrio({ servers = [], sentinels = [] }: TrioOptions = {}): Promise<TestTrio> {
  const primary = await startServer(servers);
  const replica = await startServer([`replicaof ${primary.host} ${primary.port}`, ...servers]);
  const start = async () =>
    startServer(
      [
        `sentinel monitor ${NAME} ${primary.host} ${primary.port} 2`,
        `sentinel down-after-milliseconds ${NAME} 500`,
        `sentinel failover-timeout ${NAME} 2000`,
        ...sentinels,
      ],
      { isSentinel: true, port: await freePort() },
    );
  const watchers = [await start(), await start(), await start()] as const;
  for (const watcher of watchers) while (!(await knowsAll(watcher))) await sleep(50);
  return {
    primary,
    replica,
    sentinels: watchers,
    async [Symbol.asyncDispose]() {
      for (const server of [...watchers, replica, primary]) await server[Symbol.asyncDispose]();
    },
  };
}

async function knowsAll({ admin }: Server): Promise<boolean> {
  const [replicas, others] = await Promise.all(
    ['replicas', 'sentinels'].map((what) => admin.call('SENTINEL', what, NAME)),
  );
  return Array.isArray(replicas) && Array.isArray(others) && replicas.length === 1 && others.length === 2;
}
