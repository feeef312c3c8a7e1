import type { SignIn } from '../../../src/adapters/endpoint/sign-in.ts';
import { type EndpointOptions, endpointStore } from '../../../src/adapters/endpoint/store.ts';
import { parseEndpoint } from '../../../src/adapters/endpoint/url.ts';
import { vouch } from '../../../src/core/phrase.ts';
import { plain } from '../../../src/core/plain.ts';
import type { Sighting, Store } from '../../../src/core/ports.ts';
import { PASSWORD, USERNAME } from './dashboard.ts';

export const byForm: SignIn = { kind: 'form', username: USERNAME, password: PASSWORD };

export function endpointAt(
  url: string,
  signIn: SignIn = byForm,
  { timeout = 5000, maxBytes = 1024 ** 2 }: Partial<Pick<EndpointOptions, 'timeout' | 'maxBytes'>> = {},
): Store {
  const parsed = parseEndpoint(url);
  if (!parsed.ok) throw new Error(plain(parsed.why));
  return endpointStore({ url: parsed.url, signIn, timeout, maxBytes });
}

/** What a store says of configs that should be JSON strings. */
export function look(store: Store, names: readonly string[]): Promise<readonly Sighting[]> {
  return store.read(
    names.map((name) => ({ name: vouch(name), key: `r:ss:config:${name}`, encoding: 'json' as const })),
  );
}
