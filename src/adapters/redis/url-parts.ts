import { code, type Phrase, phrase } from '../../core/phrase.ts';

/** Something that was read from a URL, or why not. */
export type Part<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly why: Phrase };

export interface Login {
  readonly username?: string;
  readonly password?: string;
}

/** A URL whose middle the usual parser doesn't take: several hosts, or none. All still as it is spelled. */
export interface UrlParts {
  readonly login: Login;
  readonly hosts: string;
  readonly path: string;
  /** Decoded. */
  readonly query: ReadonlyMap<string, string>;
}

/** Takes a URL apart. `parameters` are those that it may have. */
export function partsOf(text: string, parameters: readonly string[]): Part<UrlParts> {
  const [, userinfo = '', hosts = '', path = '', search = '', fragment] =
    /^[^:]+:\/\/(?:([^/?#]*)@)?([^/?#]*)([^?#]*)(?:\?([^#]*))?(#.*)?$/su.exec(text) ?? [];
  if (fragment !== undefined) return refusal(fragmentRefused);
  const [, username = '', password = ''] = /^([^:]*):?(.*)$/su.exec(userinfo) ?? [];
  const login = loginOf(username, password);
  if (!login.ok) return login;
  const query = queryOf(search, parameters);
  return query.ok ? { ok: true, value: { login: login.value, hosts, path, query: query.value } } : query;
}

export const fragmentRefused = phrase`the Redis URL has a ${code('#')}; inside a password it is spelled ${code('%23')}`;

function queryOf(search: string, parameters: readonly string[]): Part<ReadonlyMap<string, string>> {
  const query = new Map<string, string>();
  for (const pair of search.split('&').filter((text) => text !== '')) {
    const [, name = '', raw = ''] = /^([^=]*)=?(.*)$/su.exec(pair) ?? [];
    const value = decode(raw);
    if (!parameters.includes(name)) {
      return refusal(phrase`the Redis URL has a query parameter that isn't supported`);
    }
    if (value === undefined || value === '' || query.has(name)) {
      return refusal(
        phrase`the Redis URL has a query parameter that is empty, stands twice or has a ${code('%')} that escapes nothing`,
      );
    }
    query.set(name, value);
  }
  return { ok: true, value: query };
}

/** User and password as they are spelled in a URL, read. */
export function loginOf(user: string, secret: string): Part<Login> {
  const [username, password] = [decode(user), decode(secret)];
  if (username === undefined || password === undefined) {
    return refusal(
      phrase`the Redis URL's user or password has a ${code('%')} that escapes nothing; it is spelled ${code('%25')}`,
    );
  }
  if (username !== '' && password === '') {
    // Some clients take a name without a password for the password: connecting without either would be neither.
    return refusal(
      phrase`the Redis URL has a user without a password; alone, a password follows a ${code(':')}`,
    );
  }
  return {
    ok: true,
    value: { ...(username === '' ? {} : { username }), ...(password === '' ? {} : { password }) },
  };
}

/** A number of up to five digits; nothing is database 0. */
export function databaseOf(text: string): Part<number> {
  return /^\d{0,5}$/.test(text)
    ? { ok: true, value: Number(text) }
    : refusal(phrase`the Redis URL's path is no database number`);
}

export function refusal(why: Phrase): { readonly ok: false; readonly why: Phrase } {
  return { ok: false, why };
}

export function decode(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}
