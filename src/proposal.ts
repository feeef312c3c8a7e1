import { typeOf } from './core/content.ts';
import { isOutOfStep } from './core/divergence.ts';
import type { ConfigSpec, Evidence, Observation } from './core/evidence.ts';
import { at, type Json, sameJson } from './core/json.ts';
import type { PatternSpec } from './core/key-pattern.ts';
import { code, name, phrase, vouch } from './core/phrase.ts';
import { StoreFault } from './core/ports.ts';
import type { Left, Outlook, PlannedStep } from './core/proposal.ts';
import { redactor } from './core/redaction.ts';
import { isTimestamp } from './core/summary.ts';
import { examine } from './examine.ts';
import { gather } from './gather.ts';
import { mergeOf } from './merge-base.ts';
import { isObjection, type Move, toFile, toRedis } from './moves.ts';
import { everyKey } from './pattern.ts';
import {
  type Bench,
  chosen,
  type Decision,
  FILE,
  isSound,
  leave,
  type ProposalPorts,
  type ProposalRequest,
  REDIS,
  ROOT,
  soundFile,
  soundLive,
  unchecked,
} from './wish.ts';

/** Finds out what would have to be written, and where, for Redis and the fallback files to agree. */

/** What is to become of one config (of a pattern: of one key). */
export interface Proposed {
  readonly spec: ConfigSpec;
  readonly evidence: Evidence;
  readonly moves: readonly Move[];
  readonly outlook: Outlook;
}

/** One for each config, those with nothing to do included, in the order of the specs. */
export async function propose(request: ProposalRequest, ports: ProposalPorts): Promise<readonly Proposed[]> {
  const proposed: Proposed[] = [];
  for (const evidence of await gather(request.specs, request.now, ports)) {
    proposed.push(await proposeOne(evidence, request, ports));
  }
  for (const rule of request.patterns) proposed.push(...(await proposePattern(rule, request, ports)));
  return apart(proposed);
}

/** What several configs would write, each in its own way, is written for none of them. */
function apart(proposed: readonly Proposed[]): readonly Proposed[] {
  const writers = new Map<string, number>();
  for (const place of proposed.flatMap(placesOf)) writers.set(place, (writers.get(place) ?? 0) + 1);
  return proposed.map((one) => {
    if (!placesOf(one).some((place) => (writers.get(place) ?? 0) > 1)) return one;
    const said = phrase`another config has the same key or the same fallback, and would write it too`;
    const advice = phrase`give each its own, or choose one with ${code('--keys')}`;
    const { outlook } = one;
    return {
      ...one,
      moves: [],
      outlook: { ...outlook, steps: [], left: [...outlook.left, leave('conflict', ROOT, said, advice)] },
    };
  });
}

function placesOf({ moves }: Proposed): readonly string[] {
  return moves.map(({ step }) => JSON.stringify([step.to, step.to === 'redis' ? step.key : step.path]));
}

async function proposePattern(
  rule: PatternSpec,
  request: ProposalRequest,
  ports: ProposalPorts,
): Promise<readonly Proposed[]> {
  const { template } = rule;
  const none = (left: Left): readonly Proposed[] => {
    const fallback = { kind: 'missing', tried: [] } as const;
    const observation: Observation = { kind: 'unasked' };
    const evidence = { spec: template, observation, fallback, schema: fallback, now: request.now };
    const outlook = { config: template.name, key: template.key, steps: [], left: [left] };
    return [{ spec: template, evidence, moves: [], outlook }];
  };
  if (rule.hidesNames) {
    const said = phrase`the names of its keys are secret, and a plan would have to name them`;
    return none(leave('secret', ROOT, said));
  }
  try {
    const proposed: Proposed[] = [];
    for (const evidence of await everyKey(rule, request.now, ports)) {
      proposed.push(await proposeOne(evidence, request, ports));
    }
    return proposed;
  } catch (error) {
    if (!(error instanceof StoreFault)) throw error;
    return none(unchecked(error.fault));
  }
}

async function proposeOne(
  evidence: Evidence,
  request: ProposalRequest,
  ports: ProposalPorts,
): Promise<Proposed> {
  const { spec } = evidence;
  const bench = { evidence, request, ports, veil: redactor(spec.visibility, ports.digest) };
  const { wishes, left } = await decide(bench);
  const moves: Move[] = [];
  const steps: PlannedStep[] = [];
  const leftAlone = [...left];
  for (const wish of wishes) {
    const made = wish.to === 'redis' ? toRedis(wish, bench) : toFile(wish, bench);
    if (made === undefined) continue;
    if ('why' in made) leftAlone.push(made);
    else {
      moves.push(made.move);
      steps.push(made.planned);
    }
  }
  if (steps.length === 0 && leftAlone.length === 0) leftAlone.push(...trouble(bench));
  return {
    spec,
    evidence,
    moves,
    outlook: { config: spec.name, key: spec.key, steps, left: leftAlone },
  };
}

