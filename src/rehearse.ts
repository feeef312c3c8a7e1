import { type Contents, soundValue } from './core/contents.ts';
import type { ConfigSpec, SchemaEvidence } from './core/evidence.ts';
import { asked } from './core/evolution.ts';
import type { Finding } from './core/finding.ts';
import { objections } from './core/objection.ts';
import { code, count, name, type Phrase, phrase } from './core/phrase.ts';
import { type CommandRun, type Store, StoreFault } from './core/ports.ts';
import {
  type Migration,
  type Proof,
  type ProofId,
  proof,
  proofIds,
  type Rehearsal,
} from './core/rehearsal.ts';
import { failureOf } from './core/rehearsal-words.ts';
import { wordingOf } from './core/tally.ts';
import type { Sources } from './gather.ts';
import { guard } from './guard.ts';
import { Stage, type StagePorts, type StageSetting } from './rehearsal-stage.ts';

/** The verb that runs a migration where it can do no harm, and proves what can be known of it. */

export interface RehearsalRequest extends StageSetting {
  readonly migration: Migration;
  /** By config, its schema as it was before the change; absent when nobody knows of a change. */
  readonly baseSchemas?: ReadonlyMap<string, SchemaEvidence>;
}

export interface RehearsalPorts extends StagePorts, Omit<Sources, 'store'> {
  /** What looks at the configs in the sandbox. */
  readonly storeOf: (url: string) => Store;
  /** Runs the migration, to its end or until so many writes are done. */
  readonly run: (interruptAfterWrites?: number) => Promise<CommandRun>;
  /** Runs what takes the migration back; absent when nothing does. */
  readonly rollback?: () => Promise<CommandRun>;
}

/** Every proof, whatever happens: what can't be proved is unchecked. */
export async function rehearse(request: RehearsalRequest, ports: RehearsalPorts): Promise<Rehearsal> {
  const stage = new Stage(request, ports);
  const proofs = new Map<ProofId, Proof>();
  const tell = (told: Proof) => proofs.set(told.id, told);
  if (ports.rollback === undefined) tell(proof('e', 'not-asked', phrase`no command rolls it back`));
  if (!isForwardAsked(request)) tell(proof('f', 'not-asked', phrase`no config asks for it`));
  const why = await proveAll(stage, { request, ports, tell }).catch((error: unknown) => {
    if (!(error instanceof StoreFault)) throw error;
    return error.fault.phrase;
  });
  return {
    proofs: proofIds.map((id) => proofs.get(id) ?? proof(id, 'unchecked', why)),
    runs: stage.runs(),
  };
}

interface Task {
  readonly request: RehearsalRequest;
  readonly ports: RehearsalPorts;
  readonly tell: (told: Proof) => void;
}

/** Answers why what is untold by then can't be told. */
async function proveAll(stage: Stage, task: Task): Promise<Phrase> {
  const { request, ports, tell } = task;
  const initial = await stage.fill();
  const first = await stage.run('first', () => ports.run());
  const failure = failureOf(first);
  if (failure !== undefined) {
    tell(proof('a', 'refuted', phrase`the migration failed: ${failure}`));
    return phrase`the migration failed`;
  }
  const after = await stage.look();
  tell(await verified(request, ports));
  tell(onlyAllowed(stage, initial, after, request.migration));
  if (isForwardAsked(request)) tell(acceptedBefore(stage, after, request));
  tell(await idempotent(stage, after, ports));
  if (ports.rollback !== undefined) tell(await restored(stage, ports.run, ports.rollback));
  tell(await resumable(stage, { initial, after, writes: first.writes }, ports));
  return phrase`nobody has looked`;
}

