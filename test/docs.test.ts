import { spawnSync } from 'node:child_process';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { formats } from '../src/adapters/ajv/formats.ts';
import { checks } from '../src/checks/index.ts';
import { guardedApp } from '../src/guarded-app.ts';
import { formatNames } from '../src/reporters/index.ts';

/** Whatever the pages say that can be compared with the product. */

const project = fileURLToPath(new URL('..', import.meta.url));
const files = (...patterns: string[]) => globSync(patterns, { cwd: project }).sort();
const read = (file: string) => readFileSync(join(project, file), 'utf8');
const all = (pattern: RegExp, text: string) => Array.from(text.matchAll(pattern), ([, found = '']) => found);

const pages = files('*.md', 'docs/**/*.md', '.github/*.md');

const code = /^```[\s\S]*?^```$/gm;

/** The text below a heading of the second level. */
function section(file: string, heading: string): string {
  const found = read(file)
    .split(/^## /m)
    .find((text) => text.startsWith(`${heading}\n`));
  if (found === undefined) throw new Error(`${file} has no section ${heading}`);
  return found;
}

/** What stands in code font in the first cells of the tables. */
function firstCells(text: string): readonly string[] {
  return all(/^\|([^|]*`[^|]*)\|/gm, text).flatMap((cell) => all(/`([^`]+)`/g, cell));
}

describe('checks', () => {
  const ids = checks.map(({ id }) => id);

  test('have a page each, and each page has a check', () => {
    expect(files('docs/checks/*.md').map((file) => basename(file, '.md'))).toEqual([...ids].sort());
  });

  test.each(checks)('the page of $id says what it asks', ({ id, title }) => {
    expect(read(`docs/checks/${id}.md`)).toMatch(new RegExp(`^# ${id}\n\n${title.replaceAll('?', '\\?')}`));
  });

  test.each(ids)('the page of %s quotes messages as they are', (id) => {
    expect(firstCells(read(`docs/checks/${id}.md`)).filter((message) => !isSaid(message))).toEqual([]);
  });

  test('are told of in the changelog', () => {
    expect(read('CHANGELOG.md').replaceAll('\n  ', ' ')).toContain(`Checks: ${ids.join(', ')}.`);
  });
});

test('the table of faults quotes messages as they are', () => {
  expect(firstCells(section('docs/redis.md', 'Faults')).filter((message) => !isSaid(message))).toEqual([]);
});

/** What stands in holes that the pages fill in. */
const sides: Readonly<Record<string, string>> = { before: 'the fallback', after: 'Redis' };

/** All sources, with what stands in the holes of templates as a reader sees it, or as `…`. */
const sources = files('src/**/*.ts')
  .map(read)
  .join('\n')
  .replace(
    /\$\{(?:code\('([^']*)'\)|((?:[^{}]|\{[^{}]*\})*))\}/g,
    (_hole, literal?: string, expression = '') => literal ?? sides[expression] ?? '…',
  );

function isSaid(message: string): boolean {
  // A message that begins with a number has its noun in another place of the source.
  if (/^N /.test(message)) return sources.includes(message.split(' ').at(-1) ?? '');
  return message.split('…').every((fragment) => sources.includes(fragment.trim()));
}

describe('links', () => {
  const links = pages.flatMap((page) =>
    all(/\]\(([^)\s]+)\)/g, read(page).replace(code, ''))
      .filter((target) => !/^https?:/.test(target))
      .map((target) => ({ page, target })),
  );

  test.each(links)('$page → $target', ({ page, target }) => {
    const [path = '', anchor] = target.split('#');
    const file = path === '' ? page : join(dirname(page), path);
    expect(existsSync(join(project, file))).toBe(true);
    if (anchor === undefined) return;
    const headings = all(/^#+ (.+)$/gm, read(file).replace(code, ''));
    expect(headings.map(anchorOf)).toContain(anchor);
  });
});

/** As GitHub makes it. */
function anchorOf(heading: string): string {
  return heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N} _-]/gu, '')
    .replaceAll(' ', '-');
}

