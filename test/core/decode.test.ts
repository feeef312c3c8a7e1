import { isDeepStrictEqual } from 'node:util';
import { type ElementNode, type MemberNode, parse as parseTree, type ValueNode } from '@humanwhocodes/momoa';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Decoded, decodeBytes, decodeText } from '../../src/core/decode.ts';
import { at, isObject, type Json, jsonType, sameJson } from '../../src/core/json.ts';
import { formatPointer, type Pointer, parsePointer } from '../../src/core/pointer.ts';
import { locate, positionAt } from '../../src/core/position.ts';
import { type FlawKind, MAX_DEPTH } from '../../src/core/scanner.ts';

/** A flaw in one line: kind, offset, pointer and, if any, the inner type. */
function summary(decoded: Decoded): string[] {
  return decoded.flaws.map(({ kind, offset, pointer, inner }) =>
    [kind, offset, formatPointer(pointer), inner]
      .filter((part) => part !== undefined && part !== '')
      .join(' '),
  );
}

function utf8(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

function bytesOf(binary: string): Uint8Array {
  return Uint8Array.from(binary, (char) => char.charCodeAt(0));
}

function utf16(text: string, littleEndian: boolean): Uint8Array {
  const view = new DataView(new ArrayBuffer(text.length * 2));
  for (let index = 0; index < text.length; index += 1) {
    view.setUint16(index * 2, text.charCodeAt(index), littleEndian);
  }
  return new Uint8Array(view.buffer);
}

function read(decoded: Decoded): Json {
  if (!decoded.ok) throw new Error(`not read: ${summary(decoded)}`);
  return decoded.value;
}

function nativeValue(text: string): { readonly value: Json } | undefined {
  try {
    return { value: JSON.parse(text) };
  } catch {
    return undefined;
  }
}

function pointerOf(text: string): Pointer {
  const pointer = parsePointer(text);
  if (pointer === undefined) throw new Error(`not a pointer: ${text}`);
  return pointer;
}

const blanks = fc.constantFrom('', '', '', ' ', '\t', '\n', '\r\n', '\r', '\n  ', ' \r\n\r\n ');
const names = fc.oneof(
  fc.constantFrom('"a"', '"\\u0061"', '"b"', '""', '"/"', '"~"', '"\\""', '"0"', '"é"', '"__proto__"'),
  fc.string({ unit: 'binary' }).map((name) => JSON.stringify(name)),
);
const numbers = fc.oneof(
  fc.integer().map(String),
  fc.bigInt().map(String),
  fc.double({ noNaN: true, noDefaultInfinity: true }).map(String),
  fc.constantFrom(
    '-0',
    '0.5E-3',
    '9007199254740991',
    '-9007199254740992',
    '1e20',
    '1E+400',
    '-1e400',
    '1e-400',
  ),
);
const words = fc.constantFrom('true', 'false', 'null');

/** Texts of any shape JSON allows: free white space, equal names, numbers out of range. */
const documents = fc.letrec<{ readonly value: string; readonly array: string; readonly object: string }>(
  (tie) => ({
    value: fc.oneof(
      { maxDepth: 5 },
      { arbitrary: fc.oneof(names, numbers, words), weight: 3 },
      { arbitrary: tie('array'), weight: 1 },
      { arbitrary: tie('object'), weight: 2 },
    ),
    array: list('[', padded(tie('value')), ']'),
    object: list(
      '{',
      fc.tuple(padded(names), padded(tie('value'))).map((pair) => pair.join(':')),
      '}',
    ),
  }),
);

function padded(text: fc.Arbitrary<string>): fc.Arbitrary<string> {
  return fc.tuple(blanks, text, blanks).map((parts) => parts.join(''));
}

function list(open: string, element: fc.Arbitrary<string>, close: string): fc.Arbitrary<string> {
  return fc.oneof(
    fc
      .array(element, { minLength: 1, maxLength: 8, size: 'max' })
      .map((elements) => open + elements.join(',') + close),
    blanks.map((blank) => open + blank + close),
  );
}

const documentText = padded(fc.oneof(documents.value, documents.array, documents.object, documents.object));

/** Valid texts with a few characters removed, inserted or replaced. */
const mutatedText = fc
  .tuple(
    documentText,
    fc.array(
      fc.record({
        place: fc.nat(),
        removed: fc.constantFrom(0, 1, 1, 3),
        inserted: fc.oneof(
          fc.constantFrom(
            '',
            '"',
            '\\',
            '{',
            '}',
            '[',
            ']',
            ',',
            ':',
            '-',
            '+',
            '.',
            '0',
            '7',
            'e',
            'E',
            't',
            'u',
          ),
          fc.constantFrom(
            ' ',
            '\n',
            '\u0000',
            '\u001f',
            '\u007f',
            '\u00a0',
            '\u2028',
            'NaN',
            '-Infinity',
            "'",
            'None',
          ),
          fc.string({ unit: 'binary', maxLength: 1 }),
        ),
      }),
      { minLength: 1, maxLength: 3 },
    ),
  )
  .map(([text, edits]) =>
    edits.reduce((edited, { place, removed, inserted }) => {
      const offset = place % (edited.length + 1);
      return edited.slice(0, offset) + inserted + edited.slice(offset + removed);
    }, text),
  )
  .filter((text) => !text.startsWith('\uFEFF'));

interface Place {
  readonly pointer: Pointer;
  readonly node: ValueNode;
  readonly shown: MemberNode | ElementNode | ValueNode;
  readonly repeated: boolean;
}

/** What momoa finds in a document: every value with its pointer, in document order. */
function placesIn(text: string): Place[] {
  const root = parseTree(text).body;
  return placesUnder({ pointer: [], node: root, shown: root, repeated: false });
}

function placesUnder(place: Place): Place[] {
  return [place, ...children(place).flatMap(placesUnder)];
}

function children({ pointer, node }: Place): Place[] {
  if (node.type === 'Array') {
    return node.elements.map((element, index) => {
      return { pointer: [...pointer, String(index)], node: element.value, shown: element, repeated: false };
    });
  }
  if (node.type !== 'Object') return [];
  const seen = new Set<string>();
  return node.members.map((member) => {
    const name = member.name.type === 'String' ? member.name.value : '';
    const repeated = seen.has(name);
    seen.add(name);
    return { pointer: [...pointer, name], node: member.value, shown: member, repeated };
  });
}

function expectedFlaws(text: string): string[] {
  return placesIn(text).flatMap(({ pointer, node, shown, repeated }) => {
    const found: string[] = [];
    const add = (kind: FlawKind, offset: number) =>
      found.push([kind, offset, formatPointer(pointer)].filter((part) => part !== '').join(' '));
    if (repeated) add('duplicate-name', shown.loc.start.offset);
    if (node.type !== 'Number') return found;
    const value = Number(text.slice(node.loc.start.offset, node.loc.end.offset));
    if (Math.abs(value) === Number.POSITIVE_INFINITY) add('number-overflow', node.loc.start.offset);
    else if (Math.abs(value) >= 2 ** 53) add('unsafe-integer', node.loc.start.offset);
    return found;
  });
}

describe('decodeText', () => {
  test.each([
    ['{}'],
    [' \t\r\n[ ] '],
    ['0'],
    ['-0.5e-10'],
    ['"\\ud800"'],
    ['"\u2028"'],
    ['"\u007f"'],
    ['"\\"\\\\\\/\\b\\f\\n\\r\\t\\u00e9\\u00E9"'],
    ['9007199254740991'],
    ['-9007199254740991'],
    ['9007199254740991.0'],
    ['9.007199254740991e15'],
    ['0e999'],
    ['1e-400'],
    ['{"a":1,"A":1,"":1,"\\u0041\\u0041":1}'],
    ['[{"a":1},{"a":1}]'],
    ['{"a":":,\\":\\\\"}'],
    ['"None"'],
    ['"12"'],
    ['"not { json"'],
    ['["{}"]'],
  ])('%j is read without a flaw', (text) => {
    const decoded = decodeText(text);
    expect(decoded).toStrictEqual({ ok: true, value: JSON.parse(text), text, flaws: [] });
  });

  test.each([
    ['an empty text', '', ['empty 0']],
    ['white space alone', ' \n', ['empty 0']],
    ['a byte order mark alone', '\uFEFF', ['byte-order-mark 0', 'empty 0']],
    ['a text cut short in an object', '{"a":', ['syntax 5 /a']],
    ['a text cut short in a string', '["ab', ['syntax 4 /0']],
    ['a text cut short in an escape', '"\\', ['syntax 2']],
    ['a text cut short in a code point', '"\\u12', ['syntax 5']],
    ['a text cut short in a word', 'tru', ['syntax 3']],
    ['a text cut short in a number', '[-', ['syntax 2 /0']],
    ['a misspelt word', '{"a": nul1}', ['syntax 9 /a']],
    ['a word in capitals', '[TRUE]', ['syntax 1 /0']],
    ['a word with a tail', 'truex', ['syntax 4']],
    ['a leading zero', '01', ['syntax 1']],
    ['a leading plus', '+1', ['syntax 0']],
    ['a leading dot', '.5', ['syntax 0']],
    ['a trailing dot', '[1.]', ['syntax 3 /0']],
    ['an empty exponent', '[1e+]', ['syntax 4 /0']],
    ['a double minus', '--1', ['syntax 1']],
    ['a hexadecimal number', '0x10', ['syntax 1']],
    ['an unknown escape', '"\\q"', ['syntax 2']],
    ['a capital U escape', '"\\U0041"', ['syntax 2']],
    ['a code point that is not hexadecimal', '"\\u12G4"', ['syntax 5']],
    ['a line feed in a string', '{"a":"x\ny"}', ['syntax 7 /a']],
    ['a NUL in a string', '"\u0000"', ['syntax 1']],
    ['a trailing comma in an array', '[1,]', ['syntax 3 /1']],
    ['a trailing comma in an object', '{"a":1,}', ['syntax 7']],
    ['a missing comma', '{"o":{"a":1 "b":2}}', ['syntax 12 /o']],
    ['a missing colon', '{"a" 1}', ['syntax 5 /a']],
    ['a missing value', '{"a":}', ['syntax 5 /a']],
    ['a bare name', '{a:1}', ['syntax 1']],
    ['a comment', '{} // x', ['syntax 3']],
    ['a second document', '{}{}', ['syntax 2']],
    ['a NUL after the document', '{}\u0000', ['syntax 2']],
    ['the wrong bracket', '[1}', ['syntax 2']],
    ['a no-break space', '[\u00a01]', ['syntax 1 /0']],
    ['a byte order mark inside', '[\uFEFF1]', ['syntax 1 /0']],
    ['a plain word', 'hello.', ['syntax 0']],
    ['a longer word than NaN', '[NaNs]', ['syntax 1 /0']],
    ['infinity in small letters', '-infinity', ['syntax 1']],
    ['None', '{"a": None}', ['python-literal 6 /a']],
    ['True', 'True', ['python-literal 0']],
    ['False', '[0, False]', ['python-literal 4 /1']],
    ['a word longer than None', 'Nonesuch', ['syntax 0']],
    ["Python's bytes", `b'{"a": 1}'`, ['python-literal 0']],
    ["Python's bytes with an apostrophe", `b"it's"`, ['python-literal 0']],
    ['a single-quoted name', "{'a': 1}", ['python-literal 1']],
    ['a single-quoted value', `{"a": 'x'}`, ['python-literal 6 /a']],
    ['None as a name', '{None: 1}', ['python-literal 1']],
  ])('%s is refused at its first wrong character', (_, text, flaws) => {
    const decoded = decodeText(text);
    expect(decoded).toMatchObject({ ok: false, text });
    expect(summary(decoded)).toStrictEqual(flaws);
  });

  test('every NaN and Infinity is reported with its pointer', () => {
    const decoded = decodeText('{"a": NaN, "b": [Infinity, 1, -Infinity]}');
    expect(decoded.ok).toBe(false);
    expect(summary(decoded)).toStrictEqual(['non-finite 6 /a', 'non-finite 17 /b/0', 'non-finite 30 /b/2']);
  });

  test('NaNs are listed up to twenty, and what comes after them is still read', () => {
    const decoded = decodeText(`[${'NaN,'.repeat(1000)}1 2]`);
    expect(decoded.flaws).toHaveLength(21);
    expect(summary(decoded).slice(19)).toStrictEqual(['non-finite 77 /19', 'syntax 4003']);
  });

  test('a byte order mark is a flaw, and offsets count it', () => {
    const decoded = decodeText('\uFEFF{"a": 1, "a": 2}');
    expect(read(decoded)).toStrictEqual({ a: 2 });
    expect(summary(decoded)).toStrictEqual(['byte-order-mark 0', 'duplicate-name 10 /a']);
  });

  test.each([
    ['[9007199254740992]', ['unsafe-integer 1 /0']],
    ['{"id": -9007199254740993}', ['unsafe-integer 7 /id']],
    ['{"a/b": {"~": 1e20}}', ['unsafe-integer 14 /a~1b/~0']],
    ['12345678901234567890.0', ['unsafe-integer 0']],
    ['1.7976931348623157e308', ['unsafe-integer 0']],
    ['[1e400, -1E+400, 1]', ['number-overflow 1 /0', 'number-overflow 8 /1']],
    [`1${'0'.repeat(400)}`, ['number-overflow 0']],
  ])('the number in %s is reported with its pointer', (text, flaws) => {
    const decoded = decodeText(text);
    expect(decoded).toMatchObject({ ok: true, value: JSON.parse(text) });
    expect(summary(decoded)).toStrictEqual(flaws);
  });

  test.each([
    ['{"a":1,"a":2}', ['duplicate-name 7 /a']],
    ['{"a":1,"\\u0061":2}', ['duplicate-name 7 /a']],
    ['{"a":1,"a":2,"a":3}', ['duplicate-name 7 /a', 'duplicate-name 13 /a']],
    ['[{"o":{"x":{},"x":[]}}]', ['duplicate-name 14 /0/o/x']],
    ['{"a":"\\"","a":"\\""}', ['duplicate-name 10 /a']],
    ['{"a":":","a":1}', ['duplicate-name 9 /a']],
    ['{"__proto__":1,"__proto__":2}', ['duplicate-name 15 /__proto__']],
    ['{"a":1,"a":2,"n":1e400}', ['duplicate-name 7 /a', 'number-overflow 17 /n']],
  ])('the repeated name in %s is reported with its pointer, and the last one wins', (text, flaws) => {
    const decoded = decodeText(text);
    expect(isDeepStrictEqual(read(decoded), JSON.parse(text))).toBe(true);
    expect(summary(decoded)).toStrictEqual(flaws);
  });

  test.each([
    [JSON.stringify('{"a":1}'), ['double-encoded 0 object']],
    [` ${JSON.stringify(' [1]')}`, ['double-encoded 1 array']],
    [JSON.stringify(JSON.stringify('{}')), ['double-encoded 0 object']],
    [`\uFEFF${JSON.stringify('{}')}`, ['byte-order-mark 0', 'double-encoded 1 object']],
  ])('%j is a document encoded more than once', (text, flaws) => {
    const decoded = decodeText(text);
    expect(jsonType(read(decoded))).toBe('string');
    expect(summary(decoded)).toStrictEqual(flaws);
  });

  test('__proto__ is a name like any other', () => {
    const value = read(decodeText('{"__proto__": {"polluted": true}}'));
    expect(at(value, ['__proto__', 'polluted'])).toBe(true);
    expect(at(value, ['polluted'])).toBeUndefined();
  });

  test('nesting is read down to the depth limit and refused beyond', () => {
    const nested = (depth: number) => '['.repeat(depth) + ']'.repeat(depth);
    expect(decodeText(nested(MAX_DEPTH))).toMatchObject({ ok: true, flaws: [] });
    const decoded = decodeText(nested(MAX_DEPTH + 1));
    expect(decoded).toMatchObject({ ok: false, flaws: [{ kind: 'too-deep', offset: MAX_DEPTH }] });
    expect(decoded.flaws[0]?.pointer).toHaveLength(MAX_DEPTH);
  });

  test.each([
    ['open brackets', '['.repeat(100_000)],
    ['brackets', '['.repeat(100_000) + ']'.repeat(100_000)],
    ['objects', `${'{"a":'.repeat(100_000)}1${'}'.repeat(100_000)}`],
  ])('100,000 nested %s are answered within a second', (_, text) => {
    const start = performance.now();
    expect(decodeText(text)).toMatchObject({ ok: false, flaws: [{ kind: 'too-deep' }] });
    expect(locate(text, ['a'])).toStrictEqual({ line: 1, column: 1 });
    expect(performance.now() - start).toBeLessThan(1000);
  });

  test('a string of a million escapes is read', () => {
    const text = JSON.stringify(`{"a":"${'\\n"'.repeat(1_000_000)}`);
    expect(decodeText(text)).toMatchObject({ ok: true, flaws: [] });
  });

  test('flaws never quote a value', () => {
    const secret = 'hunter2';
    const inner = JSON.stringify({ password: secret });
    const texts = [
      inner,
      JSON.stringify(inner),
      `{"password": "${secret}", "password": "${secret}"}`,
      `{"password": '${secret}'}`,
      `{"password": ${secret}}`,
      `{"password": "${secret}`,
      `{"password": "${secret}" "${secret}"}`,
    ];
    for (const text of texts) expect(JSON.stringify(decodeText(text).flaws)).not.toContain(secret);
  });

  test('whatever JSON.stringify writes is read back without a flaw of form', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 6 }), fc.constantFrom(undefined, 2, '\t'), (value, indent) => {
        const decoded = decodeText(JSON.stringify(value, null, indent));
        expect(sameJson(read(decoded), value as Json)).toBe(true);
        const forms = decoded.flaws.map((flaw) => flaw.kind);
        expect(forms.filter((kind) => kind !== 'unsafe-integer' && kind !== 'double-encoded')).toStrictEqual(
          [],
        );
      }),
    );
  });

  test('the flaws of any document are those that its syntax tree shows', () => {
    fc.assert(
      fc.property(documentText, (text) => {
        const decoded = decodeText(text);
        expect(isDeepStrictEqual(read(decoded), JSON.parse(text))).toBe(true);
        expect(summary(decoded).filter((flaw) => !flaw.startsWith('double-encoded'))).toStrictEqual(
          expectedFlaws(text),
        );
      }),
      { numRuns: 1000 },
    );
  });

  test('any text is accepted exactly when JSON.parse accepts it', () => {
    fc.assert(
      fc.property(mutatedText, (text) => {
        const native = nativeValue(text);
        const decoded = decodeText(text);
        expect(decoded.ok).toBe(native !== undefined);
        if (decoded.ok) expect(isDeepStrictEqual(decoded.value, native?.value)).toBe(true);
        else expect(decoded.flaws).not.toHaveLength(0);
      }),
      { numRuns: 5000 },
    );
  });

  test('every character is accepted exactly where JSON.parse accepts it', () => {
    const contexts = [
      '"\\?"',
      '"\\u00?0"',
      '"?"',
      '?1',
      '1?',
      '1?1',
      '-?',
      '1.0?',
      '1e?',
      '1e1?',
      '{?}',
      '[1?2]',
      '{"a"?1}',
    ];
    const texts = Array.from({ length: 0x3000 }, (_, code) => String.fromCharCode(code)).flatMap((char) =>
      contexts.map((context) => context.replace('?', () => char)),
    );
    expect(texts.filter((text) => decodeText(text).ok !== (nativeValue(text) !== undefined))).toStrictEqual(
      [],
    );
  });

  test('a text cut short before its first wrong character is merely cut short', () => {
    const wrongAt = (text: string) => decodeText(text).flaws.find((flaw) => flaw.kind === 'syntax')?.offset;
    fc.assert(
      fc.property(mutatedText, (text) => {
        const offset = wrongAt(text);
        if (offset === undefined) return;
        expect([offset, undefined]).toContain(wrongAt(text.slice(0, offset)));
        expect(wrongAt(text.slice(0, offset + 1))).toBe(offset);
      }),
      { numRuns: 5000 },
    );
  });
});

