import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type MadeCase, makeCase } from '../src/add-case.ts';
import type { Evidence } from '../src/core/evidence.ts';
import { isArray, isObject, type Json, type JsonObject } from '../src/core/json.ts';
import { objections } from '../src/core/objection.ts';
import { phrase } from '../src/core/phrase.ts';
import { plain } from '../src/core/plain.ts';
import { coveredByAny, type Pointer } from '../src/core/pointer.ts';
import { unveiled, type Visibility } from '../src/core/redaction.ts';
import { MAX_DEPTH } from '../src/core/scanner.ts';
import { type GuardedName, guardedNames } from '../src/guarded-app.ts';
import { evidence, type Given, json, spec } from './checks/evidence.ts';
import { instances } from './evolution/arbitraries/instances.ts';
import { schemas } from './evolution/arbitraries/schemas.ts';

function sound(made: MadeCase): Extract<MadeCase, { readonly ok: true }> {
  if (!made.ok) throw new Error(`${plain(made.said)}: ${plain(made.advice)}`);
  return made;
}

const ready = new Map<GuardedName, Evidence>();
for (const name of guardedNames) ready.set(name, await evidence({ config: name }));

function evidenceOf(config: GuardedName, value: Json): Evidence {
  const found = ready.get(config);
  if (found === undefined) throw new Error(config);
  return { ...found, live: { ok: true, value, text: JSON.stringify(value), flaws: [] } };
}

/** Where the schema objects, by keyword, whatever the names on the way. */
function verdict({ schema, spec: { identity } }: Evidence, value: Json): readonly string[] {
  if (schema.kind !== 'compiled') throw new Error(schema.kind);
  return objections(value, schema, identity, unveiled)
    .map(({ pointer, schemaPointer = ['identity'] }) => `${pointer.length} ${schemaPointer.join('/')}`)
    .sort();
}

describe('nothing that is hidden reaches a case, and the schema says the same of it:', () => {
  test.each(guardedNames)('%s', (config) => {
    const fallback = json(`debug/${config}.json`);
    fc.assert(
      fc.property(planted(fallback), (value) => {
        const given = evidenceOf(config, value);
        const made = sound(makeCase(given, 'invalid'));
        expect(leaks(made, value, config)).toEqual([]);
        const kept = JSON.parse(made.text).value;
        expect(verdict(given, kept)).toEqual(verdict(given, value));
        expect(makeCase(given, 'invalid')).toEqual(made);
      }),
      { numRuns: 150 },
    );
  });
});

test('of nine values in ten and more a case can be made, whatever the schema, and the schema says the same of it', async () => {
  let [made, tried] = [0, 0];
  for (const schema of fc.sample(schemas('2020-12'), 25)) {
    const given = await evidence({ config: 'webhook_config', schema });
    if (given.schema.kind !== 'compiled') continue;
    for (const value of instances(schema, schema, 20)) {
      const live = { ok: true, value, text: JSON.stringify(value), flaws: [] } as const;
      const answer = makeCase({ ...given, live }, 'invalid');
      tried += 1;
      if (!answer.ok) continue;
      made += 1;
      const kept = JSON.parse(answer.text).value;
      expect(verdict(given, kept), JSON.stringify([schema, value, kept])).toEqual(verdict(given, value));
    }
  }
  expect(tried).toBeGreaterThan(300);
  expect(made / tried).toBeGreaterThan(0.9);
});

function written(made: MadeCase): unknown {
  return JSON.parse(sound(made).text);
}

function refusal(made: MadeCase): readonly string[] {
  if (made.ok) throw new Error('it is a case');
  return [plain(made.said), plain(made.advice)];
}

