import { type Browser, type Luggage, PAGE_BYTES, type Reply } from './browser.ts';
import { cookieJar } from './cookies.ts';
import { type Asking, ofForeignLink, ofNoForm, ofStatus, ofStranger } from './faults.ts';
import { hiddenInput, metaContent } from './html.ts';
import type { SignIn } from './sign-in.ts';

/** What goes with every request; undefined when the header can't be one. Cookies in it are kept as the application's own. */
export function luggageOf(how: SignIn): Luggage | undefined {
  const cookies = cookieJar();
  if (how.kind !== 'header') return { headers: {}, cookies };
  const { name, value } = how;
  if (!canBeSent(name, value)) return undefined;
  if (name.toLowerCase() !== 'cookie') return { headers: { [name]: value }, cookies };
  cookies.take(value.split(';'));
  return { headers: {}, cookies };
}

/** The client's own objection would quote the value. */
function canBeSent(name: string, value: string): boolean {
  try {
    new Headers([[name, value]]);
    return true;
  } catch {
    return false;
  }
}

/** What a request to the API has to show besides cookies. */
export interface Session {
  readonly csrfToken?: string;
}

export interface Desk {
  readonly browser: Browser;
  /** Where the application is mounted, with a slash at its end. */
  readonly base: URL;
  readonly asking: Asking;
  readonly deadline: AbortSignal;
}

/** Signs in, and makes sure by the dashboard that it worked. Throws a `StoreFault` when it didn't. */
export async function signIn(how: SignIn, desk: Desk): Promise<Session> {
  if (how.kind === 'form') await fillForm(how, desk);
  if (how.kind === 'magic-link') await followLink(how.link, desk);
  return visitDashboard(desk);
}

async function fillForm(
  { username, password }: Extract<SignIn, { readonly kind: 'form' }>,
  { browser, base, asking, deadline }: Desk,
): Promise<void> {
  const page = await browser.open(loginOf(base), () => false, deadline);
  if (page.status === 404) throw ofNoForm(asking);
  if (page.status !== 200) throw ofStatus(page.status, asking);
  const token = hiddenInput(textOf(page), 'csrf_token');
  const fields = { username, password, ...(token === undefined ? {} : { csrf_token: token }) };
  const body = {
    type: 'application/x-www-form-urlencoded',
    text: new URLSearchParams(fields).toString(),
  };
  mustAdmit(await browser.send({ url: page.url, body, most: PAGE_BYTES }, deadline), asking);
}

async function followLink(link: string, { browser, base, asking, deadline }: Desk): Promise<void> {
  const given = link.trim();
  const isLink = /^https?:/i.test(given) && URL.canParse(given);
  const url = isLink ? new URL(given) : new URL(`login/magic/${encodeURIComponent(given)}`, base);
  if (url.origin !== base.origin) throw ofForeignLink(asking);
  mustAdmit(await browser.send({ url, most: PAGE_BYTES }, deadline), asking);
}

/** The page that was asked for, or a redirect: whether it lets in shows at the dashboard. */
function mustAdmit({ status }: Reply, asking: Asking): void {
  if (status >= 500 || status === 429) throw ofStatus(status, asking);
  if (status >= 400) throw ofStranger(asking);
}

async function visitDashboard({ browser, base, asking, deadline }: Desk): Promise<Session> {
  const page = await browser.open(base, (url) => isLogin(url, base), deadline);
  if (isLogin(page.url, base)) throw ofStranger(asking);
  // Where there is no dashboard, a header may be all that the API asks for: it will say so.
  if (page.status === 404) return {};
  if (page.status !== 200) throw ofStatus(page.status, asking);
  const csrfToken = metaContent(textOf(page), 'csrf-token');
  return csrfToken === undefined ? {} : { csrfToken };
}

/** Where the application sends those who aren't signed in. */
export function isLogin({ pathname }: URL, base: URL): boolean {
  const login = loginOf(base).pathname;
  return pathname === login || pathname === `${login}/`;
}

function loginOf(base: URL): URL {
  return new URL('login', base);
}

/** A page as text; what isn't UTF-8 in it is of no importance. */
function textOf({ body }: Reply): string {
  return new TextDecoder().decode(body);
}
