import { describe, expect, test } from 'vitest';
import type { SignIn } from '../../src/adapters/endpoint/sign-in.ts';
import { vouch } from '../../src/core/phrase.ts';
import { plain } from '../../src/core/plain.ts';
import { type Sighting, StoreFault } from '../../src/core/ports.ts';
import {
  API,
  answerOf,
  type Dashboard,
  json,
  PASSWORD,
  page,
  redirect,
  startDashboard,
  USERNAME,
} from './support/dashboard.ts';
import { byForm, endpointAt, look } from './support/endpoint.ts';
import { expectNoSecret, inShort, told } from './support/reading.ts';

const SOUND = '{"_updated_at": "2026-11-01T10:00:00+00:00", "rules": []}';
const configs = { routing_rules: SOUND, processing_prefs: '{"retry_count": 2}', webhook_config: '{}' };

/** An observation and an opinion in a few words. */
function inWords({ observation, opinion }: Sighting): string {
  const judged = opinion === undefined ? '' : ` ${opinion.isValid ? 'valid' : 'invalid'}: ${opinion.message}`;
  return `${inShort(observation)}${judged}`;
}

/** What the store says of the routing rules, after it has made sure that nothing secret is in it. */
async function readRules(dashboard: Dashboard, signIn: SignIn): Promise<string | undefined> {
  const store = endpointAt(dashboard.origin, signIn);
  const [sighting] = await look(store, ['routing_rules']);
  expectNoSecret({ target: store.target, sighting });
  if (sighting?.observation.kind === 'unreadable') return told(sighting.observation).said;
  return sighting && inWords(sighting);
}

