import * as z from 'zod/mini';
import { type Compatibility, compatibilities } from '../core/evolution.ts';
import { code, type Phrase, phrase, vouch } from '../core/phrase.ts';
import { type Direction, directions } from '../core/plan.ts';
import { type Pointer, parsePointer } from '../core/pointer.ts';
import { type FailLevel, failLevels, type Part } from '../core/verdict.ts';

/** What a user may say about a run, whichever face it was said to; absent means the default. */
export interface Settings {
  readonly redis?: string;
  readonly store?: string;
  readonly configFile?: string;
  /** PEM, or the path of a file that holds it. */
  readonly tlsCa?: string;
  readonly tlsCert?: string;
  readonly tlsKey?: string;
  readonly tlsServername?: string;
  readonly snapshotPassphrase?: string;
  /** How to sign in at an endpoint: a header (`Name: value`), a form, or a link. */
  readonly endpointHeader?: string;
  readonly endpointUsername?: string;
  readonly endpointPassword?: string;
  readonly endpointMagicLink?: string;
  readonly keys: readonly string[];
  readonly prefix?: string;
  readonly schemas?: string;
  readonly fallbacks?: string;
  readonly raw: boolean;
  readonly failOn: ReadonlySet<FailLevel>;
  readonly allowUnchecked: boolean;
  /** Milliseconds. */
  readonly timeout: number;
  readonly maxBytes: number;
  readonly digestKey?: string;
  readonly mode: Mode;
  readonly comment: CommentPolicy;
  readonly commentMergeGroup: boolean;
  readonly issue: boolean;
  readonly environment: string;
  readonly label: string;
  readonly githubToken: string;
  readonly reportDir?: string;
  /** The report to post, or those to merge, one a line. */
  readonly report?: string;
  /** What the change under review started from; `none` when none is to be reviewed. */
  readonly base?: string;
  /** Where it ends; absent for the working tree. */
  readonly head?: string;
  readonly onlyNew: boolean;
  /** Which way schemas may change, whichever config they are of. */
  readonly compatibility?: Compatibility;
  /** Which part of the keys this run is about. */
  readonly shard?: Part;
  /** Which side is right. */
  readonly from: Direction;
  /** Places that may change; empty for all. */
  readonly only: readonly Pointer[];
  readonly includeSecrets: boolean;
  /** The file of a plan. */
  readonly plan: string;
  /** What was approved. */
  readonly planHash?: string;
  /** Milliseconds that a plan holds for. */
  readonly expires: number;
  readonly redisWriteUrl?: string;
  readonly backup?: string;
  readonly encrypt: boolean;
  /** Why something is written. */
  readonly reason?: string;
  /** Markdown log of what was written. */
  readonly record?: string;
  /** The same as JSON lines. */
  readonly audit?: string;
}

export const modes = ['verify', 'post', 'merge', 'plan', 'apply', 'undo'] as const;
export type Mode = (typeof modes)[number];

export const commentPolicies = ['always', 'changes', 'on-failure', 'never'] as const;
export type CommentPolicy = (typeof commentPolicies)[number];

export type SettingName = keyof Settings;

/** Settings that are secrets: they have no place on a command line, and are masked in logs. */
export const secretSettings = [
  'redis',
  'redisWriteUrl',
  'tlsKey',
  'digestKey',
  'githubToken',
  'snapshotPassphrase',
  'endpointHeader',
  'endpointPassword',
  'endpointMagicLink',
] as const satisfies readonly SettingName[];

/** Wrong input. It ends the run with exit code 2 and this sentence. */
export class UsageError extends Error {
  readonly said: Phrase;
  readonly advice: Phrase;
  /** What else is wrong: whoever mends one wants to mend the next too. */
  readonly others: readonly Phrase[];

  constructor(said: Phrase, advice: Phrase, others: readonly Phrase[] = []) {
    super('usage');
    this.said = said;
    this.advice = advice;
    this.others = others;
  }
}

