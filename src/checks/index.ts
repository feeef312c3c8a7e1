import type { Check } from './check.ts';
import { drift } from './drift.ts';
import { encoding } from './encoding.ts';
import { expiry } from './expiry.ts';
import { fallbackShape } from './fallback-shape.ts';
import { freshness } from './freshness.ts';
import { nearMiss } from './near-miss.ts';
import { presence } from './presence.ts';
import { shape } from './shape.ts';
import { tokens } from './tokens.ts';
import { undeclared } from './undeclared.ts';

/** Every check, in the order in which a report tells their findings. */
export const checks: readonly Check[] = [
  presence,
  nearMiss,
  encoding,
  shape,
  fallbackShape,
  drift,
  undeclared,
  expiry,
  freshness,
  tokens,
];