describe('signing in', () => {
  test.each<[string, (dashboard: Dashboard) => SignIn]>([
    ['with user and password', () => byForm],
    ['with the token of a magic link', (it) => ({ kind: 'magic-link', link: it.magicToken() })],
    [
      'with a whole magic link',
      (it) => ({ kind: 'magic-link', link: ` ${it.origin}/login/magic/${it.magicToken()}\n` }),
    ],
    [
      'with the cookie of a session',
      (it) => ({ kind: 'header', name: 'Cookie', value: `a=b; ${it.sessionCookie()}` }),
    ],
  ])('%s reads', async (_fact, how) => {
    await using dashboard = await startDashboard({ configs });
    expect(await readRules(dashboard, how(dashboard))).toBe(`"${SOUND}" valid: ok`);
    expect(dashboard.questions).toEqual([{ keys: ['routing_rules'], raw: true }]);
  });

  test('is done once, however often is read', async () => {
    await using dashboard = await startDashboard({ configs });
    const store = endpointAt(dashboard.origin, { kind: 'magic-link', link: dashboard.magicToken() });
    const readings = await Promise.all([look(store, ['routing_rules']), look(store, ['routing_rules'])]);
    readings.push(await look(store, ['routing_rules']));
    expect(readings.map((sightings) => sightings.map(inWords))).toEqual(
      Array(3).fill([`"${SOUND}" valid: ok`]),
    );
    expect(
      dashboard.requests.map(({ method, path }) => `${method} ${path.split('/').slice(0, 3).join('/')}`),
    ).toEqual(['GET /login/magic', 'GET /', ...Array(3).fill('POST /api/verify_config_store')]);
  });

  test('is not tried again when it was refused', async () => {
    await using dashboard = await startDashboard({ configs });
    const store = endpointAt(dashboard.origin, { ...byForm, password: 'Tr0ub4dor' } as SignIn);
    const readings = [await look(store, ['routing_rules']), await look(store, ['routing_rules'])];
    expectNoSecret(readings);
    expect(readings.map(([sighting]) => sighting && inWords(sighting))).toEqual([
      'unauthorized',
      'unauthorized',
    ]);
    expect(dashboard.requests.filter(({ method }) => method === 'POST')).toHaveLength(1);
  });

  test('says by the way in why it failed', async () => {
    await using dashboard = await startDashboard({ configs });
    const spent = dashboard.magicToken();
    await readRules(dashboard, { kind: 'magic-link', link: spent });
    const { origin } = dashboard;
    expect(await readRules(dashboard, { kind: 'none' })).toBe(
      `${origin} wants somebody to sign in, and no way to was given`,
    );
    expect(await readRules(dashboard, { kind: 'form', username: USERNAME, password: 'Tr0ub4dor' })).toBe(
      `${origin} refuses the user or the password`,
    );
    expect(await readRules(dashboard, { kind: 'magic-link', link: spent })).toBe(
      `${origin} doesn't let the magic link in`,
    );
    expect(await readRules(dashboard, { kind: 'header', name: 'Authorization', value: 'Tr0ub4dor' })).toBe(
      `${origin} doesn't take the header for a sign-in`,
    );
    expect(
      await readRules(dashboard, { kind: 'header', name: 'Authorization', value: 'Tr0ub4dor\r\nX: y' }),
    ).toBe("the header to sign in with can't be sent");
    for (const [name, value] of [
      ['Authorization', 'Tr0ub4dor\u20ac'],
      ['Expect', 'Tr0ub4dor'],
      ['Transfer-Encoding', 'Tr0ub4dor'],
    ] as const) {
      expect(await readRules(dashboard, { kind: 'header', name, value })).toBe(
        "the header to sign in with can't be sent",
      );
    }
  });

  test.each(['https://elsewhere.example/login/magic/magic-Tr0ub4dor', 'http:'])(
    'with a magic link of another origin contacts nobody: %s',
    async (link) => {
      await using dashboard = await startDashboard({ configs });
      const said = await readRules(dashboard, { kind: 'magic-link', link });
      expect(said).toMatch(/magic link/);
      expect(dashboard.questions).toEqual([]);
    },
  );

  test('sends a header with every request, and the password in one form alone', async () => {
    await using dashboard = await startDashboard({ configs });
    await readRules(dashboard, byForm);
    const posts = dashboard.requests.filter(({ method }) => method === 'POST');
    for (const { headers } of posts) expect(headers.origin).toBe(dashboard.origin);
    expect(posts.map(({ headers }) => headers.referer)).toEqual([
      `${dashboard.origin}/login`,
      `${dashboard.origin}${API}`,
    ]);
    expect(dashboard.requests.map(({ body }) => new URLSearchParams(body).get('password'))).toEqual([
      null,
      PASSWORD,
      null,
      null,
    ]);
    expect(dashboard.requests.at(-1)?.headers.cookie).toMatch(/^session=[^;]+$/);
  });

  test('is looked for beside the API, wherever the application is mounted', async () => {
    await using dashboard = await startDashboard();
    dashboard.replace('GET', '/mail/', () => page(200, '<meta name="csrf-token" content="it">'));
    dashboard.replace('POST', `/mail${API}`, ({ headers }) => {
      const message = String(headers['x-csrftoken']);
      return json(200, answerOf(['a'], [{ key: 'a', valid: true, message, payload: SOUND }]));
    });
    const sightings = await look(endpointAt(`${dashboard.origin}/mail${API}`, { kind: 'none' }), ['a']);
    expect(sightings.map(inWords)).toEqual([`"${SOUND}" valid: it`]);
  });

  test('fails as well where redirects are whole URLs', async () => {
    await using dashboard = await startDashboard({ configs });
    const { origin } = dashboard;
    dashboard.replace('GET', '/', () => redirect(`${origin}/start`));
    dashboard.replace('GET', '/start', () => redirect(`${origin}/login?next=${origin}`));
    expect(await readRules(dashboard, { kind: 'none' })).toBe(
      `${origin} wants somebody to sign in, and no way to was given`,
    );
  });

  test('needs no dashboard where the API asks for a header alone', async () => {
    await using dashboard = await startDashboard();
    dashboard.replace('GET', '/', () => ({ status: 404 }));
    dashboard.replace('POST', API, ({ headers }) => {
      const isGood = headers['x-api-key'] === 'Tr0ub4dor' && headers['x-csrftoken'] === undefined;
      const result = { key: 'routing_rules', valid: isGood, message: 'ok', payload: SOUND };
      return json(200, answerOf(['routing_rules'], [result]));
    });
    expect(await readRules(dashboard, { kind: 'header', name: 'X-Api-Key', value: 'Tr0ub4dor' })).toBe(
      `"${SOUND}" valid: ok`,
    );
  });
});

