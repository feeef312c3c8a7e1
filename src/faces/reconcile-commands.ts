import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { code, phrase, vouch } from '../core/phrase.ts';
import { plain } from '../core/plain.ts';
import type { Palette } from '../reporters/terminal.ts';
import type { Surroundings } from './commands.ts';
import type { Outcome } from './ending.ts';
import { planText, readPlan } from './plan-file.ts';
import { commandToApply, planInWords, resultInWords } from './plan-text.ts';
import type { Task } from './plan-words.ts';
import { type Applied, applyRun, type Planned, planRun, Refusal, undoRun } from './reconcile.ts';
import { type Settings, UsageError } from './settings.ts';
import { whereabouts } from './whereabouts.ts';
import { refuseWhatIsThere, writeWhole } from './whole-file.ts';
import { writing } from './writing.ts';

export interface PlanOptions {
  readonly out?: string;
}

export async function planCommand(
  settings: Settings,
  { out }: PlanOptions,
  palette: Palette,
  surroundings: Surroundings,
): Promise<Outcome> {
  const planned = await planRun(settings, surroundings);
  const next = out === undefined ? undefined : commandToApply(out, whereabouts(settings, surroundings.env));
  if (out !== undefined) savePlan(planned, out, surroundings.workspace);
  return { text: planInWords(planned.plan, planned.outlook, palette, next), exitCode: planned.exitCode };
}

/** An older plan is written over; anything else that is there is somebody's. */
export function savePlan({ plan }: Pick<Planned, 'plan'>, out: string, workspace: string): void {
  const path = vouch(out);
  const file = resolve(workspace, out);
  const isThere = writing(path, () => existsSync(file));
  if (isThere) refuseWhatIsThere({ path, file, force: true });
  if (
    isThere &&
    !readPlan(
      writing(path, () => readFileSync(file)),
      path,
    ).ok
  ) {
    throw new UsageError(phrase`${code(path)} exists already, and is no plan`, phrase`name another file`);
  }
  writeWhole(planText(plan), { path, file, force: true });
}

export function applyCommand(
  settings: Settings,
  palette: Palette,
  surroundings: Surroundings,
): Promise<Outcome> {
  return resultOf('apply', palette, () => applyRun(settings, surroundings));
}

export function undoCommand(
  settings: Settings,
  palette: Palette,
  surroundings: Surroundings,
): Promise<Outcome> {
  return resultOf('undo', palette, () => undoRun(settings, surroundings));
}

/** Carries it out, and words what it came to. */
export async function resultOf(task: Task, palette: Palette, run: () => Promise<Applied>): Promise<Outcome> {
  try {
    const { account, exitCode, remarks } = await run();
    const warnings = remarks.map((remark) => `warning: ${plain(remark)}\n`).join('');
    return { text: `${resultInWords(account, task, palette)}${warnings}`, exitCode };
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return {
      text: `refused: ${plain(error.said)}\n→ ${plain(error.advice)}\nnothing was written\n`,
      exitCode: 1,
    };
  }
}
