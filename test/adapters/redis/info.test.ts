import { describe, expect, test } from 'vitest';
import { parseInfo } from '../../../src/adapters/redis/info.ts';

/** As Redis spells it, of all sections those lines that matter and some that don't. */
function info(text: string): string {
  return text.trim().replaceAll('\n', '\r\n');
}

const redis7 = info(`
# Server
redis_version:7.0.15
redis_git_sha1:00000000
redis_mode:standalone
os:Linux 6.18.44 x86_64
multiplexing_api:epoll
gcc_version:12.2.0
server_time_usec:1795546350347743
uptime_in_seconds:1
executable:/usr/bin/redis-server
config_file:

# Memory
used_memory:941656
used_memory_human:919.59K
maxmemory:0
maxmemory_policy:noeviction

# Persistence
loading:0
async_loading:0
rdb_changes_since_last_save:1
rdb_bgsave_in_progress:0
rdb_last_save_time:1795546349
rdb_last_bgsave_status:ok
rdb_saves:0
aof_enabled:0
aof_last_bgrewrite_status:ok
aof_last_write_status:ok

# Stats
evicted_keys:0

# Replication
role:master
connected_slaves:0
master_repl_offset:0

# Modules

# Cluster
cluster_enabled:0

# Keyspace
db0:keys=1,expires=0,avg_ttl=0
db12:keys=3,expires=1,avg_ttl=1000
`);

const redis6 = info(`
# Server
redis_version:6.0.16
redis_git_sha1:00000000
redis_mode:standalone
gcc_version:10.2.1
uptime_in_seconds:86400
hz:10

# Memory
used_memory:866440
maxmemory:104857600
maxmemory_policy:allkeys-lru

# Persistence
loading:0
rdb_changes_since_last_save:12
rdb_bgsave_in_progress:0
rdb_last_save_time:1700000000
rdb_last_bgsave_status:err
aof_enabled:1
aof_last_bgrewrite_status:err
aof_last_write_status:err

# Stats
evicted_keys:17

# Replication
role:slave
master_host:10.0.0.1
master_port:6379
master_link_status:up
master_last_io_seconds_ago:3
master_sync_in_progress:0
slave_repl_offset:1400
slave_priority:100

# Cluster
cluster_enabled:0

# Keyspace
`);

const redis8 = info(`
# Server
redis_version:8.0.2
redis_git_sha1:00000000
redis_mode:cluster
gcc_version:12.2.0
server_time_usec:1749200100000000
uptime_in_seconds:100
listener0:name=tcp,bind=*,bind=-::*,port=6379

# Persistence
loading:1
rdb_last_save_time:1749200050
rdb_last_bgsave_status:ok
rdb_saves:2

# Replication
role:slave
master_link_status:down
master_last_io_seconds_ago:-1
master_sync_in_progress:1
slave_read_repl_offset:100
slave_repl_offset:100
master_sync_left_bytes:5000

# Modules
module:name=ReJSON,ver=80001,api=1,filters=0,usedby=[search],using=[],options=[handle-io-errors]

# Keyspace
db0:keys=10,expires=0,avg_ttl=0,subexpiry=0
`);

const valkey = info(`
# Server
redis_version:7.2.4
server_name:valkey
valkey_version:8.0.1
redis_git_sha1:00000000
server_mode:standalone
gcc_version:11.5.0
server_time_usec:1732878357613568
uptime_in_seconds:97
executable:/usr/bin/valkey-server

# Replication
role:master
`);

describe('what a server is', () => {
  test.each([
    ['Redis 6', redis6, { product: 'redis', version: '6.0.16', mode: 'standalone' }],
    ['Redis 7', redis7, { product: 'redis', version: '7.0.15', mode: 'standalone' }],
    ['Redis 8', redis8, { product: 'redis', version: '8.0.2', mode: 'cluster' }],
    ['Valkey', valkey, { product: 'valkey', version: '8.0.1', mode: 'standalone' }],
    [
      'a server that only speaks like Redis',
      info('# Server\nredis_version:6.0.0\nkvrocks_version:2.0.0\nredis_mode:standalone'),
      { product: 'unknown', mode: 'standalone' },
    ],
    [
      'a Sentinel',
      info('# Server\nredis_version:7.2.0\nredis_mode:sentinel'),
      { product: 'redis', version: '7.2.0', mode: 'sentinel' },
    ],
    ['one that tells nothing', '', { product: 'unknown', mode: 'unknown' }],
    [
      'one whose version is no version',
      info('# Server\nredis_version:‹script›\nredis_mode:other'),
      { product: 'redis', mode: 'unknown' },
    ],
  ])('%s', (_what, text, identity) => {
    expect(parseInfo(text).identity).toEqual(identity);
  });
});

