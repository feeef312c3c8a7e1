import fc from 'fast-check';
import type { JsonObject } from '../../../src/core/json.ts';
import type { Draft } from '../../../src/core/vocabulary.ts';
import type { Edited } from './edits.ts';
import { altered, loosened, tightened } from './mutations.ts';
import { rewritten } from './rewritings.ts';
import { fragments, schemas } from './schemas.ts';

/** How what the later schema accepts relates to what the earlier one accepts. Narrower and wider ones may be equal. */
export type Relation = 'equal' | 'narrower' | 'wider' | 'unknown';

export interface Pair {
  readonly before: JsonObject;
  readonly after: JsonObject;
  readonly relation: Relation;
  /** The names of the edits, and where they were made; none for schemas that have nothing in common. */
  readonly edits: readonly Omit<Edited, 'document'>[];
}

/** Two schemas of a draft, of which the later one is mostly the earlier one with a few edits. */
export function pairs(draft: Draft): fc.Arbitrary<Pair> {
  return fc.oneof(
    { arbitrary: related(draft, 'equal'), weight: 3 },
    { arbitrary: related(draft, 'narrower'), weight: 3 },
    { arbitrary: related(draft, 'wider'), weight: 3 },
    { arbitrary: related(draft, 'unknown'), weight: 4 },
    { arbitrary: unrelated(draft), weight: 2 },
  );
}

/** Two schemas of which the relation is known (or not). */
export function related(draft: Draft, relation: Relation): fc.Arbitrary<Pair> {
  const edit = editing[relation];
  return fc
    .tuple(schemas(draft), fragments(draft), fc.integer({ min: relation === 'unknown' ? 2 : 1, max: 3 }))
    .chain(([before, extra, count]) => {
      const none: fc.Arbitrary<Pair> = fc.constant({ before, after: before, relation, edits: [] });
      return Array.from({ length: count }).reduce<fc.Arbitrary<Pair>>(
        (pair) =>
          pair.chain(({ after, edits }) =>
            edit(after, extra).map(({ document, ...made }) => ({
              before,
              after: document,
              relation,
              edits: [...edits, made],
            })),
          ),
        none,
      );
    });
}

const editing: Readonly<Record<Relation, typeof altered>> = {
  equal: rewritten,
  narrower: tightened,
  wider: loosened,
  unknown: altered,
};

function unrelated(draft: Draft): fc.Arbitrary<Pair> {
  return fc
    .tuple(schemas(draft), schemas(draft))
    .map(([before, after]): Pair => ({ before, after, relation: 'unknown', edits: [] }));
}
