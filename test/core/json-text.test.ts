import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Json, sameJson } from '../../src/core/json.ts';
import { rewriteJson, spellJson } from '../../src/core/json-text.ts';
import { BYTE_ORDER_MARK, MAX_DEPTH } from '../../src/core/scanner.ts';

describe('what stays keeps its spelling', () => {
  test.each<{ fact: string; text: string; next: Json; expected: string }>([
    {
      fact: 'numbers, escapes and blanks beside a change',
      text: '{ "a":1.0 ,"b" : 1e3,  "\\u0063": "\\/", "d": [1,2 , 3] }',
      next: { a: 1, b: 2, c: '/', d: [1, 2, 3] },
      expected: '{ "a":1.0 ,"b" : 2,  "\\u0063": "\\/", "d": [1,2 , 3] }',
    },
    {
      fact: 'numbers that JavaScript can not hold',
      text: '{"a": 12345678901234567890, "b": 1}',
      next: { a: Number('12345678901234567890'), b: 2 },
      expected: '{"a": 12345678901234567890, "b": 2}',
    },
    {
      fact: 'items behind one that is put in',
      text: '[1.0, {"a":1}, 3e0]',
      next: [0, 1, 'new', { a: 1 }, 3],
      expected: '[0, 1.0, "new", {"a":1}, 3e0]',
    },
    {
      fact: 'items behind one that is taken out',
      text: '[1.0, 2.0, 3.0]',
      next: [1, 3],
      expected: '[1.0, 3.0]',
    },
    {
      fact: 'what an item contains beside its change',
      text: '[{"a": 1.0, "b": 2.0}, {"a": 3.0}]',
      next: [{ a: 1, b: 3 }, 0, { a: 3 }],
      expected: '[{"a": 1.0, "b": 3}, 0, {"a": 3.0}]',
    },
    {
      fact: 'items on one line of a text of many',
      text: '{\n  "a": [1, 2],\n  "b": 1\n}\n',
      next: { a: [1, 2, { c: [3] }], b: 1 },
      expected: '{\n  "a": [1, 2, {"c": [3]}],\n  "b": 1\n}\n',
    },
    {
      fact: 'members that change places',
      text: '{"a": 1.0, "b": 2.0, "c": 3.0}',
      next: { c: 3, a: 1, b: 2 },
      expected: '{"c": 3.0, "a": 1.0, "b": 2.0}',
    },
    {
      fact: 'the end of a container whose last member goes',
      text: '{\n\t"a": 1.0,\n\t"b": 2\n}',
      next: { a: 1 },
      expected: '{\n\t"a": 1.0\n}',
    },
    {
      fact: 'the beginning of a container whose first member goes',
      text: '{ "a": 1, "b": 2.0 }',
      next: { b: 2 },
      expected: '{ "b": 2.0 }',
    },
    {
      fact: 'names that JavaScript puts first',
      text: '{"b": 1.0, "7": 2.0, "a": 3}',
      next: { 3: 0, 7: 2, b: 1, c: 5, a: 4 },
      expected: '{"3": 0, "b": 1.0, "c": 5, "7": 2.0, "a": 4}',
    },
    {
      fact: 'a byte order mark',
      text: `${BYTE_ORDER_MARK}{"a": 1}\n`,
      next: { a: 2 },
      expected: `${BYTE_ORDER_MARK}{"a": 2}\n`,
    },
    {
      fact: 'a blank line between groups',
      text: '{\n  "a": 1,\n\n  "b": 2\n}',
      next: { a: 1, b: 2, c: 3 },
      expected: '{\n  "a": 1,\n\n  "b": 2,\n  "c": 3\n}',
    },
    {
      fact: 'an empty container with something in it',
      text: '[{ }, [\n], 1]',
      next: [{}, [], 2],
      expected: '[{ }, [\n], 2]',
    },
  ])('$fact', ({ text, next, expected }) => {
    expect(rewriteJson(text, next)).toBe(expected);
  });
});

