import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import type { TlsOptions } from '../../../src/adapters/redis/tls.ts';
import { freePort } from '../../support/redis.ts';

/** Why tests with servers that have to reach each other, or share files with us, can't run; nothing when they can. */
export const noBinary =
  spawnSync('redis-server', ['--version']).status === 0 ? undefined : 'no redis-server is on the PATH';

/** A server of this machine with a configuration of its own, gone when the test is. */
export interface Server extends AsyncDisposable {
  readonly host: string;
  readonly port: number;
  /** Where its files are. */
  readonly folder: string;
  /** A connection for setting things up. */
  readonly admin: Redis;
  /** Ends it in the middle of whatever it does. */
  kill(): Promise<void>;
}

/** Ends the server when this process is gone, however that came about: its standard input is closed then. */
const GUARDED =
  'exec 3<&0; redis-server "$@" & server=$!; (cat <&3 >/dev/null; kill -9 $server) 2>/dev/null & wait $server';

export interface ServerOptions {
  readonly port?: number;
  readonly isSentinel?: boolean;
  /** Of a server that takes connections with TLS alone. */
  readonly tls?: TlsOptions;
}

/** Starts a server with these lines of configuration beside the usual ones. */
export async function startServer(
  lines: readonly string[],
  { port: wanted, isSentinel = false, tls }: ServerOptions = {},
): Promise<Server> {
  const folder = mkdtempSync(join(tmpdir(), 'guardian-server-'));
  const port = wanted ?? (await freePort());
  const own = lines.some((line) => /^port /.test(line)) ? [] : [`port ${port}`];
  const file = join(folder, 'server.conf');
  const common = ['bind 127.0.0.1', `dir ${folder}`, ...(isSentinel ? [] : ['save ""'])];
  writeFileSync(file, [...common, ...own, ...lines, ''].join('\n'));
  const args = isSentinel ? [file, '--sentinel'] : [file];
  const child = spawn('sh', ['-c', GUARDED, 'redis', ...args], { stdio: 'pipe' });
  const gone = once(child, 'exit');
  const kill = async () => {
    child.stdin.end();
    await gone;
  };
  await new Promise<void>((resolve, reject) => {
    let log = '';
    child.stdout.on('data', (chunk: Buffer) => {
      log += chunk.toString();
      if (/Ready to accept connections|Sentinel ID is/.test(log)) resolve();
    });
    child.once('exit', (code) => reject(new Error(`redis-server ended with ${code}:\n${log}`)));
  });
  const redis = new Redis({ host: '127.0.0.1', port, retryStrategy: () => null, ...(tls ? { tls } : {}) });
  // It may be gone before its client is.
  redis.on('error', () => undefined);
  return {
    host: '127.0.0.1',
    port,
    folder,
    admin: redis,
    kill,
    async [Symbol.asyncDispose]() {
      redis.disconnect();
      await kill();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
