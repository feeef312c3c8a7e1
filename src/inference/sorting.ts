import { wordFlaw } from '../core/decode.ts';
import type { Encoding, Observation } from '../core/evidence.ts';
import { decodeObservation } from '../core/fields.ts';
import { isObject, type Json, type JsonObject } from '../core/json.ts';
import { code, count, name, type Phrase, phrase } from '../core/phrase.ts';
import type { Candidate } from './grouping.ts';
import { wordsOf } from './secret-words.ts';
import { segmentsOf } from './segments.ts';

/** A key whose value may be a config. */
export interface Config extends Candidate {
  readonly value: JsonObject;
  /** How long it is as it is stored. */
  readonly bytes: number;
  /** Of a hash whose values are JSON, and not all of them text: what it is when they are read. */
  readonly parsed?: JsonObject;
}

export type Sorted =
  | { readonly kind: 'config'; readonly config: Config }
  /** The reason completes a sentence whose subject is the key. */
  | { readonly kind: 'other'; readonly reason: Phrase };

/** Bytes: nobody configures more by hand. */
const LARGEST = 256 * 1024;

/** Levels: a schema has two for each, and is read down to 512. */
const DEEPEST = 250;

/** Words for keys that come and go. */
const passing = [
  'cache',
  'session',
  'sess',
  'lock',
  'queue',
  'job',
  'task',
  'tmp',
  'temp',
  'ratelimit',
  'celery',
  'kombu',
  'bull',
  'sidekiq',
  'resque',
  'rq',
  'unacked',
  'dedup',
];
/** `queue_config` is a config all the same. */
const lasting = [
  'config',
  'conf',
  'setting',
  'pref',
  'preference',
  'flag',
  'feature',
  'rule',
  'option',
  'policy',
  'limit',
];

/** What a key is, by its name and by what was found when it was read in the encoding. */
export function sorted(key: string, observation: Observation, encoding: Encoding): Sorted {
  if (isPassing(key)) return other(phrase`is called like a cache, a queue, a session or a lock`);
  if (observation.kind === 'unreadable') return other(phrase`could not be read: ${observation.fault.phrase}`);
  if (observation.kind === 'wrong-type') return other(phrase`holds a Redis ${name(observation.type)}`);
  if (observation.kind !== 'present' && observation.kind !== 'fields') return other(phrase`is gone`);
  if (observation.ttl !== undefined) return other(phrase`expires`);
  const bytes = sizeOf(observation);
  if (bytes > LARGEST) return other(phrase`is larger than 256 KiB`);
  const decoded = decodeObservation(observation, encoding);
  const [flaw] = decoded?.flaws ?? [];
  if (decoded?.ok !== true || flaw !== undefined) return other(phrase`cannot be used: ${wordFlaw(flaw)}`);
  const { value } = decoded;
  if (!isObject(value)) return other(phrase`holds JSON that is no ${code('object')}`);
  const parsed = observation.kind === 'fields' ? parsedHash(observation) : undefined;
  if (depthOf(parsed ?? value) > DEEPEST)
    return other(phrase`is nested more than ${count(DEEPEST, 'level')} deep`);
  const config = { key, kind: encoding, names: new Set(Object.keys(value)), value, bytes };
  return { kind: 'config', config: parsed === undefined ? config : { ...config, parsed } };
}

function other(reason: Phrase): Sorted {
  return { kind: 'other', reason };
}

function isPassing(key: string): boolean {
  const words = segmentsOf(key).flatMap(wordsOf);
  return words.some((word) => passing.includes(word)) && !words.some((word) => lasting.includes(word));
}

type Held = Extract<Observation, { readonly kind: 'present' | 'fields' }>;

function sizeOf(held: Held): number {
  if (held.kind === 'present') return held.bytes.length;
  return held.fields.reduce((sum, field) => sum + field.name.length + field.value.length, 0);
}

/** Objects and arrays within one another. It recurses, which the depth limit of decoded documents makes safe. */
function depthOf(value: Json): number {
  if (typeof value !== 'object' || value === null) return 0;
  return 1 + Object.values(value).reduce<number>((most, inner: Json) => Math.max(most, depthOf(inner)), 0);
}

/** Undefined where reading the values adds nothing, or fails. */
function parsedHash(observation: Held): JsonObject | undefined {
  const decoded = decodeObservation(observation, 'hash-json');
  if (decoded?.ok !== true || decoded.flaws.length > 0 || !isObject(decoded.value)) return undefined;
  return Object.values(decoded.value).some((value) => typeof value !== 'string') ? decoded.value : undefined;
}
