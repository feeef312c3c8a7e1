/** A manifest with a mistake, and what is said of it: `line:column: text (advice)`. */
export interface Bad {
  readonly fact: string;
  readonly text: string;
  readonly said: string;
  /** JSON Schema can't tell. */
  readonly passes?: true;
}

/** A manifest whose only config has this option; it begins in line 4, column 5. */
function config(option: string): string {
  return `version: 1\nconfigs:\n  prefs:\n    ${option}\n`;
}

function pattern(option: string): string {
  return config(`keys: 'tenant:*:prefs'\n    ${option}`);
}

/** It begins in line 4, column 12. */
function migration(text: string): string {
  return `version: 1\nconfigs:\n  prefs:\nmigration: ${text}\n`;
}

const OPTIONS =
  'schema, fallback, required, empty, encoding, drift, ignore, identity, show, show-text, secret, hide-names, secret-names, freshness, tokens, compatibility, severities, exceptions, cases, limit or hide-keys';

export const bad: readonly Bad[] = [
  // The whole
  { fact: 'nothing', text: '', said: '1:1: expected a mapping with version and configs; found nothing' },
  { fact: 'a list', text: '- a\n', said: '1:1: expected a mapping with version and configs; found a list' },
  { fact: 'no version', text: 'configs: { prefs: }', said: '1:1: version is missing' },
  { fact: 'another version', text: 'version: 2\nconfigs: { prefs: }', said: '1:10: expected 1; found 2' },
  {
    fact: 'a version that is text',
    text: "version: '1'\nconfigs: { prefs: }",
    said: '1:10: expected 1; found text',
  },
  { fact: 'no configs', text: 'version: 1\n', said: '1:1: configs is missing' },
  { fact: 'configs without any', text: 'version: 1\nconfigs: {}\n', said: '2:10: there are no configs' },
  {
    fact: 'configs with nothing behind it',
    text: 'version: 1\nconfigs:\n',
    said: '2:1: expected a mapping of configs by name; found nothing',
  },
  {
    fact: 'a list of configs',
    text: 'version: 1\nconfigs: [prefs]\n',
    said: '2:10: expected a mapping of configs by name; found a list',
  },
  {
    fact: 'a misspelt member',
    text: 'version: 1\nprefx: x\nconfigs: { prefs: }\n',
    said: '2:1: prefx is not known here (did you mean prefix?)',
  },
  {
    fact: 'a prefix that is a number',
    text: 'version: 1\nprefix: 7\nconfigs: { prefs: }\n',
    said: '2:9: expected text; found 7',
  },
  {
    fact: 'a prefix with a control character',
    text: 'version: 1\nprefix: "a\\0"\nconfigs: { prefs: }\n',
    said: "2:9: there can't be control characters in a key",
  },
  {
    fact: 'a key for all configs',
    text: 'version: 1\ndefaults: { key: x }\nconfigs: { prefs: }\n',
    said: `2:13: key is not known here (known are ${OPTIONS})`,
  },
  // Names
  {
    fact: 'a name with a blank',
    text: 'version: 1\nconfigs:\n  "my prefs": {}\n',
    said: "3:3: this can't name a config: a name has letters, digits, _, - and ., 64 at most",
  },
  {
    fact: 'a name that leads to another folder',
    text: 'version: 1\nconfigs:\n  "..": {}\n',
    said: "3:3: this can't name a config: a name has letters, digits, _, - and ., 64 at most",
  },
  // Options
  {
    fact: 'a misspelt option',
    text: config('schmea: x.json'),
    said: '4:5: schmea is not known here (did you mean schema?)',
  },
  {
    fact: 'an option that is like none',
    text: config('wibble: 1'),
    said: `4:5: wibble is not known here (known are key, keys, ${OPTIONS})`,
  },
  {
    fact: 'a name that every object of JavaScript has',
    text: config('constructor: 1'),
    said: `4:5: constructor is not known here (known are key, keys, ${OPTIONS})`,
  },
  {
    fact: 'a misspelt severity',
    text: config('drift: errr'),
    said: '4:12: expected off, notice, warning or error; found errr (did you mean error?)',
  },
  {
    fact: 'a truth where a severity belongs',
    text: config('drift: false'),
    said: '4:12: expected off, notice, warning or error; found false',
  },
  {
    fact: 'a truth of YAML 1.1',
    text: config('required: yes'),
    said: '4:15: expected true or false; found yes',
  },
  {
    fact: 'an encoding with an underscore',
    text: config('encoding: hash_json'),
    said: '4:15: expected json, hash, hash-json or redisjson; found text',
  },
  {
    fact: 'an unknown compatibility',
    text: config('compatibility: both'),
    said: '4:20: expected backward, forward, full or none; found both',
  },
  // Keys
  { fact: 'an empty key', text: config("key: ''"), said: "4:10: a key can't be empty" },
  {
    fact: 'a key with a line break',
    text: config('key: "a\\nb"'),
    said: "4:10: there can't be control characters in a key",
  },
  {
    fact: 'a key and a pattern',
    text: config("key: a\n    keys: 'x:*'"),
    said: '5:5: prefs can have either key or keys, not both',
  },
  {
    fact: 'two configs of one key',
    text: 'version: 1\nconfigs:\n  a: { key: b }\n  b: {}\n',
    said: '4:3: b has the same key as a',
    passes: true,
  },
  {
    fact: 'two configs of one pattern',
    text: "version: 1\nconfigs:\n  a: { keys: '*' }\n  b: { keys: '*' }\n",
    said: '4:14: b has the same keys as a',
    passes: true,
  },
  {
    fact: 'two configs of one key in an environment',
    text: 'version: 1\nenvironments:\n  live:\n    configs:\n      a: { key: b }\nconfigs: { a: , b: }\n',
    said: '6:17: b has the same key as a',
    passes: true,
  },
  {
    fact: 'a pattern without a wildcard',
    text: config("keys: 'a\\*'"),
    said: '4:11: a pattern of keys needs a * or a ?; a single key is a key',
  },
  {
    fact: 'a pattern with a class',
    text: config("keys: 'a[bc]*'"),
    said: "4:11: to Redis [ begins a class of characters, which can't be had here; for the character itself write \\[",
  },
  {
    fact: 'a pattern that ends with a backslash',
    text: config("keys: 'a*\\'"),
    said: "4:11: a pattern can't end with a single \\",
  },
  {
    fact: 'a pattern with ten wildcards',
    text: config("keys: '??????????'"),
    said: '4:11: a pattern has 9 wildcards at most, and no two * in a row',
    passes: true,
  },
  {
    fact: 'a limit without a pattern',
    text: config('limit: 5'),
    said: '4:5: limit is for configs with keys, and prefs has none',
    passes: true,
  },
  {
    fact: 'hidden keys without a pattern',
    text: config('hide-keys: true'),
    said: '4:5: hide-keys is for configs with keys, and prefs has none',
    passes: true,
  },
  {
    fact: 'a limit of nothing',
    text: pattern('limit: 0'),
    said: '5:12: expected a whole number from 1 to 10000000; found 0',
  },
  {
    fact: 'a limit that is no whole number',
    text: pattern('limit: 1.5'),
    said: '5:12: expected a whole number from 1 to 10000000; found a number',
  },
  // Paths
  {
    fact: 'a path from the root',
    text: config('schema: /etc/passwd'),
    said: '4:13: a path begins in the workspace, not with /, a drive or a scheme',
  },
  {
    fact: 'a path on a drive',
    text: config('schema: C:/x.json'),
    said: '4:13: a path begins in the workspace, not with /, a drive or a scheme',
  },
  {
    fact: "a path in the guardian's own folder",
    text: config('fallback: builtin:../x.json'),
    said: '4:15: a path begins in the workspace, not with /, a drive or a scheme',
  },
  {
    fact: 'a path that leads out',
    text: config('cases: a/../../x'),
    said: "4:12: a path can't go up with ..: it begins in the workspace and stays there",
  },
  {
    fact: 'a path with a backslash',
    text: config("schema: 'a\\b.json'"),
    said: '4:13: a path has no backslashes and no control characters; folders end with /',
  },
  {
    fact: 'a path with a NUL',
    text: config('schema: "a\\0.json"'),
    said: '4:13: a path has no backslashes and no control characters; folders end with /',
  },
  { fact: 'a path to nowhere', text: config('schema: ./'), said: '4:13: this path names no file' },
  {
    fact: 'no candidates',
    text: config('schema: []'),
    said: '4:13: expected a path or a list of paths; found an empty list',
  },
  {
    fact: 'a candidate that is no path',
    text: config('fallback: [a.json, { b: 1 }]'),
    said: '4:24: expected a path, a list of paths, or none; found a mapping',
  },
  {
    fact: 'a hole in the path of a schema',
    text: pattern("schema: 'x/{1}.json'"),
    said: '5:13: only fallback may have {1} in its paths',
  },
  {
    fact: 'a hole in the name of a folder',
    text: pattern("fallback: '{1}/x.json'"),
    said: '5:15: what varies has to be in the name of the file, not of a folder',
    passes: true,
  },
  {
    fact: 'a path that is one of what ships, behind a dot',
    text: config("fallback: './builtin:/etc/x'"),
    said: '4:15: a path begins in the workspace, not with /, a drive or a scheme',
  },
  {
    fact: 'a hole without a pattern',
    text: config("fallback: 'x/{1}.json'"),
    said: '4:15: {1} is for configs with keys, and prefs has none',
    passes: true,
  },
  {
    fact: 'a hole for which there is no wildcard',
    text: pattern("fallback: [x.json, 'x/{2}.json']"),
    said: '5:24: {2} stands for nothing: the keys of prefs have 1 wildcard',
    passes: true,
  },
  {
    fact: 'a hole in the defaults, for a config without a pattern',
    text: "version: 1\ndefaults:\n  fallback: 'x/{1}.json'\nconfigs:\n  a: { keys: '*' }\n  b: {}\n",
    said: '3:13: {1} is for configs with keys, and b has none',
    passes: true,
  },
  {
    fact: 'a hole without a number that counts',
    text: pattern("fallback: 'x/{10}.json'"),
    said: '5:15: the numbers in braces go from 1 to 9',
    passes: true,
  },
  // Pointers
  {
    fact: 'a pointer without a slash',
    text: config('show: [rules]'),
    said: '4:12: this is no pointer: one begins with /, and ~ stands in it only as ~0 or ~1',
  },
  {
    fact: 'a pointer with a stray tilde',
    text: config("secret: ['/a~2']"),
    said: '4:14: this is no pointer: one begins with /, and ~ stands in it only as ~0 or ~1',
  },
  {
    fact: 'a pointer that is not in a list',
    text: config('ignore: /rules'),
    said: '4:13: expected a list of pointers such as /rules; found text',
  },
  {
    fact: 'an identity of no pointer',
    text: config('identity: { rules: id }'),
    said: '4:17: this is no pointer: one begins with /, and ~ stands in it only as ~0 or ~1',
  },
  {
    fact: 'an identity without a property',
    text: config("identity: { /rules: '' }"),
    said: "4:25: a name can't be empty",
  },
  {
    fact: 'names to hide that are no list',
    text: config('hide-names: true'),
    said: '4:17: expected a list of pointers, or of mappings with at, below and except; found true',
  },
  {
    fact: 'secret names nowhere',
    text: config('secret-names: [{ below: true }]'),
    said: '4:20: at is missing',
  },
  // Freshness
  {
    fact: 'a duration in words',
    text: config('freshness: { max-age: 30 days }'),
    said: '4:27: this is no duration: write 30d, 12h or 90m',
  },
  {
    fact: 'a duration without a unit',
    text: config('freshness: { max-age: 30 }'),
    said: '4:27: expected a duration such as 30d, 12h or 90m; found 30',
  },
  {
    fact: 'a misspelt member of freshness',
    text: config('freshness: { maxage: 30d }'),
    said: '4:18: maxage is not known here (did you mean max-age?)',
  },
  // Severities and exceptions
  {
    fact: 'the severity of an unknown check',
    text: config('severities: { shap: off }'),
    said: '4:19: shap is not known here (did you mean shape?)',
  },
  {
    fact: 'the severity of drift at the wrong place',
    text: config('severities: { drift: off }'),
    said: '4:19: drift is not known here (how loud drift is, says the option drift)',
  },
  {
    fact: 'an exception of an unknown check',
    text: config('exceptions: [{ check: shap, reason: known }]'),
    said: '4:27: shap is not known here (did you mean shape?)',
  },
  {
    fact: 'an exception without a reason',
    text: config('exceptions: [{ check: shape }]'),
    said: '4:18: reason is missing',
  },
  {
    fact: 'an exception with a blank reason',
    text: config("exceptions: [{ check: shape, reason: '  ' }]"),
    said: '4:42: an exception needs a reason',
  },
  {
    fact: 'an exception until a day that there is not',
    text: config('exceptions: [{ check: shape, reason: known, until: 2027-02-30 }]'),
    said: '4:56: this is no day: write it as 2027-01-31',
    passes: true,
  },
  {
    fact: 'an exception until some time',
    text: config('exceptions: [{ check: shape, reason: known, until: tomorrow }]'),
    said: '4:56: this is no day: write it as 2027-01-31',
  },
  // Environments
  {
    fact: 'a list of environments',
    text: 'version: 1\nenvironments: [live]\nconfigs: { prefs: }\n',
    said: '2:15: expected a mapping of environments by name; found a list',
  },
  {
    fact: 'a misspelt member of an environment',
    text: 'version: 1\nenvironments: { live: { varible: X } }\nconfigs: { prefs: }\n',
    said: '2:25: varible is not known here (did you mean variable?)',
  },
  {
    fact: 'an environment with two lines in its name',
    text: 'version: 1\nenvironments: { "a\\nb": {} }\nconfigs: { prefs: }\n',
    said: "2:17: this can't name an environment: a name has one line, 100 characters at most",
  },
  {
    fact: 'an environment that changes a config that is not there',
    text: 'version: 1\nenvironments: { live: { configs: { pref: } } }\nconfigs: { prefs: }\n',
    said: '2:36: configs of the manifest has no pref (did you mean prefs?)',
    passes: true,
  },
  // Migration
  {
    fact: 'a migration that is a list',
    text: migration('[/rules]'),
    said: '4:12: expected a mapping with allow; found a list',
  },
  {
    fact: 'a migration that allows one thing, not a list',
    text: migration("{ allow: { key: 'tmp:*' } }"),
    said: '4:21: expected a list of what a migration may change; found a mapping',
  },
  {
    fact: 'a migration that may change a pointer',
    text: migration('{ allow: [/rules] }'),
    said: '4:22: expected a mapping with config and at, or with key; found text',
  },
  {
    fact: 'a misspelt member of what may change',
    text: migration('{ allow: [{ key: x, kee: 1 }] }'),
    said: '4:32: kee is not known here (did you mean key?)',
  },
  {
    fact: 'a config of which nothing may change',
    text: migration('{ allow: [{ config: prefs }] }'),
    said: '4:22: what may change is either config with its places at, or key',
  },
  {
    fact: 'a config and a key that may change at once',
    text: migration("{ allow: [{ config: prefs, at: [''], key: x }] }"),
    said: '4:22: what may change is either config with its places at, or key',
  },
  {
    fact: 'places of a key that may change',
    text: migration('{ allow: [{ key: x, at: [/rules] }] }'),
    said: '4:22: what may change is either config with its places at, or key',
  },
  {
    fact: 'a place of a config that is no pointer',
    text: migration('{ allow: [{ config: prefs, at: [rules] }] }'),
    said: '4:44: this is no pointer: one begins with /, and ~ stands in it only as ~0 or ~1',
  },
  {
    fact: 'a config that may change and that is not there',
    text: migration('{ allow: [{ config: pref, at: [/rules] }] }'),
    said: '4:32: configs has no pref (did you mean prefs?)',
    passes: true,
  },
  {
    fact: 'a key with a class that may change',
    text: migration("{ allow: [{ key: 'tmp:[ab]' }] }"),
    said: "4:29: to Redis [ begins a class of characters, which can't be had here; for the character itself write \\[",
  },
];

