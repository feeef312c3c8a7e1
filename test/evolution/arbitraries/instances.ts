import { type Json, type JsonObject, sameJson } from '../../../src/core/json.ts';
import { type Dice, diceOf, shuffled } from './dice.ts';
import { dependents, isForbidden, namesIn, textsIn } from './members.ts';
import {
  keywordsOf,
  listIn,
  mentioned,
  numberIn,
  oneWay,
  type Part,
  parts,
  read,
  schemasOfItem,
  schemasOfMember,
} from './reading.ts';
import { fits, isOfType, nearMiss, numbersAround, stringsAround, typesIn, typesOf } from './scalars.ts';
import { names, UNKNOWN_NAME } from './words.ts';

/**
 * As many values as asked for, such as two schemas may judge differently: each is led by one of them or by both
 * (one way to satisfy it, as far as that can be told keyword by keyword), draws from what either mentions (constants
 * and near misses, both sides of bounds, names, patterns, lengths), and strays now and then. The same seed gives the
 * same values. References into other documents are not followed.
 */
export function* instances(a: Json, b: Json, count: number, seed = 1): Generator<Json, void> {
  const dice = diceOf(seed);
  const [one, other] = [read(a), read(b)];
  const both = [one, other];
  for (let drawn = 0; drawn < count; drawn += 1) {
    const lead = dice.pick([[one], [one], [other], both]);
    yield draw(lead, both, dice, MOST_LEVELS);
  }
}

/** How deep values get. Recursive schemas would go on for ever. */
const MOST_LEVELS = 5;

interface Place {
  /** Together one way to satisfy those that lead. */
  readonly ways: readonly Part[];
  /** Everything that has a say here. */
  readonly mentions: readonly Part[];
  readonly dice: Dice;
  readonly levels: number;
}

function draw(lead: readonly Part[], others: readonly Part[], dice: Dice, levels: number): Json {
  const ways = dice.percent(6) ? [] : lead.flatMap((part) => oneWay(part, dice));
  const mentions = others.flatMap(mentioned);
  const place = { ways, mentions, dice, levels };
  const constants = constantsIn(ways);
  const stray = dice.percent(12) ? constantsIn(mentions) : [];
  const listed = constants.length > 0 ? constants : stray;
  if (listed.length > 0 && dice.percent(85)) {
    const value = dice.pick(fitting(listed, place));
    return dice.percent(20) ? nearMiss(value, dice) : value;
  }
  return ofType(typeFor(place), place);
}

function constantsIn(some: readonly Part[]): readonly Json[] {
  return some
    .map(keywordsOf)
    .flatMap((keywords) => [
      ...(keywords['const'] === undefined ? [] : [keywords['const']]),
      ...listIn(keywords, 'enum'),
    ]);
}

/** Mostly those only that satisfy what leads, if there are any. */
function fitting<T extends Json>(candidates: readonly T[], { ways, dice }: Place): readonly T[] {
  if (ways.length === 0 || dice.percent(10)) return candidates;
  const good = candidates.filter((value) => ways.every((way) => fits(value, keywordsOf(way))));
  return good.length === 0 ? candidates : good;
}

const samples: Readonly<Record<string, Json>> = {
  null: null,
  boolean: true,
  number: 0.5,
  integer: 1,
  string: 'a',
  array: [],
  object: {},
};

function typeFor({ ways, mentions, dice }: Place): string {
  const allowed = Object.keys(samples).filter((type) =>
    ways
      .map(keywordsOf)
      .every(
        ({ type: wanted }) =>
          wanted === undefined || typesIn(wanted).some((one) => isOfType(samples[type] as Json, one)),
      ),
  );
  const words = mentions.flatMap((part) => Object.entries(keywordsOf(part)));
  const suggested = words.flatMap(([keyword, value]) =>
    keyword === 'type' ? typesIn(value) : (typesOf[keyword] ?? []),
  );
  const wanted = suggested.filter((type) => allowed.includes(type));
  if (wanted.length > 0 && dice.percent(90)) return dice.pick(wanted);
  return dice.pick(allowed.length > 0 && dice.percent(80) ? allowed : Object.keys(samples));
}

