import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { plain } from '../../src/core/plain.ts';
import type { NodeFacts, ServerFacts } from '../../src/core/server.ts';
import { freePort, readerLogin, startRedis, type TestRedis } from '../support/redis.ts';
import { noBinary } from './support/binary.ts';
import { startCluster, type TestCluster } from './support/cluster.ts';
import { relay, script } from './support/listeners.ts';
import { expectNoSecret, SECRET, storeAt, urlOf } from './support/reading.ts';

/** What a server tells; that it tells nothing is a failure of the test. */
async function audit(url: string): Promise<ServerFacts> {
  const evidence = await storeAt(url).audit();
  expectNoSecret(evidence);
  if (evidence.kind === 'unknown') throw new Error(plain(evidence.fault.phrase));
  return evidence.server;
}

/** What the one server tells of itself as a node. */
async function node(url: string): Promise<NodeFacts> {
  const { nodes } = await audit(url);
  expect(nodes).toHaveLength(1);
  return nodes[0] ?? { address: nobody };
}

const nobody = '' as NodeFacts['address'];

/** Makes a user who may do what the rules say, and tells the URL by which it connects. */
async function grant(redis: TestRedis, ...rules: readonly string[]): Promise<string> {
  await redis.admin.call('ACL', 'SETUSER', 'guardian', 'reset', 'on', `>${SECRET}`, ...rules);
  return urlOf(redis, { username: 'guardian', password: SECRET });
}

describe('a server', () => {
  test('tells what it is, and how many keys its databases hold', async () => {
    await using redis = await startRedis();
    await redis.admin.mset('a', '1', 'b', '2');
    await redis.connect({ db: 5 }).set('a', '1');
    const { nodes, version, ...server } = await audit(redis.reader);
    expect(server).toEqual({
      product: expect.stringMatching(/^(redis|valkey)$/),
      mode: 'standalone',
      hidden: [],
    });
    expect(version).toMatch(/^\d+\.\d+\.\d+$/);
    expect(nodes).toMatchObject([
      {
        address: `${redis.host}:${redis.port}`,
        role: 'primary',
        isLoading: false,
        databases: new Map([
          [0, 2],
          [5, 1],
        ]),
      },
    ]);
    expect(nodes[0]?.uptime).toBeLessThan(60);
  });

  test('tells all in one round trip, after another that asks whether it is one of several', async () => {
    await using redis = await startRedis();
    await using between = await relay(redis);
    await audit(urlOf(between, readerLogin));
    expect(between.turns).toEqual(['client', 'server', 'client', 'server']);
    expect(between.taken).toBe(1);
  });

  test('that is not there is unknown, and so is what it is', async () => {
    const evidence = await storeAt(`redis://127.0.0.1:${await freePort()}`).audit();
    expect(evidence).toMatchObject({ kind: 'unknown', fault: { reason: 'unreachable' } });
  });

  test('that refuses every question is unknown', async () => {
    await using server = await script(() => '-ERR unknown command\r\n');
    const evidence = await storeAt(urlOf(server)).audit();
    expect(evidence).toMatchObject({ kind: 'unknown', fault: { reason: 'unreadable' } });
  });
});

describe('persistence', () => {
  test('that is off is told as that, with what would be lost', async () => {
    await using redis = await startRedis();
    await redis.admin.set('a', '1');
    const { snapshots, log } = await node(redis.reader);
    expect(snapshots).toEqual({ points: '', isLastSaveGood: true, unsaved: 1 });
    expect(log).toMatchObject({ isOn: false });
  });

  test('that is on is told with its points and its last save', async () => {
    await using redis = await startRedis(['--save', '3600 1 300 100', '--appendonly', 'yes']);
    await redis.admin.set('a', '1');
    const before = Date.now();
    await redis.admin.save();
    const { snapshots, log } = await node(redis.reader);
    expect(snapshots).toMatchObject({ points: '3600 1 300 100', isLastSaveGood: true, unsaved: 0 });
    expect(snapshots?.lastSave).toBeGreaterThan(before - 2000);
    expect(snapshots?.lastSave).toBeLessThan(Date.now() + 2000);
    expect(log).toEqual({ isOn: true, isLastWriteGood: true, isLastRewriteGood: true });
  });

  test('that fails is told as failing', async () => {
    await using redis = await startRedis(['--save', '3600 1', '--enable-protected-configs', 'yes']);
    await redis.admin.set('a', '1');
    // Nothing can be put in the place of the folder itself.
    await redis.admin.config('SET', 'dbfilename', '.');
    await redis.admin.bgsave();
    await expect.poll(() => redis.admin.info('persistence')).toContain('rdb_last_bgsave_status:err');
    const { snapshots } = await node(redis.reader);
    expect(snapshots).toEqual({ points: '3600 1', isLastSaveGood: false, unsaved: 1 });
    await redis.admin.config('SET', 'save', '');
  });
});