/** (a) Drift doesn't matter: a migration is about what Redis holds. */
async function verified(
  { specs, patterns }: RehearsalRequest,
  { sandbox, storeOf, files, compiler, digest, now }: RehearsalPorts,
): Promise<Proof> {
  const policy = { failOn: new Set(['invalid'] as const), allowUnchecked: false, onlyNew: false };
  const ports = { store: storeOf(sandbox.url), files, compiler, digest };
  const { report } = await guard({ specs, patterns, policy, now: now() }, ports);
  const findings = report.configs.flatMap((config) => config.findings);
  const wrong = findings.filter(({ claim, severity }) => claim === 'invalid' && severity === 'error');
  const open = findings.filter(
    ({ claim, severity, reason }) =>
      claim === 'unchecked' && severity !== 'notice' && reason !== 'no-fallback',
  );
  if (wrong.length > 0)
    return proof('a', 'refuted', phrase`${configsIn(wrong)} invalid after it`, wrong.map(told));
  if (open.length > 0) return proof('a', 'unchecked', phrase`${configsIn(open)} unchecked`, open.map(told));
  return proof('a', 'proved', phrase`${count(report.configs.length, 'config')} verified`);
}

function configsIn(findings: readonly Finding[]): Phrase {
  const configs = new Set(findings.map(({ config }) => config)).size;
  return phrase`${count(configs, 'config')}`;
}

function told(finding: Finding): Phrase {
  const { config, place } = finding;
  const where = place === '' ? phrase`${code(config)}` : phrase`${code(config)} ${name(place)}`;
  return phrase`${where}: ${wordingOf(finding)}`;
}

/** (b) */
function onlyAllowed(stage: Stage, initial: Contents, after: Contents, migration: Migration): Proof {
  const comparison = stage.compare(initial, after, migration);
  const lines = stage.tell(comparison);
  if (lines.length > 0)
    return proof('b', 'refuted', phrase`${count(lines.length, 'change')} that nothing allows`, lines);
  return comparison.allowed === 0
    ? proof('b', 'proved', phrase`nothing changed`)
    : proof('b', 'proved', phrase`${count(comparison.allowed, 'change')}, all of them allowed`);
}

/** (c) */
async function idempotent(stage: Stage, after: Contents, { run }: RehearsalPorts): Promise<Proof> {
  const failure = failureOf(await stage.run('second', () => run()));
  if (failure !== undefined) return proof('c', 'refuted', phrase`the second run failed: ${failure}`);
  const comparison = stage.compare(after, await stage.look());
  const lines = stage.tell(comparison);
  if (lines.length > 0)
    return proof('c', 'refuted', phrase`the second run made ${count(lines.length, 'change')}`, lines);
  if (comparison.refreshed.length === 0) return proof('c', 'proved', phrase`the second run changed nothing`);
  const names = stage.names(comparison.refreshed).map((key) => phrase`${key}: saved anew`);
  return proof('c', 'proved', phrase`the second run changed nothing but the time of a save`, names);
}

/** (e) From where one run leads to. */
async function restored(
  stage: Stage,
  run: RehearsalPorts['run'],
  rollback: NonNullable<RehearsalPorts['rollback']>,
): Promise<Proof> {
  const initial = await stage.fill();
  const again = failureOf(await stage.run('before-rollback', () => run()));
  if (again !== undefined)
    return proof('e', 'unchecked', phrase`the migration failed when it was to be rolled back: ${again}`);
  const failure = failureOf(await stage.run('rollback', rollback));
  if (failure !== undefined) return proof('e', 'refuted', phrase`the rollback failed: ${failure}`);
  const lines = stage.tell(stage.compare(initial, await stage.look()));
  return lines.length === 0
    ? proof('e', 'proved', phrase`everything is as it was`)
    : proof('e', 'refuted', phrase`${count(lines.length, 'difference')} from the first state`, lines);
}

interface Straight {
  readonly initial: Contents;
  readonly after: Contents;
  readonly writes: number;
}

