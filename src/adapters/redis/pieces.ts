import { createHash } from 'node:crypto';
import { type Items, type Name, startGathering } from './contents.ts';
import { held, type Outcome, refusalIn, type Seen, unsettled } from './outcome.ts';
import { type Terms, textOf } from './reply.ts';
import type { Reply, Session } from './session.ts';

/** Bytes that a piece has, roughly. */
export const PIECE_BYTES = 8 * 1024 ** 2;
/** Items that a piece has at the most. */
const PIECE_ITEMS = 2000;

/** A key whose content doesn't come whole. */
export interface Large extends Seen {
  /** Bytes of a string; else items. */
  readonly length: number;
  /** Bytes, roughly. */
  readonly weight: number;
}

/** Reads a value a piece at a time. Unsettled when it changed meanwhile, as far as its length tells. */
export function readInPieces(session: Session, large: Large, terms: Terms): Promise<Outcome> {
  const { way } = large;
  return way.form === 'bytes' ? readBytes(session, large, terms) : readItems(session, large, way, terms);
}

async function readBytes(session: Session, large: Large, terms: Terms): Promise<Outcome> {
  const { name, length } = large;
  const digest = createHash('sha256');
  for (let start = 0; start < length; start += PIECE_BYTES) {
    const [piece = null] = await session.send([['GETRANGE', name, start, start + PIECE_BYTES - 1]]);
    const refusal = refusalIn([piece], terms);
    if (refusal !== undefined) return refusal;
    if (!(piece instanceof Uint8Array)) return unsettled;
    if (piece.length !== Math.min(PIECE_BYTES, length - start)) return unsettled;
    digest.update(piece);
  }
  const replies = await session.send([
    ['PTTL', name],
    ['STRLEN', name],
  ]);
  const [ttl, after] = replies;
  if (after !== length) return refusalIn(replies, terms) ?? unsettled;
  return refusalIn(replies, terms) ?? held(large, ttl, { length, digest: digest.digest('hex') });
}

async function readItems(session: Session, large: Large, way: Items, terms: Terms): Promise<Outcome> {
  const { name, type, length } = large;
  const gathering = startGathering(type, way, terms.limits.maxBytes);
  for await (const page of pagesOf(session, large, way)) {
    const refusal = refusalIn([page], terms);
    if (refusal !== undefined) return refusal;
    if (!gathering.add(page)) return unsettled;
    // Somebody adds faster than we read.
    if (gathering.count() > 2 * length) return unsettled;
  }
  const replies = await session.send([['PTTL', name], [way.size, name], ...way.rest(name)]);
  const refusal = refusalIn(replies, terms);
  if (refusal !== undefined) return refusal;
  const [ttl, after, ...rest] = replies;
  // A table that shrinks while it is gone through may tell an item twice.
  if (gathering.count() !== length || after !== length) return unsettled;
  return held(large, ttl, gathering.end(rest));
}

/** Pages of items; an error is the last. */
function pagesOf(session: Session, { name, length, weight }: Large, { pages }: Items): AsyncGenerator<Reply> {
  const fitting = Math.floor((PIECE_BYTES * length) / Math.max(1, weight));
  const most = Math.max(1, Math.min(PIECE_ITEMS, fitting));
  if (pages === 'LRANGE') return rangesOf(session, name, length, most);
  if (pages === 'XRANGE') return entriesOf(session, name, most);
  return scansOf(session, pages, name, most);
}

async function* scansOf(
  session: Session,
  command: Items['pages'],
  name: Name,
  most: number,
): AsyncGenerator<Reply> {
  let cursor = '0';
  do {
    const [reply = null] = await session.send([[command, name, cursor, 'COUNT', most]]);
    const [next, page = null] = Array.isArray(reply) ? reply : [];
    yield Array.isArray(reply) ? page : reply;
    cursor = textOf(next);
  } while (/^[1-9]\d*$/.test(cursor));
}

async function* rangesOf(session: Session, name: Name, length: number, most: number): AsyncGenerator<Reply> {
  for (let start = 0; start < length; start += most) {
    const [page = null] = await session.send([['LRANGE', name, start, start + most - 1]]);
    yield page;
  }
}

async function* entriesOf(session: Session, name: Name, most: number): AsyncGenerator<Reply> {
  let from: string | undefined = '-';
  while (from !== undefined) {
    const [page = null] = await session.send([['XRANGE', name, from, '+', 'COUNT', most]]);
    yield page;
    from = Array.isArray(page) && page.length === most ? behind(page.at(-1)) : undefined;
  }
}

/** The id that comes next behind an entry's: servers older than 6.2 know no other way to leave it out. */
function behind(entry: Reply | undefined): string | undefined {
  const [, time, place] = /^(\d+)-(\d+)$/.exec(textOf(Array.isArray(entry) ? entry[0] : undefined)) ?? [];
  return time === undefined || place === undefined ? undefined : `${time}-${BigInt(place) + 1n}`;
}