test.each(pages)('files that %s names are there', (page) => {
  const named = all(/`((?:src|script|schemas|debug|examples|test|docs|dist)\/[\w./-]+)`/g, read(page));
  expect(named.filter((file) => !/NAME|FOLDER/.test(file) && !existsSync(join(project, file)))).toEqual([]);
});

test('the index of decisions lists each', () => {
  const listed = all(/\]\((\d{4}-[^)]+)\)/g, read('docs/adr/README.md'));
  expect(listed).toEqual(files('docs/adr/0*.md').map((file) => basename(file)));
});

test.each(['inputs', 'outputs'])('the page of the action has all %s and no others', (kind) => {
  const block = new RegExp(`^${kind}:\n((?:  .*\n|\n)+)`, 'm').exec(read('action.yml'))?.[1] ?? '';
  const heading = kind === 'inputs' ? 'Inputs' : 'Outputs';
  const named = firstCells(section('docs/action.md', heading));
  expect([...named].sort()).toEqual(all(/^ {2}([a-z-]+):$/gm, block).sort());
});

test('the page of the command line has all options and no others', () => {
  const options = all(/['"](--[a-z-]+)[ '"]/g, `${read('src/faces/cli.ts')}${read('src/faces/options.ts')}`);
  const named = all(/(--[a-z][a-z-]*)/g, read('docs/cli.md'));
  expect([...new Set(named)].sort()).toEqual([...new Set([...options, '--help', '--version'])].sort());
});

test('the page of the command line has all formats', () => {
  const named = firstCells(section('docs/cli.md', 'verify').split('### Formats')[1] ?? '');
  expect(named).toEqual([...formatNames]);
});

test('the page of verdicts has all reasons', () => {
  const schema = JSON.parse(read('schemas/report.schema.json'));
  const reasons: readonly string[] = schema.properties.reason.enum.filter(
    (reason: unknown) => reason !== null,
  );
  expect([...firstCells(section('docs/verdicts.md', 'Reasons'))].sort()).toEqual(
    [...reasons, 'usage'].sort(),
  );
});

test('the page of schemas has all formats', () => {
  const paragraph = /- `format` is asserted, for:([\s\S]*?)\n- /.exec(read('docs/schemas.md'))?.[1] ?? '';
  expect(all(/`([^`]+)`/g, paragraph).sort()).toEqual(Object.keys(formats).sort());
});

describe('the page of redaction', () => {
  const specs = guardedApp({ prefix: '', schemas: [], fallbacks: '' });

  test.each(specs)('has all that is said of $name', ({ name, visibility }) => {
    const row = new RegExp(`^\\| \`${name}\` \\|.*$`, 'm').exec(read('docs/redaction.md'))?.[0] ?? '';
    const [, , shown = '', , never = ''] = row.split('|');
    const lastName = (pattern: readonly string[]) => pattern.findLast((token) => token !== '*') ?? '';
    for (const pattern of visibility.show) expect(shown).toContain(lastName(pattern));
    for (const pattern of visibility.secret) expect(never).toContain(lastName(pattern));
    for (const _rule of visibility.secretNames) expect(never).toMatch(/ids/);
  });
});

describe('commands of the README', () => {
  const commands = Array.from(
    read('README.md').matchAll(/^node (dist\/cli\.js .*?)\s+# exit (\d)$/gm),
    ([, command = '', exitCode]) => ({ command, exitCode: Number(exitCode) }),
  );

  test('are there', () => expect(commands.length).toBeGreaterThan(3));

  test.each(commands)('$command', ({ command, exitCode }) => {
    const { PATH, HOME } = process.env;
    const { status } = spawnSync(process.execPath, command.split(' '), { cwd: project, env: { PATH, HOME } });
    expect(status).toBe(exitCode);
  });
});
