import { describe, expect, test } from 'vitest';
import { backupText } from '../../src/adapters/snapshot/backup.ts';
import type { Json, JsonObject } from '../../src/core/json.ts';
import { freshSealing } from '../contract/support/stores.ts';
import { backup } from '../support/backup.ts';
import { objectionsOf, type Sound, type Unsound } from './schema.ts';

const objections = objectionsOf('backup');

const plain: JsonObject = JSON.parse(backupText(backup));
const encrypted: JsonObject = JSON.parse(backupText(backup, await freshSealing()));

const [key, hash, absent, file] = plain['entries'] as readonly JsonObject[];
const [encryptedKey] = encrypted['entries'] as readonly JsonObject[];
const withEntry = (entry: JsonObject | undefined, change: JsonObject, whole = plain): Json => ({
  ...whole,
  entries: [{ ...entry, ...change }],
});
const withEncryption = (change: JsonObject): Json => ({
  ...encrypted,
  encryption: { ...(encrypted['encryption'] as JsonObject), ...change },
});

function without(object: JsonObject, name: string): JsonObject {
  return Object.fromEntries(Object.entries(object).filter(([member]) => member !== name));
}

describe('a backup may have', () => {
  test.each<Sound>([
    { fact: 'keys and files', document: plain },
    { fact: 'keys and files, encrypted', document: encrypted },
    { fact: 'no entries', document: JSON.parse(backupText({ ...backup, entries: [] })) },
    { fact: 'a key that was removed', document: withEntry(key, { after: null }) },
    { fact: 'a key that was not there', document: withEntry(absent, {}) },
    {
      fact: 'a key that was removed, encrypted',
      document: withEntry(encryptedKey, { after: null }, encrypted),
    },
  ])('$fact', ({ document }) => {
    expect(objections(document)).toEqual([]);
  });
});

const keyedDigest = `hmac-sha256:${'0'.repeat(64)}`;

describe('a backup may not have', () => {
  test.each<Unsound>([
    {
      fact: 'another format',
      document: { ...plain, format: 'redis-config-guardian/snapshot' },
      at: '/format',
      keyword: 'const',
    },
    { fact: 'another version', document: { ...plain, version: 2 }, at: '/version', keyword: 'const' },
    ...['format', 'version', 'plan', 'takenAt', 'target', 'entries', 'digest'].map((name) => ({
      fact: `no ${name}`,
      document: without(plain, name),
      at: '',
      keyword: 'required',
    })),
    { fact: 'a note', document: { ...plain, note: '' }, at: '', keyword: 'additionalProperties' },
    {
      fact: 'a time that is not in UTC',
      document: { ...plain, takenAt: '2026-11-03T09:30:00+01:00' },
      at: '/takenAt',
      keyword: 'pattern',
    },
    {
      fact: 'a password for the target',
      document: { ...plain, target: { ...(plain['target'] as JsonObject), password: '' } },
      at: '/target',
      keyword: 'additionalProperties',
    },
    {
      fact: 'an encrypted value where there is no encryption',
      document: withEntry(key, { before: { ttl: null, value: { encrypted: 'AAAA' } } }),
      at: '/entries/0/before/value/encrypted',
      keyword: 'false schema',
    },
    {
      fact: 'a keyed digest where there is no encryption',
      document: withEntry(key, { after: keyedDigest }),
      at: '/entries/0/after',
      keyword: 'type',
    },
    {
      fact: 'a plain value among encrypted ones',
      document: withEntry(encryptedKey, { before: { ttl: null, value: { utf8: '' } } }, encrypted),
      at: '/entries/0/before/value',
      keyword: 'required',
    },
    {
      fact: 'a digest that can be guessed from beside encrypted values',
      document: withEntry(encryptedKey, { after: key?.['after'] ?? null }, encrypted),
      at: '/entries/0/after',
      keyword: 'type',
    },
    {
      fact: 'a digest of its own beside a seal',
      document: { ...encrypted, digest: plain['digest'] ?? null },
      at: '/digest',
      keyword: 'false schema',
    },
    { fact: 'no seal', document: withEncryption({ seal: null }), at: '/encryption/seal', keyword: 'type' },
    {
      fact: 'a key without its time to live',
      document: withEntry(key, { before: { value: { utf8: '' } } }),
      at: '/entries/0/before',
      keyword: 'required',
    },
    {
      fact: 'a field without a value',
      document: withEntry(hash, { before: { ttl: null, value: { fields: [[{ utf8: 'a' }]] } } }),
      at: '/entries/0/before/value/fields/0',
      keyword: 'minItems',
    },
    {
      fact: 'a file out of the workspace',
      document: withEntry(file, { path: '../a.json' }),
      at: '/entries/0',
      keyword: 'required',
    },
  ])('$fact', ({ document, at, keyword }) => {
    expect(objections(document)[0]).toMatchObject({ instancePath: at, keyword });
  });
});
