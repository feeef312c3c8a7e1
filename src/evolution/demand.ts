import type { Json } from '../core/json.ts';
import type { Claim } from './claim.ts';
import { spellValue } from './schema.ts';

/** Members of an object, by their names. */
export type Region =
  | { readonly kind: 'name'; readonly name: string }
  | { readonly kind: 'pattern'; readonly pattern: string }
  | { readonly kind: 'rest'; readonly names: readonly string[]; readonly patterns: readonly string[] };

/** One thing that is asked of a value whose type is known. What is asked of its parts are claims. */
export type Demand =
  | { readonly kind: 'among'; readonly values: readonly Json[]; readonly holds: boolean }
  | { readonly kind: 'at-least' | 'at-most'; readonly bound: number; readonly exclusive: boolean }
  | { readonly kind: 'multiple'; readonly of: number; readonly holds: boolean }
  | { readonly kind: 'integer'; readonly holds: boolean }
  | { readonly kind: 'pattern'; readonly pattern: string; readonly holds: boolean }
  | { readonly kind: 'format'; readonly format: string; readonly holds: boolean }
  /** Of strings the length in code points, of arrays that in items, of objects the number of members. */
  | { readonly kind: 'size'; readonly least: number; readonly most: number }
  /** Each item from one index on and before another satisfies the claim; or there is one that does. */
  | {
      readonly kind: 'items' | 'some-item';
      readonly from: number;
      readonly to: number;
      readonly claim: Claim;
    }
  | { readonly kind: 'count'; readonly claim: Claim; readonly least: number; readonly most: number }
  | { readonly kind: 'unique'; readonly holds: boolean }
  /** Each member of a region satisfies the claim; or there is one that does. */
  | { readonly kind: 'members' | 'some-member'; readonly region: Region; readonly claim: Claim }
  /** The same for the names themselves. */
  | { readonly kind: 'names' | 'some-name'; readonly claim: Claim }
  | { readonly kind: 'has' | 'lacks'; readonly name: string }
  /** Something that can't be told. */
  | { readonly kind: 'opaque'; readonly what: string };

export type DemandOf<Kind extends Demand['kind']> = Narrowed<Demand, Kind>;

type Narrowed<Each, Kind> = Each extends { readonly kind: infer Kinds }
  ? Kind extends Kinds
    ? Each & { readonly kind: Kind }
    : never
  : never;

/** The demands of one kind. */
export function only<Kind extends Demand['kind']>(
  demands: readonly Demand[],
  kind: Kind,
): readonly DemandOf<Kind>[] {
  return demands.filter((demand) => demand.kind === kind) as readonly Demand[] as readonly DemandOf<Kind>[];
}

/** What is claimed of members by their names. */
export function membersByName(demands: readonly Demand[]): ReadonlyMap<string, readonly Claim[]> {
  const claims = new Map<string, Claim[]>();
  for (const { region, claim } of only(demands, 'members')) {
    if (region.kind !== 'name') continue;
    const known = claims.get(region.name);
    if (known === undefined) claims.set(region.name, [claim]);
    else known.push(claim);
  }
  return claims;
}

/** One way to meet something: all of its demands and claims hold of the value. */
export interface Option {
  readonly demands: readonly Demand[];
  readonly claims: readonly Claim[];
}

export function demanding(...demands: readonly Demand[]): Option {
  return { demands, claims: [] };
}

export function claiming(...claims: readonly Claim[]): Option {
  return { demands: [], claims };
}

export function both(a: Option, b: Option): Option {
  return { demands: [...a.demands, ...b.demands], claims: [...a.claims, ...b.claims] };
}

/** One spelling per demand. */
export function spellDemand(demand: Demand): string {
  const { kind, ...rest } = demand;
  const parts = Object.values(rest).map((part: unknown) => {
    if (typeof part === 'object' && part !== null && 'schema' in part) {
      const { schema, holds } = part as Claim;
      return `${holds ? '+' : '-'}${schema.id}`;
    }
    return spellValue(part === Number.POSITIVE_INFINITY ? 'infinite' : (part as Json));
  });
  return `${kind} ${parts.join(' ')}`;
}
