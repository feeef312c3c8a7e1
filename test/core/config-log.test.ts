import { describe, expect, test } from 'vitest';
import {
  type AuditEvent,
  auditLine,
  type LogEntry,
  type LogStep,
  withEntry,
} from '../../src/core/config-log.ts';

const AT = Date.UTC(2026, 10, 3, 8, 30, 15);
const digestOf = (digit: string) => `hmac-sha256:${digit.repeat(64)}`;

const written: LogStep = {
  config: 'routing_rules',
  to: 'redis',
  where: 'r:ss:config:routing_rules',
  how: 'written',
  change: { before: digestOf('a'), after: digestOf('b') },
};
const entry: LogEntry = {
  at: AT,
  what: 'applied',
  plan: `sha256:${'c'.repeat(64)}`,
  target: 'redis://h:6379/0',
  from: 'fallback',
  reason: 'A rule was lost.',
  who: 'ada',
  steps: [written],
};

const DONE =
  '- 2026-11-03 08:30 UTC, `ada`: `routing_rules` applied, Redis key `r:ss:config:routing_rules` of `redis://h:6379/0` from the fallback, `aaaaaaaaaaaa` → `bbbbbbbbbbbb`';
const WHY = '- 2026-11-03 08:30 UTC, `ada`: `A rule was lost.` (plan `cccccccccccc`, applied)';

const fresh = `# Configuration log

What was corrected in the configuration, and why.

## Progress

${DONE}

## Decisions

${WHY}
`;

describe('a log', () => {
  test.each([undefined, '', '\n'])('that is not there yet (%j) is begun', (text) => {
    expect(withEntry(text, entry)).toBe(fresh);
  });

  test('goes on at the end of both sections', () => {
    expect(withEntry(fresh, entry)).toBe(
      fresh.replace(DONE, `${DONE}\n${DONE}`).replace(WHY, `${WHY}\n${WHY}`),
    );
  });

  test('tells every step, and why once', () => {
    const steps: readonly LogStep[] = [
      written,
      {
        config: 'limits',
        to: 'file',
        where: 'debug/limits.json',
        how: 'unknown',
        change: { before: null, after: digestOf('d') },
      },
      { config: 'limits', to: 'redis', where: 'limits', how: 'already-done' },
    ];
    const run = { id: 7, attempt: 2, link: 'https://github.com/o/r/actions/runs/7/attempts/2' };
    const text = withEntry(undefined, { ...entry, what: 'undone', from: 'backup', steps, run });
    expect(text.split('\n').filter((line) => line.startsWith('- '))).toEqual([
      `${DONE.replace('applied', 'undone').replace('fallback', 'backup')}, [run 7, attempt 2](${run.link})`,
      `- 2026-11-03 08:30 UTC, \`ada\`: \`limits\` undone, file \`debug/limits.json\` from the backup, and nobody can tell whether it was written, nothing → \`dddddddddddd\`, [run 7, attempt 2](${run.link})`,
      `- 2026-11-03 08:30 UTC, \`ada\`: \`limits\` undone, Redis key \`limits\` of \`redis://h:6379/0\` from the backup, which was there already, [run 7, attempt 2](${run.link})`,
      WHY.replace('applied', 'undone'),
    ]);
  });

  test.each([
    ['fallback', 'from the fallback'],
    ['redis', 'from Redis'],
    ['base-merge', 'merged of both sides'],
  ] as const)('says that it came %s', (from, said) => {
    expect(withEntry(undefined, { ...entry, from })).toContain(`\` ${said}, \``);
  });
});

/** What stands before and after what was added, with the added lines told as D and W. */
function told(text: string): string {
  return withEntry(text, entry).replaceAll(DONE, 'D').replaceAll(WHY, 'W');
}

