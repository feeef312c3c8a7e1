import { isArray } from '../core/json.ts';
import { type BoundKeyword, bounds, type Effect } from './change-kind.ts';
import { inBoth, type Pair } from './change-pair.ts';
import { keywordPlace, type Reading } from './change-reading.ts';
import { type Place, step } from './change-source.ts';
import { spellValue } from './schema.ts';

/** Types, constants, bounds, patterns: what holds no schemas. */
export function compareScalars(pair: Pair): void {
  compareTypes(pair);
  compareValues(pair);
  for (const keyword of Object.keys(bounds) as BoundKeyword[]) compareBound(pair, keyword);
  for (const keyword of ['pattern', 'format'] as const) {
    if (!inBoth(pair, keyword, keyword, 'narrows')) continue;
    const [was, is] = [keywordPlace(pair.before, keyword), keywordPlace(pair.after, keyword)];
    if (was.json !== is.json) pair.report(`${keyword}-changed`, was, is, 'either');
  }
  compareUniqueness(pair);
}

function compareUniqueness(pair: Pair): void {
  const [before, after] = [keywordPlace(pair.before, 'uniqueItems'), keywordPlace(pair.after, 'uniqueItems')];
  const [was, is] = [pair.before, pair.after].map(({ words }) => words['uniqueItems'] === true);
  if (is && !was) pair.report('unique-items-added', before, after, 'narrows');
  if (was && !is) pair.report('unique-items-removed', before, after, 'widens');
}

/** As small as types can be told apart: a number is an integer or it isn't. */
const kinds: readonly string[] = ['null', 'boolean', 'integer', 'fraction', 'string', 'array', 'object'];

function typesOf({ words }: Reading): ReadonlySet<string> {
  const { type, nullable } = words;
  if (type === undefined) return new Set(kinds);
  const named = isArray(type) ? type : [type];
  return new Set([
    ...named.flatMap((name) => (name === 'number' ? ['integer', 'fraction'] : [String(name)])),
    ...(nullable === true ? ['null'] : []),
  ]);
}

function compareTypes(pair: Pair): void {
  const [was, is] = [typesOf(pair.before), typesOf(pair.after)];
  const isNarrower = [...was].some((type) => !is.has(type));
  const isWider = [...is].some((type) => !was.has(type));
  if (!isNarrower && !isWider) return;
  const [before, after] = [keywordPlace(pair.before, 'type'), keywordPlace(pair.after, 'type')];
  if (isNarrower && isWider) pair.report('type-changed', before, after, 'either');
  else if (isNarrower) pair.report('type-narrowed', before, after, 'narrows');
  else pair.report('type-widened', before, after, 'widens');
}

/** The values that `enum` or `const` name, once each, by their spelling. */
interface Values {
  readonly keyword: 'const' | 'enum';
  readonly place: Place;
  readonly named: ReadonlyMap<string, Place>;
}

function valuesOf(reading: Reading): Values | undefined {
  const { const: constant, enum: list } = reading.words;
  const keyword = constant === undefined ? 'enum' : 'const';
  const place = keywordPlace(reading, keyword);
  if (constant !== undefined) return { keyword, place, named: new Map([[spellValue(constant), place]]) };
  if (list === undefined || !isArray(list)) return undefined;
  const named = list.map((value, index) => [spellValue(value), step(place, index, value)] as const);
  return { keyword, place, named: new Map(named.toReversed()) };
}

function compareValues(pair: Pair): void {
  const [was, is] = [valuesOf(pair.before), valuesOf(pair.after)];
  if (was === undefined || is === undefined) {
    if (is !== undefined) pair.report(`${is.keyword}-added`, pair.before.place, is.place, 'narrows');
    if (was !== undefined) pair.report(`${was.keyword}-removed`, was.place, pair.after.place, 'widens');
    return;
  }
  const removed = missing(was, is);
  const added = missing(is, was);
  const [gone, come] = [removed[0], added[0]];
  if (gone !== undefined && come !== undefined && was.named.size === 1 && is.named.size === 1) {
    pair.report('const-changed', gone, come, 'either');
    return;
  }
  for (const place of removed) pair.report('enum-value-removed', place, is.place, 'narrows');
  for (const place of added) pair.report('enum-value-added', was.place, place, 'widens');
}

function missing(from: Values, others: Values): readonly Place[] {
  return [...from.named]
    .filter(([spelling]) => !others.named.has(spelling))
    .map(([, place]) => place)
    .toReversed();
}

/** What a bound is when it isn't written. Such a one may as well be written. */
const unwritten: Readonly<Partial<Record<BoundKeyword, number>>> = {
  minLength: 0,
  minItems: 0,
  minProperties: 0,
  minContains: 1,
};

function boundOf({ words }: Reading, keyword: BoundKeyword): number | undefined {
  const bound = words[keyword];
  return typeof bound === 'number' && bound !== unwritten[keyword] ? bound : undefined;
}

function compareBound(pair: Pair, keyword: BoundKeyword): void {
  const [was, is] = [boundOf(pair.before, keyword), boundOf(pair.after, keyword)];
  if (was === is) return;
  const stem = bounds[keyword];
  const [before, after] = [keywordPlace(pair.before, keyword), keywordPlace(pair.after, keyword)];
  const effect = effectOf(pair, keyword, was, is);
  if (was === undefined) pair.report(`${stem}-added`, pair.before.place, after, effect);
  else if (is === undefined) pair.report(`${stem}-removed`, before, pair.after.place, effect);
  else pair.report(`${stem}-${is > was ? 'raised' : 'lowered'}`, before, after, effect);
}

function effectOf(
  { before, after }: Pair,
  keyword: BoundKeyword,
  was: number | undefined,
  is: number | undefined,
): Effect {
  const countsNothing =
    keyword.endsWith('Contains') && !('contains' in before.words && 'contains' in after.words);
  if (countsNothing) return 'none';
  if (keyword === 'multipleOf') return effectOnMultiples(was, is);
  const isLower = /^min|^exclusiveMin/.test(keyword);
  const none = unwritten[keyword] ?? (isLower ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY);
  return (is ?? none) > (was ?? none) === isLower ? 'narrows' : 'widens';
}

function effectOnMultiples(was: number | undefined, is: number | undefined): Effect {
  if (was === undefined || is === undefined) return is === undefined ? 'widens' : 'narrows';
  if (Number.isSafeInteger(is / was)) return 'narrows';
  return Number.isSafeInteger(was / is) ? 'widens' : 'either';
}
