import { describe, expect, test } from 'vitest';
import { ajvCompiler } from '../../src/adapters/ajv/compiler.ts';
import type { Json, JsonObject } from '../../src/core/json.ts';
import { planText, sealPlan } from '../../src/faces/plan-file.ts';
import { plan, unsealed, weighed } from '../faces/plans.ts';
import { objectionsOf, readSchema, type Sound, type Unsound } from './schema.ts';

const objections = objectionsOf('plan');

const document = JSON.parse(planText(plan)) as JsonObject;
const [key, , newKey, file, newFile] = document['steps'] as readonly JsonObject[];
const withChange = (change: JsonObject): Json => ({ ...document, ...change });
const withIn = (member: string, change: JsonObject): Json =>
  withChange({ [member]: { ...(document[member] as JsonObject), ...change } });
const withKey = (change: JsonObject): Json => withChange({ steps: [{ ...key, ...change }] });
const withFile = (change: JsonObject): Json => withChange({ steps: [{ ...file, ...change }] });
const withLeft = (change: JsonObject): Json =>
  withChange({ leftAlone: [{ ...(document['leftAlone'] as readonly JsonObject[])[0], ...change }] });
const without = (object: JsonObject, name: string): JsonObject =>
  Object.fromEntries(Object.entries(object).filter(([member]) => member !== name));

test('what is written as a plan is one, for the validator of the project too', async () => {
  const schema = readSchema('plan');
  const compiled = await ajvCompiler(5000).compile(JSON.stringify(schema), schema);
  expect(compiled.ok && compiled.validate(document)).toEqual([]);
});

describe('a plan may have', () => {
  test.each<Sound>([
    { fact: 'steps of every kind', document },
    { fact: 'no steps', document: withChange({ steps: [] }) },
    { fact: 'nothing left alone', document: withChange({ leftAlone: [] }) },
    { fact: 'a key that is new', document: withChange({ steps: [newKey as Json] }) },
    { fact: 'a file that is new', document: withChange({ steps: [newFile as Json] }) },
    { fact: 'a server that told nothing', document: withIn('target', { run: null, replication: null }) },
    { fact: 'nothing chosen', document: withIn('choice', { keys: [], only: [], base: null }) },
    { fact: 'a whole config left alone', document: withLeft({ place: '' }) },
    {
      fact: 'the steps of one direction',
      document: JSON.parse(
        planText(sealPlan({ ...unsealed, steps: unsealed.steps.slice(0, 1), direction: 'fallback' })),
      ),
    },
  ])('$fact', ({ document }) => {
    expect(objections(document)).toEqual([]);
  });
});

describe('a plan may not have', () => {
  test.each<Unsound>([
    { fact: 'another format', document: withChange({ format: 'rdb' }), at: '/format', keyword: 'const' },
    { fact: 'another version', document: withChange({ version: 2 }), at: '/version', keyword: 'const' },
    {
      fact: 'an unknown member',
      document: withChange({ note: '' }),
      at: '',
      keyword: 'additionalProperties',
    },
    ...Object.keys(document).map((name) => ({
      fact: `no ${name}`,
      document: without(document, name),
      at: '',
      keyword: 'required',
    })),
    {
      fact: 'a hash in capitals',
      document: withChange({ hash: `sha256:${'A'.repeat(64)}` }),
      at: '/hash',
      keyword: 'pattern',
    },
    {
      fact: 'a time with another offset',
      document: withChange({ createdAt: '2026-11-25T10:00:00+01:00' }),
      at: '/createdAt',
      keyword: 'pattern',
    },
    {
      fact: 'a day for a time',
      document: withChange({ expiresAt: '2026-11-25Z' }),
      at: '/expiresAt',
      keyword: 'format',
    },
    {
      fact: 'a password in its target',
      document: withIn('target', { password: 'x' }),
      at: '/target',
      keyword: 'additionalProperties',
    },
    {
      fact: 'a target without an address',
      document: withIn('target', { address: '' }),
      at: '/target/address',
      keyword: 'pattern',
    },
    {
      fact: 'a database below 0',
      document: withIn('target', { database: -1 }),
      at: '/target/database',
      keyword: 'minimum',
    },
    {
      fact: 'a run id as it is',
      document: withIn('target', { run: 'a'.repeat(40) }),
      at: '/target/run',
      keyword: 'pattern',
    },
    { fact: 'no direction', document: withChange({ direction: 'git' }), at: '/direction', keyword: 'enum' },
    {
      fact: 'a choice of no place',
      document: withIn('choice', { only: ['rules'] }),
      at: '/choice/only/0',
      keyword: 'pattern',
    },
    {
      fact: 'a key for digests',
      document: withIn('digests', { key: 'x' }),
      at: '/digests',
      keyword: 'additionalProperties',
    },
    {
      fact: 'a salt that is no base64',
      document: withIn('digests', { salt: 'salt!' }),
      at: '/digests/salt',
      keyword: 'pattern',
    },
    {
      fact: 'a step to elsewhere',
      document: withKey({ to: 'disk' }),
      at: '/steps/0/to',
      keyword: 'const',
    },
    {
      fact: 'a value',
      document: withKey({ value: '{}' }),
      at: '/steps/0',
      keyword: 'additionalProperties',
    },
    {
      fact: 'a digest that can be guessed from',
      document: withKey({ after: { ...weighed('0'), digest: `sha256:${'0'.repeat(64)}` } }),
      at: '/steps/0/after/digest',
      keyword: 'pattern',
    },
    {
      fact: 'a part of a byte',
      document: withKey({ after: { ...weighed('0'), bytes: 0.5 } }),
      at: '/steps/0/after/bytes',
      keyword: 'type',
    },
    {
      fact: 'a key of another type',
      document: withKey({ before: { ...weighed('0'), type: 'list', goesAt: null } }),
      at: '/steps/0/before/type',
      keyword: 'const',
    },
    {
      fact: 'the name of a branch for a commit',
      document: withKey({ base: '--output=x' }),
      at: '/steps/0/base',
      keyword: 'pattern',
    },
    {
      fact: 'a file outside of the workspace',
      document: withFile({ path: '../x.json' }),
      at: '/steps/0/path',
      keyword: 'pattern',
    },
    {
      fact: 'another reason',
      document: withLeft({ why: 'lazy' }),
      at: '/leftAlone/0/why',
      keyword: 'enum',
    },
    {
      fact: 'a place that is no pointer',
      document: withLeft({ place: '/a~' }),
      at: '/leftAlone/0/place',
      keyword: 'pattern',
    },
  ])('$fact', ({ document, at, keyword }) => {
    expect(objections(document)).toContainEqual(expect.objectContaining({ instancePath: at, keyword }));
  });

  test('more than 10,000 steps', () => {
    const steps = Array.from({ length: 10_001 }, () => key as Json);
    expect(objections(withChange({ steps }))[0]).toMatchObject({
      instancePath: '/steps',
      keyword: 'maxItems',
    });
  });
});
