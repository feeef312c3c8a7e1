import * as z from 'zod/mini';
import { decodeBytes, decodeText } from '../../core/decode.ts';
import type { Json } from '../../core/json.ts';
import type { FlawKind } from '../../core/scanner.ts';

/**
 * What the application says of one config: its value as JSON text, as it stood in the answer, and its verdict; or why
 * that is not known. `empty` it shows no value, or an empty one; `unknown` it has no such config; `twice` and
 * `misshapen` the answer can't be relied on.
 */
export type Answer =
  | { readonly payload: string; readonly isValid: boolean; readonly message: string }
  | 'empty'
  | 'unknown'
  | 'twice'
  | 'misshapen';

/** What the application writes, or hands on, that is JSON for no strict reader: flaws of a config, not of the answer. */
const ofConfigs: readonly FlawKind[] = ['non-finite', 'unsafe-integer', 'number-overflow', 'duplicate-name'];

const Results = z.object({ results: z.array(z.unknown()) });
const Named = z.object({ key: z.string() });
const Result = z.object({
  valid: z.boolean(),
  message: z.string(),
  // In place of each payload stands its number.
  payload: z.optional(z.number()),
});
const Refusal = z.object({ allowed_keys: z.array(z.string()) });

/** Reads the answer 200 or 502, by name of the config; undefined when it isn't one of this API. */
export function readResults(body: Uint8Array): ReadonlyMap<string, Answer> | undefined {
  const { text, flaws } = decodeBytes(body);
  if (text === undefined || !flaws.every(({ kind }) => ofConfigs.includes(kind))) return undefined;
  const { skeleton, payloads } = withoutPayloads(text);
  const answer = Results.safeParse(soundJson(skeleton));
  if (!answer.success) return undefined;
  const answers = new Map<string, Answer>();
  for (const item of answer.data.results) {
    const named = Named.safeParse(item);
    if (!named.success) continue;
    const { key } = named.data;
    answers.set(key, answers.has(key) ? 'twice' : answerIn(item, payloads));
  }
  return answers;
}

function answerIn(item: unknown, payloads: readonly string[]): Answer {
  const result = Result.safeParse(item);
  if (!result.success) return 'misshapen';
  const { valid, message, payload: index } = result.data;
  const payload = index === undefined ? 'null' : payloads[index];
  if (payload === undefined) return 'misshapen';
  return isNothing(payload) ? 'empty' : { payload, isValid: valid, message };
}

/** What an application that swallows errors says of a config when it has none, or can't read it. */
function isNothing(payload: string): boolean {
  return /^(?:null|""|\{\s*\}|\[\s*\])$/.test(payload);
}

/** The names that the application knows, from its answer 400; undefined when it doesn't tell. */
export function readAllowed(body: Uint8Array): readonly string[] | undefined {
  const decoded = decodeBytes(body);
  const refusal = Refusal.safeParse(decoded.ok ? decoded.value : undefined);
  return refusal.success ? refusal.data.allowed_keys : undefined;
}

function soundJson(text: string): Json | undefined {
  const decoded = decodeText(text);
  return decoded.ok && decoded.flaws.length === 0 ? decoded.value : undefined;
}

interface Split {
  /** The text with a number in place of each payload. */
  readonly skeleton: string;
  readonly payloads: readonly string[];
}

/** Where a payload stands: answer, list of results, result. */
const DEPTH = 3;

/**
 * Takes the payloads out of the answer as text. The application writes `NaN` and integers that no reader keeps: they
 * are flaws of one config, to be found there, and shall not spoil the answer for the others.
 */
function withoutPayloads(text: string): Split {
  const payloads: string[] = [];
  let skeleton = '';
  let copied = 0;
  let depth = 0;
  let offset = 0;
  while (offset < text.length) {
    const character = text[offset];
    if (character === '"') {
      const end = stringEnd(text, offset);
      const start =
        depth === DEPTH && text.slice(offset, end) === '"payload"' ? valueStart(text, end) : undefined;
      offset = end;
      if (start !== undefined) {
        offset = valueEnd(text, start);
        skeleton += text.slice(copied, start) + payloads.length;
        payloads.push(text.slice(start, offset).trimEnd());
        copied = offset;
      }
      continue;
    }
    if (character === '{' || character === '[') depth += 1;
    if (character === '}' || character === ']') depth -= 1;
    offset += 1;
  }
  return { skeleton: skeleton + text.slice(copied), payloads };
}

/** Behind the quote that ends the string which begins here. */
function stringEnd(text: string, start: number): number {
  let offset = start + 1;
  while (offset < text.length && text[offset] !== '"') offset += text[offset] === '\\' ? 2 : 1;
  return Math.min(offset + 1, text.length);
}

/** Where the value of a member begins whose name ends here; undefined when no colon follows. */
function valueStart(text: string, nameEnd: number): number | undefined {
  const colon = spaceEnd(text, nameEnd);
  return text[colon] === ':' ? spaceEnd(text, colon + 1) : undefined;
}

function spaceEnd(text: string, start: number): number {
  let offset = start;
  while (offset < text.length && ' \t\n\r'.includes(text.charAt(offset))) offset += 1;
  return offset;
}

/** The comma or bracket behind the value that begins here. */
function valueEnd(text: string, start: number): number {
  let depth = 0;
  let offset = start;
  while (offset < text.length) {
    const character = text[offset];
    if (character === '"') {
      offset = stringEnd(text, offset);
      continue;
    }
    if (depth === 0 && (character === ',' || character === '}' || character === ']')) return offset;
    if (character === '{' || character === '[') depth += 1;
    if (character === '}' || character === ']') depth -= 1;
    offset += 1;
  }
  return offset;
}