describe('decodeBytes', () => {
  test('UTF-8 is decoded, its byte order mark kept in the text', () => {
    expect(decodeBytes(utf8('{"é":"😀"}'))).toMatchObject({ ok: true, value: { é: '😀' }, flaws: [] });
    const marked = decodeBytes(utf8('\uFEFF[]'));
    expect(marked).toMatchObject({ ok: true, value: [], text: '\uFEFF[]' });
    expect(summary(marked)).toStrictEqual(['byte-order-mark 0']);
  });

  test.each([
    ['Latin-1', '["caf\xe9"]', 5],
    ['an overlong form', '"\xc0\xaf"', 1],
    ['a surrogate', '"\xed\xa0\x80"', 1],
    ['a continuation byte alone', '\x80\x80', 0],
    ['a sequence cut short', '"\xe2\x82', 1],
    ['a sequence cut short that begins as U+FFFD does', '"\xef\xbf', 1],
    ['an error after a real U+FFFD', '"\xef\xbf\xbd\xff"', 4],
    ['an error after a byte order mark', '\xef\xbb\xbf"\xff"', 4],
  ])('%s is refused at the byte', (_, binary, offset) => {
    const decoded = decodeBytes(bytesOf(binary));
    expect(decoded).toStrictEqual({ ok: false, flaws: [{ kind: 'not-utf8', offset, pointer: [] }] });
  });

  test('what precedes an invalid byte is valid, and no character begins at it', () => {
    const isUtf8 = (bytes: Uint8Array) => {
      const decoded = decodeBytes(Uint8Array.of(0x22, ...bytes));
      return !decoded.flaws.some((flaw) => flaw.kind === 'not-utf8');
    };
    const bytes = fc
      .array(fc.constantFrom(0x61, 0x80, 0xbd, 0xbf, 0xc3, 0xe2, 0xed, 0xef, 0xf0, 0xff), { maxLength: 8 })
      .map((list) => Uint8Array.of(0x22, ...list));
    fc.assert(
      fc.property(bytes, (input) => {
        const [flaw] = decodeBytes(input).flaws;
        if (flaw?.kind !== 'not-utf8') return;
        expect(isUtf8(input.subarray(0, flaw.offset))).toBe(true);
        for (const length of [1, 2, 3, 4]) {
          const end = flaw.offset + length;
          if (end <= input.length) expect(isUtf8(input.subarray(flaw.offset, end))).toBe(false);
        }
      }),
      { numRuns: 2000 },
    );
  });

  test.each([
    ['nothing', bytesOf(''), 'empty'],
    ['UTF-16 with a little-endian mark', utf16('\uFEFF{}', true), 'utf-16'],
    ['UTF-16 with a big-endian mark', utf16('\uFEFF{}', false), 'utf-16'],
    ['little-endian UTF-16', utf16('{"é":1}', true), 'utf-16'],
    ['big-endian UTF-16', utf16('{"é":1}', false), 'utf-16'],
    ['UTF-16 cut short', utf16('[12]', true).subarray(0, 5), 'utf-16'],
    ['one digit in UTF-16', utf16('1', true), 'utf-16'],
    ['gzip', bytesOf('\x1f\x8b\x08\x00'), 'compressed'],
    ['zlib', bytesOf('\x78\x9c\xab\xae\x05\x00'), 'compressed'],
    ['zstd', bytesOf('\x28\xb5\x2f\xfd\x24'), 'compressed'],
    ['a pickle of protocol 0', bytesOf('(dp0\nVa\np1\nI1\ns.'), 'pickled'],
    ['a pickled string of protocol 0', bytesOf('V{"a": 1}\np0\n.'), 'pickled'],
    ['a pickle of protocol 1', bytesOf('}q\x00X\x01\x00\x00\x00aq\x01K\x01s.'), 'pickled'],
    ['a pickle of protocol 2', bytesOf('\x80\x02}q\x00.'), 'pickled'],
    ['a pickle of protocol 5', bytesOf('\x80\x05}\x94.'), 'pickled'],
  ] as const)('%s is recognised', (_, bytes, kind) => {
    expect(decodeBytes(bytes)).toStrictEqual({ ok: false, flaws: [{ kind, offset: 0, pointer: [] }] });
  });

  test.each([
    ['a sentence', 'It failed.'],
    ['a NUL after a character', '{\u0000"a"}'],
    ['a lone NUL', '\u0000'],
    ['the beginning of a pickle', '(dp0\nVa\np1\nI1\ns'],
    ['a text that begins with x', 'x = 1'],
    ['two NULs', '\u0000\u0000'],
  ])('%s is no foreign format', (_, text) => {
    expect(decodeBytes(utf8(text))).toMatchObject({ ok: false, flaws: [{ kind: 'syntax' }] });
  });
});

