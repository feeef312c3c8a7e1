import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The project's folder. */
export const project = fileURLToPath(new URL('../..', import.meta.url));

/** How a process ended and what it said. */
export interface Ended {
  readonly exitCode: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
  /** Milliseconds. */
  readonly duration: number;
}

export interface RunOptions {
  readonly cwd?: string;
  /** The whole environment but for PATH and HOME. */
  readonly env?: Readonly<Record<string, string>>;
  /** Called when the process has started, to interrupt it, say. */
  readonly started?: (kill: (signal: NodeJS.Signals) => void) => void;
}

/** Starts a committed bundle in a process of its own. */
export function runNode(args: readonly string[], options: RunOptions = {}): Promise<Ended> {
  const { PATH = '', HOME = '' } = process.env;
  return new Promise((resolve, reject) => {
    const start = performance.now();
    const child = spawn(process.execPath, args, {
      cwd: options.cwd ?? project,
      env: { PATH, HOME, ...options.env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let [stdout, stderr] = ['', ''];
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr += text;
    });
    child.once('error', reject);
    child.once('close', (exitCode, signal) =>
      resolve({ exitCode, signal, stdout, stderr, duration: performance.now() - start }),
    );
    options.started?.((signal) => child.kill(signal));
  });
}

/** The command line, as a user starts it. */
export function guardian(args: readonly string[], options?: RunOptions): Promise<Ended> {
  return runNode([join(project, 'dist/cli.js'), ...args], options);
}

export interface ActionRun extends Ended {
  readonly outputs: Readonly<Record<string, string>>;
  readonly summary: string;
  /** The JSON report that `report-path` names, if any. */
  readonly report: string | undefined;
}

export interface ActionOptions {
  readonly inputs?: Readonly<Record<string, string>>;
  readonly env?: Readonly<Record<string, string>>;
  readonly workspace?: string;
  /** What stands where the runner would have put the summary file; a folder can't be written to. */
  readonly summaryFile?: string;
  /** What made the workflow run. */
  readonly event?: { readonly name: string; readonly payload: unknown };
}

/** Starts the action as the runner does: inputs in the environment, files for what it answers. */
export async function runAction(options: ActionOptions = {}): Promise<ActionRun> {
  const folder = mkdtempSync(join(tmpdir(), 'guardian-runner-'));
  try {
    const [output, summary] = [join(folder, 'output'), options.summaryFile ?? join(folder, 'summary')];
    for (const file of [output, join(folder, 'summary'), join(folder, 'env')]) writeFileSync(file, '');
    const { name = 'push', payload = {} } = options.event ?? {};
    writeFileSync(join(folder, 'event.json'), JSON.stringify(payload));
    const inputs = Object.entries(options.inputs ?? {}).map(([name, value]) => [
      `INPUT_${name.toUpperCase()}`,
      value,
    ]);
    const ended = await runNode([join(project, 'dist/action.js')], {
      cwd: options.workspace ?? project,
      env: {
        CI: 'true',
        GITHUB_ACTIONS: 'true',
        GITHUB_WORKSPACE: options.workspace ?? project,
        GITHUB_OUTPUT: output,
        GITHUB_STEP_SUMMARY: summary,
        GITHUB_ENV: join(folder, 'env'),
        GITHUB_SERVER_URL: 'https://github.com',
        GITHUB_REPOSITORY: 'acme/mail',
        GITHUB_EVENT_NAME: name,
        GITHUB_EVENT_PATH: join(folder, 'event.json'),
        GITHUB_RUN_ID: '1000',
        GITHUB_RUN_ATTEMPT: '1',
        RUNNER_TEMP: folder,
        ...Object.fromEntries(inputs),
        ...options.env,
      },
    });
    const outputs = readOutputs(readFileSync(output, 'utf8'));
    const path = outputs['report-path'];
    return {
      ...ended,
      outputs,
      summary: readFileSync(join(folder, 'summary'), 'utf8'),
      report: path === undefined ? undefined : readFileSync(path, 'utf8'),
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** `name<<delimiter`, the value's lines, the delimiter: as the toolkit writes them. */
function readOutputs(text: string): Record<string, string> {
  const blocks = text.matchAll(/^([^\n<]+)<<(\S+)\n([\s\S]*?)\n?\2\n/gm);
  return Object.fromEntries([...blocks].map(([, name = '', , value = '']) => [name, value]));
}
