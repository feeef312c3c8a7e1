import { randomBytes } from 'node:crypto';
import { ajvCompiler } from '../adapters/ajv/compiler.ts';
import { workspaceFiles } from '../adapters/files.ts';
import type { Files } from '../core/ports.ts';
import type { Digest } from '../core/redaction.ts';
import type { Sources } from '../gather.ts';
import { type Configs, findConfigs } from './configs.ts';
import { keyedDigest } from './digest.ts';
import type { Settings } from './settings.ts';
import { openTarget } from './target.ts';

/** Where a command runs. */
export interface Place {
  readonly workspace: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Only files are reviewed when no Redis is named. */
  readonly needsNoTarget?: boolean;
}

/** The configs that the settings name, and the edges to look at them with. */
export interface Assembly {
  readonly configs: Configs;
  readonly ports: Sources & { readonly digest: Digest };
  /** What leads to the target and must appear nowhere. */
  readonly secrets: readonly string[];
}

/** `files` are those that are reviewed; a snapshot is always of the workspace. */
export async function assemble(
  settings: Settings,
  place: Place,
  reviewed?: (present: Files) => Files,
): Promise<Assembly> {
  const present = workspaceFiles(place.workspace);
  const files = reviewed === undefined ? present : reviewed(present);
  const configs = await findConfigs(settings, place.env, files);
  const { store, secrets } = await openTarget(settings, {
    ...place,
    variable: configs.variable,
    files: present,
  });
  const compiler = ajvCompiler(settings.timeout);
  const digest = keyedDigest(settings.digestKey ?? randomBytes(32));
  return { configs, ports: { store, files, compiler, digest }, secrets };
}
