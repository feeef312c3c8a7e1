import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { vouch } from '../core/phrase.ts';
import type { Files } from '../core/ports.ts';

/** Paths that begin so are files that ship with the guardian. */
export const BUILT_IN = 'builtin:';

/** Reads files relative to the workspace, and built-in ones from the guardian's own folder. */
export function workspaceFiles(workspace: string, ownFolder: string): Files {
  return {
    async read(path) {
      const file = path.startsWith(BUILT_IN)
        ? resolve(ownFolder, path.slice(BUILT_IN.length))
        : resolve(workspace, path);
      try {
        // The files are few and small: waiting for them costs less than the machinery of not waiting.
        return { kind: 'read', bytes: readFileSync(file) };
      } catch (error) {
        const errno = error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
        if (errno === 'ENOENT' || errno === 'ENOTDIR') return { kind: 'missing' };
        return { kind: 'unreadable', why: vouch(errno) };
      }
    },
  };
}
