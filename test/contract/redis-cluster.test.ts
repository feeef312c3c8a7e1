import { setTimeout as sleep } from 'node:timers/promises';
import slotOf from 'cluster-key-slot';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Manner, type Servers, withServers } from '../../src/adapters/redis/servers.ts';
import type { Ended, Reply } from '../../src/adapters/redis/session.ts';
import { type Endpoint, parseRedisUrl } from '../../src/adapters/redis/url.ts';
import { keyPattern } from '../../src/core/key-pattern.ts';
import { plain } from '../../src/core/plain.ts';
import { freePort, startRedis } from '../support/redis.ts';
import { noBinary, type Server, startServer } from './support/binary.ts';
import { startCluster, type TestCluster } from './support/cluster.ts';
import { type Listener, relay, script } from './support/listeners.ts';
import {
  expectNoSecret,
  faultAt,
  GRACE,
  inShort,
  read,
  SECRET,
  storeAt,
  told,
  urlOf,
} from './support/reading.ts';
import { scanned } from './support/stores.ts';

/** One key per node. */
const KEYS = ['app:b', 'app:c', 'app:a'] as const;
const VALUES = KEYS.map((key) => `value of ${key}`);

function endpointOf(url: string): Endpoint {
  const parsed = parseRedisUrl(url);
  if (!parsed.ok) throw new Error(plain(parsed.why));
  return parsed.endpoint;
}

/** The values of keys, each read in a transaction of its group. */
function getAll(
  url: string,
  keys: readonly string[] = KEYS,
  timeout = 5000,
): Promise<Ended<readonly string[]>> {
  return withServers(endpointOf(url), timeout, async (servers) => {
    const values: string[] = [];
    for (const { node, indices } of servers.groups(keys)) {
      const gets = indices.map((index) => ['GET', keys[index] ?? ''] as const);
      const end = (await node.session.send([['MULTI'], ...gets, ['EXEC']])).at(-1);
      for (const [place, index] of indices.entries())
        values[index] = textOf(Array.isArray(end) ? end[place] : end);
    }
    return values;
  });
}

/** The names of all keys, of every node. */
function namesAt(url: string, manner: Manner, meanwhile = async () => {}): Promise<Ended<readonly string[]>> {
  return withServers(endpointOf(url), 5000, (servers) => namesIn(servers, meanwhile), manner);
}

async function namesIn({ nodes }: Servers, meanwhile: () => Promise<void>): Promise<readonly string[]> {
  const names: string[] = [];
  for (const { session } of nodes) {
    const [reply] = await session.send([['SCAN', 0, 'COUNT', 1000]]);
    names.push(...listOf(listOf(reply)[1]).map(textOf));
    await meanwhile();
  }
  return names.sort();
}

function listOf(reply: Reply | undefined): readonly Reply[] {
  return Array.isArray(reply) ? reply : [];
}

function textOf(reply: Reply | undefined): string {
  return reply instanceof Uint8Array ? Buffer.from(reply).toString() : String(reply);
}

/** What a fault says and what to do, in one. */
function faultOf(ended: Ended<unknown>): string {
  if (ended.ok) throw new Error(`expected a fault, and got ${JSON.stringify(ended.value)}`);
  expectNoSecret(ended);
  return `${plain(ended.fault.phrase)}; ${plain(ended.fault.advice)}`;
}

async function connectionsAt({ admin }: Server): Promise<number> {
  const list = String(await admin.call('CLIENT', 'LIST', 'TYPE', 'normal'));
  return list.trim().split('\n').length;
}

const skipped = noBinary === undefined ? '' : ` (skipped: ${noBinary})`;

