import {
  type CarriedOut,
  carryOut,
  type Prepared,
  type Readiness,
  strangeness,
  targetOf,
  toPrimary,
  unwritable,
  type WritingPorts,
  wordFileChange,
} from './carry-out.ts';
import { bytesOf, typeOf, withoutSaveTime } from './core/content.ts';
import { code, name, type Phrase, phrase, vouch } from './core/phrase.ts';
import type { FileStep, KeySight, Plan, RedisStep, Step, Weighed } from './core/plan.ts';
import type { KnownStore } from './core/ports.ts';
import type { Left } from './core/proposal.ts';
import type { FileMove, RedisMove } from './moves.ts';
import { type Proposed, propose } from './proposal.ts';
import { isSound, type ProposalPorts, type ProposalRequest } from './wish.ts';

/** The verb that brings Redis and the fallback files together: plan, then apply that plan. */

export interface PlanTerms extends ProposalRequest, Pick<Plan, 'choice' | 'digests'> {
  /** Milliseconds since the epoch. */
  readonly expiresAt: number;
}

export interface PlanPorts extends ProposalPorts {
  readonly store: KnownStore;
  /** Of an id, for telling servers apart. */
  readonly digestOf: (text: string) => string;
}

/** Everything but the hash. Throws a `StoreFault` when nobody answers. */
export async function makePlan(
  terms: PlanTerms,
  ports: PlanPorts,
): Promise<{ readonly plan: Omit<Plan, 'hash'>; readonly proposed: readonly Proposed[] }> {
  const { direction, choice, digests, now, expiresAt } = terms;
  const { store, digestOf } = ports;
  const identity = await store.identify();
  const proposed = await propose(terms, ports);
  const plan: Omit<Plan, 'hash'> = {
    format: 'redis-config-guardian/plan',
    version: 1,
    createdAt: new Date(now).toISOString(),
    expiresAt: new Date(expiresAt).toISOString(),
    target: targetOf(identity, store.target, digestOf),
    direction,
    choice,
    digests,
    steps: proposed.flatMap(({ moves }) => moves.map(({ step }) => step)),
    leftAlone: proposed.flatMap(({ spec, outlook }) =>
      outlook.left.map(({ why, place }) => ({ config: spec.name, key: spec.key, why, place })),
    ),
  };
  return { plan, proposed };
}

export interface ApplyRequest extends ProposalRequest {
  readonly plan: Plan;
  /** Milliseconds since the epoch: the time of the save. */
  readonly savedAt: number;
}

export interface ApplyPorts extends PlanPorts, WritingPorts {
  readonly store: WritingPorts['store'];
}

/**
 * Derives the plan again, and carries it out when it is still the same. Otherwise nothing is written, and the outcomes
 * say what has moved. Throws a `StoreFault` when nobody answers.
 */
export async function applyPlan(request: ApplyRequest, ports: ApplyPorts): Promise<CarriedOut> {
  const { plan } = request;
  const { store, digestOf } = ports;
  const identity = await store.identify();
  const isOfRedis = plan.steps.some(({ to }) => to === 'redis');
  const blocked = isOfRedis ? unwritable(identity) : undefined;
  if (blocked !== undefined) return { kind: 'elsewhere', phrase: blocked, advice: toPrimary };
  const strange = strangeness(plan.target, targetOf(identity, store.target, digestOf));
  if (strange !== undefined) return { kind: 'elsewhere', phrase: strange, advice: again };
  const proposed = await propose({ ...request, settledBase: settledBy(plan) }, ports);
  const prepared = plan.steps.map(
    (step): Prepared => ({
      config: vouch(step.config),
      to: step.to,
      at: vouch(step.to === 'redis' ? step.key : step.path),
      readiness: readinessOf(step, proposed, request, ports),
    }),
  );
  return { kind: 'done', steps: await carryOut(prepared, ports) };
}

/** Where a merge began stays what it was, though what is written by now is nearer to another commit. */
function settledBy({ steps }: Plan): NonNullable<ProposalRequest['settledBase']> {
  return (key, path) => {
    const step = steps.find((step) => (step.to === 'redis' ? step.key === key : step.path === path));
    return typeof step?.base === 'string' ? vouch(step.base) : undefined;
  };
}

const again = phrase`plan again, and look at what it says`;

function refuse(said: Phrase, advice: Phrase = again): Readiness {
  return { kind: 'refused', phrase: said, advice };
}

function readinessOf(
  step: Step,
  proposed: readonly Proposed[],
  request: ApplyRequest,
  ports: ApplyPorts,
): Readiness {
  const found = proposed.find(({ spec, moves, evidence }) => {
    if (spec.name !== step.config) return false;
    if (step.to === 'redis') return spec.storedKey === step.key;
    const path = evidence.fallback.kind === 'missing' ? evidence.fallback.tried[0] : evidence.fallback.path;
    return (
      path === step.path || moves.some((move) => move.step.to === 'file' && move.step.path === step.path)
    );
  });
  if (found === undefined) {
    return refuse(phrase`the settings know no such config any more, or another file of it`);
  }
  return step.to === 'redis'
    ? keyReadiness(step, found, request, ports)
    : fileReadiness(step, found, request.plan, ports);
}

