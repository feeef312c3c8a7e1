import type { Reason } from '../../core/finding.ts';
import { code, count, type Known, name, type Phrase, phrase, vouch } from '../../core/phrase.ts';
import { StoreFault } from '../../core/ports.ts';
import type { SignIn } from './sign-in.ts';

/** Whom a fault is about: the application, by its origin. */
export interface Asking {
  /** `https://host:port`. */
  readonly at: Known;
  readonly wayIn: SignIn['kind'];
}

/** A store that can't go on, in words. */
export function refusal(reason: Reason, said: Phrase, advice: Phrase): StoreFault {
  return new StoreFault({ reason, phrase: said, advice });
}

/** The application sends us elsewhere, where cookies and passwords have no business. `elsewhere` is an origin. */
export function ofStrayRedirect(elsewhere: string, { at }: Asking): StoreFault {
  return refusal(
    'unreadable',
    phrase`${code(at)} redirects to another origin, ${name(elsewhere)}, and that is not followed`,
    phrase`if the application moved, name its new URL; a sign-in at another host (single sign-on) can't be done here`,
  );
}

export function ofEndlessRedirects({ at }: Asking): StoreFault {
  return refusal(
    'unreadable',
    phrase`${code(at)} redirects from page to page without an end`,
    phrase`check the URL after ${code('endpoint:')}, and what a browser does with it`,
  );
}

/** The application takes us for a stranger. */
export function ofStranger({ at, wayIn }: Asking): StoreFault {
  const [said, advice] = strangers[wayIn];
  return refusal('unauthorized', phrase`${code(at)} ${said}`, advice);
}

const strangers: Readonly<Record<SignIn['kind'], readonly [said: Phrase, advice: Phrase]>> = {
  none: [
    phrase`wants somebody to sign in, and no way to was given`,
    phrase`give a user and a password, a magic link or a header; docs/endpoint.md shows each`,
  ],
  header: [
    phrase`doesn't take the header for a sign-in`,
    phrase`check its name and value; a session's cookie ends with the session`,
  ],
  form: [
    phrase`refuses the user or the password`,
    phrase`check both, and whether a browser can sign in with them`,
  ],
  'magic-link': [
    phrase`doesn't let the magic link in`,
    phrase`it may have expired, or been used: one that is single-use serves one run. Make another one`,
  ],
};

export function ofNoForm({ at }: Asking): StoreFault {
  return refusal(
    'unreadable',
    phrase`${code(at)} has no page to sign in at (${code('404')})`,
    phrase`check the URL after ${code('endpoint:')}: the page ${code('login')} is looked for beside ${code('api/verify_config_store')}`,
  );
}

export function ofForeignLink({ at }: Asking): StoreFault {
  return refusal(
    'unauthorized',
    phrase`the magic link doesn't lead to ${code(at)}`,
    phrase`give the link of this application, or only the token at its end`,
  );
}

export function ofUnsendableHeader(): StoreFault {
  return refusal(
    'unauthorized',
    phrase`the header to sign in with can't be sent`,
    phrase`look for a line break, another control character or one beyond Latin-1 in its name or value; headers of the connection itself, such as ${code('Expect')} or ${code('Transfer-Encoding')}, can't be given`,
  );
}

/** A status that is no answer to what was asked. */
export function ofStatus(status: number, { at, wayIn }: Asking): StoreFault {
  const shown = code(vouch(`${status}`));
  const log = phrase`look into the application's log`;
  switch (status) {
    case 400:
      return refusal(
        'unreadable',
        phrase`${code(at)} refuses the request (${shown})`,
        phrase`its CSRF check may have done so: the page ${code('/')} has to hold ${code('<meta name="csrf-token">')}; the application's log knows`,
      );
    case 401:
      return ofStranger({ at, wayIn });
    case 403:
      return refusal(
        'unauthorized',
        phrase`${code(at)} forbids to read the configs (${shown})`,
        phrase`look whether the user may see the dashboard, and whether a firewall or the CSRF check stands in the way`,
      );
    case 404:
    case 405:
      return refusal(
        'unreadable',
        phrase`${code(at)} verifies no configs at this path (${shown})`,
        phrase`check the URL after ${code('endpoint:')}; the path ends in ${code('/api/verify_config_store')}`,
      );
    case 429:
      return refusal(
        'unreachable',
        phrase`${code(at)} has been asked too often (${shown})`,
        phrase`let the job run again later, or raise ${code('timeout')}`,
      );
    case 500:
      return refusal(
        'unreadable',
        phrase`the application at ${code(at)} broke down over the request (${shown})`,
        log,
      );
    case 502:
    case 503:
    case 504:
      return refusal(
        'unreachable',
        phrase`the application behind ${code(at)} doesn't answer (${shown})`,
        phrase`look whether it runs; run again in a moment, or raise ${code('timeout')}`,
      );
    default:
      return refusal('unreadable', phrase`${code(at)} answers with the status ${shown}`, log);
  }
}

export function ofRedirect(status: number, { at }: Asking): StoreFault {
  return refusal(
    'unreadable',
    phrase`${code(at)} redirects the question for the configs to another path (${code(vouch(`${status}`))})`,
    phrase`give the whole URL of the API after ${code('endpoint:')}`,
  );
}

/** An answer that is not one of this API. */
export function ofGibberish(isPage: boolean, { at }: Asking): StoreFault {
  return refusal(
    'unreadable',
    isPage
      ? phrase`${code(at)} answers with a page instead of JSON`
      : phrase`the answer of ${code(at)} is not JSON of the kind that the application's verification gives`,
    phrase`check the URL after ${code('endpoint:')}; a proxy or a sign-in page may be in the way`,
  );
}

export function ofFlood(most: number, { at }: Asking): StoreFault {
  return refusal(
    'too-large',
    phrase`the answer of ${code(at)} has more than the ${count(most)} bytes that are read`,
    phrase`raise ${code('max-bytes')} if the configurations can be that large`,
  );
}
