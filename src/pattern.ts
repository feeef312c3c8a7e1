import { isOutOfStep } from './core/divergence.ts';
import {
  type Evidence,
  type Fault,
  type FileEvidence,
  type Observation,
  pathOf,
  type SchemaEvidence,
} from './core/evidence.ts';
import type { Finding } from './core/finding.ts';
import { folderOf, keyOfFile, type PatternSpec, specOf } from './core/key-pattern.ts';
import { code, type Known, phrase, vouch } from './core/phrase.ts';
import { type Files, type FoundKey, type SchemaCompiler, StoreFault } from './core/ports.ts';
import { type Digest, type Redactor, redactor } from './core/redaction.ts';
import { ruled } from './core/ruling.ts';
import type { ServerEvidence } from './core/server.ts';
import { tally } from './core/tally.ts';
import { type Examined, statusOf } from './core/verdict.ts';
import { examineOne, mayHoldSecrets } from './examine.ts';
import { audited, gatherFound, readShared, type SharedFiles, type Sources } from './gather.ts';
import type { Historian, PastPorts } from './past.ts';

/** Keys of a pattern whose history is looked up: each takes a while, and they are alike. */
const MOST_REMEMBERED = 20;
/** Keys of a pattern for which the base of a change is looked up. */
const MOST_RECALLED = 500;
/** Secrets that are kept for masking. */
const MOST_SECRETS = 2000;

export interface Circumstances {
  readonly now: number;
  readonly isOurs: (key: string) => boolean;
  readonly server: Server;
  readonly history: Historian;
  readonly onProgress: Progress;
}

/** What the server tells of itself, when somebody has asked. */
export interface Server {
  known(): ServerEvidence | undefined;
  ask(): Promise<ServerEvidence>;
}

/** Told after each batch how many keys of a config have been read. */
export type Progress = (config: Known, read: number) => void;

export type PatternPorts = Sources & PastPorts & { readonly digest: Digest };

export interface ExaminedPattern {
  readonly examined: Examined;
  readonly secrets: ReadonlySet<string>;
  /** Whether any of the keys has a time to live. */
  readonly expires: boolean;
}

/** Every key of a pattern, batch by batch: what was found is counted and let go. */
export async function examinePattern(
  rule: PatternSpec,
  circumstances: Circumstances,
  ports: PatternPorts,
): Promise<ExaminedPattern> {
  const { template } = rule;
  const { now, isOurs } = circumstances;
  const { cases = [], ...shared } = await readShared(template, ports);
  const { waiting, faults } = await fallbacksOf(rule, ports.files);
  const told = teller(rule, ports);
  let matching = 0;
  const isThere = (key: string) => {
    matching += 1;
    for (const path of filesOf(rule, key)) waiting.delete(path);
  };
  const isAsked = (key: string) => {
    if (isOurs(key)) return true;
    isThere(key);
    return false;
  };
  const broken = ports.store.isUnasked
    ? undefined
    : await attempt(async () => {
        for await (const found of foundKeys(rule, { ...circumstances, isOurs: isAsked }, shared, ports)) {
          // One that was named and then went is not there.
          for (const { spec } of found) isThere(spec.storedKey);
          told.add(found);
        }
      });
  const rest = [...faults, ...(broken === undefined ? [] : [broken])].map((fault) =>
    unchecked(fault, template.name),
  );
  // What a broken scan didn't come to isn't missing.
  if (broken === undefined) {
    const isNone = matching === 0 && waiting.size === 0 && !ports.store.isUnasked;
    const isMissing = isNone || (waiting.size > 0 && !ports.store.isUnasked);
    if (template.required && isMissing) await circumstances.server.ask();
    const orphans = [...waiting].filter(([path]) => isOurs(path));
    const found = orphans.map(([path, key]) => withoutValue(rule, path, key, ports));
    const gathered = await gatherFound(found, shared, now, ports.files);
    const past = pastOf(rule, circumstances, ports);
    told.add(await past(audited(gathered, circumstances.server.known())));
    if (template.required && isNone) rest.push(...ruled([noKey(rule)], template, now));
  }
  const ofFiles = await aboutFiles(rule, { ...shared, cases }, circumstances, ports);
  // What keys tell of schema and server, they have told.
  const isTold = matching > 0 || (broken === undefined && waiting.size > 0);
  rest.push(...(!isTold ? ofFiles : ofFiles.filter(({ check }) => check === 'cases')));
  return {
    secrets: told.secrets,
    expires: told.expires(),
    examined: { ...examinedOf(rule, shared), ...told.all(rest) },
  };
}

/**
 * All that is known of each key, those included that only a fallback waits for. Throws a `StoreFault` when they can't all
 * be found.
 */
