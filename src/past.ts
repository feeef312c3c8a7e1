import { isOutOfStep } from './core/divergence.ts';
import type { Evidence } from './core/evidence.ts';
import type { Repo } from './core/ports.ts';
import type { Change, Recall, ReviewPorts } from './review.ts';

export interface PastPorts extends ReviewPorts {
  /** Where the workspace has a history. */
  readonly repo?: Repo;
  /** The change under review; absent when none is. */
  readonly change?: Change;
}

/** Adds what the past tells to evidence; of so many, those that differ from their fallback. */
export type Historian = (evidence: readonly Evidence[], most: number) => Promise<readonly Evidence[]>;

/** Most runs load nothing for it. */
export function historian(ports: PastPorts): Historian {
  const { repo, change } = ports;
  if (repo === undefined) return async (evidence) => evidence;
  let recall: Recall | undefined;
  return async (evidence, most) => {
    if (change === undefined && !evidence.some(isOutOfStep)) return evidence;
    if (change !== undefined) recall ??= (await import('./review.ts')).recaller(change, ports);
    const recalled = recall === undefined ? evidence : await recall(evidence);
    const { remember } = await import('./remember.ts');
    return [...(await remember(recalled.slice(0, most), repo)), ...recalled.slice(most)];
  };
}
