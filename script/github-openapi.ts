import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { at, isArray, isObject, type Json, type JsonObject } from '../src/core/json.ts';
import { parsePointer } from '../src/core/pointer.ts';

/**
 * Writes `test/github/api.github.com.json`: of GitHub's OpenAPI description, the operations that the action calls and
 * all that they refer to. The tests' GitHub is held to it. To renew it, raise the version and run
 *
 *     node script/github-openapi.ts
 *
 * The package is a third of a gigabyte once unpacked, so it isn't a dependency: the one file is fetched here.
 */
const PACKAGE = '@octokit/openapi@23.0.2';
const FILE = 'package/generated/api.github.com.json';

const operations: readonly (readonly [path: string, ...methods: string[]])[] = [
  ['/repos/{owner}/{repo}/issues', 'get', 'post'],
  ['/repos/{owner}/{repo}/issues/{issue_number}', 'get', 'patch'],
  ['/repos/{owner}/{repo}/issues/{issue_number}/comments', 'get', 'post'],
  ['/repos/{owner}/{repo}/issues/comments/{comment_id}', 'patch', 'delete'],
  ['/repos/{owner}/{repo}/pulls', 'get'],
  ['/repos/{owner}/{repo}/commits', 'get'],
  ['/repos/{owner}/{repo}/commits/{ref}', 'get'],
  ['/repos/{owner}/{repo}/compare/{basehead}', 'get'],
  ['/repos/{owner}/{repo}/contents/{path}', 'get'],
  ['/repos/{owner}/{repo}/git/trees/{tree_sha}', 'get'],
];

/** The description with these operations, and with the components that they reach. */
function subset(whole: Json): Json {
  const paths = operations.map(([path, ...methods]) => {
    const kept = methods.map((method) => [method, lean(existing(whole, ['paths', path, method]))] as const);
    return [path, Object.fromEntries(kept)] as const;
  });
  const components = new Map<string, Json>();
  const pending = paths.flatMap(([, item]) => references(item));
  for (let reference = pending.pop(); reference !== undefined; reference = pending.pop()) {
    if (components.has(reference)) continue;
    const component = lean(existing(whole, parsePointer(reference.slice(1)) ?? []));
    components.set(reference, component);
    pending.push(...references(component));
  }
  return {
    openapi: existing(whole, ['openapi']),
    info: {
      title: existing(whole, ['info', 'title']),
      version: existing(whole, ['info', 'version']),
      license: existing(whole, ['info', 'license']),
    },
    paths: Object.fromEntries(paths),
    components: grouped(components),
  };
}

/** An operation or a component that is gone should be told here, not by a test that finds nothing to hold to. */
function existing(whole: Json, place: readonly string[]): Json {
  const found = at(whole, place);
  if (found === undefined) throw new Error(`${PACKAGE} has nothing at ${place.join(' → ')}`);
  return found;
}

/** Words for people, and what only generators of documentation and clients read. */
const words: ReadonlySet<string> = new Set([
  ...['description', 'summary', 'title', 'tags', 'externalDocs', 'example', 'examples'],
]);

/** Without words. Below `properties`, and the like, those are names of GitHub's, which have to stay. */
function lean(value: Json, named = false): Json {
  if (isArray(value)) return value.map((item) => lean(item));
  if (!isObject(value)) return value;
  const kept = Object.entries(value).filter(([name]) => named || !(words.has(name) || name.startsWith('x-')));
  return Object.fromEntries(
    kept.map(([name, member]) => [name, literal(name, named) ? member : lean(member, maps(name, named))]),
  );
}

/** What maps names that are not OpenAPI's. */
function maps(name: string, named: boolean): boolean {
  return !named && (name === 'properties' || name === 'headers' || name === 'content');
}

function literal(name: string, named: boolean): boolean {
  return !named && (name === 'enum' || name === 'default' || name === 'required');
}

function references(value: Json): readonly string[] {
  if (isArray(value)) return value.flatMap(references);
  if (!isObject(value)) return [];
  return Object.entries(value).flatMap(([name, member]) =>
    name === '$ref' && typeof member === 'string' ? [member] : references(member),
  );
}

/** From `#/components/kind/name` to kind → name → component, sorted, so that the next version can be compared. */
function grouped(components: ReadonlyMap<string, Json>): JsonObject {
  const groups: Record<string, Record<string, Json>> = {};
  for (const [reference, component] of [...components].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const [, , kind = '', name = ''] = reference.split('/');
    groups[kind] = { ...groups[kind], [name]: component };
  }
  return groups;
}

function fetchDescription(): Json {
  const folder = mkdtempSync(join(tmpdir(), 'guardian-openapi-'));
  try {
    const pack = ['pack', PACKAGE, '--silent', '--pack-destination', folder];
    const archive = execFileSync('npm', pack, { cwd: folder, encoding: 'utf8' }).trim();
    execFileSync('tar', ['-xzf', archive, FILE], { cwd: folder });
    return JSON.parse(readFileSync(join(folder, FILE), 'utf8'));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

if (import.meta.main) {
  const file = new URL('../test/github/api.github.com.json', import.meta.url);
  writeFileSync(file, `${JSON.stringify(subset(fetchDescription()), null, 2)}\n`);
}
