import { githubForge } from '../adapters/github/forge.ts';
import { comment, type Draft, keepIssue, type Posting } from '../announce.ts';
import { countsInWords, isClean } from '../core/headline.ts';
import type { IssueLetter } from '../core/issue.ts';
import { code, type Phrase, phrase, vouch } from '../core/phrase.ts';
import { cut } from '../core/plain.ts';
import { type Forge, ForgeFault } from '../core/ports.ts';
import { type Identity, type Letter, linkRun, type Settlement, spellMark } from '../core/sticky.ts';
import type { Report } from '../core/verdict.ts';
import type { Shareable } from '../reporters/index.ts';
import { markdown } from '../reporters/markdown.ts';
import type { Occasion } from './occasion.ts';
import type { Settings } from './settings.ts';

/** By this label of the repository its issues are found again. */
export const ISSUE_LABEL = 'redis-config-guardian';

export interface Circumstances {
  readonly settings: Settings;
  readonly occasion: Occasion;
  /** `https://api.github.com`, say. */
  readonly api: string;
  /** How the report is worded elsewhere. */
  readonly extras: Shareable;
  readonly now: () => number;
}

/** What was done, to be said in the log. A warning has advice. */
export interface Deed {
  readonly what: 'comment' | 'issue';
  readonly said: Phrase;
  readonly advice?: Phrase;
  readonly link?: string;
}

/** Brings the comment of the pull request, or the issue, up to date. What fails is said and changes nothing else. */
export async function post(report: Report, circumstances: Circumstances): Promise<readonly Deed[]> {
  const { settings, occasion } = circumstances;
  const forge = forgeFor(circumstances);
  if (forge === undefined) return [withoutToken];
  const deeds: Deed[] = [];
  if (occasion.pullRequest !== undefined && settings.comment !== 'never') {
    deeds.push(await attempt('comment', () => postComment(report, circumstances, forge)));
  }
  if (settings.issue && occasion.isUnattended) {
    deeds.push(await attempt('issue', () => postIssue(report, circumstances, forge)));
  }
  return deeds;
}

const withoutToken: Deed = {
  what: 'comment',
  said: phrase`nothing was posted: ${code('github-token')} holds no token`,
  advice: phrase`leave the input away to use the job's own token`,
};

async function attempt(what: Deed['what'], act: () => Promise<Deed>): Promise<Deed> {
  try {
    return await act();
  } catch (error) {
    if (!(error instanceof ForgeFault)) throw error;
    const subject = what === 'comment' ? phrase`the comment` : phrase`the issue`;
    return {
      what,
      said: phrase`${subject} could not be brought up to date: ${error.said}; the verdict stands`,
      advice: error.advice,
    };
  }
}

/** A plan, to be told in a comment. */
export interface PlanToTell {
  /** Answers no more than so many bytes of UTF-8. */
  readonly write: (limit: number) => string;
  /** Both sides agree. */
  readonly isEmpty: boolean;
  readonly exitCode: 0 | 1 | 2;
}

/** Brings the comment that tells of a plan up to date; it stands beside the one that tells of a verification. */
export async function postPlan(
  { write, isEmpty, exitCode }: PlanToTell,
  circumstances: Omit<Circumstances, 'extras'>,
): Promise<readonly Deed[]> {
  const { settings, occasion } = circumstances;
  const forge = forgeFor(circumstances);
  if (forge === undefined) return [withoutToken];
  if (occasion.pullRequest === undefined || settings.comment === 'never') return [];
  const { environment, label } = settings;
  const identity = { environment, label, about: 'plan' } as const;
  const mark = spellMark(identity, occasion.run);
  const draft: Draft<Letter> = (limit) => ({
    identity,
    run: occasion.run,
    body: `${mark}\n${write(limit - mark.length - 1)}`,
  });
  const opens = opening({ isQuiet: isEmpty, isFailure: exitCode !== 0 })[settings.comment];
  return [await attempt('comment', () => postLetter(draft, opens, occasion, forge))];
}

/** What can't stand in a header is no token. */
function forgeFor({ settings, occasion, api, now }: Omit<Circumstances, 'extras'>): Forge | undefined {
  const { githubToken: token, timeout } = settings;
  if (!/^[\x21-\x7e]+$/.test(token)) return undefined;
  return githubForge({ ...occasion.repository, api, token, timeout, now });
}

