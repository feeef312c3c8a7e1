import { describe, expect, test } from 'vitest';
import { readCases } from '../src/cases.ts';
import type { CaseEvidence } from '../src/core/evidence.ts';
import type { Json } from '../src/core/json.ts';
import { vouch } from '../src/core/phrase.ts';
import { plain } from '../src/core/plain.ts';
import type { FileContent, Files, FolderContent } from '../src/core/ports.ts';
import { fileOf } from './checks/evidence.ts';
import { objectionsOf } from './schemas/schema.ts';

const FOLDER = vouch('schemas/cases/demo');

/** A workspace with that folder, and nothing but these files in it. */
function holding(files: Readonly<Record<string, FileContent>>, folder?: FolderContent): Files {
  const paths = Object.keys(files).map((name) => vouch(`${FOLDER}/${name}`));
  return {
    list: async (path) => (path === FOLDER ? (folder ?? { kind: 'listed', paths }) : { kind: 'missing' }),
    read: async (path) => files[path.slice(FOLDER.length + 1)] ?? { kind: 'missing' },
  };
}

function told(item: CaseEvidence): unknown {
  return item.kind === 'broken' ? [item.path, plain(item.why)] : [item.path, item.expected, item.value];
}

async function one(text: string): Promise<unknown> {
  const [item] = await readCases({ folder: FOLDER, isNamed: false }, holding({ 'a.json': fileOf(text) }));
  return item === undefined ? undefined : told(item);
}

test('every file in the folder that ends in .json is a case', async () => {
  const files = holding({
    'a.json': fileOf('{ "expect": "valid", "value": {} }'),
    'b.json': fileOf('{ "expect": "invalid", "why": "it is no object", "value": null }'),
    'README.md': fileOf('# Cases'),
  });
  expect((await readCases({ folder: FOLDER, isNamed: false }, files)).map(told)).toEqual([
    ['schemas/cases/demo/a.json', 'valid', {}],
    ['schemas/cases/demo/b.json', 'invalid', null],
  ]);
});

test('no folder, no cases', async () => {
  expect(await readCases({ folder: FOLDER, isNamed: false }, holding({}, { kind: 'missing' }))).toEqual([]);
  expect(await readCases({ folder: FOLDER, isNamed: false }, holding({}))).toEqual([]);
});

describe('what should be a case and is none is broken:', () => {
  test('a folder that cannot be read', async () => {
    const files = holding({}, { kind: 'unreadable', why: vouch('EACCES') });
    expect((await readCases({ folder: FOLDER, isNamed: false }, files)).map(told)).toEqual([
      ['schemas/cases/demo', 'the folder cannot be read (EACCES)'],
    ]);
  });

  test('a file that cannot be read, or is gone by then', async () => {
    const files = holding({
      'a.json': { kind: 'unreadable', why: vouch('it is a folder') },
      'b.json': { kind: 'missing' },
      'c.json': fileOf('{ "expect": "valid", "value": 1 }'),
    });
    expect((await readCases({ folder: FOLDER, isNamed: false }, files)).map(told)).toEqual([
      ['schemas/cases/demo/a.json', 'it cannot be read (it is a folder)'],
      ['schemas/cases/demo/b.json', 'the file is not there'],
      ['schemas/cases/demo/c.json', 'valid', 1],
    ]);
  });

  test.each([
    ['no JSON', '{', 'it is not sound JSON (syntax)'],
    ['nothing', '', 'it is not sound JSON (empty)'],
    [
      'a name twice',
      '{ "expect": "valid", "expect": "invalid", "value": 1 }',
      'it is not sound JSON (duplicate-name)',
    ],
    ['a list', '[]', 'it is no object'],
    ['no verdict', '{ "value": 1 }', 'expect is neither valid nor invalid'],
    ['another verdict', '{ "expect": "Valid", "value": 1 }', 'expect is neither valid nor invalid'],
    ['no value', '{ "expect": "valid" }', 'value is missing'],
    ['a reason that is no text', '{ "expect": "valid", "why": null, "value": 1 }', 'why is no text'],
    [
      'a member that nobody knows',
      '{ "expect": "valid", "valeu": 2, "value": 1 }',
      'it has a member besides expect, why and value',
    ],
  ])('%s', async (_fact, text, why) => {
    expect(await one(text)).toEqual(['schemas/cases/demo/a.json', why]);
  });
});

describe('the schema of cases says of it what the reader says:', () => {
  const objections = objectionsOf('case');

  test.each<Json>([
    { expect: 'valid', value: {} },
    { expect: 'invalid', why: 'x', value: null },
    { $schema: '../../case.schema.json', expect: 'valid', value: [1] },
    { expect: 'valid' },
    { value: 1 },
    { expect: true, value: 1 },
    { expect: 'valid', why: 1, value: 1 },
    { expect: 'valid', note: '', value: 1 },
    [],
    'valid',
    null,
  ])('%j', async (document) => {
    const [item] = await readCases(
      { folder: FOLDER, isNamed: false },
      holding({ 'a.json': fileOf(JSON.stringify(document)) }),
    );
    expect(objections(document).length === 0).toBe(item?.kind === 'known');
  });
});