const MILLISECONDS: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
};
const BYTES: Readonly<Record<string, number>> = { '': 1, b: 1, kb: 1e3, kib: 1024, mb: 1e6, mib: 1024 ** 2 };
/** Longer than any job may take, and still within what a timer can count. */
const LONGEST_TIMEOUT = 24 * 3_600_000;
/** Whoever plans for longer should look again. */
const LONGEST_PLAN = 30 * 24 * 3_600_000;
/** The largest value that Redis can hold. */
const LARGEST_VALUE = 512 * 1024 ** 2;

const text = z.string().check(z.trim());
const words = z.pipe(
  text,
  z.transform((list: string) => list.split(/[\s,]+/).filter((word) => word !== '')),
);

const Input = z.object({
  redis: z.optional(text),
  store: z.optional(text.check(z.regex(/^(snapshot|endpoint):./))),
  configFile: z.optional(text.check(z.minLength(1))),
  tlsCa: z.optional(text),
  tlsCert: z.optional(text),
  tlsKey: z.optional(text),
  tlsServername: z.optional(text),
  snapshotPassphrase: z.optional(z.string()),
  endpointHeader: z.optional(text.check(z.regex(/^[\w-]+:[^\p{Cc}]*$/u))),
  endpointUsername: z.optional(text),
  endpointPassword: z.optional(z.string()),
  endpointMagicLink: z.optional(text),
  keys: z._default(words, []),
  prefix: z.optional(z.string()),
  schemas: z.optional(text),
  fallbacks: z.optional(text),
  raw: z._default(flag(), false),
  failOn: z._default(z.pipe(words, z.transform(readFailOn)), new Set<FailLevel>(['invalid', 'breaking'])),
  allowUnchecked: z._default(flag(), false),
  timeout: z._default(quantity(MILLISECONDS, 's', LONGEST_TIMEOUT), 10_000),
  maxBytes: z._default(quantity(BYTES, '', LARGEST_VALUE), 8 * 1024 ** 2),
  digestKey: z.optional(z.string().check(z.minLength(16))),
  mode: z._default(word(modes), 'verify'),
  comment: z._default(word(commentPolicies), 'changes'),
  commentMergeGroup: z._default(flag(), false),
  issue: z._default(flag(), false),
  environment: z._default(name(), ''),
  label: z._default(name(), ''),
  githubToken: z._default(text, ''),
  reportDir: z.optional(text),
  report: z.optional(text),
  base: z.optional(ref()),
  head: z.optional(ref()),
  onlyNew: z._default(flag(), false),
  compatibility: z.optional(word(compatibilities)),
  shard: z.optional(shard()),
  from: z._default(word(directions), 'fallback'),
  only: z._default(pointers(), []),
  includeSecrets: z._default(flag(), false),
  plan: z._default(text.check(z.minLength(1)), 'plan.json'),
  planHash: z.optional(text.check(z.regex(/^sha256:[0-9a-f]{64}$/))),
  expires: z._default(quantity(MILLISECONDS, 's', LONGEST_PLAN), 3_600_000),
  redisWriteUrl: z.optional(text),
  backup: z.optional(text.check(z.minLength(1))),
  encrypt: z._default(flag(), false),
  reason: z.optional(text.check(z.minLength(1), z.maxLength(500))),
  record: z.optional(text.check(z.regex(/.\.md$/i))),
  audit: z.optional(text.check(z.regex(/.\.(jsonl|ndjson)$/i))),
});

/** Everything that may be said. */
export const settingNames = Object.keys(Input.shape) as SettingName[];

