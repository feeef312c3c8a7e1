import { MULTIPLE_OF_PRECISION } from '../core/vocabulary.ts';
import { isAmong, mayBeAmong } from './among.ts';
import { type Demand, only } from './demand.ts';
import { found, none, type Outcome, unknown } from './outcome.ts';

/** So many candidates are looked at one by one. */
const MOST_CANDIDATES = 5000;

/** A number that meets the demands. */
export function findNumber(demands: readonly Demand[]): Outcome {
  const meets = (value: number) => demands.every((demand) => meetsOne(demand, value));
  const isOpaque = only(demands, 'opaque').length > 0;
  const listed = mayBeAmong(demands);
  if (listed !== undefined) {
    const fitting = listed.find((value) => typeof value === 'number' && meets(value));
    return fitting === undefined ? none : found(fitting);
  }
  const range = rangeOf(demands);
  if (range === undefined) return none;
  const step = stepOf(demands);
  if (step === undefined) return isOpaque ? unknown : findReal(range, meets);
  return findMultiple(range, step, demands, meets);
}

function meetsOne(demand: Demand, value: number): boolean {
  switch (demand.kind) {
    case 'among':
      return isAmong(demand, value);
    case 'at-least':
      return demand.exclusive ? value > demand.bound : value >= demand.bound;
    case 'at-most':
      return demand.exclusive ? value < demand.bound : value <= demand.bound;
    case 'integer':
      return Number.isInteger(value) === demand.holds;
    case 'multiple':
      return isMultiple(value, demand.of) === demand.holds;
    default:
      return true;
  }
}

/** As the validator computes it. */
function isMultiple(value: number, of: number): boolean {
  const quotient = value / of;
  return Math.abs(Math.round(quotient) - quotient) <= 10 ** -MULTIPLE_OF_PRECISION;
}

interface Range {
  readonly least: number;
  readonly most: number;
  readonly excludesLeast: boolean;
  readonly excludesMost: boolean;
}

/** `undefined` when no number is in it. */
function rangeOf(demands: readonly Demand[]): Range | undefined {
  let [least, most] = [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];
  let [excludesLeast, excludesMost] = [false, false];
  for (const { bound, exclusive } of only(demands, 'at-least')) {
    if (bound > least) [least, excludesLeast] = [bound, exclusive];
    else if (bound === least) excludesLeast ||= exclusive;
  }
  for (const { bound, exclusive } of only(demands, 'at-most')) {
    if (bound < most) [most, excludesMost] = [bound, exclusive];
    else if (bound === most) excludesMost ||= exclusive;
  }
  const isEmpty = least > most || (least === most && (excludesLeast || excludesMost));
  return isEmpty ? undefined : { least, most, excludesLeast, excludesMost };
}

/** Real numbers lie dense: whatever single ones are out, an interval has others. */
function findReal(
  { least, most, excludesLeast, excludesMost }: Range,
  meets: (value: number) => boolean,
): Outcome {
  if (least === most) return meets(least) ? found(least) : none;
  const [from, to] = [
    Number.isFinite(least) ? least : Number.isFinite(most) ? most - 10 : -10,
    Number.isFinite(most) ? most : Number.isFinite(least) ? least + 10 : 10,
  ];
  const whole = [0, 1, -1, Math.floor(from) + 1, Math.ceil(to) - 1, Math.floor(from) + 2, Math.ceil(to) - 2];
  const ends = [...(excludesLeast ? [] : [from]), ...(excludesMost ? [] : [to])];
  const between = [0.5, 0.25, 0.75, 0.125, 0.3, 0.7, 0.0625, 0.9, 0.1, 0.01, 0.001].map(
    (share) => from + (to - from) * share,
  );
  const near = [from + 0.5, to - 0.5, from + 0.1, to - 0.1, from + 0.001, to - 0.001];
  const fitting = [...whole, ...whole.map((n) => n + 0.5), ...ends, ...near, ...between].find(
    (value) => Number.isFinite(value) && meets(value),
  );
  return fitting === undefined ? unknown : found(fitting === 0 ? 0 : fitting);
}

/** A fraction of integers, so that multiples are computed without loss. */
interface Ratio {
  readonly over: bigint;
  readonly under: bigint;
}

function ratio(value: number): Ratio {
  const [, digits = '0', fraction = '', exponent = '0'] =
    /^-?(\d+)(?:\.(\d+))?(?:e([+-]?\d+))?$/i.exec(String(Math.abs(value))) ?? [];
  const scale = Number(exponent) - fraction.length;
  const over = BigInt(digits + fraction);
  return scale >= 0
    ? { over: over * 10n ** BigInt(scale), under: 1n }
    : reduced({ over, under: 10n ** BigInt(-scale) });
}