describe('a log that somebody keeps', () => {
  test.each([
    {
      fact: 'keeps what is around its sections',
      text: '# Log\n\n## Progress\n\n- a\n- b\n\n### Of last year\n\nText.\n\n## Decisions\n- c\n\n# Else\n\n## Other\n',
      after:
        '# Log\n\n## Progress\n\n- a\n- b\n\n### Of last year\n\nText.\n\nD\n\n## Decisions\n- c\nW\n\n# Else\n\n## Other\n',
    },
    {
      fact: 'gets the sections that it has not',
      text: '# Log\n',
      after: '# Log\n\n## Progress\n\nD\n\n## Decisions\n\nW\n',
    },
    {
      fact: 'gets the one that it has not',
      text: '## Decisions\n\nHere.\n',
      after: '## Decisions\n\nHere.\n\nW\n\n## Progress\n\nD\n',
    },
    {
      fact: 'may have its sections in the other order',
      text: '## Decisions\n\n## Progress\n',
      after: '## Decisions\n\nW\n\n## Progress\n\nD\n',
    },
    {
      fact: 'may end without a line end',
      text: '## Decisions\n\n- c\n\n## Progress\n\n- a',
      after: '## Decisions\n\n- c\nW\n\n## Progress\n\n- a\nD\n',
    },
    {
      fact: 'keeps blank lines where they are',
      text: '## Progress\n\n- a\n\n\n\n## Decisions\n\n\n',
      after: '## Progress\n\n- a\nD\n\n\n\n## Decisions\n\nW\n\n\n',
    },
    {
      fact: 'may close its headings, and indent them',
      text: ' ## Progress ##\n\n- a\n\n  ##\tDecisions\n',
      after: ' ## Progress ##\n\n- a\nD\n\n  ##\tDecisions\n\nW\n',
    },
    {
      fact: 'may underline its headings',
      text: 'Progress\n--------\n\n- a\n\nDecisions\n---\n- c\n\nThe\nrest\n====\n',
      after: 'Progress\n--------\n\n- a\nD\n\nDecisions\n---\n- c\nW\n\nThe\nrest\n====\n',
    },
    {
      fact: 'may have rules between lists, which are no headings',
      text: '## Progress\n- a\n---\n- b\n\n---\n- c\n## Decisions\n',
      after: '## Progress\n- a\n---\n- b\n\n---\n- c\nD\n\n## Decisions\n\nW\n',
    },
    {
      fact: 'may quote headings in blocks of code, comments and elements',
      text: '```md\n## Progress\n```\n~~~~\n## Decisions\n~~~\n~~~~\n<!--\n## Progress\n-->\n<pre>\n## Decisions\n</pre>\n\n## Progress\n\n````\n```\n## Decisions\n````\n\n## Decisions\n',
      after:
        '```md\n## Progress\n```\n~~~~\n## Decisions\n~~~\n~~~~\n<!--\n## Progress\n-->\n<pre>\n## Decisions\n</pre>\n\n## Progress\n\n````\n```\n## Decisions\n````\n\nD\n\n## Decisions\n\nW\n',
    },
    {
      fact: 'may have a block of code that is never closed: nothing goes into it',
      text: '## Progress\n\n- a\n\n```\n## Decisions\n',
      after: '## Progress\n\n- a\nD\n\n## Decisions\n\nW\n\n```\n## Decisions\n',
    },
    {
      fact: 'may have a comment on one line',
      text: '## Progress\n\n<!-- ## Decisions -->\n\n## Decisions\n',
      after: '## Progress\n\n<!-- ## Decisions -->\n\nD\n\n## Decisions\n\nW\n',
    },
    {
      fact: 'may name its sections on other levels, which are others',
      text: '# Progress\n\n### Decisions\n',
      after: '# Progress\n\n### Decisions\n\n## Progress\n\nD\n\n## Decisions\n\nW\n',
    },
    {
      fact: 'may have items of several lines',
      text: '## Progress\n\n- a\n  b\n\n## Decisions\n\n1. c\n',
      after: '## Progress\n\n- a\n  b\nD\n\n## Decisions\n\n1. c\nW\n',
    },
  ])('$fact', ({ text, after }) => {
    expect(told(text)).toBe(after);
    expect(told(text.replaceAll('\n', '\r\n'))).toBe(after.replaceAll('\n', '\r\n'));
  });

  test('keeps a byte order mark', () => {
    expect(withEntry(`\ufeff${fresh}`, entry)).toBe(`\ufeff${withEntry(fresh, entry)}`);
  });

  test('keeps every line that was in it, in its order, however often it goes on', () => {
    let text = '## Progress\n\n* a\n\ntext\n## Decisions\ntext\n# End';
    for (let index = 0; index < 5; index++) {
      const next = withEntry(text, entry);
      const rest = next.split('\n').filter((line) => line !== DONE && line !== WHY && line !== '');
      expect(rest).toEqual(['## Progress', '* a', 'text', '## Decisions', 'text', '# End']);
      text = next;
    }
    expect(text.split(DONE)).toHaveLength(6);
  });
});

