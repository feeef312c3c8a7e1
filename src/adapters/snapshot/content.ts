import type { Field } from '../../core/evidence.ts';

/** The fields of a hash, by the bytes of their names. */
export function byName(fields: readonly Field[]): readonly Field[] {
  return fields.toSorted((a, b) => Buffer.compare(a.name, b.name));
}

/** As TYPE answers for a key that isn't there. */
export const NO_TYPE = 'none';

/** Bytes that hold the number of bytes of what comes next. */
const COUNT = 8;

/**
 * A hash as bytes, the same for the same hash: by name, each field's name and value, before each of the two its
 * number of bytes in 8 bytes, the highest first.
 */
export function packFields(fields: readonly Field[]): Uint8Array {
  return Buffer.concat(
    byName(fields).flatMap(({ name, value }) => [counted(name), name, counted(value), value]),
  );
}

function counted({ length }: Uint8Array): Buffer {
  const bytes = Buffer.alloc(COUNT);
  bytes.writeBigUInt64BE(BigInt(length));
  return bytes;
}

/** `undefined` for bytes that no hash has: cut off, or with a name twice. */
export function unpackFields(packed: Uint8Array): readonly Field[] | undefined {
  const parts = partsOf(Buffer.from(packed));
  const fields: Field[] = [];
  while (parts !== undefined && parts.length > 0) {
    const [name, value] = parts.splice(-2);
    if (name === undefined || value === undefined) return undefined;
    fields.push({ name, value });
  }
  fields.reverse();
  const isInOrder = fields.every(({ name }, index) => {
    const before = fields[index - 1];
    return before === undefined || Buffer.compare(before.name, name) < 0;
  });
  return parts !== undefined && isInOrder ? fields : undefined;
}

function partsOf(packed: Buffer): Buffer[] | undefined {
  const parts: Buffer[] = [];
  for (let offset = 0; offset < packed.length; ) {
    const start = offset + COUNT;
    if (start > packed.length) return undefined;
    const length = packed.readBigUInt64BE(offset);
    if (length > packed.length - start) return undefined;
    offset = start + Number(length);
    parts.push(packed.subarray(start, offset));
  }
  return parts;
}
