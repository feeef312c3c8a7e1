import { describe, expect, test } from 'vitest';
import { nearMiss } from '../../src/checks/near-miss.ts';
import type { Neighbours, Observation } from '../../src/core/evidence.ts';
import { phrase } from '../../src/core/phrase.ts';
import { isNearMiss } from '../../src/core/similarity.ts';
import { drafts, type Given } from './evidence.ts';

const absent: Observation = { kind: 'absent' };

const run = (given: Omit<Given, 'config'>) =>
  drafts(nearMiss, { config: 'routing_rules', observation: absent, ...given });

function found(names: readonly string[], databases: readonly number[] = []): Neighbours {
  return { kind: 'found', names, databases: new Map([['r:ss:config:routing_rules', databases]]) };
}

const meant = {
  claim: 'advice',
  severity: 'warning',
  pointer: '',
  advice: 'check prefix and who writes the key',
};

const elsewhere = {
  claim: 'advice',
  severity: 'warning',
  pointer: '',
  advice: 'check the database number at the end of the Redis URL',
};

describe('a missing key may be meant by', () => {
  test.each([
    ['the same name under another prefix', 'staging:config:routing_rules'],
    ['the name without any prefix', 'routing_rules'],
    ['the name behind a slash', 'config/routing_rules'],
    ['another spelling of the name', 'r:ss:config:routing-rules'],
    ['capitals', 'R:SS:CONFIG:ROUTING_RULES'],
    ['another spelling under another prefix', 'prod.RoutingRules'],
    ['a slip of the finger', 'r:ss:config:ruoting_rules'],
    ['a blank at its end', 'r:ss:config:routing_rules '],
    ['a plural too few', 'r:ss:config:routing_rule'],
  ])('%s', async (_fact, candidate) => {
    expect(await run({ neighbours: found([candidate]) })).toEqual([
      { ...meant, said: `did you mean ${candidate}?` },
    ]);
  });

  test('the same key in another database', async () => {
    expect(await run({ neighbours: found([], [3]) })).toEqual([
      { ...elsewhere, said: 'the same key stands in database 3' },
    ]);
  });

  test('several of all that', async () => {
    expect(await run({ neighbours: found(['a:routing_rules', 'b:routing_rules'], [1, 15]) })).toEqual([
      { ...meant, said: 'did you mean a:routing_rules or b:routing_rules?' },
      { ...elsewhere, said: 'the same key stands in database 1 or 15' },
    ]);
  });
});

describe('nothing is said', () => {
  test.each<[string, Omit<Given, 'config'>]>([
    ['of keys that are like another config', { neighbours: found(['x:webhook_config']) }],
    ['of keys that are unlike', { neighbours: found(['session:8271', 'r:ss:config:polling_config', '']) }],
    ['of the key itself', { neighbours: found(['r:ss:config:routing_rules']) }],
    ['when nothing else is there', { neighbours: found([]) }],
    ['when nobody looked', {}],
    [
      'when the key is there',
      {
        observation: { kind: 'present', bytes: new Uint8Array([0x7b, 0x7d]) },
        neighbours: found(['a:routing_rules'], [1]),
      },
    ],
    [
      'when the key has another type',
      { observation: { kind: 'wrong-type', type: 'list' }, neighbours: found(['a:routing_rules']) },
    ],
  ])('%s', async (_fact, given) => {
    expect(await run(given)).toEqual([]);
  });
});

test('no more than five names are told', async () => {
  const names = Array.from({ length: 9 }, (_, index) => `tenant${index}:routing_rules`);
  const [draft] = await run({ neighbours: found(names) });
  expect(draft?.said).toBe(
    'did you mean tenant0:routing_rules or tenant1:routing_rules or tenant2:routing_rules or tenant3:routing_rules or tenant4:routing_rules?',
  );
});

test('a name with control characters is told without them', async () => {
  const [draft] = await run({ neighbours: found(['\u001b[31mroot\n:routing_rules']) });
  expect(draft?.said).toBe('did you mean \\u001b[31mroot\\u000a:routing_rules?');
});

test('where nobody was allowed to look, that is a notice', async () => {
  const neighbours: Neighbours = {
    kind: 'unknown',
    fault: {
      reason: 'unauthorized',
      phrase: phrase`the user may not SCAN`,
      advice: phrase`grant it`,
    },
  };
  expect(await run({ neighbours })).toEqual([
    {
      claim: 'advice',
      severity: 'notice',
      pointer: '',
      said: 'nobody looked for similar keys: the user may not SCAN',
      advice: 'grant it',
    },
  ]);
});

test('a key is no near miss of itself', () => {
  const spec = { name: 'a', key: 'p:a' };
  expect(isNearMiss('p:a', spec)).toBe(false);
  expect(isNearMiss('p:A', spec)).toBe(true);
});
