import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isObject, type Json, type JsonObject } from '../../src/core/json.ts';
import { coveredByAny, type Pattern, type Pointer, parsePointer } from '../../src/core/pointer.ts';
import { type GuardedName, guardedNames } from '../../src/guarded-app.ts';
import { formatNames, render } from '../../src/reporters/index.ts';
import { json as documentOf, spec } from '../checks/evidence.ts';
import { extras, guarded } from './reports.ts';

/**
 * Whatever stands in Redis and in the fallback files, no report quotes what is hidden. What is hidden is said here
 * once more, by hand, so that the table of the product is not its own judge.
 */

/** Places whose text may be told. Everything else that is not a plain word or a date may not. */
const tellable: Readonly<Record<GuardedName, readonly Pattern[]>> = {
  processing_prefs: [],
  routing_rules: [
    ['rules', '*', 'id'],
    ['rules', '*', 'name'],
  ],
  webhook_config: [],
  magic_link_tokens: [],
};

/** Places whose text may not be told even where values are shown raw. */
const secret: Readonly<Record<GuardedName, readonly Pattern[]>> = {
  processing_prefs: [],
  routing_rules: [['rules', '*', 'actions', 'webhook_url']],
  webhook_config: [['webhook_url']],
  magic_link_tokens: [],
};

/** Text that occurs nowhere else: a report that holds it has it from there. The digit makes it no plain word. */
const hidden = fc
  .tuple(
    fc.constantFrom('', 'https://hook.example/', '::error::', '%', '"', 'é'),
    fc.stringMatching(/^7[0-9a-f]{11}$/),
  )
  .map(([prefix, text]) => `${prefix}zq${text}`);

/** The names that the schemas of a config know, with which documents come close to what checks look for. */
function vocabulary(config: GuardedName): readonly string[] {
  const names = new Set<string>();
  const collect = (schema: Json): void => {
    if (Array.isArray(schema)) for (const item of schema) collect(item);
    else if (isObject(schema)) {
      const { properties = {} } = schema as { properties?: JsonObject };
      for (const name of Object.keys(properties)) names.add(name);
      for (const member of Object.values(schema)) collect(member);
    }
  };
  collect(documentOf(`schemas/${config}.schema.json`));
  return [...names];
}

function documents(config: GuardedName): fc.Arbitrary<Json> {
  const known = fc.constantFrom(...vocabulary(config), 'legacy', 'constructor');
  const { value } = fc.letrec<{ value: Json }>((tie) => ({
    value: fc.oneof(
      { maxDepth: 5, depthIdentifier: config },
      { arbitrary: hidden, weight: 4 },
      {
        arbitrary: fc.constantFrom<Json>(null, true, false, 0, 7, 1.5, 'regex', 'high', '', {}, []),
        weight: 3,
      },
      { arbitrary: fc.array(tie('value'), { maxLength: 3, depthIdentifier: config }), weight: 2 },
      {
        arbitrary: fc.dictionary(known, tie('value'), {
          maxKeys: 5,
          depthIdentifier: config,
          noNullPrototype: true,
        }),
        weight: 5,
      },
    ),
  }));
  return fc.oneof({ arbitrary: likely(config, value), weight: 3 }, { arbitrary: value, weight: 1 });
}

/** Documents of the right outline, whose members may be anything. */
function likely(config: GuardedName, value: fc.Arbitrary<Json>): fc.Arbitrary<Json> {
  switch (config) {
    case 'magic_link_tokens':
      return fc.dictionary(hidden, likelyToken(value), {
        maxKeys: 4,
        noNullPrototype: true,
      }) as fc.Arbitrary<Json>;
    case 'routing_rules':
      return fc.array(likelyRule(value), { maxLength: 4 }).map((rules): Json => ({ rules }));
    case 'processing_prefs':
      return fc.record({
        sender_priority: fc.dictionary(hidden, value, { maxKeys: 4, noNullPrototype: true }),
        exclude_keywords: fc.array(value, { maxLength: 3 }),
        retry_count: value,
        retry_cuont: value,
        _updated_at: value,
      }) as fc.Arbitrary<Json>;
    case 'webhook_config':
      return fc.record({
        webhook_url: value,
        webhook_delivery_mode: value,
        absence_pause_days: fc.array(value, { maxLength: 3 }),
        webhook_time_start: value,
        old: value,
      }) as fc.Arbitrary<Json>;
  }
}

function likelyToken(value: fc.Arbitrary<Json>): fc.Arbitrary<Json> {
  const token = { expires_at: value, consumed: value, consumed_at: value, single_use: value, note: value };
  return fc.oneof(value, fc.record(token, { requiredKeys: [] }) as fc.Arbitrary<Json>);
}

function likelyRule(value: fc.Arbitrary<Json>): fc.Arbitrary<Json> {
  const condition = fc.record({
    field: value,
    operator: fc.constantFrom('regex', 'equals', 'like'),
    value: fc.oneof(
      hidden,
      hidden.map((text) => `(${text}`),
    ),
    case_sensitive: value,
  });
  return fc.record({
    id: fc.constantFrom('a', 'b', 'c'),
    name: value,
    conditions: fc.array(condition, { maxLength: 2 }),
    actions: fc.record({ webhook_url: value, priority: value, stop_processing: value }),
  }) as fc.Arbitrary<Json>;
}

interface Leaf {
  readonly pointer: Pointer;
  readonly text: string;
}

