import type { Json } from '../../core/json.ts';
import type { HistoryFault } from '../../core/ports.ts';
import { type Client, patientClient } from './client.ts';
import { type Failure, failureOf } from './faults.ts';
import type { Place } from './forge.ts';
import { historyFault, troubleOf, unexpected } from './history-faults.ts';

/** A repository on GitHub, and where the workspace is in it. */
export interface Source extends Place {
  /** The commit that the workspace is of. */
  readonly sha: string;
  /** The workspace's place in the repository: empty for its top. */
  readonly folder: string;
}

/** Bytes. A schema or a fallback of this size is none. */
export const LARGEST = 64 * 1024 ** 2;

export interface Reply {
  /** Bytes only where they were asked for. */
  readonly data: Json | Uint8Array;
  /** There are more pages. */
  readonly hasMore: boolean;
}

export interface Reading {
  /** Whether what is asked for is a file; GitHub may still describe something else in JSON. */
  readonly isFile?: boolean;
  /** Bytes that an answer may have; more is a failure with status 413. */
  readonly most?: number;
  /** Words failures; not given, they are worded as those of any request. */
  readonly words?: (failure: Failure) => HistoryFault;
}

type Request = (client: Client) => Promise<{
  readonly data: unknown;
  readonly headers: { readonly link?: string | undefined };
}>;

/**
 * Asks GitHub to tell something. Each question has the whole `timeout`: between two of them, others may have taken
 * their time. Throws `HistoryFault`.
 */
export async function ask(source: Source, request: Request, reading: Reading = {}): Promise<Reply> {
  const client = patientClient(source.token, source.api, source);
  const { most = LARGEST, isFile = false } = reading;
  client.hook.before('request', (options) => {
    options.request = { ...options.request, fetch: inFull(options.request?.fetch ?? fetch, most, isFile) };
  });
  try {
    const { data, headers } = await request(client);
    const hasMore = /\brel="next"/.test(headers.link ?? '');
    return { data: data instanceof ArrayBuffer ? new Uint8Array(data) : (data as Json), hasMore };
  } catch (error) {
    const failure = failureOf(error);
    throw reading.words?.(failure) ?? historyFault(troubleOf(failure, source));
  }
}

/** For an answer that lacks what GitHub's answers have. */
export function noSense(source: Source): HistoryFault {
  return historyFault(unexpected(source));
}

/**
 * Octokit takes what has come of a body that breaks off for all of it, and a file for text. So bodies are read before
 * it sees them, where the failure counts as one and the request is made again.
 */
function inFull(fetch: typeof globalThis.fetch, most: number, isFile: boolean): typeof globalThis.fetch {
  return async (url, init) => {
    const response = await fetch(url, init);
    const body = await bytesOf(response, most);
    if (body === undefined) return new Response(null, { status: 413 });
    const headers = new Headers([...response.headers]);
    // What isn't a file is described in JSON, and pages are not GitHub's.
    const isOther = /^(?:application\/json|text\/html)\b/i.test(headers.get('content-type') ?? '');
    if (isFile && response.ok && !isOther) headers.set('content-type', 'application/octet-stream');
    return new Response(body.length === 0 ? null : body, { status: response.status, headers });
  };
}

async function bytesOf({ body }: Response, most: number): Promise<Buffer<ArrayBuffer> | undefined> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of body ?? []) {
    size += chunk.length;
    if (size > most) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
