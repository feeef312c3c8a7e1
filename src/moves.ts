import {
  asObserved,
  bytesOf,
  contentOf,
  sizeOf,
  typeOf,
  utf8Of,
  withoutSaveTime,
  withSaveTime,
} from './core/content.ts';
import { type Decoded, decodeText } from './core/decode.ts';
import { difference } from './core/difference.ts';
import { placeOfDifference, type Sides, wordDifference } from './core/divergence.ts';
import { type ConfigSpec, type Observation, pathOf } from './core/evidence.ts';
import { decodeObservation } from './core/fields.ts';
import type { Finding } from './core/finding.ts';
import type { Json } from './core/json.ts';
import { rewriteJson } from './core/json-text.ts';
import { code, count, type Known, phrase, vouch } from './core/phrase.ts';
import type { FileStep, KeySight, RedisStep } from './core/plan.ts';
import type { Content, FileBytes, Held } from './core/ports.ts';
import type { Left, PlannedStep } from './core/proposal.ts';
import { touchesSecret } from './core/secrecy.ts';
import { examine, mayHoldSecrets } from './examine.ts';

import { type Bench, isSound, leave, ROOT, type Wish } from './wish.ts';

/** From what a side is wished to become to what is written there, if nothing speaks against it. */

export type Move = RedisMove | FileMove;

export interface RedisMove {
  readonly step: RedisStep;
  readonly spec: ConfigSpec;
  readonly expected: Held;
  /** What is to be written at that time (milliseconds since the epoch), or why it may not be. */
  next(savedAt: number): Content | Left;
}

export interface FileMove {
  readonly step: FileStep;
  readonly path: Known;
  readonly before: FileBytes;
  readonly next: Uint8Array;
}

export interface Made<M extends Move> {
  readonly move: M;
  readonly planned: PlannedStep;
}

export function toRedis(
  { value, sides, base, remarks = [] }: Wish,
  bench: Bench,
): Made<RedisMove> | Left | undefined {
  const { evidence, request, ports } = bench;
  const { spec, observation, live } = evidence;
  if (observation.kind !== 'present' && observation.kind !== 'fields' && observation.kind !== 'absent')
    return undefined;
  const changes = isSound(live)
    ? changesBetween(live.value, value, sides, bench)
    : [wholly(value, observation.kind === 'absent', bench)];
  if (changes.length === 0) return undefined;
  const next = (savedAt: number): Content | Left => written(value, savedAt, bench);
  const trial = next(request.now);
  if ('why' in trial) return trial;
  const step: RedisStep = {
    to: 'redis',
    config: spec.name,
    key: spec.storedKey,
    before: sightOf(observation, bench),
    after: ports.weigh(withoutSaveTime(value, spec.freshness)),
    base: base ?? null,
  };
  const told = writesOverSecret(isSound(live) ? live.value : undefined, value, bench)
    ? [...remarks, phrase`warning: a secret in Redis would be written over, with what the file has`]
    : remarks;
  return { move: { step, spec, expected: observation, next }, planned: { step, changes, remarks: told } };
}

/** What would lie in Redis, when every check agrees that it may. */
function written(value: Json, savedAt: number, bench: Bench): Content | Left {
  const { spec, observation } = bench.evidence;
  const stamped = withSaveTime(value, spec.freshness, savedAt);
  const content = contentOf(stamped, spec.encoding, observation);
  if (content === undefined) return unfit(bench);
  const { maxBytes } = bench.ports;
  if (sizeOf(content) > maxBytes) {
    const said = phrase`it would have more than the ${count(maxBytes, 'byte')} that are read of a value`;
    return leave(
      'unchecked',
      ROOT,
      said,
      phrase`raise ${code('max-bytes')} if a configuration can be that large`,
    );
  }
  return objection(asObserved(content, observation), savedAt, bench) ?? content;
}

function unfit({ evidence: { spec } }: Bench): Left {
  const said = phrase`a key of the encoding ${code(vouch(spec.encoding))} can't hold such a value`;
  return leave('refused', ROOT, said, phrase`mend the fallback, or the ${code('encoding')} of the config`);
}

/** What the checks have against a value that isn't there yet. */
function objection(observation: Observation, now: number, { evidence, veil }: Bench): Left | undefined {
  const { neighbours: _neighbours, opinion: _opinion, ...rest } = evidence;
  const live = decodeObservation(observation, evidence.spec.encoding);
  const judged = { ...rest, spec: strictly(evidence.spec), observation, now };
  const findings = examine(live === undefined ? judged : { ...judged, live }, veil);
  const finding = findings.find(isObjection);
  if (finding === undefined) return undefined;
  const why = finding.claim === 'unchecked' ? 'unchecked' : 'refused';
  const said =
    why === 'refused'
      ? phrase`it would be INVALID (${code(vouch(finding.check))}): ${finding.phrase}`
      : phrase`nobody can tell whether it would be valid: ${finding.phrase}`;
  return leave(why, finding.place, said, finding.advice);
}

