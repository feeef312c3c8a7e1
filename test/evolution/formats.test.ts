import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { holdsFormat } from '../../src/adapters/ajv/format-test.ts';
import { formats } from '../../src/adapters/ajv/formats.ts';
import { formatFacts, integerFormats, oddities } from '../../src/evolution/formats.ts';

/** Formats that the validator knows and that ask for nothing. */
const vacuous = ['password', 'binary', 'float', 'double'];

test('what is known of formats is of all that the validator knows', () => {
  const known = [...Object.keys(formatFacts), ...Object.keys(integerFormats), ...vacuous];
  expect(known.sort()).toEqual(Object.keys(formats).sort());
});

const samples = Object.values(formatFacts).flatMap((facts) => facts.samples);

/** Pieces of strings that have some format, cut and joined, so that many have one again. */
const strings = fc.oneof(
  fc.constantFrom(...samples, ...oddities),
  fc
    .tuple(fc.constantFrom(...samples), fc.constantFrom(...samples), fc.nat(40), fc.nat(40))
    .map(([a, b, from, to]) => a.slice(0, from) + b.slice(to)),
  fc
    .tuple(fc.constantFrom(...samples), fc.nat(40), fc.string({ unit: 'binary', maxLength: 2 }))
    .map(([text, at, piece]) => text.slice(0, at) + piece + text.slice(at + 1)),
  fc
    .tuple(fc.constantFrom(...samples), fc.constantFrom('\n', '\u017f', '\u212a', ' ', 'T', 't'))
    .chain(([text, piece]) => fc.nat(text.length).map((at) => text.slice(0, at) + piece + text.slice(at))),
);

describe.each(Object.entries(formatFacts))('%s', (format, { within, implies = [], samples: own }) => {
  test('has samples that have it', () => {
    expect(own.filter((text) => holdsFormat(format, text) !== true)).toEqual([]);
  });

  test('is inside of what a proof takes it to be', () => {
    const pattern = within === undefined ? /(?:)/u : new RegExp(within, 'u');
    fc.assert(
      fc.property(strings, (text) => {
        if (holdsFormat(format, text) !== true) return;
        expect(pattern.test(text)).toBe(true);
        for (const other of implies) expect(holdsFormat(other, text)).toBe(true);
      }),
      { numRuns: 3000 },
    );
  });
});
