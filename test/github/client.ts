import type { Json } from '../../src/core/json.ts';
import type { TestGitHub } from './server.ts';

export interface Reply {
  readonly status: number;
  readonly headers: Headers;
  /** Null when there is none; the text when it isn't JSON. */
  readonly body: Json;
}

export interface Sent {
  readonly body?: Json;
  /** That of the tests when not given; null for none. */
  readonly token?: string | null;
  readonly type?: string;
  readonly accept?: string;
  readonly signal?: AbortSignal;
}

/** A request as any client makes it. `path` begins after the repository, unless it has an origin. */
export async function ask(github: TestGitHub, method: string, path: string, sent: Sent = {}): Promise<Reply> {
  const { token = github.token, type = 'application/json' } = sent;
  const response = await fetch(path.startsWith('http') ? path : `${github.url}/repos/acme/mail${path}`, {
    method,
    headers: {
      ...(token === null ? {} : { authorization: `token ${token}` }),
      ...(sent.body === undefined ? {} : { 'content-type': type }),
      ...(sent.accept === undefined ? {} : { accept: sent.accept }),
    },
    ...(sent.body === undefined ? {} : { body: JSON.stringify(sent.body) }),
    ...(sent.signal === undefined ? {} : { signal: sent.signal }),
  });
  const text = await response.text();
  const isJson = response.headers.get('content-type')?.startsWith('application/json') ?? false;
  const body = isJson ? JSON.parse(text) : text;
  return { status: response.status, headers: response.headers, body: text === '' ? null : body };
}
