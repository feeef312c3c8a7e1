import { createHash, hash } from 'node:crypto';

/** What is told of the items of a collection, so that the same content has the same digest. */
export interface Digest {
  /** How many items were added. */
  count(): number;
  /** An item is a member, a name and a value, an entry: its parts in their order. */
  add(parts: readonly Uint8Array[]): void;
  /** SHA-256, in hexadecimal. */
  end(): string;
}

/** Of the bytes of a string or a document, in hexadecimal. */
export function digestOf(bytes: Uint8Array): string {
  return hash('sha256', bytes, 'hex');
}

/**
 * Without order, hashes of items are added up modulo 2 to the 256th; with order, they are hashed in a row. Either way
 * the items may come in pieces of any size, and none is kept.
 */
export function startDigest(type: string, isOrdered: boolean): Digest {
  const row = createHash('sha256');
  let count = 0;
  let sum = 0n;
  return {
    count: () => count,
    add(parts) {
      count += 1;
      const item = hash('sha256', Buffer.concat(parts.flatMap(counted)), 'hex');
      if (isOrdered) row.update(item);
      else sum = BigInt.asUintN(256, sum + BigInt(`0x${item}`));
    },
    end: () => hash('sha256', `${type} ${count} ${isOrdered ? row.digest('hex') : sum.toString(16)}`, 'hex'),
  };
}

/** Parts that are glued together could be parted in another place. */
function counted(part: Uint8Array): readonly Uint8Array[] {
  return [Buffer.from(`${part.length}:`), part];
}
