import type { Fault } from '../../core/evidence.ts';
import { code, count, phrase } from '../../core/phrase.ts';
import type { Again, Ending } from './ending.ts';
import { closedEnding, noConnection, ofCode } from './machine-faults.ts';
import { ofReply } from './reply-faults.ts';
import { address, type Endpoint } from './url.ts';

/** How far a session had come when it failed. */
export type Stage = 'connecting' | 'connected';

/** Thrown by this adapter when its own deadline is over. */
export class Overdue extends Error {
  readonly milliseconds: number;

  constructor(milliseconds: number) {
    super('overdue');
    this.milliseconds = milliseconds;
  }
}

/** Thrown by this adapter when replies are none that Redis could have given. */
export class Stranger extends Error {}

/** Thrown by a session that has failed: what went wrong, said of the server that it was with. */
export class Failure extends Error {
  readonly diagnosis: Diagnosis;

  constructor(diagnosis: Diagnosis) {
    super('failure');
    this.diagnosis = diagnosis;
  }
}

export interface Diagnosis extends Fault {
  readonly again: Again;
  /** Only the deadline came: an earlier attempt may have more to tell. */
  readonly isLate?: true;
}

/**
 * Says what went wrong between us and a server. Errors of the client quote commands with their arguments, the
 * password among them, so nothing of an error is passed on but its code and the first word of a server's reply.
 */
export function diagnose(error: unknown, endpoint: Endpoint, stage: Stage): Diagnosis {
  if (error instanceof Failure) return error.diagnosis;
  const causes = causesOf(error);
  for (const cause of causes) {
    const known = fromReply(cause, endpoint) ?? fromCode(cause, endpoint) ?? fromProtocol(cause, endpoint);
    if (known !== undefined) return known;
  }
  const overdue = causes.find((cause) => cause instanceof Overdue);
  if (overdue instanceof Overdue) return late(overdue.milliseconds, endpoint, stage);
  return diagnosis([...closedEnding(endpoint), 'briefly']);
}

/** Writes on a server's error which server that was: where there are several, nobody could tell it afterwards. */
export function sign(error: Error, server: Endpoint): void {
  // The endpoint holds the password: it is not to be seen by whoever lists the properties.
  Object.defineProperty(error, 'server', { value: server, configurable: true });
}

function signerOf(error: Error): Endpoint | undefined {
  return 'server' in error ? (error.server as Endpoint) : undefined;
}

/** An error, what it wraps, and the members of an aggregate: the telling one may be any of them. */
function causesOf(error: unknown, depth = 0): readonly unknown[] {
  if (depth > 4 || !(error instanceof Error)) return [error];
  const nested: unknown[] = [];
  if (error.cause !== undefined) nested.push(error.cause);
  if ('previousErrors' in error && Array.isArray(error.previousErrors)) nested.push(...error.previousErrors);
  if ('errors' in error && Array.isArray(error.errors)) nested.push(...error.errors);
  return [...nested.flatMap((cause) => causesOf(cause, depth + 1)), error];
}

function diagnosis([reason, said, advice, again = 'never']: Ending): Diagnosis {
  return { reason, phrase: said, advice, again };
}

function fromReply(cause: unknown, endpoint: Endpoint): Diagnosis | undefined {
  if (!(cause instanceof Error) || cause.name !== 'ReplyError') return undefined;
  // Why EXEC was refused stands behind what that led to.
  const message = cause.message.replace(/^EXECABORT Transaction discarded because of: /, '');
  return diagnosis(ofReply(message, signerOf(cause) ?? endpoint));
}

function fromCode(cause: unknown, endpoint: Endpoint): Diagnosis | undefined {
  if (!(cause instanceof Error) || !('code' in cause) || typeof cause.code !== 'string') return undefined;
  const ending = ofCode(cause.code, endpoint);
  return ending && diagnosis(ending);
}

/** Replies that can't be read, or that nobody asked for: about both, the client begs to be told. */
function fromProtocol(cause: unknown, endpoint: Endpoint): Diagnosis | undefined {
  if (!(cause instanceof Error)) return undefined;
  if (!(cause instanceof Stranger) && !/please report/i.test(cause.message)) return undefined;
  return diagnosis([
    'unreachable',
    phrase`what answers at ${code(address(endpoint))} is not Redis`,
    phrase`check the port; an HTTP server or a proxy may listen there`,
  ]);
}

function late(milliseconds: number, endpoint: Endpoint, stage: Stage): Diagnosis {
  const at = address(endpoint);
  const [said, advice] =
    stage === 'connecting'
      ? [
          phrase`no connection to ${code(at)} came about within ${count(milliseconds)} ms`,
          noConnection(endpoint),
        ]
      : [
          phrase`${code(at)} took the connection, but no whole Redis reply came within ${count(milliseconds)} ms`,
          phrase`a proxy, a server that is busy or a very large value may be in the way; ${code('timeout')} can be raised`,
        ];
  return { ...diagnosis(['unreachable', said, advice]), isLate: true };
}
