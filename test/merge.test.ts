import { describe, expect, test } from 'vitest';
import type { Finding } from '../src/core/finding.ts';
import { phrase, vouch } from '../src/core/phrase.ts';
import { plain } from '../src/core/plain.ts';
import { fromPublished, publish } from '../src/core/published.ts';
import type { Place } from '../src/core/redaction.ts';
import { type Examined, judge, type Policy, type Report } from '../src/core/verdict.ts';
import { mergeReports } from '../src/merge.ts';

const policy: Policy = { failOn: new Set(['invalid', 'breaking']), allowUnchecked: false, onlyNew: false };

function config(name: string, changes: Partial<Examined> = {}): Examined {
  return {
    name: vouch(name),
    key: vouch(name),
    hasFallback: true,
    holdsSecrets: false,
    findings: [],
    ...changes,
  };
}

function invalid(name: string, keys?: NonNullable<Finding['keys']>): Finding {
  return {
    check: 'shape',
    config: vouch(name),
    claim: 'invalid',
    severity: 'error',
    place: '/a' as Place,
    phrase: phrase`expected a number`,
    ...(keys === undefined ? {} : { keys }),
  };
}

function many(
  name: string,
  counts: { readonly bad: number; readonly good: number },
  first: readonly string[],
) {
  const keys = { count: counts.bad, first: first.map(vouch) };
  return config(name, {
    keys: { INVALID: counts.bad, UNCHECKED: 0, DRIFT: 0, OK: counts.good },
    findings: counts.bad === 0 ? [] : [invalid(name, keys)],
  });
}

interface Differently {
  readonly target?: string;
  readonly allowUnchecked?: boolean;
}

/** A report as it comes back from its file. */
function part(
  index: number,
  of: number,
  configs: readonly Examined[],
  { target = 'redis://a', allowUnchecked = false }: Differently = {},
): Report {
  const run = { target: vouch(target), checkedAt: index, shard: { index, of, guards: [] } };
  const report = judge(run, configs, { ...policy, allowUnchecked });
  return fromPublished(JSON.parse(JSON.stringify(publish(report, { name: 'guardian', version: '1' }))));
}

/** As parts of one run say it: what all of them guard. */
function agreed(reports: readonly Report[]): readonly Report[] {
  const names = reports.flatMap(({ configs }) => configs.map(({ name, key }) => `${name} ${key}`));
  const guards = [...new Set(names)].sort().map(vouch);
  return reports.map((report) =>
    report.shard === undefined ? report : { ...report, shard: { ...report.shard, guards } },
  );
}

function merged(...reports: readonly Report[]): Report {
  const outcome = mergeReports(agreed(reports));
  if (!outcome.ok) throw new Error(plain(outcome.said));
  return outcome.report;
}

function refusal(...reports: readonly Report[]): string {
  const outcome = mergeReports(agreed(reports));
  return outcome.ok ? 'merged' : plain(outcome.said);
}

describe('the reports of all parts', () => {
  test('make one of which the verdict is that of all', () => {
    const report = merged(part(1, 2, [config('a')]), part(2, 2, [config('b', { findings: [invalid('b')] })]));
    expect(report).toMatchObject({ verdict: 'fail', exitCode: 1, counts: { OK: 1, INVALID: 1 } });
    expect(report.shard).toBeUndefined();
  });

  test('add up the keys of a pattern, and name the first of each finding', () => {
    const report = merged(
      part(1, 2, [many('t', { bad: 3, good: 7 }, ['t:1', 't:2', 't:3'])]),
      part(2, 2, [many('t', { bad: 4, good: 6 }, ['t:4', 't:5', 't:6', 't:7'])]),
    );
    expect(report.configs).toHaveLength(1);
    expect(report.configs[0]?.keys).toEqual({ INVALID: 7, UNCHECKED: 0, DRIFT: 0, OK: 13 });
    expect(report.configs[0]?.findings.map(({ keys }) => keys)).toEqual([
      { count: 7, first: ['t:1', 't:2', 't:3', 't:4', 't:5'] },
    ]);
  });

  test('come in any order', () => {
    const [a, b] = [part(1, 2, [config('a')]), part(2, 2, [config('b')])];
    expect(merged(b, a).counts).toEqual(merged(a, b).counts);
  });

  test('were checked when the first of them was', () => {
    expect(merged(part(2, 2, []), part(1, 2, [])).checkedAt).toBe(1);
  });
});

