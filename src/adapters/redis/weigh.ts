import type { Observation } from '../../core/evidence.ts';
import { code, count, phrase } from '../../core/phrase.ts';
import { faultOf, isWrongType, type Terms, tooLarge, unreadable } from './reply.ts';
import type { Command, Reply, Session } from './session.ts';

/** What a value weighs in bytes, or why it isn't read. What isn't there, or is no such value, weighs nothing. */
export type Weight = number | Observation;

export async function weighStrings(
  session: Session,
  keys: readonly string[],
  terms: Terms,
): Promise<readonly Weight[]> {
  const lengths = await session.send(keys.map((key): Command => ['STRLEN', key]));
  return keys.map((_key, index) => bounded(sizeOf(lengths[index], terms), terms));
}

/** A hash of more fields is not read, however small they are. */
const MOST_FIELDS = 100_000;

/**
 * A hash comes whole or not at all, so its parts are measured first: names by reading them, values by their lengths.
 */
export async function weighHashes(
  session: Session,
  keys: readonly string[],
  terms: Terms,
): Promise<readonly Weight[]> {
  const lengths = await session.send(keys.map((key): Command => ['HLEN', key]));
  const sizes = keys.map((_key, index) => sizeOf(lengths[index], terms));
  const weights = sizes.map((size) =>
    typeof size === 'number' && size > MOST_FIELDS ? tooManyFields(size) : size,
  );
  const open = keys.flatMap((key, index) => {
    const fields = weights[index];
    return typeof fields === 'number' && fields > 0 ? [{ key, index, fields }] : [];
  });
  for (const portion of portions(open, MOST_FIELDS, ({ fields }) => fields)) {
    const measured = await measure(
      session,
      portion.map(({ key }) => key),
      terms,
    );
    for (const [place, { index }] of portion.entries()) weights[index] = measured[place] ?? 0;
  }
  return weights;
}

/** The bytes of names and values of each hash. */
async function measure(session: Session, keys: readonly string[], terms: Terms): Promise<readonly Weight[]> {
  const names = await session.send(keys.map((key): Command => ['HKEYS', key]));
  const questions = keys.map((key, index) =>
    bytesIn(names[index]).map((name): Command => ['HSTRLEN', key, name]),
  );
  const lengths = (await session.send(questions.flat())).values();
  return keys.map((_key, index) => {
    const list = names[index];
    const values = take(lengths, questions[index]?.length ?? 0);
    const refusal = [list, ...values].find((reply) => reply instanceof Error && !isWrongType(reply));
    if (refusal instanceof Error) return unreadable(faultOf(refusal, terms.endpoint));
    return bounded(sum(bytesIn(list).map(({ length }) => length)) + sum(values.map(numberOf)), terms);
  });
}

function take(replies: IterableIterator<Reply>, most: number): readonly Reply[] {
  return Array.from({ length: most }, () => replies.next().value ?? null);
}

function bytesIn(reply: Reply | undefined): readonly Uint8Array[] {
  return Array.isArray(reply) ? reply.filter((item) => item instanceof Uint8Array) : [];
}

function numberOf(reply: Reply): number {
  return typeof reply === 'number' ? reply : 0;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}

function sizeOf(reply: Reply | undefined, { endpoint }: Terms): Weight {
  if (reply instanceof Error && !isWrongType(reply)) return unreadable(faultOf(reply, endpoint));
  return numberOf(reply ?? null);
}

function bounded(weight: Weight, { limits: { maxBytes } }: Terms): Weight {
  return typeof weight === 'number' && weight > maxBytes ? tooLarge(weight, maxBytes) : weight;
}

function tooManyFields(fields: number): Observation {
  return unreadable({
    reason: 'too-large',
    phrase: phrase`the hash has ${count(fields, 'field')}, more than the ${count(MOST_FIELDS)} that are read`,
    advice: phrase`look whether this is a configuration; one of so many parts is better kept as ${code('json')}`,
  });
}

/** Parts a list, in its order, so that no part of more than one item weighs more than `most`. */
export function* portions<T>(
  items: readonly T[],
  most: number,
  weightOf: (item: T) => number,
): Generator<readonly T[]> {
  let [portion, total]: [T[], number] = [[], 0];
  for (const item of items) {
    const weight = weightOf(item);
    if (portion.length > 0 && total + weight > most) {
      yield portion;
      [portion, total] = [[], 0];
    }
    portion.push(item);
    total += weight;
  }
  if (portion.length > 0) yield portion;
}
