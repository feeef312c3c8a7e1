import { execFile, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { code, count, phrase } from '../../core/phrase.ts';
import { type Sandbox, StoreFault } from '../../core/ports.ts';
import { type Limits, visit } from './connection.ts';
import { emptySandbox, sandboxAt } from './sandbox.ts';

/** Which Redis a rehearsal is to have. */
export type SandboxChoice =
  /** The `redis-server` on the PATH. */
  | { readonly kind: 'binary' }
  /** A container of that image, through the `docker` program. */
  | { readonly kind: 'docker'; readonly image: string }
  /** `redis://` of a server that holds nothing. */
  | { readonly kind: 'url'; readonly url: string };

/** Opens one that is empty. Throws a `StoreFault` when that can't be. One of our own is gone when this process is. */
export async function openSandbox(choice: SandboxChoice, limits: Limits): Promise<Sandbox> {
  switch (choice.kind) {
    case 'url':
      return emptySandbox(choice.url, limits);
    case 'binary':
      return ofOwn(await startBinary(limits), limits);
    case 'docker':
      return ofOwn(await startContainer(choice.image, limits), limits);
  }
}

/** One that answers. */
interface Server {
  readonly url: string;
  stop(): Promise<void>;
}

function ofOwn({ url, stop }: Server, limits: Limits): Sandbox {
  return sandboxAt(url, limits, { empty: 'FLUSHALL', close: stop });
}

/**
 * Whatever follows the first line is done when our end of the pipe closes, and that is when we end, however that
 * comes about. Only then is the folder removed.
 */
const SERVER = `exec 3<&0 </dev/null
redis-server "$1/redis.conf" >/dev/null 2>&1 3<&- & server=$!
(cat <&3; kill -9 $server; rm -rf "$1") >/dev/null 2>&1 &
exec 3<&-; wait $server`;

/** Attempts to start it: somebody else may take the port in the meantime. */
const ATTEMPTS = 3;
/** What a shell ends with when there is no such program. */
const NOT_FOUND = 127;

async function startBinary(limits: Limits): Promise<Server> {
  for (let attempt = 1; ; attempt += 1) {
    const started = await tryBinary(limits);
    if (started.kind === 'started') return started.server;
    if (started.code === NOT_FOUND || attempt === ATTEMPTS) throw notStarted(started.code);
  }
}

type Start =
  | { readonly kind: 'started'; readonly server: Server }
  | { readonly kind: 'ended'; readonly code: number };

async function tryBinary(limits: Limits): Promise<Start> {
  const folder = await mkdtemp(join(tmpdir(), 'guardian-rehearsal-'));
  const [port, password] = [await freePort(), randomBytes(24).toString('hex')];
  // In a file and not among the arguments, which every user of the machine can see.
  const settings = [
    ...[`port ${port}`, 'bind 127.0.0.1', `dir "${folder}"`, `requirepass ${password}`],
    ...['save ""', 'appendonly no', 'daemonize no'],
  ];
  await writeFile(join(folder, 'redis.conf'), `${settings.join('\n')}\n`, { mode: 0o600 });
  const child = spawn('sh', ['-c', SERVER, 'sandbox', folder], {
    cwd: folder,
    env: { PATH: process.env['PATH'] },
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  child.stdin.on('error', () => undefined);
  let exit: number | undefined;
  const ended = once(child, 'exit').then(
    ([status]) => {
      exit = Number(status ?? 1);
    },
    () => {
      exit = NOT_FOUND;
    },
  );
  const stop = async () => {
    child.stdin.end();
    await ended;
  };
  const url = `redis://default:${password}@127.0.0.1:${port}/0`;
  try {
    await ready(url, limits, () => exit !== undefined);
    return { kind: 'started', server: { url, stop } };
  } catch (error) {
    const status = exit;
    await stop();
    if (status === undefined) throw error;
    return { kind: 'ended', code: status };
  }
}

function notStarted(exit: number): StoreFault {
  return new StoreFault(
    exit === NOT_FOUND
      ? {
          reason: 'no-target',
          phrase: phrase`there is no ${code('redis-server')} on the ${code('PATH')} to rehearse with`,
          advice: phrase`install it, or give a server that holds nothing with ${code('--rehearsal-url')}`,
        }
      : {
          reason: 'no-target',
          phrase: phrase`the ${code('redis-server')} on the ${code('PATH')} doesn't start (it ended with ${count(exit)})`,
          advice: phrase`look whether it starts by hand, or give a server that holds nothing with ${code('--rehearsal-url')}`,
        },
  );
}

const WATCH = 'cat >/dev/null; docker rm -f "$1" >/dev/null 2>&1';

async function startContainer(image: string, limits: Limits): Promise<Server> {
  if (!/^\w[\w./:@-]*$/.test(image)) throw noContainer();
  const id = await docker(['run', '--rm', '-d', '-p', '127.0.0.1::6379', image]);
  const watch = spawn('sh', ['-c', WATCH, 'sandbox', id], { stdio: ['pipe', 'ignore', 'ignore'] });
  watch.stdin.on('error', () => undefined);
  const stop = async () => {
    const ended = once(watch, 'exit');
    watch.stdin.end();
    await ended;
  };
  try {
    const port = /^127\.0\.0\.1:(\d+)$/m.exec(await docker(['port', id, '6379/tcp']))?.[1];
    if (port === undefined) throw noContainer();
    const url = `redis://127.0.0.1:${port}/0`;
    await ready(url, limits);
    return { url, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Milliseconds: an image may have to be fetched first. */
const FETCHING = 300_000;

/** What docker prints. Its own words are foreign text, and told to nobody. */
async function docker(args: readonly string[]): Promise<string> {
  try {
    const { stdout } = await promisify(execFile)('docker', args, { timeout: FETCHING });
    return stdout.trim();
  } catch {
    throw noContainer();
  }
}

function noContainer(): StoreFault {
  return new StoreFault({
    reason: 'no-target',
    phrase: phrase`no container with a Redis to rehearse with could be started`,
    advice: phrase`look whether ${code('docker run')} starts one of that image`,
  });
}

/** Milliseconds between two attempts. */
const PAUSE = 25;

/** Settles when the server answers. Throws a `StoreFault` when it doesn't in time, or is gone. */
async function ready(url: string, limits: Limits, isGone = () => false): Promise<void> {
  const end = performance.now() + limits.timeout;
  for (;;) {
    try {
      return await visit(url, limits, async (redis) => void (await redis.ping()));
    } catch (error) {
      if (isGone() || performance.now() > end) throw error;
      await sleep(PAUSE);
    }
  }
}

/** One of the loopback interface that nothing listens on. */
async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const address = probe.address();
  probe.close();
  await once(probe, 'close');
  return typeof address === 'object' && address !== null ? address.port : 0;
}