describe('a case has', () => {
  test('the verdict that it is for, why, and the value without what is hidden', () => {
    const value = {
      retry_count: 11,
      exclude_keywords: ['hunter2'],
      sender_priority: { 'ann@b.example': 'low' },
      notify_on_failure: true,
    };
    const made = sound(makeCase(evidenceOf('processing_prefs', value)));
    expect(made).toMatchObject({ expected: 'invalid', name: 'retry_count-maximum' });
    expect(made.text).toBe(`{
  "expect": "invalid",
  "why": "/retry_count: expected at most 10; found 11",
  "value": {
    "retry_count": 11,
    "exclude_keywords": [
      "redacted"
    ],
    "sender_priority": {
      "hidden1@example.org": "low"
    },
    "notify_on_failure": true
  }
}
`);
  });

  test('the first objection and how many there are', () => {
    const made = makeCase(
      evidenceOf('processing_prefs', { retry_count: 11, retry_delay_sec: -1, webhook_timeout_sec: 0 }),
    );
    expect(written(made)).toMatchObject({
      why: '/retry_count: expected at most 10; found 11 (and 2 more objections)',
    });
  });

  test.each<[string, GuardedName, Json, 'valid' | 'invalid', string, string]>([
    [
      'why it is wanted valid, though the schema objects',
      'processing_prefs',
      { retry_count: 11 },
      'valid',
      'when this was saved, the schema objected: /retry_count: expected at most 10; found 11',
      'retry_count-maximum',
    ],
    [
      'why it is wanted invalid, though the schema accepts it',
      'processing_prefs',
      { retry_count: 10 },
      'invalid',
      'the schema accepted it when this was saved',
      'invalid',
    ],
    [
      'why it is valid',
      'processing_prefs',
      { retry_count: 10 },
      'valid',
      'the schema accepted it when this was saved',
      'valid',
    ],
    ['why it is void', 'webhook_config', {}, 'invalid', 'it is empty', 'minproperties'],
    [
      'a name for its file without what no file name should have',
      'processing_prefs',
      { sender_priority: { 'Ann/../@b.example': 'low' } },
      'invalid',
      '/sender_priority/hidden-1: the name of this property: expected an e-mail address in lower case',
      'sender_priority-hidden-1-pattern',
    ],
    [
      'a name after an identity that stands twice',
      'routing_rules',
      { rules: [rule('a'), rule('a')] },
      'invalid',
      '/rules/1/id: "a" identifies the item /rules/0 already',
      'rules-1-id-identity',
    ],
  ])('%s', (_fact, config, value, expected, why, name) => {
    const made = sound(makeCase(evidenceOf(config, value), expected));
    expect(made).toMatchObject({ expected, name });
    expect(written(made)).toMatchObject({ expect: expected, why });
  });
});

function rule(id: string): JsonObject {
  const conditions = [{ field: 'body', operator: 'equals', value: 'secret' }];
  return { id, name: 'A', conditions, actions: { webhook_url: 'https://hook.example/t0ken' } };
}

