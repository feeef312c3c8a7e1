import { stripVTControlCharacters } from 'node:util';
import picocolors from 'picocolors';
import { describe, expect, test } from 'vitest';
import { code, phrase, vouch } from '../../src/core/phrase.ts';
import type { NodeFacts, ServerEvidence, ServerFacts } from '../../src/core/server.ts';
import type { Report } from '../../src/core/verdict.ts';
import { doctor } from '../../src/faces/doctor.ts';
import { colourless } from '../../src/reporters/index.ts';
import { file, NOW } from '../checks/evidence.ts';
import { guarded } from '../reporters/reports.ts';
import { reportOf } from '../reporters/synthetic.ts';

const node: NodeFacts = {
  address: vouch('127.0.0.1:6379'),
  role: 'primary',
  isLoading: false,
  uptime: 3 * 86_400,
  snapshots: { points: vouch('3600 1'), isLastSaveGood: true, lastSave: NOW - 7_200_000, unsaved: 0 },
  log: { isOn: false },
  memory: { policy: vouch('volatile-lru'), limit: 1000, used: 10, evicted: 0 },
  databases: new Map([
    [0, 12],
    [3, 1],
  ]),
};

const refusal = {
  reason: 'unauthorized',
  phrase: phrase`the user lacks the permission to run ${code('CONFIG')}`,
  advice: phrase`grant it`,
} as const;

const plainRefusal = 'the user lacks the permission to run CONFIG';

function known(change: Partial<NodeFacts> = {}, server: Partial<ServerFacts> = {}): ServerEvidence {
  return {
    kind: 'known',
    server: {
      product: 'redis',
      version: vouch('8.4.1'),
      mode: 'standalone',
      nodes: [{ ...node, ...change }],
      hidden: [],
      ...server,
    },
  };
}

const unasked: ServerEvidence = { kind: 'unknown', fault: refusal };

function told(audit: ServerEvidence, report: Report, { palette = colourless, expires = false } = {}) {
  return doctor({ audit, report, expires, now: NOW, palette, format: 'text' });
}

function published(audit: ServerEvidence, report: Report) {
  const { text, exitCode } = doctor({
    audit,
    report,
    expires: false,
    now: NOW,
    palette: colourless,
    format: 'json',
  });
  return { document: JSON.parse(text), exitCode };
}

const well = async () => (await guarded()).report;
const expiring = { kind: 'present', bytes: file('debug/magic_link_tokens.json'), ttl: 90_000 } as const;
const lossy = { snapshots: { points: vouch(''), isLastSaveGood: true } };

test('a server that is well and keys that are there', async () => {
  expect(told(known(), await well())).toEqual({
    exitCode: 0,
    text: [
      'Redis 8.4.1, standalone  redis://127.0.0.1:6379/0',
      '  127.0.0.1:6379: primary; up 3 days; 12 keys in database 0; 1 key in database 3',
      '',
      '  ✓ version          nothing says that Redis 8.4 is past its end of life',
      '  ✓ loading          its data is loaded',
      '  ✓ role             it is a primary',
      '  ✓ persistence      it saves snapshots by itself: save is 3600 1',
      '  ✓ last-save        the last snapshot is 2 hours old',
      '  ✓ eviction-policy  no permanent key is evicted: the policy is volatile-lru',
      '  ✓ evictions        it counts no evicted keys',
      '  ✓ memory           1 % of its memory is used',
      '',
      '  ✓ processing_prefs  r:ss:config:processing_prefs',
      '  ✓ routing_rules  r:ss:config:routing_rules',
      '  ✓ webhook_config  r:ss:config:webhook_config',
      '  ✓ magic_link_tokens  r:ss:config:magic_link_tokens',
      '',
      '✓ Nothing was found that makes a config vanish.',
      '',
    ].join('\n'),
  });
});

test('what is bad has its sign and what to do, and what is unknown has the reason', async () => {
  const audit = known(
    { ...lossy, role: 'replica' },
    { hidden: [{ command: vouch('CONFIG'), fault: refusal }] },
  );
  const { text, exitCode } = told(audit, await well());
  expect(text).toContain(
    [
      '  · role             it is a replica: what it holds may be older than what its primary holds',
      '      → look at the primary: what is written goes there',
      '  ? replication      nobody knows whether it is in step with its primary',
      '  ? persistence      nobody knows whether what is written reaches the disk of its primary',
      '  ✓ last-save        no attempt to save a snapshot has failed',
      '  ✓ eviction-policy  no permanent key is evicted: the policy is volatile-lru',
      '  ✓ evictions        it counts no evicted keys',
      '  ✓ memory           1 % of its memory is used',
      '  ? the user lacks the permission to run CONFIG',
      '      → grant it',
      '',
    ].join('\n'),
  );
  expect(text).toContain('✓ Nothing was found that makes a config vanish; unknown: 2 of 9 answers.\n');
  expect(exitCode).toBe(0);
});