function texts(value: Json, pointer: Pointer = []): readonly Leaf[] {
  if (typeof value === 'string') return [{ pointer, text: value }];
  if (Array.isArray(value))
    return value.flatMap((item: Json, index) => texts(item, [...pointer, String(index)]));
  if (!isObject(value)) return [];
  return Object.entries(value).flatMap(([name, member]) => texts(member, [...pointer, name]));
}

function names(value: Json, at: Pointer): readonly string[] {
  const [name, ...rest] = at;
  if (!isObject(value)) return [];
  if (name === undefined) return Object.keys(value);
  return Object.hasOwn(value, name) ? names(value[name] as Json, rest) : [];
}

/** What no report may hold. */
function untold(config: GuardedName, value: Json): readonly string[] {
  const inValues = texts(value)
    .filter(({ pointer }) => !coveredByAny(tellable[config], pointer))
    .map(({ text }) => text);
  const inNames = {
    processing_prefs: names(value, ['sender_priority']),
    magic_link_tokens: names(value, []),
    routing_rules: [],
    webhook_config: [],
  }[config];
  return distinctive([...inValues, ...inNames]);
}

/** What not even raw output may hold. */
function unshown(config: GuardedName, value: Json): readonly string[] {
  const inValues = texts(value)
    .filter(({ pointer }) => coveredByAny(secret[config], pointer))
    .map(({ text }) => text);
  return distinctive([...inValues, ...(config === 'magic_link_tokens' ? names(value, []) : [])]);
}

/** The part of each that no other text holds. */
function distinctive(list: readonly string[]): readonly string[] {
  return list.flatMap((text) => /zq[0-9a-f]{12}/.exec(text) ?? []);
}

describe.each(guardedNames)('%s', (config) => {
  test('no report holds what is hidden, whatever is in Redis and in the file', async () => {
    await fc.assert(
      fc.asyncProperty(documents(config), documents(config), async (live, fallback) => {
        const { report, raw } = await guarded({
          live: { [config]: JSON.stringify(live) },
          files: { [`debug/${config}.json`]: JSON.stringify(fallback) },
        });
        const hiddenTexts = [...untold(config, live), ...untold(config, fallback)];
        const shownTexts = new Set([live, fallback].flatMap((value) => told(config, value)));
        const outputs = [
          ...formatNames.map((format) => render(format, report, extras)),
          JSON.stringify(report),
        ];
        for (const text of hiddenTexts) {
          if (shownTexts.has(text)) continue;
          for (const output of outputs) expect(output).not.toContain(text);
        }
        const secrets = unshown(config, live).filter((text) => !shownTexts.has(text));
        const rawOutputs = formatNames.map((format) => render(format, report, { ...extras, raw }));
        for (const text of secrets) for (const output of rawOutputs) expect(output).not.toContain(text);
      }),
      { numRuns: 150 },
    );
  }, 60_000);

  test('the fallback that ships is told without its hidden texts', async () => {
    const live = documentOf(`debug/${config}.json`);
    const { report } = await guarded({ live: { [config]: '[]' } });
    const outputs = [...formatNames.map((format) => render(format, report, extras)), JSON.stringify(report)];
    const hiddenTexts = texts(live).filter(
      ({ pointer, text }) =>
        !coveredByAny(tellable[config], pointer) &&
        !/^[A-Za-z_-]{0,20}$/.test(text) &&
        !text.startsWith('2026-'),
    );
    for (const { text } of hiddenTexts) {
      for (const output of outputs) expect(output).not.toContain(text);
    }
  });
});

/** Text that stands at a place that may be told, perhaps beside one that may not. */
function told(config: GuardedName, value: Json): readonly string[] {
  return distinctive(
    texts(value)
      .filter(({ pointer }) => coveredByAny(tellable[config], pointer))
      .map(({ text }) => text),
  );
}

describe('a token id', () => {
  const id = 'zq0123456789abcdef';
  const token = { expires_at: null, consumed: false, consumed_at: null, single_use: true };

  async function outputs(text: string): Promise<string> {
    const { report, raw } = await guarded({ live: { magic_link_tokens: text } });
    return formatNames.map((format) => render(format, report, { ...extras, raw })).join('\n');
  }

  test.each<[string, string]>([
    ['with a sound record', JSON.stringify({ [id]: token })],
    ['with a broken record', JSON.stringify({ [id]: { ...token, consumed: 'no' } })],
    ['with no record', JSON.stringify({ [id]: null })],
    ['that stands twice', `{"${id}": {}, "${id}": {}}`],
    ['with a number too large', `{"${id}": {"expires_at": 1e999}}`],
    ['in text that breaks off', `{"${id}": {"expires_at"`],
    ['in Python', `{'${id}': {'consumed': True}}`],
    ['in JSON that was encoded twice', JSON.stringify(JSON.stringify({ [id]: token }))],
    ['in a list', JSON.stringify([{ [id]: token }])],
    ['in a wrapper', JSON.stringify({ tokens: { [id]: token } })],
    ['in a wrapper, with a number too large', `{"tokens": {"${id}": {"expires_at": 1e999}}}`],
  ])('%s is told nowhere', async (_fact, text) => {
    expect(await outputs(text)).not.toContain(id);
  });
});

test('the table of what may be told is that of the product', () => {
  for (const config of guardedNames) {
    const { showText, secret: never } = spec(config).visibility;
    expect(showText).toEqual(tellable[config]);
    expect(never).toEqual(secret[config]);
  }
  expect(spec('magic_link_tokens').visibility.secretNames).toMatchObject([
    { at: parsePointer(''), below: true },
  ]);
});
