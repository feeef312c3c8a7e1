import type { Decoded } from './decode.ts';
import type { Identity } from './difference.ts';
import type { Compatibility, Evolution, Matrix } from './evolution.ts';
import type { Reason, Severity } from './finding.ts';
import { isObject, type Json } from './json.ts';
import type { Known, Phrase } from './phrase.ts';
import type { Pattern, Pointer } from './pointer.ts';
import type { Visibility } from './redaction.ts';
import type { ServerEvidence } from './server.ts';

/** All that is asked of one config. */
export interface ConfigSpec {
  readonly name: Known;
  /** The whole Redis key, prefix included, as it may be printed. */
  readonly key: Known;
  /** The key itself. It differs from `key` only where a pattern found it whose names are hidden. */
  readonly storedKey: string;
  readonly encoding: Encoding;
  /** Candidate files in order of preference, relative to the workspace; the first that exists is used. */
  readonly schema: readonly Known[];
  readonly fallback: readonly Known[];
  readonly required: boolean;
  /** Whether `{}` is a sound value. */
  readonly empty: 'allow' | 'refuse';
  readonly drift: DriftRule;
  /** Arrays whose items have an identity: it must be unique, and drift follows the item instead of the index. */
  readonly identity: readonly Identity[];
  /** Where the time of the last save stands; absent when the config has none. */
  readonly freshness?: FreshnessRule;
  /** Objects whose members are login tokens with `expires_at`, `consumed` and `single_use`. */
  readonly tokens?: Pattern;
  readonly visibility: Visibility;
  /** Which way its schema may change. */
  readonly compatibility: Compatibility;
  /** Folder of its cases: values that are known to be valid or invalid. One that somebody named has to be there. */
  readonly cases: { readonly folder: Known; readonly isNamed: boolean };
  /** By the id of a check: how loud it is, whatever it says of itself. What is unchecked stays an error. */
  readonly severities: ReadonlyMap<string, Severity | 'off'>;
  readonly exceptions: readonly Exception[];
}

/** How a config lies in Redis. */
export const encodings = ['json', 'hash', 'hash-json', 'redisjson'] as const;
/**
 * `json` a string that holds one JSON document; `hash` a Redis hash whose values are strings; `hash-json` one whose
 * values are JSON documents each; `redisjson` a document of the module RedisJSON.
 */
export type Encoding = (typeof encodings)[number];

/** Findings that somebody has looked at and lets stand. */
export interface Exception {
  readonly check: string;
  /** Places that it holds for, with all that is below them; the root for the whole config. */
  readonly at: Pattern;
  readonly reason: Known;
  /** Milliseconds since the epoch: from then on it holds no longer. Absent when it holds for good. */
  readonly until?: number;
}

export interface DriftRule {
  readonly watch: boolean;
  readonly ignore: readonly Pattern[];
}

export interface FreshnessRule {
  readonly at: Pointer;
  /** Whether every save writes it, so that its absence is worth a word. */
  readonly expected: boolean;
  /** Milliseconds; absent when any age will do. */
  readonly maxAge?: number;
}

/** Something that went wrong at an edge, worded for the person who has to mend it. */
export interface Fault {
  readonly reason: Reason;
  readonly phrase: Phrase;
  readonly advice: Phrase;
}

/** What a store knows of one key. A value that could not be read is not an empty value. */
export type Observation =
  | { readonly kind: 'present'; readonly bytes: Uint8Array /** Milliseconds. */; readonly ttl?: number }
  /** A hash. Names and values are the bytes that they are; the order says nothing. */
  | {
      readonly kind: 'fields';
      readonly fields: readonly Field[] /** Milliseconds. */;
      readonly ttl?: number;
    }
  | { readonly kind: 'absent' }
  | { readonly kind: 'wrong-type'; readonly type: string }
  | { readonly kind: 'unreadable'; readonly fault: Fault }
  /** Nobody wanted to know: only files are reviewed. */
  | { readonly kind: 'unasked' };

/** One field of a Redis hash. */
export interface Field {
  readonly name: Uint8Array;
  readonly value: Uint8Array;
}

/** What else is in the store that looks like an absent key. */
export type Neighbours =
  | {
      readonly kind: 'found';
      readonly names: readonly string[] /** By key, the other databases that hold it. */;
      readonly databases: ReadonlyMap<string, readonly number[]>;
    }
  | { readonly kind: 'unknown'; readonly fault: Fault };