describe.skipIf(noBinary)(`a cluster of three${skipped}`, () => {
  let cluster: TestCluster;

  beforeAll(async () => {
    cluster = await startCluster();
    for (const key of KEYS) await cluster.homeOf(key).admin.set(key, `value of ${key}`);
  });

  afterAll(() => cluster[Symbol.asyncDispose]());

  test('has the keys of the test on all its nodes', () => {
    expect(new Set(KEYS.map(cluster.homeOf)).size).toBe(3);
  });

  test.each([0, 1, 2] as const)('is read whole, whichever node the URL names: %i', async (index) => {
    expect(await getAll(urlOf(cluster.nodes[index]))).toEqual({ ok: true, value: VALUES });
  });

  test('is read by a store as one server is', async () => {
    const found = await read(urlOf(cluster.nodes[0]), [...KEYS, 'app:none']);
    expect(found.map(inShort)).toEqual([...VALUES.map((value) => `"${value}"`), 'absent']);
  });

  test('is listed by a store as one server is', async () => {
    const request = {
      pattern: keyPattern('app:', '*'),
      encoding: 'json',
      isOurs: () => true,
      most: 100,
    } as const;
    const found: string[] = [];
    for await (const batch of storeAt(urlOf(cluster.nodes[1])).scan(request)) {
      found.push(...batch.map(({ key, observation }) => `${key} ${inShort(observation)}`));
    }
    expect(found.sort()).toEqual(KEYS.map((key) => `${key} "value of ${key}"`).sort());
  });

  test('is read for keys of several slots of one node', async () => {
    const home = cluster.homeOf('app:a');
    const keys = ['app:a', 'app:d', 'app:e'];
    expect(keys.every((key) => cluster.homeOf(key) === home)).toBe(true);
    expect(await getAll(urlOf(home), keys)).toEqual({ ok: true, value: ['value of app:a', 'null', 'null'] });
  });

  test('groups keys by their slot, and each key is in one group', async () => {
    const keys = ['{x}1', 'app:a', '{x}2', 'app:d', '{x}1'];
    const ended = await withServers(
      endpointOf(urlOf(cluster.nodes[0])),
      5000,
      async (servers) => servers.groups(keys).map(({ indices }) => indices),
      { isWhole: true },
    );
    expect(ended).toEqual({ ok: true, value: [[0, 2, 4], [1], [3]] });
  });

  test('is recognised before it is asked for all keys', async () => {
    const url = urlOf(cluster.nodes[1]);
    expect(await namesAt(url, { isWhole: true })).toEqual({ ok: true, value: [...KEYS].sort() });
    expect(await namesAt(url, { isWhole: true, isStream: true })).toEqual({
      ok: true,
      value: [...KEYS].sort(),
    });
  });

  test('is left without a connection', async () => {
    await getAll(urlOf(cluster.nodes[0]));
    for (const node of cluster.nodes) await expect.poll(() => connectionsAt(node)).toBe(1);
  });

  test('has no database but 0, and says so', async () => {
    const { reason, said, advice } = await faultAt(urlOf(cluster.nodes[0], { database: 1 }));
    expect(reason).toBe('unreadable');
    expect(said).toMatch(/:\d+ is one node of a cluster, which has no database 1$/);
    expect(advice).toContain('take the number off');
  });

  test('answers for binary names of keys', async () => {
    const name = Uint8Array.of(0x61, 0xff, 0x00);
    const slot = slotOf(name);
    const home = cluster.nodes[Math.floor(slot / 5462) as 0 | 1 | 2];
    await home.admin.set(Buffer.from(name), 'x');
    const ended = await withServers(endpointOf(urlOf(home)), 5000, async ({ nodes }) => {
      const [reply] = (await nodes[0]?.session.send([['GET', name]])) ?? [];
      return textOf(reply);
    });
    await home.admin.del(Buffer.from(name));
    expect(ended).toEqual({ ok: true, value: 'x' });
  });

  describe('with a user who may', () => {
    const grant = async (...rights: readonly string[]) => {
      for (const { admin } of cluster.nodes) {
        await admin.call('ACL', 'SETUSER', 'guardian', 'reset', 'on', `>${SECRET}`, '%R~app:*', ...rights);
      }
      return urlOf(cluster.nodes[0], { username: 'guardian', password: SECRET });
    };
    const reading = ['+get', '+multi', '+exec'];

    test('see the slots is read with the same credentials on all nodes', async () => {
      const url = await grant(...reading, '+cluster|slots');
      expect(await getAll(url)).toEqual({ ok: true, value: VALUES });
    });

    test('do what the page on Redis grants is read by a store', async () => {
      const url = await grant('+type', '+strlen', '+pttl', '+getrange', '+multi', '+exec', '+cluster|slots');
      const found = await read(url, [...KEYS, 'app:none', 'other']);
      expect(found.map(inShort)).toEqual([...VALUES.map((value) => `"${value}"`), 'absent', 'unauthorized']);
    });

    test('only see the shards is read too', async () => {
      const url = await grant(...reading, '+cluster|shards');
      expect(await getAll(url)).toEqual({ ok: true, value: VALUES });
    });

    test('see neither is told which permission is missing', async () => {
      const said = faultOf(await getAll(await grant(...reading)));
      expect(said).toContain('lacks the permission to run CLUSTER|SLOTS');
      expect(said).toContain('+cluster|slots');
    });

    test('do nothing else still tells that it is a cluster', async () => {
      const url = await grant('+scan', '+cluster|slots');
      expect(await namesAt(url, { isWhole: true })).toEqual({ ok: true, value: [...KEYS].sort() });
    });
  });

  describe('that moves a slot', () => {
    const slot = slotOf('app:a');

    test('says of a key that can be nowhere for sure that it is moving, and reads the others', async () => {
      const [to, from] = [cluster.nodes[0], cluster.homeOf('app:a')];
      await cluster.beginMove(slot, from, to);
      const start = performance.now();
      // Same slot, and not there: it might have been moved.
      const [present, absent, other] = await read(urlOf(to), ['app:a', '{app:a}none', 'app:b'], {
        timeout: 10_000,
      });
      expect(performance.now() - start).toBeLessThan(5000);
      expect([present, other].map(inShort)).toEqual(['"value of app:a"', '"value of app:b"']);
      expect(told(absent)).toMatchObject({ reason: 'unreadable', said: expect.stringContaining('(ASK)') });
      for (const { admin } of [to, from]) await admin.call('CLUSTER', 'SETSLOT', slot, 'STABLE');
    });

    test('is waited for, and then read', async () => {
      const [to, from] = [cluster.nodes[0], cluster.homeOf('app:a')];
      await cluster.beginMove(slot, from, to);
      const reading = getAll(urlOf(cluster.nodes[1]), ['app:a', '{app:a}none', 'app:b']);
      await sleep(400);
      await cluster.endMove(slot, from, to);
      const value = ['value of app:a', 'null', 'value of app:b'];
      expect(await reading).toEqual({ ok: true, value });
      // The third node may not have heard of it.
      for (const node of cluster.nodes) {
        expect(await getAll(urlOf(node), ['app:a', '{app:a}none', 'app:b'])).toEqual({ ok: true, value });
      }
      await cluster.beginMove(slot, to, from);
      await cluster.endMove(slot, to, from);
    });

    test.each([0, 1] as const)(
      'while its keys are listed leaves the list in doubt: node %i',
      async (asked) => {
        const [to, from] = [cluster.nodes[0], cluster.homeOf('app:a')];
        let isDone = false;
        const ended = await namesAt(
          urlOf(cluster.nodes[asked]),
          { isWhole: true, isStream: true },
          async () => {
            if (isDone) return;
            isDone = true;
            await cluster.beginMove(slot, from, to);
            await cluster.endMove(slot, from, to);
          },
        );
        await cluster.beginMove(slot, to, from);
        await cluster.endMove(slot, to, from);
        expect(faultOf(ended)).toContain('have just been moved to another node');
      },
    );
  });
});

