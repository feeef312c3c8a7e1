import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { withDotenv } from '../../src/faces/dotenv.ts';

/** What a `.env` of that text makes of NAME. */
function read(text: string, env: Record<string, string> = {}): string | undefined {
  const folder = mkdtempSync(join(tmpdir(), 'guardian-env-'));
  try {
    writeFileSync(join(folder, '.env'), text);
    return withDotenv(folder, env)['NAME'];
  } finally {
    rmSync(folder, { recursive: true });
  }
}

test.each([
  ['a plain value', 'NAME=redis://h', 'redis://h'],
  ['blanks around the equals sign', 'NAME = x ', 'x'],
  ['export', 'export NAME=x', 'x'],
  ['a hash within a value', 'NAME=redis://:pa#ss@h', 'redis://:pa#ss@h'],
  ['a comment behind a blank', 'NAME=x # why', 'x'],
  ['single quotes', "NAME='a # b' # why", 'a # b'],
  ['double quotes with escapes', 'NAME="a\\n\\"b\\""', 'a\n"b"'],
  ['a dollar sign without braces', 'NAME=pa$$HOME', 'pa$$HOME'],
  ['a name in braces', `HOST=h\nNAME=redis://\${HOST}:1`, 'redis://h:1'],
  ['a default', `NAME=\${NONE:-x}`, 'x'],
  ['a byte order mark', '\uFEFFNAME=x', 'x'],
  ['carriage returns', 'OTHER=1\r\nNAME=x\r\n', 'x'],
  ['the last of two', 'NAME=a\nNAME=b', 'b'],
  ['an empty value', 'NAME=', ''],
  ['a line that is commented out', '# NAME=x', undefined],
])('%s is read as the application reads it', (_what, text, expected) => {
  expect(read(text)).toBe(expected);
});

test('the environment wins, also inside of braces', () => {
  expect(read('NAME=x', { NAME: 'y' })).toBe('y');
  expect(read(`HOST=h\nNAME=\${HOST}`, { HOST: 'other' })).toBe('other');
});
