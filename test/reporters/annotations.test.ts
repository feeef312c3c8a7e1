import { describe, expect, test } from 'vitest';
import type { Severity } from '../../src/core/finding.ts';
import { code, name, phrase, vouch } from '../../src/core/phrase.ts';
import type { Place } from '../../src/core/redaction.ts';
import type { Report } from '../../src/core/verdict.ts';
import { annotations } from '../../src/reporters/annotations.ts';
import { changed, guarded, unreachable } from './reports.ts';
import { situations } from './situations.ts';
import { reportOf } from './synthetic.ts';

function lines(report: Report): readonly string[] {
  const text = annotations(report);
  expect(text === '' || text.endsWith('\n')).toBe(true);
  return text.split('\n').slice(0, -1);
}

describe('an annotation', () => {
  test('marks the line of the file that it is about', async () => {
    const { report } = await guarded({
      live: { processing_prefs: changed('processing_prefs', { retry_count: 4 }) },
    });
    expect(lines(report)[0]).toBe(
      '::warning file=debug/processing_prefs.json,line=12,col=3,title=processing_prefs%3A drift::/retry_count: the fallback has 3, Redis has 4',
    );
  });

  test('marks no line of a file that ships with the guardian', () => {
    const location = { file: vouch('builtin:schemas/a.schema.json'), line: 3, column: 5 };
    expect(lines(reportOf([{ location }]))).toEqual(['::error title=any%3A check::said']);
  });

  test('has the advice in a line of its own', () => {
    const advice = phrase`do ${code('this')}`;
    expect(lines(reportOf([{ advice }]))).toEqual(['::error title=any%3A check::said%0A→ do this']);
  });

  test('spells what a command would take for its own', () => {
    const file = vouch('a,b:c%d.json');
    const location = { file, line: 1, column: 1 };
    const said = phrase`100 %0A ${name('::error::\r\n')}`;
    expect(lines(reportOf([{ location, phrase: said, place: '/a::b\n' as Place }]))).toEqual([
      '::error file=a%2Cb%3Ac%25d.json,line=1,col=1,title=any%3A check::/a::b\\u000a: 100 %250A ::error::\\u000d\\u000a',
    ]);
  });

  test('is shorter than what GitHub cuts off, and never ends within an escape', () => {
    const [line = ''] = lines(reportOf([{ phrase: phrase`${name('%'.repeat(9000))}` }]));
    const message = line.replace(/^::error [^:]*::/, '');
    expect(message).toMatch(/^(?:%25)+…$/);
    expect(decodeURIComponent(message).length).toBeLessThanOrEqual(2000);
  });
});

describe('of each level no more are told than GitHub keeps', () => {
  const severities: readonly Severity[] = ['error', 'warning', 'notice'];

  test.each([
    [0, []],
    [10, []],
    [11, ['2 more findings of this level are in the job summary']],
    [500, ['491 more findings of this level are in the job summary']],
  ])('%i findings', (count, rest) => {
    for (const severity of severities) {
      const told = lines(reportOf(Array.from({ length: count }, () => ({ severity }))));
      expect(told).toHaveLength(Math.min(count, 10));
      expect(told.filter((line) => line.includes('more findings'))).toEqual(
        rest.map((words) => `::${severity} title=Redis Config Guardian::${words}`),
      );
    }
  });

  test('errors come first, and among them those of the gravest config', async () => {
    const { report } = await guarded({
      live: { magic_link_tokens: '[]', routing_rules: { kind: 'absent' } },
      files: { 'debug/webhook_config.json': '{"webhook_delivery_mode": "xml"}' },
    });
    const told = lines(report).map((line) => /^::(\w+) .*title=(\w+)/.exec(line)?.slice(1).join(' '));
    expect(told.slice(0, 4)).toEqual([
      'error routing_rules',
      'error magic_link_tokens',
      'error webhook_config',
      // What the server says of all, told with the first of them.
      'warning processing_prefs',
    ]);
  });
});

test('what stopped all configs alike is told once', async () => {
  const { report } = await guarded(situations['nothing answers']);
  expect(lines(report)).toHaveLength(1);
});

test('in a run that is allowed to be inconclusive nothing unchecked is an error', async () => {
  const given = { live: { routing_rules: unreachable } };
  const level = async (allowUnchecked: boolean) => {
    const { report } = await guarded({ ...given, policy: { allowUnchecked } });
    return lines(report)
      .filter((line) => line.includes('nothing answers'))
      .map((line) => line.split(' ', 1)[0]);
  };
  expect(await level(false)).toEqual(['::error']);
  expect(await level(true)).toEqual(['::warning']);
});
