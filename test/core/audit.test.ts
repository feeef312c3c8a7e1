import { describe, expect, test } from 'vitest';
import { auditItems, wordingOfItem } from '../../src/core/audit.ts';
import { code, phrase, vouch } from '../../src/core/phrase.ts';
import { plain } from '../../src/core/plain.ts';
import type { NodeFacts, ServerFacts } from '../../src/core/server.ts';

const NOW = Date.parse('2026-11-03T09:30:00Z');
const HOUR = 3_600_000;
const DAY = 24 * HOUR;

const soundNode: NodeFacts = {
  address: vouch('127.0.0.1:6379'),
  role: 'primary',
  isLoading: false,
  uptime: 7200,
  snapshots: { points: vouch('3600 1'), isLastSaveGood: true, lastSave: NOW - HOUR, unsaved: 0 },
  log: { isOn: false },
  memory: { policy: vouch('noeviction'), limit: 0, used: 1000, evicted: 0 },
};

const sound: ServerFacts = {
  product: 'redis',
  version: vouch('8.4.1'),
  mode: 'standalone',
  nodes: [soundNode],
  hidden: [],
};

interface Given {
  readonly server?: Partial<ServerFacts>;
  readonly node?: Partial<NodeFacts>;
  readonly now?: number;
  readonly expires?: boolean;
}

/** `id state: words`, of all or of one id. */
function audited({ server, node, now = NOW, expires = false }: Given, only?: string): readonly string[] {
  return auditItems({ ...sound, nodes: [{ ...soundNode, ...node }], ...server }, { now, expires })
    .filter(({ id }) => only === undefined || id === only)
    .map((item) => {
      const state = item.state === 'bad' ? item.severity : item.state;
      return `${item.id} ${state}: ${plain(wordingOfItem(item))}`;
    });
}

test('a server that is well is good in all there is to ask', () => {
  expect(audited({})).toEqual([
    'version good: nothing says that Redis 8.4 is past its end of life',
    'loading good: its data is loaded',
    'role good: it is a primary',
    'persistence good: it saves snapshots by itself: save is 3600 1',
    'last-save good: the last snapshot is 60 minutes old',
    'eviction-policy good: no key is evicted: there is no limit for its memory',
    'evictions good: it counts no evicted keys',
    'memory good: there is no limit for its memory',
  ]);
});

describe('what a server keeps to itself is unknown, never good:', () => {
  const silent = { product: 'unknown', mode: 'cluster', hidden: [] } as const;
  const open = [
    'version unknown: whether its version is maintained',
    'cluster unknown: whether all slots of the cluster are served',
    'loading unknown: whether its data is loaded',
    'role unknown: whether it is a replica',
    'persistence unknown: whether what is written reaches the disk',
    'last-save unknown: whether its snapshots are saved',
    'eviction-policy unknown: whether keys are evicted when its memory is full',
    'evictions unknown: whether it has evicted keys',
    'memory unknown: how full its memory is',
  ];
  const words = (server: ServerFacts) =>
    auditItems(server, { now: NOW, expires: false }).map(
      (item) => `${item.id} ${item.state}: ${plain(wordingOfItem(item))}`,
    );

  test('a node of which nothing is known', () => {
    expect(words({ ...silent, nodes: [{ address: vouch('a:1') }] })).toEqual(open);
  });

  test('no node at all', () => {
    expect(words({ ...silent, nodes: [] })).toEqual(open);
  });

  test.each<[string, string, Partial<NodeFacts>]>([
    ['points without a log', 'persistence', { snapshots: { points: vouch('') }, log: undefined } as object],
    ['a log that is off, without points', 'persistence', { snapshots: {} }],
    ['a save whose outcome it does not tell', 'last-save', { snapshots: { lastSave: NOW } }],
    ['a log that is on', 'append-log', { log: { isOn: true } }],
    ['a limit without a policy', 'eviction-policy', { memory: { limit: 1 } }],
    ['a policy without a limit', 'eviction-policy', { memory: { policy: vouch('allkeys-lru') } }],
    ['a policy of another age', 'eviction-policy', { memory: { policy: vouch('all-of-them'), limit: 1 } }],
    ['a limit without what is used', 'memory', { memory: { limit: 1 } }],
    ['a replica without its link', 'replication', { role: 'replica' }],
  ])('%s', (_fact, id, node) => {
    expect(audited({ node }, id)).toEqual([expect.stringMatching(`^${id} unknown: (whether|how) `)]);
  });
});

