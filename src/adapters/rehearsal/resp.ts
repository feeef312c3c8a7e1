/** One request of a client, as far as it is told apart from others. */
export interface Request {
  /** Where it ends in the bytes. */
  readonly end: number;
  /** The first words, in lower case: a command, and what may be a subcommand. None when nothing is asked. */
  readonly words: readonly string[];
}

/** `wanted` bytes are there before it is worth another look. */
export type Parsed =
  | { readonly kind: 'request'; readonly request: Request }
  | { readonly kind: 'partial'; readonly wanted: number }
  | { readonly kind: 'nonsense' };

/** Words of a request that are looked at. */
const WORDS = 3;
/** Bytes of a word that are looked at: no command is longer. */
const MOST = 64;
/** Bytes of the shortest bulk string. */
const LEAST = '$0\r\n\r\n'.length;

const LF = 0x0a;
const STAR = 0x2a;

/** Reads the request that the bytes begin with: an array of bulk strings, or words in a line. */
export function parseRequest(bytes: Buffer): Parsed {
  const header = lineAt(bytes, 0);
  if (header === undefined) return { kind: 'partial', wanted: bytes.length + 1 };
  if (bytes[0] !== STAR) return inline(header);
  const items = lengthIn(header.text);
  if (items === undefined) return { kind: 'nonsense' };
  const words: string[] = [];
  let end = header.end;
  for (let index = 0; index < items; index += 1) {
    const line = lineAt(bytes, end);
    const rest = (items - index - 1) * LEAST;
    if (line === undefined)
      return { kind: 'partial', wanted: Math.max(bytes.length + 1, end + LEAST + rest) };
    const length = line.text.startsWith('$') ? lengthIn(line.text) : undefined;
    if (length === undefined || length < 0) return { kind: 'nonsense' };
    end = line.end + length + 2;
    if (bytes.length < end) return { kind: 'partial', wanted: end + rest };
    if (index < WORDS) words.push(word(bytes.subarray(line.end, Math.min(end - 2, line.end + MOST))));
  }
  return { kind: 'request', request: { end, words } };
}

function inline({ text, end }: Line): Parsed {
  const words = text.trim().split(/\s+/).slice(0, WORDS);
  return {
    kind: 'request',
    request: {
      end,
      words: words[0] === '' ? [] : words.map((quoted) => word(Buffer.from(quoted.replace(/["']/g, '')))),
    },
  };
}

interface Line {
  readonly text: string;
  /** Behind its end. */
  readonly end: number;
}

function lineAt(bytes: Buffer, start: number): Line | undefined {
  const end = bytes.indexOf(LF, start);
  return end < 0 ? undefined : { text: bytes.toString('latin1', start, end).trimEnd(), end: end + 1 };
}

/** The number behind the first character. */
function lengthIn(text: string): number | undefined {
  return /^.-?\d{1,10}$/.test(text) ? Number(text.slice(1)) : undefined;
}

function word(bytes: Buffer): string {
  return bytes.toString('latin1').toLowerCase();
}

/** `nil` is a null of any kind. */
export type Answer = 'error' | 'nil' | 'other';

/**
 * Follows the replies of a server, of RESP2 or RESP3, in whatever pieces they come: `onReply` hears of each as soon as
 * it is whole. Nothing of them is kept. What nobody asked for (pushes, attributes) is passed over.
 */
export function replyFollower(onReply: (answer: Answer) => void): (chunk: Buffer) => void {
  let line = '';
  /** Bytes of a bulk string that are still to come. */
  let skip = 0;
  /** Values that are still to come of this reply. */
  let left = 0;
  let answer: Answer | 'push' = 'other';
  const ended = () => {
    if (left === 0 && skip === 0 && answer !== 'push') onReply(answer);
  };
  const read = (header: string) => {
    const kind = header[0] ?? '';
    if (left === 0) {
      left = 1;
      answer = kind === '>' ? 'push' : answerOf(header);
    }
    const length = Math.max(0, lengthIn(header) ?? 0);
    if (kind === '|') {
      // It stands before the value that it is of, which is still to come.
      left += 2 * length;
      return;
    }
    left -= 1;
    if (kind === '*' || kind === '~' || kind === '>') left += length;
    else if (kind === '%') left += 2 * length;
    else if ((kind === '$' || kind === '=' || kind === '!') && !header.endsWith('-1')) skip = length + 2;
    ended();
  };
  return (chunk) => {
    let at = 0;
    while (at < chunk.length) {
      if (skip > 0) {
        const step = Math.min(skip, chunk.length - at);
        skip -= step;
        at += step;
        if (skip === 0) ended();
        continue;
      }
      const end = chunk.indexOf(LF, at);
      line += chunk.toString('latin1', at, end < 0 ? chunk.length : end);
      at = end < 0 ? chunk.length : end + 1;
      if (end < 0) continue;
      const header = line.trimEnd();
      line = '';
      read(header);
    }
  };
}

function answerOf(header: string): Answer {
  if (/^[-!]/.test(header)) return 'error';
  return /^(_|[*$]-1)/.test(header) ? 'nil' : 'other';
}
