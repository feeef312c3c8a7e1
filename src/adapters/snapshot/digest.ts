import { hash } from 'node:crypto';
import type { Field } from '../../core/evidence.ts';

/** Of the bytes of a string or a document: SHA-256, in hexadecimal, as troves tell it. */
export function digestOfBytes(bytes: Uint8Array): string {
  return hash('sha256', bytes, 'hex');
}

/** Of a hash, as troves tell it: without order, the hashes of its fields are added up modulo 2 to the 256th. */
export function digestOfFields(fields: readonly Field[]): string {
  let sum = 0n;
  for (const { name, value } of fields) {
    const parts = [Buffer.from(`${name.length}:`), name, Buffer.from(`${value.length}:`), value];
    sum = BigInt.asUintN(256, sum + BigInt(`0x${hash('sha256', Buffer.concat(parts), 'hex')}`));
  }
  return hash('sha256', `hash ${fields.length} ${sum.toString(16)}`, 'hex');
}