describe('what is written', () => {
  const without = { snapshots: { points: vouch(''), isLastSaveGood: true } };

  test('is lost in a restart where there are neither snapshots nor a log', () => {
    expect(audited({ node: without }, 'persistence')).toEqual([
      "persistence warning: what is written doesn't reach the disk by itself: it saves no snapshots and has no append-only file",
    ]);
  });

  test('is safe in a log, whatever the snapshots are', () => {
    expect(
      audited({ node: { ...without, log: { isOn: true, isLastWriteGood: true } } }, 'persistence'),
    ).toEqual(['persistence good: changes are written to an append-only file']);
  });

  test('to a replica that keeps nothing may be kept by its primary', () => {
    expect(audited({ node: { ...without, role: 'replica' } }, 'persistence')).toEqual([
      'persistence unknown: whether what is written reaches the disk of its primary',
    ]);
  });
});

describe('the last snapshot', () => {
  const snapshots = { points: vouch('3600 1'), isLastSaveGood: true, lastSave: NOW - 3 * DAY, unsaved: 5 };

  test('that failed is a warning', () => {
    expect(audited({ node: { snapshots: { ...snapshots, isLastSaveGood: false } } }, 'last-save')).toEqual([
      'last-save warning: the last attempt to save a snapshot failed',
    ]);
  });

  test('that is old is a warning when changes came since', () => {
    expect(audited({ node: { snapshots } }, 'last-save')).toEqual([
      'last-save warning: the last snapshot is 3 days old, and it has made 5 changes since',
    ]);
  });

  test('that was never saved counts from the start', () => {
    const { lastSave: _never, ...rest } = snapshots;
    expect(audited({ node: { snapshots: rest, uptime: 2 * 86_400 } }, 'last-save')).toEqual([
      'last-save warning: it has saved no snapshot in the 2 days since it started, and made 5 changes',
    ]);
    expect(audited({ node: { snapshots: rest, uptime: 86_400 } }, 'last-save')).toEqual([
      'last-save good: no attempt to save a snapshot has failed',
    ]);
  });

  test.each<[string, Partial<NodeFacts>]>([
    ['nothing has changed since', { snapshots: { ...snapshots, unsaved: 0 } }],
    ['it is a day old', { snapshots: { ...snapshots, lastSave: NOW - DAY } }],
    ['changes go to a log', { snapshots, log: { isOn: true } }],
    ['changes may go to a log', { snapshots, log: undefined } as object],
    ['it saves none by itself, which is told already', { snapshots: { ...snapshots, points: vouch('') } }],
    [
      'it is of the future, by the clock of this machine',
      { snapshots: { ...snapshots, lastSave: NOW + DAY } },
    ],
  ])('is no matter when %s', (_fact, node) => {
    expect(audited({ node }, 'last-save')).toEqual([
      expect.stringMatching(/^last-save good: the last snapshot is \d+ (seconds|minutes|hours|days) old$/),
    ]);
  });
});

describe('the append-only file', () => {
  test.each([
    [
      'is written',
      { isOn: true, isLastWriteGood: true },
      ['good: the last write to the append-only file succeeded'],
    ],
    [
      'is not written',
      { isOn: true, isLastWriteGood: false },
      ['warning: the last write to the append-only file failed'],
    ],
    [
      'is written and not rewritten',
      { isOn: true, isLastWriteGood: true, isLastRewriteGood: false },
      ['warning: the last rewrite of the append-only file failed'],
    ],
    [
      'is neither written nor rewritten',
      { isOn: true, isLastWriteGood: false, isLastRewriteGood: false },
      [
        'warning: the last write to the append-only file failed',
        'warning: the last rewrite of the append-only file failed',
      ],
    ],
    ['is none', { isOn: false, isLastWriteGood: true }, []],
  ])('%s', (_fact, log, said) => {
    expect(audited({ node: { log } }, 'append-log')).toEqual(said.map((words) => `append-log ${words}`));
  });
});

