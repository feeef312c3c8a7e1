import type { Holding } from '../../core/ports.ts';
import type { Content, Kind, Name } from './contents.ts';
import { faultOf, isWrongType, type Terms } from './reply.ts';
import type { Reply } from './session.ts';
import { isElsewhere } from './sessions.ts';

/** What has been found out of a key. */
export type Outcome = Holding | Unsettled;

/** To be asked again. */
export interface Unsettled {
  readonly kind: 'unsettled';
  /** That another node of the cluster has the key; else it went or changed while it was read. */
  readonly elsewhere?: Error;
}

export const unsettled: Unsettled = { kind: 'unsettled' };

/** A key that is there. */
export interface Seen {
  readonly name: Name;
  readonly type: string;
  readonly way: Kind;
  /** As OBJECT ENCODING tells; absent when it doesn't. */
  readonly encoding?: string;
}

/** What is held, if there is a key to tell the time to live of. */
export function held({ type, encoding }: Seen, ttl: Reply | undefined, content: Content): Outcome {
  if (typeof ttl !== 'number' || ttl < -1) return unsettled;
  return {
    kind: 'held',
    type,
    ...(ttl === -1 ? {} : { ttl }),
    ...(encoding === undefined ? {} : { encoding }),
    ...content,
  };
}

/** What it means when a reply is an error; one that passes is thrown, to be tried again. */
export function refusalIn(replies: readonly Reply[], { endpoint }: Terms): Outcome | undefined {
  const error = replies.find((reply) => reply instanceof Error);
  if (!(error instanceof Error)) return undefined;
  if (isWrongType(error) || /no such key/i.test(error.message)) return unsettled;
  if (isElsewhere(error)) return { kind: 'unsettled', elsewhere: error };
  return { kind: 'unreadable', fault: faultOf(error, endpoint) };
}
