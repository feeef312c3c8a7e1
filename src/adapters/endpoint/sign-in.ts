import { code, type Phrase, phrase } from '../../core/phrase.ts';

/** How to be let in. */
export type SignIn =
  | { readonly kind: 'none' }
  /** A header that goes with every request: `Authorization`, or `Cookie` with that of a session. */
  | { readonly kind: 'header'; readonly name: string; readonly value: string }
  | { readonly kind: 'form'; readonly username: string; readonly password: string }
  /** A link of the application, or the token at its end. One that is single-use is spent by it. */
  | { readonly kind: 'magic-link'; readonly link: string };

/** What was given to sign in with; what is absent or empty wasn't. */
export interface Credentials {
  readonly username?: string | undefined;
  readonly password?: string | undefined;
  readonly magicLink?: string | undefined;
  /** `Name: value`. */
  readonly header?: string | undefined;
}

export type ParsedSignIn =
  | {
      readonly ok: true;
      readonly signIn: SignIn;
      /** What of it has to be masked wherever it may be printed. */
      readonly secrets: readonly string[];
    }
  | { readonly ok: false; readonly why: Phrase; readonly advice: Phrase };

/** Chooses the one way in that was given. No message quotes anything of it. */
export function parseSignIn({ username, password, magicLink, header }: Credentials): ParsedSignIn {
  const ways = [username || password, magicLink, header].filter((way) => way);
  if (ways.length === 0) return { ok: true, signIn: { kind: 'none' }, secrets: [] };
  if (ways.length > 1) {
    return {
      ok: false,
      why: phrase`there is more than one way to sign in to the endpoint`,
      advice: phrase`give one of ${code('endpoint-username')} with ${code('endpoint-password')}, ${code('endpoint-magic-link')} and ${code('endpoint-header')}`,
    };
  }
  if (magicLink)
    return { ok: true, signIn: { kind: 'magic-link', link: magicLink }, secrets: partsOf(magicLink) };
  if (header) return parseHeader(header);
  if (username && password) {
    return { ok: true, signIn: { kind: 'form', username, password }, secrets: [password] };
  }
  return {
    ok: false,
    why: phrase`${code('endpoint-username')} and ${code('endpoint-password')} belong together, and one of them is missing`,
    advice: phrase`set both`,
  };
}

/** A link, and the token at its end. */
function partsOf(link: string): readonly string[] {
  const token = link.split('/').findLast((part) => part.trim() !== '');
  return [...new Set([link, token ?? link].map((part) => part.trim()))];
}

function parseHeader(header: string): ParsedSignIn {
  const colon = header.indexOf(':');
  const [name, value] = [header.slice(0, colon).trim(), header.slice(colon + 1).trim()];
  if (colon < 1 || name === '' || value === '') {
    return {
      ok: false,
      why: phrase`${code('endpoint-header')} is no header`,
      advice: phrase`it should read ${code('Name: value')}`,
    };
  }
  // Of a cookie or of `Bearer TOKEN`, the secret is a part that may turn up alone.
  const parts = value.split(/[\s;=]+/).filter((part) => part.length >= SHORTEST_SECRET);
  return { ok: true, signIn: { kind: 'header', name, value }, secrets: [...new Set([value, ...parts])] };
}

/** Characters; words as short as that are in every text. */
const SHORTEST_SECRET = 8;