test('what became of the keys is told below the server', async () => {
  const neighbours = { kind: 'found', names: ['r:ss:config:webhook-config'], databases: new Map() } as const;
  const { report, expires } = await guarded({
    live: { webhook_config: { kind: 'absent' }, magic_link_tokens: expiring },
    neighbours,
  });
  const { text, exitCode } = told(known(), report, { expires });
  expect(text).toContain(
    [
      '  ! eviction-policy  keys with a time to live are evicted when its memory is full: the policy is volatile-lru',
      '      → configuration is permanent: take the time to live from the key',
    ].join('\n'),
  );
  expect(text).toContain(
    [
      '  ✗ webhook_config  r:ss:config:webhook_config',
      '      ✗ the key r:ss:config:webhook_config is missing',
      '          → until it is written, the application lives on its fallback file; check prefix and database first',
      '      ! did you mean r:ss:config:webhook-config?',
      '          → check prefix and who writes the key',
      '  ! magic_link_tokens  r:ss:config:magic_link_tokens',
      '      ! the key vanishes in 90 seconds: it has a time to live',
      '          → configuration is permanent; PERSIST r:ss:config:magic_link_tokens keeps it, then look who set the expiry',
      '',
      '! Something was found that makes a config vanish or lie.',
    ].join('\n'),
  );
  expect(exitCode).toBe(1);
});

test('what else is wrong with a value is no business of the doctor', async () => {
  const { report } = await guarded({ live: { routing_rules: '{"rules": 1}' } });
  expect(report.verdict).toBe('fail');
  const { text, exitCode } = told(known(), report);
  expect(text).toContain('  ✓ routing_rules  r:ss:config:routing_rules\n');
  expect(exitCode).toBe(0);
});

test('a key with a time to live may be evicted, though nothing is to be said of its expiry', async () => {
  const { text, exitCode } = told(known(), await well(), { expires: true });
  expect(text).toContain('  ! eviction-policy  keys with a time to live are evicted');
  expect(exitCode).toBe(1);
});

test('a key that is not there, and need not be, is not told as one that is', async () => {
  const { text, exitCode } = told(known(), reportOf([], [{ check: 'drift' }]));
  expect(text).toContain(
    [
      '  · any0  p:any0',
      '      · no value was found to read, and none has to be there',
      '  ✓ any1  p:any1',
    ].join('\n'),
  );
  expect(exitCode).toBe(0);
});

describe('the result', () => {
  const silent: NodeFacts = { address: vouch('10.0.0.2:6379') };
  const ofTwo = (a: Partial<NodeFacts>, b: NodeFacts) => known({}, { nodes: [{ ...node, ...a }, b] });
  const unchecked = reportOf([{ check: 'presence', claim: 'unchecked' }]);
  const missing = reportOf([{ check: 'presence' }]);
  const sound = reportOf([]);

  test.each<[string, ServerEvidence, Report, 0 | 1 | 2]>([
    ['is sound when no key was asked for', known(), reportOf(), 0],
    ['is sound with a notice', known({}, { version: vouch('7.0.15') }), sound, 0],
    ['is bad when the server is', known(lossy), sound, 1],
    ['is bad when a key is missing', known(), missing, 1],
    ['is bad when a key is missing, whatever the server keeps to itself', unasked, missing, 1],
    ['is bad when the server is, whatever is unknown of the keys', known(lossy), unchecked, 1],
    ['is unclear when the server could not be asked', unasked, sound, 2],
    ['is unclear when the server told nothing', known({}, { nodes: [], product: 'unknown' }), sound, 2],
    ['is sound when it is known whether keys are evicted', known({ snapshots: {} }), sound, 0],
    ['is unclear when it is unknown what becomes of keys', known({ snapshots: {}, memory: {} }), sound, 2],
    ['is unclear when a key could not be read', known(), unchecked, 2],
    ['is unclear when one of several servers told nothing', ofTwo({}, silent), sound, 2],
    [
      'is unclear when each of several servers told something else',
      ofTwo({ snapshots: {} }, { ...node, memory: {} }),
      sound,
      2,
    ],
    [
      'is sound when all servers tell the same',
      ofTwo({ snapshots: {} }, { ...node, snapshots: {} }),
      sound,
      0,
    ],
  ])('%s', (_fact, audit, report, exitCode) => {
    const { text, ...rest } = told(audit, report);
    expect(rest.exitCode).toBe(exitCode);
    const icon = ['✓', '!', '?'][exitCode];
    expect(text.trimEnd().split('\n').at(-1)).toMatch(
      new RegExp(`^[${icon}] (Nothing was|Something was|Nobody knows) .*\\.$`),
    );
    expect(published(audit, report).exitCode).toBe(exitCode);
  });
});

test('a server that could not be asked says why, and no more', () => {
  expect(told(unasked, reportOf()).text).toBe(
    [
      'Redis  redis://a',
      '',
      '  ? the user lacks the permission to run CONFIG',
      '      → grant it',
      '',
      '? Nobody knows whether configs are safe.',
      '',
    ].join('\n'),
  );
});

