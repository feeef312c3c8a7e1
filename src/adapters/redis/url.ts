import { isIP } from 'node:net';
import { code, type Known, type Phrase, phrase, vouch } from '../../core/phrase.ts';
import { parseSentinelUrl, type Sentinels } from './sentinel-url.ts';
import { parseSocketUrl } from './socket.ts';
import { objectionTo, type TlsOptions } from './tls.ts';
import { databaseOf, fragmentRefused, loginOf, type Part, refusal } from './url-parts.ts';

/** A Redis server as a URL names it, or as a cluster or a Sentinel announced it. */
export interface Endpoint {
  readonly tls: boolean;
  /** Only with `tls`. */
  readonly tlsOptions?: TlsOptions;
  readonly host: string;
  readonly port: number;
  readonly username?: string;
  readonly password?: string;
  readonly database: number;
  /** The path of a Unix socket, which is connected to instead of host and port. */
  readonly socket?: string;
  /** They are asked for host and port of the primary; those above are the first of theirs. */
  readonly sentinels?: Sentinels;
  /** Who gave the address: it need not be one that can be reached from here. */
  readonly announcedBy?: 'cluster' | 'sentinel';
}

export type ParsedUrl =
  | { readonly ok: true; readonly endpoint: Endpoint }
  | { readonly ok: false; readonly why: Phrase; readonly advice: Phrase };

const DEFAULT_PORT = 6379;

const advices = {
  host: phrase`it should read ${code('redis://[user:password@]host[:port][/database]')}, or ${code('rediss://…')} for TLS`,
  socket: phrase`it should read ${code('unix://[user:password@]/path/to.sock[?db=database]')}`,
  sentinel: phrase`it should read ${code('redis+sentinel://[user:password@]host[:port],…/name-of-the-primary[/database]')}, or ${code('rediss+sentinel://…')} for TLS`,
};

/**
 * Reads `redis://`, `rediss://`, `unix://`, `redis+sentinel://` and `rediss+sentinel://` URLs. The client would take
 * other schemes for socket paths, ignore the case that turns TLS off, and crash on some query parameters, so whatever
 * isn't understood here is refused. The URL itself holds the password: no message quotes it, nor anything of `tls`.
 */
export function parseRedisUrl(text: string, tls: TlsOptions = {}): ParsedUrl {
  const url = text.trim();
  const form = formOf(url);
  const parsed = { host: parseHostUrl, socket: parseSocketUrl, sentinel: parseSentinelUrl }[form](url);
  if (!parsed.ok) return { ...parsed, advice: advices[form] };
  if (Object.keys(tls).length === 0) return { ok: true, endpoint: parsed.value };
  if (!parsed.value.tls) {
    return {
      ok: false,
      why: phrase`TLS options are given, but the Redis URL is one without TLS`,
      advice: phrase`a URL with TLS begins with ${code('rediss://')} or ${code('rediss+sentinel://')}; without it, leave the options out`,
    };
  }
  const objection = objectionTo(tls);
  return objection === undefined
    ? { ok: true, endpoint: { ...parsed.value, tlsOptions: tls } }
    : { ok: false, ...objection };
}

function formOf(url: string): 'host' | 'socket' | 'sentinel' {
  if (/^(redis\+)?unix:\/\//i.test(url)) return 'socket';
  return /^rediss?\+sentinel:\/\//i.test(url) ? 'sentinel' : 'host';
}

function parseHostUrl(text: string): Part<Endpoint> {
  if (text === '') return refusal(phrase`the Redis URL is empty`);
  // `localhost:6379` is a URL too, of the scheme `localhost`.
  if (/^[\w.-]+:\d+(\/|$)/.test(text)) {
    return refusal(phrase`the Redis URL doesn't begin with ${code('redis://')} or ${code('rediss://')}`);
  }
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined) {
    return refusal(
      phrase`the Redis URL can't be read: look for a ${code('#')}, ${code('/')} or ${code('?')} in the password that isn't percent-encoded, a missing host, or a port beyond 65535`,
    );
  }
  if (url.protocol !== 'redis:' && url.protocol !== 'rediss:') {
    return refusal(phrase`the Redis URL begins with ${scheme(url)}`);
  }
  if (url.hostname === '') return refusal(phrase`the Redis URL names no host`);
  if (url.port === '0') return refusal(phrase`the Redis URL has port 0, which nothing can listen at`);
  const parameter = [...url.searchParams.keys()][0];
  if (parameter !== undefined) {
    return refusal(phrase`the Redis URL has a query parameter; none is supported`);
  }
  if (url.hash !== '') return refusal(fragmentRefused);
  const database = databaseOf(url.pathname.replace(/^\//, ''));
  if (!database.ok) return database;
  const login = loginOf(url.username, url.password);
  if (!login.ok) return login;
  return {
    ok: true,
    value: {
      tls: url.protocol === 'rediss:',
      host: url.hostname.replace(/^\[(.*)\]$/, '$1'),
      port: url.port === '' ? DEFAULT_PORT : Number(url.port),
      database: database.value,
      ...login.value,
    },
  };
}

/** `host:port`, or the path of the socket, or what the Sentinels call the primary, as messages name it. */
export function address({ host, port, socket, sentinels }: Endpoint): Known {
  if (socket !== undefined) return vouch(socket);
  if (sentinels !== undefined) return vouch(`${namesOf(sentinels)}/${sentinels.primary}`);
  return vouch(hostAndPort(host, port));
}

/** The URL without credentials. */
export function publicUrl(endpoint: Endpoint): Known {
  const { tls, socket, sentinels, database } = endpoint;
  if (socket !== undefined) return vouch(`unix://${socket}${database === 0 ? '' : `?db=${database}`}`);
  const kind = `redis${tls ? 's' : ''}${sentinels === undefined ? '' : '+sentinel'}`;
  return vouch(`${kind}://${address(endpoint)}/${database}`);
}

/** What of a URL, and of what was given with it, may never be seen. */
export function secretsOf({ password, sentinels, tlsOptions }: Endpoint): readonly string[] {
  return [password, sentinels?.password, tlsOptions?.key].flatMap((secret) => secret ?? []);
}

function namesOf({ hosts }: Sentinels): string {
  return hosts.map(({ host, port }) => hostAndPort(host, port)).join(',');
}

function hostAndPort(host: string, port: number): string {
  return `${isIP(host) === 6 ? `[${host}]` : host}:${port}`;
}

/** Someone who pastes a password where the URL belongs should not see it quoted. */
function scheme({ protocol }: URL): Phrase {
  return ['http:', 'https:', 'valkey:', 'valkeys:', 'redis+tls:', 'tcp:'].includes(protocol)
    ? phrase`${code(vouch(`${protocol}//`))}`
    : phrase`another scheme`;
}