describe('what is new is spelled like the rest', () => {
  test.each<{ fact: string; text: string; next: Json; expected: string }>([
    {
      fact: 'indented by what the text is indented by, with its line breaks',
      text: '{\r\n   "a": 1\r\n}\r\n',
      next: { a: { b: [2] } },
      expected: '{\r\n   "a": {\r\n      "b": [\r\n         2\r\n      ]\r\n   }\r\n}\r\n',
    },
    {
      fact: 'without blanks where there are none',
      text: '{"a":1}',
      next: { a: 1, b: [1, { c: 2 }] },
      expected: '{"a":1,"b":[1,{"c":2}]}',
    },
    {
      fact: 'escaped where other characters are',
      text: '{"a": "caf\\u00e9"}',
      next: { a: 'café', é: '𝄞' },
      expected: '{"a": "caf\\u00e9", "\\u00e9": "\\ud834\\udd1e"}',
    },
    {
      fact: 'not escaped where an escaped backslash looks like it',
      text: '{"a": "\\\\u00e9"}',
      next: { a: 'é' },
      expected: '{"a": "é"}',
    },
    {
      fact: 'an empty object that is filled',
      text: '{\n  "a": {},\n  "b": []\n}',
      next: { a: { c: 1 }, b: [1] },
      expected: '{\n  "a": {\n    "c": 1\n  },\n  "b": [\n    1\n  ]\n}',
    },
    {
      fact: 'an object that is emptied',
      text: '{\n  "a": {\n    "c": 1\n  }\n}',
      next: { a: {} },
      expected: '{\n  "a": {}\n}',
    },
    {
      fact: 'another kind of document',
      text: '[\n  1\n]\n',
      next: { a: 1 },
      expected: '{\n  "a": 1\n}\n',
    },
    {
      fact: 'a member called __proto__',
      text: '{"__proto__": 1.0, "a": 1}',
      next: JSON.parse('{"__proto__": 1, "a": {"__proto__": 2}}'),
      expected: '{"__proto__": 1.0, "a": {"__proto__": 2}}',
    },
    {
      fact: 'a member called __proto__ that is new',
      text: '{"a": 1}',
      next: JSON.parse('{"a": 1, "__proto__": {"b": 2}}'),
      expected: '{"a": 1, "__proto__": {"b": 2}}',
    },
    {
      fact: 'a text that is no JSON is replaced as a whole',
      text: "{'a': 1}",
      next: { a: 1 },
      expected: '{"a": 1}',
    },
    {
      fact: 'of repeated names the last stays',
      text: '{"a": 1, "b": 2, "a": 3.0}',
      next: { a: 3, b: 4 },
      expected: '{"a": 3.0, "b": 4}',
    },
    { fact: 'a number beyond all bounds', text: '[1]', next: JSON.parse('[-1e999]'), expected: '[-1e999]' },
    { fact: 'half a character', text: '["é"]', next: ['\ud800'], expected: '["\\ud800"]' },
  ])('$fact', ({ text, next, expected }) => {
    expect(rewriteJson(text, next)).toBe(expected);
  });
});

describe('for every text', () => {
  const values = fc.json({ depthSize: 'medium', stringUnit: 'binary' }).map((text): Json => JSON.parse(text));

  test('the value is the one that is wanted', () => {
    fc.assert(
      fc.property(irregularTexts(), values, (text, next) => {
        expect(sameJson(JSON.parse(rewriteJson(text, next)), next)).toBe(true);
      }),
    );
  });

  test('after any edit the value is the one that is wanted, its members in the same order', () => {
    fc.assert(
      fc.property(irregularTexts(), fc.infiniteStream(fc.nat(9)), (text, chances) => {
        const next = edited(JSON.parse(text), () => chances.next().value ?? 0);
        const result: Json = JSON.parse(rewriteJson(text, next));
        expect(JSON.stringify(result)).toBe(JSON.stringify(next));
      }),
    );
  });

  test('its own value changes nothing', () => {
    fc.assert(
      fc.property(irregularTexts(), (text) => {
        expect(rewriteJson(text, JSON.parse(text))).toBe(text);
      }),
    );
  });

  test('a change of one scalar changes only its bytes', () => {
    fc.assert(
      fc.property(irregularTexts(), irregularTexts(), (before, behind) => {
        const text = (scalar: string) =>
          `{"before":${before},\n"a":[1.0 ,{"b" :${scalar} }], "behind": ${behind}}`;
        expect(rewriteJson(text('false'), JSON.parse(text('"new"')))).toBe(text('"new"'));
      }),
    );
  });

  test('an item that is put in leaves the others as they are', () => {
    fc.assert(
      fc.property(irregularTexts(), irregularTexts(), (before, behind) => {
        const [a, b] = [before.trim(), behind.trim()];
        const next: Json = [JSON.parse(a), 'new', JSON.parse(b)];
        expect(rewriteJson(`[ ${a},  ${b}]`, next)).toBe(`[ ${a},  "new",  ${b}]`);
      }),
    );
  });
});

describe('for every uniform text', () => {
  const python = (value: Json) => spellJson(value, 'python');
  const styles: readonly { style: string; spell: (value: Json) => string }[] = [
    { style: 'indented by 2', spell: (value) => JSON.stringify(value, null, 2) },
    { style: 'indented by 4, with a final newline', spell: (value) => `${JSON.stringify(value, null, 4)}\n` },
    { style: 'indented by tabs', spell: (value) => JSON.stringify(value, null, '\t') },
    {
      style: 'with \\r\\n',
      spell: (value) => `${JSON.stringify(value, null, 2).replaceAll('\n', '\r\n')}\r\n`,
    },
    { style: 'compact', spell: (value) => JSON.stringify(value) },
    { style: 'of Python', spell: python },
    { style: 'of Python, with a final newline', spell: (value) => `${python(value)}\n` },
  ];

  test.each(styles)('another value is spelled like it: $style', ({ spell }) => {
    const values = fc.json({ depthSize: 'medium' }).map((text): Json => JSON.parse(text));
    fc.assert(
      fc.property(values, values, (a, b) => {
        const wrapped = { é: 1, a };
        expect(rewriteJson(spell(wrapped), b)).toBe(spell(b));
        expect(rewriteJson(spell(wrapped), { b: 1, a: b, c: b })).toBe(spell({ b: 1, a: b, c: b }));
      }),
    );
  });
});

