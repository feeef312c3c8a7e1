import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { ConfigSpec } from '../../../src/core/evidence.ts';
import { capture } from '../../../src/core/key-pattern.ts';
import { plain } from '../../../src/core/plain.ts';
import { formatPointer } from '../../../src/core/pointer.ts';
import { guardedApp } from '../../../src/guarded-app.ts';
import { configs, found } from './reading.ts';

const example = readFileSync(new URL('../../../examples/guardian.yml', import.meta.url), 'utf8');

/** The only config of a manifest, with these options. */
function only(...options: readonly string[]): ConfigSpec {
  const lines = options.map((option) => `    ${option}\n`).join('');
  const [spec] = configs(`version: 1\nconfigs:\n  prefs:\n${lines}`).specs;
  if (spec === undefined) throw new Error('no spec');
  return spec;
}

function pattern(...options: readonly string[]) {
  const lines = options.map((option) => `    ${option}\n`).join('');
  const [rule] = configs(`version: 1\nprefix: 'app:'\nconfigs:\n  prefs:\n${lines}`).patterns;
  if (rule === undefined) throw new Error('no pattern');
  return rule;
}

/** A manifest doesn't tell places that show numbers from places that show words. */
function comparable(spec: ConfigSpec) {
  const { show, showWords, ...visibility } = spec.visibility;
  const shown = new Set([...show, ...showWords].map(formatPointer));
  return { ...spec, visibility: { ...visibility, shown } };
}

test('the four configs that need no manifest are the same when written as one', () => {
  const { specs, patterns, variable } = configs(example);
  const shipped = guardedApp({ prefix: 'r:ss:config:', schemas: ['schemas'], fallbacks: 'debug' });
  expect(specs.map(comparable)).toEqual(shipped.map(comparable));
  expect(patterns).toEqual([]);
  expect(variable).toBeUndefined();
});

test('the manifest on its page has no mistakes', () => {
  const page = readFileSync(new URL('../../../docs/manifest.md', import.meta.url), 'utf8');
  const [, text = ''] = /```yaml\n([\s\S]*?)```/.exec(page) ?? [];
  const { specs, patterns } = configs(text, { environment: 'staging' });
  expect(specs.map(({ key }) => key)).toEqual(['staging:config:limits', 'staging:config:hooks']);
  expect(patterns.map(({ pattern }) => pattern.text)).toEqual(['staging:config:tenant:*:prefs']);
});

test('what migrations may change: places of configs, and keys without a prefix', () => {
  const text = `version: 1
prefix: 'app:'
configs: { prefs: }
migration: { allow: [{ config: prefs, at: [/rules/*/priority, ''] }, { key: 'tmp:*' }, { key: one }] }`;
  const allow = configs(text).migration?.allow ?? [];
  expect(allow[0]).toEqual({ kind: 'config', config: 'prefs', at: [['rules', '*', 'priority'], []] });
  const isAllowed = (key: string) =>
    allow.some((each) => each.kind === 'key' && capture(each.pattern, key) !== undefined);
  expect(['tmp:x', 'one', 'app:tmp:x', 'ones'].map(isAllowed)).toEqual([true, true, false, false]);
});

test('of migrations nothing is said where a manifest says nothing', () => {
  expect(configs('version: 1\nconfigs: { prefs: }').migration).toBeUndefined();
  expect(configs('version: 1\nconfigs: { prefs: }\nmigration: {}').migration).toEqual({ allow: [] });
});

describe('what is left unsaid', () => {
  test('of a config', () => {
    expect(only()).toEqual({
      name: 'prefs',
      key: 'prefs',
      storedKey: 'prefs',
      encoding: 'json',
      schema: ['schemas/prefs.schema.json'],
      fallback: ['fallback/prefs.json'],
      required: true,
      empty: 'refuse',
      drift: { watch: true, ignore: [['_updated_at']] },
      identity: [],
      visibility: {
        show: [],
        showWords: [],
        showText: [],
        secret: [],
        hiddenNames: [],
        secretNames: [],
      },
      compatibility: 'backward',
      cases: { folder: 'schemas/cases/prefs', isNamed: false },
      severities: new Map(),
      exceptions: [],
    });
  });

  test('of a pattern', () => {
    const { limit, hidesNames, template } = pattern("keys: '*'");
    expect({ limit, hidesNames }).toEqual({ limit: 100_000, hidesNames: false });
    // Keys that vary seldom have a file each, and nothing says where it would be.
    expect({ fallback: template.fallback, watch: template.drift.watch }).toEqual({
      fallback: [],
      watch: false,
    });
  });

  test('of freshness', () => {
    expect(only('freshness: {}').freshness).toEqual({ at: ['_updated_at'], expected: true });
  });

  test('the cases are beside the first schema', () => {
    expect(only('schema: [a/b/x.json, c/y.json]').cases.folder).toBe('a/b/cases/prefs');
    expect(only('schema: x.json').cases.folder).toBe('cases/prefs');
  });
});

