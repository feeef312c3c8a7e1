import { code, type Known, phrase, vouch } from '../core/phrase.ts';
import { UsageError } from './settings.ts';

/** What the system calls an error, such as `ENOENT`. */
export function errnoOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
}

/** Does what it takes to write a file; that it can't be done is said in one sentence. */
export function writing<T>(path: Known, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw notWritten(path, vouch(errnoOf(error)));
  }
}

export function notWritten(path: Known, why: Known): UsageError {
  return new UsageError(
    phrase`${code(path)} cannot be written (${code(why)})`,
    phrase`check the folder and its permissions`,
  );
}