describe('the facts', () => {
  test('of Redis 7, which has never saved', () => {
    expect(parseInfo(redis7).facts).toEqual({
      role: 'primary',
      isLoading: false,
      uptime: 1,
      snapshots: { isLastSaveGood: true, unsaved: 1 },
      log: { isOn: false, isLastWriteGood: true, isLastRewriteGood: true },
      memory: { policy: 'noeviction', limit: 0, used: 941_656, evicted: 0 },
      databases: new Map([
        [0, 1],
        [12, 3],
      ]),
    });
  });

  test('of a replica of Redis 6, which has trouble', () => {
    expect(parseInfo(redis6).facts).toEqual({
      role: 'replica',
      replication: { isUp: true, silence: 3 },
      isLoading: false,
      uptime: 86_400,
      snapshots: { isLastSaveGood: false, unsaved: 12 },
      log: { isOn: true, isLastWriteGood: false, isLastRewriteGood: false },
      memory: { policy: 'allkeys-lru', limit: 104_857_600, used: 866_440, evicted: 17 },
      databases: new Map(),
    });
  });

  test('of a replica of Redis 8 that is being copied to', () => {
    expect(parseInfo(redis8).facts).toEqual({
      role: 'replica',
      replication: { isUp: false, lag: 5000 },
      isLoading: true,
      uptime: 100,
      snapshots: { isLastSaveGood: true, lastSave: 1_749_200_050_000 },
      databases: new Map([[0, 10]]),
    });
  });

  test('of a server that tells little are few', () => {
    expect(parseInfo(valkey).facts).toEqual({ role: 'primary', uptime: 97 });
    expect(parseInfo('').facts).toEqual({});
  });
});

describe('the last save', () => {
  const lastSave = (...lines: readonly string[]) =>
    parseInfo(info(['rdb_last_bgsave_status:ok', ...lines].join('\n'))).facts.snapshots?.lastSave;
  const start = ['server_time_usec:1700000100000000', 'uptime_in_seconds:100'];

  test('is told where there has been one', () => {
    expect(lastSave('rdb_saves:1', 'rdb_last_save_time:1700000000')).toBe(1_700_000_000_000);
  });

  test('is none where the time is only that of the start', () => {
    expect(lastSave('rdb_saves:0', 'rdb_last_save_time:1700000000')).toBeUndefined();
  });

  test('is none where all that was tried has failed', () => {
    const failed = [...start, 'rdb_saves:3', 'rdb_last_bgsave_status:err'];
    expect(lastSave(...failed, 'rdb_last_save_time:1700000000')).toBeUndefined();
    expect(lastSave(...failed, 'rdb_last_save_time:1700000050')).toBe(1_700_000_050_000);
  });

  test('of a server that does not count them is told when it is later than the start', () => {
    expect(lastSave(...start, 'rdb_last_save_time:1700000000')).toBeUndefined();
    expect(lastSave(...start, 'rdb_last_save_time:1700000050')).toBe(1_700_000_050_000);
  });

  test('of a server that does not tell its start either is unknown', () => {
    expect(lastSave('rdb_last_save_time:1700000000')).toBeUndefined();
  });
});

describe('how far a replica is behind', () => {
  const replication = (...lines: readonly string[]) =>
    parseInfo(info(['role:slave', 'master_link_status:up', ...lines].join('\n'))).facts.replication;

  test('is what it has received and not applied yet', () => {
    expect(replication('slave_read_repl_offset:1500', 'slave_repl_offset:1400')).toEqual({
      isUp: true,
      lag: 100,
    });
  });

  test('is unknown where it tells one of the two alone', () => {
    expect(replication('slave_repl_offset:1400')).toEqual({ isUp: true });
  });
});
