import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);

/** Characters. A longer pattern is none: to judge it could take longer than the run may. */
const LONGEST = 1000;

/**
 * The format `python-regex`: a pattern that a Python service can compile, with the `re` module or with RE2. There
 * is no library for the first half; Python's syntax is translated to that of JavaScript, whose engine then decides.
 * A pattern that only Python refuses for its meaning (a look-behind of variable width) is let through.
 */
export function isPythonRegex(pattern: string): boolean {
  return pattern.length <= LONGEST && (compilesAsPython(pattern) || compilesAsRe2(pattern));
}

function compilesAsPython(pattern: string): boolean {
  // Python knows no other escapes of letters; JavaScript would take them for the letter itself.
  if (UNKNOWN_ESCAPE.test(pattern)) return false;
  const translated = pattern
    .replace(/^(?:\(\?[aimsux]+\))+/, '')
    .replace(/\(\?#[^)]*\)/g, '')
    .replace(/\(\?[aiLmsux]*(?:-[imsx]+)?:/g, '(?:')
    .replaceAll('(?P<', '(?<')
    .replace(/\(\?P=(\w+)\)/g, '\\k<$1>')
    .replaceAll('(?>', '(?:')
    .replace(/\(\?\(\w+\)/g, '(?:')
    .replace(/([*+?}])\+/g, '$1');
  try {
    // A group with a name makes JavaScript look whether the names that are referred to exist, as Python does.
    new RegExp(`(?<$>)|${translated}`);
    return hasAllGroups(pattern);
  } catch {
    return false;
  }
}

const HEX = '[\\dA-Fa-f]';
const UNKNOWN_ESCAPE = new RegExp(
  String.raw`(?<!\\)(?:\\\\)*\\(?:[^\WAbBdDsSwWZafnrtvxuUN\d_]|x(?!${HEX}{2})|u(?!${HEX}{4})|U(?!${HEX}{8})|N(?!\{))`,
);

/** Whether the groups exist that `\1` and `(?(1)yes|no)` refer to. To run the pattern could take for ever. */
function hasAllGroups(pattern: string): boolean {
  const bare = pattern.replace(/\\\D|\[\^?\]?(?:\\.|[^\\\]])*\]|\(\?#[^)]*\)/gs, '');
  const groups = bare.match(/(?<!\(\?)\((?!\?(?!P?<\w))/g)?.length ?? 0;
  const references = bare.matchAll(/\\([1-9]\d?)(?!\d)|\(\?\((\d+)\)/g);
  return Array.from(references).every(([, escaped, condition]) => Number(escaped ?? condition) <= groups);
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
