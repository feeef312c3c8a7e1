import { describe, expect, test } from 'vitest';
import { bad, malformed } from './bad.ts';
import { mistakes } from './reading.ts';

describe('a mistake is told with its place:', () => {
  test.each(bad)('$fact', ({ text, said }) => {
    expect(mistakes(text)).toEqual([said]);
  });
});

describe('what is no YAML for a manifest is told with its place:', () => {
  test.each(malformed)('$fact', ({ text, said }) => {
    expect(mistakes(text)[0]).toBe(said);
  });
});

test('all mistakes are told at once, in the order of their places', () => {
  const text = `version: 3
prefx: 'app:'
defaults: { drift: loud }
environments:
  live:
    variable: redis://:hunter2@db
    configs:
      pref: { required: no }
configs:
  prefs:
    key: a
    keys: b
    schema: [ok.json, ../x.json, 7]
    exceptions:
      - { check: shpe, at: rules, until: soon }
  other:
    key: a
`;
  expect(mistakes(text)).toEqual([
    '1:10: expected 1; found 3',
    '2:1: prefx is not known here (did you mean prefix?)',
    '3:20: expected off, notice, warning or error; found loud',
    '6:15: this is no name of an environment variable',
    '8:7: configs of the manifest has no pref (did you mean prefs?)',
    '8:25: expected true or false; found no',
    '12:5: prefs can have either key or keys, not both',
    '12:11: a pattern of keys needs a * or a ?; a single key is a key',
    "13:23: a path can't go up with ..: it begins in the workspace and stays there",
    '13:34: expected a path or a list of paths; found 7',
    '15:9: reason is missing',
    '15:18: shpe is not known here (did you mean shape?)',
    '15:28: this is no pointer: one begins with /, and ~ stands in it only as ~0 or ~1',
    '15:42: this is no day: write it as 2027-01-31',
  ]);
});

test('what an anchor names is told once, where it stands', () => {
  const text = 'version: 1\nconfigs:\n  a: &a { drift: loud }\n  b: *a\n';
  expect(mistakes(text)).toEqual(['3:18: expected off, notice, warning or error; found loud']);
});

test('of more than a hundred mistakes the first hundred are told', () => {
  const many = Array.from({ length: 150 }, (_, index) => `  c${index}: { drift: loud }\n`).join('');
  const told = mistakes(`version: 1\nconfigs:\n${many}`);
  expect(told).toHaveLength(101);
  expect(told.at(-1)).toBe('103:18: from here on there are more mistakes');
});

describe('a secret at the wrong place is not told:', () => {
  const secret = 'hunter2-hunter2-hunter2-hunter2-hunter2-hunter2';

  test.each([
    ['a member', `${secret}: 1\nversion: 1\nconfigs: { a: }`],
    ['an option', `version: 1\nconfigs: { a: { ${secret}: 1 } }`],
    ['a version', `version: ${secret}\nconfigs: { a: }`],
    ['a severity', `version: 1\nconfigs: { a: { drift: ${secret} } }`],
    ['a check', `version: 1\nconfigs: { a: { exceptions: [{ check: ${secret}, reason: x }] } }`],
    [
      'a variable',
      `version: 1\nenvironments: { live: { variable: 'redis://:${secret}@h' } }\nconfigs: { a: }`,
    ],
    ['a URL for a schema', `version: 1\nconfigs: { a: { schema: 'https://${secret}@h' } }`],
    ['a list', `version: 1\nconfigs: [${secret}]`],
    ['a text that ends nowhere', `version: 1\nprefix: "${secret}`],
    ['an alias', `version: *${secret}\nconfigs: { a: }`],
    ['a name twice', `version: 1\n${secret}: 1\n${secret}: 1`],
    ['no YAML at all', `${secret}: ${secret}: ${secret}`],
  ])('%s', (_place, text) => {
    const told = mistakes(text);
    expect(told).not.toEqual([]);
    expect(told.join('\n')).not.toContain('hunter2');
  });
});
