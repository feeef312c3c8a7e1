import { spell } from '../core/phrase.ts';
import { cut } from '../core/plain.ts';
import type { Plan } from '../core/plan.ts';
import type { Account, Left, Outlook, PlannedChange, PlannedStep, StepOutcome } from '../core/proposal.ts';
import { linkRun } from '../core/sticky.ts';
import {
  fenced,
  footer,
  icons,
  inCode,
  LONGEST_NAME,
  type MarkdownOptions,
  medium,
  type Row,
  rowsWithin,
  type Section,
  shedTo,
  subject,
} from '../reporters/markdown.ts';
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
} from './plan-words.ts';

/** Items of a section that is open from the beginning. */
const SHORT = 10;
/** Differences of one step that a reader takes in, and what is left of them when there is no room. */
const PER_STEP = [20, 3] as const;

/**
 * A plan for a comment or a job's summary: what would change where, the hash that it is approved by, and each
 * difference. Details are shed before the table, so that the whole takes no more than so many bytes of UTF-8.
 * `origin`: what tells it from other plans, and the run that has the plan itself.
 */
export function planInMarkdown(
  plan: Plan,
  outlook: readonly Outlook[],
  limitBytes: number,
  origin: Pick<MarkdownOptions, 'identity' | 'run'> = {},
): string {
  const { steps, direction, target, expiresAt } = plan;
  const busy = outlook.filter((each) => !isIdle(each));
  const rows = [...busy, ...outlook.filter(isIdle)].flatMap(rowsOf);
  const isPartial = outlook.some(({ left }) => left.length > 0);
  const icon = isPartial ? icons.warning : steps.length === 0 ? icons.pass : '📝';
  const until =
    steps.length === 0
      ? 'There is nothing to apply.'
      : `Nothing is changed yet; it can be applied until ${momentInWords(expiresAt)}.`;
  const head = [
    `## ${icon} Redis Config Guardian plan: ${countsOf(outlook)}`,
    '',
    `${subject(target.url, origin.identity)} · ${directionInWords[direction]}<br>${until}`,
    '',
    ...table(['Config', 'What happens', 'Where'], rowsWithin(limitBytes / 2, rows)),
    ...(steps.length === 0 ? [] : approval(plan)),
  ].join('\n');
  const { run } = origin;
  const rest = run === undefined ? 'the log of the run' : `the log of ${linkRun(run, run.link)}`;
  return shedTo(head, busy.flatMap(sectionsOf), { limit: limitBytes, rest, end: footer(origin) });
}

/** What applying or undoing came to, for a comment or a job's summary, within so many bytes of UTF-8. */
export function resultInMarkdown(account: Account, task: Task, limitBytes: number): string {
  const result = resultOf(account);
  const icon = { good: icons.pass, 'not-ok': icons.warning, 'not-done': icons.fail }[result];
  const rows = byGravity(account).map((step) => outcomeRow(step, task));
  const found = statusesByGravity(account).map(({ config, status }) =>
    onlyBrief(row(icons[status], named(config), status, '')),
  );
  return [
    `## ${icon} Redis Config Guardian ${task}: ${outcomesInWords(account, task)}`,
    '',
    `${resultSentence(account, task)}. ${aftermath(account)}`,
    '',
    ...table(['Config', 'Where', 'What became of it'], rowsWithin(limitBytes / 2, rows)),
    ...(found.length === 0
      ? []
      : table(['Config', 'Status afterwards', ''], rowsWithin(limitBytes / 4, found))),
  ].join('\n');
}

function table(titles: readonly [string, string, string], rows: readonly string[]): readonly string[] {
  return rows.length === 0 ? [] : [`| | ${titles.join(' | ')} |`, '|---|---|---|---|', ...rows, ''];
}

function row(icon: string, ...cells: readonly [string, string, string]): string {
  return `| ${icon} | ${cells.join(' | ')} |`;
}

function onlyBrief(brief: string): Row {
  return { whole: brief, brief };
}

