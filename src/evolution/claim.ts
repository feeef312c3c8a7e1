import type { JsonType } from '../core/json.ts';
import type { Schema } from './schema.ts';

/** That a value satisfies a schema, or that it doesn't. */
export interface Claim {
  readonly schema: Schema;
  readonly holds: boolean;
}

export function satisfies(schema: Schema): Claim {
  return { schema, holds: true };
}

export function violates(schema: Schema): Claim {
  return { schema, holds: false };
}

/** Several claims about one value; they all hold. Sorted and without repetition, so that `key` tells goals apart. */
export interface Goal {
  readonly claims: readonly Claim[];
  readonly key: string;
}

/** `undefined` when the claims contradict each other at first sight. */
export function goal(claims: Iterable<Claim>): Goal | undefined {
  const byKey = new Map<string, Claim>();
  for (const claim of claims) {
    const { schema, holds } = claim;
    if (schema.id === (holds ? 'true' : 'false')) continue;
    if (schema.id === (holds ? 'false' : 'true')) return undefined;
    byKey.set(`${holds ? '+' : '-'}${schema.id}`, claim);
  }
  const keys = [...byKey.keys()].sort();
  for (const key of keys) {
    if (key.startsWith('+') && byKey.has(`-${key.slice(1)}`)) return undefined;
  }
  return { claims: [...byKey.values()], key: keys.join('\n') };
}

export const jsonTypes = [
  'null',
  'boolean',
  'number',
  'string',
  'array',
  'object',
] as const satisfies readonly JsonType[];