export async function everyKey(
  rule: PatternSpec,
  now: number,
  ports: PatternPorts,
): Promise<readonly Evidence[]> {
  const { cases: _cases, ...shared } = await readShared(rule.template, ports);
  const { waiting, faults } = await fallbacksOf(rule, ports.files);
  const [fault] = faults;
  if (fault !== undefined) throw new StoreFault(fault);
  const { pattern, template, limit } = rule;
  const every: Evidence[] = [];
  const request = { pattern, encoding: template.encoding, isOurs: () => true, most: limit };
  for await (const batch of ports.store.scan(request)) {
    const found = batch.map((key) => named(key, rule, ports));
    for (const { key } of batch) for (const path of filesOf(rule, key)) waiting.delete(path);
    every.push(...(await gatherFound(found, shared, now, ports.files)));
  }
  const orphans = [...waiting].map(([path, key]) => withoutValue(rule, path, key, ports));
  return [...every, ...(await gatherFound(orphans, shared, now, ports.files))];
}

/** All that is known of each key, batch by batch. */
async function* foundKeys(
  rule: PatternSpec,
  { now, isOurs, server, history, onProgress }: Circumstances,
  shared: SharedFiles,
  ports: PatternPorts,
): AsyncGenerator<readonly Evidence[]> {
  const { pattern, template, limit } = rule;
  let read = 0;
  const past = pastOf(rule, { history }, ports);
  for await (const batch of ports.store.scan({ pattern, encoding: template.encoding, isOurs, most: limit })) {
    const found = batch.map((key) => named(key, rule, ports));
    const known = audited(await gatherFound(found, shared, now, ports.files), server.known());
    yield await past(known);
    read += batch.length;
    onProgress(template.name, read);
  }
}

/** Adds the past to evidence, batch by batch: to as much of it as anyone waits for. */
function pastOf(
  { template }: PatternSpec,
  { history }: Pick<Circumstances, 'history'>,
  { change }: PatternPorts,
): (evidence: readonly Evidence[]) => Promise<readonly Evidence[]> {
  let [recalled, remembered] = [0, 0];
  return async (evidence) => {
    const most = Math.max(0, MOST_REMEMBERED - remembered);
    remembered += evidence.filter(isOutOfStep).length;
    // Without fallbacks, nothing is read for each of them.
    const isKnown = change === undefined || template.fallback.length === 0 || recalled < MOST_RECALLED;
    recalled += evidence.length;
    return isKnown ? history(evidence, most) : evidence.map(unknownBase);
  };
}

/** Counts keys and what is found of them. */
interface Teller {
  readonly secrets: ReadonlySet<string>;
  expires(): boolean;
  add(evidence: readonly Evidence[]): void;
  /** With findings that are about no key in particular. */
  all(others: readonly Finding[]): Pick<Examined, 'findings' | 'keys'>;
}

function teller({ template, hidesNames }: PatternSpec, { digest, compiler }: PatternPorts): Teller {
  const veil = redactor(template.visibility, digest);
  const examine = examiner(veil, compiler);
  const keys = tally();
  const secrets = new Set<string>();
  let expires = false;
  return {
    secrets,
    expires: () => expires,
    add(evidence) {
      expires ||= evidence.some(hasTimeToLive);
      for (const [item, examined] of examine(evidence)) {
        const findings = hidesNames ? withoutOwnFiles(examined.findings, item) : examined.findings;
        const ownWords = (check: string) => ownWordsOf(item, template, check);
        keys.add({ name: item.spec.key, status: statusOf(findings), findings, ownWords });
        if (item.live?.ok !== true || secrets.size >= MOST_SECRETS) continue;
        for (const secret of veil.secrets(item.live.value)) secrets.add(secret);
      }
    },
    all: (others) => ({ findings: [...others, ...keys.findings()], keys: keys.counts() }),
  };
}

/** Values on which validation takes too long, after which no other value of the pattern is validated. */
const MOST_SLOW = 3;

/** All that come together share a deadline. When it passes, each has its own, until that has passed a few times. */
function examiner(veil: Redactor, compiler: SchemaCompiler) {
  let slow = 0;
  const attempted = (items: readonly Evidence[]) => {
    try {
      return compiler.together(() => items.map((item) => [item, examineOne(item, veil)] as const));
    } catch {
      return undefined;
    }
  };
  const alone = (item: Evidence): readonly [Evidence, Examined] => {
    const [examined] = slow < MOST_SLOW ? (attempted([item]) ?? []) : [];
    if (examined !== undefined) return examined;
    slow += 1;
    return [item, examineOne({ ...item, schema: tooSlow(item) }, veil)];
  };
  return (evidence: readonly Evidence[]): readonly (readonly [Evidence, Examined])[] =>
    (slow < MOST_SLOW ? attempted(evidence) : undefined) ?? evidence.map(alone);
}

export function hasTimeToLive({ observation }: Evidence): boolean {
  return 'ttl' in observation && observation.ttl !== undefined;
}

function tooSlow({ schema }: Evidence): SchemaEvidence {
  if (schema.kind !== 'compiled') return schema;
  const why = phrase`validating takes longer than it may; look for a pattern with repetitions inside of repetitions`;
  return { kind: 'broken', path: schema.path, text: schema.text, why, pointer: [] };
}

/** Where what varies is a secret, so are the names of files that it is in. */
function withoutOwnFiles(findings: readonly Finding[], { spec }: Evidence): readonly Finding[] {
  return findings.map(({ location, ...finding }) =>
    location === undefined || spec.fallback.includes(location.file) ? finding : { ...finding, location },
  );
}