describe('positionAt', () => {
  test.each([
    ['', 0, 1, 1],
    ['ab', 2, 1, 3],
    ['a\nb', 1, 1, 2],
    ['a\nb', 2, 2, 1],
    ['a\r\nb', 2, 1, 3],
    ['a\r\nb', 3, 2, 1],
    ['a\rb', 2, 2, 1],
    ['\n\r\n\r\r', 5, 5, 1],
    ['😀x', 2, 1, 3],
  ])('in %j offset %i is line %i, column %i', (text, offset, line, column) => {
    expect(positionAt(text, offset)).toStrictEqual({ line, column });
  });
});

describe('locate', () => {
  const text = '{\n  "rules": [\n    {"id": 1},\r\n    {"id": 2, "a/b": null}\n  ],\n  "rules2": {}\n}';

  test.each([
    ['', 1, 1],
    ['/rules', 2, 3],
    ['/rules/0', 3, 5],
    ['/rules/0/id', 3, 6],
    ['/rules/1/a~1b', 4, 15],
    ['/rules2', 6, 3],
  ])('%j is at line %i, column %i', (pointer, line, column) => {
    expect(locate(text, pointerOf(pointer))).toStrictEqual({ line, column });
  });

  test.each([
    ['/absent', 1, 1],
    ['/rules/2', 2, 3],
    ['/rules/01', 2, 3],
    ['/rules/-', 2, 3],
    ['/rules/length', 2, 3],
    ['/rules/1/id/x/y', 4, 6],
  ])('%j, which does not exist, is at its nearest ancestor', (pointer, line, column) => {
    expect(locate(text, pointerOf(pointer))).toStrictEqual({ line, column });
  });

  test('of equal names the last one is located, and what only the first holds does not exist', () => {
    const repeated = '{"a":{"x":1},\n"a":{"y":1}}';
    expect(locate(repeated, ['a'])).toStrictEqual({ line: 2, column: 1 });
    expect(locate(repeated, ['a', 'y'])).toStrictEqual({ line: 2, column: 6 });
    expect(locate(repeated, ['a', 'x'])).toStrictEqual({ line: 2, column: 1 });
  });

  test('a name is located however it is escaped', () => {
    expect(locate('[\n{"\\u0061": 1}]', ['0', 'a'])).toStrictEqual({ line: 2, column: 2 });
  });

  test('a byte order mark takes up a column', () => {
    expect(locate('\uFEFF{"a":1}', ['a'])).toStrictEqual({ line: 1, column: 3 });
  });

  test.each(['', '\n\n{"a":1', '\n{"a":NaN}', 'hello'])(
    '%j, which is not JSON, gives its first character',
    (notJson) => {
      expect(locate(notJson, ['a'])).toStrictEqual({ line: 1, column: 1 });
    },
  );

  test('every pointer of any document is located where its syntax tree says', () => {
    fc.assert(
      fc.property(documentText, (document) => {
        const places = placesIn(document);
        // Later places supersede earlier ones, with all that was under those.
        const last = new Map<string, Place>();
        for (const place of places) {
          const pointer = formatPointer(place.pointer);
          if (place.repeated) {
            for (const key of last.keys()) if (key.startsWith(`${pointer}/`)) last.delete(key);
          }
          last.set(pointer, place);
        }
        for (const { pointer, shown } of last.values()) {
          const { line, column } = shown.loc.start;
          expect(locate(document, pointer)).toStrictEqual({ line, column });
        }
      }),
      { numRuns: 500 },
    );
  });
});

