import { once } from 'node:events';
import { createServer as createHttpServer } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { vouch } from '../../src/core/phrase.ts';
import { freePort, readerLogin, startRedis, type TestRedis } from '../support/redis.ts';
import { type Certificate, selfSigned } from './support/certificates.ts';
import { listen, relay, script } from './support/listeners.ts';
import { freeze, readInProcess } from './support/programs.ts';
import {
  expectNoSecret,
  faultAt,
  GRACE,
  inShort,
  read,
  readFrom,
  SECRET,
  storeAt,
  told,
  urlOf,
} from './support/reading.ts';

const LOCAL = '127.0.0.1';
const secretly = { username: 'guardian', password: SECRET };

/** A user who may do everything and has the secret for a password. */
async function grantAll({ admin }: TestRedis): Promise<void> {
  await admin.call('ACL', 'SETUSER', 'guardian', 'reset', 'on', `>${SECRET}`, '~*', '+@all');
}

describe('signing in', () => {
  test('with user and password reads', async () => {
    await using redis = await startRedis();
    await grantAll(redis);
    await redis.admin.set('app:a', 'x');
    const observations = await read(urlOf(redis, secretly), ['app:a']);
    expect(observations.map(inShort)).toEqual(['"x"']);
    expectNoSecret({ target: storeAt(urlOf(redis, secretly)).target, observations });
  });

  test('with the password of the default user reads', async () => {
    await using redis = await startRedis();
    await redis.admin.config('SET', 'requirepass', SECRET);
    await redis.admin.set('app:a', 'x');
    expect((await read(urlOf(redis, { password: SECRET }), ['app:a'])).map(inShort)).toEqual(['"x"']);
  });

  test('(4) a wrong password is UNCHECKED as unauthorized, and the password appears nowhere', async () => {
    await using redis = await startRedis();
    await redis.admin.config('SET', 'requirepass', 'another');
    const { reason, said, advice, milliseconds } = await faultAt(urlOf(redis, { password: SECRET }));
    expect(reason).toBe('unauthorized');
    expect(said).toBe(`Redis at ${redis.host}:${redis.port} refuses the user or the password (WRONGPASS)`);
    expect(advice).toContain('percent-encoded');
    expect(milliseconds).toBeLessThan(500);
  });

  test('(4) as an unknown user is told in the same words', async () => {
    await using redis = await startRedis();
    const { reason, said } = await faultAt(urlOf(redis, secretly));
    expect(reason).toBe('unauthorized');
    expect(said).toContain('WRONGPASS');
  });

  test('without the password that the server wants is told to be missing', async () => {
    await using redis = await startRedis();
    await redis.admin.config('SET', 'requirepass', SECRET);
    await redis.admin.set('app:a', 'x');
    const { reason, said, advice } = await faultAt(urlOf(redis));
    expect(reason).toBe('unauthorized');
    expect(said).toMatch(/:\d+ wants a password, and the URL has none \(NOAUTH\)/);
    expect(advice).toContain('redis://user:password@host');
  });

  test('with a password where none is set is not waved through: it may be another server', async () => {
    await using redis = await startRedis();
    await redis.admin.set('app:a', 'x');
    const { reason, said, advice } = await faultAt(urlOf(redis, { password: SECRET }));
    expect(reason).toBe('unauthorized');
    expect(said).toMatch(/the URL holds a password, but Redis at \S+:\d+ has none set/);
    expect(advice).toContain('right server');
  });

  test('(4) at a server that echoes what it was sent repeats nothing of it', async () => {
    // Servers without AUTH, and proxies, quote the arguments of a command that they don't know.
    await using server = await script(([name, ...args]) => {
      const quoted = args.map((arg) => `'${arg}' `).join('');
      return `-ERR unknown command '${name}', with args beginning with: ${quoted}\r\n`;
    });
    const { reason, said } = await faultAt(urlOf(server, secretly));
    expect(reason).toBe('unreadable');
    expect(said).toContain("doesn't know a command");
  });

  test('with a user name at a server older than users says that', async () => {
    await using server = await script(([name]) =>
      name === 'AUTH'
        ? "-ERR wrong number of arguments for 'auth' command\r\n"
        : '-NOAUTH Authentication required.\r\n',
    );
    const { reason, said, advice } = await faultAt(urlOf(server, secretly));
    expect(reason).toBe('unauthorized');
    expect(said).toContain('knows no users');
    expect(advice).toContain('redis://:password@host');
  });
});

