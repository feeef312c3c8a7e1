import { decodeBytes } from './core/decode.ts';
import { type Difference, difference } from './core/difference.ts';
import { namePlaces, placeOfDifference } from './core/divergence.ts';
import { pathOf } from './core/evidence.ts';
import type { Json } from './core/json.ts';
import { type Conflict, merge } from './core/merging.ts';
import { code, count, type Known, name, type Phrase, phrase, vouch } from './core/phrase.ts';
import { HistoryFault, type Repo, type Version } from './core/ports.ts';
import type { Left } from './core/proposal.ts';
import type { Place } from './core/redaction.ts';
import { orFault } from './remember.ts';
import { type Bench, chosen, type Decision, FILE, leave, REDIS, ROOT, soundFile, soundLive } from './wish.ts';

/** What both sides changed since they were the same, brought together. */

/** Versions of a file that are looked through for the one that Redis held. */
const MOST_VERSIONS = 50;

/** What Redis and the file are to hold, and the places that both changed. */
export async function mergeOf(bench: Bench): Promise<Decision> {
  const live = soundLive(bench);
  if ('why' in live) return { wishes: [], left: [live] };
  const file = soundFile(bench);
  if ('why' in file) return { wishes: [], left: [file] };
  const options = { ignore: bench.evidence.spec.drift.ignore, identity: bench.evidence.spec.identity };
  if (difference(file.value, live.value, options).length === 0) return { wishes: [], left: [] };
  const base = await baseOf(live.value, bench);
  if ('why' in base) return { wishes: [], left: [base] };
  const toRedis = merge(base.value, live.value, file.value, options);
  const toFile = merge(base.value, file.value, live.value, options);
  const remarks = [base.said];
  const merged = phrase`the merge`;
  return {
    wishes: [
      {
        to: 'redis',
        value: chosen(live.value, toRedis.value, bench),
        sides: { before: REDIS, after: merged },
        base: base.commit,
        remarks,
      },
      {
        to: 'file',
        value: chosen(file.value, toFile.value, bench),
        sides: { before: FILE, after: merged },
        base: base.commit,
        remarks,
      },
    ],
    left: toRedis.conflicts.map((conflict) => wordConflict(conflict, bench)),
  };
}

const conflictWords: Readonly<Record<Conflict['kind'], Phrase>> = {
  changed: phrase`both sides changed it, each in its own way`,
  removed: phrase`one side removed it, and the other changed it`,
  added: phrase`both sides added it, each in its own way`,
  order: phrase`both sides added or moved items at the same place, and which comes first may matter`,
};

/** Items may stand at other places on either side, and `--only` counts in the side that is right. */
function wordConflict({ kind, ours, theirs }: Conflict, { veil }: Bench): Left {
  const only = (side: Phrase, place: Place) => phrase`${side} with ${code('--only')} ${name(place)}`;
  return leave(
    'conflict',
    veil.place(ours),
    conflictWords[kind],
    phrase`settle it by hand, or take one side for it: ${only(phrase`${code('--from fallback')}`, veil.place(theirs))}, or ${only(phrase`${code('--from redis')}`, veil.place(ours))}`,
  );
}

interface Base {
  readonly commit: Known;
  readonly value: Json;
  readonly said: Phrase;
}

async function baseOf(live: Json, bench: Bench): Promise<Base | Left> {
  const { ports, request, evidence } = bench;
  const path = pathOf(evidence.fallback);
  if (ports.repo === undefined || path === undefined) {
    return unknown(phrase`there is no git history to find out what both sides began with`);
  }
  const { repo } = ports;
  const ref = request.settledBase?.(evidence.spec.storedKey, path) ?? request.base;
  const found = await orFault(() =>
    ref === undefined ? nearest(live, path, repo, bench) : namedBase(ref, path, repo),
  );
  return found instanceof HistoryFault ? unknown(found.said, found.advice) : found;
}

function unknown(
  said: Phrase,
  advice: Phrase = phrase`say which side is right: ${code('--from fallback')} or ${code('--from redis')}`,
): Left {
  return leave('unchecked', ROOT, said, advice);
}

/** A version of the file itself is found though it had another name then. */
async function namedBase(ref: string, path: Known, repo: Repo): Promise<Base | Left> {
  const origin = await repo.origin('HEAD', ref);
  if (origin.kind !== 'found') return unknown(origin.said, origin.advice);
  const renamed = await repo.renamedSince(origin.head);
  const content = await repo.at(origin.head).read(vouch(renamed.get(path) ?? path));
  const value = content.kind === 'read' ? jsonOf(content) : undefined;
  if (value !== undefined) {
    return { commit: origin.head, value, said: phrase`both began with commit ${short(origin.head)}` };
  }
  return unknown(
    phrase`at commit ${short(origin.head)} the fallback ${code(path)} was none that could be read`,
    phrase`name another commit with ${code('--base')}`,
  );
}

/**
 * The version that equals what is live, or else comes nearest to it. Of several the oldest: the more the file has
 * changed since, the less is taken for a change of Redis alone. Where there are versions that can't be looked at, the
 * nearest may be one of them, and to begin with a later one would take back what was changed in between.
 */
async function nearest(live: Json, path: Known, repo: Repo, bench: Bench): Promise<Base | Left> {
  const { drift, identity } = bench.evidence.spec;
  const options = { ignore: drift.ignore, identity };
  const { versions, isAll } = await repo.versions(path, 'HEAD', MOST_VERSIONS);
  let best:
    | { readonly version: Version; readonly value: Json; readonly away: readonly Difference[] }
    | undefined;
  for (const version of versions) {
    const value = jsonOf(version);
    if (value === undefined) continue;
    const away = difference(value, live, options);
    if (best === undefined || away.length <= best.away.length) best = { version, value, away };
    // Older ones that are the same as well are of times before it was changed and changed back.
    if (away.length === 0) break;
  }
  if (best === undefined) return unknown(phrase`the fallback ${code(path)} is not in git yet`);
  const { version, value, away } = best;
  if (away.length > 0 && !isAll) {
    return unknown(
      phrase`Redis holds none of the ${count(versions.length, 'version')} of ${code(path)} that can be looked at, and there are older ones`,
      phrase`fetch the whole history (of ${code('actions/checkout')}: ${code('fetch-depth: 0')}), or name the commit that both began with: ${code('--base')}`,
    );
  }
  return { commit: version.commit, value, said: wordBase(version, away, bench) };
}

function wordBase({ commit, at }: Version, away: readonly Difference[], { veil }: Bench): Phrase {
  const day = code(vouch(new Date(at).toISOString().slice(0, 'yyyy-mm-dd'.length)));
  const began = phrase`commit ${short(commit)} (${day})`;
  if (away.length === 0) return phrase`both began with ${began}, which is what Redis holds`;
  const places = namePlaces(away.map(placeOfDifference), veil);
  return phrase`taken for what both began with: ${began}, the nearest to Redis. Where they differ (${places}) it is taken for a change of Redis, also where an earlier merge left a conflict; name another with ${code('--base')}`;
}

function jsonOf({ bytes }: { readonly bytes?: Uint8Array }): Json | undefined {
  const decoded = bytes === undefined ? undefined : decodeBytes(bytes);
  return decoded?.ok === true ? decoded.value : undefined;
}

const SHORT = 8;

function short(commit: Known) {
  return code(vouch(commit.slice(0, SHORT)));
}
