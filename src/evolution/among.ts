import { type Json, sameJson } from '../core/json.ts';
import { type Demand, type DemandOf, only } from './demand.ts';

/** The values of which a value must be one, if there is any such demand. */
export function mayBeAmong(demands: readonly Demand[]): readonly Json[] | undefined {
  const lists = only(demands, 'among').filter(({ holds }) => holds);
  const [first, ...others] = lists;
  return first?.values.filter((value) => others.every((other) => isAmong(other, value)));
}

export function isAmong({ values, holds }: DemandOf<'among'>, value: Json): boolean {
  return values.some((candidate) => sameJson(candidate, value)) === holds;
}