/** That nothing is to be done doesn't say that all is well. */
function trouble(bench: Bench): readonly Left[] {
  const { evidence, request, veil } = bench;
  const { spec } = evidence;
  const finding = examine(evidence, veil).find(isObjection);
  if (finding !== undefined && isNobodysConcern(bench)) {
    const said = phrase`it is not sound (${code(vouch(finding.check))}), and is written only when it is named: it may differ, or be missing`;
    return [leave('not-chosen', finding.place, said, phrase`name it: ${code('--keys')} ${code(spec.name)}`)];
  }
  if (finding !== undefined) {
    const why = finding.claim === 'unchecked' ? 'unchecked' : 'refused';
    const said = phrase`nothing would change, and it is not sound (${code(vouch(finding.check))}): ${finding.phrase}`;
    return [leave(why, finding.place, said, finding.advice)];
  }
  if (request.only === undefined || !isOutOfStep(evidence)) return [];
  const said = phrase`it differs, but at none of the places that were chosen`;
  return [
    leave(
      'not-chosen',
      ROOT,
      said,
      phrase`look at the places that ${code('plan')} names without ${code('--only')}`,
    ),
  ];
}

const nothing: Decision = { wishes: [], left: [] };

async function decide(bench: Bench): Promise<Decision> {
  const { evidence, request } = bench;
  const { spec, observation } = evidence;
  if (observation.kind === 'unreadable') return { ...nothing, left: [unchecked(observation.fault)] };
  if (observation.kind === 'wrong-type') {
    const said = phrase`Redis holds a ${name(observation.type)} there, not a ${code(vouch(typeOf[spec.encoding]))}`;
    const advice = phrase`look at what it is; rename or remove the key, then plan again`;
    return { ...nothing, left: [leave('other-type', ROOT, said, advice)] };
  }
  if (isNobodysConcern(bench)) return nothing;
  switch (request.direction) {
    case 'fallback':
      return fromFallback(bench);
    case 'redis':
      return fromRedis(bench);
    case 'base-merge':
      return mergeOf(bench);
  }
}

/** What is expected to differ from its file, or not to be there, is written by whoever names it alone. */
function isNobodysConcern({ evidence, request }: Bench): boolean {
  const { spec, observation } = evidence;
  const isMissingRightly = !spec.required && observation.kind === 'absent';
  return (isMissingRightly || !spec.drift.watch) && !request.named.includes(spec.name);
}

function fromFallback(bench: Bench): Decision {
  const { evidence, request } = bench;
  const { live, fallback } = evidence;
  if (fallback.kind === 'missing' && fallback.tried.length === 0) return nothing;
  const wanted = soundFile(bench);
  if ('why' in wanted) return { ...nothing, left: [wanted] };
  const sides = { before: REDIS, after: FILE };
  if (!isSound(live)) {
    if (request.only === undefined)
      return { ...nothing, wishes: [{ to: 'redis', value: wanted.value, sides }] };
    const said =
      live === undefined
        ? phrase`there is no such key, so no places of it can be chosen`
        : phrase`what Redis holds is not sound JSON, so no places of it can be chosen`;
    return { ...nothing, left: [leave('unchecked', ROOT, said, phrase`leave out ${code('--only')}`)] };
  }
  const value = chosen(live.value, wanted.value, bench);
  if (
    request.keepsNewer === true &&
    !sameJson(value, live.value) &&
    mayBeNewer(live.value, wanted.value, bench)
  ) {
    const said = phrase`what Redis holds was saved later than the fallback, or nobody can tell`;
    return {
      ...nothing,
      left: [leave('not-chosen', ROOT, said, phrase`write over it with ${code('--force')}`)],
    };
  }
  return { ...nothing, wishes: [{ to: 'redis', value, sides }] };
}

function mayBeNewer(live: Json, file: Json, { evidence: { spec } }: Bench): boolean {
  const [saved, then] = [live, file].map((value) => savedAt(value, spec.freshness));
  return saved === undefined || then === undefined || saved > then;
}

/** Milliseconds since the epoch. */
function savedAt(value: Json, freshness: ConfigSpec['freshness']): number | undefined {
  const time = freshness && at(value, freshness.at);
  return typeof time === 'string' && isTimestamp(time) ? Date.parse(time) : undefined;
}

function fromRedis(bench: Bench): Decision {
  const { evidence, request } = bench;
  const { fallback, spec } = evidence;
  if (spec.fallback.length === 0) return nothing;
  const wanted = soundLive(bench);
  if ('why' in wanted) return { ...nothing, left: [wanted] };
  const sides = { before: FILE, after: REDIS };
  if (fallback.kind === 'missing' && request.only === undefined) {
    return { ...nothing, wishes: [{ to: 'file', value: wanted.value, sides }] };
  }
  const ours = soundFile(bench);
  if ('why' in ours) {
    // What is not JSON has no places that could be kept; what isn't there has none that could be chosen.
    const isReplaced = fallback.kind === 'read' && request.only === undefined;
    return isReplaced
      ? { ...nothing, wishes: [{ to: 'file', value: wanted.value, sides }] }
      : { ...nothing, left: [ours] };
  }
  return { ...nothing, wishes: [{ to: 'file', value: chosen(ours.value, wanted.value, bench), sides }] };
}
