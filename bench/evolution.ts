import fc from 'fast-check';
import type { Json } from '../src/core/json.ts';
import type { Draft } from '../src/core/vocabulary.ts';
import { pairs as generated } from '../test/evolution/arbitraries/pairs.ts';
import { comparing } from '../test/evolution/comparing.ts';
import { pairs } from '../test/evolution/pairs/index.ts';

/**
 * How often the engine is right, and how fast: on the pairs that are labelled by hand, and on generated ones, of which
 * nobody knows the answer but the ones that it gives can be counted. A dangerous error is a breaking pair that is
 * called compatible. Exits 1 when a target is missed. `npm run bench:evolution [generated pairs per draft]`.
 */

const engine = await comparing();
const perDraft = Number(process.argv[2] ?? 300);

interface Timed {
  readonly kind: string;
  readonly milliseconds: number;
}

/** The schemas are compiled anew each time, as a run has to. */
function ask(from: Json, to: Json): Timed {
  const start = performance.now();
  const { kind } = engine.contained(from, to);
  return { kind, milliseconds: performance.now() - start };
}

function tell(name: string, times: readonly number[], facts: Readonly<Record<string, number>>): void {
  const sorted = [...times].sort((a, b) => a - b);
  const at = (share: number) =>
    (sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0).toFixed(1);
  const counted = Object.entries(facts).map(([fact, count]) => `${count} ${fact}`);
  console.log(`${name}: ${counted.join(', ')}`);
  console.log(`  milliseconds: median ${at(0.5)}, 95 % within ${at(0.95)}, worst ${at(1)}`);
}

// What is loaded and compiled for the first time says nothing of a pair.
for (const { old, new: next } of pairs.slice(0, 20)) ask(old, next);

const labelled = pairs.flatMap(({ old, new: next, backward, forward }) => [
  { wanted: backward, ...ask(old, next) },
  { wanted: forward, ...ask(next, old) },
]);
const right = labelled.filter(({ kind, wanted }) => kind === wanted).length;
const dangerous = labelled.filter(
  ({ kind, wanted }) => kind === 'compatible' && wanted === 'breaking',
).length;
const unknown = labelled.filter(({ kind }) => kind === 'unknown').length;
tell(
  'labelled by hand',
  labelled.map(({ milliseconds }) => milliseconds),
  {
    'directed pairs': labelled.length,
    right,
    'dangerous errors': dangerous,
    unknown,
    'called breaking wrongly': labelled.length - right - dangerous - unknown,
  },
);

const drafts: readonly Draft[] = ['draft-07', '2019-09', '2020-12'];
const made = drafts.flatMap((draft) =>
  fc
    .sample(generated(draft), { numRuns: perDraft, seed: 20_261_124 })
    .flatMap(({ before, after }) => [ask(before, after), ask(after, before)]),
);
const undecided = made.filter(({ kind }) => kind === 'unknown').length;
tell(
  'generated',
  made.map(({ milliseconds }) => milliseconds),
  { 'directed pairs': made.length, unknown: undecided },
);

const slowest = Math.max(...[...labelled, ...made].map(({ milliseconds }) => milliseconds));
const missed = [
  ...(dangerous > 0 ? ['a breaking pair is called compatible'] : []),
  ...(1 - right / labelled.length > 0.03 ? ['more than 3 % of the labelled pairs are wrong or unknown'] : []),
  ...(undecided / made.length > 0.03 ? ['more than 3 % of the generated pairs are unknown'] : []),
  ...(slowest > 2000 ? ['a pair takes more than 2 s'] : []),
];
for (const target of missed) console.log(`missed: ${target}`);
process.exitCode = missed.length === 0 ? 0 : 1;
