import { deflateSync, gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { encoding } from '../../src/checks/encoding.ts';
import type { FlawKind } from '../../src/core/scanner.ts';
import { drafts, fileOf, type Given, utf8 } from './evidence.ts';

const run = (given: Omit<Given, 'config'>) => drafts(encoding, { config: 'processing_prefs', ...given });

interface Case {
  readonly fact: string;
  readonly bytes: string | Uint8Array;
  readonly said: string;
  readonly advice: string;
  readonly pointer?: string;
  readonly offset?: number;
}

/** At least one of every kind, which the compiler holds. */
const cases: Readonly<Record<FlawKind, readonly Case[]>> = {
  empty: [
    {
      fact: 'nothing at all',
      bytes: '',
      said: 'it is empty: not even {}',
      advice: 'write the value of the fallback',
    },
    {
      fact: 'nothing but blanks',
      bytes: ' \n\t',
      said: 'it is empty: not even {}',
      advice: 'write the value of the fallback',
    },
  ],
  'not-utf8': [
    {
      fact: 'Latin-1',
      bytes: Uint8Array.from([...utf8('{"name": "d'), 0xe9, ...utf8('s"}')]),
      said: 'it is not UTF-8 (at offset 11)',
      advice: 'it was probably written as Latin-1; encode it as UTF-8',
      offset: 11,
    },
  ],
  'utf-16': [
    {
      fact: 'UTF-16',
      bytes: Uint8Array.from([0xff, 0xfe, 0x7b, 0, 0x7d, 0]),
      said: 'it is UTF-16',
      advice: 'encode it as UTF-8',
    },
  ],
  compressed: [
    {
      fact: 'gzip',
      bytes: gzipSync('{"retry_count": 1}'),
      said: 'it is compressed',
      advice: 'store plain JSON text, or guard the key with another tool',
    },
    {
      fact: 'zlib',
      bytes: deflateSync('{"retry_count": 1}'),
      said: 'it is compressed',
      advice: 'store plain JSON text, or guard the key with another tool',
    },
  ],
  pickled: [
    {
      fact: 'a pickle',
      bytes: Uint8Array.from([0x80, 4, 0x7d, 0x2e]),
      said: 'it is a Python pickle, not JSON',
      advice: 'write it with json.dumps',
    },
  ],
  'byte-order-mark': [
    {
      fact: 'a byte order mark before sound JSON',
      bytes: '\ufeff{"retry_count": 1}',
      said: 'it begins with a byte order mark, which strict JSON readers refuse',
      advice: 'encode it as UTF-8 without a signature',
    },
  ],
  'python-literal': [
    {
      fact: "Python's str() of a dict",
      bytes: "{'retry_count': 1}",
      said: "it is Python's str() of a value, not JSON (at offset 1)",
      advice: 'write it with json.dumps',
      offset: 1,
    },
    {
      fact: 'a True',
      bytes: '{"notify_on_failure": True}',
      said: "it is Python's str() of a value, not JSON (at offset 22)",
      advice: 'write it with json.dumps',
      pointer: '/notify_on_failure',
      offset: 22,
    },
  ],
  'non-finite': [
    {
      fact: 'a NaN',
      bytes: '{"retry_count": NaN}',
      said: "it holds NaN or Infinity, which JSON doesn't have (at offset 16)",
      advice: "Python's json.dumps writes them unless told allow_nan=False",
      pointer: '/retry_count',
      offset: 16,
    },
  ],
  syntax: [
    {
      fact: 'a text that is cut off',
      bytes: '{"retry_count": 1',
      said: 'it is not JSON (at offset 17)',
      advice: 'python3 -m json.tool on the raw value shows the line',
      offset: 17,
    },
    {
      fact: 'a comma too many',
      bytes: '{"exclude_keywords": ["a",]}',
      said: 'it is not JSON (at offset 26)',
      advice: 'python3 -m json.tool on the raw value shows the line',
      pointer: '/exclude_keywords/1',
      offset: 26,
    },
  ],
  'too-deep': [
    {
      fact: 'a value wrapped a thousand times',
      bytes: '['.repeat(1000) + ']'.repeat(1000),
      said: 'it is nested too deeply to be a configuration (at offset 512)',
      advice: 'look for a writer that wraps the value again at each save',
      pointer: '/0'.repeat(512),
      offset: 512,
    },
  ],
  'double-encoded': [
    {
      fact: 'JSON in a JSON string',
      bytes: JSON.stringify('{"retry_count": 1}'),
      said: 'it was encoded twice: a JSON string that holds JSON (an object)',
      advice: 'the writer calls json.dumps on text that is JSON already',
    },
    {
      fact: 'JSON in a JSON string in a JSON string',
      bytes: JSON.stringify(JSON.stringify('[]')),
      said: 'it was encoded twice: a JSON string that holds JSON (an array)',
      advice: 'the writer calls json.dumps on text that is JSON already',
    },
  ],
  'duplicate-name': [
    {
      fact: 'a name that stands there twice',
      bytes: '{"sender_priority": {"a@b.example": "low", "a@b.example": "high"}}',
      said: 'this name stands there twice; readers disagree about which one counts',
      advice: 'in Python, a number and a string that spell alike become the same name',
      pointer: '/sender_priority/a@b.example',
      offset: 43,
    },
  ],
  'unsafe-integer': [
    {
      fact: 'an integer that doubles round',
      bytes: '{"retry_count": 9007199254740993}',
      said: 'this integer is beyond ±(2^53 − 1), so some readers round it',
      advice: 'store it as a string',
      pointer: '/retry_count',
      offset: 16,
    },
  ],
  'number-overflow': [
    {
      fact: 'a number beyond all doubles',
      bytes: '{"retry_count": 1e400}',
      said: 'this number is too large: readers take it for infinity',
      advice: 'store it as a string, or bound it',
      pointer: '/retry_count',
      offset: 16,
    },
  ],
};

const everyCase = Object.values(cases).flat();

describe('in Redis, INVALID is', () => {
  test.each(everyCase)('$fact', async ({ bytes, said, advice, pointer = '' }) => {
    expect(await run({ live: bytes })).toEqual([
      { claim: 'invalid', severity: 'error', pointer, said, advice },
    ]);
  });
});

describe('in the fallback, a defect of the file is', () => {
  test.each(everyCase)('$fact', async ({ bytes, said, advice, pointer = '', offset = 0 }) => {
    expect(await run({ fallbackFile: fileOf(bytes) })).toEqual([
      {
        claim: 'fallback',
        severity: 'error',
        pointer,
        said: `in the fallback: ${said}`,
        advice,
        site: `fallback ${pointer}@${offset}`,
      },
    ]);
  });
});

test('both sides are told, Redis first', async () => {
  const rows = await run({ live: '{', fallbackFile: fileOf('[') });
  expect(rows.map(({ claim, said }) => `${claim}: ${said}`)).toEqual([
    'invalid: it is not JSON (at offset 1)',
    'fallback: in the fallback: it is not JSON (at offset 1)',
  ]);
});

test('what is wrong in several places is told at each', async () => {
  const rows = await run({ live: '\ufeff{"a": 1e999, "a": 9007199254740993}' });
  expect(rows.map(({ pointer, said }) => `${pointer} ${said.slice(0, 20)}`)).toEqual([
    ' it begins with a byt',
    '/a this number is too l',
    '/a this name stands the',
    '/a this integer is beyo',
  ]);
});

test.each(['live', 'fallbackFile'] as const)('of a thousand flaws of %s, fifty are told', async (side) => {
  const text = `[${Array(1000).fill('1e999').join()}]`;
  const rows = await run(side === 'live' ? { live: text } : { fallbackFile: fileOf(text) });
  expect(rows).toHaveLength(51);
  expect(rows.at(-1)).toEqual({
    claim: side === 'live' ? 'invalid' : 'fallback',
    severity: 'error',
    pointer: '',
    said: '950 more flaws like these',
  });
});

describe('nothing is said of', () => {
  test.each<[string, Omit<Given, 'config'>]>([
    ['sound JSON on both sides', {}],
    ['any spelling that JSON allows', { live: ' {"\\u0061" : [1E+2, -0, "é\\ud83d\\ude00"]}\r\n' }],
    ['a key that is absent', { observation: { kind: 'absent' } }],
    ['a fallback that is missing', { fallbackFile: { kind: 'missing' } }],
  ])('%s', async (_fact, given) => {
    expect(await run(given)).toEqual([]);
  });
});
