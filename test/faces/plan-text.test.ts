import { stripVTControlCharacters } from 'node:util';
import picocolors from 'picocolors';
import { describe, expect, test } from 'vitest';
import { code, name, phrase, revealed, vouch } from '../../src/core/phrase.ts';
import type { Plan, Step } from '../../src/core/plan.ts';
import type { Account, Outlook, StepOutcome } from '../../src/core/proposal.ts';
import type { Place } from '../../src/core/redaction.ts';
import { sealPlan } from '../../src/faces/plan-file.ts';
import { planInMarkdown, resultInMarkdown } from '../../src/faces/plan-markdown.ts';
import { commandToApply, planInWords, resultInWords } from '../../src/faces/plan-text.ts';
import { colourless } from '../../src/reporters/index.ts';
import { plan, unsealed } from './plans.ts';

const [redisStep, webhookStep, newKey, fileStep, newFile] = unsealed.steps as unknown as readonly [
  Step,
  Step,
  Step,
  Step,
  Step,
];
const change = {
  place: '/rules/2/operator' as Place,
  phrase: phrase`Redis has ${revealed('"is"')}, the fallback has ${revealed('"contains"')}`,
};
const remark = phrase`both sides began with ${code('c0ffee0')}`;

function outlookOf(config: string, change: Partial<Outlook> = {}): Outlook {
  return { config: vouch(config), key: vouch(`r:ss:config:${config}`), steps: [], left: [], ...change };
}

const conflict = {
  why: 'conflict',
  place: '/‹#0123abcd›/expires_at' as Place,
  phrase: phrase`both sides changed it`,
  advice: phrase`choose a side with ${code('--from')}`,
} as const;

const outlook: readonly Outlook[] = [
  outlookOf('routing_rules', {
    steps: [
      { step: redisStep, changes: [change], remarks: [remark] },
      { step: fileStep, changes: [change, change], remarks: [] },
    ],
  }),
  outlookOf('webhook_config', { steps: [{ step: webhookStep, changes: [change], remarks: [] }] }),
  outlookOf('processing_prefs', { steps: [{ step: newKey, changes: [change], remarks: [] }] }),
  outlookOf('magic_link_tokens', { left: [conflict] }),
  outlookOf('other'),
];

const nowhere = { variables: {}, options: {} };
const words = (outlook: readonly Outlook[], file?: string, of: Plan = plan) =>
  planInWords(of, outlook, colourless, file === undefined ? undefined : commandToApply(file, nowhere));

const short = plan.hash.slice(0, 'sha256:'.length + 8);
const none = sealPlan({ ...unsealed, steps: [], leftAlone: [] });