describe('(1) the database', () => {
  test('that the server does not have is UNCHECKED, never database 0', async () => {
    await using redis = await startRedis();
    await redis.admin.set('app:a', 'zero');
    const { reason, said } = await faultAt(urlOf(redis, { ...readerLogin, database: 99 }));
    expect(reason).toBe('unreadable');
    expect(said).toMatch(/:\d+ has no database 99$/);
  });

  test('that the user may not select is UNCHECKED, never database 0', async () => {
    await using redis = await startRedis();
    await redis.admin.set('app:a', 'zero');
    await redis.admin.call('ACL', 'SETUSER', 'guardian', 'on', `>${SECRET}`, '~*', '+@all', '-select');
    const { reason, said } = await faultAt(urlOf(redis, { ...secretly, database: 3 }));
    expect(reason).toBe('unauthorized');
    expect(said).toContain('run SELECT');
  });

  test('that cannot be searched has unknown neighbours', async () => {
    await using redis = await startRedis();
    await redis.admin.set('app:a', 'zero');
    const found = await storeAt(urlOf(redis, { ...readerLogin, database: 99 })).find(
      [vouch('app:b')],
      () => true,
    );
    expect(told(found).said).toContain('no database 99');
  });
});

describe('(2) the cause is told, not that the connection is closed', () => {
  test('a port that nothing listens at', async () => {
    const port = await freePort();
    const { reason, said, advice, milliseconds } = await faultAt(urlOf({ host: LOCAL, port }, secretly));
    expect(reason).toBe('unreachable');
    expect(said).toBe(`nothing listens at 127.0.0.1:${port} (ECONNREFUSED)`);
    expect(advice).toContain('host and port');
    expect(milliseconds).toBeLessThan(500);
  });

  test.each(['localhost', '[::1]'])('a port that nothing listens at, as %s', async (host) => {
    const port = await freePort();
    const { reason, said } = await faultAt(urlOf({ host, port }));
    expect(reason).toBe('unreachable');
    // A machine without IPv6 has no route to its own address.
    expect(said).toMatch(/^(nothing listens at|there is no route to) /);
    expect(said).toContain(`${host}:${port}`);
  });

  test('a name that does not resolve', async () => {
    const { reason, said, advice } = await faultAt(urlOf({ host: 'nowhere.invalid', port: 6379 }, secretly));
    expect(reason).toBe('unreachable');
    expect(said).toMatch(/nowhere\.invalid:6379 does not resolve \((ENOTFOUND|EAI_AGAIN)\)/);
    expect(advice).toContain('private name');
  });

  test('a host that swallows what it is sent', async () => {
    // A listener whose queue is full, and who takes no connection out of it.
    await using host = await freeze();
    const { reason, said, advice, milliseconds } = await faultAt(urlOf(host, secretly), 600);
    expect(reason).toBe('unreachable');
    expect(said).toMatch(
      new RegExp(`no connection to 127.0.0.1:${host.port} came about (within 600 ms|in time)`),
    );
    expect(advice).toContain('firewall');
    expect(milliseconds).toBeGreaterThan(500);
  });
});

