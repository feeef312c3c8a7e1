import { describe, expect, test } from 'vitest';
import { name, phrase } from '../../src/core/phrase.ts';
import type { Place } from '../../src/core/redaction.ts';
import { SUMMARY_LIMIT } from '../../src/reporters/index.ts';
import { entities, markdown } from '../../src/reporters/markdown.ts';
import { changed, guarded, unreachable } from './reports.ts';
import { situations } from './situations.ts';
import { reportOf } from './synthetic.ts';

const bytes = (text: string) => new TextEncoder().encode(text).length;

/** As many findings as asked for, spread over so many checks that none is abridged away, with long places. */
function many(count: number, length: number) {
  return reportOf(
    ...[0, 1, 2, 3].map((config) =>
      Array.from({ length: count / 4 }, (_, index) => ({
        check: `check-${index % 300}`,
        place: `/${String(config)}${'é'.repeat(length)}` as Place,
      })),
    ),
  );
}

describe('whatever there is to tell, it fits:', () => {
  test.each([
    ['five thousand findings into a summary', many(5000, 300), SUMMARY_LIMIT],
    ['five thousand findings into a comment', many(5000, 100), 65_536],
    ['five thousand findings into very little', many(5000, 10), 2000],
    ['a name as long as the limit', many(4, 600_000), SUMMARY_LIMIT],
    ['a few names that fill the limit together', many(4, 140_000), SUMMARY_LIMIT],
  ])('%s', (_fact, report, limit) => {
    const text = markdown(report, { limit });
    expect(bytes(text)).toBeLessThanOrEqual(limit);
    const [title, , verdict, , header, ruler, ...rows] = text.split('\n');
    expect(title).toBe('## ❌ Redis Config Guardian failed: 4 INVALID');
    expect(verdict).toBe('<code>redis&#58;//a</code><br>The run failed (invalid).');
    expect([header, ruler]).toEqual(['| | Config | Status | What |', '|---|---|---|---|']);
    expect(rows.slice(0, 4).map((row) => row.split(' | ').slice(0, 3).join(' '))).toEqual(
      [0, 1, 2, 3].map((index) => `| ❌ <code>any${index}</code> INVALID`),
    );
    expect(text).toMatch(/(?:_\d more sections? didn't fit: see|- and more:) the JSON report/);
    expect(text.match(/<details/g)?.length ?? 0).toBe(text.match(/<\/details>/g)?.length ?? 0);
  });

  test('what fits is told whole, without a word about the rest', () => {
    const text = markdown(many(8, 3), { limit: SUMMARY_LIMIT });
    expect(text).not.toContain("didn't fit");
    expect(text.match(/<details open>/g)).toHaveLength(4);
  });

  test('raw values are shed before findings', async () => {
    const { report, raw } = await guarded({ live: { routing_rules: '{"rules": []}' } });
    const whole = markdown(report, { limit: SUMMARY_LIMIT, raw });
    const text = markdown(report, { limit: bytes(whole) - 10, raw });
    expect(text).toContain('<details open>');
    expect(text).toContain('processing&#95;prefs</code>: value in Redis');
    expect(text).not.toContain('magic&#95;link&#95;tokens</code>: value in Redis');
    expect(text).toMatch(/_1 more section didn't fit: see the JSON report\._\n$/);
  });
});

describe('the summary', () => {
  test('has a row per config, the gravest first', async () => {
    const { report } = await guarded({
      live: {
        processing_prefs: changed('processing_prefs', { retry_count: 1 }),
        webhook_config: '{}',
        magic_link_tokens: unreachable,
      },
    });
    const rows = markdown(report, { limit: SUMMARY_LIMIT })
      .split('\n')
      .filter((line) => line.startsWith('| ') && line.includes('<code>'))
      .map((row) => row.split('|')[3]?.trim());
    expect(rows).toEqual(['INVALID', 'UNCHECKED', 'DRIFT', 'OK']);
  });

  test('opens what is not OK and closes what is', async () => {
    const { report } = await guarded({ live: { webhook_config: '{}' } });
    const text = markdown(report, { limit: SUMMARY_LIMIT });
    expect(text).toContain('<details open><summary>❌ <code>webhook&#95;config</code>: INVALID</summary>');
    expect(text).toContain('<details><summary>✅ <code>magic&#95;link&#95;tokens</code>: OK</summary>');
  });

  test('links the pages of the checks where it knows them', async () => {
    const { report } = await guarded({ live: { webhook_config: '{}' } });
    expect(markdown(report, { limit: SUMMARY_LIMIT, docs: 'https://docs.example' })).toContain(
      '<sub>[presence](https://docs.example/presence.md)</sub>',
    );
    expect(markdown(report, { limit: SUMMARY_LIMIT })).toContain('<sub>presence</sub>');
  });

  test('tells no more than twenty findings of a check', () => {
    const text = markdown(reportOf(Array.from({ length: 25 }, () => ({}))), { limit: SUMMARY_LIMIT });
    expect(text.match(/^- ❌/gm)).toHaveLength(20);
    expect(text).toContain('- and 5 more <sub>check</sub>');
  });

  test('tells once what stopped every config', async () => {
    const { report } = await guarded(situations['nothing answers']);
    const text = markdown(report, { limit: SUMMARY_LIMIT });
    expect(text.match(/^- /gm)).toHaveLength(1);
    expect(text).not.toContain('<details');
  });

  test('keeps a hidden value in one piece of code', () => {
    const said = phrase`found ${name('x')}`;
    expect(markdown(reportOf([{ phrase: said }]), { limit: SUMMARY_LIMIT })).toContain(
      'found <code>x</code>',
    );
  });
});

describe('foreign text', () => {
  test.each([
    ['a & b', 'a &#38; b'],
    ['<b>', '&#60;b&#62;'],
    ['a|b', 'a&#124;b'],
    ['`*_~[]\\', '&#96;&#42;&#95;&#126;&#91;&#93;&#92;'],
    ['@a $x$', '&#64;a &#36;x&#36;'],
    ['https://a', 'https&#58;//a'],
    ['WWW.a', 'WWW&#46;a'],
    ['a: b. c', 'a: b. c'],
    ['a\r\n\tb', 'a b'],
    ['a\u200bb\u202e\u{e0041}', 'ab'],
    ['é 緊急 😀', 'é 緊急 😀'],
  ])('%o is spelled %o', (text, expected) => {
    expect(entities(text)).toBe(expected);
  });
});
