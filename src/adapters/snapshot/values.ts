import * as z from 'zod/mini';
import { utf8 } from '../../core/decode.ts';
import type { Content } from '../../core/ports.ts';
import { byName, packFields } from './content.ts';

/** Bytes as text when they are UTF-8, else in base64. */
const Text = z.union([z.object({ utf8: z.string() }), z.object({ base64: z.string() })]);
type Text = z.infer<typeof Text>;

export const Value = z.union([
  Text,
  z.object({ fields: z.array(z.tuple([Text, Text])) }),
  z.object({ encrypted: z.string() }),
]);
export type Value = z.infer<typeof Value>;

/** How the bytes of a key are written down where they aren't encrypted. */
export function spelled(held: Some): Value {
  if (held.kind === 'present') return textOf(held.bytes);
  return { fields: byName(held.fields).map(({ name, value }) => [textOf(name), textOf(value)]) };
}

function textOf(bytes: Uint8Array): Text {
  const text = utf8(bytes);
  return text === undefined ? { base64: Buffer.from(bytes).toString('base64') } : { utf8: text };
}

/** What is there. */
export type Some = Exclude<Content, { readonly kind: 'absent' }>;

/** The bytes again; `undefined` where the form isn't that of the type. */
export function plainContent(
  type: string,
  value: Exclude<Value, { readonly encrypted: string }>,
): Uint8Array | undefined {
  if ('fields' in value !== (type === 'hash')) return undefined;
  if (!('fields' in value)) return bytesOf(value);
  return packFields(value.fields.map(([name, text]) => ({ name: bytesOf(name), value: bytesOf(text) })));
}

function bytesOf(text: Text): Uint8Array {
  return 'utf8' in text ? Buffer.from(text.utf8, 'utf8') : Buffer.from(text.base64, 'base64');
}

/** A time to live may be longer than JSON can count. */
export function lifetime(ttl: number | undefined): number | null {
  return ttl === undefined ? null : Math.min(ttl, Number.MAX_SAFE_INTEGER);
}
