import type { ServerFacts } from './server.ts';

/** The day from which on a version gets no more fixes, security included, as its project announced it. */
interface Ending {
  /** `7.2`. */
  readonly cycle: string;
  readonly on: string;
}

/**
 * Only what is certain: a version whose end nobody has announced is not in here. The pages: redis.io/docs/latest/
 * operate/oss_and_stack/install/version-mgmt; SECURITY.md of github.com/redis/redis, which left 7.0 out when 7.4 came;
 * valkey.io/topics/releases (the end of the extended security support).
 */
const endings: Readonly<Record<'redis' | 'valkey', readonly Ending[]>> = {
  redis: [
    { cycle: '6.2', on: '2027-04-01' },
    { cycle: '7.0', on: '2024-07-29' },
    { cycle: '7.2', on: '2029-12-01' },
    { cycle: '7.4', on: '2029-12-01' },
    { cycle: '8.0', on: '2026-12-01' },
    { cycle: '8.2', on: '2030-09-01' },
  ],
  valkey: [
    { cycle: '7.2', on: '2029-04-16' },
    { cycle: '8.0', on: '2027-09-15' },
    { cycle: '8.1', on: '2030-03-31' },
  ],
};

/** SECURITY.md of Redis 7.2, when that came: versions before 6.2 are not supported. */
const ancient: Ending = { cycle: '6.2', on: '2023-08-15' };

/** Whether a version (`7.0.15`) is past its end; `undefined` when it is none that is known. */
export function isPastEnd(
  product: ServerFacts['product'],
  version: string,
  now: number,
): boolean | undefined {
  const cycle = cycleOf(version);
  if (product === 'unknown' || cycle === undefined) return undefined;
  const ending =
    endings[product].find((each) => each.cycle === cycle) ??
    (product === 'redis' && isBefore(cycle, ancient.cycle) ? ancient : undefined);
  return ending !== undefined && now >= Date.parse(ending.on);
}

/** `7.0.15` → `7.0`. */
export function cycleOf(version: string): string | undefined {
  return /^\d+\.\d+(?=\.|$)/.exec(version)?.[0];
}

function isBefore(a: string, b: string): boolean {
  return a.localeCompare(b, 'en', { numeric: true }) < 0;
}
