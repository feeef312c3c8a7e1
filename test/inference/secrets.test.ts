import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { difference } from '../../src/core/difference.ts';
import type { Json } from '../../src/core/json.ts';
import { formatPointer } from '../../src/core/pointer.ts';
import { withoutSecrets } from '../../src/inference/placeholder.ts';
import { schemaOf } from '../../src/inference/schema.ts';
import { looksSecret } from '../../src/inference/secret-words.ts';
import { secretsOf } from '../../src/inference/secrets.ts';
import { shapeOf } from '../../src/inference/shape.ts';

const secretPlaces = (value: Json, name = 'config') =>
  secretsOf(shapeOf(name, [value])).places.map(formatPointer);

describe('a place is secret by its name', () => {
  test.each([
    'password',
    'passwd',
    'dbPassword',
    'PASSWORDS',
    'api_key',
    'apiKey',
    'apikey',
    'accessToken',
    'authtoken',
    'client_secret',
    'credentials',
    'auth',
    'private',
    'private_key',
    'webhook',
    'webhook_url',
    'dsn',
    'sentry_dsn',
    'connection',
    'connection_string',
    'connectionUrl',
    'signing-key',
    'cookie',
    'pwd',
    'jwt',
    'pw',
    'db_pw',
    'userpass',
    'passcode',
    'pin_code',
    'otpCode',
    'session_id',
    'sessionIds',
    'session_key',
  ])('%s', (name) => {
    expect(secretPlaces({ [name]: 'some text 1' })).toEqual([`/${name}`]);
  });

  test.each([
    'name',
    'sort_key',
    'primary_key',
    'webhook_delivery_mode',
    'webhook_time_start',
    'tokenizer',
    'secretary',
    'authors',
    'compass',
    'bypass',
    'status_code',
    'sessions',
    'keys',
    'pwa',
    'connections_max',
    'monkey',
    'private_hint',
  ])('%s is not', (name) => {
    expect(secretPlaces({ [name]: 'some text 1' })).toEqual([]);
  });

  test('what only tells of a secret stays in sight', () => {
    const value = {
      token_ttl: 30,
      max_tokens: 4096,
      token_type: 'bearer',
      token_enabled: true,
      has_password: true,
    };
    expect(secretPlaces(value)).toEqual([]);
  });

  test('text below is secret too, numbers and switches are not', () => {
    expect(secretPlaces({ credentials: { user: 'bob', port: 1, on: true, list: ['x'] } })).toEqual([
      '/credentials/user',
      '/credentials/list/*',
    ]);
  });

  test('a number may be a secret', () => {
    expect(secretPlaces({ pin: 1234, password: 5, pin_code: 6 })).toEqual(['/pin', '/password', '/pin_code']);
  });

  test('in an object of keys all text is, whatever it is called', () => {
    const value = { keys: { stripe: 'hunter', mail: { live: 'sesame' }, port: 1 } };
    expect(secretPlaces(value)).toEqual(['/keys/stripe', '/keys/mail/live']);
    expect(secretPlaces({ stripe: 'hunter' }, 'keys')).toEqual(['/stripe']);
    expect(secretPlaces({ keys: ['id', 'name'] })).toEqual([]);
    expect(secretPlaces({ keys: [{ column: 'id' }] })).toEqual([]);
  });

  test.each<[string, Json]>([
    ['name', [{ name: 'DB_PASSWORD', value: 'hunter' }]],
    ['key', [{ key: 'WEBHOOK_URL', value: 'hunter' }]],
    [
      'Name',
      [
        { Name: 'HOST', Value: 'a' },
        { Name: 'PIN', Value: 1234 },
      ],
    ],
  ])('the text of %s is the name of the value beside it', (called, env) => {
    expect(secretPlaces({ env })).toEqual([called === 'Name' ? '/env/*/Value' : '/env/*/value']);
  });

  test('another text of name is not', () => {
    expect(secretPlaces({ env: [{ name: 'DB_HOST', value: 'hunter' }] })).toEqual([]);
    expect(secretPlaces({ env: [{ name: 'TOKEN_TTL', value: '30' }] })).toEqual([]);
    expect(secretPlaces({ env: [{ title: 'password', value: '30' }] })).toEqual([]);
  });
});

describe('text is secret by its looks', () => {
  test.each([
    'postgres://app:hunter2@db.internal/app',
    'redis://:pw@cache:6379/0',
    'https://hooks.slack.com/services/T00000000/B00000000/XXXXXXXXXXXXXXXXXXXXXXXX',
    'https://hook.eu2.make.com/0000-demo-token',
    'https://example.org/in?token=abcd1234',
    'https://example.org/in/123e4567-e89b-12d3-a456-426614174000',
    'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl',
    '-----BEGIN RSA PRIVATE KEY-----\nMIIE',
    'sk-proj-abcdefghijklmnop1234',
    'ghp_abcdefghijklmnopqrstuvwxyz0123456789',
    'xoxb-123456789012-abcdef',
    'AKIAIOSFODNN7EXAMPLE',
    'Bearer abcdefgh1234',
    '9f86d081884c7d659a2feaa0c55ad015',
    'Zx8kQ2mN7pL4vR9tY1wB',
    'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
    'password=hunter2',
    'host=db user=app password=hunter2 port=5432',
    'DB_PASSWORD: hunter2',
    '{"password":"hunter2"}',
    '{\\"api_key\\": \\"hunter2\\"}',
    "{'client_secret': 'hunter2'}",
    'Server=db;Uid=app;Pwd=hunter2;',
  ])('%s', (text) => {
    expect(looksSecret(text)).toBe(true);
  });

  test.each([
    '',
    'monday',
    '/usr/local/share/lib64/Reports2026/MainPage',
    'out of office',
    '2026-11-02T09:14:27.305118+01:00',
    'https://example.org/docs/getting-started',
    '123e4567-e89b-12d3-a456-426614174000',
    'damage-reports-of-the-night-desk-2',
    'processIncomingEmailMessages2',
    'Damage reports wake the night desk',
    '(?i)\\b(?:invoice|facture)\\s+n?[°o]?\\s*\\d{4,}',
    '+33 1 23 45 67 89',
    'application/vnd.example.v2+json',
    '10000000000000000000000000',
    'Enter your password:',
    'password=',
    '{"has_password":true,"token":null}',
    'max_tokens=4096',
    '(?i)password\\s*[:=]\\s*(\\S+)',
    'password: <password>',
  ])('%s is not', (text) => {
    expect(looksSecret(text)).toBe(false);
  });
});

