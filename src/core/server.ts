import type { Fault } from './evidence.ts';
import type { Known } from './phrase.ts';

/** What a server tells of itself, for whoever asks why a config vanished. */
export type ServerEvidence =
  | { readonly kind: 'known'; readonly server: ServerFacts }
  /** It could not be asked at all. */
  | { readonly kind: 'unknown'; readonly fault: Fault };

export interface ServerFacts {
  readonly product: 'redis' | 'valkey' | 'unknown';
  /** `7.0.15`; absent when it doesn't tell. */
  readonly version?: Known;
  readonly mode: 'standalone' | 'cluster' | 'sentinel' | 'unknown';
  /** The servers that hold keys: one, or the primaries of a cluster. */
  readonly nodes: readonly NodeFacts[];
  /** Whether all slots of a cluster are served; absent when it is none, or doesn't tell. */
  readonly isClusterWhole?: boolean;
  /**
   * Commands that a node refused, so that what they would have told is unknown; INFO stands for all of them where it
   * could not be asked. The fault names the node.
   */
  readonly hidden: readonly { readonly command: Known; readonly fault: Fault }[];
}

/** Each fact is absent when the server doesn't tell it. */
export interface NodeFacts {
  /** `host:port`. */
  readonly address: Known;
  readonly role?: 'primary' | 'replica';
  /** Of a replica: the link to its primary. */
  readonly replication?: {
    readonly isUp: boolean;
    /** Seconds since it heard of its primary. */
    readonly silence?: number;
    /** Bytes that it is behind. */
    readonly lag?: number;
  };
  readonly isLoading?: boolean;
  /** Seconds. */
  readonly uptime?: number;
  readonly snapshots?: {
    /** The points at which it saves by itself, as CONFIG GET save tells them; empty when it never does. */
    readonly points?: Known;
    readonly isLastSaveGood?: boolean;
    /** Milliseconds since the epoch; absent when it has never saved since it started. */
    readonly lastSave?: number;
    /** Changes since then. */
    readonly unsaved?: number;
  };
  readonly log?: {
    /** Whether the append-only file is on. */
    readonly isOn: boolean;
    readonly isLastWriteGood?: boolean;
    readonly isLastRewriteGood?: boolean;
  };
  readonly memory?: {
    readonly policy?: Known;
    /** Bytes; 0 when there is no limit. */
    readonly limit?: number;
    readonly used?: number;
    /** Keys evicted since it started. */
    readonly evicted?: number;
  };
  /** Keys by number of the database. */
  readonly databases?: ReadonlyMap<number, number>;
}
