import { code, type Phrase, phrase } from '../../core/phrase.ts';

export type ParsedEndpoint =
  | { readonly ok: true; readonly url: URL }
  | { readonly ok: false; readonly why: Phrase; readonly advice: Phrase };

/** Where the application verifies its configs, below where it is mounted. */
export const API_PATH = 'api/verify_config_store';

/**
 * Reads what follows `endpoint:`. The path of the API is added to a URL that has none. A URL that holds a secret is
 * refused, and no message quotes it.
 */
export function parseEndpoint(text: string): ParsedEndpoint {
  const advice = phrase`it should read ${code('endpoint:https://host[:port]')}, with the path of the API where it isn't ${code('/api/verify_config_store')}`;
  const refuse = (why: Phrase): ParsedEndpoint => ({ ok: false, why, advice });

  const trimmed = text.trim();
  if (trimmed === '') return refuse(phrase`the URL after ${code('endpoint:')} is empty`);
  if (!URL.canParse(trimmed)) return refuse(phrase`the URL after ${code('endpoint:')} can't be read`);
  const url = new URL(trimmed);
  if (url.protocol !== 'https:' && url.protocol !== 'http:') {
    return refuse(phrase`the URL after ${code('endpoint:')} doesn't begin with ${code('https://')}`);
  }
  if (url.username !== '' || url.password !== '') {
    return {
      ok: false,
      why: phrase`the URL after ${code('endpoint:')} holds a user or a password`,
      advice: phrase`take them out: how to sign in is said by itself`,
    };
  }
  if (url.search !== '' || url.hash !== '') {
    return refuse(phrase`the URL after ${code('endpoint:')} has a ${code('?')} or a ${code('#')}`);
  }
  if (url.protocol === 'http:' && !isLoopback(url.hostname)) {
    return {
      ok: false,
      why: phrase`the URL after ${code('endpoint:')} begins with ${code('http://')}, so everybody on the way could read the configs and the sign-in`,
      advice: phrase`use ${code('https://')}; without TLS only an application on the same machine is asked`,
    };
  }
  if (url.pathname === '/') url.pathname = `/${API_PATH}`;
  return { ok: true, url };
}

/** Where the application is mounted, with a slash at its end: the pages to sign in at are below it. */
export function baseOf(url: URL): URL {
  const isUsual = url.pathname.endsWith(`/${API_PATH}`);
  return new URL(isUsual ? url.pathname.slice(0, -API_PATH.length) : '/', url);
}

function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127(?:\.\d{1,3}){3}$/.test(hostname);
}
