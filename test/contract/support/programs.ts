import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { fileURLToPath } from 'node:url';

/** How a program of its own ended, and what it said. */
export interface Ending {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
  /** Milliseconds between its last word and its end. */
  readonly lingered: number;
}

/** Reads `app:a` in a process of its own, as a run of the guardian does: see `reader.ts`. */
export async function readInProcess(
  url: string,
  timeout: number,
  env: Readonly<Record<string, string>> = {},
): Promise<Ending> {
  const child = start('reader.ts', [url, `${timeout}`], env);
  let [stdout, stderr, last] = ['', '', performance.now()];
  child.stdout?.on('data', (chunk: Buffer) => {
    stdout += chunk.toString();
    last = performance.now();
  });
  child.stderr?.on('data', (chunk: Buffer) => {
    stderr += chunk.toString();
  });
  const [exit] = await Promise.all([
    once(child, 'exit').then(([code]) => ({ code: code as number | null, at: performance.now() })),
    once(child, 'close'),
  ]);
  return { code: exit.code, stdout, stderr, lingered: exit.at - last };
}

/** Changes all `keys` at once, again and again, from a process of its own, until it is disposed of: see `writer.ts`. */
export async function startWriter(
  url: string,
  keys: readonly string[],
  mode: 'replace' | 'remove',
): Promise<AsyncDisposable> {
  const child = start('writer.ts', [url, mode, ...keys], {});
  const gone = once(child, 'exit');
  if (child.stdout === null) throw new Error('no pipe');
  await Promise.race([
    once(child.stdout, 'data'),
    gone.then(() => Promise.reject(new Error('the writer ended before it wrote'))),
  ]);
  return {
    async [Symbol.asyncDispose]() {
      child.kill();
      await gone;
    },
  };
}

function start(
  program: string,
  args: readonly string[],
  env: Readonly<Record<string, string>>,
): ChildProcess {
  const path = fileURLToPath(new URL(program, import.meta.url));
  return spawn(process.execPath, [path, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { PATH: process.env['PATH'], ...env },
  });
}

/**
 * A port of the loopback interface where packets seem to vanish, as behind a firewall: the listener's queue is
 * full, and the process that should empty it is held in a wait.
 */
export async function freeze(): Promise<AsyncDisposable & { readonly host: string; readonly port: number }> {
  const hold = `
    const server = require('node:net').createServer();
    server.listen(0, '127.0.0.1', 1, () => {
      require('node:fs').writeSync(1, String(server.address().port));
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
    });`;
  const child = spawn(process.execPath, ['-e', hold], { stdio: ['ignore', 'pipe', 'inherit'] });
  const gone = once(child, 'exit');
  const [port] = (await once(child.stdout, 'data')).map(Number);
  const host = '127.0.0.1';
  const fillers = Array.from({ length: 4 }, () => connect(port ?? 0, host).on('error', () => undefined));
  await Promise.all(fillers.slice(0, 2).map((socket) => once(socket, 'connect')));
  return {
    host,
    port: port ?? 0,
    async [Symbol.asyncDispose]() {
      for (const socket of fillers) socket.destroy();
      child.kill('SIGKILL');
      await gone;
    },
  };
}
