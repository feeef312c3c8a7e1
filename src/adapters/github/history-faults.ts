import { code, joined, name, type Phrase, phrase, vouch } from '../../core/phrase.ts';
import { HistoryFault } from '../../core/ports.ts';
import { askedToWait, type Failure, faultOf } from './faults.ts';
import type { Place } from './forge.ts';

/** What went wrong with the history, and what to do about it. */
export interface Trouble {
  readonly said: Phrase;
  readonly advice: Phrase;
}

const READABLE = phrase`write ${code('contents: read')} under ${code('permissions:')} of the job; a token of your own needs access to this repository`;
const WHOLE_HISTORY = phrase`let ${code('actions/checkout')} fetch the whole history: ${code('fetch-depth: 0')}`;

export function historyFault({ said, advice }: Trouble): HistoryFault {
  return new HistoryFault(said, advice);
}

/** Words a failure of what only reads. The rest fails as it does where something is posted. */
export function troubleOf(failure: Failure, { api, timeout, now }: Place): Trouble {
  const isLimited = askedToWait(failure, now()) !== undefined;
  switch (isLimited ? undefined : failure.status) {
    case 403:
      return {
        said: phrase`the token lacks the permission ${code('contents: read')} (403)`,
        advice: READABLE,
      };
    case 404:
    case 422:
      return {
        said: phrase`GitHub knows no such repository or commit, or doesn't show it to this token (${code(vouch(`${failure.status}`))})`,
        advice: phrase`${READABLE}; a commit is gone for good some time after a force push`,
      };
    case 409:
      return { said: phrase`the repository on GitHub is empty (409)`, advice: phrase`push something to it` };
    default: {
      const host = vouch(new URL(api).host);
      // None of the wordings that are left names the permission.
      return faultOf(failure, { permission: 'issues: write', host, timeout, now: now() });
    }
  }
}

/** The same for what asks for names that people gave. */
export function troubleWithNames(failure: Failure, names: readonly string[], place: Place): Trouble {
  if (failure.status !== 404 && failure.status !== 422) return troubleOf(failure, place);
  if (/no common ancestor/i.test(failure.message)) {
    return {
      said: phrase`${either(names, ' or ')} have no history in common`,
      advice: phrase`compare with the branch that this one began on`,
    };
  }
  return {
    said: phrase`GitHub knows no commit, branch or tag ${either(names, ' or ')}, or doesn't show it to this token (${code(vouch(`${failure.status}`))})`,
    advice: phrase`check the spelling, and ${READABLE}`,
  };
}

function either(names: readonly string[], separator: ' or '): Phrase {
  return joined(
    [...new Set(names)].map((each) => name(each)),
    separator,
  );
}

/** A name that nothing can have, or that GitHub would take for something else: a branch of a fork, say. */
export function noName(given: string): Trouble {
  return {
    said: phrase`${name(given)} is no name of a commit, a branch or a tag`,
    advice: phrase`name one, as in ${code('main')} or ${code('origin/main')}, or a commit by its digits`,
  };
}

/** Something answered, and it wasn't what GitHub answers. */
export function unexpected({ api }: Pick<Place, 'api'>): Trouble {
  return {
    said: phrase`${code(vouch(new URL(api).host))} answers what GitHub doesn't`,
    advice: phrase`look whether ${code('GITHUB_API_URL')} is GitHub's, and whether a proxy is in between`,
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

export const TOO_MANY_FILES: Trouble = {
  said: phrase`the change has 300 files or more, and GitHub lists no others: nobody can tell what was renamed`,
  advice: WHOLE_HISTORY,
};

export const NOT_BEFORE: Trouble = {
  said: phrase`the workspace does not continue the commit that the change began at: nobody can tell what was renamed`,
  advice: WHOLE_HISTORY,
};

export const OUTSIDE: Trouble = {
  said: phrase`the file is outside the repository`,
  advice: phrase`name a file of the repository`,
};
