import { readFileSync } from 'node:fs';
import { Ajv } from 'ajv';
import formats from 'ajv-formats';
import fc from 'fast-check';
import type { Log, Result } from 'sarif';
import { describe, expect, test } from 'vitest';
import { phrase, vouch } from '../../src/core/phrase.ts';
import type { Place } from '../../src/core/redaction.ts';
import type { Report } from '../../src/core/verdict.ts';
import { keyedDigest } from '../../src/faces/digest.ts';
import { type Extras, render } from '../../src/reporters/index.ts';
import { changed, extras, guarded } from './reports.ts';
import { situations } from './situations.ts';
import { reportOf } from './synthetic.ts';

const official = JSON.parse(
  readFileSync(new URL('../official/sarif-2.1.0.schema.json', import.meta.url), 'utf8'),
  // The one for languages has a bracket too many, which no engine for patterns takes.
  (name, value: unknown) => (name === 'pattern' && String(value).endsWith('{2}]?$') ? undefined : value),
);
const ajv = new Ajv({ strict: false, allErrors: true });
formats.default(ajv);
const validate = ajv.compile(official);

function logOf(report: Report, more: Partial<Extras> = {}): Log {
  const log: Log = JSON.parse(render('sarif', report, { ...extras, ...more }));
  validate(log);
  expect(validate.errors ?? []).toEqual([]);
  return log;
}

function resultsOf(report: Report, more?: Partial<Extras>): readonly Result[] {
  return logOf(report, more).runs[0]?.results ?? [];
}

const fingerprints = (report: Report) =>
  resultsOf(report).map(({ partialFingerprints }) => partialFingerprints?.['primaryLocationLineHash']);

describe('the official schema accepts', () => {
  test.each(Object.entries(situations))('%s', async (_name, situation) => {
    const { report } = await guarded(situation);
    const results = resultsOf(report);
    expect(results).toHaveLength(report.configs.flatMap(({ findings }) => findings).length);
    // GitHub refuses an upload with a result that is nowhere.
    for (const { locations } of results) expect(locations?.[0]?.physicalLocation).toBeDefined();
  });

  test('a report whose names are arbitrary text', () => {
    const text = fc.string({ unit: 'binary', maxLength: 30 });
    fc.assert(
      fc.property(text, text, (file, place) => {
        const location = { file: vouch(file), line: 1, column: 1 };
        logOf(reportOf([{ place: place as Place, location }]), {
          identity: { environment: file, label: place },
        });
      }),
    );
  });
});

test('every check is a rule with a question and the address of its page', async () => {
  const { report } = await guarded();
  const docs = 'https://docs.example/checks';
  const rules = logOf(report, { docs }).runs[0]?.tool.driver.rules ?? [];
  expect(rules.map(({ id }) => id)).toEqual(extras.rules.map(({ id }) => id));
  for (const { id, helpUri, shortDescription } of rules) {
    expect(helpUri).toBe(`${docs}/${id}.md`);
    expect(shortDescription?.text).toMatch(/\?$/);
  }
});

describe('a fingerprint', () => {
  const live = {
    processing_prefs: changed('processing_prefs', { retry_count: 11 }),
    webhook_config: changed('webhook_config', { webhook_url: 'https://hook.example/one', 'a b': 1 }),
  };

  test('is the same in a run with another key of digests, and when lines have moved', async () => {
    const fallback = `\n\n${changed('webhook_config', {})}`;
    const one = await guarded({ live, digest: keyedDigest('the key of one run') });
    const other = await guarded({
      live,
      digest: keyedDigest('the key of the other'),
      files: { 'debug/webhook_config.json': fallback },
    });
    expect(render('sarif', one.report, extras)).not.toBe(render('sarif', other.report, extras));
    expect(fingerprints(one.report)).toEqual(fingerprints(other.report));
  });

  test.each(Object.entries(situations))('is no other finding’s: %s', async (_name, situation) => {
    const { report } = await guarded(situation);
    const all = fingerprints(report);
    expect(new Set(all).size).toBe(all.length);
  });
});

describe('a result', () => {
  test('points to the line of the file, or to the fallback when it is about Redis alone', async () => {
    const { report } = await guarded({
      live: {
        processing_prefs: changed('processing_prefs', { retry_count: 11 }),
        routing_rules: { kind: 'absent' },
      },
    });
    const places = resultsOf(report).map(({ ruleId, locations }) => {
      const { artifactLocation, region } = locations?.[0]?.physicalLocation ?? {};
      return `${ruleId} ${artifactLocation?.uriBaseId} ${artifactLocation?.uri}:${region?.startLine}`;
    });
    expect(places.slice(0, 2)).toEqual([
      'shape %SRCROOT% schemas/processing_prefs.schema.json:67',
      'drift %SRCROOT% debug/processing_prefs.json:12',
    ]);
    expect(places).toContain('presence %SRCROOT% debug/routing_rules.json:1');
  });

  test.each([
    ['./debug/a.json', { uri: 'debug/a.json', uriBaseId: '%SRCROOT%' }],
    ['debug//b/../a b.json', { uri: 'debug/a%20b.json', uriBaseId: '%SRCROOT%' }],
    ['../a.json', { uri: '../a.json', uriBaseId: '%SRCROOT%' }],
    ['/etc/./a.json', { uri: 'file:///etc/a.json' }],
  ])('names the file %s by its shortest address', (file, address) => {
    const location = { file: vouch(file), line: 1, column: 1 };
    const [first] = resultsOf(reportOf([{ location }]));
    expect(first?.locations?.[0]?.physicalLocation?.artifactLocation).toEqual(address);
  });

  test('has no file of the repository when only one that ships with the guardian is concerned', () => {
    const location = { file: vouch('builtin:schemas/a.schema.json'), line: 3, column: 1 };
    expect(resultsOf(reportOf([{ location }]))[0]?.locations?.[0]?.physicalLocation).toBeUndefined();
  });

  test('makes no link and fills in nothing, whatever it says', () => {
    const [first] = resultsOf(reportOf([{ place: '/[a](1){0}\\' as Place, phrase: phrase`said` }]));
    expect(first?.message.text).toBe('any /\\[a\\](1){{0}}\\\\: said');
  });

  test('that could not be checked is a warning where that is allowed, else an error', async () => {
    const live = situations['nothing answers']?.live ?? {};
    const strict = await guarded({ live });
    const lenient = await guarded({ live, policy: { allowUnchecked: true } });
    expect(new Set(resultsOf(strict.report).map(({ level }) => level))).toEqual(new Set(['error']));
    expect(new Set(resultsOf(lenient.report).map(({ level }) => level))).toEqual(new Set(['warning']));
  });
});

test('more than GitHub keeps is left out, the gravest configs first, and counted', () => {
  const notice = { severity: 'notice', claim: 'advice' } as const;
  const report = reportOf(Array(3000).fill(notice), Array(3000).fill({}));
  const [run] = logOf(report).runs;
  expect(run?.results).toHaveLength(5000);
  expect(run?.results?.[0]?.level).toBe('error');
  expect(run?.properties).toMatchObject({ leftOut: 1000 });
});

test('environment and label make another category', () => {
  const log = logOf(reportOf([]), { identity: { environment: 'production', label: 'a/b' } });
  expect(log.runs[0]?.automationDetails?.id).toBe('redis-config-guardian/production/a%2Fb/');
  const labelled = logOf(reportOf([]), { identity: { environment: '', label: 'production' } });
  expect(labelled.runs[0]?.automationDetails?.id).toBe('redis-config-guardian/-/production/');
});
