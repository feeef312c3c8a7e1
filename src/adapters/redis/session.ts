import type { Redis } from 'ioredis';
import { type Deadline, within } from './deadline.ts';
import { type Diagnosis, diagnose, Failure, type Stage, sign } from './faults.ts';
import { tlsSettings } from './tls.ts';
import type { Endpoint } from './url.ts';

/** A reply: bytes, an integer, nothing, an error, or several. */
export type Reply = Uint8Array | number | null | Error | readonly Reply[];
export type Command = readonly [name: string, ...args: readonly (string | number | Uint8Array)[]];

/** One connection: a batch of commands goes out at once and answers one reply each. */
export interface Session {
  send(commands: readonly Command[]): Promise<readonly Reply[]>;
}

export type Ended<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly fault: Diagnosis };

/** A session and its beginning and end. Whatever fails, fails with a {@link Failure}. */
export interface OpenSession extends Session {
  readonly endpoint: Endpoint;
  /** Once; a batch does so by itself. */
  connect(): Promise<void>;
  close(): void;
}

/** Makes a session with one server. It connects when it is first needed; the deadline bounds each step. */
export function openSession(endpoint: Endpoint, deadline: Deadline): OpenSession {
  // The client rejects with "Connection is closed."; the cause is only ever told by this event.
  const events: unknown[] = [];
  const greeting = greetingOf(endpoint);
  let stage: Stage = 'connecting';
  let redis: Redis | undefined;
  let opening: Promise<Redis> | undefined;
  let isClosed = false;
  const open = async () => {
    redis = await client(endpoint, deadline.timeout);
    redis.on('error', (error: unknown) => events.push(error));
    if (isClosed) throw new Error('closed before it was open');
    await redis.connect();
    stage = 'connected';
    return redis;
  };
  const step = async <T>(work: (redis: Redis) => Promise<T>): Promise<T> => {
    opening ??= open();
    try {
      return await within(deadline, opening.then(work));
    } catch (error) {
      throw new Failure(diagnose(new AggregateError([error, ...events]), endpoint, stage));
    }
  };
  return {
    endpoint,
    connect: () => step(async () => undefined),
    async send(commands) {
      const replies = await step((redis) => exchange(redis, greeting.splice(0), commands));
      for (const error of errorsIn(replies)) sign(error, endpoint);
      return replies;
    },
    close() {
      isClosed = true;
      redis?.disconnect();
      // Whatever is still to come answers nobody: replies without a command can crash the client.
      redis?.stream?.destroy();
    },
  };
}

async function client(endpoint: Endpoint, timeout: number): Promise<Redis> {
  const { Redis } = await import('ioredis');
  const { host, port, socket, tls } = endpoint;
  return new Redis({
    ...(socket === undefined ? { host, port } : { path: socket }),
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
    ...(tls ? { tls: tlsSettings(endpoint) } : {}),
  });
}

/**
 * AUTH and SELECT travel with the first batch and their replies are looked at. Left to the client, a failed
 * SELECT is an event that nobody has to hear, after which database 0 is read.
 */
function greetingOf({ username, password, database }: Endpoint): Command[] {
  const greeting: Command[] = [];
  if (password !== undefined) {
    greeting.push(username === undefined ? ['AUTH', password] : ['AUTH', username, password]);
  }
  if (database !== 0) greeting.push(['SELECT', database]);
  return greeting;
}

async function exchange(
  redis: Redis,
  preface: readonly Command[],
  commands: readonly Command[],
): Promise<readonly Reply[]> {
  const pipeline = redis.pipeline();
  for (const [name, ...args] of [...preface, ...commands]) pipeline.callBuffer(name, ...args.map(sendable));
  const results = (await pipeline.exec()) ?? [];
  const replies = results.map(([error, reply]): Reply => error ?? (reply as Reply));
  const errors = replies.filter((reply) => reply instanceof Error);
  // A server that turns us away tells why once, in place of the first reply, and closes.
  if (errors.some(isLost)) throw replies[0] instanceof Error ? replies[0] : errors.find(isLost);
  const refused = replies.slice(0, preface.length).find((reply) => reply instanceof Error);
  if (refused !== undefined) throw refused;
  return replies.slice(preface.length);
}

/** Errors among replies, and among those of a transaction. */
function errorsIn(replies: readonly Reply[]): readonly Error[] {
  return replies.flatMap((reply) => {
    if (Array.isArray(reply)) return errorsIn(reply);
    return reply instanceof Error ? [reply] : [];
  });
}

function sendable(arg: Command[number]): string | number | Buffer {
  return arg instanceof Uint8Array ? Buffer.from(arg.buffer, arg.byteOffset, arg.byteLength) : arg;
}

/** The connection went before the reply came: no answer, where an error that the server sends is one. */
function isLost(error: Error): boolean {
  return error.name !== 'ReplyError';
}
