import { code, name, type Phrase, phrase, vouch } from '../core/phrase.ts';
import type { Direction, Step } from '../core/plan.ts';
import type { Account, Left, Outlook, StepOutcome } from '../core/proposal.ts';
import { statuses } from '../core/verdict.ts';

/** What is said of plans and of what became of them, at a terminal and in Markdown alike. */

/** Which of both verbs something became of. */
export type Task = 'apply' | 'undo';

export const directionInWords: Readonly<Record<Direction, string>> = {
  fallback: 'from the fallback files to Redis',
  redis: 'from Redis to the fallback files',
  'base-merge': 'what each side has changed, into both',
};

/** ISO 8601 in UTC → `2026-11-25 10:00 UTC`. */
export function momentInWords(moment: string): string {
  return `${moment.slice(0, 'yyyy-mm-ddThh:mm'.length).replace('T', ' ')} UTC`;
}

/** Where a step writes. `key`: as it may be printed. */
export function whereTo(step: Step, key: string): Phrase {
  return step.to === 'redis' ? phrase`Redis ${name(key)}` : phrase`file ${code(vouch(step.path))}`;
}

/** What a step does to what is there. */
export function whatHappens({ before }: Step): string {
  if ('type' in before && before.type === 'none') return 'is created';
  const goesAt = 'goesAt' in before ? before.goesAt : null;
  return goesAt === null ? 'is changed' : `is changed, and still expires ${momentInWords(goesAt)}`;
}

/** A sentence's end without its stop: what of a plan would be written, what not, and what need not be. */
export function countsOf(outlook: readonly Outlook[]): string {
  const steps = outlook.flatMap((each) => each.steps);
  const files = steps.filter(({ step }) => step.to === 'file').length;
  const keys = steps.length - files;
  const left = outlook.reduce((sum, each) => sum + each.left.length, 0);
  const told = [
    ...(keys === 0 ? [] : [`${counted(keys, 'key')} of Redis to write`]),
    ...(files === 0 ? [] : [`${counted(files, 'file')} to write`]),
    ...(left === 0 ? [] : [`${left} left alone`]),
    ...[outlook.filter(isIdle).length].filter((idle) => idle > 0).map((idle) => `${idle} with nothing to do`),
  ];
  return told.length === 0 ? 'no configs' : told.join(', ');
}

/** Whether both sides of a config agree. */
export function isIdle({ steps, left }: Outlook): boolean {
  return steps.length === 0 && left.length === 0;
}

export function counted(n: number, singular: string): string {
  return `${n} ${singular}${n === 1 ? '' : 's'}`;
}

/** Why something stays as it is, in a word or two. */
export const leftInWords: Readonly<Record<Left['why'], string>> = {
  conflict: 'conflict',
  refused: 'refused by the checks',
  unchecked: 'unchecked',
  secret: 'secret',
  'nothing-to-write': 'nothing to write',
  'other-type': 'other type',
  'not-chosen': 'not chosen',
};

const outcomes: Readonly<Record<Task, Readonly<Record<StepOutcome['how'], string>>>> = {
  apply: {
    written: 'written',
    'already-done': 'already as planned',
    'not-done': 'not written',
    unknown: 'perhaps written: nobody can tell',
  },
  undo: {
    written: 'put back',
    'already-done': 'already as before',
    'not-done': 'not put back',
    unknown: 'perhaps put back: nobody can tell',
  },
};

export function outcomeInWords(how: StepOutcome['how'], task: Task): string {
  return outcomes[task][how];
}

const gravest: readonly StepOutcome['how'][] = ['unknown', 'not-done', 'written', 'already-done'];

/** The steps that went wrong before the others. */
export function byGravity({ steps }: Account): readonly StepOutcome[] {
  return steps.toSorted((a, b) => gravest.indexOf(a.how) - gravest.indexOf(b.how));
}

/** The configs that aren't OK before the others. */
export function statusesByGravity(account: Account): Account['statuses'] {
  return account.statuses.toSorted((a, b) => statuses.indexOf(a.status) - statuses.indexOf(b.status));
}

/**
 * `good` all was done and every config is OK; `not-ok` all was done, and some aren't, or nobody has looked; `not-done`
 * something wasn't done, or nobody can tell.
 */
export function resultOf({ steps, statuses: found }: Account): 'good' | 'not-ok' | 'not-done' {
  if (steps.some(({ how }) => how === 'not-done' || how === 'unknown')) return 'not-done';
  return found.length > 0 && found.every(({ status }) => status === 'OK') ? 'good' : 'not-ok';
}

/** `Not everything was applied`, as a sentence without its end. */
export function resultSentence(account: Account, task: Task): string {
  const done = { apply: 'applied', undo: 'undone' }[task];
  return resultOf(account) === 'not-done' ? `Not everything was ${done}` : `Everything was ${done}`;
}

/** `1 not written, 2 written`. */
export function outcomesInWords({ steps }: Account, task: Task): string {
  const told = gravest.flatMap((how) => {
    const many = steps.filter((step) => step.how === how).length;
    return many === 0 ? [] : [`${many} ${outcomes[task][how].replace(/:.*/, '')}`];
  });
  return told.length === 0 ? 'no steps' : told.join(', ');
}

/** `Afterwards: 1 DRIFT, 1 OK.` */
export function aftermath(account: Account): string {
  const told = statuses.flatMap((status) => {
    const many = account.statuses.filter((config) => config.status === status).length;
    return many === 0 ? [] : [`${many} ${status}`];
  });
  return `Afterwards: ${told.length === 0 ? 'nobody has verified it' : told.join(', ')}.`;
}
