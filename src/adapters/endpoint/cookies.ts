/** Cookies of one origin, as a session needs them. */
export interface Cookies {
  /** Takes what the headers `Set-Cookie` say; of their attributes only `Path` counts. */
  take(headers: readonly string[]): void;
  /** The value of the header `Cookie` for a path; empty when there is none to send. */
  headerFor(pathname: string): string;
}

const MOST_COOKIES = 50;
/** Characters of a name and its value; browsers keep no longer ones. */
const LONGEST = 4096;

export function cookieJar(): Cookies {
  const kept = new Map<string, { readonly value: string; readonly path: string }>();
  return {
    take(headers) {
      for (const header of headers) {
        const [pair = '', ...attributes] = header.split(';');
        const equals = pair.indexOf('=');
        const name = pair.slice(0, equals).trim();
        const value = pair.slice(equals + 1).trim();
        if (equals < 1 || name === '' || pair.length > LONGEST) continue;
        if (value === '') kept.delete(name);
        else if (kept.has(name) || kept.size < MOST_COOKIES)
          kept.set(name, { value, path: pathOf(attributes) });
      }
    },
    headerFor(pathname) {
      return [...kept]
        .filter(([, { path }]) => isBelow(pathname, path))
        .map(([name, { value }]) => `${name}=${value}`)
        .join('; ');
    },
  };
}

function pathOf(attributes: readonly string[]): string {
  const path = attributes
    .map((attribute) => attribute.trim())
    .find((attribute) => attribute.toLowerCase().startsWith('path='))
    ?.slice('path='.length);
  return path?.startsWith('/') ? path : '/';
}

function isBelow(pathname: string, path: string): boolean {
  return pathname === path || pathname.startsWith(path.endsWith('/') ? path : `${path}/`);
}