describe('no case is made', () => {
  test.each<[string, Given, string, string]>([
    [
      'of a key that does not exist',
      { config: 'webhook_config', observation: { kind: 'absent' } },
      'there is no live value to make a case of: the key of webhook_config does not exist',
      'check --redis and --prefix, or write the case by hand',
    ],
    [
      'of a value of another type',
      { config: 'webhook_config', observation: { kind: 'wrong-type', type: 'list' } },
      'there is no live value to make a case of: the key of webhook_config holds a value of another type',
      'check --redis and --prefix, or write the case by hand',
    ],
    [
      'of a value that nobody has read',
      { config: 'webhook_config', observation: { kind: 'unasked' } },
      'there is no live value to make a case of: the key of webhook_config was not read',
      'check --redis and --prefix, or write the case by hand',
    ],
    [
      'of a value that could not be read',
      {
        config: 'webhook_config',
        observation: {
          kind: 'unreadable',
          fault: { reason: 'unreachable', phrase: phrase`nobody answers`, advice: phrase`call louder` },
        },
      },
      'the live value of webhook_config could not be read: nobody answers',
      'call louder',
    ],
    [
      'of a value that is not JSON',
      { config: 'webhook_config', live: '{"webhook_url": "https://t0ken' },
      'the live value of webhook_config is not JSON, and a case is a JSON value',
      'mend the value; the check encoding says what is wrong with it',
    ],
    [
      'without a schema',
      { config: 'webhook_config', schemaFile: { kind: 'missing' } },
      'there is no schema of webhook_config that could be used, so nothing tells what has to stay of the value',
      'the check shape says what is wrong with the schema',
    ],
    [
      'of a value that the schema accepts, when nobody said what to expect',
      { config: 'webhook_config' },
      'the schema accepts the live value of webhook_config',
      'say with --expect valid that it has to, or with --expect invalid that it must not',
    ],
    [
      'where only the secret itself will do',
      {
        config: 'webhook_config',
        schema: { properties: { webhook_url: { not: { pattern: '^https://t0ken$' } } } },
        value: { webhook_url: 'https://t0ken' },
      },
      'what is hidden at /webhook_url cannot be replaced without changing what the schema says of it; nothing was written',
      'write the case by hand, or allow the place with show if it holds no secret',
    ],
    [
      'where only the secret name will do',
      {
        config: 'magic_link_tokens',
        schema: { propertyNames: { not: { pattern: '^t0ken$' } } },
        value: { t0ken: null },
      },
      'what is hidden at /‹#› cannot be replaced without changing what the schema says of it; nothing was written',
      'write the case by hand, or allow the place with show if it holds no secret',
    ],
    [
      'of a number that a file cannot hold',
      { config: 'processing_prefs', live: '{ "retry_count": 9007199254740993 }' },
      'what would be written cannot be read again as it is: it is not sound JSON (unsafe-integer)',
      'write the case by hand',
    ],
  ])('%s', async (_fact, given, said, advice) => {
    expect(refusal(makeCase(await evidence(given)))).toEqual([said, advice]);
  });
});

test('a value that was encoded twice is text, and told by nothing else', async () => {
  const made = makeCase(
    await evidence({ config: 'webhook_config', live: '"{\\"webhook_url\\": \\"t0ken\\"}"' }),
  );
  expect(written(made)).toMatchObject({ expect: 'invalid', value: 'redacted' });
});

test('a value as deep as may be', async () => {
  const deep = (depth: number) => `${'['.repeat(depth)}${']'.repeat(depth)}`;
  const [fits, exceeds] = [
    await evidence({ config: 'webhook_config', live: deep(MAX_DEPTH - 1) }),
    await evidence({ config: 'webhook_config', live: deep(MAX_DEPTH) }),
  ];
  expect(makeCase(fits).ok).toBe(true);
  expect(makeCase(exceeds).ok).toBe(false);
});

/** Everything hidden in a value that can be found in what is made of it, unless it may be seen elsewhere. */
function leaks({ text, name }: { text: string; name: string }, value: Json, config: GuardedName) {
  const told = tellingIn(value, [], spec(config).visibility);
  const seen = told.flatMap((item) => (item.isHidden ? [] : [item.text])).join('\n');
  const [harmless, written] = [`${vocabulary}\n${seen}`.toLowerCase(), `${text}\n${name}`.toLowerCase()];
  return told.flatMap((item) => {
    const spelled = JSON.stringify(item.text).slice(1, -1).toLowerCase();
    const isKept = spelled.length > 3 && written.includes(spelled) && !harmless.includes(spelled);
    return item.isHidden && isKept ? [item.text] : [];
  });
}

const vocabulary = guardedNames.map((name) => JSON.stringify(json(`schemas/${name}.schema.json`))).join();

interface Telling {
  readonly text: string;
  readonly isHidden: boolean;
}

