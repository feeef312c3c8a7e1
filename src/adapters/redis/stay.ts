import { diagnose } from './faults.ts';
import { type Servers, withServers } from './servers.ts';
import type { Ended } from './session.ts';
import type { Endpoint } from './url.ts';

/** Connections that many calls share. */
export interface Stay {
  /**
   * Opens what isn't open, and lets `work` use it. What fails in passing is begun anew with new connections, a few
   * times. Each batch has the whole time to itself. Expected failures are answers.
   */
  use<T>(work: (servers: Servers) => Promise<T>): Promise<Ended<T>>;
  /** Closes what is open; the next use opens it again, and finds out anew which node has which keys. */
  leave(): Promise<void>;
}

const MOST_ATTEMPTS = 4;
/** Milliseconds. */
const PAUSE = 250;

/** One for the servers of an endpoint. `timeout` in milliseconds. */
export function stayAt(endpoint: Endpoint, timeout: number): Stay {
  let current: Visit | undefined;
  const leave = async (visit: Visit | undefined) => {
    if (current === visit) current = undefined;
    await visit?.leave();
  };
  const once = async <T>(work: (servers: Servers) => Promise<T>): Promise<Ended<T>> => {
    current ??= visitAt(endpoint, timeout);
    const visit = current;
    const entered = await visit.entered;
    try {
      if (entered.ok) return { ok: true, value: await work(entered.value) };
    } catch (error) {
      await leave(visit);
      return { ok: false, fault: diagnose(error, endpoint, 'connected') };
    }
    await leave(visit);
    // It has been tried again already.
    return { ok: false, fault: { ...entered.fault, again: 'never', isLate: true } };
  };
  return {
    async use(work) {
      for (let attempt = 1; ; attempt += 1) {
        const ended = await once(work);
        if (ended.ok || attempt >= MOST_ATTEMPTS || !mayPass(ended.fault)) return ended;
        await new Promise((resume) => setTimeout(resume, PAUSE));
      }
    },
    leave: () => leave(current),
  };
}

type Fault = Extract<Ended<never>, { readonly ok: false }>['fault'];

/** A connection that was lost may be had again, where one that never came about was waited for. */
function mayPass({ again, reason, isLate }: Fault): boolean {
  return again !== 'never' || (reason === 'unreachable' && !isLate);
}

interface Visit {
  readonly entered: Promise<Ended<Servers>>;
  leave(): Promise<void>;
}

/** A visit lasts as long as what it is for: here, until somebody wants to leave. */
function visitAt(endpoint: Endpoint, timeout: number): Visit {
  let leave = () => {};
  const left = new Promise<never>((_resolve, reject) => {
    // As a failure: nobody wants to know any more whether all is as it was.
    leave = () => reject(new Error('left'));
  });
  left.catch(() => undefined);
  let ending: Promise<void> | undefined;
  const entered = new Promise<Ended<Servers>>((resolve) => {
    const stay = (servers: Servers) => {
      resolve({ ok: true, value: servers });
      return left;
    };
    ending = withServers(endpoint, timeout, stay, { isWhole: true, isStream: true }).then(resolve);
  });
  return {
    entered,
    async leave() {
      leave();
      await ending;
    },
  };
}
