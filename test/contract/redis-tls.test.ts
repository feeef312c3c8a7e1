import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { redisStore } from '../../src/adapters/redis/store.ts';
import type { TlsOptions } from '../../src/adapters/redis/tls.ts';
import { parseRedisUrl } from '../../src/adapters/redis/url.ts';
import { plain } from '../../src/core/plain.ts';
import type { Store } from '../../src/core/ports.ts';
import { freePort } from '../support/redis.ts';
import { type Authority, foundAuthority, type Issued } from './support/authority.ts';
import { noBinary, type Server, startServer } from './support/binary.ts';
import { relay } from './support/listeners.ts';
import { expectNoSecret, inShort, readFrom, SECRET, told } from './support/reading.ts';

function storeAt(url: string, tls: TlsOptions, timeout = 3000): Store {
  const parsed = parseRedisUrl(url, tls);
  if (!parsed.ok) throw new Error(plain(parsed.why));
  return redisStore(parsed.endpoint, { timeout, maxBytes: 1000 });
}

async function read(url: string, tls: TlsOptions, keys: readonly string[] = ['app:a']) {
  return (await readFrom(storeAt(url, tls), keys)).map(inShort);
}

async function fault(url: string, tls: TlsOptions) {
  const [observation] = await readFrom(storeAt(url, tls), ['app:a']);
  expectNoSecret(observation);
  expect(JSON.stringify(observation)).not.toContain('PRIVATE KEY');
  return told(observation);
}

/** Configuration of a server that takes connections with TLS alone. */
function linesOf({ certPath, keyPath }: Issued, { path }: Authority, port: number): readonly string[] {
  return [
    'port 0',
    `tls-port ${port}`,
    `tls-cert-file ${certPath}`,
    `tls-key-file ${keyPath}`,
    `tls-ca-cert-file ${path}`,
  ];
}

const skipped = noBinary === undefined ? '' : ` (skipped: ${noBinary})`;

describe.skipIf(noBinary)(`a server with TLS${skipped}`, () => {
  let authority: Authority;
  let other: Authority;
  let client: Issued;
  let server: Server;
  let url: string;

  beforeAll(async () => {
    [authority, other] = [foundAuthority(), foundAuthority('another authority')];
    client = authority.issue('guardian');
    const port = await freePort();
    const issued = authority.issue('redis', ['DNS:localhost', 'DNS:redis.internal']);
    server = await startServer(linesOf(issued, authority, port), {
      port,
      tls: { ca: authority.pem, cert: client.cert, key: client.key, servername: 'localhost' },
    });
    await server.admin.set('app:a', 'x');
    url = `rediss://localhost:${port}`;
  });

  afterAll(async () => {
    await server[Symbol.asyncDispose]();
    authority[Symbol.dispose]();
    other[Symbol.dispose]();
  });

  test('that wants a client certificate is read with one', async () => {
    expect(await read(url, { ca: authority.pem, cert: client.cert, key: client.key })).toEqual(['"x"']);
  });

  test('is read with an authority that stands among others', async () => {
    const ca = `${other.pem}\n${authority.pem}`;
    expect(await read(url, { ca, cert: client.cert, key: client.key })).toEqual(['"x"']);
  });

  test('that wants a client certificate says so when none is given', async () => {
    const { reason, said, advice } = await fault(url, { ca: authority.pem });
    expect(reason).toBe('unreachable');
    expect(said).toContain('asks for a client certificate');
    expect(advice).toBe('give it as tls-cert, and its key as tls-key');
  });

  test('refuses a client certificate of another authority', async () => {
    const { cert, key } = other.issue('guardian');
    const { reason, said, advice } = await fault(url, { ca: authority.pem, cert, key });
    expect(reason).toBe('unreachable');
    expect(said).toMatch(/refuses our certificate \(ERR_SSL_TLSV1_ALERT_UNKNOWN_CA\)/);
    expect(advice).toContain('tls-cert');
  });

  test.each(['none', 'another'])('is not trusted when %s authority is given', async (which) => {
    const ca = which === 'none' ? {} : { ca: other.pem };
    const { reason, said, advice } = await fault(url, { ...ca, cert: client.cert, key: client.key });
    expect(reason).toBe('unreachable');
    expect(said).toContain('is signed by an authority that is not trusted here');
    expect(advice).toContain('tls-ca');
  });

  test('is known by a name that is given apart from the host', async () => {
    const options = { ca: authority.pem, cert: client.cert, key: client.key };
    const byAddress = `rediss://127.0.0.1:${server.port}`;
    const refused = await fault(byAddress, options);
    expect(refused.said).toContain('is for another name');
    expect(refused.advice).toContain('tls-servername');
    expect(await read(byAddress, { ...options, servername: 'redis.internal' })).toEqual(['"x"']);
    expect((await fault(url, { ...options, servername: 'evil.example' })).said).toContain(
      'is for another name',
    );
  });

  test('is told to be none that speaks plainly', async () => {
    const [observation] = await readFrom(storeAt(`redis://localhost:${server.port}`, {}), ['app:a']);
    expect(told(observation).advice).toContain('rediss://');
  });

  test.each([
    ['localhost', {}, 'localhost'],
    ['127.0.0.1', {}, undefined],
    ['127.0.0.1', { servername: 'redis.internal' }, 'redis.internal'],
    ['localhost', { servername: 'redis.internal' }, 'redis.internal'],
  ])('hears the name: %s with %j', async (host, options, heard) => {
    const { cert, key } = authority.issue('redis', ['DNS:localhost', 'DNS:redis.internal', 'IP:127.0.0.1']);
    const names: string[] = [];
    await using between = await relay(server, {
      tls: {
        cert,
        key,
        SNICallback: (name, done) => {
          names.push(name);
          done(null);
        },
      },
    });
    await readFrom(storeAt(`rediss://${host}:${between.port}`, { ca: authority.pem, ...options }, 500), [
      'app:a',
    ]);
    expect(between.taken).toBeGreaterThan(0);
    expect(new Set(names)).toEqual(new Set(heard === undefined ? [] : [heard]));
  });

  test('with a password is signed in to as without TLS', async () => {
    await server.admin.call('ACL', 'SETUSER', 'guardian', 'on', `>${SECRET}`, '~*', '+@all');
    const login = `guardian:${encodeURIComponent(SECRET)}@`;
    const options = { ca: authority.pem, cert: client.cert, key: client.key };
    expect(await read(url.replace('://', `://${login}`), options)).toEqual(['"x"']);
    expect((await fault(url.replace('://', `://${login.replace('@', 'x@')}`), options)).reason).toBe(
      'unauthorized',
    );
  });
});

