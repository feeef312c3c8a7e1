import { describe, expect, test } from 'vitest';
import { StoreFault } from '../../src/core/ports.ts';
import { startRedis } from '../support/redis.ts';
import { SECRET, urlOf } from './support/reading.ts';
import { writableAt } from './support/swapping.ts';

describe('who answers', () => {
  const idIn = (info: string, name: string) => new RegExp(`${name}:(\\w+)`).exec(info)?.[1];

  test('is told by run id and replication id, which no other server shares', async () => {
    await using redis = await startRedis();
    await using another = await startRedis();
    const info = await redis.admin.info();
    const run = idIn(info, 'run_id');
    const replication = idIn(info, 'master_replid');
    expect(await writableAt(urlOf(redis, { database: 3 })).identify()).toEqual({
      address: `${redis.host}:${redis.port}`,
      database: 3,
      isReplica: false,
      runs: [run],
      replications: [replication],
    });
    const other = await writableAt(another.url).identify();
    expect(other.runs).not.toEqual([run]);
  });

  test('keeps it to itself where INFO is denied', async () => {
    await using redis = await startRedis();
    await redis.admin.call('ACL', 'SETUSER', 'reader', 'on', `>${SECRET}`, '~*', '+@all', '-info');
    const url = urlOf(redis, { username: 'reader', password: SECRET });
    const identity = await writableAt(url).identify();
    expect(identity).toEqual({ address: `${redis.host}:${redis.port}`, database: 0 });
  });

  test('is nobody where nothing listens', async () => {
    await expect(writableAt('redis://127.0.0.1:1').identify()).rejects.toBeInstanceOf(StoreFault);
  });
});
