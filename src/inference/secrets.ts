import type { Pattern } from '../core/pointer.ts';
import type { NameRule } from '../core/redaction.ts';
import type { Shape } from './shape.ts';

/** What of a config must not be seen. */
export interface Secrets {
  /** Places of text and numbers. */
  readonly places: readonly Pattern[];
  /** Objects whose member names are secrets. */
  readonly names: readonly NameRule[];
  /** Objects whose member names are data, but no secrets. */
  readonly dataNames: readonly NameRule[];
}

/** Finds the places where secrets lie: by what they are called, and by how they look. */
export function secretsOf(shape: Shape): Secrets {
  const found = { places: [] as Pattern[], names: [] as NameRule[], dataNames: [] as NameRule[] };
  collect(shape, found);
  return found;
}

interface Found {
  readonly places: Pattern[];
  readonly names: NameRule[];
  readonly dataNames: NameRule[];
}

function collect(shape: Shape, found: Found): void {
  const { at, items, object } = shape;
  if (shape.isSecret) found.places.push(at);
  if (items !== undefined) collect(items, found);
  if (object === undefined) return;
  const { members, data } = object;
  if (data !== undefined) {
    const rules = data.areNamesSecret ? found.names : found.dataNames;
    rules.push({ at, except: [...members.keys()] });
    collect(data.shape, found);
  }
  for (const member of members.values()) collect(member, found);
}
