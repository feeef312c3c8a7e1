import { randomBytes } from 'node:crypto';
import { existsSync, realpathSync, rmSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { ajvCompiler } from '../adapters/ajv/compiler.ts';
import { workspaceFiles } from '../adapters/files.ts';
import { readBackup } from '../adapters/snapshot/backup.ts';
import type { CarriedOut, FileWriting, Writing } from '../carry-out.ts';
import { code, count, type Known, type Phrase, phrase, vouch } from '../core/phrase.ts';
import type { Plan } from '../core/plan.ts';
import { formatPointer, parsePointer } from '../core/pointer.ts';
import type { Files, KnownStore, Repo, WritableStore } from '../core/ports.ts';
import type { Account, Outlook, StepOutcome } from '../core/proposal.ts';
import { redactor } from '../core/redaction.ts';
import { guard } from '../guard.ts';
import type { Proposed } from '../proposal.ts';
import { applyPlan, makePlan } from '../reconcile.ts';
import { undo } from '../undo.ts';
import type { ProposalRequest } from '../wish.ts';
import { openSafe } from './backup-file.ts';
import type { Surroundings } from './commands.ts';
import { type Configs, findConfigs } from './configs.ts';
import { freshRule, identityDigest, keyedDigest, weigherOf } from './digest.ts';
import { sayOnInterruption } from './ending.ts';
import { findHistory } from './history.ts';
import { isExpired, MOST_STEPS, readPlan, sealPlan } from './plan-file.ts';
import { openRecord } from './record.ts';
import { type Settings, UsageError } from './settings.ts';
import { answered, openKnown, openWritable, type Target } from './target.ts';
import { refuseUnwritable, writeOver } from './whole-file.ts';
import { errnoOf } from './writing.ts';

/** Puts the edges together for `reconcile`: to plan, to apply and to undo, whichever face it was asked of. */

export interface Planned {
  readonly plan: Plan;
  readonly outlook: readonly Outlook[];
  /** 0 all that differs is in the plan, 1 something is left alone, 2 something could not be read or judged. */
  readonly exitCode: 0 | 1 | 2;
  /** What must appear nowhere. */
  readonly secrets: readonly string[];
}

/** Changes nothing. Throws a `UsageError` when nobody answers. */
export async function planRun(
  given: Settings,
  surroundings: Surroundings,
  manner: Pick<ProposalRequest, 'keepsNewer'> = {},
): Promise<Planned> {
  const settings = given.base === 'none' ? withoutBase(given) : given;
  const tools = await toolsFor(settings, surroundings);
  const { configs, files } = tools;
  const { store, secrets } = await openKnown(settings, {
    ...surroundings,
    variable: configs.variable,
    files,
  });
  const digests = freshRule(settings.digestKey);
  const now = surroundings.now();
  const { plan, proposed } = await answered(() =>
    makePlan(
      {
        ...requestOf(settings, configs, now),
        ...manner,
        expiresAt: now + settings.expires,
        digests,
        choice: {
          keys: settings.keys,
          only: settings.only.map(formatPointer),
          base: settings.base ?? null,
          includeSecrets: settings.includeSecrets,
        },
      },
      { ...tools, store, ...weigherOf(digests, settings.digestKey) },
    ),
  );
  if (plan.steps.length > MOST_STEPS) {
    throw new UsageError(
      phrase`there are ${count(plan.steps.length, 'step')}, more than the ${count(MOST_STEPS)} that a plan may have`,
      phrase`plan fewer configs at once, with ${code('--keys')}`,
    );
  }
  return {
    plan: sealPlan(plan),
    outlook: proposed.map(({ outlook }) => outlook),
    exitCode: exitCodeOf(proposed),
    secrets: [...secrets, ...secretsIn(proposed, tools)],
  };
}

export interface Applied {
  readonly account: Account;
  readonly exitCode: 0 | 1;
  /** All was written, whatever verification says of it. */
  readonly isDone: boolean;
  readonly secrets: readonly string[];
  /** What should be known beside it: a log that could not be written, say. */
  readonly remarks: readonly Phrase[];
}

/** Why a plan isn't applied at all, whatever there is in Redis. */
export class Refusal extends UsageError {}

/** Carries a plan out, and verifies. Throws a `Refusal` of a plan that is none to be applied. */
export async function applyRun(settings: Settings, surroundings: Surroundings): Promise<Applied> {
  const { workspace, now } = surroundings;
  needed(settings.reason, 'reason');
  const plan = await planOf(settings, workspaceFiles(workspace), now());
  return applyPlanned(plan, settings, surroundings, [settings.plan]);
}

/** Carries out a plan that is known to be whole; `files` are those that it was read from. */
export async function applyPlanned(
  plan: Plan,
  settings: Settings,
  surroundings: Surroundings,
  files: readonly string[] = [],
): Promise<Applied> {
  const { workspace, now } = surroundings;
  const reason = needed(settings.reason, 'reason');
  const backup = needed(settings.backup, 'backup');
  const written = plan.steps.flatMap((step) => (step.to === 'file' ? [step.path] : []));
  refuseClashes(workspace, [...files, ...written], settings, backup);
  const asPlanned = withChoice(settings, plan);
  const tools = await toolsFor(asPlanned, surroundings);
  const weigher = weigherOf(plan.digests, settings.digestKey);
  if (weigher.weigh(new Uint8Array()).digest !== plan.digests.check) throw otherKey();
  const isOfRedis = plan.steps.some(({ to }) => to === 'redis');
  const { store, secrets } = await openFor(isOfRedis, settings, { ...surroundings, ...tools });
  const safe = await openSafe({ path: vouch(backup), plan, settings, workspace, now: now() });
  const record = openRecord({
    ...surroundings,
    from: plan.direction,
    settings,
    backup,
    plan: plan.hash,
    target: store.target,
    reason,
  });
  const keep = async (writings: readonly Writing[]) => {
    refuseBlocked(writings, workspace);
    await safe.keep(writings);
    record.begin('applying', writings);
    sayOnInterruption('it may have been written already: do the same again, and it goes on from there');
  };
  const request = { ...requestOf(asPlanned, tools.configs, now()), plan, savedAt: safe.savedAt };
  const ports = { ...tools, ...weigher, store, keep, write: writerIn(workspace) };
  const steps = stepsOf(await answered(() => applyPlan(request, ports)));
  const remarks = record.end('applied', steps);
  const statuses = await verified({ ...tools, store }, settings, now());
  const isDone = steps.every(isSettled) && remarks.length === 0;
  const isWell = statuses.every(({ status }) => status === 'OK');
  return { account: { steps, statuses }, exitCode: isDone && isWell ? 0 : 1, isDone, secrets, remarks };
}

/** Puts back what a backup holds, and verifies. */
export async function undoRun(settings: Settings, surroundings: Surroundings): Promise<Applied> {
  const { workspace, now } = surroundings;
  const reason = needed(settings.reason, 'reason');
  const backup = needed(settings.backup, 'backup');
  const path = vouch(backup);
  const bytes = await bytesOf(path, workspaceFiles(workspace));
  const read = await readBackup(bytes, path, settings.snapshotPassphrase);
  if (!read.ok) throw new Refusal(read.said, read.advice);
  const { target, entries, plan } = read.backup;
  const written = entries.flatMap((entry) => (entry.to === 'file' ? [entry.path] : []));
  refuseClashes(workspace, written, settings, backup);
  const names = new Set(entries.map(({ config }) => config));
  const all = await toolsFor({ ...settings, keys: [] }, surroundings);
  const tools = { ...all, configs: ofNames(all.configs, names) };
  const isOfRedis = entries.some(({ to }) => to === 'redis');
  const { store, secrets } = await openFor(isOfRedis, settings, { ...surroundings, ...tools });
  const record = openRecord({
    ...surroundings,
    from: 'backup',
    settings,
    backup,
    plan,
    target: store.target,
    reason,
  });
  const keep = async (writings: readonly Writing[]) => {
    refuseBlocked(writings, workspace);
    record.begin('undoing', writings);
    sayOnInterruption('it may have been put back already: do the same again, and it goes on from there');
  };
  const ports = { store, files: tools.files, keep, write: writerIn(workspace), digestOf: identityDigest };
  const steps = stepsOf(await answered(() => undo({ target, entries }, ports)));
  const remarks = record.end('undone', steps);
  const statuses = await verified({ ...tools, store }, settings, now());
  // What was there before may well have been INVALID.
  const isDone = steps.every(isSettled) && remarks.length === 0;
  return { account: { steps, statuses }, exitCode: isDone ? 0 : 1, isDone, secrets, remarks };
}

/** A file that can't be written is known before Redis is. */
function refuseBlocked(writings: readonly Writing[], workspace: string): void {
  for (const writing of writings) if (writing.to === 'file') refuseUnwritable(writing.path, workspace);
}

/** What is appended to one of them would ruin the other. */
function refuseClashes(
  workspace: string,
  others: readonly string[],
  { record, audit }: Pick<Settings, 'record' | 'audit'>,
  backup: string,
): void {
  const named = [backup, record, audit ?? `${backup}.audit.jsonl`, ...others].filter(
    (path) => path !== undefined,
  );
  const seen = new Set<string>();
  for (const path of named) {
    const file = wholePath(workspace, path);
    if (seen.has(file)) {
      throw new UsageError(
        phrase`the file ${code(vouch(path))} is named for two purposes`,
        phrase`plan, backup, record and audit need a file each, and none that is written as a fallback`,
      );
    }
    seen.add(file);
  }
}

/** Two ways may lead to one folder. */
function wholePath(workspace: string, path: string): string {
  const file = resolve(workspace, path);
  const folder = dirname(file);
  return existsSync(folder) ? join(realpathSync(folder), basename(file)) : file;
}

function stepsOf(carried: CarriedOut): readonly StepOutcome[] {
  if (carried.kind === 'done') return carried.steps;
  throw new Refusal(carried.phrase, carried.advice);
}

function isSettled({ how }: StepOutcome): boolean {
  return how === 'written' || how === 'already-done';
}

interface Tools {
  readonly configs: Configs;
  readonly files: Files;
  readonly compiler: ReturnType<typeof ajvCompiler>;
  readonly digest: ReturnType<typeof keyedDigest>;
  readonly maxBytes: number;
  readonly repo?: Repo;
}

async function toolsFor(settings: Settings, { workspace, env, now }: Surroundings): Promise<Tools> {
  const files = workspaceFiles(workspace);
  const configs = await findConfigs(settings, env, files);
  const compiler = ajvCompiler(settings.timeout);
  const digest = keyedDigest(settings.digestKey ?? randomBytes(32));
  // Nothing is under review: what is asked of the history are the versions of files.
  const { repo } = await findHistory(withoutBase(settings), { workspace, now }, undefined, undefined);
  const { maxBytes } = settings;
  return { configs, files, compiler, digest, maxBytes, ...(repo === undefined ? {} : { repo }) };
}

function withoutBase({ base: _base, ...settings }: Settings): Settings {
  return settings;
}

function requestOf(settings: Settings, { specs, patterns }: Configs, now: number) {
  const { from: direction, keys: named, only, base, includeSecrets: includesSecrets } = settings;
  return {
    ...{ specs, patterns, direction, named, includesSecrets, now },
    ...(only.length === 0 ? {} : { only }),
    ...(base === undefined ? {} : { base }),
  };
}

/** What was asked for when the plan was made, whatever is asked for now. */
function withChoice(settings: Settings, { direction, choice }: Plan): Settings {
  const { keys, base, includeSecrets } = choice;
  const only = choice.only.map((text) => {
    const pointer = parsePointer(text);
    if (pointer === undefined)
      throw new Refusal(phrase`the plan names a place that is no JSON Pointer`, again);
    return pointer;
  });
  return {
    ...withoutBase(settings),
    ...{ keys, only, from: direction, includeSecrets },
    ...(base === null ? {} : { base }),
  };
}

const again = phrase`plan again`;

/** The plan that is to be applied: whole, not too old, and the one that was approved. */
async function planOf({ plan: file, planHash }: Settings, files: Files, now: number): Promise<Plan> {
  const path = vouch(file);
  const read = readPlan(await bytesOf(path, files), path);
  if (!read.ok) throw new Refusal(read.said, read.advice);
  const { plan } = read;
  if (planHash !== undefined && planHash !== plan.hash) {
    throw new Refusal(
      phrase`the plan ${code(path)} is not the one that was approved: its hash is ${code(vouch(plan.hash))}`,
      phrase`apply the plan with the hash that was approved, or have this one approved`,
    );
  }
  if (isExpired(plan, now)) {
    throw new Refusal(phrase`the plan ${code(path)} has expired at ${code(vouch(plan.expiresAt))}`, again);
  }
  return plan;
}

async function bytesOf(path: Known, files: Files): Promise<Uint8Array> {
  const content = await files.read(path);
  if (content.kind === 'read') return content.bytes;
  throw content.kind === 'missing'
    ? new UsageError(phrase`there is no file ${code(path)}`, phrase`check the path`)
    : new UsageError(
        phrase`the file ${code(path)} cannot be read: ${code(content.why)}`,
        phrase`check its permissions`,
      );
}

function needed(value: string | undefined, setting: 'reason' | 'backup'): string {
  if (value !== undefined) return value;
  throw new UsageError(
    phrase`${code(setting)} isn't given, and nothing is written without it`,
    setting === 'reason'
      ? phrase`say why in a sentence: it goes into the record`
      : phrase`name the file that keeps what is written over`,
  );
}

function otherKey(): UsageError {
  return new UsageError(
    phrase`the plan was made with another digest key`,
    phrase`set ${code('GUARDIAN_DIGEST_KEY')} (of the action: ${code('digest-key')}) to the one that it was made with, or plan again`,
  );
}

/** Whoever only writes files needs nobody who may write to Redis. */
async function openFor(
  isOfRedis: boolean,
  settings: Settings,
  circumstances: Surroundings & Pick<Tools, 'configs' | 'files'>,
): Promise<Target<WritableStore>> {
  if (isOfRedis) return openWritable(settings, circumstances);
  const { configs } = circumstances;
  const { store, secrets } = await openKnown(settings, { ...circumstances, variable: configs.variable });
  return { store: unwritable(store), secrets };
}

function unwritable(store: KnownStore): WritableStore {
  const fault = {
    reason: 'internal',
    phrase: phrase`nothing was to be written to Redis`,
    advice: phrase`this is a defect of the guardian: please report it`,
  } as const;
  return { ...store, swap: async (swaps) => swaps.map(() => ({ kind: 'refused', fault })) };
}

function writerIn(workspace: string) {
  return async ({ path, after }: FileWriting): Promise<Phrase | undefined> => {
    try {
      if (after.kind === 'present') writeOver(after.bytes, path, workspace);
      else rmSync(resolve(workspace, path));
      return undefined;
    } catch (error) {
      if (error instanceof UsageError) return error.said;
      return phrase`the file cannot be removed (${code(vouch(errnoOf(error)))})`;
    }
  };
}

async function verified(
  { configs, store, files, compiler, digest }: Tools & { readonly store: WritableStore },
  policy: Settings,
  now: number,
): Promise<Account['statuses']> {
  const { report } = await guard({ ...configs, policy, now }, { store, files, compiler, digest });
  return report.configs.map(({ name: config, status }) => ({ config, status }));
}

function ofNames({ specs, patterns, ...rest }: Configs, names: ReadonlySet<string>): Configs {
  return {
    ...rest,
    specs: specs.filter(({ name }) => names.has(name)),
    patterns: patterns.filter(({ template }) => names.has(template.name)),
  };
}

function exitCodeOf(proposed: readonly Proposed[]): 0 | 1 | 2 {
  const left = proposed.flatMap(({ outlook }) => outlook.left);
  if (left.some(({ why }) => why === 'unchecked')) return 2;
  return left.length > 0 ? 1 : 0;
}

/** Of what is live and of what is in files: neither is to be in a log. */
function secretsIn(proposed: readonly Proposed[], { digest }: Tools): readonly string[] {
  return proposed.flatMap(({ spec, evidence: { live, fallback } }) => {
    const veil = redactor(spec.visibility, digest);
    const documents = [live, fallback.kind === 'read' ? fallback.decoded : undefined];
    return documents.flatMap((document) => (document?.ok === true ? veil.secrets(document.value) : []));
  });
}
