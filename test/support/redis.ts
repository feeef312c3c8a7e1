import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis, type RedisOptions } from 'ioredis';
import { project } from './run.ts';

/** A real server of this test's own, gone when the test is. */
export interface TestRedis extends AsyncDisposable {
  readonly host: string;
  readonly port: number;
  /** `redis://host:port`: a user who may do everything, for setting things up. */
  readonly url: string;
  /** The same server for the user of docs/redis.md who can only read, here every key: what the guardian is given. */
  readonly reader: string;
  /** A connection for setting things up; closed with the server. */
  readonly admin: Redis;
  /** Another connection of the same kind, with its own options; closed with the server. */
  connect(options?: Partial<Pick<RedisOptions, 'username' | 'password' | 'db'>>): Redis;
}

/**
 * Starts a Redis through testcontainers when `TEST_REDIS_IMAGE` names an image, else from the `redis-server` on
 * the PATH. `args` are those of `redis-server`.
 */
export async function startRedis(args: readonly string[] = []): Promise<TestRedis> {
  const image = process.env['TEST_REDIS_IMAGE'];
  if (image !== undefined && image !== '') return startContainer(image, args);
  if (spawnSync('redis-server', ['--version']).status === 0) return startBinary(args);
  throw new Error(
    'The tests need a Redis. Install redis-server (apt-get install redis-server), or start Docker and set ' +
      'TEST_REDIS_IMAGE=redis:8; script/test does either.',
  );
}

/**
 * The commands that docs/redis.md grants to a user who can only read: its line, and what its table adds. A server
 * without RedisJSON refuses to name the command of that.
 */
export function documentedRights(): readonly string[] {
  const page = readFileSync(join(project, 'docs/redis.md'), 'utf8');
  const [, basis = ''] = /^ACL SETUSER guardian reset on >PASSWORD %R~\S+ (.*)$/m.exec(page) ?? [];
  const table = page.split('| Add | For |')[1]?.split('\n\n')[0] ?? '';
  const more = [...table.matchAll(/^\| `(\+[^`]+)`/gm)].map(([, commands = '']) => commands);
  if (basis === '' || more.length < 5) throw new Error('docs/redis.md tells the rights in another form');
  const rights = [basis, ...more].flatMap((commands) => commands.replaceAll('\\|', '|').split(' '));
  return rights.filter((right) => right !== '+json.get');
}

/** How that user logs in, for URLs of a test's own. */
export const readerLogin = { username: 'guardian', password: 'reader' } as const;

/**
 * Options that make the user; as options, so that it is there whatever else the server asks for or forbids. Of all keys,
 * `~*` alone means the one without a name too.
 */
const { username, password } = readerLogin;
const reading = ['--user', username, 'on', `>${password}`, '~*', ...documentedRights()];

async function startContainer(image: string, args: readonly string[]): Promise<TestRedis> {
  const { GenericContainer, Wait } = await import('testcontainers');
  const container = await new GenericContainer(image)
    .withExposedPorts(6379)
    .withCommand(['redis-server', '--enable-debug-command', 'yes', ...reading, ...args])
    .withWaitStrategy(Wait.forLogMessage(/Ready to accept connections/))
    .start();
  return connected(container.getHost(), container.getMappedPort(6379), async () => {
    await container.stop();
  });
}

/** Ends the server when this process is gone, however that came about: its standard input is closed then. */
const GUARDED =
  'exec 3<&0; redis-server "$@" & server=$!; (cat <&3 >/dev/null; kill -9 $server) 2>/dev/null & wait $server';

async function startBinary(args: readonly string[]): Promise<TestRedis> {
  const folder = mkdtempSync(join(tmpdir(), 'guardian-redis-'));
  const port = await freePort();
  const common = [
    ...['--port', `${port}`, '--bind', '127.0.0.1', '--dir', folder, '--save', ''],
    ...['--enable-debug-command', 'yes'],
    ...reading,
  ];
  const server = spawn('sh', ['-c', GUARDED, 'redis', ...common, ...args], { stdio: 'pipe' });
  const stop = async () => {
    const gone = new Promise((resolve) => server.once('exit', resolve));
    server.stdin.end();
    if (server.exitCode === null) await gone;
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    await ready(server);
  } catch (error) {
    await stop();
    throw error;
  }
  return connected('127.0.0.1', port, stop);
}

function ready(server: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    let log = '';
    const listen = (chunk: Buffer) => {
      log += chunk.toString();
      if (log.includes('Ready to accept connections')) resolve();
    };
    server.stdout?.on('data', listen);
    server.stderr?.on('data', listen);
    server.once('exit', (code) => reject(new Error(`redis-server ended with ${code}:\n${log}`)));
  });
}

function connected(host: string, port: number, stop: () => Promise<void>): TestRedis {
  const connections: Redis[] = [];
  const connect: TestRedis['connect'] = (options = {}) => {
    const redis = new Redis({ host, port, ...options });
    connections.push(redis);
    return redis;
  };
  return {
    host,
    port,
    url: `redis://${host}:${port}`,
    reader: `redis://${username}:${password}@${host}:${port}`,
    admin: connect(),
    connect,
    async [Symbol.asyncDispose]() {
      for (const redis of connections) redis.disconnect();
      await stop();
    },
  };
}

/** A TCP port of the loopback interface that nothing listens on. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
}
