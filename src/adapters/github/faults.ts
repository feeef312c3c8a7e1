import { code, count, type Known, type Phrase, phrase, vouch } from '../../core/phrase.ts';
import { ForgeFault, type ForgeFaultKind } from '../../core/ports.ts';

/** What the token has to be granted for a request, as a workflow spells it. */
export type Permission = 'pull-requests: write' | 'issues: write';

/** What is known of a request that failed. GitHub's own messages are foreign text: they are looked at, not told. */
export interface Failure {
  /** HTTP status; absent when there was no answer. */
  readonly status?: number;
  readonly headers: Readonly<Record<string, string | number | undefined>>;
  readonly message: string;
  /** Of the connection: `ECONNRESET`, say. */
  readonly code?: string;
  readonly isOverdue: boolean;
}

/** Reads what the client throws. */
export function failureOf(error: unknown): Failure {
  const response = member(error, 'response');
  const status = response === undefined ? undefined : member(error, 'status');
  const causes = causesOf(error);
  const found = causes.map((cause) => member(cause, 'code')).find((each) => typeof each === 'string');
  const headers = member(response, 'headers');
  return {
    ...(typeof status === 'number' ? { status } : {}),
    headers: typeof headers === 'object' && headers !== null ? { ...headers } : {},
    message: error instanceof Error ? error.message : '',
    ...(found === undefined || !/^[A-Z][A-Z0-9_]{1,40}$/.test(found) ? {} : { code: found }),
    isOverdue: causes.some((cause) => ['TimeoutError', 'AbortError'].includes(String(member(cause, 'name')))),
  };
}

function causesOf(error: unknown, depth = 0): readonly unknown[] {
  const cause = member(error, 'cause');
  return cause === undefined || depth > 4 ? [error] : [error, ...causesOf(cause, depth + 1)];
}

function member(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null && name in value
    ? (value as Readonly<Record<string, unknown>>)[name]
    : undefined;
}

/** How long GitHub asks to be left alone, in milliseconds; undefined when it doesn't limit us. */
export function askedToWait({ status, headers, message }: Failure, now: number): number | undefined {
  if (status !== 403 && status !== 429) return undefined;
  const seconds = Number(headers['retry-after']);
  if (headers['retry-after'] !== undefined && seconds >= 0) return seconds * 1000;
  if (`${headers['x-ratelimit-remaining']}` === '0') {
    return Math.max(0, Number(headers['x-ratelimit-reset']) * 1000 - now) || 0;
  }
  // GitHub asks for a minute at least where it names no time.
  return status === 429 || /secondary rate limit|abuse detection/i.test(message) ? 60_000 : undefined;
}

/** Whether the request never came to be: asking again can't do anything twice. */
export function wasRefused(failure: Failure, now: number): boolean {
  const unheard = ['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'UND_ERR_CONNECT_TIMEOUT'];
  return askedToWait(failure, now) !== undefined || unheard.includes(failure.code ?? '');
}

/** Whether another attempt may succeed. */
export function mayPass(failure: Failure, now: number): boolean {
  const { status } = failure;
  return status === undefined || status >= 500 || status === 408 || askedToWait(failure, now) !== undefined;
}

export interface Circumstances {
  readonly permission: Permission;
  /** Host and port of the API. */
  readonly host: Known;
  /** Milliseconds that all requests together may take. */
  readonly timeout: number;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

/** Words a failure. */
export function faultOf(failure: Failure, circumstances: Circumstances): ForgeFault {
  const [kind, said, advice] = wording(failure, circumstances);
  return new ForgeFault(kind, said, advice);
}

type Wording = readonly [kind: ForgeFaultKind, said: Phrase, advice: Phrase];

function wording(failure: Failure, circumstances: Circumstances): Wording {
  const { status } = failure;
  const { permission, host, now } = circumstances;
  const wait = askedToWait(failure, now);
  if (wait !== undefined) return limited(wait, circumstances);
  if (status === undefined || status >= 500 || status === 408) return unanswered(failure, circumstances);
  switch (status) {
    case 401:
      return [
        'final',
        phrase`GitHub refuses the token (401)`,
        phrase`leave ${code('github-token')} away to use the job's own, or renew the one that you pass`,
      ];
    case 403:
      if (/\blocked\b/i.test(failure.message)) {
        return [
          'final',
          phrase`the conversation is locked (403)`,
          phrase`unlock it, or say ${code('comment: never')}`,
        ];
      }
      return [
        'final',
        phrase`the token lacks the permission ${code(permission)} (403)`,
        phrase`write ${code(permission)} under ${code('permissions:')} of the job, beside ${code('contents: read')}; runs for pull requests from forks and by Dependabot never get it: let a second workflow post, as docs/github.md shows`,
      ];
    case 404:
      return [
        'gone',
        phrase`GitHub knows no such repository, pull request or comment, or doesn't show it to this token (404)`,
        phrase`grant ${code(permission)} under ${code('permissions:')} of the job, beside ${code('contents: read')}; a token of your own needs access to this repository`,
      ];
    case 410:
      return [
        'final',
        phrase`issues are switched off in this repository (410)`,
        phrase`switch them on in the repository's settings, or take ${code('issue: true')} away`,
      ];
    case 413:
    case 422:
      return [
        status === 413 || /body is too long/i.test(failure.message) ? 'too-long' : 'final',
        phrase`GitHub refuses the text (${code(vouch(`${status}`))})`,
        phrase`read the report in the job summary; if it happens again, please report it`,
      ];
    default:
      return [
        'final',
        phrase`GitHub at ${code(host)} answers ${code(vouch(`${status}`))}`,
        phrase`look whether ${code('GITHUB_API_URL')} is GitHub's`,
      ];
  }
}

/** Seconds; more than that nobody has to know. */
const A_DAY = 86_400;

function limited(wait: number, { timeout }: Circumstances): Wording {
  const seconds = Math.min(Math.ceil(wait / 1000), A_DAY);
  return [
    'final',
    phrase`GitHub limits how often this token may ask, and wants to be left alone for ${count(seconds, 'second')}`,
    phrase`let the job run again later, or give ${code('timeout')} more than the ${code(vouch(inWords(timeout)))} it has`,
  ];
}

function unanswered({ status, code: name, isOverdue }: Failure, { host, timeout }: Circumstances): Wording {
  const advice = phrase`look at the status page of GitHub, and let the job run again`;
  if (status !== undefined)
    return ['uncertain', phrase`GitHub at ${code(host)} is in trouble (${code(vouch(`${status}`))})`, advice];
  if (isOverdue) {
    return [
      'uncertain',
      phrase`GitHub at ${code(host)} did not answer in ${code(vouch(inWords(timeout)))}`,
      advice,
    ];
  }
  return [
    'uncertain',
    name === undefined
      ? phrase`the connection to GitHub at ${code(host)} broke down`
      : phrase`the connection to GitHub at ${code(host)} broke down (${code(vouch(name))})`,
    phrase`check that the runner reaches it; a proxy stands in ${code('HTTPS_PROXY')}`,
  ];
}

function inWords(milliseconds: number): string {
  return milliseconds % 1000 === 0 ? `${milliseconds / 1000}s` : `${milliseconds}ms`;
}
