import { readdirSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { relative, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { BUILT_IN } from '../core/finding.ts';
import { type Known, vouch } from '../core/phrase.ts';
import type { Files } from '../core/ports.ts';

/** Bytes. A schema or a fallback of this size is none. */
const LARGEST = 64 * 1024 ** 2;

type Unread = { readonly kind: 'missing' } | { readonly kind: 'unreadable'; readonly why: Known };

/** Reads files relative to the workspace, and built-in ones from the guardian's own folder. */
export function workspaceFiles(workspace: string, ownFolder = shippedFolder()): Files {
  const fileOf = (path: Known) => {
    if (!path.startsWith(BUILT_IN)) return resolve(workspace, path);
    const file = resolve(ownFolder, path.slice(BUILT_IN.length));
    // Whoever gets to spell such a path gets no further than what ships.
    return isWithin(ownFolder, file) ? file : resolve(ownFolder, 'nowhere');
  };
  return {
    async list(path) {
      const folder = fileOf(path);
      return attempt(() => {
        if (!statSync(folder).isDirectory()) return unreadable('it is no folder');
        const entries = readdirSync(folder, { withFileTypes: true });
        if (isLedOut(workspace, folder)) return unreadable('a link leads out of the workspace');
        const files = entries.filter((entry) => !entry.isDirectory()).map(({ name }) => name);
        return { kind: 'listed', paths: files.sort().map((name) => vouch(`${path}/${name}`)) } as const;
      });
    },
    async read(path) {
      const file = fileOf(path);
      return attempt(() => {
        const stat = statSync(file);
        if (stat.isDirectory()) return unreadable('it is a folder');
        // A pipe would be waited for, and a device read, for ever.
        if (!stat.isFile()) return unreadable('it is no regular file');
        if (stat.size > LARGEST) return unreadable('it is larger than 64 MiB');
        if (isLedOut(workspace, file)) return unreadable('a link leads out of the workspace');
        // The files are few and small: waiting for them costs less than the machinery of not waiting.
        return { kind: 'read', bytes: readFileSync(file) } as const;
      });
    },
  };
}

/** The bundle's chunks lie as deep below the project as this file does. */
function shippedFolder(): string {
  return fileURLToPath(new URL('../..', import.meta.url));
}

/**
 * A file by its whole path is what a person named; a link in a repository may be anyone's. Of one that isn't there yet,
 * what is `there` is the nearest folder that is.
 */
export function isLedOut(workspace: string, file: string, there = file): boolean {
  return isWithin(resolve(workspace), file) && !isWithin(realpathSync(workspace), realpathSync(there));
}

function isWithin(folder: string, file: string): boolean {
  const way = relative(folder, file);
  return way !== '..' && !way.startsWith(`..${sep}`) && resolve(way) !== way;
}

function unreadable(why: string): Unread {
  return { kind: 'unreadable', why: vouch(why) };
}

function attempt<T>(read: () => T): T | Unread {
  try {
    return read();
  } catch (error) {
    const errno = error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
    return errno === 'ENOENT' || errno === 'ENOTDIR' ? { kind: 'missing' } : unreadable(errno);
  }
}
