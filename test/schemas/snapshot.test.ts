import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { exampleSnapshot } from '../../script/example-snapshot.ts';
import type { Json, JsonObject } from '../../src/core/json.ts';
import { objectionsOf, readJson, type Sound, type Unsound } from './schema.ts';

const objections = objectionsOf('snapshot');

const key = {
  type: 'string',
  ttl: null,
  length: 2,
  digest: `sha256:${'0'.repeat(64)}`,
  value: { utf8: '{}' },
};
const snapshot = {
  format: 'redis-config-guardian/snapshot',
  version: 1,
  takenAt: '2026-11-03T08:30:00.000Z',
  server: { kind: 'redis', version: '8.2.2' },
  keys: { 'r:ss:config:routing_rules': key },
};
const withChange = (change: JsonObject): Json => ({ ...snapshot, ...change });
const withServer = (change: JsonObject): Json => withChange({ server: { ...snapshot.server, ...change } });
const withKey = (change: JsonObject): Json => withChange({ keys: { k: { ...key, ...change } } });
const withFields = (fields: Json): Json => withKey({ type: 'hash', value: { fields } });

const keyedDigest = `hmac-sha256:${'0'.repeat(64)}`;
const kdf = { name: 'scrypt', N: 131072, r: 8, p: 1, salt: 'AAAAAAAAAAAAAAAAAAAAAA==' };
const encryption = { cipher: 'aes-256-gcm', kdf, check: keyedDigest, seal: keyedDigest };
const encryptedKey = { ...key, digest: keyedDigest, value: { encrypted: 'AAAA' } };
const encrypted = { ...snapshot, encryption, keys: { k: encryptedKey } };
const withEncryption = (change: JsonObject): Json => ({
  ...encrypted,
  encryption: { ...encryption, ...change },
});
const withEncrypted = (change: JsonObject): Json => ({
  ...encrypted,
  keys: { k: { ...encryptedKey, ...change } },
});

function without(object: JsonObject, name: string): JsonObject {
  return Object.fromEntries(Object.entries(object).filter(([member]) => member !== name));
}

describe('a snapshot may have', () => {
  test.each<Sound>([
    { fact: 'a key with its value', document: snapshot },
    { fact: 'no keys', document: withChange({ keys: {} }) },
    { fact: 'a time with an offset', document: withChange({ takenAt: '2026-11-03T09:30:00+01:00' }) },
    { fact: 'a Valkey server', document: withServer({ kind: 'valkey', version: '9.0.0' }) },
    { fact: 'a server that told nothing', document: withServer({ kind: 'unknown', version: null }) },
    { fact: 'a value that was left out', document: withChange({ keys: { k: without(key, 'value') } }) },
    { fact: 'a value in base64', document: withKey({ value: { base64: '//79AA==' } }) },
    { fact: 'an empty value', document: withKey({ length: 0, value: { utf8: '' } }) },
    { fact: 'an empty value in base64', document: withKey({ length: 0, value: { base64: '' } }) },
    { fact: 'a key that expires', document: withKey({ ttl: 0 }) },
    { fact: 'a hash that was not read', document: withKey({ type: 'hash' }) },
    { fact: 'a type and nothing more', document: withChange({ keys: { k: { type: 'list' } } }) },
    { fact: 'a key that does not exist', document: withChange({ keys: { k: { type: 'none' } } }) },
    { fact: 'patterns whose keys are all listed', document: withChange({ patterns: ['r:ss:*'] }) },
    { fact: 'no patterns', document: withChange({ patterns: [] }) },
    { fact: 'a hash with its fields', document: withFields([[{ utf8: 'a' }, { base64: '/w==' }]]) },
    { fact: 'a hash without fields', document: withFields([]) },
    { fact: 'an encrypted value', document: encrypted },
    { fact: 'encryption without any keys', document: { ...encrypted, keys: {} } },
    {
      fact: 'encryption and a key whose value was not read',
      document: { ...encrypted, keys: { k: { type: 'list' } } },
    },
    { fact: 'a type that a module adds', document: withKey({ type: 'ReJSON-RL' }) },
  ])('$fact', ({ document }) => {
    expect(objections(document)).toEqual([]);
  });
});

