import { describe, expect, test } from 'vitest';
import type { Json } from '../../src/core/json.ts';
import { draftOf, metaschemas } from '../../src/core/vocabulary.ts';
import { plainValidator } from './arbitraries/validator.ts';
import { type Pair, pairs } from './pairs/index.ts';

const validator = plainValidator();

function accepts(schema: Json): (value: Json) => boolean | undefined {
  return typeof schema === 'boolean' ? () => schema : validator.compile(schema);
}

describe('what is broken has a witness, and nothing else', () => {
  test.each(pairs.map((pair): [string, Pair] => [pair.fact, pair]))('%s', (_, pair) => {
    for (const schema of [pair.old, pair.new]) expect(validator.isSchema(schema)).toBe(true);
    expect('backwardWitness' in pair).toBe(pair.backward === 'breaking');
    expect('forwardWitness' in pair).toBe(pair.forward === 'breaking');

    const acceptsOld = accepts(pair.old);
    const acceptsNew = accepts(pair.new);
    if (pair.backwardWitness !== undefined) {
      expect(acceptsOld(pair.backwardWitness)).toBe(true);
      expect(acceptsNew(pair.backwardWitness)).toBe(false);
    }
    if (pair.forwardWitness !== undefined) {
      expect(acceptsNew(pair.forwardWitness)).toBe(true);
      expect(acceptsOld(pair.forwardWitness)).toBe(false);
    }
  });
});

test('the pairs cover every draft', () => {
  const covered = pairs.map((pair) => draftOf(Object(pair.new)['$schema']));
  expect(new Set(covered)).toEqual(new Set(Object.keys(metaschemas)));
});

test('every fact is told once, of two schemas that differ', () => {
  const facts = pairs.map((pair) => pair.fact);
  expect(facts.filter((fact, index) => facts.indexOf(fact) !== index)).toEqual([]);
  expect(pairs.filter((pair) => JSON.stringify(pair.old) === JSON.stringify(pair.new))).toEqual([]);
});

test('about two thirds of all directions are compatible', () => {
  const labels = pairs.flatMap((pair) => [pair.backward, pair.forward]);
  const share = labels.filter((label) => label === 'compatible').length / labels.length;
  expect(pairs.length).toBeGreaterThanOrEqual(220);
  expect(share).toBeGreaterThan(0.6);
  expect(share).toBeLessThan(0.7);
});
