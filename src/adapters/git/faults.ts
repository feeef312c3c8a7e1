import { code, count, joined, name, type Phrase, phrase, vouch } from '../../core/phrase.ts';
import { HistoryFault } from '../../core/ports.ts';
import type { Outcome } from './program.ts';

/** What went wrong with the history, and what to do about it. */
export interface Trouble {
  readonly said: Phrase;
  readonly advice: Phrase;
}

/** Thrown within this adapter, and by what has no other way to answer that nobody knows. */
export function faultOf({ said, advice }: Trouble): HistoryFault {
  return new HistoryFault(said, advice);
}

const WHOLE_HISTORY = phrase`let ${code('actions/checkout')} fetch the whole history: ${code('fetch-depth: 0')}`;

/** Words what kept git from answering. Its own words are foreign text: they are looked at, not told. */
export function troubleOf(outcome: Outcome, timeout: number): Trouble {
  if (outcome.kind === 'not-started') return notStarted(outcome.errno);
  if (outcome.kind === 'cut') {
    return outcome.by === 'time'
      ? {
          said: phrase`git did not answer within ${count(timeout)} ms`,
          advice: phrase`raise ${code('timeout')}`,
        }
      : {
          said: phrase`git answered more than the guardian reads`,
          advice: phrase`if the repository isn't unusually large, please report it`,
        };
  }
  const found = LOCAL.find(([pattern]) => pattern.test(outcome.stderr));
  return found?.[1] ?? unknown(outcome.code);
}

/** The same for a fetch, where the other side may be to blame. */
export function fetchTroubleOf(outcome: Outcome, timeout: number): Trouble {
  if (outcome.kind === 'cut' && outcome.by === 'time') {
    return {
      said: phrase`the missing history could not be fetched within ${count(timeout)} ms`,
      advice: phrase`${WHOLE_HISTORY}, or raise ${code('timeout')}`,
    };
  }
  if (outcome.kind !== 'ended') return troubleOf(outcome, timeout);
  const found = REMOTE.find(([pattern]) => pattern.test(outcome.stderr));
  if (found !== undefined) return { said: found[1], advice: WHOLE_HISTORY };
  const local = LOCAL.find(([pattern]) => pattern.test(outcome.stderr));
  const said = phrase`the missing history could not be fetched (git ended with ${count(outcome.code)})`;
  return local?.[1] ?? { said, advice: WHOLE_HISTORY };
}

function notStarted(errno: string): Trouble {
  return errno === 'ENOENT'
    ? {
        said: phrase`${code('git')} is not installed`,
        advice: phrase`install it before ${code('actions/checkout')} runs, which leaves the history out without it`,
      }
    : {
        said: phrase`${code('git')} can't be started (${code(vouch(/^[A-Z0-9_]{1,40}$/.test(errno) ? errno : 'unknown'))})`,
        advice: phrase`look whether the job may run it`,
      };
}

function unknown(exitCode: number): Trouble {
  return {
    said: phrase`git failed (it ended with ${count(exitCode)})`,
    advice: phrase`look whether ${code('git fsck')} finds the repository sound`,
  };
}

const LOCAL: readonly (readonly [RegExp, Trouble])[] = [
  [
    /dubious ownership/,
    {
      said: phrase`git refuses the checkout, because its folder belongs to another user`,
      advice: phrase`run ${code('git config --global --add safe.directory "$GITHUB_WORKSPACE"')} in a step before`,
    },
  ],
  [
    /not a git repository/,
    {
      said: phrase`the workspace is no git checkout`,
      advice: phrase`use ${code('actions/checkout')}, and install git before it runs: it leaves the history out without`,
    },
  ],
  [
    /cannot change to/,
    {
      said: phrase`the workspace is not there`,
      advice: phrase`look at the folder that the guardian is given`,
    },
  ],
  [
    /cannot use bare repository/,
    {
      said: phrase`the workspace is a bare repository, which has no files`,
      advice: phrase`check it out, or name the folder that it is checked out in`,
    },
  ],
  [
    /\.lock': File exists|shallow file has changed/,
    {
      said: phrase`another git is at work in the same checkout`,
      advice: phrase`run again when it is done; one that died leaves a ${code('.lock')} file behind`,
    },
  ],
  [
    /Read-only file system|insufficient permission|Permission denied|No space left/,
    {
      said: phrase`git can't write to the checkout`,
      advice: phrase`${WHOLE_HISTORY}, so that nothing has to be fetched; else look at permissions and free space`,
    },
  ],
  [
    /bad object|unable to read|corrupt|missing (?:blob|tree|commit)|not a tree object|invalid object|could not fetch/i,
    {
      said: phrase`the checkout lacks a part of its history`,
      advice: WHOLE_HISTORY,
    },
  ],
];

