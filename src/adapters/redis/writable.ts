import { type KnownStore, StoreFault, type WritableStore } from '../../core/ports.ts';
import { identify } from './identity.ts';
import type { Limits } from './reply.ts';
import { withServers } from './servers.ts';
import { redisStore } from './store.ts';
import { swapAll } from './swap.ts';
import type { Endpoint } from './url.ts';

/** What one URL leads to, read only, and who answers there. */
export function knownRedis(endpoint: Endpoint, limits: Limits): KnownStore {
  return {
    ...redisStore(endpoint, limits),
    async identify() {
      const ended = await withServers(endpoint, limits.timeout, (servers) => identify(servers, endpoint), {
        isWhole: true,
      });
      if (!ended.ok) throw new StoreFault(ended.fault);
      return ended.value;
    },
  };
}

/** The same, to be written to where it still holds what was seen. */
export function writableRedis(endpoint: Endpoint, limits: Limits): WritableStore {
  return { ...knownRedis(endpoint, limits), swap: (swaps) => swapAll(swaps, { endpoint, limits }) };
}
