import { isIP } from 'node:net';
import { code, type Known, type Phrase, phrase, vouch } from '../../core/phrase.ts';

/** A Redis server as a URL names it. */
export interface Endpoint {
  readonly tls: boolean;
  readonly host: string;
  readonly port: number;
  readonly username?: string;
  readonly password?: string;
  readonly database: number;
}

export type ParsedUrl =
  | { readonly ok: true; readonly endpoint: Endpoint }
  | { readonly ok: false; readonly why: Phrase; readonly advice: Phrase };

const DEFAULT_PORT = 6379;

/**
 * Reads `redis://` and `rediss://` URLs. The client would take other schemes for socket paths, ignore the case
 * that turns TLS off, and crash on some query parameters, so whatever isn't understood here is refused. The URL
 * itself holds the password: no message quotes it.
 */
export function parseRedisUrl(text: string): ParsedUrl {
  const advice = phrase`it should read ${code('redis://[user:password@]host[:port][/database]')}, or ${code('rediss://…')} for TLS`;
  const refuse = (why: Phrase): ParsedUrl => ({ ok: false, why, advice });

  if (text.trim() === '') return refuse(phrase`the Redis URL is empty`);
  // `localhost:6379` is a URL too, of the scheme `localhost`.
  if (/^[\w.-]+:\d+(\/|$)/.test(text.trim())) {
    return refuse(phrase`the Redis URL doesn't begin with ${code('redis://')} or ${code('rediss://')}`);
  }
  const url = URL.canParse(text.trim()) ? new URL(text.trim()) : undefined;
  if (url === undefined) {
    return refuse(
      phrase`the Redis URL can't be read: look for a ${code('#')}, ${code('/')} or ${code('?')} in the password that isn't percent-encoded, a missing host, or a port beyond 65535`,
    );
  }
  if (url.protocol !== 'redis:' && url.protocol !== 'rediss:') {
    return refuse(phrase`the Redis URL begins with ${scheme(url)}`);
  }
  if (url.hostname === '') return refuse(phrase`the Redis URL names no host`);
  if (url.port === '0') return refuse(phrase`the Redis URL has port 0, which nothing can listen at`);
  const parameter = [...url.searchParams.keys()][0];
  if (parameter !== undefined) {
    return refuse(phrase`the Redis URL has a query parameter; none is supported`);
  }
  if (url.hash !== '') {
    return refuse(phrase`the Redis URL has a ${code('#')}; inside a password it is spelled ${code('%23')}`);
  }
  const database = /^\/?(\d{0,5})$/.exec(url.pathname)?.[1];
  if (database === undefined) return refuse(phrase`the Redis URL's path is no database number`);
  const username = decode(url.username);
  const password = decode(url.password);
  if (username === undefined || password === undefined) {
    return refuse(
      phrase`the Redis URL's user or password has a ${code('%')} that escapes nothing; it is spelled ${code('%25')}`,
    );
  }
  if (username !== '' && password === '') {
    // Some clients take a name without a password for the password: connecting without either would be neither.
    return refuse(
      phrase`the Redis URL has a user without a password; alone, a password follows a ${code(':')}`,
    );
  }
  return {
    ok: true,
    endpoint: {
      tls: url.protocol === 'rediss:',
      host: url.hostname.replace(/^\[(.*)\]$/, '$1'),
      port: url.port === '' ? DEFAULT_PORT : Number(url.port),
      database: Number(database),
      ...(username === '' ? {} : { username }),
      ...(password === '' ? {} : { password }),
    },
  };
}

/** `host:port`, as messages name it. */
export function address({ host, port }: Endpoint): Known {
  return vouch(`${isIP(host) === 6 ? `[${host}]` : host}:${port}`);
}

/** The URL without credentials. */
export function publicUrl(endpoint: Endpoint): Known {
  return vouch(`redis${endpoint.tls ? 's' : ''}://${address(endpoint)}/${endpoint.database}`);
}

/** Someone who pastes a password where the URL belongs should not see it quoted. */
function scheme({ protocol }: URL): Phrase {
  return ['http:', 'https:', 'unix:', 'valkey:', 'valkeys:', 'redis+tls:', 'tcp:'].includes(protocol)
    ? phrase`${code(vouch(`${protocol}//`))}`
    : phrase`another scheme`;
}

function decode(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}