describe('a snapshot may not have', () => {
  test.each<Unsound>([
    { fact: 'another format', document: withChange({ format: 'rdb' }), at: '/format', keyword: 'const' },
    { fact: 'another version', document: withChange({ version: 2 }), at: '/version', keyword: 'const' },
    { fact: 'no format', document: without(snapshot, 'format'), at: '', keyword: 'required' },
    { fact: 'no server', document: without(snapshot, 'server'), at: '', keyword: 'required' },
    { fact: 'no keys member', document: without(snapshot, 'keys'), at: '', keyword: 'required' },
    {
      fact: 'an unknown member',
      document: withChange({ note: '' }),
      at: '',
      keyword: 'additionalProperties',
    },
    {
      fact: 'a time without an offset',
      document: withChange({ takenAt: '2026-11-03T08:30:00' }),
      at: '/takenAt',
      keyword: 'format',
    },
    {
      fact: 'a day for a time',
      document: withChange({ takenAt: '2026-11-03' }),
      at: '/takenAt',
      keyword: 'format',
    },
    {
      fact: 'an unknown kind of server',
      document: withServer({ kind: 'keydb' }),
      at: '/server/kind',
      keyword: 'enum',
    },
    {
      fact: 'an unknown member of the server',
      document: withServer({ url: 'redis://h' }),
      at: '/server',
      keyword: 'additionalProperties',
    },
    {
      fact: 'a server without a version',
      document: withChange({ server: { kind: 'redis' } }),
      at: '/server',
      keyword: 'required',
    },
    { fact: 'keys in a list', document: withChange({ keys: [key] }), at: '/keys', keyword: 'type' },
    {
      fact: 'an unknown member of a key',
      document: withKey({ encoding: 'raw' }),
      at: '/keys/k',
      keyword: 'additionalProperties',
    },
    {
      fact: 'a key without a type',
      document: withChange({ keys: { k: without(key, 'type') } }),
      at: '/keys/k',
      keyword: 'required',
    },
    ...['ttl', 'length', 'digest'].map((name) => ({
      fact: `a key with a value and without its ${name}`,
      document: withChange({ keys: { k: without(key, name) } }),
      at: '/keys/k',
      keyword: 'dependentRequired',
    })),
    ...['ttl', 'length'].map((name) => ({
      fact: `a key with a digest and without its ${name}`,
      document: withChange({ keys: { k: without(without(key, 'value'), name) } }),
      at: '/keys/k',
      keyword: 'dependentRequired',
    })),
    {
      fact: 'a key that does not exist, and its value',
      document: withKey({ type: 'none' }),
      at: '/keys/k',
      keyword: 'maxProperties',
    },
    {
      fact: 'a pattern that is no text',
      document: withChange({ patterns: [1] }),
      at: '/patterns/0',
      keyword: 'type',
    },
    { fact: 'an empty type', document: withKey({ type: '' }), at: '/keys/k/type', keyword: 'pattern' },
    {
      fact: 'a negative ttl, which is how Redis says none',
      document: withKey({ ttl: -1 }),
      at: '/keys/k/ttl',
      keyword: 'minimum',
    },
    { fact: 'a fractional ttl', document: withKey({ ttl: 1.5 }), at: '/keys/k/ttl', keyword: 'type' },
    {
      fact: 'a negative length',
      document: withKey({ length: -1 }),
      at: '/keys/k/length',
      keyword: 'minimum',
    },
    {
      fact: 'a digest without its algorithm',
      document: withKey({ digest: '0'.repeat(64) }),
      at: '/keys/k/digest',
      keyword: 'pattern',
    },
    {
      fact: 'a digest in capitals',
      document: withKey({ digest: `sha256:${'A'.repeat(64)}` }),
      at: '/keys/k/digest',
      keyword: 'pattern',
    },
    {
      fact: 'a value that is a string',
      document: withKey({ value: '{}' }),
      at: '/keys/k/value',
      keyword: 'type',
    },
    {
      fact: 'a value in neither form',
      document: withKey({ value: {} }),
      at: '/keys/k/value',
      keyword: 'minProperties',
    },
    {
      fact: 'a value in both forms',
      document: withKey({ value: { utf8: 'a', base64: 'YQ==' } }),
      at: '/keys/k/value',
      keyword: 'maxProperties',
    },
    {
      fact: 'a value in an unknown form',
      document: withKey({ value: { hex: '00' } }),
      at: '/keys/k/value',
      keyword: 'additionalProperties',
    },
    {
      fact: 'base64 without its padding',
      document: withKey({ value: { base64: 'YQ' } }),
      at: '/keys/k/value/base64',
      keyword: 'pattern',
    },
    {
      fact: 'a field without a value',
      document: withFields([[{ utf8: 'a' }]]),
      at: '/keys/k/value/fields/0',
      keyword: 'minItems',
    },
    {
      fact: 'a field with two values',
      document: withFields([[{ utf8: 'a' }, { utf8: 'b' }, { utf8: 'c' }]]),
      at: '/keys/k/value/fields/0',
      keyword: 'maxItems',
    },
    {
      fact: 'a field whose name is a string',
      document: withFields([['a', { utf8: 'b' }]]),
      at: '/keys/k/value/fields/0/0',
      keyword: 'type',
    },
    {
      fact: 'fields by name',
      document: withFields({ a: { utf8: 'b' } }),
      at: '/keys/k/value/fields',
      keyword: 'type',
    },
    {
      fact: 'an encrypted value in a snapshot that is not',
      document: withKey({ value: { encrypted: 'AAAA' } }),
      at: '/keys/k/value/encrypted',
      keyword: 'false schema',
    },
    {
      fact: 'a keyed digest in a snapshot that is not encrypted',
      document: withKey({ digest: keyedDigest }),
      at: '/keys/k/digest',
      keyword: 'pattern',
    },
    {
      fact: 'a value as it is in a snapshot that is encrypted',
      document: withEncrypted({ value: { utf8: '{}' } }),
      at: '/keys/k/value',
      keyword: 'required',
    },
    {
      fact: 'a digest that can be guessed from in a snapshot that is encrypted',
      document: withEncrypted({ digest: key.digest }),
      at: '/keys/k/digest',
      keyword: 'pattern',
    },
    {
      fact: 'another cipher',
      document: withEncryption({ cipher: 'aes-256-cbc' }),
      at: '/encryption/cipher',
      keyword: 'const',
    },
    {
      fact: 'a derivation that is little work',
      document: withEncryption({ kdf: { ...kdf, N: 1024 } }),
      at: '/encryption/kdf/N',
      keyword: 'enum',
    },
    {
      fact: 'a derivation without a salt',
      document: withEncryption({ kdf: without(kdf, 'salt') }),
      at: '/encryption/kdf',
      keyword: 'required',
    },
    {
      fact: 'encryption without a seal',
      document: { ...encrypted, encryption: without(encryption, 'seal') },
      at: '/encryption',
      keyword: 'required',
    },
    {
      fact: 'a passphrase',
      document: withEncryption({ passphrase: 'x' }),
      at: '/encryption',
      keyword: 'additionalProperties',
    },
  ])('$fact', ({ document, at, keyword }) => {
    expect(objections(document)[0]).toMatchObject({ instancePath: at, keyword });
  });
});