describe.skipIf(noBinary)(`a cluster of three${skipped}`, () => {
  test('is read by the names that its nodes announce', async () => {
    await using cluster = await startCluster([
      'cluster-announce-hostname localhost',
      'cluster-preferred-endpoint-type hostname',
    ]);
    for (const key of KEYS) await cluster.homeOf(key).admin.set(key, `value of ${key}`);
    expect(await getAll(urlOf(cluster.nodes[0]))).toEqual({ ok: true, value: VALUES });
    const ended = await withServers(
      endpointOf(urlOf(cluster.nodes[0])),
      5000,
      async ({ nodes }) => nodes.map(({ address }) => address),
      { isWhole: true },
    );
    expect(ended).toEqual({ ok: true, value: cluster.nodes.map(({ port }) => `localhost:${port}`) });
  });

  test('that has lost a node is UNCHECKED, and says which', async () => {
    await using cluster = await startCluster(['cluster-require-full-coverage no']);
    for (const key of KEYS) await cluster.homeOf(key).admin.set(key, `value of ${key}`);
    const [first, second] = cluster.nodes;
    await second.kill();
    const start = performance.now();
    const said = faultOf(await getAll(urlOf(first), KEYS, 2000));
    expect(performance.now() - start).toBeLessThan(2000 + GRACE);
    expect(said).toContain(`nothing listens at 127.0.0.1:${second.port} (ECONNREFUSED)`);
    expect(said).toContain('the cluster gave this address');
    // The others are still read when nothing else is asked for.
    expect(await getAll(urlOf(first), ['app:a', 'app:b'])).toEqual({
      ok: true,
      value: ['value of app:a', 'value of app:b'],
    });
    expect(faultOf(await namesAt(urlOf(first), { isWhole: true }))).toContain('nothing listens');
  });

  test('is read through a replica from its primaries', async () => {
    await using cluster = await startCluster();
    for (const key of KEYS) await cluster.homeOf(key).admin.set(key, `value of ${key}`);
    await using replica = await cluster.addReplica();
    expect(await getAll(urlOf(replica))).toEqual({ ok: true, value: VALUES });
    expect(await getAll(urlOf(replica), ['app:a'])).toEqual({ ok: true, value: ['value of app:a'] });
    expect(await namesAt(urlOf(replica), { isWhole: true })).toEqual({ ok: true, value: [...KEYS].sort() });
  });

  test('of which some slots are served by nobody tells no list of all keys', async () => {
    await using cluster = await startCluster(['cluster-require-full-coverage no']);
    const [first] = cluster.nodes;
    await first.admin.call('CLUSTER', 'DELSLOTS', 7);
    const said = faultOf(await namesAt(urlOf(first), { isWhole: true, isStream: true }));
    expect(said).toContain('serves only 16383 of its 16384 slots');
  });
});