function named(name: string): string {
  return inCode(cut(name, LONGEST_NAME));
}

/** What the `plan-hash` of a job that applies has to be. */
function approval({ hash }: Plan): readonly string[] {
  return [
    '`apply` does exactly this, and nothing else, when it is given this hash as `plan-hash`:',
    '',
    ...fenced('text', hash.slice(0, LONGEST_NAME)),
    '',
  ];
}

function rowsOf(outlook: Outlook): readonly Row[] {
  const { config, key, steps, left } = outlook;
  const inRedis = `Redis ${named(key)}`;
  if (isIdle(outlook)) return [onlyBrief(row(icons.pass, named(config), 'nothing to do', inRedis))];
  const written = steps.map((planned) => {
    const what = `${whatHappens(planned.step)} (${counted(planned.changes.length, 'difference')})`;
    return onlyBrief(row('✏️', named(config), what, targetOf(planned, key)));
  });
  const [first] = left;
  if (first === undefined) return written;
  const why = [...new Set(left.map((each) => leftInWords[each.why]))].join(', ');
  const brief = `${left.length} left alone (${why})`;
  const more = left.length === 1 ? '' : ` <i>and ${left.length - 1} more</i>`;
  return [
    ...written,
    {
      whole: row(icons.warning, named(config), `${brief}<br>${told(first)}${more}`, inRedis),
      brief: row(icons.warning, named(config), brief, inRedis),
    },
  ];
}

function targetOf({ step }: PlannedStep, key: string): string {
  return step.to === 'redis' ? `→ Redis ${named(key)}` : `→ file ${named(step.path)}`;
}

function sectionsOf({ config, key, steps, left }: Outlook): readonly Section[] {
  const [many, few] = PER_STEP;
  const written = steps.map((planned): Section => {
    const summary = `✏️ ${named(config)} ${targetOf(planned, key)}`;
    return [many, few].map((most) => {
      const remarks = planned.remarks.map((remark) => `- ${icons.notice} ${spell(remark, medium)}`);
      const changes = planned.changes.map((change) => `- ${told(change)}`);
      return details(summary, [...remarks, ...firstOf(changes, most)]);
    });
  });
  if (left.length === 0) return written;
  const summary = `${icons.warning} ${named(config)}: ${left.length} left alone`;
  const items = left.map(itemOfLeft);
  return [...written, [many, few].map((most) => details(summary, firstOf(items, most)))];
}

function details(summary: string, items: readonly string[]): string {
  const open = items.length > SHORT ? '' : ' open';
  return [`<details${open}><summary>${summary}</summary>`, '', ...items, '', '</details>', ''].join('\n');
}

function firstOf(items: readonly string[], most: number): readonly string[] {
  const more = items.length - most;
  return more > 0 ? [...items.slice(0, most), `- … and ${more} more`] : items;
}

function itemOfLeft(left: Left): string {
  const todo = left.advice === undefined ? '' : `<br>→ ${spell(left.advice, medium)}`;
  return `- ${told(left)} <sub>${leftInWords[left.why]}</sub>${todo}`;
}

function told({ place, phrase }: PlannedChange): string {
  return `${place === '' ? '' : `${inCode(place)}: `}${spell(phrase, medium)}`;
}

const signs: Readonly<Record<StepOutcome['how'], string>> = {
  written: icons.pass,
  'already-done': icons.notice,
  'not-done': icons.fail,
  unknown: icons.UNCHECKED,
};

function outcomeRow({ config, to, at, how, phrase, advice }: StepOutcome, task: Task): Row {
  const where = `${to === 'redis' ? 'Redis' : 'file'} ${named(at)}`;
  const what = outcomeInWords(how, task);
  const why = phrase === undefined ? '' : `<br>${spell(phrase, medium)}`;
  const todo = advice === undefined ? '' : `<br>→ ${spell(advice, medium)}`;
  return {
    whole: row(signs[how], named(config), where, `${what}${why}${todo}`),
    brief: row(signs[how], named(config), where, what),
  };
}
