import { type Comparison, type Contents, compareContents, soundValue } from './core/contents.ts';
import type { ConfigSpec } from './core/evidence.ts';
import { capture, type PatternSpec, specOf } from './core/key-pattern.ts';
import { masker } from './core/masking.ts';
import { name, type Part, type Phrase, vouch } from './core/phrase.ts';
import type { CommandRun, Sandbox, SandboxEntry } from './core/ports.ts';
import { type Digest, type Redactor, redactor } from './core/redaction.ts';
import type { Migration, RehearsedRun, RunKind } from './core/rehearsal.ts';
import { wordChange } from './core/rehearsal-words.ts';
import { mayHoldSecrets } from './examine.ts';

/** Where a migration is rehearsed: the sandbox, what has run in it, and the words for what it holds. */

export interface StageSetting {
  readonly specs: readonly ConfigSpec[];
  readonly patterns: readonly PatternSpec[];
  /** What the sandbox is filled with each time. */
  readonly initial: readonly SandboxEntry[];
  /** Texts that must appear nowhere, beside the secrets of the configs. */
  readonly secrets: readonly string[];
}

export interface StagePorts {
  readonly sandbox: Sandbox;
  readonly digest: Digest;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

const NOTHING: Migration = { allow: [] };

const WITHHELD = '‹hidden: a value that should hold secrets cannot be read, so they may be anywhere›';

export class Stage {
  readonly #setting: StageSetting;
  readonly #ports: StagePorts;
  readonly #runs: RehearsedRun[] = [];
  readonly #secrets: Set<string>;
  /** Secrets may lie in what can't be read. */
  #isMurky = false;
  #filledAt = 0;

  constructor(setting: StageSetting, ports: StagePorts) {
    this.#setting = setting;
    this.#ports = ports;
    this.#secrets = new Set(setting.secrets);
  }

  /** Begins anew. */
  async fill(): Promise<Contents> {
    await this.#ports.sandbox.fill(this.#setting.initial);
    this.#filledAt = this.#ports.now();
    return this.look();
  }

  async look(): Promise<Contents> {
    const keys = await this.#ports.sandbox.contents();
    const contents = { keys, age: this.#ports.now() - this.#filledAt };
    this.#learn(contents);
    return contents;
  }

  async run(what: RunKind, command: () => Promise<CommandRun>): Promise<CommandRun> {
    const run = await command();
    this.#runs.push({ ...run, what });
    return run;
  }

  /** In the end: what becomes known later is hidden in what was printed earlier. */
  runs(): readonly RehearsedRun[] {
    const mask = masker(this.#secrets);
    return this.#runs.map((run) => ({
      ...run,
      output: this.#isMurky && run.output !== '' ? WITHHELD : mask(run.output),
    }));
  }

  compare(before: Contents, after: Contents, migration = NOTHING): Comparison {
    return compareContents(before, after, { specOf: (key) => this.#specOf(key), migration });
  }

  /** A line for each difference. */
  tell({ changes }: Comparison): readonly Phrase[] {
    const mask = masker(this.#secrets);
    return changes.flatMap((change) => {
      const { key, spec } = change;
      return wordChange(change, this.#named(key, spec, mask), spec && this.veil(spec));
    });
  }

  /** The keys, as they may be printed. */
  names(keys: readonly string[]): readonly Part[] {
    const mask = masker(this.#secrets);
    return keys.map((key) => this.#named(key, this.#specOf(key), mask));
  }

  /** The keys that are configs. */
  configs({ keys }: Contents): readonly (readonly [string, ConfigSpec])[] {
    return [...keys.keys()].sort().flatMap((key) => {
      const spec = this.#specOf(key);
      return spec === undefined ? [] : [[key, spec] as const];
    });
  }

  veil({ visibility }: ConfigSpec): Redactor {
    return redactor(visibility, this.#ports.digest);
  }

  #named(key: string, spec: ConfigSpec | undefined, mask: (text: string) => string): Part {
    return name(spec === undefined ? mask(key) : spec.key);
  }

  #specOf(key: string): ConfigSpec | undefined {
    const { specs, patterns } = this.#setting;
    const spec = specs.find(({ storedKey }) => storedKey === key);
    if (spec !== undefined) return spec;
    const rule = patterns.find(({ pattern }) => capture(pattern, key) !== undefined);
    return rule && specOf(rule, key, vouch(rule.hidesNames ? `‹#${this.#ports.digest(key)}›` : key));
  }

  #learn(contents: Contents): void {
    for (const [key, spec] of this.configs(contents)) {
      const value = soundValue(contents.keys.get(key), spec);
      if (value === undefined) this.#isMurky ||= mayHoldSecrets(spec);
      else for (const secret of this.veil(spec).secrets(value)) this.#secrets.add(secret);
    }
    for (const { pattern } of this.#setting.patterns.filter(({ hidesNames }) => hidesNames)) {
      for (const key of contents.keys.keys()) {
        for (const part of capture(pattern, key) ?? []) this.#secrets.add(part);
      }
    }
  }
}
