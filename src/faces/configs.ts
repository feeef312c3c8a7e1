import type { ConfigSpec } from '../core/evidence.ts';
import { BUILT_IN } from '../core/finding.ts';
import { code, joined, phrase, vouch } from '../core/phrase.ts';
import { nearest } from '../core/similarity.ts';
import { guardedApp } from '../guarded-app.ts';
import { type Settings, UsageError } from './settings.ts';

type Env = Readonly<Record<string, string | undefined>>;

/** The configs that the settings ask for. */
export function findConfigs(settings: Settings, env: Env): readonly ConfigSpec[] {
  return select(ofApplication(settings, env), settings.keys);
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
function select(configs: readonly ConfigSpec[], wanted: readonly string[]): readonly ConfigSpec[] {
  if (wanted.length === 0) return configs;
  const byName = new Map(configs.map((spec): [string, ConfigSpec] => [spec.name, spec]));
  const unknown = wanted.find((name) => !byName.has(name));
  if (unknown !== undefined) throw unknownConfig(unknown, [...byName.keys()]);
  return [...new Set(wanted)].flatMap((name) => byName.get(name) ?? []);
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
