import type {
  Encoding,
  Fault,
  Field,
  Neighbours,
  Observation,
  Opinion,
  SchemaNote,
  Unusable,
  Validate,
} from './evidence.ts';
import type { Json } from './json.ts';
import type { KeyPattern } from './key-pattern.ts';
import type { Known, Phrase } from './phrase.ts';
import type { ServerEvidence } from './server.ts';
import type { Posted } from './sticky.ts';

/** Where live values are read from. Expected failures are answers, not exceptions. */
export interface Store {
  /** What is read, without credentials: `redis://127.0.0.1:6379/0`. */
  readonly target: Known;
  /** Nobody wants to know what is in it: only files are reviewed. */
  readonly isUnasked?: true;
  /** One sighting per key, in the order of the keys, consistent with each other (in a cluster: per slot). */
  read(asked: readonly Asked[]): Promise<readonly Sighting[]>;
  /**
   * All keys that match, each once, in batches as they come: memory stays bounded by the names. Throws a `StoreFault`
   * when it can't be ended; what was told until then holds.
   */
  scan(request: ScanRequest): AsyncIterable<readonly FoundKey[]>;
  /** Key names that pass `similar`, and the other databases that hold one of `keys`. */
  find(keys: readonly string[], similar: (name: string) => boolean): Promise<Neighbours>;
  /** What the server tells of itself. Whatever it keeps to itself is unknown. */
  audit(): Promise<ServerEvidence>;
}

/** A store of one server or cluster that can be told from others. */
export interface KnownStore extends Store {
  /** Who answers there. Throws a `StoreFault` when nobody does; what is kept from us is absent. */
  identify(): Promise<StoreIdentity>;
}

export interface StoreIdentity {
  /** `host:port` of the URL, the path of a socket, or the Sentinels and the name of the primary. */
  readonly address: Known;
  readonly database: number;
  /** The run ids of the servers that hold keys, sorted: each start has its own. */
  readonly runs?: readonly string[];
  /** Their replication ids, sorted: a replica has that of its primary. */
  readonly replications?: readonly string[];
  /** What is written to a replica, if it lets itself be written to, is lost. Absent when it doesn't tell. */
  readonly isReplica?: boolean;
}

/** One that can be written to, in one way: where it still holds what was seen. */
export interface WritableStore extends KnownStore {
  /**
   * One answer per swap, in their order. On one server (in a cluster: in one slot) all of them are done in one instant
   * or none is. The time to live of a key stays as it is; a new key has none.
   */
  swap(swaps: readonly Swap[]): Promise<readonly Swapped[]>;
}

export interface Swap extends Asked {
  /** What has to be there: to the byte, and of its time to live whether it has one. */
  readonly expected: Held;
  readonly next: Content;
}

/** What a key held when somebody looked, if anything. */
export type Held = Extract<Observation, { readonly kind: 'present' | 'fields' | 'absent' }>;

/** What a key is to hold; absent when it is to be removed. */
export type Content =
  | { readonly kind: 'present'; readonly bytes: Uint8Array }
  | { readonly kind: 'fields'; readonly fields: readonly Field[] }
  | { readonly kind: 'absent' };

/** What a file holds, if it is there. */
export type FileBytes = Exclude<Content, { readonly kind: 'fields' }>;

export type Swapped =
  /** Done. `found` is what was read back in the same instant. */
  | { readonly kind: 'swapped'; readonly found: Observation }
  /** Not done: something else was there. */
  | { readonly kind: 'moved'; readonly found: Observation }
  /** Not done: the server doesn't let us. */
  | { readonly kind: 'refused'; readonly fault: Fault }
  /** Not done, for the sake of another key that would have had to be done in the same instant. */
  | { readonly kind: 'held' }
  /** Nobody can tell: the connection was lost, and what there is can't be read either. */
  | { readonly kind: 'uncertain'; readonly fault: Fault };

/** One key that is asked for. */
export interface Asked {
  /** Name of the config. */
  readonly name: Known;
  readonly key: string;
  readonly encoding: Encoding;
}

export interface Sighting {
  readonly observation: Observation;
  /** Where the store judges too. */
  readonly opinion?: Opinion;
}

export interface ScanRequest {
  readonly pattern: KeyPattern;
  readonly encoding: Encoding;
  /** Keys that are somebody else's are passed over unread. */
  readonly isOurs: (key: string) => boolean;
  /** Keys at the most; a store that finds more throws a `StoreFault` of the reason `too-large` after so many. */
  readonly most: number;
}

