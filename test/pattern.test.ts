import { describe, expect, test } from 'vitest';
import { ajvCompiler } from '../src/adapters/ajv/compiler.ts';
import type { Fault } from '../src/core/evidence.ts';
import { keyPattern, type PatternSpec } from '../src/core/key-pattern.ts';
import { phrase, vouch } from '../src/core/phrase.ts';
import { plain } from '../src/core/plain.ts';
import { type FileContent, type Files, type FoundKey, type Store, StoreFault } from '../src/core/ports.ts';
import { wordingOf } from '../src/core/tally.ts';
import type { ConfigReport, Report } from '../src/core/verdict.ts';
import { keyedDigest } from '../src/faces/digest.ts';
import { guard } from '../src/guard.ts';
import { colourless } from '../src/reporters/index.ts';
import { terminal } from '../src/reporters/terminal.ts';
import { fileOf, spec, utf8 } from './checks/evidence.ts';

const schema = JSON.stringify({
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  type: 'object',
  properties: { retries: { type: 'integer', maximum: 10 }, _updated_at: { type: 'string' } },
  required: ['retries'],
});

interface Situation {
  readonly keys?: Readonly<Record<string, string>>;
  readonly files?: Readonly<Record<string, string>>;
  readonly rule?: Partial<Omit<PatternSpec, 'template'>>;
  readonly template?: Partial<PatternSpec['template']>;
  readonly shard?: { readonly index: number; readonly of: number };
  /** After all keys. */
  readonly fault?: Fault;
  readonly batch?: number;
  /** Why the folder of the fallbacks can't be listed. */
  readonly unlisted?: string;
  /** Keys go after they were named. */
  readonly vanishing?: boolean;
  readonly isUnasked?: boolean;
  readonly timeout?: number;
}

function ruleOf({ rule = {}, template = {} }: Situation): PatternSpec {
  return {
    pattern: keyPattern('', 'tenant:*:prefs'),
    limit: 100_000,
    hidesNames: false,
    ...rule,
    template: {
      ...spec('processing_prefs'),
      name: vouch('tenant_prefs'),
      key: vouch('tenant:*:prefs'),
      schema: [vouch('schemas/tenant.schema.json')],
      fallback: [vouch('tenants/{1}.json')],
      identity: [],
      ...template,
    },
  };
}

/** Keys in memory: what a store makes of a scan is its own suite's business. */
function storeOf({ keys = {}, fault, batch = 2, vanishing = false, isUnasked = false }: Situation): Store {
  return {
    ...(isUnasked ? { isUnasked } : {}),
    target: vouch('redis://127.0.0.1:6379/0'),
    read: async () => [],
    find: async () => ({ kind: 'found', names: [], databases: new Map() }),
    audit: async () => ({ kind: 'unknown', fault: broken }),
    async *scan({ isOurs }) {
      const found = Object.entries(keys)
        .filter(([key]) => isOurs(key))
        .map(([key, text]): FoundKey => ({ key, observation: { kind: 'present', bytes: utf8(text) } }));
      if (vanishing) return;
      for (let start = 0; start < found.length; start += batch) yield found.slice(start, start + batch);
      if (fault !== undefined) throw new StoreFault(fault);
    },
  };
}

/** As `fallback: none` in a manifest. */
const noFallback = { fallback: [], drift: { watch: false, ignore: [] } };

const broken: Fault = {
  reason: 'unreachable',
  phrase: phrase`the connection went`,
  advice: phrase`try again`,
};

function filesOf(files: Readonly<Record<string, string>>, unlisted?: string): Files {
  return {
    read: async (path): Promise<FileContent> =>
      files[path] === undefined ? { kind: 'missing' } : fileOf(files[path]),
    async list(folder) {
      if (unlisted !== undefined) return { kind: 'unreadable', why: vouch(unlisted) };
      const paths = Object.keys(files).filter((path) => path.startsWith(`${folder}/`));
      return paths.length === 0 ? { kind: 'missing' } : { kind: 'listed', paths: paths.map(vouch) };
    },
  };
}

async function report(situation: Situation): Promise<Report> {
  const { shard } = situation;
  const parts = shard ?? { index: 1, of: 1 };
  const isOurs = (text: string) => text.length % parts.of === parts.index - 1;
  const guarded = await guard(
    {
      specs: [],
      patterns: [ruleOf(situation)],
      policy: { failOn: new Set(['invalid', 'breaking']), allowUnchecked: false, onlyNew: false },
      now: Date.parse('2026-11-03T09:00:00Z'),
      ...(shard === undefined ? {} : { share: { shard, isOurs } }),
    },
    {
      store: storeOf(situation),
      files: filesOf({ 'schemas/tenant.schema.json': schema, ...situation.files }, situation.unlisted),
      compiler: ajvCompiler(situation.timeout),
      digest: keyedDigest('a key of the tests'),
    },
  );
  return guarded.report;
}

async function told(situation: Situation): Promise<readonly string[]> {
  const [config] = (await report(situation)).configs;
  return lines(config);
}