test('what keeps the server and the keys from being asked is told once', async () => {
  const gone = { kind: 'unreadable', fault: refusal } as const;
  const live = { processing_prefs: gone, routing_rules: gone, webhook_config: gone, magic_link_tokens: gone };
  const { text, exitCode } = told(unasked, (await guarded({ live })).report);
  expect(text.split(plainRefusal)).toHaveLength(2);
  expect(text).toContain('  ? webhook_config  r:ss:config:webhook_config\n');
  expect(exitCode).toBe(2);
});

test('the nodes of a cluster are listed, and named where they differ', () => {
  const [a, b] = [vouch('10.0.0.1:6379'), vouch('10.0.0.2:6379')];
  const audit = known(
    {},
    {
      product: 'valkey',
      version: vouch('8.1.3'),
      mode: 'cluster',
      isClusterWhole: true,
      nodes: [
        { ...node, ...lossy, address: a, databases: new Map() },
        { ...node, address: b },
      ],
    },
  );
  const { text } = told(audit, reportOf());
  expect(text).toContain(
    [
      'Valkey 8.1.3, cluster  redis://a',
      '  10.0.0.1:6379: primary; up 3 days; no keys',
      '  10.0.0.2:6379: primary; up 3 days; 12 keys in database 0; 1 key in database 3',
    ].join('\n'),
  );
  expect(text).toContain("  ! persistence      10.0.0.1:6379: what is written doesn't reach the disk");
});

test('a server of several stands before what nobody knows of it', () => {
  const audit = known({}, { nodes: [node, { ...node, address: vouch('10.0.0.2:6379'), memory: {} }] });
  expect(told(audit, reportOf()).text).toContain(
    '  ? memory           10.0.0.2:6379: nobody knows how full its memory is\n',
  );
});

test('of a server that tells nothing of itself only what is known is told', () => {
  const audit = known({}, {
    product: 'unknown',
    version: undefined,
    mode: 'unknown',
    nodes: [{ address: node.address }],
  } as object);
  expect(told(audit, reportOf()).text).toMatch(
    /^A server that speaks Redis {2}redis:\/\/a\n {2}127\.0\.0\.1:6379\n\n {2}\? version/,
  );
});

test('colours only colour', async () => {
  const { report } = await guarded({ live: { webhook_config: { kind: 'absent' } } });
  const { text } = told(known(lossy), report, { palette: picocolors.createColors(true) });
  expect(text).not.toBe(stripVTControlCharacters(text));
  expect(stripVTControlCharacters(text)).toBe(told(known(lossy), report).text);
});

describe('text of strangers', () => {
  const hostile = '\u001b[31m\n::error::x\r##[error]';
  const audit = known(
    { address: vouch(hostile), snapshots: { points: vouch(hostile), isLastSaveGood: true } },
    { version: vouch(hostile) },
  );

  test('does nothing to a terminal or a job', async () => {
    const neighbours = {
      kind: 'found',
      names: [`r:ss:config:webhook-config${hostile.slice(0, 1)}`],
    } as const;
    const { report } = await guarded({
      target: hostile,
      live: { webhook_config: { kind: 'absent' }, routing_rules: { kind: 'wrong-type', type: hostile } },
      neighbours: { ...neighbours, databases: new Map() },
    });
    for (const format of ['text', 'json'] as const) {
      const { text } = doctor({ audit, report, expires: false, now: NOW, palette: colourless, format });
      // biome-ignore lint/suspicious/noControlCharactersInRegex: that is what must not be there
      expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f]|^::|##\[/m);
    }
  });
});

describe('as JSON', () => {
  test('it is all of it, as data', async () => {
    const { report } = await guarded({ live: { webhook_config: { kind: 'absent' } } });
    const audit = known(lossy, { hidden: [{ command: vouch('CONFIG'), fault: refusal }] });
    const { document } = published(audit, report);
    expect(document).toMatchObject({
      format: 'redis-config-guardian/doctor',
      version: 1,
      target: 'redis://127.0.0.1:6379/0',
      checkedAt: '2026-11-03T09:30:00.000Z',
      result: 'bad',
      exitCode: 1,
      server: { product: 'redis', version: '8.4.1', mode: 'standalone', nodes: ['127.0.0.1:6379'] },
      faults: [
        {
          reason: 'unauthorized',
          message: 'the user lacks the permission to run CONFIG',
          advice: 'grant it',
        },
      ],
    });
    expect(document.items).toContainEqual({
      id: 'persistence',
      state: 'bad',
      severity: 'warning',
      message: expect.stringMatching(/^what is written doesn't reach the disk/),
      advice: expect.stringMatching(/^a restart loses/),
    });
    expect(document.items).toContainEqual({
      id: 'role',
      state: 'good',
      message: 'it is a primary',
    });
    expect(document.keys).toContainEqual({
      name: 'webhook_config',
      key: 'r:ss:config:webhook_config',
      findings: [
        {
          check: 'presence',
          claim: 'invalid',
          severity: 'error',
          message: 'the key r:ss:config:webhook_config is missing',
          advice: expect.any(String),
        },
      ],
    });
  });

  test('a server that could not be asked is null', () => {
    const { document } = published(unasked, reportOf());
    expect(document).toMatchObject({ result: 'unclear', exitCode: 2, server: null, items: [], keys: [] });
    expect(document.faults).toHaveLength(1);
  });
});
