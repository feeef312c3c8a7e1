import type { Encoding, Field, Observation } from '../../core/evidence.ts';
import { isWrongType, textOf, tooLarge } from './reply.ts';
import type { Command, Reply } from './session.ts';

/** How values of one encoding are asked for. */
interface Way {
  /** All there is to ask about one key. `most` bytes of a string are wanted; anything else comes whole. */
  questions(key: string, most: number): readonly Command[];
  /**
   * What the replies say together, if they can all be true. None is an error, save that the type was wrong. `asked` is
   * what `most` was, and a value of more than `maxBytes` is none to be read.
   */
  observe(replies: readonly Reply[], asked: number, maxBytes: number): Observation | undefined;
}

const strings: Way = {
  questions: (key, most) => [
    ['TYPE', key],
    ['STRLEN', key],
    ['PTTL', key],
    // One byte more than the limit is never asked for: the length alone tells what is too large.
    ['GETRANGE', key, 0, most - 1],
  ],
  observe([type, length, ttl, bytes], asked, maxBytes) {
    const other = otherThan('string', type, length);
    if (other !== undefined) return other.observation;
    if (typeof length !== 'number' || !(bytes instanceof Uint8Array)) return undefined;
    // A piece of a value is another value.
    if (bytes.length !== Math.min(length, asked)) return undefined;
    return length > maxBytes ? tooLarge(length, maxBytes) : presentOf(bytes, ttl);
  },
};

const hashes: Way = {
  questions: (key) => [
    ['TYPE', key],
    ['HLEN', key],
    ['PTTL', key],
    ['HGETALL', key],
  ],
  observe([type, length, ttl, members], _asked, maxBytes) {
    const other = otherThan('hash', type, length);
    if (other !== undefined) return other.observation;
    const fields = fieldsOf(members);
    const lifetime = lifetimeOf(ttl);
    if (fields === undefined || fields.length !== length || lifetime === undefined) return undefined;
    const bytes = fields.reduce((sum, { name, value }) => sum + name.length + value.length, 0);
    return bytes > maxBytes ? tooLarge(bytes, maxBytes) : { kind: 'fields', fields, ...lifetime };
  },
};

const documents: Way = {
  questions: (key) => [
    ['TYPE', key],
    ['PTTL', key],
    // Without a path it is the document itself; `$` would put it into an array.
    ['JSON.GET', key],
  ],
  observe([type, ttl, document], _asked, maxBytes) {
    const other = otherThan('ReJSON-RL', type, document === null ? 0 : document);
    if (other !== undefined) return other.observation;
    if (!(document instanceof Uint8Array)) return undefined;
    return document.length > maxBytes ? tooLarge(document.length, maxBytes) : presentOf(document, ttl);
  },
};

export const ways: Readonly<Record<Encoding, Way>> = {
  json: strings,
  hash: hashes,
  'hash-json': hashes,
  redisjson: documents,
};

/**
 * What there is where no value of the type is; `observation` is undefined when that contradicts the length (0 when there
 * is nothing, an error when the type is another).
 */
function otherThan(
  wanted: string,
  type: Reply | undefined,
  length: Reply | undefined,
): { readonly observation: Observation | undefined } | undefined {
  const found = textOf(type);
  if (found === 'none') return { observation: length === 0 ? { kind: 'absent' } : undefined };
  if (found === wanted) return undefined;
  return { observation: isWrongType(length) ? { kind: 'wrong-type', type: found } : undefined };
}

/** A value with its time to live; `undefined` when there was no key to tell the time of. */
export function presentOf(bytes: Uint8Array, ttl: Reply | undefined): Observation | undefined {
  const lifetime = lifetimeOf(ttl);
  return lifetime && { kind: 'present', bytes, ...lifetime };
}

function lifetimeOf(ttl: Reply | undefined): { readonly ttl?: number } | undefined {
  if (typeof ttl !== 'number' || ttl < -1) return undefined;
  return ttl === -1 ? {} : { ttl };
}

/** Names and values follow each other in one list. */
function fieldsOf(members: Reply | undefined): readonly Field[] | undefined {
  if (!Array.isArray(members)) return undefined;
  const fields: Field[] = [];
  for (let at = 0; at < members.length; at += 2) {
    const [name, value]: readonly Reply[] = members.slice(at, at + 2);
    if (!(name instanceof Uint8Array) || !(value instanceof Uint8Array)) return undefined;
    fields.push({ name, value });
  }
  return fields;
}
