import type { Whereabouts } from '../core/shell.ts';
import type { Settings } from './settings.ts';

/** What variables say counts only where no manifest says it, so they are handed on as variables. */
const VARIABLES = ['CONFIG_STORE_REDIS_PREFIX', 'MAGIC_LINK_TOKENS_FILE'];

/** Where the configs are, as it was said: whoever says it again means the same keys and files. */
export function whereabouts(
  { configFile, environment, prefix, schemas, fallbacks }: Settings,
  env: Readonly<Record<string, string | undefined>>,
): Whereabouts {
  const options = {
    'config-file': configFile,
    environment: environment || undefined,
    prefix,
    schemas,
    fallbacks,
  };
  const variables = VARIABLES.map((name): [string, string | undefined] => [name, env[name] || undefined]);
  return { variables: said(variables), options: said(Object.entries(options)) };
}

function said(entries: readonly (readonly [string, string | undefined])[]): Readonly<Record<string, string>> {
  return Object.fromEntries(entries.flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])));
}
