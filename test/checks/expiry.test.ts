import { describe, expect, test } from 'vitest';
import { expiry } from '../../src/checks/expiry.ts';
import { drafts } from './evidence.ts';

describe('a key that expires is a warning, and the time is told in a unit that can be read:', () => {
  test.each([
    [0, '0 seconds'],
    [1, '0 seconds'],
    [1000, '1 second'],
    [119_000, '119 seconds'],
    [120_000, '2 minutes'],
    [3_600_000, '60 minutes'],
    [7_140_000, '119 minutes'],
    [7_200_000, '2 hours'],
    [86_400_000, '24 hours'],
    [172_800_000, '2 days'],
    [31_536_000_000, '365 days'],
  ])('%i ms', async (ttl, said) => {
    expect(await drafts(expiry, { config: 'webhook_config', ttl })).toEqual([
      {
        claim: 'advice',
        severity: 'warning',
        pointer: '',
        said: `the key vanishes in ${said}: it has a time to live`,
        advice:
          'configuration is permanent; PERSIST r:ss:config:webhook_config keeps it, then look who set the expiry',
      },
    ]);
  });
});

test('a value that is no JSON expires all the same', async () => {
  expect(await drafts(expiry, { config: 'webhook_config', live: '{', ttl: 5000 })).toHaveLength(1);
});

test('a key without an expiry, and one that is absent, are nothing', async () => {
  expect(await drafts(expiry, { config: 'webhook_config' })).toEqual([]);
  expect(await drafts(expiry, { config: 'webhook_config', observation: { kind: 'absent' } })).toEqual([]);
});