describe('keys are evicted', () => {
  const policies = [
    'allkeys-lru',
    'allkeys-lfu',
    'allkeys-random',
    'allkeys-lrm',
    'volatile-lru',
    'volatile-lfu',
    'volatile-random',
    'volatile-ttl',
  ];
  const held = (policy: string, rest: object) => ({
    memory: { policy: vouch(policy), limit: 1000, used: 10, evicted: 0, ...rest },
  });

  test.each(policies)('by no policy when there is no limit: %s', (policy) => {
    expect(audited({ node: held(policy, { limit: 0 }), expires: true }, 'eviction-policy')).toEqual([
      'eviction-policy good: no key is evicted: there is no limit for its memory',
    ]);
  });

  test('by no limit when the policy is against it', () => {
    expect(audited({ node: { memory: { policy: vouch('noeviction') } } }, 'eviction-policy')).toEqual([
      'eviction-policy good: no key is evicted: the policy is noeviction',
    ]);
  });

  test.each(policies)('at the limit as %s says', (policy) => {
    const isOfAll = policy.startsWith('allkeys');
    expect(audited({ node: held(policy, {}) }, 'eviction-policy')).toEqual([
      isOfAll
        ? `eviction-policy warning: any key may be evicted when its memory is full: the policy is ${policy}`
        : `eviction-policy good: no permanent key is evicted: the policy is ${policy}`,
    ]);
    expect(audited({ node: held(policy, {}), expires: true }, 'eviction-policy')).toEqual([
      isOfAll
        ? `eviction-policy warning: any key may be evicted when its memory is full: the policy is ${policy}`
        : `eviction-policy warning: keys with a time to live are evicted when its memory is full: the policy is ${policy}`,
    ]);
  });

  test.each([
    ['allkeys-lru', 1, false, 'warning: it has evicted 1 key'],
    ['allkeys-lru', 1234, false, 'warning: it has evicted 1234 keys'],
    ['noeviction', 1, false, 'warning: it has evicted 1 key'],
    ['volatile-lru', 1, true, 'warning: it has evicted 1 key'],
    ['volatile-lru', 1, false, 'notice: it has evicted 1 key'],
    ['allkeys-lru', 0, false, 'good: it counts no evicted keys'],
  ])('and counted: %s, %i, asked for a key that expires: %s', (policy, evicted, expires, said) => {
    expect(audited({ node: held(policy, { evicted }), expires }, 'evictions')).toEqual([`evictions ${said}`]);
  });
});

test.each([
  ['noeviction', 899, 'good: 89 % of its memory is used'],
  ['noeviction', 900, 'warning: 90 % of its memory is used: at the limit, writes fail'],
  ['noeviction', 1100, 'warning: 110 % of its memory is used: at the limit, writes fail'],
  ['allkeys-lru', 999, 'notice: 99 % of its memory is used: at the limit, keys are evicted or writes fail'],
  ['volatile-ttl', 999, 'notice: 99 % of its memory is used: at the limit, keys are evicted or writes fail'],
])('memory with %s, %i of 1000 bytes used, is %s', (policy, used, said) => {
  const memory = { policy: vouch(policy), limit: 1000, used };
  expect(audited({ node: { memory } }, 'memory')).toEqual([`memory ${said}`]);
});

test.each([
  [{ isUp: true }, 'good: the link to its primary is up'],
  [{ isUp: true, silence: 60, lag: 1_048_576 }, 'good: the link to its primary is up'],
  [{ isUp: true, silence: 61 }, 'warning: its primary has been silent for 61 seconds'],
  [{ isUp: true, silence: 1, lag: 1_048_577 }, 'warning: it is 1048577 bytes behind its primary'],
  [{ isUp: false, silence: 99, lag: 99_999_999 }, 'warning: the link to its primary is down'],
])('a replica with %j is a notice, and its link is %s', (replication, said) => {
  const node = { role: 'replica', replication } as const;
  expect(audited({ node }, 'role')).toEqual([
    'role notice: it is a replica: what it holds may be older than what its primary holds',
  ]);
  expect(audited({ node }, 'replication')).toEqual([`replication ${said}`]);
});

test('a server that is loading may miss keys', () => {
  expect(audited({ node: { isLoading: true } }, 'loading')).toEqual([
    'loading warning: it is still loading its data: keys may be missing for now',
  ]);
});

test.each([
  [true, 'good: all slots of the cluster are served'],
  [false, 'warning: the cluster is not whole: nobody serves some of its slots, and the keys in them'],
])('a cluster that is whole: %s', (isClusterWhole, said) => {
  expect(audited({ server: { mode: 'cluster', isClusterWhole } }, 'cluster')).toEqual([`cluster ${said}`]);
});

