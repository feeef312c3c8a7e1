import type { Field } from '../../core/evidence.ts';
import type { Holding } from '../../core/ports.ts';
import { digestOf, startDigest } from './digest.ts';
import { memberOf } from './lists.ts';
import { textOf } from './reply.ts';
import type { Command, Reply } from './session.ts';

/** A name of a key, as bytes. */
export type Name = Uint8Array;

/** An item of a collection: its parts in their order. */
export type Item = readonly Uint8Array[];

/** What is to be told of a key's content. */
export type Content = Pick<
  Extract<Holding, { readonly kind: 'held' }>,
  'length' | 'digest' | 'bytes' | 'fields'
>;

/** How the values of one type are asked for. */
export type Kind = Bytes | Items;

/** One run of bytes. */
interface Bytes {
  readonly form: 'bytes';
  /** Tells how many there are; a document doesn't tell. */
  readonly size?: string;
  whole(name: Name): Command;
}

export interface Items {
  readonly form: 'items';
  /** Tells how many there are. */
  readonly size: string;
  readonly isOrdered: boolean;
  /** All items in one reply. */
  whole(name: Name): Command;
  /** How to go through them a page at a time. */
  readonly pages: 'HSCAN' | 'SSCAN' | 'ZSCAN' | 'LRANGE' | 'XRANGE';
  /** The items in a reply; `undefined` when it holds no such thing. */
  items(reply: Reply): readonly Item[] | undefined;
  /** What there is beside the items. */
  rest(name: Name): readonly Command[];
  /** The replies to that, as items behind the others. */
  more(replies: readonly Reply[]): readonly Item[];
}

const collection = { form: 'items', isOrdered: false, rest: () => [], more: () => [] } as const;

/** By the name of the type. */
const kinds: ReadonlyMap<string, Kind> = new Map<string, Kind>([
  ['string', { form: 'bytes', size: 'STRLEN', whole: (name) => ['GET', name] }],
  ['ReJSON-RL', { form: 'bytes', whole: (name) => ['JSON.GET', name] }],
  [
    'hash',
    { ...collection, size: 'HLEN', whole: (name) => ['HGETALL', name], pages: 'HSCAN', items: pairsIn },
  ],
  [
    'set',
    { ...collection, size: 'SCARD', whole: (name) => ['SMEMBERS', name], pages: 'SSCAN', items: singlesIn },
  ],
  [
    'zset',
    {
      ...collection,
      size: 'ZCARD',
      whole: (name) => ['ZRANGE', name, 0, -1, 'WITHSCORES'],
      pages: 'ZSCAN',
      items: (reply) => pairsIn(reply)?.map(([member, score]) => [member, numberIn(score)]),
    },
  ],
  [
    'list',
    {
      ...collection,
      isOrdered: true,
      size: 'LLEN',
      whole: (name) => ['LRANGE', name, 0, -1],
      pages: 'LRANGE',
      items: singlesIn,
    },
  ],
  [
    'stream',
    {
      ...collection,
      isOrdered: true,
      size: 'XLEN',
      whole: (name) => ['XRANGE', name, '-', '+'],
      pages: 'XRANGE',
      items: entriesIn,
      rest: (name) => [
        ['XINFO', 'STREAM', name],
        ['XINFO', 'GROUPS', name],
      ],
      more: ([stream, groups]) => [
        [bytesOf(memberOf(stream, 'last-generated-id'))],
        ...groupsIn(groups).toSorted(([one], [other]) => Buffer.compare(one, other)),
      ],
    },
  ],
]);

export function kindOf(type: string): Kind | undefined {
  return kinds.get(type);
}

/** Content that comes piece by piece: none is kept but the fields of a small hash. */
export interface Gathering {
  /** Whether the reply held items. */
  add(reply: Reply): boolean;
  count(): number;
  /** `replies` are those to the questions about the rest. */
  end(replies: readonly Reply[]): Content;
}

/** What holds at most `maxBytes` is told, beside its digest. */
export function startGathering(type: string, kind: Items, maxBytes: number): Gathering {
  const digest = startDigest(type, kind.isOrdered);
  const fields: Field[] = [];
  let bytes = 0;
  const keep = ([name, value]: Item) => {
    bytes += (name?.length ?? 0) + (value?.length ?? 0);
    if (bytes > maxBytes) fields.length = 0;
    else if (name !== undefined && value !== undefined) fields.push({ name, value });
  };
  return {
    count: () => digest.count(),
    add(reply) {
      const items = kind.items(reply);
      for (const item of items ?? []) {
        digest.add(item);
        if (type === 'hash') keep(item);
      }
      return items !== undefined;
    },
    end(replies) {
      const length = digest.count();
      for (const item of kind.more(replies)) digest.add(item);
      const isKept = type === 'hash' && bytes <= maxBytes;
      return { length, digest: digest.end(), ...(isKept ? { fields } : {}) };
    },
  };
}

/** Content that is one run of bytes. */
export function contentOf(bytes: Uint8Array, maxBytes: number): Content {
  const kept = bytes.length <= maxBytes ? { bytes } : {};
  return { length: bytes.length, digest: digestOf(bytes), ...kept };
}

function singlesIn(reply: Reply): readonly Item[] | undefined {
  return allBytes(reply)?.map((bytes) => [bytes]);
}

type Pair = readonly [Uint8Array, Uint8Array];

function pairsIn(reply: Reply): readonly Pair[] | undefined {
  const list = allBytes(reply);
  if (list === undefined || list.length % 2 !== 0) return undefined;
  return Array.from(
    { length: list.length / 2 },
    (_, index): Pair => [list[2 * index] ?? nothing, list[2 * index + 1] ?? nothing],
  );
}

const nothing = new Uint8Array(0);

/** `[id, [name, value…]]` each. */
function entriesIn(reply: Reply): readonly Item[] | undefined {
  if (!Array.isArray(reply)) return undefined;
  const entries = reply.map((entry): Item | undefined => {
    const [id, fields] = Array.isArray(entry) ? entry : [];
    const parts = allBytes(fields);
    return id instanceof Uint8Array && parts !== undefined ? [id, ...parts] : undefined;
  });
  return entries.every((entry) => entry !== undefined) ? entries : undefined;
}

/** Name and last id that was delivered, of each group. */
function groupsIn(reply: Reply | undefined): readonly Pair[] {
  const groups = Array.isArray(reply) ? reply : [];
  return groups.map(
    (group): Pair => [bytesOf(memberOf(group, 'name')), bytesOf(memberOf(group, 'last-delivered-id'))],
  );
}

function allBytes(reply: Reply | undefined): readonly Uint8Array[] | undefined {
  return Array.isArray(reply) && reply.every((item) => item instanceof Uint8Array) ? reply : undefined;
}

function bytesOf(reply: Reply | undefined): Uint8Array {
  return reply instanceof Uint8Array ? reply : nothing;
}

/** A score as no version of a server spells it in another way: the number it is. */
function numberIn(score: Uint8Array): Uint8Array {
  const text = textOf(score);
  const number = /inf/i.test(text)
    ? Number.parseFloat(text.replace(/inf(inity)?/i, 'Infinity'))
    : Number(text);
  return Buffer.from(`${number}`);
}
