import { ajvCompiler } from '../../src/adapters/ajv/compiler.ts';
import type { Evidence } from '../../src/core/evidence.ts';
import type { Json } from '../../src/core/json.ts';
import { vouch } from '../../src/core/phrase.ts';
import type { Files, Origin, Repo } from '../../src/core/ports.ts';
import { evolutionTools } from '../../src/faces/evolution-tools.ts';
import { recaller } from '../../src/review.ts';
import { evidence, type Given, json, utf8 } from './evidence.ts';

/** What stood there where the change began: by default what stands there now. */
export interface Before {
  readonly schema?: Json | null;
  readonly fallback?: Json | null;
  readonly origin?: Origin;
}

const found: Origin = {
  kind: 'found',
  commit: vouch('b'.repeat(40)),
  head: vouch('c'.repeat(40)),
  others: [],
};

/** Evidence of a change: what a repository would tell stands in memory, all else is the real thing. */
export async function changedEvidence(given: Given, before: Before = {}): Promise<Evidence> {
  const present = await evidence(given);
  const schema = `schemas/${given.config}.schema.json`;
  const fallback = `debug/${given.config}.json`;
  const then: Readonly<Record<string, Json | null | undefined>> = {
    [schema]: before.schema === undefined ? (given.schema ?? json(schema)) : before.schema,
    [fallback]: before.fallback === undefined ? (given.fallback ?? json(fallback)) : before.fallback,
  };
  const files: Files = {
    list: async () => ({ kind: 'missing' }),
    async read(path) {
      const value = then[path];
      if (value === undefined || value === null) return { kind: 'missing' };
      return { kind: 'read', bytes: utf8(JSON.stringify(value, null, 2)) };
    },
  };
  const repo: Repo = {
    origin: async () => found,
    at: () => files,
    renamedSince: async () => new Map(),
    versions: async () => ({ versions: [], isAll: true }),
  };
  const change = { repo, origin: before.origin ?? found, isCommitted: false, tools: evolutionTools };
  const [recalled] = await recaller(change, { files, compiler: ajvCompiler() })([present]);
  if (recalled === undefined) throw new Error('one evidence makes one');
  return recalled;
}
