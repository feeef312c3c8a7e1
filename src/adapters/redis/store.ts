import type { Store } from '../../core/ports.ts';
import { audit } from './audit.ts';
import { readItems } from './read.ts';
import { type Limits, unreadable } from './reply.ts';
import { scanKeys } from './scan.ts';
import { search } from './search.ts';
import { withServers } from './servers.ts';
import { type Endpoint, publicUrl } from './url.ts';

export type { Limits };

/** All nodes are asked, whichever keys they hold. */
const whole = { isWhole: true } as const;

/** What one URL leads to, read only. Each call has connections of its own, closed when it has answered. */
export function redisStore(endpoint: Endpoint, limits: Limits): Store {
  const terms = { endpoint, limits };
  return {
    target: publicUrl(endpoint),
    async read(asked) {
      if (asked.length === 0) return [];
      const ended = await withServers(endpoint, limits.timeout, (servers) =>
        readItems(servers, asked, terms),
      );
      const observations = ended.ok ? ended.value : asked.map(() => unreadable(ended.fault));
      return observations.map((observation) => ({ observation }));
    },
    scan: (request) => scanKeys(request, terms),
    async audit() {
      const ended = await withServers(endpoint, limits.timeout, (servers) => audit(servers, endpoint), whole);
      return ended.ok ? ended.value : { kind: 'unknown', fault: ended.fault };
    },
    async find(keys, similar) {
      const ended = await withServers(
        endpoint,
        limits.timeout,
        (servers) => search(servers, keys, similar, endpoint),
        whole,
      );
      return ended.ok ? ended.value : { kind: 'unknown', fault: ended.fault };
    },
  };
}
