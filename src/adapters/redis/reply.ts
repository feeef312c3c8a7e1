import type { Fault, Observation } from '../../core/evidence.ts';
import { code, count, phrase } from '../../core/phrase.ts';
import { diagnose } from './faults.ts';
import { isOutOfMemory, isUnavailable } from './reply-faults.ts';
import type { Reply } from './session.ts';
import type { Endpoint } from './url.ts';

export interface Limits {
  /** Milliseconds for connecting and every command of one call together. */
  readonly timeout: number;
  /** A longer value is not read. */
  readonly maxBytes: number;
}

/** What reading is bound by, and the server that its faults name. */
export interface Terms {
  readonly endpoint: Endpoint;
  readonly limits: Limits;
}

/** Empty when the reply is no text. */
export function textOf(reply: Reply | undefined): string {
  return reply instanceof Uint8Array ? Buffer.from(reply).toString('utf8') : '';
}

/** The command and the key don't go together; RedisJSON has words of its own for it. */
export function isWrongType(reply: Reply | undefined): boolean {
  return reply instanceof Error && /^WRONGTYPE|wrong Redis type/.test(reply.message);
}

/** The command can't be had here, whatever the key: for want of a permission, or behind a proxy. */
export function isDenied(reply: Reply | undefined): boolean {
  if (!(reply instanceof Error)) return false;
  return /^(EXECABORT .*: )?NOPERM/.test(reply.message) || isUnavailable(reply.message);
}

export function isFull(reply: Reply | undefined): boolean {
  return reply instanceof Error && isOutOfMemory(reply.message);
}

/** The fault of one question alone; one that passes is left to be tried again, with all the others. */
export function faultOf(error: Error, endpoint: Endpoint): Fault {
  const fault = diagnose(error, endpoint, 'connected');
  if (fault.again !== 'never') throw error;
  return fault;
}

export function unreadable(fault: Fault): Observation {
  return { kind: 'unreadable', fault };
}

export function tooLarge(length: number, maxBytes: number): Observation {
  return unreadable({
    reason: 'too-large',
    phrase: phrase`the value has ${count(length, 'byte')}, more than the ${count(maxBytes)} that are read`,
    advice: phrase`raise ${code('max-bytes')} if a configuration can be that large`,
  });
}
