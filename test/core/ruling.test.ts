import { describe, expect, test } from 'vitest';
import type { Exception } from '../../src/core/evidence.ts';
import type { Finding, Severity } from '../../src/core/finding.ts';
import { phrase, vouch } from '../../src/core/phrase.ts';
import { plain } from '../../src/core/plain.ts';
import type { Place } from '../../src/core/redaction.ts';
import { ruled } from '../../src/core/ruling.ts';

const NOW = Date.parse('2026-11-03T00:00:00Z');

function finding(changes: Partial<Finding> = {}): Finding {
  return {
    check: 'drift',
    config: vouch('prefs'),
    claim: 'drift',
    severity: 'warning',
    place: '/retry_count' as Place,
    phrase: phrase`they differ`,
    ...changes,
  };
}

function told(
  findings: readonly Finding[],
  severities: Readonly<Record<string, Severity | 'off'>>,
  exceptions: readonly Exception[] = [],
): readonly string[] {
  const rules = { severities: new Map(Object.entries(severities)), exceptions };
  return ruled(findings, rules, NOW).map((each) => `${each.severity} ${each.place} ${plain(each.phrase)}`);
}

function exception(changes: Partial<Exception> = {}): Exception {
  return { check: 'drift', at: ['retry_count'], reason: vouch('known since May'), ...changes };
}

describe('a severity', () => {
  test('takes the place of what the check says', () => {
    expect(told([finding()], { drift: 'error' })).toEqual(['error /retry_count they differ']);
  });

  test('of another check changes nothing', () => {
    expect(told([finding()], { shape: 'error' })).toEqual(['warning /retry_count they differ']);
  });

  test('off takes the findings of the check away', () => {
    expect(told([finding()], { drift: 'off' })).toEqual([]);
  });

  test('never hushes what is unchecked', () => {
    const unchecked = finding({ claim: 'unchecked', severity: 'error' });
    expect(told([unchecked], { drift: 'off' })).toEqual(['error /retry_count they differ']);
  });
});

describe('an exception', () => {
  test('takes its findings away and counts them', () => {
    expect(told([finding(), finding({ place: '/retry_count/x' as Place })], {}, [exception()])).toEqual([
      'notice  2 findings let stand by an exception: known since May',
    ]);
  });

  test('holds for its check and its place only', () => {
    const others = [finding({ check: 'shape' }), finding({ place: '/other' as Place })];
    expect(told(others, {}, [exception()])).toHaveLength(2);
    expect(told(others, {}, [exception()]).join()).not.toContain('let stand');
  });

  test('that is over lets nothing stand, and says so', () => {
    const over = exception({ until: Date.parse('2026-11-01T00:00:00Z') });
    expect(told([finding()], {}, [over])).toEqual([
      'warning /retry_count they differ',
      'warning  an exception is over since 2026-11-01: known since May',
    ]);
  });

  test('holds until its day', () => {
    const still = exception({ until: NOW + 1 });
    expect(told([finding()], {}, [still])).toEqual([
      'notice  1 finding let stand by an exception: known since May',
    ]);
  });

  test('never lets stand what is unchecked', () => {
    const unchecked = finding({ claim: 'unchecked', severity: 'error' });
    expect(told([unchecked], {}, [exception()])).toEqual(['error /retry_count they differ']);
  });
});
