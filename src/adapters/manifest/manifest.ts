import type { ConfigSpec } from '../../core/evidence.ts';
import type { PatternSpec } from '../../core/key-pattern.ts';
import { name, type Phrase, phrase } from '../../core/phrase.ts';
import type { Migration } from '../../core/rehearsal.ts';
import { readDocument } from './document.ts';
import { misplaced } from './issues.ts';
import { layered, own } from './layers.ts';
import { listed, type Mistake } from './mistake.ts';
import { contradictions } from './sense.ts';
import { type Manifest, manifestShape } from './shape.ts';
import { guarded, migrationOf } from './specs.ts';
import { didYouMean, wordAll } from './words.ts';

export type ReadManifest =
  | { readonly ok: true; readonly manifest: Manifest }
  | { readonly ok: false; readonly mistakes: readonly Mistake[] };

/** Reads a manifest: YAML, or JSON. All mistakes are told at once, in the order of their places. */
export function readManifest(bytes: Uint8Array, checkIds: readonly string[]): ReadManifest {
  const document = readDocument(bytes);
  const { lines } = document;
  if (!document.ok) return { ok: false, mistakes: listed(document.mistakes, lines.linePos) };
  const { root } = document;
  const parsed = manifestShape(checkIds).shape.safeParse(root.value, { jitless: true });
  const issues = parsed.success ? [] : parsed.error.issues;
  const mistakes = [...issues.flatMap((issue) => misplaced(issue, root)), ...contradictions(root)];
  return parsed.success && mistakes.length === 0
    ? { ok: true, manifest: parsed.data }
    : { ok: false, mistakes: listed(mistakes, lines.linePos) };
}

export type Found =
  | {
      readonly ok: true;
      readonly specs: readonly ConfigSpec[];
      readonly patterns: readonly PatternSpec[];
      /** The environment variable that holds the URL of the environment's Redis. */
      readonly variable?: string;
      /** Absent where nothing is said of it. */
      readonly migration?: Migration;
    }
  | { readonly ok: false; readonly said: Phrase; readonly advice: Phrase };

/** The configs as they are in an environment; as they are everywhere when none is asked for. */
export function configsOf(
  manifest: Manifest,
  asked: { readonly environment?: string; readonly prefix?: string },
): Found {
  const { environments = {} } = manifest;
  const names = Object.keys(environments);
  // Where none is declared, the name is only a label.
  const wanted = names.length === 0 ? undefined : asked.environment;
  const environment = wanted === undefined ? undefined : own(environments, wanted);
  if (wanted !== undefined && environment === undefined) return unknownEnvironment(wanted, names);
  const prefix = asked.prefix ?? environment?.prefix ?? manifest.prefix ?? '';
  const all = Object.keys(manifest.configs).map((config) =>
    guarded(config, layered(manifest, config, wanted), prefix),
  );
  return {
    ok: true,
    specs: all.flatMap((one) => (one.kind === 'spec' ? one.spec : [])),
    patterns: all.flatMap((one) => (one.kind === 'pattern' ? one.pattern : [])),
    ...(environment?.variable === undefined ? {} : { variable: environment.variable }),
    ...(manifest.migration === undefined ? {} : { migration: migrationOf(manifest.migration) }),
  };
}

function unknownEnvironment(wanted: string, names: readonly string[]): Found {
  return {
    ok: false,
    said: phrase`the manifest has no environment ${name(wanted)}`,
    advice: didYouMean(wanted, names) ?? phrase`known are ${wordAll(names)}`,
  };
}