describe.skipIf(noBinary)(`a cluster with TLS${skipped}`, () => {
  /** One node with all slots, which announces itself by its address. */
  async function startNode(authority: Authority, names: readonly string[]): Promise<Server> {
    const port = await freePort();
    const node = await startServer(
      [
        ...linesOf(authority.issue('redis', names), authority, port),
        'tls-auth-clients no',
        'tls-cluster yes',
        'cluster-enabled yes',
        `cluster-port ${await freePort()}`,
        'cluster-announce-ip 127.0.0.1',
        `cluster-announce-tls-port ${port}`,
      ],
      { port, tls: { ca: authority.pem, servername: 'localhost' } },
    );
    await node.admin.call('CLUSTER', 'ADDSLOTSRANGE', 0, 16_383);
    const write = () => node.admin.mset('app:a', 'x').catch(() => 'not yet');
    await expect.poll(write, { timeout: 10_000 }).toBe('OK');
    return node;
  }

  test('whose nodes announce addresses is known by the name in the URL', async () => {
    using authority = foundAuthority();
    await using node = await startNode(authority, ['DNS:localhost']);
    const url = `rediss://localhost:${node.port}`;
    expect(await read(url, { ca: authority.pem }, ['app:a', 'app:b'])).toEqual(['"x"', 'absent']);
  });

  test('whose URL has no name is known by the addresses', async () => {
    using authority = foundAuthority();
    await using node = await startNode(authority, ['DNS:localhost', 'IP:127.0.0.1']);
    const url = `rediss://127.0.0.1:${node.port}`;
    expect(await read(url, { ca: authority.pem }, ['app:a', 'app:b'])).toEqual(['"x"', 'absent']);
  });
});

describe.skipIf(noBinary)(`a Sentinel with TLS${skipped}`, () => {
  test('leads to a primary with TLS', async () => {
    using authority = foundAuthority();
    const issued = authority.issue('redis', ['DNS:localhost', 'IP:127.0.0.1']);
    const [port, watch] = [await freePort(), await freePort()];
    const tls = { ca: authority.pem, servername: 'localhost' };
    const open = ['tls-auth-clients no', 'tls-replication yes'];
    await using primary = await startServer([...linesOf(issued, authority, port), ...open], { port, tls });
    await primary.admin.set('app:a', 'x');
    await using sentinel = await startServer(
      [...linesOf(issued, authority, watch), ...open, `sentinel monitor main 127.0.0.1 ${port} 1`],
      { port: watch, tls, isSentinel: true },
    );
    const url = `rediss+sentinel://localhost:${sentinel.port}/main`;
    expect(await read(url, { ca: authority.pem })).toEqual(['"x"']);
    expect((await fault(url, {})).said).toContain('not trusted here');
  });
});
