import { choose } from './core/choosing.ts';
import { type Decoded, wordFlaw } from './core/decode.ts';
import type { Sides } from './core/divergence.ts';
import { type ConfigSpec, type Evidence, type Fault, pathOf } from './core/evidence.ts';
import type { Json } from './core/json.ts';
import type { PatternSpec } from './core/key-pattern.ts';
import { code, type Known, type Phrase, phrase } from './core/phrase.ts';
import type { Direction, LeaveReason, Weighed } from './core/plan.ts';
import type { Pointer } from './core/pointer.ts';
import type { Repo } from './core/ports.ts';
import type { Left } from './core/proposal.ts';
import type { Digest, Place, Redactor } from './core/redaction.ts';
import type { Sources } from './gather.ts';

/** What reconciling works with: what was asked for, what is known of one config, and what it is wished to become. */

export interface ProposalRequest {
  readonly specs: readonly ConfigSpec[];
  readonly patterns: readonly PatternSpec[];
  readonly direction: Direction;
  /** Names of configs that were asked for one by one. */
  readonly named: readonly string[];
  /** Places that may change; absent for all. */
  readonly only?: readonly Pointer[];
  /** Of a merge, what both sides began with, where it was named. */
  readonly base?: string;
  /** The same of a key and its file, where a plan has settled it: it holds whatever is nearer by now. */
  readonly settledBase?: (key: string, path: Known) => Known | undefined;
  readonly includesSecrets: boolean;
  /** What is live is written over only where its last save is known to be no later than that of the fallback. */
  readonly keepsNewer?: boolean;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

export interface ProposalPorts extends Sources {
  readonly digest: Digest;
  readonly weigh: (bytes: Uint8Array) => Weighed;
  /** A larger value is one that nobody reads. */
  readonly maxBytes: number;
  readonly repo?: Repo;
}

export const ROOT = '' as Place;

export function leave(why: LeaveReason, place: Place, said: Phrase, advice?: Phrase): Left {
  return { why, place, phrase: said, ...(advice === undefined ? {} : { advice }) };
}

export function unchecked({ phrase: said, advice }: Fault): Left {
  return leave('unchecked', ROOT, said, advice);
}

/** What one config is worked on with. */
export interface Bench {
  readonly evidence: Evidence;
  readonly request: ProposalRequest;
  readonly ports: ProposalPorts;
  readonly veil: Redactor;
}

export type Decision = { readonly wishes: readonly Wish[]; readonly left: readonly Left[] };

/** A value that one side is to have. */
export interface Wish {
  readonly to: 'redis' | 'file';
  readonly value: Json;
  readonly sides: Sides;
  /** Of a merge, the commit that both sides began with. */
  readonly base?: Known;
  readonly remarks?: readonly Phrase[];
}

export const REDIS = phrase`Redis`;
export const FILE = phrase`the fallback`;

/** Brings what is wanted into one side, at the places that count and were chosen. */
export function chosen(
  ours: Json,
  wanted: Json,
  { evidence, request }: Pick<Bench, 'evidence' | 'request'>,
): Json {
  const { drift, identity } = evidence.spec;
  const only = request.only === undefined ? {} : { only: request.only };
  return choose(ours, wanted, { ignore: drift.ignore, identity, ...only });
}

type Sound = Extract<Decoded, { readonly ok: true }>;

export function isSound(decoded: Decoded | undefined): decoded is Sound {
  return decoded?.ok === true && decoded.flaws.length === 0;
}

/** The fallback, if it is there to be trusted. */
export function soundFile({ evidence: { fallback } }: Pick<Bench, 'evidence'>): Sound | Left {
  switch (fallback.kind) {
    case 'missing': {
      const path = pathOf(fallback);
      const said =
        path === undefined
          ? phrase`it has no fallback file`
          : phrase`there is no fallback file ${code(path)}`;
      return leave('nothing-to-write', ROOT, said, phrase`write it from Redis: ${code('--from redis')}`);
    }
    case 'unreadable': {
      const said = phrase`the fallback file ${code(fallback.path)} cannot be read: ${code(fallback.why)}`;
      return leave('unchecked', ROOT, said, phrase`check its permissions`);
    }
    case 'read': {
      if (isSound(fallback.decoded)) return fallback.decoded;
      const why = wordFlaw(fallback.decoded.flaws[0]);
      return leave(
        'unchecked',
        ROOT,
        phrase`the fallback ${code(fallback.path)}: ${why}`,
        phrase`mend the file`,
      );
    }
  }
}

/** What is live, if it is there and sound. */
export function soundLive({ evidence: { live } }: Pick<Bench, 'evidence'>): Sound | Left {
  const advice = phrase`write the fallback to Redis: ${code('--from fallback')}`;
  if (live === undefined)
    return leave('nothing-to-write', ROOT, phrase`there is no such key in Redis`, advice);
  if (isSound(live)) return live;
  return leave('unchecked', ROOT, phrase`what Redis holds: ${wordFlaw(live.flaws[0])}`, advice);
}
