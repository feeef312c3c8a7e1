import { type Known, vouch } from '../../core/phrase.ts';
import type { NodeFacts, ServerFacts } from '../../core/server.ts';

/** What INFO (or HELLO) tells of the server itself. */
type Identity = Pick<ServerFacts, 'product' | 'version' | 'mode'>;

/** What INFO tells; each fact is absent when it isn't in the text. */
export interface Info {
  readonly identity: Identity;
  readonly facts: Omit<NodeFacts, 'address'>;
}

/** Reads the answer to INFO: `name:value` lines in sections. */
export function parseInfo(text: string): Info {
  const lines = new Map(
    text.split(/\r?\n/).flatMap((line): readonly (readonly [string, string])[] => {
      const [, name, value] = /^([^#:]+):(.*)$/.exec(line) ?? [];
      return name === undefined || value === undefined ? [] : [[name, value]];
    }),
  );
  const role = roleOf(lines.get('role'));
  return {
    identity: identityOf(text, lines),
    facts: given({
      role,
      isLoading: flag(lines, 'loading', '1'),
      uptime: number(lines, 'uptime_in_seconds'),
      replication: role === 'replica' ? replicationOf(lines) : undefined,
      snapshots: lines.has('rdb_last_bgsave_status') ? snapshotsOf(lines) : undefined,
      log: logOf(lines),
      memory: lines.has('used_memory') || lines.has('evicted_keys') ? memoryOf(lines) : undefined,
      databases: /^# Keyspace/m.test(text) ? databasesOf(lines) : undefined,
    }),
  };
}

type Lines = ReadonlyMap<string, string>;

function identityOf(text: string, lines: Lines): Identity {
  const product = productOf(nameOf(text, lines));
  const version = product === 'unknown' ? undefined : versionOf(lines.get(`${product}_version`));
  const mode = modeOf(lines.get('redis_mode') ?? lines.get('server_mode'));
  return { product, mode, ...given({ version }) };
}

/** Servers that only speak like Redis tell a version of it, beside their own. */
function nameOf(text: string, lines: Lines): string | undefined {
  const name = lines.get('server_name');
  if (name !== undefined) return name;
  const [server = ''] = text.replace(/^# Server\s*/, '').split(/^# /m);
  const names = Array.from(server.matchAll(/^(\w+)_version:/gm), ([, name]) => name);
  return names.find((name) => name !== 'redis' && name !== 'gcc') ?? names.find((name) => name === 'redis');
}

export function productOf(name: string | undefined): Identity['product'] {
  return name === 'redis' || name === 'valkey' ? name : 'unknown';
}

export function versionOf(text: string | undefined): Known | undefined {
  const version = /^\d+(\.\d+)+/.exec(text ?? '')?.[0];
  return version === undefined ? undefined : vouch(version);
}

export function modeOf(text: string | undefined): Identity['mode'] {
  return text === 'standalone' || text === 'cluster' || text === 'sentinel' ? text : 'unknown';
}

export function roleOf(text: string | undefined): NodeFacts['role'] {
  if (text === 'master') return 'primary';
  return text === 'slave' || text === 'replica' ? 'replica' : undefined;
}

function replicationOf(lines: Lines): NodeFacts['replication'] {
  const isUp = flag(lines, 'master_link_status', 'up');
  if (isUp === undefined) return undefined;
  return { isUp, ...given({ silence: number(lines, 'master_last_io_seconds_ago'), lag: lagOf(lines) }) };
}

/** What is still to come of a first copy, or what has come and isn't applied yet. */
function lagOf(lines: Lines): number | undefined {
  if (lines.get('master_sync_in_progress') === '1') return number(lines, 'master_sync_left_bytes');
  const read = number(lines, 'slave_read_repl_offset');
  const applied = number(lines, 'slave_repl_offset');
  return read === undefined || applied === undefined || read < applied ? undefined : read - applied;
}

function snapshotsOf(lines: Lines): NodeFacts['snapshots'] {
  return given({
    isLastSaveGood: flag(lines, 'rdb_last_bgsave_status', 'ok'),
    lastSave: lastSaveOf(lines),
    unsaved: number(lines, 'rdb_changes_since_last_save'),
  });
}

/**
 * A server that has never saved tells when it started. Those of version 7 and later tell how often they tried; a time
 * that is the start's is one of a save only where they did, and it went well.
 */
function lastSaveOf(lines: Lines): number | undefined {
  const seconds = number(lines, 'rdb_last_save_time');
  const saves = number(lines, 'rdb_saves');
  if (seconds === undefined || saves === 0) return undefined;
  const now = number(lines, 'server_time_usec');
  const uptime = number(lines, 'uptime_in_seconds');
  const isLater = now !== undefined && uptime !== undefined && seconds > now / 1e6 - uptime + START;
  const hasSaved = isLater || (saves !== undefined && lines.get('rdb_last_bgsave_status') === 'ok');
  return hasSaved ? seconds * 1000 : undefined;
}

/** Seconds that loading at the start may take until the time is noted. */
const START = 2;

function logOf(lines: Lines): NodeFacts['log'] {
  const isOn = flag(lines, 'aof_enabled', '1');
  if (isOn === undefined) return undefined;
  return {
    isOn,
    ...given({
      isLastWriteGood: flag(lines, 'aof_last_write_status', 'ok'),
      isLastRewriteGood: flag(lines, 'aof_last_bgrewrite_status', 'ok'),
    }),
  };
}

function memoryOf(lines: Lines): NodeFacts['memory'] {
  const policy = /^[a-z-]+$/.exec(lines.get('maxmemory_policy') ?? '')?.[0];
  return given({
    policy: policy === undefined ? undefined : vouch(policy),
    limit: number(lines, 'maxmemory'),
    used: number(lines, 'used_memory'),
    evicted: number(lines, 'evicted_keys'),
  });
}

function databasesOf(lines: Lines): ReadonlyMap<number, number> {
  const databases = new Map<number, number>();
  for (const [name, value] of lines) {
    const database = /^db(\d+)$/.exec(name)?.[1];
    const keys = /^keys=(\d+)/.exec(value)?.[1];
    if (database !== undefined && keys !== undefined) databases.set(Number(database), Number(keys));
  }
  return databases;
}

/** Whether a line says `good`; `undefined` when there is no such line. */
function flag(lines: Lines, name: string, good: string): boolean | undefined {
  const value = lines.get(name);
  return value === undefined ? undefined : value === good;
}

/** A count; what is no count, such as the -1 that stands for unknown, is absent. */
function number(lines: Lines, name: string): number | undefined {
  const value = lines.get(name);
  const count = value !== undefined && /^\d+$/.test(value) ? Number(value) : undefined;
  return Number.isSafeInteger(count) ? count : undefined;
}

type Given<T> = { readonly [Name in keyof T]?: Exclude<T[Name], undefined> };

/** Without the members that are undefined. */
function given<T extends object>(facts: T): Given<T> {
  return Object.fromEntries(Object.entries(facts).filter(([, fact]) => fact !== undefined)) as Given<T>;
}
