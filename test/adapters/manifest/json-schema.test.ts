import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { ajvCompiler } from '../../../src/adapters/ajv/compiler.ts';
import { manifestSchema } from '../../../src/adapters/manifest/json-schema.ts';
import type { Validate } from '../../../src/core/evidence.ts';
import { bad } from './bad.ts';
import { checkIds } from './reading.ts';

const read = (path: string) => readFileSync(new URL(`../../../${path}`, import.meta.url), 'utf8');
const text = read('schemas/manifest.schema.json');

let validate: Validate;

beforeAll(async () => {
  const compiled = await ajvCompiler().compile(text, JSON.parse(text));
  if (!compiled.ok) throw new Error('it does not compile');
  expect(compiled.notes).toEqual([]);
  ({ validate } = compiled);
});

test('the schema is the one that manifests are read by: node script/manifest-schema.ts', () => {
  expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(manifestSchema(checkIds))));
});

test('it accepts the example', () => {
  expect(validate(parse(read('examples/guardian.yml')))).toEqual([]);
});

describe('it accepts what the reader accepts:', () => {
  test.each([
    'version: 1\nconfigs: { a: }',
    "version: 1\nconfigs: { a: { keys: 'tenant:\\[*:?', fallback: 'x/{1}.json', limit: 5, hide-keys: true } }",
    'version: 1\nconfigs: { a: { schema: ./a/.b..c/x.json, fallback: [a, ./none], cases: x/ } }',
    'version: 1\nconfigs: { a: { fallback: none, ignore: ["", /a~0b, /*/x], identity: { "": id } } }',
    'version: 1\nconfigs: { a: { freshness: {}, severities: {}, exceptions: [] } }',
    "version: 1\nmigration: { allow: [{ config: a, at: ['', /x/*/y] }, { key: 'tmp:\\[*' }, { key: x }] }\nconfigs: { a: }",
    'version: 1\nmigration: {}\nconfigs: { a: }',
    'version: 1\nenvironments: { "Live (EU)": , test: { configs: { a: } } }\nconfigs: { a: }',
  ])('%s', (manifest) => {
    expect(validate(parse(manifest))).toEqual([]);
  });
});

describe('it refuses', () => {
  test.each(bad.filter(({ passes }) => passes === undefined))('$fact', ({ text: manifest }) => {
    expect(validate(parse(manifest) ?? null)).not.toEqual([]);
  });
});

describe('it cannot tell', () => {
  test.each(bad.filter(({ passes }) => passes === true))('$fact', ({ text: manifest }) => {
    expect(validate(parse(manifest))).toEqual([]);
  });
});
