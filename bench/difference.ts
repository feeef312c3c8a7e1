import { performance } from 'node:perf_hooks';
import { type DifferenceOptions, difference } from '../src/core/difference.ts';
import type { Json, JsonObject } from '../src/core/json.ts';

/** Told as a multiple of cloning the before-document through JSON text, so that the speed of the machine cancels out. */
interface Case {
  readonly name: string;
  readonly before: Json;
  readonly after: Json;
}

const RUNS = 15;

const OPTIONS: DifferenceOptions = {
  ignore: [['_updated_at']],
  identity: [{ at: ['rules'], property: 'id' }],
};

function cases(): readonly Case[] {
  const random = generator(1);
  const rules = numbers(5_000).map(rule);
  const shuffledRules = shuffled(rules.with(7, rule(9_999)).with(70, { ...rule(70), enabled: null }), random);
  const strings = numbers(5_000).map((index) => `string ${index}`);
  const sections = { sections: numbers(200).map((id) => ({ id, rules: numbers(200).map(rule) })), end: 0 };
  return [
    {
      name: '5,000 rules with ids, shuffled, 2 changed',
      before: { rules },
      after: structuredClone({ rules: shuffledRules }),
    },
    { name: '5,000 strings, 10 edits', before: strings, after: edited(strings, 10, random) },
    { name: `${megabytes(sections)} MB, equal`, before: sections, after: structuredClone(sections) },
    {
      name: `${megabytes(sections)} MB, one change at the end`,
      before: sections,
      after: { ...structuredClone(sections), end: 1 },
    },
    { name: '5,000 strings, shuffled', before: strings, after: shuffled(strings, random) },
    { name: '5,000 strings, all different', before: strings, after: strings.map((text) => `other ${text}`) },
    {
      name: '5,000 objects, all different',
      before: rules,
      after: numbers(5_000).map((id) => rule(id + 10_000)),
    },
  ];
}

function rule(id: number): JsonObject {
  return {
    id,
    name: `rule ${id}`,
    enabled: id % 2 === 0,
    conditions: [
      { field: 'country', in: ['NL', 'BE'] },
      { field: 'amount', above: id },
    ],
  };
}

function edited(items: readonly string[], edits: number, random: () => number): readonly string[] {
  const result = [...items];
  for (const edit of numbers(edits)) {
    const index = Math.floor(random() * result.length);
    if (edit % 2 === 0) result.splice(index, 1);
    else result.splice(index, 0, `new ${edit}`);
  }
  return result;
}

function shuffled<Item>(items: readonly Item[], random: () => number): readonly Item[] {
  const keyed = items.map((item) => ({ item, key: random() }));
  return keyed.sort((a, b) => a.key - b.key).map(({ item }) => item);
}

/** The same numbers in [0, 1) in every run: a linear congruential generator. */
function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

function numbers(length: number): readonly number[] {
  return Array.from({ length }, (_, index) => index);
}

function megabytes(value: Json): string {
  return (JSON.stringify(value).length / 1e6).toFixed(1);
}

/** In milliseconds, after three runs to warm up. */
function median(run: () => unknown): number {
  for (let warmUp = 0; warmUp < 3; warmUp++) run();
  const times = numbers(RUNS).map(() => {
    const start = performance.now();
    run();
    return performance.now() - start;
  });
  return times.sort((a, b) => a - b)[RUNS >> 1] ?? Number.NaN;
}

function measure({ name, before, after }: Case) {
  const clone = median(() => JSON.parse(JSON.stringify(before)));
  const time = median(() => difference(before, after, OPTIONS));
  return {
    case: name,
    differences: difference(before, after, OPTIONS).length,
    'difference / clone': Number((time / clone).toFixed(2)),
    'difference, ms': Number(time.toFixed(2)),
    'clone, ms': Number(clone.toFixed(2)),
  };
}

console.table(cases().map(measure));