const REMOTE: readonly (readonly [RegExp, Phrase])[] = [
  [
    /not our ref|no such remote ref|couldn't find remote ref|unadvertised object/i,
    phrase`${code('origin')} has no such commit (any more), or doesn't hand it out`,
  ],
  [
    /'origin' does not appear|No such remote|no path specified|repository '.*' (?:not found|does not exist)|does not appear to be a git/i,
    phrase`the checkout has no repository ${code('origin')} to fetch from, or may not see it`,
  ],
  [
    /Authentication failed|could not read (?:Username|Password)|terminal prompts disabled|Permission denied \(|error: 40[13]|Host key verification/i,
    phrase`${code('origin')} refuses us: the credentials are gone, or lack the permission ${code('contents: read')}`,
  ],
  [
    /transport '.*' not allowed/,
    phrase`the address of ${code('origin')} is of a kind that the guardian doesn't use`,
  ],
  [
    /Could not resolve|Couldn't connect|Failed to connect|Connection (?:refused|timed out|reset)|unable to access|early EOF|hung up|Could not read from remote/i,
    phrase`${code('origin')} can't be reached`,
  ],
];

/** A name that git can't have given to anything, or that it would take for an option. */
export function noName(given: string): Trouble {
  return {
    said: phrase`${name(given)} is no name of a commit, a branch or a tag`,
    advice: phrase`name one, as in ${code('main')} or ${code('origin/main')}, or a commit by its digits`,
  };
}

/** Nothing has these names, or the commits are not here. */
export function noSuch(names: readonly string[], isShallow: boolean): Trouble {
  const all = joined(
    names.map((each) => name(each)),
    ' or ',
  );
  return isShallow
    ? { said: phrase`the clone is shallow and has no commit, branch or tag ${all}`, advice: WHOLE_HISTORY }
    : {
        said: phrase`there is no commit, branch or tag ${all}`,
        advice: phrase`check the spelling; what only ${code('origin')} has must be fetched first`,
      };
}

/** Neither here nor there. */
export function nowhere(names: readonly string[]): Trouble {
  const all = joined(
    names.map((each) => name(each)),
    ' or ',
  );
  return {
    said: phrase`neither the clone nor ${code('origin')} has a commit, branch or tag ${all}`,
    advice: phrase`check the spelling; where it counts back from a commit, as ${code('HEAD~1')} does, ${WHOLE_HISTORY}`,
  };
}

export function tooShallow(base: string, head: string): Trouble {
  return {
    said: phrase`the clone is shallow and doesn't reach back to where ${name(base)} and ${name(head)} part`,
    advice: WHOLE_HISTORY,
  };
}

/** All has been fetched, and it is still shallow. */
export function shallowOrigin(base: string, head: string): Trouble {
  return {
    said: phrase`${code('origin')} is itself shallow and doesn't reach back to where ${name(base)} and ${name(head)} part`,
    advice: phrase`clone from a repository that has the whole history`,
  };
}

export function unrelated(base: string, head: string): Trouble {
  return {
    said: phrase`${name(base)} and ${name(head)} have no history in common`,
    advice: phrase`compare with the branch that this one began on`,
  };
}

export const NOTHING_BEFORE: Trouble = {
  said: phrase`the branch is new: there is no commit before it to compare with`,
  advice: phrase`nothing has to be done; name a base to compare with another branch`,
};

export const GONE: Trouble = {
  said: phrase`the branch was deleted: there is no commit to look at`,
  advice: phrase`nothing has to be done; leave deletions out of what makes the workflow run`,
};

export const UNBORN: Trouble = {
  said: phrase`the branch has no commits yet`,
  advice: phrase`commit something`,
};