describe('a plan at a terminal', () => {
  test('says what would change where, what stays, and what to type next', () => {
    expect(words(outlook, 'plan.json').split('\n')).toEqual([
      `Plan ${short}…  what each side has changed, into both · redis://127.0.0.1:6379/0 · expires 2026-11-25 10:00 UTC`,
      '',
      'routing_rules → Redis r:ss:config:routing_rules  is changed',
      '  ~ /rules/2/operator: Redis has "is", the fallback has "contains"',
      '  · both sides began with c0ffee0',
      '',
      'routing_rules → file debug/routing_rules.json  is changed',
      '  ~ /rules/2/operator: Redis has "is", the fallback has "contains"',
      '  ~ /rules/2/operator: Redis has "is", the fallback has "contains"',
      '',
      'webhook_config → Redis r:ss:config:webhook_config  is changed, and still expires 2026-12-01 00:00 UTC',
      '  ~ /rules/2/operator: Redis has "is", the fallback has "contains"',
      '',
      'processing_prefs → Redis r:ss:config:processing_prefs  is created',
      '  ~ /rules/2/operator: Redis has "is", the fallback has "contains"',
      '',
      'magic_link_tokens left alone  r:ss:config:magic_link_tokens',
      '  ! /‹#0123abcd›/expires_at: both sides changed it [conflict]',
      '      → choose a side with --from',
      '',
      '✓ nothing to do: other',
      '',
      'Planned: 3 keys of Redis to write, 1 file to write, 1 left alone, 1 with nothing to do. Nothing is changed yet.',
      'To apply it before 2026-11-25 10:00 UTC:',
      '  guardian reconcile apply plan.json --backup plan.backup.json --reason "…"',
      '',
    ]);
  });

  test('says how to keep a plan that was not', () => {
    expect(words(outlook)).toMatch(/To apply it, write the plan into a file with --out\.\n$/);
  });

  test.each([
    ['fallback', 'from the fallback files to Redis'],
    ['redis', 'from Redis to the fallback files'],
  ] as const)('says in which direction %s goes', (direction, said) => {
    expect(words([], undefined, { ...plan, direction })).toContain(`…  ${said} · `);
  });

  test('has nothing to apply when both sides agree', () => {
    expect(words([outlookOf('a'), outlookOf('b')], 'plan.json', none)).toMatch(
      /\n✓ nothing to do: a, b\n\nPlanned: 2 with nothing to do\. There is nothing to apply\.\n$/,
    );
  });

  test('says that a file is new', () => {
    const steps = [{ step: newFile, changes: [change], remarks: [] }];
    expect(words([outlookOf('webhook_config', { steps })])).toContain(
      'webhook_config → file debug/webhook_config.json  is created',
    );
  });

  test('names the whole of a config by nothing', () => {
    const left = [{ ...conflict, place: '' as Place }];
    expect(words([outlookOf('a', { left })])).toContain('\n  ! both sides changed it [conflict]\n');
  });

  test.each([
    ['my plan.json', `apply 'my plan.json' --backup 'my plan.backup.json' `],
    ['-plan', 'apply ./-plan --backup ./-plan.backup.json '],
    ["a'b;rm.json", `apply 'a'\\''b;rm.json' --backup 'a'\\''b;rm.backup.json' `],
  ])('names the file %s so that a shell takes it for a name', (file, command) => {
    expect(words(outlook, file)).toContain(command);
  });

  test('shows 20 differences of a step and 100 configs, and counts the rest', () => {
    const steps = [{ step: redisStep, changes: Array.from({ length: 32 }, () => change), remarks: [] }];
    const many = Array.from({ length: 130 }, (_, index) => outlookOf(`c${index}`, { steps }));
    const idle = Array.from({ length: 12 }, (_, index) => outlookOf(`i${index}`));
    const text = words([...many, ...idle], 'plan.json');
    expect(text.match(/^ {2}~/gm)).toHaveLength(2000);
    expect(text.match(/^ {2}… and 12 more differences$/gm)).toHaveLength(100);
    expect(text).toContain('\n… and 30 more configs: the plan lists them\n');
    expect(text).toContain('✓ nothing to do: i0, i1, i2, i3, i4, i5, i6, i7, i8, i9 and 2 more\n');
    expect(text).toContain('130 keys of Redis to write, 12 with nothing to do');
  });

  test('says the same with colours', () => {
    const coloured = planInWords(
      plan,
      outlook,
      picocolors.createColors(true),
      commandToApply('plan.json', nowhere),
    );
    expect(coloured).not.toBe(words(outlook, 'plan.json'));
    expect(stripVTControlCharacters(coloured)).toBe(words(outlook, 'plan.json'));
  });
});

