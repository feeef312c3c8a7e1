import { describe, expect, test } from 'vitest';
import { comparing } from './comparing.ts';
import { pairs } from './pairs/index.ts';

const engine = await comparing();

describe('what is labelled by hand', () => {
  test('is enough', () => expect(pairs.length).toBeGreaterThanOrEqual(150));

  test.each(pairs)('$fact: backward $backward, forward $forward', ({ old, new: next, backward, forward }) => {
    expect(engine.contained(old, next).kind).toBe(backward);
    expect(engine.contained(next, old).kind).toBe(forward);
  });
});
