import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { name, phrase, revealed, vouch } from '../../src/core/phrase.ts';
import type { Place } from '../../src/core/redaction.ts';
import type { Report } from '../../src/core/verdict.ts';
import type { Guarded } from '../../src/guard.ts';
import { type FormatName, render } from '../../src/reporters/index.ts';
import { changed, extras, guarded, rules } from './reports.ts';
import { reportOf } from './synthetic.ts';

/** Each is put wherever text from Redis can come from; MARK shows where it ended up. */
const payloads: readonly string[] = [
  'MARK\n::error::x',
  'MARK\r::set-output name=a::b',
  '\n  ::stop-commands::MARK',
  '::add-mask::MARK',
  '##[error]MARK',
  'MARK ##[group]x',
  '#\u200b#[error]MARK',
  '\u001b[31mMARK\u001b]8;;https://evil.example\u0007',
  '\u009b2JMARK',
  '\u202eMARK\u2066\u061c\u200f',
  'MARK\u2028::error::x\u2029\u0085',
  '<script>alert("MARK")</script>',
  '<!-- MARK',
  'MARK -->',
  '<img src=x onerror=MARK>',
  '`MARK`',
  '```\nMARK\n```',
  'MARK | x | y',
  'MARK\\',
  '@someone MARK',
  'MARK #1 GH-1 org/repo#1',
  'https://evil.example/MARK',
  'www.evil.example/MARK',
  '[MARK](https://evil.example)',
  '![MARK](https://evil.example)',
  '</details></summary></code>MARK',
  '$MARK$ $$MARK$$',
  'MARK]]>',
  'MARK%0A::error::x%0D%25',
  '*MARK* _MARK_ ~~MARK~~ **MARK**',
  ':tada: MARK',
  '&lt;MARK&gt; &amp; &#64;',
  '\n# MARK\n- MARK\n1. MARK\n> MARK\n---\n| MARK |\n',
];

/** The payload as a name, as a value that is shown, as a Redis type, as the name of a key, as a host. */
function hostile(payload: string): Promise<Guarded> {
  const [first = {}] = rules();
  return guarded({
    target: `redis://${payload}`,
    live: {
      processing_prefs: `{${JSON.stringify(payload)}: 1e999, ${JSON.stringify(payload)}: [1], "retry_count": 11}`,
      routing_rules: changed('routing_rules', {
        rules: [{ ...first, id: payload, name: payload }, first, first],
      }),
      webhook_config: { kind: 'wrong-type', type: payload },
      magic_link_tokens: { kind: 'absent' },
    },
    neighbours: {
      kind: 'found',
      names: [`${payload}:magic_link_tokens`],
      databases: new Map([['r:ss:config:magic_link_tokens', [1]]]),
    },
  });
}

/** Parts and places as no check makes them yet, all in one finding. */
function synthetic(payload: string): Report {
  const text = vouch(payload);
  return reportOf([
    {
      place: `/${payload}` as Place,
      phrase: phrase`${name(payload)} and ${revealed(JSON.stringify(payload))}`,
      advice: phrase`${name(payload)}`,
      location: { file: text, line: 1, column: 1 },
    },
  ]);
}

async function reports(payload: string): Promise<readonly Report[]> {
  return [(await hostile(payload)).report, synthetic(payload)];
}

const raw = (payload: string) => new Map([['any', { [payload]: [payload] }]]);

