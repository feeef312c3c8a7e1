import { setTimeout as sleep } from 'node:timers/promises';
import { getOctokit } from '@actions/github';
import pRetry from 'p-retry';
import { askedToWait, failureOf, mayPass, wasRefused } from './faults.ts';

export interface Patience {
  /** Milliseconds that all requests together may take, waiting included. */
  readonly timeout: number;
  readonly now: () => number;
}

export type Client = ReturnType<typeof getOctokit>;

const silent = () => undefined;

/**
 * A client that asks again when GitHub fails, as long as that is safe and there is time. What creates something is
 * not asked again once GitHub may have heard it.
 */
export function patientClient(token: string, baseUrl: string, { timeout, now }: Patience): Client {
  const client = getOctokit(token, {
    baseUrl,
    // It prints what servers say, for the workflow runner to obey.
    log: { debug: silent, info: silent, warn: silent, error: silent },
  });
  const deadline = AbortSignal.timeout(timeout);
  const end = now() + timeout;
  client.hook.wrap('request', async (request, options) => {
    const creates = options.method === 'POST' && !options.url.endsWith('/graphql');
    let last: unknown;
    try {
      return await pRetry(
        async () => {
          // One silent server shall not use up the time for asking again.
          const patience = Math.max(1, Math.min(end - now(), Math.max(1000, timeout / 3)));
          const overdue = new AbortController();
          const timer = setTimeout(() => overdue.abort(new DOMException('', 'TimeoutError')), patience);
          try {
            // The hooks behind this one look at these options themselves, not at what we hand on.
            options.request = { ...options.request, signal: overdue.signal };
            return await request(options);
          } catch (error) {
            last = error;
            throw error;
          } finally {
            clearTimeout(timer);
          }
        },
        {
          retries: 6,
          minTimeout: 200,
          maxTimeout: 4000,
          randomize: true,
          signal: deadline,
          shouldRetry: async ({ error }) => {
            const failure = failureOf(error);
            if (!mayPass(failure, now()) || (creates && !wasRefused(failure, now()))) return false;
            const wait = askedToWait(failure, now()) ?? 0;
            if (now() + wait >= end) return false;
            await sleep(wait, undefined, { signal: deadline });
            return true;
          },
        },
      );
    } catch (error) {
      // What GitHub last said tells more than that the time is over.
      throw last ?? error;
    }
  });
  return client;
}