describe.concurrent('what takes the connection and', () => {
  const stuck = /:\d+ took the connection, but no whole Redis reply came within 600 ms/;

  test('never answers', async () => {
    await using server = await listen(() => undefined);
    const { reason, said, advice } = await faultAt(urlOf(server, secretly), 600);
    expect(reason).toBe('unreachable');
    expect(said).toMatch(stuck);
    expect(advice).toContain('proxy');
    expect(server.taken).toBe(1);
  });

  test('is a Redis that sleeps', async () => {
    await using redis = await startRedis();
    await redis.admin.ping();
    redis.admin.call('DEBUG', 'SLEEP', '2').catch(() => undefined);
    expect((await faultAt(redis.reader, 600)).said).toMatch(stuck);
  });

  test('stalls in the middle of a reply', async () => {
    await using redis = await startRedis();
    await redis.admin.set('app:a', 'x'.repeat(1000));
    await using between = await relay(redis, {
      tamper: (chunk, client) => client.write(chunk.subarray(0, 60)),
    });
    expect((await faultAt(urlOf(between, readerLogin), 600)).said).toMatch(stuck);
  });

  test('drips one byte per 100 ms', async () => {
    await using redis = await startRedis();
    await redis.admin.set('app:a', 'x'.repeat(1000));
    await using between = await relay(redis, { tamper: drip });
    expect((await faultAt(urlOf(between, readerLogin), 600)).said).toMatch(stuck);
  });

  test('tells of a value only a piece is not believed', async () => {
    // A server that answers so is broken, so no real one can be asked to.
    const pieces = (length: number, bytes: string) =>
      `*4\r\n+string\r\n:${length}\r\n:-1\r\n$${bytes.length}\r\n${bytes}\r\n`;
    for (const [length, bytes] of [
      [100, '{}'],
      [50, ''],
      [1, '{}'],
    ] as const) {
      await using server = await listen((socket) => {
        socket.once('data', () => socket.write(`+OK\r\n${'+QUEUED\r\n'.repeat(4)}${pieces(length, bytes)}`));
      });
      const [observation] = await readFrom(storeAt(urlOf(server), { timeout: 1000 }), ['app:a']);
      expect(observation?.kind).toBe('unreadable');
    }
  });

  test('closes it at once', async () => {
    await using server = await listen((socket) => socket.destroy());
    const { reason, said, advice } = await faultAt(urlOf(server, secretly), 1000);
    expect(reason).toBe('unreachable');
    expect(said).toMatch(/:\d+ closed the connection before it answered/);
    expect(advice).toContain('rediss://');
  });

  test('closes it as soon as it is asked', async () => {
    await using server = await listen((socket) => socket.once('data', () => socket.end()));
    const { reason, said } = await faultAt(urlOf(server, secretly), 1000);
    expect(reason).toBe('unreachable');
    expect(said).toContain('closed the connection');
  });

  test('resets it', async () => {
    await using server = await listen((socket) => socket.once('data', () => socket.resetAndDestroy()));
    const { reason, said } = await faultAt(urlOf(server, secretly), 1000);
    expect(reason).toBe('unreachable');
    expect(said).toContain('closed the connection');
  });

  test('loses it in the middle of a large reply is tried again, and then reported', async () => {
    await using redis = await startRedis();
    await redis.admin.call('SETRANGE', 'app:a', 5_000_000, 'x');
    await using between = await relay(redis, { tamper: cutAfter(100_000) });
    const { reason, said } = await faultAt(urlOf(between, readerLogin), 1000);
    expect(reason).toBe('unreachable');
    expect(said).toContain('closed the connection');
    expect(between.taken).toBeGreaterThan(1);
  });

  test('loses it at whichever byte of its answer is never taken for an answer', async () => {
    await using redis = await startRedis();
    await redis.admin.set('app:a', 'x');
    let limit = 0;
    let length = 0;
    await using between = await relay(redis, {
      tamper: (chunk, client) => {
        length = chunk.length;
        client.end(chunk.subarray(0, limit));
      },
    });
    // Too short a time for a second try.
    const store = storeAt(urlOf(between, readerLogin), { timeout: 200 });
    const keys = ['app:a', 'app:none'];
    // All but the last byte, the second half of a line end: the value before it is whole.
    do {
      expect((await readFrom(store, keys)).map(inShort)).toEqual(['unreachable', 'unreachable']);
      limit += 1;
    } while (limit < length - 1);
    expect((await readFrom(store, keys)).map(inShort)).toEqual(['"x"', 'absent']);
    expect(length).toBeGreaterThan(80);
  });

  test('loses it once is read at the second try', async () => {
    await using redis = await startRedis();
    await redis.admin.set('app:a', 'x');
    await using between = await relay(redis, {
      tamper: (chunk, client, connection) => (connection === 1 ? client.destroy() : client.write(chunk)),
    });
    expect((await read(urlOf(between, readerLogin), ['app:a'])).map(inShort)).toEqual(['"x"']);
    expect(between.taken).toBe(2);
  });

  test('always loses it is given up on before a long timeout is over', async () => {
    await using server = await listen((socket) => socket.destroy());
    const { milliseconds } = await faultAt(urlOf(server), 20_000);
    expect(milliseconds).toBeLessThan(4000);
  });
});

