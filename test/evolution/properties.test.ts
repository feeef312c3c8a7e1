import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Json } from '../../src/core/json.ts';
import type { Draft } from '../../src/core/vocabulary.ts';
import { instances } from './arbitraries/instances.ts';
import { pairs, related } from './arbitraries/pairs.ts';
import { schemas } from './arbitraries/schemas.ts';
import { comparing } from './comparing.ts';

const engine = await comparing();

const drafts: readonly Draft[] = ['draft-07', '2019-09', '2020-12'];
const runs = Number(process.env['FUZZ_RUNS'] ?? 120);

/** What the validator breaks down on tells nothing. */
function judge(accepts: (value: Json) => boolean, value: Json): boolean | undefined {
  try {
    return accepts(value);
  } catch {
    return undefined;
  }
}

/** A value that the one accepts and the other doesn't, as far as some hundred tries go. */
function counterexample(from: Json, to: Json): Json | undefined {
  const [accepts, alsoAccepts] = [engine.compile(from), engine.compile(to)];
  for (const value of instances(from, to, 200)) {
    if (judge(accepts, value) === true && judge(alsoAccepts, value) === false) return value;
  }
  return undefined;
}

describe.each(drafts)('of schemas of %s', (draft) => {
  test('each is compatible with itself', () => {
    fc.assert(
      fc.property(schemas(draft), (schema) => {
        expect(engine.contained(schema, structuredClone(schema))).toEqual({ kind: 'compatible' });
      }),
      { numRuns: runs },
    );
  });

  test('what is called compatible has no counterexample, and what is called breaking has one', () => {
    fc.assert(
      fc.property(pairs(draft), ({ before, after }) => {
        for (const [from, to] of [
          [before, after],
          [after, before],
        ] as const) {
          const answer = engine.contained(from, to);
          if (answer.kind === 'compatible') expect(counterexample(from, to)).toBeUndefined();
          if (answer.kind !== 'breaking') continue;
          expect(engine.compile(from)(answer.witness)).toBe(true);
          expect(engine.compile(to)(answer.witness)).toBe(false);
        }
      }),
      { numRuns: runs },
    );
  });

  test('another spelling of the same is compatible both ways', () => {
    fc.assert(
      fc.property(related(draft, 'equal'), ({ before, after }) => {
        expect(engine.contained(before, after).kind).not.toBe('breaking');
        expect(engine.contained(after, before).kind).not.toBe('breaking');
      }),
      { numRuns: runs },
    );
  });

  test('loosening is never called breaking backward, nor tightening forward', () => {
    fc.assert(
      fc.property(related(draft, 'wider'), related(draft, 'narrower'), (wider, narrower) => {
        expect(engine.contained(wider.before, wider.after).kind).not.toBe('breaking');
        expect(engine.contained(narrower.after, narrower.before).kind).not.toBe('breaking');
      }),
      { numRuns: runs },
    );
  });

  test('little is left undecided', () => {
    let [asked, undecided] = [0, 0];
    for (const { before, after } of fc.sample(pairs(draft), { numRuns: runs, seed: 7 })) {
      for (const [from, to] of [
        [before, after],
        [after, before],
      ] as const) {
        asked += 1;
        if (engine.contained(from, to).kind === 'unknown') undecided += 1;
      }
    }
    expect(undecided / asked).toBeLessThanOrEqual(0.03);
  });
});