/** How loud a report is says nothing of what may be written. */
function strictly(spec: ConfigSpec): ConfigSpec {
  const isOfValue = (check: string) => check === 'shape' || check === 'encoding';
  return {
    ...spec,
    severities: new Map([...spec.severities].filter(([check]) => !isOfValue(check))),
    exceptions: spec.exceptions.filter(({ check }) => !isOfValue(check)),
  };
}

export function isObjection({ claim, severity }: Finding): boolean {
  return (claim === 'invalid' && severity === 'error') || (claim === 'unchecked' && severity !== 'notice');
}

function sightOf(held: Held, { request, ports, evidence }: Bench): KeySight {
  if (held.kind === 'absent') return { type: 'none' };
  const goesAt = held.ttl === undefined ? null : new Date(request.now + held.ttl).toISOString();
  return { type: typeOf[evidence.spec.encoding], ...ports.weigh(bytesOf(held)), goesAt };
}

export function toFile(
  { value, sides, base, remarks = [] }: Wish,
  bench: Bench,
): Made<FileMove> | Left | undefined {
  const { evidence, ports } = bench;
  const { spec, fallback } = evidence;
  const path = pathOf(fallback);
  if (path === undefined || fallback.kind === 'unreadable') return undefined;
  const file = fallback.kind === 'read' ? fallback.decoded : undefined;
  const changes = isSound(file)
    ? changesBetween(file.value, value, sides, bench)
    : [wholly(value, file === undefined, bench)];
  if (changes.length === 0) return undefined;
  const text = isSound(file) ? rewriteJson(file.text, value) : `${JSON.stringify(value, null, 2)}\n`;
  const refusal =
    secretIn(isSound(file) ? file.value : undefined, value, bench) ??
    unwritable(path, file) ??
    invalid(value, { path, decoded: decodeText(text) }, bench);
  if (refusal !== undefined) return refusal;
  const before: FileBytes =
    file?.text === undefined ? { kind: 'absent' } : { kind: 'present', bytes: utf8Of(file.text) };
  const next = utf8Of(text);
  const step: FileStep = {
    to: 'file',
    config: spec.name,
    path,
    before: before.kind === 'absent' ? { type: 'none' } : ports.weigh(before.bytes),
    after: ports.weigh(next),
    base: base ?? null,
  };
  return { move: { step, path, before, next }, planned: { step, changes, remarks } };
}

/** A fallback has to be what Redis may hold. */
function invalid(
  value: Json,
  file: { readonly path: Known; readonly decoded: Decoded },
  bench: Bench,
): Left | undefined {
  const content = contentOf(value, bench.evidence.spec.encoding, { kind: 'absent' });
  if (content === undefined) return unfit(bench);
  const evidence = { ...bench.evidence, fallback: { kind: 'read', ...file } as const };
  return objection(asObserved(content, { kind: 'absent' }), bench.request.now, { ...bench, evidence });
}

function unwritable(path: Known, file: Decoded | undefined): Left | undefined {
  if (file !== undefined && file.text === undefined) {
    const said = phrase`the fallback ${code(path)} is no text that could be written over`;
    return leave('unchecked', ROOT, said, phrase`move the file away`);
  }
  if (!/\{[1-9]\}/.test(path)) return undefined;
  const said = phrase`the name of its file would hold what no name of a file may hold`;
  return leave('nothing-to-write', ROOT, said, phrase`write the fallback by hand`);
}

/** What is gone from Redis may be nowhere else. */
function writesOverSecret(live: Json | undefined, value: Json, { evidence: { spec } }: Bench): boolean {
  if (live === undefined || !mayHoldSecrets(spec)) return false;
  const lost = difference(value, live, { ignore: [], identity: spec.identity });
  return lost.some((item) => touchesSecret(item, spec.visibility) !== undefined);
}

/** Secrets have no place in git. One that is in the file already stays. */
function secretIn(file: Json | undefined, value: Json, bench: Bench): Left | undefined {
  const { evidence, request, veil } = bench;
  const { visibility, identity } = evidence.spec;
  if (request.includesSecrets || !mayHoldSecrets(evidence.spec)) return undefined;
  const found = file === undefined ? undefined : difference(file, value, { ignore: [], identity });
  const place =
    found === undefined
      ? []
      : found.map((item) => touchesSecret(item, visibility)).find((at) => at !== undefined);
  if (place === undefined) return undefined;
  return leave(
    'secret',
    veil.place(place),
    phrase`it holds secrets that the file has not, and files are for everyone to read`,
    phrase`choose other places with ${code('--only')}, or write them all the same with ${code('--include-secrets')}`,
  );
}

function changesBetween(
  before: Json,
  after: Json,
  sides: Sides,
  { evidence, veil }: Bench,
): PlannedStep['changes'] {
  const { identity } = evidence.spec;
  return difference(before, after, { ignore: [], identity }).map((item) => ({
    place: veil.place(placeOfDifference(item)),
    phrase: wordDifference(item, sides, identity, veil),
  }));
}

function wholly(value: Json, isNew: boolean, { veil }: Bench): PlannedStep['changes'][number] {
  const why = isNew ? phrase`nothing is there yet` : phrase`what is there is not sound JSON`;
  return { place: ROOT, phrase: phrase`${why}; all of it is written: ${veil.value([], value)}` };
}
