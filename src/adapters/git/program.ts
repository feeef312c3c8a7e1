import { spawn } from 'node:child_process';
import { dirname } from 'node:path';
import { environmentOf, SOBER } from './environment.ts';

export interface Limits {
  /** Milliseconds. */
  readonly timeout: number;
  /** Whether git may ask other repositories for what this one lacks. */
  readonly mayFetch: boolean;
}

/** How git ended. What it wrote on stderr is for telling faults apart, and for nobody else. */
export type Outcome =
  | { readonly kind: 'ended'; readonly code: number; readonly stdout: Buffer; readonly stderr: string }
  /** Stopped by us: too late, or too much. What it had written until then. */
  | { readonly kind: 'cut'; readonly by: 'time' | 'size'; readonly stdout: Buffer }
  | { readonly kind: 'not-started'; readonly errno: string };

export interface Run {
  readonly input?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** When the time is over; otherwise each run has the whole timeout. */
  readonly deadline?: AbortSignal;
  /** Bytes of output. */
  readonly most?: number;
}

export interface Git extends Limits {
  readonly workspace: string;
  run(args: readonly string[], options?: Run): Promise<Outcome>;
}

/** Bytes; lists of names are far smaller. */
const MOST = 64 * 1024 ** 2;
/** Bytes of stderr that are looked at. */
const MOST_WORDS = 64 * 1024;
/** Milliseconds that git has to put away its locks. */
const GRACE = 1000;

/**
 * The git program in a workspace, so that nothing that the repository says is run: no hooks, no helpers, no drivers,
 * no pager. It asks nothing, ends in time and writes no more than is wanted.
 */
export function gitIn(workspace: string, limits: Limits): Git {
  return {
    ...limits,
    workspace,
    run(args, { input, env = {}, deadline = AbortSignal.timeout(limits.timeout), most = MOST } = {}) {
      return new Promise((resolve) => {
        if (deadline.aborted) return resolve({ kind: 'cut', by: 'time', stdout: Buffer.alloc(0) });
        const child = spawn('git', ['-C', workspace, ...SOBER, ...args], {
          // Some systems look for programs where they are started, and in the workspace anything may lie.
          cwd: dirname(process.execPath),
          env: { ...environmentOf(process.env, limits.mayFetch), ...env },
          stdio: ['pipe', 'pipe', 'pipe'],
          windowsHide: true,
        });
        const [stdout, words]: [Buffer[], Buffer[]] = [[], []];
        let [size, said]: [number, number] = [0, 0];
        let cut: 'time' | 'size' | undefined;
        let last: NodeJS.Timeout | undefined;
        const stop = (by: 'time' | 'size') => {
          if (cut !== undefined) return;
          cut = by;
          child.kill('SIGTERM');
          // Its own children hold on to the pipes, and would be waited for.
          last = setTimeout(() => {
            child.kill('SIGKILL');
            child.stdout.destroy();
            child.stderr.destroy();
          }, GRACE);
        };
        const overdue = () => stop('time');
        deadline.addEventListener('abort', overdue);
        child.stdout.on('data', (chunk: Buffer) => {
          if (cut !== undefined) return;
          const room = most - size;
          stdout.push(chunk.subarray(0, room));
          size += chunk.length;
          if (chunk.length > room) stop('size');
        });
        child.stderr.on('data', (chunk: Buffer) => {
          if (said < MOST_WORDS) words.push(chunk);
          said += chunk.length;
        });
        // It may end before it has read everything; how it ended tells more.
        child.stdin.on('error', () => undefined);
        child.stdin.end(input ?? '');
        const settle = (outcome: Outcome) => {
          clearTimeout(last);
          deadline.removeEventListener('abort', overdue);
          resolve(outcome);
        };
        child.once('error', (error) => {
          settle({ kind: 'not-started', errno: 'code' in error ? String(error.code) : 'unknown' });
        });
        child.once('close', (code) => {
          const written = Buffer.concat(stdout);
          if (cut !== undefined) return settle({ kind: 'cut', by: cut, stdout: written });
          // Killed by somebody else it has no code.
          settle({
            kind: 'ended',
            code: code ?? 128,
            stdout: written,
            stderr: Buffer.concat(words).toString(),
          });
        });
      });
    },
  };
}
