import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { code, phrase, vouch } from '../core/phrase.ts';
import { UsageError } from './settings.ts';

type Env = Readonly<Record<string, string | undefined>>;

/**
 * The environment with `.env` of the folder beneath it, as python-dotenv lays it: what is set already wins, and
 * `${NAME}` and `${NAME:-default}` are filled in (`$NAME` is not, so a password may hold a dollar sign).
 */
export async function withDotenv(folder: string, env: Env): Promise<Env> {
  const text = readIfThere(join(folder, '.env'));
  if (text === undefined) return env;
  const { parseEnv } = await import('node:util');
  const filled: Record<string, string | undefined> = {};
  for (const [name, value] of Object.entries(parseEnv(text))) {
    filled[name] = value?.replace(
      /\$\{([^}:]+)(?::-([^}]*))?\}/g,
      (_all, other: string, fallback = '') => env[other] ?? filled[other] ?? fallback,
    );
  }
  return { ...filled, ...env };
}

function readIfThere(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    const errno = error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
    if (errno === 'ENOENT') return undefined;
    throw new UsageError(
      phrase`${code(vouch(file))} cannot be read (${code(vouch(errno))})`,
      phrase`mend its permissions, or move it out of the way`,
    );
  }
}