describe('at', () => {
  const value: Json = { list: [10, { '': 'x' }], constructor: null };

  test.each([
    ['', value],
    ['/list/0', 10],
    ['/list/1/', 'x'],
    ['/constructor', null],
  ])('%j leads to a value', (pointer, expected) => {
    expect(at(value, pointerOf(pointer))).toStrictEqual(expected);
  });

  test.each([
    '/toString',
    '/__proto__',
    '/list/2',
    '/list/00',
    '/list/1.0',
    '/list/-1',
    '/list/length',
    '/list/0/x',
  ])('%j leads nowhere', (pointer) => {
    expect(at(value, pointerOf(pointer))).toBeUndefined();
  });
});

describe('jsonType and isObject', () => {
  test.each<[string, Json]>([
    ['null', null],
    ['boolean', false],
    ['number', 0],
    ['string', ''],
    ['array', []],
    ['object', {}],
  ])('%s is told from the other types', (type, value) => {
    expect(jsonType(value)).toBe(type);
    expect(isObject(value)).toBe(type === 'object');
  });
});

describe('sameJson', () => {
  test.each<[Json, Json]>([
    [{ a: 1, b: [{}] }, JSON.parse('{"b":[{}],"a":1.0}')],
    [0, -0],
    [JSON.parse('{"__proto__":1}'), JSON.parse('{"__proto__":1}')],
  ])('%j and %j are the same', (a, b) => {
    expect(sameJson(a, b)).toBe(true);
  });

  test.each<[Json, Json]>([
    [
      [1, 2],
      [2, 1],
    ],
    [[1], [1, 2]],
    [[], {}],
    [{}, null],
    [1, '1'],
    [{ a: 1 }, { b: 1 }],
    [{ a: 1 }, { a: 1, b: 1 }],
    [{ toString: 1 }, { a: 1 }],
    [JSON.parse('{"__proto__":{}}'), { a: {} }],
    [{ a: {} }, JSON.parse('{"__proto__":{}}')],
  ])('%j and %j differ', (a, b) => {
    expect(sameJson(a, b)).toBe(false);
    expect(sameJson(b, a)).toBe(false);
  });

  test('a value is the same as its copy with the members turned round', () => {
    const turned = (value: Json): Json => {
      if (isObject(value)) {
        return Object.fromEntries(
          Object.entries(value)
            .reverse()
            .map(([name, member]) => [name, turned(member)]),
        );
      }
      return Array.isArray(value) ? value.map(turned) : value;
    };
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(sameJson(value as Json, turned(value as Json))).toBe(true);
      }),
    );
  });

  test('values as deep as documents may be are compared', () => {
    const nested = () => decodeText('['.repeat(MAX_DEPTH) + ']'.repeat(MAX_DEPTH));
    expect(sameJson(read(nested()), read(nested()))).toBe(true);
  });
});
