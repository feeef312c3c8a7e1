import { createHash } from 'node:crypto';
import { posix, win32 } from 'node:path';
import * as z from 'zod/mini';
import { decodeBytes, wordFlaw } from '../core/decode.ts';
import { isObject, type Json } from '../core/json.ts';
import { code, count, type Known, name, type Phrase, phrase } from '../core/phrase.ts';
import { printable } from '../core/plain.ts';
import { directions, keyTypes, leaveReasons, type Plan, type Step } from '../core/plan.ts';
import { formatPointer, parsePointer } from '../core/pointer.ts';
import { canonical } from '../core/redaction.ts';
import { isTimestamp } from '../core/summary.ts';

/** Bytes of a plan. */
const LARGEST = 16 * 1024 ** 2;
export const MOST_STEPS = 10_000;

/** UTF-8 has no half of a surrogate pair: two names that differ in one would be the same key. */
const Name = z.string().check(z.refine((text) => text !== '' && !/\p{Cs}/u.test(text)));

const PlainDigest = z.string().check(z.regex(/^sha256:[0-9a-f]{64}$/));
const KeyedDigest = z.string().check(z.regex(/^hmac-sha256:[0-9a-f]{64}$/));
const Base64 = z.string().check(z.regex(/^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/));
const Moment = z
  .string()
  .check(z.regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?Z$/), z.refine(isTimestamp));
/** Nothing that a git command could take for an option. */
const Commit = z.string().check(z.regex(/^(?:[0-9a-f]{40}|[0-9a-f]{64})$/));
const Path = Name.check(z.refine(staysInside));
const Pointer = z.string().check(z.refine((text) => parsePointer(text) !== undefined));

const weighed = { bytes: z.int().check(z.minimum(0)), digest: KeyedDigest };
const Weighed = z.strictObject(weighed);
const Nothing = z.strictObject({ type: z.literal('none') });

const RedisStep = z.strictObject({
  to: z.literal('redis'),
  config: Name,
  key: Name,
  before: z.union([
    Nothing,
    z.strictObject({
      ...weighed,
      type: z.enum(keyTypes),
      goesAt: z.nullable(Moment),
    }),
  ]),
  after: Weighed,
  base: z.nullable(Commit),
});

const FileStep = z.strictObject({
  to: z.literal('file'),
  config: Name,
  path: Path,
  before: z.union([Nothing, Weighed]),
  after: Weighed,
  base: z.nullable(Commit),
});

/** `schemas/plan.schema.json`, and what a schema can't say. */
const Document = z.strictObject({
  format: z.literal('redis-config-guardian/plan'),
  version: z.literal(1),
  hash: PlainDigest,
  createdAt: Moment,
  expiresAt: Moment,
  target: z.strictObject({
    url: Name,
    address: Name,
    database: z.int().check(z.minimum(0)),
    run: z.nullable(PlainDigest),
    replication: z.nullable(PlainDigest),
  }),
  direction: z.enum(directions),
  choice: z.strictObject({
    keys: z.array(Name),
    only: z.array(Pointer),
    base: z.nullable(Name),
    includeSecrets: z.boolean(),
  }),
  digests: z.strictObject({ isKeyed: z.boolean(), salt: Base64, check: KeyedDigest }),
  steps: z.array(z.discriminatedUnion('to', [RedisStep, FileStep])).check(z.maxLength(MOST_STEPS)),
  leftAlone: z.array(
    z.strictObject({
      config: Name,
      key: Name,
      why: z.enum(leaveReasons),
      place: Pointer,
    }),
  ),
});

export type ReadPlan =
  | { readonly ok: true; readonly plan: Plan }
  | { readonly ok: false; readonly said: Phrase; readonly advice: Phrase };

/** Gives a plan the hash of all the rest, by which it is approved. */
export function sealPlan(unsealed: Omit<Plan, 'hash'>): Plan {
  return { ...unsealed, hash: hashOf(unsealed as unknown as Json) };
}

/** The plan as a file; printed to a job's log, it commands nobody. */
export function planText(plan: Plan): string {
  return printable(plan);
}

/** Reads a plan that anyone may have written: it is whole and fits its format, or it is refused. */
export function readPlan(bytes: Uint8Array, path: Known): ReadPlan {
  if (bytes.length > LARGEST) return noPlan(path, phrase`it is larger than 16 MiB`);
  const decoded = decodeBytes(bytes);
  if (!decoded.ok || decoded.flaws.length > 0) return noPlan(path, wordFlaw(decoded.flaws[0]));
  const document = Document.safeParse(decoded.value);
  if (!document.success) {
    const place = formatPointer((document.error.issues[0]?.path ?? []).map(String));
    return noPlan(path, phrase`the mistake is at ${name(place === '' ? '/' : place.slice(0, 200))}`);
  }
  const plan: Plan = document.data;
  if (hashOf(decoded.value) !== plan.hash) {
    return refuse(phrase`the plan ${code(path)} was changed after it was made`);
  }
  const nonsense = nonsenseOf(plan);
  return nonsense === undefined ? { ok: true, plan } : noPlan(path, nonsense);
}

/** `now`: milliseconds since the epoch. */
export function isExpired({ expiresAt }: Plan, now: number): boolean {
  return now >= Date.parse(expiresAt);
}

/** Whether a path is relative, and has no way up out of the workspace. */
function staysInside(path: string): boolean {
  return !win32.isAbsolute(path) && !/[\\\0]/.test(path) && !path.split('/').includes('..');
}

/** Of a document, whatever members it has, but for the hash itself. */
function hashOf(document: Json): string {
  const rest = isObject(document)
    ? Object.fromEntries(Object.entries(document).filter(([member]) => member !== 'hash'))
    : document;
  return `sha256:${createHash('sha256').update(canonical(rest)).digest('hex')}`;
}

/** What every member may say by itself, but not together with the others. */
function nonsenseOf({ createdAt, expiresAt, direction, steps }: Plan): Phrase | undefined {
  if (Date.parse(expiresAt) < Date.parse(createdAt)) return phrase`it expires before it was made`;
  const seen = new Set<string>();
  for (const [index, step] of steps.entries()) {
    if (!goesAlong(step, direction)) {
      return phrase`its step ${count(index + 1)} goes against the direction ${code(direction)}`;
    }
    const place = placeOf(step);
    if (seen.has(`${step.to} ${place}`)) return phrase`two of its steps are for ${name(place)}`;
    seen.add(`${step.to} ${place}`);
  }
  return undefined;
}

function goesAlong({ to }: Step, direction: Plan['direction']): boolean {
  return direction === 'base-merge' || (direction === 'fallback') === (to === 'redis');
}

function placeOf(step: Step): string {
  return step.to === 'redis' ? step.key : posix.normalize(step.path);
}

function noPlan(path: Known, why: Phrase): ReadPlan {
  return refuse(phrase`the file ${code(path)} is no plan of version 1: ${why}`);
}

function refuse(said: Phrase): ReadPlan {
  return { ok: false, said, advice: phrase`make a new one: ${code('guardian reconcile plan')}` };
}
