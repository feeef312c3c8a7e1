import { setTimeout as sleep } from 'node:timers/promises';
import slotOf from 'cluster-key-slot';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { noBinary } from './support/binary.ts';
import { startCluster, type TestCluster } from './support/cluster.ts';
import { SECRET, urlOf } from './support/reading.ts';
import { answerOf, faultIn, held, swap, swapOf, writableAt } from './support/swapping.ts';

/** One key per node. */
const KEYS = ['app:b', 'app:c', 'app:a'] as const;

describe.skipIf(noBinary !== undefined)('in a cluster', () => {
  let cluster: TestCluster;
  const url = () => urlOf(cluster.nodes[0]);
  const valueAt = async (key: string) => (await held(cluster.homeOf(key).admin, key))[0];

  /** Another key of the same node, in another slot. */
  const besideOf = (key: string) => {
    const names = Array.from({ length: 100 }, (_, index) => `other:${index}`);
    const home = cluster.homeOf(key);
    const found = names.find((name) => cluster.homeOf(name) === home && slotOf(name) !== slotOf(key));
    if (found === undefined) throw new Error('no such key');
    return found;
  };

  beforeAll(async () => {
    cluster = await startCluster();
  });
  afterAll(async () => {
    await cluster?.[Symbol.asyncDispose]();
  });
  beforeEach(async () => {
    for (const { admin } of cluster.nodes) await admin.flushall();
    for (const key of KEYS) await cluster.homeOf(key).admin.set(key, 'x');
  });

  test('keys of all nodes are written where they live', async () => {
    const answers = await swap(
      url(),
      KEYS.map((key) => swapOf(key, 'x', 'y')),
    );
    expect(answers).toEqual(['swapped "y"', 'swapped "y"', 'swapped "y"']);
    expect(await Promise.all(KEYS.map(valueAt))).toEqual(['y', 'y', 'y']);
  });

  test('one that has moved holds back those of its slot, and no others', async () => {
    const [b] = KEYS;
    const [beside, sibling] = [`{${b}}:beside`, `{${b}}:sibling`];
    await cluster.homeOf(b).admin.mset(beside, 'moved', sibling, 'x');
    const answers = await swap(
      url(),
      [...KEYS, beside, sibling].map((key) => swapOf(key, 'x', 'y')),
    );
    expect(answers).toEqual(['held', 'swapped "y"', 'swapped "y"', 'moved "moved"', 'held']);
    expect(await valueAt(b)).toBe('x');
  });

  test('keys of one node in different slots are different transactions', async () => {
    const home = cluster.homeOf('app:b');
    const other = besideOf('app:b');
    await home.admin.set(other, 'moved');
    const answers = await swap(urlOf(home), [swapOf('app:b', 'x', 'y'), swapOf(other, 'x', 'y')]);
    expect(answers).toEqual(['swapped "y"', 'moved "moved"']);
  });

  test('a node that is refused to us keeps no others from being written', async () => {
    const [b] = KEYS;
    for (const { admin } of cluster.nodes) {
      await admin.call('ACL', 'SETUSER', 'writer', 'reset', 'on', `>${SECRET}`, '+@all', '~app:a', '~app:c');
    }
    const login = { username: 'writer', password: SECRET };
    const answers = await writableAt(urlOf(cluster.nodes[0], login)).swap(
      KEYS.map((key) => swapOf(key, 'x', 'y')),
    );
    expect(answers.map(answerOf)).toEqual(['refused unauthorized', 'swapped "y"', 'swapped "y"']);
    expect(faultIn(answers[0]).said).toContain('lacks the permission to write the key');
    expect(await valueAt(b)).toBe('x');
  });

  test('who answers is all nodes together', async () => {
    const runs = await Promise.all(
      cluster.nodes.map(async ({ admin }) => /run_id:(\w+)/.exec(await admin.info('server'))?.[1]),
    );
    expect((await writableAt(url()).identify()).runs).toEqual(runs.sort());
  });

  test('a slot that has got stuck on its way holds back no others of its node', async () => {
    const key = `{app:b}:new`;
    const [from, to] = [cluster.nodes[0], cluster.nodes[1]];
    expect(cluster.homeOf(key)).toBe(from);
    await cluster.beginMove(slotOf(key), from, to);
    const answers = await writableAt(url()).swap([swapOf(key, null, 'y'), swapOf(besideOf(key), null, 'y')]);
    await from.admin.call('CLUSTER', 'SETSLOT', slotOf(key), 'STABLE');
    await to.admin.call('CLUSTER', 'SETSLOT', slotOf(key), 'STABLE');
    expect(answers.map(answerOf)).toEqual(['refused unreadable', 'swapped "y"']);
    expect(faultIn(answers[0]).advice).toContain('run again');
  });

  // The last one: it leaves the slot where it has moved it.
  test('a slot on its way to another node is written when it has arrived', async () => {
    const key = 'app:a';
    const slot = slotOf(key);
    const from = cluster.homeOf(key);
    const to = cluster.nodes.find((node) => node !== from) ?? from;
    await cluster.beginMove(slot, from, to);
    // A key that isn't at the old node any more is to be looked for at the new one.
    const swaps = [swapOf(key, 'x', 'y'), swapOf(`{${key}}:new`, null, 'y')];
    const answers = swap(urlOf(from), swaps);
    await sleep(600);
    expect(await held(from.admin, key)).toEqual(['x']);
    await cluster.endMove(slot, from, to);
    expect(await answers).toEqual(['swapped "y"', 'swapped "y"']);
    expect(await held(to.admin, key, `{${key}}:new`)).toEqual(['y', 'y']);
  });
});
