import { classOf, LAST, type Partition } from './partition.ts';

/** Characters that are read with ease, the best first; then a few that stand for the rest of the world. */
const LEGIBLE = [
  ...'abcdefghijklmnopqrstuvwxyz0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ-_. /:@+,;=!?#%&*()[]{}<>|~^$\'"`\\',
  ...'éα中😀',
].map((character) => character.codePointAt(0) ?? 0);

/** Characters that nothing tells apart, a few of them for all. */
export interface Letter {
  /** The number of their class. */
  readonly kind: number;
  /** Code points, the most legible first. Lone surrogates only where there is nothing else. */
  readonly characters: readonly number[];
  /** There are no others. */
  readonly isAll: boolean;
}

/** The classes of a partition, the most legible first, with up to `each` characters of every one. */
export function alphabetOf(partition: Partition, each: number): readonly Letter[] {
  const { starts, classes, size } = partition;
  const chosen = Array.from({ length: size }, (): number[] => []);
  const order = new Set<number>();
  for (const code of LEGIBLE) {
    const kind = classOf(partition, code);
    order.add(kind);
    const characters = chosen[kind];
    if (characters !== undefined && characters.length < each) characters.push(code);
  }
  const sizes = new Array<number>(size).fill(0);
  const intervals = starts.map((first, index) => {
    const [kind, last] = [classes[index] ?? 0, (starts[index + 1] ?? LAST + 1) - 1];
    sizes[kind] = (sizes[kind] ?? 0) + last - first + 1;
    return { kind, first, last };
  });
  for (const { kind, first, last } of intervals.sort((a, b) => oddity(a.first) - oddity(b.first))) {
    order.add(kind);
    const characters = chosen[kind] ?? [];
    for (let code = first; code <= last && characters.length < each; code += 1) {
      if (!characters.includes(code)) characters.push(code);
    }
  }
  return [...order].map((kind) => {
    const characters = chosen[kind] ?? [];
    return { kind, characters, isAll: characters.length === sizes[kind] };
  });
}

/** Letters of some language before control characters, and these before lone surrogates. */
function oddity(code: number): number {
  if (code >= 0xd800 && code < 0xe000) return 2;
  return code < 0x20 || (code >= 0x7f && code < 0xa0) ? 1 : 0;
}
