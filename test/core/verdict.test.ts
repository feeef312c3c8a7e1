import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Claim, Finding, Reason, Severity } from '../../src/core/finding.ts';
import { phrase, vouch } from '../../src/core/phrase.ts';
import type { Place } from '../../src/core/redaction.ts';
import {
  type Examined,
  type FailLevel,
  failLevels,
  fails,
  judge,
  type Policy,
  type Report,
  statuses,
} from '../../src/core/verdict.ts';

const claims: readonly Claim[] = ['invalid', 'fallback', 'drift', 'breaking', 'unchecked', 'advice'];
const severities: readonly Severity[] = ['error', 'warning', 'notice'];
const reasons: readonly Reason[] = ['unreachable', 'schema', 'no-fallback', 'internal'];

/** `drift warning`, or `unchecked error unreachable`. */
function finding(words: string): Finding {
  const [claim, severity = 'error', reason] = words.split(' ');
  return {
    check: 'any',
    config: vouch('any'),
    claim: claim as Claim,
    severity: severity as Severity,
    place: '' as Place,
    phrase: phrase`said`,
    ...(reason === undefined ? {} : { reason: reason as Reason }),
  };
}

function config(...findings: readonly string[]): Examined {
  return {
    name: vouch('a'),
    key: vouch('p:a'),
    hasFallback: true,
    holdsSecrets: false,
    findings: findings.map(finding),
  };
}

function policy(levels: readonly FailLevel[] = ['invalid', 'breaking'], allowUnchecked = false): Policy {
  return { failOn: new Set(levels), allowUnchecked, onlyNew: false };
}

function judged(configs: readonly Examined[], asked = policy()): Report {
  return judge({ target: vouch('redis://a'), checkedAt: 1 }, configs, asked);
}

describe('the status of a config is', () => {
  test.each<[string, readonly string[], string]>([
    ['OK without findings', [], 'OK'],
    ['OK with advice', ['advice warning', 'advice notice'], 'OK'],
    ['OK with a defect of the fallback', ['fallback error'], 'OK'],
    ['OK with a breaking change', ['breaking error'], 'OK'],
    ['OK with an objection that is no error', ['invalid warning'], 'OK'],
    ['DRIFT with drift', ['drift warning', 'advice notice'], 'DRIFT'],
    ['DRIFT with drift that is a notice', ['drift notice'], 'DRIFT'],
    ['UNCHECKED where nothing can be said', ['unchecked error schema'], 'UNCHECKED'],
    ['UNCHECKED before DRIFT', ['drift warning', 'unchecked error no-fallback'], 'UNCHECKED'],
    ['INVALID with an objection', ['invalid error'], 'INVALID'],
    [
      'INVALID before UNCHECKED and DRIFT',
      ['drift warning', 'unchecked error schema', 'invalid error'],
      'INVALID',
    ],
    [
      'UNCHECKED before an objection that is no error',
      ['invalid notice', 'unchecked error schema'],
      'UNCHECKED',
    ],
  ])('%s', (_fact, findings, status) => {
    const report = judged([config(...findings)]);
    expect(report.configs.map((each) => each.status)).toEqual([status]);
    expect(report.counts).toEqual({ INVALID: 0, UNCHECKED: 0, DRIFT: 0, OK: 0, [status]: 1 });
  });
});

describe('the verdict is', () => {
  test.each<[string, readonly Examined[], Policy, string]>([
    ['pass without configs', [], policy(), 'pass - 0'],
    ['pass when all is OK', [config(), config('advice warning')], policy(), 'pass - 0'],
    ['pass with drift by default', [config('drift warning')], policy(), 'pass - 0'],
    ['fail with one INVALID', [config(), config('invalid error')], policy(), 'fail invalid 1'],
    [
      'fail with a broken fallback, though all is OK',
      [config('fallback error')],
      policy(),
      'fail fallback 1',
    ],
    [
      'fail before inconclusive',
      [config('unchecked error unreachable'), config('invalid error')],
      policy(),
      'fail invalid 1',
    ],
    [
      'inconclusive with one UNCHECKED',
      [config(), config('unchecked error unreachable')],
      policy(),
      'inconclusive unreachable 2',
    ],
    [
      'inconclusive for the first reason there is',
      [config('unchecked error schema'), config('unchecked error unreachable')],
      policy(),
      'inconclusive schema 2',
    ],
    [
      'inconclusive even where nothing fails a run',
      [config('unchecked error no-target'), config('invalid error')],
      policy([]),
      'inconclusive no-target 2',
    ],
    [
      'inconclusive without failing when that is allowed',
      [config('unchecked error no-target')],
      policy(['invalid'], true),
      'inconclusive no-target 0',
    ],
    [
      'fail although inconclusive is allowed',
      [config('unchecked error no-target', 'invalid error')],
      policy(['invalid'], true),
      'fail invalid 1',
    ],
    [
      'fail for the gravest reason',
      [config('drift warning', 'fallback error')],
      policy(failLevels),
      'fail fallback 1',
    ],
    [
      'fail for advice where warnings fail',
      [config('advice warning')],
      policy(['warning']),
      'fail warning 1',
    ],
  ])('%s', (_fact, configs, asked, expected) => {
    const { verdict, reason = '-', exitCode } = judged(configs, asked);
    expect(`${verdict} ${reason} ${exitCode}`).toBe(expected);
  });
});

