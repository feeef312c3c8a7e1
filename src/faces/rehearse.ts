import { randomBytes } from 'node:crypto';
import { ajvCompiler } from '../adapters/ajv/compiler.ts';
import { workspaceFiles } from '../adapters/files.ts';
import { redisStore } from '../adapters/redis/store.ts';
import { parseRedisUrl } from '../adapters/redis/url.ts';
import { runCommand } from '../adapters/rehearsal/command.ts';
import { openSandbox, type SandboxChoice } from '../adapters/rehearsal/server.ts';
import type { SchemaEvidence } from '../core/evidence.ts';
import type { Files, SchemaCompiler, Store } from '../core/ports.ts';
import { exitCodeOf, type Rehearsal } from '../core/rehearsal.ts';
import { rehearse } from '../rehearse.ts';
import { recaller } from '../review.ts';
import type { Surroundings } from './commands.ts';
import { type Configs, findConfigs } from './configs.ts';
import { keyedDigest } from './digest.ts';
import { findHistory } from './history.ts';
import { entriesOf } from './rehearsal-entries.ts';
import { withStandIns } from './rehearsal-stand-ins.ts';
import { type Settings, UsageError } from './settings.ts';
import { answered, openTarget } from './target.ts';
import { schemasThen } from './verify.ts';

/** Puts the edges together for `migrate rehearse`, whichever face it was asked of. */

export interface RehearseOptions {
  /** `store`: `snapshot:FILE`, or nothing for a Redis, which is only read. `base`: where the change began. */
  readonly settings: Settings;
  /** The migration, for `sh -c`. */
  readonly command: string;
  /** Whether the sandbox gets something harmless in the place of each secret of a config. */
  readonly standIns: boolean;
  /** What takes it back, for `sh -c`. */
  readonly rollback?: string;
  readonly sandbox: SandboxChoice;
  /** Milliseconds that each run may take. */
  readonly runTimeout: number;
  /** Names of variables that the commands are told besides `REDIS_URL` and what every program needs. */
  readonly allowedEnv: readonly string[];
}

export interface Rehearsed {
  readonly rehearsal: Rehearsal;
  /** 0 all that is asked is proved, 1 something is refuted, 2 something is unchecked. */
  readonly exitCode: 0 | 1 | 2;
  /** What must appear nowhere. */
  readonly secrets: readonly string[];
}

/** Throws a `UsageError` where there is nothing to begin with, or nowhere to rehearse. */
export async function rehearseRun(options: RehearseOptions, surroundings: Surroundings): Promise<Rehearsed> {
  const { settings, command, rollback } = options;
  const { workspace, env, now } = surroundings;
  const files = workspaceFiles(workspace);
  const configs = await findConfigs(settings, env, files);
  const { store, secrets } = await openTarget(settings, {
    ...surroundings,
    variable: configs.variable,
    files,
  });
  const compiler = ajvCompiler(settings.timeout);
  const held = await entriesOf(store, settings, { ...configs, files, now: now() });
  const initial = options.standIns ? await withStandIns(held, configs, { files, compiler }) : held;
  const baseSchemas = await schemasOfBase(configs, settings, { ...surroundings, files, compiler });
  await using sandbox = await opened(options);
  const run = (text: string, interruptAfterWrites?: number) =>
    runCommand({
      ...{ command: text, sandbox, env, allowed: options.allowedEnv },
      ...{ cwd: workspace, timeout: options.runTimeout },
      ...(interruptAfterWrites === undefined ? {} : { interruptAfterWrites }),
    });
  const { specs, patterns, migration = { allow: [] } } = configs;
  const rehearsal = await answered(() =>
    rehearse(
      { specs, patterns, initial, secrets, migration, ...(baseSchemas === undefined ? {} : { baseSchemas }) },
      {
        ...{ sandbox, files, compiler, now },
        digest: keyedDigest(settings.digestKey ?? randomBytes(32)),
        storeOf: (url) => storeAt(url, settings),
        run: (most) => run(command, most),
        ...(rollback === undefined ? {} : { rollback: () => run(rollback) }),
      },
    ),
  );
  return { rehearsal, exitCode: exitCodeOf(rehearsal), secrets };
}

function opened({ sandbox, settings }: RehearseOptions) {
  return answered(() => openSandbox(sandbox, { timeout: settings.timeout }));
}

function storeAt(url: string, settings: Settings): Store {
  const parsed = parseRedisUrl(url);
  if (!parsed.ok) throw new UsageError(parsed.why, parsed.advice);
  return redisStore(parsed.endpoint, settings);
}

interface BasePlace extends Surroundings {
  readonly files: Files;
  readonly compiler: SchemaCompiler;
}

/**
 * By config, its schema where the change began; configs that had none then are left out. `undefined` when no base is
 * named, or nobody can tell what there was.
 */
async function schemasOfBase(
  { specs, patterns, isOfManifest }: Configs,
  settings: Settings,
  place: BasePlace,
): Promise<ReadonlyMap<string, SchemaEvidence> | undefined> {
  const { change } = await findHistory(settings, place, undefined, undefined);
  if (change === undefined) return undefined;
  const then = isOfManifest ? await schemasThen(settings, place, change) : new Map();
  if (then === undefined) return undefined;
  // Only the schema is asked for, so nothing else is gathered.
  const nothing = { kind: 'missing', tried: [] } as const;
  const asked = [...specs, ...patterns.map(({ template }) => template)].map((spec) => ({
    ...{ spec, fallback: nothing, schema: nothing, now: place.now() },
    observation: { kind: 'unasked' } as const,
  }));
  const schemas = new Map<string, SchemaEvidence>();
  for (const { spec, base } of await recaller({ ...change, schemasThen: then }, place)(asked)) {
    if (base === undefined || base.kind === 'unknown') return undefined;
    if (base.kind === 'known') schemas.set(spec.name, base.schema);
  }
  return schemas;
}