function drip(chunk: Buffer, client: Socket): void {
  let at = 0;
  const timer = setInterval(() => client.write(chunk.subarray(at, ++at)), 100);
  client.once('close', () => clearInterval(timer));
}

function cutAfter(limit: number) {
  let passed = 0;
  return (chunk: Buffer, client: Socket) => {
    passed += chunk.length;
    if (passed < limit) client.write(chunk);
    else client.destroy();
  };
}

describe('what answers and is not Redis', () => {
  const stranger = /what answers at 127\.0\.0\.1:\d+ is not Redis/;

  test('because it is an HTTP server', async () => {
    const http = createHttpServer((_request, response) => response.end('hello'));
    await once(http.listen(0, LOCAL), 'listening');
    const { port } = http.address() as AddressInfo;
    const { reason, said, advice, milliseconds } = await faultAt(urlOf({ host: LOCAL, port }, secretly));
    http.closeAllConnections();
    http.close();
    expect(reason).toBe('unreachable');
    expect(said).toMatch(stranger);
    expect(advice).toContain('port');
    expect(milliseconds).toBeLessThan(500);
  });

  test.each([
    ['noise', '\u0000\u0001\u0002 no protocol at all'],
    ['a mail server', '220 mail.example.com ESMTP\r\n'],
    ['an array longer than can be', '*99999999999\r\n'],
  ])('because it sends %s', async (_what, greeting) => {
    await using server = await listen((socket) => socket.write(greeting, 'latin1'));
    const { reason, said, milliseconds } = await faultAt(urlOf(server, secretly));
    expect(reason).toBe('unreachable');
    expect(said).toMatch(stranger);
    expect(milliseconds).toBeLessThan(500);
  });

  test.each([
    ['OK', '+OK\r\n'],
    ['zero', ':0\r\n'],
    ['nothing', '$-1\r\n'],
    ['an empty list', '*0\r\n'],
    ['the word none', '$4\r\nnone\r\n'],
  ])('because it answers %s to everything: no value, and no missing key either', async (_what, reply) => {
    await using server = await script(() => reply);
    const { reason, said } = await faultAt(urlOf(server, secretly));
    expect(reason).toBe('unreachable');
    expect(said).toMatch(stranger);
  });

  test('because it answers too little', async () => {
    await using server = await script(([name]) => {
      if (name === 'EXEC') return '*5\r\n+none\r\n:0\r\n:-2\r\n$0\r\n\r\n+none\r\n';
      return name === 'MULTI' ? '+OK\r\n' : '+QUEUED\r\n';
    });
    const observations = await read(urlOf(server), ['app:a', 'app:b']);
    expect(observations.map(inShort)).toEqual(['absent', 'unreachable']);
  });
});

describe.concurrent('(3) a server that is loading its data', () => {
  test('is waited for, and then read', async () => {
    await using redis = await startRedis();
    await redis.admin.set('app:a', 'x');
    // Longer than a lost connection is retried.
    await startLoading(redis, 3000);
    const observations = await read(redis.reader, ['app:a'], { timeout: 10_000 });
    expect(observations.map(inShort)).toEqual(['"x"']);
  });

  test('is UNCHECKED as loading when the time is over', async () => {
    await using redis = await startRedis();
    await startLoading(redis, 2500);
    const { reason, said, advice } = await faultAt(redis.reader, 800);
    expect(reason).toBe('unreachable');
    expect(said).toMatch(/:\d+ is still loading its data \(LOADING\)/);
    expect(advice).toContain('timeout');
  });

  test('and then says nothing more is UNCHECKED as loading', async () => {
    await using redis = await startRedis();
    await startLoading(redis, 2500);
    await using between = await relay(redis, {
      tamper: (chunk, client, connection) => connection === 1 && client.write(chunk),
    });
    expect((await faultAt(urlOf(between, readerLogin), 800)).said).toContain('loading');
  });

  test('has unknown neighbours', async () => {
    await using redis = await startRedis();
    await startLoading(redis, 2500);
    const found = await storeAt(redis.reader, { timeout: 500 }).find([vouch('app:a')], () => true);
    expect(told(found).said).toContain('loading');
  });
});