describe('a plan in Markdown', () => {
  const text = planInMarkdown(plan, outlook, 60_000);

  test('says what would change where, and the hash by which it is approved', () => {
    expect(text.slice(0, text.indexOf('<details'))).toBe(
      [
        '## ⚠️ Redis Config Guardian plan: 3 keys of Redis to write, 1 file to write, 1 left alone, 1 with nothing to do',
        '',
        '<code>redis&#58;//127.0.0.1:6379/0</code> · what each side has changed, into both<br>Nothing is changed yet; it can be applied until 2026-11-25 10:00 UTC.',
        '',
        '| | Config | What happens | Where |',
        '|---|---|---|---|',
        '| ✏️ | <code>routing&#95;rules</code> | is changed (1 difference) | → Redis <code>r:ss:config:routing&#95;rules</code> |',
        '| ✏️ | <code>routing&#95;rules</code> | is changed (2 differences) | → file <code>debug/routing&#95;rules.json</code> |',
        '| ✏️ | <code>webhook&#95;config</code> | is changed, and still expires 2026-12-01 00:00 UTC (1 difference) | → Redis <code>r:ss:config:webhook&#95;config</code> |',
        '| ✏️ | <code>processing&#95;prefs</code> | is created (1 difference) | → Redis <code>r:ss:config:processing&#95;prefs</code> |',
        '| ⚠️ | <code>magic&#95;link&#95;tokens</code> | 1 left alone (conflict)<br><code>/‹#0123abcd›/expires&#95;at</code>: both sides changed it | Redis <code>r:ss:config:magic&#95;link&#95;tokens</code> |',
        '| ✅ | <code>other</code> | nothing to do | Redis <code>r:ss:config:other</code> |',
        '',
        '`apply` does exactly this, and nothing else, when it is given this hash as `plan-hash`:',
        '',
        '```text',
        plan.hash,
        '```',
        '',
        '',
      ].join('\n'),
    );
  });

  test('has the differences of each step below', () => {
    expect(text).toContain(
      [
        '<details open><summary>✏️ <code>routing&#95;rules</code> → Redis <code>r:ss:config:routing&#95;rules</code></summary>',
        '',
        '- ℹ️ both sides began with <code>c0ffee0</code>',
        '- <code>/rules/2/operator</code>: Redis has <code>&#34;is&#34;</code>, the fallback has <code>&#34;contains&#34;</code>',
        '',
        '</details>',
      ].join('\n'),
    );
    expect(text).toContain(
      '- <code>/‹#0123abcd›/expires&#95;at</code>: both sides changed it <sub>conflict</sub><br>→ choose a side with <code>--from</code>\n',
    );
  });

  test('folds a long list of differences', () => {
    const summaryOf = (length: number) => {
      const steps = [{ step: redisStep, changes: Array.from({ length }, () => change), remarks: [] }];
      return planInMarkdown(plan, [outlookOf('a', { steps })], 60_000).match(/<details.*?>/)?.[0];
    };
    expect(summaryOf(10)).toBe('<details open>');
    expect(summaryOf(11)).toBe('<details>');
  });

  test('is green, and asks for no approval, when there is nothing to apply', () => {
    const text = planInMarkdown(none, [outlookOf('a')], 60_000);
    expect(text).toContain('## ✅ Redis Config Guardian plan: 1 with nothing to do\n');
    expect(text).toContain('There is nothing to apply.');
    expect(text).not.toContain('plan-hash');
  });

  test('is no warning when nothing was left alone', () => {
    expect(planInMarkdown(plan, outlook.slice(0, 1), 60_000)).toMatch(/^## 📝 /);
  });

  test.each([100_000, 20_000, 5_000, 2_000])(
    'takes no more than %d bytes, and always tells the hash',
    (limit) => {
      const steps = [
        { step: redisStep, changes: Array.from({ length: 40 }, () => change), remarks: [remark] },
      ];
      const left = Array.from({ length: 40 }, () => conflict);
      const many = Array.from({ length: 60 }, (_, index) => outlookOf(`é${index}`, { steps, left }));
      const text = planInMarkdown(plan, many, limit);
      expect(Buffer.byteLength(text)).toBeLessThanOrEqual(limit);
      expect(text).toContain(plan.hash);
      expect(text).toMatch(/_\d+ more sections didn't fit: see the log of the run\._\n$/);
      expect(text.match(/<details/g) ?? []).toHaveLength((text.match(/<\/details>/g) ?? []).length);
    },
  );
});

function outcome(how: StepOutcome['how'], change: Partial<StepOutcome> = {}): StepOutcome {
  return {
    config: vouch('routing_rules'),
    to: 'redis',
    at: vouch('r:ss:config:routing_rules'),
    how,
    ...change,
  };
}

const ok = { config: vouch('routing_rules'), status: 'OK' } as const;
const drift = { config: vouch('webhook_config'), status: 'DRIFT' } as const;

const partial: Account = {
  steps: [
    outcome('written'),
    outcome('already-done', { to: 'file', at: vouch('debug/a.json') }),
    outcome('not-done', {
      phrase: phrase`somebody has changed the value`,
      advice: phrase`plan again`,
    }),
    outcome('unknown', { phrase: phrase`the connection was lost` }),
  ],
  statuses: [ok, drift],
};

describe('what became of a plan, at a terminal', () => {
  test('is told step by step, what went wrong first', () => {
    expect(resultInWords(partial, 'apply', colourless).split('\n')).toEqual([
      '  ? routing_rules → Redis r:ss:config:routing_rules: perhaps written: nobody can tell (the connection was lost)',
      '  ✗ routing_rules → Redis r:ss:config:routing_rules: not written (somebody has changed the value)',
      '      → plan again',
      '  ✓ routing_rules → Redis r:ss:config:routing_rules: written',
      '  = routing_rules → file debug/a.json: already as planned',
      '',
      'Afterwards',
      '  ! DRIFT      webhook_config',
      '  ✓ OK         routing_rules',
      '',
      '✗ Not everything was applied: 1 perhaps written, 1 not written, 1 written, 1 already as planned. Afterwards: 1 DRIFT, 1 OK.',
      '',
    ]);
  });

  test.each([
    ['apply', [outcome('written')], [ok], '✓ Everything was applied: 1 written. Afterwards: 1 OK.'],
    ['undo', [outcome('written')], [ok], '✓ Everything was undone: 1 put back. Afterwards: 1 OK.'],
    [
      'undo',
      [outcome('already-done')],
      [ok],
      '✓ Everything was undone: 1 already as before. Afterwards: 1 OK.',
    ],
    ['undo', [outcome('not-done')], [ok], '✗ Not everything was undone: 1 not put back. Afterwards: 1 OK.'],
    ['apply', [outcome('written')], [drift], '! Everything was applied: 1 written. Afterwards: 1 DRIFT.'],
    [
      'apply',
      [outcome('written')],
      [],
      '! Everything was applied: 1 written. Afterwards: nobody has verified it.',
    ],
    ['apply', [], [ok], '✓ Everything was applied: no steps. Afterwards: 1 OK.'],
  ] as const)('ends %s with the result (%#)', (task, steps, statuses, last) => {
    const lines = resultInWords({ steps, statuses }, task, colourless).split('\n');
    expect(lines.slice(-2)).toEqual([last, '']);
  });

  test('is no longer than a screen holds', () => {
    const account = {
      steps: Array.from({ length: 150 }, () => outcome('written')),
      statuses: Array.from({ length: 101 }, () => ok),
    };
    const text = resultInWords(account, 'apply', colourless);
    expect(text.split('\n').length).toBeLessThan(210);
    expect(text).toContain('\n  … and 50 more steps\n');
    expect(text).toContain('\n  … and 1 more config\n');
  });
});

describe('what became of a plan, in Markdown', () => {
  test('is told step by step, what went wrong first', () => {
    expect(resultInMarkdown(partial, 'apply', 60_000)).toBe(
      [
        '## ❌ Redis Config Guardian apply: 1 perhaps written, 1 not written, 1 written, 1 already as planned',
        '',
        'Not everything was applied. Afterwards: 1 DRIFT, 1 OK.',
        '',
        '| | Config | Where | What became of it |',
        '|---|---|---|---|',
        '| ❓ | <code>routing&#95;rules</code> | Redis <code>r:ss:config:routing&#95;rules</code> | perhaps written: nobody can tell<br>the connection was lost |',
        '| ❌ | <code>routing&#95;rules</code> | Redis <code>r:ss:config:routing&#95;rules</code> | not written<br>somebody has changed the value<br>→ plan again |',
        '| ✅ | <code>routing&#95;rules</code> | Redis <code>r:ss:config:routing&#95;rules</code> | written |',
        '| ℹ️ | <code>routing&#95;rules</code> | file <code>debug/a.json</code> | already as planned |',
        '',
        '| | Config | Status afterwards |  |',
        '|---|---|---|---|',
        '| ⚠️ | <code>webhook&#95;config</code> | DRIFT |  |',
        '| ✅ | <code>routing&#95;rules</code> | OK |  |',
        '',
      ].join('\n'),
    );
  });

  test('takes no more bytes than it may', () => {
    const account = {
      steps: Array.from({ length: 500 }, () =>
        outcome('not-done', { phrase: phrase`${name('é'.repeat(90))}` }),
      ),
      statuses: Array.from({ length: 500 }, () => drift),
    };
    const text = resultInMarkdown(account, 'undo', 8_000);
    expect(Buffer.byteLength(text)).toBeLessThanOrEqual(8_000);
    expect(text).toContain('500 not put back');
    expect(text).toMatch(/\| \| … and \d+ more \| \| \|/);
  });
});

const payloads: readonly string[] = [
  'MARK\n::error::x',
  'MARK\r::set-output name=a::b',
  '##[error]MARK',
  '\u001b[31mMARK\u001b]8;;https://evil.example\u0007',
  '\u202eMARK\u2066',
  'MARK\u2028::error::x',
  '<script>alert("MARK")</script>',
  '<!-- MARK',
  '`MARK`',
  '```\nMARK\n```',
  'MARK | x | y',
  'MARK\\',
  '@someone MARK #1 org/repo#1',
  'https://evil.example/MARK www.evil.example/MARK',
  '[MARK](https://evil.example)',
  '</details></summary></code>MARK',
  '$MARK$ *MARK* _MARK_ ~~MARK~~',
  '\n# MARK\n- MARK\n| MARK |\n',
];

describe.each(payloads.map((payload) => ({ payload })))('$payload', ({ payload }) => {
  const text = vouch(payload);
  const told = {
    place: `/${payload}` as Place,
    phrase: phrase`${name(payload)} ${code(text)} ${revealed(payload)}`,
  };
  const hostilePlan = sealPlan({ ...unsealed, target: { ...unsealed.target, url: payload } });
  const hostile: readonly Outlook[] = [
    {
      config: text,
      key: text,
      steps: [
        { step: redisStep, changes: [told], remarks: [told.phrase] },
        { step: { ...fileStep, path: payload } as Step, changes: [told], remarks: [] },
      ],
      left: [{ ...told, why: 'conflict', advice: told.phrase }],
    },
    { config: text, key: text, steps: [], left: [] },
  ];
  const account: Account = {
    steps: [outcome('not-done', { config: text, at: text, phrase: told.phrase, advice: told.phrase })],
    statuses: [{ config: text, status: 'OK' }],
  };

  test('commands nobody at a terminal', () => {
    for (const said of [
      planInWords(hostilePlan, hostile, colourless, text),
      resultInWords(account, 'apply', colourless),
    ]) {
      expect(said.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
      expect(said).not.toContain('##[');
      expect(said).not.toMatch(/^\s*::/m);
    }
  });

  test('is code and nothing else in Markdown', () => {
    for (const said of [
      planInMarkdown(hostilePlan, hostile, 60_000),
      resultInMarkdown(account, 'undo', 60_000),
    ]) {
      for (const inside of said.match(/<code>[^<]*<\/code>/g) ?? []) {
        expect(inside.slice(6, -7)).not.toMatch(/[<>"'`*_[\]\\|~@$]|:\/\/|www\.|&(?!#\d+;)/);
      }
      const prose = said.replace(/<code>[^<]*<\/code>/g, '');
      expect(prose).not.toMatch(/MARK|evil|someone/);
      expect(prose.replace(/<\/?(?:details(?: open)?|summary|sub|i)>|<br>/g, '')).not.toMatch(
        /[<>@$\\[\]]|:\/\//,
      );
      const rows = said.split('\n').filter((line) => line.startsWith('|'));
      expect(rows.map((row) => row.split('|').length)).toEqual(rows.map(() => 6));
    }
  });
});
