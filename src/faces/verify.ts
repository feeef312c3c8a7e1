import { randomBytes } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { ajvCompiler } from '../adapters/ajv/compiler.ts';
import { workspaceFiles } from '../adapters/files.ts';
import { redisStore } from '../adapters/redis/store.ts';
import { parseRedisUrl } from '../adapters/redis/url.ts';
import { snapshotStore } from '../adapters/snapshot.ts';
import type { ConfigSpec, Fault } from '../core/evidence.ts';
import { BUILT_IN } from '../core/finding.ts';
import { code, phrase, vouch } from '../core/phrase.ts';
import type { Files, Store } from '../core/ports.ts';
import type { Shard } from '../core/verdict.ts';
import { type Guarded, guard } from '../guard.ts';
import { findConfigs } from './configs.ts';
import { keyedDigest } from './digest.ts';
import { findHistory, type History, type OnGitHub } from './history.ts';
import { type Settings, UsageError } from './settings.ts';

/** What a face knows of its surroundings. */
export interface Surroundings {
  readonly workspace: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly now: () => number;
  /** What the settings don't say and the event does. */
  readonly base?: string;
  readonly github?: OnGitHub;
  /** Only files are reviewed when no Redis is named. */
  readonly needsNoTarget?: boolean;
}

/** Assembles the edges that the settings ask for and runs the gate. */
export async function verify(settings: Settings, surroundings: Surroundings): Promise<Guarded> {
  const { env, workspace, now } = surroundings;
  const specs = findConfigs(settings, env);
  // The bundle's chunks lie as deep below the project as this file does.
  const ownFolder = fileURLToPath(new URL('../..', import.meta.url));
  const present = workspaceFiles(workspace, ownFolder);
  const history = await findHistory(settings, surroundings, surroundings.base, surroundings.github);
  const files = settings.head === undefined ? present : filesOfHead(history, present);
  const { shard } = settings;
  return guard(
    shard === undefined
      ? { specs, policy: settings, now: now() }
      : { specs: await partOf(specs, shard), policy: settings, now: now(), shard },
    {
      files,
      store: openStore(settings, surroundings, present),
      compiler: ajvCompiler(settings.timeout),
      digest: keyedDigest(settings.digestKey ?? randomBytes(32)),
      ...history,
    },
  );
}

async function partOf(specs: readonly ConfigSpec[], shard: Shard): Promise<readonly ConfigSpec[]> {
  const { isOfShard } = await import('../adapters/redis/shard.ts');
  return specs.filter(({ storedKey }) => isOfShard(storedKey, shard));
}

/** Instead of those of the working tree; what ships is where it is. */
function filesOfHead({ change }: History, present: Files): Files {
  if (change?.origin.kind !== 'found') return present;
  const committed = change.repo.at(change.origin.head);
  return { read: (path) => (path.startsWith(BUILT_IN) ? present : committed).read(path) };
}

function openStore(settings: Settings, { env, needsNoTarget = false }: Surroundings, files: Files): Store {
  if (settings.store !== undefined) {
    return snapshotStore(vouch(settings.store.slice('snapshot:'.length)), files);
  }
  if (env['CONFIG_STORE_DISABLE_REDIS'] === '1') {
    return closedStore({
      reason: 'disabled',
      phrase: phrase`${code('CONFIG_STORE_DISABLE_REDIS=1')} is set: the application doesn't read Redis here`,
      advice: phrase`take the variable away to verify what is in Redis`,
    });
  }
  const url = (settings.redis ?? env['REDIS_URL']) || undefined;
  if (url === undefined) return needsNoTarget ? unaskedStore() : closedStore(noTarget(env));
  const parsed = parseRedisUrl(url);
  if (!parsed.ok) throw new UsageError(parsed.why, parsed.advice);
  return redisStore(parsed.endpoint, settings);
}

function noTarget(env: Surroundings['env']): Fault {
  const inAction = env['GITHUB_ACTIONS'] === 'true';
  return {
    reason: 'no-target',
    phrase: phrase`there is no Redis to verify: no URL was given`,
    advice: inAction
      ? phrase`pass the secret as ${code('redis-url')}; runs for pull requests from forks have no secrets`
      : phrase`give ${code('--redis')}, set ${code('REDIS_URL')}, or write it into ${code('.env')}`,
  };
}

function unaskedStore(): Store {
  return {
    target: vouch('no Redis'),
    read: async (asked) => asked.map(() => ({ kind: 'unasked' })),
    find: async () => ({ kind: 'found', names: [], databases: new Map() }),
  };
}

/** A store that has nothing to answer with, and says why. */
function closedStore(fault: Fault): Store {
  return {
    target: vouch('no Redis'),
    read: async (asked) => asked.map(() => ({ kind: 'unreadable', fault })),
    find: async () => ({ kind: 'unknown', fault }),
  };
}