/** A cluster of one, which serves no slot yet. */
async function startClusterNode(args: readonly string[] = []): Promise<TestRedis> {
  // Unless told, it takes a second port 10,000 above the first, which may be higher than ports go.
  return startRedis(['--cluster-enabled', 'yes', '--cluster-port', `${await freePort()}`, ...args]);
}

/** Has the server load its data anew, for about so many milliseconds. */
async function startLoading(redis: TestRedis, milliseconds: number): Promise<void> {
  const keys = 2000;
  await redis.admin.call('DEBUG', 'POPULATE', keys, 'filler');
  const perKey = `${Math.round((milliseconds * 1000) / keys)}`;
  await redis.admin.call('CONFIG', 'SET', 'key-load-delay', perKey);
  // It listens to clients every so many bytes.
  await redis.admin.call('CONFIG', 'SET', 'loading-process-events-interval-bytes', '1024');
  const [loader, watch] = [redis.connect(), redis.connect()];
  await watch.ping();
  // Most tests are over before it is.
  loader.call('DEBUG', 'RELOAD').catch(() => undefined);
  while (!(await watch.ping().then(() => false, isLoading))) await sleep(10);
}

function isLoading(error: unknown): boolean {
  return error instanceof Error && error.message.startsWith('LOADING');
}

describe.concurrent('a server that has no time or place', () => {
  test('because a script keeps it busy, is waited for', async () => {
    await using redis = await startRedis();
    await redis.admin.set('app:a', 'x');
    await redis.admin.config('SET', 'lua-time-limit', '20');
    redis
      .connect()
      .eval('while true do end', 0)
      .catch(() => undefined);
    await sleep(100);
    const { reason, said } = await faultAt(redis.reader, 700);
    expect(reason).toBe('unreachable');
    expect(said).toMatch(/:\d+ is busy with a script \(BUSY\)/);
    const reading = read(redis.reader, ['app:a']);
    await sleep(400);
    await redis.admin.script('KILL');
    expect((await reading).map(inShort)).toEqual(['"x"']);
  });

  test('because all connections are taken, says so', async () => {
    await using redis = await startRedis(['--maxclients', '1']);
    await redis.admin.ping();
    const { reason, said, advice } = await faultAt(urlOf(redis, secretly));
    expect(reason).toBe('unreachable');
    expect(said).toMatch(/:\d+ takes no more connections/);
    expect(advice).toContain('maxclients');
  });

  test('because all connections are taken, is read once one is free', async () => {
    await using redis = await startRedis(['--maxclients', '2']);
    const guest = redis.connect();
    await Promise.all([redis.admin.set('app:a', 'x'), guest.ping()]);
    const reading = read(redis.reader, ['app:a']);
    await sleep(300);
    guest.disconnect();
    expect((await reading).map(inShort)).toEqual(['"x"']);
  });

  test('because it is one node of a cluster, is UNCHECKED for each key', async () => {
    await using redis = await startClusterNode();
    const { reason, said, advice } = await faultAt(redis.reader);
    expect(reason).toBe('unreadable');
    expect(said).toMatch(/:\d+ is one node of a cluster.*\(CLUSTERDOWN\)/);
    expect(advice).toContain('CLUSTER INFO');
  });

  test('for keys that another node of the cluster holds, reads those that it holds itself', async () => {
    await using redis = await startRedis([
      '--cluster-enabled',
      'yes',
      '--cluster-require-full-coverage',
      'no',
    ]);
    // Slots 0 to 9999 of 16384: app:a is in 12574, app:b in 509.
    await redis.admin.call('CLUSTER', 'ADDSLOTSRANGE', 0, 9999);
    // It waits a while before it believes that it may serve them.
    const write = () => redis.admin.set('app:b', 'x').catch(() => 'not yet');
    await expect.poll(write, { timeout: 10_000 }).toBe('OK');
    const [a, b] = await read(redis.reader, ['app:a', 'app:b']);
    expect([a, b].map(inShort)).toEqual(['unreadable', '"x"']);
    expect(told(a).said).toContain('cluster');
  });

  test('because a cluster has no databases, says so', async () => {
    await using redis = await startClusterNode();
    const { reason, said } = await faultAt(urlOf(redis, { database: 1 }));
    expect(reason).toBe('unreadable');
    expect(said).toContain('no database 1');
  });

  test.each([
    ['MOVED 12574 10.0.0.7:6379', 'unreadable', 'MOVED'],
    [
      'MASTERDOWN Link with MASTER is down and replica-serve-stale-data is set to no.',
      'unreachable',
      'MASTERDOWN',
    ],
    ['ERR max requests limit exceeded', 'unreadable', 'an error that the guardian'],
  ])('because it says %s', async (line, reason, part) => {
    await using server = await script(([name]) => {
      if (name === 'MULTI') return '+OK\r\n';
      if (name === 'EXEC') return '-EXECABORT Transaction discarded because of previous errors.\r\n';
      return `-${line}\r\n`;
    });
    const fault = await faultAt(urlOf(server));
    expect(fault.reason).toBe(reason);
    expect(fault.said).toContain(part);
  });
});