describe('spelled as Python does', () => {
  test.each<{ value: Json; expected: string }>([
    { value: { a: [1, true, null, 'é "\u0001\n'] }, expected: '{"a": [1, true, null, "é \\"\\u0001\\n"]}' },
    { value: [{}, []], expected: '[{}, []]' },
    { value: 'x\udc00y', expected: '"x\\udc00y"' },
  ])('$expected', ({ value, expected }) => {
    expect(spellJson(value, 'python')).toBe(expected);
  });
});

describe('large documents', () => {
  test('as deep as may be', () => {
    const text = (inner: string) => `${'[ '.repeat(MAX_DEPTH)}${inner}${' ]'.repeat(MAX_DEPTH)}`;
    expect(rewriteJson(text('1.0,2'), JSON.parse(text('1,3')))).toBe(text('1.0,3'));
  });

  // The limits are wide, for busy machines: they catch what grows with the square of the size.
  test('a megabyte takes no time to speak of', { timeout: 10_000 }, () => {
    const items = Array.from({ length: 12_000 }, (_, id) => ({
      id,
      name: `name of ${id}`,
      tags: ['a', 'b'],
    }));
    const text = JSON.stringify(items, null, 2);
    expect(text.length).toBeGreaterThan(1_000_000);
    const next = items
      .toSpliced(6_000, 1)
      .map((item) => (item.id % 1_000 === 1 ? { ...item, name: '' } : item));
    expect(rewriteJson(text, next)).toBe(JSON.stringify(next, null, 2));
  });

  test("a megabyte that is as deep as may be doesn't either", { timeout: 10_000 }, () => {
    const filling = '"x", '.repeat(400);
    const text = (inner: string) => {
      const half = `{"a": [${filling}`.repeat(MAX_DEPTH / 2);
      return `${half}${inner}${'], "b": 1.0}'.repeat(MAX_DEPTH / 2)}`;
    };
    const [before, after] = [text(JSON.stringify('x'.repeat(500_000))), text('2')];
    expect(before.length).toBeGreaterThan(1_000_000);
    expect(rewriteJson(before, JSON.parse(after))).toBe(after);
  });
});

/** Texts with blanks anywhere and many spellings of the same. */
function irregularTexts(): fc.Arbitrary<string> {
  const blank = fc.stringMatching(/^(?:|[ \t\n\r]{0,3})$/);
  const { value } = fc.letrec<{ value: string }>((tie) => ({
    value: fc.oneof(
      { depthSize: 'medium', withCrossShrink: true },
      fc.constantFrom('null', 'true', '-0', '1.0', '1E+2', '0.10', '12345678901234567890', '""', '{}', '[ ]'),
      fc.string({ unit: 'binary' }).map((text) => JSON.stringify(text)),
      fc.constantFrom('"\\u0041\\/"', '"\\uD834\\udd1e"', '"\\\\u00e9"', '"\\ud800"'),
      fc
        .array(fc.tuple(blank, tie('value'), blank))
        .map((items) => `[${items.map((item) => item.join('')).join()}]`),
      fc
        .tuple(
          fc.uniqueArray(names(), { selector: (name) => JSON.parse(name) }),
          fc.array(fc.tuple(blank, tie('value'), blank)),
        )
        .map(([own, members]) => {
          const spelled = own.slice(0, members.length).map((name, index) => {
            const [before, inner, after] = members[index] ?? ['', '1', ''];
            return `${after}${name}${before}:${before}${inner}${after}`;
          });
          return `{${spelled.join()}}`;
        }),
    ),
  }));
  return fc.tuple(blank, value, blank).map((pieces) => pieces.join(''));
}

function names(): fc.Arbitrary<string> {
  return fc.oneof(
    fc.constantFrom('"__proto__"', '"a"', '"\\u0062"', '"7"', '"12"', '""', '"constructor"'),
    fc.string({ unit: 'binary' }).map((text) => JSON.stringify(text)),
  );
}

/** A value like the one given, with parts that are removed, put in, moved or changed by chance. */
function edited(value: Json, chance: () => number): Json {
  if (chance() === 0) return [{ new: chance() }];
  if (typeof value !== 'object' || value === null) return value;
  const parts = Object.entries(value)
    .filter(() => chance() > 1)
    .map(([name, part]): [string, Json] => [name, chance() > 6 ? edited(part, chance) : part]);
  if (chance() === 0) parts.reverse();
  if (chance() < 3) parts.splice(chance(), 0, ['new', chance()]);
  return Array.isArray(value) ? parts.map(([, part]) => part) : Object.fromEntries(parts);
}
