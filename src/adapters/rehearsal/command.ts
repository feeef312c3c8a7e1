import { spawn } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { code, type Phrase, phrase } from '../../core/phrase.ts';
import type { CommandRun, Sandbox } from '../../core/ports.ts';
import { commandTable } from './command-table.ts';
import { addressOf, visit } from './connection.ts';
import { startProxy } from './proxy.ts';

export interface CommandOptions {
  /** For `sh -c`. */
  readonly command: string;
  readonly sandbox: Pick<Sandbox, 'url'>;
  /** What the command may be told of, and what `allowed` chooses from. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Names of variables that it is told besides those that every program needs. */
  readonly allowed?: readonly string[];
  /**
   * The workspace. The command can read whatever this user can, there and elsewhere: where there is a `/proc`, the
   * environment of this very process among it. What it is kept from is finding that by accident.
   */
  readonly cwd: string;
  /** Milliseconds. */
  readonly timeout: number;
  /** It is killed after so many writes; with 0 before its first. */
  readonly interruptAfterWrites?: number;
}

/** Variables that every program needs, and that hold nothing secret. */
const INNOCENT = ['PATH', 'LANG', 'LC_ALL'] as const;

/**
 * Runs a command against a sandbox, in an environment that holds nothing of ours but the sandbox's URL (through a
 * proxy that counts writes), with an empty home and nothing to read on its standard input. When it ends, or its time is
 * over, or we end, however that comes about, everything that it started is killed: all of its process group. A daemon
 * that has left the group (`setsid`) lives on, but no connection of it reaches the sandbox any more.
 * Throws a `StoreFault` when the sandbox doesn't answer.
 */
export async function runCommand(options: CommandOptions): Promise<CommandRun> {
  const { sandbox, env, allowed = [], interruptAfterWrites: after } = options;
  const table = await visit(sandbox.url, options, async (redis) => commandTable(await redis.call('COMMAND')));
  const warning = await exposure(options.cwd);
  const target = addressOf(sandbox.url) ?? { host: '127.0.0.1', port: 0 };
  const home = await mkdtemp(join(tmpdir(), 'guardian-rehearsal-'));
  const interrupter = new AbortController();
  const proxy = await startProxy({
    target: { host: target.host, port: target.port },
    table,
    ...(after === undefined
      ? {}
      : { interruption: { after, onReached: () => interrupter.abort('interrupted') } }),
  });
  try {
    await mkdir(join(home, 'tmp'));
    const ended = await runInGroup({
      ...options,
      home,
      env: {
        ...chosen(env, [...INNOCENT, ...allowed]),
        HOME: home,
        TMPDIR: join(home, 'tmp'),
        REDIS_URL: through(sandbox.url, proxy.port),
      },
      interruption: interrupter.signal,
    });
    await proxy.settle();
    const { tail, ...how } = ended;
    return {
      ...how,
      // It may have ended by itself with writes under way that were kept from it.
      isInterrupted: interrupter.signal.aborted && !how.isTimedOut,
      output: masked(tail, sandbox.url),
      writes: proxy.writes(),
      ...(warning === undefined ? {} : { warning }),
    };
  } finally {
    await proxy.close();
    await rm(home, { recursive: true, force: true, maxRetries: 3 });
  }
}

function chosen(env: CommandOptions['env'], names: readonly string[]): Readonly<Record<string, string>> {
  return Object.fromEntries(
    names.flatMap((name) => {
      const value = env[name];
      return value === undefined ? [] : [[name, value] as const];
    }),
  );
}

/** The same URL, of the proxy. A password without a user isn't sent by every version of redis-cli. */
function through(text: string, port: number): string {
  const url = new URL(text);
  url.host = `127.0.0.1:${port}`;
  if (url.password !== '' && url.username === '') url.username = 'default';
  return url.href;
}

/** What is printed of the password, should the sandbox have one. */
function masked(tail: Buffer, url: string): string {
  const { password } = addressOf(url) ?? {};
  const spellings = password === undefined ? [] : [new URL(url).password, password];
  const text = spellings.reduce((all, secret) => all.replaceAll(secret, '‹hidden›'), tail.toString('utf8'));
  return text.slice(-MOST);
}

/** A file of the workspace that often holds the way to production. */
async function exposure(cwd: string): Promise<Phrase | undefined> {
  const text = await readFile(join(cwd, '.env'), 'utf8').catch(() => '');
  if (!/REDIS_URL|rediss?(\+sentinel)?:\/\//i.test(text)) return undefined;
  return phrase`the command can read ${code('.env')} in the workspace, which seems to name a Redis: it isn't kept from it`;
}

/** Bytes of output that are kept. */
const MOST = 64 * 1024;
/** More that are kept, so that no end of a password stands at the beginning of the rest. */
const MARGIN = 4 * 1024;
/** Milliseconds that pipes stay open after the end, should somebody outside of the group hold on to them. */
const GRACE = 200;

/**
 * Beside the command waits, in its group and nobody's child, one who kills the group when our end of the pipe closes.
 */
const GROUP = `exec 3<&0 </dev/null
((cat <&3; rm -rf "$2"; kill -9 0) >/dev/null 2>&1 &)
exec 3<&-; exec sh -c "$1"`;

interface Grouped extends Pick<CommandOptions, 'command' | 'cwd' | 'timeout'> {
  readonly env: Readonly<Record<string, string>>;
  readonly home: string;
  readonly interruption: AbortSignal;
}

interface GroupEnd extends Pick<CommandRun, 'exitCode' | 'signal' | 'isTimedOut'> {
  readonly tail: Buffer;
}

function runInGroup({ command, cwd, timeout, env, home, interruption }: Grouped): Promise<GroupEnd> {
  return new Promise((resolve) => {
    const child = spawn('sh', ['-c', GROUP, 'sh', command, home], {
      ...{ cwd, env, detached: true },
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    const tail = startTail();
    let isTimedOut = false;
    const kill = () => {
      // Its leader may be gone, but not the one who waits: the number can't be another group's yet.
      if (child.pid !== undefined) killGroup(child.pid);
    };
    const timer = setTimeout(() => {
      isTimedOut = !interruption.aborted;
      kill();
    }, timeout);
    interruption.addEventListener('abort', kill, { once: true });
    const settle = (exitCode: number | null, signal: string | null) => {
      clearTimeout(timer);
      interruption.removeEventListener('abort', kill);
      child.stdin.destroy();
      resolve({ exitCode, signal, isTimedOut, tail: tail.bytes() });
    };
    for (const stream of [child.stdout, child.stderr]) stream.on('data', tail.add);
    child.stdin.on('error', () => undefined);
    child.once('error', () => settle(null, null));
    child.once('exit', (exitCode, signal) => {
      clearTimeout(timer);
      kill();
      const last = setTimeout(() => {
        child.stdout.destroy();
        child.stderr.destroy();
      }, GRACE);
      child.once('close', () => {
        clearTimeout(last);
        settle(exitCode, signal);
      });
    });
  });
}

function killGroup(leader: number): void {
  try {
    process.kill(-leader, 'SIGKILL');
  } catch {
    // Nobody is left in it.
  }
}

/** Keeps the end of what comes. */
function startTail() {
  let bytes = Buffer.alloc(0);
  return {
    add(chunk: Buffer) {
      bytes = Buffer.concat([bytes, chunk]).subarray(-MOST - MARGIN);
    },
    bytes: (): Buffer => bytes,
  };
}
