import { posix } from 'node:path';

/** The whole name of a commit. */
export function isWhole(text: string): boolean {
  return /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/.test(text);
}

/** What events put where there is no commit. */
export function isZero(text: string): boolean {
  return isWhole(text) && /^0+$/.test(text);
}

/**
 * What GitHub calls the commit of that name; nothing when it is no name. `HEAD` is the default branch to GitHub, and
 * the commit that is checked out to us. Two dots would part a comparison, a colon name another repository, and a
 * single dot vanish from an address.
 */
export function refOf(given: string, sha: string): string | undefined {
  const ref = given
    .replace(/^(?:HEAD|@)(?=$|[~^])/, sha)
    // There, the branches of `origin` are the branches.
    .replace(/^(?:refs\/remotes\/)?origin\//, '');
  return /^-|^$|(?:^|\/)\.|\.\.|@\{|[\p{Cc}\p{Cs} :?*[\\]/u.test(ref) ? undefined : ref;
}

/** Where a path of the workspace is in the repository: `.` for its top; nothing where it is outside. */
export function placeOf(folder: string, path: string): string | undefined {
  // A slash at its end would ask for what is in a folder.
  const place = posix.normalize(posix.join(folder, path)).replace(/(?<=.)\/+$/, '');
  return posix.isAbsolute(path) || /^\.\.(?:\/|$)/.test(place) ? undefined : place;
}

/** The other way round: what a file of the repository is called in the workspace; nothing where it is not in it. */
export function pathIn(folder: string, place: string): string | undefined {
  const top = placeOf('', folder);
  if (top === undefined || top === '.') return place;
  return place.startsWith(`${top}/`) ? place.slice(top.length + 1) : undefined;
}

/** Whether a file can have this name. Half of a character is none, and can't be sent. */
export function isName(path: string): boolean {
  return !/[\0\p{Cs}]/u.test(path);
}
