import { readCases } from './cases.ts';
import { decodeBytes, wordFlaw } from './core/decode.ts';
import type {
  ConfigSpec,
  Evidence,
  Fault,
  FileEvidence,
  Neighbours,
  Observation,
  SchemaEvidence,
} from './core/evidence.ts';
import { decodeObservation } from './core/fields.ts';
import { type Known, phrase } from './core/phrase.ts';
import type { Files, FoundKey, SchemaCompiler, Sighting, Store } from './core/ports.ts';
import type { ServerEvidence } from './core/server.ts';
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
  if (specs.length === 0) return [];
  const asked = specs.map(({ name, storedKey, encoding }) => ({ name, key: storedKey, encoding }));
  const [sightings, files] = await Promise.all([
    ports.store.read(asked),
    Promise.all(specs.map((spec) => readFiles(spec, ports))),
  ]);
  const seen = specs.map((_spec, index) => sightings[index] ?? { observation: unanswered });
  const neighbours = await findNeighbours(
    specs,
    seen.map(({ observation }) => observation),
    ports.store,
  );
  return specs.map((spec, index): Evidence => {
    const sighting = seen[index] ?? { observation: unanswered };
    const isAbsent = sighting.observation.kind === 'absent';
    return {
      ...evidenceOf(spec, sighting, files[index] ?? nothing, now),
      ...(isAbsent && neighbours !== undefined ? { neighbours } : {}),
    };
  });
}

/** All that is known of some keys of a pattern. What they have in common is read by whoever calls, once. */
export function gatherFound(
  found: readonly (FoundKey & { readonly spec: ConfigSpec })[],
  shared: SharedFiles,
  now: number,
  files: Pick<Files, 'read'>,
): Promise<readonly Evidence[]> {
  return Promise.all(
    found.map(async ({ spec, ...sighting }) => {
      const fallback = await readJson(spec.fallback, files);
      return evidenceOf(spec, sighting, { ...shared, fallback }, now);
    }),
  );
}

/** What all keys of a config have in common. */
export type SharedFiles = Pick<Evidence, 'schema' | 'cases'>;

export async function readShared(
  { schema, cases }: ConfigSpec,
  ports: Pick<Sources, 'files' | 'compiler'>,
): Promise<SharedFiles> {
  return { schema: await readSchema(schema, ports), cases: await readCases(cases, ports.files) };
}

async function readFiles(
  spec: ConfigSpec,
  ports: Sources,
): Promise<SharedFiles & Pick<Evidence, 'fallback'>> {
  const fallback = await readJson(spec.fallback, ports.files);
  return { fallback, ...(await readShared(spec, ports)) };
}

function evidenceOf(
  spec: ConfigSpec,
  { observation, opinion }: Sighting,
  files: SharedFiles & Pick<Evidence, 'fallback'>,
  now: number,
): Evidence {
  const live = decodeObservation(observation, spec.encoding);
  return {
    spec,
    observation,
    ...files,
    now,
    ...(live === undefined ? {} : { live }),
    ...(opinion === undefined ? {} : { opinion }),
  };
}

/** What is to be told of a server is told with values: where none could be read, why is told already. */
export function audited(
  evidence: readonly Evidence[],
  server: ServerEvidence | undefined,
): readonly Evidence[] {
  const isSilent = evidence.every(({ observation: { kind } }) => kind === 'unreadable' || kind === 'unasked');
  return server === undefined || isSilent ? evidence : evidence.map((item) => ({ ...item, server }));
}

const missing = { kind: 'missing', tried: [] } as const;
const nothing = { fallback: missing, schema: missing };

/** A store that has to say something of each key left one out. */
export const noAnswer: Fault = {
  reason: 'internal',
  phrase: phrase`the store gave no answer for this key`,
  advice: phrase`this is a defect of the guardian: please report it`,
};

const unanswered: Observation = { kind: 'unreadable', fault: noAnswer };

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
export async function readJson(
  candidates: readonly Known[],
  files: Pick<Files, 'read'>,
): Promise<FileEvidence> {
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
  { files, compiler }: { readonly files: Pick<Files, 'read'>; readonly compiler: SchemaCompiler },
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
