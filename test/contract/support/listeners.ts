import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer, type TlsOptions } from 'node:tls';

/** What answers at a port of the loopback interface, gone when the test is. */
export interface Listener extends AsyncDisposable {
  readonly host: string;
  readonly port: number;
  /** How many connections have been taken. */
  readonly taken: number;
}

/** A server that does with every connection what `serve` says. With `tls`, it speaks TLS first. */
export async function listen(
  serve: (socket: Socket, connection: number) => void,
  tls?: TlsOptions,
): Promise<Listener> {
  const sockets = new Set<Socket>();
  let taken = 0;
  const take = (socket: Socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    // A client that leaves without a word is no fault of the test.
    socket.on('error', () => undefined);
    serve(socket, taken);
  };
  const server: Server = tls === undefined ? createServer(take) : createTlsServer(tls, take);
  // Counted before TLS may fail.
  server.prependListener('connection', () => {
    taken += 1;
  });
  server.on('tlsClientError', () => undefined);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  return {
    host: '127.0.0.1',
    port: typeof address === 'object' && address !== null ? address.port : 0,
    get taken() {
      return taken;
    },
    async [Symbol.asyncDispose]() {
      const closed = once(server, 'close');
      server.close();
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}

/** What a relay does with bytes from the server: hands them on, or something worse. */
export type Tamper = (chunk: Buffer, client: Socket, connection: number) => void;

export interface Relay extends Listener {
  /** Who spoke, in turns: several chunks in a row from one side are one turn. */
  readonly turns: readonly ('client' | 'server')[];
}

/** Stands before a server and hands on what both sides say. */
export async function relay(
  to: { readonly host: string; readonly port: number },
  { tamper = (chunk, client) => client.write(chunk), tls }: { tamper?: Tamper; tls?: TlsOptions } = {},
): Promise<Relay> {
  const turns: ('client' | 'server')[] = [];
  const turn = (side: 'client' | 'server') => {
    if (turns.at(-1) !== side) turns.push(side);
  };
  const listener = await listen((client, connection) => {
    const server = connect(to.port, to.host);
    server.on('error', () => client.destroy());
    client.once('close', () => server.destroy());
    server.once('end', () => client.end());
    client.on('data', (chunk) => {
      turn('client');
      server.write(chunk);
    });
    server.on('data', (chunk) => {
      turn('server');
      if (!client.destroyed) tamper(chunk, client, connection);
    });
  }, tls);
  return {
    turns,
    host: listener.host,
    port: listener.port,
    get taken() {
      return listener.taken;
    },
    [Symbol.asyncDispose]: () => listener[Symbol.asyncDispose](),
  };
}

/** A server that reads Redis commands and answers each as it is told to; for what no real server would say. */
export function script(answer: (command: readonly string[]) => string): Promise<Listener> {
  return listen((socket) => {
    let unread = '';
    socket.on('data', (chunk) => {
      const { commands, rest } = parseCommands(unread + chunk.toString('latin1'));
      unread = rest;
      socket.write(commands.map(answer).join(''), 'latin1');
    });
  });
}

function parseCommands(text: string): { readonly commands: readonly (readonly string[])[]; rest: string } {
  const commands: string[][] = [];
  let rest = text;
  for (;;) {
    const [head, count] = /^\*(\d+)\r\n/.exec(rest) ?? [];
    if (head === undefined) return { commands, rest };
    let at = head.length;
    const words: string[] = [];
    while (words.length < Number(count)) {
      const [size, length] = /^\$(\d+)\r\n/.exec(rest.slice(at)) ?? [];
      if (size === undefined || rest.length < at + size.length + Number(length) + 2)
        return { commands, rest };
      words.push(rest.slice(at + size.length, at + size.length + Number(length)));
      at += size.length + Number(length) + 2;
    }
    commands.push(words);
    rest = rest.slice(at);
  }
}