const wanted: Readonly<Record<SettingName, Phrase>> = {
  redis: phrase`a Redis URL`,
  store: phrase`${code('snapshot:FILE')} or ${code('endpoint:URL')}`,
  configFile: phrase`the path of a manifest`,
  tlsCa: phrase`a certificate, or the file that holds it`,
  tlsCert: phrase`a certificate, or the file that holds it`,
  tlsKey: phrase`a private key, or the file that holds it`,
  tlsServername: phrase`the name of a server`,
  snapshotPassphrase: phrase`a passphrase`,
  endpointHeader: phrase`a header such as ${code('Authorization: Bearer …')}`,
  endpointUsername: phrase`a name`,
  endpointPassword: phrase`a password`,
  endpointMagicLink: phrase`a link to sign in with`,
  keys: phrase`names of configs, with commas or spaces between them`,
  prefix: phrase`the text that every key begins with`,
  schemas: phrase`a folder`,
  fallbacks: phrase`a folder`,
  raw: phrase`${code('true')} or ${code('false')}`,
  failOn: phrase`some of ${code('invalid')}, ${code('breaking')}, ${code('drift')}, ${code('warning')}; or ${code('none')}`,
  allowUnchecked: phrase`${code('true')} or ${code('false')}`,
  timeout: phrase`a duration such as ${code('10s')}, ${code('500ms')} or ${code('2m')}, a day at most`,
  maxBytes: phrase`a size such as ${code('8MiB')} or ${code('500000')}, 512 MiB at most`,
  digestKey: phrase`16 characters or more`,
  mode: phrase`${code('verify')}, ${code('post')}, ${code('merge')}, ${code('plan')}, ${code('apply')} or ${code('undo')}`,
  comment: phrase`${code('always')}, ${code('changes')}, ${code('on-failure')} or ${code('never')}`,
  commentMergeGroup: phrase`${code('true')} or ${code('false')}`,
  issue: phrase`${code('true')} or ${code('false')}`,
  environment: phrase`a name on one line, 100 characters at most`,
  label: phrase`a name on one line, 100 characters at most`,
  githubToken: phrase`a token of GitHub`,
  reportDir: phrase`a folder`,
  report: phrase`the file of a JSON report`,
  base: phrase`a commit, branch or tag, such as ${code('origin/main')}; or ${code('none')}`,
  head: phrase`a commit, branch or tag`,
  onlyNew: phrase`${code('true')} or ${code('false')}`,
  shard: phrase`a part and the number of parts, such as ${code('1/4')}; 1000 parts at most`,
  compatibility: phrase`${code('backward')}, ${code('forward')}, ${code('full')} or ${code('none')}`,
  from: phrase`${code('fallback')}, ${code('redis')} or ${code('base-merge')}`,
  only: phrase`JSON Pointers such as ${code('/rules/0')}, each on a line of its own`,
  includeSecrets: phrase`${code('true')} or ${code('false')}`,
  plan: phrase`the file of a plan`,
  planHash: phrase`the hash of a plan, ${code('sha256:')} and all`,
  expires: phrase`a duration such as ${code('30m')}, ${code('4h')} or ${code('2d')}, 30 days at most`,
  redisWriteUrl: phrase`a Redis URL`,
  backup: phrase`the file of a backup`,
  encrypt: phrase`${code('true')} or ${code('false')}`,
  reason: phrase`a sentence of 500 characters at most`,
  record: phrase`a Markdown file, such as ${code('docs/config-log.md')}`,
  audit: phrase`a file for JSON lines, such as ${code('audit.jsonl')}`,
};

/**
 * Reads what a face was told. `spell` names a setting as the user of that face writes it (`--fail-on`, the input
 * `fail-on`, an environment variable).
 */
export function readSettings(
  given: Readonly<Partial<Record<SettingName, string>>>,
  spell: (setting: SettingName) => string,
): Settings {
  const parsed = Input.safeParse(given, { jitless: true });
  if (parsed.success) return withoutUndefined(parsed.data);
  const setting = parsed.error.issues[0]?.path[0] as SettingName;
  throw mistaken(spell(setting), wanted[setting]);
}

