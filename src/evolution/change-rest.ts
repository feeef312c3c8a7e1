import { isAnything } from './change-form.ts';
import type { RestStem } from './change-kind.ts';
import { isWatched, type Pair } from './change-pair.ts';
import type { Place } from './change-source.ts';

/** Compares what rules the parts that nothing else does. Absent, it lets everything pass. */
export function compareRest(pair: Pair, stem: RestStem, was: Place | undefined, is: Place | undefined): void {
  const [before, after] = [was ?? pair.before.place, is ?? pair.after.place];
  if (was?.json === false || is?.json === false) {
    if (was?.json !== false) pair.report(`${stem}-closed`, before, after, 'narrows');
    if (is?.json !== false) pair.report(`${stem}-opened`, before, after, 'widens');
    return;
  }
  const [wasOpen, isOpen] = [isOpenTo(was), isOpenTo(is)];
  if (wasOpen && isOpen) {
    if (was !== undefined && is !== undefined) pair.follow(was, is, 'direct');
    else if (was === is || !isWatched(pair)) return;
    // What is allowed explicitly counts as evaluated.
    else if (was === undefined) pair.report(`${stem}-widened`, before, after, 'widens');
    else pair.report(`${stem}-narrowed`, before, after, 'narrows');
  } else if (wasOpen) {
    pair.report(
      `${stem}-narrowed`,
      before,
      after,
      was === undefined && isWatched(pair) ? 'either' : 'narrows',
    );
  } else if (isOpen) {
    pair.report(`${stem}-widened`, before, after, is === undefined && isWatched(pair) ? 'either' : 'widens');
  } else if (was !== undefined && is !== undefined) pair.follow(was, is, 'direct');
}

function isOpenTo(place: Place | undefined): boolean {
  return place === undefined || isAnything(place.json);
}
