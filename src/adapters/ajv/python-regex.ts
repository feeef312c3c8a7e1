import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);

/**
 * The format `python-regex`: a pattern that a Python service can compile, with the `re` module or with RE2. There
 * is no library for the first half; Python's syntax is translated to that of JavaScript, whose engine then decides.
 * A pattern that only Python refuses for its meaning (a look-behind of variable width) is let through.
 */
export function isPythonRegex(pattern: string): boolean {
  return compilesAsPython(pattern) || compilesAsRe2(pattern);
}

function compilesAsPython(pattern: string): boolean {
  // Python knows no other escapes of letters; JavaScript would take them for the letter itself.
  if (/(?<!\\)(?:\\\\)*\\[^\WAbBdDsSwWZafnrtvxuUN\d_]/.test(pattern)) return false;
  const translated = pattern
    .replace(/^\(\?[aiLmsux]+\)/, '')
    .replace(/\(\?#[^)]*\)/g, '')
    .replace(/\(\?[aiLmsux]*(?:-[imsx]+)?:/g, '(?:')
    .replaceAll('(?P<', '(?<')
    .replace(/\(\?P=(\w+)\)/g, '\\k<$1>')
    .replaceAll('(?>', '(?:')
    .replace(/\(\?\(\w+\)/g, '(?:')
    .replace(/([*+?}])\+/g, '$1');
  try {
    new RegExp(translated);
    return true;
  } catch {
    return false;
  }
}

/** Few patterns are RE2's alone, and its engine takes longer to load than all the rest of a validator. */
function compilesAsRe2(pattern: string): boolean {
  const { RE2JS }: typeof import('re2js') = require('re2js');
  try {
    RE2JS.compile(pattern);
    return true;
  } catch {
    return false;
  }
}
