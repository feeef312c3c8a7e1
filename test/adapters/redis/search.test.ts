import { describe, expect, test } from 'vitest';
import { Stranger } from '../../../src/adapters/redis/faults.ts';
import { pagesOf } from '../../../src/adapters/redis/search.ts';
import type { Session } from '../../../src/adapters/redis/session.ts';

/** A server whose SCAN answers with the cursor and the names that `next` makes of the page's number. */
function dealing(next: (page: number) => readonly [cursor: number, ...names: readonly string[]]): Session {
  let page = 0;
  return {
    async send() {
      page += 1;
      const [cursor, ...names] = next(page);
      return [[Buffer.from(`${cursor}`), names.map((name) => Buffer.from(name))]];
    },
  };
}

/** The names that are told, and how that ended. */
async function namesOf(session: Session): Promise<readonly (string | typeof Stranger)[]> {
  const names: (string | typeof Stranger)[] = [];
  try {
    for await (const page of pagesOf(session))
      names.push(...page.map((name) => Buffer.from(name).toString()));
  } catch (error) {
    if (!(error instanceof Stranger)) throw error;
    names.push(Stranger);
  }
  return names;
}

describe('a cursor', () => {
  test('is followed until it is 0 again', async () => {
    const session = dealing((page) => (page < 3 ? [page, `app:${page}`] : [0, 'app:last']));
    expect(await namesOf(session)).toEqual(['app:1', 'app:2', 'app:last']);
  });

  test('that does not move on is none of Redis', async () => {
    expect(await namesOf(dealing(() => [17, 'app:a']))).toEqual(['app:a', Stranger]);
  });

  test('that leads from nothing to nothing for ever is none of Redis', async () => {
    expect(await namesOf(dealing((page) => [page]))).toEqual([Stranger]);
  });

  test('that passes fifty million keys of others on its way is followed', async () => {
    const session = dealing((page) => (page < 50_000 ? [page] : [0, 'app:a']));
    expect(await namesOf(session)).toEqual(['app:a']);
  });
});
