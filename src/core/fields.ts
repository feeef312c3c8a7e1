import { type Decoded, decodeBytes, utf8 } from './decode.ts';
import type { Encoding, Field, Observation } from './evidence.ts';
import type { Json } from './json.ts';
import type { Flaw } from './scanner.ts';

/** The value that an observation is of; absent where there is none to read. */
export function decodeObservation(observation: Observation, encoding: Encoding): Decoded | undefined {
  switch (observation.kind) {
    case 'present':
      return decodeBytes(observation.bytes);
    case 'fields':
      return decodeFields(observation.fields, encoding === 'hash-json' ? 'json' : 'strings');
    default:
      return undefined;
  }
}

/**
 * A hash as one object, its fields by name. Each value is read for itself, so that none can be mistaken for the
 * beginning of another field. Flaws of a value stand at its place, with their offset in the text of the whole.
 */
export function decodeFields(fields: readonly Field[], values: 'strings' | 'json'): Decoded {
  const flaws: Flaw[] = [];
  const members: [string, Json][] = [];
  let isWhole = true;
  let text = '{';
  for (const [bytes, field] of sorted(fields)) {
    const name = utf8(field.name);
    text += `${text === '{' ? '' : ','}${JSON.stringify(name ?? bytes)}:`;
    if (name === undefined) flaws.push({ kind: 'not-utf8', offset: text.length, pointer: [] });
    const value = values === 'json' ? decodeBytes(field.value) : asString(field.value);
    for (const flaw of value.flaws) {
      const pointer = [name ?? bytes, ...flaw.pointer];
      flaws.push({ ...flaw, offset: text.length + flaw.offset, pointer });
    }
    text += value.text ?? '""';
    if (value.ok && name !== undefined) members.push([name, value.value]);
    else isWhole = false;
  }
  text += '}';
  return isWhole ? { ok: true, value: Object.fromEntries(members), text, flaws } : { ok: false, text, flaws };
}

function asString(bytes: Uint8Array): Decoded {
  const value = utf8(bytes);
  return value === undefined
    ? { ok: false, flaws: [{ kind: 'not-utf8', offset: 0, pointer: [] }] }
    : { ok: true, value, text: JSON.stringify(value), flaws: [] };
}

/** Redis tells the fields of a hash in no order. */
function sorted(fields: readonly Field[]): readonly (readonly [string, Field])[] {
  return fields
    .map((field) => [new TextDecoder('latin1').decode(field.name), field] as const)
    .sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
}
