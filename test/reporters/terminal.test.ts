import { stripVTControlCharacters } from 'node:util';
import picocolors from 'picocolors';
import { describe, expect, test } from 'vitest';
import { code, name, phrase, vouch } from '../../src/core/phrase.ts';
import type { Place } from '../../src/core/redaction.ts';
import { colourless } from '../../src/reporters/index.ts';
import { terminal } from '../../src/reporters/terminal.ts';
import { changed, guarded, unreachable } from './reports.ts';
import { situations } from './situations.ts';
import { reportOf } from './synthetic.ts';

const plainly = { palette: colourless };

describe('at a terminal', () => {
  test('the verdict is the last line', async () => {
    const text = terminal((await guarded({ live: { webhook_config: '{}' } })).report, plainly);
    expect(text.split('\n').slice(-2)).toEqual(['✗ The run failed (invalid): 1 INVALID, 3 OK.', '']);
  });

  test.each([
    ['passed', {}, '✓ The run passed: 4 OK.'],
    [
      'inconclusive',
      { live: { webhook_config: unreachable } },
      '? The run is inconclusive (unreachable): 1 UNCHECKED, 3 OK.',
    ],
    [
      'inconclusive and allowed',
      { live: { webhook_config: unreachable }, policy: { allowUnchecked: true } },
      '? The run is inconclusive (unreachable), which it was told to allow: 1 UNCHECKED, 3 OK.',
    ],
    [
      'passed with drift',
      { live: { webhook_config: changed('webhook_config', { webhook_ssl_verify: false }) } },
      '✓ The run passed: 1 DRIFT, 3 OK.',
    ],
  ])('a run that %s says so', async (_fact, situation, verdict) => {
    expect(terminal((await guarded(situation)).report, plainly)).toContain(verdict);
  });

  test('a finding has its place, what was found, where, and what to do', () => {
    const finding = {
      place: '/a/b' as Place,
      phrase: phrase`found ${name('x')}`,
      advice: phrase`do ${code('this')}`,
      location: { file: vouch('a.json'), line: 3, column: 5 },
    };
    expect(terminal(reportOf([finding]), plainly)).toContain(
      [
        'any  p:any0',
        '  ✗ /a/b: found x [check]',
        '      at a.json:3:5',
        '      → do this',
        '',
        '✗ The run failed (invalid): 1 INVALID.',
      ].join('\n'),
    );
  });

  test('no more than ten findings of a check are told, of each check', () => {
    const findings = (check: string, count: number) => Array.from({ length: count }, () => ({ check }));
    const text = terminal(reportOf([...findings('a', 12), ...findings('b', 3)]), plainly);
    expect(text.match(/said \[a\]/g)).toHaveLength(10);
    expect(text.match(/said \[b\]/g)).toHaveLength(3);
    expect(text).toContain('    and 2 more [a]: --format json lists them\n');
    expect(text).toContain('  ✗ INVALID    any  15 findings\n');
  });

  test('what stopped every config is told once', async () => {
    const text = terminal((await guarded(situations['nothing answers'])).report, plainly);
    expect(text.match(/nothing answers at/g)).toHaveLength(1);
  });

  test('what stopped a single one is told with it', async () => {
    const text = terminal((await guarded({ live: { webhook_config: unreachable } })).report, plainly);
    expect(text).not.toContain('All configs');
    expect(text).toContain('webhook_config  r:ss:config:webhook_config\n  ? nothing answers at');
  });

  test('a report without configs is a report', () => {
    expect(terminal(reportOf(), plainly)).toBe(
      'Redis Config Guardian  redis://a\n\n\n✓ The run passed: no configs.\n',
    );
  });

  test.each(Object.entries(situations))(
    'colours change nothing but colours: %s',
    async (_name, situation) => {
      const { report, raw } = await guarded(situation);
      const coloured = terminal(report, { palette: picocolors.createColors(true), raw });
      expect(coloured).toContain('\u001b[');
      expect(stripVTControlCharacters(coloured)).toBe(terminal(report, { palette: colourless, raw }));
    },
  );

  test('raw values stand below the findings, each line behind a bar', async () => {
    const { report, raw } = await guarded({ live: { routing_rules: '{"rules": []}' } });
    const text = terminal(report, { ...plainly, raw });
    const block = ['routing_rules  value in Redis', '  | {', '  |   "rules": []', '  | }', ''];
    expect(text).toContain(block.join('\n'));
    expect(text.indexOf('value in Redis')).toBeGreaterThan(text.indexOf('[tokens]'));
  });
});
