import { describe, expect, test } from 'vitest';
import { direction } from '../../src/checks/direction.ts';
import type { Past } from '../../src/core/evidence.ts';
import type { Json } from '../../src/core/json.ts';
import { phrase, vouch } from '../../src/core/phrase.ts';
import { drafts, json } from './evidence.ts';

const fallback = json('debug/processing_prefs.json') as { readonly [name: string]: Json };
const changed = (changes: { readonly [name: string]: Json }): Json => ({ ...fallback, ...changes });

/** The newest first; each a day older than the one before. */
function past(versions: readonly Json[], isAll = true): Past {
  return {
    kind: 'known',
    isAll,
    versions: versions.map((value, index) => ({
      commit: vouch(`${index}`.repeat(40)),
      at: Date.parse('2026-11-20T10:00:00Z') - index * 86_400_000,
      value,
    })),
  };
}

async function said(value: Json, versions: Past | undefined): Promise<string | undefined> {
  const given = { config: 'processing_prefs', value, fallback } as const;
  const [draft] = await drafts(direction, versions === undefined ? given : { ...given, past: versions });
  return draft?.said;
}

describe('the direction of drift', () => {
  test('is not told without a history', async () => {
    expect(await said(changed({ retry_count: 7 }), undefined)).toBeUndefined();
  });

  test('git is ahead when the live value is an older version', async () => {
    const older = changed({ retry_count: 7 });
    expect(await said(older, past([fallback, older, changed({ retry_count: 1 })]))).toBe(
      'git is ahead: Redis holds what the fallback was at commit 11111111 (2026-11-19); since commit 00000000 (2026-11-20)',
    );
  });

  test('git is ahead when the change is not committed yet', async () => {
    const committed = changed({ retry_count: 7 });
    expect(await said(committed, past([committed]))).toBe(
      'git is ahead: Redis holds what the fallback was at commit 00000000 (2026-11-20); the change is not committed yet',
    );
  });

  test('the save time does not make a version another', async () => {
    const older = changed({ retry_count: 7 });
    const live = changed({ retry_count: 7, _updated_at: '2026-11-01T00:00:00+00:00' });
    expect(await said(live, past([fallback, older]))).toMatch(/^git is ahead/);
  });

  test('Redis is ahead when the live value never was in git and is closest to the newest version', async () => {
    const versions = past([fallback, changed({ retry_count: 1, retry_delay_sec: 9 })]);
    expect(await said(changed({ retry_count: 7 }), versions)).toBe(
      'Redis is ahead: the live value never was in git',
    );
  });

  test('what a bounded history hides is not claimed', async () => {
    expect(await said(changed({ retry_count: 7 }), past([fallback], false))).toBe(
      'Redis is ahead: the live value is none of the last 1 version in git',
    );
  });

  test('both have moved on when an older version is closer', async () => {
    const older = changed({ retry_delay_sec: 9, webhook_timeout_sec: 99 });
    const live = changed({ retry_delay_sec: 9, webhook_timeout_sec: 99, retry_count: 7 });
    expect(await said(live, past([fallback, older]))).toBe(
      'both have moved on: the live value never was in git, and is closest to commit 11111111 (2026-11-19)',
    );
  });

  test('a history that can not be read is said aloud', async () => {
    const unknown: Past = { kind: 'unknown', said: phrase`git did not answer` };
    expect(await said(changed({ retry_count: 7 }), unknown)).toBe(
      'nobody can tell which side has moved on: git did not answer',
    );
  });
});
