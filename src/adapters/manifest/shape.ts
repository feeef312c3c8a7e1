import * as z from 'zod/mini';
import { migrationOf } from './migration.ts';
import { optionsOf } from './options.ts';
import { type Note, type Pieces, pieces } from './pieces.ts';
import {
  CONFIG_NAME,
  isConfigName,
  isEnvironmentName,
  readGlob,
  readKey,
  readPrefix,
  readVariable,
} from './texts.ts';
import type { Flaw } from './words.ts';

/** Each environment is looked at with each config. */
export const MOST_ENVIRONMENTS = 50;
export const MOST_CONFIGS = 2000;

export type Manifest = z.infer<ReturnType<typeof manifestShape>['shape']>;
/** What is said of a config, or of all of them, in one place. */
export type Options = Manifest['configs'][string];

/** What a manifest looks like: the one definition, of which its JSON Schema is made too. `notes` are for that. */
export function manifestShape(checkIds: readonly string[]) {
  const made = pieces();
  const { notes, noted, mapping } = made;
  const options = optionsOf(made, checkIds);
  const common = {
    prefix: z.exactOptional(prefixOf(made)),
    defaults: defaultsOf(made, options),
  };
  const config = configOf(made, options);
  const configs = configsOf(made, config, {
    description: 'The configs, by name.',
    minProperties: 1,
    maxProperties: MOST_CONFIGS,
  }).check(
    z.refine((all) => Object.keys(all).length > 0, { error: 'configs' satisfies Flaw }),
    z.refine((all) => Object.keys(all).length <= MOST_CONFIGS, { error: 'configs-many' satisfies Flaw }),
  );
  const members = {
    $schema: z.exactOptional(
      noted(z.string({ error: 'text' }), { description: 'The schema of this file, for editors.' }),
    ),
    version: noted(z.literal(1), { description: 'Of this format.' }),
    ...common,
    environments: z.exactOptional(environmentsOf(made, environmentOf(made, common, config))),
    configs,
    migration: z.exactOptional(migrationOf(made)),
  };
  return { shape: mapping('manifest', members, {}), notes };
}

type Members = ReturnType<typeof optionsOf>;

/** Its note stands on what refers to the definition. */
function defaultsOf({ noted, mapping }: Pieces, options: Members) {
  return noted(z.exactOptional(mapping('options', options, { id: 'options' })), {
    description: 'What holds for every config that says nothing else.',
  });
}

function configOf({ text, mapping }: Pieces, options: Members) {
  const key = text('key', readKey, {
    title: 'a key without control characters',
    pattern: '^[^\\p{Cc}]+$',
    description: 'Its key, after the prefix. Without it: its name.',
  });
  const keys = text('keys', readGlob, {
    title: 'a pattern of keys, with * or ? and no [',
    pattern: '^(\\\\[^\\p{Cc}]|[^\\\\\\[*?\\p{Cc}])*[*?](\\\\[^\\p{Cc}]|[^\\\\\\[\\p{Cc}])*$',
    description: 'Instead of `key`: a pattern of keys, after the prefix. `*` and `?` stand for what varies.',
  });
  const members = { key: z.exactOptional(key), keys: z.exactOptional(keys), ...options };
  const config = mapping('options', members, {
    id: 'config',
    description: 'What holds for a config.',
    not: { required: ['key', 'keys'] },
  });
  return orNothing(config, {});
}

function configsOf({ named }: Pieces, config: ReturnType<typeof configOf>, note: Note) {
  const names = {
    flaw: 'config-name',
    is: isConfigName,
    pattern: CONFIG_NAME,
  } as const;
  return named('configs', names, config, note);
}

/** What it has in common with the manifest as a whole, and what is its own. */
function environmentOf(
  made: Pieces,
  common: {
    readonly prefix: z.ZodMiniExactOptional<ReturnType<typeof prefixOf>>;
    readonly defaults: ReturnType<typeof defaultsOf>;
  },
  config: ReturnType<typeof configOf>,
) {
  const members = {
    ...common,
    variable: z.exactOptional(variableOf(made)),
    configs: z.exactOptional(
      configsOf(made, config, { description: 'What is different for a config here, by its name.' }),
    ),
  };
  const environment = made.mapping('environment', members, {
    id: 'environment',
    description: 'What is different in an environment.',
  });
  return orNothing(environment, {});
}

function environmentsOf({ named }: Pieces, environment: ReturnType<typeof environmentOf>) {
  const names = {
    flaw: 'environment-name',
    is: isEnvironmentName,
    pattern: '^(?=.*\\S)[^\\p{C}\\p{Zl}\\p{Zp}]{1,100}$',
  } as const;
  return named('environments', names, environment, {
    description: 'By name, the environments that the configs live in.',
    maxProperties: MOST_ENVIRONMENTS,
  }).check(
    z.refine((all) => Object.keys(all).length <= MOST_ENVIRONMENTS, { error: 'environments' satisfies Flaw }),
  );
}

function prefixOf({ text }: Pieces) {
  return text('text', readPrefix, {
    title: 'text without control characters',
    pattern: '^[^\\p{Cc}]*$',
    description: 'What every key begins with.',
  });
}

function variableOf({ text }: Pieces) {
  return text('variable', readVariable, {
    title: 'the name of an environment variable',
    pattern: '^[A-Za-z_][A-Za-z0-9_]{0,99}$',
    description: 'The environment variable that holds the URL of its Redis. Without it: `REDIS_URL`.',
  });
}

/** A name with nothing behind it: all is as usual. */
function orNothing<Said>(mapping: z.ZodMiniType<Said>, nothing: Said) {
  return z.pipe(
    z.nullable(mapping),
    z.transform((said: Said | null): Said => said ?? nothing),
  );
}
