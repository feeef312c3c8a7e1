import { createHash } from 'node:crypto';
import { globOf } from '../../src/core/glob.ts';
import { vouch } from '../../src/core/phrase.ts';
import type { Holding, Trove } from '../../src/core/ports.ts';

/** A trove of a map: names by their text, listed in their order, so many a batch. */
export interface MemoryTrove extends Trove {
  readonly keys: Map<string, Holding>;
}

export function memoryTrove(
  entries: Iterable<readonly [string, Holding]>,
  size = 10,
  before: () => void = () => undefined,
): MemoryTrove {
  const keys = new Map(entries);
  return {
    target: vouch('memory'),
    keys,
    size: async () => keys.size,
    async *names(match, from = '0') {
      const isMatch = globOf(match);
      const all = [...keys.keys()].map((name) => Buffer.from(name));
      for (let start = Number(from); start < all.length; start += size) {
        const names = all.slice(start, start + size).filter(isMatch);
        yield { names, bookmark: String(start + size) };
      }
    },
    async read(names) {
      before();
      return names.map((name) => keys.get(Buffer.from(name).toString()) ?? { kind: 'absent' });
    },
  };
}

export function held(text: string, more: { type?: string; ttl?: number; encoding?: string } = {}): Holding {
  const bytes = Buffer.from(text);
  const digest = createHash('sha256').update(bytes).digest('hex');
  return { kind: 'held', type: 'string', length: bytes.length, digest, bytes, ...more };
}
