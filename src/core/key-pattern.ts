import type { ConfigSpec } from './evidence.ts';
import { type Known, vouch } from './phrase.ts';

/** Names of keys with parts that vary: `*` stands for any run of characters, `?` for any one, `\\` escapes. */
export interface KeyPattern {
  /** The whole pattern, prefix included, as Redis matches it. */
  readonly text: Known;
  readonly expression: RegExp;
}

/** One config for every key of a pattern. */
export interface PatternSpec {
  readonly pattern: KeyPattern;
  /** What holds for each of them. `key` is the text of the pattern; `{1}` in a fallback is what its first `*` stands for. */
  readonly template: ConfigSpec;
  /** Keys that are read at the most. */
  readonly limit: number;
  /** What varies is a secret, so it is told by its digest. */
  readonly hidesNames: boolean;
}

/** Puts a prefix, taken literally, before a pattern. */
export function keyPattern(prefix: string, glob: string): KeyPattern {
  const text = prefix.replace(/[\\*?[\]^-]/g, (character) => `\\${character}`) + glob;
  const source = glob.replace(/\\(.)|[\s\S]/gu, (piece, escaped?: string) => {
    if (escaped !== undefined) return literal(escaped);
    if (piece === '*') return '([\\s\\S]*?)';
    return piece === '?' ? '([\\s\\S])' : literal(piece);
  });
  return { text: vouch(text), expression: new RegExp(`^${literal(prefix)}${source}$`, 'u') };
}

function literal(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/-]/g, (character) => `\\${character}`);
}

/** What each `*` and `?` stands for, or `undefined` when the key isn't one of the pattern. */
export function capture({ expression }: KeyPattern, key: string): readonly string[] | undefined {
  return expression.exec(key)?.slice(1);
}

/** The spec of one key of a pattern. `shown` is how the key may be printed. */
export function specOf({ pattern, template }: PatternSpec, key: string, shown: Known): ConfigSpec {
  const captures = capture(pattern, key) ?? [];
  return {
    ...template,
    key: shown,
    storedKey: key,
    fallback: template.fallback.map((path) => vouch(filled(path, captures))),
  };
}

/** A name that would lead to another folder leads to no file. */
function filled(path: string, captures: readonly string[]): string {
  return path.replace(/\{(\d)\}/g, (hole, number: string) => {
    const part = captures[Number(number) - 1];
    return part !== undefined && /^(?!\.)[^/\\\p{Cc}]+$/u.test(part) ? part : hole;
  });
}
