import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { ajvCompiler } from '../../src/adapters/ajv/compiler.ts';
import { workspaceFiles } from '../../src/adapters/files.ts';
import { readCases } from '../../src/cases.ts';
import { cases } from '../../src/checks/cases.ts';
import type { Evidence } from '../../src/core/evidence.ts';
import type { Json } from '../../src/core/json.ts';
import { vouch } from '../../src/core/phrase.ts';
import { plain } from '../../src/core/plain.ts';
import { addCase, type CaseRequest } from '../../src/faces/add-case.ts';
import { UsageError } from '../../src/faces/settings.ts';
import { readSchema } from '../../src/gather.ts';
import { evidence, fileOf, type Given, rows } from '../checks/evidence.ts';

const FOLDER = 'schemas/cases/processing_prefs';
const broken: Given = {
  config: 'processing_prefs',
  value: { retry_count: 11, exclude_keywords: ['hunter2'] },
};

/** An empty folder that is gone when the test is. */
function workspaceOf(): string {
  const folder = mkdtempSync(join(tmpdir(), 'guardian-cases-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

async function add(
  workspace: string,
  given: Given = broken,
  said: Partial<CaseRequest> = {},
): Promise<string> {
  const compiler = ajvCompiler();
  const { text, exitCode } = addCase({ evidence: await evidence(given), workspace, compiler, ...said });
  expect(exitCode).toBe(0);
  return text;
}

/** What the person is told when it fails. */
async function refusal(work: Promise<unknown>): Promise<readonly string[]> {
  const error = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof UsageError)) throw new Error('no UsageError', { cause: error });
  return [plain(error.said), plain(error.advice)];
}

describe('the live value is kept', () => {
  test('in a file beside the schema, without what is hidden, and its path is told', async () => {
    const workspace = workspaceOf();
    expect(await add(workspace)).toBe(
      `${FOLDER}/retry_count-maximum.json: a value that is invalid for schemas/processing_prefs.schema.json\n`,
    );
    const text = readFileSync(join(workspace, FOLDER, 'retry_count-maximum.json'), 'utf8');
    expect(JSON.parse(text)).toEqual({
      expect: 'invalid',
      why: '/retry_count: expected at most 10; found 11',
      value: { retry_count: 11, exclude_keywords: ['redacted'] },
    });
    expect(text.endsWith('}\n')).toBe(true);
  });

  test('under the name that is asked for, with the verdict that is asked for', async () => {
    const workspace = workspaceOf();
    const said = { name: 'Eleven_retries.v2', expect: 'valid' } as const;
    expect(await add(workspace, broken, said)).toBe(
      `${FOLDER}/Eleven_retries.v2.json: a value that is valid for schemas/processing_prefs.schema.json\n`,
    );
  });

  test('under the next name that is free', async () => {
    const workspace = workspaceOf();
    for (const _time of [1, 2, 3]) await add(workspace);
    expect(readdirSync(join(workspace, FOLDER)).sort()).toEqual([
      'retry_count-maximum-2.json',
      'retry_count-maximum-3.json',
      'retry_count-maximum.json',
    ]);
  });

  test('so that the check of cases says what is asked for', async () => {
    const workspace = workspaceOf();
    await add(workspace);
    await add(workspace, broken, { name: 'wanted', expect: 'valid' });
    const kept = await readCases(
      { folder: vouch(FOLDER), isNamed: true },
      workspaceFiles(workspace, workspace),
    );
    const judged = rows(cases, { ...(await evidence(broken)), cases: kept }, 'processing_prefs');
    expect(judged.map(({ said }) => said)).toEqual([
      `the schema refuses a value that ${FOLDER}/wanted.json says is valid: /retry_count: expected at most 10; found 11`,
    ]);
  });
});

describe('nothing is written', () => {
  test('over a file that is there, or a link that leads nowhere', async () => {
    const workspace = workspaceOf();
    await add(workspace, broken, { name: 'mine' });
    const file = join(workspace, FOLDER, 'mine.json');
    writeFileSync(file, 'mine');
    symlinkSync('nowhere', join(workspace, FOLDER, 'link.json'));
    for (const name of ['mine', 'link']) {
      expect(await refusal(add(workspace, broken, { name }))).toEqual([
        `${FOLDER}/${name}.json exists already`,
        'give it another --name',
      ]);
    }
    expect(readFileSync(file, 'utf8')).toBe('mine');
    expect(existsSync(join(workspace, FOLDER, 'nowhere'))).toBe(false);
  });

  test.each(['', '../a', 'a/b', '.hidden', '-x', 'a b', 'redis://:hunter2@h', 'a'.repeat(81), 'é'])(
    'under a name that is none: %j',
    async (name) => {
      const workspace = workspaceOf();
      expect(await refusal(add(workspace, broken, { name }))).toEqual([
        '--name holds something that cannot be the name of a case',
        'it takes letters, digits, ., _ and -, 80 at most; .json is added',
      ]);
      expect(readdirSync(workspace)).toEqual([]);
    },
  );

  test('without a value to keep', async () => {
    const workspace = workspaceOf();
    const absent: Given = { config: 'processing_prefs', observation: { kind: 'absent' } };
    const [said] = await refusal(add(workspace, absent));
    expect(said).toBe('there is no live value to make a case of: the key of processing_prefs does not exist');
    expect(readdirSync(workspace)).toEqual([]);
  });

  test('where the guardian itself is', async () => {
    const given: Given = {
      ...broken,
      spec: { cases: { folder: vouch('builtin:schemas/cases/processing_prefs'), isNamed: false } },
    };
    expect(await refusal(add(workspaceOf(), given))).toEqual([
      "the cases of processing_prefs would lie in the guardian's own folder",
      'point --schemas to a folder of the workspace',
    ]);
  });

  test.each([
    ['a file', 'EEXIST'],
    ['a link to itself', 'ELOOP'],
    ['a link that leads out', 'a link leads out of the workspace'],
  ])('in a folder that is %s', async (what, why) => {
    const workspace = workspaceOf();
    const outside = workspaceOf();
    const place = join(workspace, FOLDER);
    mkdirSync(join(workspace, 'schemas/cases'), { recursive: true });
    if (what === 'a file') writeFileSync(place, '');
    else symlinkSync(what === 'a link to itself' ? 'processing_prefs' : outside, place);
    expect(await refusal(add(workspace))).toEqual([
      `${FOLDER} cannot be written (${why})`,
      'check the folder and its permissions',
    ]);
    expect(readdirSync(outside)).toEqual([]);
  });

  test('below a file, or below a link that leads out', async () => {
    const workspace = workspaceOf();
    writeFileSync(join(workspace, 'schemas'), '');
    expect((await refusal(add(workspace)))[0]).toBe(`${FOLDER} cannot be written (ENOTDIR)`);
    rmSync(join(workspace, 'schemas'));
    const outside = workspaceOf();
    symlinkSync(outside, join(workspace, 'schemas'));
    expect((await refusal(add(workspace)))[0]).toBe(
      `${FOLDER} cannot be written (a link leads out of the workspace)`,
    );
    expect(readdirSync(outside)).toEqual([]);
  });

  test('when it takes too long to look for stand-ins', async () => {
    const compiler = ajvCompiler(200);
    const slow: Json = { properties: { webhook_url: { pattern: '^(?:a+)+$' } } };
    const given: Given = { config: 'webhook_config', value: { webhook_url: `${'a'.repeat(40)}!` } };
    const schema = await readSchema([vouch('s')], {
      files: { read: async () => fileOf(JSON.stringify(slow)) },
      compiler,
    });
    const known: Evidence = { ...(await evidence(given)), schema };
    expect(await refusal(add(workspaceOf(), given, { evidence: known, compiler }))).toEqual([
      'looking for what can stand in for the hidden parts of webhook_config takes longer than it may',
      'give it a longer --timeout; or look for a pattern with repetitions inside of repetitions',
    ]);
  });
});

test('a folder outside is written to when it is the one that was named', async () => {
  const outside = workspaceOf();
  const given: Given = { ...broken, spec: { cases: { folder: vouch(outside), isNamed: true } } };
  await add(workspaceOf(), given);
  expect(readdirSync(outside)).toEqual(['retry_count-maximum.json']);
});
