import { utf8 } from '../../core/decode.ts';
import type { Fault, Observation } from '../../core/evidence.ts';
import { capture, type KeyPattern } from '../../core/key-pattern.ts';
import { code, count, phrase } from '../../core/phrase.ts';
import { type FoundKey, type ScanRequest, StoreFault } from '../../core/ports.ts';
import { presentOf } from './encodings.ts';
import { byGroup, byNode, fillIn, type Item, readTogether } from './read.ts';
import type { Terms } from './reply.ts';
import { pagesOf } from './search.ts';
import { type Node, type Servers, withServers } from './servers.ts';
import type { Command, Session } from './session.ts';
import { ahead, type Give, handedOver } from './stream.ts';
import { portions, type Weight, weighHashes, weighStrings } from './weigh.ts';

/** Keys that are read together, at most, and the bytes of their values, unless it is only one. */
const BATCH = 500;
const BATCH_BYTES = 8 * 1024 ** 2;
/** What a document of RedisJSON is taken for, as it doesn't tell its length beforehand. */
const DOCUMENT_BYTES = 64 * 1024;

/** Names that match, on whatever node, ours or not. */
interface Names {
  readonly seen: Set<string>;
  /** No UTF-8, so that nothing can be asked about them; as Latin-1. */
  readonly illegible: Set<string>;
}

/**
 * All keys that match, each once, in batches. While the consumer is busy with one batch, another is waiting and a third
 * is read: there are no more than that at a time. Throws a `StoreFault`.
 */
export async function* scanKeys(request: ScanRequest, terms: Terms): AsyncGenerator<readonly FoundKey[]> {
  const ended = yield* handedOver((give: Give<readonly FoundKey[]>) =>
    withServers(terms.endpoint, terms.limits.timeout, (servers) => tellAll(servers, request, give, terms), {
      isWhole: true,
      isStream: true,
    }),
  );
  const fault = ended.ok ? ended.value : ended.fault;
  if (fault !== undefined) throw new StoreFault(fault);
}

/** Answers why not all can be told, or `undefined` when they have been, or nobody listens any more. */
async function tellAll(
  servers: Servers,
  request: ScanRequest,
  give: Give<readonly FoundKey[]>,
  terms: Terms,
): Promise<Fault | undefined> {
  const names: Names = { seen: new Set(), illegible: new Set() };
  let room = request.most;
  for (const node of servers.nodes) {
    for await (const batch of ahead(namesOn(node, request, names))) {
      const items = batch.map((key): Item => ({ key, encoding: request.encoding }));
      for await (const found of readBatch(servers, items, terms)) {
        const told = found.slice(0, room);
        if (told.length > 0 && !(await give(told))) return undefined;
        if (found.length > room) return tooMany(request);
        room -= told.length;
      }
    }
  }
  return names.illegible.size === 0 ? undefined : illegible(names.illegible.size, request);
}

/** Names of ours that are new, so many as are read together. */
async function* namesOn(
  { session }: Node,
  request: ScanRequest,
  names: Names,
): AsyncGenerator<readonly string[]> {
  const batch: string[] = [];
  for await (const page of pagesOf(session, globOf(request.pattern))) {
    batch.push(...page.flatMap((bytes) => newName(bytes, request, names) ?? []));
    while (batch.length >= BATCH) yield batch.splice(0, BATCH);
  }
  if (batch.length > 0) yield batch;
}

/** `undefined` when it doesn't match, was seen before, isn't ours, or can't be asked about. */
function newName(
  bytes: Uint8Array,
  { pattern, isOurs }: ScanRequest,
  { seen, illegible }: Names,
): string | undefined {
  const name = utf8(bytes);
  if (name === undefined) {
    const spelled = new TextDecoder().decode(bytes);
    if (capture(pattern, spelled) !== undefined && isOurs(spelled)) {
      illegible.add(Buffer.from(bytes).toString('latin1'));
    }
    return undefined;
  }
  if (seen.has(name) || capture(pattern, name) === undefined) return undefined;
  seen.add(name);
  return isOurs(name) ? name : undefined;
}

