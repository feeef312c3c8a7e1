import { fileURLToPath } from 'node:url';
import { ajvCompiler } from '../../src/adapters/ajv/compiler.ts';
import { workspaceFiles } from '../../src/adapters/files.ts';
import { checks } from '../../src/checks/index.ts';
import type { Fault, Neighbours, Observation } from '../../src/core/evidence.ts';
import type { Json } from '../../src/core/json.ts';
import { code, phrase, vouch } from '../../src/core/phrase.ts';
import { type Files, type Origin, type Repo, type Store, StoreFault } from '../../src/core/ports.ts';
import type { Digest } from '../../src/core/redaction.ts';
import type { ServerFacts } from '../../src/core/server.ts';
import type { Policy } from '../../src/core/verdict.ts';
import { keyedDigest } from '../../src/faces/digest.ts';
import { evolutionTools } from '../../src/faces/evolution-tools.ts';
import { type Guarded, type GuardPorts, guard } from '../../src/guard.ts';
import { type GuardedName, guardedApp } from '../../src/guarded-app.ts';
import { colourless, type Extras } from '../../src/reporters/index.ts';
import { fileOf, json, NOW, utf8 } from '../checks/evidence.ts';

const unasked: Fault = {
  reason: 'unreadable',
  phrase: phrase`nobody asks it here`,
  advice: phrase`ask a real store`,
};

/** It keeps nothing on disk. */
const forgetful: ServerFacts = {
  product: 'redis',
  version: vouch('8.4.0'),
  mode: 'standalone',
  nodes: [
    {
      address: vouch('127.0.0.1:6379'),
      role: 'primary',
      isLoading: false,
      snapshots: { points: vouch(''), isLastSaveGood: true },
      log: { isOn: false, isLastWriteGood: true, isLastRewriteGood: true },
      memory: { policy: vouch('noeviction'), limit: 0, evicted: 0 },
    },
  ],
  hidden: [],
};

const project = fileURLToPath(new URL('../..', import.meta.url));

/** What differs from a day on which Redis holds exactly the fallbacks. */
export interface Situation {
  /** Texts, bytes or answers of Redis, by config. */
  readonly live?: Readonly<Partial<Record<GuardedName, string | Uint8Array | Observation>>>;
  /** Files of the workspace by path: their text, or null for none. */
  readonly files?: Readonly<Record<string, string | null>>;
  /** Files as they were where a change under review began; the others were as they are. */
  readonly before?: Readonly<Record<string, string>>;
  readonly neighbours?: Neighbours;
  readonly policy?: Partial<Policy>;
  readonly target?: string;
  readonly digest?: Digest;
}

/** What a run makes of a situation: everything but the edges is real. */
export function guarded(situation: Situation = {}): Promise<Guarded> {
  const { live = {}, files = {}, policy = {}, target = 'redis://127.0.0.1:6379/0' } = situation;
  const specs = guardedApp({ prefix: 'r:ss:config:', schemas: ['schemas'], fallbacks: 'debug' });
  const workspace = workspaceFiles(project, project);
  const answers = new Map(specs.map(({ name, key }) => [key, live[name as GuardedName]]));
  const store: Store = {
    target: vouch(target),
    read: async (asked) =>
      Promise.all(
        asked.map(async ({ key }) => ({
          observation: observe(answers.get(vouch(key)) ?? (await text(workspace, fallbackOf(vouch(key))))),
        })),
      ),
    scan: () => {
      throw new StoreFault(unasked);
    },
    audit: async () => ({ kind: 'known', server: forgetful }),
    find: async () => situation.neighbours ?? { kind: 'found', names: [], databases: new Map() },
  };
  const changed: Files = {
    list: (folder) => workspace.list(folder),
    async read(path) {
      const content = files[path];
      if (content === undefined) return workspace.read(path);
      return content === null ? { kind: 'missing' } : fileOf(content);
    },
  };
  return guard(
    {
      specs,
      policy: { failOn: new Set(['invalid', 'breaking']), allowUnchecked: false, onlyNew: false, ...policy },
      now: NOW,
    },
    {
      store,
      files: changed,
      compiler: ajvCompiler(),
      digest: situation.digest ?? keyedDigest('a key of the tests'),
      ...(situation.before === undefined ? {} : history(situation.before, changed)),
    },
  );
}

const [BEGINNING, END] = [vouch('b0'.repeat(20)), vouch('e0'.repeat(20))];

/** A repository in memory: two commits, in the first of which some files were others. */
function history(
  before: Readonly<Record<string, string>>,
  present: Files,
): Pick<GuardPorts, 'repo' | 'change'> {
  const then: Files = {
    list: (folder) => present.list(folder),
    read: async (path) => (before[path] === undefined ? present.read(path) : fileOf(before[path])),
  };
  const day = 86_400_000;
  const repo: Repo = {
    origin: async () => origin,
    at: () => then,
    renamedSince: async () => new Map(),
    versions: async (path) => ({
      versions: [
        { commit: END, at: NOW - day, bytes: await text(present, path) },
        { commit: BEGINNING, at: NOW - 9 * day, bytes: await text(then, path) },
      ],
      isAll: true,
    }),
  };
  const origin: Origin = { kind: 'found', commit: BEGINNING, head: END, others: [] };
  return { repo, change: { repo, origin, isCommitted: false, tools: evolutionTools } };
}

function fallbackOf(key: string): string {
  return `debug/${key.replace('r:ss:config:', '')}.json`;
}

async function text(files: Files, path: string): Promise<Uint8Array> {
  const content = await files.read(vouch(path));
  if (content.kind !== 'read') throw new Error(`${path} is ${content.kind}`);
  return content.bytes;
}

function observe(answer: string | Uint8Array | Observation): Observation {
  if (typeof answer === 'string') return { kind: 'present', bytes: utf8(answer) };
  return answer instanceof Uint8Array ? { kind: 'present', bytes: answer } : answer;
}

/** The fallback of a config with some members replaced, as text. */
export function changed(name: GuardedName, members: Readonly<Record<string, Json>>): string {
  return JSON.stringify({ ...(json(`debug/${name}.json`) as object), ...members });
}

export const extras: Extras = {
  tool: { name: 'redis-config-guardian', version: '0.0.0' },
  rules: checks,
  palette: colourless,
  whereabouts: { variables: {}, options: {} },
};

export const unreachable: Observation = {
  kind: 'unreadable',
  fault: {
    reason: 'unreachable',
    phrase: phrase`nothing answers at ${code('127.0.0.1:6379')} (${code('ECONNREFUSED')})`,
    advice: phrase`check that Redis runs there, and the port`,
  },
};

type Rule = Readonly<Record<string, Json>>;

export function rules(): readonly Rule[] {
  return (json('debug/routing_rules.json') as { readonly rules: readonly Rule[] }).rules;
}
