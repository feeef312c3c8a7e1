import { type Known, spell } from '../core/phrase.ts';
import { clean } from '../core/plain.ts';
import type { Plan } from '../core/plan.ts';
import type { Account, Left, Outlook, PlannedStep, StepOutcome } from '../core/proposal.ts';
import { quoted, reconcileCommand, type Whereabouts } from '../core/shell.ts';
import { icons, mediumOf, type Paint, type Palette, statusPaint } from '../reporters/terminal.ts';
import {
  aftermath,
  byGravity,
  counted,
  countsOf,
  directionInWords,
  isIdle,
  leftInWords,
  momentInWords,
  outcomeInWords,
  outcomesInWords,
  resultOf,
  resultSentence,
  statusesByGravity,
  type Task,
  whatHappens,
  whereTo,
} from './plan-words.ts';

/** What a screen holds: differences of one step, and configs. */
const MOST_CHANGES = 20;
const MOST_CONFIGS = 100;
/** Digits of a hash by which a person tells one plan from the other. */
const SHORT_HASH = 'sha256:'.length + 8;

/**
 * A plan for people at a terminal: what would change where, what stays, and in the last lines what to do next. `next`:
 * how the plan is applied, if it was written anywhere.
 */
export function planInWords(
  plan: Plan,
  outlook: readonly Outlook[],
  palette: Palette,
  next?: string,
): string {
  const { hash, direction, target, expiresAt } = plan;
  const facts = [directionInWords[direction], clean(target.url), `expires ${momentInWords(expiresAt)}`];
  const busy = outlook.filter((each) => !isIdle(each));
  const more = busy.length - MOST_CONFIGS;
  return [
    `${palette.bold(`Plan ${clean(hash.slice(0, SHORT_HASH))}…`)}  ${palette.dim(facts.join(' · '))}`,
    '',
    ...busy.slice(0, MOST_CONFIGS).flatMap((each) => block(each, palette)),
    ...(more > 0 ? [palette.dim(`… and ${counted(more, 'more config')}: the plan lists them`), ''] : []),
    ...idleLines(outlook.filter(isIdle), palette),
    ...ending(plan, outlook, palette, next),
    '',
  ].join('\n');
}

/** What applying or undoing came to, for people at a terminal: the result comes last, where the eye is. */
export function resultInWords(account: Account, task: Task, palette: Palette): string {
  const steps = byGravity(account);
  const found = statusesByGravity(account);
  const result = resultOf(account);
  const [paint, icon]: [Paint, string] =
    result === 'good'
      ? [palette.green, icons.pass]
      : result === 'not-ok'
        ? [palette.yellow, icons.warning]
        : [palette.red, icons.fail];
  return [
    ...steps.slice(0, MOST_CONFIGS).flatMap((step) => outcomeLines(step, task, palette)),
    ...furtherLine(steps.length - MOST_CONFIGS, 'step', palette),
    '',
    ...(found.length === 0 ? [] : [palette.bold('Afterwards')]),
    ...found.slice(0, MOST_CONFIGS).map(({ config, status }) => {
      const told = `${icons[status]} ${status.padEnd('UNCHECKED'.length)}`;
      return `  ${statusPaint(status, palette)(told)}  ${clean(config)}`;
    }),
    ...furtherLine(found.length - MOST_CONFIGS, 'config', palette),
    ...(found.length === 0 ? [] : ['']),
    paint(
      `${icon} ${resultSentence(account, task)}: ${outcomesInWords(account, task)}. ${aftermath(account)}`,
    ),
    '',
  ].join('\n');
}

function block({ config, key, steps, left }: Outlook, palette: Palette): readonly string[] {
  const title = palette.bold(clean(config));
  const leftLines = [
    ...left.slice(0, MOST_CHANGES).flatMap((each) => linesOfLeft(each, palette)),
    ...furtherLine(left.length - MOST_CHANGES, 'place', palette),
  ];
  const stepLines = steps.map((step) => linesOfStep(step, title, key, palette));
  if (leftLines.length === 0) return stepLines.flatMap((lines) => [...lines, '']);
  const leftTitle = `${title} ${palette.yellow('left alone')}  ${palette.dim(clean(key))}`;
  return [...stepLines, [leftTitle, ...leftLines]].flatMap((lines) => [...lines, '']);
}

