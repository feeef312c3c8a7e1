/**
 * What `reconcile` is going to do, as it is written into a file and approved. It holds no values: digests say what was
 * seen and what is to be there, and whoever applies it derives the values again.
 */
export interface Plan {
  readonly format: 'redis-config-guardian/plan';
  readonly version: 1;
  /** `sha256:` and 64 hexadecimal digits: of all the rest. */
  readonly hash: string;
  /** ISO 8601, in UTC. */
  readonly createdAt: string;
  /** From then on it isn't applied any more. */
  readonly expiresAt: string;
  readonly target: PlanTarget;
  readonly direction: Direction;
  readonly choice: Choice;
  readonly digests: DigestRule;
  readonly steps: readonly Step[];
  /** What differs and stays so. */
  readonly leftAlone: readonly LeftAlone[];
}

/** Which side is right: the fallback, Redis, or both for what each has changed since they were the same. */
export const directions = ['fallback', 'redis', 'base-merge'] as const;
export type Direction = (typeof directions)[number];

/** Where the plan holds. What the server keeps to itself is null. */
export interface PlanTarget {
  /** Without credentials. */
  readonly url: string;
  /** `host:port` or what stands for it. */
  readonly address: string;
  readonly database: number;
  /** Digest of the run ids. */
  readonly run: string | null;
  /** Digest of the replication ids. */
  readonly replication: string | null;
}

/** What was asked for. */
export interface Choice {
  /** Names of configs; empty for all. */
  readonly keys: readonly string[];
  /** JSON Pointers; empty for the whole of each. */
  readonly only: readonly string[];
  /** The commit, branch or tag that both sides began with, when it was named. */
  readonly base: string | null;
  /** Secrets may be written into files. */
  readonly includeSecrets: boolean;
}

/** How digests are made: HMAC-SHA-256 under a key. */
export interface DigestRule {
  /** Whether the key is the one of `digest-key`; else it is the salt, and who has the plan can try out values. */
  readonly isKeyed: boolean;
  /** In base64; mixed into every digest. */
  readonly salt: string;
  /** Digest of nothing, so that another key is told from values that have moved. */
  readonly check: string;
}

export type Step = RedisStep | FileStep;

export interface RedisStep {
  readonly to: 'redis';
  readonly config: string;
  readonly key: string;
  readonly before: KeySight;
  /** Of what is to be there, but for the time of the last save, which is that of the writing. */
  readonly after: Weighed;
  /** Of a merge, the commit that both sides began with. */
  readonly base: string | null;
}

export const keyTypes = ['string', 'hash', 'ReJSON-RL'] as const;
export type KeyType = (typeof keyTypes)[number];

/** A key as it was seen. */
export type KeySight =
  | { readonly type: 'none' }
  | (Weighed & {
      /** As Redis calls it. */
      readonly type: KeyType;
      /** ISO 8601: when it goes by itself; null when it doesn't. */
      readonly goesAt: string | null;
    });

export interface FileStep {
  readonly to: 'file';
  readonly config: string;
  /** Relative to the workspace. */
  readonly path: string;
  readonly before: Weighed | { readonly type: 'none' };
  readonly after: Weighed;
  readonly base: string | null;
}

/** Bytes, by their number and their digest. */
export interface Weighed {
  readonly bytes: number;
  readonly digest: string;
}

export interface LeftAlone {
  readonly config: string;
  readonly key: string;
  readonly why: LeaveReason;
  /** JSON Pointer, as it may be printed. */
  readonly place: string;
}

/**
 * `conflict` both sides changed it; `refused` the schema doesn't allow what would be there; `unchecked` it can't be
 * read or judged; `secret` secrets aren't written into files; `nothing-to-write` the right side has no value;
 * `other-type` Redis holds another type there; `not-chosen` it isn't as it should be, and nobody chose it.
 */
export const leaveReasons = [
  'conflict',
  'refused',
  'unchecked',
  'secret',
  'nothing-to-write',
  'other-type',
  'not-chosen',
] as const;
export type LeaveReason = (typeof leaveReasons)[number];