test.each(['closes', 'resets'])('(7) protected mode is told as such when the server %s', async (how) => {
  // Protected mode never refuses this machine itself, and everything here is on it. This is what Redis 7 says.
  const line =
    '-DENIED Redis is running in protected mode because protected mode is enabled and no password is set for the ' +
    'default user. In this mode connections are only accepted from the loopback interface.';
  await using server = await listen((socket) => {
    socket.write(`${line}\r\n`);
    setTimeout(() => (how === 'closes' ? socket.end() : socket.resetAndDestroy()), 20);
  });
  const { reason, said, advice, milliseconds } = await faultAt(urlOf(server, secretly));
  expect(reason).toBe('unauthorized');
  expect(said).toMatch(/:\d+ is in protected mode/);
  expect(advice).toContain('set a password');
  expect(milliseconds).toBeLessThan(500);
});

test.runIf(process.env['TEST_REDIS_IMAGE'])(
  '(7) protected mode of a real server is told as such',
  async () => {
    await using redis = await startRedis(['--protected-mode', 'yes']);
    redis.admin.disconnect();
    const { reason, said } = await faultAt(redis.reader);
    expect(reason).toBe('unauthorized');
    expect(said).toContain('protected mode');
  },
);

describe('TLS', () => {
  const over = (
    { host, port }: { readonly host: string; readonly port: number },
    { cert, key }: Certificate,
    names: (string | false)[] = [],
  ) =>
    relay(
      { host, port },
      {
        tls: {
          cert,
          key,
          SNICallback: (name, done) => {
            names.push(name);
            done(null);
          },
        },
      },
    );

  test('with a certificate that this machine trusts is read', async () => {
    using certificate = selfSigned();
    await using redis = await startRedis();
    await grantAll(redis);
    await redis.admin.set('app:a', 'x');
    await using between = await over(redis, certificate);
    const url = urlOf({ host: 'localhost', port: between.port }, secretly, 'REDISS');
    const ending = await readInProcess(url, 5000, { NODE_EXTRA_CA_CERTS: certificate.path });
    expect(ending).toMatchObject({ code: 0, stderr: '', stdout: 'present' });
  });

  test('with a certificate for another name is refused', async () => {
    using certificate = selfSigned();
    await using redis = await startRedis();
    await using between = await over(redis, certificate);
    const url = urlOf(between, secretly, 'rediss');
    const ending = await readInProcess(url, 5000, { NODE_EXTRA_CA_CERTS: certificate.path });
    expect(ending).toMatchObject({ code: 0, stderr: '' });
    expect(ending.stdout).toContain('is for another name (ERR_TLS_CERT_ALTNAME_INVALID)');
  });

  test('with a self-signed certificate is refused, without the advice to trust everyone', async () => {
    using certificate = selfSigned();
    await using redis = await startRedis();
    await using between = await over(redis, certificate);
    const { reason, said, advice, milliseconds } = await faultAt(
      urlOf({ host: 'localhost', port: between.port }, secretly, 'rediss'),
    );
    expect(reason).toBe('unreachable');
    expect(said).toContain('DEPTH_ZERO_SELF_SIGNED_CERT');
    expect(advice).toContain('NODE_EXTRA_CA_CERTS');
    expect(advice).not.toMatch(/reject|unauthorized|insecure/i);
    expect(milliseconds).toBeLessThan(1000);
  });

  test('with a self-signed certificate is refused where Node.js is told to trust everyone', async () => {
    using certificate = selfSigned();
    await using redis = await startRedis();
    await grantAll(redis);
    await redis.admin.set('app:a', 'x');
    await using between = await over(redis, certificate);
    const url = urlOf({ host: 'localhost', port: between.port }, secretly, 'rediss');
    const ending = await readInProcess(url, 5000, { NODE_TLS_REJECT_UNAUTHORIZED: '0' });
    expect(ending.stdout).toContain('DEPTH_ZERO_SELF_SIGNED_CERT');
  });

  test('(6) tells the name of the host, so that the server can choose its certificate', async () => {
    using certificate = selfSigned();
    await using redis = await startRedis();
    const names: string[] = [];
    await using between = await over(redis, certificate, names);
    await faultAt(urlOf({ host: 'localhost', port: between.port }, {}, 'rediss'));
    expect(names).toEqual(['localhost']);
  });

  test('(6) tells no name where the host is an address', async () => {
    using certificate = selfSigned();
    await using redis = await startRedis();
    const names: string[] = [];
    await using between = await over(redis, certificate, names);
    await faultAt(urlOf(between, {}, 'rediss'));
    expect(between.taken).toBe(1);
    expect(names).toEqual([]);
  });

  test('that asks for the certificate of the client says so', async () => {
    using certificate = selfSigned();
    await using redis = await startRedis();
    const { cert, key } = certificate;
    await using between = await relay(redis, {
      tls: { cert, key, requestCert: true, rejectUnauthorized: true },
    });
    const url = urlOf({ host: 'localhost', port: between.port }, secretly, 'rediss');
    const ending = await readInProcess(url, 1000, { NODE_EXTRA_CA_CERTS: certificate.path });
    expect(ending).toMatchObject({ code: 0, stderr: '' });
    expect(ending.stdout).toMatch(/client certificate/);
  });

  test.each(['redis', 'a server that says nothing', 'an HTTP server'])(
    'spoken to %s without TLS',
    async (what) => {
      await using redis = await startRedis();
      await using silent = await listen(() => undefined);
      const page = 'HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n';
      await using http = await listen((socket) => socket.once('data', () => socket.end(page)));
      const server = what === 'redis' ? redis : what === 'an HTTP server' ? http : silent;
      const { reason, advice } = await faultAt(urlOf(server, secretly, 'rediss'), 800);
      expect(reason).toBe('unreachable');
      expect(advice).toContain('redis://');
    },
  );

  test('wanted by a server that is spoken to without it', async () => {
    using certificate = selfSigned();
    await using redis = await startRedis();
    await using between = await over(redis, certificate);
    const { reason, said, advice } = await faultAt(urlOf(between, secretly), 1000);
    expect(reason).toBe('unreachable');
    expect(said).toMatch(/:\d+ closed the connection/);
    expect(advice).toContain('rediss://');
  });
});

