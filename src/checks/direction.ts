import { difference } from '../core/difference.ts';
import type { Past } from '../core/evidence.ts';
import { code, count, type Phrase, phrase, vouch } from '../core/phrase.ts';
import type { Check } from './check.ts';

type KnownPast = Extract<Past, { readonly kind: 'known' }>;

export const direction: Check = {
  id: 'direction',
  title: 'Which side has moved on: Redis or git?',
  isOfPast: true,
  run({ spec, live, past, fallback }) {
    if (past === undefined || live?.ok !== true || fallback.kind !== 'read' || !fallback.decoded.ok)
      return [];
    if (past.kind === 'unknown') {
      const said = phrase`nobody can tell which side has moved on: ${past.said}`;
      return [{ claim: 'advice', severity: 'notice', pointer: [], phrase: said }];
    }
    const options = { ignore: spec.drift.ignore, identity: spec.identity };
    const distances = past.versions.map(({ value }) => difference(value, live.value, options).length);
    // What the workspace holds may not be committed yet.
    const distance = difference(fallback.decoded.value, live.value, options).length;
    const { said, advice } = judge(past, distances, distance);
    return [{ claim: 'advice', severity: 'notice', pointer: [], phrase: said, advice }];
  },
};

/** By how much each version differs from what is live tells which of them that came from. */
function judge(
  { versions, isAll }: KnownPast,
  distances: readonly number[],
  now: number,
): { readonly said: Phrase; readonly advice: Phrase } {
  const same = distances.indexOf(0);
  const version = versions[same];
  if (version !== undefined) {
    const next = versions[same - 1];
    const since =
      next === undefined ? phrase`the change is not committed yet` : phrase`since commit ${commit(next)}`;
    return {
      said: phrase`git is ahead: Redis holds what the fallback was at commit ${commit(version)}; ${since}`,
      advice: phrase`it has not been rolled out yet: write the fallback to Redis`,
    };
  }
  const never = isAll
    ? phrase`the live value never was in git`
    : phrase`the live value is none of the last ${count(versions.length, 'version')} in git`;
  const closest = Math.min(now, ...distances);
  const origin = now === closest ? undefined : versions[distances.indexOf(closest)];
  if (origin === undefined) {
    return {
      said: phrase`Redis is ahead: ${never}`,
      advice: phrase`somebody changed it there: bring the value into git, or write the fallback to Redis`,
    };
  }
  return {
    said: phrase`both have moved on: ${never}, and is closest to commit ${commit(origin)}`,
    advice: phrase`bring both changes together before you write either`,
  };
}

const SHORT = 8;

function commit({ commit: name, at }: KnownPast['versions'][number]): Phrase {
  const day = new Date(at).toISOString().slice(0, 'yyyy-mm-dd'.length);
  return phrase`${code(vouch(name.slice(0, SHORT)))} (${code(vouch(day))})`;
}
