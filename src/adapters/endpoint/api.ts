import { type Answer, readAllowed, readResults } from './answer.ts';
import type { Browser, Reply } from './browser.ts';
import { type Asking, ofFlood, ofGibberish, ofRedirect, ofStatus, ofStranger } from './faults.ts';
import { isLogin, type Session } from './session.ts';

/** Where somebody who is signed in asks. */
export interface Counter {
  /** Of the API. */
  readonly url: URL;
  readonly base: URL;
  readonly asking: Asking;
  readonly browser: Browser;
  readonly session: Session;
}

export interface Bounds {
  /** Bytes of one value. */
  readonly maxBytes: number;
  readonly deadline: AbortSignal;
}

/** Bytes of an answer that are no values. */
const ENVELOPE = 64 * 1024;

/**
 * What the application says of configs, by their names. Names that it doesn't know make it refuse the whole question:
 * then it is asked once more without them. Throws a `StoreFault` when it answers none at all.
 */
export async function questioned(
  names: readonly string[],
  counter: Counter,
  bounds: Bounds,
): Promise<ReadonlyMap<string, Answer>> {
  const first = await ask(names, counter, bounds);
  const allowed = first.status === 400 ? readAllowed(first.body) : undefined;
  const unknown = allowed === undefined ? [] : names.filter((name) => !allowed.includes(name));
  const known = names.filter((name) => !unknown.includes(name));
  if (unknown.length === 0) return answersIn(first, counter);
  const rest = known.length === 0 ? new Map() : answersIn(await ask(known, counter, bounds), counter);
  return new Map<string, Answer>([...rest, ...unknown.map((name) => [name, 'unknown'] as const)]);
}

async function ask(
  names: readonly string[],
  { url, browser, session, asking }: Counter,
  { maxBytes, deadline }: Bounds,
): Promise<Reply> {
  const body = { type: 'application/json', text: JSON.stringify({ keys: names, raw: true }) };
  const most = names.length * maxBytes + ENVELOPE;
  const headers = {
    Accept: 'application/json',
    ...(session.csrfToken === undefined ? {} : { 'X-CSRFToken': session.csrfToken }),
  };
  const reply = await browser.send({ url, body, headers, most }, deadline);
  if (reply.isCut) throw ofFlood(most, asking);
  return reply;
}

/** An answer in which a config is invalid has the status 502, which is a gateway's too. */
function answersIn(reply: Reply, { base, asking }: Counter): ReadonlyMap<string, Answer> {
  const { status, location, isPage, body } = reply;
  if (location !== undefined) throw isLogin(location, base) ? ofStranger(asking) : ofRedirect(status, asking);
  if (status !== 200 && status !== 502) throw ofStatus(status, asking);
  const results = readResults(body);
  if (results !== undefined) return results;
  throw status === 502 ? ofStatus(status, asking) : ofGibberish(isPage, asking);
}
