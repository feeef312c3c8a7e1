import { cases } from './cases.ts';
import type { Check } from './check.ts';
import { direction } from './direction.ts';
import { drift } from './drift.ts';
import { encoding } from './encoding.ts';
import { evolution } from './evolution.ts';
import { expiry } from './expiry.ts';
import { fallbackChange } from './fallback-change.ts';
import { fallbackShape } from './fallback-shape.ts';
import { freshness } from './freshness.ts';
import { nearMiss } from './near-miss.ts';
import { presence } from './presence.ts';
import { rollout } from './rollout.ts';
import { secondOpinion } from './second-opinion.ts';
import { server } from './server.ts';
import { shape } from './shape.ts';
import { survives } from './survives.ts';
import { tokens } from './tokens.ts';
import { undeclared } from './undeclared.ts';

/** Every check, in the order in which a report tells their findings. */
export const checks: readonly Check[] = [
  presence,
  nearMiss,
  encoding,
  shape,
  secondOpinion,
  survives,
  evolution,
  rollout,
  cases,
  fallbackShape,
  fallbackChange,
  drift,
  direction,
  undeclared,
  expiry,
  server,
  freshness,
  tokens,
];
