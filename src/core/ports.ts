import type { Neighbours, Observation, SchemaNote, Unusable, Validate } from './evidence.ts';
import type { Json } from './json.ts';
import type { Known, Phrase } from './phrase.ts';
import type { Posted } from './sticky.ts';

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

/** Where people talk about the repository: GitHub. Every method may throw a `ForgeFault`. */
export interface Forge {
  /** The login that our token writes under. */
  viewer(): Promise<string>;
  /** All comments of a pull request. */
  comments(pullRequest: number): Promise<readonly Posted[]>;
  comment(pullRequest: number, body: string): Promise<Posted>;
  editComment(id: number, body: string): Promise<void>;
  /** Done as well when it is gone already. */
  removeComment(id: number): Promise<void>;
  /** All issues with that label, open and closed; their `id` is their number. */
  issues(label: string): Promise<readonly PostedIssue[]>;
  openIssue(issue: Pick<PostedIssue, 'title' | 'body'>, label: string): Promise<PostedIssue>;
  editIssue(number: number, changes: IssueChanges): Promise<void>;
  /** A comment on an issue. */
  say(number: number, body: string): Promise<void>;
  /** The numbers of the open pull requests whose head this is. */
  pullRequestsOf(head: Head): Promise<readonly number[]>;
}

export interface PostedIssue extends Posted {
  readonly title: string;
  readonly isOpen: boolean;
  readonly labels: readonly string[];
}

export interface IssueChanges {
  readonly title?: string;
  readonly body?: string;
  readonly state?: 'open' | 'completed' | 'not_planned';
}

/** A commit on a branch, perhaps of a fork. */
export interface Head {
  /** Login of the owner of the repository that the branch is in. */
  readonly owner: string;
  readonly branch: string;
  readonly sha: string;
}

/** GitHub refused, failed or didn't answer. */
export class ForgeFault extends Error {
  /**
   * `gone` what was to be changed isn't there; `too-long` the text is; `uncertain` it may have been done all the
   * same; `final` nothing of these.
   */
  readonly kind: ForgeFaultKind;
  readonly said: Phrase;
  readonly advice: Phrase;

  constructor(kind: ForgeFaultKind, said: Phrase, advice: Phrase) {
    super('GitHub');
    this.name = 'ForgeFault';
    this.kind = kind;
    this.said = said;
    this.advice = advice;
  }
}

export type ForgeFaultKind = 'gone' | 'too-long' | 'uncertain' | 'final';
