import type { Socket } from 'node:net';
import { type CommandTable, isWriting } from './command-table.ts';
import type { Gate } from './gate.ts';
import { startRequests } from './requests.ts';
import { type Answer, replyFollower } from './resp.ts';

export interface Link {
  /** Sends on what may go out. */
  pump(): void;
  cut(): void;
}

interface Ends {
  readonly client: Socket;
  readonly upstream: Socket;
  readonly table: CommandTable;
  readonly gate: Gate;
  /** To be called when there may be more to send on, here or elsewhere. */
  readonly look: () => void;
}

/** A request that was sent on and isn't answered yet. */
interface Pending {
  /** Writes, when it succeeds. */
  readonly weight: number;
  /** What it entered the gate with. */
  readonly entered: number;
  readonly isExec: boolean;
  /** It may wait for another to write. */
  readonly isPatient: boolean;
}

/** From then on replies don't answer one request each. */
const UNRULY: ReadonlySet<string> = new Set([
  'subscribe',
  'psubscribe',
  'ssubscribe',
  'monitor',
  'sync',
  'psync',
]);

/**
 * Joins a client with the server. What a client has sent is seen through to its answers, even when the client is gone:
 * the server would do it as well.
 */
export function joinSockets({ client, upstream, table, gate, look }: Ends): Link {
  const requests = startRequests();
  const pending: Pending[] = [];
  /** Writes that a transaction has queued; absent outside of one. */
  let queued: number | undefined;
  let [isRuled, isEnded] = [true, false];
  const weigh = (words: readonly string[]): Pending => {
    const [name = ''] = words;
    const isExec = name === 'exec';
    const own = isWriting(table, words) ? 1 : 0;
    const weight = isExec ? (queued ?? 0) : queued === undefined ? own : 0;
    const isPatient = table.blocking.has(name);
    // One that waits for another to write must not keep that one waiting.
    return { weight, entered: isPatient ? 0 : weight, isExec, isPatient };
  };
  const note = (words: readonly string[]) => {
    const [name = '', sub] = words;
    if (name === 'multi') queued ??= 0;
    else if (name === 'exec' || name === 'discard' || name === 'reset') queued = undefined;
    else if (queued !== undefined && isWriting(table, words)) queued += 1;
    if (UNRULY.has(name) || (name === 'client' && sub === 'reply')) isRuled = false;
  };
  const settle = (answer: Answer) => {
    const request = pending.shift();
    if (request === undefined) return;
    const isDone = answer !== 'error' && !(request.isExec && answer === 'nil');
    gate.leave(request.entered, isDone ? request.weight : 0);
    if (request.weight > 0 || isEnded) look();
  };
  const follow = replyFollower(settle);
  const enter = (request: Pending) => {
    gate.enter(request.entered);
    pending.push(request);
    if (isRuled) return;
    // Nobody will tell when they are done.
    for (const { entered, weight } of pending.splice(0)) gate.leave(entered, weight);
  };
  const pump = () => {
    if (!upstream.writable) return;
    for (let next = requests.peek(); next !== undefined; next = requests.peek()) {
      if (next === 'nonsense') return void upstream.end(requests.takeAll());
      const request = weigh(next.words);
      if (!gate.admits(request.weight)) return void client.pause();
      if (!upstream.write(requests.take())) client.pause();
      if (next.words.length === 0) continue;
      note(next.words);
      enter(request);
    }
    if (isEnded && pending.every(({ isPatient }) => isPatient)) upstream.end(requests.takeAll());
    else if (!upstream.writableNeedDrain) client.resume();
  };
  client.on('data', (chunk: Buffer) => {
    requests.add(chunk);
    look();
  });
  client.once('end', () => {
    isEnded = true;
    look();
  });
  client.once('close', () => {
    isEnded = true;
    upstream.resume();
    look();
  });
  upstream.on('drain', look);
  upstream.on('data', (chunk: Buffer) => {
    follow(chunk);
    if (client.destroyed || client.write(chunk)) return;
    upstream.pause();
    client.once('drain', () => upstream.resume());
  });
  upstream.once('end', () => upstream.destroySoon());
  upstream.once('close', () => {
    client.destroySoon();
    // Whether they were done, nobody will say; they aren't counted, and keep nobody waiting.
    for (const { entered } of pending.splice(0)) gate.leave(entered, 0);
    look();
  });
  // What follows is that it is closed.
  for (const socket of [client, upstream]) socket.on('error', () => undefined);
  return {
    pump,
    cut() {
      client.destroy();
      upstream.destroy();
    },
  };
}