describe('foreign text', () => {
  const hostile = [
    'a\n## Decisions\n\n- b',
    'a\r## Progress',
    '[link](https://evil.example) https://evil.example',
    '<img src=x onerror=alert(1)> <!-- ',
    '@team #1 ![](x)',
    '` <b> `',
    '``` ~~~',
    '`',
    '',
    '::error::x ##[error]x',
    'a\u202eb\u2028c\u0000d\u001b[31m',
    `${'`'.repeat(600)}`,
    'x'.repeat(5000),
    '\ud800',
  ];

  test.each(hostile)('%j stays within a code span on its line', (text) => {
    const log = withEntry(undefined, {
      ...entry,
      reason: text,
      who: text,
      steps: [{ ...written, where: text }],
    });
    const lines = log.split('\n');
    expect(lines).toHaveLength(fresh.split('\n').length);
    expect(lines.filter((line) => /^#/.test(line))).toEqual([
      '# Configuration log',
      '## Progress',
      '## Decisions',
    ]);
    const items = lines.filter((line) => line.startsWith('- '));
    expect(items).toHaveLength(2);
    for (const item of items) {
      expect(outsideOfCode(item)).toMatch(/^[\w\s:,.()→-]*$/);
      expect(item).not.toMatch(/(?!\n)[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]|##\[/u);
      expect(item.length).toBeLessThan(6000);
    }
  });

  test('is cut after 500 characters', () => {
    expect(withEntry(undefined, { ...entry, reason: 'x'.repeat(501) })).toContain(
      `: \`${'x'.repeat(499)}…\` (plan`,
    );
  });
});

/** What is left of a line without its code spans, as CommonMark finds them. */
function outsideOfCode(line: string): string {
  return line.replace(/(?<!`)(`+)(?!`)[\s\S]*?(?<!`)\1(?!`)/g, '');
}

describe('a line of the audit', () => {
  const event: AuditEvent = {
    at: AT,
    event: 'applied',
    plan: entry.plan,
    target: entry.target,
    from: 'fallback',
    config: 'routing_rules',
    to: 'redis',
    where: 'r:routing_rules',
    change: { before: null, after: digestOf('b') },
    reason: 'A rule\nwas lost. ##[error]\u2028\u202e',
    who: 'ada',
    run: 'https://github.com/o/r/actions/runs/7/attempts/2',
  };

  test('is an object of JSON on one line', () => {
    const line = auditLine(event);
    expect(line).toMatch(/^\{[^\n]*\}\n$/);
    expect(JSON.parse(line)).toEqual({
      at: '2026-11-03T08:30:15.000Z',
      event: 'applied',
      plan: entry.plan,
      target: entry.target,
      from: 'fallback',
      config: 'routing_rules',
      to: 'redis',
      key: 'r:routing_rules',
      before: null,
      after: digestOf('b'),
      reason: event.reason,
      who: 'ada',
      run: event.run,
    });
  });

  test('holds nothing that a terminal or a runner obeys', () => {
    expect(auditLine(event).trimEnd()).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]|##\[/u);
  });

  test('leaves out what is not known', () => {
    const { change: _change, run: _run, ...rest } = event;
    const line = JSON.parse(auditLine({ ...rest, to: 'file', where: 'a.json' }));
    expect(Object.keys(line)).toEqual([
      ...['at', 'event', 'plan', 'target', 'from', 'config', 'to', 'path', 'reason', 'who'],
    ]);
  });
});
