import type { Json } from '../core/json.ts';
import { type Effect, inverse } from './change-kind.ts';
import { adding, inBoth, type Pair, rulingRest } from './change-pair.ts';
import { type Reading, schemaAt, tupleOf } from './change-reading.ts';
import { compareRest } from './change-rest.ts';

/** What is asked of arrays. */
export function compareArrays(pair: Pair): void {
  const [was, is] = [tupleOf(pair.before), tupleOf(pair.after)];
  for (const [index, place] of is.first.entries()) {
    const old = was.first[index];
    if (old !== undefined) pair.follow(old, place, 'direct');
    else pair.report('prefix-item-added', was.firstPlace, place, declaring(pair, pair.before, place.json));
  }
  for (const place of was.first.slice(is.first.length)) {
    const effect = inverse(declaring(pair, pair.after, place.json));
    pair.report('prefix-item-removed', place, is.firstPlace, effect);
  }
  compareRest(pair, 'items', was.rest, is.rest);
  const keyword = 'unevaluatedItems';
  compareRest(pair, 'unevaluated-items', schemaAt(pair.before, keyword), schemaAt(pair.after, keyword));
  compareContains(pair);
}

/** What it does to say something of an item that the rest's schema ruled. */
function declaring(pair: Pair, model: Reading, schema: Json): Effect {
  const rest = rulingRest(pair, model, tupleOf(model).rest?.json, 'unevaluatedItems');
  return pair.meanings.exchange(rest, schema);
}

/** How many items have to fit, and how many may: the more may not, the more a narrower schema lets pass. */
function compareContains(pair: Pair): void {
  const { before, after } = pair;
  const holder = before.words['contains'] === undefined ? after : before;
  if (!inBoth(pair, 'contains', 'contains', adding(pair, asksNothing(holder)))) return;
  const [was, is] = [schemaAt(before, 'contains'), schemaAt(after, 'contains')];
  if (was === undefined || is === undefined) return;
  const senses = [before, after].map(({ words }) =>
    words['maxContains'] === undefined ? 'direct' : words['minContains'] === 0 ? 'inverted' : 'either',
  );
  pair.follow(was, is, senses[0] === senses[1] ? (senses[0] ?? 'either') : 'either');
}

/** As few as none, and as many as there are: that lets everything pass. */
function asksNothing({ words }: Reading): boolean {
  return words['minContains'] === 0 && words['maxContains'] === undefined;
}
