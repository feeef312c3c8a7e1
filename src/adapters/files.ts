import { readFileSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { BUILT_IN } from '../core/finding.ts';
import { vouch } from '../core/phrase.ts';
import type { Files } from '../core/ports.ts';

/** Bytes. A schema or a fallback of this size is none. */
const LARGEST = 64 * 1024 ** 2;

/** Reads files relative to the workspace, and built-in ones from the guardian's own folder. */
export function workspaceFiles(workspace: string, ownFolder: string): Files {
  return {
    async read(path) {
      const file = path.startsWith(BUILT_IN)
        ? resolve(ownFolder, path.slice(BUILT_IN.length))
        : resolve(workspace, path);
      try {
        const stat = statSync(file);
        if (stat.isDirectory()) return { kind: 'unreadable', why: vouch('it is a folder') };
        // A pipe would be waited for, and a device read, for ever.
        if (!stat.isFile()) return { kind: 'unreadable', why: vouch('it is no regular file') };
        if (stat.size > LARGEST) return { kind: 'unreadable', why: vouch('it is larger than 64 MiB') };
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
