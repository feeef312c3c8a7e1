import type { Severity } from './finding.ts';
import { count, type Part, type Phrase } from './phrase.ts';
import type { NodeFacts } from './server.ts';

/** What one question about a server came to. What it doesn't tell is unknown: never taken for good. */
export type Judged =
  | { readonly state: 'good'; readonly said: Phrase }
  | { readonly state: 'bad'; readonly severity: Severity; readonly said: Phrase; readonly advice: Phrase }
  /** `said` is the question that stays open: `whether it is a replica`. */
  | { readonly state: 'unknown'; readonly said: Phrase };

/** Who asks. */
export interface Asker {
  /** Milliseconds since the epoch. */
  readonly now: number;
  /** Whether a key that is asked for has a time to live. */
  readonly expires: boolean;
}

/** What is to be said of one node: nothing where the question makes no sense. */
export type Rule = (node: NodeFacts, asker: Asker) => readonly Judged[];

export function good(said: Phrase): readonly Judged[] {
  return [{ state: 'good', said }];
}

export function bad(severity: Severity, said: Phrase, advice: Phrase): readonly Judged[] {
  return [{ state: 'bad', severity, said, advice }];
}

export function unknown(said: Phrase): readonly Judged[] {
  return [{ state: 'unknown', said }];
}

/** `3 days`. */
export function span(milliseconds: number): Part {
  const seconds = Math.max(0, Math.round(milliseconds / 1000));
  if (seconds < 120) return count(seconds, 'second');
  const minutes = Math.round(seconds / 60);
  if (minutes < 120) return count(minutes, 'minute');
  const hours = Math.round(minutes / 60);
  return hours < 48 ? count(hours, 'hour') : count(Math.round(hours / 24), 'day');
}
