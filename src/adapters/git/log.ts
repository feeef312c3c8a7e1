import { vouch } from '../../core/phrase.ts';
import type { Commit } from '../../core/ports.ts';
import { isWhole } from './names.ts';

/** What a commit made of a file. */
export interface Change {
  readonly commit: Commit;
  /** Milliseconds since the epoch: when it was committed. */
  readonly at: number;
  /** Name of the content; absent where there was no regular file afterwards. */
  readonly object: string | undefined;
  /** Whether there was nothing of that name before. */
  readonly isFirst: boolean;
}

/**
 * Reads `git log -z --raw -c --format='%H %ct'`: `commit seconds` and, for each path, `:modes objects status` and the
 * path. A merge has a colon, a mode and an object for each parent, then those of the result. A record that is cut off
 * at the end counts for nothing.
 */
export function changesIn(log: Buffer, path: string): readonly Change[] {
  const fields = log.toString().split('\0');
  // What follows the last NUL is cut off, or empty.
  fields.pop();
  const changes: Change[] = [];
  let commit: { readonly name: string; readonly at: number } | undefined;
  for (let at = 0; at < fields.length; at += 1) {
    const [field, next] = [fields[at]?.trimStart() ?? '', fields[at + 1]];
    if (!field.startsWith(':')) {
      const [name = '', seconds = ''] = field.split(' ');
      if (isWhole(name)) commit = { name, at: Number(seconds) * 1000 };
      continue;
    }
    at += 1;
    if (commit === undefined || next !== path) continue;
    const parents = field.lastIndexOf(':') + 1;
    const columns = field.slice(parents).split(' ');
    const [before, mode = ''] = [columns.slice(0, parents), columns[parents]];
    const object = columns[2 * parents + 1];
    changes.push({
      commit: vouch(commit.name),
      at: commit.at,
      object: /^100/.test(mode) ? object : undefined,
      isFirst: before.every((each) => each === '000000'),
    });
  }
  return changes;
}

/** Reads `git diff-tree -z --name-status --diff-filter=R`: a status, the name before and the name after. */
export function nameBefore(renames: string, after: string): string | undefined {
  const fields = renames.split('\0');
  const index = fields.findIndex((field, at) => at % 3 === 2 && field === after);
  return index < 0 ? undefined : fields[index - 1];
}

/** Reads `git cat-file --batch`: `object type size`, and as many bytes. What is cut off at the end is left out. */
export function contentsIn(batch: Buffer): ReadonlyMap<string, Uint8Array> {
  const contents = new Map<string, Uint8Array>();
  for (let at = 0; ; ) {
    const end = batch.indexOf('\n', at);
    const [object = '', , size = ''] = end < 0 ? [] : batch.toString('latin1', at, end).split(' ');
    const after = end + 1 + Number(size);
    if (object === '') return contents;
    if (size === '') {
      // `object missing`: a clone without all objects.
      at = end + 1;
      continue;
    }
    if (after > batch.length) return contents;
    contents.set(object, batch.subarray(end + 1, after));
    at = after + 1;
  }
}
