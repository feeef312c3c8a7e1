import { createHash, createHmac, randomBytes } from 'node:crypto';
import {
  closeSync,
  constants,
  fstatSync,
  fsyncSync,
  ftruncateSync,
  openSync,
  readFileSync,
  writeSync,
} from 'node:fs';
import { resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { isOfShard } from '../adapters/redis/shard.ts';
import { redisTrove } from '../adapters/redis/trove.ts';
import { parseRedisUrl, secretsOf } from '../adapters/redis/url.ts';
import { snapshotTrove } from '../adapters/snapshot/trove.ts';
import { begun, type CompareRequest, type CompareState, type Comparison, compare } from '../compare.ts';
import type { KeyGuide } from '../core/comparison.ts';
import { utf8 } from '../core/decode.ts';
import type { ConfigSpec } from '../core/evidence.ts';
import { capture, type PatternSpec } from '../core/key-pattern.ts';
import { code, type Known, phrase, vouch } from '../core/phrase.ts';
import type { Files, Trove } from '../core/ports.ts';
import { redactor } from '../core/redaction.ts';
import { filesTrove } from '../files-trove.ts';
import { keyedDigest } from './digest.ts';
import { type Settings, UsageError } from './settings.ts';
import { answered, credentialsIn } from './target.ts';
import { writeWhole } from './whole-file.ts';
import { errnoOf, writing } from './writing.ts';

/** Which troves can be named. `env` holds a URL, so that it stands on no command line. */
export type StoreName =
  | { readonly kind: 'url'; readonly url: string }
  | { readonly kind: 'snapshot'; readonly path: Known }
  | { readonly kind: 'files' };

/** Reads `redis://…`, `env:NAME`, `snapshot:FILE` or `files`. Throws a `UsageError`, which quotes nothing of it. */
export function readStoreName(text: string, env: Readonly<Record<string, string | undefined>>): StoreName {
  if (text === 'files') return { kind: 'files' };
  const [, kind, rest = ''] = /^(env|snapshot):(.+)$/s.exec(text) ?? [];
  if (kind === 'snapshot') return { kind, path: vouch(rest) };
  if (kind === 'env') {
    const url = env[rest];
    if (url) return { kind: 'url', url };
    throw new UsageError(
      phrase`a store is named by an environment variable that holds nothing`,
      phrase`set the variable to a Redis URL`,
    );
  }
  if (/^(?:rediss?|redis\+|rediss\+|unix)[^:]*:\/\//i.test(text)) return { kind: 'url', url: text };
  throw new UsageError(
    phrase`a store isn't named in a way that is known`,
    phrase`name it as ${code('env:NAME')}, ${code('redis://…')}, ${code('snapshot:FILE')} or ${code('files')}`,
  );
}

interface StoreTerms extends Pick<Settings, 'timeout' | 'maxBytes' | 'snapshotPassphrase'> {
  readonly specs: readonly ConfigSpec[];
  readonly files: Files;
}

/** Nothing is connected to before it is read. `secrets` are what leads there, and must appear nowhere. */
export async function openTrove(
  name: StoreName,
  { specs, files, ...settings }: StoreTerms,
): Promise<{ readonly trove: Trove & Partial<AsyncDisposable>; readonly secrets: readonly string[] }> {
  switch (name.kind) {
    case 'files': {
      const digest = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');
      return { trove: filesTrove(specs, files, digest), secrets: [] };
    }
    case 'snapshot':
      return { trove: await snapshotTrove(name.path, files, settings.snapshotPassphrase), secrets: [] };
    case 'url': {
      const parsed = parseRedisUrl(name.url);
      if (!parsed.ok) throw new UsageError(parsed.why, parsed.advice);
      const secrets = [...credentialsIn(name.url), ...secretsOf(parsed.endpoint)];
      return { trove: redisTrove(parsed.endpoint, settings), secrets };
    }
  }
}

export interface CompareRun {
  readonly from: Trove;
  readonly to: Trove;
  readonly request: Omit<CompareRequest, 'isOurs'>;
  readonly shard?: { readonly index: number; readonly of: number };
  readonly specs: readonly ConfigSpec[];
  readonly patterns: readonly PatternSpec[];
  readonly workspace: string;
  /** File of the differences, JSON lines. */
  readonly differences: string;
  /** File of the state: gone on from where it is there. */
  readonly resume?: string;
  readonly now: () => number;
  readonly onProgress?: (state: CompareState, began: CompareState) => void;
}

/** Compares, and keeps state and differences on the disk. A side that fails is a `UsageError`: exit code 2. */
export async function compareRun(run: CompareRun): Promise<Comparison> {
  const { request, shard, workspace, resume } = run;
  const fingerprint = fingerprintOf(run);
  const state = resume === undefined ? begun : readState(resume, workspace, fingerprint);
  const file = openDifferences(vouch(run.differences), workspace, state.bytes);
  const key = randomBytes(32);
  const isOurs = shard === undefined ? () => true : isOfShard(shard);
  try {
    const ports = {
      from: run.from,
      to: run.to,
      guideOf: guides(run.specs, run.patterns, key),
      digest: (text: string) => createHmac('sha256', key).update(text).digest('hex').slice(0, 32),
      clock: run.now,
      sleep: (milliseconds: number) => sleep(milliseconds),
      write: async (lines: string) => file.append(lines),
      save: async (next: CompareState) => {
        if (resume !== undefined) saveState({ fingerprint, state: next }, resume, workspace);
      },
      ...(run.onProgress === undefined
        ? {}
        : { onProgress: (next: CompareState) => run.onProgress?.(next, state) }),
    };
    return await answered(() => compare({ ...request, isOurs }, ports, state));
  } finally {
    file.close();
  }
}

/** What has to be the same for a comparison to be gone on with. */
function fingerprintOf({ from, to, request, shard, differences }: CompareRun): string {
  const map = request.map.map((rule) => [[...rule.from], [...rule.to]]);
  const { rate: _rate, pause: _pause, rounds: _rounds, ...counting } = request;
  const said = [from.target, to.target, { ...counting, map }, shard ?? null, differences];
  return createHash('sha256').update(JSON.stringify(said)).digest('hex');
}

function readState(path: string, workspace: string, fingerprint: string): CompareState {
  const text = readIfThere(resolve(workspace, path));
  if (text === undefined) return begun;
  try {
    const saved = JSON.parse(text);
    if (saved?.fingerprint === fingerprint) return saved.state;
  } catch {
    // Said below: it is none of ours.
  }
  throw new UsageError(
    phrase`${code(vouch(path))} is not the state of this comparison`,
    phrase`name the stores and options as they were, or another file`,
  );
}

function readIfThere(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return undefined;
    throw new UsageError(phrase`the state cannot be read`, phrase`check its permissions`);
  }
}

function saveState(saved: unknown, path: string, workspace: string): void {
  writeWhole(JSON.stringify(saved), { path: vouch(path), file: resolve(workspace, path), force: true });
}

/** For its owner alone: names of keys may be private. Cut to the bytes that the state knows of. */
function openDifferences(path: Known, workspace: string, bytes: number) {
  const { O_APPEND, O_CREAT, O_RDWR, O_NOFOLLOW = 0 } = constants;
  const open = writing(path, () =>
    openSync(resolve(workspace, path), O_APPEND | O_CREAT | O_RDWR | O_NOFOLLOW, 0o600),
  );
  const size = fstatSync(open).size;
  if (size < bytes) {
    closeSync(open);
    throw new UsageError(
      phrase`${code(path)} is shorter than it was when the comparison stopped`,
      phrase`begin again, without the file of the state`,
    );
  }
  writing(path, () => ftruncateSync(open, bytes));
  return {
    append: (lines: string): number =>
      writing(path, () => {
        const content = Buffer.from(lines);
        for (let at = 0; at < content.length; ) at += writeSync(open, content, at);
        fsyncSync(open);
        return fstatSync(open).size;
      }),
    close: () => closeSync(open),
  };
}

/** What configs say of keys; where a pattern hides names, they are told by their digest. */
function guides(
  specs: readonly ConfigSpec[],
  patterns: readonly PatternSpec[],
  key: Uint8Array,
): (name: Uint8Array) => KeyGuide | undefined {
  const digest = keyedDigest(key);
  const guideOf = ({ encoding, identity, visibility }: ConfigSpec): KeyGuide => {
    const { place } = redactor(visibility, digest);
    return { encoding, identity, place };
  };
  const known = new Map(specs.map((spec) => [spec.storedKey, guideOf(spec)]));
  const rules = patterns.map((rule) => ({ rule, guide: guideOf(rule.template) }));
  return (bytes) => {
    const name = utf8(bytes);
    if (name === undefined) return undefined;
    const exact = known.get(name);
    if (exact !== undefined) return exact;
    const found = rules.find(({ rule }) => capture(rule.pattern, name) !== undefined);
    if (found === undefined) return undefined;
    const { rule, guide } = found;
    return rule.hidesNames ? { ...guide, shown: `${rule.template.name} ‹#${digest(name)}›` } : guide;
  };
}
