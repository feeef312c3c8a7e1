import type { ConfigSpec, DriftRule } from '../../core/evidence.ts';
import type { Severity } from '../../core/finding.ts';
import { keyPattern, type PatternSpec } from '../../core/key-pattern.ts';
import { vouch } from '../../core/phrase.ts';
import type { Pattern } from '../../core/pointer.ts';
import { coveredByAny } from '../../core/pointer.ts';
import type { Migration } from '../../core/rehearsal.ts';
import type { Manifest, Options } from './shape.ts';

const UPDATED_AT: Pattern = ['_updated_at'];
const MOST_KEYS = 100_000;

/** A config with all that is left unsaid. */
export type Guarded =
  | { readonly kind: 'spec'; readonly spec: ConfigSpec }
  | { readonly kind: 'pattern'; readonly pattern: PatternSpec };

export function guarded(name: string, said: Options, prefix: string): Guarded {
  if (said.keys === undefined) return { kind: 'spec', spec: specOf(name, said, prefix + (said.key ?? name)) };
  const pattern = keyPattern(prefix, said.keys);
  return {
    kind: 'pattern',
    pattern: {
      pattern,
      template: specOf(name, said, pattern.text),
      limit: said.limit ?? MOST_KEYS,
      hidesNames: said['hide-keys'] ?? false,
    },
  };
}

function specOf(name: string, said: Options, key: string): ConfigSpec {
  const schema = said.schema ?? [vouch(`schemas/${name}.schema.json`)];
  const fallback = said.fallback ?? (said.keys === undefined ? [vouch(`fallback/${name}.json`)] : []);
  const { show = [] } = said;
  return {
    name: vouch(name),
    key: vouch(key),
    storedKey: key,
    encoding: said.encoding ?? 'json',
    schema,
    fallback,
    required: said.required ?? true,
    empty: said.empty ?? 'refuse',
    drift: driftRule(said, fallback.length > 0),
    identity: said.identity ?? [],
    ...(said.freshness === undefined ? {} : { freshness: said.freshness }),
    ...(said.tokens === undefined ? {} : { tokens: said.tokens }),
    visibility: {
      show,
      showWords: show,
      showText: said['show-text'] ?? [],
      secret: said.secret ?? [],
      hiddenNames: said['hide-names'] ?? [],
      secretNames: said['secret-names'] ?? [],
    },
    compatibility: said.compatibility ?? 'backward',
    cases: {
      folder: said.cases ?? vouch(`${folderOf(schema[0] ?? '')}cases/${name}`),
      isNamed: said.cases !== undefined,
    },
    severities: severitiesOf(said),
    exceptions: said.exceptions ?? [],
  };
}

/** Where there is no file, there is nothing to drift from. */
function driftRule({ drift, ignore = [UPDATED_AT], freshness }: Options, hasFallback: boolean): DriftRule {
  // What every save writes anew is no drift.
  const saved = freshness?.expected === true ? [freshness.at] : [];
  const others = saved.filter((at) => !coveredByAny(ignore, at));
  return { watch: hasFallback && drift !== 'off', ignore: [...ignore, ...others] };
}

/** A warning is what the check says by itself. */
function severitiesOf({ drift, severities = new Map() }: Options): ReadonlyMap<string, Severity | 'off'> {
  return drift === 'notice' || drift === 'error' ? new Map([...severities, ['drift', drift]]) : severities;
}

/** With its slash; nothing for a file that is in no folder. */
function folderOf(path: string): string {
  return path.slice(0, path.lastIndexOf('/') + 1);
}

/** What migrations may change. Each allowance says either of both: the shape saw to that. */
export function migrationOf({ allow }: NonNullable<Manifest['migration']>): Migration {
  return {
    allow: allow.map(({ config = '', at = [], key }) =>
      key === undefined ? { kind: 'config', config, at } : { kind: 'key', pattern: keyPattern('', key) },
    ),
  };
}
