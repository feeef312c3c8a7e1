import {
  type Comment,
  isPullRequest,
  newIssue,
  newPullRequest,
  type PullRequest,
  type Thread,
} from './threads.ts';

/** Comments have passed what fits in 31 bits long ago, and a client that can't count so far should fail. */
const FIRST_COMMENT = 3_480_000_001;

/** One repository's issues, pull requests and comments. What is handed out never changes: a change makes another. */
export class State {
  /** `owner/name`. */
  readonly repository: string;
  /** The labels that there are. */
  readonly labels = new Set<string>();
  readonly #threads = new Map<number, Thread>();
  readonly #comments = new Map<number, Comment>();
  readonly #now: () => number;
  #comment = FIRST_COMMENT;
  #moment = 0;

  constructor(repository: string, now: () => number) {
    this.repository = repository;
    this.#now = now;
  }

  /** Later than any before, so that what is changed is also dated later: GitHub's times have no fractions. */
  time(): string {
    const now = Math.floor(this.#now() / 1000) * 1000;
    this.#moment = Math.max(now, this.#moment + 1000);
    return new Date(this.#moment).toISOString().replace('.000Z', 'Z');
  }

  addIssue(given: Partial<Thread> = {}): Thread {
    return this.#add(newIssue(given, this.#usual(given.number)));
  }

  addPullRequest(given: Partial<PullRequest> = {}): PullRequest {
    return this.#add(newPullRequest(given, this.#usual(given.number)));
  }

  #add<T extends Thread>(thread: T): T {
    if (this.#threads.has(thread.number)) throw new Error(`there is a #${thread.number} already`);
    for (const label of thread.labels) this.labels.add(label);
    this.#threads.set(thread.number, thread);
    return thread;
  }

  #usual(number = Math.max(0, ...this.#threads.keys()) + 1) {
    return { number, time: this.time(), repository: this.repository };
  }

  /** Changes an issue or a pull request, as someone else might: locks it, closes it, pushes another head. */
  change(number: number, changes: Partial<PullRequest>): Thread {
    const thread = this.#threads.get(number);
    if (thread === undefined) throw new Error(`there is no #${number}`);
    for (const label of changes.labels ?? []) this.labels.add(label);
    const time = this.time();
    const changed = { ...thread, updatedAt: time, ...changes, ...turned(thread, changes, time) };
    this.#threads.set(number, changed);
    return changed;
  }

  addComment(given: Pick<Comment, 'thread'> & Partial<Comment>): Comment {
    const time = this.time();
    const id = given.id ?? this.#comment;
    this.#comment = Math.max(this.#comment, id) + 1;
    const comment = { id, author: 'alice', body: 'Hello.', createdAt: time, updatedAt: time, ...given };
    this.change(comment.thread, { updatedAt: time });
    this.#comments.set(id, comment);
    return comment;
  }

  editComment(id: number, body: string): Comment {
    const comment = this.#comments.get(id);
    if (comment === undefined) throw new Error(`there is no comment ${id}`);
    const edited = { ...comment, body, updatedAt: this.time() };
    this.change(comment.thread, { updatedAt: edited.updatedAt });
    this.#comments.set(id, edited);
    return edited;
  }

  removeComment(id: number): void {
    if (!this.#comments.delete(id)) throw new Error(`there is no comment ${id}`);
  }

  comment(id: number): Comment | undefined {
    return this.#comments.get(id);
  }

  /** Of one issue or pull request, oldest first; without a number, of all. */
  comments(thread?: number): readonly Comment[] {
    return [...this.#comments.values()]
      .filter((comment) => thread === undefined || comment.thread === thread)
      .toSorted((a, b) => a.id - b.id);
  }

  thread(number: number): Thread | undefined {
    return this.#threads.get(number);
  }

  /** Issues and pull requests, newest first. */
  threads(): readonly Thread[] {
    return [...this.#threads.values()].toSorted((a, b) => b.number - a.number);
  }

  /** Without the pull requests, oldest first. */
  issues(): readonly Thread[] {
    return this.threads()
      .filter((thread) => !isPullRequest(thread))
      .toReversed();
  }

  pullRequests(): readonly PullRequest[] {
    return this.threads().filter(isPullRequest).toReversed();
  }
}

/** What comes with closing and reopening. A reason counts only when the state changes. */
function turned(thread: Thread, changes: Partial<Thread>, time: string): Partial<Thread> {
  const { state, stateReason, closedBy = 'alice' } = changes;
  if (state === undefined || state === thread.state) return { stateReason: thread.stateReason };
  return state === 'closed'
    ? { stateReason: stateReason ?? 'completed', closedAt: time, closedBy }
    : { stateReason: 'reopened', closedAt: null, closedBy: null };
}
