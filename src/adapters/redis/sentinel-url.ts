import { isIP } from 'node:net';
import { code, phrase } from '../../core/phrase.ts';
import type { Endpoint } from './url.ts';
import { databaseOf, type Part, partsOf, refusal } from './url-parts.ts';

/** Servers that know where the primary is. */
export interface Sentinels {
  /** One at least. */
  readonly hosts: readonly [Host, ...Host[]];
  /** What they call the primary. */
  readonly primary: string;
  /** Theirs; the ones beside are the primary's. */
  readonly username?: string;
  readonly password?: string;
}

interface Host {
  readonly host: string;
  readonly port: number;
}

const DEFAULT_PORT = 26379;

/**
 * Reads `redis+sentinel://[user:password@]host[:port],…/primary[/database]`, with `rediss` where Sentinels and servers
 * speak TLS. User and password are the server's; the Sentinels' own are the parameters `sentinel-user` and
 * `sentinel-password`.
 */
export function parseSentinelUrl(text: string): Part<Endpoint> {
  const parts = partsOf(text, ['sentinel-user', 'sentinel-password']);
  if (!parts.ok) return parts;
  const { login, hosts: names, path, query } = parts.value;
  const [first, ...others] = names.split(',').map(hostOf);
  if (first === undefined || others.includes(undefined)) {
    return refusal(
      phrase`the Redis URL has a Sentinel that is no ${code('host')} or ${code('host:port')}; a ${code('/')} in a password is spelled ${code('%2F')}`,
    );
  }
  const [, primary, digits = ''] = /^\/([^/]+)(?:\/([^/]*))?$/.exec(path) ?? [];
  // Sentinel itself takes no other names.
  if (primary === undefined || !/^[\w.-]+$/.test(primary)) {
    return refusal(phrase`the Redis URL doesn't say what the Sentinels call the primary`);
  }
  const database = databaseOf(digits);
  if (!database.ok) return refusal(phrase`the Redis URL's last part is no database number`);
  const [username, password] = [query.get('sentinel-user'), query.get('sentinel-password')];
  if (username !== undefined && password === undefined) {
    return refusal(
      phrase`the Redis URL has a ${code('sentinel-user')} without a ${code('sentinel-password')}`,
    );
  }
  return {
    ok: true,
    value: {
      tls: /^rediss/i.test(text),
      ...first,
      database: database.value,
      ...login,
      sentinels: {
        hosts: [first, ...others.flatMap((host) => host ?? [])],
        primary,
        ...(username === undefined ? {} : { username }),
        ...(password === undefined ? {} : { password }),
      },
    },
  };
}

function hostOf(text: string): Host | undefined {
  const [, bracketed, plain, digits] = /^(?:\[([\da-f:.]+)\]|([\w.-]+))(?::(\d{1,5}))?$/i.exec(text) ?? [];
  const host = bracketed ?? plain;
  const port = digits === undefined ? DEFAULT_PORT : Number(digits);
  if (host === undefined || port < 1 || port > 65_535) return undefined;
  return bracketed === undefined || isIP(bracketed) === 6 ? { host, port } : undefined;
}