test('a part that nobody reported on is UNCHECKED, and the run inconclusive', () => {
  const report = merged(part(1, 3, [config('a')]), part(3, 3, [config('c')]));
  expect(report).toMatchObject({ verdict: 'inconclusive', exitCode: 2, counts: { OK: 2, UNCHECKED: 1 } });
  expect(report.configs.at(-1)?.name).toBe('part 2 of 3');
});

describe('what is unchecked in a part', () => {
  const unchecked = (name: string) =>
    config(name, { findings: [{ ...invalid(name), claim: 'unchecked', reason: 'unreachable' }] });
  const allowUnchecked = true;

  test('is allowed when every part that has some was allowed to', () => {
    const parts = [part(1, 2, [unchecked('a')], { allowUnchecked }), part(2, 2, [config('b')])];
    expect(merged(...parts)).toMatchObject({ verdict: 'inconclusive', exitCode: 0 });
  });

  test('is not when another part was not allowed to', () => {
    const parts = [part(1, 2, [unchecked('a')], { allowUnchecked }), part(2, 2, [unchecked('b')])];
    expect(merged(...parts)).toMatchObject({ verdict: 'inconclusive', exitCode: 2 });
  });

  test('allows for no part that is missing', () => {
    const parts = [part(1, 2, [unchecked('a')], { allowUnchecked })];
    expect(merged(...parts)).toMatchObject({ verdict: 'inconclusive', exitCode: 2 });
  });
});

describe('what the parts guarded', () => {
  const guarding = (report: Report, ...guards: readonly string[]): Report => ({
    ...report,
    shard: { index: 1, of: 1, ...report.shard, guards: guards.map(vouch) },
  });
  const said = (...reports: readonly Report[]) => {
    const outcome = mergeReports(reports);
    return outcome.ok ? 'merged' : plain(outcome.said);
  };

  test('has to be the same', () => {
    const parts = [part(1, 2, [many('t', { bad: 0, good: 2 }, [])]), part(2, 2, [config('a')])] as const;
    expect(said(guarding(parts[0], 't t'), guarding(parts[1], 'a a'))).toBe(
      'the runs guarded different configs',
    );
  });

  test('has to be told by one of them', () => {
    const parts = [part(1, 2, [config('a')]), part(2, 2, [])].map((each) => guarding(each, 'a a', 'b b'));
    expect(said(...parts)).toBe('no part reported on the config b b');
  });
});

describe('nothing is merged', () => {
  test.each([
    ['of no reports', [], 'there is no report to merge'],
    [
      'of whole runs',
      [judge({ target: vouch('redis://a'), checkedAt: 1 }, [], policy)],
      'one of the reports is of a run that shared its keys with no other',
    ],
    [
      'of different targets',
      [part(1, 2, []), part(2, 2, [], { target: 'redis://b' })],
      'the reports are of different targets: redis://a and redis://b',
    ],
    [
      'of different divisions',
      [part(1, 2, []), part(2, 3, [])],
      'the reports are parts of different divisions',
    ],
    [
      'that tell of the same config',
      [part(1, 2, [config('a')]), part(2, 2, [config('a')])],
      'the config a is in more than one part',
    ],
    ['twice', [part(1, 2, []), part(1, 2, [])], 'part 1 of 2 is there twice'],
    [
      'of runs that were told to fail on different things',
      [part(1, 2, []), { ...part(2, 2, []), failOn: new Set(['drift'] as const) }],
      'the runs were told to fail on different things',
    ],
  ] as const)('%s', (_what, reports, said) => {
    expect(refusal(...reports)).toBe(said);
  });
});