/** A duration in milliseconds, 0 included. `spelled` is what its option is called. */
export function readDuration(given: string, spelled: string): number {
  if (given.trim() === '0') return 0;
  const parsed = quantity(MILLISECONDS, 's', LONGEST_TIMEOUT).safeParse(given, { jitless: true });
  if (parsed.success) return parsed.data;
  throw mistaken(spelled, wanted.timeout);
}

/** A number of 1 and more. */
export function readCount(given: string, spelled: string): number {
  const parsed = z
    .pipe(text.check(z.regex(/^[1-9]\d{0,8}$/)), z.transform(Number))
    .safeParse(given, { jitless: true });
  if (parsed.success) return parsed.data;
  throw mistaken(spelled, phrase`a whole number, 1 at least`);
}

function mistaken(spelled: string, what: Phrase): UsageError {
  return new UsageError(phrase`${code(vouch(spelled))} isn't what was expected`, phrase`give it ${what}`);
}

function flag() {
  return z.pipe(
    text.check(z.toLowerCase(), z.regex(/^(true|false)$/)),
    z.transform((word: string) => word === 'true'),
  );
}

function word<const Words extends readonly string[]>(words: Words) {
  return z.pipe(text.check(z.toLowerCase()), z.enum(words));
}

/** What git takes for an option, or can't be in a name, is none. */
function ref() {
  return text.check(z.regex(/^[^\s\p{Cc}~^:?*[\\-][^\s\p{Cc}:?*[\\]{0,250}$/u));
}

/** One a line, because the names in them may hold anything else. */
function pointers() {
  return z.pipe(
    z.string(),
    z.transform((lines: string, context): readonly Pointer[] => {
      const parsed = lines
        .split(/\r?\n/)
        .filter((line) => line.trim() !== '')
        .map((line) => parsePointer(line.trim()));
      const known = parsed.filter((pointer) => pointer !== undefined);
      if (known.length === parsed.length) return known;
      context.issues.push({ code: 'custom', input: lines, message: 'no pointer' });
      return z.NEVER;
    }),
  );
}

function shard() {
  return z.pipe(
    text.check(z.regex(/^[1-9]\d{0,3}\/[1-9]\d{0,3}$/)),
    z.transform((words: string, context): Part => {
      const [index = 0, of = 0] = words.split('/').map(Number);
      if (index <= of && of <= 1000) return { index, of };
      context.issues.push({ code: 'custom', input: words, message: 'no such part' });
      return z.NEVER;
    }),
  );
}

function name() {
  return text.check(z.regex(/^[^\p{Cc}\p{Zl}\p{Zp}]{0,100}$/u));
}

function quantity(units: Readonly<Record<string, number>>, unit: string, largest: number) {
  return z.pipe(
    text.check(z.toLowerCase(), z.regex(/^\d{1,12}(\.\d{1,3})?\s*[a-z]*$/)),
    z.transform((words: string, context) => {
      const [, number = '', suffix = ''] = /^([\d.]+)\s*([a-z]*)$/.exec(words) ?? [];
      const amount = Math.round(Number(number) * (units[suffix === '' ? unit : suffix] ?? Number.NaN));
      if (amount >= 1 && amount <= largest) return amount;
      context.issues.push({ code: 'custom', input: words, message: 'out of range' });
      return z.NEVER;
    }),
  );
}

function readFailOn(levels: string[], context: { issues: unknown[] }): ReadonlySet<FailLevel> {
  if (levels.length === 1 && levels[0] === 'none') return new Set();
  const known = failLevels.filter((level) => levels.includes(level));
  if (levels.length === 0 || known.length !== new Set(levels).size) {
    context.issues.push({ code: 'custom', input: levels, message: 'unknown level' });
  }
  // Nobody who fails a run on drift means to let an invalid value pass.
  return new Set(['invalid', ...known]);
}

/** `exactOptionalPropertyTypes` tells a missing setting from one that is undefined; zod doesn't. */
function withoutUndefined(data: z.infer<typeof Input>): Settings {
  const entries = Object.entries(data).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries) as unknown as Settings;
}
