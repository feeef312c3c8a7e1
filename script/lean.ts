import { readdirSync, readFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';

/**
 * A plugin that makes the bundle start faster without changing what it does. Each part is worth milliseconds that
 * `npm run bench` shows.
 */
export function lean() {
  return {
    name: 'lean',
    resolveId(id: string, importer: string | undefined) {
      if (importer === undefined || importer.startsWith('\0')) return undefined;
      for (const [folder, builtin] of lazily) {
        if (importer.includes(`/${folder}/`) && id.replace('node:', '') === builtin)
          return `${LAZY}${builtin}`;
      }
      if (id === 'debug' && importer.includes('/ioredis/')) return NO_DEBUG;
      return isBuiltin(id) ? `${BUILTIN}${id}` : undefined;
    },
    load(id: string) {
      if (id.startsWith(BUILTIN))
        return { code: required(id.slice(BUILTIN.length)), moduleType: 'js' as const };
      if (id.startsWith(LAZY)) return { code: lazy(id.slice(LAZY.length)), moduleType: 'js' as const };
      if (id === NO_DEBUG) return { code: noDebug, moduleType: 'js' as const };
      // A large table is read faster by the JSON parser than by that of the language.
      if (id.endsWith('/@ioredis/commands/built/commands.json')) {
        const table: unknown = JSON.parse(readFileSync(id, 'utf8'));
        const code = `module.exports = JSON.parse(${JSON.stringify(JSON.stringify(table))});`;
        return { code, moduleType: 'js' as const };
      }
      return undefined;
    },
    transform(code: string, id: string) {
      if (id.endsWith('/python-regex.ts'))
        return replaced(code, "require('re2js')", "require('./re2js.cjs')");
      if (id.endsWith('/ioredis/built/utils/Commander.js')) {
        return replaced(code, 'commands_1.list.filter', `${JSON.stringify(methods())}.filter`);
      }
      if (id.endsWith('/ioredis/built/index.js')) {
        const eagerly = 'var cluster_1 = require("./cluster");';
        const lazily = 'var cluster_1 = { get default() { return require("./cluster").default; } };';
        return replaced(code, eagerly, lazily);
      }
      if (id.endsWith('/ioredis/built/Redis.js')) {
        // A second name for what the index exports; reading it would load all of the cluster client.
        const alone = replaced(code, 'const cluster_1 = require("./cluster");', '');
        return replaced(alone, 'Redis.Cluster = cluster_1.default;', '');
      }
      return undefined;
    },
  };
}

/** A replacement that finds nothing is a dependency that has changed: better told than lost. */
function replaced(code: string, from: string, to: string): string {
  if (!code.includes(from)) throw new Error(`the bundle expects ${from} in a dependency, and it is gone`);
  return code.replace(from, () => to);
}

const BUILTIN = '\0builtin:';
const LAZY = '\0lazy:';
const NO_DEBUG = '\0no-debug';

/** Importing one of Node's own modules reads its every export, which loads what would be loaded lazily. */
function required(builtin: string): string {
  return `module.exports = require(${JSON.stringify(builtin)});`;
}

/** Who loads which of Node's larger modules though most runs don't need it. */
const lazily: readonly (readonly [folder: string, builtin: string])[] = [
  ['ioredis', 'tls'],
  ['ioredis', 'dns'],
  ['redis-errors', 'assert'],
  ['commander', 'child_process'],
];

/** A builtin of which only functions are used: each loads it when it is called. */
function lazy(builtin: string): string {
  const load = `require(${JSON.stringify(`node:${builtin}`)})`;
  return `module.exports = new Proxy(function () {}, {
    get: (_, name) => name === '__esModule' ? undefined : (...given) => ${load}[name](...given),
    apply: (_, __, given) => ${load}(...given),
  });`;
}

/** With `DEBUG=ioredis:*` the client would print commands with their arguments, the password among them. */
const noDebug = `exports.default = () => Object.assign(() => {}, { enabled: false });
exports.__esModule = true;`;

/**
 * The client makes two functions for each of some 400 commands. Only those that the client itself or the guardian
 * calls as a method are made; commands that are sent by name need none.
 */
function methods(): readonly string[] {
  const here = (path: string) => new URL(`../${path}`, import.meta.url);
  const table = JSON.parse(readFileSync(here('node_modules/@ioredis/commands/built/commands.json'), 'utf8'));
  const called = new Set<string>();
  for (const folder of [here('src/'), here('node_modules/ioredis/built/')]) {
    for (const file of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
      if (!/\.[jt]s$/.test(file)) continue;
      const text = readFileSync(new URL(file, folder), 'utf8');
      for (const [, method = ''] of text.matchAll(/[.'"]([a-z_]+?)(?:Buffer)?['"]?\]?\(/g))
        called.add(method);
    }
  }
  return Object.keys(table).filter((command) => called.has(command));
}
