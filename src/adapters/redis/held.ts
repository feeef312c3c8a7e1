import { isHeld, isSameContent } from '../../core/content.ts';
import { decodeBytes } from '../../core/decode.ts';
import type { Field, Observation } from '../../core/evidence.ts';
import type { Content, Held, Swap } from '../../core/ports.ts';
import { canonical } from '../../core/redaction.ts';
import type { Command } from './session.ts';

/** Whether a key holds what a swap expects: to the byte, and with a time to live or without one. */
export function isAsExpected({ expected }: Swap, found: Observation): boolean {
  return isSame(expected, found) && lives(expected) === lives(found);
}

/** Whether a key holds what a swap was to put there. */
export function isAsWanted({ encoding, expected, next }: Swap, found: Observation): boolean {
  const isThere = encoding === 'redisjson' ? isSameDocument(next, found) : isSame(next, found);
  return isThere && lives(found) === (next.kind !== 'absent' && lives(expected));
}

/** What turns the one into the other. A key that stays keeps its time to live. */
export function writesOf({ key, encoding, expected, next }: Swap): readonly Command[] {
  switch (next.kind) {
    case 'absent':
      return expected.kind === 'absent' ? [] : [['DEL', key]];
    case 'present':
      if (encoding === 'redisjson') return [['JSON.SET', key, '$', next.bytes]];
      // Older servers than 6.0.9 don't end a transaction when a key expires: there, it isn't to come back for good.
      return [['SET', key, next.bytes, ...(lives(expected) ? ['XX', 'KEEPTTL'] : [])]];
    case 'fields':
      return hashWrites(key, expected.kind === 'fields' ? expected.fields : [], next.fields);
  }
}

/** The hash is never deleted, not even for an instant: its time to live would go with it. */
function hashWrites(key: string, before: readonly Field[], after: readonly Field[]): readonly Command[] {
  const [had, has] = [valuesOf(before), valuesOf(after)];
  const changed = after.filter(({ name, value }) => had.get(latin1(name)) !== latin1(value));
  const gone = before.filter(({ name }) => !has.has(latin1(name)));
  return [
    ...(changed.length === 0
      ? []
      : [['HSET', key, ...changed.flatMap(({ name, value }) => [name, value])] as const]),
    ...(gone.length === 0 ? [] : [['HDEL', key, ...gone.map(({ name }) => name)] as const]),
  ];
}

function lives(found: Observation): boolean {
  return 'ttl' in found && found.ttl !== undefined;
}

function isSame(wanted: Held | Content, found: Observation): boolean {
  return isHeld(found) && isSameContent(wanted, found);
}

/** RedisJSON keeps values, and spells them in its own way. */
function isSameDocument(wanted: Content, found: Observation): boolean {
  if (wanted.kind !== 'present' || found.kind !== 'present') return wanted.kind === found.kind;
  const [one, other] = [decodeBytes(wanted.bytes), decodeBytes(found.bytes)];
  return one.ok && other.ok && canonical(one.value) === canonical(other.value);
}

/** Values by name, as text with one character per byte. */
function valuesOf(fields: readonly Field[]): ReadonlyMap<string, string> {
  return new Map(fields.map(({ name, value }) => [latin1(name), latin1(value)]));
}

function latin1(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
}
