import { redisTrove } from '../../../src/adapters/redis/trove.ts';
import { parseRedisUrl } from '../../../src/adapters/redis/url.ts';
import { plain } from '../../../src/core/plain.ts';
import type { Holding, NameBatch, Trove } from '../../../src/core/ports.ts';

/** The trove that a URL leads to. `maxBytes` of a value are told; a batch has five seconds. */
export function troveAt(url: string, maxBytes = 100_000): Trove & AsyncDisposable {
  const parsed = parseRedisUrl(url);
  if (!parsed.ok) throw new Error(plain(parsed.why));
  return redisTrove(parsed.endpoint, { timeout: 5000, maxBytes });
}

export type HeldKey = Extract<Holding, { readonly kind: 'held' }>;

/** What keys hold, in their order; their names are text. */
export function holdings(trove: Trove, keys: readonly (string | Uint8Array)[]): Promise<readonly Holding[]> {
  return trove.read(keys.map((key) => (typeof key === 'string' ? Buffer.from(key) : key)));
}

/** What one key holds; one that holds nothing is an error. */
export async function heldAt(trove: Trove, key: string | Uint8Array): Promise<HeldKey> {
  const [holding] = await holdings(trove, [key]);
  if (holding?.kind !== 'held') throw new Error(`nothing is held: ${said(holding)}`);
  return holding;
}

/** What a holding is, in a line: of one that is unreadable, why. */
export function said(holding: Holding | undefined): string {
  if (holding?.kind !== 'unreadable') return String(holding?.kind);
  return `${holding.fault.reason}: ${plain(holding.fault.phrase)} → ${plain(holding.fault.advice)}`;
}

/** The batches of a listing. */
export async function batches(trove: Trove, match = '*', from?: string): Promise<readonly NameBatch[]> {
  const told: NameBatch[] = [];
  for await (const batch of trove.names(match, from)) told.push(batch);
  return told;
}

/** The names in batches, as Latin-1, each once, sorted. */
export function namesIn(told: readonly NameBatch[]): readonly string[] {
  const names = told.flatMap((batch) => batch.names.map((name) => Buffer.from(name).toString('latin1')));
  return [...new Set(names)].sort();
}
