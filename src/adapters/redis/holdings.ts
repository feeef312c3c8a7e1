import { code, name as nameOf, phrase } from '../../core/phrase.ts';
import { type Content, contentOf, kindOf, type Name, startGathering } from './contents.ts';
import { held, type Outcome, refusalIn, type Seen, unsettled } from './outcome.ts';
import { type Large, PIECE_BYTES, readInPieces } from './pieces.ts';
import { type Terms, textOf } from './reply.ts';
import type { Command, Reply, Session } from './session.ts';
import { isElsewhere } from './sessions.ts';
import { portions } from './weigh.ts';

/** Items that come in one reply, at the most. */
const MOST_ITEMS = 10_000;
/** What is taken for the weight of an item and of a document, where the server doesn't tell. */
const ITEM_BYTES = 128;
const DOCUMENT_BYTES = 64 * 1024;

/** Of one key: what is known of it for sure, or what the next question is about. */
type Step<T> = { readonly done: Outcome } | { readonly open: T };

/**
 * One outcome per name, in their order: three batches of questions for all of them, more for values that are large.
 * Without transactions: what changes in the midst is told as it was at some moment of it, or is unsettled.
 */
export async function readHoldings(
  session: Session,
  names: readonly Name[],
  terms: Terms,
): Promise<readonly Outcome[]> {
  const named = names.map((name): Step<Name> => ({ open: name }));
  const seen = await ask(session, named, lookAt, (name, replies) => see(name, replies, terms));
  const weighed = await ask(session, seen, measure, (key, replies) => weigh(key, replies, terms));
  const places = weighed.map((step, place) => ({ step, place }));
  const outcomes: Outcome[] = [];
  for (const portion of portions(places, PIECE_BYTES, ({ step }) => weightOf(step, terms))) {
    const steps = portion.map(({ step }): Step<Large> => (isLarge(step, terms) ? { done: unsettled } : step));
    const taken = await ask(session, steps, take, (key, replies) => tell(key, replies, terms));
    for (const [index, { step, place }] of portion.entries()) {
      const outcome = taken[index];
      outcomes[place] =
        'open' in step && isLarge(step, terms)
          ? await readInPieces(session, step.open, terms)
          : outcome !== undefined && 'done' in outcome
            ? outcome.done
            : unsettled;
    }
  }
  return outcomes;
}

/** Asks about all keys that are open, in one batch. */
async function ask<From, To>(
  session: Session,
  steps: readonly Step<From>[],
  questions: (open: From) => readonly Command[],
  hear: (open: From, replies: readonly Reply[]) => Step<To>,
): Promise<readonly Step<To>[]> {
  const asked = steps.map((step) => ('open' in step ? questions(step.open) : []));
  const commands = asked.flat();
  const replies = commands.length === 0 ? [] : await session.send(commands);
  let end = 0;
  return steps.map((step, index) => {
    if ('done' in step) return step;
    const start = end;
    end += asked[index]?.length ?? 0;
    return hear(step.open, replies.slice(start, end));
  });
}

function lookAt(name: Name): readonly Command[] {
  return [
    ['TYPE', name],
    ['OBJECT', 'ENCODING', name],
  ];
}

function see(name: Name, [reply = null, told = null]: readonly Reply[], terms: Terms): Step<Seen> {
  const refusal = refusalIn([reply], terms);
  if (refusal !== undefined) return { done: refusal };
  if (isElsewhere(told)) return { done: { kind: 'unsettled', elsewhere: told } };
  const type = textOf(reply);
  if (type === 'none') return { done: { kind: 'absent' } };
  const way = kindOf(type);
  if (way === undefined) return { done: unheardOf(type) };
  const encoding = textOf(told);
  return { open: { name, type, way, ...(encoding === '' ? {} : { encoding }) } };
}

function measure({ name, way }: Seen): readonly Command[] {
  const size: readonly Command[] = way.size === undefined ? [] : [[way.size, name]];
  return way.form === 'bytes' && size.length > 0 ? size : [...size, ['MEMORY', 'USAGE', name]];
}

function weigh(seen: Seen, replies: readonly Reply[], terms: Terms): Step<Large> {
  const { way } = seen;
  if (way.size === undefined) {
    const [usage] = replies;
    return { open: { ...seen, length: 0, weight: typeof usage === 'number' ? usage : DOCUMENT_BYTES } };
  }
  const [length = null, usage] = replies;
  const refusal = refusalIn([length], terms);
  if (refusal !== undefined) return { done: refusal };
  if (typeof length !== 'number') return { done: unsettled };
  const guess = way.form === 'bytes' ? length : length * ITEM_BYTES;
  return { open: { ...seen, length, weight: typeof usage === 'number' ? usage : guess } };
}

/** Whether a value is read in pieces. A document can't be. */
function isLarge(step: Step<Large>, { limits: { maxBytes } }: Terms): boolean {
  if ('done' in step || step.open.way.size === undefined) return false;
  const { way, length, weight } = step.open;
  return way.form === 'bytes' ? length > maxBytes : length > MOST_ITEMS || weight > PIECE_BYTES;
}

/** Bytes that the answer has if it comes whole. */
function weightOf(step: Step<Large>, terms: Terms): number {
  return 'done' in step || isLarge(step, terms) ? 0 : step.open.weight;
}

function take({ name, way }: Seen): readonly Command[] {
  return [['PTTL', name], way.whole(name), ...(way.form === 'items' ? way.rest(name) : [])];
}

function tell(seen: Seen, replies: readonly Reply[], terms: Terms): Step<never> {
  const refusal = refusalIn(replies, terms);
  if (refusal !== undefined) return { done: refusal };
  const [ttl, value = null, ...rest] = replies;
  const content = contentIn(seen, value, rest, terms);
  return { done: content === undefined ? unsettled : held(seen, ttl, content) };
}

/** `undefined` when there is none: the key has gone. */
function contentIn(
  { type, way }: Seen,
  value: Reply,
  rest: readonly Reply[],
  { limits: { maxBytes } }: Terms,
): Content | undefined {
  if (way.form === 'bytes') return value instanceof Uint8Array ? contentOf(value, maxBytes) : undefined;
  const gathering = startGathering(type, way, maxBytes);
  // Of all collections only a stream may be empty.
  const isThere = gathering.add(value) && (gathering.count() > 0 || type === 'stream');
  return isThere ? gathering.end(rest) : undefined;
}

function unheardOf(type: string): Outcome {
  return {
    kind: 'unreadable',
    fault: {
      reason: 'unreadable',
      phrase: phrase`the key is of the type ${nameOf(type.slice(0, 50))}, which a module made and the guardian can't read`,
      advice: phrase`look at it with the commands of its module, or leave it out of ${code('--match')}`,
    },
  };
}
