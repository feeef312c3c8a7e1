import { readdirSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { guardedNames } from '../../src/guarded-app.ts';
import { newAjv, objectionsOf, readJson, readSchema, subschemas } from './schema.ts';

const names = [...guardedNames, 'snapshot', 'plan', 'backup'];

describe.each(names)('the schema %s', (name) => {
  const schema = readSchema(name);
  const parts = subschemas(schema);

  test('satisfies the metaschema of draft 2020-12', () => {
    const ajv = newAjv();
    ajv.validateSchema(schema);
    expect(ajv.errors ?? []).toEqual([]);
  });

  test('says who it is', () => {
    expect(schema).toMatchObject({
      $schema: 'https://json-schema.org/draft/2020-12/schema',
      $id: `https://redis-config-guardian.dev/schemas/${name}.schema.json`,
      title: expect.any(String),
      description: expect.any(String),
    });
  });

  test('refers to nothing outside of itself', () => {
    const references = parts.flatMap(([, { $ref }]) => ($ref === undefined ? [] : [String($ref)]));
    expect(references.filter((reference) => !reference.startsWith('#/$defs/'))).toEqual([]);
  });

  test('has a title wherever messages would quote a pattern, a format or a condition', () => {
    const cryptic = ['pattern', 'format', 'if'];
    const untitled = parts.filter(
      ([, part]) => cryptic.some((keyword) => Object.hasOwn(part, keyword)) && !Object.hasOwn(part, 'title'),
    );
    expect(untitled).toEqual([]);
  });

  test('has a description for every property', () => {
    const bare = parts.filter(
      ([pointer, part]) =>
        /\/properties\/[^/]+$/.test(pointer) &&
        !/\/(?:if|then)\//.test(pointer) &&
        typeof part['description'] !== 'string',
    );
    expect(bare.map(([pointer]) => pointer)).toEqual([]);
  });

  test('has defaults that satisfy it', () => {
    const ajv = newAjv().addSchema(schema);
    const unsound = parts.filter(
      ([pointer, part]) =>
        Object.hasOwn(part, 'default') &&
        !ajv.compile({ $ref: `${schema['$id']}#${pointer}` })(part['default']),
    );
    expect(unsound).toEqual([]);
  });
});

describe.each(guardedNames)('the config %s', (name) => {
  test('may have properties that its schema does not know', () => {
    const closed = subschemas(readSchema(name)).filter(([, part]) => part['additionalProperties'] === false);
    expect(closed).toEqual([]);
  });

  test('has a sound fallback', () => {
    expect(objectionsOf(name)(readJson(`debug/${name}.json`))).toEqual([]);
  });
});

test('debug/ holds the fallbacks of the guarded configs and nothing else', () => {
  const files = readdirSync(new URL('../../debug', import.meta.url));
  expect(files.toSorted()).toEqual(guardedNames.map((name) => `${name}.json`).toSorted());
});