/** Checks that tell of the key by its name. In what others tell, the same text is something else. */
const aboutKeys: ReadonlySet<string> = new Set(['presence', 'near-miss', 'expiry']);

/** Its own names, and what stands for them in the config of all. */
function ownWordsOf(
  { spec }: Evidence,
  template: PatternSpec['template'],
  check: string,
): ReadonlyMap<string, Known> {
  return new Map<string, Known>([
    ...(aboutKeys.has(check) ? [[spec.key, template.key] as const] : []),
    ...spec.fallback.map((path, index) => [path, template.fallback[index] ?? path] as const),
  ]);
}

function examinedOf({ template }: PatternSpec, { schema }: SharedFiles): Omit<Examined, 'findings' | 'keys'> {
  const path = pathOf(schema);
  return {
    name: template.name,
    key: template.key,
    ...(path === undefined ? {} : { schema: path }),
    hasFallback: false,
    holdsSecrets: mayHoldSecrets(template),
  };
}

function named(found: FoundKey, rule: PatternSpec, ports: PatternPorts) {
  return { ...found, spec: specOf(rule, found.key, shownName(rule, found.key, ports)) };
}

function shownName({ hidesNames }: PatternSpec, key: string, { digest }: PatternPorts): Known {
  return vouch(hidesNames ? `‹#${digest(key)}›` : key);
}

/** The fallback files that there are, and the key that each of them waits for. */
async function fallbacksOf(
  rule: PatternSpec,
  files: Files,
): Promise<{ readonly waiting: Map<string, string>; readonly faults: readonly Fault[] }> {
  const waiting = new Map<string, string>();
  const faults: Fault[] = [];
  for (const path of rule.template.fallback) {
    const folder = folderOf(path);
    const content = folder === undefined ? undefined : await files.list(folder);
    if (folder !== undefined && content?.kind === 'unreadable') faults.push(unlisted(folder, content.why));
    if (content?.kind !== 'listed') continue;
    for (const file of content.paths) {
      const key = keyOfFile(rule, path, file);
      if (key !== undefined) waiting.set(file, key);
    }
  }
  return { waiting, faults };
}

function unlisted(folder: Known, why: Known): Fault {
  return {
    reason: 'no-fallback',
    phrase: phrase`nobody knows which keys have a fallback: ${code(folder)} cannot be listed (${code(why)})`,
    advice: phrase`check the folder and its permissions`,
  };
}

function filesOf(rule: PatternSpec, key: string): readonly Known[] {
  return specOf(rule, key, vouch('')).fallback;
}

/** A key that a fallback was written for, and that isn't there, or that nobody asked for. */
function withoutValue(rule: PatternSpec, path: string, key: string, ports: PatternPorts) {
  const spec = { ...specOf(rule, key, shownName(rule, key, ports)), fallback: [vouch(path)] };
  const observation: Observation = { kind: ports.store.isUnasked ? 'unasked' : 'absent' };
  return { key, spec, observation };
}

/** Reading thousands of files out of git would take longer than anyone waits. */
function unknownBase(item: Evidence): Evidence {
  const fault: Fault = {
    reason: 'no-base',
    phrase: phrase`there are too many keys to look up what each started from`,
    advice: phrase`review a part of them: name a narrower pattern, or share the keys out with ${code('--shard')}`,
  };
  return { ...item, base: { kind: 'unknown', fault } };
}

/** The schema may change though there is no value yet, or nobody looked. */
async function aboutFiles(
  { template }: PatternSpec,
  shared: SharedFiles,
  { now, server, history }: Pick<Circumstances, 'now' | 'server' | 'history'>,
  ports: PatternPorts,
): Promise<readonly Finding[]> {
  const spec = { ...template, required: false, fallback: [] };
  const fallback: FileEvidence = { kind: 'missing', tried: [] };
  const observation: Observation = { kind: ports.store.isUnasked ? 'unasked' : 'absent' };
  const item: Evidence = { spec, observation, fallback, ...shared, now };
  const evidence = await history(audited([item], server.known()), 0);
  return evidence.flatMap((item) => examineOne(item, redactor(spec.visibility, ports.digest)).findings);
}

function noKey({ pattern, template }: PatternSpec): Finding {
  return {
    check: 'presence',
    config: template.name,
    claim: 'invalid',
    severity: 'error',
    place: '' as Finding['place'],
    phrase: phrase`no key matches ${code(pattern.text)}`,
    advice: phrase`check ${code('prefix')} and database; a config that may have no keys says ${code('required: false')}`,
  };
}

function unchecked({ reason, phrase: said, advice }: Fault, config: Known): Finding {
  return {
    check: 'presence',
    config,
    claim: 'unchecked',
    severity: 'error',
    reason,
    place: '' as Finding['place'],
    phrase: said,
    advice,
  };
}

async function attempt(work: () => Promise<void>): Promise<Fault | undefined> {
  try {
    await work();
    return undefined;
  } catch (error) {
    if (error instanceof StoreFault) return error.fault;
    throw error;
  }
}
