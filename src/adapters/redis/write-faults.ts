import type { Fault } from '../../core/evidence.ts';
import { code, count, type Phrase, phrase, vouch } from '../../core/phrase.ts';
import { faultOfItem, type Item } from './read.ts';
import type { Terms } from './reply.ts';
import { deniedCommand, isUnavailable } from './reply-faults.ts';
import { address, type Endpoint } from './url.ts';

/** All that writing takes, reading before and after it among it. */
const WRITING =
  '~<prefix>* +type +strlen +pttl +getrange +hlen +hkeys +hstrlen +hgetall +watch +multi +exec +set +hset +hdel +del';

/** Why one key can't be written; one that passes is thrown, to be tried again. */
export function faultOfWrite(error: Error, item: Item, terms: Terms): Fault {
  const fault = faultOfItem(error, item, terms);
  const { endpoint } = terms;
  if (deniedCommand(error.message) !== undefined) return { ...fault, advice: unlessReader(fault.advice) };
  if (/^NOPERM/.test(error.message)) {
    return {
      reason: 'unauthorized',
      phrase: phrase`the Redis user ${code(vouch(endpoint.username ?? 'default'))} at ${code(address(endpoint))} lacks the permission to write the key`,
      advice: unlessReader(
        phrase`check ${code('prefix')}, or grant it: ${code(vouch(`ACL SETUSER <user> ${WRITING}`))}`,
      ),
    };
  }
  if (isUnavailable(error.message) && !/JSON\./i.test(error.message)) {
    return {
      reason: 'unreadable',
      phrase: phrase`the server at ${code(address(endpoint))} doesn't know a command that writing needs`,
      advice: phrase`a proxy may be in the way: give the URL of the server itself; without ${code('WATCH')} and ${code('MULTI')}, what somebody else writes meanwhile would be lost`,
    };
  }
  return fault;
}

/** Who was given the URL of the reader is to give another one, rather than to let the reader write. */
function unlessReader(advice: Phrase): Phrase {
  return phrase`give the URL of a user who may write (docs/redis.md); if this is that user, ${advice}`;
}

/** Somebody touched the keys between each look and the write after it. */
export function restless(rounds: number, endpoint: Endpoint): Fault {
  return {
    reason: 'unreadable',
    phrase: phrase`somebody keeps writing to the keys at ${code(address(endpoint))}: they were touched ${count(rounds)} times in a row, each time just before they would have been written`,
    advice: phrase`stop whoever writes there, and run again; ${code('MONITOR')} on the server tells who it is`,
  };
}

/** The connection went in mid-write, and everything is as it was. */
export function undone({ reason, phrase: said, advice }: Fault): Fault {
  return { reason, phrase: phrase`${said}; nothing was written`, advice };
}

/** Refused after some of the commands for one key were done. */
export function halfDone({ reason, phrase: said, advice }: Fault): Fault {
  return { reason, phrase: phrase`${said}, after part of the value was written`, advice };
}

/** The connection went in mid-write, and what became of it can't be seen any more. */
export function doubtful({ reason, phrase: said }: Fault): Fault {
  return {
    reason,
    phrase: phrase`${said}, just when the keys were being written, so nobody can tell whether they were`,
    advice: phrase`run again: what is there is looked at before anything is written`,
  };
}
