import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type CommentStep, settleComments } from '../../src/core/comment.ts';
import { type IssueLetter, settleIssues } from '../../src/core/issue.ts';
import type { PostedIssue } from '../../src/core/ports.ts';
import {
  findOurs,
  type Letter,
  linkRun,
  type Posted,
  type Run,
  readMark,
  spellMark,
} from '../../src/core/sticky.ts';

const identity = { environment: 'production', label: '' };
const BOT = 'github-actions[bot]';

const runs = fc.record({ id: fc.integer({ min: 1, max: 6 }), attempt: fc.integer({ min: 1, max: 3 }) });

const bodyOf = (run: Run, says: string) =>
  `${spellMark(identity, run)}\n${says}\n${linkRun(run, `https://github.com/a/b/actions/runs/${run.id}`)}`;

function letter(run: Run, says: string): Letter {
  return { identity, run, body: bodyOf(run, says) };
}

const texts = fc.constantFrom('one', 'two', 'three');
const comments = fc
  .uniqueArray(fc.tuple(fc.integer({ min: 1, max: 50 }), runs, texts), {
    maxLength: 4,
    selector: ([id]) => id,
  })
  .map((list): readonly Posted[] =>
    list.map(([id, run, says]) => ({ id, author: BOT, body: bodyOf(run, says), link: `#${id}` })),
  );

function apply(before: readonly Posted[], steps: readonly CommentStep[]): readonly Posted[] {
  let now = before;
  for (const step of steps) {
    if (step.kind === 'create')
      now = now.concat({ id: 100 + now.length, author: BOT, body: step.body, link: '#' });
    if (step.kind === 'edit')
      now = now.map((item) => (item.id === step.id ? { ...item, body: step.body } : item));
    if (step.kind === 'remove') now = now.filter(({ id }) => id !== step.id);
  }
  return now;
}

const order = (run: Run) => run.id * 100 + run.attempt;
const runOf = ({ body }: Posted) => readMark(body, identity) ?? { id: 0, attempt: 0 };

describe('settling comments', () => {
  test('leaves one, the oldest, with the word of the newest run, and nothing to do', () => {
    fc.assert(
      fc.property(comments, runs, texts, fc.boolean(), (before, run, says, opens) => {
        const asked = letter(run, says);
        const settled = settleComments(findOurs(before, BOT, identity), asked, opens);
        const after = apply(before, settled.steps);
        expect(after).toHaveLength(before.length > 0 || opens ? 1 : 0);
        const [only] = after;
        if (only === undefined) return;
        if (before.length > 0) expect(only.id).toBe(Math.min(...before.map(({ id }) => id)));
        const newest = Math.max(order(run), ...before.map((item) => order(runOf(item))));
        // A text that says the same as the newest is not written again, so the mark may be an older one's.
        const isStill = settled.settlement === 'unchanged';
        if (!isStill) expect(order(runOf(only))).toBe(newest);
        expect(settleComments(findOurs(after, BOT, identity), asked, opens).steps).toEqual([]);
      }),
    );
  });

  test('comes to the same whoever of two runs that saw the same acts first', () => {
    fc.assert(
      fc.property(comments, runs, runs, (before, a, b) => {
        fc.pre(order(a) !== order(b));
        const letters = [letter(a, 'a'), letter(b, 'b')];
        const [older, newer] = order(a) < order(b) ? letters : letters.toReversed();
        if (older === undefined || newer === undefined) return;
        const settle = (state: readonly Posted[], asked: Letter) =>
          settleComments(findOurs(state, BOT, identity), asked, true).steps;
        // Both have looked; each acts, and looks again.
        let state = apply(apply(before, settle(before, older)), settle(before, newer));
        for (const asked of [newer, older, newer]) state = apply(state, settle(state, asked));
        expect(state).toHaveLength(1);
        const newest = Math.max(order(newer.run), ...before.map((item) => order(runOf(item))));
        expect(state.map((item) => order(runOf(item)))).toEqual([newest]);
      }),
    );
  });
});

describe('a mark', () => {
  test('is read back for its own environment and label, and no other', () => {
    const name = fc.string({ unit: 'grapheme', maxLength: 40 });
    fc.assert(
      fc.property(name, name, name, runs, (environment, label, other, run) => {
        const mark = spellMark({ environment, label }, run);
        expect(mark).not.toMatch(/\n|-->.|--!>/);
        expect(readMark(`${mark}\ntext`, { environment, label })).toEqual(run);
        if (other !== label) expect(readMark(mark, { environment, label: other })).toBeUndefined();
        expect(readMark(` ${mark}`, { environment, label })).toBeUndefined();
      }),
    );
  });

  test('of a plan is none of a verification, whatever the label', () => {
    const name = fc.oneof(fc.string({ unit: 'grapheme', maxLength: 40 }), fc.constant(' about=plan'));
    fc.assert(
      fc.property(name, name, runs, (environment, label, run) => {
        const [plan, verification] = [{ environment, label, about: 'plan' } as const, { environment, label }];
        expect(readMark(spellMark(plan, run), plan)).toEqual(run);
        expect(readMark(spellMark(plan, run), verification)).toBeUndefined();
        expect(readMark(spellMark(verification, run), plan)).toBeUndefined();
      }),
    );
  });

  test('of a verification is spelled as it always was', () => {
    const mark = '<!-- redis-config-guardian environment=a%20b label=c run=7 attempt=2 -->';
    expect(spellMark({ environment: 'a b', label: 'c' }, { id: 7, attempt: 2 })).toBe(mark);
    expect(readMark(mark, { environment: 'a b', label: 'c' })).toEqual({ id: 7, attempt: 2 });
  });
});

describe('settling issues', () => {
  const issues = fc
    .array(fc.tuple(runs, texts, fc.boolean()), { maxLength: 4 })
    .map((list): readonly PostedIssue[] =>
      list.map(([run, says, isOpen], index) => ({
        ...{ id: index + 1, author: BOT, body: bodyOf(run, says), link: `#${index}` },
        ...{ title: `title ${says}`, isOpen, labels: [] },
      })),
    );

  test('leaves at most one open, and exactly one when this newest run sees trouble', () => {
    const condition = fc.constantFrom('trouble', 'well', 'unsure');
    fc.assert(
      fc.property(issues, condition, texts, (before, state, says) => {
        const run = { id: 9, attempt: 1 };
        const asked: IssueLetter = {
          ...letter(run, says),
          ...{ title: `title ${says}`, condition: state, farewell: 'well' },
        };
        const settle = (now: readonly PostedIssue[]) =>
          settleIssues(findOurs(now, BOT, identity), asked).steps;
        const after = settle(before).reduce<readonly PostedIssue[]>((now, step) => {
          if (step.kind === 'say') return now;
          if (step.kind === 'create') {
            const { title, body } = step;
            return now.concat({ id: 50, author: BOT, title, body, isOpen: true, labels: [], link: '#' });
          }
          const { state: next, ...texts } = step.changes;
          return now.map((item) =>
            item.id === step.number
              ? { ...item, ...texts, isOpen: next === undefined ? item.isOpen : next === 'open' }
              : item,
          );
        }, before);
        const open = after.filter(({ isOpen }) => isOpen).length;
        expect(open).toBeLessThanOrEqual(1);
        if (state === 'trouble') expect(open).toBe(1);
        if (state === 'well') expect(open).toBe(0);
        expect(settle(after)).toEqual([]);
      }),
    );
  });
});
