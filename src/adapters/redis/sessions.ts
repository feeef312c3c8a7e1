import type { Deadline } from './deadline.ts';
import { type OpenSession, openSession, type Reply } from './session.ts';
import type { Endpoint } from './url.ts';

/** That a key isn't served where it was asked for, because that is one node of a cluster. */
export interface Redirect {
  /** The node that last sent us elsewhere, and so knows more than others. */
  readonly informant?: Endpoint;
}

/** The sessions of one attempt. */
export interface Sessions {
  open(endpoint: Endpoint): OpenSession;
  /** Whether there has been one since this was asked last. */
  takeRedirect(): Redirect | undefined;
  close(): void;
}

export function startSessions(deadline: Deadline): Sessions {
  const sessions: OpenSession[] = [];
  const lost = new Set<Endpoint>();
  let redirect: Redirect | undefined;
  return {
    open(endpoint) {
      const session = openSession(endpoint, deadline);
      sessions.push(session);
      return {
        ...session,
        async send(commands) {
          const replies = await session.send(commands);
          if (replies.some(isLoss)) lost.add(endpoint);
          if (replies.some(isRedirect)) redirect = { informant: endpoint };
          else if (replies.some(isLoss)) redirect ??= {};
          return replies;
        },
      };
    },
    takeRedirect() {
      const taken = redirect;
      redirect = undefined;
      return taken?.informant !== undefined && lost.has(taken.informant) ? {} : taken;
    },
    close() {
      for (const session of sessions) session.close();
    },
  };
}

/** The key isn't served here, though perhaps elsewhere: with a session of this module, that begins the attempt anew. */
export function isElsewhere(reply: Reply): reply is Error {
  return isRedirect(reply) || isLoss(reply);
}

function isRedirect(reply: Reply): boolean {
  return (
    reply instanceof Error && /^(EXECABORT [^:]*: )?(MOVED|ASK|TRYAGAIN|CROSSSLOT)\b/.test(reply.message)
  );
}

/** A node that has lost the others, or some of them, has lost what they know: it is no informant. */
function isLoss(reply: Reply): boolean {
  return reply instanceof Error && /^(EXECABORT [^:]*: )?CLUSTERDOWN\b/.test(reply.message);
}
