import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, test } from 'vitest';
import { formats } from '../../src/adapters/ajv/formats.ts';
import { plain } from '../../src/core/plain.ts';
import { json } from '../../src/reporters/json.ts';
import { extras, guarded, type Situation, unreachable } from './reports.ts';
import { situations } from './situations.ts';

const schema = JSON.parse(readFileSync(new URL('../../schemas/report.schema.json', import.meta.url), 'utf8'));
const validate = new Ajv2020({ allErrors: true, formats }).compile(schema);

describe('the JSON report satisfies its schema', () => {
  const { 'hostile names': hostile, ...others } = situations;

  async function expectToSatisfy(situation: Situation | undefined): Promise<void> {
    const { report } = await guarded(situation);
    validate(JSON.parse(json(report, extras.tool)));
    expect(validate.errors ?? []).toEqual([]);
  }

  test.each(Object.entries(others))('%s', async (_name, situation) => {
    await expectToSatisfy(situation);
  });

  test('hostile names', async () => {
    await expectToSatisfy(hostile);
  });
});

describe('the JSON report', () => {
  test('ends with a line break, and begins with what it is', async () => {
    const text = json((await guarded()).report, extras.tool);
    expect(text).toMatch(/^\{\n {2}"format": "redis-config-guardian\/report",\n {2}"version": 1,\n/);
    expect(text.endsWith('}\n')).toBe(true);
  });

  test('has a reason exactly when the verdict is not pass', async () => {
    const passed = JSON.parse(json((await guarded()).report, extras.tool));
    expect(passed).toMatchObject({ verdict: 'pass', reason: null, exitCode: 0 });
    const { report } = await guarded({ live: { routing_rules: unreachable } });
    expect(JSON.parse(json(report, extras.tool))).toMatchObject({
      verdict: 'inconclusive',
      reason: 'unreachable',
      exitCode: 2,
    });
  });

  test('gives each message as text and in parts that make the same text', async () => {
    const { report } = await guarded(situations['keys are elsewhere']);
    const { configs } = JSON.parse(json(report, extras.tool));
    const told = report.configs.flatMap(({ findings }) => findings.map((finding) => plain(finding.phrase)));
    const published = configs.flatMap((config: { findings: { message: { text: string } }[] }) =>
      config.findings.map(({ message }) => message.text),
    );
    expect(published).toEqual(told);
    const [message] = configs[0].findings.map((finding: { message: unknown }) => finding.message);
    expect(message).toEqual({
      text: 'the key r:ss:config:processing_prefs is missing',
      parts: [
        { kind: 'text', text: 'the key ' },
        { kind: 'code', text: 'r:ss:config:processing_prefs' },
        { kind: 'text', text: ' is missing' },
      ],
    });
  });

  test('can be read back: what a log would obey is spelled another way, not changed', async () => {
    const nasty = '\u001b[1m ##[error]x \u202e \u2028 \u{e0041} \u007f \u0085';
    const { report } = await guarded({ live: { routing_rules: { kind: 'wrong-type', type: nasty } } });
    const text = json(report, extras.tool);
    expect(text.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]|##\[/u);
    const { message } = JSON.parse(text).configs[1].findings[0];
    expect(message.text).toBe(`the key holds a Redis ${nasty}, not a string`);
  });

  test('leaves out what there is not', async () => {
    const { report } = await guarded({ live: { routing_rules: { kind: 'absent' } } });
    const { configs } = JSON.parse(json(report, extras.tool));
    expect(configs[1]).not.toHaveProperty('summary');
    expect(configs[1].findings[0]).not.toHaveProperty('location');
  });
});