describe('the answer', () => {
  async function readAll(given: Readonly<Record<string, string>>, names = Object.keys(given)) {
    await using dashboard = await startDashboard({ configs: given });
    const sightings = await look(endpointAt(dashboard.origin), names);
    return { sightings, words: sightings.map(inWords), questions: dashboard.questions };
  }

  test('keeps a value as it is spelled, with all that is wrong in it', async () => {
    const payload =
      '{"a": NaN, "b": 12345678901234567890, "c": {"d": [1, "}\\"", {"payload": 1.50}]}, "e": "\\u00e9é"}';
    const { words } = await readAll({ a: payload, b: SOUND });
    expect(words).toEqual([
      `"${payload}" valid: missing _updated_at (tolerated, injected on next save)`,
      `"${SOUND}" valid: ok`,
    ]);
  });

  test('that something is invalid (502) is an answer too', async () => {
    const { words } = await readAll({ a: '[1]', b: SOUND });
    expect(words).toEqual(['"[1]" invalid: payload is not a dict', `"${SOUND}" valid: ok`]);
  });

  test('is in the order of the question, however often a config is asked for', async () => {
    const { words, questions } = await readAll({ a: '[1]', b: SOUND }, ['b', 'a', 'b']);
    expect(words).toEqual([
      `"${SOUND}" valid: ok`,
      '"[1]" invalid: payload is not a dict',
      `"${SOUND}" valid: ok`,
    ]);
    expect(questions).toEqual([{ keys: ['b', 'a'], raw: true }]);
  });

  test.each(['{}', '{ }', '[]', 'null', '""'])('%s proves nothing, and is no opinion', async (payload) => {
    const { sightings } = await readAll({ routing_rules: payload });
    expect(sightings.map(({ opinion }) => opinion)).toEqual([undefined]);
    expect(told(sightings[0]?.observation)).toEqual({
      reason: 'unreadable',
      said: 'the application shows nothing for this config, which proves nothing: it says the same when the config is empty, when the key is missing and when its Redis is down',
      advice: 'look into its Redis, or verify with --redis from where it can be reached',
    });
  });

  test('that it knows no such config lets the others be read', async () => {
    const { sightings, questions } = await readAll({ a: SOUND }, ['x', 'a', 'y']);
    expect(sightings.map(({ observation }) => inShort(observation))).toEqual([
      'unreadable',
      `"${SOUND}"`,
      'unreadable',
    ]);
    expect(told(sightings[0]?.observation).said).toBe('the application knows no config of this name');
    expect(questions).toEqual([
      { keys: ['x', 'a', 'y'], raw: true },
      { keys: ['a'], raw: true },
    ]);
  });

  test('that it knows none of them ends the questions', async () => {
    const { words, questions } = await readAll({ a: SOUND }, ['x']);
    expect(words).toEqual(['unreadable']);
    expect(questions).toHaveLength(1);
  });

  test('says of a value that is too long how long it is', async () => {
    await using dashboard = await startDashboard({ configs: { a: '{"a": "éé"}', b: '{"b": 1}' } });
    const sightings = await look(endpointAt(dashboard.origin, byForm, { maxBytes: 10 }), ['a', 'b']);
    expect(told(sightings[0]?.observation).said).toBe(
      'the value has 13 bytes, more than the 10 that are read',
    );
    expect(inShort(sightings[1]?.observation)).toBe('"{"b": 1}"');
  });

  const one = { key: 'a', valid: true, message: 'ok', payload: SOUND };
  test.each<[string, string, string]>([
    ['without it', answerOf(['a'], []), "the application's answer says nothing of this config"],
    [
      'of another',
      answerOf(['a'], [{ ...one, key: 'b' }]),
      "the application's answer says nothing of this config",
    ],
    [
      'of it twice',
      answerOf(['a'], [one, one]),
      "the application's answer tells of this config more than once",
    ],
    [
      'without a verdict',
      '{"results": [{"key": "a", "message": "ok", "payload": {"a": 1}}]}',
      "what the application's answer says of this config has another shape than its API gives it",
    ],
    [
      'without a payload',
      '{"results": [{"key": "a", "valid": true, "message": "ok"}]}',
      'the application shows nothing for this config, which proves nothing: it says the same when the config is empty, when the key is missing and when its Redis is down',
    ],
  ])('%s is no value', async (_fact, body, said) => {
    await using dashboard = await startDashboard();
    dashboard.replace('POST', API, () => json(200, body));
    const [sighting] = await look(endpointAt(dashboard.origin), ['a']);
    expect(told(sighting?.observation).said).toBe(said);
  });
});