function keyReadiness(
  step: RedisStep,
  { spec, evidence, moves, outlook }: Proposed,
  { now, savedAt }: ApplyRequest,
  { weigh }: ApplyPorts,
): Readiness {
  const { observation, live } = evidence;
  if (observation.kind === 'unreadable') return refuse(observation.fault.phrase, observation.fault.advice);
  if (isSound(live) && isSameWeight(weigh(withoutSaveTime(live.value, spec.freshness)), step.after)) {
    return { kind: 'done' };
  }
  const moved = keyMoved(step.before, observation, now, spec.encoding, weigh);
  if (moved !== undefined) return refuse(moved);
  const move = moves.find((move): move is RedisMove => move.step.to === 'redis');
  if (move === undefined || !isSameStep(move.step, step)) return otherwise(outlook.left);
  const next = move.next(savedAt);
  if ('why' in next) return refuse(next.phrase, next.advice);
  return {
    kind: 'ready',
    writing: {
      to: 'redis',
      config: spec.name,
      key: spec.storedKey,
      encoding: spec.encoding,
      before: move.expected,
      after: next,
    },
  };
}

/** What is there is as it was, so it is the other side that has changed, or what is asked of it. */
function otherwise([left]: readonly Left[]): Readiness {
  if (left !== undefined) return refuse(left.phrase, left.advice);
  const sides = phrase`Redis, the fallback, its schema or the history`;
  return refuse(phrase`what was to be written is another now, because ${sides} has changed`);
}

const halfMerged = phrase`Redis is written already, and together with that the file would become something else than planned`;
const mergeAgain = phrase`plan again, and apply that with another backup; the one of this plan undoes what is written`;

function isWritten(plan: Plan, { spec, evidence: { live } }: Proposed, { weigh }: ApplyPorts): boolean {
  if (!isSound(live)) return false;
  const weight = weigh(withoutSaveTime(live.value, spec.freshness));
  return plan.steps.some(
    (step) => step.to === 'redis' && step.key === spec.storedKey && isSameWeight(weight, step.after),
  );
}

function isSameStep(a: Step, b: Step): boolean {
  return isSameWeight(a.after, b.after) && a.base === b.base;
}

function isSameWeight(a: Weighed, b: Weighed): boolean {
  return a.digest === b.digest && a.bytes === b.bytes;
}

/** Clocks differ, and so does the time that replies take. Milliseconds. */
const TTL_TOLERANCE = 60_000;

/** What has become of a key since it was seen; `undefined` when it is as it was. */
function keyMoved(
  before: KeySight,
  observation: Proposed['evidence']['observation'],
  now: number,
  encoding: Proposed['spec']['encoding'],
  weigh: (bytes: Uint8Array) => Weighed,
): Phrase | undefined {
  switch (observation.kind) {
    case 'absent':
      return before.type === 'none' ? undefined : phrase`the key is gone`;
    case 'wrong-type':
      return phrase`there is a ${name(observation.type)} now`;
    case 'present':
    case 'fields':
      break;
    default:
      return phrase`it cannot be read`;
  }
  if (before.type === 'none') return phrase`there is a value now, and there was none`;
  if (before.type !== typeOf[encoding])
    return phrase`it was a ${name(before.type)}, and is read as another type`;
  if (!isSameWeight(weigh(bytesOf(observation)), before)) return phrase`somebody has changed the value`;
  return lifetimeMoved(before.goesAt, observation.ttl, now);
}

function lifetimeMoved(goesAt: string | null, ttl: number | undefined, now: number): Phrase | undefined {
  if (goesAt === null) return ttl === undefined ? undefined : phrase`it has a time to live now, and had none`;
  if (ttl === undefined) return phrase`it had a time to live, and has none any more`;
  const shift = Math.abs(now + ttl - Date.parse(goesAt));
  return shift <= TTL_TOLERANCE ? undefined : phrase`somebody has changed its time to live`;
}

function fileReadiness(step: FileStep, found: Proposed, plan: Plan, ports: ApplyPorts): Readiness {
  const { spec, evidence, moves, outlook } = found;
  const { fallback } = evidence;
  const { weigh } = ports;
  if (fallback.kind === 'unreadable') {
    return refuse(phrase`the file cannot be read: ${code(fallback.why)}`, phrase`check its permissions`);
  }
  const move = moves.find((move): move is FileMove => move.step.to === 'file');
  const text = fallback.kind === 'read' ? fallback.decoded.text : undefined;
  const now = text === undefined ? undefined : weigh(new TextEncoder().encode(text));
  if (now !== undefined && isSameWeight(now, step.after)) return { kind: 'done' };
  const before = 'type' in step.before ? undefined : step.before;
  const isAsBefore = now && before ? isSameWeight(now, before) : now === before;
  if (!isAsBefore) return refuse(wordFileChange(fallback.kind === 'read', before !== undefined));
  if (move === undefined || !isSameStep(move.step, step)) {
    return isWritten(plan, found, ports) ? refuse(halfMerged, mergeAgain) : otherwise(outlook.left);
  }
  const { path, before: seen, next } = move;
  const after = { kind: 'present', bytes: next } as const;
  return { kind: 'ready', writing: { to: 'file', config: spec.name, path, before: seen, after } };
}
