import { isIP } from 'node:net';
import type { Redis } from 'ioredis';
import { type Diagnosis, diagnose, Overdue, type Stage } from './faults.ts';
import type { Endpoint } from './url.ts';

/** A reply: bytes, an integer, nothing, an error, or several. */
export type Reply = Uint8Array | number | null | Error | readonly Reply[];
export type Command = readonly [name: string, ...args: readonly (string | number)[]];

/** One connection: a batch of commands goes out at once and answers one reply each. */
export interface Session {
  send(commands: readonly Command[]): Promise<readonly Reply[]>;
}

export type Ended<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly fault: Diagnosis };

/** How long there is, in milliseconds, and when that is over on the clock of {@link clock}. */
interface Deadline {
  readonly timeout: number;
  readonly at: number;
}

/** Milliseconds of a clock that only goes forward. */
function clock(): number {
  const [seconds, nanoseconds] = process.hrtime();
  return seconds * 1e3 + nanoseconds / 1e6;
}

/**
 * Opens a connection, lets `use` work with it, closes it. Everything together is bounded by `timeout`
 * (milliseconds); a passing fault is tried again within it. Expected failures are answers.
 */
export async function withSession<T>(
  endpoint: Endpoint,
  timeout: number,
  use: (session: Session) => Promise<T>,
): Promise<Ended<T>> {
  const deadline = { timeout, at: clock() + timeout };
  let earlier: Diagnosis | undefined;
  for (let attempt = 1; ; attempt += 1) {
    const ended = await once(endpoint, deadline, use, earlier);
    if (ended.ok) return ended;
    earlier = ended.fault;
    const most = { never: 1, briefly: BRIEFLY, patiently: Number.POSITIVE_INFINITY }[earlier.again];
    if (attempt >= most || clock() + PAUSE >= deadline.at) return ended;
    await new Promise((resume) => setTimeout(resume, PAUSE));
  }
}

/** Attempts, with so many milliseconds between them. */
const BRIEFLY = 8;
const PAUSE = 250;

async function once<T>(
  endpoint: Endpoint,
  deadline: Deadline,
  use: (session: Session) => Promise<T>,
  earlier: Diagnosis | undefined,
): Promise<Ended<T>> {
  const redis = await connection(endpoint, deadline.timeout);
  let stage: Stage = 'connecting';
  // The client rejects with "Connection is closed."; the cause is only ever told by this event.
  const events: unknown[] = [];
  redis.on('error', (error: unknown) => events.push(error));
  const over = new AbortController();
  try {
    const work = async () => {
      await redis.connect();
      stage = 'connected';
      return use(authenticated(redis, endpoint));
    };
    return { ok: true, value: await within(deadline, work(), over.signal) };
  } catch (error) {
    // Of an attempt that was only cut short, the one before has more to tell.
    if (error instanceof Overdue && earlier !== undefined) return { ok: false, fault: earlier };
    return { ok: false, fault: diagnose(new AggregateError([error, ...events]), endpoint, stage) };
  } finally {
    over.abort();
    redis.disconnect();
    // Whatever is still to come answers nobody: replies without a command can crash the client.
    redis.stream?.destroy();
  }
}

/** Settles with the work, or rejects when the deadline comes first. */
async function within<T>({ at, timeout }: Deadline, work: Promise<T>, done: AbortSignal): Promise<T> {
  work.catch(() => undefined);
  return Promise.race([
    work,
    new Promise<never>((_resolve, reject) => {
      const timer = setTimeout(() => reject(new Overdue(timeout)), Math.max(0, at - clock()));
      done.addEventListener('abort', () => clearTimeout(timer));
    }),
  ]);
}

async function connection({ host, port, tls }: Endpoint, timeout: number): Promise<Redis> {
  const { Redis } = await import('ioredis');
  return new Redis({
    host,
    port,
    // RESP3 hides the -DENIED of protected mode.
    protocol: 2,
    family: 0,
    lazyConnect: true,
    connectTimeout: timeout,
    // The deadline of the session is the only clock; the client's own would count a batch's waiting too.
    disconnectTimeout: 50,
    maxRetriesPerRequest: 0,
    retryStrategy: () => null,
    reconnectOnError: null,
    enableOfflineQueue: false,
    // With a server that is loading, the ready check hangs past every timeout.
    enableReadyCheck: false,
    autoResubscribe: false,
    autoResendUnfulfilledCommands: false,
    disableClientInfo: true,
    // The client sends no server name unless told; many managed servers choose their certificate by it.
    ...(tls ? { tls: isIP(host) === 0 ? { servername: host } : {} } : {}),
  });
}

/**
 * AUTH and SELECT travel with the first batch and their replies are looked at. Left to the client, a failed
 * SELECT is an event that nobody has to hear, after which database 0 is read.
 */
function authenticated(redis: Redis, { username, password, database }: Endpoint): Session {
  const greeting: Command[] = [];
  if (password !== undefined) {
    greeting.push(username === undefined ? ['AUTH', password] : ['AUTH', username, password]);
  }
  if (database !== 0) greeting.push(['SELECT', database]);
  return {
    async send(commands) {
      const preface = greeting.splice(0);
      const pipeline = redis.pipeline();
      for (const [name, ...args] of [...preface, ...commands]) pipeline.callBuffer(name, ...args);
      const results = (await pipeline.exec()) ?? [];
      const replies = results.map(([error, reply]): Reply => error ?? (reply as Reply));
      const errors = replies.filter((reply) => reply instanceof Error);
      // A server that turns us away tells why once, in place of the first reply, and closes.
      if (errors.some(isLost)) throw replies[0] instanceof Error ? replies[0] : errors.find(isLost);
      const refused = replies.slice(0, preface.length).find((reply) => reply instanceof Error);
      if (refused !== undefined) throw refused;
      return replies.slice(preface.length);
    },
  };
}

/** The connection went before the reply came: no answer, where an error that the server sends is one. */
function isLost(error: Error): boolean {
  return error.name !== 'ReplyError';
}