describe('what fails a run at', () => {
  test.each<[FailLevel, readonly string[]]>([
    // A config may say of its drift that it is an error.
    ['invalid', ['invalid error', 'fallback error', 'drift error', 'advice error']],
    ['breaking', ['breaking error']],
    ['drift', ['drift error', 'drift warning']],
    [
      'warning',
      claims
        .filter((claim) => claim !== 'unchecked')
        .flatMap((claim) => [`${claim} error`, `${claim} warning`]),
    ],
  ])('%s', (level, expected) => {
    const every = claims.flatMap((claim) => severities.map((severity) => `${claim} ${severity}`));
    const failing = every.filter((words) => fails(finding(words), policy([level])));
    expect(failing.toSorted()).toEqual([...expected].toSorted());
    expect(every.filter((words) => fails(finding(words), policy([])))).toEqual([]);
  });
});

test('the report keeps the run, the order of the configs and their findings', () => {
  const configs = [config('drift warning'), config('invalid error'), config()];
  expect(judged(configs)).toEqual({
    target: 'redis://a',
    checkedAt: 1,
    verdict: 'fail',
    reason: 'invalid',
    exitCode: 1,
    failOn: new Set(['invalid', 'breaking']),
    onlyNew: false,
    counts: { INVALID: 1, UNCHECKED: 0, DRIFT: 1, OK: 1 },
    configs: [
      { ...configs[0], status: 'DRIFT' },
      { ...configs[1], status: 'INVALID' },
      { ...configs[2], status: 'OK' },
    ],
  });
});

test('what nobody wanted checked is UNCHECKED, and no reason to be inconclusive', () => {
  const report = judged([config('unchecked notice')]);
  expect(report).toMatchObject({ verdict: 'pass', exitCode: 0, counts: { UNCHECKED: 1 } });
});

test('what was so before fails unless only what is new may', () => {
  const before = { ...finding('invalid error'), isDebt: true } as const;
  expect(fails(before, policy())).toBe(true);
  expect(fails(before, { ...policy(), onlyNew: true })).toBe(false);
  expect(fails(finding('invalid error'), { ...policy(), onlyNew: true })).toBe(true);
});

const findings = fc
  .record({ claim: fc.constantFrom(...claims), severity: fc.constantFrom(...severities) })
  .chain(({ claim, severity }) =>
    claim === 'unchecked'
      ? fc.constantFrom(...reasons).map((reason) => `${claim} ${severity} ${reason}`)
      : fc.constant(`${claim} ${severity}`),
  );
const runs = fc.record({
  configs: fc.array(fc.array(findings, { maxLength: 4 }), { maxLength: 5 }),
  levels: fc.subarray([...failLevels]),
  allowUnchecked: fc.boolean(),
});

describe('of any run', () => {
  test('green means that nothing failed and nothing was left unchecked without leave', () => {
    fc.assert(
      fc.property(runs, ({ configs, levels, allowUnchecked }) => {
        const asked = policy(levels, allowUnchecked);
        const { exitCode, verdict, reason } = judged(
          configs.map((each) => config(...each)),
          asked,
        );
        const all = configs.flat().map(finding);
        const anyFails = all.some((each) => fails(each, asked));
        const anyUnchecked = all.some(
          ({ claim, severity }) => claim === 'unchecked' && severity !== 'notice',
        );
        expect(verdict).toBe(anyFails ? 'fail' : anyUnchecked ? 'inconclusive' : 'pass');
        expect(exitCode === 0).toBe(!anyFails && (!anyUnchecked || allowUnchecked));
        expect(reason === undefined).toBe(verdict === 'pass');
      }),
    );
  });

  test('every config is counted once, and one finding more never betters its status', () => {
    fc.assert(
      fc.property(runs, findings, ({ configs }, more) => {
        const before = judged(configs.map((each) => config(...each)));
        const after = judged(configs.map((each) => config(...each, more)));
        expect(Object.values(before.counts).reduce((sum, count) => sum + count, 0)).toBe(configs.length);
        before.configs.forEach(({ status }, index) => {
          const then = after.configs[index]?.status ?? 'OK';
          expect(statuses.indexOf(then)).toBeLessThanOrEqual(statuses.indexOf(status));
        });
      }),
    );
  });
});
