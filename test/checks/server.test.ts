import { describe, expect, test } from 'vitest';
import { server } from '../../src/checks/server.ts';
import { code, phrase, vouch } from '../../src/core/phrase.ts';
import type { NodeFacts, ServerEvidence } from '../../src/core/server.ts';
import { evidence, NOW, rows } from './evidence.ts';

const node: NodeFacts = {
  address: vouch('127.0.0.1:6379'),
  role: 'primary',
  isLoading: false,
  snapshots: { points: vouch('3600 1'), isLastSaveGood: true, lastSave: NOW, unsaved: 0 },
  log: { isOn: false },
  memory: { policy: vouch('volatile-lru'), limit: 1000, used: 1, evicted: 0 },
};

const refusal = {
  reason: 'unauthorized',
  phrase: phrase`the user lacks the permission to run ${code('CONFIG')}`,
  advice: phrase`grant it`,
} as const;

function known(change: Partial<NodeFacts> = {}, hidden: 'CONFIG' | undefined = undefined): ServerEvidence {
  return {
    kind: 'known',
    server: {
      product: 'redis',
      version: vouch('8.4.1'),
      mode: 'standalone',
      nodes: [{ ...node, ...change }],
      hidden: hidden === undefined ? [] : [{ command: vouch(hidden), fault: refusal }],
    },
  };
}

async function told(
  given: ServerEvidence,
  config: 'webhook_config' | 'routing_rules' = 'webhook_config',
  ttl?: number,
) {
  const gathered = await evidence({ config, ...(ttl === undefined ? {} : { ttl }) });
  return rows(server, { ...gathered, server: given }, config);
}

const unsafe = { snapshots: { points: vouch(''), isLastSaveGood: true } };

test('nothing is said of a server that nobody asked, nor of one that is well', async () => {
  expect(rows(server, await evidence({ config: 'webhook_config' }), 'webhook_config')).toEqual([]);
  expect(await told(known())).toEqual([]);
});

test('a server that could not be asked is a notice in the words of the fault', async () => {
  expect(await told({ kind: 'unknown', fault: refusal })).toEqual([
    {
      claim: 'advice',
      severity: 'notice',
      pointer: '',
      said: 'nobody knows whether the server keeps its keys: the user lacks the permission to run CONFIG',
      advice: 'grant it',
    },
  ]);
});

test('a server that keeps nothing is a warning, which is advice', async () => {
  expect(await told(known(unsafe))).toEqual([
    {
      claim: 'advice',
      severity: 'warning',
      pointer: '',
      said: "what is written doesn't reach the disk by itself: it saves no snapshots and has no append-only file",
      advice:
        "a restart loses what nobody has saved; CONFIG SET appendonly yes and CONFIG REWRITE keep it, or the provider's settings do",
    },
  ]);
});

test('all that is unknown is one notice, with the reason', async () => {
  expect(await told(known({ snapshots: {}, memory: {} }, 'CONFIG'))).toEqual([
    {
      claim: 'advice',
      severity: 'notice',
      pointer: '',
      said: "the server doesn't tell whether what is written reaches the disk, whether its snapshots are saved, whether keys are evicted when its memory is full, whether it has evicted keys, how full its memory is; the user lacks the permission to run CONFIG",
      advice: 'grant it',
    },
  ]);
});

test('what only some servers keep to themselves is told of each in one row', async () => {
  const facts = known();
  const nodes = ['10.0.0.1:6379', '10.0.0.2:6379', '10.0.0.3:6379'].map((address, index) => {
    const { isLoading: _loading, ...kept } = node;
    const change = [{ memory: {} }, { role: undefined, memory: {} } as object, {}][index];
    return { ...kept, ...change, address: vouch(address) };
  });
  const server = facts.kind === 'known' ? { ...facts.server, nodes } : undefined;
  const given = server === undefined ? facts : ({ kind: 'known', server } as const);
  expect(await told(given)).toEqual([
    expect.objectContaining({
      said: "the server doesn't tell whether its data is loaded; 10.0.0.2:6379 doesn't tell whether it is a replica; 10.0.0.1:6379, 10.0.0.2:6379 don't tell whether keys are evicted when its memory is full, whether it has evicted keys, how full its memory is",
    }),
  ]);
});

test('what is unknown without a reason is to be asked of whoever runs the server', async () => {
  expect(await told(known({ snapshots: {} }))).toEqual([
    expect.objectContaining({
      severity: 'notice',
      said: "the server doesn't tell whether what is written reaches the disk, whether its snapshots are saved",
      advice: 'ask whoever runs it',
    }),
  ]);
});

test('a command that is refused and would have told nothing new is no matter', async () => {
  expect(await told(known({}, 'CONFIG'))).toEqual([]);
});

describe('a policy that evicts keys with a time to live', () => {
  test('is a warning for a key that has one', async () => {
    expect(await told(known(), 'webhook_config', 1000)).toEqual([
      expect.objectContaining({
        severity: 'warning',
        said: 'keys with a time to live are evicted when its memory is full: the policy is volatile-lru',
      }),
    ]);
  });

  test('is no matter for a hash that has none, and one for a hash that has', async () => {
    const gathered = await evidence({ config: 'webhook_config' });
    const hash = (rest: object) =>
      rows(
        server,
        { ...gathered, server: known(), observation: { kind: 'fields', fields: [], ...rest } },
        'webhook_config',
      );
    expect(hash({})).toEqual([]);
    expect(hash({ ttl: 1 })).toHaveLength(1);
  });
});

test('all configs are told the same words', async () => {
  const given = known({ ...unsafe, role: 'replica' });
  expect(await told(given, 'routing_rules')).toEqual(await told(given, 'webhook_config'));
});
