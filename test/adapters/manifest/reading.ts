import { configsOf, readManifest } from '../../../src/adapters/manifest/manifest.ts';
import { checks } from '../../../src/checks/index.ts';
import { plain } from '../../../src/core/plain.ts';

export const checkIds = checks.map(({ id }) => id);

/** What is wrong with a manifest, as `line:column: text (advice)`. */
export function mistakes(text: string | Uint8Array): readonly string[] {
  const bytes = typeof text === 'string' ? new TextEncoder().encode(text) : text;
  const read = readManifest(bytes, checkIds);
  if (read.ok) return [];
  return read.mistakes.map(({ line, column, said, advice }) => {
    const todo = advice === undefined ? '' : ` (${plain(advice)})`;
    return `${line}:${column}: ${plain(said)}${todo}`;
  });
}

/** The configs of a manifest that has no mistakes. */
export function found(text: string, asked: Parameters<typeof configsOf>[1] = {}) {
  const read = readManifest(new TextEncoder().encode(text), checkIds);
  if (!read.ok) throw new Error(mistakes(text).join('\n'));
  return configsOf(read.manifest, asked);
}

/** The same, where they are expected to be there. */
export function configs(text: string, asked: Parameters<typeof configsOf>[1] = {}) {
  const configs = found(text, asked);
  if (!configs.ok) throw new Error(plain(configs.said));
  return configs;
}