function reduced({ over, under }: Ratio): Ratio {
  const divisor = common(over, under);
  return { over: over / divisor, under: under / divisor };
}

function common(a: bigint, b: bigint): bigint {
  let [x, y] = [a, b];
  while (y !== 0n) [x, y] = [y, x % y];
  return x === 0n ? 1n : x;
}

function leastCommonMultiple(a: Ratio, b: Ratio): Ratio {
  const [x, y] = [a.over * b.under, b.over * a.under];
  return reduced({ over: (x / common(x, y)) * y, under: a.under * b.under });
}

/** The distance between the numbers that are left, where that isn't any. */
function stepOf(demands: readonly Demand[]): Ratio | undefined {
  const steps = [
    ...only(demands, 'integer').flatMap(({ holds }) => (holds ? [1] : [])),
    ...only(demands, 'multiple').flatMap(({ of, holds }) => (holds ? [of] : [])),
  ].map(ratio);
  return steps.length === 0 ? undefined : steps.reduce(leastCommonMultiple);
}

/**
 * Which multiples of the step are refused by "is no multiple of" repeats itself, so a whole period tells all; what
 * else is refused are single numbers and the ends of the range.
 */
function findMultiple(
  { least, most }: Range,
  step: Ratio,
  demands: readonly Demand[],
  meets: (value: number) => boolean,
): Outcome {
  const refused = only(demands, 'multiple').flatMap(({ of, holds }) => (holds ? [] : [ratio(of)]));
  if (only(demands, 'integer').some(({ holds }) => !holds)) refused.push({ over: 1n, under: 1n });
  // A multiple of the step is one of whatever divides the step.
  if (refused.some((other) => isDivisible(step, other))) return none;
  const period = [step, ...refused].reduce(leastCommonMultiple);
  const perPeriod = Number((period.over * step.under) / (period.under * step.over));
  const single = demands.reduce(
    (sum, demand) => sum + (demand.kind === 'among' ? demand.values.length : 0),
    0,
  );
  const enough = perPeriod * (single + 1) + 2;
  const [first, last] = [indexOf(least, step, 1n), indexOf(most, step, -1n)];
  const count =
    first === undefined || last === undefined ? Number.POSITIVE_INFINITY : Number(last - first) + 1;
  const looked = Math.min(count, enough, MOST_CANDIDATES);
  const isIn = (index: bigint) =>
    (first === undefined || index >= first) && (last === undefined || index <= last);
  const start = isIn(0n) ? 0n : first !== undefined && first > 0n ? first : (last ?? 0n);
  const direction = start === 0n ? (last === undefined || last > 0n ? 1n : -1n) : start === first ? 1n : -1n;
  for (let n = 0; n < looked; n += 1) {
    for (const index of [start + direction * BigInt(n), start - direction * BigInt(n)]) {
      if (!isIn(index)) continue;
      const value = valueAt(index, step);
      if (Number.isFinite(value) && meets(value)) return found(value);
    }
  }
  const isWhole = step.under === 1n;
  const isExhausted = count <= looked || enough <= looked;
  return isExhausted && isWhole ? none : unknown;
}

function isDivisible(a: Ratio, b: Ratio): boolean {
  return (a.over * b.under) % (a.under * b.over) === 0n;
}

/** The index of the first multiple at or behind a bound in that direction. */
function indexOf(bound: number, step: Ratio, direction: 1n | -1n): bigint | undefined {
  if (!Number.isFinite(bound)) return undefined;
  const { over, under } = ratio(bound);
  const sign = bound < 0 ? -1n : 1n;
  const [x, y] = [sign * over * step.under, under * step.over];
  const floor = x >= 0n ? x / y : -((-x + y - 1n) / y);
  return direction === -1n || floor * y === x ? floor : floor + 1n;
}

function valueAt(index: bigint, { over, under }: Ratio): number {
  const product = index * over;
  if (under === 1n) return Number(product);
  // Decimal digits are what JSON has, so the quotient is read as they are.
  const sign = product < 0n ? -1n : 1n;
  const absolute = product * sign;
  const digits = String(((absolute % under) * 10n ** 20n) / under).padStart(20, '0');
  return Number(sign) * Number(`${absolute / under}.${digits}`);
}