describe('a cluster that does not tell of its nodes', () => {
  const greeting = '*2\r\n$4\r\nmode\r\n$7\r\ncluster\r\n';
  const page = '*2\r\n$1\r\n0\r\n*0\r\n';

  /** A server on which there is nothing, with a few words of its own. */
  function reticent(words: Readonly<Record<string, string>>): Promise<Listener> {
    const usual: Readonly<Record<string, string>> = { PING: '+PONG\r\n', SCAN: page };
    return script(([name = '']) => words[name] ?? usual[name] ?? `-ERR unknown command '${name}'\r\n`);
  }

  test.each(["-ERR unknown command 'CLUSTER'\r\n", '-ERR This instance has cluster support disabled\r\n'])(
    'has no list of all keys, of one node or of all: %j',
    async (CLUSTER) => {
      await using server = await reticent({ HELLO: greeting, CLUSTER });
      const { fault } = await scanned(storeAt(urlOf(server)));
      expect(fault?.reason).toBe('unreadable');
      expect(fault && plain(fault.phrase)).toMatch(/one node of a cluster and doesn't tell of the others/);
      expect(fault && plain(fault.advice)).toContain('CLUSTER SLOTS');
      expect(faultOf(await namesAt(urlOf(server), { isWhole: true }))).toContain(
        "doesn't tell of the others",
      );
    },
  );

  test('nor whether it is one has no such list either', async () => {
    const denied = "-NOPERM User guardian has no permissions to run the 'cluster|info' command\r\n";
    await using server = await reticent({ CLUSTER: denied });
    const { found, fault } = await scanned(storeAt(urlOf(server)));
    expect(found).toEqual([]);
    expect(fault && plain(fault.phrase)).toContain('lacks the permission to run CLUSTER|INFO');
  });

  test('because it is none, and too old to say so, has one', async () => {
    await using server = await reticent({});
    expect(await scanned(storeAt(urlOf(server)))).toEqual({ found: [] });
  });
});

describe('what a node of a cluster says of another', () => {
  const bulk = (text: string) => `$${text.length}\r\n${text}\r\n`;

  /** Where a node is expected that is told of so, by a server on which `port` stands for its own. */
  async function expected(slots: (port: number) => string, shards?: (port: number) => string) {
    await using server = await script(([name, part]) => {
      if (name !== 'CLUSTER')
        return name === 'HELLO' ? `*2\r\n${bulk('mode')}${bulk('cluster')}` : '+PONG\r\n';
      if (part === 'SLOTS') return slots(server.port);
      return shards?.(server.port) ?? '-ERR no\r\n';
    });
    const ended = await withServers(
      endpointOf(urlOf({ host: 'localhost', port: server.port })),
      2000,
      async ({ nodes }) => nodes.map(({ address }) => address.replace(`${server.port}`, 'PORT')),
      { isWhole: true },
    );
    return ended.ok ? ended.value : faultOf(ended);
  }

  test.each([
    ['nothing', '$-1\r\n', 'localhost:PORT'],
    ['an empty name', bulk(''), 'node.example:PORT'],
    ['a question mark', bulk('?'), 'node.example:PORT'],
    ['a name', bulk('other.example'), 'other.example:PORT'],
  ])('as its endpoint leads there: %s', async (_what, endpoint, address) => {
    const more = `*2\r\n${bulk('hostname')}${bulk('node.example')}`;
    const slots = (port: number) =>
      `*1\r\n*3\r\n:0\r\n:16383\r\n*4\r\n${endpoint}:${port}\r\n${bulk('id')}${more}`;
    expect(await expected(slots)).toEqual([address]);
    const primary = (port: number) =>
      `*10\r\n${bulk('id')}${bulk('id')}${bulk('port')}:${port}\r\n${bulk('endpoint')}${endpoint}` +
      `${bulk('hostname')}${bulk('node.example')}${bulk('role')}${bulk('master')}`;
    const shards = (port: number) =>
      `*1\r\n*4\r\n${bulk('slots')}*2\r\n:0\r\n:16383\r\n${bulk('nodes')}*1\r\n${primary(port)}`;
    expect(await expected(() => "-ERR unknown subcommand 'SLOTS'\r\n", shards)).toEqual([address]);
  });
});

describe('a node that has lost its cluster', () => {
  const range = (first: number, last: number, port: number) =>
    `*3\r\n:${first}\r\n:${last}\r\n*2\r\n$9\r\n127.0.0.1\r\n:${port}\r\n`;

  test('is not asked where the keys of others are', async () => {
    const down = '-CLUSTERDOWN The cluster is down\r\n';
    // It believes that all slots are its own.
    await using lost: Listener = await script(([name]) =>
      name === 'CLUSTER' ? `*1\r\n${range(0, 16_383, lost.port)}` : down,
    );
    await using sound: Listener = await script(([name, key]) => {
      if (name === 'CLUSTER') return `*2\r\n${range(0, 8191, lost.port)}${range(8192, 16_383, sound.port)}`;
      if (name === 'EXEC') return '*1\r\n$1\r\nx\r\n';
      return key === 'app:b' ? `-MOVED 509 127.0.0.1:${lost.port}\r\n` : '+OK\r\n';
    });
    const ended = await getAll(urlOf(sound), ['app:b', 'app:a'], 1500);
    expect(ended).toEqual({ ok: true, value: [expect.stringContaining('CLUSTERDOWN'), 'x'] });
    expect(lost.taken).toBeGreaterThan(1);
  });
});

describe.skipIf(noBinary)(`a proxy in front of a cluster${skipped}`, () => {
  test('that speaks of slots, and not of nodes, is read slot by slot', async () => {
    // A node that has all slots and doesn't tell of them answers like one.
    await using proxy = await startServer([
      'cluster-enabled yes',
      `cluster-port ${await freePort()}`,
      'rename-command CLUSTER HIDDEN',
    ]);
    await proxy.admin.call('HIDDEN', 'ADDSLOTSRANGE', 0, 16_383);
    const write = () => proxy.admin.set('app:a', 'x').catch(() => 'not yet');
    await expect.poll(write, { timeout: 10_000 }).toBe('OK');
    expect(await getAll(urlOf(proxy), ['app:a', 'app:b'])).toEqual({ ok: true, value: ['x', 'null'] });
    // Whether it is a proxy, or one node of several that hides the others, nobody can tell.
    expect((await scanned(storeAt(urlOf(proxy)))).fault?.reason).toBe('unreadable');
  });
});

describe('one server', () => {
  test('is asked nothing more than before there were clusters', async () => {
    await using redis = await startRedis();
    await redis.admin.set('app:a', 'x');
    await using between = await relay(redis);
    expect(await getAll(urlOf(between), ['app:a'])).toEqual({ ok: true, value: ['x'] });
    expect(between.turns).toEqual(['client', 'server']);
    expect(between.taken).toBe(1);
  });

  test('is recognised when all its keys are asked for', async () => {
    await using redis = await startRedis();
    await redis.admin.set('app:a', 'x');
    await redis.admin.call('ACL', 'SETUSER', 'guardian', 'on', `>${SECRET}`, '+scan');
    const url = urlOf(redis, { username: 'guardian', password: SECRET });
    expect(await namesAt(url, { isWhole: true })).toEqual({ ok: true, value: ['app:a'] });
  });

  test.each([
    ['knows no clusters', '-ERR This instance has cluster support disabled\r\n', false],
    ['is one node of a cluster', '$18\r\ncluster_state:ok\r\n\r\n', true],
  ])('that is too old for HELLO and %s', async (_what, answer, isCluster) => {
    await using server = await script(([name, part]) => {
      if (name === 'CLUSTER') return part === 'INFO' ? answer : '*0\r\n';
      return name === 'PING' ? '+PONG\r\n' : `-ERR unknown command '${name}'\r\n`;
    });
    const ended = await withServers(endpointOf(urlOf(server)), 2000, async (servers) => servers.isCluster, {
      isWhole: true,
    });
    expect(ended).toEqual({ ok: true, value: isCluster });
  });

  test.each([
    '*1\r\n:1\r\n',
    '*1\r\n*3\r\n:0\r\n:16383\r\n*2\r\n$3\r\n`a`\r\n:1\r\n',
    '*1\r\n*3\r\n:0\r\n:99999\r\n*2\r\n$1\r\nh\r\n:1\r\n',
    '+OK\r\n',
  ])('that describes no cluster that could be is not Redis: %j', async (slots) => {
    await using server = await script(([name]) =>
      name === 'CLUSTER' ? slots : '-MOVED 1 10.0.0.7:6379\r\n',
    );
    expect(faultOf(await getAll(urlOf(server), KEYS, 1000))).toContain('is not Redis');
  });
});

describe('a stream', () => {
  test('has the whole time for every batch', async () => {
    await using redis = await startRedis();
    const ended = await withServers(
      endpointOf(redis.url),
      400,
      async ({ nodes: [node] }) => {
        for (let batch = 1; batch <= 4; batch += 1) {
          await node?.session.send([['PING']]);
          await sleep(200);
        }
        return 'done';
      },
      { isWhole: true, isStream: true },
    );
    expect(ended).toEqual({ ok: true, value: 'done' });
  });

  test('is not begun before the server has loaded its data', async () => {
    let asked = 0;
    let begun = 0;
    await using server = await script(([name]) => {
      if (name === 'HELLO') return '*0\r\n';
      asked += 1;
      return asked < 3 ? '-LOADING Redis is loading the dataset in memory\r\n' : '+PONG\r\n';
    });
    const ended = await withServers(
      endpointOf(urlOf(server)),
      3000,
      async ({ nodes: [node] }) => {
        begun += 1;
        return node?.session.send([['PING']]);
      },
      { isWhole: true, isStream: true },
    );
    expect(ended.ok).toBe(true);
    expect([asked, begun]).toEqual([4, 1]);
  });

  test('ends when one batch takes longer, and is not begun again', async () => {
    await using redis = await startRedis();
    let begun = 0;
    const ended = await withServers(
      endpointOf(redis.url),
      300,
      async ({ nodes: [node] }) => {
        begun += 1;
        await node?.session.send([['PING']]);
        await node?.session.send([['DEBUG', 'SLEEP', '0.6']]);
      },
      { isWhole: true, isStream: true },
    );
    expect(faultOf(ended)).toContain('no whole Redis reply came within 300 ms');
    expect(begun).toBe(1);
  });

  test('is not begun again when the connection is lost', async () => {
    await using redis = await startRedis();
    let begun = 0;
    const ended = await withServers(
      endpointOf(redis.url),
      3000,
      async ({ nodes: [node] }) => {
        begun += 1;
        await node?.session.send([['QUIT']]);
        await node?.session.send([['PING']]);
      },
      { isStream: true },
    );
    expect(faultOf(ended)).toContain('closed the connection');
    expect(begun).toBe(1);
  });
});