describe('an option is what it says:', () => {
  test('all of them', () => {
    const spec = only(
      'key: other',
      'schema: ./contracts//prefs.json',
      'fallback: [a.json, b/c.json]',
      'required: false',
      'empty: allow',
      'encoding: hash-json',
      'drift: error',
      'ignore: [/a, /b/*]',
      'identity: { /rules: id, "": name }',
      "show: [/n, '']",
      'show-text: [/t]',
      'secret: [/s~1t]',
      'hide-names: [/h, { at: /i, below: true }]',
      'secret-names: [{ at: /j, except: [k] }]',
      'freshness: { at: /saved/at, expected: false, max-age: 12h }',
      'tokens: /*',
      'compatibility: full',
      'severities: { expiry: off, undeclared: error }',
      'exceptions: [{ check: shape, at: /a, reason: " known ", until: 2027-01-31 }, { check: drift, reason: x }]',
      'cases: samples/prefs',
    );
    expect(spec).toEqual({
      name: 'prefs',
      key: 'other',
      storedKey: 'other',
      schema: ['contracts/prefs.json'],
      fallback: ['a.json', 'b/c.json'],
      required: false,
      empty: 'allow',
      encoding: 'hash-json',
      drift: { watch: true, ignore: [['a'], ['b', '*']] },
      identity: [
        { at: ['rules'], property: 'id' },
        { at: [], property: 'name' },
      ],
      visibility: {
        show: [['n'], []],
        showWords: [['n'], []],
        showText: [['t']],
        secret: [['s/t']],
        hiddenNames: [
          { at: ['h'], except: [] },
          { at: ['i'], below: true, except: [] },
        ],
        secretNames: [{ at: ['j'], except: ['k'] }],
      },
      freshness: { at: ['saved', 'at'], expected: false, maxAge: 43_200_000 },
      tokens: ['*'],
      compatibility: 'full',
      severities: new Map([
        ['expiry', 'off'],
        ['undeclared', 'error'],
        ['drift', 'error'],
      ]),
      exceptions: [
        { check: 'shape', at: ['a'], reason: 'known', until: Date.UTC(2027, 0, 31) },
        { check: 'drift', at: [], reason: 'x' },
      ],
      cases: { folder: 'samples/prefs', isNamed: true },
    });
  });

  test.each([
    ['off', false, undefined],
    ['notice', true, 'notice'],
    ['warning', true, undefined],
    ['error', true, 'error'],
  ])('drift: %s', (word, watch, severity) => {
    const { drift, severities } = only(`drift: ${word}`);
    expect([drift.watch, severities.get('drift')]).toEqual([watch, severity]);
  });

  test('without a fallback nothing can drift', () => {
    const { fallback, drift } = only('fallback: none', 'drift: error');
    expect({ fallback, watch: drift.watch }).toEqual({ fallback: [], watch: false });
  });

  test.each([
    ['90m', 5_400_000],
    ['12h', 43_200_000],
    ['30d', 2_592_000_000],
  ])('max-age: %s', (text, milliseconds) => {
    expect(only(`freshness: { max-age: ${text} }`).freshness?.maxAge).toBe(milliseconds);
  });
});

describe('a pattern', () => {
  test('stands for the keys that it matches behind the prefix', () => {
    const rule = pattern(
      "keys: 'tenant:*:prefs'",
      "fallback: 'tenants/{1}.json'",
      'limit: 5',
      'hide-keys: true',
    );
    expect(rule).toMatchObject({ limit: 5, hidesNames: true });
    expect(rule.pattern.text).toBe('app:tenant:*:prefs');
    expect(rule.template).toMatchObject({
      key: 'app:tenant:*:prefs',
      storedKey: 'app:tenant:*:prefs',
      fallback: ['tenants/{1}.json'],
      drift: { watch: true },
    });
    expect(capture(rule.pattern, 'app:tenant:acme:prefs')).toEqual(['acme']);
    expect(capture(rule.pattern, 'tenant:acme:prefs')).toBeUndefined();
  });

  test('counts both kinds of wildcards, and none that is escaped', () => {
    const rule = pattern("keys: 'a\\*?:*'", "fallback: '{1}.{2}.json'");
    expect(capture(rule.pattern, 'app:a*1:b')).toEqual(['1', 'b']);
  });

  test('takes a prefix to the letter', () => {
    const text = "version: 1\nprefix: 'a*[b]:'\nconfigs: { prefs: { keys: '*' } }\n";
    const [rule] = configs(text).patterns;
    expect(rule?.pattern.text).toBe('a\\*\\[b\\]:*');
  });

  test('and single keys stand side by side', () => {
    const text = "version: 1\nconfigs: { a: , b: { keys: '*' }, c: }\n";
    const { specs, patterns } = configs(text);
    expect(specs.map(({ name }) => name)).toEqual(['a', 'c']);
    expect(patterns.map(({ template }) => template.name)).toEqual(['b']);
  });
});

