import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Json } from '../../src/core/json.ts';
import { type Asked, answerOf } from './answering.ts';
import type { Answer, Exchange, Identity, Permissions } from './exchange.ts';
import { Faults, Holds } from './faults.ts';
import { idOf } from './people.ts';
import { State } from './state.ts';

/** Whose token it is; without a word, that of a job of GitHub Actions that may read contents and write the rest. */
export interface TokenHolder {
  readonly login?: string;
  readonly permissions?: Partial<Permissions>;
  readonly pushes?: boolean;
}

export interface GitHubOptions {
  /** `owner/name`; `acme/mail` when not given. */
  readonly repository?: string;
  /** Whether anyone may read; false when not given. */
  readonly public?: boolean;
  /** Whether there are issues; true when not given. */
  readonly issues?: boolean;
  /** The folder of a git repository that has been pushed, and goes on to be; not given, nothing has. */
  readonly history?: string;
  readonly tokens?: Readonly<Record<string, TokenHolder>>;
  /** The clock: milliseconds since 1970. */
  readonly now?: () => number;
}

/** A request as it came, and how it went. */
export interface Logged {
  readonly method: string;
  /** Without the query, and with the repository's name even when its number was asked for. */
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  readonly headers: Readonly<Record<string, string>>;
  /** Parsed; the text when it isn't JSON; undefined when there is none. */
  readonly body: Json | undefined;
  /** Milliseconds since 1970, by this computer's clock. */
  readonly time: number;
  /** Whose token it came with. */
  readonly login: string | undefined;
  /** What was answered; undefined as long as nothing was. */
  readonly status: number | undefined;
}

/** A token of `github-actions[bot]` that is good everywhere, and may write. */
export const TOKEN = 'ghs_token_of_the_tests';

type Open<T> = { -readonly [Name in keyof T]: T[Name] };

/** Listens, lets requests wait or go wrong, and has the others answered. */
export class Service {
  readonly state: State;
  readonly faults = new Faults();
  readonly holds = new Holds();
  readonly requests: Open<Logged>[] = [];
  readonly violations: string[] = [];
  url = '';
  readonly #http = createServer((request, response) => {
    this.#serve(request, response).catch((error) => {
      response.destroy();
      // A client that leaves in the middle of its request is no fault of the test.
      if (request.complete) this.violations.push(`the server failed: ${error}`);
    });
  });
  readonly #tokens = new Map<string, Identity>();
  readonly #repository: Exchange['repository'];

  constructor({ repository = 'acme/mail', now = Date.now, tokens = {}, ...options }: GitHubOptions) {
    this.state = new State(repository, now);
    const { history } = options;
    this.#repository = {
      public: options.public ?? false,
      issues: options.issues ?? true,
      ...(history === undefined ? {} : { history }),
    };
    for (const [token, holder] of Object.entries({ [TOKEN]: {}, ...tokens })) this.addToken(token, holder);
  }

  addToken(
    token: string,
    { login = 'github-actions[bot]', permissions, pushes = true }: TokenHolder = {},
  ): void {
    const all: Permissions = { contents: 'read', issues: 'write', pull_requests: 'write' };
    this.#tokens.set(token, { login, pushes, permissions: { ...all, ...permissions } });
  }

  async listen(): Promise<void> {
    this.#http.listen(0, '127.0.0.1');
    await once(this.#http, 'listening');
    const address = this.#http.address();
    this.url = `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`;
  }

  async close(): Promise<void> {
    const closed = once(this.#http, 'close');
    this.#http.close();
    this.#http.closeAllConnections();
    await closed;
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '', this.url);
    const body = await text(request);
    const identity = this.#identityOf(request);
    const logged = {
      method: request.method ?? '',
      path: named(url.pathname, this.state.repository),
      query: Object.fromEntries(url.searchParams),
      headers: Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, `${value}`])),
      body: body === '' ? undefined : parsed(body),
      time: Date.now(),
      login: identity?.login,
      status: undefined,
    };
    this.requests.push(logged);
    await this.holds.pass(logged);
    const rule = this.faults.strike(logged);
    const { 'content-type': contentType, accept } = request.headers;
    const answer = () =>
      this.#answer({ ...logged, query: url.searchParams, contentType, accept, text: body, identity });
    if (rule === undefined) return this.#send(answer(), logged, response);
    const early = rule.apply === true ? answer() : undefined;
    if (rule.outcome === 'hang') return;
    if (rule.outcome === 'reset') return void request.socket.resetAndDestroy();
    if (!('delay' in rule.outcome)) return this.#send(rule.outcome, logged, response);
    await sleep(rule.outcome.delay, undefined, { ref: false });
    this.#send(early ?? answer(), logged, response);
  }

  #answer(asked: Asked): Answer {
    const answer = answerOf(asked, { state: this.state, api: this.url, repository: this.#repository });
    if ('status' in answer) return answer;
    const violation = `${asked.method} ${asked.path}: ${answer.join('; ')}`;
    this.violations.push(violation);
    return { status: 500, body: { message: `The tests' GitHub does not accept this: ${violation}` } };
  }

  #identityOf({ headers }: IncomingMessage): Identity | undefined {
    const token = /^(?:token|bearer) (.+)$/i.exec(headers.authorization ?? '')?.[1];
    return token === undefined ? undefined : this.#tokens.get(token);
  }

  #send({ status, headers = {}, body, plain }: Answer, logged: Open<Logged>, response: ServerResponse): void {
    logged.status = status;
    const reset = Math.ceil(Date.now() / 1000) + 3600;
    response.writeHead(status, {
      'X-GitHub-Request-Id': `TEST:${this.requests.indexOf(logged) + 1}`,
      'X-RateLimit-Limit': '1000',
      'X-RateLimit-Remaining': `${Math.max(0, 1000 - this.requests.length)}`,
      'X-RateLimit-Reset': `${reset}`,
      'X-RateLimit-Resource': 'core',
      ...(body === undefined ? {} : { 'Content-Type': contentTypeOf(body) }),
      ...(plain === undefined ? {} : { 'Content-Type': `${plain.type}; charset=utf-8` }),
      ...headers,
    });
    if (plain !== undefined) return void response.end(plain.bytes);
    response.end(typeof body === 'string' || body === undefined ? body : JSON.stringify(body));
  }
}

/** A text stands for a page, as proxies and an overloaded GitHub answer. */
function contentTypeOf(body: Json): string {
  return typeof body === 'string' ? 'text/html; charset=utf-8' : 'application/json; charset=utf-8';
}

/** The links of lists lead to a repository's number. */
function named(path: string, repository: string): string {
  return path.replace(`/repositories/${idOf(repository)}/`, `/repos/${repository}/`);
}

function parsed(body: string): Json {
  try {
    return JSON.parse(body);
  } catch {
    return body;
  }
}