describe('the timeout', () => {
  test.each([1, 20, 150])('of %i ms holds', async (timeout) => {
    await using server = await listen(() => undefined);
    const { reason } = await faultAt(urlOf(server), timeout);
    expect(reason).toBe('unreachable');
  });

  test('bounds all tries together', async () => {
    // Takes its time, and then is gone.
    await using server = await listen((socket) => {
      setTimeout(() => socket.destroy(), 400);
    });
    await faultAt(urlOf(server), 1000);
    expect(server.taken).toBeGreaterThan(1);
  });

  test('bounds the search for neighbours', async () => {
    await using redis = await startRedis();
    await redis.admin.call('DEBUG', 'POPULATE', 20_000, 'app');
    await using between = await relay(redis, {
      tamper: (chunk, client) => setTimeout(() => client.write(chunk), 50),
    });
    const start = performance.now();
    const found = await storeAt(urlOf(between), { timeout: 500 }).find([vouch('app:a')], () => false);
    expect(performance.now() - start).toBeLessThan(500 + GRACE);
    expect(told(found).said).toContain('within 500 ms');
  });
});

describe('a process that reads has nothing left to do afterwards', () => {
  const servers: Readonly<Record<string, () => Promise<AsyncDisposable & { host: string; port: number }>>> = {
    'a value was read': async () => {
      const redis = await startRedis();
      await redis.admin.set('app:a', 'x');
      await grantAll(redis);
      return redis;
    },
    'the password was wrong': () => startRedis(),
    'nothing listened': async () => ({
      host: LOCAL,
      port: await freePort(),
      [Symbol.asyncDispose]: async () => {},
    }),
    'nothing was answered': () => listen(() => undefined),
    'the host swallowed everything': () => freeze(),
    'the connection was reset': () => listen((socket) => socket.once('data', () => socket.resetAndDestroy())),
    'noise was answered': () => listen((socket) => socket.write('\u0000\u0001')),
    'more was answered than asked': () =>
      listen((socket) => {
        socket.once('data', () => socket.write('+OK\r\n'.repeat(100)));
      }),
    'a reply came after the last': () =>
      listen((socket) => {
        socket.allowHalfOpen = true;
        socket.once('data', () => socket.write(`-WRONGPASS no\r\n${'$-1\r\n'.repeat(6)}`));
        socket.once('end', () => socket.end('$-1\r\n'));
      }),
  };

  test.each(Object.keys(servers))('when %s', async (what) => {
    await using server = await servers[what]?.();
    if (server === undefined) throw new Error('no server');
    const ending = await readInProcess(urlOf(server, secretly), 800);
    expect(ending.stderr).toBe('');
    expect(ending.code).toBe(0);
    expect(ending.stdout).not.toMatch(/^absent/);
    expect(ending.lingered).toBeLessThan(600);
    expectNoSecret(ending);
  });

  test('when the name did not resolve, or TLS failed', async () => {
    await using silent = await listen(() => undefined);
    const urls = [
      urlOf({ host: 'nowhere.invalid', port: 6379 }, secretly),
      urlOf(silent, secretly, 'rediss'),
    ];
    for (const url of urls) {
      const ending = await readInProcess(url, 800);
      expect(ending).toMatchObject({ code: 0, stderr: '' });
      expect(ending.lingered).toBeLessThan(600);
    }
  });
});

test('no connection is left at the server, however the reading ended', async () => {
  await using redis = await startRedis();
  await grantAll(redis);
  await read(urlOf(redis, secretly), ['app:a']);
  await faultAt(urlOf(redis, { ...secretly, password: `${SECRET}!` }));
  await faultAt(urlOf(redis, { ...secretly, database: 99 }));
  const clients = async () =>
    String(await redis.admin.client('LIST'))
      .trim()
      .split('\n').length;
  await expect.poll(clients).toBe(1);
});

test('a frozen listener is one that cannot be connected to', async () => {
  await using host = await freeze();
  const socket = connect(host.port, host.host);
  const connected = await Promise.race([
    once(socket, 'connect').then(() => true),
    sleep(200).then(() => false),
  ]);
  socket.destroy();
  expect(connected).toBe(false);
});
