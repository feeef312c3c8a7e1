import { lstatSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { backupText, readBackup } from '../adapters/snapshot/backup.ts';
import type { Sealing } from '../adapters/snapshot/seal.ts';
import type { Writing } from '../carry-out.ts';
import { isSameContent } from '../core/content.ts';
import { code, type Known, phrase } from '../core/phrase.ts';
import type { Plan } from '../core/plan.ts';
import { type Settings, UsageError } from './settings.ts';
import { freshSealing } from './snapshot.ts';
import { refuseWhatIsThere, writeWhole } from './whole-file.ts';
import { writing } from './writing.ts';

/** Where what is going to be written over is kept. */
export interface Safe {
  /** Milliseconds since the epoch: the time of the save, that of the first attempt when this one goes on. */
  readonly savedAt: number;
  /** On the disk when it returns. Throws a `UsageError` when it can't be kept. */
  keep(writings: readonly Writing[]): Promise<void>;
}

/** As large as a file may be that is read back. */
const MOST_BYTES = 64 * 1024 ** 2;

export interface SafeRequest {
  readonly path: Known;
  readonly plan: Plan;
  readonly settings: Pick<Settings, 'encrypt' | 'snapshotPassphrase'>;
  readonly workspace: string;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

/**
 * A backup of the same plan is that of an attempt that was broken off: what it holds is what was there before, and it is
 * never written over.
 */
export async function openSafe(request: SafeRequest): Promise<Safe> {
  const { path, plan, settings, workspace, now } = request;
  const file = resolve(workspace, path);
  const isThere = writing(path, () => lstatSync(file, { throwIfNoEntry: false })) !== undefined;
  if (isThere) return earlier(request, file);
  const sealing = settings.encrypt ? await freshSealing(settings.snapshotPassphrase) : undefined;
  return {
    savedAt: now,
    async keep(writings) {
      const text = textOf(plan, writings, now, sealing);
      if (Buffer.byteLength(text) > MOST_BYTES) {
        throw new UsageError(
          phrase`the backup would be larger than a file may be that is read back`,
          phrase`plan fewer configs at once, with ${code('--keys')}`,
        );
      }
      writeWhole(text, { path, file, force: false });
    },
  };
}

function textOf(
  { hash, target }: Plan,
  entries: readonly Writing[],
  takenAt: number,
  sealing: Sealing | undefined,
): string {
  return backupText({ plan: hash, takenAt, target, entries }, sealing);
}

async function earlier({ path, plan, settings }: SafeRequest, file: string): Promise<Safe> {
  // What is no regular file is refused as such; what is one is read.
  refuseWhatIsThere({ path, file, force: true });
  const bytes = writing(path, () => readFileSync(file));
  const plain = await readBackup(bytes, path, undefined);
  // An encrypted one is refused without its passphrase, and says so.
  const read = plain.ok ? plain : await readBackup(bytes, path, settings.snapshotPassphrase);
  if (!read.ok) throw new UsageError(read.said, phrase`${read.advice}; or ${elsewhere}`);
  const { backup } = read;
  if (backup.plan !== plan.hash) {
    throw new UsageError(phrase`${code(path)} exists already, and is of another plan`, elsewhere);
  }
  return {
    savedAt: Date.parse(backup.takenAt),
    async keep(writings) {
      const isKept = (one: Writing) =>
        backup.entries.some(
          (entry) =>
            placeOf(entry) === placeOf(one) &&
            isSameContent(entry.before, one.before) &&
            entry.isAfter(one.after),
        );
      if (writings.every(isKept)) return;
      throw new UsageError(
        phrase`${code(path)} is of an earlier attempt, and doesn't hold all that would be written over now`,
        elsewhere,
      );
    },
  };
}

const elsewhere = phrase`name another file with ${code('--backup')}`;

function placeOf(
  entry: { readonly to: 'redis'; readonly key: string } | { readonly to: 'file'; readonly path: string },
) {
  return JSON.stringify([entry.to, entry.to === 'redis' ? entry.key : entry.path]);
}