function linesOfStep(
  { step, changes, remarks }: PlannedStep,
  title: string,
  key: Known,
  palette: Palette,
): readonly string[] {
  const medium = mediumOf(palette);
  return [
    `${title} → ${spell(whereTo(step, key), medium)}  ${palette.dim(whatHappens(step))}`,
    ...changes
      .slice(0, MOST_CHANGES)
      .map((change) => `  ${palette.yellow('~')} ${placed(change, palette)}${spell(change.phrase, medium)}`),
    ...furtherLine(changes.length - MOST_CHANGES, 'difference', palette),
    ...remarks.map((remark) => palette.dim(`  ${icons.notice} `) + spell(remark, medium)),
  ];
}

function linesOfLeft(left: Left, palette: Palette): readonly string[] {
  const medium = mediumOf(palette);
  const why = palette.dim(`[${leftInWords[left.why]}]`);
  const line = `  ${palette.yellow(icons.warning)} ${placed(left, palette)}${spell(left.phrase, medium)} ${why}`;
  return left.advice === undefined ? [line] : [line, `      → ${spell(left.advice, medium)}`];
}

function placed({ place }: { readonly place: string }, palette: Palette): string {
  return place === '' ? '' : `${palette.cyan(clean(place))}: `;
}

function furtherLine(more: number, of: string, palette: Palette): readonly string[] {
  return more > 0 ? [palette.dim(`  … and ${counted(more, `more ${of}`)}`)] : [];
}

/** Names that are told one by one. */
const NAMED = 10;

function idleLines(idle: readonly Outlook[], palette: Palette): readonly string[] {
  if (idle.length === 0) return [];
  const more = idle.length - NAMED;
  const names = idle.slice(0, NAMED).map(({ config }) => clean(config));
  const told = more > 0 ? `${names.join(', ')} and ${more} more` : names.join(', ');
  return [`${palette.green(icons.pass)} ${palette.dim('nothing to do:')} ${told}`, ''];
}

function ending(
  { steps, expiresAt }: Plan,
  outlook: readonly Outlook[],
  palette: Palette,
  next: string | undefined,
): readonly string[] {
  const counts = palette.bold(`Planned: ${countsOf(outlook)}.`);
  if (steps.length === 0) return [`${counts} There is nothing to apply.`];
  const said = `${counts} Nothing is changed yet.`;
  if (next === undefined)
    return [said, `To apply it, write the plan into a file with ${palette.bold('--out')}.`];
  return [said, `To apply it before ${momentInWords(expiresAt)}:`, `  ${palette.bold(clean(next))}`];
}

/** The command that applies the plan in a file. */
export function commandToApply(file: string, whereabouts: Whereabouts): string {
  const path = file.replace(/^-/, './-');
  const backup = `${path.replace(/\.json$/, '')}.backup.json`;
  return reconcileCommand(`apply ${quoted(path)}`, whereabouts, `--backup ${quoted(backup)} --reason "…"`);
}

function outcomeLines(step: StepOutcome, task: Task, palette: Palette): readonly string[] {
  const { config, to, at, how } = step;
  const medium = mediumOf(palette);
  const signs = {
    written: palette.green(icons.pass),
    'already-done': palette.green('='),
    'not-done': palette.red(icons.fail),
    unknown: palette.yellow(icons.UNCHECKED),
  };
  const where = `${to === 'redis' ? 'Redis' : 'file'} ${palette.cyan(clean(at))}`;
  const why = step.phrase === undefined ? '' : ` (${spell(step.phrase, medium)})`;
  const line = `  ${signs[how]} ${palette.bold(clean(config))} → ${where}: ${outcomeInWords(how, task)}${why}`;
  return step.advice === undefined ? [line] : [line, `      → ${spell(step.advice, medium)}`];
}
