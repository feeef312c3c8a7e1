import type { Json } from '../core/json.ts';
import type { Claim } from './claim.ts';

/**
 * What came of looking for a value: one, or the proof that there is none, or neither. `none` is never said unless it
 * is certain; a value may still be refused by the validator, where something about it could not be told.
 */
export type Outcome =
  | { readonly kind: 'value'; readonly value: Json }
  | { readonly kind: 'none' }
  | { readonly kind: 'unknown' };

export const none: Outcome = { kind: 'none' };
export const unknown: Outcome = { kind: 'unknown' };

export function found(value: Json): Outcome {
  return { kind: 'value', value };
}

/** Looks for a value of which all claims are true. */
export type Find = (claims: readonly Claim[]) => Outcome;
