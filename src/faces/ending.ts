import { plain } from '../core/plain.ts';
import { UsageError } from './settings.ts';

/** What a command prints, and the exit code that it ends with. */
export interface Outcome {
  readonly text: string;
  readonly exitCode: 0 | 1 | 2;
}

/** What a person is told of an error that ended the run, one sentence a line. Foreign text is not quoted. */
export function describeError(error: unknown): readonly string[] {
  if (error instanceof UsageError) {
    return [plain(error.said), ...error.others.map(plain), `→ ${plain(error.advice)}`];
  }
  const kind = error instanceof Error ? error.name : typeof error;
  const code = error instanceof Error && 'code' in error ? ` ${String(error.code).slice(0, 40)}` : '';
  return [
    `the guardian broke down (${kind}${code})`,
    '→ this is a defect: please report it, with the command and the stack trace that GUARDIAN_DEBUG=1 prints',
  ];
}

/**
 * Ends the process as soon as all is written. A name look-up that hangs can't be called off, and would keep it alive
 * past every timeout.
 */
export function leave(): void {
  process.stdout.write('', () => process.stderr.write('', () => process.exit()));
}

const interruptions = { SIGINT: 130, SIGTERM: 143 } as const;

/** What else is to be known when it is interrupted from now on. */
export function sayOnInterruption(text: string): void {
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.prependOnceListener(signal, () => process.stderr.write(`${text}\n`));
  }
}

/** Ends the process at once, with the exit code that shells give to the signal. */
export function exitOnInterruption(say: (text: string) => void): void {
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => {
      say(`interrupted (${signal}): there is no verdict\n`);
      process.exit(interruptions[signal]);
    });
  }
}
