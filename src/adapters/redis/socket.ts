import { code, phrase } from '../../core/phrase.ts';
import type { Endpoint } from './url.ts';
import { databaseOf, decode, type Part, partsOf, refusal } from './url-parts.ts';

/** Reads `unix://[user:password@]/path/to.sock[?db=database]`, and the same with `redis+unix://`. */
export function parseSocketUrl(text: string): Part<Endpoint> {
  const parts = partsOf(text, ['db']);
  if (!parts.ok) return parts;
  const { login, hosts, path, query } = parts.value;
  if (hosts !== '') {
    return refusal(
      phrase`the Redis URL's socket has no whole path: it begins with a third ${code('/')}, and a ${code('/')} in a password is spelled ${code('%2F')}`,
    );
  }
  const socket = decode(path);
  if (socket === undefined || !/^\/[^\p{Cc}]*[^\p{Cc}/]$/u.test(socket)) {
    return refusal(phrase`the Redis URL names no socket`);
  }
  const database = databaseOf(query.get('db') ?? '');
  if (!database.ok) return refusal(phrase`the Redis URL's ${code('db')} is no database number`);
  return {
    ok: true,
    // Host and port are those of this machine: a node of a cluster that doesn't know its own name is there too.
    value: { tls: false, host: 'localhost', port: 6379, socket, database: database.value, ...login },
  };
}
