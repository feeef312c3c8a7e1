import { describe, expect, test } from 'vitest';
import { legacy } from '../../src/reporters/legacy.ts';
import { changed, guarded, type Situation, unreachable } from './reports.ts';

/** The lines on one config, without the rule below them. */
async function lines(config: string, situation: Situation, withRaw = false): Promise<readonly string[]> {
  const { report, raw } = await guarded(situation);
  const blocks = legacy(report, withRaw ? raw : undefined).split(`${'-'.repeat(40)}\n`);
  expect(blocks).toHaveLength(5);
  const found = blocks.find((block) => block.startsWith(`${config}: `)) ?? '';
  return found.split('\n').slice(0, -1);
}

const rules = (text: string): Situation => ({ live: { routing_rules: text } });

describe('the app’s own checker would print', () => {
  test.each<[string, Situation, readonly string[]]>([
    [
      'sizes of a sound value, in the order of their names',
      rules(
        '{"z": [1, 2], "rules": [], "b": {}, "a": {"x": 1}, "n": 1, "_updated_at": "2026-11-02T09:00:00Z"}',
      ),
      ['routing_rules: OK', '_updated_at=2026-11-02T09:00:00Z; dict_sizes=a:1, b:0; list_sizes=rules:0, z:2'],
    ],
    [
      'the number of members where there are no sizes',
      { live: { webhook_config: '{"webhook_url": ""}' } },
      ['webhook_config: OK', 'keys=1'],
    ],
    ['an empty value that is allowed', rules('{}'), ['routing_rules: OK', '<vide>']],
    [
      'an empty value that is not',
      { live: { webhook_config: '{}' } },
      ['webhook_config: INVALID (payload is empty)', '<vide>'],
    ],
    ['a value that is no object', rules('[1]'), ['routing_rules: INVALID (payload is not a dict)', '<vide>']],
    [
      'a value that was encoded twice',
      rules('"{}"'),
      ['routing_rules: INVALID (payload is not a dict)', '<vide>'],
    ],
    ['what it reads as empty: no JSON', rules('{'), ['routing_rules: INVALID (payload is empty)', '<vide>']],
    [
      'what it reads as empty: nothing',
      { live: { routing_rules: { kind: 'absent' } } },
      ['routing_rules: INVALID (payload is empty)', '<vide>'],
    ],
    [
      'what it reads as empty: another type',
      { live: { routing_rules: { kind: 'wrong-type', type: 'hash' } } },
      ['routing_rules: INVALID (payload is empty)', '<vide>'],
    ],
    [
      'what it does not know, in our words: the schema',
      rules('{"rules": 1}'),
      ['routing_rules: INVALID (/rules: expected array; found ‹hidden number, #cef4ca70›)', 'keys=1'],
    ],
    [
      'what it does not know, in our words: that nothing answers',
      { live: { routing_rules: unreachable } },
      ['routing_rules: UNCHECKED (nothing answers at 127.0.0.1:6379 (ECONNREFUSED))', '<vide>'],
    ],
    [
      'no drift, which it does not know either',
      { live: { processing_prefs: '{"retry_count": 1}' } },
      ['processing_prefs: OK', 'keys=1'],
    ],
  ])('%s', async (_fact, situation, expected) => {
    const [headline = ''] = expected;
    const printed = await lines(headline.split(':', 1)[0] ?? '', situation);
    expect(printed.map((line) => line.replace(/#[0-9a-f]{8}/g, '#'))).toEqual(
      expected.map((line) => line.replace(/#[0-9a-f]{8}/g, '#')),
    );
  });

  test('each config in the order of the app, whatever its status, with forty dashes below', async () => {
    const { report } = await guarded({ live: { magic_link_tokens: '{}' } });
    const printed = legacy(report).split('\n');
    expect(
      printed.filter((_line, index) => index % 3 === 0 && index < 12).map((line) => line.split(':')[0]),
    ).toEqual(['processing_prefs', 'routing_rules', 'webhook_config', 'magic_link_tokens']);
    expect(printed.filter((line) => line === '-'.repeat(40))).toHaveLength(4);
  });

  test('tokens by their digests', async () => {
    const [, outline] = await lines('magic_link_tokens', {});
    expect(outline).toMatch(/; dict_sizes=‹#[0-9a-f]{8}›:4, ‹#[0-9a-f]{8}›:4$/);
  });
});

describe('with raw values it prints', () => {
  test('the whole value as JSON', async () => {
    expect(await lines('routing_rules', rules('{"rules": [], "_updated_at": null}'), true)).toEqual([
      'routing_rules: OK',
      '{',
      '  "rules": [],',
      '  "_updated_at": null',
      '}',
    ]);
  });

  test('JSON that reads back as the value, whatever is in it', async () => {
    const value = { exclude_keywords: ['\u001b[1m', '\u202e', '\u{e0041}', '\u0085', '緊急'] };
    const [, ...json] = await lines(
      'processing_prefs',
      { live: { processing_prefs: JSON.stringify(value) } },
      true,
    );
    expect(JSON.parse(json.join('\n'))).toEqual(value);
  });

  test('the value even where it is INVALID, unless secrets may be anywhere in it', async () => {
    const prefs = { live: { processing_prefs: changed('processing_prefs', { retry_count: 99 }) } };
    expect(await lines('processing_prefs', prefs, true)).toContain('  "retry_count": 99,');
    const tokens = { live: { magic_link_tokens: '{"tokens": {"abcdef": {"consumed": true}}}' } };
    expect((await lines('magic_link_tokens', tokens, true)).join('\n')).not.toContain('abcdef');
  });
});