describe.each(payloads.map((payload) => ({ payload })))('$payload', ({ payload }) => {
  test.each(['terminal', 'annotations', 'legacy', 'json', 'sarif', 'junit'] as const)(
    'commands nobody in the format %s',
    async (format) => {
      for (const report of await reports(payload)) {
        expectNoCommand(format, render(format, report, { ...extras, raw: raw(payload) }));
      }
    },
  );

  test('is code and nothing else in Markdown', async () => {
    for (const report of await reports(payload)) {
      expectOnlyCode(render('markdown', report, { ...extras, docs: 'https://docs.example' }));
    }
  });

  test('stays within its fence when values are shown raw', () => {
    const bare = render('markdown', synthetic('x'), extras);
    const text = render('markdown', synthetic('x'), { ...extras, raw: raw(payload) });
    expect(text.startsWith(bare)).toBe(true);
    const [, opening = '', inside = '', closing = ''] =
      /^<details><summary>.*<\/summary>\n\n(`{3,})json\n([\s\S]*)\n(`{3,})\n\n<\/details>\n$/.exec(
        text.slice(bare.length).trimStart(),
      ) ?? [];
    expect(closing).toBe(opening);
    expect(
      inside.split('\n').filter((line) => new RegExp(`^ {0,3}\`{${opening.length},}\\s*$`).test(line)),
    ).toEqual([]);
    expect(inside.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
    expect(Object.keys(JSON.parse(inside))).toHaveLength(1);
  });
});

test('no text at all does', async () => {
  const pieces = fc.oneof(
    fc.constantFrom(
      '##[',
      '::',
      '\r',
      '\u001b[',
      '<',
      '`',
      '|',
      '@',
      '](',
      '://',
      'www.',
      '</code>',
      '&',
      '%0A',
    ),
    fc.string({ unit: 'binary' }),
  );
  const anything = fc.array(pieces, { minLength: 1, maxLength: 8 }).map((list) => list.join(''));
  await fc.assert(
    fc.asyncProperty(anything, async (payload) => {
      for (const report of await reports(payload)) {
        for (const format of ['terminal', 'annotations', 'legacy', 'json', 'sarif', 'junit'] as const) {
          expectNoCommand(format, render(format, report, { ...extras, raw: raw(payload) }));
        }
        expectOnlyCode(render('markdown', report, { ...extras, docs: 'https://docs.example' }));
      }
    }),
    { numRuns: 60 },
  );
});

function expectNoCommand(format: FormatName, text: string): void {
  expect(text.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
  expect(text).not.toContain('##[');
  const lines = text.split('\n').slice(0, -1);
  const commands = lines.filter((line) => line.trimStart().startsWith('::'));
  expect(commands).toEqual(format === 'annotations' ? lines : []);
  for (const command of commands) expect(command).toMatch(OURS);
}

/** A command of the annotations: its properties hold no colon or comma that isn't spelled out. */
const OURS =
  /^::(?:error|warning|notice) (?:file=[^:,]*,line=\d+,col=\d+,)?title=(?:[a-z_0-9]+%3A [a-z-]+|Redis Config Guardian)::[^\r\n]*$/;

/** Without code, and without the tags and links that are ours, nothing is left that a renderer takes for markup. */
function expectOnlyCode(whole: string): void {
  // Commands stand in a block that ends where it says so; a shell takes names for names, as another test shows.
  const text = whole.replace(/^(`{3,})sh\n[\s\S]*?\n\1$/gm, '');
  const codes = text.match(/<code>[^<]*<\/code>/g) ?? [];
  for (const code of codes) {
    const inside = code.slice('<code>'.length, -'</code>'.length);
    expect(inside).not.toMatch(/[<>"'`*_[\]\\|~@$]|:\/\/|www\.|&(?!#\d+;)/);
  }
  const prose = text.replace(/<code>[^<]*<\/code>/g, '');
  expect(prose).not.toContain('MARK');
  expect(prose).not.toContain('evil');
  const bare = prose
    .replace(/<details(?: open)?><summary>|<\/summary>|<\/?(?:details|sub|i)>|<br>/g, '')
    .replace(/\[[a-z-]+\]\(https:\/\/docs\.example\/[a-z-]+\.md\)/g, '');
  expect(bare).not.toMatch(/[<>`@$\\[\]]|:\/\//);
  expect(text.match(/<details/g)).toHaveLength(text.match(/<\/details>/g)?.length ?? 0);
  const rows = text.split('\n').filter((line) => line.startsWith('|'));
  expect(rows.map((row) => row.split('|').length)).toEqual(rows.map(() => 6));
}
