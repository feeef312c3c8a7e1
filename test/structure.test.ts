import { spawnSync } from 'node:child_process';
import { copyFileSync, globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Check } from '../src/checks/check.ts';
import { checks } from '../src/checks/index.ts';
import { formatNames } from '../src/reporters/index.ts';
import { project } from './support/run.ts';

describe('the linter holds the floors:', () => {
  // A copy, so that nobody who looks at the project meanwhile sees what is planted.
  const copy = mkdtempSync(join(tmpdir(), 'guardian-floors-'));

  beforeAll(() => {
    copyFileSync(join(project, 'biome.json'), join(copy, 'biome.json'));
    copyFileSync(join(project, '.gitignore'), join(copy, '.gitignore'));
  });

  afterAll(() => {
    rmSync(copy, { recursive: true, force: true });
  });

  /** The rules that a file of this text breaks at this path. */
  function lint(path: string, text: string): { readonly green: boolean; readonly said: string } {
    const file = join(copy, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
    try {
      const linter = join(project, 'node_modules/.bin/biome');
      const { status, stdout, stderr } = spawnSync(linter, ['lint', '--error-on-warnings', path], {
        cwd: copy,
        encoding: 'utf8',
      });
      return { green: status === 0, said: stdout + stderr };
    } finally {
      rmSync(file);
    }
  }

  const planting = (from: string) => `import { planted } from '${from}';\n\nexport const used = planted;\n`;

  test.each([
    ['core, anything of Node', 'src/core/planted.ts', 'node:path'],
    ['core, anything of npm', 'src/core/planted.ts', 'ajv'],
    ['core, a check', 'src/core/planted.ts', '../checks/drift.ts'],
    ['core, a verb', 'src/core/planted.ts', '../guard.ts'],
    ['a check, Redis', 'src/checks/planted.ts', 'ioredis'],
    ['a check, anything of Node', 'src/checks/planted.ts', 'node:crypto'],
    ['a check, an adapter', 'src/checks/planted.ts', '../adapters/files.ts'],
    ['a check, a reporter', 'src/checks/planted.ts', '../reporters/json.ts'],
    ['a reporter, the file system', 'src/reporters/planted.ts', 'node:fs'],
    ['a reporter, a check', 'src/reporters/planted.ts', '../checks/index.ts'],
    ['a reporter, a verb', 'src/reporters/planted.ts', '../guard.ts'],
    ['evolution, an adapter', 'src/evolution/planted.ts', '../adapters/ajv/compiler.ts'],
    ['a verb, an adapter', 'src/planted.ts', './adapters/files.ts'],
    ['a verb, an adapter in a folder', 'src/planted.ts', './adapters/redis/store.ts'],
    ['a verb, a reporter', 'src/planted.ts', './reporters/index.ts'],
    ['a verb, a face', 'src/planted.ts', './faces/tool.ts'],
    ['a verb, anything of Node', 'src/planted.ts', 'node:fs'],
    ['an adapter, another in a folder', 'src/adapters/planted.ts', './redis/url.ts'],
    ['an adapter, another beside it', 'src/adapters/planted.ts', './files.ts'],
    ['an adapter, a check', 'src/adapters/planted.ts', '../checks/drift.ts'],
    ['an adapter in a folder, one beside the folder', 'src/adapters/redis/planted.ts', '../files.ts'],
    ['an adapter in a folder, one in another', 'src/adapters/redis/planted.ts', '../ajv/options.ts'],
    ['an adapter in a folder, a face', 'src/adapters/redis/planted.ts', '../../faces/tool.ts'],
  ])('%s is refused', (_fact, path, from) => {
    const { green, said } = lint(path, planting(from));
    expect(said).toContain('noRestrictedImports');
    expect(green).toBe(false);
  });

  test.each([
    ['core, core', 'src/core/planted.ts', './json.ts'],
    ['a check, core', 'src/checks/planted.ts', '../core/json.ts'],
    ['a check, its neighbour', 'src/checks/planted.ts', './check.ts'],
    ['a reporter, core', 'src/reporters/planted.ts', '../core/verdict.ts'],
    ['a verb, core', 'src/planted.ts', './core/json.ts'],
    ['a verb, the checks', 'src/planted.ts', './checks/index.ts'],
    ['a verb, its neighbour', 'src/planted.ts', './gather.ts'],
    ['an adapter, core', 'src/adapters/planted.ts', '../core/ports.ts'],
    ['an adapter, what it wraps', 'src/adapters/planted.ts', 'node:fs'],
    ['an adapter in a folder, core', 'src/adapters/redis/planted.ts', '../../core/ports.ts'],
    ['an adapter in a folder, its neighbour', 'src/adapters/redis/planted.ts', './url.ts'],
    ['an adapter in a folder, what it wraps', 'src/adapters/redis/planted.ts', 'ioredis'],
    ['a face, anything', 'src/faces/planted.ts', '../adapters/files.ts'],
  ])('%s is allowed', (_fact, path, from) => {
    const { green, said } = lint(path, planting(from));
    expect(said).not.toContain('noRestrictedImports');
    expect(green).toBe(true);
  });
});

describe('the checks', () => {
  const files = namesIn('src/checks').filter((name) => name !== 'check' && name !== 'index');

  test.each(files)('%s.ts exports a check of that name, and the index lists it', async (file) => {
    const exported: readonly unknown[] = Object.values(await import(`../src/checks/${file}.ts`));
    const found = exported.filter(isCheck);
    expect(found.map(({ id }) => id)).toEqual([file]);
    expect(checks).toContain(found[0]);
  });

  test('are listed once each, and there is a file for each', () => {
    expect(checks.map(({ id }) => id).toSorted()).toEqual(files);
  });

  test('ask a question each', () => {
    for (const { title } of checks) expect(title).toMatch(/^[A-Z].*\?$/);
  });
});

function isCheck(value: unknown): value is Check {
  return typeof value === 'object' && value !== null && 'id' in value && 'run' in value;
}

describe('the reporters', () => {
  const files = namesIn('src/reporters').filter((name) => name !== 'index');
  const index = readFileSync(join(project, 'src/reporters/index.ts'), 'utf8');

  test.each(files)('%s.ts is reached through the index', (file) => {
    expect(index).toContain(`from './${file}.ts'`);
  });

  test('have the names of the formats', () => {
    expect([...formatNames].toSorted()).toEqual(files);
  });
});

describe('only edges know what time it is and where they run:', () => {
  const inside = globSync(['src/*.ts', 'src/{core,checks,evolution,reporters}/**/*.ts'], { cwd: project });
  const ambient =
    /\bDate\.now\b|\bnew Date\(\)|\bperformance\.|\bMath\.random\b|\bprocess\.|\bsetTimeout\b|\bsetInterval\b|\bfetch\(|\bconsole\./;

  test.each(inside)('%s', (file) => {
    const text = readFileSync(join(project, file), 'utf8');
    expect(ambient.exec(text.replace(/\/\*[\s\S]*?\*\/|\/\/.*/g, ''))?.[0]).toBeUndefined();
  });

  test('the clock is read in faces, and by adapters that wait', () => {
    const readers = globSync('src/**/*.ts', { cwd: project })
      .filter((file) =>
        /\bDate\.now\b|\bperformance\.now\b|\bprocess\.env\b|\bMath\.random\b/.test(
          readFileSync(join(project, file), 'utf8'),
        ),
      )
      .map((file) => file.split('/')[1]);
    expect([...new Set(readers)].filter((folder) => folder !== 'faces' && folder !== 'adapters')).toEqual([]);
  });
});

function namesIn(folder: string): readonly string[] {
  return globSync(`${folder}/*.ts`, { cwd: project })
    .map((file) => basename(file, '.ts'))
    .toSorted();
}