export interface FoundKey extends Sighting {
  readonly key: string;
}

/** A store that can't go on, and why. */
export class StoreFault extends Error {
  readonly fault: Fault;

  constructor(fault: Fault) {
    super('store');
    this.name = 'StoreFault';
    this.fault = fault;
  }
}

/** Every key of a place, whatever its type. Nothing is written. */
export interface Trove {
  /** Without credentials. */
  readonly target: Known;
  /** How many keys there are, roughly; absent when it can't be known. Throws a `StoreFault` when nobody answers. */
  size(): Promise<number | undefined>;
  /**
   * The names of all keys that match, in batches: memory stays bounded by a batch. A name may come twice. `from` goes on
   * behind the batch that had that bookmark. Throws a `StoreFault` when it can't be ended.
   */
  names(match: string, from?: Bookmark): AsyncIterable<NameBatch>;
  /** One holding per name, in their order. Expected failures are answers. */
  read(names: readonly Uint8Array[]): Promise<readonly Holding[]>;
}

/** Where a listing of names stands: text that only its trove understands. */
export type Bookmark = string;

export interface NameBatch {
  readonly names: readonly Uint8Array[];
  /** To go on behind this batch. */
  readonly bookmark: Bookmark;
}

/** What a key of any type holds. */
export type Holding =
  | { readonly kind: 'absent' }
  | { readonly kind: 'unreadable'; readonly fault: Fault }
  | {
      readonly kind: 'held';
      /** As Redis calls it: string, hash, list, set, zset, stream, ReJSON-RL. */
      readonly type: string;
      /** Milliseconds; absent for ever. */
      readonly ttl?: number;
      /** As OBJECT ENCODING tells; absent when it can't be known. */
      readonly encoding?: string;
      /** Bytes of a string or document; else the number of items, fields, members or entries. */
      readonly length: number;
      /** SHA-256 of the content, the same for the same content: sets and hashes without order. */
      readonly digest: string;
      /** Of a string or document: what it holds. */
      readonly bytes?: Uint8Array;
      /** Of a hash, where `most` bytes hold it. */
      readonly fields?: readonly Field[];
    };

/** The files of the workspace. */
export interface Files {
  read(path: Known): Promise<FileContent>;
  /** The files right in a folder, by name. */
  list(folder: Known): Promise<FolderContent>;
}

export type FolderContent =
  | { readonly kind: 'listed'; readonly paths: readonly Known[] }
  | { readonly kind: 'missing' }
  | { readonly kind: 'unreadable'; readonly why: Known };

export type FileContent =
  | { readonly kind: 'read'; readonly bytes: Uint8Array }
  | { readonly kind: 'missing' }
  | { readonly kind: 'unreadable'; readonly why: Known };

