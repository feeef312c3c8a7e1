/** The candidate that a name is most likely a misspelling of, if any is close enough to be one. */
export function nearest(name: string, candidates: readonly string[]): string | undefined {
  const allowed = Math.min(4, Math.floor(name.length / 3));
  const ranked = candidates
    .map((candidate) => ({
      candidate,
      edits: sameLetters(name, candidate) ? 0 : distance(name, candidate, allowed),
    }))
    .filter(({ edits }) => edits <= allowed)
    .sort((a, b) => a.edits - b.edits);
  return ranked[0]?.candidate;
}

/** Equal but for case and punctuation. */
export function sameLetters(a: string, b: string): boolean {
  return letters(a) === letters(b);
}

function letters(text: string): string {
  return text.toLowerCase().replace(/[^\p{L}\p{N}]/gu, '');
}

/** Levenshtein distance, or `limit + 1` as soon as it must be more than `limit`. */
export function distance(a: string, b: string, limit: number): number {
  if (Math.abs(a.length - b.length) > limit) return limit + 1;
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 0; i < a.length; i += 1) {
    const next = [i + 1];
    let least = i + 1;
    for (let j = 0; j < b.length; j += 1) {
      const edits = Math.min(
        (row[j] ?? 0) + (a[i] === b[j] ? 0 : 1),
        (row[j + 1] ?? 0) + 1,
        (next[j] ?? 0) + 1,
      );
      next.push(edits);
      least = Math.min(least, edits);
    }
    if (least > limit) return limit + 1;
    row = next;
  }
  return Math.min(row[b.length] ?? 0, limit + 1);
}

const EDITS = 4;

/** Another name that this key may have been meant by: another prefix, another spelling, a slip of the finger. */
export function isNearMiss(
  candidate: string,
  spec: { readonly name: string; readonly key: string },
): boolean {
  if (candidate === spec.key) return false;
  if (sameLetters(candidate, spec.key)) return true;
  const last = candidate.split(/[:/.|]/).at(-1) ?? candidate;
  return sameLetters(last, spec.name) || distance(candidate, spec.key, EDITS) <= EDITS;
}
