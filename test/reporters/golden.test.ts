import { describe, expect, test } from 'vitest';
import { formatNames, render } from '../../src/reporters/index.ts';
import { changed, extras, guarded } from './reports.ts';
import { situations } from './situations.ts';

/** Reports as people read them. `vitest run -u test/reporters` accepts a change: look at each first. */

const extensions = {
  terminal: 'txt',
  json: 'json',
  markdown: 'md',
  annotations: 'annotations.txt',
  legacy: 'legacy.txt',
  sarif: 'sarif',
  junit: 'junit.xml',
} as const;

describe.each(Object.keys(situations))('%s', (name) => {
  // Two hundred kilobytes of JSON are nothing that anybody looks at.
  const telling =
    name === 'many findings'
      ? formatNames.filter((format) => !['json', 'sarif'].includes(format))
      : formatNames;

  test.each(telling)('%s', async (format) => {
    const { report } = await guarded(situations[name]);
    const file = `./golden/${name.replaceAll(' ', '-')}.${extensions[format]}`;
    await expect(render(format, report, extras)).toMatchFileSnapshot(file);
  });
});

describe('with raw values', () => {
  test.each(formatNames)('%s', async (format) => {
    const { report, raw } = await guarded({
      live: {
        processing_prefs: changed('processing_prefs', { exclude_keywords: ['```', '##[x]', '\u202e'] }),
      },
    });
    const file = `./golden/raw-values.${extensions[format]}`;
    await expect(
      render(format, report, { ...extras, raw, docs: 'https://docs.example/checks' }),
    ).toMatchFileSnapshot(file);
  });
});
