import type { Encoding } from '../core/evidence.ts';
import type { Json, JsonObject } from '../core/json.ts';
import { capture, keyPattern } from '../core/key-pattern.ts';
import { formatPointer } from '../core/pointer.ts';
import type { NameRule } from '../core/redaction.ts';
import type { Group } from './grouping.ts';
import { withoutSecrets } from './placeholder.ts';
import { identitiesOf, schemaOf } from './schema.ts';
import { type Secrets, secretsOf } from './secrets.ts';
import { shapeOf } from './shape.ts';
import type { Config } from './sorting.ts';

/** One config as it is proposed. */
export interface Proposal {
  readonly name: string;
  /** What the manifest says of it. */
  readonly entry: JsonObject;
  /** By path: its schema, and the fallback of each key that has one. */
  readonly files: ReadonlyMap<string, Json>;
  readonly keys: number;
  /** Places and names that are hidden. */
  readonly secrets: number;
}

/** Keys of a pattern that get a fallback file each. */
const MOST_FALLBACKS = 20;

/** What guards the keys of a group: an entry of the manifest, a schema, and fallbacks in which nothing is secret. */
export function proposalOf(group: Group<Config>, prefix: string): Proposal {
  const { name, members, key, isPattern, hidesNames } = group;
  const isParsed = members.every(({ parsed }) => parsed !== undefined);
  const values = members.map(({ value, parsed }) => (isParsed && parsed !== undefined ? parsed : value));
  const encoding = (isParsed ? 'hash-json' : (members[0]?.kind ?? 'json')) as Encoding;
  const shape = shapeOf(name, values);
  const secrets = secretsOf(shape);
  const fallbacks = fallbackPaths(group, prefix);
  const identity = identitiesOf(shape).map(({ at, property }) => [formatPointer(at), property]);
  const files = new Map<string, Json>([[`schemas/${name}.schema.json`, schemaOf(shape, name)]]);
  for (const [index, path] of (fallbacks?.paths ?? []).entries()) {
    files.set(path, withoutSecrets(values[index] ?? null, shape));
  }
  return {
    name,
    keys: members.length,
    secrets: secrets.places.length + secrets.names.length + (hidesNames ? 1 : 0),
    files,
    entry: {
      ...(isPattern ? { keys: key, ...(hidesNames ? { 'hide-keys': true } : {}) } : { key }),
      schema: `schemas/${name}.schema.json`,
      fallback: fallbacks?.template ?? 'none',
      ...(encoding === 'json' ? {} : { encoding }),
      ...(values.some((value) => Object.keys(value).length === 0) ? { empty: 'allow' } : {}),
      ...(identity.length === 0 ? {} : { identity: Object.fromEntries(identity) }),
      ...visibilityOf(secrets),
    },
  };
}

function visibilityOf({ places, names, dataNames }: Secrets): JsonObject {
  const secret = places.map(formatPointer);
  const ignore = [...secret, ...names.map(({ at }) => formatPointer([...at, '*']))];
  return {
    ...(ignore.length === 0 ? {} : { ignore: ['/_updated_at', ...ignore] }),
    ...(secret.length === 0 ? {} : { secret }),
    ...(names.length === 0 ? {} : { 'secret-names': names.map(spelledRule) }),
    ...(dataNames.length === 0 ? {} : { 'hide-names': dataNames.map(spelledRule) }),
  };
}

function spelledRule({ at, except }: NameRule): Json {
  // A manifest has no empty names: that one stays hidden.
  const named = except.filter((name) => name !== '');
  return named.length === 0 ? formatPointer(at) : { at: formatPointer(at), except: named };
}

interface Fallbacks {
  /** As the manifest has it, with `{1}` for what varies. */
  readonly template: string;
  /** In the order of the keys. */
  readonly paths: readonly string[];
}

/** Undefined when there are too many keys, or one whose name can't be that of a file. */
function fallbackPaths(
  { name, members, key, isPattern, hidesNames }: Group<Config>,
  prefix: string,
): Fallbacks | undefined {
  if (!isPattern) return { template: `fallback/${name}.json`, paths: [`fallback/${name}.json`] };
  if (members.length > MOST_FALLBACKS || hidesNames) return undefined;
  const pattern = keyPattern(prefix, key);
  const parts = members.map((member) => capture(pattern, member.key) ?? []);
  if (!parts.flat().every(isFileName)) return undefined;
  const paths = parts.map((part) => `fallback/${name}/${part.join('/')}.json`);
  // Not every file system tells capitals from small letters.
  if (new Set(paths.map((path) => path.toLowerCase())).size < paths.length) return undefined;
  const holes = (parts[0] ?? []).map((_, index) => `{${index + 1}}`);
  return holes.length > 9 ? undefined : { template: `fallback/${name}/${holes.join('/')}.json`, paths };
}

function isFileName(part: string): boolean {
  return /^[a-z0-9_][\w.@+-]{0,99}$/i.test(part);
}
