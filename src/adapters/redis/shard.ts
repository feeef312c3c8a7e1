import slotOf from 'cluster-key-slot';
import type { Shard } from '../../core/verdict.ts';

/** Whether a key belongs to that part of all: by its hash slot, so that keys of one tag stay together. */
export function isOfShard(key: string, { index, of }: Shard): boolean {
  return slotOf(key) % of === index - 1;
}
