import { describe, expect, test } from 'vitest';
import { decodeFields } from '../../src/core/fields.ts';
import { utf8 } from '../checks/evidence.ts';

function fields(entries: Readonly<Record<string, string | Uint8Array>>) {
  return Object.entries(entries).map(([name, value]) => ({
    name: utf8(name),
    value: typeof value === 'string' ? utf8(value) : value,
  }));
}

describe('a hash', () => {
  test('of strings is an object of strings, in the order of the names', () => {
    expect(decodeFields(fields({ b: '2', a: 'x"y' }), 'strings')).toEqual({
      ok: true,
      value: { a: 'x"y', b: '2' },
      text: '{"a":"x\\"y","b":"2"}',
      flaws: [],
    });
  });

  test('of JSON is an object of what its values spell', () => {
    const decoded = decodeFields(fields({ on: 'true', list: '[1]' }), 'json');
    expect(decoded).toMatchObject({ ok: true, value: { on: true, list: [1] }, flaws: [] });
  });

  test('takes no value for the beginning of another field', () => {
    const decoded = decodeFields(fields({ a: '1,"admin":true' }), 'json');
    expect(decoded.ok).toBe(false);
    expect(decoded.flaws[0]?.pointer).toEqual(['a']);
  });

  test('tells flaws at their place in the whole', () => {
    const decoded = decodeFields(fields({ a: '1', b: '{"x":1,"x":2}' }), 'json');
    expect(decoded.flaws.map(({ kind, pointer }) => [kind, pointer])).toEqual([
      ['duplicate-name', ['b', 'x']],
    ]);
    const [flaw] = decoded.flaws;
    expect(decoded.text?.slice(flaw?.offset)).toMatch(/^"x":2/);
  });

  test('with a value that is not UTF-8 is none', () => {
    const decoded = decodeFields(fields({ a: Uint8Array.from([0xff]) }), 'strings');
    expect(decoded).toMatchObject({ ok: false, flaws: [{ kind: 'not-utf8', pointer: ['a'] }] });
  });

  test('with a name that is not UTF-8 is none', () => {
    const decoded = decodeFields([{ name: Uint8Array.from([0xff]), value: utf8('1') }], 'json');
    expect(decoded).toMatchObject({ ok: false, flaws: [{ kind: 'not-utf8' }] });
  });

  test('may have a field called like a prototype', () => {
    const decoded = decodeFields(fields({ ['__proto__']: '1' }), 'json');
    expect(decoded.ok && Object.keys(decoded.value as object)).toEqual(['__proto__']);
  });
});
