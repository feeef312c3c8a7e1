import { describe, expect, test } from 'vitest';
import { name, type Phrase, phrase } from '../../src/core/phrase.ts';
import {
  type Proof,
  type ProofStatus,
  proof,
  proofIds,
  type Rehearsal,
  type RehearsedRun,
} from '../../src/core/rehearsal.ts';
import { rehearsalInMarkdown, rehearsalInWords } from '../../src/faces/rehearse-text.ts';
import { colourless } from '../../src/reporters/index.ts';

const ended = { exitCode: 0, signal: null, isTimedOut: false, isInterrupted: false, writes: 2, output: '' };
const first: RehearsedRun = { ...ended, what: 'first', output: 'migrated 2 keys\n' };

function rehearsal(
  told: Partial<Readonly<Record<Proof['id'], readonly [ProofStatus, Phrase, (readonly Phrase[])?]>>> = {},
  runs: readonly RehearsedRun[] = [first],
): Rehearsal {
  const good = ['proved', phrase`seen`] as const;
  return { proofs: proofIds.map((id) => proof(id, ...(told[id] ?? good))), runs };
}

const wrong = rehearsal(
  {
    b: ['refuted', phrase`1 change that nothing allows`, [phrase`${name('app:a|b<i>')}: the key is gone`]],
    e: ['not-asked', phrase`no command rolls it back`],
    f: ['unchecked', phrase`nobody knows what the schemas were before the change`],
  },
  [
    { ...first, warning: phrase`it can read a file` },
    { ...ended, what: 'second', exitCode: 3, output: 'a\u001b[31mred\r\n##[error]x\n```\n::set-output::y\n' },
  ],
);

describe('at a terminal', () => {
  test('runs with their output come first, then proofs with what they go by, the result at the end', () => {
    expect(rehearsalInWords(wrong, colourless)).toBe(
      [
        'Rehearsal of the migration',
        '',
        '› the run: it ended with exit code 0, 2 writes',
        '  ! it can read a file',
        '  | migrated 2 keys',
        '',
        '› the second run: it ended with exit code 3, 2 writes',
        '  | a\\u001b[31mred',
        '  | # #[error]x',
        '  | ```',
        '  | ::set-output::y',
        '',
        '  ✓ proved     (a) every config verifies: seen',
        '  ✗ refuted    (b) only what is allowed changed: 1 change that nothing allows',
        '      app:a|b<i>: the key is gone',
        '  ✓ proved     (c) a second run changes nothing: seen',
        '  ✓ proved     (d) interrupted half-way and run again, it ends the same: seen',
        '  · not asked  (e) rolling back restores the first state: no command rolls it back',
        '  ? unchecked  (f) the old schemas accept the result: nobody knows what the schemas were before the change',
        '',
        '✗ The migration must not run as it is: 1 refuted, 1 unchecked, 3 proved, 1 not asked.',
        '',
      ].join('\n'),
    );
  });

  test.each([
    [rehearsal(), '✓ The migration does what was asked of it: 6 proved.'],
    [
      rehearsal({ d: ['unchecked', phrase`seen`] }),
      '? Nobody can tell yet whether the migration may run: 1 unchecked, 5 proved.',
    ],
  ])('the result is in the last line', (told, line) => {
    expect(rehearsalInWords(told, colourless).trimEnd().split('\n').at(-1)).toBe(line);
  });

  test('of long output the last lines are told, and how many there were before', () => {
    const output = Array.from({ length: 100 }, (_line, number) => `line ${number}`).join('\n');
    const lines = rehearsalInWords(rehearsal({}, [{ ...first, output }]), colourless).split('\n');
    expect(lines.slice(3, 5)).toEqual(['  | … 60 earlier lines', '  | line 60']);
  });

  test('of many differences the first are told, and how many more there are', () => {
    const lines = Array.from({ length: 12 }, () => phrase`gone`);
    const text = rehearsalInWords(rehearsal({ b: ['refuted', phrase`12 changes`, lines] }), colourless);
    expect(text).toContain('      gone\n      … and 2 more\n');
  });
});

describe('in Markdown', () => {
  const text = rehearsalInMarkdown(wrong, 60_000);

  test('each proof has a row, and what refutes one is open', () => {
    expect(text).toContain(
      '## ❌ Redis Config Guardian rehearsal: 1 refuted, 1 unchecked, 3 proved, 1 not asked\n',
    );
    expect(text).toContain('| ❌ | (b) only what is allowed changed | 1 change that nothing allows |');
    expect(text).toContain('<details open><summary>❌ (b) only what is allowed changed</summary>');
    expect(text).toContain('- <code>app:a&#124;b&#60;i&#62;</code>: the key is gone');
    expect(text).toContain('⚠️ it can read a file');
  });

  test('what a run printed is folded, and no fence of its own ends it', () => {
    expect(text).toContain(
      [
        '<details><summary>Output of the second run: it ended with exit code 3, 2 writes</summary>',
        '',
        '````text',
        'a\\u001b[31mred',
        '# #[error]x',
        '```',
        '::set-output::y',
        '````',
      ].join('\n'),
    );
  });

  test('proofs are told however little room there is', () => {
    const short = rehearsalInMarkdown(wrong, 10);
    expect(short).toContain('| ❓ | (f) the old schemas accept the result |');
    expect(short).not.toContain('<details');
  });
});
