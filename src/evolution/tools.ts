import type { Languages } from '../core/ports.ts';

/** Whether a string has a format; undefined when the validator doesn't know it. */
export type FormatTest = (format: string, text: string) => boolean | undefined;

/** What evolution has to be told by others. */
export interface Tools {
  readonly languages: Languages;
  readonly holdsFormat: FormatTest;
  /** Runs something that may take for ever (a pattern on a string); undefined when it took longer than it may. */
  inTime<T>(run: () => T): T | undefined;
}