function postComment(report: Report, circumstances: Circumstances, forge: Forge): Promise<Deed> {
  const { settings, occasion } = circumstances;
  const opens = opening({ isQuiet: isClean(report), isFailure: report.verdict !== 'pass' });
  return postLetter(drafting(report, circumstances), opens[settings.comment], occasion, forge);
}

/** By `comment`, whether a first one is posted. */
function opening({ isQuiet, isFailure }: { readonly isQuiet: boolean; readonly isFailure: boolean }) {
  return { always: true, changes: !isQuiet, 'on-failure': isFailure, never: false };
}

async function postLetter(
  draft: Draft<Letter>,
  opens: boolean,
  { pullRequest }: Occasion,
  forge: Forge,
): Promise<Deed> {
  const [thread, ...others] = await numbersOf(pullRequest, forge);
  if (thread === undefined || others.length > 0) {
    const which =
      thread === undefined ? phrase`no open pull request has` : phrase`several pull requests have`;
    return { what: 'comment', said: phrase`nothing was posted: ${which} this commit as head` };
  }
  return deed('comment', await comment(thread, draft, opens, forge));
}

/** Of a run that was followed, GitHub may name the pull requests itself; those of forks it doesn't. */
async function numbersOf(about: Occasion['pullRequest'], forge: Forge): Promise<readonly number[]> {
  if (about === undefined) return [];
  if (typeof about === 'number') return [about];
  const numbers = await forge.pullRequestsOf(about);
  return about.named.length === 0 ? numbers : numbers.filter((number) => about.named.includes(number));
}

async function postIssue(report: Report, circumstances: Circumstances, forge: Forge): Promise<Deed> {
  const { settings, occasion } = circumstances;
  const { INVALID, DRIFT } = report.counts;
  const isTrouble = report.verdict === 'fail' || INVALID + DRIFT > 0;
  const draft = drafting(report, circumstances);
  const written: Draft<IssueLetter> = (limit) => ({
    ...draft(limit),
    condition: isClean(report) ? 'well' : isTrouble ? 'trouble' : 'unsure',
    title: `${cut(['Redis Config Guardian', ...named(settings)].join(' · '), LONGEST_TITLE)}: ${countsInWords(report)}`,
    farewell: `✅ All is well again, says ${linkRun(occasion.log, occasion.log.link)}.`,
  });
  return deed('issue', await keepIssue(ISSUE_LABEL, written, forge));
}

/** Characters; GitHub takes 256, and the counts come behind. */
const LONGEST_TITLE = 150;

function named({ environment, label }: Identity): readonly string[] {
  return [environment, label].filter((name) => name !== '');
}

/** The letter of this run, cut to so many bytes. */
function drafting(report: Report, { settings, occasion, extras }: Circumstances): Draft<Letter> {
  const { environment, label } = settings;
  const identity = { environment, label };
  const mark = spellMark(identity, occasion.run);
  return (limit) => ({
    identity,
    run: occasion.run,
    body: `${mark}\n${markdown(report, { ...extras, limit: limit - mark.length - 1, run: occasion.log })}`,
  });
}

const words: Readonly<Record<Settlement, Phrase>> = {
  new: phrase`posted`,
  changed: phrase`brought up to date`,
  rival: phrase`brought up to date`,
  unchanged: phrase`says so already`,
  outdated: phrase`left as a later run wrote it`,
  unneeded: phrase`not needed: there is nothing to tell`,
};

function deed(what: Deed['what'], { settlement, link, isLost }: Posting): Deed {
  const said = phrase`${code(vouch(what))}: ${words[settlement]}`;
  const advice = isLost === true ? unlabelled : settlement === 'rival' ? rivalry : undefined;
  return {
    what,
    said,
    ...(link === undefined ? {} : { link }),
    ...(advice === undefined ? {} : { advice }),
  };
}

const rivalry = phrase`another job of this run wrote something else there: give each its own ${code('label')} or ${code('environment')}`;

const unlabelled = phrase`the token may not set the label ${code(ISSUE_LABEL)}, by which the next run would find it: use a token that may, or set it by hand`;
