import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { configs, mistakes } from './reading.ts';

const MIB = 1024 ** 2;

/** So many bytes of the same again and again. */
function full(piece: string): string {
  return piece.repeat(Math.floor(MIB / piece.length));
}

describe('a file that is no manifest is refused by one mistake:', () => {
  const deep = 'this is nested more than 64 levels deep';
  const more = 'there is more in this file than in any manifest';

  test.each([
    ['a byte more than 1 MiB', `#${full('a')}`, '1:1: the manifest is larger than 1 MiB'],
    ['lists in lists', full('['), `1:67: ${deep}`],
    ['lists in lists, in block style', full('- '), `1:132: ${deep}`],
    ['mappings in mappings', full('{a: '), `1:262: ${deep}`],
    ['lists and mappings', full('[{a: '), `1:163: ${deep}`],
    ['names of names', full('? '), `1:132: ${deep}`],
    ['mappings in mappings, indented', ladder(200), `66:67: ${deep}`],
    ['a mapping of far too many', full('a: 1\n'), `28572:2: ${more}`],
    ['blank lines', full('\n'), `200001:1: ${more}`],
    ['comments', full('#\n'), `100001:1: ${more}`],
    ['anchors', full('&a '), `1:300000: ${more}`],
    ['documents', full('---\n'), `100000:4: ${more}`],
  ])('%s', (_what, text, said) => {
    expect(mistakes(text)).toEqual([said]);
  });

  test('bytes that are not UTF-8', () => {
    expect(mistakes(new Uint8Array([0x61, 0xff]))).toEqual(["1:1: the manifest isn't text in UTF-8"]);
  });

  test('UTF-16', () => {
    const said = ['1:1: the manifest is UTF-16: save it as UTF-8'];
    expect(mistakes(new Uint8Array([0xff, 0xfe, 0x61, 0]))).toEqual(said);
  });
});

function ladder(steps: number): string {
  return Array.from({ length: steps }, (_, step) => `${' '.repeat(step)}a:\n`).join('');
}

describe('each environment is looked at with each config, so there may be only', () => {
  const many = (number: number) => Array.from({ length: number }, (_, index) => `n${index}: `).join(', ');

  test('50 environments and 2000 configs', () => {
    const text = `version: 1\nenvironments: { ${many(50)} }\nconfigs: { ${many(2000)} }\n`;
    expect(mistakes(text)).toEqual([]);
  });

  test('and no more', () => {
    const text = `version: 1\nenvironments: { ${many(10_000)} }\nconfigs: { ${many(10_000)} }\n`;
    expect(mistakes(text)).toEqual([
      '2:15: there are more than 50 environments',
      '3:10: there are more than 2000 configs: keys that are alike can be one, with keys',
    ]);
  });
});

describe('aliases cost no more than what they would repeat is allowed to be:', () => {
  /** `x0` holds ten, `x1` ten times that, and so on. */
  function bomb(levels: number): string {
    const tenTimes = (item: string) => `[${Array.from({ length: 10 }, () => item).join(', ')}]`;
    const lists = Array.from({ length: levels }, (_, level) => {
      const item = level === 0 ? '/a' : `*x${level - 1}`;
      return `x${level}: &x${level} ${tenTimes(item)}\n`;
    });
    return `version: 1\n${lists.join('')}configs: { a: }\n`;
  }

  test('a billion laughs', () => {
    expect(mistakes(bomb(9))).toEqual(['6:9: aliases make this larger than any manifest']);
  });

  test('thousands of levels', () => {
    expect(mistakes(bomb(3000))).toContain('6:9: aliases make this larger than any manifest');
  });

  test('what is only shared may be shared', () => {
    const text = `version: 1
configs:
  a: &usual
    ignore: &places [/a, /b]
    show: *places
  b: *usual
`;
    const { specs } = configs(text);
    expect(specs.map(({ drift, visibility }) => [drift.ignore, visibility.show])).toEqual([
      [
        [['a'], ['b']],
        [['a'], ['b']],
      ],
      [
        [['a'], ['b']],
        [['a'], ['b']],
      ],
    ]);
  });

  test('an anchor that is set again holds from there on', () => {
    const text = 'version: 1\nconfigs:\n  a: { key: &k x }\n  b: { key: &k y }\n  c: { cases: *k }\n';
    expect(configs(text).specs.map((spec) => spec.cases.folder)).toEqual([
      'schemas/cases/a',
      'schemas/cases/b',
      'y',
    ]);
  });
});

test('names of members of every object of JavaScript are names like others', () => {
  const names = ['constructor', 'toString', 'hasOwnProperty', 'valueOf'];
  const text = `version: 1
environments: { ${names.map((name) => `${name}: { prefix: '${name}:' }`).join(', ')} }
configs: { ${names.map((name) => `${name}: `).join(', ')} }
`;
  for (const environment of names) {
    const { specs } = configs(text, { environment });
    expect(specs.map(({ key }) => key)).toEqual(names.map((name) => `${environment}:${name}`));
  }
});

test('whatever the file holds, the answer is a manifest or mistakes with their places', () => {
  const sound = [
    'version: 1\n',
    'configs:\n',
    '  a:\n',
    '    key: b\n',
    '    show: [/x]\n',
    'defaults: {',
    'environments: {',
  ];
  const loose = [
    '&a ',
    '*a',
    '!!str ',
    '? ',
    ': ',
    '- ',
    '[',
    ']',
    '{',
    '}',
    ',',
    '|\n',
    '>',
    '"',
    "'",
    '#',
    '%YAML 1.1\n',
  ];
  const piece = fc.constantFrom(
    ...sound,
    ...loose,
    '---\n',
    '...\n',
    '<<',
    '\t',
    '\r',
    '\n',
    '\0',
    '\\',
    '~',
    '1e999',
    '.nan',
    '🙂',
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 30 }), (pieces) => {
      const text = pieces.join('');
      const lines = text.split('\n').length;
      for (const told of mistakes(text)) {
        const [, line, column] = /^(\d+):(\d+): ./.exec(told) ?? [];
        expect(Number(line)).toBeGreaterThanOrEqual(1);
        expect(Number(line)).toBeLessThanOrEqual(lines);
        expect(Number(column)).toBeGreaterThanOrEqual(1);
      }
    }),
    { numRuns: 2000 },
  );
});