function ofType(type: string, place: Place): Json {
  const { mentions, dice } = place;
  switch (type) {
    case 'null':
      return null;
    case 'boolean':
      return dice.percent(50);
    case 'integer':
    case 'number':
      return dice.pick(fitting(numbersAround(mentions.map(keywordsOf)), place));
    case 'string':
      return dice.pick(fitting(stringsAround(mentions.map(keywordsOf)), place));
    case 'array':
      return place.levels === 0 ? [] : drawArray(place);
    default:
      return place.levels === 0 ? {} : drawObject(place);
  }
}

/** A number of items or members between the bounds that lead, or at one of those that are mentioned. */
function drawSize({ ways, mentions, dice }: Place, what: 'Items' | 'Properties', usual: number): number {
  const bounds = (some: readonly Part[], keyword: string) =>
    some.flatMap((part) => numberIn(keywordsOf(part), keyword) ?? []);
  const all = [...bounds(mentions, `min${what}`), ...bounds(mentions, `max${what}`)];
  const wish = all.length > 0 && dice.percent(60) ? dice.pick(all) + dice.pick([0, 0, -1, 1]) : usual;
  const size = Math.min(Math.max(wish, 0), MOST_PARTS);
  if (dice.percent(12)) return size;
  const low = Math.max(0, ...bounds(ways, `min${what}`));
  return Math.min(Math.max(size, low), ...bounds(ways, `max${what}`), MOST_PARTS);
}

/** How many items or members values have. */
const MOST_PARTS = 12;

function drawArray(place: Place): Json {
  const { ways, mentions, dice, levels } = place;
  const prefix = Math.max(0, ...mentions.map((part) => tupleLength(keywordsOf(part))));
  const usual = dice.pick([0, 1, 1, 2, 2, 3, prefix, prefix + 1, prefix - 1]);
  let size = drawSize(place, 'Items', usual);
  const contained = ways.flatMap((part) => parts(part, [keywordsOf(part)['contains']]));
  const containedByAny = mentions.flatMap((part) => parts(part, [keywordsOf(part)['contains']]));
  const wanted = contained.length === 0 ? 0 : dice.pick([1, 1, 2, 3, 0]);
  if (wanted > size && dice.percent(80)) size = wanted;
  const isUnique = ways.some((part) => keywordsOf(part)['uniqueItems'] === true) && dice.percent(85);
  const result: Json[] = [];
  for (let index = 0; index < size; index += 1) {
    const closed = (part: Part) => schemasOfItem(part, index).some(({ schema }) => schema === false);
    if (ways.some(closed) && dice.percent(85)) break;
    // The items that `contains` asks for come last, where tuples leave room for them.
    const isContained = index >= size - wanted;
    const lead = [...ways.flatMap((part) => schemasOfItem(part, index)), ...(isContained ? contained : [])];
    const others = [...mentions.flatMap((part) => schemasOfItem(part, index)), ...containedByAny];
    const next = () => draw(lead, others, dice, levels - 1);
    let item = result.length > 0 && !isUnique && dice.percent(15) ? dice.pick(result) : next();
    for (let tries = 0; isUnique && tries < 4 && result.some((one) => sameJson(one, item)); tries += 1)
      item = next();
    result.push(item);
  }
  return result;
}

function tupleLength(keywords: JsonObject): number {
  return Math.max(listIn(keywords, 'items').length, listIn(keywords, 'prefixItems').length);
}

function drawObject(place: Place): Json {
  const { ways, mentions, dice, levels } = place;
  const chosen = new Set<string>();
  const demand = (name: string): void => {
    if (chosen.has(name) || dice.percent(5)) return;
    chosen.add(name);
    for (const keywords of ways.map(keywordsOf)) dependents(keywords, name).forEach(demand);
  };
  for (const name of ways.flatMap((part) => textsIn(listIn(keywordsOf(part), 'required')))) demand(name);
  const forbidden = (name: string) => ways.some((part) => isForbidden(part, name)) && dice.percent(88);
  const known = shuffled([...new Set([...mentions.flatMap(namesIn), ...names, UNKNOWN_NAME])], dice);
  const size = drawSize(place, 'Properties', chosen.size + dice.pick([0, 0, 1, 1, 2, 3]));
  for (const name of known) if (chosen.size < size && !forbidden(name)) demand(name);
  const most = dice.percent(15) ? chosen.size : size;
  const members = [...chosen].slice(0, most).map((name): [string, Json] => {
    const lead = ways.flatMap((part) => schemasOfMember(part, name));
    const others = mentions.flatMap((part) => schemasOfMember(part, name));
    return [name, draw(lead, others, dice, levels - 1)];
  });
  return Object.fromEntries(members);
}
