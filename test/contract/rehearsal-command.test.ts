import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type CommandOptions, runCommand } from '../../src/adapters/rehearsal/command.ts';
import { openSandbox } from '../../src/adapters/rehearsal/server.ts';
import type { CommandRun, Sandbox } from '../../src/core/ports.ts';

const limits = { timeout: 5000 };
const cwd = mkdtempSync(join(tmpdir(), 'guardian-test-'));
let sandbox: Sandbox;

beforeAll(async () => {
  sandbox = await openSandbox({ kind: 'binary' }, limits);
});
afterAll(() => sandbox[Symbol.asyncDispose]());
beforeEach(() => sandbox.fill([]));

function run(command: string, options: Partial<CommandOptions> = {}): Promise<CommandRun> {
  return runCommand({ command, sandbox, cwd, timeout: 10_000, env: process.env, ...options });
}

/** `redis-cli` reads its commands from a here-document. */
function cli(commands: readonly string[]): string {
  return `{ redis-cli -u "$REDIS_URL" --no-auth-warning <<'END'\n${commands.join('\n')}\nEND\n}`;
}

async function keys(): Promise<readonly string[]> {
  return [...(await sandbox.contents()).keys()].sort();
}

/** One that has ended and wasn't collected yet (`Z`) isn't. */
function isAlive(pid: number): boolean {
  const { stdout } = spawnSync('ps', ['-o', 'stat=', '-p', `${pid}`], { encoding: 'utf8' });
  return /^[^Z\s]/.test(stdout);
}

const clean = { exitCode: 0, signal: null, isTimedOut: false, isInterrupted: false };

describe('a command', () => {
  test('that ends well tells its output, and its writes are counted', async () => {
    const ended = await run(cli(['SET a 1', 'GET a', 'HSET h f 1', 'PING']));
    expect(ended).toEqual({ ...clean, output: 'OK\n1\n1\nPONG\n', writes: 2 });
    expect(await keys()).toEqual(['a', 'h']);
  });

  test('that exits 3 tells so, and one that is killed tells by what', async () => {
    expect(await run('echo no >&2; exit 3')).toMatchObject({ exitCode: 3, output: 'no\n', writes: 0 });
    expect(await run('kill -9 $$')).toMatchObject({ exitCode: null, signal: 'SIGKILL', isTimedOut: false });
  });

  test('that hangs is killed when its time is over, with its grandchildren', async () => {
    const ended = await run('(sleep 1000 & echo $!; wait) & sleep 1000', { timeout: 500 });
    expect(ended).toMatchObject({
      exitCode: null,
      signal: 'SIGKILL',
      isTimedOut: true,
      isInterrupted: false,
    });
    await sleep(100);
    expect(isAlive(Number(ended.output))).toBe(false);
  });

  test('that leaves something behind in its group has it killed at its end', async () => {
    const ended = await run('sleep 1000 & echo $!');
    expect(ended).toMatchObject(clean);
    await sleep(100);
    expect(isAlive(Number(ended.output))).toBe(false);
  });

  test('whose daemon has left the group is not waited for, and the daemon reaches the sandbox no more', async () => {
    const daemon = 'sleep 0.5; redis-cli -u "$REDIS_URL" --no-auth-warning SET late 1';
    const ended = await run(`setsid sh -c '${daemon}' & sleep 0.1; echo done`);
    expect(ended).toMatchObject({ ...clean, output: 'done\n' });
    await sleep(1000);
    expect(await keys()).toEqual([]);
  });

  test('that prints megabytes has the last 64 KiB kept', async () => {
    const { output } = await run('yes 0123456789 | head -c 5000000; echo; echo end');
    expect(output).toHaveLength(64 * 1024);
    expect(output.endsWith('end\n')).toBe(true);
  });

  test('finds nothing of ours in its environment, and an empty home', async () => {
    const env = { ...process.env, REDIS_URL: 'redis://:s3cret@prod', TOKEN: 's3cret', ALLOWED: 'yes' };
    const { output } = await run('env; echo "home: $(ls -A "$HOME")"; cat', {
      env,
      allowed: ['ALLOWED', 'REDIS_URL'],
    });
    expect(output).not.toContain('s3cret');
    const names = [...output.matchAll(/^(\w+)=/gm)].map(([, name]) => name).sort();
    const innocent = ['LANG', 'LC_ALL', 'PATH', 'PWD', 'OLDPWD', 'SHLVL', '_'];
    const told = names.filter((name) => !innocent.includes(name ?? ''));
    expect(told).toEqual(['ALLOWED', 'HOME', 'REDIS_URL', 'TMPDIR']);
    expect(output).toMatch(/^REDIS_URL=redis:\/\/default:‹hidden›@127\.0\.0\.1:\d+\/0$/m);
    expect(output).toMatch(/^home: tmp$/m);
  });

  test('is told of the user whose password it is, for programs that want to know', async () => {
    const url = sandbox.url.replace('default:', ':');
    expect(await run(cli(['SET a 1']), { sandbox: { url } })).toEqual({
      ...clean,
      output: 'OK\n',
      writes: 1,
    });
  });

  test('in a folder with an .env that names a Redis comes with a warning', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'guardian-test-'));
    writeFileSync(join(folder, '.env'), 'REDIS_URL=redis://:s3cret@prod\n');
    const { warning } = await run('true', { cwd: folder });
    expect(JSON.stringify(warning)).toContain('.env');
    expect(JSON.stringify(warning)).not.toContain('s3cret');
  });

  test('is killed with its children when this process is', async () => {
    const module = fileURLToPath(new URL('../../src/adapters/rehearsal/command.ts', import.meta.url));
    const file = join(cwd, 'pid');
    const options = {
      ...{ command: `sleep 1000 & echo $! > ${file}; wait`, sandbox: { url: sandbox.url } },
      ...{ cwd, timeout: 10_000, env: { PATH: process.env['PATH'] } },
    };
    const program = `import { runCommand } from ${JSON.stringify(module)};
      await runCommand(${JSON.stringify(options)});`;
    const child = spawn(process.execPath, ['--input-type=module', '-e', program], { stdio: 'ignore' });
    const pid = () => Number(existsSync(file) ? readFileSync(file, 'utf8') : 0);
    try {
      await expect.poll(pid, { timeout: 5000 }).toBeGreaterThan(0);
      expect(isAlive(pid())).toBe(true);
      child.kill('SIGKILL');
      await expect.poll(() => isAlive(pid()), { timeout: 2000 }).toBe(false);
    } finally {
      child.kill('SIGKILL');
    }
  });

  test('in a folder that is not there is not started', async () => {
    expect(await run('true', { cwd: join(cwd, 'gone') })).toMatchObject({ exitCode: null, signal: null });
  });
});

