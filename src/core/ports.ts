import type { Neighbours, Observation, SchemaNote, Unusable, Validate } from './evidence.ts';
import type { Json } from './json.ts';
import type { Known } from './phrase.ts';

/** Where live values are read from. Expected failures are answers, not exceptions. */
export interface Store {
  /** What is read, without credentials: `redis://127.0.0.1:6379/0`. */
  readonly target: Known;
  /** One observation per key, in the order of the keys, consistent with each other. */
  read(keys: readonly Known[]): Promise<readonly Observation[]>;
  /** Key names that pass `similar`, and the other databases that hold one of `keys`. */
  find(keys: readonly Known[], similar: (name: string) => boolean): Promise<Neighbours>;
}

/** The files of the workspace. */
export interface Files {
  read(path: Known): Promise<FileContent>;
}

export type FileContent =
  | { readonly kind: 'read'; readonly bytes: Uint8Array }
  | { readonly kind: 'missing' }
  | { readonly kind: 'unreadable'; readonly why: Known };

/** Makes validators of JSON Schemas (draft-07, 2019-09, 2020-12, by `$schema`). */
export interface SchemaCompiler {
  compile(text: string, document: Json): Promise<Compiled>;
}

export type Compiled =
  | {
      readonly ok: true;
      readonly validate: Validate;
      readonly shipped: boolean;
      readonly notes: readonly SchemaNote[];
    }
  | ({ readonly ok: false } & Unusable);