describe('the example of production', () => {
  const text = readFileSync(new URL('../../examples/production.snapshot.json', import.meta.url), 'utf8');
  const example = JSON.parse(text) as typeof snapshot;
  const keys = Object.entries(example.keys as Readonly<Record<string, typeof key>>);
  const live = (name: string): Json =>
    JSON.parse(keys.find(([full]) => full === `r:ss:config:${name}`)?.[1].value.utf8 ?? '');
  const fallback = (name: string) => readJson(`debug/${name}.json`);

  test('is what the script makes', () => {
    expect(text).toBe(exampleSnapshot());
  });

  test('is a snapshot', () => {
    expect(objections(example)).toEqual([]);
  });

  test('holds the four configs', () => {
    expect(keys.map(([name]) => name)).toEqual([
      'r:ss:config:processing_prefs',
      'r:ss:config:routing_rules',
      'r:ss:config:webhook_config',
      'r:ss:config:magic_link_tokens',
    ]);
  });

  test.each(keys)('tells the length and digest of %s', (_name, { length, digest, value }) => {
    const bytes = Buffer.from(value.utf8);
    expect({ length, digest }).toEqual({
      length: bytes.length,
      digest: `sha256:${createHash('sha256').update(bytes).digest('hex')}`,
    });
  });

  test('spells its values as Python does', () => {
    const texts = keys.map(([, { value }]) => value.utf8);
    expect(texts.join()).toContain(
      '"Désabonnement: take the sender off the lists", "conditions": [{"field": ',
    );
    expect(texts.join()).toContain('"expires_at": 4102444800.0, ');
  });

  test('has processing preferences that were only saved again', () => {
    const { _updated_at: saved, ...rest } = live('processing_prefs') as JsonObject;
    const { _updated_at: before, ...unchanged } = fallback('processing_prefs') as JsonObject;
    expect(rest).toEqual(unchanged);
    expect(Date.parse(String(saved))).toBeGreaterThan(Date.parse(String(before)));
  });

  test('has routing rules with two errors', () => {
    const errors = objectionsOf('routing_rules')(live('routing_rules'));
    expect(errors.map(({ instancePath, keyword }) => [instancePath, keyword])).toEqual([
      ['/rules/2/conditions/0/operator', 'enum'],
      ['/rules/3/conditions/1/value', 'pattern'],
    ]);
  });

  test('has a webhook configuration that is sound but changed', () => {
    const now = live('webhook_config') as JsonObject;
    const before = fallback('webhook_config') as JsonObject;
    expect(objectionsOf('webhook_config')(now)).toEqual([]);
    expect(
      Object.keys(before).filter((name) => now[name] !== before[name] && !Array.isArray(now[name])),
    ).toEqual(['webhook_delivery_mode', 'webhook_time_end', '_updated_at']);
  });

  test('has other tokens than the fallback, and they are sound', () => {
    const now = live('magic_link_tokens') as JsonObject;
    const shared = Object.keys(fallback('magic_link_tokens') as JsonObject).filter((id) =>
      Object.hasOwn(now, id),
    );
    expect(objectionsOf('magic_link_tokens')(now)).toEqual([]);
    expect(shared).toEqual(['_updated_at']);
  });
});
