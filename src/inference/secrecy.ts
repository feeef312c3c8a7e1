import type { Json } from '../core/json.ts';
import { looksSecret, suspicionOf } from './secret-words.ts';

/** True when something on the way to a place is called a secret. */
export function isSecretPlace(names: readonly string[]): boolean {
  return names.some((name) => suspicionOf(name) === 'strong');
}

/** True when text or numbers at a place are secrets. `names`: those on the way to it, that of the config first. */
export function areSecret(names: readonly string[], values: readonly Json[]): boolean {
  const texts = values.filter((value) => typeof value === 'string');
  if (texts.some(looksSecret)) return true;
  const own = suspicionOf(names.at(-1) ?? '');
  const isNamed = own === 'strong' || (own === 'weak' && names.length > 1);
  if (texts.length > 0)
    return (isNamed || isSecretPlace(names)) && !(isAside(names) && texts.every(isHarmless));
  return own === 'strong' && names.length > 1 && values.some((value) => typeof value === 'number');
}

/** The name speaks of a time or a kind, not of the secret itself. */
function isAside(names: readonly string[]): boolean {
  const own = names.at(-1) ?? '';
  return suspicionOf(own) === 'about' || suspicionOf(`token_${own}`) === 'about';
}

/** A word of a vocabulary or a time. */
function isHarmless(text: string): boolean {
  return (
    /^[a-z_-]{0,20}$/i.test(text) || /^\d{4}-\d{2}-\d{2}(?:[T ][\d:.]+(?:Z|[+-]\d{2}:?\d{2})?)?$/.test(text)
  );
}
