import type { Json, JsonObject } from '../../src/core/json.ts';
import type { State } from './state.ts';

export type Level = 'none' | 'read' | 'write';

/** What a token may do. */
export interface Permissions {
  readonly contents: Level;
  readonly issues: Level;
  readonly pull_requests: Level;
}

/** Whose token it is: of an app, whose login ends with `[bot]`, or of a user. */
export interface Identity {
  readonly login: string;
  readonly permissions: Permissions;
  /** May push to the repository; without, labels of new issues are dropped without a word. */
  readonly pushes: boolean;
}

/** What an answer is made from. */
export interface Exchange {
  readonly state: State;
  readonly identity: Identity;
  readonly parameters: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  readonly body: JsonObject;
  /** The origin that addresses in answers lead to. */
  readonly api: string;
  readonly repository: {
    readonly public: boolean;
    readonly issues: boolean;
    /** The folder of a git repository, whose branches and tags these are; absent where nothing was pushed yet. */
    readonly history?: string;
  };
  /** The custom media type that is asked for: `raw`, say; empty where none is. */
  readonly media: string;
}

export interface Answer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Json;
  /** In place of a body in JSON: what a custom media type stands for. */
  readonly plain?: Plain;
}

export interface Plain {
  /** Such as `application/vnd.github.raw`. */
  readonly type: string;
  readonly bytes: Uint8Array;
}

/** Ends an exchange with something else than was asked for. */
export class Refusal extends Error {
  readonly answer: Answer;

  constructor(status: number, message: string, more: JsonObject = {}, headers: Answer['headers'] = {}) {
    super(message);
    const about = { documentation_url: 'https://docs.github.com/rest', status: `${status}` };
    this.answer = { status, headers, body: { message, ...more, ...about } };
  }
}

/**
 * Refuses who may not. `named` is what GitHub names in the header; of these, `enough` says which count for the thing
 * at hand. Anyone may read what is public.
 */
export function demand(
  { identity, repository }: Exchange,
  level: 'read' | 'write',
  named: readonly (keyof Permissions)[],
  enough: readonly (keyof Permissions)[] = named,
): void {
  if (level === 'read' && repository.public) return;
  const allowed = enough.some((name) => {
    const has = identity.permissions[name];
    return has === 'write' || has === level;
  });
  if (allowed) return;
  const bearer = identity.login.endsWith('[bot]') ? 'integration' : 'personal access token';
  throw new Refusal(
    403,
    `Resource not accessible by ${bearer}`,
    {},
    {
      'X-Accepted-GitHub-Permissions': named.map((name) => `${name}=${level}`).join('; '),
    },
  );
}

/** Refuses a body that is longer than GitHub allows. It counts code points, as what it is written in does. */
export function limitBody(resource: 'Issue' | 'IssueComment', body: string): void {
  if ([...body].length <= 65_536) return;
  const said = 'ody is too long (maximum is 65536 characters)';
  const error: JsonObject =
    resource === 'Issue'
      ? { resource, code: 'custom', field: 'body', message: `b${said}` }
      : { resource, code: 'unprocessable', field: 'data', message: `B${said}` };
  throw new Refusal(422, 'Validation Failed', { errors: [error] });
}