describe('memory', () => {
  test('without a limit is told as 0', async () => {
    await using redis = await startRedis();
    const { memory } = await node(redis.reader);
    expect(memory).toEqual({
      policy: 'noeviction',
      limit: 0,
      used: expect.any(Number),
      evicted: 0,
    });
  });

  test('that is full is told with the keys that had to go', async () => {
    await using redis = await startRedis();
    const used = Number(/used_memory:(\d+)/.exec(await redis.admin.info('memory'))?.[1]);
    const limit = used + 2 * 1024 ** 2;
    await redis.admin.config('SET', 'maxmemory-policy', 'allkeys-lru', 'maxmemory', limit);
    for (let index = 0; index < 60; index += 1) await redis.admin.set(`app:${index}`, 'x'.repeat(100_000));
    const { memory } = await node(redis.reader);
    expect(memory).toMatchObject({ policy: 'allkeys-lru', limit });
    expect(memory?.evicted).toBeGreaterThan(0);
  });
});

const isInContainers = (process.env['TEST_REDIS_IMAGE'] ?? '') !== '';

describe.skipIf(isInContainers)('a replica (not among containers, which don’t know each other)', () => {
  test('tells whether its link is up, and when it last heard of its primary', async () => {
    await using primary = await startRedis(['--repl-diskless-sync-delay', '0']);
    await primary.admin.set('a', '1');
    await using redis = await startRedis(['--replicaof', primary.host, `${primary.port}`]);
    const link = async () => (await node(redis.reader)).replication?.isUp;
    await expect.poll(link, { timeout: 15_000 }).toBe(true);
    const { role, replication } = await node(redis.reader);
    expect(role).toBe('replica');
    expect(replication).toEqual({ isUp: true, silence: expect.any(Number), lag: 0 });
    await redis.admin.replicaof('127.0.0.1', await freePort());
    await expect.poll(link, { timeout: 15_000 }).toBe(false);
    expect((await node(redis.reader)).role).toBe('replica');
  });
});

describe('a cluster', () => {
  test('of one node that serves nothing is not whole, and one that serves all is', async () => {
    await using redis = await startRedis(['--cluster-enabled', 'yes']);
    const before = await audit(redis.reader);
    expect(before).toMatchObject({ mode: 'cluster', isClusterWhole: false, hidden: [] });
    expect(before.nodes.map(({ address }) => address)).toEqual([`${redis.host}:${redis.port}`]);
    await redis.admin.call('CLUSTER', 'ADDSLOTSRANGE', 0, 16_383);
    await expect.poll(async () => (await audit(redis.reader)).isClusterWhole, { timeout: 15_000 }).toBe(true);
  });

  test('is none where there is one server', async () => {
    await using redis = await startRedis();
    expect(await audit(redis.reader)).not.toHaveProperty('isClusterWhole');
  });
});

const skipped = noBinary === undefined ? '' : ` (skipped: ${noBinary})`;

