import { type Base, type Evidence, isVoid, type SchemaEvidence } from './core/evidence.ts';
import type { Evolution, Fit, Matrix } from './core/evolution.ts';
import { BUILT_IN } from './core/finding.ts';
import type { Json } from './core/json.ts';
import { type Known, vouch } from './core/phrase.ts';
import {
  type Commit,
  type Files,
  HistoryFault,
  type Origin,
  type Repo,
  type SchemaCompiler,
} from './core/ports.ts';
import { changesOf } from './evolution/changes.ts';
import { contained } from './evolution/compatibility.ts';
import type { Tools } from './evolution/tools.ts';
import { readJson, readSchema } from './gather.ts';
import { orFault } from './remember.ts';

/** A change under review, and where its history is. */
export interface Change {
  readonly repo: Repo;
  /** Where it began. */
  readonly origin: Origin;
  /** Where it ends is a commit, that of the origin's head, and not the working tree. */
  readonly isCommitted: boolean;
  /** Loaded when two schemas have to be compared. */
  readonly tools: () => Promise<Tools>;
  /** By config, the candidates for its schema where the change began, when they may have been others. */
  readonly schemasThen?: ReadonlyMap<string, readonly Known[]>;
}

export interface ReviewPorts {
  readonly files: Files;
  readonly compiler: SchemaCompiler;
}

/** Adds to evidence what a change started from. What several configs have in common is read and compared once. */
export type Recall = (evidence: readonly Evidence[]) => Promise<readonly Evidence[]>;

export function recaller(change: Change, ports: ReviewPorts): Recall {
  const { repo, origin, isCommitted, tools, schemasThen } = change;
  const until = isCommitted && origin.kind === 'found' ? origin.head : undefined;
  const baseOf = once(() =>
    beginning({ repo, origin, until, tools, ...(schemasThen && { schemasThen }) }, ports),
  );
  return async (evidence) => {
    const base = await baseOf();
    return Promise.all(
      evidence.map(async (item): Promise<Evidence> => ({ ...item, base: await base(item) })),
    );
  };
}

/** What each config started from. */
async function beginning(
  {
    repo,
    origin,
    until,
    tools,
    schemasThen,
  }: Omit<Change, 'isCommitted'> & { readonly until: Commit | undefined },
  ports: ReviewPorts,
): Promise<(item: Evidence) => Promise<Base>> {
  if (origin.kind !== 'found') {
    const { said, advice } = origin;
    const its: Base =
      origin.kind === 'nothing-before'
        ? { kind: 'nothing', said }
        : { kind: 'unknown', fault: { reason: 'no-base', phrase: said, advice } };
    return async () => its;
  }
  const renamed = await orFault(() => repo.renamedSince(origin.commit, until));
  if (renamed instanceof HistoryFault) {
    const fault = { reason: 'no-base', phrase: renamed.said, advice: renamed.advice } as const;
    return async () => ({ kind: 'unknown', fault });
  }
  const nameThen = (path: Known): Known => vouch(renamed.get(path) ?? path);
  const then = repo.at(origin.commit);
  // Those that ship are as they are.
  const files: Pick<Files, 'read'> = {
    read: (path) => (path.startsWith(BUILT_IN) ? ports.files.read(path) : then.read(nameThen(path))),
  };
  const schemas = new Map<string, Promise<SchemaEvidence>>();
  const comparisons = new Map<SchemaEvidence, Map<SchemaEvidence, Promise<Evolution>>>();
  return async (item) => {
    const { spec, schema: head } = item;
    const fallback = await readJson(spec.fallback, files);
    const candidates = schemasThen?.get(spec.name) ?? spec.schema;
    const schema = await remembered(schemas, candidates.join('\0'), async () => {
      const found = await readSchema(candidates, { files, compiler: ports.compiler });
      return found.kind === 'missing' ? found : { ...found, path: nameThen(found.path) };
    });
    // Where they ask for the same, or one of them can't be used, there is nothing to compare.
    if (schema.kind !== 'compiled' || head.kind !== 'compiled' || schema.text === head.text) {
      return { kind: 'known', schema, fallback };
    }
    const ofBase = comparisons.get(schema) ?? new Map<SchemaEvidence, Promise<Evolution>>();
    comparisons.set(schema, ofBase);
    const comparison = await remembered(ofBase, head, async () => compare(schema, head, await tools()));
    return {
      kind: 'known',
      schema,
      fallback,
      evolution: { comparison, matrix: matrixOf(item, schema, head) },
    };
  };
}

function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => {
    made ??= make();
    return made;
  };
}

function remembered<K, V>(known: Map<K, Promise<V>>, key: K, make: () => Promise<V>): Promise<V> {
  const found = known.get(key) ?? make();
  known.set(key, found);
  return found;
}

/** What is live and what is in git, each under both schemas. */
function matrixOf({ spec, observation, live, fallback }: Evidence, base: Usable, head: Usable): Matrix {
  const fits = (value: Json, { validate }: Usable): Fit => {
    if (isVoid(spec, value)) return { kind: 'invalid', violations: [] };
    try {
      const violations = validate(value);
      return violations.length === 0 ? { kind: 'valid' } : { kind: 'invalid', violations };
    } catch {
      return { kind: 'unknown' };
    }
  };
  const both = (value: Json | undefined, otherwise: Fit) =>
    value === undefined
      ? { base: otherwise, head: otherwise }
      : { base: fits(value, base), head: fits(value, head) };
  return {
    live: both(live?.ok === true ? live.value : undefined, {
      kind: observation.kind === 'absent' ? 'absent' : 'unknown',
    }),
    fallback: both(fallback.kind === 'read' && fallback.decoded.ok ? fallback.decoded.value : undefined, {
      kind: fallback.kind === 'missing' ? 'absent' : 'unknown',
    }),
  };
}

type Usable = Extract<SchemaEvidence, { readonly kind: 'compiled' }>;

/** Compares two schemas: what has changed, and what that does to values, both ways. */
export function compare(
  base: Pick<Usable, 'document' | 'validate'>,
  head: Pick<Usable, 'document' | 'validate'>,
  tools: Tools,
): Evolution {
  return {
    ...changesOf(base.document, head.document),
    answers: { backward: contained(base, head, tools), forward: contained(head, base, tools) },
  };
}