describe('an interruption', () => {
  const sets = Array.from({ length: 9 }, (_, index) => `SET k${index} 1`);

  test.each([1, 4, 8])('after %i writes of 9 leaves exactly those', async (after) => {
    const ended = await run(cli(sets), { interruptAfterWrites: after });
    expect(ended).toMatchObject({ exitCode: null, isInterrupted: true, isTimedOut: false, writes: after });
    expect(await keys()).toHaveLength(after);
  });

  test('after none comes before the first write, and reads pass', async () => {
    const ended = await run(`${cli(['GET a'])}; echo read; ${cli(sets)}`, { interruptAfterWrites: 0 });
    expect(ended).toMatchObject({ isInterrupted: true, writes: 0, output: '\nread\n' });
    expect(await keys()).toEqual([]);
  });

  test('that never comes leaves the command as it is', async () => {
    expect(await run(cli(sets), { interruptAfterWrites: 10 })).toMatchObject({ ...clean, writes: 9 });
  });

  test('cuts a pipeline, however many connections there are', async () => {
    const pipe = `(${sets.map((set) => `echo "${set}"`).join('; ')}) | redis-cli -u "$REDIS_URL" --pipe`;
    expect(await run(pipe, { interruptAfterWrites: 3 })).toMatchObject({ isInterrupted: true, writes: 3 });
    expect(await keys()).toHaveLength(3);
    await sandbox.fill([]);
    const both = `${cli(sets)} & ${cli(sets.map((set) => set.replace('k', 'other')))}; wait`;
    expect(await run(both, { interruptAfterWrites: 7 })).toMatchObject({ isInterrupted: true, writes: 7 });
    expect(await keys()).toHaveLength(7);
  });

  test('leaves a transaction whole, and one that is given up counts nothing', async () => {
    const transaction = ['MULTI', 'SET a 1', 'SET b 1', 'EXEC'];
    const commands = ['MULTI', 'SET x 1', 'DISCARD', ...transaction, 'SET c 1'];
    const ended = await run(cli(commands), { interruptAfterWrites: 1 });
    expect(ended).toMatchObject({ isInterrupted: true, writes: 2 });
    expect(await keys()).toEqual(['a', 'b']);
  });

  test('counts a script as one, and what was refused not at all', async () => {
    const script = `EVAL "redis.call('SET','a','1') redis.call('SET','b','1')" 0`;
    const ended = await run(cli(['SET s x', 'LPUSH s y', script, 'SET c 1']), { interruptAfterWrites: 2 });
    expect(ended).toMatchObject({ isInterrupted: true, writes: 2 });
    expect(await keys()).toEqual(['a', 'b', 's']);
  });

  test('lets one that waits for a write have it', async () => {
    const waiting = 'redis-cli -u "$REDIS_URL" BLPOP list 5 & sleep 0.3';
    const ended = await run(`${waiting}; ${cli(['RPUSH list 1'])}; wait`, { interruptAfterWrites: 3 });
    expect(ended).toMatchObject({ ...clean, writes: 2 });
  });
});
