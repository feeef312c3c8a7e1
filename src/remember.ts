import { decodeBytes } from './core/decode.ts';
import { isOutOfStep } from './core/divergence.ts';
import { type Evidence, type Past, pathOf } from './core/evidence.ts';
import { phrase } from './core/phrase.ts';
import { HistoryFault, type Repo } from './core/ports.ts';

/** Versions of a file that are looked through for the one that Redis holds. */
const MOST_VERSIONS = 50;

/** Adds the history of each fallback that Redis is out of step with. */
export async function remember(evidence: readonly Evidence[], repo: Repo): Promise<readonly Evidence[]> {
  return Promise.all(
    evidence.map(
      async (item): Promise<Evidence> =>
        isOutOfStep(item) ? { ...item, past: await pastOf(item, repo) } : item,
    ),
  );
}

async function pastOf({ fallback }: Evidence, repo: Repo): Promise<Past> {
  const path = pathOf(fallback);
  if (path === undefined) return { kind: 'unknown', said: phrase`there is no fallback file` };
  const answer = await orFault(() => repo.versions(path, 'HEAD', MOST_VERSIONS));
  if (answer instanceof HistoryFault) return { kind: 'unknown', said: answer.said };
  const versions = answer.versions.flatMap(({ commit, at, bytes }) => {
    const decoded = bytes === undefined ? undefined : decodeBytes(bytes);
    return decoded?.ok === true ? [{ commit, at, value: decoded.value }] : [];
  });
  if (versions.length === 0) return { kind: 'unknown', said: phrase`the file is not in git yet` };
  return { kind: 'known', versions, isAll: answer.isAll };
}

/** What an edge answers, its refusal included. */
export async function orFault<T>(ask: () => Promise<T>): Promise<T | HistoryFault> {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof HistoryFault) return error;
    throw error;
  }
}
