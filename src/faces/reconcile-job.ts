import * as toolkit from '@actions/core';
import picocolors from 'picocolors';
import { code, phrase, vouch } from '../core/phrase.ts';
import { plain } from '../core/plain.ts';
import { statuses } from '../core/verdict.ts';
import { entities } from '../reporters/markdown.ts';
import type { Surroundings } from './commands.ts';
import { attempt, tellDeeds, writeSummary } from './job.ts';
import { isOccasion, readOccasion } from './occasion.ts';
import { planInMarkdown, resultInMarkdown } from './plan-markdown.ts';
import { planInWords, resultInWords } from './plan-text.ts';
import { type Applied, applyRun, type Planned, planRun, Refusal, undoRun } from './reconcile.ts';
import { savePlan } from './reconcile-commands.ts';
import { type Settings, UsageError } from './settings.ts';

/** `reconcile` as a job: the plan goes into a file and a comment, what was written into the log and the summary. */

export interface JobSurroundings extends Surroundings {
  /** `https://api.github.com`, say. */
  readonly api: string;
  readonly mask: (secrets: readonly string[]) => void;
}

/** Bytes of a job's summary. */
const LONGEST_SUMMARY = 1_000_000;

const TITLE = 'Redis Config Guardian';

/** Answers the exit code. */
export function reconcile(
  mode: 'plan' | 'apply' | 'undo',
  settings: Settings,
  surroundings: JobSurroundings,
): Promise<0 | 1 | 2> {
  return mode === 'plan' ? plan(settings, surroundings) : write(mode, settings, surroundings);
}

async function plan(settings: Settings, surroundings: JobSurroundings): Promise<0 | 1 | 2> {
  const planned = await planRun(settings, surroundings);
  surroundings.mask(planned.secrets);
  savePlan(planned, settings.plan, surroundings.workspace);
  const { plan: made, outlook, exitCode } = planned;
  const next = `mode: apply, plan: ${settings.plan}, plan-hash: ${made.hash}`;
  process.stdout.write(planInWords(made, outlook, picocolors.createColors(true), next));
  toolkit.setOutput('plan-path', settings.plan);
  toolkit.setOutput('plan-hash', made.hash);
  toolkit.setOutput('steps', made.steps.length);
  tellVerdict(exitCode, exitCode === 1 ? 'left-alone' : 'unchecked');
  await attempt('the job summary', () =>
    writeSummary(planInMarkdown(made, outlook, LONGEST_SUMMARY, { identity: settings })),
  );
  await announce(planned, settings, surroundings);
  return exitCode;
}

async function announce(
  { plan: made, outlook, exitCode }: Planned,
  settings: Settings,
  { env, api, now }: JobSurroundings,
): Promise<void> {
  const occasion = readOccasion(env, settings.commentMergeGroup);
  if (occasion === undefined || !isOccasion({ ...settings, issue: false }, occasion)) return;
  await attempt('the comment', async () => {
    const { postPlan } = await import('./posting.ts');
    const origin = { identity: settings, run: occasion.log };
    const told = {
      write: (limit: number) => planInMarkdown(made, outlook, limit, origin),
      isEmpty: made.steps.length === 0 && made.leftAlone.length === 0,
      exitCode,
    };
    tellDeeds(await postPlan(told, { settings, occasion, api, now }));
  });
}

async function write(
  mode: 'apply' | 'undo',
  settings: Settings,
  surroundings: JobSurroundings,
): Promise<0 | 1 | 2> {
  const event = surroundings.env['GITHUB_EVENT_NAME'] ?? '';
  if (/^(pull_request|merge_group)/.test(event)) {
    throw new UsageError(
      phrase`mode ${code(mode)} isn't for the event ${code(vouch(event))}: what is written would be what somebody proposes`,
      phrase`apply on push to the default branch or on ${code('workflow_dispatch')}, behind an environment that asks for approval`,
    );
  }
  if (mode === 'apply' && settings.planHash === undefined) {
    throw new UsageError(
      phrase`${code('plan-hash')} isn't given, so nobody knows whether this plan is the one that was approved`,
      phrase`hand on the output ${code('plan-hash')} of the job that made the plan`,
    );
  }
  const run = mode === 'apply' ? applyRun : undoRun;
  try {
    const applied = await run(settings, surroundings);
    await tell(mode, applied, surroundings);
    return applied.exitCode;
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    const text = `refused: ${plain(error.said)}\n→ ${plain(error.advice)}\nnothing was written`;
    toolkit.error(text, { title: TITLE });
    tellVerdict(1, 'refused');
    const lines = text.split('\n').map(entities).join('<br>');
    await attempt('the job summary', () => writeSummary(`## ❌ ${TITLE}: ${lines}`));
    return 1;
  }
}

async function tell(
  mode: 'apply' | 'undo',
  { account, exitCode, isDone, remarks, secrets }: Applied,
  { mask }: JobSurroundings,
): Promise<void> {
  mask(secrets);
  process.stdout.write(resultInWords(account, mode, picocolors.createColors(true)));
  for (const remark of remarks) toolkit.warning(plain(remark), { title: TITLE });
  for (const status of statuses) {
    const count = account.statuses.filter((config) => config.status === status).length;
    toolkit.setOutput(status.toLowerCase(), count);
  }
  tellVerdict(exitCode, isDone ? 'not-ok' : 'refused');
  await attempt('the job summary', () => writeSummary(resultInMarkdown(account, mode, LONGEST_SUMMARY)));
}

function tellVerdict(exitCode: 0 | 1 | 2, reason: 'left-alone' | 'unchecked' | 'refused' | 'not-ok'): void {
  toolkit.setOutput('verdict', exitCode === 0 ? 'pass' : exitCode === 1 ? 'fail' : 'inconclusive');
  toolkit.setOutput('failure-reason', exitCode === 0 ? '' : reason);
}