describe.skipIf(noBinary)(`a cluster of three${skipped}`, () => {
  let cluster: TestCluster;

  beforeAll(async () => {
    cluster = await startCluster();
  });

  afterAll(() => cluster[Symbol.asyncDispose]());

  const ports = () => cluster.nodes.map(({ port }) => port);

  test('is whole when all its nodes say so', async () => {
    const server = await audit(urlOf(cluster.nodes[0]));
    expect(server).toMatchObject({ mode: 'cluster', isClusterWhole: true, hidden: [] });
    expect(server.nodes).toHaveLength(3);
  });

  test('is told of by every node that refuses, with its address', async () => {
    for (const { admin } of cluster.nodes) {
      await admin.call('ACL', 'SETUSER', 'guardian', 'reset', 'on', `>${SECRET}`, '~*', '+@all', '-config');
    }
    const { hidden } = await audit(urlOf(cluster.nodes[0], { username: 'guardian', password: SECRET }));
    expect(hidden.map(({ fault }) => plain(fault.phrase))).toEqual(
      ports().map((port) => expect.stringContaining(`127.0.0.1:${port} lacks the permission to run CONFIG`)),
    );
  });

  test('of which one node does not tell may be whole or not', async () => {
    await cluster.nodes[2].admin.call('ACL', 'SETUSER', 'guardian', '+@all', '-cluster|info');
    const server = await audit(urlOf(cluster.nodes[0], { username: 'guardian', password: SECRET }));
    expect(server).not.toHaveProperty('isClusterWhole');
  });

  test('of which one node sees slots missing is not whole, whatever the others say', async () => {
    const [first, , third] = cluster.nodes;
    const views = async () => {
      // Its owner soon tells the node of it again.
      await third.admin.call('CLUSTER', 'DELSLOTS', 7).catch(() => 'it was not told yet');
      return (await audit(urlOf(first))).isClusterWhole;
    };
    await expect.poll(views, { timeout: 10_000 }).toBe(false);
  });

  test('that has lost a node is told of by the others', async () => {
    const [first, second] = cluster.nodes;
    await second.kill();
    const { nodes, hidden, product } = await audit(urlOf(first));
    expect(product).not.toBe('unknown');
    expect(nodes.map(({ role }) => role)).toEqual(['primary', undefined, 'primary']);
    expect(nodes[1]).toEqual({ address: `127.0.0.1:${second.port}` });
    expect(hidden.map(({ fault }) => plain(fault.phrase))).toEqual([
      `nothing listens at 127.0.0.1:${second.port} (ECONNREFUSED)`,
    ]);
  });
});

describe('a user', () => {
  const hiddenOf = ({ hidden }: ServerFacts) =>
    hidden.map(({ command, fault }) => `${command}: ${fault.reason}: ${plain(fault.phrase)}`);

  test('without CONFIG learns all but when the server saves', async () => {
    await using redis = await startRedis();
    const server = await audit(await grant(redis, '~*', '+@all', '-config'));
    expect(hiddenOf(server)).toEqual([
      expect.stringMatching(/^CONFIG GET: unauthorized: .* lacks the permission to run CONFIG/),
    ]);
    const [facts] = server.nodes;
    expect(facts?.snapshots).toEqual({ isLastSaveGood: true, unsaved: 0 });
    expect(facts?.memory).toMatchObject({ policy: 'noeviction' });
  });

  test('without INFO learns what HELLO and CONFIG tell', async () => {
    await using redis = await startRedis();
    const server = await audit(await grant(redis, '~*', '+@all', '-info'));
    expect(hiddenOf(server)).toEqual([
      expect.stringMatching(/^INFO: unauthorized: .* lacks the permission to run INFO$/),
    ]);
    expect(server).toMatchObject({ mode: 'standalone', version: expect.stringMatching(/^\d+\.\d+/) });
    expect(server.product).not.toBe('unknown');
    expect(server.nodes).toEqual([
      { address: `${redis.host}:${redis.port}`, role: 'primary', snapshots: { points: '' } },
    ]);
  });

  test('without anything learns what HELLO tells', async () => {
    await using redis = await startRedis();
    const server = await audit(await grant(redis, '-@all'));
    expect(server.hidden.map(({ command }) => command)).toEqual(['INFO', 'CONFIG GET']);
    expect(server.nodes).toEqual([{ address: `${redis.host}:${redis.port}`, role: 'primary' }]);
  });

  test('of a cluster, without CLUSTER INFO, does not learn whether it is whole', async () => {
    await using redis = await startRedis(['--cluster-enabled', 'yes']);
    const server = await audit(await grant(redis, '~*', '+@all', '-cluster|info'));
    expect(server.hidden.map(({ command }) => command)).toEqual(['CLUSTER INFO']);
    expect(server).not.toHaveProperty('isClusterWhole');
  });
});
