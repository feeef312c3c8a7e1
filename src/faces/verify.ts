import { BUILT_IN } from '../core/finding.ts';
import type { Known } from '../core/phrase.ts';
import type { Files } from '../core/ports.ts';
import type { Part } from '../core/verdict.ts';
import { type Guarded, guard } from '../guard.ts';
import type { Progress } from '../pattern.ts';
import type { Change } from '../review.ts';
import { assemble, type Place } from './assembly.ts';
import { findConfigs } from './configs.ts';
import { findHistory, type History, type OnGitHub } from './history.ts';
import { type Settings, UsageError } from './settings.ts';

/** What a face knows of its surroundings. */
export interface Surroundings extends Place {
  readonly now: () => number;
  /** What the settings don't say and the event does. */
  readonly base?: string;
  readonly github?: OnGitHub;
  readonly onProgress?: Progress;
}

/** Assembles the edges that the settings ask for and runs the gate. */
export async function verify(settings: Settings, surroundings: Surroundings): Promise<Guarded> {
  const { now, onProgress, base, github } = surroundings;
  const history = await findHistory(settings, surroundings, base, github);
  const { configs, ports, secrets } = await assemble(settings, surroundings, (present) =>
    settings.head === undefined ? present : filesOfHead(history, present),
  );
  const { change } = history;
  // Without a manifest they are where they were.
  const then = change && configs.isOfManifest && (await schemasThen(settings, surroundings, change));
  const guarded = await guard(
    {
      ...configs,
      policy: settings,
      now: now(),
      ...(onProgress === undefined ? {} : { onProgress }),
      ...(settings.shard === undefined ? {} : { share: await shareOf(settings.shard) }),
    },
    { ...ports, ...history, ...(change && then ? { change: { ...change, schemasThen: then } } : {}) },
  );
  return { ...guarded, secrets: [...secrets, ...guarded.secrets] };
}

async function shareOf(shard: Part) {
  const { isOfShard } = await import('../adapters/redis/shard.ts');
  return { shard, isOurs: isOfShard(shard) };
}

/**
 * By config, where its schema was when the change began: a manifest may have pointed to another file. Whoever can't
 * tell goes by where it is now.
 */
export async function schemasThen(
  settings: Settings,
  { env }: Place,
  { repo, origin }: Change,
): Promise<ReadonlyMap<string, readonly Known[]> | undefined> {
  if (origin.kind !== 'found') return undefined;
  try {
    const { specs, patterns } = await findConfigs({ ...settings, keys: [] }, env, repo.at(origin.commit));
    const all = [...specs, ...patterns.map(({ template }) => template)];
    return new Map(all.map(({ name, schema }) => [name, schema]));
  } catch (error) {
    if (error instanceof UsageError) return undefined;
    throw error;
  }
}

/** Instead of those of the working tree; what ships is where it is. */
function filesOfHead({ change }: History, present: Files): Files {
  if (change?.origin.kind !== 'found') return present;
  const committed = change.repo.at(change.origin.head);
  const home = (path: string) => (path.startsWith(BUILT_IN) ? present : committed);
  return { read: (path) => home(path).read(path), list: (path) => home(path).list(path) };
}