/** What isn't YAML, or is more of it than a manifest may have. */
export const malformed: readonly Bad[] = [
  {
    fact: 'a name twice',
    text: 'version: 1\nversion: 1\nconfigs: { prefs: }\n',
    said: '2:1: version is there already',
  },
  {
    fact: 'a name twice, once in quotes',
    text: 'version: 1\n"version": 1\nconfigs: { prefs: }\n',
    said: '2:1: version is there already',
  },
  {
    fact: 'two documents',
    text: 'version: 1\nconfigs: { prefs: }\n---\nversion: 1\n',
    said: '3:1: a manifest is one document, and here a second one begins',
  },
  {
    fact: 'a tab',
    text: 'version: 1\nconfigs:\n\tprefs: {}\n',
    said: '3:1: YAML is indented with blanks, not with tabs',
  },
  {
    fact: 'two names on a line',
    text: 'version: 1\nconfigs: prefs: {}\n',
    said: "2:10: a name and its value can't follow another on the same line",
  },
  {
    fact: 'a brace that is not closed',
    text: 'version: 1\nconfigs: { prefs: \n',
    said: "2:19: this is indented too little or too much, or a bracket before it isn't closed",
  },
  {
    fact: 'a quote that is not closed',
    text: 'version: 1\nprefix: "a\n',
    said: '3:1: something is missing here: a colon, a comma, a blank, a quote or a bracket',
  },
  {
    fact: 'an escape that is none',
    text: 'version: 1\nprefix: "a\\*"\nconfigs: { prefs: }\n',
    said: '2:11: this is no escape in double quotes; in single quotes a backslash is only a backslash',
  },
  {
    fact: 'text that begins with an at sign',
    text: 'version: 1\nprefix: @a\nconfigs: { prefs: }\n',
    said: "2:9: text can't begin with this character: put it in quotes",
  },
  {
    fact: 'a tag',
    text: 'version: !one 1\nconfigs: { prefs: }\n',
    said: '1:10: the manifest knows no such tag',
  },
  {
    fact: 'a tag of YAML that JSON has no type for',
    text: 'version: 1\nconfigs: !!omap { prefs: }\n',
    said: '2:10: the manifest knows no such tag',
  },
  {
    fact: 'an alias of nothing',
    text: 'version: *one\nconfigs: { prefs: }\n',
    said: '1:10: there is no anchor of this name before the alias',
  },
  {
    fact: 'an alias of what it is in',
    text: 'version: 1\nconfigs: &all { prefs: *all }\n',
    said: '2:24: this alias is inside of what it stands for',
  },
  {
    fact: 'a merge',
    text: 'version: 1\nconfigs:\n  a: &a {}\n  b: { <<: *a }\n',
    said: `4:8: << is not known here (known are key, keys, ${OPTIONS})`,
  },
  {
    fact: 'a list for a name',
    text: 'version: 1\n? [a]\n: x\nconfigs: { prefs: }\n',
    said: '2:3: only text can be a name here',
  },
  {
    fact: 'a name that stands for the prototype',
    text: 'version: 1\nenvironments: { __proto__: {} }\nconfigs: { prefs: }\n',
    said: '2:17: __proto__ can be no name here',
  },
  {
    fact: 'JSON without a comma',
    text: '{"version": 1 "configs": {}}',
    said: '1:13: inside of brackets, lists and mappings have brackets too; or a comma is missing',
  },
];