describe('environments', () => {
  const text = `version: 1
prefix: 'all:'
defaults: { drift: notice, required: false, show: [/all] }
environments:
  live:
    prefix: 'live:'
    variable: REDIS_URL_LIVE
    defaults: { drift: error, empty: allow, compatibility: full }
    configs:
      a: { compatibility: forward, key: x, show: [] }
  test:
configs:
  a: { compatibility: none, show: [/a, /b] }
  b: { empty: refuse }
`;
  const summary = (spec: ConfigSpec) => ({
    key: spec.key,
    drift: spec.severities.get('drift'),
    required: spec.required,
    empty: spec.empty,
    compatibility: spec.compatibility,
    show: spec.visibility.show.map(formatPointer),
  });
  const usual = { drift: 'notice', required: false, empty: 'refuse' };

  test('change what holds for all configs, and what holds for one', () => {
    const { specs, variable } = configs(text, { environment: 'live' });
    expect(variable).toBe('REDIS_URL_LIVE');
    expect(specs.map(summary)).toEqual([
      { key: 'live:x', drift: 'error', required: false, empty: 'allow', compatibility: 'forward', show: [] },
      {
        key: 'live:b',
        drift: 'error',
        required: false,
        empty: 'refuse',
        compatibility: 'full',
        show: ['/all'],
      },
    ]);
  });

  test.each([undefined, 'test'])(
    'that change nothing, or none (%s), leave it all as it is',
    (environment) => {
      const { specs, variable } = configs(text, environment === undefined ? {} : { environment });
      expect(variable).toBeUndefined();
      expect(specs.map(summary)).toEqual([
        { ...usual, key: 'all:a', compatibility: 'none', show: ['/a', '/b'] },
        { ...usual, key: 'all:b', compatibility: 'backward', show: ['/all'] },
      ]);
    },
  );

  test('give way to the prefix of the one who asks', () => {
    const keys = (prefix: string) =>
      configs(text, { environment: 'live', prefix }).specs.map(({ key }) => key);
    expect(keys('mine:')).toEqual(['mine:x', 'mine:b']);
    expect(keys('')).toEqual(['x', 'b']);
  });

  test.each([
    ['Live', 'did you mean live?'],
    ['production', 'known are live or test'],
    ['__proto__', 'known are live or test'],
    ['constructor', 'known are live or test'],
  ])('that are not there are told: %s', (environment, advice) => {
    const answer = found(text, { environment });
    if (answer.ok) throw new Error('found');
    expect(plain(answer.said)).toBe(`the manifest has no environment ${environment}`);
    expect(plain(answer.advice)).toBe(advice);
  });

  test('may have any name where none is declared', () => {
    expect(configs('version: 1\nconfigs: { a: }\n', { environment: 'live' }).specs).toHaveLength(1);
  });
});

describe('a manifest may be written as', () => {
  test.each([
    ['JSON', '{"$schema": "manifest.schema.json", "version": 1, "configs": {"a": {}}}'],
    ['JSON with tabs', '{\n\t"version": 1,\n\t"configs": {\n\t\t"a": {}\n\t}\n}\n'],
    ['YAML with a byte order mark', '\uFEFFversion: 1\nconfigs: { a: }\n'],
    ['YAML with carriage returns', 'version: 1\r\nconfigs:\r\n  a:\r\n    drift: warning\r\n'],
    ['YAML with marks of its begin and end', '%YAML 1.2\n---\nversion: 1\nconfigs: { a: }\n...\n'],
  ])('%s', (_form, text) => {
    expect(configs(text).specs.map(({ name }) => name)).toEqual(['a']);
  });

  test('YAML whose names look like numbers and truths', () => {
    const text = 'version: 1\nconfigs: { 1: , true: , null: , 1.0: }\n';
    expect(configs(text).specs.map(({ key }) => key)).toEqual(['1', 'true', 'null', '1.0']);
  });
});
