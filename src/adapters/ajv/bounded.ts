import { createContext, Script } from 'node:vm';

/** Thrown when a validation took longer than it may. */
export class TooSlow extends Error {
  override readonly name = 'TooSlow';
}

/** Runs a function, and throws `TooSlow` when it takes too long. */
export type Bounded = <T>(run: () => T) => T;

/**
 * Runs functions that may take for ever (a pattern of somebody's schema on somebody's value), each for so many
 * milliseconds at most. The engine can only interrupt scripts with a deadline; this one calls the function. What a
 * function that is running so runs in its turn shares its deadline: setting one takes the engine a millisecond.
 */
export function bounded(milliseconds: number): Bounded {
  const context: { run: (() => unknown) | undefined } = { run: undefined };
  createContext(context);
  const script = new Script('run()');
  let isRunning = false;
  return <T>(run: () => T): T => {
    if (isRunning) return run();
    context.run = run;
    isRunning = true;
    try {
      return script.runInContext(context, { timeout: milliseconds }) as T;
    } catch (error) {
      // It comes from the other context, whose Error is another one.
      if (Object(error).code === 'ERR_SCRIPT_EXECUTION_TIMEOUT')
        throw new TooSlow('validation took too long');
      throw error;
    } finally {
      isRunning = false;
    }
  };
}
