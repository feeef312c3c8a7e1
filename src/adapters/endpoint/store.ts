import type { Fault } from '../../core/evidence.ts';
import { code, count, phrase, vouch } from '../../core/phrase.ts';
import { type Asked, type Sighting, type Store, StoreFault } from '../../core/ports.ts';
import type { Answer } from './answer.ts';
import { type Counter, questioned } from './api.ts';
import { browser } from './browser.ts';
import { type Asking, ofUnsendableHeader } from './faults.ts';
import { luggageOf, signIn } from './session.ts';
import type { SignIn } from './sign-in.ts';
import { baseOf } from './url.ts';

export interface EndpointOptions {
  /** Of the API, as `parseEndpoint` lets it pass. */
  readonly url: URL;
  readonly signIn: SignIn;
  /** Milliseconds for one reading, signing in included. */
  readonly timeout: number;
  /** A longer value is not read. */
  readonly maxBytes: number;
}

/**
 * The guarded application itself, asked by the API of its dashboard. It is signed in to once, when something is read
 * for the first time: a magic link may serve only once, and a refused password is not tried again.
 */
export function endpointStore(options: EndpointOptions): Store {
  const { url, maxBytes } = options;
  let signedIn: Promise<Counter> | undefined;
  return {
    // The application has its own prefix, and doesn't tell it: nobody should think that the keys were read.
    target: vouch(`endpoint:${url.origin}${url.pathname} (asked by name, not by key)`),
    async read(asked) {
      const readable = asked.filter((one) => unaskable(one) === undefined);
      if (readable.length === 0) return asked.map((one) => sighting(one, undefined, maxBytes));
      const deadline = AbortSignal.timeout(options.timeout);
      try {
        signedIn ??= approach(options, deadline);
        const names = new Set(readable.map(({ name }) => name));
        const answers = await questioned([...names], await signedIn, { maxBytes, deadline });
        return asked.map((one) => sighting(one, answers.get(one.name), maxBytes));
      } catch (error) {
        if (!(error instanceof StoreFault)) throw error;
        return asked.map((one) => unreadable(unaskable(one) ?? error.fault));
      }
    },
    scan() {
      throw new StoreFault(unlisted);
    },
    find: async () => ({ kind: 'unknown', fault: unlisted }),
    audit: async () => ({ kind: 'unknown', fault: untold }),
  };
}

async function approach(
  { url, signIn: how, timeout }: EndpointOptions,
  deadline: AbortSignal,
): Promise<Counter> {
  const asking: Asking = { at: vouch(url.origin), wayIn: how.kind };
  const luggage = luggageOf(how);
  if (luggage === undefined) throw ofUnsendableHeader();
  const visitor = browser(asking, luggage, timeout);
  const base = baseOf(url);
  const session = await signIn(how, { browser: visitor, base, asking, deadline });
  return { url, base, asking, browser: visitor, session };
}

/** Why the application can't be asked for this one. */
function unaskable({ name, key, encoding }: Asked): Fault | undefined {
  if (encoding !== 'json') return otherwiseEncoded;
  return key.endsWith(name) ? undefined : otherwiseNamed;
}

function unreadable(fault: Fault): Sighting {
  return { observation: { kind: 'unreadable', fault } };
}

function sighting(asked: Asked, answer: Answer | undefined, maxBytes: number): Sighting {
  const fault = unaskable(asked);
  if (fault !== undefined) return unreadable(fault);
  if (answer === undefined) return unreadable(faultOf.missing);
  if (typeof answer === 'string') return unreadable(faultOf[answer]);
  const bytes = new TextEncoder().encode(answer.payload);
  if (bytes.length > maxBytes) return unreadable(tooLarge(bytes.length, maxBytes));
  const { isValid, message } = answer;
  return { observation: { kind: 'present', bytes }, opinion: { isValid, message } };
}

const isOdd = phrase`what the application answers is not what its verification is known to answer: look for a newer version of the guardian, or of the application`;

/** What there is in place of a value, worded. */
const faultOf: Readonly<Record<Extract<Answer, string> | 'missing', Fault>> = {
  empty: {
    reason: 'unreadable',
    phrase: phrase`the application shows nothing for this config, which proves nothing: it says the same when the config is empty, when the key is missing and when its Redis is down`,
    advice: phrase`look into its Redis, or verify with ${code('--redis')} from where it can be reached`,
  },
  unknown: {
    reason: 'unreadable',
    phrase: phrase`the application knows no config of this name`,
    advice: phrase`take it out of ${code('keys')}, or read it from Redis: the endpoint has only what the application lists`,
  },
  missing: {
    reason: 'unreadable',
    phrase: phrase`the application's answer says nothing of this config`,
    advice: isOdd,
  },
  twice: {
    reason: 'unreadable',
    phrase: phrase`the application's answer tells of this config more than once`,
    advice: isOdd,
  },
  misshapen: {
    reason: 'unreadable',
    phrase: phrase`what the application's answer says of this config has another shape than its API gives it`,
    advice: isOdd,
  },
};

function tooLarge(length: number, maxBytes: number): Fault {
  return {
    reason: 'too-large',
    phrase: phrase`the value has ${count(length, 'byte')}, more than the ${count(maxBytes)} that are read`,
    advice: phrase`raise ${code('max-bytes')} if a configuration can be that large`,
  };
}

const otherwiseEncoded: Fault = {
  reason: 'unreadable',
  phrase: phrase`the application shows only configs that are one JSON string in Redis`,
  advice: phrase`read a config of another ${code('encoding')} from Redis: verify it with ${code('--redis')}`,
};

const otherwiseNamed: Fault = {
  reason: 'unreadable',
  phrase: phrase`the application is asked by name, and this config's key ends in another`,
  advice: phrase`give the config the name that its key ends in, or read it from Redis: verify it with ${code('--redis')}`,
};

const unlisted: Fault = {
  reason: 'unreadable',
  phrase: phrase`the application lists no keys`,
  advice: phrase`name each config in the manifest, or look for keys with ${code('--redis')}`,
};

const untold: Fault = {
  reason: 'unreadable',
  phrase: phrase`the application tells nothing of its Redis`,
  advice: phrase`audit the server with ${code('--redis')}, from where it can be reached`,
};