/** (d) Half of the writes, and then the whole again, come to the same as one run from beginning to end. */
async function resumable(
  stage: Stage,
  { initial, after, writes }: Straight,
  { run }: RehearsalPorts,
): Promise<Proof> {
  if (writes === 0) return withoutWrites(stage, initial, after);
  await stage.fill();
  const half = Math.floor(writes / 2);
  const { isInterrupted } = await stage.run('interrupted', () => run(half));
  if (!isInterrupted)
    return proof(
      'd',
      'unchecked',
      phrase`it ended before its write ${count(half)}, where it was to be interrupted`,
    );
  const failure = failureOf(await stage.run('resumed', () => run()));
  const when = phrase`after ${count(half)} of ${count(writes, 'write')}`;
  if (failure !== undefined)
    return proof('d', 'refuted', phrase`interrupted ${when}, the next run failed: ${failure}`);
  const lines = stage.tell(stage.compare(after, await stage.look()));
  return lines.length === 0
    ? proof('d', 'proved', phrase`interrupted ${when}, the next run came to the same`)
    : proof(
        'd',
        'refuted',
        phrase`interrupted ${when}, the next run came to ${count(lines.length, 'difference')}`,
        lines,
      );
}

/** What writes nothing can't be interrupted in the middle of it. */
function withoutWrites(stage: Stage, initial: Contents, after: Contents): Proof {
  const { changes, refreshed } = stage.compare(initial, after);
  return changes.length + refreshed.length === 0
    ? proof('d', 'proved', phrase`it writes nothing`)
    : proof('d', 'unchecked', phrase`something changed, and no write was seen that could be interrupted`);
}

/** (f) Old instances read what the migration wrote until the last of them is gone. */
function acceptedBefore(stage: Stage, after: Contents, { baseSchemas }: RehearsalRequest): Proof {
  if (baseSchemas === undefined)
    return proof('f', 'unchecked', phrase`nobody knows what the schemas were before the change`);
  const opinions = stage
    .configs(after)
    .filter(([, spec]) => asksForward(spec))
    .map(([key, spec]) => opinionOn(stage, after, key, spec, baseSchemas.get(spec.name)));
  const refusals = opinions.flatMap(({ refused }) => refused);
  const open = opinions.flatMap(({ unknown }) => unknown);
  if (refusals.length > 0)
    return proof('f', 'refuted', phrase`${count(refusals.length, 'objection')} of an old schema`, refusals);
  if (open.length > 0)
    return proof(
      'f',
      'unchecked',
      phrase`nobody knows what ${count(open.length, 'old schema')} would say`,
      open,
    );
  return proof('f', 'proved', phrase`${count(opinions.length, 'value')} accepted`);
}

interface OldOpinion {
  readonly refused: readonly Phrase[];
  readonly unknown: readonly Phrase[];
}

function opinionOn(
  stage: Stage,
  after: Contents,
  key: string,
  spec: ConfigSpec,
  base: SchemaEvidence | undefined,
): OldOpinion {
  const shown = name(spec.key);
  const value = soundValue(after.keys.get(key), spec);
  // Without a schema nobody refused anything.
  if (base === undefined || base.kind === 'missing') return { refused: [], unknown: [] };
  if (base.kind !== 'compiled')
    return { refused: [], unknown: [phrase`${shown}: the old schema ${code(base.path)} cannot be used`] };
  if (value === undefined) return { refused: [phrase`${shown}: it is not sound JSON`], unknown: [] };
  const veil = stage.veil(spec);
  try {
    const refused = objections(value, base, [], veil).map(({ pointer, phrase: said }) => {
      const place = veil.place(pointer);
      return place === '' ? phrase`${shown}: ${said}` : phrase`${shown} ${name(place)}: ${said}`;
    });
    return { refused, unknown: [] };
  } catch {
    // As any check that breaks down: the error itself may quote the value.
    return { refused: [], unknown: [phrase`${shown}: validation broke down or took too long`] };
  }
}

function isForwardAsked({ specs, patterns }: RehearsalRequest): boolean {
  return [...specs, ...patterns.map(({ template }) => template)].some(asksForward);
}

function asksForward({ compatibility }: ConfigSpec): boolean {
  return asked[compatibility].includes('forward');
}
