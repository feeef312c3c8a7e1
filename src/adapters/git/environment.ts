import { devNull } from 'node:os';
import { delimiter, isAbsolute } from 'node:path';

/**
 * What git is told of the environment: how to find itself, the user's own settings, and the way to the network.
 * `GIT_DIR` and the like would turn it to another repository, and tokens are none of its business.
 */
const INHERITED = [
  ...['HOME', 'XDG_CONFIG_HOME', 'USERPROFILE', 'SYSTEMROOT', 'TMPDIR', 'TEMP'],
  ...['GIT_CONFIG_GLOBAL', 'GIT_CONFIG_SYSTEM', 'GIT_CONFIG_NOSYSTEM'],
  ...[
    'SSH_AUTH_SOCK',
    'HTTPS_PROXY',
    'https_proxy',
    'http_proxy',
    'ALL_PROXY',
    'all_proxy',
    'NO_PROXY',
    'no_proxy',
  ],
  ...['GIT_SSL_CAINFO', 'CURL_CA_BUNDLE', 'SSL_CERT_FILE', 'SSL_CERT_DIR'],
] as const;

/**
 * Settings of the repository that name programs to run, each with what stands in its place. Those whose names hold a
 * name of their own (filters) can't be listed here: see `withoutFilters`.
 */
const HARMLESS: readonly (readonly [name: string, value: string])[] = [
  ['core.hooksPath', devNull],
  ['core.fsmonitor', 'false'],
  ['core.alternateRefsCommand', ''],
  // Forgets all helpers that were named before.
  ['credential.helper', ''],
  ['gc.auto', '0'],
  ['maintenance.auto', 'false'],
  ['fetch.writeCommitGraph', 'false'],
  ['submodule.recurse', 'false'],
  ['log.showSignature', 'false'],
  // A folder of a pull request can look like a bare repository, settings included.
  ['safe.bareRepository', 'explicit'],
];

/** Arguments that come before the command. */
export const SOBER: readonly string[] = [
  '--no-pager',
  '--literal-pathspecs',
  '--no-replace-objects',
  ...HARMLESS.flatMap(([name, value]) => ['-c', `${name}=${value}`]),
];

/** The environment of git. Without `mayFetch` it reaches no other repository, not even for a missing object. */
export function environmentOf(
  inherited: Readonly<Record<string, string | undefined>>,
  mayFetch: boolean,
): Readonly<Record<string, string>> {
  const kept = INHERITED.flatMap((name) => {
    const value = inherited[name];
    return value === undefined ? [] : [[name, value] as const];
  });
  // A relative folder would be one of the workspace.
  const path = (inherited['PATH'] ?? '').split(delimiter).filter(isAbsolute).join(delimiter);
  return {
    ...Object.fromEntries(kept),
    PATH: path,
    // Faults are told apart by git's words.
    LC_ALL: 'C',
    GIT_OPTIONAL_LOCKS: '0',
    GIT_TERMINAL_PROMPT: '0',
    // Empty, they stand before `core.askPass`, and before `core.sshCommand`.
    GIT_ASKPASS: '',
    SSH_ASKPASS: '',
    GIT_SSH_COMMAND: 'ssh -oBatchMode=yes',
    // Others run a program (ext), or one that the settings name (git, with core.gitProxy).
    GIT_ALLOW_PROTOCOL: mayFetch ? 'file:http:https:ssh' : 'none',
  };
}

/** Settings as git takes them from its environment. Unlike `-c`, names may hold an equals sign. */
export function settings(
  pairs: readonly (readonly [name: string, value: string])[],
): Readonly<Record<string, string>> {
  const numbered = pairs.flatMap(([name, value], index) => [
    [`GIT_CONFIG_KEY_${index}`, name],
    [`GIT_CONFIG_VALUE_${index}`, value],
  ]);
  return { GIT_CONFIG_COUNT: `${pairs.length}`, ...Object.fromEntries(numbered) };
}