describe('what only Redis can tell', () => {
  test('is a config of another encoding, and the application is not asked for it', async () => {
    await using dashboard = await startDashboard({ configs });
    const asked = (['hash', 'json'] as const).map((encoding) => ({
      name: vouch('routing_rules'),
      key: 'r:ss:config:routing_rules',
      encoding,
    }));
    const store = endpointAt(dashboard.origin);
    const sightings = await store.read(asked);
    expect(told(sightings[0]?.observation).said).toBe(
      'the application shows only configs that are one JSON string in Redis',
    );
    expect(inShort(sightings[1]?.observation)).toBe(`"${SOUND}"`);
    const before = dashboard.requests.length;
    expect((await store.read(asked.slice(0, 1))).map(inWords)).toEqual(['unreadable']);
    expect(dashboard.requests).toHaveLength(before);
  });

  test('is a config whose key ends in another name, and the application is not asked for it', async () => {
    await using dashboard = await startDashboard({ configs });
    const asked = ['r:ss:config:rules_v2', 'staging:routing_rules'].map((key) => ({
      name: vouch('routing_rules'),
      key,
      encoding: 'json' as const,
    }));
    const store = endpointAt(dashboard.origin);
    const sightings = await store.read(asked);
    expect(told(sightings[0]?.observation)).toEqual({
      reason: 'unreadable',
      said: "the application is asked by name, and this config's key ends in another",
      advice: 'give the config the name that its key ends in, or read it from Redis: verify it with --redis',
    });
    expect(inShort(sightings[1]?.observation)).toBe(`"${SOUND}"`);
    const before = dashboard.requests.length;
    expect((await store.read(asked.slice(0, 1))).map(inWords)).toEqual(['unreadable']);
    expect(dashboard.requests).toHaveLength(before);
  });

  test('are keys by pattern, similar names and the server', async () => {
    const store = endpointAt('https://dashboard.example');
    const request = { pattern: undefined as never, encoding: 'json' as const, isOurs: () => true, most: 1 };
    expect(() => store.scan(request)).toThrow(StoreFault);
    expect(told(await store.find([], () => true)).said).toBe('the application lists no keys');
    const audit = await store.audit();
    expect(audit.kind === 'unknown' && plain(audit.fault.phrase)).toBe(
      'the application tells nothing of its Redis',
    );
    expect(store.target).toBe(
      'endpoint:https://dashboard.example/api/verify_config_store (asked by name, not by key)',
    );
  });
});
