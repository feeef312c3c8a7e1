import slotOf from 'cluster-key-slot';

/** Whether a key belongs to one of several parts: by its hash slot, so that keys of one tag stay together. */
export function isOfShard({
  index,
  of,
}: {
  readonly index: number;
  readonly of: number;
}): (key: string) => boolean {
  return (key) => slotOf(key) % of === index - 1;
}
