import type { Json } from '../../src/core/json.ts';

/** Which requests. Without a word, all of them. */
export interface Where {
  readonly method?: string;
  /** Of the path without the query, such as `/repos/acme/mail/issues/7/comments`. */
  readonly path?: RegExp;
}

/** What goes wrong instead of an answer, or before it. */
export type Mishap =
  | { readonly status: number; readonly headers?: Readonly<Record<string, string>>; readonly body?: Json }
  | { readonly delay: number }
  | 'reset'
  | 'hang';

export interface Rule extends Where {
  /** How often; 1 when not given. */
  readonly times?: number;
  /** How many such requests pass first. */
  readonly after?: number;
  /** Whether the request takes effect all the same, before it goes wrong. */
  readonly apply?: boolean;
  readonly outcome: Mishap;
}

/** A rule at work. */
export interface Fault {
  /** How often it has struck. */
  readonly hits: number;
}

/** A place where requests wait, before they take effect, until all may go. */
export interface Hold {
  /** Resolves once this many are waiting. */
  arrived(count: number): Promise<void>;
  /** Lets those go that wait, and those that come later. */
  release(): void;
}

export interface Visit {
  readonly method: string;
  readonly path: string;
}

/** The rules of one server. A request is struck by the first that wants it, and later rules don't count it. */
export class Faults {
  readonly #rules: { readonly rule: Rule; hits: number; passed: number }[] = [];

  add(rule: Rule): Fault {
    const added = { rule, hits: 0, passed: 0 };
    this.#rules.push(added);
    return added;
  }

  strike(visit: Visit): Rule | undefined {
    for (const entry of this.#rules) {
      const { times = 1, after = 0 } = entry.rule;
      if (!matches(entry.rule, visit) || entry.hits >= times) continue;
      if (entry.passed < after) entry.passed += 1;
      else {
        entry.hits += 1;
        return entry.rule;
      }
    }
    return undefined;
  }
}

/** The holds of one server. */
export class Holds {
  readonly #open: Set<{ readonly where: Where; readonly enter: () => Promise<void> }> = new Set();

  add(where: Where): Hold {
    const waiting: (() => void)[] = [];
    const expected: { readonly count: number; readonly resolve: () => void }[] = [];
    const tell = () => {
      for (const { count, resolve } of expected) if (waiting.length >= count) resolve();
    };
    const enter = () =>
      new Promise<void>((go) => {
        waiting.push(go);
        tell();
      });
    const entry = { where, enter };
    this.#open.add(entry);
    return {
      arrived: (count) =>
        new Promise((resolve) => {
          expected.push({ count, resolve });
          tell();
        }),
      release: () => {
        this.#open.delete(entry);
        for (const go of waiting.splice(0)) go();
      },
    };
  }

  /** Waits as long as someone holds such requests. */
  async pass(visit: Visit): Promise<void> {
    for (const { where, enter } of this.#open) if (matches(where, visit)) await enter();
  }
}

function matches({ method, path }: Where, visit: Visit): boolean {
  return (method === undefined || method === visit.method) && (path === undefined || path.test(visit.path));
}