describe('names', () => {
  test('of tokens are secret, vocabulary beside them is not', () => {
    const link = { expires_at: null, consumed: false, single_use: true };
    const value = { 'demo-link-1': link, 'demo-link-2': link, _updated_at: '2026-11-02T08:20:04+01:00' };
    const found = secretsOf(shapeOf('magic_link_tokens', [value]));
    expect(found.names).toEqual([{ at: [], except: ['_updated_at'] }]);
    expect(found.places).toEqual([]);
  });

  test('that look like secrets are', () => {
    const { names } = secretsOf(shapeOf('config', [{ seen: { Zx8kQ2mN7pL4vR9tY1wB: 1, b: 2 } }]));
    expect(names).toEqual([{ at: ['seen'], except: [] }]);
  });

  test('that are data are hidden', () => {
    const { dataNames, names } = secretsOf(shapeOf('config', [{ priority: { 'a@x.example': 'high' } }]));
    expect({ dataNames, names }).toEqual({ dataNames: [{ at: ['priority'], except: [] }], names: [] });
  });
});

describe('a value without its secrets', () => {
  const value = {
    name: 'shop',
    password: 'hunter2',
    pin: 1234,
    rules: [
      { id: 'a', webhook_url: 'https://x.example/hooks' },
      { id: 'b', webhook_url: 'https://y.example/hooks' },
    ],
    tokens: ['t-1', 't-2', 't-3'],
    sessions: { Zx8kQ2mN7pL4vR9tY1wB: { user: 'x' }, aB3dE5fG7hJ9kL1mN3pQ: { user: 'y' } },
  };
  const shape = shapeOf('config', [value]);
  const replaced = withoutSecrets(value, shape);

  test('has something of the same kind in their place', () => {
    expect(replaced).toEqual({
      name: 'shop',
      password: '<password>',
      pin: 0,
      rules: [
        { id: 'a', webhook_url: 'https://redacted.invalid/' },
        { id: 'b', webhook_url: 'https://redacted.invalid/' },
      ],
      tokens: ['<tokens>', '<tokens>', '<tokens>'],
      sessions: { 'redacted-1': { user: 'x' }, 'redacted-2': { user: 'y' } },
    });
  });

  test('differs at these places only', () => {
    const { places, names } = secretsOf(shape);
    const ignore = [...places, ...names.map(({ at }) => [...at, '*'])];
    expect(difference(replaced, value, { ignore, identity: [] })).toEqual([]);
  });
});

/** Secrets that a place or their looks give away, in documents of any shape. */
describe('whatever the documents are', () => {
  const token = fc.nat().map((n) => `${['', '_', '$'][n % 3]}Zx8kQ2mN7pL4vR9tY1wB${n}`);
  const plainSecret = fc.nat().map((n) => `sesame ${n}`);
  const { value } = fc.letrec<{ value: Json }>((tie) => ({
    value: fc.oneof(
      { depthSize: 'small' },
      fc.constantFrom<Json>('x y', 'https://x.example/', 7, true, null, ''),
      token,
      fc.array(tie('value'), { maxLength: 3 }),
      fc.dictionary(
        fc.oneof(fc.constantFrom('id', 'mode', 'list', '_at', 'a@b.example'), token),
        tie('value'),
        {
          maxKeys: 4,
        },
      ),
      fc.record({ password: plainSecret, api_key: fc.oneof(plainSecret, fc.array(plainSecret)) }),
      fc.record({ name: fc.constantFrom('DB_PASSWORD', 'HOST'), value: fc.constant('x') }),
      fc.record({ key: fc.constant('api_key'), value: plainSecret }),
      fc.record({ keys: fc.dictionary(fc.constantFrom('stripe', 'id', 'a@b.example'), plainSecret) }),
      fc.record({ credentials: fc.dictionary(fc.constantFrom('user', 'list'), plainSecret) }),
    ),
  }));
  const configs = fc.array(fc.dictionary(fc.constantFrom('a', 'b', 'items'), value), {
    minLength: 1,
    maxLength: 8,
  });

  test('no secret is in the schema, the pointers or a fallback', () => {
    fc.assert(
      fc.property(configs, (values) => {
        const shape = shapeOf('config', values);
        const fallbacks = values.map((document) => withoutSecrets(document, shape));
        const written = JSON.stringify([schemaOf(shape, 'config'), secretsOf(shape), fallbacks]);
        expect(written).not.toMatch(/Zx8kQ2|sesame/);
      }),
    );
  });

  test('a fallback differs from its value where it says so, and nowhere else', () => {
    fc.assert(
      fc.property(configs, (values) => {
        const shape = shapeOf('config', values);
        const { places, names } = secretsOf(shape);
        const ignore = [...places, ...names.map(({ at }) => [...at, '*'])];
        for (const document of values) {
          expect(difference(withoutSecrets(document, shape), document, { ignore, identity: [] })).toEqual([]);
        }
      }),
    );
  });
});
