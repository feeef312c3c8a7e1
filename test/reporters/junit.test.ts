import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { validateXML } from 'xmllint-wasm';
import { vouch } from '../../src/core/phrase.ts';
import type { Place } from '../../src/core/redaction.ts';
import type { Report } from '../../src/core/verdict.ts';
import { render } from '../../src/reporters/index.ts';
import { changed, extras, guarded } from './reports.ts';
import { situations } from './situations.ts';
import { reportOf } from './synthetic.ts';

const official = readFileSync(new URL('../official/jenkins-junit.xsd', import.meta.url), 'utf8');

const xml = (report: Report) => render('junit', report, extras);

async function objections(texts: readonly string[]): Promise<readonly unknown[]> {
  const files = texts.map((contents, index) => ({ fileName: `${index}.xml`, contents }));
  const { errors } = await validateXML({ xml: files, schema: official });
  return errors;
}

test('the official schema accepts every situation', async () => {
  const reports = await Promise.all(Object.values(situations).map((situation) => guarded(situation)));
  expect(await objections(reports.map(({ report }) => xml(report)))).toEqual([]);
});

test('the official schema objects to what it does not know', async () => {
  expect(await objections(['<testsuites><case/></testsuites>'])).not.toEqual([]);
});

test('it is XML whatever names hold', async () => {
  const text = fc.string({ unit: 'binary', maxLength: 30 });
  const hostile = ['\0', '\ud800', '\ufffe', ']]>', '"\'<&>', '😀', '\u001b[31m', '&#0;'];
  const texts = [...hostile, ...fc.sample(text, 200)].map((name) =>
    xml(
      reportOf([{ place: name as Place, check: name, location: { file: vouch(name), line: 1, column: 1 } }]),
    ),
  );
  expect(await objections(texts)).toEqual([]);
});

describe('a case', () => {
  // What can only be asked of the past is no case where nobody asked.
  const always = extras.rules.filter(({ isOfPast }) => isOfPast !== true);

  test('is there for every check of every config, found or not', async () => {
    const { report } = await guarded();
    expect(xml(report).match(/<testcase /g)).toHaveLength(report.configs.length * always.length);
    expect(xml(report)).toContain('<testcase name="shape" classname="redis-config-guardian.routing_rules"');
    expect(xml(report)).toContain('failures="0" errors="0"');
  });

  test('fails when its findings fail the run, else they are its output', async () => {
    const live = { webhook_config: changed('webhook_config', { webhook_delivery_mode: 'form' }) };
    const warned = await guarded({ live });
    expect(xml(warned.report)).toContain('<system-out>warning: /webhook_delivery_mode');
    expect(xml(warned.report)).not.toContain('<failure');
    const failed = await guarded({ live, policy: { failOn: new Set(['invalid', 'drift']) } });
    expect(xml(failed.report)).toContain('<failure message="warning: /webhook_delivery_mode');
    expect(xml(failed.report)).toContain('failures="1"');
  });

  test('that could not be checked is an error, and skipped where that is allowed', async () => {
    const live = situations['nothing answers']?.live ?? {};
    const strict = xml((await guarded({ live })).report);
    expect(strict).toContain('errors="4"');
    // Nothing passes of which nothing was seen.
    expect(strict).not.toMatch(/<testcase [^>]*\/>/);
    const lenient = xml((await guarded({ live, policy: { allowUnchecked: true } })).report);
    expect(lenient).toContain('errors="0"');
    expect(lenient.match(/<skipped>/g)).toHaveLength(4 * always.length);
  });
});
