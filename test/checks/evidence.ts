import { readFileSync } from 'node:fs';
import { ajvCompiler } from '../../src/adapters/ajv/compiler.ts';
import type { Check } from '../../src/checks/check.ts';
import { decodeBytes } from '../../src/core/decode.ts';
import type { ConfigSpec, Evidence, Neighbours, Observation } from '../../src/core/evidence.ts';
import type { Finding } from '../../src/core/finding.ts';
import type { Json } from '../../src/core/json.ts';
import { plain } from '../../src/core/plain.ts';
import { formatPointer } from '../../src/core/pointer.ts';
import type { FileContent, Files } from '../../src/core/ports.ts';
import { type Redactor, redactor } from '../../src/core/redaction.ts';
import { readJson, readSchema } from '../../src/gather.ts';
import { type GuardedName, guardedApp } from '../../src/guarded-app.ts';

/** What a test says of a config; the rest is as it would be on a good day. */
export interface Given {
  readonly config: GuardedName;
  /** The exact text or bytes in Redis; by default those of the fallback that ships. */
  readonly live?: string | Uint8Array;
  /** The value in Redis, when its spelling doesn't matter. */
  readonly value?: Json;
  readonly ttl?: number;
  readonly observation?: Observation;
  readonly neighbours?: Neighbours;
  readonly fallback?: Json;
  readonly fallbackFile?: FileContent;
  readonly schema?: Json;
  readonly schemaFile?: FileContent;
  readonly spec?: Partial<ConfigSpec>;
  readonly base?: Evidence['base'];
  readonly past?: Evidence['past'];
  readonly now?: number;
}

/** Later than anything in `debug/`, by less than a day. */
export const NOW = Date.parse('2026-11-03T09:30:00Z');

const specs = guardedApp({ prefix: 'r:ss:config:', schemas: ['schemas'], fallbacks: 'debug' });

export function spec(config: GuardedName): ConfigSpec {
  const found = specs.find(({ name }) => name === config);
  if (found === undefined) throw new Error(`there is no config ${config}`);
  return found;
}

/** The redactor of a config, with a digest that is easy to foretell. */
export function veil(config: GuardedName, digest = () => '00000000'): Redactor {
  return redactor(spec(config).visibility, digest);
}

export function file(path: string): Uint8Array {
  return readFileSync(new URL(`../../${path}`, import.meta.url));
}

export function json(path: string): Json {
  return JSON.parse(new TextDecoder().decode(file(path)));
}

export function utf8(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

export function fileOf(content: string | Uint8Array): FileContent {
  return { kind: 'read', bytes: typeof content === 'string' ? utf8(content) : content };
}

/** Evidence as it is gathered from a store and files: read, decoded and compiled by the real thing. */
export async function evidence(given: Given): Promise<Evidence> {
  const { config, now = NOW, neighbours } = given;
  const asked = { ...spec(config), ...given.spec };
  const observation = given.observation ?? present(given);
  return {
    spec: asked,
    observation,
    fallback: await readJson(asked.fallback, fallbackFiles(given)),
    schema: await readSchema(asked.schema, { files: schemaFiles(given), compiler: ajvCompiler() }),
    now,
    ...(observation.kind === 'present' ? { live: decodeBytes(observation.bytes) } : {}),
    ...(neighbours === undefined ? {} : { neighbours }),
    ...(given.base === undefined ? {} : { base: given.base }),
    ...(given.past === undefined ? {} : { past: given.past }),
  };
}

function present({ config, live, value, ttl }: Given): Observation {
  const text = value === undefined ? live : JSON.stringify(value);
  const bytes = text === undefined ? file(`debug/${config}.json`) : text;
  return {
    kind: 'present',
    bytes: typeof bytes === 'string' ? utf8(bytes) : bytes,
    ...(ttl === undefined ? {} : { ttl }),
  };
}

/** A workspace in which the first candidate of each config holds this, and nothing else exists. */
function fallbackFiles({ config, fallback, fallbackFile }: Given): Files {
  const content =
    fallbackFile ??
    fileOf(fallback === undefined ? file(`debug/${config}.json`) : JSON.stringify(fallback, null, 2));
  return holding(`debug/${config}.json`, content);
}

function schemaFiles({ config, schema, schemaFile }: Given): Files {
  const path = `schemas/${config}.schema.json`;
  const content = schemaFile ?? fileOf(schema === undefined ? file(path) : JSON.stringify(schema, null, 2));
  return holding(path, content);
}

function holding(path: string, content: FileContent): Files {
  return {
    read: async (asked) => (asked === path ? content : { kind: 'missing' }),
    list: async () => ({ kind: 'missing' }),
  };
}

/** A draft in words. */
export interface Row {
  readonly claim: string;
  readonly severity: string;
  readonly pointer: string;
  readonly said: string;
  readonly advice?: string;
  /** `fallback` or `schema`, a pointer, and `@` an offset if there is one. */
  readonly site?: string;
  readonly reason?: string;
}

/** What a check answers to evidence. */
export async function drafts(check: Check, given: Given): Promise<readonly Row[]> {
  return rows(check, await evidence(given), given.config);
}

/** The same for evidence that stands already. */
export function rows(check: Check, evidence: Evidence, config: GuardedName): readonly Row[] {
  return check.run(evidence, veil(config)).map(({ pointer, phrase, advice, site, ...rest }) => ({
    ...rest,
    pointer: formatPointer(pointer),
    said: plain(phrase),
    ...(advice === undefined ? {} : { advice: plain(advice) }),
    ...(site === undefined
      ? {}
      : {
          site: `${site.file} ${formatPointer(site.pointer)}${site.offset === undefined ? '' : `@${site.offset}`}`,
        }),
  }));
}

export function plainly(findings: readonly Finding[]) {
  return findings.map(({ check, reason, phrase }) => ({ check, reason, message: plain(phrase) }));
}
