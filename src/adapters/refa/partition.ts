/** All characters, divided into classes. */
export interface Partition {
  /** The first code points of its intervals, ascending; the first one is 0. */
  readonly starts: readonly number[];
  /** By interval: the class that it belongs to. */
  readonly classes: readonly number[];
  /** So many classes. */
  readonly size: number;
}

interface Refinement {
  readonly partition: Partition;
  /** By partition that it refines: by class, the class there that it is part of. */
  readonly within: readonly (readonly number[])[];
}

export const LAST = 0x10ffff;

/** What is in one of the ranges (class 1), and what isn't. The ranges are sorted and don't touch. */
export function partitionBy(ranges: readonly { readonly min: number; readonly max: number }[]): Partition {
  const starts = [0];
  const classes = [0];
  for (const { min, max } of ranges) {
    if (min === 0) classes[0] = 1;
    else {
      starts.push(min);
      classes.push(1);
    }
    if (max === LAST) break;
    starts.push(max + 1);
    classes.push(0);
  }
  return { starts, classes, size: 2 };
}

/** Characters are in one class when they are so in all of the partitions. */
export function refine(partitions: readonly Partition[]): Refinement {
  const starts = [...new Set([0, ...partitions.flatMap((partition) => partition.starts)])].sort(
    (a, b) => a - b,
  );
  let classes = starts.map(() => 0);
  let size = 1;
  for (const partition of partitions) {
    const numbers = new Map<number, number>();
    let interval = 0;
    classes = starts.map((start, index) => {
      while ((partition.starts[interval + 1] ?? LAST + 1) <= start) interval += 1;
      const key = (classes[index] ?? 0) * partition.size + (partition.classes[interval] ?? 0);
      const number = numbers.get(key) ?? numbers.size;
      numbers.set(key, number);
      return number;
    });
    size = numbers.size;
  }
  const within = partitions.map((partition) => {
    const labels = new Array<number>(size).fill(0);
    let interval = 0;
    for (const [index, start] of starts.entries()) {
      while ((partition.starts[interval + 1] ?? LAST + 1) <= start) interval += 1;
      labels[classes[index] ?? 0] = partition.classes[interval] ?? 0;
    }
    return labels;
  });
  return { partition: { starts, classes, size }, within };
}

/** The class of a code point. */
export function classOf({ starts, classes }: Partition, code: number): number {
  let [low, high] = [0, starts.length - 1];
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((starts[middle] ?? 0) <= code) low = middle;
    else high = middle - 1;
  }
  return classes[low] ?? 0;
}
