import { spawn, spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

/**
 * What a run costs, as ratios to starting Node for nothing (`node -e 0`), measured in turns in this one run:
 * machines are shared, so milliseconds of different runs can't be compared. CPU is user plus system time of the
 * process (the mean, since Linux tells it in steps of 10 ms), wall the time until it has ended (the median).
 * Exits 1 when a target is missed. `npm run bench [rounds]`.
 */

interface Subject {
  readonly name: string;
  readonly args: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  readonly exitCode: number;
  readonly cwd: string;
  /** The highest ratio that is good enough. */
  readonly target?: number;
}

interface Cost {
  /** Milliseconds. */
  readonly cpu: number;
  readonly wall: number;
}

const rounds = Number(process.argv[2] ?? 40);
const TICK = 10;

const redis = await startRedis();
const folder = mkdtempSync(join(tmpdir(), 'guardian-bench-'));
try {
  run(
    ['script/load-snapshot.js', redis.url, 'r:ss:config:', 'examples/production.snapshot.json'],
    process.env,
  );
  const subjects = subjectsFor(redis.url, folder);
  const costs = measure(subjects);
  process.exitCode = tell(subjects, costs) ? 0 : 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
  redis.stop();
}

function subjectsFor(url: string, temporary: string): readonly Subject[] {
  // Outside of any checkout: there, what drifted is looked for in git's history too, which is told by itself.
  const cwd = join(temporary, 'workspace');
  for (const part of ['schemas', 'debug']) cpSync(part, join(cwd, part), { recursive: true });
  const [cli, action] = ['dist/cli.js', 'dist/action.js'].map((bundle) => resolve(bundle)) as [
    string,
    string,
  ];
  const { NO_COLOR: _, ...env } = process.env;
  const runner = {
    ...env,
    GITHUB_ACTIONS: 'true',
    GITHUB_WORKSPACE: cwd,
    GITHUB_OUTPUT: join(temporary, 'output'),
    GITHUB_STEP_SUMMARY: join(temporary, 'summary'),
    RUNNER_TEMP: temporary,
    'INPUT_REDIS-URL': url,
  };
  // The runner makes these files before it starts the action.
  for (const file of [runner.GITHUB_OUTPUT, runner.GITHUB_STEP_SUMMARY]) spawnSync('touch', [file]);
  return [
    { name: 'node -e 0', args: ['-e', '0'], env, exitCode: 0, cwd },
    {
      name: 'dist/cli.js verify',
      args: [cli, 'verify', '--redis', url],
      env,
      exitCode: 1,
      cwd,
      target: 4.0,
    },
    { name: 'dist/action.js', args: [action], env: runner, exitCode: 1, cwd, target: 4.5 },
    {
      name: '… with history',
      args: [cli, 'verify', '--redis', url],
      env,
      exitCode: 1,
      cwd: process.cwd(),
    },
  ];
}

/** The first round warms the disk's cache and isn't counted. */
function measure(subjects: readonly Subject[]): readonly (readonly Cost[])[] {
  const costs = subjects.map((): Cost[] => []);
  for (let round = 0; round <= rounds; round += 1) {
    for (const [index, { name, args, env, exitCode, cwd }] of subjects.entries()) {
      const cpu = cpuOfChildren();
      const start = performance.now();
      const status = run(args, env, cwd);
      const wall = performance.now() - start;
      if (status !== exitCode) throw new Error(`${name} ended with exit code ${status}, not ${exitCode}`);
      if (round > 0) costs[index]?.push({ cpu: cpuOfChildren() - cpu, wall });
    }
  }
  return costs;
}

function tell(subjects: readonly Subject[], costs: readonly (readonly Cost[])[]): boolean {
  const cpu = costs.map((list) => mean(list.map((cost) => cost.cpu)));
  const wall = costs.map((list) => median(list.map((cost) => cost.wall)));
  const ratio = (list: readonly number[], index: number) => (list[index] ?? 0) / (list[0] ?? 1);
  let good = true;
  console.log(`${rounds} rounds on Node ${process.version}\n`);
  console.log('                       CPU ms   ratio   wall ms   ratio   target');
  for (const [index, { name, target }] of subjects.entries()) {
    const [ofCpu, ofWall] = [ratio(cpu, index), ratio(wall, index)];
    const met = target === undefined || Math.max(ofCpu, ofWall) <= target;
    good &&= met;
    const cells = [
      name.padEnd(20),
      (cpu[index] ?? 0).toFixed(1).padStart(9),
      `${ofCpu.toFixed(2)}×`.padStart(8),
      (wall[index] ?? 0).toFixed(1).padStart(10),
      `${ofWall.toFixed(2)}×`.padStart(8),
      target === undefined ? '' : `  ≤ ${target.toFixed(1)}× ${met ? 'met' : 'MISSED'}`,
    ];
    console.log(cells.join(''));
  }
  return good;
}

function run(args: readonly string[], env: NodeJS.ProcessEnv, cwd = process.cwd()): number | null {
  return spawnSync(process.execPath, args, { env, cwd, stdio: 'ignore' }).status;
}

/** Milliseconds of user and system time of all children that have ended: fields 16 and 17 of proc(5) stat. */
function cpuOfChildren(): number {
  const fields = readFileSync('/proc/self/stat', 'utf8').split(') ').at(-1)?.split(' ') ?? [];
  return (Number(fields[13]) + Number(fields[14])) * TICK;
}

function mean(numbers: readonly number[]): number {
  return numbers.reduce((sum, n) => sum + n, 0) / numbers.length;
}

function median(numbers: readonly number[]): number {
  return [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? Number.NaN;
}

async function startRedis(): Promise<{ readonly url: string; stop(): void }> {
  const port = await new Promise<number>((resolve) => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
  const server = spawn('redis-server', ['--port', `${port}`, '--bind', '127.0.0.1', '--save', ''], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.stdout.on('data', (chunk: Buffer) => {
      if (chunk.includes('Ready to accept')) resolve();
    });
  });
  return { url: `redis://127.0.0.1:${port}`, stop: () => server.kill() };
}
