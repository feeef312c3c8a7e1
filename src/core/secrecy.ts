import type { Difference } from './difference.ts';
import type { Pattern, Pointer } from './pointer.ts';
import { covers } from './pointer.ts';
import type { NameRule, Visibility } from './redaction.ts';

/** Where a difference would bring a secret to the side that hasn't got it; `undefined` when it wouldn't. */
export function touchesSecret(
  item: Difference,
  { secret, secretNames }: Pick<Visibility, 'secret' | 'secretNames'>,
): Pointer | undefined {
  // What goes, or changes its place, was there before.
  if (item.kind === 'removed' || item.kind === 'moved') return undefined;
  const place = item.after;
  const isTouched =
    secret.some((pattern) => lieOnOneWay(pattern, place)) || secretNames.some((rule) => mayName(rule, place));
  return isTouched ? place : undefined;
}

/** One of the two is, or lies within, the other. */
function lieOnOneWay(pattern: Pattern, place: Pointer): boolean {
  return covers(pattern, place) || covers(pattern.slice(0, place.length), place);
}

/** Something at the place, or within it, may have a secret name. */
function mayName({ at, below, except }: NameRule, place: Pointer): boolean {
  const member = place[at.length];
  if (member === undefined) return covers(at.slice(0, place.length), place);
  if (!covers(at, place)) return false;
  return below === true || !except.includes(member);
}
