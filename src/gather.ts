import { decodeBytes, wordFlaw } from './core/decode.ts';
import type {
  ConfigSpec,
  Evidence,
  FileEvidence,
  Neighbours,
  Observation,
  SchemaEvidence,
} from './core/evidence.ts';
import { decodeObservation } from './core/fields.ts';
import { type Known, phrase } from './core/phrase.ts';
import type { Files, SchemaCompiler, Store } from './core/ports.ts';
import { isNearMiss } from './core/similarity.ts';

export interface Sources {
  readonly store: Store;
  readonly files: Files;
  readonly compiler: SchemaCompiler;
}

/** All that is known of each config: the store and the files are read side by side, each once. */
export async function gather(
  specs: readonly ConfigSpec[],
  now: number,
  ports: Sources,
): Promise<readonly Evidence[]> {
  const asked = specs.map(({ name, storedKey, encoding }) => ({ name, key: storedKey, encoding }));
  const [observations, files] = await Promise.all([
    ports.store.read(asked),
    Promise.all(
      specs.map(async (spec) => ({
        fallback: await readJson(spec.fallback, ports.files),
        schema: await readSchema(spec.schema, ports),
      })),
    ),
  ]);
  const neighbours = await findNeighbours(specs, observations, ports.store);
  return specs.map((spec, index): Evidence => {
    const observation = observations[index] ?? unanswered;
    const file = files[index] ?? { fallback: nothing, schema: nothing };
    const live = decodeObservation(observation, spec.encoding);
    return {
      spec,
      observation,
      ...file,
      now,
      ...(live === undefined ? {} : { live }),
      ...(observation.kind === 'absent' && neighbours !== undefined ? { neighbours } : {}),
    };
  });
}

const nothing = { kind: 'missing', tried: [] } as const;

const unanswered: Observation = {
  kind: 'unreadable',
  fault: {
    reason: 'internal',
    phrase: phrase`the store gave no answer for this key`,
    advice: phrase`this is a defect of the guardian: please report it`,
  },
};

async function findNeighbours(
  specs: readonly ConfigSpec[],
  observations: readonly Observation[],
  store: Store,
): Promise<Neighbours | undefined> {
  const absent = specs.filter((spec, index) => spec.required && observations[index]?.kind === 'absent');
  if (absent.length === 0) return undefined;
  const guarded: ReadonlySet<string> = new Set(specs.map(({ storedKey }) => storedKey));
  return store.find(
    absent.map(({ storedKey }) => storedKey),
    (name) => !guarded.has(name) && absent.some((spec) => isNearMiss(name, spec)),
  );
}

/** The first of the candidates that exists, decoded. */
export async function readJson(candidates: readonly Known[], files: Files): Promise<FileEvidence> {
  for (const path of candidates) {
    const content = await files.read(path);
    if (content.kind === 'read') return { kind: 'read', path, decoded: decodeBytes(content.bytes) };
    if (content.kind === 'unreadable') return { kind: 'unreadable', path, why: content.why };
  }
  return { kind: 'missing', tried: candidates };
}

/** The first of the candidates that exists, compiled. */
export async function readSchema(
  candidates: readonly Known[],
  { files, compiler }: Pick<Sources, 'files' | 'compiler'>,
): Promise<SchemaEvidence> {
  const file = await readJson(candidates, files);
  if (file.kind !== 'read') return file;
  const { path, decoded } = file;
  const [flaw] = decoded.flaws;
  if (!decoded.ok || flaw !== undefined) {
    const [text, offset] = [decoded.text ?? '', flaw?.offset ?? 0];
    return { kind: 'broken', path, text, why: wordFlaw(flaw), pointer: [], offset };
  }
  const { text, value: document } = decoded;
  const compiled = await compiler.compile(text, document);
  return compiled.ok
    ? {
        kind: 'compiled',
        path,
        text,
        document,
        validate: compiled.validate,
        shipped: compiled.shipped,
        notes: compiled.notes,
      }
    : { kind: 'broken', path, text, why: compiled.why, pointer: compiled.pointer };
}
