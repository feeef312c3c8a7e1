import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { code, phrase, vouch } from '../core/phrase.ts';
import { UsageError } from './settings.ts';
import { errnoOf } from './writing.ts';

type Env = Readonly<Record<string, string | undefined>>;

/**
 * The environment with `.env` of the folder beneath it, as python-dotenv lays it for the guarded application: what is
 * set already wins, `${NAME}` and `${NAME:-default}` are filled in (`$NAME` is not), and a `#` begins a comment only
 * behind a blank, so that a password may hold either. The parsers for JavaScript cut such a value short.
 */
export function withDotenv(folder: string, env: Env): Env {
  const text = readIfThere(join(folder, '.env'));
  if (text === undefined) return env;
  const filled: Record<string, string> = {};
  for (const [, name = '', single, double, bare = ''] of text.matchAll(ASSIGNMENT)) {
    const value = single ?? double?.replace(/\\(["\\nrt])/g, unescaped) ?? bare.replace(/\s+#.*$/, '').trim();
    filled[name] = value.replace(
      /\$\{([^}:]+)(?::-([^}]*))?\}/g,
      (_all, other: string, fallback = '') => env[other] ?? filled[other] ?? fallback,
    );
  }
  return { ...filled, ...env };
}

const ASSIGNMENT =
  /^\uFEFF?[ \t]*(?:export[ \t]+)?([\w.-]+)[ \t]*=[ \t]*(?:'([^']*)'|"((?:\\[\s\S]|[^"\\])*)"|([^\r\n]*))/gm;

function unescaped(_escape: string, character: string): string {
  return { n: '\n', r: '\r', t: '\t' }[character] ?? character;
}

/** A `.env` that can't be read is the user's to know of. */
function readIfThere(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    const errno = errnoOf(error);
    if (errno === 'ENOENT') return undefined;
    throw new UsageError(
      phrase`${code(vouch(file))} cannot be read (${code(vouch(errno))})`,
      phrase`mend its permissions, or move it out of the way`,
    );
  }
}