/** The names, the texts and the large numbers of a value. */
function tellingIn(value: Json, pointer: Pointer, visibility: Visibility): readonly Telling[] {
  if (isArray(value)) {
    return value.flatMap((item, index) => tellingIn(item, [...pointer, String(index)], visibility));
  }
  if (isObject(value)) {
    return Object.entries(value).flatMap(([name, member]) => [
      { text: name, isHidden: !vocabulary.includes(JSON.stringify(name)) },
      ...tellingIn(member, [...pointer, name], visibility),
    ]);
  }
  const isTelling = typeof value === 'string' || (typeof value === 'number' && value > 1_000_000);
  return isTelling ? [{ text: String(value), isHidden: !isVisible(value, pointer, visibility) }] : [];
}

function isVisible(value: Json, pointer: Pointer, { show, showWords, showText, secret }: Visibility) {
  if (coveredByAny(secret, pointer)) return false;
  if (coveredByAny(showText, pointer)) return typeof value !== 'string' || value.length <= 78;
  if (typeof value !== 'string') return coveredByAny([...show, ...showWords], pointer);
  return /^[A-Za-z_-]{0,20}$/.test(value) && coveredByAny(showWords, pointer);
}

/** The value with secrets in some places of it: other values, of whatever shape, and members more. */
function planted(value: Json): fc.Arbitrary<Json> {
  const places = placesIn(value, []);
  return fc
    .array(fc.tuple(fc.nat(places.length - 1), secretName, secretValue), { minLength: 1, maxLength: 5 })
    .map((plants) =>
      plants.reduce((result, [index, name, plant]) => put(result, places[index] ?? [], name, plant), value),
    );
}

const secretText = fc.oneof(
  fc.string({ unit: 'grapheme', minLength: 4, maxLength: 20 }).map((text) => `k3y ${text}`),
  fc.stringMatching(/^[a-z]{3}_[A-Za-z0-9]{6,12}$/),
  fc.stringMatching(/^https:\/\/[a-z]{3,8}\.(?:fr|local|invalid)\/[a-z0-9]{8,12}$/),
  fc.constantFrom('https://user:hunter2@10.1.2.3/t0ken', 'http://hooks.acme.fr/t0ken', '(?i)(s3cret', '  '),
  fc.constantFrom('correct horse '.repeat(20), '(unclosed'.repeat(30), '08h47', '2026-11-02T08:20:04Z'),
);
const secretName = fc.oneof(
  fc.stringMatching(/^[a-z]{2}_[a-z]{6,12}$/),
  fc.stringMatching(/^[A-Za-z]{3,9}@[a-z]{3,8}\.fr$/),
  fc.stringMatching(/^[1-9][0-9]{6,11}$/),
  secretText,
);
const secretValue = fc.letrec<{ node: Json }>((tie) => ({
  node: fc.oneof(
    { maxDepth: 2 },
    secretText,
    fc.integer({ min: 1_000_001, max: 99_999_999 }),
    fc.double({ min: -99, max: 99, noNaN: true }),
    fc.constantFrom(null, true, false),
    fc.array(tie('node'), { maxLength: 3 }),
    fc.dictionary(secretName, tie('node'), { maxKeys: 3 }),
  ),
})).node;

function placesIn(value: Json, pointer: Pointer): readonly Pointer[] {
  const inner = isArray(value) || isObject(value) ? Object.entries(value as JsonObject) : [];
  return [pointer, ...inner.flatMap(([name, member]) => placesIn(member, [...pointer, name]))];
}

/** Objects get a member of that name, unless a list is planted; whatever else is there is replaced. */
function put(value: Json, [token, ...rest]: Pointer, name: string, plant: Json): Json {
  if (token === undefined) return isObject(value) && !isArray(plant) ? { ...value, [name]: plant } : plant;
  if (isArray(value)) {
    return value.map((item, index) => (String(index) === token ? put(item, rest, name, plant) : item));
  }
  if (!isObject(value) || !Object.hasOwn(value, token)) return value;
  return { ...value, [token]: put(value[token] ?? null, rest, name, plant) };
}