function lines(config: ConfigReport | undefined): readonly string[] {
  if (config === undefined) return [];
  return config.findings.map(
    (finding) =>
      `${finding.severity} ${finding.check}${finding.place === '' ? '' : ` ${finding.place}`}: ${plain(wordingOf(finding))}`,
  );
}

const sound = '{"retries":3,"_updated_at":"2026-11-03T08:00:00Z"}';
const high = '{"retries":30,"_updated_at":"2026-11-03T08:00:00Z"}';

describe('the keys of a pattern', () => {
  test('are one config, and each finding is told once for all that have it', async () => {
    const keys = { 'tenant:1:prefs': high, 'tenant:2:prefs': sound, 'tenant:3:prefs': high };
    const { configs, verdict } = await report({ keys, template: noFallback });
    expect(verdict).toBe('fail');
    expect(configs.map(({ name, status, keys: counts }) => [name, status, counts])).toEqual([
      ['tenant_prefs', 'INVALID', { INVALID: 2, UNCHECKED: 0, DRIFT: 0, OK: 1 }],
    ]);
    expect(lines(configs[0])).toEqual([
      'error shape /retries: expected at most 10; found ‹hidden number, #caee6e51› (2 keys: tenant:1:prefs, tenant:3:prefs)',
    ]);
  });

  test('are each held against the fallback that their name leads to', async () => {
    const keys = { 'tenant:1:prefs': sound, 'tenant:2:prefs': sound };
    const files = { 'tenants/1.json': sound, 'tenants/2.json': sound.replace('3', '4') };
    expect(await told({ keys, files })).toEqual([
      'warning drift /retries: the fallback has ‹hidden number, #66d27385›, Redis has ‹hidden number, #db4b233d› (1 key: tenant:2:prefs)',
    ]);
  });

  test('that a fallback was written for and that are absent are INVALID', async () => {
    const keys = { 'tenant:1:prefs': sound };
    const files = { 'tenants/1.json': sound, 'tenants/2.json': sound, 'tenants/readme.txt': '' };
    expect(await told({ keys, files })).toEqual([
      'error presence: the key tenant:*:prefs is missing (1 key: tenant:2:prefs)',
      'notice server: nobody knows whether the server keeps its keys: the connection went (1 key: tenant:2:prefs)',
    ]);
  });

  test('may be absent though there is a fallback, where the config says so', async () => {
    const files = { 'tenants/2.json': sound };
    expect(await told({ files, template: { required: false } })).toEqual([]);
  });

  test('are told by a digest where what varies is a secret', async () => {
    const keys = { 'tenant:Zm9vYmFy:prefs': high };
    const said = JSON.stringify(await report({ keys, rule: { hidesNames: true } }));
    expect(said).not.toContain('Zm9vYmFy');
    expect(said).toMatch(/‹#[0-9a-f]{8}›/);
  });

  test('that are none at all are INVALID', async () => {
    expect(await told({})).toEqual([
      'error presence: no key matches tenant:*:prefs',
      'notice server: nobody knows whether the server keeps its keys: the connection went',
    ]);
    expect(await told({ template: { required: false } })).toEqual([]);
  });

  test('that no schema can be held against are UNCHECKED, be there any or none', async () => {
    const files = { 'schemas/tenant.schema.json': '{' };
    const [config] = (await report({ files, template: { required: false } })).configs;
    expect(config?.status).toBe('UNCHECKED');
    const [other] = (await report({ files, keys: { 'tenant:1:prefs': sound } })).configs;
    expect(other?.status).toBe('UNCHECKED');
  });

  test('that were found before the store broke down count, and the rest is UNCHECKED', async () => {
    const keys = { 'tenant:1:prefs': high, 'tenant:2:prefs': sound };
    const files = { 'tenants/1.json': high, 'tenants/9.json': sound };
    const { configs, verdict } = await report({ keys, files, fault: broken });
    expect(verdict).toBe('fail');
    expect(lines(configs[0])).toEqual([
      'error presence: the connection went',
      'error shape /retries: expected at most 10; found ‹hidden number, #caee6e51› (1 key: tenant:1:prefs)',
      'error drift: there is no fallback file to compare with (looked for tenants/{1}.json) (1 key: tenant:2:prefs)',
      'error fallback-shape /retries: in the fallback: expected at most 10; found ‹hidden number, #caee6e51› (1 key: tenant:1:prefs)',
    ]);
  });

  test('have their cases in common, which are judged once', async () => {
    const keys = { 'tenant:1:prefs': sound, 'tenant:2:prefs': sound };
    const files = { 'cases/a.json': JSON.stringify({ expect: 'valid', value: { retries: 11 } }) };
    expect(
      await told({
        keys,
        files,
        template: { ...noFallback, cases: { folder: vouch('cases'), isNamed: true } },
      }),
    ).toEqual([
      'error cases: the schema refuses a value that cases/a.json says is valid: /retries: expected at most 10; found ‹hidden number, #7606a98f›',
    ]);
  });

  test('are shared out with the fallbacks that wait for one', async () => {
    const keys = { 'tenant:1:prefs': high, 'tenant:22:prefs': high };
    const files = { 'tenants/1.json': high, 'tenants/33.json': sound, 'tenants/444.json': sound };
    const parts = await Promise.all(
      [1, 2].map(async (index) => (await report({ keys, files, shard: { index, of: 2 } })).configs[0]?.keys),
    );
    expect(parts.map((counts) => counts?.INVALID)).toEqual([2, 2]);
  });
});

describe('what is told of a pattern as a whole', () => {
  test('is told though the store answers nothing, be there fallbacks or not', async () => {
    for (const files of [{}, { 'tenants/1.json': sound }]) {
      const broke = { ...files, 'schemas/tenant.schema.json': '{' };
      const findings = await told({ files: broke, fault: broken });
      expect(findings[0]).toBe('error presence: the connection went');
      expect(findings.join()).toContain('the schema schemas/tenant.schema.json cannot be used');
    }
  });

  test('follows the severities and exceptions of the config', async () => {
    const severities = new Map([['presence', 'warning' as const]]);
    expect((await told({ template: { severities } }))[0]).toBe(
      'warning presence: no key matches tenant:*:prefs',
    );
  });

  test('is unchecked when the folder of its fallbacks cannot be listed', async () => {
    const keys = { 'tenant:1:prefs': sound };
    const files = { 'tenants/1.json': sound };
    const unlisted = 'a link leads out of the workspace';
    expect((await told({ keys, files, unlisted })).slice(0, 1)).toEqual([
      'error presence: nobody knows which keys have a fallback: tenants cannot be listed (a link leads out of the workspace)',
    ]);
  });

  test('is unchecked when a folder of cases was named and is not there', async () => {
    const cases = { folder: vouch('cases'), isNamed: true };
    const keys = { 'tenant:1:prefs': sound };
    expect(await told({ keys, template: { ...noFallback, cases } })).toEqual([
      'error cases: the case cases cannot be used: the folder is not there',
    ]);
    expect(await told({ keys, template: { ...noFallback, cases: { ...cases, isNamed: false } } })).toEqual(
      [],
    );
  });
});

test('a key that went between its name and its value is not there', async () => {
  const files = { 'tenants/1.json': sound };
  const findings = await told({ keys: { 'tenant:1:prefs': sound }, files, vanishing: true });
  expect(findings[0]).toBe('error presence: the key tenant:*:prefs is missing (1 key: tenant:1:prefs)');
});

test('when nobody asks Redis, the fallbacks are looked at all the same', async () => {
  const files = { 'tenants/1.json': high };
  const findings = await told({ files, isUnasked: true });
  expect(findings.map((line) => line.split(':', 1)[0])).toContain('error fallback-shape /retries');
  expect(findings.join()).toContain('nobody looked at the value in Redis');
});

test('names that are secret stand in no location', async () => {
  const files = { 'tenants/Zm9vYmFy.json': '{' };
  const said = JSON.stringify(await report({ files, rule: { hidesNames: true } }));
  expect(said).not.toContain('Zm9vYmFy');
});

test('the name of a key replaces nothing but names of keys', async () => {
  const keys = { retries: '{"plan":1}', plan: '{"retries":99}' };
  const rule = { pattern: keyPattern('', '*') };
  const findings = await told({ keys, rule, template: noFallback });
  expect(findings.join()).toContain('the property retries is missing');
});

test('a value on which validation takes for ever costs a pattern its deadline a few times only', async () => {
  const keys = Object.fromEntries(
    Array.from({ length: 40 }, (_, index) => [
      `tenant:${index}:prefs`,
      `{"retries":1,"plan":"${'a'.repeat(40)}!"}`,
    ]),
  );
  const text = JSON.stringify({
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    type: 'object',
    properties: { plan: { type: 'string', pattern: '^(a+)+$' }, retries: true },
  });
  const start = performance.now();
  const files = { 'schemas/tenant.schema.json': text };
  const [config] = (await report({ keys, files, template: noFallback, timeout: 200, batch: 10 })).configs;
  expect(performance.now() - start).toBeLessThan(5000);
  expect(config?.keys).toEqual({ INVALID: 0, UNCHECKED: 40, DRIFT: 0, OK: 0 });
  expect(lines(config).join()).toContain('validating takes longer than it may');
});

test('a report of 100,000 keys is readable', async () => {
  const keys: Record<string, string> = {};
  for (let index = 0; index < 100_000; index += 1) {
    keys[`tenant:${index}:prefs`] = `{"retries":${index % 1000 === 0 ? 11 + index : index % 10}}`;
  }
  const text = terminal(await report({ keys, batch: 500, template: noFallback }), {
    palette: colourless,
  });
  expect(text).toContain('100,000 keys: 100 INVALID, 99,900 OK');
  expect(text.split('\n').length).toBeLessThan(20);
}, 60_000);
