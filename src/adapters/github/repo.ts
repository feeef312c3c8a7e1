import { vouch } from '../../core/phrase.ts';
import type { Commit, Repo } from '../../core/ports.ts';
import { type Comparison, compare, originOn, renamedIn } from './comparison.ts';
import { filesOn } from './contents.ts';
import { isWhole } from './places.ts';
import type { Source } from './reading.ts';
import { versionsOn } from './versions.ts';

/**
 * The history as GitHub tells it, for checkouts that lack it. The token needs `contents: read`.
 *
 * `timeout` (milliseconds) bounds each request, asking again included. `until` is `sha` where it isn't given: what is
 * not committed, GitHub can't know. `renamedSince` and `versions` throw a `HistoryFault` when GitHub can't tell.
 */
export function githubRepo(source: Source): Repo {
  const files = filesOn(source);
  const comparisons = new Map<string, Comparison>();
  // What is told of an origin tells as well what was renamed since.
  const keep = (comparison: Comparison) => {
    comparisons.set(`${comparison.commit}...${comparison.head}`, comparison);
  };
  return {
    origin: (base, head) => originOn(source, [base, head], keep),
    at: (commit) => files(whole(commit)),
    renamedSince: async (commit, until) => {
      const [from, to] = [whole(commit), until === undefined ? source.sha : whole(until)];
      if (from === to) return new Map();
      const found = comparisons.get(`${from}...${to}`) ?? (await compare(source, [from, to], [from, to]));
      keep(found);
      return renamedIn(source, from, found);
    },
    versions: async (path, upTo, most) =>
      versionsOn(source, path, upTo === 'HEAD' ? vouch(source.sha) : whole(upTo), most),
  };
}

/** Anything else could mean something else tomorrow. */
function whole(commit: Commit): Commit {
  if (!isWhole(commit)) throw new RangeError('not the whole name of a commit');
  return commit;
}
