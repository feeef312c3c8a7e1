import { createContext, Script } from 'node:vm';

/** Thrown when a validation took longer than it may. */
export class TooSlow extends Error {
  override readonly name = 'TooSlow';
}

/**
 * Runs functions that may take for ever (a pattern of somebody's schema on somebody's value), each for so many
 * milliseconds at most. The engine can only interrupt scripts with a deadline; this one calls the function.
 */
export function bounded(milliseconds: number): <T>(run: () => T) => T {
  const context: { run: (() => unknown) | undefined } = { run: undefined };
  createContext(context);
  const script = new Script('run()');
  return <T>(run: () => T): T => {
    context.run = run;
    try {
      return script.runInContext(context, { timeout: milliseconds }) as T;
    } catch (error) {
      // It comes from the other context, whose Error is another one.
      if (Object(error).code === 'ERR_SCRIPT_EXECUTION_TIMEOUT')
        throw new TooSlow('validation took too long');
      throw error;
    }
  };
}
