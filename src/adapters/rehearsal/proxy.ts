import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { CommandTable } from './command-table.ts';
import { startGate } from './gate.ts';
import { joinSockets, type Link } from './link.ts';

export interface CountingProxy {
  /** Of 127.0.0.1. */
  readonly port: number;
  /** Write commands that were answered, and not with an error. */
  writes(): number;
  /** Waits until what the clients have sent is answered, but no longer than for a moment. */
  settle(): Promise<void>;
  /** Cuts all connections; nobody gets through any more. */
  close(): Promise<void>;
}

export interface ProxyOptions {
  readonly target: { readonly host: string; readonly port: number };
  readonly table: CommandTable;
  /**
   * After so many writes no other gets through, and all connections are cut; with 0 when the first one comes. A
   * transaction is never cut in two: the one that reaches the number is the last. One that waits for another to write
   * (`BLPOP`) may be one too many.
   */
  readonly interruption?: { readonly after: number; readonly onReached: () => void };
}

/** Milliseconds that those whose clients are still there are waited for. */
const MOMENT = 300;
/** Milliseconds between two looks. */
const PAUSE = 5;

/** Stands before a server on the loopback interface, and counts the writes that pass. */
export async function startProxy({ target, table, interruption }: ProxyOptions): Promise<CountingProxy> {
  const gate = startGate(interruption?.after);
  const links = new Set<Link>();
  const cut = () => {
    gate.close();
    server.close();
    for (const link of links) link.cut();
  };
  const look = () => {
    for (const link of links) link.pump();
    if (!gate.isReached() || gate.isClosed()) return;
    gate.close();
    // First, so that nobody lives to see the connection break.
    interruption?.onReached();
    cut();
  };
  const server = createServer({ allowHalfOpen: true, noDelay: true }, (client) => {
    if (gate.isClosed()) return void client.destroy();
    const upstream = connect({ ...target, allowHalfOpen: true, noDelay: true });
    const link = joinSockets({ client, upstream, table, gate, look });
    links.add(link);
    const leave = () => {
      if (client.closed && upstream.closed) links.delete(link);
    };
    client.once('close', leave);
    upstream.once('close', leave);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  return {
    port: typeof address === 'object' && address !== null ? address.port : 0,
    writes: () => gate.written(),
    async settle() {
      const end = performance.now() + MOMENT;
      while (links.size > 0 && performance.now() < end) await sleep(PAUSE);
    },
    async close() {
      const gone = server.listening ? once(server, 'close') : undefined;
      cut();
      await gone;
    },
  };
}