describe('a version', () => {
  test.each([
    ['redis', '7.0.15', '2024-07-28', false],
    ['redis', '7.0.15', '2024-07-29', true],
    ['redis', '2.8.24', '2026-11-03', true],
    ['redis', '6.0.20', '2026-11-03', true],
    ['redis', '6.2.21', '2027-03-31', false],
    ['redis', '6.2.21', '2027-04-01', true],
    ['redis', '7.4.8', '2029-11-30', false],
    ['redis', '8.0.6', '2026-12-01', true],
    ['redis', '8.4.1', '2050-01-01', false],
    ['redis', '10.2.0', '2026-11-03', false],
    ['redis', '255.255.255', '2026-11-03', false],
    ['valkey', '7.2.11', '2026-11-03', false],
    ['valkey', '8.0.6', '2027-09-15', true],
    ['valkey', '9.0.0', '2050-01-01', false],
  ] as const)('%s %s is past its end on %s: %s', (product, version, day, isPast) => {
    const now = Date.parse(day);
    const [said = ''] = audited({ server: { product, version: vouch(version) }, now }, 'version');
    expect(said).toMatch(
      isPast ? /^version notice: (Redis|Valkey) \d+\.\d+ is no longer maintained/ : /^version good: /,
    );
  });

  test.each([
    ['of a product that nobody knows', { product: 'unknown', version: vouch('7.0.15') }],
    ['that is no version', { version: vouch('seven') }],
  ] as const)('%s is unknown', (_fact, server) => {
    expect(audited({ server }, 'version')).toEqual(['version unknown: whether its version is maintained']);
  });
});

describe('of several nodes', () => {
  const lossy = { ...soundNode, snapshots: { points: vouch(''), isLastSaveGood: true } };
  const nodes = (...each: readonly NodeFacts[]) =>
    each.map((node, index) => ({ ...node, address: vouch(`10.0.0.${index + 1}:6379`) }));

  test('what is true of all is told once, without their names', () => {
    const server = { mode: 'cluster', isClusterWhole: true, nodes: nodes(lossy, lossy, lossy) } as const;
    expect(audited({ server }, 'persistence')).toEqual([
      "persistence warning: what is written doesn't reach the disk by itself: it saves no snapshots and has no append-only file",
    ]);
  });

  test('what is true of some is told with their names', () => {
    expect(audited({ server: { nodes: nodes(lossy, soundNode, lossy) } }, 'persistence')).toEqual([
      "persistence warning: 10.0.0.1:6379, 10.0.0.3:6379: what is written doesn't reach the disk by itself: it saves no snapshots and has no append-only file",
      'persistence good: 10.0.0.2:6379: it saves snapshots by itself: save is 3600 1',
    ]);
  });
});

test('every item that is bad says what to do', () => {
  const ill: NodeFacts = {
    address: vouch('a:1'),
    role: 'replica',
    replication: { isUp: false },
    isLoading: true,
    snapshots: { isLastSaveGood: false },
    log: { isOn: true, isLastWriteGood: false, isLastRewriteGood: false },
    memory: { policy: vouch('allkeys-lru'), limit: 10, used: 10, evicted: 1 },
  };
  const facts = { version: vouch('7.0.0'), mode: 'cluster', isClusterWhole: false, nodes: [ill] } as const;
  const items = auditItems({ product: 'redis', hidden: [], ...facts }, { now: NOW, expires: false });
  const advised = items.filter((item) => item.state === 'bad' && item.advice !== undefined);
  expect(advised.map(({ id }) => id)).toEqual([
    'version',
    'cluster',
    'loading',
    'role',
    'replication',
    'last-save',
    'append-log',
    'append-log',
    'eviction-policy',
    'evictions',
    'memory',
  ]);
});

test('what the server says of itself is told as code, never as prose of ours', () => {
  const [item] = auditItems(
    { ...sound, nodes: [{ ...soundNode, snapshots: { points: vouch('**1**') } }] },
    { now: NOW, expires: false },
  ).filter(({ id }) => id === 'persistence');
  expect(item?.said).toEqual(
    phrase`it saves snapshots by itself: ${code('save')} is ${code(vouch('**1**'))}`,
  );
});