/**
 * A glob that at least all keys of the pattern match. To Redis `?` is one byte, so a character is taken for any run of
 * them; which of the keys are ones of the pattern is found out here.
 */
function globOf({ segments }: KeyPattern): string {
  return segments
    .map((segment) => segment.map((piece) => piece?.replace(/[\\*?[\]^-]/, '\\$&') ?? '*').join(''))
    .join('*')
    .replace(/(?<!\\)\*+/g, '*');
}

/** What the items hold, in one or more parts. Those that have gone in the meantime are left out. */
async function* readBatch(
  servers: Servers,
  items: readonly Item[],
  terms: Terms,
): AsyncGenerator<readonly FoundKey[]> {
  const weights = await byNode(servers, items, (session, group) => weigh(session, group, terms));
  const weighed = items.map((item, index) => ({ item, weight: weights[index] ?? 0 }));
  const bytesOf = ({ weight }: { readonly weight: Weight }) => (typeof weight === 'number' ? weight : 0);
  for (const portion of portions(weighed, BATCH_BYTES, bytesOf)) {
    const open = portion.flatMap(({ item, weight }) => (typeof weight === 'number' ? [item] : []));
    const read = await byGroup(servers, open, (session, group) => readPortion(session, group, terms));
    const rest = read.values();
    yield portion.flatMap(({ item: { key }, weight }): readonly FoundKey[] => {
      const observation = typeof weight === 'number' ? rest.next().value : weight;
      return observation === undefined || observation.kind === 'absent' ? [] : [{ key, observation }];
    });
  }
}

/** The items are of one encoding. */
async function weigh(session: Session, items: readonly Item[], terms: Terms): Promise<readonly Weight[]> {
  const keys = items.map(({ key }) => key);
  switch (items[0]?.encoding) {
    case 'json':
      return weighStrings(session, keys, terms);
    case 'redisjson':
      return keys.map(() => DOCUMENT_BYTES);
    default:
      return weighHashes(session, keys, terms);
  }
}

/**
 * MGET is several times faster than to ask four questions about each key, but tells little: whatever it leaves open is
 * asked about again in full.
 */
async function readPortion(
  session: Session,
  items: readonly Item[],
  terms: Terms,
): Promise<readonly Observation[]> {
  if (items.some(({ encoding }) => encoding !== 'json')) return readTogether(session, items, terms);
  const taken = await takeStrings(
    session,
    items.map(({ key }) => key),
    terms,
  );
  return fillIn(items, taken, (open) => readTogether(session, open, terms));
}

async function takeStrings(
  session: Session,
  keys: readonly string[],
  { limits: { maxBytes } }: Terms,
): Promise<readonly (Observation | undefined)[]> {
  const lifetimes = keys.map((key): Command => ['PTTL', key]);
  const end = (await session.send([['MULTI'], ['MGET', ...keys], ...lifetimes, ['EXEC']])).at(-1);
  const [values, ...ttls] = Array.isArray(end) ? end : [];
  if (!Array.isArray(values)) return keys.map(() => undefined);
  return keys.map((_key, index) => {
    const value = values[index];
    return value instanceof Uint8Array && value.length <= maxBytes
      ? presentOf(value, ttls[index])
      : undefined;
  });
}

function tooMany({ most, pattern }: ScanRequest): Fault {
  return {
    reason: 'too-large',
    phrase: phrase`more than ${count(most, 'key')} match ${code(pattern.text)}`,
    advice: phrase`raise the ${code('limit')} of the pattern, or name a narrower one`,
  };
}

function illegible(names: number, { pattern }: ScanRequest): Fault {
  return {
    reason: 'unreadable',
    phrase: phrase`${count(names, 'key')} that match ${code(pattern.text)} have names that are not UTF-8`,
    advice: phrase`look who writes them; ${code('redis-cli --scan')} shows their bytes`,
  };
}
