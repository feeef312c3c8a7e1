import { contentOf, typeOf } from '../core/content.ts';
import type { ConfigSpec } from '../core/evidence.ts';
import { decodeObservation } from '../core/fields.ts';
import type { Json } from '../core/json.ts';
import { capture, specOf } from '../core/key-pattern.ts';
import { code, type Phrase, phrase } from '../core/phrase.ts';
import { coveredByAny, formatPointer, type Pointer } from '../core/pointer.ts';
import type { Files, SandboxEntry, SchemaCompiler } from '../core/ports.ts';
import { redactor } from '../core/redaction.ts';
import { type Hides, standIn } from '../core/stand-in.ts';
import { mayHoldSecrets } from '../examine.ts';
import { readSchema } from '../gather.ts';
import type { Configs } from './configs.ts';
import { UsageError } from './settings.ts';

/** What a rehearsal begins with when the command is to see no secret. */

interface Tools {
  readonly files: Files;
  readonly compiler: SchemaCompiler;
}

/**
 * The same entries with something harmless in the place of each secret of a config, to which its schema objects alike.
 * Keys that are no config's stay as they are. Throws a `UsageError` where a secret can't be replaced, or found.
 */
export async function withStandIns(
  entries: readonly SandboxEntry[],
  { specs, patterns }: Pick<Configs, 'specs' | 'patterns'>,
  tools: Tools,
): Promise<readonly SandboxEntry[]> {
  const hiding = patterns.find(({ hidesNames }) => hidesNames);
  if (hiding !== undefined) throw irreplaceable(hiding.template, phrase`the names of its keys are secrets`);
  const configOf = (key: string): ConfigSpec | undefined => {
    const spec = specs.find(({ storedKey }) => storedKey === key);
    if (spec !== undefined) return spec;
    const rule = patterns.find(({ pattern }) => capture(pattern, key) !== undefined);
    return rule && specOf(rule, key, rule.template.key);
  };
  return Promise.all(
    entries.map(async (entry) => {
      const spec = configOf(entry.key);
      return spec === undefined || !mayHoldSecrets(spec) ? entry : replaced(entry, spec, tools);
    }),
  );
}

async function replaced(entry: SandboxEntry, spec: ConfigSpec, tools: Tools): Promise<SandboxEntry> {
  if (typeOf[entry.encoding] !== typeOf[spec.encoding]) throw unsound(spec);
  const decoded = decodeObservation(entry.content, spec.encoding);
  if (decoded?.ok !== true || decoded.flaws.length > 0) throw unsound(spec);
  const made = standIn(decoded.value, hidesOf(spec), await alike(decoded.value, spec, tools));
  const content = made.ok ? contentOf(made.value, spec.encoding, entry.content) : undefined;
  if (content === undefined || content.kind === 'absent' || !made.ok) {
    throw irreplaceable(spec, phrase`nothing harmless fits where a secret stands`);
  }
  const { secrets } = redactor(spec.visibility, () => '');
  const left = new Set(secrets(made.value));
  if (secrets(decoded.value).some((secret) => left.has(secret))) {
    throw irreplaceable(spec, phrase`nothing but a secret fits where it stands`);
  }
  return { ...entry, content };
}

function hidesOf({ visibility }: ConfigSpec): Hides {
  const veil = redactor({ ...visibility, hiddenNames: [] }, () => '');
  return {
    value: (pointer: Pointer) => coveredByAny(visibility.secret, pointer),
    name: (pointer: Pointer) => !veil.place(pointer).endsWith(formatPointer([pointer.at(-1) ?? ''])),
  };
}

/** Whether the schema objects to the same; anything will do where there is no schema. */
async function alike(value: Json, spec: ConfigSpec, tools: Tools): Promise<(candidate: Json) => boolean> {
  const schema = await readSchema(spec.schema, tools);
  if (schema.kind !== 'compiled') return () => true;
  const told = (candidate: Json) =>
    JSON.stringify(
      schema
        .validate(candidate)
        .map(({ keyword, schemaPointer }) => formatPointer([...schemaPointer, keyword])),
    );
  const before = told(value);
  return (candidate) => told(candidate) === before;
}

function unsound(spec: ConfigSpec): UsageError {
  return irreplaceable(spec, phrase`its value is not sound, so a secret may stand anywhere in it`);
}

function irreplaceable({ name }: ConfigSpec, why: Phrase): UsageError {
  return new UsageError(
    phrase`the secrets of ${code(name)} can't be replaced: ${why}`,
    phrase`leave the config out with ${code('--keys')}, or rehearse with the values as they are`,
  );
}
