import { setTimeout as sleep } from 'node:timers/promises';
import { ofConnection } from './connection.ts';
import type { Cookies } from './cookies.ts';
import { type Asking, ofEndlessRedirects, ofStrayRedirect } from './faults.ts';

export interface Request {
  readonly url: URL;
  /** Sent by POST; a GET has none. */
  readonly body?: { readonly type: string; readonly text: string };
  readonly headers?: Readonly<Record<string, string>>;
  /** Bytes of the answer that are read; the rest is cut off. */
  readonly most: number;
}

export interface Reply {
  readonly status: number;
  /** Where it redirects to, which is a place of the same origin. */
  readonly location?: URL;
  readonly isPage: boolean;
  readonly body: Uint8Array;
  readonly isCut: boolean;
}

/** The last reply, and where all redirects led to. */
export interface Visit extends Reply {
  readonly url: URL;
}

/** One visitor of one origin. Throws a `StoreFault` where there is no answer to be had. */
export interface Browser {
  /** One exchange. Redirects are answers; one to another origin is a fault. */
  send(request: Request, deadline: AbortSignal): Promise<Reply>;
  /** Goes to a page, through redirects; not to where `isEnd`, which is answered as the place that it led to. */
  open(url: URL, isEnd: (url: URL) => boolean, deadline: AbortSignal): Promise<Visit>;
}

/** What goes with every request. */
export interface Luggage {
  readonly headers: Readonly<Record<string, string>>;
  readonly cookies: Cookies;
}

/** Bytes of a page: what is looked for in one stands before them. */
export const PAGE_BYTES = 1024 ** 2;
const MOST_REDIRECTS = 5;

/** `timeout` in milliseconds: how long the deadlines are that it is given. */
export function browser(asking: Asking, luggage: Luggage, timeout: number): Browser {
  const send: Browser['send'] = async (request, deadline) => {
    let last: Reply | undefined;
    for (let pause = 250; ; pause = Math.min(2 * pause, 4000)) {
      try {
        const response = await ask(request, luggage, deadline);
        luggage.cookies.take(response.headers.getSetCookie());
        const wait = waitOf(response) ?? pause;
        last = await replyOf(response, request);
        if (!isBusy(last) || wait >= timeout) break;
        await sleep(wait, undefined, { signal: deadline });
      } catch (error) {
        // That it is busy tells more than that the time is over.
        if (last === undefined || !deadline.aborted) throw ofConnection(error, asking.at, timeout);
        break;
      }
    }
    const { location } = last;
    if (location !== undefined && location.origin !== request.url.origin) {
      throw ofStrayRedirect(location.origin, asking);
    }
    return last;
  };
  return {
    send,
    async open(url, isEnd, deadline) {
      let at = url;
      for (let redirects = 0; redirects <= MOST_REDIRECTS; redirects += 1) {
        const reply = await send({ url: at, most: PAGE_BYTES }, deadline);
        if (reply.location === undefined) return { ...reply, url: at };
        at = reply.location;
        if (isEnd(at)) return { ...reply, url: at };
      }
      throw ofEndlessRedirects(asking);
    },
  };
}

function ask({ url, body, headers }: Request, luggage: Luggage, deadline: AbortSignal): Promise<Response> {
  const cookie = luggage.cookies.headerFor(url.pathname);
  return fetch(url, {
    redirect: 'manual',
    signal: deadline,
    headers: {
      ...luggage.headers,
      ...headers,
      ...(cookie === '' ? {} : { Cookie: cookie }),
      // The application's protection against forged requests looks at them.
      ...(body === undefined ? {} : { 'Content-Type': body.type, Origin: url.origin, Referer: url.href }),
    },
    ...(body === undefined ? {} : { method: 'POST', body: body.text }),
  });
}

async function replyOf(response: Response, { url, most }: Request): Promise<Reply> {
  const { status, headers } = response;
  const where = headers.get('location');
  const isRedirect = status >= 300 && status < 400 && where !== null && URL.canParse(where, url.href);
  return {
    status,
    ...(isRedirect ? { location: new URL(where, url) } : {}),
    isPage: /^text\/html\b/i.test(headers.get('content-type') ?? ''),
    ...(await firstBytes(response, most)),
  };
}

async function firstBytes(
  { body }: Response,
  most: number,
): Promise<{ readonly body: Uint8Array; readonly isCut: boolean }> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of body ?? []) {
    chunks.push(chunk);
    length += chunk.length;
    // Leaving the loop closes the connection.
    if (length > most) break;
  }
  return { body: Buffer.concat(chunks).subarray(0, most), isCut: length > most };
}

/** Whether the same question may be answered a moment later. */
function isBusy({ status }: Reply): boolean {
  return status === 429 || status === 503;
}

/** Milliseconds that it asks to be left alone for, where it says so in seconds. */
function waitOf({ headers }: Response): number | undefined {
  const seconds = headers.get('retry-after') ?? '';
  return /^\d{1,9}$/.test(seconds) ? Number(seconds) * 1000 : undefined;
}