/** Makes validators of JSON Schemas (draft-07, 2019-09, 2020-12, by `$schema`). */
export interface SchemaCompiler {
  compile(text: string, document: Json): Promise<Compiled>;
  /**
   * Does work that validates many values, with one deadline for all of them, which is much cheaper than one for each.
   * Throws when it passes.
   */
  together<T>(work: () => T): T;
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

/** Sets of strings, given by what their strings have to match. */
export interface Languages {
  /**
   * Different strings that answer to the query, the shortest first and as readable as may be, `most` at the most.
   * `undefined` when nobody can tell: a pattern that is not regular (or not valid), or one that takes too much work.
   */
  words(query: WordQuery, most: number): Words | undefined;
  /** Whether a pattern can stand in a query. One that can't (a backreference, say) has to be left out of it. */
  isRegular(pattern: string): boolean;
}

export interface WordQuery {
  /** ECMAScript patterns with the flag `u`, as JSON Schema has them: something in the string has to match each of them. */
  readonly matching: readonly string[];
  /** And nothing in the string may match any of these. */
  readonly notMatching: readonly string[];
  /** Code points. */
  readonly minLength: number;
  /** Code points; Infinity when there is no bound. */
  readonly maxLength: number;
  /** Strings that are no answer. */
  readonly except: readonly string[];
}

export interface Words {
  readonly words: readonly string[];
  /** There are no others. Empty `words` and this: no string answers to the query. */
  readonly isAll: boolean;
}

/** A commit, by its full name of 40 or 64 hexadecimal digits. */
export type Commit = Known;

/** The history that the workspace belongs to: a git repository, or what GitHub tells of it. */
export interface Repo {
  /**
   * The commit at which a change began: the merge base of a base and a head (names of commits, branches or tags).
   * A shallow clone may be deepened for it. Failing is an answer.
   */
  origin(base: string, head: string): Promise<Origin>;
  /** The files of the repository as they were at a commit. Paths are relative to the workspace. */
  at(commit: Commit): Files;
  /**
   * For files that have been renamed since a commit: the path that they have at `until` (in the working tree when it
   * isn't given), and the one that they had then.
   */
  renamedSince(commit: Commit, until?: Commit): Promise<ReadonlyMap<string, string>>;
  /**
   * What a file of the workspace held in its last versions up to a commit (`HEAD`: the one that is checked out), the
   * newest first; each version once per change. `isAll` when there were no earlier ones (a shallow clone or the bound
   * may hide some).
   */
  versions(path: Known, upTo: Commit | 'HEAD', most: number): Promise<Versions>;
}

export type Origin =
  | {
      readonly kind: 'found';
      readonly commit: Commit;
      /** The commit that `head` names. */
      readonly head: Commit;
      /** Other merge bases that would be as good (after criss-cross merges). */
      readonly others: readonly Commit[];
    }
  | {
      /**
       * `nothing-before` there is nothing to compare with (a new branch, whose base is all zeros; an unborn one);
       * `unknown` there should be, and it can't be had.
       */
      readonly kind: 'nothing-before' | 'unknown';
      readonly said: Phrase;
      readonly advice: Phrase;
    };

export interface Versions {
  readonly versions: readonly Version[];
  readonly isAll: boolean;
}

export interface Version {
  readonly commit: Commit;
  /** Milliseconds since the epoch: when it was committed. */
  readonly at: number;
  /** Absent where the commit deleted the file. */
  readonly bytes?: Uint8Array;
}

/** The history can't be read: git or GitHub refused, failed or didn't answer. */
export class HistoryFault extends Error {
  readonly said: Phrase;
  readonly advice: Phrase;

  constructor(said: Phrase, advice: Phrase) {
    super('history');
    this.name = 'HistoryFault';
    this.said = said;
    this.advice = advice;
  }
}

/** A Redis that nobody needs: whatever happens to what is in it, nothing is lost. Every method may throw a `StoreFault`. */
export interface Sandbox extends AsyncDisposable {
  /** With its password, if it has one: not to be told. */
  readonly url: string;
  /** Puts the entries into its database, which is emptied first. */
  fill(entries: readonly SandboxEntry[]): Promise<void>;
  /** Every key of its database, whatever its type, by name; a name that isn't UTF-8 is spelled as redis-cli does (`\x9f`). */
  contents(): Promise<ReadonlyMap<string, SandboxKey>>;
}

export interface SandboxEntry {
  readonly key: string;
  readonly encoding: Encoding;
  readonly content: Exclude<Content, { readonly kind: 'absent' }>;
  /** Milliseconds; absent for ever. */
  readonly ttl?: number;
}

export interface SandboxKey {
  /** As Redis calls it: string, hash, list, set, zset, stream, ReJSON-RL, or whatever else modules bring. */
  readonly type: string;
  /** Milliseconds; absent for ever. */
  readonly ttl?: number;
  /** SHA-256 of what it holds, the same for the same content: sets and hashes without order. */
  readonly digest: string;
  /** Of a string or document: what it holds. */
  readonly bytes?: Uint8Array;
  /** Of a hash. */
  readonly fields?: readonly Field[];
}

/** How a command ended that was run against a sandbox. Only an exit code of 0 is a success. */
export interface CommandRun {
  /** Absent when it was killed, or couldn't be started. */
  readonly exitCode: number | null;
  /** That killed it. */
  readonly signal: string | null;
  /** Killed by us, because its time was over. */
  readonly isTimedOut: boolean;
  /** Killed by us, because it had written as often as it was to. */
  readonly isInterrupted: boolean;
  /** The last of what it printed, standard output and error as they came: foreign text, uncleaned. */
  readonly output: string;
  /** Write commands that it sent and that were answered; a transaction counts all of its own, a script as one. */
  readonly writes: number;
  /** What it could have got at all the same. */
  readonly warning?: Phrase;
}
