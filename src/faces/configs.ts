import type { Mistake } from '../adapters/manifest/mistake.ts';
import { checks } from '../checks/index.ts';
import type { ConfigSpec } from '../core/evidence.ts';
import { BUILT_IN } from '../core/finding.ts';
import type { PatternSpec } from '../core/key-pattern.ts';
import { code, joined, type Known, phrase, vouch } from '../core/phrase.ts';
import type { Files } from '../core/ports.ts';
import type { Migration } from '../core/rehearsal.ts';
import { nearest } from '../core/similarity.ts';
import { guardedApp } from '../guarded-app.ts';
import { type Settings, UsageError } from './settings.ts';

/** What is guarded. */
export interface Configs {
  readonly specs: readonly ConfigSpec[];
  readonly patterns: readonly PatternSpec[];
  /** The environment variable that holds the URL of this environment's Redis. */
  readonly variable?: string;
  /** What migrations may change, where a manifest says so. */
  readonly migration?: Migration;
  /** Said by a manifest. */
  readonly isOfManifest: boolean;
}

/** Where a manifest is looked for when none is named; the first that is there is used. */
const USUAL = ['guardian.yml', '.github/guardian.yml', 'guardian.json'];

type Env = Readonly<Record<string, string | undefined>>;

/** The configs that the settings ask for: of the manifest if there is one, else those of the guarded application. */
export async function findConfigs(settings: Settings, env: Env, files: Files): Promise<Configs> {
  const configs = (await fromManifest(settings, files)) ?? {
    specs: ofApplication(settings, env),
    patterns: [],
    isOfManifest: false,
  };
  return select(configs, settings.keys);
}

async function fromManifest(settings: Settings, files: Files): Promise<Configs | undefined> {
  const { configFile, environment, prefix } = settings;
  for (const path of (configFile === undefined ? USUAL : [configFile]).map(vouch)) {
    const content = await files.read(path);
    if (content.kind === 'unreadable') {
      throw new UsageError(
        phrase`the manifest ${code(path)} cannot be read: ${code(content.why)}`,
        phrase`mend its permissions or its path`,
      );
    }
    if (content.kind === 'read') {
      const { configsOf, readManifest } = await import('../adapters/manifest/manifest.ts');
      const ids = checks.map(({ id }) => id);
      const read = readManifest(content.bytes, ids);
      if (!read.ok) throw mistaken(path, read.mistakes);
      refuseBeside(settings, path);
      const found = configsOf(read.manifest, {
        ...(environment === '' ? {} : { environment }),
        ...(prefix === undefined ? {} : { prefix }),
      });
      if (!found.ok) throw new UsageError(found.said, found.advice);
      return { ...found, isOfManifest: true };
    }
  }
  if (configFile === undefined) return undefined;
  throw new UsageError(phrase`there is no manifest ${code(vouch(configFile))}`, phrase`check the path`);
}

/** Folders are said by the manifest: what is said beside it would be passed over. */
function refuseBeside({ schemas, fallbacks, compatibility }: Settings, path: Known): void {
  const given = Object.entries({ schemas, fallbacks, compatibility }).find(
    ([, value]) => value !== undefined,
  );
  if (given === undefined) return;
  throw new UsageError(
    phrase`${code(vouch(given[0]))} is said beside the manifest ${code(path)}, which says it for each config`,
    phrase`say it there, or take the manifest away`,
  );
}

/** All of them at once: whoever mends one wants to mend the next too. */
function mistaken(path: Known, mistakes: readonly Mistake[]): UsageError {
  const lines = mistakes.map(({ line, column, said, advice }) => {
    const where = code(vouch(`${path}:${line}:${column}`));
    return advice === undefined ? phrase`${where}: ${said}` : phrase`${where}: ${said} (${advice})`;
  });
  const [first = phrase`the manifest ${code(path)} cannot be used`, ...others] = lines;
  return new UsageError(first, phrase`mend the manifest: docs/manifest.md`, others);
}

function ofApplication(
  { prefix, schemas, fallbacks, compatibility }: Settings,
  env: Env,
): readonly ConfigSpec[] {
  return guardedApp({
    prefix: prefix ?? (env['CONFIG_STORE_REDIS_PREFIX'] || 'r:ss:config:'),
    schemas: schemas === undefined ? ['schemas', `${BUILT_IN}schemas`] : [schemas],
    fallbacks: fallbacks ?? 'debug',
    ...(compatibility === undefined ? {} : { compatibility }),
    ...(env['MAGIC_LINK_TOKENS_FILE'] ? { magicLinkFile: env['MAGIC_LINK_TOKENS_FILE'] } : {}),
  });
}

/** The configs of these names, in the order in which they are asked for; all of them when none is. */
function select(configs: Configs, wanted: readonly string[]): Configs {
  if (wanted.length === 0) return configs;
  const specs = new Map(configs.specs.map((spec): [string, ConfigSpec] => [spec.name, spec]));
  const patterns = new Map(configs.patterns.map((rule): [string, PatternSpec] => [rule.template.name, rule]));
  const names = [...specs.keys(), ...patterns.keys()];
  const unknown = wanted.find((name) => !names.includes(name));
  if (unknown !== undefined) throw unknownConfig(unknown, names);
  const asked = [...new Set(wanted)];
  return {
    ...configs,
    specs: asked.flatMap((name) => specs.get(name) ?? []),
    patterns: asked.flatMap((name) => patterns.get(name) ?? []),
  };
}

function unknownConfig(unknown: string, names: readonly string[]): UsageError {
  const meant = nearest(unknown, names);
  const known = joined(
    names.map((name) => code(vouch(name))),
    ', ',
  );
  return new UsageError(
    // What isn't a name may be a URL that was meant for another option.
    /^[\w.-]{1,40}$/.test(unknown)
      ? phrase`there is no config named ${code(vouch(unknown))}`
      : phrase`${code('keys')} holds something that is no name of a config`,
    meant === undefined
      ? phrase`the names are ${known}`
      : phrase`did you mean ${code(vouch(meant))}? The names are ${known}`,
  );
}