/** One way in which a value breaks its schema. */
export interface Violation {
  readonly pointer: Pointer;
  readonly keyword: string;
  /** The failing keyword in the schema document. */
  readonly schemaPointer: Pointer;
  /** What the keyword asked for, as the validator tells it; holds names, bounds and counts, no values. */
  readonly params: Readonly<Record<string, unknown>>;
  /** The objection is to the name of the member at `pointer`, not to its value. */
  readonly aboutName?: true;
  /** Of a failed `anyOf` or `oneOf`: what each branch objected to. */
  readonly branches?: readonly (readonly Violation[])[];
}

export type Validate = (value: Json) => readonly Violation[];

/** A file that should hold JSON. */
export type FileEvidence =
  | { readonly kind: 'read'; readonly path: Known; readonly decoded: Decoded }
  | { readonly kind: 'missing'; readonly tried: readonly Known[] }
  | { readonly kind: 'unreadable'; readonly path: Known; readonly why: Known };

/** Why a schema can't be used, and where in it. */
export interface Unusable {
  readonly why: Phrase;
  readonly pointer: Pointer;
  /** UTF-16 units into the text, when the file is not JSON. */
  readonly offset?: number;
}

/** A keyword or format that the validator passes over. */
export interface SchemaNote {
  readonly what: Known;
  readonly pointer: Pointer;
}

/** A schema file, as far as it could be used. */
export type SchemaEvidence =
  | {
      readonly kind: 'compiled';
      readonly path: Known;
      readonly text: string;
      readonly document: Json;
      readonly validate: Validate;
      /** It is one that ships with the guardian, to the letter. */
      readonly shipped: boolean;
      /** What the validator will not look at (unknown keywords and formats). */
      readonly notes: readonly SchemaNote[];
    }
  | ({ readonly kind: 'broken'; readonly path: Known; readonly text: string } & Unusable)
  | Exclude<FileEvidence, { readonly kind: 'read' }>;

/** The file that was read or should have been; where there is none, the first that was looked for. */
export function pathOf(file: FileEvidence | SchemaEvidence): Known | undefined {
  return file.kind === 'missing' ? file.tried[0] : file.path;
}

/** True when the value is `{}` where that counts as no configuration: said once, it says all. */
export function isVoid({ empty }: Pick<ConfigSpec, 'empty'>, value: Json): boolean {
  return empty === 'refuse' && isObject(value) && Object.keys(value).length === 0;
}

/** All that is known of one config when it is judged. */
export interface Evidence {
  readonly spec: ConfigSpec;
  readonly observation: Observation;
  /** The live value as far as it could be read; absent unless the key is present. */
  readonly live?: Decoded;
  readonly fallback: FileEvidence;
  readonly schema: SchemaEvidence;
  /** Looked for only when the key is absent. */
  readonly neighbours?: Neighbours;
  /** What the change under review started from; absent when none is reviewed. */
  readonly base?: Base;
  /** Earlier versions of the fallback, where Redis and the file differ and there is a history to look into. */
  readonly past?: Past;
  /** What the server tells of itself; absent when nobody asked. */
  readonly server?: ServerEvidence;
  /** What the application itself says of the value, where the store is the application. */
  readonly opinion?: Opinion;
  /** Values that are known to be valid or invalid, to be held against the schema. */
  readonly cases?: readonly CaseEvidence[];
  /** Milliseconds since the epoch. */
  readonly now: number;
}

/** What somebody else's verification says of a value. */
export interface Opinion {
  readonly isValid: boolean;
  /** Foreign prose: it may quote the value. */
  readonly message: string;
}

/** A file of a config's cases. */
export type CaseEvidence =
  | {
      readonly kind: 'known';
      readonly path: Known;
      readonly expected: 'valid' | 'invalid';
      readonly value: Json;
    }
  | { readonly kind: 'broken'; readonly path: Known; readonly why: Phrase };

/** The files of a config as they were when the change began. */
export type Base =
  | {
      readonly kind: 'known';
      readonly schema: SchemaEvidence;
      readonly fallback: FileEvidence;
      /** Absent where the schemas ask for the same, or one of them can't be used. */
      readonly evolution?: { readonly comparison: Evolution; readonly matrix: Matrix };
    }
  /** There is nothing that it could have started from. */
  | { readonly kind: 'nothing'; readonly said: Phrase }
  | { readonly kind: 'unknown'; readonly fault: Fault };

/** Versions of a fallback file that were JSON, the newest first. */
export type Past =
  | {
      readonly kind: 'known';
      readonly versions: readonly {
        readonly commit: Known;
        /** Milliseconds since the epoch. */
        readonly at: number;
        readonly value: Json;
      }[];
      /** There were no earlier ones. */
      readonly isAll: boolean;
    }
  | { readonly kind: 'unknown'; readonly said: Phrase };
