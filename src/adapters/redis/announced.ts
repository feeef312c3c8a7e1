import { isIP } from 'node:net';
import type { Endpoint } from './url.ts';

/**
 * The same way in at another address, which a cluster or a Sentinel gave. In a cluster, where all certificates are of
 * one kind, a node that is announced by its IP address shows one for the host of the URL.
 */
export function announced(
  base: Endpoint,
  { host, port }: Pick<Endpoint, 'host' | 'port'>,
  announcedBy: 'cluster' | 'sentinel',
): Endpoint {
  const { socket, sentinels, tlsOptions, ...rest } = base;
  const isNamed = announcedBy === 'cluster' && isIP(host) !== 0 && isIP(base.host) === 0;
  const name = isNamed ? { servername: base.host } : {};
  return {
    ...rest,
    host,
    port,
    announcedBy,
    ...(base.tls ? { tlsOptions: { ...name, ...tlsOptions } } : {}),
  };
}

/** Whether a text that a server calls a host can be one, so that it may be connected to and told. */
export function isHost(text: string): boolean {
  return isIP(text) !== 0 || /^[\w.-]{1,253}$/.test(text);
}
