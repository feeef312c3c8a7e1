import { randomBytes } from 'node:crypto';
import {
  closeSync,
  existsSync,
  fchmodSync,
  fsyncSync,
  lstatSync,
  mkdirSync,
  openSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { isLedOut } from '../adapters/files.ts';
import { code, type Known, phrase, vouch } from '../core/phrase.ts';
import { UsageError } from './settings.ts';
import { errnoOf, notWritten, writing } from './writing.ts';

/** A file that is to be written: nobody but its owner is to read it. */
export interface Target {
  /** As it was named. */
  readonly path: Known;
  /** The whole path. */
  readonly file: string;
  /** Whether a file that is there may be replaced. */
  readonly force: boolean;
}

/** Throws a `UsageError` when something is there that may not be replaced, be it a link that leads nowhere. */
export function refuseWhatIsThere({ path, file, force }: Target): void {
  const found = writing(path, () => lstatSync(file, { throwIfNoEntry: false }));
  if (found === undefined) return;
  if (!found.isFile()) throw noRegularFile(path);
  if (!force) {
    throw new UsageError(
      phrase`${code(path)} exists already`,
      phrase`name another file, or replace it with ${code('--force')}`,
    );
  }
}

function noRegularFile(path: Known): UsageError {
  return new UsageError(phrase`${code(path)} is no regular file`, phrase`name a file that can be replaced`);
}

/**
 * All of it or nothing, for its owner alone; on the disk when it returns. Throws a `UsageError` when something is there
 * that may not be replaced, or when it can't be written.
 */
export function writeWhole(content: string | Uint8Array, target: Target): void {
  // What is there may have come since it was looked for.
  replace(content, { ...target, mode: OWNER }, () => refuseWhatIsThere(target));
}

/**
 * Writes a file of the workspace, all of it or nothing; on the disk when it returns. One that is there keeps its mode;
 * folders that aren't there are made. Throws a `UsageError` when it can't be written: through a link, for one, which
 * may be anyone's.
 */
export function writeOver(content: string | Uint8Array, path: Known, workspace: string): void {
  const file = resolve(workspace, path);
  const mode = readied(path, workspace);
  replace(content, { path, file, ...(mode === undefined ? {} : { kept: mode }), mode: ALL }, () => {
    readied(path, workspace);
  });
}

/** Throws a `UsageError` when `writeOver` would. Folders that aren't there are made. */
export function refuseUnwritable(path: Known, workspace: string): void {
  readied(path, workspace);
  writing(path, () => {
    const draft = draftOf(resolve(workspace, path));
    writeFileSync(draft, '', { flag: 'wx' });
    rmSync(draft);
  });
}

/** Modes of new files, before the umask. */
const OWNER = 0o600;
const ALL = 0o666;
const PERMISSIONS = 0o7777;

/** The mode of the file that is there. */
function readied(path: Known, workspace: string): number | undefined {
  const file = resolve(workspace, path);
  if (leadsOut(workspace, dirname(file))) throw notWritten(path, vouch('a link leads out of the workspace'));
  writing(path, () => mkdirSync(dirname(file), { recursive: true }));
  const found = writing(path, () => lstatSync(file, { throwIfNoEntry: false }));
  if (found !== undefined && !found.isFile()) throw noRegularFile(path);
  return found === undefined ? undefined : found.mode & PERMISSIONS;
}

/** A folder outside is one that a person named; a link in a repository may be anyone's. */
export function leadsOut(workspace: string, folder: string): boolean {
  let there = folder;
  while (!existsSync(there)) there = dirname(there);
  return isLedOut(workspace, folder, there);
}

interface Replacement {
  readonly path: Known;
  readonly file: string;
  /** Of a new file, before the umask. */
  readonly mode: number;
  /** The mode that it has, whatever the umask. */
  readonly kept?: number;
}

function replace(content: string | Uint8Array, { path, file, mode, kept }: Replacement, look: () => void) {
  const draft = draftOf(file);
  try {
    writing(path, () => {
      const open = openSync(draft, 'wx', mode);
      try {
        if (kept !== undefined) fchmodSync(open, kept);
        writeFileSync(open, content);
        fsyncSync(open);
      } finally {
        closeSync(open);
      }
    });
    look();
    writing(path, () => renameSync(draft, file));
  } catch (error) {
    rmSync(draft, { force: true });
    throw error;
  }
  writing(path, () => keepName(dirname(file)));
}

function draftOf(file: string): string {
  return join(dirname(file), `.${basename(file)}.${randomBytes(6).toString('hex')}`);
}

/** What systems say that can't open a folder, or can't sync one. */
const noSuchThing: ReadonlySet<string> = new Set(['EISDIR', 'EPERM', 'EINVAL', 'ENOTSUP']);

/** That a file has this name is a fact of its folder, which goes to the disk by itself. */
function keepName(folder: string): void {
  try {
    const open = openSync(folder, 'r');
    try {
      fsyncSync(open);
    } finally {
      closeSync(open);
    }
  } catch (error) {
    if (!noSuchThing.has(errnoOf(error))) throw error;
  }
}
