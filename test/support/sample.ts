import { readFileSync } from 'node:fs';
import type { Redis } from 'ioredis';
import { guardedNames } from '../../src/guarded-app.ts';

/** The fallback files, which are sound and so make a Redis in which all is well. */
export function fallbackText(name: string): string {
  return readFileSync(new URL(`../../debug/${name}.json`, import.meta.url), 'utf8');
}

/** Puts the four fallbacks into a Redis under the default prefix, changed where `changes` says so. */
export async function load(
  redis: Redis,
  changes: Readonly<Record<string, string | null>> = {},
): Promise<void> {
  for (const name of guardedNames) {
    const value = Object.hasOwn(changes, name) ? changes[name] : fallbackText(name);
    if (value === null || value === undefined) await redis.del(`r:ss:config:${name}`);
    else await redis.set(`r:ss:config:${name}`, value);
  }
}

/** A fallback with some top-level members replaced. */
export function changed(name: string, members: Readonly<Record<string, unknown>>): string {
  return JSON.stringify({ ...JSON.parse(fallbackText(name)), ...members });
}
